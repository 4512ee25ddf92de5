// api/search_params: each parameter and what is wrong with it, and the way back to a query string.
#include "api/search_params.h"
#include "base/utf8.h"
#include "tests/tap.h"

static struct arena a;
static struct search_request r;
static struct err e;

// Applies one parameter to a fresh request.
static bool set(const char *name, struct str value)
{
    search_request_init(&r);
    e = (struct err){0};
    return search_param(&r, str_of(name), value, &a, &e);
}

static bool setz(const char *name, const char *value)
{
    return set(name, str_of(value));
}

static struct str query_string(int64_t page)
{
    struct buf b = {0};
    search_query_string(&b, &r, page);
    struct str s = b.n ? arena_str(&a, buf_str(&b)) : STR("");
    buf_free(&b);
    return s;
}

static void nothing_set(void)
{
    search_request_init(&r);
    is_int(r.page, 1);
    is_int(r.page_size, 20);
    ok(r.min_quality == -1);
    is_int(r.sort, SORT_RELEVANCE);
    is_int(r.facets, 0);
    ok(!r.explain);
    is_text(query_string(0), "");
    is_text(query_string(1), "page=1");
}

static void each_parameter(void)
{
    ok(setz("q", "  pistes cyclables "));
    is_text(r.q, "pistes cyclables");
    ok(setz("modified_since", "2026-01-31"));
    is_int(r.modified_since.precision, DATE_DAY);
    is_int(r.modified_since.seconds, 1769817600);
    ok(setz("modified_since", "2026"));
    is_int(r.modified_since.precision, DATE_YEAR);
    ok(setz("min_quality", "0.5"));
    ok(r.min_quality == 0.5);
    ok(setz("min_quality", "0"));
    ok(r.min_quality == 0);
    ok(setz("min_quality", "1"));
    ok(r.min_quality == 1);
    static const char *const sorts[] = {"relevance", "modified", "issued", "views", "title"};
    for (int i = 0; i < 5; i++) {
        ok(setz("sort", sorts[i]));
        is_int(r.sort, i);
    }
    ok(setz("page", "500"));
    is_int(r.page, 500);
    ok(setz("page_size", "100"));
    is_int(r.page_size, 100);
    ok(setz("page_size", "1"));
    is_int(r.page_size, 1);
    ok(setz("cursor", "1.2.3.4"));
    is_text(r.cursor, "1.2.3.4");
    ok(setz("uses", " s:1 "));
    is_text(r.uses, "s:1");
    ok(setz("used_by", "s:2&b"));
    is_text(r.used_by, "s:2&b");
    is_text(query_string(0), "used_by=s%3A2%26b");
    ok(setz("uses", ""));
    ok(setz("used_by", ""));
    is_int(r.uses.n + r.used_by.n, 0);
    ok(setz("explain", "1"));
    ok(r.explain);
    ok(setz("explain", "0"));
    ok(!r.explain);
    ok(setz("facets", "kind, license ,,format_family,kind"));
    is_int(r.facets, 1u << FACET_KIND | 1u << FACET_LICENSE | 1u << FACET_FORMAT_FAMILY);

    static const char *const filters[FACET_COUNT] = {
        "kind",          "source",      "publisher", "publisher_kind", "license",   "format",
        "format_family", "access",      "theme",     "keyword",        "territory", "schema",
        "badge",         "granularity", "frequency", "status"};
    for (int f = 0; f < FACET_COUNT; f++) {
        ok(setz(filters[f], " valeur "));
        is_int(r.filters[f].n, 1);
        is_text(r.filters[f].v[0], "valeur");
        ok(search_param(&r, str_of(filters[f]), STR("autre"), &a, &e)); // repeated: one more
        is_int(r.filters[f].n, 2);
        is_text(r.filters[f].v[1], "autre");
        ok(setz("facets", filters[f]));
        is_int(r.facets, 1u << f);
    }
}

// What is read lives in the arena, not in the request's bytes.
static void copied(void)
{
    char bytes[] = "mot";
    ok(set("q", str_slice(bytes, 3)));
    search_param(&r, STR("kind"), str_slice(bytes, 3), &a, &e);
    memset(bytes, 'x', 3);
    is_text(r.q, "mot");
    is_text(r.filters[FACET_KIND].v[0], "mot");
}

// An empty parameter is an absent one.
static void empty(void)
{
    static const char *const all[] = {
        "q",         "kind",           "source",        "publisher", "publisher_kind",
        "license",   "format",         "format_family", "access",    "theme",
        "keyword",   "territory",      "schema",        "badge",     "granularity",
        "frequency", "modified_since", "min_quality",   "status",    "sort",
        "page",      "page_size",      "cursor",        "facets",    "explain"};
    search_request_init(&r);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        ok(search_param(&r, str_of(all[i]), STR(" "), &a, &e));
        ok(search_param(&r, str_of(all[i]), STR_NONE, &a, &e));
    }
    is_text(query_string(0), "");
    is_int(r.page, 1);
    ok(setz("facets", ",,"));
    is_int(r.facets, 0);
}

static void wrong_values(void)
{
    static const struct {
        const char *name, *value, *what;
    } wrong[] = {
        {"modified_since", "hier",
         "modified_since is \"hier\": it should be a date such as 2026-01-31"},
        {"modified_since", "2026-13-01",
         "modified_since is \"2026-13-01\": it should be a date such as 2026-01-31"},
        {"min_quality", "1.1", "min_quality is \"1.1\": it should be a number from 0 to 1"},
        {"min_quality", "-0.1", "min_quality is \"-0.1\": it should be a number from 0 to 1"},
        {"min_quality", "nan", "min_quality is \"nan\": it should be a number from 0 to 1"},
        {"sort", "date",
         "sort is \"date\": it should be relevance, modified, issued, views or title"},
        {"page", "0", "page is \"0\": it should be a number from 1"},
        {"page", "-1", "page is \"-1\": it should be a number from 1"},
        {"page", "1.5", "page is \"1.5\": it should be a number from 1"},
        {"page", "1000001", "page is \"1000001\": it should be a number from 1"},
        {"page_size", "0", "page_size is \"0\": it should be a number from 1 to 100"},
        {"page_size", "101", "page_size is \"101\": it should be a number from 1 to 100"},
        {"explain", "yes", "explain is \"yes\": it should be 0 or 1"},
        {"facets", "kind,date", "facets names \"date\", which is not a filter"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ok(!setz(wrong[i].name, wrong[i].value));
        is_int(e.code, ERR_QUERY);
        is_str(e.what, wrong[i].what);
    }
    char longest[200];
    memset(longest, 'a', 59);
    memcpy(longest + 59, "\xC3\xA9\xC3\xA9", 5);
    ok(!setz("page", longest));
    ok(utf8_valid(str_of(e.what)) && !strchr(e.what, '?')); // cut between characters
    ok(!setz("facets", longest));
    ok(utf8_valid(str_of(e.what)) && !strchr(e.what, '?'));
    ok(!setz(longest, "x"));
    ok(utf8_valid(str_of(e.what)) && !strchr(e.what, '?'));
}

static void too_many_values(void)
{
    search_request_init(&r);
    for (int i = 0; i < SEARCH_FILTER_VALUES_MAX; i++)
        if (!search_param(&r, STR("keyword"), arena_printf(&a, "k%d", i), &a, &e))
            ok(!"taken");
    is_int(r.filters[FACET_KEYWORD].n, 50);
    ok(!search_param(&r, STR("keyword"), STR("k50"), &a, &e));
    is_int(e.code, ERR_QUERY);
    is_str(e.what, "keyword has more than 50 values");
    ok(search_param(&r, STR("keyword"), STR(""), &a, &e)); // absent, so not one more
    ok(search_param(&r, STR("kind"), STR("dataset"), &a, &e));
}

static void unknown_names(void)
{
    static const struct {
        const char *name, *what, *hint;
    } unknown[] = {
        {"kinds", "unknown parameter \"kinds\"", "did you mean \"kind\"?"},
        {"licence", "unknown parameter \"licence\"", "did you mean \"license\"?"},
        {"pagesize", "unknown parameter \"pagesize\"", "did you mean \"page_size\"?"},
        {"facet", "unknown parameter \"facet\"", "did you mean \"facets\"?"},
        {"territoire", "unknown parameter \"territoire\"", "did you mean \"territory\"?"},
        {"Q", "unknown parameter \"Q\"", "did you mean \"q\"?"},
        {"organisation", "unknown parameter \"organisation\"", ""},
        {"", "unknown parameter \"\"", ""},
        {"zz", "unknown parameter \"zz\"", ""},
    };
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        ok(!setz(unknown[i].name, "x"));
        is_int(e.code, ERR_USAGE);
        is_str(e.what, unknown[i].what);
        is_str(e.hint, unknown[i].hint);
    }
}

static void encoding(void)
{
    struct buf b = {0};
    url_encode(&b, STR("aZ09-._~"));
    is_text(buf_str(&b), "aZ09-._~");
    buf_clear(&b);
    url_encode(&b, STR("a b&c=d+é/?#%\"<\x01\x7F"));
    is_text(buf_str(&b), "a%20b%26c%3Dd%2B%C3%A9%2F%3F%23%25%22%3C%01%7F");
    buf_clear(&b);
    url_encode(&b, STR("\0\xFF"));
    is_text(buf_str(&b), "%00%FF");
    buf_free(&b);
}

static void territories(void)
{
    static const struct {
        const char *given, *zone;
    } cases[] = {
        {"35238", "fr:commune:35238"},
        {"2A004", "fr:commune:2A004"},
        {"2b033", "fr:commune:2B033"},
        {"243500139", "fr:epci:243500139"},
        {"35", "fr:departement:35"},
        {"974", "fr:departement:974"},
        {"2A", "fr:departement:2A"},
        {"2b", "fr:departement:2B"},
        {"fr:commune:35238", "fr:commune:35238"},
        {"fr:region:53", "fr:region:53"},
        {"country:fr", "country:fr"},
        {"3", "3"},
        {"3523", "3523"},
        {"352380", "352380"},
        {"24350013", "24350013"},
        {"2A1", "2A1"},
        {"2C004", "2C004"},
        {"A2004", "A2004"},
        {"2A1234567", "2A1234567"},
        {"rennes", "rennes"},
        {"", ""},
        {"3 ", "3 "},
        {"-5", "-5"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        is_text(search_territory(&a, str_of(cases[i].given)), cases[i].zone);
    is_int(search_territory(&a, STR("2\0")).n, 2);
    ok(str_eq(search_territory(&a, STR("2\0")), STR("2\0")));
}

static int hex_of(char c)
{
    return c <= '9' ? c - '0' : c - 'A' + 10;
}

// Reads a query string as a server does, into r.
static bool read_back(struct str query)
{
    struct str pair;
    search_request_init(&r);
    while (query.n && str_next(&query, '&', &pair)) {
        struct str name;
        str_next(&pair, '=', &name);
        char *out = arena_bytes(&a, pair.n + 1);
        size_t n = 0;
        for (size_t i = 0; i < pair.n; i++) {
            bool coded = pair.p[i] == '%';
            out[n++] =
                coded ? (char)(hex_of(pair.p[i + 1]) * 16 + hex_of(pair.p[i + 2])) : pair.p[i];
            i += coded ? 2 : 0;
        }
        if (!search_param(&r, name, str_slice(out, n), &a, &e))
            return false;
    }
    return true;
}

static void round_trip(void)
{
    static const char *const searches[] = {
        "q=v%C3%A9lo%20%26%20bus",
        "q=a&kind=dataset&kind=reuse&license=etalab-2.0&territory=35238&status=active",
        "publisher=data.gouv.fr%3Aorganization.5d00&keyword=plan%20local&format=csv",
        "q=x&modified_since=2026-01-31&min_quality=0.5&sort=modified&page_size=50",
        "modified_since=2026-01-31T10%3A11%3A12Z",
        "modified_since=2026",
        "modified_since=2026-05",
        "min_quality=0",
        "min_quality=0.1234567",
        "min_quality=0.00001",
        "q=x&facets=kind,license,status&explain=1",
        "sort=title",
        "q=x&page=7",
    };
    for (size_t i = 0; i < sizeof searches / sizeof *searches; i++) {
        ok(read_back(str_of(searches[i])));
        struct search_request first = r;
        struct str written = query_string(r.page == 1 ? 0 : r.page);
        ok(read_back(written));
        is_text(query_string(r.page == 1 ? 0 : r.page), written.p);
        ok(r.min_quality == first.min_quality);
        ok(r.modified_since.seconds == first.modified_since.seconds &&
           r.modified_since.precision == first.modified_since.precision);
        is_int(r.sort, first.sort);
        is_int(r.page, first.page);
        is_int(r.page_size, first.page_size);
        is_int(r.facets, first.facets);
        is_int(r.explain, first.explain);
        bool same = str_eq(r.q, first.q);
        for (int f = 0; f < FACET_COUNT; f++) {
            same = same && r.filters[f].n == first.filters[f].n;
            for (size_t v = 0; same && v < r.filters[f].n; v++)
                same = str_eq(r.filters[f].v[v], first.filters[f].v[v]);
        }
        ok(same);
    }
    // The words themselves, in their fixed order; behind a '?' or another pair.
    read_back(STR(
        "page=3&sort=views&kind=reuse&q=a%20b&page_size=20&min_quality=0.5&facets=status,kind"));
    is_text(query_string(4),
            "q=a%20b&kind=reuse&min_quality=0.5&sort=views&facets=kind%2Cstatus&page=4");
    struct buf b = {0};
    buf_addz(&b, "/api/v1/search?");
    search_query_string(&b, &r, 0);
    is_text(buf_str(&b),
            "/api/v1/search?q=a%20b&kind=reuse&min_quality=0.5&sort=views&facets=kind%2Cstatus");
    search_query_string(&b, &r, 2);
    ok(str_find(buf_str(&b), STR("kind%2Cstatus&q=a%20b")) > 0);
    buf_free(&b);
    // A cursor is not part of the search.
    read_back(STR("q=a&cursor=1.2.3.4"));
    is_text(query_string(0), "q=a");
}

int main(void)
{
    nothing_set();
    each_parameter();
    copied();
    empty();
    wrong_values();
    too_many_values();
    unknown_names();
    encoding();
    territories();
    round_trip();
    arena_free(&a);
    return tap_done();
}
