// See date.h. Calendar arithmetic counts days in eras of 400 years whose years start in March, so
// that the leap day is the last one of its year. ISO 8601-1:2019; RFC 9110 5.6.7 for the dates of
// HTTP.
#include "base/date.h"

#include <stdio.h>
#include <time.h>

enum {
    DAY = 86400,
    ERA_DAYS = 146097,
    EPOCH = 719468
}; // EPOCH: days from 0000-03-01 to 1970-01-01

int64_t date_days(int64_t year, unsigned month, unsigned day)
{
    int64_t y = year - (month <= 2);
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (int64_t)((month + 9) % 12) + 2) / 5 + (int64_t)day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * ERA_DAYS + day_of_era - EPOCH;
}

void date_civil(int64_t days, int64_t *year, unsigned *month, unsigned *day)
{
    int64_t z = days + EPOCH;
    int64_t era = (z >= 0 ? z : z - (ERA_DAYS - 1)) / ERA_DAYS;
    int64_t day_of_era = z - era * ERA_DAYS;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / (ERA_DAYS - 1)) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t march_month = (5 * day_of_year + 2) / 153;
    *day = (unsigned)(day_of_year - (153 * march_month + 2) / 5 + 1);
    *month = (unsigned)(march_month < 10 ? march_month + 3 : march_month - 9);
    *year = year_of_era + era * 400 + (*month <= 2);
}

unsigned date_month_days(int64_t year, unsigned month)
{
    if (month == 2)
        return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

unsigned date_weekday(int64_t days)
{
    int64_t from_thursday = days % 7; // 1970-01-01 was a Thursday
    return (unsigned)((from_thursday + 7 + 4) % 7);
}

// What is left to read; `ok` becomes false at the first thing that does not fit, and stays so.
struct reader {
    struct str rest;
    bool ok;
};

static bool at(const struct reader *r, char c)
{
    return r->rest.n && r->rest.p[0] == c;
}

static bool at_digit(const struct reader *r)
{
    return r->rest.n && r->rest.p[0] >= '0' && r->rest.p[0] <= '9';
}

static void skip(struct reader *r, size_t n)
{
    r->rest = str_slice(r->rest.p + n, r->rest.n - n);
}

static bool take(struct reader *r, char c)
{
    if (!at(r, c))
        return false;
    skip(r, 1);
    return true;
}

static void expect(struct reader *r, char c)
{
    if (!take(r, c))
        r->ok = false;
}

static unsigned digits(struct reader *r, unsigned count)
{
    unsigned v = 0;
    for (unsigned i = 0; i < count; i++) {
        if (!at_digit(r)) {
            r->ok = false;
            return 0;
        }
        v = v * 10 + (unsigned)(r->rest.p[0] - '0');
        skip(r, 1);
    }
    return v;
}

static unsigned count_digits(const struct reader *r)
{
    unsigned n = 0;
    while (n < r->rest.n && r->rest.p[n] >= '0' && r->rest.p[n] <= '9')
        n++;
    return n;
}

// Whether one or two digits and a slash come next.
static bool slash_soon(const struct reader *r)
{
    unsigned n = count_digits(r);
    return (n == 1 || n == 2) && r->rest.n > n && r->rest.p[n] == '/';
}

// Letters at the reader's place; empty when there are none. UTF-8 counts as letters ("févr").
static struct str word(struct reader *r)
{
    size_t n = 0;
    while (n < r->rest.n && (((r->rest.p[n] | 0x20) >= 'a' && (r->rest.p[n] | 0x20) <= 'z') ||
                             ((unsigned char)r->rest.p[n] & 0x80)))
        n++;
    struct str w = str_slice(r->rest.p, n);
    skip(r, n);
    return w;
}

static void spaces(struct reader *r)
{
    while (take(r, ' '))
        ;
}

struct fields {
    unsigned year, month, day;     // month and day 0 when not told
    unsigned hour, minute, second; // up to 24:00:00 and :60
    int offset;                    // seconds east of UTC
    bool timed;
};

static bool fields_date(const struct fields *f, struct date *out)
{
    if (f->year < 1 || f->year > 9999)
        return false;
    unsigned month = f->month ? f->month : 1, day = f->day ? f->day : 1;
    if (month > 12 || day > date_month_days(f->year, month))
        return false;
    if (f->hour > 24 || f->minute > 59 || f->second > 60)
        return false;
    if (f->hour == 24 && (f->minute || f->second))
        return false;
    int64_t days = date_days(f->year, month, day);
    struct date d = {.seconds = days * DAY + (int64_t)f->hour * 3600 + (int64_t)f->minute * 60 +
                                f->second - f->offset,
                     .precision = f->timed   ? DATE_SECOND
                                  : f->day   ? DATE_DAY
                                  : f->month ? DATE_MONTH
                                             : DATE_YEAR};
    if (d.seconds < date_days(1, 1, 1) * DAY || d.seconds >= date_days(10000, 1, 1) * DAY)
        return false;
    *out = d;
    return true;
}

static void read_zone(struct reader *r, struct fields *f)
{
    spaces(r);
    if (r->rest.n == 0 || take(r, 'Z') || take(r, 'z'))
        return;
    if (str_eq_nocase(r->rest, STR("UTC")) || str_eq_nocase(r->rest, STR("GMT"))) {
        skip(r, 3);
        return;
    }
    bool west = at(r, '-');
    if (!take(r, '+'))
        expect(r, '-');
    unsigned hours = digits(r, 2), minutes = 0;
    if (take(r, ':') || at_digit(r))
        minutes = digits(r, 2);
    if (hours > 18 || minutes > 59)
        r->ok = false;
    f->offset = (int)(hours * 3600 + minutes * 60) * (west ? -1 : 1);
}

// hh:mm, hh:mm:ss, a fraction (dropped), and the zone.
static void read_time(struct reader *r, struct fields *f)
{
    f->timed = true;
    f->hour = digits(r, 2);
    expect(r, ':');
    f->minute = digits(r, 2);
    if (take(r, ':')) {
        f->second = digits(r, 2);
        if (take(r, '.') || take(r, ',')) {
            unsigned n = count_digits(r);
            if (n < 1 || n > 9)
                r->ok = false;
            skip(r, n);
        }
    }
    read_zone(r, f);
}

// What may follow a whole day: nothing, a time, or a zone (xsd:date), which a day of ours leaves
// out.
static void read_after_day(struct reader *r, struct fields *f)
{
    if (r->rest.n == 0)
        return;
    if (at(r, 'Z') || at(r, '+') || at(r, '-')) {
        struct fields unused = {0};
        read_zone(r, &unused);
        return;
    }
    bool apart = take(r, 'T') || take(r, 't');
    if (!apart) {
        expect(r, ' ');
        spaces(r);
        if (take(r, '-')) // DKAN: "06/01/2017 - 10:14"
            spaces(r);
    }
    read_time(r, f);
}

static void read_iso(struct reader *r, struct fields *f)
{
    if (count_digits(r) == 8) { // the basic form
        f->year = digits(r, 4);
        f->month = digits(r, 2);
        f->day = digits(r, 2);
    } else {
        f->year = digits(r, 4);
        if (r->rest.n == 0)
            return;
        char separator = r->rest.p[0];
        if (separator != '-' && separator != '/')
            r->ok = false;
        skip(r, 1);
        f->month = digits(r, 2);
        if (f->month == 0)
            r->ok = false;
        if (r->rest.n == 0)
            return;
        expect(r, separator);
        f->day = digits(r, 2);
    }
    if (f->month == 0 || f->day == 0)
        r->ok = false;
    read_after_day(r, f);
}

// The day of the week that a word names by its first three letters: 0 (Sunday) to 6 in English, 7
// (dimanche) to 13 in French, 14 for any other word.
enum { NO_WEEKDAY = 14 };

static unsigned weekday_of(struct str name)
{
    static const char names[NO_WEEKDAY][4] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat",
                                              "dim", "lun", "mar", "mer", "jeu", "ven", "sam"};
    for (unsigned i = 0; i < NO_WEEKDAY; i++)
        if (name.n >= 3 && str_eq_nocase(str_slice(name.p, 3), str_of(names[i])))
            return i;
    return NO_WEEKDAY;
}

static unsigned month_of(struct str name)
{
    static const char names[][4] = {"jan", "feb", "mar", "apr", "may", "jun",
                                    "jul", "aug", "sep", "oct", "nov", "dec"};
    for (unsigned i = 0; i < 12; i++)
        if (name.n >= 3 && str_eq_nocase(str_slice(name.p, 3), str_of(names[i])))
            return i + 1;
    return 0;
}

static bool falls_on(unsigned year, unsigned month, unsigned day, unsigned weekday)
{
    return month >= 1 && month <= 12 && date_weekday(date_days(year, month, day)) == weekday % 7;
}

// Two numbers and a year, with slashes: the day first. After a day's name, the order that this day
// agrees with; where it agrees with both or none, an English name means the month first (as DKAN
// writes).
static void read_slashes(struct reader *r, struct fields *f, unsigned weekday)
{
    unsigned first = digits(r, count_digits(r) == 1 ? 1 : 2);
    expect(r, '/');
    unsigned second = digits(r, count_digits(r) == 1 ? 1 : 2);
    expect(r, '/');
    f->year = digits(r, 4);
    bool month_first = false;
    if (weekday != NO_WEEKDAY) {
        bool day_first_fits = falls_on(f->year, second, first, weekday);
        bool month_first_fits = falls_on(f->year, first, second, weekday);
        month_first = day_first_fits == month_first_fits ? weekday < 7 : month_first_fits;
    }
    f->day = month_first ? second : first;
    f->month = month_first ? first : second;
    if (f->month == 0 || f->day == 0)
        r->ok = false;
    read_after_day(r, f);
}

// After a day's name: slashes, or "01 Jun 2017 10:14:00 GMT".
static void read_named(struct reader *r, struct fields *f)
{
    unsigned weekday = weekday_of(word(r));
    if (weekday == NO_WEEKDAY)
        r->ok = false;
    take(r, '.');
    take(r, ',');
    spaces(r);
    if (slash_soon(r)) {
        read_slashes(r, f, weekday);
        return;
    }
    f->day = digits(r, count_digits(r) == 1 ? 1 : 2);
    expect(r, ' ');
    f->month = month_of(word(r));
    expect(r, ' ');
    f->year = digits(r, 4);
    if (f->month == 0 || f->day == 0)
        r->ok = false;
    read_after_day(r, f);
}

bool date_parse(struct str text, struct date *out)
{
    *out = (struct date){0};
    struct reader r = {str_trim(text), true};
    struct fields f = {0};
    if (r.rest.n < 4 || r.rest.n > 64)
        return false;
    if (!at_digit(&r))
        read_named(&r, &f);
    else if (slash_soon(&r))
        read_slashes(&r, &f, NO_WEEKDAY);
    else
        read_iso(&r, &f);
    return r.ok && r.rest.n == 0 && fields_date(&f, out);
}

bool date_from_millis(int64_t milliseconds, struct date *out)
{
    *out = (struct date){0};
    int64_t seconds = milliseconds / 1000 - (milliseconds % 1000 < 0);
    if (seconds < date_days(1, 1, 1) * DAY || seconds >= date_days(10000, 1, 1) * DAY)
        return false;
    *out = (struct date){seconds, DATE_SECOND};
    return true;
}

struct str date_format(struct date d, char out[DATE_TEXT_BYTES])
{
    int64_t days = d.seconds / DAY - (d.seconds % DAY < 0), year;
    unsigned month, day, second = (unsigned)(d.seconds - days * DAY);
    date_civil(days, &year, &month, &day);
    out[0] = '\0';
    int n = 0;
    switch (d.precision) {
    case DATE_NONE:
        break;
    case DATE_YEAR:
        n = snprintf(out, DATE_TEXT_BYTES, "%04d", (int)year);
        break;
    case DATE_MONTH:
        n = snprintf(out, DATE_TEXT_BYTES, "%04d-%02u", (int)year, month);
        break;
    case DATE_DAY:
        n = snprintf(out, DATE_TEXT_BYTES, "%04d-%02u-%02u", (int)year, month, day);
        break;
    case DATE_SECOND:
        n = snprintf(out, DATE_TEXT_BYTES, "%04d-%02u-%02uT%02u:%02u:%02uZ", (int)year, month, day,
                     second / 3600, second / 60 % 60, second % 60);
        break;
    }
    return str_slice(out, n > 0 ? (size_t)n : 0);
}

bool date_plausible(struct date d, int64_t now)
{
    return d.precision != DATE_NONE && d.seconds >= date_days(1000, 1, 1) * DAY &&
           d.seconds <= now + DAY;
}

int64_t date_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec;
}

double date_stopwatch(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}
