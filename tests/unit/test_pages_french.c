// The pages: French for numbers, sizes, durations, dates and lists.
#include "tests/unit/pages_fixture.h"

#define A (&arena)

static void test_numbers(void)
{
    is_text(french_number(A, 0), "0");
    is_text(french_number(A, 999), "999");
    is_text(french_number(A, 1234), "1\u202f234");
    is_text(french_number(A, 70575), "70\u202f575");
    is_text(french_number(A, 1234567), "1\u202f234\u202f567");
    is_text(french_number(A, -123), "-123");
    is_text(french_number(A, -1234), "-1\u202f234");
    is_text(french_number(A, 1000), "1\u202f000");
    is_text(french_number(A, INT64_MIN),
            "-9\u202f223\u202f372\u202f036\u202f854\u202f775\u202f808");
    is_text(french_count(A, 0, "résultat", "résultats"), "0\u00a0résultat");
    is_text(french_count(A, 1, "résultat", "résultats"), "1\u00a0résultat");
    is_text(french_count(A, 2, "résultat", "résultats"), "2\u00a0résultats");
    is_text(french_count(A, 1234, "vue", "vues"), "1\u202f234\u00a0vues");
    is_text(french_percent(A, 89), "89\u00a0%");
    is_text(french_percent(A, 99.5), "99,5\u00a0%");
    is_text(french_percent(A, 99.96), "100\u00a0%");
}

static void test_sizes(void)
{
    is_text(french_size(A, 0), "0\u00a0octet");
    is_text(french_size(A, 999), "999\u00a0octets");
    is_text(french_size(A, 1000), "1\u00a0ko");
    is_text(french_size(A, 1250), "1,3\u00a0ko");
    is_text(french_size(A, 999499), "999\u00a0ko");
    is_text(french_size(A, 999500), "1\u00a0Mo");
    is_text(french_size(A, 1234567), "1,2\u00a0Mo");
    is_text(french_size(A, 9960000), "10\u00a0Mo");
    is_text(french_size(A, 128000000), "128\u00a0Mo");
    is_text(french_size(A, 2700000000), "2,7\u00a0Go");
    is_text(french_size(A, 5000000000000000), "5\u202f000\u00a0To");
    is_text(french_size(A, INT64_MAX), "9\u202f223\u202f372\u00a0To");
}

static void test_durations(void)
{
    is_text(french_duration(A, 0), "moins de\u00a01\u00a0s");
    is_text(french_duration(A, -5), "moins de\u00a01\u00a0s");
    is_text(french_duration(A, 59), "59\u00a0s");
    is_text(french_duration(A, 372), "6\u00a0min\u00a012\u00a0s");
    is_text(french_duration(A, 3600), "1\u00a0h\u00a000\u00a0min");
    is_text(french_duration(A, 100000), "27\u00a0h\u00a046\u00a0min");
}

static void test_dates(void)
{
    is_text(french_date(A, day_of("2026-01-03"), NULL), "3\u00a0janvier\u00a02026");
    is_text(french_date(A, day_of("2026-08-01"), NULL), "1er\u00a0août\u00a02026");
    is_text(french_date(A, day_of("2021-05"), NULL), "mai\u00a02021");
    is_text(french_date(A, day_of("2021"), NULL), "2021");
    is_text(french_date(A, day_of("0003-12-31"), NULL), "31\u00a0décembre\u00a00003");
    is_text(french_date(A, (struct date){0}, NULL), "");
    // The day is the zone's; a day without a time stays what it is.
    is_text(french_date(A, day_of("2026-01-15T23:30:00Z"), NULL), "15\u00a0janvier\u00a02026");
    is_text(french_date(A, day_of("2026-01-15T23:30:00Z"), paris), "16\u00a0janvier\u00a02026");
    is_text(french_date(A, day_of("1969-12-31T23:30:00Z"), paris), "1er\u00a0janvier\u00a01970");
    is_text(french_date(A, day_of("2026-01-15"), paris), "15\u00a0janvier\u00a02026");
    is_text(french_date_iso(A, day_of("2026-01-15T23:30:00Z"), paris), "2026-01-16");
    is_text(french_date_iso(A, day_of("2021-05"), paris), "2021-05");
    is_text(french_date_iso(A, (struct date){0}, paris), "");
    is_text(french_moment(A, instant("2026-01-16T02:21:59Z"), paris),
            "16\u00a0janvier\u00a02026 à\u00a003\u00a0h\u00a021");
    is_text(french_moment(A, instant("2026-07-16T02:21:00Z"), paris),
            "16\u00a0juillet\u00a02026 à\u00a004\u00a0h\u00a021");
    is_text(iso_moment(A, instant("2026-07-16T02:21:05Z")), "2026-07-16T02:21:05Z");
}

static void test_next(void)
{
    int64_t now = instant("2026-01-15T22:30:00Z"); // 23:30 in Paris
    is_text(french_next(A, instant("2026-01-15T22:45:00Z"), now, paris),
            "aujourd’hui à\u00a023\u00a0h\u00a045");
    is_text(french_next(A, instant("2026-01-16T02:17:00Z"), now, paris),
            "demain à\u00a003\u00a0h\u00a017");
    is_text(french_next(A, instant("2026-01-15T23:10:00Z"), now, NULL),
            "aujourd’hui à\u00a023\u00a0h\u00a010");
    is_text(french_next(A, instant("2026-01-17T02:17:00Z"), now, paris),
            "le 17\u00a0janvier\u00a02026 à\u00a003\u00a0h\u00a017");
    is_text(french_next(A, now, now, paris), "dès que possible");
}

static void test_periods(void)
{
    struct date none = {0};
    is_text(french_period(A, none, none, NULL), "");
    is_text(french_period(A, day_of("2017-01-01"), day_of("2026-01-16"), NULL),
            "du 1er\u00a0janvier\u00a02017 au 16\u00a0janvier\u00a02026");
    is_text(french_period(A, day_of("2017"), day_of("2021"), NULL), "de 2017 à 2021");
    is_text(french_period(A, day_of("2017-04"), day_of("2021-05"), NULL),
            "d’avril\u00a02017 à mai\u00a02021");
    is_text(french_period(A, day_of("2017-05"), day_of("2021-05-03"), NULL),
            "de mai\u00a02017 au 3\u00a0mai\u00a02021");
    is_text(french_period(A, day_of("2017"), day_of("2017"), NULL), "2017");
    is_text(french_period(A, day_of("2015-04-15"), none, NULL),
            "depuis le 15\u00a0avril\u00a02015");
    is_text(french_period(A, day_of("2015"), none, NULL), "depuis 2015");
    is_text(french_period(A, none, day_of("2021-05-03"), NULL), "jusqu’au 3\u00a0mai\u00a02021");
    is_text(french_period(A, none, day_of("2021"), NULL), "jusqu’à 2021");
}

static void test_words(void)
{
    struct str four[] = {STR("CSV"), STR("GeoJSON"), STR("CSV"), STR("PDF"), STR(""), STR("XML")};
    is_text(french_list(A, (struct strs){four, 6}, 2), "CSV, GeoJSON et 2\u00a0autres");
    is_text(french_list(A, (struct strs){four, 6}, 3), "CSV, GeoJSON, PDF et 1\u00a0autre");
    is_text(french_list(A, (struct strs){four, 6}, 4), "CSV, GeoJSON, PDF, XML");
    is_text(french_list(A, (struct strs){NULL, 0}, 4), "");
    is_text(french_lower_first(A, STR("Service public")), "service public");
    is_text(french_lower_first(A, STR("Éducation")), "éducation");
    is_text(french_lower_first(A, STR("API")), "API");
    is_text(french_lower_first(A, STR("1er")), "1er");
    is_text(french_lower_first(A, STR("")), "");
    struct popularity p = {
        .views = 12345, .followers = 1, .reuses = 0, .downloads = -1, .stars = 3};
    is_text(french_popularity(A, &p, 5), "12\u202f345\u00a0vues, 3\u00a0étoiles, 1\u00a0abonné");
    is_text(french_popularity(A, &p, 1), "12\u202f345\u00a0vues");
}

int main(void)
{
    if (!ok(pages_set_up()))
        return tap_done();
    test_numbers();
    test_sizes();
    test_durations();
    test_dates();
    test_next();
    test_periods();
    test_words();
    pages_tear_down();
    return tap_done();
}
