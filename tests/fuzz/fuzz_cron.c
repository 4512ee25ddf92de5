// Fuzzing of schedules, and time zone files (input that starts as one). What is accepted must make sense: the next instant lies
// ahead, and the one after it further ahead.
#include "harvester/cron.h"
#include "tests/fuzz/fuzz.h"

static void try_schedule(struct str text, const struct time_zone *z, int64_t after)
{
    struct cron c;
    struct err e = {0};
    if (!cron_parse(text, &c, &e)) {
        must(e.code == ERR_ARGUMENT && e.what[0]);
        return;
    }
    int64_t next = cron_next(&c, z, after);
    must(c.never ? next == CRON_NEVER : next > after);
    if (next != CRON_NEVER)
        must(cron_next(&c, z, next) > next && cron_next(&c, z, next - 1) == next);
    must(cron_next_spread(&c, z, text, CRON_JITTER_SECONDS, after) > after);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct time_zone *paris;
    struct str input = str_slice((const char *)data, size);
    int64_t after = 1767225600 + (int64_t)size * 86400 * 11; // from 2026 on
    if (!paris)
        must((paris = time_zone_load(STR("Europe/Paris"), NULL)));
    if (!str_starts(input, STR("TZif"))) {
        try_schedule(input, paris, after);
        return 0;
    }
    struct time_zone *z = time_zone_parse(input, NULL);
    if (z) {
        for (int64_t t = -3000000000; t < 6000000000; t += 300000007) {
            int32_t offset = time_zone_offset(z, t);
            must(offset >= -26 * 3600 && offset <= 26 * 3600);
            time_zone_instants_of(z, t);
        }
        struct cron c;
        if (cron_parse(STR("30 2 * * *"), &c, NULL))
            must(cron_next(&c, z, after) > after);
    }
    time_zone_free(z);
    return 0;
}
