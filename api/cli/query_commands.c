// queries: the log of queries that did not find what they asked for, straight from its file, whether a daemon runs or not.
#include "api/cli/cli.h"
#include "api/queries.h"
#include "base/utf8.h"

#include <stdio.h>

enum { QUERY_WIDTH = 44 }; // of its column; a longer query moves what follows

// printf pads bytes, not characters.
static void print_padded(struct str s, size_t width)
{
    size_t n = utf8_count(s);
    printf("%.*s%*s", STR_ARG(s), n < width ? (int)(width - n) : 0, "");
}

static void print_entry(const struct query_entry *q)
{
    char day[DATE_TEXT_BYTES];
    struct str became = q->corrected.n ? q->corrected : q->relaxed;
    printf("%7lld  %-10.*s  %-9s  %7lld  ", (long long)q->count,
           STR_ARG(queries_day(q->last_seen, day)), query_outcome_name(q->outcome),
           (long long)q->total);
    if (became.n) {
        print_padded(q->query, QUERY_WIDTH);
        printf("  %.*s\n", STR_ARG(became));
    } else {
        printf("%.*s\n", STR_ARG(q->query));
    }
}

static void print_table(const struct query_entry *entries, size_t n)
{
    if (n)
        printf("%7s  %-10s  %-9s  %7s  %-*s  %s\n", "COUNT", "LAST SEEN", "OUTCOME", "FOUND",
               QUERY_WIDTH, "QUERY", "BECAME");
    for (size_t i = 0; i < n; i++)
        print_entry(&entries[i]);
}

int command_queries(struct cli *cli, const struct options *o)
{
    static const char *const names[] = {"outcome", "since"};
    struct err e = {0};
    struct query_filter filter = {0};
    struct query_entry *entries;
    size_t n;
    int64_t limit = QUERIES_SHOWN, total;
    const char *most = o->get(o, "limit", 0);
    for (int i = 0; i < 2; i++)
        if (!queries_param(&filter, names[i], str_of(o->get(o, names[i], 0)), &e))
            return cli_fail(cli, &e);
    if (most && !cli_number(most, &limit)) {
        err_set(&e, ERR_USAGE, "--limit is a number from 1");
        return cli_fail(cli, &e);
    }
    filter.limit = limit < QUERIES_SHOWN_MAX ? (size_t)limit : QUERIES_SHOWN_MAX;
    if (!queries_read(cli->config->data.p, &filter, &cli->arena, &entries, &n, &total, &e))
        return cli_fail(cli, &e);
    if (cli->json) {
        struct buf b = {0};
        json_queries(&b, entries, n, total);
        int code = cli_print(&b);
        return code ? code : total ? EXIT_DONE : EXIT_NOTHING;
    }
    print_table(entries, n);
    if (!total)
        cli_say(cli, "no such query is logged\n");
    else if ((int64_t)n < total)
        cli_say(cli, "%zu of %lld queries: --limit shows more\n", n, (long long)total);
    return total ? EXIT_DONE : EXIT_NOTHING;
}
