// What the tests of records' pages share: lists of texts, and the view of a record as the store has it. See pages_fixture.h.
#pragma once

#include "tests/unit/pages_fixture.h"

#define A (&arena)

static inline struct strs list_of(size_t n, const char *const *texts)
{
    struct strs list = {0};
    for (size_t i = 0; i < n; i++)
        arena_push(A, &list, str_of(texts[i]));
    return list;
}
#define LIST(...)                                                                                  \
    list_of(sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *), (const char *[]){__VA_ARGS__})

static inline struct stored stored_of(const struct record *r)
{
    return (struct stored){.id = r->id,
                           .source = STR("data.gouv.fr"),
                           .kind = r->kind,
                           .first_seen = instant("2025-12-03T10:00:00Z"),
                           .last_seen = instant("2026-01-16T02:21:00Z"),
                           .last_changed = instant("2026-01-15T23:21:00Z")};
}

static inline json_t *view_of(const struct record *r)
{
    struct stored stored = stored_of(r);
    struct shown_record shown = {.stored = &stored, .record = *r};
    struct record_page page = {.shown = &shown, .documents = 70575, .zone = paris};
    return record_page_view(A, &page);
}
