// Dates as catalogues write them (ISO 8601-1 and its common bends), and calendar arithmetic of our
// own: the proleptic Gregorian calendar in UTC, no time zone of the machine, no locale. No memory
// is taken; any thread.
#pragma once

#include "base/str.h"

enum date_precision { DATE_NONE, DATE_YEAR, DATE_MONTH, DATE_DAY, DATE_SECOND };

// A zeroed struct date is an absent one. A date is the start of its year, month or day.
struct date {
    int64_t seconds; // since 1970-01-01T00:00:00Z; years 0001 to 9999
    enum date_precision precision;
};

enum { DATE_TEXT_BYTES = 24 }; // "2021-05-03T10:11:12Z" and its NUL

// Reads, white space around left out: YYYY, YYYY-MM, YYYY-MM-DD (or with '/' or, for a whole day,
// YYYYMMDD); a day and a time after T, t or spaces, hh:mm, hh:mm:ss, a fraction of 1 to 9 digits
// (dropped), then Z, ±hh:mm, ±hhmm, ±hh, "UTC", "GMT" or nothing (UTC), 24:00 being the next day's
// start; a whole day and a zone (xsd:date; the zone is dropped); dd/mm/yyyy, alone or with a time;
// DKAN's "Thu, 06/01/2017 - 10:14" and "jeu, 01/06/2017 - 10:14", in the order that the day's name
// agrees with; RFC 9110's "Thu, 01 Jun 2017 10:14:00 GMT". False, and *out zeroed, for anything
// else: 2021-13-40, 2021-02-30, 24:01, text.
bool date_parse(struct str text, struct date *out);
// Milliseconds since 1970-01-01T00:00:00Z, as ArcGIS and SILL give them. False, and *out zeroed,
// outside of 0001 to 9999.
bool date_from_millis(int64_t milliseconds, struct date *out);
// ISO 8601 with the precision that the date has: "2021", "2021-05", "2021-05-03",
// "2021-05-03T10:11:12Z"; "" for DATE_NONE. The result is `out`, NUL-terminated.
struct str date_format(struct date d, char out[DATE_TEXT_BYTES]);
// Whether a date may rank a record: present, not before the year 1000, not over a day after `now`
// (seconds). Others are kept and shown as the source gave them.
bool date_plausible(struct date d, int64_t now);
// The clock's time, in seconds since 1970-01-01T00:00:00Z.
int64_t date_now(void);
// Seconds of a clock that only goes forward, from no date: for how long something takes.
double date_stopwatch(void);

// Days since 1970-01-01 of a day of the calendar, and back. Month 1 to 12, day 1 to 31; not
// checked.
int64_t date_days(int64_t year, unsigned month, unsigned day);
void date_civil(int64_t days, int64_t *year, unsigned *month, unsigned *day);
unsigned date_month_days(int64_t year, unsigned month); // 28 to 31
unsigned date_weekday(int64_t days);                    // 0 is Sunday, as in cron
