// See touched.h. A list is its batch's number, a space, then differences of ascending numbers (struct touched), seven bits a byte, low
// first.
#include "indexer/columns/touched.h"

#include <stdio.h>
#include <stdlib.h>

#define META_BATCH "batch"

static struct str list_key(int64_t batch, char out[32])
{
    snprintf(out, 32, "changed.%d", (int)(batch % TOUCHED_BATCHES));
    return str_of(out);
}

static int ascending(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

// Each document once: content, where it is that too.
static size_t unique(uint64_t *v, size_t n)
{
    size_t kept = 0, in_order = 1;
    while (in_order < n && v[in_order - 1] <= v[in_order])
        in_order++;
    if (in_order < n)
        qsort(v, n, sizeof *v, ascending);
    for (size_t i = 0; i < n; i++)
        if (!kept || v[kept - 1] / 2 != v[i] / 2)
            v[kept++] = v[i];
    return kept;
}

// ---- Writing -------------------------------------------------------------------------------------

static void add(struct touched *t, uint64_t number)
{
    if (t->n > 2 * TOUCHED_MAX) // "all" already
        return;
    if (t->n == t->room) {
        t->room = t->room ? 2 * t->room : 1024;
        t->v = xrealloc(t->v, t->room * sizeof *t->v);
    }
    t->v[t->n++] = number;
}

void touched_add(struct touched *t, uint32_t docid)
{
    add(t, 2 * (uint64_t)docid);
}

void touched_add_figures(struct touched *t, uint32_t docid)
{
    add(t, 2 * (uint64_t)docid + 1);
}

bool touched_has(const struct touched *t, uint32_t docid)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->v[i] / 2 == docid)
            return true;
    return t->n > 2 * TOUCHED_MAX; // "all": the last ones are not in it
}

void touched_free(struct touched *t)
{
    free(t->v);
    *t = (struct touched){0};
}

static void add_number(struct buf *b, uint64_t n)
{
    for (; n >= 0x80; n >>= 7)
        buf_addc(b, (char)(n | 0x80));
    buf_addc(b, (char)n);
}

bool touched_write(struct touched *t, struct xap_writer *writer, struct err *e)
{
    struct str before;
    int64_t batch = 0;
    char key[32];
    if (!xap_writer_metadata(writer, STR(META_BATCH), &before, e))
        return false;
    str_to_int(before, 0, INT64_MAX - 1, &batch);
    batch++;
    struct buf b = {0};
    buf_addf(&b, "%lld ", (long long)batch);
    size_t number = b.n - 1, n = t->n > 2 * TOUCHED_MAX ? t->n : unique(t->v, t->n);
    for (size_t i = 0; i < n && n <= TOUCHED_MAX; i++)
        add_number(&b, t->v[i] - (i ? t->v[i - 1] : 0));
    if (n > TOUCHED_MAX)
        buf_addz(&b, "all");
    t->n = 0;
    bool good = xap_writer_set_metadata(writer, STR(META_BATCH), str_slice(b.p, number), e) &&
                xap_writer_set_metadata(writer, list_key(batch, key), buf_str(&b), e);
    buf_free(&b);
    return good;
}

// ---- Reading -------------------------------------------------------------------------------------

bool touched_batch(struct xap_db *db, int64_t *batch, struct err *e)
{
    struct str text;
    *batch = 0;
    if (!xap_db_metadata(db, STR(META_BATCH), &text, e))
        return false;
    str_to_int(text, 0, INT64_MAX, batch);
    return true;
}

static bool next_number(struct str *rest, uint64_t *n)
{
    *n = 0;
    for (unsigned shift = 0; rest->n && shift < 64; shift += 7) {
        unsigned char byte = (unsigned char)rest->p[0];
        *rest = str_slice(rest->p + 1, rest->n - 1);
        *n |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80)
            return true;
    }
    return false;
}

// False where the list is not the batch's, or tells nothing.
static bool read_list(struct str text, int64_t batch, bool figures, struct touched *out)
{
    struct str number;
    int64_t n;
    if (!str_next(&text, ' ', &number) || !str_to_int(number, 0, INT64_MAX, &n) || n != batch ||
        str_eq(text, STR("all")))
        return false;
    uint64_t at = 0, step;
    while (text.n) {
        if (!next_number(&text, &step))
            return false;
        at += step;
        if (figures || at % 2 == 0)
            add(out, at);
    }
    return out->n <= 2 * TOUCHED_MAX;
}

static bool read_since(struct xap_db *db, int64_t from, int64_t to, bool figures, struct arena *a,
                       struct xap_docids *out, bool *known, struct err *e)
{
    struct touched all = {0};
    char key[32];
    *out = (struct xap_docids){0};
    *known = from > 0 && from <= to && to - from < TOUCHED_BATCHES;
    bool good = true;
    for (int64_t batch = from + 1; batch <= to && *known && good; batch++) {
        struct str text;
        good = xap_db_metadata(db, list_key(batch, key), &text, e);
        *known = good && read_list(text, batch, figures, &all);
    }
    if (good && *known) {
        all.n = unique(all.v, all.n);
        out->v = ARENA_ARRAY(a, uint32_t, all.n + 1);
        for (; out->n < all.n; out->n++)
            out->v[out->n] = (uint32_t)(all.v[out->n] / 2);
    }
    touched_free(&all);
    return good;
}

bool touched_since(struct xap_db *db, int64_t from, int64_t to, struct arena *a,
                   struct xap_docids *out, bool *known, struct err *e)
{
    return read_since(db, from, to, true, a, out, known, e);
}

bool touched_content_since(struct xap_db *db, int64_t from, int64_t to, struct arena *a,
                           struct xap_docids *out, bool *known, struct err *e)
{
    return read_since(db, from, to, false, a, out, known, e);
}
