// What an answer costs beyond the search itself, part by part, in process, one thread: bench_answers DATA [QUERIES]. DATA is a data
// folder that holds an index, which no daemon need have open. The queries are words of the titles that are looked at most, one or two
// of them. Each part is timed over all queries, the second of two passes: CPU of the thread, microseconds for one answer of 20 results.
//
// What goes over HTTP is in answers.py, which runs this program too.
#include "api/http/gzip.h"
#include "api/json.h"
#include "api/labels.h"
#include "api/pages.h"
#include "api/web/mustache.h"
#include "config/shipped.h"
#include "harvester/normalise/vocabulary.h"
#include "indexer/index/document.h"
#include "indexer/places/geography.h"
#include "indexer/search/rules.h"
#include "indexer/search/searcher.h"

#include "base/hash.h"
#include "base/json.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { QUERIES = 200, TITLES = 100, KEPT_BYTES = 256 * 1024 * 1024 };

static struct err e;
static struct arena kept; // of the whole program
static struct str queries[QUERIES];
static size_t query_count;
static struct searcher *searcher;
static struct rules_holder *rules;
static struct display *display;
static struct geography geography;
static struct template_set *templates;

static void stop_on(bool good)
{
    char line[800];
    if (good)
        return;
    fprintf(stderr, "%s\n", err_text(&e, line, sizeof line));
    exit(1);
}

static double cpu_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

// ---- What is asked ---------------------------------------------------------------------------------

static uint64_t random_state = 7;

static size_t below(size_t n)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(random_state >> 33) % n;
}

static void take_words(struct strs *words, struct str title)
{
    struct str word;
    while (str_next(&title, ' ', &word)) {
        bool letters = word.n > 4;
        for (size_t i = 0; i < word.n; i++)
            letters = letters && ((word.p[i] >= 'a' && word.p[i] <= 'z') ||
                                  (word.p[i] >= 'A' && word.p[i] <= 'Z'));
        if (letters)
            arena_push(&kept, words, word);
    }
}

static void make_queries(size_t wanted)
{
    struct search_request r;
    struct search_answer answer;
    struct strs words = {0};
    search_request_init(&r);
    r.sort = SORT_VIEWS;
    r.page_size = TITLES;
    stop_on(searcher_search(searcher, &r, &kept, &answer, &e));
    for (size_t i = 0; i < answer.hit_count; i++) {
        struct str head = arena_printf(&kept, "%.*s}", STR_ARG(answer.hits[i].members));
        json_t *o = json_loadb(head.p, head.n, JSON_ALLOW_NUL, NULL);
        struct str title = arena_str(&kept, jstr(json_object_get(o, "title")));
        json_decref(o);
        take_words(&words, title);
    }
    for (; words.n && query_count < wanted; query_count++) {
        struct str one = words.v[below(words.n)], two = words.v[below(words.n)];
        queries[query_count] =
            below(3) ? one : arena_printf(&kept, "%.*s %.*s", STR_ARG(one), STR_ARG(two));
    }
}

// ---- Parts -----------------------------------------------------------------------------------------

enum part {
    PART_SEARCH_1,
    PART_SEARCH_20,
    PART_LOAD,
    PART_FIGURES,
    PART_DATA,
    PART_KEPT,
    PART_SNIPPETS,
    PART_JSON,
    PART_JSON_GZIP,
    PART_VIEW,
    PART_RENDER,
    PART_HASH,
    PART_HTML_GZIP,
    PARTS
};

static const char *const names[PARTS] = {
    [PART_SEARCH_1] = "search with 5 facets, one result",
    [PART_SEARCH_20] = "the same with 20 results",
    [PART_LOAD] = "20 documents: found",
    [PART_FIGURES] = "20 documents: figures",
    [PART_DATA] = "20 documents: data",
    [PART_KEPT] = "20 documents: kept in memory",
    [PART_SNIPPETS] = "20 snippets",
    [PART_JSON] = "JSON written",
    [PART_JSON_GZIP] = "JSON compressed (gzip, level 1)",
    [PART_VIEW] = "search page: view",
    [PART_RENDER] = "search page: template",
    [PART_HASH] = "search page: its ETag",
    [PART_HTML_GZIP] = "search page compressed",
};
static double spent[PARTS];
static double started;

static void begin(void)
{
    started = cpu_us();
}

static void end(enum part part)
{
    spent[part] += cpu_us() - started;
}

static struct shown_document shown[SEARCH_PAGE_SIZE_MAX];

static void read_documents(const struct search_answer *answer, struct arena *a)
{
    struct xap_doc *docs[SEARCH_PAGE_SIZE_MAX];
    struct str s;
    for (size_t i = 0; i < answer->hit_count; i++)
        docs[i] = xap_doc_new(&e);
    begin();
    for (size_t i = 0; i < answer->hit_count; i++)
        stop_on(xap_db_load_known(searcher->db, answer->hits[i].docid, docs[i], &e));
    end(PART_LOAD);
    begin();
    for (size_t i = 0; i < answer->hit_count; i++)
        stop_on(xap_doc_value(docs[i], SLOT_FIGURES, &s, &e));
    end(PART_FIGURES);
    begin();
    for (size_t i = 0; i < answer->hit_count; i++) {
        stop_on(xap_doc_data(docs[i], &s, &e));
        arena_str(a, s);
    }
    end(PART_DATA);
    begin();
    for (size_t i = 0; i < answer->hit_count; i++)
        stop_on(display_read(display, searcher->db, searcher->columns, docs[i],
                             answer->hits[i].docid, a, &shown[i], &e));
    end(PART_KEPT);
    for (size_t i = 0; i < answer->hit_count; i++)
        xap_doc_free(docs[i]);
}

static void make_snippets(const struct search_request *r, size_t n, struct arena *a)
{
    struct query q = {0};
    struct rules *held = rules_take(rules);
    stop_on(query_read(searcher, held, r, a, &q, &e));
    begin();
    struct snippets *s = snippets_begin(searcher->analyzer, &q, a);
    for (size_t i = 0; i < n; i++)
        snippet_make(s, shown[i].excerpt, shown[i].words, shown[i].word_count, a);
    end(PART_SNIPPETS);
    rules_release(held);
}

static void write_json(const struct search_request *r, const struct search_answer *answer)
{
    struct buf b = {0};
    begin();
    json_search(&b, r, answer, STR("http://127.0.0.1:8080"), 1.5);
    end(PART_JSON);
    begin();
    gzip_body(&b, 1);
    end(PART_JSON_GZIP);
    buf_free(&b);
}

static void write_page(const struct search_request *r, const struct search_answer *answer,
                       struct arena *a)
{
    struct buf b = {0};
    unsigned char digest[SHA256_BYTES];
    const struct search_page page = {
        .request = r, .answer = answer, .documents = 100000, .places = geography.places};
    begin();
    json_t *view = search_page_view(a, &page);
    end(PART_VIEW);
    begin();
    stop_on(mustache_render(templates, STR("search"), view, &b, &e));
    json_decref(view);
    end(PART_RENDER);
    begin();
    sha256(buf_str(&b), digest);
    end(PART_HASH);
    begin();
    gzip_body(&b, 1);
    end(PART_HTML_GZIP);
    buf_free(&b);
}

static void ask_all(void)
{
    struct arena a = {0};
    for (size_t i = 0; i < query_count; i++) {
        struct search_request r;
        struct search_answer answer;
        arena_reset(&a);
        search_request_init(&r);
        r.q = queries[i];
        r.facets = search_page_facets(true);
        r.page_size = 1;
        begin();
        stop_on(searcher_search(searcher, &r, &a, &answer, &e));
        end(PART_SEARCH_1);
        r.page_size = PAGE_RESULTS;
        begin();
        stop_on(searcher_search(searcher, &r, &a, &answer, &e));
        end(PART_SEARCH_20);
        read_documents(&answer, &a);
        make_snippets(&r, answer.hit_count, &a);
        write_json(&r, &answer);
        write_page(&r, &answer, &a);
    }
    arena_free(&a);
}

// ---- The program -----------------------------------------------------------------------------------

static void load_vocabularies(void)
{
    static const char *const files[] = {
        "config/vocabularies/licences.tsv", "config/vocabularies/formats.tsv",
        "config/vocabularies/frequencies.tsv", "config/vocabularies/labels.tsv"};
    struct str texts[4];
    for (size_t i = 0; i < 4; i++)
        stop_on(shipped_file(STR_NONE, files[i], &kept, &texts[i], &e));
    stop_on(vocabularies_load(texts[0], texts[1], texts[2], &e) && labels_load(texts[3], &e));
}

static void load_templates(void)
{
    static const struct str folder = STR("api/web/templates/"), suffix = STR(".mustache");
    struct template_source sources[MUSTACHE_TEMPLATES];
    size_t n = 0;
    for (const struct shipped *f = shipped_files; f->name; f++) {
        struct str name = str_of(f->name);
        if (!str_starts(name, folder) || !str_ends(name, suffix))
            continue;
        stop_on(shipped_file(STR_NONE, f->name, &kept, &sources[n].text, &e));
        sources[n++].name = str_slice(name.p + folder.n, name.n - folder.n - suffix.n);
    }
    templates = mustache_parse(sources, n, &e);
    stop_on(templates);
}

int main(int count, char **args)
{
    struct str stop_words;
    int64_t wanted = QUERIES;
    if (count < 2 || (count > 2 && !str_to_int(str_of(args[2]), 1, QUERIES, &wanted))) {
        fprintf(stderr, "usage: bench_answers DATA [QUERIES, at most %d]\n", QUERIES);
        return 2;
    }
    mallopt(M_TRIM_THRESHOLD, KEPT_BYTES); // as in a daemon, whose memory stays once it has grown
    mallopt(M_MMAP_THRESHOLD, KEPT_BYTES);
    stop_on(shipped_file(STR_NONE, "config/stopwords.txt", &kept, &stop_words, &e));
    load_vocabularies();
    stop_on(geography_load(STR_NONE, &geography, &e));
    struct rules *held = rules_load(STR_NONE, geography.places, &e);
    stop_on(held);
    rules = rules_holder_new(held);
    searcher = searcher_new(args[1], stop_words, rules, &e);
    stop_on(searcher);
    display = display_new(DISPLAY_BYTES);
    searcher_share_display(searcher, display);
    load_templates();
    make_queries((size_t)wanted);
    ask_all(); // what is made at the first request
    memset(spent, 0, sizeof spent);
    ask_all();
    printf("%-36s %10s\n", "CPU of one answer, 20 results", "us");
    for (size_t i = 0; i < PARTS; i++)
        printf("%-36s %10.1f\n", names[i], spent[i] / (double)query_count);
    searcher_free(searcher);
    display_free(display);
    rules_holder_free(rules);
    mustache_free(templates);
    geography_free(&geography);
    labels_free();
    vocabularies_free();
    arena_free(&kept);
    return 0;
}
