// The entry of the program: finds the command, reads its options, loads the configuration and the shipped data.
#include "api/cli/cli.h"

#include "api/labels.h"
#include "base/log.h"
#include "base/version.h"
#include "config/shipped.h"
#include "harvester/hooks.h"
#include "harvester/normalise/vocabulary.h"

#include <curl/curl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { OPTIONS_MOST = 40, VALUES_MOST = 64 };

struct parsed {
    const char *name[VALUES_MOST], *value[VALUES_MOST];
    int n;
};

static const struct option_spec common[] = {
    {"config", "FILE", "the configuration (also -c)"},
    {"json", NULL, "one JSON document on stdout"},
    {"quiet", NULL, "nothing on stderr but errors"},
    {"help", NULL, "this text"},
    {"log-json", NULL, "log lines as JSON"},
    {"log-level", "LEVEL", "error, warning, info or debug"},
    {NULL, NULL, NULL},
};

static const char *get(const struct options *o, const char *name, int i)
{
    const struct parsed *p = o->own;
    for (int k = 0; k < p->n; k++)
        if (strcmp(p->name[k], name) == 0 && i-- == 0)
            return p->value[k];
    return NULL;
}

static void print_options(const struct option_spec *spec)
{
    for (; spec->name; spec++)
        printf("  --%s%s%-*s %s\n", spec->name, spec->value ? " " : "",
               (int)(22 - strlen(spec->name) - (spec->value ? 1 : 0)),
               spec->value ? spec->value : "", spec->help);
}

static void print_usage(FILE *f)
{
    fprintf(f,
            "Glaneur %s: one search over public catalogues.\n\nusage: glaneur COMMAND [OPTIONS] "
            "[ARGUMENTS]\n\n",
            GLANEUR_VERSION);
    for (const struct command *c = commands; c->name; c++)
        fprintf(f, "  %-9s %-22s %s\n", c->name, c->arguments, c->summary);
    fprintf(
        f,
        "\nglaneur COMMAND --help tells its options. Exit codes: 0 done, 1 failed, 2 wrong use or "
        "configuration, 3 nothing found.\n");
}

static int print_help(const struct command *c)
{
    printf("usage: glaneur %s [OPTIONS] %s\n\n%s\n\n", c->name, c->arguments, c->help);
    if (c->options && c->options->name) {
        print_options(c->options);
        printf("\n");
    }
    print_options(common);
    if (strcmp(c->name, "check") == 0) {
        struct buf b = {0};
        config_describe(&b, harvester_conf_hooks());
        printf("\nKeys of the configuration:\n\n%.*s\n", (int)b.n, b.p);
        buf_free(&b);
    }
    return EXIT_DONE;
}

// getopt_long's table for the command's options and the common ones.
static bool parse(const struct command *c, int argc, char **argv, struct parsed *p)
{
    struct option table[OPTIONS_MOST + 1] = {{0}};
    const struct option_spec *specs[OPTIONS_MOST], *lists[] = {common, c->options};
    int n = 0;
    for (int i = 0; i < 2; i++)
        for (const struct option_spec *s = lists[i]; s && s->name && n < OPTIONS_MOST; s++, n++) {
            specs[n] = s;
            table[n] =
                (struct option){s->name, s->value ? required_argument : no_argument, NULL, 0};
        }
    optind = 1;
    for (int which, short_name;
         (short_name = getopt_long(argc, argv, "c:qh", table, &which)) != -1;) {
        if (short_name == '?' || p->n == VALUES_MOST)
            return false;
        const char *name = short_name == 'c'   ? "config"
                           : short_name == 'q' ? "quiet"
                           : short_name == 'h' ? "help"
                                               : specs[which]->name;
        p->name[p->n] = name;
        p->value[p->n++] = optarg ? optarg : "";
    }
    return true;
}

static bool load_config(struct cli *cli, struct err *e)
{
    struct conf_errors errors = {0};
    const char *path = config_find_path(cli->config_path, e);
    if (!path)
        return false;
    cli->config = config_load(path, harvester_conf_hooks(), &errors);
    for (size_t i = 0; i < errors.n; i++) {
        char text[800];
        fprintf(stderr, "glaneur: %s\n", err_text(&errors.v[i].err, text, sizeof text));
    }
    if (!cli->config)
        err_set(e, ERR_CONFIG, "the configuration %s has %zu error%s", path, errors.n + errors.more,
                errors.n + errors.more == 1 ? "" : "s");
    conf_errors_free(&errors);
    return cli->config != NULL;
}

// What the program carries, or what the configuration's `share` has instead of it.
static bool load_shipped(struct cli *cli, struct err *e)
{
    struct str share = cli->config ? cli->config->share : STR_NONE, licences, formats, frequencies,
               labels;
    struct arena *a = &cli->arena;
    return shipped_file(share, "config/vocabularies/licences.tsv", a, &licences, e) &&
           shipped_file(share, "config/vocabularies/formats.tsv", a, &formats, e) &&
           shipped_file(share, "config/vocabularies/frequencies.tsv", a, &frequencies, e) &&
           shipped_file(share, "config/vocabularies/labels.tsv", a, &labels, e) &&
           shipped_file(share, "config/stopwords.txt", a, &cli->stop_words, e) &&
           vocabularies_load(licences, formats, frequencies, e) && labels_load(labels, e);
}

const struct places *cli_places(struct cli *cli, struct err *e)
{
    struct str share = cli->config ? cli->config->share : STR_NONE;
    if (!cli->geography.places)
        geography_load(share, &cli->geography, e);
    return cli->geography.places;
}

static bool setup_log(const struct options *o, bool quiet)
{
    static const char *const levels[] = {"error", "warning", "info", "debug"};
    const char *level = get(o, "log-level", 0);
    enum log_level most = quiet ? LOG_ERROR : LOG_INFO;
    for (unsigned i = 0; level && i < 4; i++)
        if (strcmp(levels[i], level) == 0) {
            most = (enum log_level)i;
            level = NULL;
        }
    log_setup(get(o, "log-json", 0) ? LOG_JSON : LOG_LOGFMT, most,
              getenv("JOURNAL_STREAM") != NULL);
    return level == NULL;
}

static int run(const struct command *c, int argc, char **argv)
{
    struct parsed p = {.n = 0};
    if (!parse(c, argc, argv, &p))
        return EXIT_WRONG_USE;
    struct options o = {(const char *const *)argv + optind, argc - optind, get, &p};
    if (get(&o, "help", 0))
        return print_help(c);
    struct cli cli = {.config_path = get(&o, "config", 0),
                      .json = get(&o, "json", 0) != NULL,
                      .quiet = get(&o, "quiet", 0) != NULL};
    struct err e = {0};
    int code = EXIT_DONE;
    if (!setup_log(&o, cli.quiet)) {
        err_set(&e, ERR_USAGE, "--log-level is error, warning, info or debug");
        code = cli_fail(&cli, &e);
    } else if (o.argument_count < c->least || o.argument_count > c->most) {
        err_set(&e, ERR_USAGE, "usage: glaneur %s [OPTIONS] %s", c->name, c->arguments);
        code = cli_fail(&cli, &e);
    } else if ((c->wants_config && !load_config(&cli, &e)) || !load_shipped(&cli, &e)) {
        code = cli_fail(&cli, &e);
    } else {
        code = c->run(&cli, &o);
    }
    config_free(cli.config);
    labels_free();
    vocabularies_free();
    geography_free(&cli.geography);
    arena_free(&cli.arena);
    return code;
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    int code = EXIT_WRONG_USE;
    const char *name = argc > 1 ? argv[1] : "";
    const struct command *c = commands;
    while (c->name && strcmp(c->name, name) != 0)
        c++;
    if (c->name)
        code = run(c, argc - 1, argv + 1);
    else if (strcmp(name, "--version") == 0)
        code = printf("glaneur %s\n", GLANEUR_VERSION) > 0 ? EXIT_DONE : EXIT_FAILED;
    else if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0)
        print_usage(stdout), code = EXIT_DONE;
    else
        print_usage(stderr);
    curl_global_cleanup();
    return code;
}
