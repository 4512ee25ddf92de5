// See parts.h.
#include "indexer/index/parts.h"

#include "indexer/index/generation.h"

#include <stdlib.h>
#include <sys/stat.h>

enum {
    FLUSH_DOCUMENTS = 250, // written at once: as many as leave Xapian's inverter in the cache
    // Parts that are merged into one of the next level, which bounds how many files are open at once, and how often a document is copied.
    FAN = 32,
    LEVELS = 8,
};

struct parts {
    char *data;
    int64_t generation;
    bool folder_made;
    uint32_t docid; // the last one given
    struct xap_writer *writer;
    size_t in_part, size; // documents of the part at hand, and how many it takes
    struct {
        char *paths[FAN];
        size_t n;
    } levels[LEVELS];
    size_t named;        // folders, so far
    unsigned char *recs; // a bit for each record of the store
    size_t rec_bytes, documents;
};

struct parts *parts_new(const char *data, int64_t generation, uint32_t after, size_t size)
{
    struct parts *p = xcalloc(1, sizeof *p);
    p->data = xstrdup(data);
    p->generation = generation;
    p->docid = after;
    p->size = size;
    return p;
}

static void forget(struct parts *p)
{
    for (size_t level = 0; level < LEVELS; level++) {
        for (size_t i = 0; i < p->levels[level].n; i++)
            free(p->levels[level].paths[i]);
        p->levels[level].n = 0;
    }
    if (p->rec_bytes)
        memset(p->recs, 0, p->rec_bytes);
    p->documents = 0;
    generation_remove_parts(p->data, p->generation);
    p->folder_made = false;
}

void parts_free(struct parts *p)
{
    if (!p)
        return;
    if (p->writer)
        xap_writer_close(p->writer);
    forget(p);
    free(p->recs);
    free(p->data);
    free(p);
}

// ---- Writing -------------------------------------------------------------------------------------

// The path of a folder that is not there yet; the caller's.
static char *new_path(struct parts *p)
{
    struct arena a = {0};
    char *folder = generation_parts_path(p->data, p->generation, &a);
    if (!p->folder_made) {
        generation_remove_parts(p->data, p->generation); // of a process that was killed
        mkdir(folder, 0755);                             // what fails shows when it is used
        p->folder_made = true;
    }
    char *path = xstrdup(arena_printf(&a, "%s/%zu", folder, p->named++).p);
    arena_free(&a);
    return path;
}

// The higher the level, the older the documents.
static bool merge_all(struct parts *p, const char *base, const char *to, struct err *e)
{
    const char *paths[LEVELS * FAN + 1];
    size_t n = 0;
    if (base)
        paths[n++] = base;
    for (size_t level = LEVELS; level-- > 0;)
        for (size_t i = 0; i < p->levels[level].n; i++)
            paths[n++] = p->levels[level].paths[i];
    return xap_db_merge(paths, n, to, e);
}

static void drop(struct parts *p, size_t level)
{
    for (size_t i = 0; i < p->levels[level].n; i++) {
        generation_remove_folder(p->levels[level].paths[i]);
        free(p->levels[level].paths[i]);
    }
    p->levels[level].n = 0;
}

// Those of one level become one of the next, when there are enough.
static bool lift(struct parts *p, struct err *e)
{
    for (size_t level = 0; level + 1 < LEVELS && p->levels[level].n == FAN; level++) {
        char *path = new_path(p);
        const char *paths[FAN];
        for (size_t i = 0; i < FAN; i++)
            paths[i] = p->levels[level].paths[i];
        if (!xap_db_merge(paths, FAN, path, e)) {
            free(path);
            return false;
        }
        drop(p, level);
        p->levels[level + 1].paths[p->levels[level + 1].n++] = path;
    }
    return true;
}

static bool open_part(struct parts *p, struct err *e)
{
    if (p->writer)
        return true;
    if (p->levels[0].n == FAN && !lift(p, e))
        return false;
    char *path = new_path(p);
    p->writer = xap_writer_open(path, XAP_CREATE_PART, e);
    p->levels[0].paths[p->levels[0].n++] = path;
    p->in_part = 0;
    return p->writer != NULL;
}

static bool close_part(struct parts *p, struct err *e)
{
    bool good = !p->writer || xap_writer_commit(p->writer, e);
    if (p->writer)
        xap_writer_close(p->writer);
    p->writer = NULL;
    return good;
}

static void mark(struct parts *p, int64_t rec)
{
    size_t byte = (size_t)rec / 8;
    if (byte >= p->rec_bytes) {
        size_t more = 2 * (byte + 1024);
        p->recs = xrealloc(p->recs, more);
        memset(p->recs + p->rec_bytes, 0, more - p->rec_bytes);
        p->rec_bytes = more;
    }
    p->recs[byte] = (unsigned char)(p->recs[byte] | 1u << (rec % 8));
}

bool parts_has(const struct parts *p, int64_t rec)
{
    size_t byte = (size_t)rec / 8;
    return byte < p->rec_bytes && p->recs[byte] & 1u << (rec % 8);
}

size_t parts_documents(const struct parts *p)
{
    return p->documents;
}

bool parts_add(struct parts *p, int64_t rec, struct str unique, struct xap_doc *doc, struct err *e)
{
    if (!open_part(p, e) || !xap_writer_add(p->writer, p->docid + 1, unique, doc, e))
        return false;
    p->docid++;
    p->documents++;
    mark(p, rec);
    if (++p->in_part == p->size)
        return close_part(p, e);
    return p->in_part % FLUSH_DOCUMENTS || xap_writer_commit(p->writer, e);
}

bool parts_merge(struct parts *p, const char *base, const char *to, int64_t generation,
                 struct err *e)
{
    if (!close_part(p, e) || !merge_all(p, base, to, e))
        return false;
    forget(p);
    p->generation = generation;
    return true;
}
