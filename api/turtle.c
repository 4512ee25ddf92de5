// See turtle.h.
#include "api/turtle.h"

static bool is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool turtle_is_iri(struct str s)
{
    size_t n = 0;
    while (n < s.n && (is_letter(s.p[n]) || (n && (is_digit(s.p[n]) || strchr("+-.", s.p[n])))))
        n++;
    return n > 0 && n + 1 < s.n && s.p[n] == ':';
}

void turtle_iri(struct buf *b, struct str s)
{
    buf_addc(b, '<');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c <= ' ' || c == 0x7F || strchr("<>\"{}|^`\\", c))
            buf_addf(b, "%%%02X", c);
        else
            buf_addc(b, (char)c);
    }
    buf_addc(b, '>');
}

// "fr", "pt-BR"
static bool is_tag(struct str s)
{
    size_t n = 0, part = 0;
    for (; n < s.n && (is_letter(s.p[n]) || is_digit(s.p[n]) || s.p[n] == '-'); n++) {
        if (s.p[n] == '-' ? !part : is_digit(s.p[n]) && n == part)
            return false; // an empty part, or a digit in the first
        part = s.p[n] == '-' ? 0 : part + 1;
    }
    return n == s.n && part;
}

void turtle_literal(struct buf *b, struct str s, struct str language)
{
    buf_addc(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        switch (c) {
        case '"':
        case '\\':
            buf_addc(b, '\\');
            buf_addc(b, (char)c);
            break;
        case '\n':
            buf_addz(b, "\\n");
            break;
        case '\r':
            buf_addz(b, "\\r");
            break;
        case '\t':
            buf_addz(b, "\\t");
            break;
        default:
            if (c < ' ' || c == 0x7F)
                buf_addf(b, "\\u%04X", c);
            else
                buf_addc(b, (char)c);
        }
    }
    buf_addc(b, '"');
    if (is_tag(language)) {
        buf_addc(b, '@');
        buf_add(b, language);
    }
}

void turtle_date(struct buf *b, struct date d)
{
    static const char *const types[] = {
        [DATE_YEAR] = "gYear",
        [DATE_MONTH] = "gYearMonth",
        [DATE_DAY] = "date",
        [DATE_SECOND] = "dateTime",
    };
    char text[DATE_TEXT_BYTES];
    date_format(d, text);
    buf_addf(b, "\"%s\"^^xsd:%s", text, types[d.precision]);
}
