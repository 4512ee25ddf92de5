// See utf8.h.
#include "base/utf8.h"

// Length of the sequence that a lead byte opens, 0 when it opens none, and the bounds of the second
// byte: they exclude overlongs, surrogates and values over U+10FFFF (Unicode 15, table 3-7).
static unsigned lead(unsigned char b, unsigned char *low, unsigned char *high)
{
    *low = 0x80;
    *high = 0xBF;
    if (b < 0x80)
        return 1;
    if (b < 0xC2 || b > 0xF4)
        return 0;
    if (b < 0xE0)
        return 2;
    if (b < 0xF0) {
        if (b == 0xE0)
            *low = 0xA0;
        else if (b == 0xED)
            *high = 0x9F;
        return 3;
    }
    if (b == 0xF0)
        *low = 0x90;
    else if (b == 0xF4)
        *high = 0x8F;
    return 4;
}

// Bytes at s.p[at] that begin a well-formed sequence; *whole tells whether they are one.
static unsigned sequence(struct str s, size_t at, bool *whole)
{
    unsigned char low, high;
    unsigned n = lead((unsigned char)s.p[at], &low, &high), i = 1;
    for (; i < n && at + i < s.n; i++) {
        unsigned char b = (unsigned char)s.p[at + i];
        if (b < low || b > high)
            break;
        low = 0x80;
        high = 0xBF;
    }
    *whole = n > 0 && i == n;
    return i;
}

// Position of the first byte over 0x7F at or after `at`, 8 bytes at a time.
static size_t skip_ascii(struct str s, size_t at)
{
    for (uint64_t word; at + sizeof word <= s.n; at += sizeof word) {
        memcpy(&word, s.p + at, sizeof word);
        if (word & 0x8080808080808080u)
            break;
    }
    while (at < s.n && !((unsigned char)s.p[at] & 0x80))
        at++;
    return at;
}

bool utf8_valid(struct str s)
{
    for (size_t at = skip_ascii(s, 0); at < s.n; at = skip_ascii(s, at)) {
        bool whole;
        at += sequence(s, at, &whole);
        if (!whole)
            return false;
    }
    return true;
}

struct str utf8_repair(struct arena *a, struct str s, size_t *replaced)
{
    size_t wrong = 0, room = s.n;
    bool whole;
    for (size_t at = skip_ascii(s, 0); at < s.n; at = skip_ascii(s, at)) {
        unsigned n = sequence(s, at, &whole);
        if (!whole) {
            wrong++;
            room = room - n + 3;
        }
        at += n;
    }
    if (replaced)
        *replaced += wrong;
    if (!wrong)
        return arena_str(a, s);
    char *out = arena_bytes(a, room + 1);
    size_t length = 0;
    for (size_t at = 0; at < s.n;) {
        unsigned n = sequence(s, at, &whole);
        memcpy(out + length, whole ? s.p + at : "\xEF\xBF\xBD", whole ? n : 3);
        length += whole ? n : 3;
        at += n;
    }
    out[length] = '\0';
    return str_slice(out, length);
}

size_t utf8_decode(struct str s, size_t at, uint32_t *code)
{
    bool whole;
    unsigned n = sequence(s, at, &whole);
    if (!whole)
        return 0;
    unsigned char first = (unsigned char)s.p[at];
    uint32_t c = n == 1 ? first : first & (0xFFu >> (n + 1));
    for (unsigned i = 1; i < n; i++)
        c = c << 6 | ((unsigned char)s.p[at + i] & 0x3F);
    *code = c;
    return n;
}

size_t utf8_ill_formed(struct str s, size_t at)
{
    bool whole;
    return sequence(s, at, &whole);
}

size_t utf8_encode(uint32_t code, char out[4])
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        if (code >= 0xD800 && code < 0xE000)
            return 0;
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    if (code > 0x10FFFF)
        return 0;
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

size_t utf8_count(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return n;
}
