// French for numbers, sizes, dates and lists. See pages.h.
#include "api/pages.h"

#include "harvester/time_zone.h"

#include <math.h>

enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

static struct str taken(struct arena *a, struct buf *b)
{
    struct str s = arena_str(a, buf_str(b));
    buf_free(b);
    return s;
}

// ---- Numbers ------------------------------------------------------------------------------------

struct str french_number(struct arena *a, int64_t n)
{
    enum { NARROW_BYTES = sizeof NARROW - 1 };
    char text[64]; // from its end on
    size_t at = sizeof text, digits = 0;
    uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    do {
        if (digits && digits % 3 == 0)
            memcpy(text + (at -= NARROW_BYTES), NARROW, NARROW_BYTES);
        text[--at] = (char)('0' + left % 10);
        digits++;
    } while (left /= 10);
    if (n < 0)
        text[--at] = '-';
    return arena_str(a, str_slice(text + at, sizeof text - at));
}

struct str french_count(struct arena *a, int64_t n, const char *one, const char *many)
{
    struct str number = french_number(a, n);
    return arena_printf(a, "%.*s" NBSP "%s", STR_ARG(number), n >= 2 ? many : one);
}

struct str french_size(struct arena *a, int64_t bytes)
{
    static const char *const units[] = {"octets", "ko", "Mo", "Go", "To"};
    size_t unit = 0;
    double v = (double)bytes;
    if (bytes < 1000)
        return french_count(a, bytes, "octet", "octets");
    for (; v >= 999.5 && unit < 4; unit++)
        v /= 1000;
    double tenths = round(v * 10);
    if (tenths < 100 && fmod(tenths, 10) != 0)
        return arena_printf(a, "%d,%d" NBSP "%s", (int)tenths / 10, (int)tenths % 10, units[unit]);
    struct str whole = french_number(a, llround(v));
    return arena_printf(a, "%.*s" NBSP "%s", STR_ARG(whole), units[unit]);
}

struct str french_percent(struct arena *a, double percent)
{
    int tenths = (int)round(percent * 10);
    if (tenths % 10)
        return arena_printf(a, "%d,%d" NBSP "%%", tenths / 10, tenths % 10);
    return arena_printf(a, "%d" NBSP "%%", tenths / 10);
}

struct str french_duration(struct arena *a, int64_t s)
{
    if (s < 1)
        return STR("moins de" NBSP "1" NBSP "s");
    if (s < MINUTE)
        return arena_printf(a, "%d" NBSP "s", (int)s);
    if (s < HOUR)
        return arena_printf(a, "%d" NBSP "min" NBSP "%02d" NBSP "s", (int)s / MINUTE,
                            (int)s % MINUTE);
    return arena_printf(a, "%lld" NBSP "h" NBSP "%02d" NBSP "min", (long long)s / HOUR,
                        (int)(s % HOUR) / MINUTE);
}

// ---- Dates --------------------------------------------------------------------------------------

static int64_t local(int64_t at, const struct time_zone *z)
{
    return at + (z ? time_zone_offset(z, at) : 0);
}

static int64_t day_number(int64_t seconds)
{
    return seconds >= 0 ? seconds / DAY : -((DAY - 1 - seconds) / DAY);
}

// The day that the zone's people had; what is no moment stays as it is.
static struct date local_day(struct date d, const struct time_zone *z)
{
    if (d.precision == DATE_SECOND)
        d = (struct date){day_number(local(d.seconds, z)) * DAY, DATE_DAY};
    return d;
}

struct str french_date(struct arena *a, struct date d, const struct time_zone *z)
{
    static const char *const months[] = {"janvier",   "février", "mars",     "avril",
                                         "mai",       "juin",    "juillet",  "août",
                                         "septembre", "octobre", "novembre", "décembre"};
    int64_t year;
    unsigned month, day;
    d = local_day(d, z);
    date_civil(day_number(d.seconds), &year, &month, &day);
    switch (d.precision) {
    case DATE_NONE:
        break;
    case DATE_YEAR:
        return arena_printf(a, "%04lld", (long long)year);
    case DATE_MONTH:
        return arena_printf(a, "%s" NBSP "%04lld", months[month - 1], (long long)year);
    case DATE_DAY:
    case DATE_SECOND:
        return arena_printf(a, "%u%s" NBSP "%s" NBSP "%04lld", day, day == 1 ? "er" : "",
                            months[month - 1], (long long)year);
    }
    return STR_NONE;
}

struct str french_date_iso(struct arena *a, struct date d, const struct time_zone *z)
{
    char text[DATE_TEXT_BYTES];
    return arena_str(a, date_format(local_day(d, z), text));
}

static struct str clock_of(struct arena *a, int64_t local_seconds)
{
    int second = (int)(local_seconds - day_number(local_seconds) * DAY);
    return arena_printf(a, "à" NBSP "%02d" NBSP "h" NBSP "%02d", second / HOUR,
                        second % HOUR / MINUTE);
}

struct str french_moment(struct arena *a, int64_t at, const struct time_zone *z)
{
    struct str day = french_date(a, (struct date){at, DATE_SECOND}, z);
    struct str time = clock_of(a, local(at, z));
    return arena_printf(a, "%.*s %.*s", STR_ARG(day), STR_ARG(time));
}

struct str iso_moment(struct arena *a, int64_t at)
{
    char text[DATE_TEXT_BYTES];
    return arena_str(a, date_format((struct date){at, DATE_SECOND}, text));
}

struct str french_next(struct arena *a, int64_t at, int64_t now, const struct time_zone *z)
{
    if (at <= now)
        return STR("dès que possible");
    int64_t days = day_number(local(at, z)) - day_number(local(now, z));
    struct str when = days > 1 ? french_moment(a, at, z) : clock_of(a, local(at, z));
    const char *word = days > 1 ? "le" : days ? "demain" : "aujourd’hui";
    return arena_printf(a, "%s %.*s", word, STR_ARG(when));
}

// A date with the article that a period wants: "du 3 mai 2017" but "de mai 2017".
static struct str dated(struct arena *a, struct date d, const char *day, const char *other,
                        const struct time_zone *z)
{
    struct str text = french_date(a, d, z);
    return arena_printf(a, "%s%.*s", d.precision >= DATE_DAY ? day : other, STR_ARG(text));
}

struct str french_period(struct arena *a, struct date start, struct date end,
                         const struct time_zone *z)
{
    struct str from = french_date(a, start, z), to = french_date(a, end, z);
    if (!from.n && !to.n)
        return STR_NONE;
    if (!to.n)
        return dated(a, start, "depuis le ", "depuis ", z);
    if (!from.n)
        return dated(a, end, "jusqu’au ", "jusqu’à ", z);
    if (str_eq(from, to))
        return from;
    // "d’avril", "d’août", "d’octobre"
    bool vowel = start.precision == DATE_MONTH && strchr("ao", from.p[0]);
    from = dated(a, start, "du ", vowel ? "d’" : "de ", z);
    to = dated(a, end, "au ", "à ", z);
    return arena_printf(a, "%.*s %.*s", STR_ARG(from), STR_ARG(to));
}

// ---- Words --------------------------------------------------------------------------------------

struct str french_list(struct arena *a, struct strs list, size_t most)
{
    struct strs shown = {0};
    size_t more = 0;
    for (size_t i = 0; i < list.n; i++) {
        bool known = !list.v[i].n;
        for (size_t j = 0; j < i && !known; j++)
            known = str_eq(list.v[i], list.v[j]);
        if (known)
            continue;
        if (shown.n < most)
            arena_push(a, &shown, list.v[i]);
        else
            more++;
    }
    struct buf b = {0};
    for (size_t i = 0; i < shown.n; i++) {
        buf_addz(&b, i ? ", " : "");
        buf_add(&b, shown.v[i]);
    }
    if (more) {
        buf_addz(&b, " et ");
        buf_add(&b, french_count(a, (int64_t)more, "autre", "autres"));
    }
    return taken(a, &b);
}

struct str french_lower_first(struct arena *a, struct str s)
{
    struct str t = arena_str(a, s);
    char *p = (char *)t.p;
    // "API", "IRIS" stay: a second capital tells an acronym.
    if (t.n >= 1 && p[0] >= 'A' && p[0] <= 'Z' && !(t.n >= 2 && p[1] >= 'A' && p[1] <= 'Z'))
        p[0] = (char)(p[0] + ('a' - 'A'));
    else if (t.n >= 2 && (unsigned char)p[0] == 0xC3 && (unsigned char)p[1] >= 0x80 &&
             (unsigned char)p[1] <= 0x9E && (unsigned char)p[1] != 0x97) // À to Þ, but ×
        p[1] = (char)(p[1] + 0x20);
    return t;
}

struct str french_popularity(struct arena *a, const struct popularity *p, size_t most)
{
    const struct {
        int64_t n;
        const char *one, *many;
    } parts[] = {
        {p->views, "vue", "vues"},
        {p->reuses, "réutilisation", "réutilisations"},
        {p->downloads, "téléchargement", "téléchargements"},
        {p->stars, "étoile", "étoiles"},
        {p->followers, "abonné", "abonnés"},
    };
    struct strs list = {0};
    for (size_t i = 0; i < sizeof parts / sizeof *parts && list.n < most; i++)
        if (parts[i].n > 0)
            arena_push(a, &list, french_count(a, parts[i].n, parts[i].one, parts[i].many));
    return french_list(a, list, most);
}
