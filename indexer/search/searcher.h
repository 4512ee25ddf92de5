// The inside of a searcher, for the files of this folder.
#pragma once

#include "indexer/columns/columns.h"
#include "indexer/index/document.h"
#include "indexer/search/display.h"
#include "indexer/search/follow.h"
#include "indexer/search/rules.h"
#include "indexer/search/search.h"
#include "indexer/search/term_counts.h"

struct searcher {
    const char *data;
    struct analyzer *analyzer;
    struct rules_holder *holder; // borrowed
    struct xap_db *db;
    struct xap_doc *doc; // for reading one document at a time
    int64_t generation;
    struct columns_holder *columns_holder; // borrowed, but for its own
    bool own_columns_holder;
    struct columns *columns;   // of the state that `db` has open
    bool plain;                // match through Xapian alone: slower, and the same answers
    struct score_block *block; // score.c's
    struct term_counts *term_counts;
    struct display *display; // borrowed; may be NULL
    struct follow *follow;   // borrowed; NULL: it follows nobody
    size_t place;            // its own there; FOLLOW_MOST of a leader
    bool leads;              // it stays at what it made ready last
};

// Opens the generation in use, or brings the one that is open up to its last commit; where it follows a leader, to the last state that
// was led to.
bool searcher_open(struct searcher *s, struct err *e);
void searcher_close(struct searcher *s);
uint64_t searcher_revision(const struct searcher *s, const struct xap_stats *stats);

// Where a page ended. A cursor of another request is ERR_QUERY.
struct cursor {
    int64_t generation, offset,
        docid; // of the last result; offset: results up to it, itself included
};
struct str cursor_write(struct arena *a, const struct cursor *c, const struct search_request *r);
bool cursor_read(const struct search_request *r, struct cursor *c, struct err *e);

// ---- A query, read -------------------------------------------------------------------------------
//
// A query is made of groups. A record matches a group that has any of its forms; a form, when it has all of the form's words. The
// words that a person wrote are the first form of a group, synonyms, words written as one or cut in two, and corrections the
// others. The score of a group is that of its best form.

struct query_word {
    struct str exact, stem;
    struct str english; // its English stem, when the index has it; else absent
    bool only_exact;    // a stop word that counts, an acronym: its stem would find other words
    // Of a term that is no word: PREFIX_FUSED (two words written as one here), PREFIX_INITIALS, or of a zone; else NULL.
    const char *prefix;
    uint32_t documents; // that have it
    // That have its stem; where records in English have the same term as others (codes, short words), both are `documents`.
    uint32_t french, in_english;
};

enum form_origin {
    FORM_WRITTEN,
    FORM_OTHER_SPACES,
    FORM_SYNONYM,
    FORM_CORRECTED,
    FORM_AROUND, // of a place: what contains it covers it
    FORM_INSIDE, // and what lies in it is part of it
};

struct query_form {
    struct query_word *words; // never none
    size_t n;
    enum form_origin origin;
    unsigned steps; // of FORM_AROUND: how far out, from 1
    struct strs
        phrase; // exact words in their order, stop words included, when it is a phrase; else empty
};

struct query_group {
    struct query_form *forms;
    size_t n;
    enum text_field field; // where it must be; FIELD_COUNT: anywhere
    bool generic;          // a wish, not a demand
    bool
        firm; // written as a phrase, in a field, or with OR: demanded also when only some words are
    struct str format; // a generic word that is a format, as facets have it; else absent
    struct str kind;   // of records, that the words wish for; else absent
    struct str
        written; // what was written, when the group is one word that may be corrected; else absent
    double rarity; // idf
};

struct query {
    struct query_group *groups;
    size_t n;
    struct query_group *excluded; // none of these
    size_t excluded_count;
    uint32_t
        english_documents; // those in English, when the query is too: its words are as rare as there; else 0
    struct strs pairs; // terms of PREFIX_PAIR: its words, two by two
    bool has_text;     // words were written: with no group left, nothing matches
    // Filters of the request, with those written among the words.
    struct strs filters[FACET_COUNT], without[FACET_COUNT];
    struct strs
        related[2];      // terms, any of which is wanted: of what is related to the request's ids
    bool by_relation[2]; // asked for
};

// Reads the words of the request; what is written among them (quotes, minus, field:value, OR) as syntax.h tells. ERR_QUERY when
// there are too many words. Everything is in the arena.
bool query_read(struct searcher *s, const struct rules *rules, const struct search_request *r,
                struct arena *a, struct query *out, struct err *e);
// Counts documents, and the English stem, of a word that has `exact` and `stem`.
bool query_word_weigh(struct searcher *s, struct arena *a, struct query_word *w, struct err *e);
// The same of a single word as it is indexed, folded: fills all of it.
bool query_word_read(struct searcher *s, struct arena *a, struct str exact, struct query_word *w,
                     struct err *e);
// Three letters of ASCII or more: a word that may be English.
bool query_is_letters(struct str word);
double query_rarity(uint32_t documents_with, uint32_t documents);
// The same of a word of this query, in its language.
double query_word_rarity(const struct query *q, const struct query_word *w, uint32_t documents);
// The words, as written, of the groups that are neither wishes nor demanded always.
size_t query_demands(const struct query *q);
// Of these, in the arena: the rarest, one of which a record must have to have `least_share` of the words (by rarity).
bool *query_choose(const struct query *q, double least_share, struct arena *a);
// Adds a form to a group.
void query_add_form(struct query_group *g, const struct query_form *form, struct arena *a);

// Terms of what is related to a record: any of them. None when nothing is.
bool related_terms(struct searcher *s, struct str id, enum related_way way, struct arena *a,
                   struct strs *out, struct err *e);

// Corrects the words that no document has, and that nothing else stands for, the first four of them: adds forms to their groups
// (the nearest word, or the words that it is made of). *corrected: the query as it is understood then, absent when nothing was
// corrected.
bool query_correct(struct searcher *s, struct query *q, struct str written, struct arena *a,
                   struct str *corrected, struct err *e);

// ---- What Xapian matches (no weights) --------------------------------------------------------------

// A term of a word: mark ("Z" or ""), prefix of a field, word. `out` has room for TERM_BYTES.
enum { TERM_BYTES = 16 + 2 * TEXT_TERM_BYTES };
struct str query_term(char *out, const char *mark, struct str prefix, struct str word);

// Any of whole terms; nothing where there are none.
struct xap_query *query_any_term(const struct strs *terms, struct err *e);
// The terms that the filters of a search come to: a document must have any of each of `wanted`, and none of `unwanted`. Without those
// of the facet `except` (FACET_COUNT: all of them). In the arena.
#define QUERY_ORGANIZATION "XKIND:organization"
enum { QUERY_FILTERS_MAX = FACET_COUNT + 4 };
struct query_filters {
    struct strs wanted[QUERY_FILTERS_MAX], unwanted;
    enum facet of[QUERY_FILTERS_MAX]; // the facet of each wanted one, or FACET_COUNT
    size_t n;
};
struct query_filters query_filters_of(const struct query *q, const struct rules *rules,
                                      const struct search_request *r, enum facet except,
                                      struct arena *a);

// ---- What lists hold (word_lists.c) ----------------------------------------------------------------

// How much of a word a document has.
struct occurrences {
    float thinned; // in all fields, each weighed, and thinned by the length of its text
    uint32_t in_title;
    bool in_name; // in the title or the acronym
};
// Of each of `docids`, which ascend, into `out`. What is read on the way is in the arena.
bool word_occurrences(struct searcher *s, const struct rules *rules, const struct query_word *w,
                      enum text_field field, const uint32_t *docids, size_t n, struct arena *a,
                      struct occurrences *out, struct err *e);
// The same in 32 bits: what they are worth (a float of 0 to 1, its last bits taken for the marks, above 0 where the word occurs), how
// often they are in the title (WORD_TITLE_MAX: as often, or more), and whether in the name.
enum { WORD_MARKS = 15, WORD_TITLE_MAX = 7 };
bool word_codes(struct searcher *s, const struct rules *rules, const struct query_word *w,
                enum text_field field, const uint32_t *docids, size_t n, struct arena *a,
                uint32_t *out, struct err *e);

// The lists that one search took, until it gives them back.
struct taken_lists {
    struct searcher *s;
    const struct rules *rules;
    struct arena *arena;
    struct list **v;
    size_t n, room;
};
void lists_give_back(struct taken_lists *t);
// NULL on an error. Words have values (word_code); terms and phrases have none.
const struct list *word_list(struct taken_lists *t, const struct query_word *w,
                             enum text_field field, struct err *e);
const struct list *term_list(struct taken_lists *t, struct str term, struct err *e);
const struct list *phrase_list(struct taken_lists *t, const struct strs *phrase, struct err *e);

// Sets has[i] where document i of `docids`, which ascend, has the term, and clears it elsewhere.
bool mark_with_term(struct taken_lists *t, struct str term, const uint32_t *docids, size_t n,
                    bool *has, struct err *e);

// What matches: every group that is no wish, or, where `some` is given, any of the groups that it marks and all that are firm; within
// the filters, all but that of `except`. In the arena. match_plain asks Xapian for the same.
struct matched {
    struct xap_docids docids;
    const uint32_t
        *codes; // of a query of one word: what each of them has of it (word_code); else NULL
};
bool match_lists(struct taken_lists *t, const struct query *q, const struct search_request *r,
                 const bool *some, enum facet except, struct matched *out, struct err *e);
// The same for each of several facets that are filtered by, `n` of them, at once: out[i] without the filter of excepts[i].
bool match_lists_without(struct taken_lists *t, const struct query *q,
                         const struct search_request *r, const bool *some,
                         const enum facet *excepts, size_t n, struct matched *out, struct err *e);
bool match_plain(struct taken_lists *t, const struct query *q, const struct search_request *r,
                 const bool *some, enum facet except, struct matched *out, struct err *e);

// ---- Scores ----------------------------------------------------------------------------------------

// Of each of `docids`, which ascend, with their codes where they are known: its score, and the share of the words asked for (by rarity)
// that it has, 0 to 1. `share` may be NULL. `explain` (may be NULL) gets the parts of the one document, as members of an open JSON object.
bool score_all(struct taken_lists *t, const struct query *q, const uint32_t *docids,
               const uint32_t *codes, size_t n, float *score, float *share, struct buf *explain,
               struct err *e);

// ---- Order -----------------------------------------------------------------------------------------

// A document in the order of results: a higher `order` first, then a lower docid.
struct ranked {
    uint64_t order;
    uint32_t docid;
    uint32_t variants; // that stand behind it
    uint64_t variant;  // the key that it shares with them; 0 when there is none
};
bool ranked_before(const struct ranked *a, const struct ranked *b);
// Of a score, in a tier: how far out its territory is from the one asked for. A lower tier is before any score.
enum { ORDER_TIERS = 255 };
uint64_t order_of_score(float score, unsigned tier);
float score_of_order(uint64_t order);

struct to_rank {
    const uint32_t *docids; // ascending
    size_t n;
    // One of these tells of their order.
    const uint64_t *orders;
    const float *score;
    const struct column *column; // of numbers
    bool ascending;              // by the column: the lowest first
};
// The first k (at most n) in order, in the arena. Returns how many.
size_t ranked_first(const struct to_rank *r, size_t k, struct arena *a, struct ranked **out);

// The first ones so far, of documents that come in ascending order: twice as many as are wanted, sorted and cut when they are full.
struct firsts {
    struct ranked *v;
    size_t n, k;       // k: at least 1, to add any
    uint64_t least;    // what is not above it cannot be among the first
    float least_score; // the same, of scores; below 0: any can
    bool full;
};
void firsts_init(struct firsts *f, size_t k, struct arena *a);
void firsts_add(struct firsts *f, float score, uint32_t docid);
size_t firsts_end(struct firsts *f); // how many there are, in order

// The first k of n such documents by their scores, in the arena; *got of them. What cannot be among them is not scored.
bool score_first(struct taken_lists *t, const struct query *q, const uint32_t *docids,
                 const uint32_t *codes, size_t n, size_t k, struct ranked **out, size_t *got,
                 struct err *e);

// Results: what is ranked, with variants of one record behind one another.
struct ordering {
    struct taken_lists *taken;
    const struct query *query;
    struct to_rank rank;   // where nothing tells of their order, they are scored as far as it takes
    const uint32_t *codes; // as of struct matched
    bool by_title;         // the column is of their first bytes alone
    struct fold *fold;     // NULL: variants are results of their own
    int64_t listed;        // results in all
};
// Of variants, the `most` that are best in order stay, and the last of them tells how many stand behind. 0: all stay.
bool ordering_fold(struct ordering *o, uint32_t most, struct err *e);
// The first k results, in order, in the arena; fewer when there are no more.
bool ordering_first(struct ordering *o, size_t k, struct ranked **out, size_t *n, struct err *e);

// ---- What is shown -----------------------------------------------------------------------------------

// What the snippets of one query share, in the arena. The query must not change while they are made.
struct snippets;
struct snippets *snippets_begin(struct analyzer *analyzer, const struct query *q, struct arena *a);
// The passage of the text that holds most of the words, escaped, with the words in <mark>.
// `words` are those of snippet_words, of which there are at most SNIPPET_WORDS; more: not told, all of the text is looked at.
struct str snippet_make(struct snippets *s, struct str text, const struct snippet_word *words,
                        size_t word_count, struct arena *a);

// How many of some documents have each value of a facet, by its number in the column.
struct facet_counts {
    const struct column *column;
    uint32_t *documents;
    uint32_t *met; // the values that any has, in no order; of browse_count, the first of them
    size_t n;
};
void facet_met(struct facet_counts *c, struct arena *a); // fills `met` from `documents`
// The first of the values met, in their order; returns how many.
size_t facet_first(const struct facet_counts *c, uint32_t top[SEARCH_FACET_VALUES]);
// In the arena.
bool facet_count(struct searcher *s, enum facet facet, const uint32_t *docids, size_t n,
                 struct arena *a, struct facet_counts *out, struct err *e);
// Whether a value stands before another: more documents have it, then as bytes compare.
bool facet_before(const struct facet_counts *c, uint32_t a, uint32_t b);

// ---- Without a question (browse.c) -------------------------------------------------------------------

enum { BROWSE_MOST = 1000 }; // results that are kept
bool is_browse(const struct query *q, const struct search_request *r);
// The first of all records, borrowed from the state that is open; how many there are in all. NULL on an error.
const struct ranked *browse_first(struct taken_lists *t, const struct query *q,
                                  const struct search_request *r, size_t *n, int64_t *total,
                                  struct err *e);
// Counts the values of all records. Borrowed from the state that is open.
bool browse_count(struct taken_lists *t, enum facet facet, struct facet_counts *out, struct err *e);

// The facets of the request: over the documents that match, or those that match without their own filter.
struct facet_job {
    enum facet facet;
    bool own_search; // the request filters by this facet
    struct facet_counts counts;
};
// Counts the values of job->facet over what the request finds, as a search of it does, and nothing more: no hits, no facets.
bool search_count(struct searcher *s, const struct search_request *r, struct facet_job *job,
                  struct arena *a, struct search_answer *out, struct err *e);
// The value and label of a count, in the arena; the label is empty where the index has none.
struct facet_value facet_value_of(const struct facet_counts *counts, uint32_t value,
                                  enum facet facet, struct arena *a);
void facets_collect(struct facet_job *jobs, size_t n, struct arena *a, struct search_answer *out);
