// harvester/normalise/keys.h: what is a key, and what could be anybody's.
#include "harvester/normalise/keys.h"
#include "tests/tap.h"

static struct arena arena;

static void identifier(const char *text, const char *key)
{
    struct str got = identifier_key(&arena, str_of(text));
    tap_result(str_eq(got, str_of(key)), __FILE__, __LINE__, text);
    if (!str_eq(got, str_of(key)))
        printf("#   got %.*s\n", STR_ARG(got));
}

static void page(const char *text, const char *key)
{
    struct str got = page_key(&arena, str_of(text));
    tap_result(str_eq(got, str_of(key)), __FILE__, __LINE__, text);
    if (!str_eq(got, str_of(key)))
        printf("#   got %.*s\n", STR_ARG(got));
}

static void test_identifiers(void)
{
    identifier("53ae8af9a3a729709f56d50c", "id 53ae8af9a3a729709f56d50c");
    identifier(" 53AE8AF9A3A729709F56D50C ", "id 53ae8af9a3a729709f56d50c");
    identifier("c1b7d5d4-2d1f-4a53-9d2f-6f2a3b1e0c11", "id c1b7d5d4-2d1f-4a53-9d2f-6f2a3b1e0c11");
    identifier("sig:C1B7D5D4-2d1f-4a53-9d2f-6f2a3b1e0c11:v2",
               "id sig:c1b7d5d4-2d1f-4a53-9d2f-6f2a3b1e0c11:v2");
    identifier("fr-120066022-jdd-8f1b2a", "id fr-120066022-jdd-8f1b2a");
    identifier("https://doi.org/10.5281/Zenodo.1234", "id doi:10.5281/zenodo.1234");
    identifier("doi:10.5281/zenodo.1234", "id doi:10.5281/zenodo.1234");
    identifier("10.5281/ZENODO.1234", "id doi:10.5281/zenodo.1234");
    identifier("Q28865", "id Q28865");
    identifier("http://www.wikidata.org/entity/Q28865", "id Q28865");
    identifier("https://www.data.gouv.fr/datasets/5e7e104ace2080d9162b61d8/",
               "id data.gouv.fr/datasets/5e7e104ace2080d9162b61d8");
    identifier("urn:ogc:def:crs:EPSG::4326:1", "id urn:ogc:def:crs:epsg::4326:1");
    // What could be anybody's.
    static const char *const none[] = {"",
                                       "TODO",
                                       "A REMPLIR",
                                       "test",
                                       "communes",
                                       "arbres-de-la-ville",
                                       "1",
                                       "000000000000000000000000",
                                       "00000000-0000-0000-0000-000000000000",
                                       "ffffffff-ffff-ffff-ffff-ffffffffffff",
                                       "q12",
                                       "Q",
                                       "QR45",
                                       "53ae8af9a3a729709f56d50",
                                       "53ae8af9a3a729709f56d50cc",
                                       "53ae8af9a3a729709f56d50x",
                                       "https://example.org/dataset/1",
                                       "http://localhost/x",
                                       "https://www.ville.fr/",
                                       "urn:x",
                                       "c1b7d5d4-2d1f-4a53-9d2f-6f2a3b1e0c11 bis",
                                       "fr-12006602-jdd-8f1b2a",
                                       "10.5281",
                                       "10.52"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        identifier(none[i], "");
}

static void test_pages(void)
{
    page("https://www.data.gouv.fr/fr/datasets/arbres/", "page data.gouv.fr/fr/datasets/arbres");
    page("http://data.gouv.fr/fr/datasets/arbres#resources",
         "page data.gouv.fr/fr/datasets/arbres");
    page("https://opendata.ville.fr/explore/dataset/arbres/",
         "page opendata.ville.fr/explore/dataset/arbres");
    page("https://opendata.ville.fr/explore/dataset/arbres/information/",
         "page opendata.ville.fr/explore/dataset/arbres");
    page("https://opendata.ville.fr/explore/dataset/arbres/table/",
         "page opendata.ville.fr/explore/dataset/arbres");
    page("https://geo.fr/geonetwork/srv/fre/catalog.search#/metadata/c1b7",
         "page geo.fr/geonetwork/srv/fre/catalog.search#/metadata/c1b7");
    page("https://ville.fr/plans/map",
         "page ville.fr/plans/map"); // tabs are of Opendatasoft's alone
    page("https://portail.fr/?id=12", "page portail.fr/?id=12");
    page("HTTPS://WWW.Ville.FR:443/Arbres", "page ville.fr/Arbres");
    page("http://geo.ville.fr:8080/csw?id=4", "page geo.ville.fr:8080/csw?id=4");
    page("http://[2001:DB8::1]:8080/arbres", "page 2001:db8::1:8080/arbres");
    page("https://[2001:db8::1]/arbres", "page 2001:db8::1/arbres");
    static const char *const none[] = {"",
                                       "https://www.ville.fr",
                                       "https://www.ville.fr/",
                                       "https://www.ville.fr/#top",
                                       "ftp://ville.fr/arbres",
                                       "arbres",
                                       "https://example.org/arbres",
                                       "https://data.example.com/arbres",
                                       "http://localhost:8080/arbres",
                                       "http://127.0.0.1/arbres"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        page(none[i], "");
}

// Longer ones are no names.
static void test_lengths(void)
{
    enum { MOST = 500 };
    char text[MOST + 2];
    memset(text, 'a', sizeof text);
    memcpy(text, "https://ville.fr/", 17);
    is_int(page_key(&arena, str_slice(text, MOST)).n, MOST - strlen("https://") + strlen("page "));
    is_int(page_key(&arena, str_slice(text, MOST + 1)).n, 0);
    memcpy(text, "urn:aaaaaaaaaaaaa", 17);
    is_int(identifier_key(&arena, str_slice(text, MOST)).n, MOST + strlen("id "));
    is_int(identifier_key(&arena, str_slice(text, MOST + 1)).n, 0);
}

static const char *keys_of(const struct record *r)
{
    static char text[1000];
    struct record_key keys[RECORD_KEYS_MAX];
    size_t n = record_keys(&arena, r, keys), at = 0;
    text[0] = '\0';
    for (size_t i = 0; i < n; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, "%s%s%.*s", i ? "|" : "",
                               keys[i].own ? "own:" : "", STR_ARG(keys[i].text));
    return text;
}

static struct record made(enum record_kind kind, const char *source, const char *id)
{
    struct record r;
    record_init(&r);
    r.kind = kind;
    r.id = str_of(id);
    r.provenance.source = str_of(source);
    return r;
}

static void test_records(void)
{
    struct record r = made(KIND_DATASET, "data.gouv.fr", "data.gouv.fr:53ae8af9a3a729709f56d50c");
    r.provenance.remote_url = STR("https://www.data.gouv.fr/datasets/arbres/");
    r.landing_page = r.provenance.remote_url;
    is_str(keys_of(&r), "own:id 53ae8af9a3a729709f56d50c|own:page data.gouv.fr/datasets/arbres");
    // Got elsewhere: what it names is the other's.
    r.provenance.origin_url = STR("https://opendata.ville.fr/explore/dataset/arbres/");
    r.provenance.origin_id = STR("arbres");
    is_str(keys_of(&r), "own:id 53ae8af9a3a729709f56d50c|own:page data.gouv.fr/datasets/arbres|"
                        "page opendata.ville.fr/explore/dataset/arbres");
    r.landing_page = STR("https://ville.fr/arbres"); // the other's, too
    r.provenance.origin_url = STR_NONE;
    is_str(keys_of(&r), "own:id 53ae8af9a3a729709f56d50c|own:page data.gouv.fr/datasets/arbres|"
                        "page ville.fr/arbres");
    r.provenance.origin_id = STR("10.5281/zenodo.1234"); // named, and its own name besides
    r.landing_page = STR_NONE;
    r.aliases = (struct strs){(struct str[]){STR("doi:10.5281/Zenodo.1234")}, 1};
    is_str(keys_of(&r), "own:id 53ae8af9a3a729709f56d50c|own:id doi:10.5281/zenodo.1234|"
                        "own:page data.gouv.fr/datasets/arbres");
    r = made(KIND_DATASERVICE, "apis", "apis:dataservice.53ae8af9a3a729709f56d50c");
    is_str(keys_of(&r), "own:id 53ae8af9a3a729709f56d50c");
    r = made(KIND_SOFTWARE, "beta", "beta:a-dock");
    r.repository_url = STR("git@github.com:MTES-MCT/A-Dock.git");
    r.landing_page = STR("https://a-dock.fr/");
    is_str(keys_of(&r), "own:page a-dock.fr|repository https://github.com/mtes-mct/a-dock");
    r.aliases = (struct strs){(struct str[]){STR("Q28865"), STR("a-quai")}, 2};
    is_str(keys_of(&r),
           "own:page a-dock.fr|repository https://github.com/mtes-mct/a-dock|own:id Q28865");
    r = made(KIND_SOFTWARE, "code", "code:github.com/etalab/ban");
    r.provenance.remote_url = r.repository_url = STR("https://github.com/etalab/ban");
    r.landing_page = STR("https://adresse.data.gouv.fr/");
    is_str(keys_of(&r), "own:page github.com/etalab/ban|repository https://github.com/etalab/ban");
    r = made(KIND_ORGANIZATION, "a", "a:organization.53ae8af9a3a729709f56d50c");
    is_str(keys_of(&r), "");
    r = made(KIND_DATASET, "a", "a:");
    is_str(keys_of(&r), "");
}

int main(void)
{
    test_identifiers();
    test_pages();
    test_lengths();
    test_records();
    arena_free(&arena);
    return tap_done();
}
