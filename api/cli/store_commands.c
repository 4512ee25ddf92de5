// check, sources, runs, status, verify: what the configuration, the store and the index say, read without a daemon.
#include "api/cli/cli.h"
#include "api/json.h"
#include "base/json.h"
#include "harvester/cron.h"
#include "harvester/guard.h"
#include "indexer/index/fields.h"
#include "indexer/search/rules.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

int command_check(struct cli *cli, const struct options *o)
{
    (void)o;
    struct err e = {0};
    const struct config *c = cli->config;
    const struct places *places = cli_places(cli, &e);
    struct rules *rules = places ? rules_load(c->share, places, &e) : NULL;
    if (!rules)
        return cli_fail(cli, &e);
    rules_release(rules);
    if (cli->json) {
        struct buf b = {0};
        json_open(&b, '{');
        json_key(&b, "file");
        json_str(&b, c->file);
        json_key(&b, "sources");
        json_int(&b, (int64_t)c->source_count);
        json_close(&b, '}');
        return cli_print(&b);
    }
    printf("%.*s is right: %zu source%s, data in %.*s\n", STR_ARG(c->file), c->source_count,
           c->source_count == 1 ? "" : "s", STR_ARG(c->data));
    return EXIT_DONE;
}

static struct store *open_store(struct cli *cli, struct err *e)
{
    struct store *s = store_open(cli->config->data.p, STORE_READ, e);
    if (!s && e->code == ERR_NOT_FOUND) {
        e->code = ERR_IO;
        err_hint(e, "nothing was harvested yet: glaneur harvest");
    }
    return s;
}

static void print_when(char out[32], int64_t seconds)
{
    struct tm tm;
    time_t t = (time_t)seconds;
    snprintf(out, 32, "-");
    if (seconds && localtime_r(&t, &tm))
        strftime(out, 32, "%Y-%m-%d %H:%M", &tm);
}

// ---- sources -------------------------------------------------------------------------------------

struct source_line {
    const struct config_source *source;
    int64_t active, missing, archived, removed;
    int64_t next; // when a daemon would harvest it; 0 for never
    struct run last;
    bool has_run;
};

// Without a store nothing was harvested yet.
static bool read_source(struct store *s, const struct config_source *source, struct arena *a,
                        struct source_line *line, struct err *e)
{
    struct store_count *counts;
    struct run *runs;
    size_t n, run_count;
    *line = (struct source_line){.source = source};
    if (!s)
        return true;
    if (!store_counts(s, a, &counts, &n, e) ||
        !store_runs(s, source->name, 1, a, &runs, &run_count, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (str_eq(counts[i].source, source->name)) {
            line->active += counts[i].active;
            line->missing += counts[i].missing;
            line->archived += counts[i].archived;
            line->removed += counts[i].removed;
        }
    line->has_run = run_count > 0;
    if (line->has_run)
        line->last = runs[0];
    return true;
}

static int64_t next_time(const struct config_source *source, const struct time_zone *zone)
{
    struct cron cron;
    if (!cron_parse(source->schedule, &cron, NULL))
        return 0;
    int64_t next = cron_next_spread(&cron, zone, source->name, CRON_JITTER_SECONDS, date_now());
    return next == CRON_NEVER ? 0 : next;
}

// As the API shows a source that does not run.
static void json_source(struct buf *b, const struct source_line *l)
{
    const struct {
        const char *key;
        struct str value;
    } texts[] = {
        {"name", l->source->name},
        {"type", l->source->type},
        {"url", l->source->url},
        {"schedule", l->source->schedule},
        {"state", l->has_run ? str_of(run_state_name(l->last.state)) : STR("never_run")},
    };
    const struct {
        const char *key;
        int64_t n;
    } counts[] = {{"records", l->active + l->missing + l->archived},
                  {"missing", l->missing},
                  {"archived", l->archived},
                  {"removed", l->removed}};
    json_open(b, '{');
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        json_key(b, texts[i].key);
        json_str(b, texts[i].value);
    }
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        json_key(b, counts[i].key);
        json_int(b, counts[i].n);
    }
    json_instant(b, "next_run", l->next);
    json_key(b, "progress");
    json_nil(b);
    json_key(b, "last_run");
    if (l->has_run)
        json_run(b, &l->last, NULL, 1);
    else
        json_nil(b);
    json_close(b, '}');
}

// What the store and the configuration tell, where no daemon runs.
static bool sources_here(struct cli *cli, struct buf *b, struct err *e)
{
    const struct config *c = cli->config;
    struct store *s = store_open(c->data.p, STORE_READ, e);
    if (!s && e->code != ERR_NOT_FOUND)
        return false;
    struct time_zone *zone = time_zone_load(c->timezone, e);
    bool good = zone != NULL;
    json_open(b, '{');
    json_key(b, "sources");
    json_open(b, '[');
    for (size_t i = 0; good && i < c->source_count; i++) {
        struct source_line line;
        good = read_source(s, &c->sources[i], &cli->arena, &line, e);
        line.next = next_time(&c->sources[i], zone);
        if (good)
            json_source(b, &line);
    }
    json_close(b, ']');
    json_close(b, '}');
    time_zone_free(zone);
    if (s)
        store_close(s);
    return good;
}

// "2026-01-31T03:17:00Z", as the API writes it, in local time.
static void print_instant(char out[32], struct str instant)
{
    struct date d;
    print_when(out, instant.n && date_parse(instant, &d) ? d.seconds : 0);
}

static bool print_sources(struct cli *cli, const struct buf *b, struct err *e)
{
    json_t *o = json_read(buf_str(b), &cli->arena, NULL, e), *source;
    if (!o)
        return false;
    size_t i;
    printf("%-24s %-16s %9s  %-16s  %-16s  %s\n", "SOURCE", "STATE", "RECORDS", "LAST RUN",
           "NEXT RUN", "SCHEDULE");
    json_array_foreach(jget_array(o, "sources"), i, source)
    {
        char last[32], next[32];
        print_instant(last, jget(jget_object(source, "last_run"), "started"));
        print_instant(next, jget(source, "next_run"));
        printf("%-24.*s %-16.*s %9lld  %-16s  %-16s  %.*s\n", STR_ARG(jget(source, "name")),
               STR_ARG(jget(source, "state")), (long long)jget_int(source, "records", 0), last,
               next, STR_ARG(jget(source, "schedule")));
    }
    json_decref(o);
    return true;
}

// The daemon knows what runs now and what is next.
int command_sources(struct cli *cli, const struct options *o)
{
    (void)o;
    int status;
    struct err e = {0};
    struct buf b = {0};
    bool good = admin_request(cli, "GET", "/api/v1/sources", &b, &status, NULL) && status == 200;
    if (!good) {
        buf_clear(&b);
        good = sources_here(cli, &b, &e);
    }
    if (good && cli->json)
        return cli_print(&b);
    good = good && print_sources(cli, &b, &e);
    buf_free(&b);
    return good ? EXIT_DONE : cli_fail(cli, &e);
}

// ---- runs ----------------------------------------------------------------------------------------

static void print_run(const struct run *r)
{
    char when[32];
    const struct run_counts *c = &r->counts;
    print_when(when, r->started);
    printf("%-6lld %-24.*s %-16s %s  added %lld, updated %lld, unchanged %lld, missing %lld, "
           "removed %lld, "
           "restored %lld, errored %lld%s%.*s\n",
           (long long)r->run, STR_ARG(r->source), run_state_name(r->state), when,
           (long long)c->added, (long long)c->updated, (long long)c->unchanged,
           (long long)c->missing, (long long)c->removed, (long long)c->restored,
           (long long)c->errored, r->message.n ? ": " : "", STR_ARG(r->message));
}

static bool one_run(struct cli *cli, struct store *s, struct str source, int64_t number,
                    int64_t limit, struct buf *b, struct err *e)
{
    struct run run;
    struct run_error *errors;
    size_t n;
    if (!store_run_get(s, number, &cli->arena, &run, e))
        return false;
    if (!str_eq(run.source, source))
        return err_set(e, ERR_NOT_FOUND, "run %lld is of the source \"%.*s\"", (long long)number,
                       STR_ARG(run.source));
    if (!store_run_errors(s, number, (size_t)limit, &cli->arena, &errors, &n, e))
        return false;
    json_run(b, &run, errors, n);
    if (cli->json)
        return true;
    print_run(&run);
    for (size_t i = 0; i < n; i++)
        printf("  %.*s %.*s: %.*s\n", STR_ARG(errors[i].kind),
               STR_ARG(errors[i].record.n ? errors[i].record : errors[i].page),
               STR_ARG(errors[i].message));
    return true;
}

static bool run_list(struct cli *cli, struct store *s, struct str source, int64_t limit,
                     struct buf *b, struct err *e)
{
    struct run *runs;
    size_t n;
    if (!store_runs(s, source, (size_t)limit, &cli->arena, &runs, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct run_error *errors;
        size_t count;
        if (!store_run_errors(s, runs[i].run, 20, &cli->arena, &errors, &count, e))
            return false;
        json_run(b, &runs[i], errors, count);
        if (!cli->json)
            print_run(&runs[i]);
    }
    return true;
}

int command_runs(struct cli *cli, const struct options *o)
{
    struct err e = {0};
    struct buf b = {0};
    int64_t limit = o->argument_count == 2 ? STORE_RUN_ERRORS_MAX : 20, number = 0;
    const char *given = o->get(o, "limit", 0);
    if ((given && !cli_number(given, &limit)) ||
        (o->argument_count == 2 && !cli_number(o->arguments[1], &number))) {
        err_set(&e, ERR_USAGE, "RUN and --limit are numbers from 1");
        return cli_fail(cli, &e);
    }
    struct str source = o->argument_count ? str_of(o->arguments[0]) : STR_NONE;
    struct store *s = open_store(cli, &e);
    json_open(&b, '{');
    json_key(&b, "runs");
    json_open(&b, '[');
    bool good = s && (number ? one_run(cli, s, source, number, limit, &b, &e)
                             : run_list(cli, s, source, limit, &b, &e));
    json_close(&b, ']');
    json_close(&b, '}');
    if (s)
        store_close(s);
    if (good && cli->json)
        return cli_print(&b);
    buf_free(&b);
    return good ? EXIT_DONE : cli_fail(cli, &e);
}

// ---- status --------------------------------------------------------------------------------------

static int64_t folder_bytes(const char *path)
{
    int64_t sum = 0;
    DIR *dir = opendir(path);
    for (struct dirent *d; dir && (d = readdir(dir));) {
        struct stat st;
        char name[4096];
        if (d->d_name[0] == '.')
            continue;
        snprintf(name, sizeof name, "%s/%s", path, d->d_name);
        if (lstat(name, &st) == 0)
            sum += S_ISDIR(st.st_mode) ? folder_bytes(name) : (int64_t)st.st_blocks * 512;
    }
    if (dir)
        closedir(dir);
    return sum;
}

int command_status(struct cli *cli, const struct options *o)
{
    (void)o;
    struct err e = {0};
    struct buf b = {0}, answer = {0};
    int64_t seq = 0, fseq = 0, index_seq = 0, index_fseq = 0, documents = 0, records = 0;
    int64_t bricks = 0, joined = 0;
    struct store_count *counts = NULL;
    size_t n = 0;
    int status = 0;
    struct store *s = open_store(cli, &e);
    bool good = s && store_heads(s, &seq, &fseq, &e) &&
                store_counts(s, &cli->arena, &counts, &n, &e) &&
                store_join_counts(s, &bricks, &joined, &e);
    for (size_t i = 0; good && i < n; i++)
        records += counts[i].active + counts[i].missing + counts[i].archived;
    if (s)
        store_close(s);
    if (!good)
        return cli_fail(cli, &e);
    struct searcher *searcher = searcher_new(cli->config->data.p, cli->stop_words, NULL, &e);
    bool index =
        searcher && searcher_positions(searcher, &index_seq, &index_fseq, &documents, NULL);
    searcher_free(searcher);
    bool daemon = admin_request(cli, "GET", "/healthz", &answer, &status, NULL) && status == 200;
    buf_free(&answer);
    int64_t bytes = folder_bytes(cli->config->data.p);
    if (cli->json) {
        json_open(&b, '{');
        json_key(&b, "daemon");
        json_bool(&b, daemon);
        json_key(&b, "records");
        json_int(&b, records);
        json_key(&b, "bricks_joined");
        json_int(&b, bricks);
        json_key(&b, "records_joined");
        json_int(&b, joined);
        json_key(&b, "documents");
        json_int(&b, documents);
        json_key(&b, "seq");
        json_int(&b, seq);
        json_key(&b, "indexed_seq");
        json_int(&b, index_seq);
        json_key(&b, "figures_seq");
        json_int(&b, fseq);
        json_key(&b, "indexed_figures_seq");
        json_int(&b, index_fseq);
        json_key(&b, "bytes");
        json_int(&b, bytes);
        json_close(&b, '}');
        return cli_print(&b);
    }
    printf("daemon   %s\nstore    %lld records, seq %lld\njoined   %lld bricks, which are %lld of "
           "the records\nindex    %s, %lld documents, seq %lld%s\ndisk     %.1f MB\n",
           daemon ? "running" : "not running", (long long)records, (long long)seq,
           (long long)bricks, (long long)joined, index ? "there" : "missing", (long long)documents,
           (long long)index_seq, index_seq < seq || index_fseq < fseq ? " (behind the store)" : "",
           (double)bytes / 1e6);
    return EXIT_DONE;
}

// ---- verify --------------------------------------------------------------------------------------

struct comparing {
    struct guard_visited indexed; // unique terms, as hashes
    int64_t documents, records, behind;
    struct strs unindexed;
    struct arena *arena;
};

static bool take_term(void *arg, struct str term)
{
    struct comparing *c = arg;
    c->documents += guard_visited_add(&c->indexed, term);
    return true;
}

static bool look_up(void *arg, const struct stored *r)
{
    struct comparing *c = arg;
    char term[UNIQUE_TERM_MAX + 1];
    c->records++;
    if (guard_visited_add(&c->indexed, index_unique_term(r->id, term)))
        arena_push(c->arena, &c->unindexed, arena_str(c->arena, r->id));
    return true;
}

// Records that stand behind another have no document of their own: takes them out of what is not indexed.
static bool leave_out_behind(struct comparing *c, struct store *s, struct err *e)
{
    struct arena a = {0};
    struct stored r;
    size_t n = 0;
    bool good = true;
    for (size_t i = 0; i < c->unindexed.n && good; i++) {
        arena_reset(&a);
        good = store_get(s, c->unindexed.v[i], &a, &r, e);
        if (good && !r.behind)
            c->unindexed.v[n++] = c->unindexed.v[i];
        else
            c->behind += good;
    }
    c->unindexed.n = n;
    arena_free(&a);
    return good;
}

int command_verify(struct cli *cli, const struct options *o)
{
    (void)o;
    struct err e = {0};
    struct comparing c = {.arena = &cli->arena};
    int64_t seq = 0, fseq = 0, index_seq = 0, index_fseq = 0, documents = 0;
    int64_t bricks = 0, joined = 0;
    struct store *s = open_store(cli, &e);
    struct searcher *searcher =
        s ? searcher_new(cli->config->data.p, cli->stop_words, NULL, &e) : NULL;
    bool good = searcher && store_heads(s, &seq, &fseq, &e) &&
                searcher_each_id(searcher, take_term, &c, &e) &&
                searcher_positions(searcher, &index_seq, &index_fseq, &documents, &e) &&
                store_each(s, STR_NONE, (1u << KIND_COUNT) - 1, look_up, &c, &e) &&
                leave_out_behind(&c, s, &e) && store_join_counts(s, &bricks, &joined, &e);
    searcher_free(searcher);
    if (s)
        store_close(s);
    guard_visited_free(&c.indexed);
    if (!good)
        return cli_fail(cli, &e);
    // Every record has a document, but for those behind another; documents beyond these are of removed ones, or of what is behind.
    int64_t unindexed = (int64_t)c.unindexed.n,
            orphans =
                c.documents - (c.records - c.behind - unindexed) + ((joined - bricks) - c.behind);
    bool behind = index_seq < seq || index_fseq < fseq;
    bool same = !unindexed && !orphans && !behind;
    if (cli->json) {
        struct buf b = {0};
        json_open(&b, '{');
        json_key(&b, "same");
        json_bool(&b, same);
        json_key(&b, "records");
        json_int(&b, c.records);
        json_key(&b, "joined");
        json_int(&b, joined - bricks);
        json_key(&b, "documents");
        json_int(&b, c.documents);
        json_key(&b, "not_indexed");
        json_int(&b, unindexed);
        json_key(&b, "not_stored");
        json_int(&b, orphans);
        json_key(&b, "behind");
        json_int(&b, seq - index_seq);
        json_close(&b, '}');
        int code = cli_print(&b);
        return code ? code : same ? EXIT_DONE : EXIT_FAILED;
    }
    printf("%lld records, %lld documents: %s\n", (long long)c.records, (long long)c.documents,
           same ? "index and store agree" : "they differ");
    if (joined)
        printf("%lld records stand behind the same brick of another catalogue\n",
               (long long)(joined - bricks));
    if (unindexed)
        printf("%lld records are not in the index (%.*s ...)\n", (long long)unindexed,
               STR_ARG(c.unindexed.v[0]));
    if (orphans)
        printf("%lld documents are of no record that is searched\n", (long long)orphans);
    if (behind)
        printf("the index is %lld changes behind\n", (long long)(seq - index_seq));
    if (!same)
        printf("what to do: glaneur reindex\n");
    return same ? EXIT_DONE : EXIT_FAILED;
}
