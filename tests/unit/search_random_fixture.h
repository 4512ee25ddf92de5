// For the tests of searching that are random: numbers, texts, weights. The same ones each time.
#pragma once

#include "tests/unit/search_fixture.h"

static uint64_t state = 0x2545F4914F6CDD1Du;

static inline uint32_t any(uint32_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 33) % below;
}

// Absent when there are none.
static inline struct str random_words(const char *const *words, uint32_t count, uint32_t least,
                                      uint32_t most)
{
    struct buf b = {0};
    uint32_t n = least + any(most - least + 1);
    for (uint32_t i = 0; i < n; i++)
        buf_addf(&b, "%s%s", i ? " " : "", words[any(count)]);
    struct str s = b.n ? arena_str(&arena, buf_str(&b)) : STR_NONE;
    buf_free(&b);
    return s;
}

static inline double share(void)
{
    return any(100) / 100.0;
}

// A ranking.yaml of random weights.
static inline const char *random_ranking(void)
{
    static const char *const fields[] = {"description", "title", "acronym",      "publisher",
                                         "keyword",     "zone",  "distribution", "column"};
    static const char *const counts[] = {"views", "followers", "reuses", "downloads", "stars"};
    struct buf b = {0};
    buf_addf(&b, "variants: %u\nfields:\n", any(2) ? 0 : 1 + any(3));
    for (int f = 0; f < FIELD_COUNT; f++)
        buf_addf(&b, "  %s: {weight: %g, length: %g}\n", fields[f], 0.1 + 5 * share(), share());
    buf_addf(&b,
             "text: {saturation: %g, exact: %g, generic: %g, synonym: %g, correction: %g, "
             "format: %g, kind: %g}\n",
             0.1 + 3 * share(), share(), share(), 0.1 + 0.9 * share(), share(), share(), share());
    buf_addf(&b, "title: {exact: %g, coverage: %g, pairs: %g, share: %g}\n", share(), share(),
             share(), share());
    buf_addf(&b, "use:\n  strength: %g\n  per_word: %g\n", 5 * share(), share());
    for (int i = 0; i < 5; i++)
        buf_addf(&b, "  %s: {weight: %g, from: %u, to: %u}\n", counts[i], share(), any(50),
                 60 + any(20000));
    buf_addf(&b, "  certified_public_service: {weight: %g}\n  certified: {weight: %g}\n", share(),
             share());
    buf_addf(&b, "  unknown: {weight: %g}\n", share());
    buf_addf(&b, "  featured: {weight: %g}\n  quality: {weight: %g}\n", share(), 0.1 + share());
    buf_addf(&b, "status: {missing: %g, archived: %g}\n", 0.01 + 0.9 * share(),
             0.01 + 0.9 * share());
    buf_addf(&b, "matching: {enough: %u, least_share: %g, missing: %g, partial: %u}\n",
             any(2) ? 0 : any(90), share(), 3 * share(), any(2) ? 200 : any(60));
    struct str s = arena_str(&arena, buf_str(&b));
    buf_free(&b);
    return s.p;
}
