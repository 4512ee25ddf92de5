// For the tests of searching: an index written without the store, and searches from one line of words. The rules are those below
// and not the shipped ones, so that no edit of a file of config/ changes what is expected.
#pragma once

#include "tests/unit/index_fixture.h"

#include "indexer/columns/touched.h"
#include "indexer/index/generation.h"
#include "indexer/search/rules.h"
#include "indexer/search/search.h"

#include "base/utf8.h"

#include <jansson.h>
#include <sys/stat.h>

static struct err e;
static const char *data_folder;
static struct analyzer *analyzer;
static struct document_maker *maker;
static struct xap_doc *doc;
static struct xap_writer *writer;
static int64_t generation;
static struct touched touched; // since the last commit
static bool tells;             // commits tell what they touched, as the indexer's
static struct rules_holder *rules;
static struct searcher *searcher;
static struct search_request request; // the last one asked
static struct search_answer answer;   // and what it gave

#define TEST_GENERIC "données fichier liste csv shapefile"
#define TEST_FIELDS                                                                                \
    "fields:\n"                                                                                    \
    "  description: {weight: 1, length: 0.5}\n"                                                    \
    "  title: {weight: 4, length: 0.3}\n"                                                          \
    "  acronym: {weight: 6, length: 0}\n"                                                          \
    "  publisher: {weight: 1.5, length: 0.3}\n"                                                    \
    "  keyword: {weight: 1.5, length: 0.5}\n"                                                      \
    "  zone: {weight: 1, length: 0}\n"                                                             \
    "  distribution: {weight: 0.5, length: 0.5}\n"                                                 \
    "  column: {weight: 0.5, length: 0.5}\n"
#define TEST_TEXT                                                                                  \
    "text: {saturation: 1.2, exact: 0.3, generic: 0.5, synonym: 0.85, correction: 0.7, "           \
    "format: 0.15}\n"
#define TEST_TITLE "title: {exact: 0.3, coverage: 0.3, pairs: 0.2, share: 0.3}\n"
#define TEST_USE                                                                                   \
    "use:\n"                                                                                       \
    "  strength: 3\n"                                                                              \
    "  per_word: 0.4\n"                                                                            \
    "  views: {weight: 0.4, from: 50, to: 10000}\n"                                                \
    "  followers: {weight: 0.2, from: 3, to: 1000}\n"                                              \
    "  reuses: {weight: 0.2, from: 1, to: 100}\n"                                                  \
    "  downloads: {weight: 0.1, from: 1000, to: 1000000}\n"                                        \
    "  stars: {weight: 0}\n"                                                                       \
    "  users: {weight: 0}\n"                                                                       \
    "  certified_public_service: {weight: 0.05}\n"                                                 \
    "  certified: {weight: 0.05}\n"                                                                \
    "  featured: {weight: 0.05}\n"                                                                 \
    "  quality: {weight: 0}\n"
#define TEST_STATUS "status: {missing: 0.8, archived: 0.3}\nvariants: 0\n"
#define TEST_MATCHING "matching: {enough: 20, least_share: 0.5, missing: 1}\n"
#define TEST_RANKING TEST_FIELDS TEST_TEXT TEST_TITLE TEST_USE TEST_STATUS TEST_MATCHING

static inline struct rules *rules_of(const char *synonyms, const char *generic, const char *ranking)
{
    struct rules *r = rules_new(&(struct rules_texts){.stop_words = stop_words(),
                                                      .generic_words = str_of(generic),
                                                      .synonyms = str_of(synonyms),
                                                      .ranking = str_of(ranking)},
                                &e);
    MUST(r, &e);
    return r;
}

// From the next search on.
static inline void use_rules(const char *synonyms, const char *generic, const char *ranking)
{
    rules_replace(rules, rules_of(synonyms, generic, ranking));
}

static inline void search_begin(void)
{
    fixture_begin();
    data_folder = fixture_path("data");
    MUST(mkdir(data_folder, 0755) == 0, NULL);
    analyzer = analyzer_new(stop_words(), &e);
    MUST(analyzer, &e);
    maker = document_maker_new(analyzer, NULL);
    doc = xap_doc_new(&e);
    rules = rules_holder_new(rules_of("", TEST_GENERIC, TEST_RANKING));
    searcher = searcher_new(data_folder, stop_words(), rules, &e);
    MUST(doc && searcher, &e);
}

static inline void search_end(void)
{
    searcher_free(searcher);
    rules_holder_free(rules);
    xap_writer_close(writer);
    touched_free(&touched);
    xap_doc_free(doc);
    document_maker_free(maker);
    analyzer_free(analyzer);
    arena_free(&arena);
}

// A new generation, to be filled with `add`.
static inline void begin_generation(void)
{
    xap_writer_close(writer);
    MUST(generation_next(data_folder, &generation, &e), &e);
    writer =
        xap_writer_open(generation_path(data_folder, generation, &arena), XAP_OPEN_OR_CREATE, &e);
    MUST(writer, &e);
}

static inline void add(const struct record *r, enum record_status status)
{
    char term[UNIQUE_TERM_MAX + 1];
    uint32_t docid;
    struct stored s = stored_of(r, status);
    MUST(document_make(maker, NULL, &s, doc, &e), &e);
    MUST(xap_writer_replace(writer, index_unique_term(r->id, term), doc, &docid, &e), &e);
    touched_add(&touched, docid);
}

static inline void take_away(const char *id)
{
    char term[UNIQUE_TERM_MAX + 1];
    uint32_t docid;
    MUST(xap_writer_delete(writer, index_unique_term(str_of(id), term), &docid, &e), &e);
    if (docid)
        touched_add(&touched, docid);
}

// Makes what was added visible, as the indexer does.
static inline void commit(const char *seq, bool complete)
{
    MUST(xap_writer_set_metadata(writer, STR(INDEX_META_SEQ), str_of(seq), &e), &e);
    char layout[LAYOUT_BYTES];
    MUST(xap_writer_set_metadata(writer, STR(INDEX_META_LAYOUT), index_layout(layout), &e), &e);
    MUST(xap_writer_set_metadata(writer, STR(INDEX_META_COMPLETE), complete ? STR("1") : STR("0"),
                                 &e),
         &e);
    MUST(!tells || touched_write(&touched, writer, &e), &e);
    touched.n = 0;
    MUST(xap_writer_commit(writer, &e), &e);
    MUST(generation_publish(data_folder, generation, &e), &e);
}

// "q=eau&kind=dataset&page=2", nothing encoded: into `request`.
static inline void read_request(const char *line)
{
    struct str rest = str_of(line), pair, name;
    search_request_init(&request);
    while (rest.n && str_next(&rest, '&', &pair)) {
        enum facet facet;
        int64_t n = 0;
        str_next(&pair, '=', &name);
        if (!name.n)
            continue;
        if (facet_find(name, &facet))
            arena_push(&arena, &request.filters[facet], pair);
        else if (str_eq(name, STR("q")))
            request.q = pair;
        else if (str_eq(name, STR("sort")))
            MUST(search_sort_find(pair, &request.sort), NULL);
        else if (str_eq(name, STR("page")) && str_to_int(pair, 0, INT64_MAX, &n))
            request.page = n;
        else if (str_eq(name, STR("page_size")) && str_to_int(pair, 0, INT64_MAX, &n))
            request.page_size = n;
        else if (str_eq(name, STR("cursor")))
            request.cursor = pair;
        else if (str_eq(name, STR("modified_since")))
            MUST(date_parse(pair, &request.modified_since), NULL);
        else if (str_eq(name, STR("min_quality")))
            MUST(str_to_real(pair, &request.min_quality), NULL);
        else if (str_eq(name, STR("facets")))
            request.facets = ~0u >> (32 - FACET_COUNT);
        else if (str_eq(name, STR("explain")))
            request.explain = true;
        else
            must(false, NULL, __FILE__, __LINE__);
    }
}

static inline struct str member_of(struct str members, const char *key)
{
    json_t *o = json_loads(arena_printf(&arena, "%.*s}", STR_ARG(members)).p, 0, NULL);
    struct str s = arena_str(&arena, str_of(json_string_value(json_object_get(o, key))));
    json_decref(o);
    return s;
}

// The ids of the hits of `request`, in order, with a space between; the word of the error. `answer` is what came.
static inline struct str ask_request(void)
{
    struct buf b = {0};
    e = (struct err){0};
    if (!searcher_search(searcher, &request, &arena, &answer, &e))
        return str_of(err_name(e.code));
    for (size_t i = 0; i < answer.hit_count; i++) {
        if (i)
            buf_addc(&b, ' ');
        buf_add(&b, member_of(answer.hits[i].members, "id"));
    }
    struct str s = b.n ? arena_str(&arena, buf_str(&b)) : STR("");
    buf_free(&b);
    return s;
}

static inline struct str ask(const char *line)
{
    read_request(line);
    return ask_request();
}

// "value:count value:count" of one facet of `answer`.
static inline struct str facet_text(enum facet facet)
{
    struct buf b = {0};
    for (size_t i = 0; i < answer.facet_count; i++)
        for (size_t j = 0; answer.facets[i].facet == facet && j < answer.facets[i].n; j++)
            buf_addf(&b, "%s%.*s:%u", j ? " " : "", STR_ARG(answer.facets[i].values[j].value),
                     answer.facets[i].values[j].count);
    struct str s = b.n ? arena_str(&arena, buf_str(&b)) : STR("");
    buf_free(&b);
    return s;
}
