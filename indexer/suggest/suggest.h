// Completion while one types: a structure in memory of titles, names, keywords and territories, made once by a builder,
// never changed after, read by any number of threads at once.
//
// A suggester is counted: suggester_release gives one count back, the last one frees it. A builder belongs to one thread.
// Whatever is asked, a query costs a bounded time (linear in the entries, a few hundred thousand steps at 200 000 of them)
// and a bounded memory (some 25 bits for each entry, in the arena of the call).
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum suggest_kind {
    SUGGEST_DATASET,
    SUGGEST_DATASERVICE,
    SUGGEST_REUSE,
    SUGGEST_SOFTWARE,
    SUGGEST_ORGANIZATION,
    SUGGEST_KEYWORD,
    SUGGEST_TERRITORY,
    SUGGEST_KINDS
};
// As in the API: "dataset", ..., "organization", "keyword", "territory".
struct str suggest_kind_name(enum suggest_kind kind);
bool suggest_kind_find(struct str name, enum suggest_kind *out);
static inline bool suggest_kind_is_record(enum suggest_kind kind)
{
    return kind <= SUGGEST_SOFTWARE;
}

enum {
    SUGGEST_ENTRIES_MAX = 2000000,
    SUGGEST_TEXT_BYTES = 500,   // of a text shown; longer ones are cut
    SUGGEST_NAMES_BYTES = 500,  // of the other names together; the rest is not read
    SUGGEST_VALUE_BYTES = 1000, // of an id or value
    SUGGEST_QUERY_BYTES = 300,  // of a query that are read
    SUGGEST_QUERY_WORDS = 12,   // that must match: the first ones, and the one that is being typed
    SUGGEST_ANSWER_MAX = 20,
};

// ---- Making one

struct suggest_entry {
    enum suggest_kind kind;
    struct str text; // shown, and searched
    struct str
        names; // searched, not shown: acronyms, other names, codes; one on each line. May be absent
    struct str value; // what it stands for: the id of a record or organization, a keyword, a zone
    double weight;    // 0 to 1: how popular it is
    uint32_t count;   // of records behind it; 0 when that is not known
};

struct suggest_builder;
// `stop_words`: the text of config/stopwords.txt. NULL and *e when it cannot be read.
struct suggest_builder *suggest_builder_new(struct str stop_words, struct err *e);
void suggest_builder_free(struct suggest_builder *b); // NULL is taken
// Copies what it is given. Of two records of one kind, or two keywords, whose texts are the same once folded, one entry is
// made, with the text and value of the heavier and the sum of their counts. False, and nothing is added, when the entry has
// no word, its value is too long, or there are SUGGEST_ENTRIES_MAX already.
bool suggest_builder_add(struct suggest_builder *b, const struct suggest_entry *entry);
// Frees the builder. Never NULL; the caller has its only count.
struct suggester *suggest_builder_finish(struct suggest_builder *b);

// ---- Asking

struct suggester;
void suggester_hold(struct suggester *s);    // one count more
void suggester_release(struct suggester *s); // NULL is taken
size_t suggester_entries(const struct suggester *s);
size_t suggester_bytes(const struct suggester *s);      // of memory
uint64_t suggester_revision(const struct suggester *s); // when it was made: another for each

struct suggestion {
    enum suggest_kind kind;
    struct str text;
    struct str html; // the text, escaped, with <mark> around the letters that matched
    struct str value;
    double weight;
    uint32_t count;
};
struct suggestions { // in the arena of the call
    struct suggestion *v;
    size_t n;
};

// At most `most` (itself at most SUGGEST_ANSWER_MAX) entries of the kinds of the bit mask (1 << kind; 0 for all) that have
// every word of `q`, in any order, best first. `q` is any bytes. Any thread.
//
// Words are folded as text_fold does. The last one, unless a sign or space follows it, is being typed: the beginning of a
// word is enough. Elsewhere the beginning of a word is enough too, but counts less; not of a number or code. Stop words count
// only where there is nothing else. One typo is forgiven in the whole query, in a word of four letters or more: a letter too many, missing,
// wrong, two swapped, or a space missing or too many; what needs it comes behind what does not, and only when that
// does not fill the answer.
//
// In order: at most three whose text or one of whose names is the query (not territories under 0.15, whose names are often
// common words); then by weight, and 0.2 for a text that begins
// with the query (leading articles aside), 0.1 for whole words, less 0.2 for words that are only begun before the last
// one. An answer of eight or more has one at least of records, organizations, keywords and territories each where these have
// every word; and while others have something, records take at most seven tenths of it, the rest three tenths each. Records of
// two kinds with one title are shown once.
void suggester_find(const struct suggester *s, struct str q, unsigned kinds, size_t most,
                    struct arena *a, struct suggestions *out);
