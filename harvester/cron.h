// When a source is due: crontab(5) schedules in a named time zone. Pure computation, any thread.
// Summer time as cron(8) does it: a time that the change in spring skips comes right after the gap,
// a time that the change in autumn repeats comes once. Schedules whose hour field starts with "*" follow
// the clock instead: nothing in the gap, and both passes of the repeated hour.
#pragma once

#include "base/err.h"
#include "harvester/time_zone.h"

#define CRON_NEVER INT64_MAX

struct cron {
    uint64_t minutes;             // bit n: minute n
    uint32_t hours, days, months; // days and months from bit 1
    uint8_t weekdays;             // bit 0: Sunday
    bool any_hour;                // the hour field starts with "*"
    bool any_day, any_weekday; // so do these; a day must match both fields then, else one of them
    bool never;
};

// Five fields (minute, hour, day of month, month, day of week) with lists, ranges, steps and English names; 0
// and 7 are Sunday; or @hourly @daily @midnight @weekly @monthly @yearly @annually; or "never".
// ERR_ARGUMENT names the field and its bounds. A date that never comes (30 February) is an error.
bool cron_parse(struct str text, struct cron *out, struct err *e);

// The first instant (Unix time, a whole minute unless a zone's own history says otherwise) after
// `after_utc`. CRON_NEVER for "never".
int64_t cron_next(const struct cron *c, const struct time_zone *z, int64_t after_utc);

enum { CRON_JITTER_SECONDS = 600 };

// A delay in [0, most_seconds] that is always the same for a source, so that sources do not all start at once.
int64_t cron_jitter(struct str source, int64_t most_seconds);

// As cron_next, each instant delayed by the source's jitter: at most `most_seconds` (CRON_JITTER_SECONDS by
// default, 0 for none, a day at most), and a tenth of the time to the instant that follows.
int64_t cron_next_spread(const struct cron *c, const struct time_zone *z, struct str source,
                         int64_t most_seconds, int64_t after_utc);
