// api/suggest: its parameters, and what it writes.
#include "api/suggest.h"
#include "base/buf.h"
#include "tests/tap.h"

static struct suggest_request r;
static struct err e;

static bool set(const char *name, const char *value)
{
    e = (struct err){0};
    return suggest_param(&r, str_of(name), str_of(value), &e);
}

static void parameters(void)
{
    suggest_request_init(&r);
    is_int(r.page_size, 10);
    is_int(r.kinds, 0);
    is_int(r.q.n, 0);
    ok(set("q", " eau "));
    is_text(r.q, " eau "); // the space tells that the word is whole
    ok(set("kind", "dataset"));
    ok(set("kind", " territory "));
    ok(set("kind", ""));
    is_int(r.kinds, 1 << SUGGEST_DATASET | 1 << SUGGEST_TERRITORY);
    ok(!set("kind", "datasets"));
    is_int(e.code, ERR_QUERY);
    is_str(e.what, "kind is \"datasets\"");
    ok(set("page_size", "20"));
    is_int(r.page_size, 20);
    ok(set("page_size", ""));
    is_int(r.page_size, 20);
    ok(!set("page_size", "21"));
    is_str(e.what, "page_size is \"21\": it should be a number from 1 to 20");
    ok(!set("page_size", "0"));
    ok(!set("page_size", "1.5"));
    ok(!set("pagesize", "1"));
    is_int(e.code, ERR_USAGE);
    is_str(e.hint, "did you mean \"page_size\"?");
    ok(!set("zzzzzzzz", "1"));
    is_str(e.hint, "");
}

static struct str written(struct buf *b, struct suggestion one)
{
    struct suggestions found = {&one, 1};
    buf_clear(b);
    json_suggest(b, STR("e\"au"), &found, STR("http://h"), 0.12345);
    return buf_str(b);
}

static void answers(void)
{
    struct buf b = {0};
    struct suggestion one = {.kind = SUGGEST_DATASET,
                             .text = STR("L'eau & <toi>"),
                             .html = STR("L&#39;<mark>eau</mark>"),
                             .value = STR("s:a/b"),
                             .count = 1};
    is_text(written(&b, one),
            "{\"q\":\"e\\\"au\",\"data\":[{\"kind\":\"dataset\",\"text\":\"L'eau & <toi>\","
            "\"html\":\"L&#39;<mark>eau</mark>\",\"id\":\"s:a/b\",\"count\":1,"
            "\"url\":\"http://h/r/s%3Aa%2Fb\"}],\"took_ms\":0.123}");
    static const struct {
        enum suggest_kind kind;
        uint32_t count;
        const char *rest;
    } cases[] = {
        {SUGGEST_REUSE, 0, "\"id\":\"s:a/b\",\"count\":0,\"url\":\"http://h/r/s%3Aa%2Fb\""},
        {SUGGEST_SOFTWARE, 3,
         "\"id\":\"s:a/b\",\"count\":3,\"url\":\"http://h/"
         "?q=L%27eau%20%26%20%3Ctoi%3E&kind=software\""},
        {SUGGEST_ORGANIZATION, 0, "\"id\":\"s:a/b\",\"count\":0,\"url\":\"http://h/r/s%3Aa%2Fb\""},
        {SUGGEST_ORGANIZATION, 2,
         "\"id\":\"s:a/b\",\"count\":2,\"url\":\"http://h/?publisher=s%3Aa%2Fb\""},
        {SUGGEST_KEYWORD, 2,
         "\"value\":\"s:a/b\",\"count\":2,\"url\":\"http://h/?keyword=s%3Aa%2Fb\""},
        {SUGGEST_TERRITORY, 0,
         "\"value\":\"s:a/b\",\"count\":null,\"url\":\"http://h/?territory=s%3Aa%2Fb\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        one.kind = cases[i].kind;
        one.count = cases[i].count;
        struct str json = written(&b, one);
        ok(str_find(json, str_of(cases[i].rest)) > 0);
    }
    buf_clear(&b);
    json_suggest(&b, STR_NONE, &(struct suggestions){0}, STR(""), 0);
    is_text(buf_str(&b), "{\"q\":\"\",\"data\":[],\"took_ms\":0}");
    buf_free(&b);
}

int main(void)
{
    parameters();
    answers();
    is_int(suggest_route_count, 1);
    is_str(suggest_routes[0].pattern, "/api/v1/suggest");
    is_int(suggest_routes[0].methods, HTTP_GET);
    return tap_done();
}
