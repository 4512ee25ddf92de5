// The slow and plain computation that an engine's answers are held against: it reads every record of a corpus, word by word, for all
// the queries at once. Nothing of an index is used; words are stemmed by indexer/text, and a commune has the name that documents have: it may
// have the stem of an invented word.
#pragma once

#include "indexer/text/text.h"
#include "store/territory.h"

enum { PLAIN_FACETS = 5, PLAIN_WORDS = 8, PLAIN_FIRST = 20 };

// The fields of the corpus that facets are made of, in the order of counts below.
enum plain_facet { PLAIN_PUBLISHER, PLAIN_LICENCE, PLAIN_FORMAT, PLAIN_TERRITORY, PLAIN_FREQUENCY };

struct plain_query {
    struct str words[PLAIN_WORDS]; // none: every record
    size_t word_count;
    bool any;                          // of the words; else all of them
    struct strs filters[PLAIN_FACETS]; // alternatives, as the corpus writes them; none: no filter
    bool facets, dates;                // wanted
    size_t skip;                       // of the newest, those before the first

    // The answer.
    int64_t total;
    uint32_t *counts[PLAIN_FACETS]; // by number of the value, each without its own filter
    uint32_t first[PLAIN_FIRST];    // days of the newest, behind those skipped
    size_t first_count;
};

struct plain;
// What is given is borrowed: `communes`, in which those of the corpus are. Ends the program when the corpus cannot be read.
struct plain *plain_read(const char *corpus, struct analyzer *analyzer,
                         const struct territories *communes, struct plain_query *queries, size_t n);
void plain_free(struct plain *p, struct plain_query *queries, size_t n);
// How many records of the query have the value, as the corpus writes it: the name of a publisher, the code of a commune.
uint32_t plain_count(const struct plain *p, const struct plain_query *q, enum plain_facet facet,
                     struct str value);
// The highest counts, in descending order, at most PLAIN_FIRST of them. Returns how many.
size_t plain_highest(const struct plain *p, const struct plain_query *q, enum plain_facet facet,
                     uint32_t out[PLAIN_FIRST]);
