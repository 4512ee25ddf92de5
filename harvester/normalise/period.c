// See period.h.
#include "harvester/normalise/period.h"

enum { DAY = 24 * 3600, DEPTH_MAX = 3 };

static void widen(struct record *r, struct date start, struct date end)
{
    struct date *s = &r->temporal.start, *e = &r->temporal.end;
    if (start.precision != DATE_NONE && (s->precision == DATE_NONE || start.seconds < s->seconds))
        *s = start;
    if (end.precision != DATE_NONE && (e->precision == DATE_NONE || end.seconds > e->seconds))
        *e = end;
}

// An ISO 8601 duration in years, months and days ("P1Y6M", "P2W"); hours count for nothing.
struct duration {
    int64_t months, days;
};

static bool duration_read(struct str text, struct duration *out)
{
    *out = (struct duration){0};
    if (text.n < 3 || (text.p[0] | 0x20) != 'p')
        return false;
    for (size_t i = 1; i < text.n && (text.p[i] | 0x20) != 't';) {
        size_t start = i;
        int64_t n;
        while (i < text.n && text.p[i] >= '0' && text.p[i] <= '9')
            i++;
        if (i == text.n || !str_to_int(str_slice(text.p + start, i - start), 0, 100000, &n))
            return false;
        switch (text.p[i++] | 0x20) {
        case 'y':
            out->months += 12 * n;
            break;
        case 'm':
            out->months += n;
            break;
        case 'w':
            out->days += 7 * n;
            break;
        case 'd':
            out->days += n;
            break;
        default:
            return false;
        }
    }
    return true;
}

// The last day of what begins with `start` and lasts so long.
static struct date last_day(struct date start, struct duration d)
{
    int64_t year, day = start.seconds / DAY - (start.seconds % DAY < 0);
    unsigned month, dom;
    date_civil(day, &year, &month, &dom);
    int64_t months = (int64_t)month - 1 + d.months;
    year += months / 12;
    month = (unsigned)(months % 12) + 1;
    if (year < 1 || year > 9999)
        return (struct date){0};
    unsigned longest = date_month_days(year, month);
    int64_t end = date_days(year, month, dom < longest ? dom : longest) + d.days - 1;
    return (struct date){.seconds = end * DAY, .precision = DATE_DAY};
}

static bool is_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0;
}

// Cuts a text that names two ends.
static bool cut(struct str text, struct str *start, struct str *end)
{
    static const struct str between[] = {STR("/"), STR(" to "), STR(" - "), STR(" – "), STR("--")};
    for (size_t i = 0; i < sizeof between / sizeof *between; i++) {
        ptrdiff_t at = str_find(text, between[i]);
        if (at < 0)
            continue;
        size_t behind = (size_t)at + between[i].n;
        *start = str_trim(str_slice(text.p, (size_t)at));
        *end = str_trim(str_slice(text.p + behind, text.n - behind));
        return true;
    }
    if (text.n == 9 && text.p[4] == '-' && is_digits(str_slice(text.p, 4)) &&
        is_digits(str_slice(text.p + 5, 4))) {
        *start = str_slice(text.p, 4);
        *end = str_slice(text.p + 5, 4);
        return true;
    }
    return false;
}

void map_period_text(struct record *r, struct str text)
{
    struct date from = {0}, to = {0};
    struct duration length;
    struct str start, end;
    text = str_trim(text);
    ptrdiff_t slash = str_find_char(text, '/');
    if (slash > 0 && (text.p[0] | 0x20) == 'r' &&
        (slash == 1 || is_digits(str_slice(text.p + 1, (size_t)slash - 1)))) // "R5/": repeated
        text = str_slice(text.p + slash + 1, text.n - (size_t)slash - 1);
    if (date_parse(text, &from)) { // "2010/01/01" too
        widen(r, from, from);
        return;
    }
    if (!cut(text, &start, &end))
        return;
    bool starts = date_parse(start, &from), ends = date_parse(end, &to);
    if (starts && !ends && duration_read(end, &length))
        to = last_day(from, length);
    if (starts && to.precision != DATE_NONE && to.seconds < from.seconds)
        return; // one of them is wrong, and there is no telling which
    widen(r, from, to);
}

static struct date bound(const json_t *o, const char *const *keys)
{
    struct date d = {0};
    for (; *keys && d.precision == DATE_NONE; keys++) {
        const json_t *v = json_object_get(o, *keys);
        date_parse(json_is_object(v) ? jget(v, "@value") : jstr(v), &d);
    }
    return d;
}

static void add_value(struct record *r, const json_t *value, unsigned depth)
{
    static const char *const starts[] = {"startDate", "dcat:startDate", "schema:startDate", "start",
                                         NULL};
    static const char *const ends[] = {"endDate", "dcat:endDate", "schema:endDate", "end", NULL};
    size_t i;
    const json_t *e;
    if (json_is_string(value)) {
        map_period_text(r, jstr(value));
    } else if (json_is_object(value)) {
        map_period_text(r, jget(value, "@value"));
        widen(r, bound(value, starts), bound(value, ends));
    } else if (json_is_array(value) && depth < DEPTH_MAX) {
        json_array_foreach(value, i, e) add_value(r, e, depth + 1);
    }
}

void map_period(struct record *r, const json_t *value)
{
    add_value(r, value, 0);
}
