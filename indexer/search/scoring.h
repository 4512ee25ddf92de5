// Inside of scoring: what score.c, score_prepare.c and score_first.c share. See searcher.h.
#pragma once

#include "indexer/search/searcher.h"

// A query with what is needed of each of its words, made once for all blocks.
struct scored_word {
    const struct query_word *word;
    const struct list *list; // NULL: without lists, or no document has it
    float rarity;
};
struct scored_form {
    struct scored_word *words;
    size_t n;
    float all, worth; // what its words weigh; what the form is worth
    bool whole;       // part of it is none
};
struct scored_group {
    const struct query_group *group;
    struct scored_form *forms;
    float weight, rarity; // rarity: 0 for a wish
    bool of_words;        // each form is one word
};
// Terms that are worth a bonus: any of them once, or each.
enum bonus { BONUS_PAIRS, BONUS_FORMAT, BONUS_KIND, BONUSES };
struct scored_terms {
    struct strs terms;
    const struct list **lists; // without lists: NULL
    float worth;
    bool each;
    const char *name; // in explanations
};

// Arrays by document of a block; `dense` by offset in the chunk, all zero between words.
struct score_block {
    uint32_t dense[LIST_CHUNK], codes[LIST_CHUNK];
    uint64_t marks[LIST_WORDS];
    uint16_t offsets[LIST_CHUNK];
    // Of one form, and of the best form of a group:
    float form[LIST_CHUNK], form_share[LIST_CHUNK], form_title[LIST_CHUNK], form_name[LIST_CHUNK];
    float best[LIST_CHUNK], best_share[LIST_CHUNK], best_title[LIST_CHUNK], best_name[LIST_CHUNK];
    uint32_t best_code[LIST_CHUNK]; // of forms of one word
    // Of the query:
    float text[LIST_CHUNK], share[LIST_CHUNK], covered[LIST_CHUNK], name[LIST_CHUNK];
    float bonus[LIST_CHUNK];
    uint16_t named[LIST_CHUNK]; // groups that are in the name, whole
    // Those that may be among the first results (score_first.c):
    unsigned char text_marks[LIST_CHUNK], likely_marks[LIST_CHUNK];
    uint32_t likely[LIST_CHUNK], likely_codes[LIST_CHUNK];
    float likely_score[LIST_CHUNK];
};

// What being used, and its status, make of a record's score.
struct use_rule {
    float strength, unknowns[2]; // [1]: of what nobody counts
    float statuses[16];          // by PRIOR_MARKS but PRIOR_UNKNOWN
};

struct scoring {
    struct taken_lists *taken;
    struct searcher *s;
    const struct weights *w;
    const struct query *q;
    struct err *error;
    bool good;
    struct buf *explain; // what is told of the one document of the block; NULL: nothing
    struct scored_group *groups;
    struct scored_terms terms[BONUSES];
    float all, demanded; // what groups weigh; what they ask for
    struct use_rule rule;
    const struct column *use, *titles; // prior; lengths
    struct score_block *b;
    const uint32_t *docids, *codes; // of the block
    size_t n, chunk;
    // Of the documents of the chunk, from its first on: LENGTHS_BYTES of each, 4 bytes of each. NULL: none has any.
    const unsigned char *lengths, *priors;
    bool shares; // they are asked for
};

// Everything but the block. False: an error.
bool scoring_prepare(struct scoring *x, struct taken_lists *t, const struct query *q,
                     struct err *e);
// The block: the first of n documents, as many as are in one chunk, and their codes (NULL: not known).
void scoring_begin(struct scoring *x, const uint32_t *docids, const uint32_t *codes, size_t n);
// What the documents of the block have of a word. NULL: none of them has it.
const uint32_t *scoring_codes(struct scoring *x, const struct scored_word *w,
                              enum text_field field);
// Scores of the block. `share` may be NULL.
void scoring_run(struct scoring *x, float *score, float *share);

static inline float worth_of_code(uint32_t code)
{
    float worth;
    code &= ~(uint32_t)WORD_MARKS;
    memcpy(&worth, &code, sizeof worth);
    return worth;
}

// How a record is used, apart from what is searched for, in 32 bits: a float of 0 to 1, of whose bits the last ones tell its status, a
// place in use_rule.statuses, and whether it is a brick whose use nobody counts.
enum { PRIOR_MARKS = 31, PRIOR_UNKNOWN = 16, PRIOR_STATUSES = 12, PRIORS_AHEAD = 16 };

static inline uint32_t prior_at(const unsigned char *priors, uint32_t docid)
{
    uint32_t prior;
    memcpy(&prior, priors + docid % COLUMN_CHUNK * sizeof prior, sizeof prior);
    return prior;
}

static inline float prior_bare(uint32_t prior)
{
    float use;
    prior &= ~(uint32_t)PRIOR_MARKS;
    memcpy(&use, &prior, sizeof use);
    return use;
}

static inline float prior_use(const struct use_rule *r, uint32_t prior)
{
    return prior_bare(prior) + r->unknowns[prior / PRIOR_UNKNOWN & 1];
}

static inline float prior_status(const struct use_rule *r, uint32_t prior)
{
    return r->statuses[prior % PRIOR_UNKNOWN];
}

static inline float prior_factor(const struct use_rule *r, uint32_t prior)
{
    return (1 + r->strength * prior_use(r, prior)) * prior_status(r, prior);
}
