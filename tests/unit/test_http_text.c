// api/http/text: tokens, weighted lists, percent-encoding, queries.
#include "api/http/text.h"
#include "tests/tap.h"

static struct arena a;

static void test_characters(void)
{
    ok(http_is_token(STR("Content-Length")));
    ok(http_is_token(STR("!#$%&'*+-.^_`|~09azAZ")));
    ok(!http_is_token(STR("")));
    ok(!http_is_token(STR("X-A ")));
    ok(!http_is_token(STR("X:A")));
    ok(!http_is_token(STR("X\0A")));
    ok(!http_is_token(STR("é")));
    ok(http_is_field_value(STR("")));
    ok(http_is_field_value(STR("a\tb \xFF")));
    ok(!http_is_field_value(STR("a\nb")));
    ok(!http_is_field_value(STR("a\rb")));
    ok(!http_is_field_value(STR("a\0b")));
    ok(!http_is_field_value(STR("\x7F")));
}

static void test_lists(void)
{
    struct str list = STR(" a ,, \"b,\\\"c\" ;x=\",\" ,\td"), element;
    ok(http_list_next(&list, &element));
    is_text(element, "a");
    ok(http_list_next(&list, &element));
    is_text(element, "\"b,\\\"c\" ;x=\",\"");
    ok(http_list_next(&list, &element));
    is_text(element, "d");
    ok(!http_list_next(&list, &element));
    list = STR_NONE;
    ok(!http_list_next(&list, &element));
    list = STR(" , ,");
    ok(!http_list_next(&list, &element));
    list = STR("\"open, a"); // a quote that is not closed takes the rest
    ok(http_list_next(&list, &element));
    is_text(element, "\"open, a");
    ok(!http_list_next(&list, &element));
}

static void test_weights(void)
{
    is_int(http_list_weight(STR_NONE, "gzip"), -1);
    is_int(http_list_weight(STR(""), "gzip"), -1);
    is_int(http_list_weight(STR("br, x-gzip"), "gzip"), -1);
    is_int(http_list_weight(STR("gzip"), "gzip"), 1000);
    is_int(http_list_weight(STR("br;q=1, GZip ; Q=0.25"), "gzip"), 250);
    is_int(http_list_weight(STR("gzip;q=1.000"), "gzip"), 1000);
    is_int(http_list_weight(STR("gzip;q=1."), "gzip"), 1000);
    is_int(http_list_weight(STR("gzip;q=0"), "gzip"), 0);
    is_int(http_list_weight(STR("gzip;q=0.001"), "gzip"), 1);
    is_int(http_list_weight(STR("gzip;q=0.0001"), "gzip"), 0);
    is_int(http_list_weight(STR("gzip;q=1.001"), "gzip"), 0);
    is_int(http_list_weight(STR("gzip;q=2"), "gzip"), 0);
    is_int(http_list_weight(STR("gzip;q="), "gzip"), 0);
    is_int(http_list_weight(STR("gzip;q=0,5"), "gzip"), 0);
    is_int(http_list_weight(STR("gzip;q=-1"), "gzip"), 0);
    is_int(http_list_weight(STR("text/html;level=1;q=0.5"), "text/html"), 500);
}

static const char *decoded(struct str s)
{
    struct str out;
    return http_percent_decode(&a, s, &out) ? out.p : "refused";
}

static void test_percent(void)
{
    is_str(decoded(STR("")), "");
    is_str(decoded(STR("a+b")), "a+b");
    is_str(decoded(STR("%41%c3%A9%2F%25")), "Aé/%");
    is_str(decoded(STR("%2541")), "%41"); // once
    is_str(decoded(STR("%")), "refused");
    is_str(decoded(STR("a%4")), "refused");
    is_str(decoded(STR("%4g")), "refused");
    is_str(decoded(STR("%00")), "refused");
    is_str(decoded(STR("%c3")), "refused");
    is_str(decoded(STR("%c0%80")), "refused");
}

static void is_query(struct str query, const char *wanted)
{
    struct http_pairs pairs;
    struct str culprit, seen = STR("");
    struct err e;
    if (!http_query_parse(&a, query, 4, &pairs, &culprit, &e)) {
        is_int(e.code, ERR_ARGUMENT);
        seen = arena_printf(&a, "%.*s: %s", STR_ARG(culprit), e.what);
    }
    for (size_t i = 0; i < pairs.n && seen.n == 0; i++)
        ok(pairs.v[i].value.p != NULL);
    for (size_t i = 0; i < pairs.n && !strchr(seen.p, ':'); i++)
        seen = arena_printf(&a, "%.*s[%.*s=%.*s]", STR_ARG(seen), STR_ARG(pairs.v[i].name),
                            STR_ARG(pairs.v[i].value));
    is_text(seen, wanted);
}

static void test_query(void)
{
    is_query(STR_NONE, "");
    is_query(STR(""), "");
    is_query(STR("a=1&b=2&a=3"), "[a=1][b=2][a=3]");
    is_query(STR("a&b=&=c&&"), "[a=][b=][=c]");
    is_query(STR("a+b%2B=%20+"), "[a b+=  ]");
    is_query(STR("a=b=c%3D"), "[a=b=c=]");
    is_query(STR("q=100%&r=%4x&s=%"), "[q=100%][r=%4x][s=%]");
    is_query(STR("a=1&b=2&c=3&d=4"), "[a=1][b=2][c=3][d=4]");
    is_query(STR("a=1&b=2&c=3&d=4&"), "[a=1][b=2][c=3][d=4]");
    is_query(STR("a=1&b=2&c=3&d=4&e=5"), ": the query has more than 4 parameters");
    is_query(STR("a=1&b=%00"), "b: the value is not UTF-8 text");
    is_query(STR("b=\xFF"), "b: the value is not UTF-8 text");
    is_query(STR("%ff=1"), ": a parameter's name is not UTF-8 text");
}

static void test_fields(void)
{
    const struct http_pair v[] = {
        {STR("Host"), STR("a")}, {STR("X-A"), STR("1")}, {STR("x-a"), STR("2")}};
    is_text(http_pairs_field((struct http_pairs){v, 3}, "X-a"), "1");
    ok(http_pairs_field((struct http_pairs){v, 3}, "X-B").p == NULL);
    ok(http_pairs_field((struct http_pairs){NULL, 0}, "X-B").p == NULL);
}

int main(void)
{
    test_characters();
    test_lists();
    test_weights();
    test_percent();
    test_query();
    test_fields();
    arena_free(&a);
    return tap_done();
}
