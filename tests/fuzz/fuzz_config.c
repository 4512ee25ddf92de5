// Fuzzing of the configuration: any bytes end in a configuration that keeps its promises, or in errors that name the file. A good
// first input is config/glaneur.yaml.
#include "config/config.h"
#include "tests/fuzz/fuzz.h"

struct options {
    struct strs tags;
    struct conf_listen listen;
    unsigned word;
    bool flag;
};

static const char *const words[] = {"one", "two", NULL};
static const struct conf_key keys[] = {
    {.name = "tags", .type = CONF_STRINGS, .offset = offsetof(struct options, tags), .max = 5},
    {.name = "at", .type = CONF_LISTEN, .offset = offsetof(struct options, listen)},
    {.name = "word",
     .type = CONF_WORD,
     .offset = offsetof(struct options, word),
     .words = words,
     .preset = "two"},
    {.name = "flag", .type = CONF_BOOL, .offset = offsetof(struct options, flag)},
    {.name = NULL},
};
static const struct conf_driver drivers[] = {
    {"udata", 1 | 2 | 4 | 16, true, NULL, 0},
    {"ckan", 1, false, keys, sizeof(struct options)},
};
static const struct conf_hooks hooks = {.drivers = drivers, .driver_count = 2};

static void check_text(struct str s)
{
    must(!s.p || (s.n > 0 && s.p[s.n] == '\0' && strlen(s.p) == s.n));
}

static void check_config(const struct config *c)
{
    const struct str texts[] = {c->data,  c->store,   c->share,       c->public_url, c->contact,
                                c->proxy, c->ca_file, c->listen.host, c->admin.host, c->timezone};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        check_text(texts[i]);
    must(c->data.p && c->store.p && c->listen.host.p && c->admin.loopback);
    for (size_t i = 0; i < c->source_count; i++) {
        const struct config_source *s = &c->sources[i];
        check_text(s->name);
        check_text(s->schedule);
        must(s->name.p && s->type.p && s->url.p && s->schedule.p);
        must(s->kinds && s->page_size >= 1 && s->page_size <= 1000);
        must(s->max_removed >= 0 && s->max_removed <= 1 && s->rate >= 0 && s->rate <= 1000);
        must(s->attempts >= 1 && s->attempts <= 10 && s->timeout >= 1 && s->timeout <= 3600);
        must(str_eq(s->type, STR("udata")) == !s->driver_options);
        must(config_source(c, s->name) == s);
        if (s->driver_options) {
            const struct options *o = s->driver_options;
            must(o->tags.n <= 5 && o->word < 2 && (!o->listen.text.p || o->listen.host.p));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct conf_errors errors = {0};
    struct config *c =
        config_load_text(str_slice((const char *)data, size), "fuzz.yaml", ".", &hooks, &errors);
    must(!c == (errors.n > 0));
    must(errors.n <= CONF_ERRORS_MOST);
    for (size_t i = 0; i < errors.n; i++) {
        must(errors.v[i].err.code == ERR_CONFIG && errors.v[i].err.what[0]);
        must(str_starts(str_of(errors.v[i].err.where), STR("fuzz.yaml")));
        must(i == 0 || errors.v[i - 1].line <= errors.v[i].line);
    }
    if (c)
        check_config(c);
    config_free(c);
    conf_errors_free(&errors);
    return 0;
}
