// Structured log on stderr: logfmt, or JSON lines. Under journald each line starts with its level, "<6>"
// (sd-daemon(3)). Any thread; each call is one write of one line. Values are escaped, so that
// nothing from outside can forge a line or steer a terminal.
#pragma once

#include "base/str.h"

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };
enum log_format { LOG_LOGFMT, LOG_JSON };

struct log_field {
    const char *key;
    enum { LOG_FIELD_STR, LOG_FIELD_INT, LOG_FIELD_REAL } type;
    struct str s;
    int64_t i;
    double r;
};

#define F_STR(k, v) ((struct log_field){.key = (k), .type = LOG_FIELD_STR, .s = (v)})
#define F_Z(k, v) F_STR(k, str_of(v))
#define F_INT(k, v) ((struct log_field){.key = (k), .type = LOG_FIELD_INT, .i = (int64_t)(v)})
#define F_REAL(k, v) ((struct log_field){.key = (k), .type = LOG_FIELD_REAL, .r = (v)})

// Before any thread starts. `most` is the least important level that is still written.
void log_setup(enum log_format format, enum log_level most, bool journald);
bool log_enabled(enum log_level level);
void log_write(enum log_level level, const char *event, const struct log_field *fields, size_t n);

// log_event(LOG_INFO, "run ended", F_STR("source", name), F_INT("added", 3));
#define log_event(level, event, ...)                                                               \
    do {                                                                                           \
        const struct log_field log_fields_[] = {__VA_ARGS__};                                      \
        log_write((level), (event), log_fields_, sizeof log_fields_ / sizeof *log_fields_);        \
    } while (0)
