// See text.h. One pass over the bytes cleans; NFC is computed only for texts that hold a character
// which may not be in it already (combining marks, compatibility forms), through utf8proc.
#include "base/text.h"

#include "base/buf.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <utf8proc.h>

enum { MOST_INDENT = 16, TAB_WIDTH = 4, TEMPLATE_BYTES = 64 };

uint32_t text_cp1252(uint32_t code)
{
    static const uint16_t table[32] = {
        0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};
    return code >= 0x80 && code < 0xA0 ? table[code - 0x80] : 0;
}

static bool is_space(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000;
}

static bool is_line_end(uint32_t c)
{
    return (c >= '\n' && c <= '\r') || c == 0x2028 || c == 0x2029;
}

bool text_invisible(uint32_t c)
{
    if (c < 0xA0)
        return (c < 0x20 && !is_space(c)) || c >= 0x7F;
    return c == 0xAD || c == 0x061C || c == 0x180E || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
           (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

// Whether a code point alone may make a text differ from its NFC. Wider than the truth: these
// ranges are those of Latin, punctuation, symbols and emoji without a single character for which
// NFC_Quick_Check is No or Maybe (Unicode 15, DerivedNormalizationProps).
static bool may_change_in_nfc(uint32_t c)
{
    if (c < 0x0300 || (c >= 0x2010 && c <= 0x20CF))
        return false;
    return !((c >= 0x2100 && c <= 0x2125) || (c >= 0x212C && c <= 0x2328) ||
             (c >= 0x232B && c <= 0x2ADB) || c == 0xFFFD || (c >= 0x1F000 && c <= 0x1FAFF));
}

// The text being written, and what is owed before its next visible character.
struct cleaner {
    struct buf out;
    size_t limit;
    bool block;      // several lines
    size_t lines;    // line ends owed
    size_t spaces;   // white space owed, in columns
    bool uncomposed; // a character that may change in NFC was written
    bool suspect;    // a character with which mojibake begins was read
    struct text_counts counts;
};

// False when the limit is reached.
static bool put(struct cleaner *c, const char *bytes, size_t n)
{
    size_t lines = c->lines < 2 ? c->lines : 2;
    size_t spaces = lines ? c->spaces : c->spaces > 0;
    if (c->out.n == 0)
        lines = spaces = 0;
    if (spaces > MOST_INDENT)
        spaces = MOST_INDENT;
    if (lines + spaces + n > c->limit - c->out.n)
        return false;
    while (lines-- > 0)
        buf_addc(&c->out, '\n');
    while (spaces-- > 0)
        buf_addc(&c->out, ' ');
    buf_add(&c->out, str_slice(bytes, n));
    c->lines = c->spaces = 0;
    return true;
}

static void put_space(struct cleaner *c, uint32_t code)
{
    if (c->block && is_line_end(code)) {
        c->lines++;
        c->spaces = 0;
    } else {
        c->spaces += code == '\t' ? TAB_WIDTH : 1;
    }
}

// Length of a template that was never filled ("{{default.description}}") at the start of s; 0 for
// none.
static size_t template_length(struct str s)
{
    if (s.n < 5 || s.p[1] != '{')
        return 0;
    for (size_t i = 2; i + 1 < s.n && i < TEMPLATE_BYTES; i++) {
        char c = s.p[i];
        if (c == '}')
            return i > 2 && s.p[i + 1] == '}' ? i + 2 : 0;
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '.' || c == '_' || c == '-' || c == ' '))
            return 0;
    }
    return 0;
}

// One character outside of ASCII, at s.p[at]; *taken is its length. False when the limit is
// reached.
static bool put_wide(struct cleaner *c, struct str s, size_t at, size_t *taken)
{
    uint32_t code = 0;
    *taken = utf8_decode(s, at, &code);
    if (*taken == 0) {
        *taken = utf8_ill_formed(s, at);
        c->counts.replaced++;
        return put(c, "\xEF\xBF\xBD", 3);
    }
    if (is_space(code)) {
        put_space(c, code);
        return true;
    }
    if (text_invisible(code)) {
        c->counts.controls++;
        char bytes[4];
        uint32_t meant = text_cp1252(code);
        return meant == 0 || put(c, bytes, utf8_encode(meant, bytes));
    }
    c->uncomposed = c->uncomposed || may_change_in_nfc(code);
    c->suspect = c->suspect || code == 0xC2 || code == 0xC3 || code == 0xE2 || code == 0xFFFD;
    return put(c, s.p + at, *taken);
}

static bool is_plain(char b)
{
    return b > ' ' && b < 0x7F && b != '{';
}

// Whether a letter of U+00C0 to U+00FF is at p, before end.
static bool is_latin(const char *p, const char *end)
{
    return p + 1 < end && p[0] == '\xC3' && ((unsigned char)p[1] & 0xC0) == 0x80;
}

// Length of the longest beginning of `s` that needs nothing done: printable ASCII, the accented letters
// of U+00C0 to U+00FF, single spaces between them. Most of a French text is such runs.
static size_t plain_length(struct cleaner *c, struct str s)
{
    const char *p = s.p, *end = s.p + s.n;
    while (p < end) {
        if (is_plain(*p)) {
            p++;
        } else if (is_latin(p, end)) {
            c->suspect = c->suspect || p[1] == '\x82' || p[1] == '\x83' || p[1] == '\xA2';
            p += 2;
        } else if (*p == ' ' && p > s.p && p + 1 < end &&
                   (is_plain(p[1]) || is_latin(p + 1, end))) {
            p++;
        } else {
            break;
        }
    }
    return (size_t)(p - s.p);
}

// Cleans as much of s as fits; returns how many bytes of it were read.
static size_t clean_pass(struct cleaner *c, struct str s)
{
    size_t at = 0;
    while (at < s.n) {
        struct str rest = str_slice(s.p + at, s.n - at);
        unsigned char b = (unsigned char)s.p[at];
        size_t taken = plain_length(c, rest);
        if (taken > 0) {
            if (put(c, rest.p, taken)) {
                at += taken;
                continue;
            }
            struct str run = str_cut_utf8(str_slice(rest.p, taken), c->limit - c->out.n);
            while (run.n > 0 && !put(c, run.p, run.n)) // what fits of it
                run = str_cut_utf8(run, run.n - 1);
            return at + run.n;
        }
        taken = 1;
        if (b & 0x80) {
            if (!put_wide(c, s, at, &taken))
                return at;
        } else if (b == '{') {
            size_t length = template_length(rest);
            if (length > 0)
                taken = length;
            else if (!put(c, "{", 1))
                return at;
        } else if (is_space(b)) {
            if (b == '\r' && at + 1 < s.n && s.p[at + 1] == '\n')
                taken = 2;
            put_space(c, b);
        } else {
            c->counts.controls++;
        }
        at += taken;
    }
    return at;
}

// NFC of the valid UTF-8 that `out` holds, in its place.
static void compose(struct buf *out)
{
    const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)out->p;
    utf8proc_ssize_t length = (utf8proc_ssize_t)out->n, written = -1;
    utf8proc_ssize_t n = utf8proc_decompose(bytes, length, NULL, 0, options);
    if (n <= 0)
        return;
    // It is encoded again in the same memory, with a NUL behind: room for one more.
    utf8proc_int32_t *codes = xmalloc(((size_t)n + 1) * sizeof *codes);
    if (utf8proc_decompose(bytes, length, codes, n, options) == n)
        written = utf8proc_reencode(codes, n, options);
    if (written > 0) {
        buf_clear(out);
        buf_add(out, str_slice((const char *)codes, (size_t)written));
    }
    free(codes);
}

static struct str clean(struct arena *a, struct str s, size_t max_bytes, bool block,
                        struct text_counts *counts)
{
    // NFC makes a text at most 8/3 shorter (Greek with three marks): 4 times the cap is enough of
    // it.
    struct cleaner c = {.limit = max_bytes < SIZE_MAX / 8 ? max_bytes * 4 + 64 : SIZE_MAX / 2,
                        .block = block};
    buf_reserve(&c.out, s.n < c.limit ? s.n + 1 : c.limit);
    size_t read = clean_pass(&c, s);
    if (c.uncomposed)
        compose(&c.out);
    struct str text = buf_str(&c.out);
    bool cut = text.n > max_bytes || read < s.n;
    if (cut)
        text = str_trim(str_cut_utf8(text, max_bytes));
    if (counts) {
        counts->cut += cut;
        counts->controls += c.counts.controls;
        counts->replaced += c.counts.replaced;
        counts->mojibake += c.suspect && text_mojibake(str_slice(s.p, read));
    }
    struct str result = text.n ? arena_str(a, text) : STR_NONE;
    buf_free(&c.out);
    return result;
}

struct str text_clean(struct arena *a, struct str s, size_t max_bytes, struct text_counts *counts)
{
    return clean(a, s, max_bytes, false, counts);
}

struct str text_clean_block(struct arena *a, struct str s, size_t max_bytes,
                            struct text_counts *counts)
{
    return clean(a, s, max_bytes, true, counts);
}

struct str text_code(struct arena *a, struct str s, size_t max_bytes)
{
    struct str code = text_clean(a, s, max_bytes, NULL);
    char *lower = code.n ? arena_z(a, code) : NULL;
    for (size_t i = 0; i < code.n; i++)
        if (lower[i] >= 'A' && lower[i] <= 'Z')
            lower[i] = (char)(lower[i] | 0x20);
    return str_slice(lower, code.n);
}

// What follows an Â, Ã or â of mojibake is the CP1252 or Latin-1 reading of a byte 0x80 to 0xBF.
static bool is_continuation_read_wrong(uint32_t code)
{
    if (code >= 0x80 && code < 0xC0)
        return true;
    for (uint32_t b = 0x80; b < 0xA0; b++)
        if (code == text_cp1252(b))
            return code != 0;
    return false;
}

bool text_mojibake(struct str s)
{
    uint32_t code, next;
    for (size_t at = 0; at < s.n;) {
        const char *found = memchr(s.p + at, 0xC3, s.n - at);
        if (!found)
            break;
        at = (size_t)(found - s.p);
        size_t n = utf8_decode(s, at, &code);
        at += n ? n : 1;
        if (n == 0 || at >= s.n || utf8_decode(s, at, &next) == 0)
            continue;
        bool shouted = at > n && s.p[at - n - 1] >= 'A' && s.p[at - n - 1] <= 'Z';
        // "Ã©"; "à" ends with the byte of NBSP, which may be a space by now
        if (code == 0xC3 && (is_continuation_read_wrong(next) || (next == ' ' && !shouted)))
            return true;
        if (code == 0xC2 && next >= 0xA0 && next < 0xC0) // "Â°"
            return true;
        if (code == 0xE2 && (next == 0x20AC || next == 0x80)) // "â€™"
            return true;
    }
    return str_find(s, STR("\xEF\xBF\xBD")) >= 0;
}
