// See target.h.
#include "indexer/index/target.h"

#include "base/date.h"
#include "indexer/index/fields.h"
#include "indexer/index/generation.h"

#include <stdio.h>

static int64_t meta_number(struct xap_writer *w, const char *key)
{
    struct str text;
    int64_t n = 0;
    if (xap_writer_metadata(w, str_of(key), &text, NULL) && text.n)
        str_to_int(text, 0, INT64_MAX, &n);
    return n;
}

static bool set_meta_number(struct xap_writer *w, const char *key, int64_t n, struct err *e)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)n);
    return xap_writer_set_metadata(w, str_of(key), str_of(text), e);
}

static bool commit(struct target *t, struct err *e)
{
    char text[LAYOUT_BYTES];
    return set_meta_number(t->writer, INDEX_META_SEQ, t->shown, e) &&
           set_meta_number(t->writer, INDEX_META_FSEQ, t->fseq, e) &&
           set_meta_number(t->writer, INDEX_META_COMPLETE, t->complete, e) &&
           xap_writer_set_metadata(t->writer, STR(INDEX_META_LAYOUT), index_layout(text), e) &&
           touched_write(&t->touched, t->writer, e) && xap_writer_commit(t->writer, e);
}

bool target_commit(struct target *t, struct err *e)
{
    // What is in parts is not shown, and is read from the store again where they are lost.
    if (!t->parts || !parts_documents(t->parts))
        t->shown = t->seq;
    return commit(t, e);
}

static bool open_writer(struct target *t, const char *data, enum xap_open how, struct err *e)
{
    struct arena a = {0};
    t->writer = xap_writer_open(generation_path(data, t->generation, &a), how, e);
    arena_free(&a);
    return t->writer != NULL;
}

bool target_create(struct target *t, const char *data, struct err *e)
{
    *t = (struct target){.open = true};
    return generation_next(data, &t->generation, e);
}

bool target_open(struct target *t, const char *data, struct err *e)
{
    char expected[LAYOUT_BYTES];
    struct str found;
    *t = (struct target){0};
    if (!generation_current(data, &t->generation, e))
        return false;
    if (!t->generation)
        return err_set(e, ERR_NOT_FOUND, "there is no index yet");
    if (!open_writer(t, data, XAP_OPEN, e))
        return false;
    if (!xap_writer_metadata(t->writer, STR(INDEX_META_LAYOUT), &found, e) ||
        !str_eq(found, index_layout(expected))) {
        target_close(t);
        return err_set(e, ERR_CORRUPT, "the index is of another layout");
    }
    t->open = true;
    t->seq = t->shown = meta_number(t->writer, INDEX_META_SEQ);
    t->fseq = meta_number(t->writer, INDEX_META_FSEQ);
    t->complete = meta_number(t->writer, INDEX_META_COMPLETE) == 1;
    return true;
}

void target_close(struct target *t)
{
    if (t->writer)
        xap_writer_close(t->writer);
    parts_free(t->parts);
    touched_free(&t->touched);
    *t = (struct target){0};
}

uint32_t target_documents(const struct target *t)
{
    struct xap_stats stats = {0};
    if (t->writer)
        xap_writer_stats(t->writer, &stats, NULL);
    return stats.documents;
}

bool target_fill(struct target *t, const char *data, struct err *e)
{
    struct xap_stats stats = {0};
    if (t->parts)
        return true;
    if (t->writer && !xap_writer_stats(t->writer, &stats, e))
        return false;
    t->parts = parts_new(data, t->generation, stats.last_docid, PART_DOCUMENTS);
    t->merged_at = date_stopwatch();
    return true;
}

void target_filled(struct target *t)
{
    parts_free(t->parts);
    t->parts = NULL;
}

bool target_put(struct target *t, int64_t rec, struct str unique, struct xap_doc *doc,
                struct err *e)
{
    uint32_t docid;
    bool there = !t->parts;
    if (t->parts && t->writer && !xap_writer_has(t->writer, unique, &there, e))
        return false;
    if (!there)
        return parts_add(t->parts, rec, unique, doc, e);
    if (!xap_writer_replace(t->writer, unique, doc, &docid, e))
        return false;
    touched_add(&t->touched, docid);
    return true;
}

bool target_delete(struct target *t, struct str unique, struct err *e)
{
    uint32_t docid = 0;
    if (t->writer && !xap_writer_delete(t->writer, unique, &docid, e))
        return false;
    if (docid)
        touched_add(&t->touched, docid);
    return true;
}

bool target_touched(const struct target *t, uint32_t docid)
{
    return touched_has(&t->touched, docid);
}

struct xap_values *target_values(const struct target *t, const char *data, struct err *e)
{
    struct arena a = {0};
    struct xap_values *values =
        xap_values_open(generation_path(data, t->generation, &a), SLOT_FACETS + FACET_COUNT, e);
    arena_free(&a);
    return values;
}

// Into `to`, which is open behind it.
static bool merge_into(struct target *t, const char *data, int64_t to, struct err *e)
{
    struct arena a = {0};
    char *path = generation_path(data, to, &a);
    bool good = true;
    if (t->writer)
        good = (!t->touched.n || commit(t, e)) &&
               parts_merge(t->parts, generation_path(data, t->generation, &a), path, to, e);
    else if (t->parts && parts_documents(t->parts))
        good = parts_merge(t->parts, NULL, path, to, e);
    arena_free(&a);
    if (!good)
        return false;
    if (t->writer)
        xap_writer_close(t->writer);
    t->generation = to;
    return open_writer(t, data, XAP_OPEN_OR_CREATE, e);
}

bool target_merge(struct target *t, const char *data, bool filled, int64_t *before, struct err *e)
{
    double start = date_stopwatch();
    int64_t to = t->generation;
    *before = t->writer ? t->generation : 0;
    if ((t->writer && !generation_after(data, &to, e)) || !merge_into(t, data, to, e))
        return false;
    t->shown = t->seq;
    t->merged_at = date_stopwatch();
    t->merge_took = t->parts ? t->merged_at - start : 0;
    if (filled)
        target_filled(t);
    return commit(t, e);
}
