// For the tests of the Xapian binding: a folder of their own, removed at the end, and short ways to
// fill an index. A step that must succeed for a test to make sense stops the program when it does
// not.
#pragma once

#ifndef _GNU_SOURCE // before any other header: nftw
#define _GNU_SOURCE
#endif

#include "indexer/xapian/xap.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

// Xapian 1.4's own Database::check deletes a GlassTableCheck as its base class, without harm; but
// the sanitizer stops at it.
__attribute__((visibility("default"))) const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "new_delete_type_mismatch=0";
}

static char fixture_folder[] = "/tmp/test_xapian.XXXXXX";

static inline void must(bool done, const struct err *err, const char *file, int line)
{
    if (done)
        return;
    char text[1024];
    printf("Bail out! %s:%d: %s\n", file, line, err ? err_text(err, text, sizeof text) : "failed");
    exit(1);
}
#define MUST(call, err) must((call), (err), __FILE__, __LINE__)

static inline int fixture_remove(const char *path, const struct stat *status, int type,
                                 struct FTW *place)
{
    (void)status, (void)type, (void)place;
    return remove(path);
}

static inline void fixture_end(void)
{
    nftw(fixture_folder, fixture_remove, 16, FTW_DEPTH | FTW_PHYS);
}

static inline void fixture_begin(void)
{
    MUST(mkdtemp(fixture_folder) != NULL, NULL);
    atexit(fixture_end);
}

// "<folder>/<name>", valid until eight more have been asked for.
static inline const char *fixture_path(const char *name)
{
    static char paths[8][512];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", fixture_folder, name);
    return path;
}

static inline struct xap_writer *fixture_writer(const char *name)
{
    struct err err = {0};
    struct xap_writer *writer = xap_writer_open(fixture_path(name), XAP_OPEN_OR_CREATE, &err);
    MUST(writer, &err);
    return writer;
}

static inline struct xap_db *fixture_reader(const char *name)
{
    struct err err = {0};
    struct xap_db *db = xap_db_open(fixture_path(name), &err);
    MUST(db, &err);
    return db;
}

// Adds or replaces the document `unique`, whose text is words and spaces: a posting for each word.
static inline uint32_t fixture_add(struct xap_writer *writer, struct xap_doc *doc,
                                   const char *unique, const char *text)
{
    struct err err = {0};
    uint32_t docid = 0, position = 0;
    struct str rest = str_of(text), word;
    while (str_next(&rest, ' ', &word))
        MUST(xap_doc_add_posting(doc, word, ++position, 1, &err), &err);
    MUST(xap_doc_set_data(doc, str_of(text), &err), &err);
    MUST(xap_writer_replace(writer, str_of(unique), doc, &docid, &err), &err);
    MUST(xap_doc_clear(doc, &err), &err);
    return docid;
}

static inline void fixture_number(struct xap_doc *doc, uint32_t slot, double number)
{
    struct err err = {0};
    char bytes[XAP_SORTABLE_MAX];
    size_t n = xap_sortable(number, bytes);
    MUST(xap_doc_set_value(doc, slot, str_slice(bytes, n), &err), &err);
}
