// Searching: a request in the words of the API, an answer ready to be written. A searcher belongs to one thread; each
// search thread has its own.
#pragma once

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "indexer/index/fields.h"

enum search_sort { SORT_RELEVANCE, SORT_MODIFIED, SORT_ISSUED, SORT_VIEWS, SORT_TITLE };
bool search_sort_find(struct str name, enum search_sort *out);

enum {
    SEARCH_QUERY_BYTES = 512,
    SEARCH_WORDS_MAX = 32,
    SEARCH_FILTER_VALUES_MAX = 50, // of one filter
    SEARCH_PAGE_SIZE_MAX = 100,
    SEARCH_DEPTH_MAX = 10000, // page * page_size; a cursor goes further
    SEARCH_FACET_VALUES = 20,
    SEARCH_SIMILAR_MAX = 20,
};

struct search_request {
    struct str q;
    struct strs filters[FACET_COUNT]; // the values of one are alternatives; filters add up
    struct date modified_since;
    double min_quality; // -1: none
    enum search_sort sort;
    int64_t page, page_size; // from 1
    struct str cursor;       // instead of page
    struct str variants;     // only the variants that share this key, each a result of its own
    struct str uses;         // only records that use or serve the one of this id
    struct str used_by;      // only records that the one of this id uses or serves
    bool ungrouped;          // variants are results of their own
    unsigned facets;         // bit mask, 1 << enum facet
    bool explain;
};
void search_request_init(struct search_request *r); // page 1 of 20, everything else empty

struct search_hit {
    uint32_t docid;
    double score;
    struct str members; // JSON members of the record, opened by "{" and not closed
    struct str figures; // JSON members
    struct str snippet; // HTML: escaped text with <mark>
    struct str explain; // JSON, when asked for
    struct str variant; // key, where variants stand behind this one
    uint32_t variants;  // how many
};

// The record's id, in the arena; absent when the members cannot be read.
struct str search_hit_id(const struct search_hit *hit, struct arena *a);

struct facet_value {
    struct str value, label; // label is empty when the value is to be labelled by whoever shows it
    uint32_t count;
};
struct facet_answer {
    enum facet facet;
    struct facet_value *values;
    size_t n;
};

struct search_answer {           // all of it in the request's arena
    int64_t total, strict_total; // exact
    int64_t
        listed; // results that pages go through: variants that stand behind another are not among them
    int64_t page, page_size;
    struct str relaxed, corrected; // what was done to find something; absent when nothing was
    struct search_hit *hits;
    size_t hit_count;
    struct facet_answer *facets;
    size_t facet_count;
    struct str cursor; // of what follows; absent at the end
    uint64_t revision; // of the index: changes whenever an answer may
};

struct searcher;

struct rules_holder;   // indexer/search/rules.h
struct columns_holder; // indexer/columns/columns.h
struct display;        // indexer/search/display.h
struct follow;         // indexer/search/follow.h

// `data` and `rules` are borrowed; without rules (NULL) nothing can be searched, only looked at. The index is opened by the first search. NULL when the stop words cannot be read.
struct searcher *searcher_new(const char *data, struct str stop_words, struct rules_holder *rules,
                              struct err *e);
// Searchers of one data folder share what is in memory of its index: `h` is borrowed until they are freed. Without it each has its own.
void searcher_share_columns(struct searcher *s, struct columns_holder *h);
// What results show is kept in `d`, which is borrowed; without it, it is read from the index each time.
void searcher_share_display(struct searcher *s, struct display *d);
// It searches the state that was led to last (follow.h), not each commit at once. `f` is borrowed; it shares the columns of its leader.
void searcher_follow(struct searcher *s, struct follow *f);
// Makes the last commit ready: what this searcher finds, until it leads again, is of that state, for itself alone at first. What is to
// be loaded before others follow is loaded by searches of its own. Then searcher_led, whether it could or not: those of `f` follow,
// where it is good.
bool searcher_lead(struct searcher *s, struct follow *f, struct err *e);
void searcher_led(struct searcher *s, struct follow *f, bool good);
// Whether it matches and scores through Xapian alone, without lists in memory (indexer/lists): slower, and the same answers. At first
// it does not.
void searcher_set_plain(struct searcher *s, bool plain);
void searcher_free(struct searcher *s);
// ERR_NOT_FOUND: there is no index yet. ERR_QUERY: the request cannot be understood (what says why). An index that moved meanwhile
// is opened again, once.
bool searcher_search(struct searcher *s, const struct search_request *request, struct arena *a,
                     struct search_answer *out, struct err *e);
// Values of one facet, over what the request finds without that facet's own filter: those that have the letters, most records
// first, then in the order of bytes.
struct facet_search {
    enum facet facet;
    struct str letters; // each word begins one of the label, accents and case aside; empty: all
    int64_t page, page_size; // from 1; page * page_size is at most SEARCH_DEPTH_MAX
    struct str (*label_of)(enum facet facet, struct str value); // where the index holds no label
};
struct facet_found {
    int64_t total;              // values that have the letters
    struct facet_value *values; // labelled, all of them
    size_t n;
    uint64_t revision;
};
// Errors as searcher_search. The page, the sizes and the facets of the request are of no effect.
bool searcher_facet_values(struct searcher *s, const struct search_request *request,
                           const struct facet_search *wanted, struct arena *a,
                           struct facet_found *out, struct err *e);
// The records most like one record, at most `size`, the most alike first: hits, without snippets, and revision. A score is between
// 0 and 1, what the record itself would have. Archived ones are left out, and organizations but for an organization. ERR_NOT_FOUND:
// the index does not have the record.
bool searcher_similar(struct searcher *s, struct str id, size_t size, struct arena *a,
                      struct search_answer *out, struct err *e);
// What is related to a record, found in the index. An id that stands behind another means its origin.
enum related_way { RELATED_USERS, RELATED_USED }; // what uses or serves it; what it uses or serves
struct related_record {
    struct str id, kind, title;
};
struct related { // most used first
    struct related_record *v;
    size_t n;
    int64_t total;
};
enum { SEARCH_RELATED_MAX = 100 };
// At most `most` of them. ERR_NOT_FOUND: there is no index yet; a record that it does not have has what names its id.
bool searcher_related(struct searcher *s, struct str id, enum related_way way, size_t most,
                      struct arena *a, struct related *out, struct err *e);
// The records that stand for the ids, in `out`, which has room for all; empty where the index has none.
bool searcher_records(struct searcher *s, struct strs ids, struct arena *a,
                      struct related_record *out, struct err *e);
// Whether a complete index can be searched, and its revision.
bool searcher_ready(struct searcher *s, uint64_t *revision, struct err *e);
// The seq and the fseq that the index holds, and its documents.
bool searcher_positions(struct searcher *s, int64_t *seq, int64_t *fseq, int64_t *documents,
                        struct err *e);
// Calls `each` for the id behind every unique term, in order of bytes: for comparing with the store.
bool searcher_each_id(struct searcher *s, bool (*each)(void *arg, struct str unique_term),
                      void *arg, struct err *e);

// "35238" -> "fr:commune:35238", "243500139" -> "fr:epci:243500139", "35" or "974" -> "fr:departement:35"; else unchanged.
struct str search_territory(struct arena *a, struct str value);
