// See cron.h.
#include "harvester/cron.h"

#include "base/date.h"
#include "base/hash.h"

enum { MINUTE = 60, DAY = 86400 };

// The longest time without a match is 40 years: 29 February is a Sunday in 2088, and not again until 2128.
enum { SEARCH_DAYS = 41 * 366 };
// Years 1 to 9999: further away the calendar has no meaning.
static const int64_t earliest = -62135596800, latest = 253402300799;

struct field {
    const char *name;
    unsigned low, high;
    const char *words; // three letters each, from `low` on
};

enum { FIELDS = 5 };
static const struct field fields[FIELDS] = {
    {"minute", 0, 59, ""},
    {"hour", 0, 23, ""},
    {"day of month", 1, 31, ""},
    {"month", 1, 12, "janfebmaraprmayjunjulaugsepoctnovdec"},
    {"day of week", 0, 7, "sunmontuewedthufrisat"},
};

// Where in `words` a name stands, or -1.
static int find_word(const char *words, struct str name)
{
    if (name.n == 3)
        for (int i = 0; words[i * 3]; i++)
            if (str_eq_nocase(str_slice(words + i * 3, 3), name))
                return i;
    return -1;
}

static bool parse_value(const struct field *f, struct str text, unsigned *out, struct err *e)
{
    int64_t value;
    int word = find_word(f->words, text);
    if (word >= 0) {
        *out = (unsigned)word + f->low;
        return true;
    }
    if (!str_to_int(text, f->low, f->high, &value))
        return err_set(e, ERR_ARGUMENT, "the %s \"%.*s\" is not in %u..%u%s", f->name,
                       (int)(text.n < 40 ? text.n : 40), text.p ? text.p : "", f->low, f->high,
                       f->words[0] ? ", nor an English name of three letters" : "");
    *out = (unsigned)value;
    return true;
}

// "*", "a", "a-b", with "/step" after the first and the last. Adds to *bits.
static bool parse_range(const struct field *f, struct str text, uint64_t *bits, struct err *e)
{
    struct str step_text = text, range = STR_NONE, first = STR_NONE;
    str_next(&step_text, '/', &range);
    unsigned from = f->low, to = f->high, step = 1;
    if (str_eq(range, STR("*"))) {
        to -= f->high == 7; // Sunday is there as 0
    } else {
        struct str last = range;
        str_next(&last, '-', &first);
        if (!parse_value(f, first, &from, e))
            return false;
        if (last.p) {
            if (!parse_value(f, last, &to, e))
                return false;
            to += f->high == 7 && to == 0 && from > 0 ? 7 : 0; // fri-sun
            if (to < from)
                return err_set(e, ERR_ARGUMENT, "the %s \"%.*s\" ends before it starts", f->name,
                               (int)(range.n < 40 ? range.n : 40), range.p);
        } else if (step_text.p) {
            return err_set(e, ERR_ARGUMENT, "the %s \"%.*s\" has a step without a range", f->name,
                           (int)(text.n < 40 ? text.n : 40), text.p);
        } else {
            to = from;
        }
    }
    int64_t value = 1;
    if (step_text.p && !str_to_int(step_text, 1, f->high, &value))
        return err_set(e, ERR_ARGUMENT, "the step \"%.*s\" of the %s is not in 1..%u",
                       (int)(step_text.n < 40 ? step_text.n : 40), step_text.p, f->name, f->high);
    step = (unsigned)value;
    for (unsigned i = from; i <= to; i += step)
        *bits |= UINT64_C(1) << i;
    return true;
}

static bool parse_field(const struct field *f, struct str text, uint64_t *bits, struct err *e)
{
    struct str part;
    *bits = 0;
    while (str_next(&text, ',', &part))
        if (!parse_range(f, part, bits, e))
            return false;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

// The next word of *rest, or an empty one at its end.
static struct str next_word(struct str *rest)
{
    size_t n = 0;
    while (rest->n && is_blank(rest->p[0]))
        *rest = str_slice(rest->p + 1, rest->n - 1);
    while (n < rest->n && !is_blank(rest->p[n]))
        n++;
    struct str word = str_slice(rest->p, n);
    *rest = str_slice(rest->p + n, rest->n - n);
    return word;
}

// Whether one of the days comes in one of the months (29 February does).
static bool date_exists(const struct cron *c)
{
    for (unsigned month = 1; month <= 12; month++)
        if (c->months >> month & 1)
            for (unsigned day = 1; day <= date_month_days(2000, month); day++)
                if (c->days >> day & 1)
                    return true;
    return false;
}

static struct str expand(struct str text)
{
    static const struct {
        const char *word, *fields;
    } macros[] = {{"@hourly", "0 * * * *"},  {"@daily", "0 0 * * *"},   {"@midnight", "0 0 * * *"},
                  {"@weekly", "0 0 * * 0"},  {"@monthly", "0 0 1 * *"}, {"@yearly", "0 0 1 1 *"},
                  {"@annually", "0 0 1 1 *"}};
    for (size_t i = 0; i < sizeof macros / sizeof *macros; i++)
        if (str_eq_nocase(text, str_of(macros[i].word)))
            return str_of(macros[i].fields);
    return text;
}

bool cron_parse(struct str text, struct cron *out, struct err *e)
{
    static const char *const usage =
        "write five fields (minute, hour, day of month, month, day of week), @daily, or never";
    *out = (struct cron){0};
    text = str_trim(text);
    if (str_eq_nocase(text, STR("never"))) {
        out->never = true;
        return true;
    }
    struct str rest = expand(text);
    uint64_t bits[FIELDS];
    bool star[FIELDS];
    for (int i = 0; i < FIELDS; i++) {
        struct str word = next_word(&rest);
        if (word.n == 0 || word.p[0] == '@') {
            err_set(e, ERR_ARGUMENT, "the schedule \"%.*s\" is not known",
                    (int)(text.n < 80 ? text.n : 80), text.p ? text.p : "");
            return err_hint(e, "%s", usage);
        }
        star[i] = word.p[0] == '*';
        if (!parse_field(&fields[i], word, &bits[i], e)) {
            err_hint(e, "%s", usage);
            return false;
        }
    }
    if (next_word(&rest).n) {
        err_set(e, ERR_ARGUMENT, "the schedule has more than five fields");
        return err_hint(e, "%s", usage);
    }
    *out = (struct cron){.minutes = bits[0],
                         .hours = (uint32_t)bits[1],
                         .days = (uint32_t)bits[2],
                         .months = (uint32_t)bits[3],
                         .weekdays = (uint8_t)((bits[4] | bits[4] >> 7) & 0x7F),
                         .any_hour = star[1],
                         .any_day = star[2],
                         .any_weekday = star[4]};
    // Without a day of the week of its own, a schedule lives on its dates alone.
    if (out->any_weekday && !date_exists(out))
        return err_set(e, ERR_ARGUMENT,
                       "the schedule's day of month never comes in the months that it names");
    return true;
}

static bool day_matches(const struct cron *c, int64_t days)
{
    int64_t year;
    unsigned month, day;
    date_civil(days, &year, &month, &day);
    bool by_date = c->days >> day & 1, by_weekday = c->weekdays >> date_weekday(days) & 1;
    bool both = c->any_day || c->any_weekday;
    return (c->months >> month & 1) && (both ? by_date && by_weekday : by_date || by_weekday);
}

// The first instant after `after` at which the schedule comes on this local day, or CRON_NEVER.
static int64_t first_of_day(const struct cron *c, const struct time_zone *z, int64_t days,
                            int64_t after)
{
    int64_t best = CRON_NEVER;
    for (unsigned hour = 0; hour < 24; hour++) {
        for (unsigned minute = 0; c->hours >> hour & 1 && minute < 60; minute++) {
            if (!(c->minutes >> minute & 1))
                continue;
            struct time_zone_instants at =
                time_zone_instants_of(z, days * DAY + (int64_t)(hour * 60 + minute) * MINUTE);
            if (at.count == 0 && c->any_hour)
                continue;
            if (at.first > after && at.first < best)
                best = at.first;
            if (c->any_hour && at.second > after && at.second < best)
                best = at.second;
        }
    }
    return best;
}

int64_t cron_next(const struct cron *c, const struct time_zone *z, int64_t after_utc)
{
    if (c->never || after_utc < earliest || after_utc > latest)
        return CRON_NEVER;
    int64_t local = after_utc + time_zone_offset(z, after_utc);
    // From the day before: clocks may have gone back over midnight.
    int64_t first = (local - earliest) / DAY + earliest / DAY - 1;
    for (int64_t days = first; days < first + SEARCH_DAYS; days++) {
        if (!day_matches(c, days))
            continue;
        int64_t next = first_of_day(c, z, days, after_utc);
        if (next != CRON_NEVER)
            return next;
    }
    return CRON_NEVER;
}

int64_t cron_jitter(struct str source, int64_t most_seconds)
{
    return most_seconds > 0 ? (int64_t)(hash64(source) % ((uint64_t)most_seconds + 1)) : 0;
}

int64_t cron_next_spread(const struct cron *c, const struct time_zone *z, struct str source,
                         int64_t most_seconds, int64_t after_utc)
{
    if (after_utc < earliest || after_utc > latest)
        return CRON_NEVER;
    most_seconds = most_seconds < 0 ? 0 : most_seconds > DAY ? DAY : most_seconds;
    // An instant before `after_utc` may be delayed past it.
    int64_t due = cron_next(c, z, after_utc - most_seconds - 1);
    while (due != CRON_NEVER) {
        int64_t following = cron_next(c, z, due), most = most_seconds;
        if (following != CRON_NEVER && (following - due) / 10 < most)
            most = (following - due) / 10;
        int64_t delayed = due + cron_jitter(source, most);
        if (delayed > after_utc)
            return delayed;
        due = following;
    }
    return CRON_NEVER;
}
