// See log.h.
#include "base/log.h"

#include "base/buf.h"
#include "base/text.h"
#include "base/utf8.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

static struct {
    enum log_format format;
    enum log_level most;
    bool journald;
} settings = {LOG_LOGFMT, LOG_INFO, false};

void log_setup(enum log_format format, enum log_level most, bool journald)
{
    settings.format = format;
    settings.most = most;
    settings.journald = journald;
}

bool log_enabled(enum log_level level)
{
    return level <= settings.most;
}

static const char *level_name(enum log_level level)
{
    static const char *const names[] = {"error", "warning", "info", "debug"};
    return names[level];
}

// A text from outside, fit for a terminal and for JSON: U+FFFD stands for what is not UTF-8, and for what would
// steer the terminal or cannot be seen (C1 controls, direction marks, line separators). ASCII is left to the escaping.
static struct str shown(struct buf *scratch, struct str s)
{
    enum { LINE_SEPARATOR = 0x2028, PARAGRAPH_SEPARATOR = 0x2029 };
    uint32_t code;
    for (size_t at = 0, n; at < s.n; at += n) {
        n = utf8_decode(s, at, &code);
        bool hidden = !n || (code >= 0x80 && (text_invisible(code) || code == LINE_SEPARATOR ||
                                              code == PARAGRAPH_SEPARATOR));
        n = n ? n : utf8_ill_formed(s, at);
        buf_add(scratch, hidden ? STR("\xEF\xBF\xBD") : str_slice(s.p + at, n));
    }
    return s.p ? str_slice(s.n ? scratch->p : "", scratch->n) : STR_NONE;
}

// logfmt: bare when it holds nothing special, else quoted as a JSON string.
static void logfmt_value(struct buf *b, struct str s)
{
    bool bare = s.n > 0;
    for (size_t i = 0; i < s.n && bare; i++)
        bare = s.p[i] > ' ' && s.p[i] != '"' && s.p[i] != '=' && s.p[i] != '\\' && s.p[i] != 0x7F;
    if (bare) {
        buf_add(b, s);
        return;
    }
    struct buf quoted = {0};
    json_str(&quoted, s.p ? s : STR(""));
    buf_add(b, buf_str(&quoted));
    buf_free(&quoted);
}

static void field(struct buf *b, const struct log_field *f)
{
    bool json = settings.format == LOG_JSON;
    struct buf number = {0}, scratch = {0};
    struct str text = f->type == LOG_FIELD_STR ? shown(&scratch, f->s) : STR_NONE;
    if (f->type == LOG_FIELD_INT)
        json_int(&number, f->i);
    else if (f->type == LOG_FIELD_REAL)
        json_num(&number, f->r);
    if (json) {
        json_key(b, f->key);
        if (f->type == LOG_FIELD_STR)
            json_str(b, text);
        else
            json_raw(b, buf_str(&number));
    } else {
        buf_addf(b, " %s=", f->key);
        if (f->type == LOG_FIELD_STR)
            logfmt_value(b, text);
        else
            buf_add(b, buf_str(&number));
    }
    buf_free(&number);
    buf_free(&scratch);
}

void log_write(enum log_level level, const char *event, const struct log_field *fields, size_t n)
{
    static const int journald_level[] = {3, 4, 6, 7}; // syslog(3): err, warning, info, debug
    if (!log_enabled(level))
        return;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    struct tm tm;
    gmtime_r(&now.tv_sec, &tm);
    char when[40];
    size_t at = strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(when + at, sizeof when - at, ".%03ldZ", now.tv_nsec / 1000000);

    const struct log_field head[] = {F_Z("time", when), F_Z("level", level_name(level)),
                                     F_Z("event", event)};
    struct buf b = {0};
    if (settings.format == LOG_JSON)
        buf_addc(&b, '{');
    for (size_t i = 0; i < 3; i++)
        field(&b, &head[i]);
    for (size_t i = 0; i < n; i++)
        field(&b, &fields[i]);
    if (settings.format == LOG_JSON)
        buf_addc(&b, '}');
    buf_addc(&b, '\n');

    struct buf line = {0};
    if (settings.journald)
        buf_addf(&line, "<%d>", journald_level[level]);
    struct str body = buf_str(&b);
    if (settings.format == LOG_LOGFMT && body.n && body.p[0] == ' ')
        body = str_slice(body.p + 1, body.n - 1);
    buf_add(&line, body);
    for (size_t done = 0; done < line.n;) {
        ssize_t wrote = write(STDERR_FILENO, line.p + done, line.n - done);
        if (wrote <= 0)
            break;
        done += (size_t)wrote;
    }
    buf_free(&line);
    buf_free(&b);
}
