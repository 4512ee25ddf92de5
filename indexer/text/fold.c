// See fold.h. Folding is NFKC with case and marks taken off (Unicode Standard Annex 15, and section 5.18 of
// the standard for case), done by utf8proc one character at a time, and by tables that are filled from it
// for the characters of French text.
#include "indexer/text/fold.h"

#include "indexer/text/text.h"

#include <pthread.h>
#include <utf8proc.h>

// What two bytes of UTF-8 from C2 to C8 write (Latin), then general punctuation.
enum { LATIN_END = 0x240, PUNCTUATION = 0x2000, PUNCTUATION_END = 0x2070 };

struct short_char {
    uint8_t class;
    uint8_t n;
    char bytes[6];
};

char fold_ascii[256];
uint8_t fold_class[256];
static struct short_char latin[LATIN_END];
static struct short_char punctuation[PUNCTUATION_END - PUNCTUATION];

// Letters that have no decomposition in Unicode, and two whose decomposition holds a sign.
static const struct {
    uint16_t code;
    char to[3];
} plain_letters[] = {
    {0xe6, "ae"}, {0xf0, "d"},  {0xf8, "o"},   {0xfe, "th"}, {0x111, "d"},
    {0x127, "h"}, {0x131, "i"}, {0x13f, "l"},  {0x140, "l"}, {0x142, "l"},
    {0x149, "n"}, {0x14b, "n"}, {0x153, "oe"}, {0x167, "t"},
};

static const char *plain_letter(int32_t code)
{
    for (size_t i = 0; i < sizeof plain_letters / sizeof *plain_letters; i++)
        if (plain_letters[i].code == code)
            return plain_letters[i].to;
    return NULL;
}

static enum char_class class_of(int32_t code)
{
    switch (code) {
    case ' ':
    case 0xa0:   // no-break space
    case 0x2009: // thin space
    case 0x202f: // narrow no-break space
        return CHAR_SPACE;
    case '\'':
    case '`':
    case 0x92: // the right quote of Windows-1252, read as Latin-1
    case 0xb4: // acute accent
    case 0x2bc:
    case 0x2018:
    case 0x2019:
    case 0x2032: // prime
        return CHAR_APOSTROPHE;
    case '-':
    case 0x2010:
    case 0x2011:
        return CHAR_HYPHEN;
    case '.':
    case 0xb7: // middle dot: étudiant·e·s
    case 0x2027:
        return CHAR_DOT;
    case '&':
        return CHAR_AMPERSAND;
    case ',':
        return CHAR_COMMA;
    case '_':
        return CHAR_UNDERSCORE;
    case '/':
        return CHAR_SLASH;
    default:
        break;
    }
    switch (utf8proc_category(code)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return CHAR_WORD;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
        return CHAR_MARK;
    case UTF8PROC_CATEGORY_CF:
        return CHAR_IGNORED;
    default:
        return CHAR_SEPARATOR;
    }
}

static void add_code(struct folded_char *c, int32_t code)
{
    const char *plain = plain_letter(code);
    if (plain) {
        size_t n = strlen(plain);
        memcpy(c->bytes + c->n, plain, n);
        c->n = (uint8_t)(c->n + n);
    } else {
        c->n = (uint8_t)(c->n + utf8proc_encode_char(code, (uint8_t *)c->bytes + c->n));
    }
}

static void fold_code(int32_t code, struct folded_char *c)
{
    c->n = 0;
    c->class = class_of(code);
    if (c->class != CHAR_WORD)
        return;
    if (plain_letter(code) ||
        (code >= 0xac00 && code <= 0xd7a3)) { // Hangul syllables stay composed
        add_code(c, code);
        return;
    }
    int32_t codes[CHAR_BYTES / 4];
    int boundary = 0;
    utf8proc_ssize_t count = utf8proc_decompose_char(
        code, codes, CHAR_BYTES / 4,
        UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK, &boundary);
    for (utf8proc_ssize_t i = 0; i < count && i < CHAR_BYTES / 4; i++) {
        if (class_of(codes[i]) != CHAR_WORD) { // a fraction, an ornament: no part of a word
            c->n = 0;
            break;
        }
        add_code(c, codes[i]);
    }
    if (c->n == 0)
        c->class = CHAR_SEPARATOR;
}

static void fill(struct short_char *table, int32_t from, int32_t end)
{
    for (int32_t code = from; code < end; code++) {
        struct folded_char c;
        fold_code(code, &c);
        struct short_char *s = &table[code - from];
        s->class = (uint8_t)c.class;
        s->n = c.n;
        memcpy(s->bytes, c.bytes, c.n < sizeof s->bytes ? c.n : sizeof s->bytes);
    }
}

static void fill_tables(void)
{
    fill(latin, 0, LATIN_END);
    fill(punctuation, PUNCTUATION, PUNCTUATION_END);
    for (int i = 0; i < 0x80; i++) {
        fold_class[i] = latin[i].class;
        fold_ascii[i] = latin[i].class == CHAR_WORD ? latin[i].bytes[0] : '\0';
    }
    memset(fold_class + 0x80, CHAR_WORD, 0x80);
}

void fold_setup(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, fill_tables);
}

static size_t use(const struct short_char *s, struct folded_char *c, size_t size)
{
    c->class = s->class;
    c->n = s->n;
    memcpy(c->bytes, s->bytes, sizeof s->bytes);
    return size;
}

static int32_t decode(const char *p, size_t left, size_t *size)
{
    int32_t code = -1;
    utf8proc_ssize_t n =
        utf8proc_iterate((const uint8_t *)p, left > 4 ? 4 : (utf8proc_ssize_t)left, &code);
    *size = n > 0 ? (size_t)n : 1;
    return n > 0 ? code : -1;
}

size_t fold_next(const char *p, size_t left, struct folded_char *c)
{
    const uint8_t *u = (const uint8_t *)p;
    if (u[0] < 0x80)
        return use(&latin[u[0]], c, 1);
    if (left >= 2 && u[0] >= 0xc2 && u[0] <= 0xc8 && (u[1] & 0xc0) == 0x80)
        return use(&latin[(u[0] & 0x1f) << 6 | (u[1] & 0x3f)], c, 2);
    if (left >= 3 && u[0] == 0xe2 && (u[1] == 0x80 || (u[1] == 0x81 && u[2] < 0xb0)) &&
        (u[2] & 0xc0) == 0x80)
        return use(&punctuation[(u[1] & 1) << 6 | (u[2] & 0x3f)], c, 3);
    size_t size;
    int32_t code = decode(p, left, &size);
    if (code < 0) {
        c->class = CHAR_SEPARATOR;
        c->n = 0;
        return size;
    }
    fold_code(code, c);
    return size;
}

// Hangul jamo become syllables, by the arithmetic of chapter 3.12 of the Unicode Standard: nothing else is
// left to compose once marks are gone. `last` and `code` are neighbours; 0 when they stay apart.
static int32_t compose(int32_t last, int32_t code)
{
    enum { L = 0x1100, V = 0x1161, T = 0x11a7, S = 0xac00, LS = 19, VS = 21, TS = 28 };
    if (last >= L && last < L + LS && code >= V && code < V + VS)
        return S + ((last - L) * VS + (code - V)) * TS;
    if (last >= S && last < S + LS * VS * TS && (last - S) % TS == 0 && code > T && code < T + TS)
        return last + (code - T);
    return 0;
}

size_t fold_add(char *out, size_t n, size_t room, const struct folded_char *c)
{
    if (c->n == 3 && c->bytes[0] == '\xe1' && n >= 3 && n <= room) {
        size_t size;
        int32_t syllable = compose(decode(out + n - 3, 3, &size), decode(c->bytes, 3, &size));
        if (syllable > 0) {
            utf8proc_encode_char(syllable, (uint8_t *)out + n - 3);
            return n;
        }
    }
    for (size_t i = 0; i < c->n; i++, n++)
        if (n < room)
            out[n] = c->bytes[i];
    return n;
}

// Stops once `limit` bytes are written or passed.
static void fold_text(struct buf *out, struct str text, size_t limit)
{
    fold_setup();
    size_t start = out->n;
    bool space = false;
    for (size_t i = 0; i < text.n && out->n - start < limit;) {
        struct folded_char c;
        i += fold_next(text.p + i, text.n - i, &c);
        if (c.class == CHAR_WORD) {
            if (space && out->n > start)
                buf_addc(out, ' ');
            space = false;
            buf_reserve(out, CHAR_BYTES);
            out->n = start + fold_add(out->p + start, out->n - start, out->room - start, &c);
        } else if (c.class != CHAR_MARK && c.class != CHAR_IGNORED) {
            space = true;
        }
    }
}

void text_fold(struct buf *out, struct str text)
{
    buf_reserve(out, text.n);
    fold_text(out, text, SIZE_MAX);
}

struct str text_sort_key(struct arena *a, struct str text)
{
    struct buf b = {0};
    fold_text(&b, text, TEXT_TERM_BYTES + 3); // a syllable that the cut would change lies behind it
    struct str key = arena_str(a, str_cut_utf8(buf_str(&b), TEXT_TERM_BYTES));
    buf_free(&b);
    return key.p ? key : STR("");
}
