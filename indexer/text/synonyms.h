// Other names of the same thing, from a file that operators may edit (config/synonyms.txt), found among the words of a query.
//
// One group a line; its alternatives stand between commas (or `=`), each of one word or several:
//
//     PLU, plan local d'urbanisme        whoever searches one of them finds the others too
//     covoit => covoiturage, partage     one way: who searches the left also finds the right
//     appli => kind:software             one way: and a wish for the records of this kind (kinds: store/record.h)
//     # a comment, to the end of its line
//
// The analyzer reads alternatives as it reads documents and queries, so that case, accents, elisions and hyphens make no difference,
// and stop words none either: "plan local urbanisme" is the same. Words are compared by their stem ("plans locaux d'urbanisme"),
// but for those that would meet others by it: codes, words written with two capitals or more (PLU, PLUi, EauFrance), and
// alternatives of one word under five letters. These are compared as they are. An alternative in several lines has the
// alternatives of all of them.
//
// Made once, on the analyzer's thread; never changed after that, and safe on any number of threads then.
#pragma once

#include "indexer/text/text.h"

enum {
    SYNONYM_LINES_MAX = 20000,
    SYNONYM_LINE_BYTES_MAX = 4096,
    SYNONYM_WORDS_MAX = 8,            // of one alternative, stop words not counted
    SYNONYM_GROUP_MAX = 20,           // alternatives of a line
    SYNONYM_ENTRY_MAX = 60,           // alternatives of one name, over all its lines
    SYNONYM_ALTERNATIVES_MAX = 10000, // of the file
    SYNONYM_MATCHES_MAX = 16,
};

struct synonym_word {
    struct str exact, stem;
    size_t
        parts; // of a joined form ("vie-publique"): it stands for as many words, which follow it; else 0
    bool exact_only; // its stem would find other words
};

struct synonym_alternative {
    struct str text;                  // as it is written in the file: valid UTF-8
    struct str kind;                  // of records, that stands for the words; else absent
    const struct synonym_word *words; // in order, without the stop words; empty for a kind only
    size_t n;
    uint32_t span; // positions from its first word to its last one, both and stop words included
};

struct synonym_match {
    size_t last;        // the token that it ends with
    uint32_t positions; // that it covers, from the first token's on
    const struct synonym_alternative *const *alternatives; // in the order of the file, none twice
    size_t n;                                              // 1 to SYNONYM_ENTRY_MAX
};

struct synonyms;

// `text` and `analyzer` are used during the call only. NULL with *e filled (ERR_CONFIG, where = "line N") for what is not as above
// or beyond the bounds. The caller owns what is returned: synonyms_free.
struct synonyms *synonyms_new(struct str text, struct analyzer *analyzer, struct err *e);
void synonyms_free(struct synonyms *s);           // NULL is taken
size_t synonyms_groups(const struct synonyms *s); // lines that are not empty

// The names that begin with tokens[at], the longest first; those that stop words separate count as side by side. `tokens`: all
// that analyze gave for a text, in its order, joined forms and stop words included. What is handed out belongs to `s`.
size_t synonyms_match(const struct synonyms *s, const struct token *tokens, size_t n, size_t at,
                      struct synonym_match out[SYNONYM_MATCHES_MAX]);
