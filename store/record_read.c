// See record_json.h: the reader of the canonical body and of the figures. It reads what record_json.c writes and
// nothing wider: no white space, only known keys, only the escapes that base/buf.h makes. That is enough for
// what comes out of our own store, and several times quicker than building a tree of values. Any thread.
#include "store/record_json.h"

#include "base/scan.h"
#include "base/utf8.h"
#include "store/record_members.h"

#include <math.h>
#include <stdlib.h>

// The text that is read. A fault is remembered and stops everything: each function may be called after it.
struct scan {
    const char *p, *end;
    struct arena *a;
    struct record *r;
    unsigned form; // FORM_BODY or FORM_FIGURES
    bool alone; // figures whose body is not at hand: there are no distributions to put theirs into
    bool failed;
};

static bool fail(struct scan *s)
{
    s->failed = true;
    s->p = s->end;
    return false;
}

static bool next_is(struct scan *s, char c)
{
    if (s->p == s->end || *s->p != c)
        return false;
    s->p++;
    return true;
}

static void expect(struct scan *s, char c)
{
    if (!next_is(s, c))
        fail(s);
}

static bool word(struct scan *s, struct str w)
{
    if (!str_starts(str_slice(s->p, (size_t)(s->end - s->p)), w))
        return false;
    s->p += w.n;
    return true;
}

// For `for` loops over an object or an array, after its bracket: whether one more value follows.
static bool more(struct scan *s, char bracket, size_t index)
{
    if (s->failed || next_is(s, bracket))
        return false;
    if (index)
        expect(s, ',');
    return !s->failed;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// The character of an escape, after its backslash; base/buf.h escapes ASCII only.
static char escaped(struct scan *s)
{
    if (next_is(s, 'n'))
        return '\n';
    if (next_is(s, '"'))
        return '"';
    if (next_is(s, '\\'))
        return '\\';
    if (!word(s, STR("u00")) || s->end - s->p < 2) {
        fail(s);
        return 0;
    }
    int high = hex_digit(s->p[0]), low = hex_digit(s->p[1]);
    if (high < 0 || high > 7 || low < 0) {
        fail(s);
        return 0;
    }
    s->p += 2;
    return (char)(high * 16 + low);
}

// The first quote, backslash or control character, or the end.
static const char *plain_end(const char *p, const char *end)
{
    return scan_for(p, end, ' ', STR("\"\\"));
}

static struct str string(struct scan *s)
{
    bool plain = true;
    expect(s, '"');
    const char *start = s->p;
    for (s->p = plain_end(s->p, s->end); s->p < s->end && *s->p == '\\';
         s->p = plain_end(s->p, s->end)) {
        plain = false;
        s->p += s->end - s->p > 1 ? 2 : 1;
    }
    struct str raw = str_slice(start, (size_t)(s->p - start));
    expect(s, '"');
    if (plain || s->failed)
        return arena_str(s->a, raw);

    // Escapes only get shorter.
    struct scan inside = {.p = raw.p, .end = raw.p + raw.n};
    char *out = arena_bytes(s->a, raw.n + 1);
    size_t n = 0;
    while (inside.p < inside.end) {
        const char *stop = plain_end(inside.p, inside.end);
        memcpy(out + n, inside.p, (size_t)(stop - inside.p));
        n += (size_t)(stop - inside.p);
        inside.p = stop;
        if (inside.p < inside.end)
            out[n++] = next_is(&inside, '\\') ? escaped(&inside) : *inside.p++;
    }
    if (inside.failed)
        fail(s);
    out[n] = '\0';
    return str_slice(out, n);
}

// A key, and its colon. It is no text of people: NUL, which few readers of JSON take in a key, is refused.
static struct str key(struct scan *s)
{
    struct str k = string(s);
    if (k.n && memchr(k.p, '\0', k.n))
        fail(s);
    expect(s, ':');
    return k;
}

static int64_t integer(struct scan *s)
{
    int64_t v = 0;
    const char *start = s->p;
    for (; s->p < s->end && *s->p >= '0' && *s->p <= '9'; s->p++)
        if (__builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, *s->p - '0', &v)) {
            fail(s);
            return 0;
        }
    if (s->p == start)
        fail(s);
    return v;
}

static double real(struct scan *s)
{
    char z[40], *end;
    size_t n = 0;
    while (s->p < s->end && n < sizeof z - 1 && *s->p && strchr("0123456789+-.e", *s->p))
        z[n++] = *s->p++;
    z[n] = '\0';
    double v = strtod(z, &end);
    if (n == 0 || end != z + n || !isfinite(v)) {
        fail(s);
        return 0;
    }
    return v;
}

static bool boolean(struct scan *s)
{
    if (word(s, STR("true")))
        return true;
    return word(s, STR("false")) ? false : fail(s);
}

static struct date date(struct scan *s)
{
    struct date d = {0};
    if (!date_parse(string(s), &d))
        fail(s);
    return d;
}

static struct strs strings(struct scan *s)
{
    struct strs list = {0};
    expect(s, '[');
    while (more(s, ']', list.n))
        arena_push(s->a, &list, string(s));
    return list;
}

// Room for one more element: the array doubles in the arena when `n` is a power of two.
static void *grow(struct scan *s, void *array, size_t n, size_t size)
{
    if (n & (n - 1))
        return array;
    void *wider = arena_alloc(s->a, (n ? 2 * n : 1) * size);
    if (n)
        memcpy(wider, array, n * size);
    return wider;
}

static void criteria(struct scan *s)
{
    struct criterion *v = NULL;
    size_t n = 0;
    expect(s, '{');
    for (; more(s, '}', n); n++) {
        v = grow(s, v, n, sizeof *v);
        v[n].name = key(s);
        v[n].met = boolean(s);
    }
    s->r->quality.criteria = v;
    s->r->quality.criterion_count = n;
}

static void bbox(struct scan *s)
{
    expect(s, '[');
    for (int i = 0; i < 4; i++) {
        if (i)
            expect(s, ',');
        s->r->spatial.bbox[i] = real(s);
    }
    expect(s, ']');
    s->r->spatial.has_bbox = true;
}

// The pairs follow the distributions of the body, which was read before.
static void moving(struct scan *s)
{
    expect(s, '[');
    for (size_t n = 0; more(s, ']', n); n++) {
        struct distribution passed_over, *d = &passed_over;
        if (n < s->r->distribution_count) {
            d = &s->r->distributions[n];
        } else if (!s->alone) {
            fail(s);
            return;
        }
        expect(s, '[');
        if (next_is(s, '1'))
            d->available = 1;
        else if (next_is(s, '0'))
            d->available = 0;
        else if (!word(s, STR("null")))
            fail(s);
        expect(s, ',');
        if (!word(s, STR("null")))
            d->modified = date(s);
        expect(s, ']');
    }
}

static void members(struct scan *s, const struct member *table, void *base);

static void array(struct scan *s, const struct member *m, char *base)
{
    char *v = NULL;
    size_t n = 0;
    expect(s, '[');
    for (; more(s, ']', n); n++) {
        v = grow(s, v, n, m->size);
        memcpy(v + n * m->size, m->empty, m->size);
        members(s, m->sub, v + n * m->size);
    }
    memcpy(base + m->at, &v, sizeof v);
    memcpy(base + m->count_at, &n, sizeof n);
}

static void value(struct scan *s, const struct member *m, char *base)
{
    void *at = base + m->at;
    switch (m->type) {
    case MEMBER_TEXT:
        *(struct str *)at = string(s);
        break;
    case MEMBER_LIST:
    case MEMBER_SET:
        *(struct strs *)at = strings(s);
        break;
    case MEMBER_FLAG:
        *(bool *)at = boolean(s);
        break;
    case MEMBER_COUNT:
        *(int64_t *)at = integer(s);
        break;
    case MEMBER_REAL:
        *(double *)at = real(s);
        break;
    case MEMBER_MODIFIED:
        s->r->modified_trusted = s->form == FORM_BODY;
        *(struct date *)at = date(s);
        break;
    case MEMBER_DATE:
        *(struct date *)at = date(s);
        break;
    case MEMBER_KIND:
        if (!record_kind_find(string(s), at))
            fail(s);
        break;
    case MEMBER_ACCESS:
        *(enum record_access *)at = record_access_find(string(s));
        if (*(enum record_access *)at == ACCESS_UNKNOWN)
            fail(s);
        break;
    case MEMBER_BBOX:
        bbox(s);
        break;
    case MEMBER_CRITERIA:
        criteria(s);
        break;
    case MEMBER_OBJECT:
        members(s, m->sub, base);
        break;
    case MEMBER_ARRAY:
        array(s, m, base);
        break;
    case MEMBER_MOVING:
        moving(s);
        break;
    default: // the others are in no stored form
        fail(s);
    }
}

// An object. Its keys come in the table's order, each at most once.
static void members(struct scan *s, const struct member *table, void *base)
{
    const struct member *m = table;
    expect(s, '{');
    for (size_t n = 0; more(s, '}', n); n++) {
        struct str k = key(s);
        while (m->type != MEMBER_END && !((m->forms & s->form) && str_eq(k, str_of(m->key))))
            m++;
        if (m->type == MEMBER_END || s->failed)
            fail(s);
        else
            value(s, m++, base);
    }
}

static bool read_form(struct record *r, struct str text, unsigned form, bool alone, struct arena *a,
                      struct err *e)
{
    struct scan s = {
        .p = text.p, .end = text.p + text.n, .a = a, .r = r, .form = form, .alone = alone};
    if (!utf8_valid(text))
        fail(&s);
    members(&s, record_members, r);
    if (s.failed || s.p != s.end || (!r->id.n && !alone)) {
        err_set(e, ERR_CORRUPT, "the stored %s cannot be read: it is not what was written",
                form == FORM_BODY ? "record" : "figures");
        err_where(e, "%.*s", (int)(r->id.n < 100 ? r->id.n : 100), r->id.n ? r->id.p : "");
        return err_hint(e, "harvest its source with --force");
    }
    return true;
}

bool record_read(struct record *r, struct str body, struct str figures, struct arena *a,
                 struct err *e)
{
    record_init(r);
    return read_form(r, body, FORM_BODY, false, a, e) &&
           (!figures.n || read_form(r, figures, FORM_FIGURES, false, a, e));
}

bool record_read_figures(struct record *r, struct str figures, struct arena *a, struct err *e)
{
    record_init(r);
    return read_form(r, figures, FORM_FIGURES, true, a, e);
}
