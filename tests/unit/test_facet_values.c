// indexer/search/facet_values: the values of one facet by their letters, against the facets of a search and against counts by hand.
#include "tests/unit/search_fixture.h"

enum { RECORDS = 240, PUBLISHERS = 60 };

static struct facet_search wanted;
static struct facet_found found;

static struct str publisher_name(int i)
{
    static const char *const names[] = {"Ville de Saint-Étienne", "Métropole de Lyon",
                                        "S.N.C.F. Réseau", "Région Île-de-France",
                                        "Syndicat d’eau de l’Œuf"};
    return i < 5 ? str_of(names[i]) : arena_printf(&arena, "Commune n%02dx", i);
}

static void fill(void)
{
    const struct license licences[] = {{STR("etalab-2.0"), STR("Licence Ouverte 2.0"), true},
                                       {STR("sans-nom"), STR(""), true}};
    begin_generation();
    for (int i = 0; i < RECORDS; i++) {
        struct record r = record_of(arena_printf(&arena, "r%03d", i).p, (enum record_kind)(i % 3),
                                    i % 2 ? "Fontaines" : "Fontaines publiques");
        int p = i % PUBLISHERS;
        r.publisher.id = arena_printf(&arena, "org:%02d", p);
        r.publisher.name = publisher_name(p);
        r.license = licences[i % 4 == 0];
        r.keywords = list_of(arena_printf(&arena, "eau-%02d|Élagage %d", i % 40, i % 7).p);
        r.frequency = i % 5 ? STR("ANNUAL") : STR("DAILY");
        add(&r, STATUS_ACTIVE);
    }
    struct record r = record_of("org", KIND_ORGANIZATION, "Fontaines");
    r.publisher.id = STR("org:00");
    r.publisher.name = publisher_name(0);
    add(&r, STATUS_ACTIVE);
    commit("1", true);
}

static struct str french(enum facet facet, struct str value)
{
    if (facet == FACET_FREQUENCY)
        return str_eq(value, STR("DAILY")) ? STR("Quotidienne") : STR("Annuelle");
    return value;
}

// "label:count, label:count" of the values of a facet that have the letters, over a search; the word of the error.
static struct str values(const char *line, enum facet facet, const char *letters)
{
    struct buf b = {0};
    read_request(line);
    wanted = (struct facet_search){.facet = facet,
                                   .letters = str_of(letters),
                                   .page = request.page,
                                   .page_size = request.page_size,
                                   .label_of = french};
    e = (struct err){0};
    if (!searcher_facet_values(searcher, &request, &wanted, &arena, &found, &e))
        return str_of(err_name(e.code));
    for (size_t i = 0; i < found.n; i++)
        buf_addf(&b, "%s%.*s:%u", i ? ", " : "", STR_ARG(found.values[i].label),
                 found.values[i].count);
    struct str s = b.n ? arena_str(&arena, buf_str(&b)) : STR("");
    buf_free(&b);
    return s;
}

static void letters(void)
{
    is_text(values("", FACET_PUBLISHER, "ville"), "Ville de Saint-Étienne:4");
    is_text(found.values[0].value, "org:00");
    is_int(found.total, 1);
    ok(found.revision != 0);
    // Any case, accents or none, any word, in any order, each by its beginning.
    const char *const saint_etienne[] = {"VIL",        "saint",       "etienne", "Étienne", "éti",
                                         "etienne vi", "v sai et de", " saint-", "S.étien"};
    for (size_t i = 0; i < sizeof saint_etienne / sizeof *saint_etienne; i++)
        is_text(values("", FACET_PUBLISHER, saint_etienne[i]), "Ville de Saint-Étienne:4");
    is_text(values("", FACET_PUBLISHER, "tienne"), "");
    is_text(values("", FACET_PUBLISHER, "ville lyon"), "");
    is_int(found.total, 0);
    is_text(values("", FACET_PUBLISHER, "sncf"), "S.N.C.F. Réseau:4");
    is_text(values("", FACET_PUBLISHER, "ile de f"), "Région Île-de-France:4");
    is_text(values("", FACET_PUBLISHER, "oeuf"), "Syndicat d’eau de l’Œuf:4");
    is_text(values("", FACET_PUBLISHER, "d'eau"), "Syndicat d’eau de l’Œuf:4");
    // A value is not its identifier.
    is_text(values("", FACET_PUBLISHER, "org"), "");
    // One letter twice is one word twice: both are there.
    is_text(values("", FACET_PUBLISHER, "lyon lyon"), "Métropole de Lyon:4");
    // More words than any name has are passed over.
    is_text(values("", FACET_PUBLISHER, "l l l l l l l l zzz"),
            "Métropole de Lyon:4, Syndicat d’eau de l’Œuf:4");
    // Signs are no letters: as if there were none.
    values("", FACET_PUBLISHER, " !? ");
    is_int(found.total, PUBLISHERS);
}

static void labels(void)
{
    is_text(values("", FACET_FREQUENCY, ""), "Annuelle:192, Quotidienne:48");
    is_text(values("", FACET_FREQUENCY, "quot"), "Quotidienne:48");
    is_text(found.values[0].value, "DAILY");
    is_text(values("", FACET_FREQUENCY, "daily"), "");
    // A value whose label is empty in the index is named by the caller.
    is_text(values("", FACET_LICENSE, ""), "Licence Ouverte 2.0:180, sans-nom:60");
    is_text(values("", FACET_LICENSE, "nom"), "sans-nom:60");
    is_text(values("page_size=3", FACET_KEYWORD, "elag"),
            "Élagage 0:35, Élagage 1:35, Élagage 2:34");
    is_int(found.total, 7);
    is_text(values("", FACET_SCHEMA, ""), "");
}

static void searches(void)
{
    // Over a search, with its words and its filters.
    is_text(values("q=publiques", FACET_PUBLISHER, "lyon"), "");
    is_text(values("q=publiques", FACET_PUBLISHER, "etienne"), "Ville de Saint-Étienne:4");
    is_text(values("kind=dataset", FACET_PUBLISHER, "etienne"), "Ville de Saint-Étienne:4");
    is_text(values("kind=reuse", FACET_PUBLISHER, "etienne"), "");
    is_text(values("kind=organization", FACET_PUBLISHER, "e"), "Ville de Saint-Étienne:1");
    is_text(values("q=rien", FACET_PUBLISHER, ""), "");
    // Its own filter is left out: what is chosen does not hide what else could be.
    is_text(values("publisher=org:01", FACET_PUBLISHER, "etienne"), "Ville de Saint-Étienne:4");
    is_text(values("publisher=org:01&frequency=ANNUAL", FACET_FREQUENCY, ""), "Annuelle:4");
    is_text(values("publisher=org:00&frequency=ANNUAL", FACET_FREQUENCY, ""), "Quotidienne:4");
    // Where no record has every word, over those that have some, as the search says.
    is_text(values("q=fontaines publiques inconnues", FACET_PUBLISHER, "etienne"),
            "Ville de Saint-Étienne:4");
}

// The values of a search's facets, with their counts, are the first ones here.
static void as_facets(void)
{
    const char *const lines[] = {"",
                                 "q=publiques",
                                 "q=publiques zzzz",
                                 "q=fontaines&kind=dataset",
                                 "publisher=org:03&license=etalab-2.0",
                                 "keyword=eau-03"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        for (int f = 0; f < FACET_COUNT; f++) {
            ask(arena_printf(&arena, "%s&facets=1", lines[i]).p);
            struct str facets = facet_text((enum facet)f);
            struct buf b = {0};
            values(lines[i], (enum facet)f, "");
            for (size_t j = 0; j < found.n; j++)
                buf_addf(&b, "%s%.*s:%u", j ? " " : "", STR_ARG(found.values[j].value),
                         found.values[j].count);
            is_text(facets, b.n ? arena_z(&arena, buf_str(&b)) : "");
            buf_free(&b);
        }
}

static void pages(void)
{
    struct buf all = {0};
    for (int page = 1; page <= 4; page++) {
        struct str one =
            values(arena_printf(&arena, "page=%d&page_size=25", page).p, FACET_PUBLISHER, "");
        is_int(found.total, PUBLISHERS);
        is_int(found.n, page < 3 ? 25 : page == 3 ? 10 : 0);
        buf_addf(&all, "%s%.*s", page > 1 && one.n ? ", " : "", STR_ARG(one));
    }
    struct str whole = values("page_size=100", FACET_PUBLISHER, "");
    is_int(found.n, PUBLISHERS);
    is_text(whole, arena_z(&arena, buf_str(&all)));
    buf_free(&all);
    is_text(found.values[0].value, "org:00"); // as many records each: in the order of bytes
    is_text(found.values[59].value, "org:59");
}

static void refused(void)
{
    char long_q[SEARCH_QUERY_BYTES + 8] = "q=";
    memset(long_q + 2, 'a', SEARCH_QUERY_BYTES + 1);
    is_text(values(long_q, FACET_PUBLISHER, ""), "query");
}

int main(void)
{
    search_begin();
    is_text(values("", FACET_PUBLISHER, ""), "not_found");
    fill();
    letters();
    labels();
    searches();
    as_facets();
    pages();
    refused();
    search_end();
    return tap_done();
}
