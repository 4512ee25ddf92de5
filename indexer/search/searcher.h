// The inside of a searcher, for the files of this folder.
#pragma once

#include "indexer/index/document.h"
#include "indexer/search/search.h"

struct searcher {
    const char *data;
    struct analyzer *analyzer;
    struct xap_db *db;
    int64_t generation;
};

// The words of a query, analysed.
struct query_word {
    struct str exact, stem; // in the arena
    // A joined form ("vie-publique") stands for its parts, which follow it.
    size_t parts; // 0 for a plain word
};
struct query_words {
    struct query_word *v;
    size_t n;
};

// Words that count: stop words are left out unless there is nothing else. ERR_QUERY when there are too many.
bool query_read(struct analyzer *analyzer, struct str q, struct arena *a, struct query_words *out,
                struct err *e);
// Every word must match (or any, when `any`). No word: NULL with no error. The caller frees it.
struct xap_query *query_text(const struct query_words *words, bool any, struct err *e);
// What the filters leave, all but that of `except` (FACET_COUNT: none excepted). Never NULL but on an error.
struct xap_query *query_filters(const struct search_request *r, enum facet except, struct arena *a,
                                struct err *e);
// Text within filters, with the priors of the records. `text` may be NULL.
struct xap_query *query_ranked(const struct xap_query *text, const struct xap_query *filters,
                               struct err *e);

// The passage of the text that holds most of the words, escaped, with the words in <mark>.
struct str snippet_make(struct analyzer *analyzer, struct str text, const struct query_words *words,
                        struct arena *a);

// The facets of the request: from the counts of the main search, or by a search of their own without their filter.
struct facet_job {
    enum facet facet;
    bool own_search; // the request filters by this facet
    struct xap_counts *counts;
};
void facets_collect(struct facet_job *jobs, size_t n, struct arena *a, struct search_answer *out);
