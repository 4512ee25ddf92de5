// indexer/index/variants: which titles of one publisher say the same of another year, month or place.
#include "tests/unit/search_places_fixture.h"

#include "indexer/index/variants.h"

static struct str key_of(enum record_kind kind, const char *publisher, const char *title,
                         const struct places *known)
{
    struct record r = record_of("r", kind, title);
    char *out = arena_bytes(&arena, VARIANT_BYTES + 1);
    r.publisher.id = str_of(publisher);
    return variant_key(&r, known, analyzer, out);
}

static bool same(const char *one, const char *two)
{
    struct str a = key_of(KIND_DATASET, "org:1", one, places);
    return a.n == VARIANT_BYTES && str_eq(a, key_of(KIND_DATASET, "org:1", two, places));
}

static void years_and_dates(void)
{
    ok(same("Budget 2019", "Budget 2020"));
    ok(same("Budget primitif - 2019", "Budget primitif 2020"));
    ok(same("2019, budget", "Budget de 2020"));
    ok(same("Budget", "Budget 2020"));
    ok(same("Comptages de janvier 2020", "Comptages d'août 2021"));
    ok(same("Comptages 1er février", "Comptages du 12 décembre 2021"));
    ok(same("Comptages 2020-2021", "Comptages 2021-2022"));
    ok(same("Comptages T1", "Comptages T2"));
    ok(same("BUDGETS", "budget")); // as words are found: case, accents and endings
    ok(!same("Budget primitif 2019", "Budget supplémentaire 2019"));
    ok(!same("Budget 2019", "Compte 2019"));
    ok(!same("Budget des écoles", "Écoles : budget")); // in their order
    ok(!same("Budget budget", "Budget"));
    // Nothing but what is left out: no key.
    is_text(key_of(KIND_DATASET, "org:1", "2019", places), "");
    is_text(key_of(KIND_DATASET, "org:1", "Janvier 2019", places), "");
    is_text(key_of(KIND_DATASET, "org:1", "Rennes", places), "");
    is_text(key_of(KIND_DATASET, "org:1", "de la", places), "");
    is_text(key_of(KIND_DATASET, "org:1", "!", places), "");
    is_text(key_of(KIND_DATASET, "org:1", "", places), "");
}

static void of_places(void)
{
    ok(same("PLU de Rennes", "PLU de Saint-Malo"));
    ok(same("PLU de la ville de Rennes", "PLU de la ville de Caen"));
    ok(same("PLU - Rennes", "PLU 2020 - Saint-Brieuc"));
    ok(same("Routes en Bretagne", "Routes dans le Calvados"));
    ok(!same("PLU de Rennes", "PLU de Nullepart")); // a place that nobody knows is a word
    ok(!str_eq(key_of(KIND_DATASET, "org:1", "PLU de Rennes", NULL),
               key_of(KIND_DATASET, "org:1", "PLU de Caen", NULL)));
    ok(str_eq(key_of(KIND_DATASET, "org:1", "PLU 2019", NULL),
              key_of(KIND_DATASET, "org:1", "PLU 2020", places)));
}

static void of_publishers_and_kinds(void)
{
    struct str one = key_of(KIND_DATASET, "org:1", "Budget 2019", places);
    ok(!str_eq(one, key_of(KIND_DATASET, "org:2", "Budget 2019", places)));
    ok(!str_eq(one, key_of(KIND_REUSE, "org:1", "Budget 2019", places)));
    ok(!str_eq(one, key_of(KIND_DATASERVICE, "org:1", "Budget 2019", places)));
    is_text(key_of(KIND_DATASET, "", "Budget 2019", places), ""); // of nobody
}

static void numbers(void)
{
    char out[VARIANT_BYTES + 1];
    is_text(variant_text(0x0123456789abcdefu, out), "0123456789abcdef");
    is_text(variant_text(0xau, out), "000000000000000a");
    ok(variant_number(STR("0123456789abcdef")) == 0x0123456789abcdefu);
    ok(variant_number(STR("ffffffffffffffff")) == UINT64_MAX);
    static const char *const wrong[] = {"",
                                        "0123456789abcde",
                                        "0123456789abcdef0",
                                        "0123456789ABCDEF",
                                        "0123456789abcdeg",
                                        "é123456789abcde"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ok(variant_number(str_of(wrong[i])) == 0);
    struct str key = key_of(KIND_DATASET, "org:1", "Budget 2019", places);
    is_text(variant_text(variant_number(key), out), key.p);
}

int main(void)
{
    places_begin();
    years_and_dates();
    of_places();
    of_publishers_and_kinds();
    numbers();
    places_end();
    return tap_done();
}
