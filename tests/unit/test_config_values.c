// The configuration: values of every type and their bounds, and what is read of YAML, with the exact
// message of all that is refused.
#include "tests/unit/config_fixture.h"

static void test_texts(void)
{
    struct config *c = value_accepted("text", "' abcdef '");
    is_text(full(c)->text, "abcdef");
    is_str(full(c)->text.p, "abcdef");
    config_free(c);
    c = value_accepted("text", "true");
    is_text(full(c)->text, "true");
    config_free(c);
    c = value_accepted("text", "\"~~\"");
    is_text(full(c)->text, "~~");
    config_free(c);
    c = value_accepted("text", "12");
    is_text(full(c)->text, "12");
    config_free(c);
    value_refused("text", "abcdefg", "is 7 bytes long, which is over its bound (2 to 6)");
    value_refused("text", "a", "is 1 bytes long, which is under its bound (2 to 6)");
    value_refused("text", "abc", "is \"abc\": its length is odd (add a letter)");
    value_refused("text", "\"\"", "is empty (leave the key out, or write null)");
    value_refused("text", "' '", "is empty (leave the key out, or write null)");
    value_refused("text", "\"a\\0bc\"",
                  "is \"a?bc\": it holds a line break or a control character");
    value_refused("text", "\"a\\u0085b\"",
                  "is \"a??b\": it holds a line break or a control character");
    value_refused("text", "[a]", "must be one value, not a list");
    value_refused("text", "{a: b}", "must be one value, not a map");

    c = value_accepted("path", "./././a/b");
    is_text(full(c)->path, "/etc/glaneur/a/b");
    is_str(full(c)->path.p, "/etc/glaneur/a/b");
    config_free(c);
    c = value_accepted("path", "/a");
    is_text(full(c)->path, "/a");
    config_free(c);
    value_refused("path", "\"~\"", "is \"~\": ~ has no meaning here, write the whole path");
    value_refused("path", "/aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd",
                  "is 41 bytes long, which is over its bound (1 to 40)");

    c = value_accepted("link", "http://x/");
    is_text(full(c)->link, "http://x/");
    config_free(c);
    value_refused("link", "ftp://x/", "is \"ftp://x/\": it must begin with http:// or https://");
    value_refused("link", "www.data.gouv.fr",
                  "is \"www.data.gouv.fr\": it must begin with http:// or https://");
    value_refused("link", "http://a b", "is \"http://a b\": it holds a space");
    value_refused("link", "http://u@a", "is \"http://u@a\": it holds a user name");

    c = value_accepted("cron", "never");
    is_text(full(c)->cron, "never");
    config_free(c);
    value_refused("cron", "99", "is \"99\": minute 99 is over 59");

    // A text without a bound of its own has that of all texts.
    char longest[CONF_TEXT_MOST + 2];
    memset(longest, '1', sizeof longest);
    longest[CONF_TEXT_MOST] = '\0';
    config_free(value_accepted("cron", longest));
    longest[CONF_TEXT_MOST] = '1';
    longest[CONF_TEXT_MOST + 1] = '\0';
    value_refused("cron", longest, "is 2001 bytes long, which is over its bound (1 to 2000)");
}

static void test_listen(void)
{
    static const struct {
        const char *text, *host;
        int family, port;
        bool loopback;
    } good[] = {
        {"127.9.9.9:0", "127.9.9.9", CONF_IPV4, 0, true},
        {"0.0.0.0:65535", "0.0.0.0", CONF_IPV4, 65535, false},
        {"'[::1]:8080'", "::1", CONF_IPV6, 8080, true},
        {"'[2001:db8::1]:80'", "2001:db8::1", CONF_IPV6, 80, false},
        {"unix:/run/a.sock", "/run/a.sock", CONF_UNIX, 0, true},
        {"unix:./a.sock", "/etc/glaneur/a.sock", CONF_UNIX, 0, true},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct config *c = value_accepted("listen", good[i].text);
        is_text(full(c)->listen.host, good[i].host);
        is_int(full(c)->listen.family, good[i].family);
        is_int(full(c)->listen.port, good[i].port);
        is_int(full(c)->listen.loopback, good[i].loopback);
        config_free(c);
    }
    static const char *const bad[] = {
        "8080",         "127.0.0.1",       ":8080",          "*:8080",
        "localhost:1",  "127.0.0.1:65536", "::1:8080",       "127.1:80",
        "127.0.0.1:-1", "[::1]",           "[127.0.0.1]:80", "127.0.0.1: 80",
        "127.0.0.1:",   "[]:80",           "[:80",           "http://127.0.0.1:80"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char value[80], wanted[200];
        snprintf(value, sizeof value, "'%s'", bad[i]);
        snprintf(wanted, sizeof wanted,
                 "is \"%s\": write an address and a port, as 127.0.0.1:8080 or [::1]:8080, or "
                 "unix:/path",
                 bad[i]);
        value_refused("listen", value, wanted);
    }
    value_refused("listen", "'unix:'", "is \"unix:\": unix: is followed by a path");
    char value[200] = "unix:/";
    memset(value + 6, 'a', 106);
    struct config *c = value_accepted("listen", value); // 107 bytes
    is_int(full(c)->listen.host.n, 107);
    config_free(c);
    value[112] = 'a';
    value_refused("listen", value,
                  "is \"unix:/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...\": "
                  "the path of a socket is at most 107 bytes");
}

static void test_numbers_and_words(void)
{
    struct config *c = value_accepted("text", "abcd");
    is_int(full(c)->number, 7);
    ok(full(c)->share == 0.5);
    ok(full(c)->flag);
    is_int(full(c)->taste, SOUR);
    is_int(full(c)->tags.n, 0);
    is_int(full(c)->tastes, 0);
    is_int(full(c)->networks.n, 0);
    is_int(full(c)->nested.sweeps, -2);
    ok(!full(c)->path.p && !full(c)->link.p && !full(c)->cron.p && !full(c)->listen.text.p);
    config_free(c);

    static const struct {
        const char *text;
        int64_t value;
    } numbers[] = {{"-10", -10}, {"1000000", 1000000}, {"0", 0}, {"'42'", 42}, {"007", 7}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        c = value_accepted("number", numbers[i].text);
        is_int(full(c)->number, numbers[i].value);
        config_free(c);
    }
    value_refused("number", "-11", "is -11, which is under its bound (-10 to 1000000)");
    value_refused("number", "1000001", "is 1000001, which is over its bound (-10 to 1000000)");
    value_refused("number", "99999999999999999999",
                  "is 99999999999999999999, which is over its bound (-10 to 1000000)");
    value_refused("number", "-99999999999999999999",
                  "is -99999999999999999999, which is under its bound (-10 to 1000000)");
    static const char *const not_numbers[] = {"ten", "1.5", "0x10", "1_000", "1e3", "+1", "-"};
    for (size_t i = 0; i < sizeof not_numbers / sizeof *not_numbers; i++) {
        char wanted[120];
        snprintf(wanted, sizeof wanted, "is \"%s\": it must be a whole number, -10 to 1000000",
                 not_numbers[i]);
        char value[20];
        snprintf(value, sizeof value, "'%s'", not_numbers[i]);
        value_refused("number", value, wanted);
    }
    value_refused("number", "''", "is \"\": it must be a whole number, -10 to 1000000");
    value_refused("number", "[1]", "must be one value, not a list");

    c = value_accepted("share", "0.25");
    ok(full(c)->share == 0.25);
    config_free(c);
    c = value_accepted("share", "1e6");
    ok(full(c)->share == 1e6);
    config_free(c);
    value_refused("share", "0.2499", "is 0.2499, which is under its bound (0.25 to 1000000)");
    value_refused("share", "1000000.5", "is 1000000.5, which is over its bound (0.25 to 1000000)");
    value_refused("share", ".nan", "is \".nan\": it must be a number, 0.25 to 1000000");
    value_refused("share", "10%", "is \"10%\": it must be a number, 0.25 to 1000000");
    value_refused("share", "0,5", "is \"0,5\": it must be a number, 0.25 to 1000000");

    c = value_accepted("flag", "False");
    ok(!full(c)->flag);
    config_free(c);
    c = value_accepted("flag", "TRUE");
    ok(full(c)->flag);
    config_free(c);
    value_refused("flag", "yes", "is \"yes\": write true or false");
    value_refused("flag", "1", "is \"1\": write true or false");

    c = value_accepted("taste", "sweet");
    is_int(full(c)->taste, SWEET);
    config_free(c);
    value_refused("taste", "swet",
                  "is \"swet\": it must be one of sweet, sour (did you mean \"sweet\"?)");
    value_refused("taste", "bitter", "is \"bitter\": it must be one of sweet, sour");
    value_refused("taste", "Sour",
                  "is \"Sour\": it must be one of sweet, sour (did you mean \"sour\"?)");

    c = value_accepted("nested", "{sweeps: 5}");
    is_int(full(c)->nested.sweeps, 5);
    config_free(c);
    c = value_accepted("nested", "");
    is_int(full(c)->nested.sweeps, -2);
    config_free(c);
    value_refused("nested", "5", "must be a map, not one value");
    value_refused("nested", "[5]", "must be a map, not a list");
}

static void test_lists(void)
{
    struct config *c = value_accepted("tags", "[ab, 'cd ', \"efgh\"]");
    is_int(full(c)->tags.n, 3);
    is_text(full(c)->tags.v[0], "ab");
    is_text(full(c)->tags.v[1], "cd");
    is_text(full(c)->tags.v[2], "efgh");
    config_free(c);
    c = value_accepted("tags", "\n    - ab\n    - cd"); // dashes at the key's own column
    is_int(full(c)->tags.n, 2);
    config_free(c);
    c = value_accepted("tastes", "[sour, sweet, sour]");
    is_int(full(c)->tastes, 3);
    config_free(c);
    c = value_accepted("tastes", "[sour]");
    is_int(full(c)->tastes, 2);
    config_free(c);
    c = value_accepted("tags", "null");
    is_int(full(c)->tags.n, 0);
    config_free(c);
    value_refused("tags", "ab", "must be a list, not one value (write it in brackets: [a, b])");
    value_refused("tags", "{ab: cd}", "must be a list, not a map (write it in brackets: [a, b])");
    value_refused("tags", "[]", "has 0 entries, which is under its bound (1 to 3)");
    value_refused("tags", "[ab, ab, ab, ab]", "has 4 entries, which is over its bound (1 to 3)");
    value_refused("tags", "[ab, abc]", "is \"abc\": its length is odd (add a letter)");
    value_refused("tags", "[ab, '']", "is empty (leave the key out, or write null)");
    value_refused("networks", "[ten]", "is \"ten\": it has no prefix length");
    value_refused("tastes", "[bitter]", "is \"bitter\": it must be one of sweet, sour");
    refused(SOURCE "    tags:\n      - ab\n      - [cd]\n",
            "glaneur.yaml:7: an entry of \"tags\" must be one value, not a list");
    refused(SOURCE "    tags:\n      - ab\n      -\n",
            "glaneur.yaml:7: an entry of \"tags\" must be one value, not null");
    refused("sources: {name: a}",
            "glaneur.yaml:1: \"sources\" must be a list, not a map (begin each entry with a dash)");
    refused("sources: [data.gouv.fr]",
            "glaneur.yaml:1: an entry of \"sources\" must be a map, not one value");
    refused("sources:\n-\n", "glaneur.yaml:2: an entry of \"sources\" must be a map, not null");
    refused("- listen: 127.0.0.1:80",
            "glaneur.yaml:1: the file must be a map of keys and values, as "
            "\"listen: 127.0.0.1:8080\"");
    refused("listen", "glaneur.yaml:1: the file must be a map of keys and values, as "
                      "\"listen: 127.0.0.1:8080\"");
}

static void test_yaml_subset(void)
{
    refused("contact: &a ops\n",
            "glaneur.yaml:1: anchors (&a) are not read (write the value where it is needed)");
    refused("contact: !!str ops\n",
            "glaneur.yaml:1: tags (tag:yaml.org,2002:str) are not read (remove it)");
    refused("sources: !x []\n", "glaneur.yaml:1: tags (!x) are not read (remove it)");
    refused("--- !x {}\n", "glaneur.yaml:1: tags (!x) are not read (remove it)");
    refused("contact: ops\n---\ncontact: me\n",
            "glaneur.yaml:2: only one YAML document is read (remove what follows \"---\")");
    refused("? [a]\n: 1\n", "glaneur.yaml:1: a key must be a word");
    refused("~: 1\n", "glaneur.yaml:1: a key must be a word");
    ok(load("contact: a\nstore: sqlite\ncontact: b\ncontact: c\n") == NULL);
    is_int(errors.n, 2);
    is_str(message(0), "glaneur.yaml:3: key \"contact\" is given twice (the first is at line 1)");
    is_str(message(1), "glaneur.yaml:4: key \"contact\" is given twice (the first is at line 1)");

    // A billion laughs: each alias is refused where it stands, nothing grows.
    ok(load("a: &a [lol, lol]\n"
            "b: &b [*a, *a]\n"
            "contact: *b\n") == NULL);
    is_int(errors.n, 7);
    is_str(message(0), "glaneur.yaml:1: anchors (&a) are not read (write the value where it is "
                       "needed)");
    is_str(message(1), "glaneur.yaml:1: unknown key \"a\" (\"glaneur check --help\" lists every "
                       "key)");
    is_str(message(3), "glaneur.yaml:2: aliases (*a) are not read (write the value where it is "
                       "needed)");
    is_str(message(6), "glaneur.yaml:3: aliases (*b) are not read (write the value where it is "
                       "needed)");
    refused(SOURCE "    tags: [ab, *x]\n    nested: {}\n",
            "glaneur.yaml:5: aliases (*x) are not read (write the value where it is needed)");
    refused("*x : 1\n",
            "glaneur.yaml:1: aliases (*x) are not read (write the value where it is needed)");

    // The depth: sixteen levels are read, the next one is refused.
    refused("[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]",
            "glaneur.yaml:1: the file must be a map of keys and values, as "
            "\"listen: 127.0.0.1:8080\"");
    refused("\n[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]",
            "glaneur.yaml:2: lists and maps are nested too deep (more than 16)");
    struct buf deep = {0};
    for (int i = 0; i < 300000; i++)
        buf_addc(&deep, i % 2 ? '[' : '{');
    ok(load_bytes(buf_str(&deep)) == NULL);
    is_int(errors.n, 1);
    is_str(message(0), "glaneur.yaml:1: lists and maps are nested too deep (more than 16)");
    buf_clear(&deep);
    for (int i = 0; i < 1000; i++)
        buf_addf(&deep, "%*sa:\n", i, "");
    ok(load_bytes(buf_str(&deep)) == NULL);
    is_str(message(0), "glaneur.yaml:17: lists and maps are nested too deep (more than 16)");
    buf_free(&deep);
}

static void test_sizes(void)
{
    struct buf yaml = {0};
    for (int i = 0; i < YAML_KEYS_MOST + 1; i++)
        buf_addf(&yaml, "k%d:\n", i);
    ok(load_bytes(buf_str(&yaml)) == NULL);
    is_int(errors.n, 1);
    is_str(message(0), "glaneur.yaml:1001: too many keys in one map (more than 1000)");

    buf_clear(&yaml);
    buf_addz(&yaml, "sources: [");
    for (int i = 0; i < YAML_NODES_MOST - 4; i++)
        buf_addz(&yaml, "1,");
    struct str few = buf_str(&yaml);
    buf_addz(&yaml, "1]");
    ok(load_bytes(buf_str(&yaml)) == NULL);
    is_int(errors.n, 1);
    is_str(message(0),
           "glaneur.yaml:1: \"sources\" has 99997 entries, which is over its bound (0 to 1000)");
    yaml.n = few.n;
    buf_addz(&yaml, "1,1]");
    ok(load_bytes(buf_str(&yaml)) == NULL);
    is_int(errors.n, 1);
    is_str(message(0), "glaneur.yaml:1: too many values (more than 100000)");

    buf_clear(&yaml);
    buf_addz(&yaml, "#");
    while (yaml.n < YAML_BYTES_MOST)
        buf_addc(&yaml, ' ');
    struct config *c = load_bytes(buf_str(&yaml));
    ok(c != NULL);
    config_free(c);
    buf_addc(&yaml, ' ');
    ok(load_bytes(buf_str(&yaml)) == NULL);
    is_str(message(0), "glaneur.yaml: the file is too large (more than 1048576 bytes)");
    buf_free(&yaml);
}

static void test_bytes_and_syntax(void)
{
    struct config *c = load("contact: a\r\nlisten: 127.0.0.1:1\r\n# end\r\n");
    ok(c != NULL);
    is_text(c->contact, "a");
    is_int(c->listen.port, 1);
    config_free(c);
    refused(
        "contact: a\r\n\r\nlisten: 1\r\n",
        "glaneur.yaml:3: \"listen\" is \"1\": write an address and a port, as 127.0.0.1:8080 or "
        "[::1]:8080, or unix:/path");
    c = load("\xEF\xBB\xBF"
             "contact: a\n");
    ok(c != NULL);
    is_text(c->contact, "a");
    config_free(c);
    refused("\xEF\xBB\xBF"
            "contakt: a\n",
            "glaneur.yaml:1: unknown key \"contakt\" (did you mean \"contact\"?)");

    refused("# \xE9t\xE9\ncontact: a\n",
            "glaneur.yaml:1: the file is not in UTF-8 here (save the file as UTF-8)");
    refused("contact: a\ndata: /\n# \xC3(\n",
            "glaneur.yaml:3: the file is not in UTF-8 here (save the file as UTF-8)");
    refused("contact: \xED\xA0\x80\n",
            "glaneur.yaml:1: the file is not in UTF-8 here (save the file as UTF-8)");
    refused("contact: a\r\nx: \x01\r\n",
            "glaneur.yaml:2: a control character (U+0001) is in the file (remove it)");
    ok(load_bytes(STR("contact: a\0b\n")) == NULL);
    is_int(errors.n, 1);
    is_str(message(0), "glaneur.yaml:1: a control character (U+0000) is in the file (remove it)");
    ok(load_bytes(STR("\xFF\xFE"
                      "a\0:\0 \0"
                      "1\0")) == NULL); // UTF-16
    is_str(message(0), "glaneur.yaml:1: the file is not in UTF-8 here (save the file as UTF-8)");

    refused("sources:\n\t- name: a\n", "glaneur.yaml:2: a tab cannot indent YAML (use spaces)");
    refused("sources:\n- name: é\n  schedule: @daily\n",
            "glaneur.yaml:3: a value without quotes cannot begin with \"@\" in YAML (put the value "
            "in quotes)");
    refused("listen: a: b\n", "glaneur.yaml:1: this is not YAML: mapping values are not allowed in "
                              "this context (look at the indentation, colons and quotes)");
    refused(
        "sources:\n  - name: a\n   type: b\n",
        "glaneur.yaml:3: this is not YAML: did not find expected '-' indicator, while parsing a "
        "block collection that begins at line 2 (look at the indentation, colons and quotes)");
    refused("contact: \"a\n\n", "glaneur.yaml:3: this is not YAML: found unexpected end of stream, "
                                "while scanning a quoted scalar that begins at line 1 (look at the "
                                "indentation, colons and quotes)");
    refused("a: [1, 2\n", "glaneur.yaml:2: this is not YAML: did not find expected ',' or ']', "
                          "while parsing a flow sequence that begins at line 1 (look at the "
                          "indentation, colons and quotes)");
    // What was wrong before the syntax was is told too.
    ok(load("contact: a\ncontact: b\nlisten: {\n") == NULL);
    is_int(errors.n, 2);
    is_str(message(0), "glaneur.yaml:2: key \"contact\" is given twice (the first is at line 1)");

    // Null is absence, however it is written; in quotes it is a text.
    c = load("contact: null\nshare: ~\nproxy:\nlisten: Null\nadmin: NULL\ntrusted_proxies:\n");
    ok(c != NULL);
    ok(!c->contact.p && !c->share.p && !c->proxy.p);
    is_text(c->listen.text, "127.0.0.1:8080");
    is_text(c->admin.text, "127.0.0.1:8081");
    config_free(c);
    c = load("contact: 'null'\n");
    ok(c != NULL);
    is_text(c->contact, "null");
    config_free(c);
}

int main(void)
{
    test_texts();
    test_listen();
    test_numbers_and_words();
    test_lists();
    test_yaml_subset();
    test_sizes();
    test_bytes_and_syntax();
    conf_errors_free(&errors);
    return tap_done();
}
