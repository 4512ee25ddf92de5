// See vocabulary.h.
#include "harvester/normalise/vocabulary.h"

#include "harvester/normalise/loaded.h"

#include <stdatomic.h>
#include <stdlib.h>

static _Atomic(struct vocabularies *) in_force;

const struct vocabularies *vocabularies_in_force(void)
{
    return atomic_load_explicit(&in_force, memory_order_acquire);
}

static void free_one(struct vocabularies *v)
{
    table_free(&v->licences);
    table_free(&v->formats);
    table_free(&v->frequencies);
    free(v);
}

bool vocabularies_load(struct str licences, struct str formats, struct str frequencies,
                       struct err *e)
{
    struct vocabularies *v = xcalloc(1, sizeof *v);
    if (!licences_read(v, licences, e) || !formats_read(v, formats, e) ||
        !frequencies_read(v, frequencies, e)) {
        free_one(v);
        return false;
    }
    v->older = atomic_load_explicit(&in_force, memory_order_relaxed);
    atomic_store_explicit(&in_force, v, memory_order_release);
    return true;
}

void vocabularies_free(void)
{
    struct vocabularies *v = atomic_exchange(&in_force, NULL);
    while (v) {
        struct vocabularies *older = v->older;
        free_one(v);
        v = older;
    }
}

struct pair {
    struct str from, to;
};

static struct str look_up(const struct pair *pairs, size_t n, struct str word)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(pairs[i].from, word))
            return pairs[i].to;
    return STR_NONE;
}

#define LOOK_UP(pairs, word) look_up((pairs), sizeof(pairs) / sizeof *(pairs), (word))

struct str access_find(struct str any)
{
    static const struct pair words[] = {
        {STR("open"), STR("open")},
        {STR("public"), STR("open")},
        {STR("open with account"), STR("open_with_account")},
        {STR("semi open"), STR("open_with_account")},
        {STR("restricted"), STR("restricted")},
        {STR("restricted public"), STR("restricted")},
        {STR("non public"), STR("restricted")},
        {STR("nonpublic"), STR("restricted")},
        {STR("private"), STR("restricted")},
        {STR("closed"), STR("restricted")},
        {STR("confidential"), STR("restricted")},
        {STR("sensitive"), STR("restricted")},
    };
    char bytes[TABLE_KEY_BYTES];
    struct str key = table_key(any, bytes);
    struct str authority = STR("publications europa eu resource authority access right ");
    if (str_starts(key, authority))
        key = str_slice(key.p + authority.n, key.n - authority.n);
    return LOOK_UP(words, key);
}

struct str publisher_kind_find(struct strs badges)
{
    static const struct str kinds[] = {STR("local-authority"), STR("public-service"),
                                       STR("association"), STR("company")};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (size_t i = 0; i < badges.n; i++)
            if (str_eq_nocase(badges.v[i], kinds[k]))
                return kinds[k];
    return STR_NONE;
}
