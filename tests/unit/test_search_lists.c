// Lists in memory against Xapian alone: one searcher has lists (indexer/lists) and keeps what results show (display.h), another is plain
// and made anew for each state of the index, so that what it reads was never kept nor brought up. Random requests over random records are
// asked of both, round by round, while batches are committed between as the indexer does it: whole answers must be equal, to the last bit
// of each score.
//
// 10000 requests, 1000 in builds with sanitizers; another number as the only argument.
#include "indexer/columns/columns.h"
#include "indexer/search/display.h"
#include "tests/unit/search_records_fixture.h"

#include <stdlib.h>

enum {
    REQUESTS_A_ROUND = 50,
    REMEMBERED = 24, // requests with the cursor of their last page, asked again in later rounds
    POOL = 24,       // values of a facet, to filter by
};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { REQUESTS = 1000 };
#else
enum { REQUESTS = 10000 };
#endif

#define LISTS_SYNONYMS                                                                             \
    "velo => pistes cyclables\nparking => gares\ntaxi, application => kind:software\n"             \
    "PLU, plan local d'urbanisme\n"

static struct searcher *plain;
static struct columns_holder *holder;
static struct arena asked; // of one request
static struct search_answer wanted;

// ---- Rounds --------------------------------------------------------------------------------------------

// The next document has the docid behind this one: so that records lie on both sides of the borders of chunks.
static void leap_to(uint32_t docid)
{
    MUST(xap_doc_clear(doc, &e) && xap_doc_add_boolean_term(doc, STR("Qleap"), &e) &&
             xap_writer_replace_docid(writer, docid, doc, &e) &&
             xap_writer_delete(writer, STR("Qleap"), NULL, &e),
         &e);
    touched_add(&touched, docid);
}

static size_t generations, silent, reloads;

static void begin_round_generation(void)
{
    bool wide = any(3) > 0;
    begin_generation();
    tells = any(4) > 0;
    silent += !tells;
    generations++;
    for (uint32_t i = 0; i < RECORDS; i++) {
        if (wide && i % 128 == 0)
            leap_to((i / 128 + 1) * LIST_CHUNK - 64);
        if (any(10))
            add_random(i);
    }
    commit("1", true);
}

// Records change, come and go; sometimes so many that the batch does not tell which, or nothing at all.
static void change_some(void)
{
    uint32_t n = any(3) ? any(12) : any(120);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t number = any(RECORDS);
        if (any(4))
            add_random(number);
        else
            take_away(arena_printf(&arena, "r%u", number).p);
    }
    uint32_t too_many = any(12) ? 0 : 2 * TOUCHED_MAX + 1;
    for (uint32_t i = 0; i < too_many; i++)
        touched_add(&touched, 1);
    commit("2", true);
    if (any(8) == 0 && tells) { // one that touches no document may tell nothing
        tells = false;
        commit("3", true);
        tells = true;
    }
}

static void new_rules(void)
{
    struct rules *r = rules_of(LISTS_SYNONYMS, "donnees csv liste logiciel",
                               any(4) ? random_ranking() : TEST_RANKING);
    r->places = any(4) ? places : NULL;
    rules_replace(rules, r);
    reloads++;
}

// ---- Requests ------------------------------------------------------------------------------------------

static struct {
    struct str v[POOL];
    size_t n;
} pools[FACET_COUNT];
static struct str variant_pool[POOL];
static size_t variant_count;

static void misspell(struct buf *b, struct str word)
{
    size_t at = any((uint32_t)word.n);
    buf_add(b, str_slice(word.p, at));
    if (any(2))
        buf_addc(b, (char)('a' + any(26)));
    at += any(3) > 0;
    buf_add(b, str_slice(word.p + at, word.n - at));
}

static void add_word(struct buf *b)
{
    struct str word = any(12) ? one_of(words, WORDS) : one_of(rare_words, RARE_WORDS);
    if (any(6) == 0)
        misspell(b, word);
    else
        buf_add(b, word);
}

static void add_phrase(struct buf *b)
{
    buf_addc(b, '"');
    for (uint32_t n = 1 + any(3); n; n--) {
        add_word(b);
        buf_addz(b, n > 1 ? " " : "\"");
    }
}

static void add_in_field(struct buf *b)
{
    buf_add(b, ONE_OF("title", "acronym", "publisher", "keyword", "zone", "distribution", "column",
                      "description"));
    buf_addc(b, ':');
    if (any(3))
        add_word(b);
    else
        add_phrase(b);
}

static struct str a_value(enum facet facet)
{
    if (any(8) || !pools[facet].n)
        return facet == FACET_TERRITORY && any(2) ? ONE_OF("35238", "35", "243500139", "2A")
               : pools[facet].n                   ? pools[facet].v[any((uint32_t)pools[facet].n)]
                                                  : STR("rien");
    char *bytes = arena_bytes(&asked, 300);
    memset(bytes, 'x', 300);
    bytes[3] = any(2) ? '\0' : 'y';
    return str_slice(bytes, any(3) ? 300 : any(8));
}

static void add_filter(struct buf *b)
{
    enum facet facet = (enum facet)any(FACET_COUNT);
    struct str value = a_value(facet);
    buf_addf(b, "%.*s:\"", STR_ARG(facet_fields[facet].name));
    buf_add(b, value);
    buf_addc(b, '"');
}

static void add_part(struct buf *b)
{
    if (any(12) == 0)
        buf_addc(b, '-');
    switch (any(12)) {
    case 0:
        add_phrase(b);
        break;
    case 1:
        add_in_field(b);
        break;
    case 2:
        if (any(2)) {
            add_filter(b);
            break;
        }
        // fall through
    default:
        add_word(b);
    }
}

static struct str a_query(void)
{
    struct buf b = {0};
    uint32_t shape = any(20), n = shape == 0 ? 0 : 1 + any(any(3) ? 3 : 6);
    for (uint32_t i = 0; i < n; i++) {
        if (i)
            buf_addz(&b, any(10) ? " " : " OR ");
        if (shape == 1)
            buf_add(&b, ONE_OF("de", "la", "pour", "les"));
        else if (shape == 2)
            buf_add(&b, ONE_OF("csv", "liste", "données", "logiciel"));
        else if (shape == 3)
            buf_add(&b, i % 2 ? ONE_OF("Rennes", "Bretagne", "caen") : ONE_OF("plan", "velo"));
        else
            add_part(&b);
    }
    struct str s =
        b.n ? arena_str(&asked, str_slice(b.p, b.n < SEARCH_QUERY_BYTES ? b.n : 500)) : STR("");
    buf_free(&b);
    return s;
}

static void random_request(void)
{
    search_request_init(&request);
    request.q = a_query();
    for (size_t i = 0; i < FACET_COUNT; i++)
        for (uint32_t n = any(24) ? 0 : 1 + any(3); n; n--)
            arena_push(&asked, &request.filters[i], a_value((enum facet)i));
    if (any(12) == 0)
        request.modified_since = a_day();
    if (any(12) == 0)
        request.min_quality = any(5) / 4.0;
    if (any(25) == 0)
        request.uses = a_record();
    if (any(25) == 0)
        request.used_by = a_record();
    if (any(25) == 0)
        request.variants = variant_count ? variant_pool[any((uint32_t)variant_count)] : STR("0");
    request.ungrouped = any(8) == 0;
    request.sort = any(3) ? SORT_RELEVANCE : (enum search_sort)any(SORT_TITLE + 1);
    request.page_size = any(2) ? 1 + any(SEARCH_PAGE_SIZE_MAX) : 1 + any(12);
    request.page = any(4) ? 1 : 1 + any(any(8) ? 10 : 3000);
    request.facets = any(2) ? ~0u >> (32 - FACET_COUNT) : any(1u << FACET_COUNT);
    request.explain = any(4) == 0;
}

static void print_request(const char *why)
{
    printf("# %s: q=[%.*s] sort=%d page=%d size=%d cursor=%d since=%d quality=%g uses=[%.*s] "
           "used_by=[%.*s] variants=[%.*s] ungrouped=%d\n",
           why, STR_ARG(request.q), (int)request.sort, (int)request.page, (int)request.page_size,
           request.cursor.n > 0, request.modified_since.precision != DATE_NONE, request.min_quality,
           STR_ARG(request.uses), STR_ARG(request.used_by), STR_ARG(request.variants),
           request.ungrouped);
    for (size_t i = 0; i < FACET_COUNT; i++)
        for (size_t j = 0; j < request.filters[i].n; j++)
            printf("#   %.*s=[%.*s]\n", STR_ARG(facet_fields[i].name),
                   STR_ARG(request.filters[i].v[j]));
}

// ---- Two answers ---------------------------------------------------------------------------------------

static struct {
    size_t requests, errors, hits, relaxed, corrected, folded, explained, followed, facets, strict;
} seen;

static bool same_text(struct str a, struct str b)
{
    return a.n == b.n && !a.p == !b.p && str_eq(a, b);
}

static const char *different_hit(const struct search_hit *a, const struct search_hit *b)
{
    return a->docid != b->docid                                 ? "docid"
           : memcmp(&a->score, &b->score, sizeof a->score) != 0 ? "score"
           : !same_text(a->members, b->members)                 ? "members"
           : !same_text(a->figures, b->figures)                 ? "figures"
           : !same_text(a->snippet, b->snippet)                 ? "snippet"
           : !same_text(a->explain, b->explain)                 ? "explain"
           : !same_text(a->variant, b->variant)                 ? "variant"
           : a->variants != b->variants                         ? "variants"
                                                                : NULL;
}

static bool same_values(const struct facet_value *a, size_t n, const struct facet_value *b,
                        size_t m)
{
    bool same = n == m;
    for (size_t i = 0; i < n && same; i++)
        same = a[i].count == b[i].count && same_text(a[i].value, b[i].value) &&
               same_text(a[i].label, b[i].label);
    return same;
}

static const char *different_facets(const struct search_answer *a, const struct search_answer *b)
{
    if (a->facet_count != b->facet_count)
        return "facets";
    for (size_t i = 0; i < a->facet_count; i++) {
        const struct facet_answer *x = &a->facets[i], *y = &b->facets[i];
        if (x->facet != y->facet || !same_values(x->values, x->n, y->values, y->n))
            return facet_fields[x->facet].name.p;
    }
    return NULL;
}

// What is not the same; NULL when nothing is.
static const char *different(const struct search_answer *a, const struct search_answer *b)
{
    const char *what = a->total != b->total                                 ? "total"
                       : a->strict_total != b->strict_total                 ? "strict_total"
                       : a->listed != b->listed                             ? "listed"
                       : !same_text(a->relaxed, b->relaxed)                 ? "relaxed"
                       : !same_text(a->corrected, b->corrected)             ? "corrected"
                       : a->hit_count != b->hit_count                       ? "number of hits"
                       : !same_text(a->cursor, b->cursor)                   ? "cursor"
                       : a->page != b->page || a->page_size != b->page_size ? "page"
                       : a->revision != b->revision                         ? "revision"
                                                    : different_facets(a, b);
    for (size_t i = 0; i < a->hit_count && !what; i++)
        what = different_hit(&a->hits[i], &b->hits[i]);
    return what;
}

static size_t wrong; // of the round

static bool ask_both(void)
{
    struct err own = {0};
    e = (struct err){0};
    bool good = searcher_search(searcher, &request, &asked, &answer, &e);
    bool plain_good = searcher_search(plain, &request, &asked, &wanted, &own);
    const char *what = good != plain_good || e.code != own.code || strcmp(e.what, own.what) != 0
                           ? "error"
                       : good ? different(&answer, &wanted)
                              : NULL;
    if (what && !wrong++)
        print_request(what);
    seen.requests++;
    seen.errors += !good;
    if (!good)
        return false;
    seen.hits += answer.hit_count;
    seen.strict += answer.strict_total > 0;
    seen.relaxed += answer.relaxed.n > 0;
    seen.corrected += answer.corrected.n > 0;
    seen.folded += answer.listed < answer.total;
    seen.explained += request.explain && answer.hit_count;
    seen.facets += answer.facet_count;
    return true;
}

static struct str label_of(enum facet facet, struct str value)
{
    (void)facet;
    return value;
}

static void ask_facet_values(void)
{
    struct facet_search f = {.facet = (enum facet)any(FACET_COUNT),
                             .letters = any(2) ? STR("") : ONE_OF("r", "e", "ta", "fr", "o"),
                             .page = 1 + any(2),
                             .page_size = 1 + any(30),
                             .label_of = label_of};
    struct facet_found a, b;
    struct err own = {0};
    e = (struct err){0};
    bool good = searcher_facet_values(searcher, &request, &f, &asked, &a, &e);
    bool plain_good = searcher_facet_values(plain, &request, &f, &asked, &b, &own);
    if (good == plain_good && (!good || (a.total == b.total && a.revision == b.revision &&
                                         same_values(a.values, a.n, b.values, b.n))))
        return;
    if (!wrong++)
        print_request("facet values");
}

// ---- Cursors that outlive commits ----------------------------------------------------------------------

static struct {
    struct search_request request;
    struct arena arena; // of its texts
} remembered[REMEMBERED];
static size_t remembered_count;

static void remember(void)
{
    size_t at = remembered_count < REMEMBERED ? remembered_count++ : any(REMEMBERED);
    struct arena *a = &remembered[at].arena;
    struct search_request r = request;
    arena_reset(a);
    r.q = arena_str(a, r.q);
    r.cursor = arena_str(a, answer.cursor);
    for (size_t i = 0; i < FACET_COUNT; i++) {
        r.filters[i] = (struct strs){0};
        for (size_t j = 0; j < request.filters[i].n; j++)
            arena_push(a, &r.filters[i], arena_str(a, request.filters[i].v[j]));
    }
    remembered[at].request = r; // what else it holds is in the fixture's arena
}

static void ask_remembered(void)
{
    for (size_t i = 0; i < remembered_count; i++)
        if (any(3) == 0) {
            arena_reset(&asked);
            request = remembered[i].request;
            ask_both();
            seen.followed++;
        }
}

static void follow(void)
{
    for (uint32_t pages = any(4); pages && answer.cursor.n; pages--) {
        request.cursor = answer.cursor;
        seen.followed++;
        if (!ask_both())
            return;
    }
}

// ---- One round -----------------------------------------------------------------------------------------

// Values to filter by, from what is there.
static void fill_pools(void)
{
    arena_reset(&asked);
    search_request_init(&request);
    request.q = any(2) ? STR("budget") : STR("");
    request.page_size = POOL;
    request.facets = ~0u >> (32 - FACET_COUNT);
    ask_both();
    for (size_t i = 0; i < answer.facet_count; i++) {
        const struct facet_answer *f = &answer.facets[i];
        pools[f->facet].n = 0;
        for (size_t j = 0; j < f->n && j < POOL; j++)
            pools[f->facet].v[pools[f->facet].n++] = arena_str(&arena, f->values[j].value);
    }
    for (size_t i = 0; i < answer.hit_count && variant_count < POOL; i++)
        if (answer.hits[i].variant.n)
            variant_pool[variant_count++] = arena_str(&arena, answer.hits[i].variant);
}

static void new_plain(void)
{
    searcher_free(plain);
    plain = searcher_new(data_folder, stop_words(), rules, &e);
    MUST(plain, &e);
    searcher_set_plain(plain, true);
}

static void one_round(size_t round)
{
    if (round % 7 == 0)
        begin_round_generation();
    else if (any(6))
        change_some();
    if (round % 4 == 0)
        new_rules();
    new_plain();
    fill_pools();
    ask_remembered();
    for (size_t i = 0; i < REQUESTS_A_ROUND; i++) {
        arena_reset(&asked);
        random_request();
        bool good = ask_both();
        if (good && answer.cursor.n && any(20) == 0)
            remember();
        if (any(8) == 0)
            ask_facet_values();
        else if (good && any(4) == 0)
            follow();
    }
}

int main(int argc, char **argv)
{
    size_t most = argc > 1 ? strtoul(argv[1], NULL, 10) : REQUESTS, all = 0;
    places_begin();
    holder = columns_holder_new();
    struct display *display = display_new(128 * 1024); // for some of them
    searcher_share_columns(searcher, holder);
    searcher_share_display(searcher, display);
    for (size_t round = 0; seen.requests < most; round++) {
        wrong = 0;
        one_round(round);
        if (wrong)
            printf("# round %zu: %zu differences\n", round, wrong);
        all += wrong;
    }
    struct lists_stats s = lists_stats(columns_lists(holder));
    printf("# %zu requests, %zu followed; lists found %llu, brought up %llu, read %llu; "
           "%zu generations, %zu silent\n",
           seen.requests, seen.followed, (unsigned long long)s.found,
           (unsigned long long)s.brought_up, (unsigned long long)s.read, generations, silent);
    printf("# errors %zu, hits %zu, strict %zu, relaxed %zu, corrected %zu, folded %zu, explained "
           "%zu, facets %zu\n",
           seen.errors, seen.hits, seen.strict, seen.relaxed, seen.corrected, seen.folded,
           seen.explained, seen.facets);
    is_int(all, 0);
    // It compared something, and lists were made each way.
    ok(seen.hits > seen.requests);
    ok(seen.strict > seen.requests / 4);
    ok(seen.relaxed > seen.requests / 40 && seen.corrected > seen.requests / 100);
    ok(seen.folded > seen.requests / 50 && seen.explained > seen.requests / 20);
    ok(seen.followed > seen.requests / 20 && seen.facets > seen.requests);
    ok(s.found > s.read && s.brought_up > seen.requests / 20 && s.read > seen.requests / 20);
    for (size_t i = 0; i < REMEMBERED; i++)
        arena_free(&remembered[i].arena);
    arena_free(&asked);
    searcher_free(plain);
    places_end();
    columns_holder_free(holder);
    display_free(display);
    return tap_done();
}
