// The configuration as a whole: its keys and their defaults, sources, files, the reference text, the
// example; with the exact message of all that is refused.
#include "tests/unit/config_fixture.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void test_defaults(void)
{
    static const char *const empty[] = {
        "",     "\n", "# only a comment\n", "---\n",       "--- ~\n...\n",
        "null", "{}", "sources:\n",         "sources: []", "\xEF\xBB\xBF"};
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
        struct config *c = load(empty[i]);
        ok(c != NULL);
        is_int(c->source_count, 0);
        config_free(c);
    }
    struct config *c = load("");
    is_text(c->file, "glaneur.yaml");
    is_int(c->listen.family, CONF_IPV4);
    is_text(c->listen.host, "127.0.0.1");
    is_int(c->listen.port, 8080);
    ok(c->listen.loopback);
    is_text(c->admin.text, "127.0.0.1:8081");
    is_int(c->admin.port, 8081);
    is_text(c->data, "/etc/glaneur/data");
    is_text(c->store, "sqlite");
    ok(!c->share.p && !c->public_url.p && !c->contact.p && !c->proxy.p && !c->ca_file.p);
    is_int(c->trusted_proxies.n, 0);
    is_text(c->timezone, "Europe/Paris");
    is_int(c->matcher, MATCHER_LISTS);
    config_free(c);
    config_free(NULL);

    c = load("sources:\n- {name: data.gouv.fr, type: udata, url: 'https://www.data.gouv.fr'}\n");
    is_int(c->source_count, 1);
    const struct config_source *s = config_source(c, STR("data.gouv.fr"));
    ok(s == &c->sources[0]);
    ok(config_source(c, STR("other")) == NULL);
    is_text(s->name, "data.gouv.fr");
    is_text(s->type, "udata");
    is_text(s->url, "https://www.data.gouv.fr");
    is_text(s->schedule, "@daily");
    is_int(s->kinds, 1 | 2 | 4 | 16);
    is_int(s->allow_private.n, 0);
    ok(s->max_removed == 0.1);
    is_int(s->remove_after.sweeps, 3);
    is_int(s->remove_after.days, 7);
    ok(s->rate == 5);
    is_int(s->page_size, 100);
    is_int(s->attempts, 4);
    is_int(s->timeout, 120);
    ok(!s->headers_file.p && !s->license.p && !s->attribution.p);
    ok(s->driver_options == NULL);
    is_int(s->line, 2);
    config_free(c);
}

static void test_everything_given(void)
{
    struct config *c =
        load("listen: '[::]:80'\n"
             "admin: unix:run/admin.sock\n"
             "data: /var/lib/glaneur\n"
             "store: sqlite\n"
             "share: /usr\n"
             "public_url: https://glaneur.example.org/a//\n"
             "contact: ops@example.org\n"
             "proxy: http://user:secret@proxy:3128\n"
             "ca_file: /etc/passwd\n"
             "trusted_proxies: [10.0.0.0/8, \"::1/128\"]\n"
             "timezone: UTC\n"
             "matcher: xapian\n"
             "sources:\n"
             "  - name: a\n"
             "    type: ckan\n"
             "    url: http://a.fr/portal/\n"
             "    schedule: never\n"
             "    kinds:\n"
             "      - organization\n"
             "      - dataset\n"
             "    allow_private: [127.0.0.0/8]\n"
             "    max_removed: 1\n"
             "    remove_after:\n"
             "      days: 0\n"
             "    rate: 0.5\n"
             "    page_size: 1000\n"
             "    attempts: 1\n"
             "    timeout: 3600\n"
             "    headers_file: /etc/passwd\n"
             "    license: lov2\n"
             "    attribution: |\n"
             "      Préfecture de Loire\n"
             "    api_version: 2\n"
             "  - {name: b, type: ckan, url: https://b.fr, schedule: 17 3 * * 1-5}\n");
    is_int(errors.n, 0);
    ok(c != NULL);
    is_int(c->listen.family, CONF_IPV6);
    is_text(c->listen.host, "::");
    is_int(c->listen.port, 80);
    ok(!c->listen.loopback);
    is_int(c->admin.family, CONF_UNIX);
    is_text(c->admin.host, "/etc/glaneur/run/admin.sock");
    ok(c->admin.loopback);
    is_text(c->data, "/var/lib/glaneur");
    is_text(c->share, "/usr");
    is_text(c->public_url, "https://glaneur.example.org/a");
    is_str(c->public_url.p, "https://glaneur.example.org/a");
    is_text(c->contact, "ops@example.org");
    is_text(c->proxy, "http://user:secret@proxy:3128");
    is_text(c->ca_file, "/etc/passwd");
    is_int(c->trusted_proxies.n, 2);
    is_text(c->trusted_proxies.v[0], "10.0.0.0/8");
    is_text(c->trusted_proxies.v[1], "::1/128");
    is_text(c->timezone, "UTC");
    is_int(c->matcher, MATCHER_XAPIAN);
    is_int(c->source_count, 2);
    const struct config_source *s = &c->sources[0];
    is_text(s->url, "http://a.fr/portal/");
    is_text(s->schedule, "never");
    is_int(s->kinds, 1 | 16);
    is_int(s->allow_private.n, 1);
    ok(s->max_removed == 1);
    is_int(s->remove_after.sweeps, 3);
    is_int(s->remove_after.days, 0);
    ok(s->rate == 0.5);
    is_int(s->page_size, 1000);
    is_int(s->attempts, 1);
    is_int(s->timeout, 3600);
    is_text(s->headers_file, "/etc/passwd");
    is_text(s->license, "lov2");
    is_text(s->attribution, "Préfecture de Loire");
    is_int(((const struct ckan_options *)s->driver_options)->version, 2);
    is_int(s->line, 14);
    s = config_source(c, STR("b"));
    is_int(((const struct ckan_options *)s->driver_options)->version, 3);
    is_text(s->schedule, "17 3 * * 1-5");
    is_int(s->line, 34);
    config_free(c);
}

static void test_unknown_keys(void)
{
    refused("matcher: xapain",
            "glaneur.yaml:1: \"matcher\" is \"xapain\": it must be one of lists, xapian (did you "
            "mean \"xapian\"?)");
    refused("matcher: [lists]", "glaneur.yaml:1: \"matcher\" must be one value, not a list");
    refused("listne: 127.0.0.1:8080",
            "glaneur.yaml:1: unknown key \"listne\" (did you mean \"listen\"?)");
    refused("\n\nzzz: 1",
            "glaneur.yaml:3: unknown key \"zzz\" (\"glaneur check --help\" lists every key)");
    refused("sources:\n"
            "  - name: data.gouv.fr\n"
            "    type: udata\n"
            "    url: https://www.data.gouv.fr\n"
            "    shedule: '@daily'\n",
            "glaneur.yaml:5: unknown key \"shedule\" of source \"data.gouv.fr\" "
            "(did you mean \"schedule\"?)");
    refused("sources:\n- {name: a, type: udata, url: http://a, Page-Size: 2}",
            "glaneur.yaml:2: unknown key \"Page-Size\" of source \"a\" "
            "(did you mean \"page_size\"?)");
    refused(SOURCE "    remove_after: {sweps: 2}\n",
            "glaneur.yaml:5: unknown key \"sweps\" of \"remove_after\" "
            "(did you mean \"sweeps\"?)");
    refused(SOURCE "    numbr: 2\n",
            "glaneur.yaml:5: unknown key \"numbr\" of source \"x\" (did you mean \"number\"?)");
    refused("sources:\n- {name: a, type: udata, url: http://a, api_version: 2}",
            "glaneur.yaml:2: key \"api_version\" of source \"a\" is for sources of type \"ckan\", "
            "and this one is \"udata\"");
    refused("<<: {listen: 1}", "glaneur.yaml:1: unknown key \"<<\" (\"glaneur check --help\" lists "
                               "every key)");
    refused("\"a\\eb\\u009b\": 1",
            "glaneur.yaml:1: unknown key \"a?b??\" (\"glaneur check --help\" "
            "lists every key)");
    // Cut between characters, at 60 bytes.
    refused("ééééééééééééééééééééééééééééééééééé: 1",
            "glaneur.yaml:1: unknown key \"éééééééééééééééééééééééééééééé...\" "
            "(\"glaneur check --help\" lists every key)");
}

static void test_sources(void)
{
    refused("sources:\n- {type: udata, url: http://a}",
            "glaneur.yaml:2: \"name\" of source number 1 is missing");
    refused("sources:\n- {name: a, url: http://a}",
            "glaneur.yaml:2: \"type\" of source \"a\" is missing");
    refused("sources:\n- name: a\n  type: udata\n  url:\n",
            "glaneur.yaml:2: \"url\" of source \"a\" is missing");
    refused("sources:\n- {name: A b, type: udata, url: http://a}",
            "glaneur.yaml:2: \"name\" is \"A b\": it may hold a-z, 0-9, dots and dashes only");
    refused("sources:\n- {name: -a, type: udata, url: http://a}",
            "glaneur.yaml:2: \"name\" is \"-a\": it must begin with a letter or a digit");
    refused("sources:\n- {name: .., type: udata, url: http://a}",
            "glaneur.yaml:2: \"name\" is \"..\": it must begin with a letter or a digit");
    refused("sources:\n- {name: aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggg, "
            "type: udata, url: http://a}",
            "glaneur.yaml:2: \"name\" is 65 bytes long, which is over its bound (1 to 64)");
    struct config *c =
        load("sources:\n- {name: aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg, "
             "type: udata, url: http://a}");
    ok(c && c->sources[0].name.n == 64);
    config_free(c);
    refused("sources:\n- {name: a, type: udat, url: http://a}",
            "glaneur.yaml:2: \"type\" is \"udat\": there is no such driver "
            "(did you mean \"udata\"?)");
    // The keys of any driver are passed over when the type is wrong.
    refused("sources:\n- name: a\n  type: wordpress\n  url: http://a\n  api_version: 2\n",
            "glaneur.yaml:3: \"type\" is \"wordpress\": there is no such driver "
            "(there is udata, ckan, full)");
    refused("sources:\n"
            "- {name: a, type: udata, url: http://a}\n"
            "- {name: b, type: udata, url: http://a}\n"
            "- url: http://a\n"
            "  type: udata\n"
            "  name: a\n",
            "glaneur.yaml:6: two sources are named \"a\" (the first is at line 2)");
    refused("sources:\n- {name: a, type: ckan, url: http://a, kinds: [dataset, software]}",
            "glaneur.yaml:2: \"kinds\" holds \"software\", which sources of type \"ckan\" do not "
            "have (they have dataset, organization)");
    refused("sources:\n- {name: a, type: ckan, url: http://a, kinds: [datasets]}",
            "glaneur.yaml:2: \"kinds\" is \"datasets\": it must be one of dataset, dataservice, "
            "reuse, software, organization (did you mean \"dataset\"?)");
    refused("sources:\n- {name: a, type: ckan, url: http://a, kinds: []}",
            "glaneur.yaml:2: \"kinds\" has 0 entries, which is under its bound (1 to 1000)");
    refused("sources:\n- {name: a, type: ckan, url: 'http://me:pw@a'}",
            "glaneur.yaml:2: \"url\" is \"http://me:pw@a\": it holds a user name");
    refused("sources:\n- {name: a, type: ckan, url: http://a, max_removed: 1.01}",
            "glaneur.yaml:2: \"max_removed\" is 1.01, which is over its bound (0 to 1)");
    refused("sources:\n- {name: a, type: ckan, url: http://a, rate: -1}",
            "glaneur.yaml:2: \"rate\" is -1, which is under its bound (0 to 1000)");
    refused("sources:\n- {name: a, type: ckan, url: http://a, attempts: 0}",
            "glaneur.yaml:2: \"attempts\" is 0, which is under its bound (1 to 10)");
    refused("sources:\n- {name: a, type: ckan, url: http://a, timeout: 3601}",
            "glaneur.yaml:2: \"timeout\" is 3601, which is over its bound (1 to 3600)");
    refused("sources:\n- {name: a, type: ckan, url: http://a, remove_after: {days: 3651}}",
            "glaneur.yaml:2: \"days\" is 3651, which is over its bound (0 to 3650)");
    refused("sources:\n- {name: a, type: ckan, url: http://a, remove_after: {sweeps: 0}}",
            "glaneur.yaml:2: \"sweeps\" is 0, which is under its bound (1 to 1000)");
    refused("sources:\n- {name: a, type: ckan, url: http://a, schedule: 99 3 * * *}",
            "glaneur.yaml:2: \"schedule\" is \"99 3 * * *\": minute 99 is over 59");
    refused("sources:\n- {name: a, type: ckan, url: http://a, allow_private: [10.0.0.0/8, ten]}",
            "glaneur.yaml:2: \"allow_private\" is \"ten\": it has no prefix length");
}

static void test_global_rules(void)
{
    refused("store: postgresql://glaneur@db/glaneur",
            "glaneur.yaml:1: \"store\" is \"postgresql://glaneur@db/glaneur\": it comes in a later "
            "version, write sqlite");
    refused("store: mysql", "glaneur.yaml:1: \"store\" is \"mysql\": write sqlite");
    refused("timezone: Europe/Pariss",
            "glaneur.yaml:1: \"timezone\" is \"Europe/Pariss\": there is no such time zone in "
            "/usr/share/zoneinfo/ (write a name as Europe/Paris, or UTC; the package tzdata has "
            "them)");
    const char *const not_zones[] = {"Europe", "../../../etc/localtime", "/etc/localtime",
                                     "zone.tab", "Europe/../UTC"};
    for (size_t i = 0; i < sizeof not_zones / sizeof *not_zones; i++) {
        char yaml[80];
        snprintf(yaml, sizeof yaml, "timezone: %s", not_zones[i]);
        ok(load(yaml) == NULL);
        is_int(errors.n, 1);
    }
    refused(
        "contact: \"Ops (Rennes)\"",
        "glaneur.yaml:1: \"contact\" is \"Ops (Rennes)\": it goes into the User-Agent: ASCII, no "
        "parentheses, no \\");
    refused("contact: équipe@example.org",
            "glaneur.yaml:1: \"contact\" is \"équipe@example.org\": it goes into the User-Agent: "
            "ASCII, no parentheses, no \\");
    refused("contact: \"a\\r\\nX-Evil: 1\"",
            "glaneur.yaml:1: \"contact\" is \"a??X-Evil: 1\": it holds a line break or a control "
            "character");
    const char *const not_proxies[] = {"proxy:3128", "socks5://proxy:1080", "http://", "https:///x",
                                       "http://a b"};
    for (size_t i = 0; i < sizeof not_proxies / sizeof *not_proxies; i++) {
        char yaml[80], wanted[160];
        snprintf(yaml, sizeof yaml, "proxy: %s", not_proxies[i]);
        snprintf(wanted, sizeof wanted,
                 "glaneur.yaml:1: \"proxy\" is \"%s\": write http://host:port or https://host:port",
                 not_proxies[i]);
        refused(yaml, wanted);
    }
    refused(
        "public_url: https://a.fr/?x=1",
        "glaneur.yaml:1: \"public_url\" is \"https://a.fr/?x=1\": it must have no ? and no #, as "
        "paths are added to it");
    refused("admin: 0.0.0.0:8081",
            "glaneur.yaml:1: \"admin\" is \"0.0.0.0:8081\": other machines could reach it, and it "
            "asks for no password (write 127.0.0.1, ::1 or a unix: path)");
    refused("listen: 127.0.0.1:8081",
            "glaneur.yaml:1: \"listen\" and \"admin\" are both \"127.0.0.1:8081\"");
    refused("listen: unix:/s\nadmin: unix:/s",
            "glaneur.yaml:2: \"listen\" and \"admin\" are both \"unix:/s\"");
    struct config *c = load("listen: 127.0.0.1:0\nadmin: 127.0.0.1:0\n");
    ok(c != NULL);
    config_free(c);
    refused("ca_file: /nonexistent.pem",
            "glaneur.yaml:1: \"ca_file\" is \"/nonexistent.pem\": there is no such file");
    refused("ca_file: no/ca.pem",
            "glaneur.yaml:1: \"ca_file\" is \"/etc/glaneur/no/ca.pem\": there is no such file");
    refused("ca_file: /etc", "glaneur.yaml:1: \"ca_file\" is \"/etc\": it is not a file");
    refused("share: /nonexistent",
            "glaneur.yaml:1: \"share\" is \"/nonexistent\": there is no such folder");
    refused("share: /etc/passwd",
            "glaneur.yaml:1: \"share\" is \"/etc/passwd\": it is not a folder");
    refused("data: ~/glaneur", "glaneur.yaml:1: \"data\" is \"~/glaneur\": ~ has no meaning here, "
                               "write the whole path");
}

static void test_all_errors_at_once(void)
{
    ok(load("listen: nowhere\n"
            "sources:\n"
            "  - name: a\n"
            "    type: udata\n"
            "    url: http://a\n"
            "    page_size: 5000\n"
            "    rate: fast\n"
            "  - name: a\n"
            "    type: ckn\n"
            "    remove_after: {days: -1, sweeps: x}\n"
            "timezon: UTC\n"
            "listen: 127.0.0.1:80\n") == NULL);
    static const char *const wanted[] = {
        "glaneur.yaml:1: \"listen\" is \"nowhere\": write an address and a port, as 127.0.0.1:8080 "
        "or "
        "[::1]:8080, or unix:/path",
        "glaneur.yaml:6: \"page_size\" is 5000, which is over its bound (1 to 1000)",
        "glaneur.yaml:7: \"rate\" is \"fast\": it must be a number, 0 to 1000",
        "glaneur.yaml:8: \"url\" of source \"a\" is missing",
        "glaneur.yaml:8: two sources are named \"a\" (the first is at line 3)",
        "glaneur.yaml:9: \"type\" is \"ckn\": there is no such driver (did you mean \"ckan\"?)",
        "glaneur.yaml:10: \"sweeps\" is \"x\": it must be a whole number, 1 to 1000",
        "glaneur.yaml:10: \"days\" is -1, which is under its bound (0 to 3650)",
        "glaneur.yaml:11: unknown key \"timezon\" (did you mean \"timezone\"?)",
        "glaneur.yaml:12: key \"listen\" is given twice (the first is at line 1)",
    };
    is_int(errors.n, sizeof wanted / sizeof *wanted);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        is_str(message(i), wanted[i]);
    is_int(errors.v[0].line, 1);
    is_int(errors.v[0].err.code, ERR_CONFIG);
    is_str(errors.v[1].err.where, "glaneur.yaml:6");
    is_str(errors.v[1].err.hint, "1 to 1000");

    // No more than a hundred are kept.
    struct buf yaml = {0};
    for (int i = 0; i < 130; i++)
        buf_addf(&yaml, "key%d: 1\n", i);
    ok(load_bytes(buf_str(&yaml)) == NULL);
    is_int(errors.n, 100);
    is_int(errors.more, 30);
    is_int(errors.v[99].line, 100);
    buf_free(&yaml);

    // A long file name loses its beginning.
    char name[301];
    memset(name, 'd', 300);
    strcpy(name + 294, "x.yaml");
    conf_errors_free(&errors);
    ok(config_load_text(STR("a: 1"), name, ".", &hooks, &errors) == NULL);
    is_int(strlen(errors.v[0].err.where), 3 + 120 + 2);
    ok(str_starts(str_of(errors.v[0].err.where), STR("...ddd")));
    ok(str_ends(str_of(errors.v[0].err.where), STR("ddx.yaml:1")));
}

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    ok(f != NULL);
    fputs(text, f);
    fclose(f);
}

static void test_files(void)
{
    char dir[] = "/tmp/test_config.XXXXXX", path[100], wanted[300];
    ok(mkdtemp(dir) != NULL);
    snprintf(path, sizeof path, "%s/a.yaml", dir);
    write_file(path, "data: data\nca_file: ca.pem\n");
    conf_errors_free(&errors);
    ok(config_load(path, &hooks, &errors) == NULL);
    snprintf(wanted, sizeof wanted, "%s:2: \"ca_file\" is \"%s/ca.pem\": there is no such file",
             path, dir);
    is_int(errors.n, 1);
    is_str(message(0), wanted);
    char ca[100];
    snprintf(ca, sizeof ca, "%s/ca.pem", dir);
    write_file(ca, "");
    conf_errors_free(&errors);
    struct config *c = config_load(path, &hooks, &errors);
    ok(c != NULL);
    is_int(errors.n, 0);
    is_text(c->file, path);
    snprintf(wanted, sizeof wanted, "%s/data", dir);
    is_text(c->data, wanted);
    is_text(c->ca_file, ca);
    config_free(c);

    // A file in the working folder, and one in the root folder.
    ok(chdir(dir) == 0);
    write_file("glaneur.yaml", "");
    c = config_load("glaneur.yaml", &hooks, &errors);
    ok(c != NULL);
    is_text(c->data, "./data");
    config_free(c);
    c = config_load_text(STR_NONE, "glaneur.yaml", "/", &hooks, &errors);
    is_text(c->data, "/data");
    config_free(c);

    ok(config_load("nothing.yaml", &hooks, &errors) == NULL);
    is_int(errors.n, 1);
    is_str(message(0), "nothing.yaml: it cannot be opened: No such file or directory");
    conf_errors_free(&errors);
    ok(config_load("/", &hooks, &errors) == NULL);
    is_str(message(0), "/: it cannot be read: Is a directory");
    conf_errors_free(&errors);
    ok(config_load("/dev/zero", &hooks, &errors) == NULL);
    is_str(message(0), "/dev/zero: the file is too large (more than 1048576 bytes)");
    if (geteuid() != 0) { // root may read everything
        chmod("ca.pem", 0);
        conf_errors_free(&errors);
        ok(config_load("a.yaml", &hooks, &errors) == NULL);
        is_str(message(0), "a.yaml:2: \"ca_file\" is \"./ca.pem\": this user may not read it");
    }

    // Which file is taken.
    struct err e = {0};
    unsetenv("GLANEUR_CONFIG");
    is_str(config_find_path("given.yaml", &e), "given.yaml");
    is_str(config_find_path(NULL, &e), "./glaneur.yaml");
    setenv("GLANEUR_CONFIG", "named.yaml", 1);
    is_str(config_find_path(NULL, &e), "named.yaml");
    is_str(config_find_path("given.yaml", &e), "given.yaml");
    setenv("GLANEUR_CONFIG", "", 1);
    is_str(config_find_path(NULL, &e), "./glaneur.yaml");
    ok(unlink("glaneur.yaml") == 0);
    if (access("/etc/glaneur/glaneur.yaml", F_OK) == 0) {
        is_str(config_find_path(NULL, &e), "/etc/glaneur/glaneur.yaml");
    } else {
        char text[800];
        ok(config_find_path(NULL, &e) == NULL);
        is_int(e.code, ERR_CONFIG);
        is_str(err_text(&e, text, sizeof text),
               "there is no configuration: neither ./glaneur.yaml nor /etc/glaneur/glaneur.yaml "
               "exists, and $GLANEUR_CONFIG is not set (name a file with -c FILE, or copy "
               "config/glaneur.yaml, the example that comes with Glaneur, to one of these places)");
    }
    ok(unlink("a.yaml") == 0 && unlink("ca.pem") == 0 && chdir("/") == 0 && rmdir(dir) == 0);
}

static void test_describe(void)
{
    struct buf text = {0};
    conf_describe(&text, full_keys, 2);
    buf_addz(&text, "");
    is_text(buf_str(&text), "  text: text, at most 6 bytes; default ab\n"
                            "  path: path; default null\n"
                            "  link: http or https address; default null\n"
                            "  cron: cron, @daily and the like, or never; default null\n"
                            "  listen: address:port, [address]:port or unix:/path; default null\n"
                            "  number: whole number, -10 to 1000000; default 7\n"
                            "  share: number, 0.25 to 1000000; default 0.5\n"
                            "  flag: true or false; default true\n"
                            "  taste: one of sweet, sour; default sour\n"
                            "  tags: list of texts\n"
                            "  tastes: list, of sweet, sour; default []\n"
                            "  networks: list of networks; default []\n"
                            "  nested: map\n"
                            "      A map.\n"
                            "      sweeps: whole number, -5 to 5; default -2\n");
    buf_clear(&text);
    config_describe(&text, &hooks);
    struct str all = buf_str(&text);
    ok(str_starts(all, STR("listen: address:port, [address]:port or unix:/path; default "
                           "127.0.0.1:8080\n    Where the page and the API answer.\n")));
    ok(str_find(all, STR("\n    page_size: whole number, 1 to 1000; default 100\n"
                         "        Records asked for in one request.\n")) > 0);
    ok(str_find(all, STR("\n    name: text, at most 64 bytes; required\n")) > 0);
    ok(str_find(all, STR("\n        days: whole number, 0 to 3650; default 7\n")) > 0);
    ok(str_find(all, STR("\n\nKeys of sources of type ckan:\napi_version: whole number, 1 to 3; "
                         "default 3\n    The version of CKAN's API that is asked.\n")) > 0);
    ok(str_find(all, STR("Keys of sources of type udata")) < 0);
    struct str line;
    while (str_next(&all, '\n', &line))
        if (line.n > 79)
            is_text(line, "a line of at most 79 bytes");
    buf_free(&text);
}

// The example for operators, beside this file's folder: it loads, and says what is the default.
static void test_example(void)
{
    char path[400];
    snprintf(path, sizeof path, "%s", __FILE__);
    char *slash = strrchr(path, '/');
    snprintf(slash ? slash : path, 100, "%s", slash ? "/../../config/glaneur.yaml" : "");
    conf_errors_free(&errors);
    struct config *c = config_load(path, &hooks, &errors);
    is_str(message(0), "(no such error)");
    ok(c != NULL);
    if (!c)
        return;
    is_text(c->data, "/var/lib/glaneur");
    is_int(c->source_count, 1);
    is_text(c->sources[0].url, "https://www.data.gouv.fr");
    is_text(c->sources[0].schedule, "17 3 * * *");
    config_free(c);

    // With every commented key brought back, it still loads, and nothing changes.
    FILE *f = fopen(path, "r");
    char line[400];
    struct buf whole = {0};
    unsigned keys = 0;
    while (fgets(line, sizeof line, f)) {
        char *hash = strstr(line, "# ");
        char name[40];
        int end = 0;
        if (hash && strspn(line, " ") == (size_t)(hash - line) &&
            sscanf(hash + 2, "%39[a-z_]:%n", name, &end) == 1 && end > 0) {
            memmove(hash, hash + 2, strlen(hash + 2) + 1);
            keys++;
        }
        buf_addz(&whole, line);
    }
    fclose(f);
    is_int(keys, 16);
    buf_addz(&whole, "");
    c = load_bytes(buf_str(&whole));
    is_str(message(0), "(no such error)");
    ok(c != NULL);
    if (c) {
        ok(c->sources[0].max_removed == 0.1 && c->sources[0].rate == 5);
        is_int(c->sources[0].remove_after.sweeps, 3);
        is_int(c->sources[0].remove_after.days, 7);
        is_int(c->sources[0].page_size, 100);
        is_int(c->sources[0].attempts, 4);
        is_int(c->sources[0].timeout, 120);
        is_text(c->store, "sqlite");
    }
    config_free(c);
    buf_free(&whole);
}

int main(void)
{
    test_defaults();
    test_everything_given();
    test_unknown_keys();
    test_sources();
    test_global_rules();
    test_all_errors_at_once();
    test_example(); // before the working folder changes
    test_files();
    test_describe();
    conf_errors_free(&errors);
    return tap_done();
}
