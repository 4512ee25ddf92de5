// What ranking keeps of each record: numbers on a logarithmic scale, a byte each, and how near they come.
#include "indexer/index/usage.h"
#include "tests/tap.h"

#include <math.h>

static double number_again(double n)
{
    char bytes[USAGE_BYTES];
    usage_write(&(struct usage){.views = n}, bytes);
    return usage_read(str_slice(bytes, USAGE_BYTES)).views;
}

static unsigned char length_code(uint32_t n)
{
    uint32_t words[FIELD_COUNT] = {0};
    char bytes[LENGTHS_BYTES];
    words[FIELD_TITLE] = n;
    lengths_write(words, bytes);
    return (unsigned char)bytes[FIELD_TITLE];
}

static void numbers(void)
{
    ok(number_again(0) <= 0 && number_again(0) >= 0);
    ok(number_again(-1) <= 0 && number_again(-1) >= 0); // unknown
    double worst = 0, before = 0;
    bool rises = true;
    for (double n = 1; n <= 2000000; n = n < 50 ? n + 1 : floor(n * 1.07)) {
        double again = number_again(n), error = fabs(again - n) / n;
        worst = error > worst ? error : worst;
        rises = rises && again >= before;
        before = again;
    }
    ok(worst <= 0.06); // of 1, which is 1 + 1 on the scale
    ok(rises);
    worst = 0;
    for (double n = 10; n <= 2000000; n = floor(n * 1.07) + 1)
        worst = fmax(worst, fabs(number_again(n) - n) / n);
    ok(worst <= 0.04);
    // The end of the scale, 2^21.25.
    double most = exp2(255.0 / 12) - 1;
    ok(fabs(number_again(1e7) - most) < 1);
    ok(fabs(number_again(1e300) - most) < 1);
    ok(fabs(number_again(INFINITY) - most) < 1);
}

static void lengths(void)
{
    is_int(length_code(0), 0);
    ok(length_of(0) <= 0 && length_of(0) >= 0);
    is_int(length_code(1), 17); // 17 steps for each doubling of 1 + n
    is_int(length_code(3), 34);
    ok(fabs(length_of(17) - 1) < 1e-9);
    ok(fabs(length_of(34) - 3) < 1e-9);
    is_int(length_code(UINT32_MAX), 255);
    ok(fabs(length_of(255) - (exp2(15) - 1)) < 1);
    // Up to a dozen words, as titles have, no two lengths share a code.
    for (uint32_t n = 1; n < 12; n++)
        ok(length_code(n + 1) > length_code(n) && fabs(length_of(length_code(n)) - n) < 0.04 * n);
    // Each field has its own byte.
    uint32_t words[FIELD_COUNT];
    char bytes[LENGTHS_BYTES];
    for (uint32_t i = 0; i < FIELD_COUNT; i++)
        words[i] = (1u << i) - 1;
    lengths_write(words, bytes);
    for (int i = 0; i < FIELD_COUNT; i++)
        is_int((unsigned char)bytes[i], 17 * i);
}

static struct usage again(struct usage u)
{
    char bytes[USAGE_BYTES];
    usage_write(&u, bytes);
    return usage_read(str_slice(bytes, USAGE_BYTES));
}

static void the_rest(void)
{
    struct usage u = {.views = 1,
                      .followers = 3,
                      .reuses = 7,
                      .downloads = 15,
                      .stars = 31,
                      .users = 63,
                      .fork = true,
                      .quality = 0.83,
                      .certified = true,
                      .featured = true,
                      .kind = KIND_SOFTWARE,
                      .status = STATUS_MISSING};
    struct usage v = again(u);
    ok(fabs(v.views - 1) < 1e-9 && fabs(v.followers - 3) < 1e-9 && fabs(v.reuses - 7) < 1e-9 &&
       fabs(v.downloads - 15) < 1e-9);
    ok(fabs(v.stars - 31) < 1e-9 && fabs(v.users - 63) < 1e-9);
    ok(fabs(v.quality - 0.83) < 1e-9);
    ok(v.fork && !v.template);
    ok(v.certified && v.featured && !v.public_service);
    is_int(v.kind, KIND_SOFTWARE);
    is_int(v.status, STATUS_MISSING);
    ok(again((struct usage){.template = true}).template);
    ok(!v.unknown && again((struct usage){.unknown = true}).unknown);
    ok(!again((struct usage){.template = true}).fork);
    v = again((struct usage){.public_service = true, .status = STATUS_ARCHIVED});
    ok(!v.certified && !v.featured && v.public_service);
    is_int(v.status, STATUS_ARCHIVED);
    is_int(v.kind, KIND_DATASET);
    // Each kind and each status comes back.
    for (int i = 0; i < KIND_COUNT; i++)
        is_int(again((struct usage){.kind = (enum record_kind)i}).kind, i);
    for (int i = 0; i <= STATUS_ARCHIVED; i++)
        is_int(again((struct usage){.status = (enum record_status)i}).status, i);
    // A quality is within 0 and 1, whatever a source says; -1 is an unknown one.
    ok(fabs(again((struct usage){.quality = 1}).quality - 1) < 1e-9);
    ok(fabs(again((struct usage){.quality = 7.5}).quality - 1) < 1e-9);
    ok(fabs(again((struct usage){.quality = -1}).quality) < 1e-9);
}

static void not_one(void)
{
    struct usage none = usage_read(STR(""));
    ok(none.views <= 0 && none.quality <= 0 && !none.certified);
    none = usage_read(STR("\x10\x10\x10"));
    ok(none.views <= 0 && none.followers <= 0);
    none = usage_read(STR("\x10\x10\x10\x10\x10\x10\x10\x10\x10"));
    ok(none.views <= 0);
    // Values of another version: a kind and a status that are unknown.
    none = usage_read(STR("\x00\x00\x00\x00\x00\x00\xFF\xFF\x00\x00"));
    is_int(none.kind, KIND_DATASET);
    is_int(none.status, STATUS_ACTIVE);
}

static void of_a_record(void)
{
    struct record r;
    record_init(&r);
    struct usage u = usage_of(&r);
    ok(u.views <= 0 && u.followers <= 0 && u.reuses <= 0 && u.downloads <= 0 && u.quality <= 0);
    ok(!u.certified && !u.public_service && !u.featured);
    ok(u.unknown && usage_is_unknown(&r));
    int64_t *const counts[] = {&r.popularity.views, &r.popularity.followers, &r.popularity.reuses,
                               &r.popularity.downloads, &r.popularity.stars};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        *counts[i] = 0; // nobody looked: that is known
        ok(!usage_is_unknown(&r));
        *counts[i] = -1;
    }
    r.popularity = (struct popularity){
        .views = 10, .followers = 20, .reuses = 30, .downloads = 40, .stars = 50};
    r.quality.score = 0.5;
    r.publisher.certified = r.featured = true;
    r.publisher.kind = STR("public-service");
    r.kind = KIND_REUSE;
    r.status = STATUS_ARCHIVED;
    u = usage_of(&r);
    is_int(u.views, 10);
    is_int(u.followers, 20);
    is_int(u.reuses, 30);
    is_int(u.downloads, 40);
    is_int(u.stars, 50);
    is_int(u.users, 0);
    ok(fabs(u.quality - 0.5) < 1e-9);
    ok(u.certified && u.public_service && u.featured);
    is_int(u.kind, KIND_REUSE);
    is_int(u.status, STATUS_ARCHIVED);
    ok(!u.unknown);
    r.publisher.kind = STR("company");
    ok(!usage_of(&r).public_service);
    // Of a software: who says that it uses it, and whether its repository is a copy.
    struct str users[] = {STR("Ville de Lyon"), STR("Ville de Rennes")};
    r.users = (struct strs){users, 2};
    r.type = STR("fork");
    ok(!usage_of(&r).fork); // a reuse is none
    r.kind = KIND_SOFTWARE;
    u = usage_of(&r);
    is_int(u.users, 2);
    ok(u.fork && !u.template);
    r.type = STR("template");
    u = usage_of(&r);
    ok(u.template && !u.fork);
}

static void priors(void)
{
    static const struct {
        struct popularity p;
        bool certified, featured;
        enum record_status status;
        double low, high;
    } cases[] = {
        {{-1, -1, -1, -1, -1}, false, false, STATUS_ACTIVE, 0, 0},
        {{0, 0, 0, 0, 0}, false, false, STATUS_ACTIVE, 0, 0},
        {{-1, -1, -1, -1, -1}, true, false, STATUS_ACTIVE, 0.05, 0.05},
        {{-1, -1, -1, -1, -1}, false, true, STATUS_ACTIVE, 0.05, 0.05},
        {{1000000, 1000, 100, 1000000, 0}, true, true, STATUS_ACTIVE, 0.999999, 1},
        {{INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, 0},
         true,
         true,
         STATUS_ACTIVE,
         0.999999,
         1}, // bounded
        {{1000000, 1000, 100, 1000000, 0}, true, true, STATUS_MISSING, 0.499999, 0.5},
        {{1000000, 1000, 100, 1000000, 0}, true, true, STATUS_ARCHIVED, 0, 0},
        {{999, -1, -1, -1, -1},
         false,
         false,
         STATUS_ACTIVE,
         0.1999,
         0.2}, // half of the orders of magnitude
        // 0.2 + 0.08814 + 0.06008 + 0.04339 + 0.05 + 0.05
        {{1000, 20, 3, 400, -1}, true, true, STATUS_ACTIVE, 0.4915, 0.4918},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct record r;
        record_init(&r);
        r.popularity = cases[i].p;
        r.publisher.certified = cases[i].certified;
        r.featured = cases[i].featured;
        r.status = cases[i].status;
        struct usage u = usage_of(&r);
        double prior = usage_prior(&u);
        ok(prior >= cases[i].low - 1e-7 && prior <= cases[i].high + 1e-7);
        // As a document keeps it: a number within 4 % moves its part by less than a hundredth.
        struct usage kept = again(u);
        ok(fabs(usage_prior(&kept) - prior) < 0.01);
    }
    // Software: its stars and its users; a copy has half of it.
    struct usage soft = {.kind = KIND_SOFTWARE, .stars = 1000, .users = 100};
    ok(fabs(usage_prior(&soft) - 0.4) < 1e-9);
    soft.fork = true;
    ok(fabs(usage_prior(&soft) - 0.2) < 1e-9);
    soft = (struct usage){
        .views = 1e9, .followers = 1e9, .reuses = 1e9, .downloads = 1e9, .stars = 1e9};
    ok(fabs(usage_prior(&soft) - 1) < 1e-9); // bounded
    struct usage none = usage_read(STR(""));
    ok(usage_prior(&none) <= 0 && usage_prior(&none) >= 0);
}

int main(void)
{
    numbers();
    lengths();
    the_rest();
    not_one();
    of_a_record();
    priors();
    return tap_done();
}
