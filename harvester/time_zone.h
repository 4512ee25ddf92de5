// Time zones by IANA name, read from the system's tzdata (TZif, RFC 8536). The process's own TZ is never
// touched, so that any thread may use any zone. A zone does not change once it is loaded.
#pragma once

#include "base/err.h"

struct time_zone;

// "Europe/Paris". Reads a small file: not on the loop. The caller frees it with time_zone_free. ERR_ARGUMENT when
// the name is not known, ERR_CORRUPT when the file is not TZif.
struct time_zone *time_zone_load(struct str name, struct err *e);
// The same from the bytes of a TZif file.
struct time_zone *time_zone_parse(struct str tzif, struct err *e);
void time_zone_free(struct time_zone *z);

// Seconds east of UTC at an instant (Unix time).
int32_t time_zone_offset(const struct time_zone *z, int64_t utc);

// The instants that a wall clock shows a local time at. `local` is what Unix time would be, were the clock's
// reading UTC. Mostly one; two when clocks went back over it (first < second); none when clocks
// skipped it: then `first` is the instant just after the gap. `second` equals `first` unless there are two.
struct time_zone_instants {
    int count;
    int64_t first, second;
};
struct time_zone_instants time_zone_instants_of(const struct time_zone *z, int64_t local);
