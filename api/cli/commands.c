// The table of commands, and what they share.
#include "api/cli/cli.h"

#include <stdarg.h>
#include <stdio.h>

static int accept_run(struct cli *cli, const struct options *o)
{
    return command_decide(cli, o, true);
}

static int refuse_run(struct cli *cli, const struct options *o)
{
    return command_decide(cli, o, false);
}

static const struct option_spec harvest_options[] = {
    {"dry-run", NULL, "tell what would change, write nothing"},
    {"force", NULL, "write every record again, changed or not"},
    {"limit", "N", "stop after N records; nothing is then counted as absent"},
    {NULL, NULL, NULL},
};
static const struct option_spec search_options[] = {
    {"kind", "KIND",
     "dataset, dataservice, reuse, software, organization; each filter may be repeated"},
    {"source", "NAME", "of the configuration"},
    {"publisher", "ID", ""},
    {"publisher_kind", "KIND", "public-service, local-authority, company, association, user"},
    {"license", "ID", "etalab-2.0, ODbL-1.0, ..."},
    {"format", "FORMAT", "csv, geojson, ..."},
    {"format_family", "FAMILY", "tabular, machine_readable, geographical, documents, other"},
    {"access", "ACCESS", "open, open_with_account, restricted"},
    {"theme", "THEME", ""},
    {"keyword", "WORD", ""},
    {"territory", "ZONE", "fr:commune:35238, 35238, 35, ..."},
    {"schema", "NAME", "etalab/schema-irve-statique, ..."},
    {"badge", "BADGE", "hvd, inspire, spd, ..."},
    {"granularity", "LEVEL", "fr:commune, ..."},
    {"frequency", "CODE", "ANNUAL, MONTHLY, ..."},
    {"status", "STATUS", "active, missing, archived"},
    {"modified_since", "DATE", ""},
    {"min_quality", "NUMBER", "0 to 1"},
    {"uses", "ID", "what uses or serves that record"},
    {"used_by", "ID", "what that record uses or serves"},
    {"sort", "ORDER", "relevance, modified, issued, views, title"},
    {"page", "N", ""},
    {"page_size", "N", "at most 100"},
    {"cursor", "TEXT", "from the answer before"},
    {"facets", "NAMES", "filters to count the values of, comma separated"},
    {"explain", "1", "the parts of each score"},
    {NULL, NULL, NULL},
};
static const struct option_spec export_options[] = {
    {"format", "FORMAT", "jsonl (the default), csv or dcat (DCAT-AP in Turtle)"},
    {"source", "NAME", "harvested from it; each filter may be repeated"},
    {"kind", "KIND", "dataset, dataservice, reuse, software, organization"},
    {"status", "STATUS", "active, missing, archived; removed, which is left out otherwise"},
    {NULL, NULL, NULL},
};
static const struct option_spec show_options[] = {
    {"history", NULL, "how it changed"},
    {NULL, NULL, NULL},
};
static const struct option_spec split_options[] = {
    {"undo", NULL, "join it again"},
    {NULL, NULL, NULL},
};
static const struct option_spec runs_options[] = {
    {"limit", "N", "how many runs, or lines of errors of one run (20, 1000)"},
    {NULL, NULL, NULL},
};

static const struct option_spec probe_options[] = {
    {"type", "TYPE", "of the source, when it is known: nothing else is asked"},
    {"allow-private", "NETWORK",
     "may be on it, as 10.1.2.0/24; an address written as a number may be asked as it is"},
    {"headers-file", "FILE", "lines \"Name: value\" to send"},
    {"proxy", "URL", "goes through it"},
    {"ca-file", "FILE", "certificates, in the place of the system's"},
    {"timeout", "SECONDS",
     "each question takes at most (30 for the address, then 10, 120 for the page)"},
    {NULL, NULL, NULL},
};
static const struct option_spec queries_options[] = {
    {"outcome", "OUTCOME", "nothing, relaxed or corrected"},
    {"since", "DATE", "met on that day or later"},
    {"limit", "N", "how many (50)"},
    {NULL, NULL, NULL},
};

const struct command commands[] = {
    {"serve", "", "the daemon: harvests on schedule, serves searches",
     "Runs until SIGTERM or SIGINT, which it answers within 10 seconds. SIGHUP loads the "
     "configuration again.",
     NULL, 0, 0, true, command_serve},
    {"harvest", "[SOURCE...]", "harvests now; every source when none is named",
     "Returns when what it brought is searchable. Where a daemon runs on the same data, it "
     "harvests through it.",
     harvest_options, 0, 1000, true, command_harvest},
    {"search", "QUERY", "searches",
     "Filters are those of the API. Exit code 3 when nothing is found.", search_options, 0, 1, true,
     command_search},
    {"show", "ID", "one record whole",
     "Prints a record as JSON; joined_by tells the keys that join it to records of other "
     "catalogues.",
     show_options, 1, 1, true, command_show},
    {"export", "", "every record, on stdout",
     "In the order of ids, as the store is when it begins, whether a daemon runs or not. jsonl: "
     "one "
     "record a line, as /api/v1/records/ID shows it. csv: one row a record. dcat: datasets, data "
     "services and organizations; the others are counted on stderr. Exit code 3 when there is no "
     "record.",
     export_options, 0, 0, true, command_export},
    {"split", "ID", "sets a record apart from the same brick in other catalogues",
     "For records that are joined and are not the same: joined_by of glaneur show tells why. It is "
     "joined with nothing from then on, also by later harvests, until --undo.",
     split_options, 1, 1, true, command_split},
    {"sources", "", "each source: state, records, last and next run", "One line for each source.",
     NULL, 0, 0, true, command_sources},
    {"runs", "[SOURCE] [RUN]", "history of runs, or one run whole",
     "Newest first. With a run's number: the run and the lines of its errors.", runs_options, 0, 2,
     true, command_runs},
    {"accept", "SOURCE RUN", "lets a run that was held back remove what it would",
     "Removes the records that the run found gone and that were not seen since.", NULL, 2, 2, true,
     accept_run},
    {"refuse", "SOURCE RUN", "keeps what a run that was held back would have removed",
     "The records stay, and count as seen.", NULL, 2, 2, true, refuse_run},
    {"probe", "URL", "what an address is, and a source for it",
     "Asks the address, and what is usual below it, which driver knows it; prints a source for the "
     "configuration, the first records, and where the answer departs "
     "from the fields that the driver expects (new, gone, of another type): to be looked at before "
     "a change of a server hurts. The address may be a file's path. "
     "Nothing is stored. Exit code 3 when no driver knows it, 1 when its first page cannot be "
     "read.",
     probe_options, 1, 1, false, command_probe},
    {"queries", "", "queries that found nothing, or not what was asked",
     "Searches without filters that found nothing, were relaxed or were corrected, the most "
     "frequent first: for lines of config/synonyms.txt. Kept for 90 days, without address, user or "
     "hour; never kept when it looks like an e-mail address, a telephone or a social security "
     "number. Exit code 3 when there is none.",
     queries_options, 0, 0, true, command_queries},
    {"check", "", "checks the configuration",
     "Exit code 2 when it is wrong. All errors are told at once.", NULL, 0, 0, true, command_check},
    {"status", "", "store, index and daemon at a glance", "Numbers of records, positions, sizes.",
     NULL, 0, 0, true, command_status},
    {"reindex", "", "builds the index anew from the store, aside, then swaps it in",
     "Searches go on meanwhile. Through the daemon where one runs.", NULL, 0, 0, true,
     command_reindex},
    {"verify", "", "compares index and store", "Exit code 1 when they differ.", NULL, 0, 0, true,
     command_verify},
    {0},
};

int cli_fail(const struct cli *cli, const struct err *e)
{
    char text[800];
    (void)cli;
    fprintf(stderr, "glaneur: %s\n", err_text(e, text, sizeof text));
    switch (e->code) {
    case ERR_USAGE:
    case ERR_CONFIG:
    case ERR_QUERY:
    case ERR_ARGUMENT:
        return EXIT_WRONG_USE;
    case ERR_NOT_FOUND:
    case ERR_GONE:
        return EXIT_NOTHING;
    default:
        return EXIT_FAILED;
    }
}

int cli_print(struct buf *b)
{
    buf_addc(b, '\n');
    bool good = fwrite(b->p, 1, b->n, stdout) == b->n && fflush(stdout) == 0;
    buf_free(b);
    return good ? EXIT_DONE : EXIT_FAILED;
}

void cli_say(const struct cli *cli, const char *format, ...)
{
    if (cli->quiet)
        return;
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
}

bool cli_number(const char *text, int64_t *out)
{
    return str_to_int(str_of(text), 1, INT64_MAX, out);
}
