// indexer/places: a small table of our own for the rules, then the shipped one for what France is like.
#include "indexer/places/places.h"
#include "tests/tap.h"

#include <stdlib.h>

#ifndef SOURCE_DIR
#define SOURCE_DIR "."
#endif

static const char table[] =
    "level\tcode\tname\tparents\tpopulation\tpostcodes\tformer\tother names\n"
    "country-group\tworld\tMonde\n"
    "country\tfr\tFrance\tcountry-group:world\t60000000\n"
    "region\t53\tBretagne\tcountry:fr\t3400000\t\t\tBreizh\n"
    "region\t24\tCentre-Val de Loire\tcountry:fr\t2500000\t\t\tCentre\n"
    "region\t84\tAuvergne-Rhône-Alpes\tcountry:fr\t8000000\n"
    "departement\t35\tIlle-et-Vilaine\tregion:53\t1100000\n"
    "departement\t22\tCôtes-d'Armor\tregion:53\t600000\n"
    "departement\t45\tLoiret\tregion:24\t680000\n"
    "departement\t42\tLoire\tregion:84\t760000\n"
    "departement\t38\tIsère\tregion:84\t1270000\n"
    "departement\t84\tVaucluse\tcountry:fr\t560000\n"
    "departement\t86\tVienne\tcountry:fr\t438000\n"
    "collectivite\t987\tPolynésie française\tcountry:fr\t278000\n"
    "arrondissement\t353\tRennes\t35\n"
    "epci\t243500139\tRennes Métropole\t35\t470000\n"
    "epci\t200000002\tCC du Pays de Dol\t35\t20000\n"
    "epci\t200000003\tCA du Grand Avignon (COGA)\t84\t190000\n"
    "epci\t200000004\tCU Le Havre Seine Métropole\t22\t260000\n"
    "commune\t35238\tRennes\t243500139 353\t230000\t35000 35200\n"
    "commune\t35288\tSaint-Malo\t\t47000\t35400\n"
    "commune\t35999\tSaint-Ouen\t\t900\n"
    "commune\t22999\tSaint-Ouen\t\t800\n"
    "commune\t84087\tOrange\t\t29000\t84100\n"
    "commune\t38544\tVienne\t\t31000\n"
    "commune\t45999\tMontbel\t\t100\n"
    "commune\t22351\tLe Havre\t200000004\t160000\n"
    "commune\t45998\tPetite-Ville-sur-Loire\t\t2500\n"
    "commune\t45997\tMars\t\t600\n"
    "commune\t38998\tL'Haÿ-les-Roses\t\t30000\n"
    "commune-deleguee\t35997\tVieux-Bourg\t35238\n"
    "arrondissement-municipal\t35901\tRennes 1er Arrondissement\t35238\t1000\n";

static const char words[] = "# a comment\n"
                            "commune: commune communes ville mairie PLU\n"
                            "departement: département DDT préfecture\n"
                            "region: région DREAL   # and more\n"
                            "epci: communauté métropole agglomération\n"
                            "academy: académie\n"
                            "other: rue forêt saint\n"
                            "ordinary: orange mars vienne loire centre\n"
                            "national: ministère national\n"
                            "local: syndicat\n";

static struct analyzer *analyzer;
static struct territories *territories;
static struct places *places;
static struct arena arena;

// "id[first,count) id ..." of what is found, or "-".
static const char *found_in(const char *text, enum place_text kind, const char *near)
{
    static char out[1000];
    struct place_found found[PLACES_FOUND_MAX];
    const struct territory *from = near ? territory_find_code(territories, str_of(near)) : NULL;
    size_t n = places_in_text(places, analyzer, str_of(text), kind, from, found), at = 0;
    snprintf(out, sizeof out, "-");
    for (size_t i = 0; i < n; i++)
        at += (size_t)snprintf(out + at, sizeof out - at, "%s%.*s[%u,%u)", i ? " " : "",
                               STR_ARG(found[i].place->code), found[i].first, found[i].count);
    return out;
}

#define title(text, near, want) is_str(found_in(text, PLACE_TITLE, near), want)
#define query(text, want) is_str(found_in(text, PLACE_QUERY, NULL), want)
#define label(text, near, want) is_str(found_in(text, PLACE_LABEL, near), want)

static void titles(void)
{
    title("Bornes de recharge à Rennes", NULL, "35238[4,1)");
    title("Budget de la ville de Rennes", NULL, "35238[5,1)");
    title("Bornes de Rennes Métropole", NULL, "243500139[2,2)");
    title("Bornes de la métropole de Rennes", NULL, "243500139[5,1)");
    title("Agglomération de Rennes : budget", NULL, "243500139[2,1)");
    title("Bornes en Bretagne", NULL, "53[2,1)");
    title("Bornes en bretagne et en ille et vilaine", NULL, "53[2,1) 35[5,3)");
    title("PLU de SAINT MALO", NULL, "35288[2,2)");
    title("PLU de St-Malo", NULL, "35288[2,2)");
    title("Crèches de L'Haÿ-les-Roses", NULL, "38998[2,4)");
    title("Budget du Havre", NULL, "22351[1,2)");
    title("Budget du havre de paix", NULL, "-");
    title("Rennes, Saint-Malo et Rennes", NULL, "35238[0,1) 35288[1,2)");
    title("Parcs du Pays de Dol", "35", "200000002[2,3)");
    title("Parcs du Grand Avignon", "84", "200000003[2,2)");
    title("", NULL, "-");
    title("Données", NULL, "-");
    title("\xff\xfe", NULL, "-");

    // Words that are names too.
    title("Prévention orange", NULL, "-");
    title("Antennes Orange", NULL, "-");
    title("Commune d'Orange : budget", NULL, "84087[2,1)");
    title("Marchés à Orange", NULL, "84087[2,1)");
    title("Budget Orange (84087)", NULL, "84087[1,1)");
    title("Délibérations de 2003 à Mars 2014", NULL, "-");
    title("Ville de Mars", NULL, "45997[2,1)");
    title("Eaux de la Mer de Bretagne", NULL, "53[5,1)");
    // What stands before, or is glued to it, makes it something else.
    title("Commerces de la rue de Rennes", NULL, "-");
    title("Forêt de Rennes", "35", "-");
    title("Ligne Rennes-Brest", NULL, "-");
    title("Ligne Mont-Rennes", NULL, "-");

    // Départements that are rivers.
    title("Crues de la Loire", NULL, "-");
    title("Routes du département de la Loire", NULL, "42[5,1)");
    title("Routes de la Loire", "84087", "-");
    title("Routes de la Loire", "53", "-");
    title("Routes dans la Loire (42)", NULL, "42[3,1)");
    title("Orthophotos - Loire", NULL, "42[1,1)");
    title("Centre de tri", NULL, "-");
    title("Routes de la région Centre", NULL, "24[4,1)");
    title("Vienne : orthophotos", NULL, "86[0,1)"); // the département is the larger
    title("Commune de Vienne", NULL, "38544[2,1)");

    // Small communes are believed where the text comes from, or by what stands beside.
    title("Zones de Montbel", NULL, "-");
    title("Zones de Montbel", "45", "45999[2,1)");
    title("Zones de la commune de Montbel", NULL, "45999[5,1)");
    title("Zones de Montbel (45)", NULL, "45999[2,1)");
    title("Zones de Montbel, Loiret", NULL, "45999[2,1) 45[3,1)");
    title("Zones de Petite-Ville-sur-Loire", NULL, "45998[2,4)");
    title("Zones de petite ville sur Loire", NULL, "-");
    title("Zones de Vieux-Bourg", "35238", "35997[2,2)");
    title("Zones de Vieux-Bourg", NULL, "-");

    // Several of one name.
    title("Commune de Saint-Ouen", NULL, "-");
    title("Commune de Saint-Ouen", "22", "22999[2,2)");
    title("Commune de Saint-Ouen (35)", NULL, "35999[2,2)");
    title("Commune de Saint-Ouen, Côtes-d'Armor", NULL, "22999[2,2) 22[4,3)");
    title("Commune de Saint-Ouen en Ille-et-Vilaine", "53", "35999[2,2) 35[5,3)");

    title("DDT35 : zones", NULL, "35[0,1)");
    title("Préfecture 22", NULL, "22[1,1)");
    title("Ventes en France", NULL, "fr[2,1)");
    title("Ventes Vestel France", NULL, "-");
    title("Rennes 1er", NULL, "35901[0,2)");
}

static void queries(void)
{
    query("bornes de recharge autour de rennes", "35238[5,1)");
    query("écoles st malo", "35288[1,2)");
    query("orange", "-");
    query("ville d'orange", "84087[2,1)");
    query("transports breizh", "53[1,1)");
    query("métropole de rennes", "243500139[2,1)");
    query("forêt de rennes", "-");
    query("forêt rennes", "35238[1,1)");
    query("montbel", "-");
}

static void labels(void)
{
    label("Rennes", NULL, "35238[0,1)");
    label("Rennes Métropole", NULL, "243500139[0,2)");
    label("Le Grand Avignon (COGA)", NULL, "200000003[1,3)");
    label("Le Grand Avignon", NULL, "200000003[1,2)");
    label("Le Havre Seine Métropole", NULL, "200000004[0,4)");
    label("Orange", NULL, "84087[0,1)");
    label("Montbel", NULL, "45999[0,1)");
    label("Saint-Ouen", NULL, "-");
    label("Saint-Ouen", "35", "35999[0,2)");
    label("Monde", NULL, "world[0,1)");
    label("Autour de Rennes", NULL, "-");
}

static const char *publisher(const char *name, const char *kind)
{
    static char out[TERRITORY_ID_BYTES + 1];
    const struct territory *t = places_of_publisher(places, analyzer, str_of(name), str_of(kind));
    snprintf(out, sizeof out, "%.*s", t ? (int)t->code.n : 1, t ? t->code.p : "-");
    return out;
}

static void publishers(void)
{
    is_str(publisher("Ville de Rennes", NULL), "35238");
    is_str(publisher("VILLE DE RENNES", NULL), "35238");
    is_str(publisher("Mairie d'Orange", NULL), "84087");
    is_str(publisher("Orange", NULL), "-"); // the firm
    is_str(publisher("Montbel", NULL), "45999");
    is_str(publisher("MONTBEL", NULL), "-"); // written as firms are
    is_str(publisher("Rennes Métropole en accès libre", NULL), "243500139");
    is_str(publisher("Communauté de communes du Pays de Dol", NULL), "200000002");
    is_str(publisher("Pays de Dol", NULL), "200000002");
    is_str(publisher("CC DU PAYS DE DOL", NULL), "200000002");
    is_str(publisher("Orange Agglomération", NULL), "-");
    is_str(publisher("Agglomération du Havre", NULL), "200000004"); // by its commune
    is_str(publisher("Montbel Agglomération", NULL), "-");
    is_str(publisher("DDTM et de la Mer de la Loire", NULL), "42");
    is_str(publisher("Mer de la Loire", NULL), "42");
    is_str(publisher("Département d'Ille-et-Vilaine", NULL), "35");
    is_str(publisher("DDT Loire", NULL), "42");
    is_str(publisher("Conseil de la Loire", NULL), "42");
    is_str(publisher("Loire Habitat", NULL), "-");
    is_str(publisher("DDT 22", NULL), "22");
    is_str(publisher("DREAL Bretagne", NULL), "53");
    is_str(publisher("Académie de Rennes", NULL), "53");
    is_str(publisher("Institut de la Polynésie française", NULL), "987");
    is_str(publisher("Commune de Saint-Ouen (35)", NULL), "35999");
    is_str(publisher("Commune de Saint-Ouen", NULL), "-");
    is_str(publisher("Ministère de la Culture", NULL), "fr");
    is_str(publisher("Ministère de la Culture", "public-service"), "fr");
    is_str(publisher("Syndicat national", "public-service"), "-");
    is_str(publisher("Ministère de la Culture", "association"), "-");
    is_str(publisher("Garage de Rennes", "company"), "-");
    is_str(publisher("Rennes", "user"), "-");
    is_str(publisher("", NULL), "-");
}

static const char *zones_of(const char *zone, const char *place_label, const char *text,
                            const char *name)
{
    static char out[1000];
    struct str zones[1] = {str_of(zone)}, marks[1] = {str_of(place_label)};
    struct place_record r = {.zones = {zones, zone != NULL},
                             .labels = {marks, place_label != NULL},
                             .title = str_of(text),
                             .publisher_name = str_of(name)};
    struct record_places found = places_of_record(places, analyzer, &r, &arena);
    snprintf(out, sizeof out, "-");
    for (size_t i = 0, at = 0; i < found.n; i++)
        at += (size_t)snprintf(out + at, sizeof out - at, "%s%c=%.*s", i ? " " : "",
                               "ZLTP"[found.v[i].source], STR_ARG(found.v[i].zone));
    struct strs up = places_ancestors(places, &found, &arena);
    size_t at = strlen(out);
    for (size_t i = 0; i < up.n; i++)
        at += (size_t)snprintf(out + at, sizeof out - at, " <%.*s", STR_ARG(up.v[i]));
    return out;
}

static void records(void)
{
    is_str(zones_of("fr:commune:35238", "Saint-Malo", "Orange", "DREAL Bretagne"),
           "Z=fr:commune:35238 L=fr:commune:35288 <fr:epci:243500139 <fr:arrondissement:353 "
           "<fr:departement:35 <fr:region:53 <country:fr <country-group:world");
    is_str(zones_of("fr:iris:352380101", NULL, "", NULL),
           "Z=fr:iris:352380101 <fr:commune:35238 <fr:epci:243500139 <fr:arrondissement:353 "
           "<fr:departement:35 <fr:region:53 <country:fr <country-group:world");
    is_str(zones_of("country:de", NULL, "Rennes", NULL), "Z=country:de <country-group:world");
    is_str(zones_of("country-group:ue", NULL, "", NULL), "Z=country-group:ue");
    is_str(zones_of(NULL, "Nulle part", "Budget de la ville de Saint-Malo", "DREAL Bretagne"),
           "T=fr:commune:35288 <fr:departement:35 <fr:region:53 <country:fr <country-group:world");
    is_str(zones_of(NULL, NULL, "Bus vers Saint-Malo", "Rennes Métropole"),
           "T=fr:commune:35288 P=fr:epci:243500139 <fr:departement:35 <fr:region:53 <country:fr "
           "<country-group:world");
    is_str(zones_of(NULL, NULL, "Trains de Bretagne", "Rennes Métropole"),
           "T=fr:region:53 <country:fr <country-group:world");
    is_str(zones_of(NULL, NULL, "Budget", "DREAL Bretagne"),
           "P=fr:region:53 <country:fr <country-group:world");
    is_str(zones_of(NULL, NULL, "Budget", "Ministère de la Culture"),
           "P=country:fr <country-group:world");
    is_str(zones_of(NULL, NULL, "Musées à Rennes", "Ministère de la Culture"),
           "T=fr:commune:35238 <fr:epci:243500139 <fr:arrondissement:353 <fr:departement:35 "
           "<fr:region:53 <country:fr <country-group:world");
    is_str(zones_of(NULL, NULL, "Budget", "Somebody"), "-");
    is_str(zones_of("country:fr", NULL, "", NULL), "Z=country:fr <country-group:world");

    // Own zones are not their own ancestors.
    struct str two[] = {STR("fr:departement:35"), STR("fr:commune:35238"),
                        STR("fr:departement:35")};
    struct place_record r = {.zones = {two, 3}};
    struct record_places found = places_of_record(places, analyzer, &r, &arena);
    is_int(found.n, 2);
    struct strs up = places_ancestors(places, &found, &arena);
    is_int(up.n, 5);
    is_text(up.v[0], "fr:region:53");
}

static const char *filter(const char *zone)
{
    static char out[500];
    struct strs list = places_filter_zones(places, str_of(zone), &arena);
    size_t at = 0;
    out[0] = '\0';
    for (size_t i = 0; i < list.n; i++)
        at +=
            (size_t)snprintf(out + at, sizeof out - at, "%s%.*s", i ? " " : "", STR_ARG(list.v[i]));
    return out;
}

static void filters(void)
{
    const char *rennes = "fr:commune:35238 fr:epci:243500139 fr:arrondissement:353 "
                         "fr:departement:35 fr:region:53 country:fr country-group:world";
    is_str(filter("fr:commune:35238"), rennes);
    is_str(filter("35238"), rennes);
    is_str(filter("fr:commune:35238@1943-01-01"), rennes);
    is_str(filter("35"), "fr:departement:35 fr:region:53 country:fr country-group:world");
    is_str(filter("fr:canton:3501"), "fr:canton:3501 fr:departement:35 fr:region:53 country:fr "
                                     "country-group:world");
    is_str(filter("country:de"), "country:de country-group:world");
    is_str(filter("fr:commune:99999"), "fr:commune:99999");
    is_str(filter("nowhere"), "nowhere");
}

static const char *suggested(const char *typed, enum territory_level level)
{
    static char out[500];
    struct place_suggestion s[4];
    size_t n = places_suggest(places, str_of(typed), level, s, 4), at = 0;
    snprintf(out, sizeof out, "-");
    for (size_t i = 0; i < n; i++)
        at += (size_t)snprintf(out + at, sizeof out - at, "%s%s%.*s", i ? " " : "",
                               s[i].exact ? "=" : "", STR_ARG(s[i].place->code));
    return out;
}

static void suggestions(void)
{
    is_str(suggested("rennes", TERRITORY_LEVELS), "=35238 =353 243500139 35901");
    is_str(suggested("RENN", TERRITORY_LEVELS), "243500139 35238 35901 353");
    is_str(suggested("renn", TERRITORY_COMMUNE), "35238");
    is_str(suggested("st malo", TERRITORY_LEVELS), "=35288");
    is_str(suggested("saint-m", TERRITORY_LEVELS), "35288");
    is_str(suggested("havre", TERRITORY_LEVELS), "=22351 200000004");
    is_str(suggested("le havre", TERRITORY_COMMUNE), "=22351");
    is_str(suggested("vilaine", TERRITORY_LEVELS), "35");
    is_str(suggested("breizh", TERRITORY_LEVELS), "=53");
    is_str(suggested("35000", TERRITORY_LEVELS), "=35238");
    is_str(suggested("35238", TERRITORY_LEVELS), "=35238");
    is_str(suggested("35", TERRITORY_LEVELS), "=35");
    is_str(suggested("fr:region:53", TERRITORY_LEVELS), "=53");
    is_str(suggested("saint ouen", TERRITORY_LEVELS), "=35999 =22999"); // the most populous first
    is_str(suggested("coga", TERRITORY_LEVELS), "200000003");
    is_str(suggested("", TERRITORY_LEVELS), "-");
    is_str(suggested("  ", TERRITORY_LEVELS), "-");
    is_str(suggested("zzz", TERRITORY_LEVELS), "-");
    is_str(suggested("\xff", TERRITORY_LEVELS), "-");
    struct place_suggestion one;
    is_int(places_suggest(places, STR("e"), TERRITORY_LEVELS, &one, 0), 0);
    is_int(places_suggest(places, STR("r"), TERRITORY_LEVELS, &one, 1), 1);
    is_text(one.place->code, "84"); // Auvergne-Rhône-Alpes: the most populous
}

static void limits(void)
{
    struct buf b = {0};
    for (int i = 0; i < 1000; i++)
        buf_addz(&b, "à Rennes, à Saint-Malo, ");
    struct place_found found[PLACES_FOUND_MAX];
    is_int(places_in_text(places, analyzer, buf_str(&b), PLACE_TITLE, NULL, found), 2);
    buf_clear(&b);
    for (int i = 0; i < 1000; i++)
        buf_addz(&b, "anticonstitutionnellement-");
    is_int(places_in_text(places, analyzer, buf_str(&b), PLACE_PUBLISHER, NULL, found), 0);
    is_int(places_suggest(places, buf_str(&b), TERRITORY_LEVELS, NULL, 0), 0);
    buf_free(&b);
}

static void wrong_words(const char *text, const char *where, const char *what)
{
    struct err e = {0};
    ok(places_new(territories, str_of(text), &e) == NULL);
    is_int(e.code, ERR_CONFIG);
    is_str(e.where, where);
    is_str(e.what, what);
}

static struct str read_file(const char *name)
{
    FILE *f = fopen(arena_printf(&arena, "%s/%s", SOURCE_DIR, name).p, "rb");
    if (!f)
        abort();
    char *bytes = arena_bytes(&arena, 4 << 20);
    size_t n = fread(bytes, 1, 4 << 20, f);
    fclose(f);
    return str_slice(bytes, n);
}

static void shipped(void)
{
    struct err e = {0};
    territories = territories_new(read_file("config/territories.tsv"), &e);
    places = territories ? places_new(territories, read_file("config/place-words.txt"), &e) : NULL;
    ok(places != NULL);
    is_str(e.what, "");
    if (!places)
        return;
    title("Les bornes de recharge à Rennes", NULL, "35238[5,1)");
    title("Plan local d'urbanisme de la Poste", NULL, "-");
    title("Base Adresse Locale - commune d’Alban (81003)", NULL, "81003[5,1)");
    title("PLU de CHATEAUNEUF DE GALAURE 26083 - Mise à jour", "30", "26083[2,3)");
    title("Élections à Paris 12e", NULL, "75112[2,2)");
    title("Qualité des eaux de La Réunion", NULL, "974[4,2)");
    title("Ports de Saint-Pierre-et-Miquelon", NULL, "975[2,4)");
    title("Pollution en Mer du Nord", NULL, "-");
    title("Eaux de La Motte-Saint-Martin", NULL, "-"); // nor of Saint-Martin
    is_str(publisher("Direction Départementale des Territoires et de la Mer du Nord", NULL), "59");
    is_str(publisher("SAINT-MALO AGGLOMERATION", NULL), "243500782");
    is_str(publisher("Vice-rectorat de la Polynésie française", NULL), "987");
    title("Sens de circulation, plan des bois et mines", NULL, "-");
    is_str(publisher("Direction Départementale des Territoires de la Marne", NULL), "51");
    is_str(publisher("DDT de la Marne (DDT51)", NULL), "51");
    is_str(publisher("SDIS 35", NULL), "35");
    is_str(publisher("Grand Lyon", NULL), "200046977");
    is_str(publisher("Métropole de Nantes", NULL), "244400404");
    is_str(publisher("Mairie de Saint-Denis (La Réunion)", NULL), "97411");
    is_str(publisher("Collectivité de Corse", NULL), "94");
    is_str(publisher("Institut national de la statistique (INSEE)", NULL), "fr");
    is_str(suggested("réunion", TERRITORY_DEPARTEMENT), "=974");
    is_str(suggested("ajac", TERRITORY_COMMUNE), "=11003 2A004");
    label("Saint-Denis", "974", "97411[0,2)");
    places_free(places);
    territories_free(territories);
}

int main(void)
{
    struct err e = {0};
    analyzer = analyzer_new(STR("de la le les du des et en à pour"), &e);
    territories = territories_new(str_of(table), &e);
    places = territories ? places_new(territories, str_of(words), &e) : NULL;
    ok(analyzer && places);
    if (!places) {
        printf("# %s: %s\n", e.where, e.what);
        return tap_done();
    }
    ok(places_territories(places) == territories);
    titles();
    queries();
    labels();
    publishers();
    records();
    filters();
    suggestions();
    limits();
    wrong_words("commune ville\n", "line 1", "a line is a role, a colon and words");
    wrong_words("\nplanet: mars\n", "line 2", "a line is a role, a colon and words");
    wrong_words(": mars\n", "line 1", "a line is a role, a colon and words");
    wrong_words("commune: rond-point\n", "line 1", "\"rond-point\" is not one word");
    wrong_words("commune: ---\n", "line 1", "\"---\" is not one word");
    places_free(places);
    places_free(NULL);
    territories_free(territories);
    shipped();
    analyzer_free(analyzer);
    arena_free(&arena);
    return tap_done();
}
