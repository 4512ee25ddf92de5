// The tables that say what a map of the configuration may hold: each key's name, type, bounds,
// default and help. The configuration has its tables in config.c, each driver its own beside its
// code:
//
//     struct udata_options { int64_t version; bool archived; };
//     static const struct conf_key udata_keys[] = {
//         {.name = "api_version", .type = CONF_INT,
//          .offset = offsetof(struct udata_options, version), .min = 1, .max = 2,
//          .preset = "2", .help = "Which of udata's APIs lists are read from."},
//         {.name = "archived", .type = CONF_BOOL,
//          .offset = offsetof(struct udata_options, archived), .preset = "false",
//          .help = "Also reads archived datasets."},
//         {.name = NULL},
//     };
//
// A key that is absent, or null, takes its default. Everything that is read is copied into the
// arena of the reader.
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "config/errors.h"
#include "config/yaml.h"

enum conf_type {      // what it fills at its offset          `min` and `max` are
    CONF_STRING,      // struct str, one line, trimmed        bytes
    CONF_PATH,        // struct str, below `dir` if relative  bytes
    CONF_URL,         // struct str, http or https            bytes
    CONF_PLACE,       // struct str, either of the two         bytes
    CONF_CRON,        // struct str, or "never"               bytes
    CONF_LISTEN,      // struct conf_listen                   -
    CONF_INT,         // int64_t                              the value's: always given
    CONF_REAL,        // double                               the value's: always given
    CONF_BOOL,        // bool                                 -
    CONF_WORD,        // unsigned, the position in `words`    -
    CONF_STRINGS,     // struct strs of CONF_STRING           entries
    CONF_WORDS,       // unsigned, 1 << position in `words`   entries
    CONF_NETWORKS,    // struct strs                          entries
    CONF_MAP,         // the struct of the table `keys`       -
    CONF_LIST_OF_MAPS // nothing: `read` does               entries
};

enum {
    CONF_TEXT_MOST = 2000,   // bytes of a text whose `max` is 0
    CONF_ENTRIES_MOST = 1000 // entries of a list whose `max` is 0
};

enum conf_file { CONF_MAY_EXIST, CONF_IS_FILE, CONF_IS_FOLDER };

// "127.0.0.1:8080", "[::1]:8080" or "unix:/run/glaneur/admin.sock" (below `dir` if relative).
struct conf_listen {
    enum { CONF_IPV4, CONF_IPV6, CONF_UNIX } family;
    struct str host; // the address without brackets, or the path: at most 107 bytes
    uint16_t port;   // 0: one that is free; 0 for CONF_UNIX
    bool loopback;   // 127.0.0.0/8, ::1 or CONF_UNIX: no other machine can reach it
    struct str text; // as it is written in the configuration
};

struct conf_reader;

// Strings that come out are NUL-terminated behind their length, never empty ({NULL, 0} when
// absent), valid UTF-8 without control characters.
struct conf_key {
    const char *name; // NULL ends a table
    enum conf_type type;
    size_t offset;   // in the struct that the table fills
    double min, max; // see enum conf_type; max 0 (but for numbers): the most of the type
    // The default, as text. NULL: absent, which is {NULL, 0}, 0 or false. Lists have none: they are
    // empty.
    const char *preset;
    bool required; // must be given: has no default
    // CONF_PATH: what must be there, and readable, when the configuration is loaded.
    enum conf_file exists;
    const char *const *words; // CONF_WORD, CONF_WORDS: ended by NULL, at most 32
    // CONF_STRING, CONF_STRINGS, CONF_URL: a rule of its own. False: e->what ends the sentence
    // `"key" is "value": ...`.
    bool (*check)(struct str value, struct err *e);
    const struct conf_key *keys; // CONF_MAP, CONF_LIST_OF_MAPS: the keys of a map
    // CONF_LIST_OF_MAPS: reads the list (NULL when absent) into the struct that the table fills.
    // Items that are no maps are reported already.
    void (*read)(struct conf_reader *r, const struct yaml_node *list, void *into);
    const char *help; // sentences in English, for the reference text
};

// Rules that live in floors above, as functions. False: e->what ends the sentence `"key" is
// "value": ...`. A NULL one accepts everything.
struct conf_checks {
    bool (*cron)(struct str text, struct err *e);    // is never asked about "never"
    bool (*network)(struct str text, struct err *e); // "10.0.0.0/8", "::1"
    bool (*url)(struct str text, struct err *e);     // begins with http:// or https://
};

struct conf_reader {
    struct arena *arena; // of what is read
    const char *file;    // for messages
    struct str dir;      // what relative paths are relative to
    struct conf_checks checks;
    struct conf_errors *errors;
    const void *context; // for the `read` of CONF_LIST_OF_MAPS
};

// Fills `into` with every key of the table: from the map (NULL: an empty one), else its default.
// Adds errors, and goes on. Keys that the table does not know are left alone. `owner` ends
// sentences: " of source \"x\"", or "".
void conf_fill(struct conf_reader *r, const struct yaml_node *map, const struct conf_key *keys,
               void *into, const char *owner);
// Adds the error of a key (an entry of a map) that none of the tables knows: with the nearest name
// of them. `tables` is ended by NULL.
void conf_unknown(struct conf_reader *r, const struct yaml_node *entry,
                  const struct conf_key *const *tables, const char *owner);
// Both for a map with one table: conf_fill, then conf_unknown for each key that it does not know.
void conf_read_map(struct conf_reader *r, const struct yaml_node *map, const struct conf_key *keys,
                   void *into, const char *owner);
// The key of that name, or NULL. `keys` may be NULL.
const struct conf_key *conf_find(const struct conf_key *keys, struct str name);
// The word nearest to `name` when it is near enough to be meant, else NULL. `words` is ended by
// NULL.
const char *conf_nearest(struct str name, const char *const *words);

// The reference text of a table: name, type, bounds, default and help of each key, and of the maps
// below it, each line behind `indent` spaces.
void conf_describe(struct buf *out, const struct conf_key *keys, unsigned indent);
