// search and show: straight from the index and the store, whether a daemon runs or not.
#include "api/cli/cli.h"
#include "api/json.h"
#include "api/search_params.h"
#include "base/json.h"
#include "indexer/search/rules.h"

#include <stdio.h>

static bool read_request(const struct command *c, const struct options *o, struct search_request *r,
                         struct arena *a, struct err *e)
{
    search_request_init(r);
    if (o->argument_count && !search_param(r, STR("q"), str_of(o->arguments[0]), a, e))
        return false;
    for (const struct option_spec *spec = c->options; spec->name; spec++)
        for (int i = 0;; i++) {
            const char *value = o->get(o, spec->name, i);
            if (!value)
                break;
            if (!search_param(r, str_of(spec->name), str_of(value), a, e)) {
                e->code = ERR_USAGE;
                return false;
            }
        }
    return true;
}

// One result in three lines: title, who and what, address.
static void print_hit(const struct search_hit *hit, struct arena *a)
{
    struct str text = arena_printf(a, "%.*s}", STR_ARG(hit->members));
    json_t *o = json_read(text, a, NULL, NULL);
    struct str title = jget(o, "title"), id = jget(o, "id"), kind = jget(o, "kind");
    struct str publisher = jget(jget_object(o, "publisher"), "name");
    printf("%.*s\n    %.*s%s%.*s\n    %.*s\n", STR_ARG(title), STR_ARG(kind),
           publisher.n ? ", " : "", STR_ARG(publisher), STR_ARG(id));
    json_decref(o);
}

static int print_answer(struct cli *cli, const struct search_request *r,
                        const struct search_answer *answer, double took)
{
    if (cli->json) {
        struct buf b = {0};
        json_search(&b, r, answer, STR_NONE, took);
        int code = cli_print(&b);
        return code ? code : answer->total ? EXIT_DONE : EXIT_NOTHING;
    }
    for (size_t i = 0; i < answer->hit_count; i++)
        print_hit(&answer->hits[i], &cli->arena);
    if (answer->corrected.n)
        cli_say(cli, "understood as: %.*s\n", STR_ARG(answer->corrected));
    if (answer->total > answer->strict_total)
        cli_say(cli, "%lld with every word as written, ", (long long)answer->strict_total);
    cli_say(cli, "%lld found, %.1f ms\n", (long long)answer->total, took);
    return answer->total ? EXIT_DONE : EXIT_NOTHING;
}

int command_search(struct cli *cli, const struct options *o)
{
    struct search_request r;
    struct search_answer answer;
    struct err e = {0};
    const struct command *c = commands;
    while (c->run != command_search)
        c++;
    if (!read_request(c, o, &r, &cli->arena, &e))
        return cli_fail(cli, &e);
    const struct places *places = cli_places(cli, &e);
    struct rules *rules = places ? rules_load(cli->config->share, places, &e) : NULL;
    if (!rules)
        return cli_fail(cli, &e);
    struct rules_holder *holder = rules_holder_new(rules);
    struct searcher *s = searcher_new(cli->config->data.p, cli->stop_words, holder, &e);
    if (s)
        searcher_set_plain(s, cli->config->matcher == MATCHER_XAPIAN);
    double start = date_stopwatch();
    bool good = s && searcher_search(s, &r, &cli->arena, &answer, &e);
    double took_ms = (date_stopwatch() - start) * 1000;
    searcher_free(s);
    rules_holder_free(holder);
    if (!good && e.code == ERR_NOT_FOUND)
        e.code = ERR_IO; // no index is a failure, not an empty answer
    return good ? print_answer(cli, &r, &answer, took_ms) : cli_fail(cli, &e);
}

static bool show_history(struct store *s, struct str id, struct arena *a, struct buf *b,
                         struct err *e)
{
    struct history_entry *entries;
    size_t n;
    if (!store_history(s, id, a, &entries, &n, e))
        return false;
    json_history(b, id, entries, n);
    return true;
}

// With what the index tells of it, where there is one, and the keys that join it to records of other catalogues.
static bool show_record(struct cli *cli, struct store *s, const struct stored *stored,
                        struct buf *b, struct err *e)
{
    struct shown_record shown;
    struct store_bond *bonds;
    size_t n;
    struct searcher *searcher = searcher_new(cli->config->data.p, cli->stop_words, NULL, e);
    bool good = searcher && shown_read(&shown, stored, s, searcher, &cli->arena, e) &&
                store_bonds(s, stored->id, &cli->arena, &bonds, &n, e);
    if (good)
        json_record(b, &shown, n ? bonds : &(struct store_bond){0}, n);
    searcher_free(searcher);
    return good;
}

int command_show(struct cli *cli, const struct options *o)
{
    struct err e = {0};
    struct stored stored;
    struct buf b = {0};
    struct str id = str_of(o->arguments[0]);
    struct store *s = store_open(cli->config->data.p, STORE_READ, &e);
    bool good = s && store_get(s, id, &cli->arena, &stored, &e);
    if (good && o->get(o, "history", 0))
        good = show_history(s, id, &cli->arena, &b, &e);
    else if (good && stored.removed)
        good =
            err_set(&e, ERR_GONE, "the record %s was removed from its catalogue", o->arguments[0]);
    else if (good)
        good = show_record(cli, s, &stored, &b, &e);
    if (s)
        store_close(s);
    if (good)
        return cli_print(&b);
    buf_free(&b);
    return cli_fail(cli, &e);
}
