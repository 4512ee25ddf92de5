// For the tests of indexing and searching: records from few words, as the store gives them, and the stop words. The
// folder is that of xapian_fixture.h.
#pragma once

#include "tests/unit/xapian_fixture.h"

#include "indexer/index/document.h"
#include "indexer/index/fields.h"
#include "store/record_json.h"
#include "tests/tap.h"

#ifndef SOURCE_DIR
#define SOURCE_DIR "."
#endif

static struct arena arena; // of the whole program

static inline struct str stop_words(void)
{
    enum { MOST = 8192 };
    char *bytes = arena_bytes(&arena, MOST);
    FILE *f = fopen(SOURCE_DIR "/config/stopwords.txt", "rb");
    MUST(f, NULL);
    size_t n = fread(bytes, 1, MOST, f);
    fclose(f);
    return str_slice(bytes, n);
}

static inline struct date day(const char *text)
{
    struct date d;
    MUST(date_parse(str_of(text), &d), NULL);
    return d;
}

// "un|deux" as a list.
static inline struct strs list_of(const char *words)
{
    struct strs list = {0};
    struct str rest = str_of(words), word;
    while (str_next(&rest, '|', &word))
        arena_push(&arena, &list, word);
    return list;
}

static inline struct record record_of(const char *id, enum record_kind kind, const char *title)
{
    struct record r;
    record_init(&r);
    r.id = str_of(id);
    r.kind = kind;
    r.title = str_of(title);
    r.provenance.source = STR("data.gouv.fr");
    return r;
}

// As the store gives it.
static inline struct stored stored_of(const struct record *r, enum record_status status)
{
    struct buf b = {0};
    struct stored s = {.id = r->id, .kind = r->kind, .status = status};
    record_write_body(&b, r);
    s.body = arena_str(&arena, buf_str(&b));
    buf_clear(&b);
    record_write_figures(&b, r);
    s.figures = arena_str(&arena, buf_str(&b));
    buf_free(&b);
    return s;
}
