// See query_log_text.h. Numbers are looked for across the spaces, dots and dashes that people put into them.
#include "store/query_log_text.h"

#include "base/buf.h"
#include "base/text.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <utf8proc.h>

enum {
    READ_BYTES = 600, // what follows is not looked at
    GAP_BYTES = 3,    // between two digits of one number
    NUMBER_DIGITS =
        15, // of the longest that is looked for (E.164; the social security number and its key)
};

// ---- Folding -------------------------------------------------------------------------------------

// What decomposition leaves apart though people type either.
static uint32_t plain(uint32_t code)
{
    if ((code >= 0x2010 && code <= 0x2015) || code == 0x2212)
        return '-';
    return code == 0x2018 || code == 0x2019 ? '\'' : code;
}

static void add_plain(struct buf *out, struct str s)
{
    uint32_t code;
    char bytes[4];
    for (size_t at = 0, n; at < s.n && (n = utf8_decode(s, at, &code)) > 0; at += n) {
        if (code == ' ' && (!out->n || out->p[out->n - 1] == ' '))
            continue;
        if (code == 0x153 || code == 0xE6) // œ, æ
            buf_addz(out, code == 0xE6 ? "ae" : "oe");
        else
            buf_add(out, str_slice(bytes, utf8_encode(plain(code), bytes)));
    }
}

static struct str fold(struct arena *a, struct str query)
{
    const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE |
                                      UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK;
    struct str clean = text_clean(a, query, READ_BYTES, NULL);
    utf8proc_uint8_t *folded = NULL;
    utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)clean.p, (utf8proc_ssize_t)clean.n,
                                      &folded, options);
    struct buf b = {0};
    if (n > 0)
        add_plain(&b, str_slice((const char *)folded, (size_t)n));
    free(folded);
    struct str kept = arena_str(a, str_trim(str_cut_utf8(buf_str(&b), READ_BYTES)));
    buf_free(&b);
    return kept;
}

// ---- Personal data -------------------------------------------------------------------------------

// Digits with no more than a gap between them, in their groups: "+33 (0)6 12" is "33", "0", "6", "12".
struct number {
    char digits[READ_BYTES]; // and the letter of 2a and 2b, in a social security number of Corsica
    size_t starts[READ_BYTES + 1];
    size_t n, groups;
    bool plus; // before it
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_digit(s.p[i]))
            return false;
    return true;
}

static bool is_telephone(struct str s, bool plus)
{
    if (!all_digits(s))
        return false;
    if (plus && s.n >= 9)
        return true;
    if (s.n < 10 || s.p[0] != '0')
        return false;
    return s.p[1] == '0' ? s.n >= 11 && s.p[2] != '0' : s.n == 10;
}

// Sex, year, month (over 12 where it is not known), département, commune, order, key.
static bool is_social_security(struct str s)
{
    if (s.n != 13 && s.n != 15)
        return false;
    int month = (s.p[3] - '0') * 10 + (s.p[4] - '0');
    return memchr("123478", s.p[0], 6) && ((month >= 1 && month <= 12) || month >= 20) &&
           all_digits(str_slice(s.p, 6)) && all_digits(str_slice(s.p + 7, s.n - 7));
}

// Any whole groups of it, one after the other: a house number may stand before.
static bool is_personal_number(const struct number *d)
{
    for (size_t from = 0; from < d->groups; from++)
        for (size_t to = from + 1; to <= d->groups; to++) {
            struct str s = str_slice(d->digits + d->starts[from], d->starts[to] - d->starts[from]);
            if (s.n > NUMBER_DIGITS)
                break;
            if (is_telephone(s, d->plus && from == 0) || is_social_security(s))
                return true;
        }
    return false;
}

static bool in_number(struct str s, size_t at)
{
    return is_digit(s.p[at]) ||
           ((s.p[at] == 'a' || s.p[at] == 'b') && at > 0 && s.p[at - 1] == '2');
}

// How long the gap at `at` is; 0 when no digit follows it soon enough.
static size_t gap(struct str s, size_t at)
{
    size_t n = 0;
    while (at + n < s.n && n < GAP_BYTES && memchr(" .-/()_,:", s.p[at + n], 9))
        n++;
    return at + n < s.n && is_digit(s.p[at + n]) ? n : 0;
}

// Reads the number that begins at the digit s.p[at]; returns where it ends.
static size_t read_number(struct str s, size_t at, struct number *d)
{
    d->plus = at > 0 && s.p[at - 1] == '+';
    d->n = d->groups = 0;
    size_t skip;
    do {
        d->starts[d->groups++] = d->n;
        while (at < s.n && in_number(s, at))
            d->digits[d->n++] = s.p[at++];
        skip = gap(s, at);
        at += skip;
    } while (skip);
    d->starts[d->groups] = d->n;
    return at;
}

static bool is_personal(struct str s)
{
    struct number d;
    if (str_find_char(s, '@') >= 0)
        return true;
    for (size_t at = 0; at < s.n;) {
        if (!is_digit(s.p[at])) {
            at++;
            continue;
        }
        at = read_number(s, at, &d);
        if (is_personal_number(&d))
            return true;
    }
    return false;
}

struct str query_log_text(struct arena *a, struct str query)
{
    struct str s = fold(a, query);
    if (!s.n || is_personal(s))
        return STR_NONE;
    return str_trim(str_cut_utf8(s, QUERY_LOG_TEXT_BYTES));
}
