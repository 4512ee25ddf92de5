// The command line: what its commands share.
//
// Data goes to stdout, everything else to stderr. Exit codes: 0 done, 1 failed, 2 wrong use or configuration, 3 nothing found.
#pragma once

#include "config/config.h"
#include "indexer/places/geography.h"

#include <stdbool.h>

enum exit_code { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_WRONG_USE = 2, EXIT_NOTHING = 3 };

struct cli {
    const char *config_path; // -c
    bool json, quiet;
    struct config
        *config; // when the command wants one; the command may take it (and set it to NULL)
    struct str stop_words;      // shipped or overridden
    struct geography geography; // see cli_places
    struct arena arena;
};

struct option_spec {
    const char *name, *value; // value: its name in the help, NULL for a flag
    const char *help;
};

struct options { // of one command, parsed
    const char *const *arguments;
    int argument_count;
    // The value of an option, "" for a flag that is there, NULL when it is not. Repeated: the i-th.
    const char *(*get)(const struct options *o, const char *name, int i);
    void *own;
};

struct command {
    const char *name, *arguments, *summary, *help;
    const struct option_spec *options; // ended by a NULL name
    int least, most;                   // arguments
    bool wants_config;
    int (*run)(struct cli *cli, const struct options *o);
};
extern const struct command commands[]; // ended by a NULL name

// Prints an error on stderr and gives the exit code that goes with it.
// The territories and their names, read when they are first wanted. NULL and *e when they cannot be.
const struct places *cli_places(struct cli *cli, struct err *e);
int cli_fail(const struct cli *cli, const struct err *e);
// Prints a buffer on stdout, with a line end, and frees it. EXIT_FAILED when stdout cannot be written.
int cli_print(struct buf *b);
void cli_say(const struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
// Whether the number of a run was given rightly.
bool cli_number(const char *text, int64_t *out);

// The admin face of a daemon that runs on the same data, by its address in the configuration. `body` gets what it answered;
// *status its HTTP status. ERR_NETWORK when nobody answers.
bool admin_request(const struct cli *cli, const char *method, const char *path, struct buf *body,
                   int *status, struct err *e);

// False and *e when the daemon answered with a problem.
bool cli_answered(const struct buf *body, int status, struct err *e);
// Brings the index up to the store, where no daemon does. The caller holds the store's writer.
struct store;
bool cli_index(struct cli *cli, struct store *writer, struct err *e);

// Commands that live in files of their own.
int command_serve(struct cli *cli, const struct options *o);
int command_harvest(struct cli *cli, const struct options *o);
int command_search(struct cli *cli, const struct options *o);
int command_export(struct cli *cli, const struct options *o);
int command_show(struct cli *cli, const struct options *o);
int command_split(struct cli *cli, const struct options *o);
int command_sources(struct cli *cli, const struct options *o);
int command_runs(struct cli *cli, const struct options *o);
int command_decide(struct cli *cli, const struct options *o, bool accept);
int command_probe(struct cli *cli, const struct options *o);
int command_queries(struct cli *cli, const struct options *o);
int command_check(struct cli *cli, const struct options *o);
int command_status(struct cli *cli, const struct options *o);
int command_reindex(struct cli *cli, const struct options *o);
int command_verify(struct cli *cli, const struct options *o);
