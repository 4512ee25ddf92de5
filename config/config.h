// The configuration of Glaneur (design.md 5.3): one YAML file, checked whole when it is loaded,
// never changed after. A `struct config` owns everything that hangs on it until config_free; any
// thread may read it. A reload loads another one. The configuration lies below the harvester: what
// it must know of drivers and of their rules comes in struct conf_hooks.
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "config/errors.h"
#include "config/schema.h"

// A driver, as the configuration sees it.
struct conf_driver {
    const char *type; // "udata"
    unsigned kinds; // that it offers: bit mask, 1 << enum record_kind, in the order of config_kinds
    bool files;     // a url may be a path
    const struct conf_key *keys; // its own, ended by a NULL name; or NULL
    size_t options_size;         // of the struct that they fill
};

struct conf_hooks {
    const struct conf_driver *drivers;
    size_t driver_count;
    struct conf_checks checks;
};

// The words of `kinds`: dataset, dataservice, reuse, software, organization, and NULL.
extern const char *const config_kinds[];

struct config_remove_after {
    int64_t sweeps; // complete ones that it was absent from
    int64_t days;   // since it was seen last; both must be reached
};

// Texts that are absent are {NULL, 0}; those that are there are NUL-terminated behind their length.
struct config_source {
    struct str name; // [a-z0-9.-], at most 64, unique
    struct str type; // of a driver in the hooks
    // http or https, no user or password in it; as written, with or without a slash at its end. Or a path
    struct str url;
    bool local;          // it is a path
    struct str schedule; // cron, or "never"
    unsigned kinds; // bit mask, 1 << position in config_kinds; never 0, always among the driver's
    struct strs allow_private; // networks
    double max_removed;        // 0..1
    struct config_remove_after remove_after;
    int64_t full_every; // days between two sweeps of everything; 0: each is one
    double rate;        // requests a second, 0: no limit
    int64_t page_size;
    int64_t attempts;
    int64_t timeout;         // seconds, for one request
    struct str headers_file; // a path
    struct str license, attribution;
    const void *driver_options; // the driver's own struct, as its keys filled it; or NULL
    unsigned line;              // in the file, for messages
};

enum config_matcher { MATCHER_LISTS, MATCHER_XAPIAN };

struct config {
    struct str file; // its name, for messages
    struct conf_listen listen, admin;
    struct str data;       // a path
    struct str store;      // "sqlite"
    struct str share;      // a path, or absent
    struct str public_url; // without a slash at its end, or absent
    struct str contact;
    struct str proxy;            // http:// or https://, may hold user and password: not to be shown
    struct str ca_file;          // a path
    struct strs trusted_proxies; // networks
    struct str timezone;
    unsigned matcher;              // enum config_matcher: how searches match
    struct config_source *sources; // in the order of the file
    size_t source_count;
    struct arena arena; // holds all of this, the struct itself included
};

// The file to load: `given` (the -c of the command line; may be NULL), else $GLANEUR_CONFIG, else
// ./glaneur.yaml, else /etc/glaneur/glaneur.yaml, of the last two the first that exists. The result
// is not to be freed. NULL: there is none, and *e says where it looked.
const char *config_find_path(const char *given, struct err *e);
// Loads and checks a file. NULL when anything is wrong: `errors` (zeroed before; freed by the
// caller) holds at least one.
struct config *config_load(const char *path, const struct conf_hooks *hooks,
                           struct conf_errors *errors);
// The same for a text. `name` stands for the file in messages; relative paths are relative to
// `dir`.
struct config *config_load_text(struct str yaml, const char *name, const char *dir,
                                const struct conf_hooks *hooks, struct conf_errors *errors);
void config_free(struct config *c); // NULL is accepted
// The source of that name, or NULL.
const struct config_source *config_source(const struct config *c, struct str name);
// The reference text of every key, those of the drivers included.
void config_describe(struct buf *out, const struct conf_hooks *hooks);
