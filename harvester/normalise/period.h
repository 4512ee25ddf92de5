// The time that data cover, from text (ISO 8601 intervals and their common bends) and from DCAT's PeriodOfTime. No state; any thread.
#pragma once

#include "base/json.h"
#include "store/record.h"

// Widens record->temporal. "2010-01-01/2010-12-31", "2010/P1Y" (a start and how long: up to the day before its end), "R/2010/P1Y",
// open ends ("2010/..", "/2010", "2010/present"), "2010 to 2015", "2010-2015", one date alone. Anything else is passed over.
void map_period_text(struct record *r, struct str text);
// Text, an object with startDate and endDate (or start, end, with DCAT's and schema.org's prefixes), an array of these.
void map_period(struct record *r, const json_t *value);
