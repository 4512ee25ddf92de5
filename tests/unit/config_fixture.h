// What the tests of the configuration share: drivers with keys of every type, rules that refuse, and
// how a text is loaded and refused.
#pragma once

#include "config/config.h"
#include "tests/tap.h"

// A driver with keys of every type, and two small ones.
enum taste { SWEET, SOUR };
struct full_options {
    struct str text, path, link, cron;
    struct conf_listen listen;
    int64_t number;
    double share;
    bool flag;
    enum taste taste;
    struct strs tags;
    unsigned tastes;
    struct strs networks;
    struct config_remove_after nested;
};
struct ckan_options {
    int64_t version;
};

static inline bool check_even(struct str s, struct err *e)
{
    if (s.n % 2 == 0)
        return true;
    err_set(e, ERR_CONFIG, "its length is odd");
    return err_hint(e, "add a letter");
}

static const char *const tastes[] = {"sweet", "sour", NULL};
static const struct conf_key nested_keys[] = {
    {.name = "sweeps",
     .type = CONF_INT,
     .offset = offsetof(struct config_remove_after, sweeps),
     .min = -5,
     .max = 5,
     .preset = "-2"},
    {.name = NULL},
};
#define FULL(key) .name = #key, .offset = offsetof(struct full_options, key)
static const struct conf_key full_keys[] = {
    {FULL(text), .type = CONF_STRING, .min = 2, .max = 6, .check = check_even, .preset = "ab"},
    {FULL(path), .type = CONF_PATH, .max = 40},
    {FULL(link), .type = CONF_URL, .max = 60},
    {FULL(cron), .type = CONF_CRON},
    {FULL(listen), .type = CONF_LISTEN},
    {FULL(number), .type = CONF_INT, .min = -10, .max = 1000000, .preset = "7"},
    {FULL(share), .type = CONF_REAL, .min = 0.25, .max = 1e6, .preset = "0.5"},
    {FULL(flag), .type = CONF_BOOL, .preset = "true"},
    {FULL(taste), .type = CONF_WORD, .words = tastes, .preset = "sour"},
    {FULL(tags), .type = CONF_STRINGS, .min = 1, .max = 3, .check = check_even},
    {FULL(tastes), .type = CONF_WORDS, .words = tastes},
    {FULL(networks), .type = CONF_NETWORKS},
    {FULL(nested), .type = CONF_MAP, .keys = nested_keys, .help = "A map."},
    {.name = NULL},
};
static const struct conf_key ckan_keys[] = {
    {.name = "api_version",
     .type = CONF_INT,
     .offset = offsetof(struct ckan_options, version),
     .min = 1,
     .max = 3,
     .preset = "3",
     .help = "The version of CKAN's API that is asked."},
    {.name = NULL},
};
static const struct conf_driver test_drivers[] = {
    {"udata", 1u << 0 | 1u << 1 | 1u << 2 | 1u << 4, false, NULL, 0},
    {"ckan", 1u << 0 | 1u << 4, false, ckan_keys, sizeof(struct ckan_options)},
    {"full", 1u << 0, true, full_keys, sizeof(struct full_options)},
};

static inline bool check_cron(struct str s, struct err *e)
{
    return !str_starts(s, STR("99")) || err_set(e, ERR_ARGUMENT, "minute 99 is over 59");
}

static inline bool check_network(struct str s, struct err *e)
{
    return str_find_char(s, '/') >= 0 || str_find_char(s, ':') >= 0 ||
           err_set(e, ERR_ARGUMENT, "it has no prefix length");
}

static inline bool check_url(struct str s, struct err *e)
{
    return str_find_char(s, '@') < 0 || err_set(e, ERR_ARGUMENT, "it holds a user name");
}

static const struct conf_hooks hooks = {test_drivers, 3, {check_cron, check_network, check_url}};

static struct conf_errors errors;

static inline struct config *load_bytes(struct str yaml)
{
    conf_errors_free(&errors);
    return config_load_text(yaml, "glaneur.yaml", "/etc/glaneur", &hooks, &errors);
}

static inline struct config *load(const char *yaml)
{
    return load_bytes(str_of(yaml));
}

static inline const char *message(size_t i)
{
    static char text[1024];
    return i < errors.n ? err_text(&errors.v[i].err, text, sizeof text) : "(no such error)";
}

// The text is refused with exactly one error.
#define refused(yaml, wanted)                                                                      \
    do {                                                                                           \
        struct config *refused_ = load(yaml);                                                      \
        ok(refused_ == NULL);                                                                      \
        is_int(errors.n, 1);                                                                       \
        is_str(message(0), wanted);                                                                \
        config_free(refused_);                                                                     \
    } while (0)

#define SOURCE "sources:\n  - name: x\n    type: full\n    url: https://x.fr\n" // 4 lines

static inline const struct full_options *full(const struct config *c)
{
    static const struct full_options none;
    return c ? c->sources[0].driver_options : &none;
}

// The value of `key` in a source of the driver "full" is refused with the rest of a message.
static inline void value_refused(const char *key, const char *value, const char *wanted)
{
    char yaml[4400], text[600];
    snprintf(yaml, sizeof yaml, SOURCE "    %s: %s\n", key, value);
    snprintf(text, sizeof text, "glaneur.yaml:5: \"%s\" %s", key, wanted);
    refused(yaml, text);
}

static inline struct config *value_accepted(const char *key, const char *value)
{
    char yaml[4400];
    snprintf(yaml, sizeof yaml, SOURCE "    %s: %s\n", key, value);
    struct config *c = load(yaml);
    ok(c != NULL);
    is_str(message(0), "(no such error)");
    return c;
}
