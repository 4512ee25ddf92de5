// indexer/search over many records: exact totals, facets against counts by hand, pages, cursors, and how deep one may
// go.
#include "tests/unit/search_fixture.h"

enum { RECORDS = 260 };

// What each record has, by facet: the counts by hand are made from it.
static struct strs values[RECORDS][FACET_COUNT];
static bool has_word[RECORDS]; // "eau"

static const char *const formats[] = {"csv", "json", "pdf"};
static const struct license licences[] = {{STR("etalab-2.0"), STR("Licence Ouverte 2.0"), true},
                                          {STR("ODbL-1.0"), STR("ODbL 1.0"), true}};

static struct record made(int i)
{
    struct record r =
        record_of(arena_printf(&arena, "r%03d", i).p, (enum record_kind)(i % 3),
                  arena_printf(&arena, "%s %03d", i % 2 ? "Jeu" : "Eau", (i * 7) % RECORDS).p);
    if (i % 10 == 9)
        r.kind = KIND_ORGANIZATION;
    if (i % 4 < 2)
        r.license = licences[i % 4];
    r.distributions = ARENA_ARRAY(&arena, struct distribution, 3);
    for (int f = 0; f < 3; f++)
        if (i >> f & 1)
            r.distributions[r.distribution_count++] = (struct distribution){
                .format = str_of(formats[f]), .byte_size = -1, .available = -1};
    r.keywords = list_of(arena_printf(&arena, "tous|mot%d", i % 30).p);
    r.publisher.id = arena_printf(&arena, "org:%d", i % 5);
    r.publisher.name = arena_printf(&arena, "Service %d", i % 5);
    r.popularity.views = (i * 37) % 100;
    if (i % 6)
        r.modified = day(arena_printf(&arena, "20%02d-01-01", 10 + i % 11).p);
    if (i % 8)
        r.issued = day(arena_printf(&arena, "20%02d-02-01", 10 + i % 13).p);
    r.quality.score = (double)(i % 10) / 10;
    return r;
}

static enum record_status status_of(int i)
{
    return i % 7 == 0 ? STATUS_ARCHIVED : STATUS_ACTIVE;
}

static void note(int i, enum facet f, struct str value)
{
    if (value.n)
        arena_push(&arena, &values[i][f], value);
}

static void fill(void)
{
    begin_generation();
    for (int i = 0; i < RECORDS; i++) {
        struct record r = made(i);
        add(&r, status_of(i));
        has_word[i] = i % 2 == 0;
        note(i, FACET_KIND, record_kind_name(r.kind));
        note(i, FACET_SOURCE, r.provenance.source);
        note(i, FACET_PUBLISHER, r.publisher.id);
        note(i, FACET_LICENSE, r.license.id);
        note(i, FACET_STATUS, record_status_name(status_of(i)));
        for (size_t d = 0; d < r.distribution_count; d++)
            note(i, FACET_FORMAT, r.distributions[d].format);
        for (size_t k = 0; k < r.keywords.n; k++)
            note(i, FACET_KEYWORD, r.keywords.v[k]);
    }
    commit("260", true);
}

// ---- Counts by hand ------------------------------------------------------------------------------

static bool holds(const struct strs *list, struct str value)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i], value))
            return true;
    return false;
}

// Whether record i is what `request` asks for, but for one of its filters.
static bool matches(int i, enum facet except)
{
    bool organization = str_eq(values[i][FACET_KIND].v[0], STR("organization"));
    if (organization && !request.filters[FACET_KIND].n)
        return false;
    if (request.q.n && !has_word[i])
        return false;
    for (int f = 0; f < FACET_COUNT; f++) {
        bool found = request.filters[f].n == 0 || f == (int)except;
        for (size_t v = 0; v < request.filters[f].n && !found; v++)
            found = holds(&values[i][f], request.filters[f].v[v]);
        if (!found)
            return false;
    }
    return true;
}

struct count {
    struct str value;
    unsigned n;
};

static int most_first(const void *a, const void *b)
{
    const struct count *x = a, *y = b;
    return x->n != y->n ? (x->n < y->n) - (x->n > y->n) : str_cmp(x->value, y->value);
}

static struct str counted(enum facet f)
{
    struct count counts[100];
    size_t n = 0;
    for (int i = 0; i < RECORDS; i++)
        for (size_t v = 0; matches(i, f) && v < values[i][f].n; v++) {
            size_t at = 0;
            while (at < n && !str_eq(counts[at].value, values[i][f].v[v]))
                at++;
            if (at == n)
                counts[n++] = (struct count){values[i][f].v[v], 0};
            counts[at].n++;
        }
    qsort(counts, n, sizeof *counts, most_first);
    struct buf b = {0};
    for (size_t i = 0; i < n && i < SEARCH_FACET_VALUES; i++)
        buf_addf(&b, "%s%.*s:%u", i ? " " : "", STR_ARG(counts[i].value), counts[i].n);
    struct str s = b.n ? arena_str(&arena, buf_str(&b)) : STR("");
    buf_free(&b);
    return s;
}

static void facets(void)
{
    static const char *const searches[] = {
        "",
        "q=eau",
        "kind=dataset",
        "kind=organization",
        "kind=dataset&kind=reuse",
        "license=etalab-2.0",
        "format=csv",
        "format=csv&format=pdf",
        "format=csv&license=ODbL-1.0",
        "q=eau&format=json&license=etalab-2.0&kind=dataset&status=active",
        "keyword=mot3&keyword=mot4&status=archived",
        "publisher=org:1&publisher=org:2&kind=dataservice",
        "kind=nothing",
    };
    for (size_t i = 0; i < sizeof searches / sizeof *searches; i++) {
        ask(arena_printf(&arena, "%s%sfacets=1", searches[i], searches[i][0] ? "&" : "").p);
        unsigned total = 0;
        for (int r = 0; r < RECORDS; r++)
            total += matches(r, FACET_COUNT);
        is_int(answer.total, total);
        is_int(answer.strict_total, total);
        is_int(answer.facet_count, FACET_COUNT);
        for (int f = 0; f < FACET_COUNT; f++)
            is_text(facet_text((enum facet)f), counted((enum facet)f).p);
    }
    // Only what is asked for; with its label where the index has one.
    read_request("q=eau");
    request.facets = 1u << FACET_PUBLISHER | 1u << FACET_FORMAT;
    ask_request();
    is_int(answer.facet_count, 2);
    is_int(answer.facets[0].facet, FACET_PUBLISHER);
    is_text(answer.facets[0].values[0].label, "Service 0");
    is_int(answer.facets[1].facet, FACET_FORMAT);
    is_text(answer.facets[1].values[0].label, "");
}

// ---- Pages ---------------------------------------------------------------------------------------

static const char *const walks[] = {
    "sort=title", "sort=modified",           "sort=issued",  "sort=views",
    "q=eau",      "q=eau&sort=views",        "kind=dataset", "q=eau&kind=reuse&license=etalab-2.0",
    "",           "format=csv&sort=modified"};
enum { WALKS = sizeof walks / sizeof *walks };

static void append(struct buf *b, struct str ids)
{
    buf_add(b, ids);
    if (ids.n)
        buf_addc(b, ' ');
}

// All ids of a search, page by page of n.
static struct str by_pages(const char *line, int n)
{
    struct buf b = {0};
    int64_t page = 0;
    do
        append(
            &b,
            ask(arena_printf(&arena, "%s&page_size=%d&page=%lld", line, n, (long long)++page).p));
    while (answer.hit_count == (size_t)n);
    struct str s = arena_str(&arena, buf_str(&b));
    buf_free(&b);
    return s;
}

// The same by its cursors; `between` runs behind the page `when`.
static struct str by_cursors(const char *line, int n, int when, void (*between)(void))
{
    struct buf b = {0};
    int page = 1;
    append(&b, ask(arena_printf(&arena, "%s&page_size=%d", line, n).p));
    while (answer.cursor.n) {
        if (page++ == when)
            between();
        append(&b, ask(arena_printf(&arena, "%s&page_size=%d&cursor=%.*s", line, n,
                                    STR_ARG(answer.cursor))
                           .p));
    }
    struct str s = arena_str(&arena, buf_str(&b));
    buf_free(&b);
    return s;
}

static void nothing(void)
{
}

static void pages(void)
{
    for (size_t i = 0; i < WALKS; i++) {
        struct str whole = by_pages(walks[i], 100);
        is_int(answer.total, (whole.n ? whole.n + 4 : 0) / 5); // "r123 "
        is_text(by_pages(walks[i], 7), whole.p);
        is_text(by_cursors(walks[i], 7, 0, nothing), whole.p);
        is_text(by_cursors(walks[i], 1, 0, nothing), whole.p);
        is_text(by_cursors(walks[i], 100, 0, nothing), whole.p);
    }
    // A page past the end is empty, and has no cursor; the last one neither.
    is_text(ask("q=eau&page=50"), "");
    is_int(answer.total, 130);
    is_int(answer.page, 50);
    ok(answer.cursor.p == NULL);
    ask("q=eau&page_size=65&page=2");
    is_int(answer.hit_count, 65);
    ok(answer.cursor.p == NULL);
    ask("q=eau&page_size=65");
    ok(answer.cursor.n > 0);
    ask(arena_printf(&arena, "q=eau&page_size=65&cursor=%.*s", STR_ARG(answer.cursor)).p);
    is_int(answer.page, 2);
    ok(answer.cursor.p == NULL);
}

// ---- Cursors over a moving index -----------------------------------------------------------------

static void write_unrelated(void)
{
    struct record r = record_of("x", KIND_SOFTWARE, "Autre");
    r.publisher.id = STR("org:9");
    add(&r, STATUS_ACTIVE);
    commit("261", true);
}

static void write_again(void) // the same records: their documents are replaced
{
    for (int i = 0; i < RECORDS; i += 3) {
        struct record r = made(i);
        add(&r, status_of(i));
    }
    commit("262", true);
}

static int newcomers;

// Records that sort before everything: those that were shown already move down.
static void write_first(void)
{
    for (int i = 0; i < newcomers; i++) {
        struct record r = record_of(arena_printf(&arena, "n%03d", i).p, KIND_DATASET, "AAA");
        r.modified = day("2030-01-01");
        add(&r, STATUS_ACTIVE);
    }
    commit("263", true);
}

static void remove_first(void)
{
    for (int i = 0; i < newcomers; i++)
        take_away(arena_printf(&arena, "n%03d", i).p);
    commit("264", true);
}

static void remove_last_shown(void)
{
    take_away(member_of(answer.hits[answer.hit_count - 1].members, "id").p);
    commit("265", true);
}

static void generation_again(void)
{
    begin_generation();
    for (int i = RECORDS - 1; i >= 0; i--) { // other numbers of documents
        struct record r = made(i);
        add(&r, status_of(i));
    }
    commit("266", true);
}

static void moving_index(void)
{
    for (size_t i = 0; i < WALKS; i++) {
        struct str whole = by_pages(walks[i], 100);
        is_text(by_cursors(walks[i], 7, 2, write_again), whole.p);
    }
    struct str whole = by_pages("kind=dataset&sort=title", 100);
    is_text(by_cursors("kind=dataset&sort=title", 7, 3, write_unrelated), whole.p);
    take_away("x");
    static const int counts[] = {1, 50, 99, 700};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        newcomers = counts[i];
        is_text(by_cursors("kind=dataset&sort=title", 7, 3, write_first), whole.p);
        // And the other way: they go when they, and some behind them, were shown.
        struct str more = by_pages("kind=dataset&sort=title", 100);
        ok(more.n > whole.n);
        struct str seen = by_cursors("kind=dataset&sort=title", 7, newcomers / 7 + 2, remove_first);
        size_t missing = 0;
        struct str rest = whole, id;
        while (str_next(&rest, ' ', &id))
            missing += str_find(seen, id) < 0;
        is_int(missing, 0); // nothing is lost
        is_text(by_pages("kind=dataset&sort=title", 100), whole.p);
    }
}

static void removed_under_way(void)
{
    // The very record that the cursor names is removed: the next one is not passed over.
    struct str whole = by_pages("kind=reuse&sort=title", 100);
    is_text(by_cursors("kind=reuse&sort=title", 7, 2, remove_last_shown), whole.p);
}

static void other_generation(void)
{
    struct str whole = by_pages("kind=dataset&sort=title", 100);
    is_text(by_cursors("kind=dataset&sort=title", 7, 3, generation_again), whole.p);
}

static void refused(void)
{
    ask("q=eau");
    struct str cursor = arena_str(&arena, answer.cursor);
    is_text(ask(arena_printf(&arena, "q=jeu&cursor=%s", cursor.p).p), "query");
    is_str(e.what, "cursor belongs to another search");
    ok(e.hint[0] != '\0');
    static const char *const others[] = {"q=eau&sort=title", "q=eau&kind=dataset",
                                         "q=eau&min_quality=0.5", "q=eau&modified_since=2020", ""};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        is_text(ask(arena_printf(&arena, "%s&cursor=%s", others[i], cursor.p).p +
                    (others[i][0] ? 0 : 1)),
                "query");
    // Page size and facets may change on the way.
    ask(arena_printf(&arena, "q=eau&page_size=3&facets=1&cursor=%s", cursor.p).p);
    is_int(answer.hit_count, 3);

    static const char *const broken[] = {"1",
                                         "1.2.3",
                                         "a.b.c.d",
                                         "1.2.3.4.5",
                                         "a.1",
                                         "a.1.1.1.1.1.1.1.1.1",
                                         "...",
                                         "-1.2.3.4",
                                         "99999999999999999999.1.1.1",
                                         "1.4294967296.1.1",
                                         "1.2.3.4 ",
                                         "é"};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        is_text(ask(arena_printf(&arena, "q=eau&cursor=%s", broken[i]).p), "query");
        is_text(str_cut_utf8(str_of(e.what), 6), "cursor");
    }
    // The last result says where to go on, its place does not: that only gives the number of the page.
    struct str follows =
        arena_str(&arena, ask(arena_printf(&arena, "q=eau&cursor=%s", cursor.p).p));
    struct str rest = cursor, part[4];
    for (size_t i = 0; i < 4; i++)
        str_next(&rest, '.', &part[i]);
    is_text(ask(arena_printf(&arena, "q=eau&cursor=%.*s.4294967295.%.*s.%.*s", STR_ARG(part[0]),
                             STR_ARG(part[2]), STR_ARG(part[3]))
                    .p),
            follows.p);
    is_int(answer.page, 1 + 4294967295 / 20);
    // Without it (a document that is not among the results), the place does: far past the end there is nothing.
    is_text(ask(arena_printf(&arena, "q=eau&cursor=%.*s.4294967295.0.%.*s", STR_ARG(part[0]),
                             STR_ARG(part[3]))
                    .p),
            "");
    ok(answer.cursor.p == NULL);
}

// Pages end at 10000 results, cursors do not.
static void depth(void)
{
    enum { MANY = 10120 };
    char term[UNIQUE_TERM_MAX + 1];
    struct record r = record_of("m", KIND_DATASET, "Même");
    struct stored s = stored_of(&r, STATUS_ACTIVE);
    begin_generation();
    for (int i = 0; i < MANY; i++) {
        if (i == 0)
            MUST(document_make(maker, NULL, &s, doc, &e), &e);
        else
            MUST(xap_doc_remove_term(
                     doc, index_unique_term(arena_printf(&arena, "m%d", i - 1), term), &e),
                 &e);
        MUST(xap_writer_replace(writer, index_unique_term(arena_printf(&arena, "m%d", i), term),
                                doc, NULL, &e),
             &e);
    }
    commit("1", true);
    ask("q=même&page=100&page_size=100");
    is_int(answer.hit_count, 100);
    is_int(answer.total, MANY);
    struct str cursor = arena_str(&arena, answer.cursor);
    is_text(ask("q=même&page=101&page_size=100"), "query");
    is_str(e.what, "page times page_size is over 10000");
    ok(e.hint[0] != '\0');
    is_text(ask("page=910&page_size=11"), "query");
    is_text(ask("q=même&page=103&page_size=100"), ""); // past the end: nothing to refuse
    is_int(answer.total, MANY);
    is_text(ask("q=même&page=1000000&page_size=100"), "");
    ask(arena_printf(&arena, "q=même&page_size=100&cursor=%s", cursor.p).p);
    is_int(answer.hit_count, 100);
    is_int(answer.page, 101);
    ask(arena_printf(&arena, "q=même&page_size=100&cursor=%.*s", STR_ARG(answer.cursor)).p);
    is_int(answer.hit_count, 20);
    ok(answer.cursor.p == NULL);
}

int main(void)
{
    search_begin();
    fill();
    facets();
    pages();
    moving_index();
    removed_under_way();
    other_generation();
    refused();
    depth();
    search_end();
    return tap_done();
}
