// See chunk.h. The rules are those of the table in text.h. Each byte is looked at a bounded number of times:
// what lies ahead is read once before it is its turn, at most.
#include "indexer/text/chunk.h"

// Snowball's list of French elisions, and those that udata and usage add.
static const char elisions[][8] = {"l",      "d",      "j",      "m",     "t",      "s",
                                   "n",      "c",      "qu",     "jusqu", "lorsqu", "puisqu",
                                   "quoiqu", "presqu", "quelqu", "entr"};

static bool is_digit(struct str text, size_t at)
{
    return at < text.n && text.p[at] >= '0' && text.p[at] <= '9';
}

static bool is_point(struct str text, size_t at)
{
    return at < text.n && (text.p[at] == '.' || text.p[at] == ',');
}

// The character at `at`, which is inside the text. Returns its bytes.
static size_t class_at(struct str text, size_t at, enum char_class *class)
{
    unsigned char byte = (unsigned char)text.p[at];
    if (byte < 0x80) {
        *class = fold_class[byte];
        return 1;
    }
    struct folded_char c;
    size_t size = fold_next(text.p + at, text.n - at, &c);
    *class = c.class;
    return size;
}

static bool word_starts(struct str text, size_t at)
{
    enum char_class class = CHAR_SEPARATOR;
    if (at < text.n)
        class_at(text, at, &class);
    return class == CHAR_WORD;
}

static bool skip_to_word(struct str text, size_t *at)
{
    while (*at < text.n) {
        enum char_class class;
        size_t size = class_at(text, *at, &class);
        if (class == CHAR_WORD)
            return true;
        *at += size;
    }
    return false;
}

// Reads letters and digits of ASCII into the part, while it has room; all but a few words of French are
// read here. Folded letters have the bit 0x40, digits do not.
static size_t read_ascii(struct str text, size_t at, struct part *p, size_t *n)
{
    if (*n >= TEXT_TERM_BYTES)
        return at;
    size_t end = at + (TEXT_TERM_BYTES - *n);
    if (end > text.n)
        end = text.n;
    char *out = p->bytes + *n;
    unsigned some = 0, all = 0x40;
    size_t start = at;
    for (; at < end; at++) {
        char folded = fold_ascii[(unsigned char)text.p[at]];
        if (!folded)
            break;
        *out++ = folded;
        some |= (unsigned char)folded;
        all &= (unsigned char)folded;
    }
    *n += at - start;
    p->kinds |= (uint8_t)((some & 0x40 ? PART_LETTERS : 0) | (all ? 0 : PART_DIGITS));
    return at;
}

// Reads the word that starts at `at`; returns where it ends, ignored characters included.
static size_t read_word(struct str text, size_t at, struct part *p)
{
    size_t n = 0;
    p->start = at;
    p->kinds = 0;
    p->after = CHAR_SEPARATOR;
    at = p->end = read_ascii(text, at, p, &n);
    while (at < text.n && fold_class[(unsigned char)text.p[at]] == CHAR_WORD) {
        struct folded_char c;
        size_t size = fold_next(text.p + at, text.n - at, &c);
        if (c.class != CHAR_WORD && c.class != CHAR_MARK && c.class != CHAR_IGNORED)
            break;
        n = fold_add(p->bytes, n, sizeof p->bytes, &c);
        for (size_t i = 0; i < c.n; i++)
            p->kinds |= c.bytes[i] >= '0' && c.bytes[i] <= '9' ? PART_DIGITS : PART_LETTERS;
        at += size;
        if (c.class != CHAR_IGNORED)
            p->end = at;
        size_t ascii = read_ascii(text, at, p, &n);
        if (ascii > at)
            at = p->end = ascii;
    }
    p->n = n <= TEXT_TERM_BYTES ? (uint8_t)n : 0;
    return at;
}

// "1,5" and "1.5", but not the lists "1,2,3" and "35238,35001", nor versions, nor dates.
static size_t read_fraction(struct str text, size_t at, struct part *p)
{
    if (!is_point(text, at) || !is_digit(text, at + 1))
        return at;
    if (p->start >= 2 && is_point(text, p->start - 1) && is_digit(text, p->start - 2))
        return at;
    size_t end = at + 1;
    while (is_digit(text, end))
        end++;
    size_t whole = p->n, fraction = end - at - 1;
    if (word_starts(text, end) || (is_point(text, end) && is_digit(text, end + 1)) ||
        (whole > 3 && fraction > 2))
        return at;
    if (whole + 1 + fraction > TEXT_TERM_BYTES) {
        p->n = 0;
    } else {
        p->bytes[whole] = '.';
        memcpy(p->bytes + whole + 1, text.p + at + 1, fraction);
        p->n = (uint8_t)(whole + 1 + fraction);
    }
    p->kinds |= PART_DECIMAL;
    p->end = end;
    return end;
}

// The number of digits of the group that starts at `at`, up to 6; 0 when it goes on in another way.
static size_t digit_group(struct str text, size_t at)
{
    size_t n = 0;
    while (n < 6 && is_digit(text, at + n))
        n++;
    bool goes_on =
        word_starts(text, at + n) || (is_point(text, at + n) && is_digit(text, at + n + 1));
    return goes_on ? 0 : n;
}

// Whether a space stands inside one number: thousands, SIREN ("130 025 265"), SIRET (and its last five).
static bool joins_digits(const struct chunk *c, size_t next_n)
{
    const struct part *p = &c->parts[c->n - 1];
    if (p->kinds != PART_DIGITS ||
        (c->n > 1 && (p[-1].after == CHAR_DOT || p[-1].after == CHAR_COMMA)))
        return false;
    if (next_n == 3)
        return p->n >= 1 && p->n <= 3;
    bool siren = c->n >= 3 && p->n == 3 && p[-1].n == 3 && p[-1].after == CHAR_SPACE &&
                 p[-2].n == 3 && p[-2].after == CHAR_SPACE &&
                 (c->n == 3 || p[-3].after != CHAR_SPACE);
    return next_n == 5 && (siren || p->n == 9);
}

static bool is_lone_letter(struct str text, size_t at)
{
    return at < text.n && fold_ascii[(unsigned char)text.p[at]] && !is_digit(text, at) &&
           !word_starts(text, at + 1);
}

// What joins the last part, which was read up to *at, to the next word; *at moves to that word.
// CHAR_SEPARATOR when nothing does.
static enum char_class read_joint(struct str text, size_t *at, const struct chunk *c)
{
    const struct part *p = &c->parts[c->n - 1];
    if (*at >= text.n || (text.p[*at] == ' ' && p->kinds != PART_DIGITS))
        return CHAR_SEPARATOR;
    enum char_class class;
    size_t next = *at + class_at(text, *at, &class);
    bool joins = false;
    switch (class) {
    case CHAR_APOSTROPHE:
    case CHAR_HYPHEN:
    case CHAR_DOT:
    case CHAR_UNDERSCORE:
        joins = word_starts(text, next);
        break;
    case CHAR_SLASH:
        joins = word_starts(text, next) && (is_digit(text, *at - 1) || is_digit(text, next));
        break;
    case CHAR_COMMA: // PM2,5
        joins = p->kinds == (PART_LETTERS | PART_DIGITS) && is_digit(text, *at - 1) &&
                is_digit(text, next);
        break;
    case CHAR_AMPERSAND: // R&D
        joins = p->n == 1 && p->kinds == PART_LETTERS && is_lone_letter(text, next);
        break;
    case CHAR_SPACE:
        joins = joins_digits(c, digit_group(text, next));
        break;
    default:
        break;
    }
    if (!joins)
        return CHAR_SEPARATOR;
    *at = next;
    return class;
}

static bool part_is(const struct part *p, const char *word)
{
    return str_eq(part_str(p), str_of(word));
}

bool part_is_elision(const struct part *p)
{
    for (size_t i = 0; i < sizeof elisions / sizeof *elisions; i++)
        if (part_is(p, elisions[i]))
            return true;
    return false;
}

void chunk_add_elisions(struct buf *words)
{
    for (size_t i = 0; i < sizeof elisions / sizeof *elisions; i++)
        buf_addf(words, "\n%s", elisions[i]);
}

// The last part is "15T10" behind "2024-01-": its date ends before the T, and the chunk with it.
static bool cut_time(struct chunk *c, size_t *at)
{
    struct part *p = &c->parts[c->n - 1];
    if (c->n != 3 || p->n < 4 || p->bytes[2] != 't' || !is_digit(part_str(p), 0) ||
        !is_digit(part_str(p), 1) || !is_digit(part_str(p), 3) || p[-1].kinds != PART_DIGITS ||
        p[-1].n != 2 || p[-1].after != CHAR_HYPHEN || p[-2].kinds != PART_DIGITS || p[-2].n != 4 ||
        p[-2].after != CHAR_HYPHEN || p->end - p->start != p->n)
        return false;
    p->n = 2;
    p->kinds = PART_DIGITS;
    p->end = p->start + 2;
    *at = p->end + 1;
    return true;
}

bool chunk_next(struct str text, size_t *at, struct chunk *c)
{
    if (!skip_to_word(text, at))
        return false;
    for (c->n = 1;; c->n++) {
        struct part *p = &c->parts[c->n - 1];
        *at = read_word(text, *at, p);
        if (p->kinds == PART_DIGITS && *at - p->start == p->n)
            *at = read_fraction(text, *at, p);
        if (cut_time(c, at))
            return true;
        if (c->n > 1 && p[-1].after == CHAR_APOSTROPHE && part_is(p, "hui") &&
            part_is(p - 1, "aujourd")) {
            memcpy(p[-1].bytes + p[-1].n, "hui", 3);
            p[-1].n += 3;
            p[-1].end = p->end;
            p[-1].after = CHAR_SEPARATOR;
            c->n--;
            p--;
        }
        enum char_class joint = read_joint(text, at, c);
        if (joint == CHAR_SEPARATOR || c->n == CHUNK_PARTS ||
            (joint == CHAR_APOSTROPHE && c->n == 1 && part_is_elision(p)))
            return true;
        p->after = joint;
    }
}
