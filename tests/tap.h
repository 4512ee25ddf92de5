// A small TAP producer for the unit tests: one program per module, one line per assertion.
//
// Usage: call plan-less assertions from main(), then `return tap_done();`. Each assertion evaluates
// its arguments once. Output follows the Test Anything Protocol 13 (testanything.org), which meson reads.
#pragma once

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static int tap_count;
static int tap_failures;

static inline bool tap_result(bool pass, const char *file, int line, const char *what)
{
    tap_count++;
    printf("%sok %d - %s\n", pass ? "" : "not ", tap_count, what);
    if (!pass) {
        tap_failures++;
        printf("# failed at %s:%d\n", file, line);
    }
    fflush(stdout);
    return pass;
}

static inline bool tap_int(int64_t got, int64_t want, const char *file, int line, const char *what)
{
    bool pass = tap_result(got == want, file, line, what);
    if (!pass)
        printf("#   got %" PRId64 ", wanted %" PRId64 "\n", got, want);
    return pass;
}

static inline bool tap_mem(const char *got, size_t got_n, const char *want, size_t want_n,
                           const char *file, int line, const char *what)
{
    bool pass = tap_result(got_n == want_n && (got_n == 0 || memcmp(got, want, got_n) == 0), file,
                           line, what);
    if (!pass)
        printf("#   got    \"%.*s\"\n#   wanted \"%.*s\"\n", (int)got_n, got_n ? got : "",
               (int)want_n, want_n ? want : "");
    return pass;
}

// ok(condition), is_int(got, wanted), is_str(const char *, const char *) and, with base/str.h,
// is_text(struct str, const char *). Each prints both values when they differ.
#define ok(cond) tap_result((cond), __FILE__, __LINE__, #cond)
#define is_int(got, want)                                                                          \
    tap_int((int64_t)(got), (int64_t)(want), __FILE__, __LINE__, #got " is " #want)
#define is_str(got, want)                                                                          \
    do {                                                                                           \
        const char *tap_g = (got), *tap_w = (want);                                                \
        tap_mem(tap_g ? tap_g : "(null)", strlen(tap_g ? tap_g : "(null)"), tap_w, strlen(tap_w),  \
                __FILE__, __LINE__, #got " is " #want);                                            \
    } while (0)
#define is_text(got, want)                                                                         \
    do {                                                                                           \
        struct str tap_g = (got);                                                                  \
        const char *tap_w = (want);                                                                \
        tap_mem(tap_g.p, tap_g.n, tap_w, strlen(tap_w), __FILE__, __LINE__, #got " is " #want);    \
    } while (0)

// Skips the whole program: for tests that need data which is not there.
static inline int tap_skip_all(const char *why)
{
    printf("1..0 # SKIP %s\n", why);
    return 0;
}

static inline int tap_done(void)
{
    printf("1..%d\n", tap_count);
    return tap_failures ? 1 : 0;
}
