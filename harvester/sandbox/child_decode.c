// See child_decode.h.
#include "harvester/sandbox/child_decode.h"

#include "base/utf8.h"

enum encoding { UTF8, UTF16LE, UTF16BE, WINDOWS_1252, ISO_8859_15 };
enum { HEAD = 1024, REFERENCE_MAX = 14 };

// 0x80 to 0x9F of Windows-1252; 0 where it has none.
static const uint16_t windows_1252[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

static const struct {
    const char *name;
    enum encoding encoding;
} names[] = {
    {"utf-8", UTF8},
    {"utf8", UTF8},
    {"us-ascii", UTF8},
    {"ascii", UTF8},
    // Declared in the document's own 8-bit bytes, so wrongly: writers that made a string first do it.
    {"utf-16", UTF8},
    {"utf-16le", UTF8},
    {"utf-16be", UTF8},
    {"iso-8859-1", WINDOWS_1252}, // its controls, 0x80 to 0x9F, are never meant
    {"iso8859-1", WINDOWS_1252},
    {"iso_8859-1", WINDOWS_1252},
    {"latin1", WINDOWS_1252},
    {"latin-1", WINDOWS_1252},
    {"windows-1252", WINDOWS_1252},
    {"cp1252", WINDOWS_1252},
    {"iso-8859-15", ISO_8859_15},
    {"iso8859-15", ISO_8859_15},
    {"iso_8859-15", ISO_8859_15},
    {"latin9", ISO_8859_15},
    {"latin-9", ISO_8859_15},
};

static void mended(struct decode *d)
{
    if (!d->mended++)
        d->mended_line = d->line;
}

static bool is_character(uint32_t code) // XML 1.0, production 2
{
    return (code >= 0x20 && code != 0xFFFE && code != 0xFFFF) || code == '\t' || code == '\n' ||
           code == '\r';
}

static void add_code(struct decode *d, uint32_t code, struct buf *out)
{
    char bytes[4];
    if (!is_character(code)) {
        mended(d);
        code = code < 0x20 ? ' ' : 0xFFFD;
    }
    if (code == '\n')
        d->line++;
    size_t n = utf8_encode(code, bytes);
    if (!n) {
        mended(d);
        n = utf8_encode(0xFFFD, bytes);
    }
    buf_add(out, str_slice(bytes, n));
}

static uint32_t of_windows_1252(unsigned char b)
{
    if (b < 0x80 || b > 0x9F)
        return b;
    return windows_1252[b - 0x80] ? windows_1252[b - 0x80] : 0xFFFD;
}

static uint32_t of_iso_8859_15(unsigned char b)
{
    switch (b) {
    case 0xA4:
        return 0x20AC;
    case 0xA6:
        return 0x0160;
    case 0xA8:
        return 0x0161;
    case 0xB4:
        return 0x017D;
    case 0xB8:
        return 0x017E;
    case 0xBC:
        return 0x0152;
    case 0xBD:
        return 0x0153;
    case 0xBE:
        return 0x0178;
    default:
        return b;
    }
}

// A run of ASCII that needs nothing, from `at` on.
static size_t plain(struct str s, size_t at)
{
    size_t to = at;
    while (to < s.n && (unsigned char)s.p[to] >= 0x20 && (unsigned char)s.p[to] < 0x80)
        to++;
    return to;
}

// Bytes that are no UTF-8. A sequence that begins well was cut; so was a lone C2 or C3, by which most of what is cut in French ends.
// Any other byte is of Windows-1252.
static size_t add_ill_formed(struct decode *d, struct str s, size_t at, struct buf *out)
{
    unsigned char b = (unsigned char)s.p[at];
    size_t n = utf8_ill_formed(s, at);
    mended(d);
    bool cut = n > 1 || b == 0xC2 || b == 0xC3;
    add_code(d, cut ? 0xFFFD : of_windows_1252(b), out);
    return n;
}

// Decodes what of `s` is whole; returns how much that is.
static size_t decode_bytes(struct decode *d, struct str s, bool last, struct buf *out)
{
    size_t at = 0;
    if (d->encoding == UTF16LE || d->encoding == UTF16BE) {
        unsigned low = d->encoding == UTF16BE, high = !low;
        while (at + 2 <= s.n) {
            const unsigned char *p = (const unsigned char *)s.p + at;
            uint32_t code = (uint32_t)(p[high] << 8 | p[low]);
            if (code >= 0xD800 && code < 0xDC00) {
                if (at + 4 > s.n && !last)
                    break;
                uint32_t next = at + 4 <= s.n ? (uint32_t)(p[2 + high] << 8 | p[2 + low]) : 0;
                if (next >= 0xDC00 && next < 0xE000) {
                    code = 0x10000 + ((code - 0xD800) << 10) + (next - 0xDC00);
                    at += 2;
                }
            }
            at += 2;
            add_code(d, code, out);
        }
        if (last && at < s.n) {
            add_code(d, 0xFFFF, out); // half a character
            at = s.n;
        }
        return at;
    }
    while (at < s.n) {
        size_t to = plain(s, at);
        buf_add(out, str_slice(s.p + at, to - at));
        at = to;
        if (at == s.n)
            break;
        unsigned char b = (unsigned char)s.p[at];
        uint32_t code = b;
        size_t n = 1;
        if (d->encoding == UTF8) {
            n = utf8_decode(s, at, &code);
            if (!n && !last && s.n - at < 4 && at + utf8_ill_formed(s, at) == s.n)
                break;
            if (!n) {
                at += add_ill_formed(d, s, at, out);
                continue;
            }
        } else {
            code = d->encoding == WINDOWS_1252 ? of_windows_1252(b) : of_iso_8859_15(b);
        }
        at += n;
        add_code(d, code, out);
    }
    return at;
}

// The declaration at the start, blanks before it included: {NULL, 0} when there is none.
static struct str declaration(struct str s)
{
    size_t at = 0;
    while (at < s.n && strchr(" \t\r\n", s.p[at]) && s.p[at])
        at++;
    if (at == s.n)
        return STR_NONE;
    struct str rest = str_slice(s.p + at, s.n - at);
    if (!str_starts(rest, STR("<?xml")) || rest.n < 6 || !strchr(" \t\r\n", rest.p[5]))
        return STR_NONE;
    ptrdiff_t end = str_find(rest, STR("?>"));
    return end < 0 ? STR_NONE : str_slice(s.p, at + (size_t)end + 2);
}

static struct str declared_encoding(struct str s)
{
    ptrdiff_t at = str_find(s, STR("encoding"));
    if (at < 0)
        return STR_NONE;
    s = str_slice(s.p + at + 8, s.n - (size_t)at - 8);
    while (s.n && strchr(" \t\r\n=", s.p[0]))
        s = str_slice(s.p + 1, s.n - 1);
    if (!s.n || (s.p[0] != '"' && s.p[0] != '\''))
        return STR_NONE;
    ptrdiff_t end = str_find_char(str_slice(s.p + 1, s.n - 1), s.p[0]);
    return end < 0 ? STR_NONE : str_slice(s.p + 1, (size_t)end);
}

// Finds the encoding by the first bytes; *skip: those of a byte order mark.
static bool start(struct decode *d, struct str s, size_t *skip, struct err *e)
{
    *skip = 0;
    if (str_starts(s, STR("\xEF\xBB\xBF")))
        *skip = 3;
    else if (str_starts(s, STR("\xFF\xFE")) || str_starts(s, str_slice("<\0", 2)))
        d->encoding = UTF16LE, *skip = s.p[0] == '<' ? 0 : 2;
    else if (str_starts(s, STR("\xFE\xFF")) || str_starts(s, str_slice("\0<", 2)))
        d->encoding = UTF16BE, *skip = s.p[0] ? 2 : 0;
    if (!d->xml || d->encoding != UTF8 || *skip)
        return true;
    struct str name = declared_encoding(declaration(s));
    if (!name.n)
        return true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq_nocase(name, str_of(names[i].name))) {
            d->encoding = names[i].encoding;
            return true;
        }
    return err_set(e, ERR_PARSE, "The encoding \"%.*s\" is not known.",
                   (int)(name.n < 40 ? name.n : 40), name.p);
}

// The number of the reference "&#11;" at the start of s, its length in *n; *n is 0 when it is none, or not whole.
static uint32_t reference(struct str s, size_t *n)
{
    *n = 0;
    uint32_t code = 0;
    size_t at = 2;
    bool hex = s.n > 2 && s.p[2] == 'x';
    if (s.n < 4 || s.p[0] != '&' || s.p[1] != '#')
        return 0;
    for (at += hex; at < s.n && at < REFERENCE_MAX; at++) {
        char c = s.p[at];
        if (c == ';') {
            *n = at + 1;
            return code;
        }
        int digit = c >= '0' && c <= '9'          ? c - '0'
                    : hex && c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : hex && c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                  : -1;
        if (digit < 0)
            return 0;
        code = code > 0x110000 ? code : code * (hex ? 16 : 10) + (uint32_t)digit;
    }
    return 0;
}

// Adds decoded text, with references to characters that XML does not have as spaces. What may be half a reference is held.
static void add_references(struct decode *d, bool last, struct buf *out)
{
    struct str s = buf_str(&d->decoded);
    size_t done = 0, kept = 0;
    while (done < s.n) {
        const char *p = memchr(s.p + done, '&', s.n - done);
        size_t at = p ? (size_t)(p - s.p) : s.n, n;
        buf_add(out, str_slice(s.p + done, at - done));
        done = at;
        if (!p)
            break;
        struct str rest = str_slice(p, s.n - at);
        if (!last && rest.n < REFERENCE_MAX && !memchr(rest.p, ';', rest.n)) {
            kept = rest.n;
            break;
        }
        uint32_t code = reference(rest, &n);
        char unused[4];
        bool good = !n || (is_character(code) && utf8_encode(code, unused));
        if (!good)
            mended(d);
        buf_add(out, good ? str_slice(p, n ? n : 1) : STR(" "));
        done += n ? n : 1;
    }
    if (kept)
        memmove(d->decoded.p, s.p + s.n - kept, kept);
    d->decoded.n = kept;
}

bool decode_add(struct decode *d, struct str bytes, bool last, struct buf *out, struct err *e)
{
    buf_add(&d->held, bytes);
    bool first = !d->started;
    if (first && d->held.n < HEAD && !last)
        return true;
    size_t skip = 0, before = d->decoded.n;
    if (first) {
        d->started = true;
        d->line = 1;
        if (!start(d, buf_str(&d->held), &skip, e))
            return false;
    }
    struct buf *to = d->xml ? &d->decoded : out;
    size_t used =
        skip +
        decode_bytes(d, str_slice(d->held.p ? d->held.p + skip : "", d->held.n - skip), last, to);
    if (used < d->held.n)
        memmove(d->held.p, d->held.p + used, d->held.n - used);
    d->held.n -= used;
    if (!d->xml)
        return true;
    if (first) {
        struct str written = declaration(
            str_slice(d->decoded.p ? d->decoded.p + before : "", d->decoded.n - before));
        for (size_t i = 0; i < written.n; i++)
            if (d->decoded.p[before + i] != '\n')
                d->decoded.p[before + i] = ' ';
    }
    add_references(d, last, out);
    return true;
}

void decode_free(struct decode *d)
{
    buf_free(&d->held);
    buf_free(&d->decoded);
}
