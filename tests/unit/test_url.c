// harvester/url: what may be fetched or shown, origins, relative links, queries.
#include "harvester/url.h"
#include "tests/tap.h"

static struct arena a;

static const char *joined(const char *base, const char *link)
{
    struct str out;
    struct err e;
    return url_join(&a, str_of(base), str_of(link), &out, &e) ? out.p : "refused";
}

static const char *appended(const char *url, const char *name, struct str value)
{
    struct str out = url_query_append(&a, str_of(url), str_of(name), value);
    return out.p ? out.p : "refused";
}

static void refused(const char *url, const char *why)
{
    struct err e = {0};
    ok(!url_check(str_of(url), &e));
    is_int(e.code, ERR_ARGUMENT);
    if (!tap_result(strstr(e.what, why), __FILE__, __LINE__, url))
        printf("#   said: %s\n", e.what);
}

static void test_check(void)
{
    struct err e;
    ok(url_check(STR("http://example.fr"), &e));
    ok(url_check(STR("HTTPS://Example.fr:8443/a/b?c=d#e"), &e));
    ok(url_check(STR("http://[2001:db8::1]:80/"), &e));
    ok(url_check(STR("http://127.0.0.1:7000/api/1/"), &e)); // addresses are the guard's
    refused("", "empty");
    refused("example.fr/a", "not a URL");
    refused("/a", "not a URL");
    refused("//example.fr/a", "not a URL");
    refused("http://", "not a URL");
    refused("http://example.fr:99999/", "not a URL");
    refused("http://exa mple.fr/", "not a URL");
    refused("http://example.fr/a b", "not a URL");
    refused("http://example%2f.fr/", "not a URL");
    refused("ftp://example.fr/a", "only http and https");
    refused("gopher://example.fr:70/_a", "only http and https");
    refused("file:///etc/passwd", "");
    refused("javascript:alert(1)", "not a URL");
    refused("http://u@example.fr/", "user name");
    refused("http://u:p@example.fr/", "user name");
    refused("http://example.fr\\@evil.fr/", "user name");
    refused("http://[fe80::1%25eth0]/", "zone");
    refused("http://\xc3\xa9.fr/", "ASCII");
    refused("http://%65xample.fr/", "ASCII");
    refused("http://%30x7f.1/", "ASCII");
    refused("http:/example.fr/", "");
    refused("http:///example.fr/", "");
    refused("http://example.fr/\n", "control");
    refused("http://example.fr/\x7f", "control");
    ok(!url_check(str_slice("http://a.fr/\0b", 14), &e));
    ok(!url_check(STR_NONE, &e));

    char longest[URL_LONGEST + 2];
    memset(longest, 'a', sizeof longest);
    memcpy(longest, "http://a.fr/", 12);
    ok(url_check(str_slice(longest, URL_LONGEST), &e));
    ok(!url_check(str_slice(longest, URL_LONGEST + 1), &e));
    is_str(e.what, "the URL is longer than 8192 bytes");
}

static void test_origin(void)
{
    ok(url_same_origin(STR("http://a.fr/x"), STR("HTTP://A.FR:80/y?z")));
    ok(url_same_origin(STR("https://a.fr"), STR("https://a.fr:443/")));
    ok(!url_same_origin(STR("https://a.fr/"), STR("http://a.fr/")));
    ok(!url_same_origin(STR("http://a.fr/"), STR("http://b.fr/")));
    ok(!url_same_origin(STR("http://a.fr/"), STR("http://a.fr:81/")));
    ok(!url_same_origin(STR("http://a.fr/"), STR("http://a.fr.evil.fr/")));
    ok(!url_same_origin(STR("http://a.fr/"), STR("http://a.fr@evil.fr/")));
    ok(!url_same_origin(STR("nonsense"), STR("nonsense")));
    ok(!url_same_origin(STR("http://a.fr/"), STR("nonsense")));
    is_text(url_origin(&a, STR("HTTPS://WWW.data.gouv.fr/api")), "https://www.data.gouv.fr:443");
    is_text(url_origin(&a, STR("http://[::1]:7000/")), "http://[::1]:7000");
    ok(url_origin(&a, STR("ftp://a/")).p == NULL);
    is_text(url_host(&a, STR("http://Example.FR:81/")), "example.fr");
    is_text(url_host(&a, STR("http://[::1]:7000/")), "::1");
    is_text(url_host(&a, STR("http://127.1/")), "127.0.0.1");
    is_text(url_host(&a, STR("http://0x7f000001/")), "127.0.0.1");
    is_text(url_host(&a, STR("http://2130706433/")), "127.0.0.1");
    is_text(url_host(&a, STR("http://0177.0.0.1/")), "127.0.0.1");
    ok(url_host(&a, STR("mailto:a@b.fr")).p == NULL);
}

static void test_join(void)
{
    is_str(joined("http://a.fr/b/c?d", "../x"), "http://a.fr/x");
    is_str(joined("http://a.fr/b/c?d", "x"), "http://a.fr/b/x");
    is_str(joined("http://a.fr/b/c?d", "?page=2"), "http://a.fr/b/c?page=2");
    is_str(joined("http://a.fr/b/c?d", "/api/1/datasets/?page=2&page_size=100"),
           "http://a.fr/api/1/datasets/?page=2&page_size=100");
    is_str(joined("http://a.fr/b/c?d#f", ""), "http://a.fr/b/c?d");
    is_str(joined("http://a.fr/b/c?d", "#z"), "http://a.fr/b/c?d");
    is_str(joined("http://a.fr/b", "https://B.fr/x#frag"), "https://B.fr/x");
    is_str(joined("https://a.fr/b", "//b.fr/x"), "https://b.fr/x");
    is_str(joined("http://a.fr", "../../x"), "http://a.fr/x");
    is_str(joined("http://a.fr/b", "x y"), "http://a.fr/x%20y");
    is_str(joined("http://a.fr/b", "\xc3\xa9"), "http://a.fr/%c3%a9");
    is_str(joined("http://a.fr/b", "./x:y"), "http://a.fr/x:y");
    is_str(joined("http://a.fr/b", "javascript:alert(1)"), "refused");
    is_str(joined("http://a.fr/b", "file:///etc/passwd"), "refused");
    is_str(joined("http://a.fr/b", "ftp://a.fr/"), "refused");
    is_str(joined("http://a.fr/b", "http://u:p@a.fr/"), "refused");
    is_str(joined("http://a.fr/b", "x\ny"), "refused");
    is_str(joined("nonsense", "/x"), "refused");
}

static void test_query(void)
{
    is_str(appended("http://a.fr/b", "page", STR("2")), "http://a.fr/b?page=2");
    is_str(appended("http://a.fr/b?x=1#f", "page", STR("2")), "http://a.fr/b?x=1&page=2");
    is_str(appended("http://a.fr", "q", STR("")), "http://a.fr/?q=");
    is_str(appended("http://a.fr/", "q", STR("a b&c=d+e#~")),
           "http://a.fr/?q=a%20b%26c%3dd%2be%23~");
    is_str(appended("http://a.fr/", "sort by", STR("\xc3\xa9")), "http://a.fr/?sort%20by=%c3%a9");
    is_str(appended("http://a.fr/", "q", str_slice("a\0\n", 3)), "http://a.fr/?q=a%00%0a");
    is_str(appended("nonsense", "q", STR("1")), "refused");
    char longest[URL_LONGEST];
    memset(longest, 'a', sizeof longest);
    is_str(appended("http://a.fr/", "q", str_slice(longest, sizeof longest)), "refused");
}

static void test_web(void)
{
    ok(url_is_web(STR("http://a.fr/")));
    ok(url_is_web(STR("https://\xc3\xa9.fr/a b")));
    ok(url_is_web(STR("mailto:contact@a.fr")));
    ok(url_is_web(STR("MAILTO:contact@a.fr?subject=x")));
    ok(!url_is_web(STR("mailto:")));
    ok(!url_is_web(STR("mailto:@")));
    ok(!url_is_web(STR("mailto:a@b.fr\r\nBcc: c@d.fr")));
    ok(!url_is_web(STR("javascript:alert(1)")));
    ok(!url_is_web(STR("JavaScript://a.fr/%0aalert(1)")));
    ok(!url_is_web(STR("java\tscript:alert(1)")));
    ok(!url_is_web(STR("data:text/html,x")));
    ok(!url_is_web(STR("vbscript:x")));
    ok(!url_is_web(STR("ftp://a.fr/")));
    ok(!url_is_web(STR("http://www.gouv.fr@evil.fr/")));
    ok(!url_is_web(STR("www.a.fr")));
    ok(!url_is_web(STR("/r/x")));
    ok(!url_is_web(STR("")));
    ok(!url_is_web(STR_NONE));
}

int main(void)
{
    test_check();
    test_origin();
    test_join();
    test_query();
    test_web();
    arena_free(&a);
    return tap_done();
}
