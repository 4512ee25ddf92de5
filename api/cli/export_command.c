// export: every record of the store on stdout, whether a daemon runs or not. The store is read as it is at the beginning, some hundreds
// of ids at a time and record by record: memory does not grow with their number.
#include "api/cli/cli.h"
#include "api/export.h"

#include <errno.h>
#include <stdio.h>

enum {
    PART = 500,          // ids
    FLUSHED = 64 * 1024, // bytes before they are written
};

struct job {
    struct cli *cli;
    struct store *store;
    struct searcher *searcher;
    struct store_selection selection;
    struct export export;
    struct buf out;
    int64_t damaged;
};

// ---- Options -------------------------------------------------------------------------------------

static bool wrong(struct err *e, const char *name, const char *value, const char *expected)
{
    return err_set(e, ERR_USAGE, "--%s is \"%.60s\": it should be %s", name, value, expected);
}

static bool add_kind(struct store_selection *s, const char *value, struct err *e)
{
    enum record_kind kind;
    if (!record_kind_find(str_of(value), &kind))
        return wrong(e, "kind", value, "dataset, dataservice, reuse, software or organization");
    s->kinds |= 1u << kind;
    return true;
}

static bool add_status(struct store_selection *s, const char *value, struct err *e)
{
    enum record_status status;
    if (str_eq(str_of(value), STR("removed"))) {
        s->statuses |= STORE_REMOVED;
        return true;
    }
    if (!record_status_find(str_of(value), &status))
        return wrong(e, "status", value, "active, missing, archived or removed");
    s->statuses |= 1u << status;
    return true;
}

static bool read_options(struct job *j, const struct options *o, struct err *e)
{
    const char *format = o->get(o, "format", 0), *value;
    struct store_selection *s = &j->selection;
    if (format && !export_format_find(str_of(format), &j->export.format))
        return wrong(e, "format", format, "jsonl, csv or dcat");
    if (j->cli->json) {
        err_set(e, ERR_USAGE, "an export is no single JSON document");
        return err_hint(e, "--format jsonl has one a line");
    }
    for (int i = 0; (value = o->get(o, "kind", i)); i++)
        if (!add_kind(s, value, e))
            return false;
    for (int i = 0; (value = o->get(o, "status", i)); i++)
        if (!add_status(s, value, e))
            return false;
    for (int i = 0; (value = o->get(o, "source", i)); i++)
        arena_push(&j->cli->arena, &s->sources, str_of(value));
    s->kinds = s->kinds ? s->kinds : STORE_ANY_KIND;
    if (!s->statuses)
        s->statuses = 1u << STATUS_ACTIVE | 1u << STATUS_MISSING | 1u << STATUS_ARCHIVED;
    return true;
}

// ---- Records -------------------------------------------------------------------------------------

static bool flush(struct job *j, struct err *e)
{
    bool good =
        !j->out.n || (fwrite(j->out.p, 1, j->out.n, stdout) == j->out.n && fflush(stdout) == 0);
    if (!good)
        err_set(e, ERR_IO, "stdout cannot be written: %s", strerror(errno));
    buf_clear(&j->out);
    return good;
}

static bool add_record(struct job *j, struct str id, struct arena *scratch, struct err *e)
{
    struct err own = {0};
    switch (export_record(&j->out, &j->export, id, true, j->store, j->searcher, scratch, &own)) {
    case EXPORT_DAMAGED: // the others are not less good for it
        j->damaged++;
        cli_fail(j->cli, &own);
        break;
    case EXPORT_FAILED:
        if (e)
            *e = own;
        return false;
    case EXPORT_WRITTEN:
    case EXPORT_LEFT_OUT:
    case EXPORT_ABSENT:
        break;
    }
    return j->out.n < FLUSHED || flush(j, e);
}

static bool add_part(struct job *j, const struct strs *ids, struct arena *scratch, struct err *e)
{
    for (size_t i = 0; i < ids->n; i++) {
        bool good = add_record(j, ids->v[i], scratch, e);
        arena_reset(scratch);
        if (!good)
            return false;
    }
    return true;
}

static bool add_all(struct job *j, struct err *e)
{
    struct arena part = {0}, scratch = {0};
    struct buf last = {0};
    struct strs ids = {0};
    bool good;
    do {
        arena_reset(&part);
        good = store_ids(j->store, &j->selection, buf_str(&last), PART, &part, &ids, e) &&
               add_part(j, &ids, &scratch, e);
        buf_clear(&last);
        if (ids.n)
            buf_add(&last, ids.v[ids.n - 1]);
    } while (good && ids.n == PART);
    buf_free(&last);
    arena_free(&scratch);
    arena_free(&part);
    return good;
}

static void tell(const struct job *j)
{
    const struct export *x = &j->export;
    cli_say(j->cli, "%lld records exported\n", (long long)x->written);
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (x->left_out[i]) {
            struct str name = record_kind_name((enum record_kind)i);
            cli_say(j->cli, "%lld of kind %.*s left out: DCAT has no class for them\n",
                    (long long)x->left_out[i], STR_ARG(name));
        }
    if (x->removed_left_out)
        cli_say(j->cli, "%lld removed ones left out: nothing is left of them to describe\n",
                (long long)x->removed_left_out);
}

int command_export(struct cli *cli, const struct options *o)
{
    struct err e = {0};
    struct job j = {.cli = cli, .export = {.public_url = cli->config->public_url}};
    if (!read_options(&j, o, &e))
        return cli_fail(cli, &e);
    j.store = store_open(cli->config->data.p, STORE_READ, &e);
    if (j.store)
        j.searcher = searcher_new(cli->config->data.p, cli->stop_words, NULL, &e);
    export_begin(&j.out, &j.export);
    bool good = j.searcher && store_snapshot_begin(j.store, &e) && add_all(&j, &e) && flush(&j, &e);
    searcher_free(j.searcher);
    if (j.store)
        store_snapshot_end(j.store);
    store_close(j.store);
    buf_free(&j.out);
    if (!good)
        return cli_fail(cli, &e);
    tell(&j);
    return j.damaged ? EXIT_FAILED : j.export.written ? EXIT_DONE : EXIT_NOTHING;
}
