// Errors that carry what happened, where, and what to do. The caller owns the struct, mostly on its
// stack; filling it allocates nothing, cuts its texts to their room, and puts '?' for bytes that are
// not UTF-8. A function that fails returns false (or NULL) and fills it.
#pragma once

#include "base/str.h"

enum err_code {
    ERR_NONE = 0,
    ERR_USAGE,     // wrong use of the command line or of a parameter
    ERR_CONFIG,    // the configuration is wrong
    ERR_NOT_FOUND, // what was asked for does not exist
    ERR_GONE,      // it existed, and was removed
    ERR_CONFLICT,  // not possible in the present state
    ERR_IO,        // files, database, disk
    ERR_CORRUPT,   // stored data cannot be trusted: rebuild
    ERR_LOCKED,    // another process holds it
    ERR_MODIFIED,  // a reader was overtaken by the writer: reopen
    ERR_NETWORK,   // connection, name, TLS
    ERR_TIMEOUT,   //
    ERR_HTTP,      // an HTTP status that is not a success
    ERR_REFUSED,   // a guard said no: address, size, time, loop
    ERR_PARSE,     // bytes that are not in the format they should be in
    ERR_RECORD,    // one record cannot be read
    ERR_ARGUMENT,  // a library was called with a value it does not take
    ERR_MEMORY,    // memory exhausted in a library
    ERR_QUERY,     // a search that cannot be understood
    ERR_BUSY,      // too much to do now: try again
    ERR_INTERNAL,  // a fault of ours
};

struct err {
    enum err_code code;
    int http_status; // with ERR_HTTP: the status that came; else 0
    char where[160]; // source, file and line, URL, record; may be empty
    char what[400];  // what happened
    char hint[200];  // what to do; may be empty
};

// Fills *e (which may be NULL) and returns false, so that a function can `return err_set(...)`.
bool err_set(struct err *e, enum err_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4), nonnull(3)));
bool err_where(struct err *e, const char *format, ...)
    __attribute__((format(printf, 2, 3), nonnull(2)));
bool err_hint(struct err *e, const char *format, ...)
    __attribute__((format(printf, 2, 3), nonnull(2)));
// Puts a file's name before the place that *e tells: "line 3" becomes "config/synonyms.txt line 3".
bool err_in_file(struct err *e, const char *name) __attribute__((nonnull(2)));
const char *err_name(enum err_code code); // stable lower-case word: "not_found", "network"
// "where: what (hint)" into `out`, always terminated. Returns out.
char *err_text(const struct err *e, char *out, size_t size);
