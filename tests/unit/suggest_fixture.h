// For the tests of completion: a suggester from lines of text, and its answers as one line.
#pragma once

#include "indexer/suggest/suggest.h"
#include "tests/tap.h"

#include <stdlib.h>

static struct arena arena; // of the whole program
static struct suggest_builder *builder;
static struct suggester *suggester;
static struct suggestions found; // the last answer

static const struct str few_stop_words =
    STR("le la les de des du et un une en # comme en français");

static inline void begin(void)
{
    struct err e;
    suggester_release(suggester);
    suggester = NULL;
    builder = suggest_builder_new(few_stop_words, &e);
    if (!builder)
        abort();
}

static inline bool add_whole(enum suggest_kind kind, const char *text, const char *names,
                             const char *value, double weight, uint32_t count)
{
    return suggest_builder_add(builder, &(struct suggest_entry){kind, str_of(text), str_of(names),
                                                                str_of(value), weight, count});
}

// A dataset of that title, whose id is the title.
static inline bool add(const char *text, double weight)
{
    return add_whole(SUGGEST_DATASET, text, NULL, text, weight, 1);
}

static inline void finish(void)
{
    suggester = suggest_builder_finish(builder);
}

// The texts that answer, best first, with " | " between; "" for none.
static inline struct str ask_str(struct str q, unsigned kinds, size_t most)
{
    struct buf b = {0};
    suggester_find(suggester, q, kinds, most, &arena, &found);
    for (size_t i = 0; i < found.n; i++) {
        if (i)
            buf_addz(&b, " | ");
        buf_add(&b, found.v[i].text);
    }
    struct str s = b.n ? arena_str(&arena, buf_str(&b)) : STR("");
    buf_free(&b);
    return s;
}

static inline struct str ask(const char *q)
{
    return ask_str(str_of(q), 0, 10);
}

static inline void end(void)
{
    suggester_release(suggester);
    arena_free(&arena);
}
