// See record_json.h: the writer of the three forms. It appends to the caller's buffer and walks the tables of
// record_members.h. Any thread.
#include "store/record_json.h"

#include "store/record_members.h"

#include <math.h>
#include <stdlib.h>

struct writer {
    struct buf *b;
    unsigned form; // one of FORM_*
    const struct record *r;
};

static bool whole(const struct writer *w)
{
    return w->form == FORM_PUBLIC;
}

// A value that is absent: nothing but in the public form.
static void absent(const struct writer *w, const char *key)
{
    if (whole(w)) {
        json_key(w->b, key);
        json_nil(w->b);
    }
}

static void text(const struct writer *w, const char *key, struct str s)
{
    if (!s.n) {
        absent(w, key);
        return;
    }
    json_key(w->b, key);
    json_str(w->b, s);
}

static void date(const struct writer *w, const char *key, struct date d)
{
    char out[DATE_TEXT_BYTES];
    text(w, key, d.precision == DATE_NONE ? STR_NONE : date_format(d, out));
}

static void integer(const struct writer *w, const char *key, int64_t v, bool known)
{
    if (!known) {
        absent(w, key);
        return;
    }
    json_key(w->b, key);
    json_int(w->b, v);
}

static void real(const struct writer *w, const char *key, double v)
{
    if (!(isfinite(v) && v >= 0)) {
        absent(w, key);
        return;
    }
    json_key(w->b, key);
    json_num(w->b, v);
}

static void flag(const struct writer *w, const char *key, bool v)
{
    if (!v && !whole(w))
        return;
    json_key(w->b, key);
    json_bool(w->b, v);
}

// Opens a value that is left out again by finish() when nothing was put into it.
static size_t start(const struct writer *w, const char *key, char bracket)
{
    size_t mark = w->b->n;
    json_key(w->b, key);
    json_open(w->b, bracket);
    return mark;
}

static void finish(const struct writer *w, size_t mark, char bracket)
{
    char last = w->b->p[w->b->n - 1];
    if ((last == '{' || last == '[') && !whole(w))
        w->b->n = mark;
    else
        json_close(w->b, bracket);
}

static void list(const struct writer *w, const char *key, struct strs v)
{
    size_t mark = start(w, key, '[');
    for (size_t i = 0; i < v.n; i++)
        if (v.v[i].n)
            json_str(w->b, v.v[i]);
    finish(w, mark, ']');
}

static int by_bytes(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void set(const struct writer *w, const char *key, struct strs v)
{
    bool sorted = true;
    for (size_t i = 1; i < v.n && sorted; i++)
        sorted = str_cmp(v.v[i - 1], v.v[i]) < 0;
    if (sorted || whole(w)) {
        list(w, key, v);
        return;
    }
    struct strs copy = {xmalloc(v.n * sizeof *v.v), 0};
    memcpy(copy.v, v.v, v.n * sizeof *v.v);
    qsort(copy.v, v.n, sizeof *v.v, by_bytes);
    for (size_t i = 0; i < v.n; i++)
        if (!copy.n || !str_eq(copy.v[copy.n - 1], copy.v[i]))
            copy.v[copy.n++] = copy.v[i];
    list(w, key, copy);
    free(copy.v);
}

static void bbox(const struct writer *w, const char *key)
{
    const double *v = w->r->spatial.bbox;
    if (!w->r->spatial.has_bbox ||
        !(isfinite(v[0]) && isfinite(v[1]) && isfinite(v[2]) && isfinite(v[3]))) {
        absent(w, key);
        return;
    }
    json_key(w->b, key);
    json_open(w->b, '[');
    for (int i = 0; i < 4; i++)
        json_num(w->b, v[i]);
    json_close(w->b, ']');
}

static void criteria(const struct writer *w, const char *key)
{
    size_t mark = start(w, key, '{');
    for (size_t i = 0; i < w->r->quality.criterion_count; i++) {
        json_key_str(w->b, w->r->quality.criteria[i].name);
        json_bool(w->b, w->r->quality.criteria[i].met);
    }
    finish(w, mark, '}');
}

static void available(const struct writer *w, const char *key, signed char v)
{
    json_key(w->b, key);
    if (v < 0)
        json_nil(w->b);
    else
        json_bool(w->b, v);
}

// [[available, modified], ...], one for each distribution; nothing at all when none is known.
static void moving(const struct writer *w, const char *key)
{
    const struct record *r = w->r;
    bool known = false;
    for (size_t i = 0; i < r->distribution_count && !known; i++)
        known = r->distributions[i].available >= 0 ||
                r->distributions[i].modified.precision != DATE_NONE;
    if (!known)
        return;
    json_key(w->b, key);
    json_open(w->b, '[');
    for (size_t i = 0; i < r->distribution_count; i++) {
        const struct distribution *d = &r->distributions[i];
        char out[DATE_TEXT_BYTES];
        json_open(w->b, '[');
        if (d->available < 0)
            json_nil(w->b);
        else
            json_int(w->b, d->available != 0);
        json_str(w->b,
                 d->modified.precision == DATE_NONE ? STR_NONE : date_format(d->modified, out));
        json_close(w->b, ']');
    }
    json_close(w->b, ']');
}

static void members(const struct writer *w, const struct member *table, const void *base)
{
    for (const struct member *m = table; m->type != MEMBER_END; m++) {
        if (!(m->forms & w->form))
            continue;
        const void *at = (const char *)base + m->at;
        size_t mark, count;
        const char *elements;
        switch (m->type) {
        case MEMBER_TEXT:
            text(w, m->key, *(const struct str *)at);
            break;
        case MEMBER_LIST:
            list(w, m->key, *(const struct strs *)at);
            break;
        case MEMBER_SET:
            set(w, m->key, *(const struct strs *)at);
            break;
        case MEMBER_FLAG:
            flag(w, m->key, *(const bool *)at);
            break;
        case MEMBER_COUNT:
            integer(w, m->key, *(const int64_t *)at, *(const int64_t *)at >= 0);
            break;
        case MEMBER_NUMBER:
            integer(w, m->key, *(const int64_t *)at, *(const int64_t *)at != 0);
            break;
        case MEMBER_REAL:
            real(w, m->key, *(const double *)at);
            break;
        case MEMBER_DATE:
            date(w, m->key, *(const struct date *)at);
            break;
        case MEMBER_MODIFIED:
            if (whole(w) || w->r->modified_trusted == (w->form == FORM_BODY))
                date(w, m->key, *(const struct date *)at);
            break;
        case MEMBER_INSTANT:
            date(w, m->key,
                 (struct date){*(const int64_t *)at,
                               *(const int64_t *)at ? DATE_SECOND : DATE_NONE});
            break;
        case MEMBER_AVAILABLE:
            available(w, m->key, *(const signed char *)at);
            break;
        case MEMBER_KIND:
            text(w, m->key, record_kind_name(*(const enum record_kind *)at));
            break;
        case MEMBER_STATUS:
            text(w, m->key, record_status_name(*(const enum record_status *)at));
            break;
        case MEMBER_ACCESS:
            text(w, m->key, record_access_name(*(const enum record_access *)at));
            break;
        case MEMBER_BBOX:
            bbox(w, m->key);
            break;
        case MEMBER_CRITERIA:
            criteria(w, m->key);
            break;
        case MEMBER_OBJECT:
            mark = start(w, m->key, '{');
            members(w, m->sub, base);
            finish(w, mark, '}');
            break;
        case MEMBER_ARRAY:
            mark = start(w, m->key, '[');
            memcpy(&elements, at, sizeof elements);
            memcpy(&count, (const char *)base + m->count_at, sizeof count);
            for (size_t i = 0; i < count; i++) {
                json_open(w->b, '{');
                members(w, m->sub, elements + i * m->size);
                json_close(w->b, '}');
            }
            finish(w, mark, ']');
            break;
        case MEMBER_MOVING:
            moving(w, m->key);
            break;
        case MEMBER_END:
            break;
        }
    }
}

void record_write_body(struct buf *b, const struct record *r)
{
    json_open(b, '{');
    members(&(struct writer){b, FORM_BODY, r}, record_members, r);
    json_close(b, '}');
}

void record_write_figures(struct buf *b, const struct record *r)
{
    json_open(b, '{');
    members(&(struct writer){b, FORM_FIGURES, r}, record_members, r);
    json_close(b, '}');
}

void record_write_public(struct buf *b, const struct record *r)
{
    json_open(b, '{');
    members(&(struct writer){b, FORM_PUBLIC, r}, record_members, r);
    json_close(b, '}');
}
