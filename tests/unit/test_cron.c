// harvester/cron and harvester/zone: schedules around the changes of summer time, leap years, errors.
#include "harvester/cron.h"

#include "base/date.h"
#include "tests/tap.h"

#include <stdlib.h>

static struct time_zone *paris;

static int64_t instant(const char *text)
{
    struct date d;
    if (!date_parse(str_of(text), &d))
        tap_result(false, __FILE__, __LINE__, text);
    return d.seconds;
}

static const char *text_of(int64_t utc)
{
    static char out[DATE_TEXT_BYTES];
    if (utc == CRON_NEVER)
        return "never";
    date_format((struct date){utc, DATE_SECOND}, out);
    return out;
}

static const char *next(const struct time_zone *z, const char *schedule, const char *after)
{
    struct cron c;
    struct err e = {0};
    if (!cron_parse(str_of(schedule), &c, &e)) {
        tap_result(false, __FILE__, __LINE__, e.what);
        return "error";
    }
    return text_of(cron_next(&c, z, instant(after)));
}

struct row {
    const char *schedule, *after, *want; // UTC
};

static void check(const struct time_zone *z, const struct row *rows, size_t n)
{
    char what[200];
    for (size_t i = 0; i < n; i++) {
        const char *got = next(z, rows[i].schedule, rows[i].after);
        snprintf(what, sizeof what, "%s after %s is %s (got %s)", rows[i].schedule, rows[i].after,
                 rows[i].want, got);
        tap_result(strcmp(got, rows[i].want) == 0, __FILE__, __LINE__, what);
    }
}
#define CHECK(zone, rows) check((zone), (rows), sizeof(rows) / sizeof *(rows))

static void test_plain(void)
{
    static const struct row rows[] = {
        {"17 3 * * *", "2026-01-16T00:00:00Z", "2026-01-16T02:17:00Z"},
        {"17 3 * * *", "2026-01-16T02:16:59Z", "2026-01-16T02:17:00Z"},
        {"17 3 * * *", "2026-01-16T02:17:00Z", "2026-01-17T02:17:00Z"},
        {"17 3 * * *", "2026-07-01T00:00:00Z", "2026-07-01T01:17:00Z"},
        {"  17\t3  * * * ", "2026-01-16T00:00:00Z", "2026-01-16T02:17:00Z"},
        {"@hourly", "2026-01-16T02:00:00Z", "2026-01-16T03:00:00Z"},
        {"@daily", "2026-01-16T00:00:00Z", "2026-01-16T23:00:00Z"},
        {"@MIDNIGHT", "2026-07-16T00:00:00Z", "2026-07-16T22:00:00Z"},
        {"@weekly", "2026-01-16T00:00:00Z", "2026-01-17T23:00:00Z"}, // Sunday 18 in Paris
        {"@monthly", "2026-01-16T00:00:00Z", "2026-01-31T23:00:00Z"},
        {"@yearly", "2026-01-16T00:00:00Z", "2026-12-31T23:00:00Z"},
        {"@annually", "2026-12-31T23:00:00Z", "2027-12-31T23:00:00Z"},
        {"*/15 * * * *", "2026-01-16T02:00:01Z", "2026-01-16T02:15:00Z"},
        {"*/15 * * * *", "2026-01-16T02:45:00Z", "2026-01-16T03:00:00Z"},
        {"*/25 * * * *", "2026-01-16T02:50:00Z", "2026-01-16T03:00:00Z"},
        {"5-20/5 4 * * *", "2026-01-16T03:20:00Z", "2026-01-17T03:05:00Z"},
        {"5-20/5 4 * * *", "2026-01-16T03:19:00Z", "2026-01-16T03:20:00Z"},
        {"0 8,12,18 * * *", "2026-01-16T08:00:00Z", "2026-01-16T11:00:00Z"},
        {"0 */6 * * *", "2026-01-16T00:00:00Z", "2026-01-16T05:00:00Z"},
        {"0 9 * * mon-fri", "2026-01-16T09:00:00Z", "2026-01-19T08:00:00Z"},
        {"0 9 * * MON", "2026-01-16T09:00:00Z", "2026-01-19T08:00:00Z"},
        {"0 9 * * 7", "2026-01-16T09:00:00Z", "2026-01-18T08:00:00Z"},
        {"0 9 * * 0", "2026-01-16T09:00:00Z", "2026-01-18T08:00:00Z"},
        {"0 9 * * sat-sun", "2026-01-17T09:00:00Z", "2026-01-18T08:00:00Z"},
        {"0 9 * * 5-7", "2026-01-17T09:00:00Z", "2026-01-18T08:00:00Z"},
        {"0 9 * * sun-tue", "2026-01-18T09:00:00Z", "2026-01-19T08:00:00Z"},
        {"0 9 * jun-aug *", "2026-01-17T09:00:00Z", "2026-06-01T07:00:00Z"},
        {"0 0 1 1 *", "2026-01-17T09:00:00Z", "2026-12-31T23:00:00Z"},
        {"never", "2026-01-17T09:00:00Z", "never"},
        {"Never", "2026-01-17T09:00:00Z", "never"},
        // A day matches its date or its weekday when neither starts with "*", both otherwise.
        {"0 0 13 * 5", "2026-01-13T12:00:00Z", "2026-01-15T23:00:00Z"},
        {"0 0 13 * 5", "2026-02-06T12:00:00Z", "2026-02-12T23:00:00Z"},
        {"0 0 20 * 5", "2026-01-16T12:00:00Z", "2026-01-19T23:00:00Z"},
        {"0 0 */2 * 1", "2026-01-05T12:00:00Z", "2026-01-18T23:00:00Z"},  // an odd Monday
        {"0 0 13 * */5", "2026-01-16T12:00:00Z", "2026-02-12T23:00:00Z"}, // Sunday or Friday 13
    };
    CHECK(paris, rows);
}

static void test_leap_years(void)
{
    static const struct row rows[] = {
        {"0 12 29 2 *", "2026-01-01T00:00:00Z", "2028-02-29T11:00:00Z"},
        {"0 12 29 2 *", "2028-02-29T11:00:00Z", "2032-02-29T11:00:00Z"},
        {"0 12 29 2 *", "2096-03-01T00:00:00Z", "2104-02-29T11:00:00Z"}, // 2100 has none
        {"0 12 29 2 */7", "2088-03-01T00:00:00Z", "2128-02-29T11:00:00Z"},
        {"0 12 28-31 2 *", "2027-02-01T00:00:00Z", "2027-02-28T11:00:00Z"},
        {"0 12 31 * *", "2026-01-31T12:00:00Z", "2026-03-31T10:00:00Z"},
        {"0 12 30 2 1", "2026-02-01T00:00:00Z", "2026-02-02T11:00:00Z"}, // Mondays of February
        {"0 12 1 3 *", "2028-02-28T00:00:00Z", "2028-03-01T11:00:00Z"},
        {"59 23 31 12 *", "2026-01-01T00:00:00Z", "2026-12-31T22:59:00Z"},
    };
    CHECK(paris, rows);
}

static void test_spring(void)
{
    // On 2026-03-29 clocks go from 02:00 to 03:00 at 01:00 UTC.
    static const struct row rows[] = {
        {"30 1 * * *", "2026-03-28T12:00:00Z", "2026-03-29T00:30:00Z"},
        {"30 2 * * *", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"}, // right after the gap
        {"30 2 * * *", "2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z"},
        {"30 2 * * *", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"},
        {"0 2 * * *", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"},
        {"59 2 * * *", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"},
        {"0 3 * * *", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"},
        {"10,40 2 * * *", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"}, // once for both
        {"10,40 2 * * *", "2026-03-29T01:00:00Z", "2026-03-30T00:10:00Z"},
        {"*/20 2 * * *", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"},
        {"30 2,3 * * *", "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z"},
        {"30 2 29 3 *", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"},
        {"17 3 * * *", "2026-03-28T12:00:00Z", "2026-03-29T01:17:00Z"},
        {"@hourly", "2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z"},
        {"@hourly", "2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z"},
        {"30 * * * *", "2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z"},
        {"*/20 * * * *", "2026-03-29T00:40:00Z", "2026-03-29T01:00:00Z"},
        {"30 */2 * * *", "2026-03-28T23:30:00Z", "2026-03-29T02:30:00Z"}, // 02:30 is not there
        {"@daily", "2026-03-28T12:00:00Z", "2026-03-28T23:00:00Z"},
        {"@daily", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"},
    };
    CHECK(paris, rows);
}

static void test_autumn(void)
{
    // On 2026-10-25 clocks go from 03:00 back to 02:00 at 01:00 UTC.
    static const struct row rows[] = {
        {"30 2 * * *", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z"},
        {"30 2 * * *", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"}, // not at 01:30 UTC again
        {"30 2 * * *", "2026-10-25T01:15:00Z", "2026-10-26T01:30:00Z"},
        {"0 2 * * *", "2026-10-24T12:00:00Z", "2026-10-25T00:00:00Z"},
        {"0 2 * * *", "2026-10-25T00:00:00Z", "2026-10-26T01:00:00Z"},
        {"0 3 * * *", "2026-10-24T12:00:00Z", "2026-10-25T02:00:00Z"},
        {"30 1 * * *", "2026-10-24T12:00:00Z", "2026-10-24T23:30:00Z"},
        {"*/20 2 * * *", "2026-10-25T00:40:00Z", "2026-10-26T01:00:00Z"},
        {"@hourly", "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z"},
        {"@hourly", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z"},
        {"30 * * * *", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"},
        {"*/20 * * * *", "2026-10-25T00:40:00Z", "2026-10-25T01:00:00Z"},
        {"*/20 * * * *", "2026-10-25T00:59:00Z", "2026-10-25T01:00:00Z"},
        {"@daily", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"}, // a day of 25 hours
    };
    CHECK(paris, rows);
}

static void test_count(void)
{
    // A year in Paris has 365 runs of a daily schedule at any hour, and 8760 of an hourly one.
    static const char *const daily[] = {"30 2 * * *", "0 0 * * *", "0 3 * * *", "59 1 * * *"};
    int64_t end = instant("2026-12-31T23:00:00Z");
    struct cron c;
    struct err e;
    for (size_t i = 0; i < 4; i++) {
        int runs = 0;
        ok(cron_parse(str_of(daily[i]), &c, &e));
        for (int64_t t = instant("2025-12-31T22:59:59Z"); (t = cron_next(&c, paris, t)) < end;)
            runs++;
        is_int(runs, 365);
    }
    int runs = 0;
    ok(cron_parse(STR("@hourly"), &c, &e));
    for (int64_t t = instant("2025-12-31T22:59:59Z"); (t = cron_next(&c, paris, t)) < end;)
        runs++;
    is_int(runs, 8760);
}

static void test_errors(void)
{
    static const struct {
        const char *schedule, *what;
    } rows[] = {
        {"60 * * * *", "the minute \"60\" is not in 0..59"},
        {"-1 * * * *", "the minute \"\" is not in 0..59"},
        {"x * * * *", "the minute \"x\" is not in 0..59"},
        {"1, * * * *", "the minute \"\" is not in 0..59"},
        {", * * * *", "the minute \"\" is not in 0..59"},
        {"0 24 * * *", "the hour \"24\" is not in 0..23"},
        {"0 0 0 * *", "the day of month \"0\" is not in 1..31"},
        {"0 0 32 * *", "the day of month \"32\" is not in 1..31"},
        {"0 0 * 13 *", "the month \"13\" is not in 1..12, nor an English name of three letters"},
        {"0 0 * 0 *", "the month \"0\" is not in 1..12, nor an English name of three letters"},
        {"0 0 * mai *", "the month \"mai\" is not in 1..12, nor an English name of three letters"},
        {"0 0 * * 8", "the day of week \"8\" is not in 0..7, nor an English name of three letters"},
        {"0 0 * * lun",
         "the day of week \"lun\" is not in 0..7, nor an English name of three letters"},
        {"10-5 * * * *", "the minute \"10-5\" ends before it starts"},
        {"0 0 * * fri-mon", "the day of week \"fri-mon\" ends before it starts"},
        {"5/10 * * * *", "the minute \"5/10\" has a step without a range"},
        {"*/0 * * * *", "the step \"0\" of the minute is not in 1..59"},
        {"*/60 * * * *", "the step \"60\" of the minute is not in 1..59"},
        {"*/x * * * *", "the step \"x\" of the minute is not in 1..59"},
        {"*/ * * * *", "the step \"\" of the minute is not in 1..59"},
        {"1-5/2/3 * * * *", "the step \"2/3\" of the minute is not in 1..59"},
        {"1-2-3 * * * *", "the minute \"2-3\" is not in 0..59"},
        {"** * * * *", "the minute \"**\" is not in 0..59"},
        {"0 0 30 2 *", "the schedule's day of month never comes in the months that it names"},
        {"0 0 31 2,4,6,9,11 *",
         "the schedule's day of month never comes in the months that it names"},
        {"* * * *", "the schedule \"* * * *\" is not known"},
        {"* * * * * *", "the schedule has more than five fields"},
        {"@daily 5", "the schedule \"@daily 5\" is not known"},
        {"@reboot", "the schedule \"@reboot\" is not known"},
        {"", "the schedule \"\" is not known"},
        {"daily", "the minute \"daily\" is not in 0..59"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct cron c;
        struct err e = {0};
        tap_result(!cron_parse(str_of(rows[i].schedule), &c, &e), __FILE__, __LINE__,
                   rows[i].schedule);
        is_int(e.code, ERR_ARGUMENT);
        is_str(e.what, rows[i].what);
    }
    struct cron c;
    struct err e;
    ok(!cron_parse(STR_NONE, &c, &e));
    ok(cron_parse(STR("@hourly"), &c, &e));
    is_str(text_of(cron_next(&c, paris, INT64_MAX)), "never");
    is_str(text_of(cron_next(&c, paris, INT64_MIN)), "never");
    is_str(text_of(cron_next_spread(&c, paris, STR("a"), 600, INT64_MIN)), "never");
}

static void test_jitter(void)
{
    is_int(cron_jitter(STR("data.gouv.fr"), 600), cron_jitter(STR("data.gouv.fr"), 600));
    is_int(cron_jitter(STR("data.gouv.fr"), 0), 0);
    is_int(cron_jitter(STR("data.gouv.fr"), -5), 0);
    // Spread over the whole span.
    int64_t least = 600, most = 0;
    char name[16];
    for (int i = 0; i < 1000; i++) {
        int n = snprintf(name, sizeof name, "source-%d", i);
        int64_t jitter = cron_jitter(str_slice(name, (size_t)n), 600);
        least = jitter < least ? jitter : least;
        most = jitter > most ? jitter : most;
    }
    ok(least >= 0 && least < 10);
    ok(most <= 600 && most > 590);

    struct cron c;
    struct err e;
    struct str source = STR("data.gouv.fr");
    ok(cron_parse(STR("17 3 * * *"), &c, &e));
    int64_t plain = instant("2026-01-16T02:17:00Z"), late = cron_jitter(source, 600);
    ok(late > 0);
    is_int(cron_next_spread(&c, paris, source, 600, plain - 5000), plain + late);
    is_int(cron_next_spread(&c, paris, source, 600, plain), plain + late);
    is_int(cron_next_spread(&c, paris, source, 600, plain + late - 1), plain + late);
    is_int(cron_next_spread(&c, paris, source, 600, plain + late), plain + 86400 + late);
    is_int(cron_next_spread(&c, paris, source, 0, plain - 1), plain);
    is_int(cron_next_spread(&c, paris, source, 0, plain), plain + 86400);
    ok(cron_parse(STR("*/5 * * * *"), &c, &e)); // a tenth of 5 minutes
    is_int(cron_next_spread(&c, paris, source, 600, plain + 180 - 1),
           plain + 180 + cron_jitter(source, 30));
    ok(cron_parse(STR("never"), &c, &e));
    is_str(text_of(cron_next_spread(&c, paris, source, 600, plain)), "never");
}

static void test_zone(void)
{
    struct err e;
    is_int(time_zone_offset(paris, instant("2026-01-16T00:00:00Z")), 3600);
    is_int(time_zone_offset(paris, instant("2026-03-29T00:59:59Z")), 3600);
    is_int(time_zone_offset(paris, instant("2026-03-29T01:00:00Z")), 7200);
    is_int(time_zone_offset(paris, instant("2026-10-25T00:59:59Z")), 7200);
    is_int(time_zone_offset(paris, instant("2026-10-25T01:00:00Z")), 3600);
    is_int(time_zone_offset(paris, instant("1850-01-01T00:00:00Z")), 561); // 0:09:21 before 1891
    // Past the end of the table, by the rule.
    is_int(time_zone_offset(paris, instant("2050-03-27T00:59:59Z")), 3600);
    is_int(time_zone_offset(paris, instant("2050-03-27T01:00:00Z")), 7200);
    is_int(time_zone_offset(paris, instant("2050-10-30T00:59:59Z")), 7200);
    is_int(time_zone_offset(paris, instant("2050-10-30T01:00:00Z")), 3600);

    struct time_zone_instants at = time_zone_instants_of(paris, instant("2026-03-29T02:30:00Z"));
    is_int(at.count, 0);
    is_int(at.first, instant("2026-03-29T01:00:00Z"));
    at = time_zone_instants_of(paris, instant("2026-10-25T02:30:00Z"));
    is_int(at.count, 2);
    is_int(at.first, instant("2026-10-25T00:30:00Z"));
    is_int(at.second, instant("2026-10-25T01:30:00Z"));
    at = time_zone_instants_of(paris, instant("2026-10-25T03:00:00Z"));
    is_int(at.count, 1);
    is_int(at.first, instant("2026-10-25T02:00:00Z"));

    static const struct row utc[] = {
        {"30 2 * * *", "2026-03-29T00:00:00Z", "2026-03-29T02:30:00Z"}};
    struct time_zone *z = time_zone_load(STR("UTC"), &e);
    CHECK(z, utc);
    time_zone_free(z);
    // No summer time, half an hour of it, summer in the south, a day that was skipped.
    static const struct row reunion[] = {
        {"0 3 * * *", "2026-07-01T00:00:00Z", "2026-07-01T23:00:00Z"}};
    z = time_zone_load(STR("Indian/Reunion"), &e);
    CHECK(z, reunion);
    time_zone_free(z);
    static const struct row lord_howe[] = {
        {"15 2 * * *", "2026-10-03T12:00:00Z", "2026-10-03T15:30:00Z"}, // 02:00 to 02:30
        {"15 2 * * *", "2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z"},
        {"45 1 * * *", "2026-04-04T12:00:00Z", "2026-04-04T14:45:00Z"}, // 02:00 to 01:30
        {"45 1 * * *", "2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z"},
    };
    z = time_zone_load(STR("Australia/Lord_Howe"), &e);
    CHECK(z, lord_howe);
    time_zone_free(z);
    static const struct row apia[] = {
        {"0 12 30 12 *", "2011-12-29T00:00:00Z", "2011-12-30T10:00:00Z"},
        {"0 12 31 12 *", "2011-12-29T00:00:00Z", "2011-12-30T22:00:00Z"},
    };
    z = time_zone_load(STR("Pacific/Apia"), &e);
    CHECK(z, apia);
    time_zone_free(z);
    static const struct row sao_paulo[] = {
        // midnight itself was skipped
        {"@daily", "2018-11-03T12:00:00Z", "2018-11-04T03:00:00Z"}};
    z = time_zone_load(STR("America/Sao_Paulo"), &e);
    CHECK(z, sao_paulo);
    time_zone_free(z);
    z = time_zone_load(STR("Europe/Dublin"), &e); // its summer is the standard time
    is_int(time_zone_offset(z, instant("2050-07-01T00:00:00Z")), 3600);
    is_int(time_zone_offset(z, instant("2050-01-01T00:00:00Z")), 0);
    time_zone_free(z);

    static const char *const wrong[] = {"Europe/Lutece", "",       "../../../etc/passwd",
                                        "/etc/passwd",   "Europe", "Europe/Paris\n"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        e = (struct err){0};
        tap_result(!time_zone_load(str_of(wrong[i]), &e), __FILE__, __LINE__, wrong[i]);
        is_int(e.code, ERR_ARGUMENT);
        is_str(e.where, "timezone");
    }
    ok(!time_zone_load(STR("Europe/Lutece"), &e));
    is_str(e.what, "there is no time zone \"Europe/Lutece\"");
}

// A TZif file of version 2 without transitions: offset 0, then the rule.
static struct time_zone *with_rule(const char *rule, char *file, size_t *size)
{
    static const char header[44] = "TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" // and six counts
                                   "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\4";
    static const char block[10] = "\0\0\0\0\0\0UTC"; // one type, and its name
    size_t n = 0;
    for (int i = 0; i < 2; i++) {
        memcpy(file + n, header, sizeof header);
        memcpy(file + n + sizeof header, block, sizeof block);
        n += sizeof header + sizeof block;
    }
    n += (size_t)sprintf(file + n, "\n%s\n", rule);
    *size = n;
    return time_zone_parse(str_slice(file, n), NULL);
}

static void test_rules(void)
{
    static const struct {
        const char *rule, *at;
        int32_t offset;
    } good[] = {
        {"", "2026-07-01T00:00:00Z", 0},
        {"CET-1", "2026-07-01T00:00:00Z", 3600},
        {"<+0330>-3:30", "2026-07-01T00:00:00Z", 12600},
        {"EST5EDT,M3.2.0,M11.1.0", "2026-03-08T06:59:59Z", -18000},
        {"EST5EDT,M3.2.0,M11.1.0", "2026-03-08T07:00:00Z", -14400},
        {"EST5EDT,M3.2.0,M11.1.0", "2026-11-01T05:59:59Z", -14400},
        {"EST5EDT,M3.2.0,M11.1.0", "2026-11-01T06:00:00Z", -18000},
        {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-01-01T00:00:00Z", 39600},
        {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-07-01T00:00:00Z", 36000},
        {"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-01-01T00:00:00Z", 39600},
        {"AAA0BBB-2,J60/0,J61/0", "2028-03-01T00:00:00Z", 7200}, // J60 is always 1 March
        {"AAA0BBB-2,J60/0,J61/0", "2027-03-01T00:00:00Z", 7200},
        {"AAA0BBB-2,J60/0,J61/0", "2028-02-29T12:00:00Z", 0},
        {"AAA0BBB-2,59/0,60/0", "2028-02-29T00:00:00Z", 7200}, // 29 February in leap years
        {"AAA0BBB-2,59/0,60/0", "2027-03-01T00:00:00Z", 7200},
        {"AAA0BBB,M3.5.0/-1,M10.5.0/25:00:00", "2026-03-28T23:00:00Z", 3600},
        {"AAA0BBB,M3.5.0/-1,M10.5.0/25:00:00", "2026-03-28T22:59:59Z", 0},
    };
    char file[300];
    size_t size;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct time_zone *z = with_rule(good[i].rule, file, &size);
        tap_result(z != NULL, __FILE__, __LINE__, good[i].rule);
        if (z)
            is_int(time_zone_offset(z, instant(good[i].at)), good[i].offset);
        time_zone_free(z);
    }
    static const char *const wrong[] = {
        "CET",
        "-1",
        "CE!-1",
        "<CET-1",
        "<>-1",
        "CET-25",
        "CET-1:60",
        "CET-1CEST",
        "CET-1CEST,M3.5.0",
        "CET-1CEST,M3.5.0,",
        "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M0.5.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0",
        "CET-1CEST,M3.0.0,M10.5.0",
        "CET-1CEST,M3.5.7,M10.5.0",
        "CET-1CEST,M3.5,M10.5.0",
        "CET-1CEST,J0,J5",
        "CET-1CEST,366,5",
        "CET-1CEST,M3.5.0/168,M10.5.0",
        "CET-1CEST,M3.5.0,M10.5.0x",
        "CET-1CEST,X,Y",
        "CET-1CEST99999999999999999999,M3.5.0,M10.5.0",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        tap_result(!with_rule(wrong[i], file, &size), __FILE__, __LINE__, wrong[i]);

    // Every file that is cut short, or not TZif, is refused and read no further than its end.
    time_zone_free(with_rule("CET-1", file, &size));
    int taken = 0;
    for (size_t n = 0; n < size; n++) {
        char *cut = malloc(n ? n : 1);
        memcpy(cut, file, n);
        struct time_zone *z = time_zone_parse(str_slice(cut, n), NULL);
        taken += z != NULL;
        time_zone_free(z);
        free(cut);
    }
    is_int(taken, 0);
    static const size_t broken[] = {0, 20, 35, 36, 39, 54 + 39, 54 + 44, 54 + 54};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct err e = {0};
        time_zone_free(with_rule("CET-1", file, &size));
        file[broken[i]] = 0x7F;
        ok(!time_zone_parse(str_slice(file, size), &e));
        is_int(e.code, ERR_CORRUPT);
    }
}

int main(void)
{
    struct err e;
    paris = time_zone_load(STR("Europe/Paris"), &e);
    if (!paris)
        return tap_skip_all("tzdata is not installed");
    test_plain();
    test_leap_years();
    test_spring();
    test_autumn();
    test_count();
    test_errors();
    test_jitter();
    test_zone();
    test_rules();
    time_zone_free(paris);
    return tap_done();
}
