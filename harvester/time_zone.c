// See time_zone.h.
#include "harvester/time_zone.h"

#include "base/arena.h"
#include "base/date.h"

#include <stdio.h>
#include <stdlib.h>

enum { HOUR = 3600, DAY = 24 * HOUR, LONGEST_NAME = 64, LARGEST_FILE = 256 * 1024 };

// A day of the year on which clocks change, as the POSIX TZ rule at the end of the file writes it.
struct change {
    char kind; // 'M': month, week, weekday; 'J': day 1 to 365, never 29 February; '0': day 0 to 365
    unsigned month, week, day; // week 5 is the last; day: of the week, or of the year
    int32_t time;              // seconds after midnight, of the clock before the change
};

struct rule {
    bool present, summer; // summer: it has a second offset
    int32_t standard_offset, summer_offset;
    struct change start, end; // of summer
};

struct time_zone {
    size_t count;
    int64_t *times;   // of each transition, ascending
    int32_t *offsets; // from it on
    int32_t before;   // the first transition
    struct rule rule; // after the last one
};

void time_zone_free(struct time_zone *z)
{
    if (!z)
        return;
    free(z->times);
    free(z->offsets);
    free(z);
}

// --- The POSIX TZ rule (RFC 8536 section 3.3): "CET-1CEST,M3.5.0,M10.5.0/3"

static bool take(struct str *s, char c)
{
    if (s->n == 0 || s->p[0] != c)
        return false;
    *s = str_slice(s->p + 1, s->n - 1);
    return true;
}

static bool take_number(struct str *s, unsigned most, unsigned *out)
{
    size_t n = 0;
    int64_t value;
    while (n < s->n && s->p[n] >= '0' && s->p[n] <= '9')
        n++;
    if (!str_to_int(str_slice(s->p, n), 0, most, &value))
        return false;
    *out = (unsigned)value;
    *s = str_slice(s->p + n, s->n - n);
    return true;
}

static bool take_name(struct str *s)
{
    bool quoted = take(s, '<');
    size_t n = 0;
    while (n < s->n && ((s->p[n] | 0x20) >= 'a' && (s->p[n] | 0x20) <= 'z'))
        n++;
    if (quoted) {
        ptrdiff_t end = str_find_char(*s, '>');
        n = end < 0 ? 0 : (size_t)end;
    }
    *s = str_slice(s->p + n, s->n - n);
    return n > 0 && (!quoted || take(s, '>'));
}

// [+-]hh[:mm[:ss]]
static bool take_time(struct str *s, unsigned most_hours, int32_t *out)
{
    bool negative = take(s, '-');
    unsigned hours, minutes = 0, seconds = 0;
    if (!negative)
        take(s, '+');
    if (!take_number(s, most_hours, &hours) || (take(s, ':') && !take_number(s, 59, &minutes)) ||
        (take(s, ':') && !take_number(s, 59, &seconds)))
        return false;
    int32_t value = (int32_t)(hours * HOUR + minutes * 60 + seconds);
    *out = negative ? -value : value;
    return true;
}

static bool take_change(struct str *s, struct change *c)
{
    *c = (struct change){.kind = '0', .time = 2 * HOUR};
    if (take(s, 'M')) {
        c->kind = 'M';
        if (!take_number(s, 12, &c->month) || c->month == 0 || !take(s, '.') ||
            !take_number(s, 5, &c->week) || c->week == 0 || !take(s, '.') ||
            !take_number(s, 6, &c->day))
            return false;
    } else {
        if (take(s, 'J'))
            c->kind = 'J';
        if (!take_number(s, 365, &c->day) || (c->kind == 'J' && c->day == 0))
            return false;
    }
    return !take(s, '/') || take_time(s, 167, &c->time);
}

// An empty rule is none. In it, offsets are counted west of UTC.
static bool parse_rule(struct str s, struct rule *r)
{
    int32_t west;
    *r = (struct rule){0};
    if (s.n == 0)
        return true;
    if (!take_name(&s) || !take_time(&s, 24, &west))
        return false;
    r->present = true;
    r->standard_offset = -west;
    if (s.n == 0)
        return true;
    r->summer = true;
    r->summer_offset = r->standard_offset + HOUR;
    if (!take_name(&s))
        return false;
    if (s.n && s.p[0] != ',') {
        if (!take_time(&s, 24, &west))
            return false;
        r->summer_offset = -west;
    }
    return take(&s, ',') && take_change(&s, &r->start) && take(&s, ',') &&
           take_change(&s, &r->end) && s.n == 0;
}

// The local midnight at the start of the day of a change, plus its time, as if it were UTC.
static int64_t change_local(const struct change *c, int64_t year)
{
    int64_t day = date_days(year, 1, 1);
    if (c->kind == 'M') {
        int64_t first = date_days(year, c->month, 1);
        unsigned ahead = (c->day + 7 - date_weekday(first)) % 7 + (c->week - 1) * 7;
        day = first + ahead - (ahead >= date_month_days(year, c->month) ? 7 : 0);
    } else if (c->kind == 'J') {
        bool leap = date_month_days(year, 2) == 29;
        day += c->day - 1 + (leap && c->day >= 60);
    } else {
        day += c->day;
    }
    return day * DAY + c->time;
}

static int64_t days_of(int64_t seconds)
{
    return (seconds >= 0 ? seconds : seconds - (DAY - 1)) / DAY;
}

static int32_t rule_offset(const struct rule *r, int64_t utc)
{
    if (!r->summer)
        return r->standard_offset;
    int64_t year;
    unsigned month, day;
    date_civil(days_of(utc + r->standard_offset), &year, &month, &day);
    int64_t start = change_local(&r->start, year) - r->standard_offset;
    int64_t end = change_local(&r->end, year) - r->summer_offset;
    bool summer = start < end ? utc >= start && utc < end : utc >= start || utc < end;
    return summer ? r->summer_offset : r->standard_offset;
}

// --- The file (RFC 8536 section 3)

static uint64_t big_endian(const char *p, size_t n)
{
    uint64_t v = 0;
    for (size_t i = 0; i < n; i++)
        v = v << 8 | (unsigned char)p[i];
    return v;
}

struct header {
    size_t universal, standard, leaps, times, types, characters; // counts
};

enum { HEADER_BYTES = 44, TYPE_BYTES = 6 };

static bool read_header(struct str s, struct header *h)
{
    size_t *const counts[] = {&h->universal, &h->standard, &h->leaps,
                              &h->times,     &h->types,    &h->characters};
    if (s.n < HEADER_BYTES || !str_starts(s, STR("TZif")) || s.p[4] < '2')
        return false;
    for (size_t i = 0; i < 6; i++) {
        *counts[i] = big_endian(s.p + 20 + i * 4, 4);
        if (*counts[i] > LARGEST_FILE)
            return false;
    }
    return h->types > 0;
}

// Bytes of a block whose times take `width` bytes.
static size_t block_bytes(const struct header *h, size_t width)
{
    return HEADER_BYTES + h->times * (width + 1) + h->types * TYPE_BYTES + h->characters +
           h->leaps * (width + 4) + h->standard + h->universal;
}

static bool type_offset(const char *types, size_t count, size_t type, int32_t *out)
{
    if (type >= count)
        return false;
    *out = (int32_t)big_endian(types + type * TYPE_BYTES, 4);
    return *out >= -26 * HOUR && *out <= 26 * HOUR;
}

static bool read_block(struct time_zone *z, struct str s, const struct header *h)
{
    const char *times = s.p + HEADER_BYTES, *kinds = times + h->times * 8;
    const char *types = kinds + h->times;
    z->count = h->times;
    z->times = xcalloc(h->times, sizeof *z->times);
    z->offsets = xcalloc(h->times, sizeof *z->offsets);
    if (!type_offset(types, h->types, 0, &z->before))
        return false;
    for (size_t i = 0; i < h->times; i++) {
        z->times[i] = (int64_t)big_endian(times + i * 8, 8);
        if ((i && z->times[i] <= z->times[i - 1]) ||
            !type_offset(types, h->types, (unsigned char)kinds[i], &z->offsets[i]))
            return false;
    }
    return true;
}

struct time_zone *time_zone_parse(struct str tzif, struct err *e)
{
    struct header h;
    struct time_zone *z = xcalloc(1, sizeof *z);
    struct str s = tzif, footer;
    // The first block, with times of 4 bytes, is there for old readers.
    if (!read_header(s, &h) || block_bytes(&h, 4) > s.n)
        goto corrupt;
    s = str_slice(s.p + block_bytes(&h, 4), s.n - block_bytes(&h, 4));
    if (!read_header(s, &h) || block_bytes(&h, 8) > s.n || !read_block(z, s, &h))
        goto corrupt;
    s = str_slice(s.p + block_bytes(&h, 8), s.n - block_bytes(&h, 8));
    if (!take(&s, '\n') || !str_next(&s, '\n', &footer) || !s.p || !parse_rule(footer, &z->rule))
        goto corrupt;
    return z;
corrupt:
    time_zone_free(z);
    err_set(e, ERR_CORRUPT, "the time zone's data is not TZif of version 2 or later");
    err_hint(e, "reinstall tzdata");
    return NULL;
}

static bool good_name(struct str name)
{
    if (name.n == 0 || name.n > LONGEST_NAME || name.p[0] == '/')
        return false;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (!((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
              (c && strchr("+-_/", c))))
            return false;
    }
    return true;
}

struct time_zone *time_zone_load(struct str name, struct err *e)
{
    char path[LONGEST_NAME + 32];
    FILE *file = NULL;
    if (good_name(name)) {
        snprintf(path, sizeof path, "/usr/share/zoneinfo/%.*s", STR_ARG(name));
        file = fopen(path, "rbe");
    }
    char *bytes = xmalloc(LARGEST_FILE);
    size_t n = file ? fread(bytes, 1, LARGEST_FILE, file) : 0;
    struct time_zone *z = NULL;
    if (n == 0) {
        err_set(e, ERR_ARGUMENT, "there is no time zone \"%.*s\"",
                (int)(name.n < LONGEST_NAME ? name.n : LONGEST_NAME), name.p ? name.p : "");
        err_hint(e, "use a name of the IANA list, such as Europe/Paris; tzdata must be installed");
    } else {
        z = time_zone_parse(str_slice(bytes, n), e);
    }
    if (!z)
        err_where(e, "timezone");
    if (file)
        fclose(file);
    free(bytes);
    return z;
}

int32_t time_zone_offset(const struct time_zone *z, int64_t utc)
{
    size_t low = 0, high = z->count; // the number of transitions up to `utc`
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (z->times[middle] <= utc)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == z->count && z->rule.present)
        return rule_offset(&z->rule, utc);
    return low ? z->offsets[low - 1] : z->before;
}

// Two changes within two days of each other are taken for one: no zone has had any since 1970.
struct time_zone_instants time_zone_instants_of(const struct time_zone *z, int64_t local)
{
    int32_t before = time_zone_offset(z, local - DAY), after = time_zone_offset(z, local + DAY);
    int64_t early = local - before, late = local - after;
    bool early_is = time_zone_offset(z, early) == before,
         late_is = time_zone_offset(z, late) == after;
    if (before == after)
        return (struct time_zone_instants){1, early, early};
    if (early_is && late_is)
        return (struct time_zone_instants){2, early < late ? early : late,
                                           early < late ? late : early};
    if (early_is || late_is)
        return (struct time_zone_instants){1, early_is ? early : late, early_is ? early : late};
    int64_t low = local - DAY, high = local + DAY; // the change is in (low, high]
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (time_zone_offset(z, middle) == before)
            low = middle;
        else
            high = middle;
    }
    return (struct time_zone_instants){0, high, high};
}
