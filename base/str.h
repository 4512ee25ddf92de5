// Strings with lengths. A `struct str` borrows its bytes: it owns nothing and is passed by value.
// The bytes are not NUL-terminated unless a function says so. An absent string is {NULL, 0}.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
    const char *p;
    size_t n;
};

// A list of strings; who owns the array is said where it is used (mostly an arena).
struct strs {
    struct str *v;
    size_t n;
};

#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})
#define STR_NONE ((struct str){NULL, 0})
// For printf: "%.*s", STR_ARG(s)
#define STR_ARG(s) (int)(s).n, ((s).p ? (s).p : "")

static inline struct str str_of(const char *z)
{
    return z ? (struct str){z, strlen(z)} : STR_NONE;
}

static inline struct str str_slice(const char *p, size_t n)
{
    return (struct str){p, n};
}

static inline bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

// Order of bytes, as memcmp; shorter first when one is a prefix of the other.
int str_cmp(struct str a, struct str b);
bool str_eq_nocase(struct str a, struct str b); // ASCII case only
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
// Position of needle, or -1. An empty needle is at 0.
ptrdiff_t str_find(struct str s, struct str needle);
ptrdiff_t str_find_char(struct str s, char c);
// Without ASCII white space at both ends.
struct str str_trim(struct str s);
// The part of *rest before `sep`; *rest becomes what follows. False once *rest is used up (p == NULL).
bool str_next(struct str *rest, char sep, struct str *part);
// Decimal integer over the whole string, within [min, max]; false otherwise.
bool str_to_int(struct str s, int64_t min, int64_t max, int64_t *out);
// Decimal number, with an optional fraction and exponent, over the whole string; false otherwise.
bool str_to_real(struct str s, double *out);
// The longest prefix of at most `max` bytes that does not cut an UTF-8 sequence.
struct str str_cut_utf8(struct str s, size_t max);
// Number of single-character edits (insert, delete, replace, swap) between two short ASCII words.
unsigned str_distance(struct str a, struct str b);
