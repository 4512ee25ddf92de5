// The vocabularies that DCAT catalogues point to by IRI, and that few describe in their own file. Sources: the EU's authority tables
// (data-theme, language, country; publications.europa.eu/resource/authority), the INSPIRE theme register, ISO 19115's topic
// categories, Eurostat's NUTS 2021 for France, INSEE's id.insee.fr. Constant data; any thread.
#include "harvester/drivers/dcat/dcat.h"

struct word {
    const char *code, *word;
};

static struct str find(const struct word *words, size_t n, struct str code)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq_nocase(code, str_of(words[i].code)))
            return str_of(words[i].word);
    return STR_NONE;
}
#define FIND(words, code) find((words), sizeof(words) / sizeof *(words), (code))

// What stands behind one of the prefixes; {NULL, 0} when the IRI has none of them. With https and with http.
static struct str behind(struct str iri, const char *const *prefixes)
{
    if (str_starts(iri, STR("https://")))
        iri = str_slice(iri.p + 8, iri.n - 8);
    else if (str_starts(iri, STR("http://")))
        iri = str_slice(iri.p + 7, iri.n - 7);
    for (; *prefixes; prefixes++) {
        struct str prefix = str_of(*prefixes);
        if (str_starts(iri, prefix))
            return str_slice(iri.p + prefix.n, iri.n - prefix.n);
    }
    return STR_NONE;
}

// ---- Themes --------------------------------------------------------------------------------------

static const struct word data_themes[] = {
    {"AGRI", "Agriculture, pêche, sylviculture et alimentation"},
    {"ECON", "Économie et finances"},
    {"EDUC", "Éducation, culture et sport"},
    {"ENER", "Énergie"},
    {"ENVI", "Environnement"},
    {"GOVE", "Gouvernement et secteur public"},
    {"HEAL", "Santé"},
    {"INTR", "Questions internationales"},
    {"JUST", "Justice, système juridique et sécurité publique"},
    {"OP_DATPRO", "Données provisoires"},
    {"REGI", "Régions et villes"},
    {"SOCI", "Population et société"},
    {"TECH", "Science et technologie"},
    {"TRAN", "Transports"},
};

static const struct word inspire_themes[] = {
    {"ac", "Conditions atmosphériques"},
    {"ad", "Adresses"},
    {"af", "Installations agricoles et aquacoles"},
    {"am", "Zones de gestion, de restriction ou de réglementation"},
    {"au", "Unités administratives"},
    {"br", "Régions biogéographiques"},
    {"bu", "Bâtiments"},
    {"cp", "Parcelles cadastrales"},
    {"ef", "Installations de suivi environnemental"},
    {"el", "Altitude"},
    {"er", "Sources d’énergie"},
    {"ge", "Géologie"},
    {"gg", "Systèmes de maillage géographique"},
    {"gn", "Dénominations géographiques"},
    {"hb", "Habitats et biotopes"},
    {"hh", "Santé et sécurité des personnes"},
    {"hy", "Hydrographie"},
    {"lc", "Occupation des terres"},
    {"lu", "Usage des sols"},
    {"mf", "Caractéristiques géographiques météorologiques"},
    {"mr", "Ressources minérales"},
    {"nz", "Zones à risque naturel"},
    {"of", "Caractéristiques géographiques océanographiques"},
    {"oi", "Ortho-imagerie"},
    {"pd", "Répartition de la population – démographie"},
    {"pf", "Lieux de production et sites industriels"},
    {"ps", "Sites protégés"},
    {"rs", "Référentiels de coordonnées"},
    {"sd", "Répartition des espèces"},
    {"so", "Sols"},
    {"sr", "Régions maritimes"},
    {"su", "Unités statistiques"},
    {"tn", "Réseaux de transport"},
    {"us", "Services d’utilité publique et services publics"},
};

static const struct word topics[] = {
    {"biota", "Biote"},
    {"boundaries", "Limites"},
    {"climatologyMeteorologyAtmosphere", "Climatologie, météorologie, atmosphère"},
    {"economy", "Économie"},
    {"elevation", "Altitude"},
    {"environment", "Environnement"},
    {"farming", "Agriculture"},
    {"geoscientificInformation", "Informations géoscientifiques"},
    {"health", "Santé"},
    {"imageryBaseMapsEarthCover", "Imagerie, cartes de base, occupation des terres"},
    {"inlandWaters", "Eaux intérieures"},
    {"intelligenceMilitary", "Renseignement, défense"},
    {"location", "Localisation"},
    {"oceans", "Océans"},
    {"planningCadastre", "Planification, cadastre"},
    {"society", "Société"},
    {"structure", "Structures"},
    {"transportation", "Transport"},
    {"utilitiesCommunication", "Services publics, communication"},
};

struct str dcat_theme(struct dcat *d, struct str iri)
{
    static const char *const data_theme[] = {
        "publications.europa.eu/resource/authority/data-theme/", "eurovoc.europa.eu/data-theme/",
        NULL};
    static const char *const inspire[] = {"inspire.ec.europa.eu/theme/",
                                          "www.eionet.europa.eu/gemet/inspire-theme/", NULL};
    static const char *const topic[] = {"inspire.ec.europa.eu/metadata-codelist/TopicCategory/",
                                        NULL};
    (void)d;
    struct str found = FIND(data_themes, behind(iri, data_theme));
    if (!found.n)
        found = FIND(inspire_themes, behind(iri, inspire));
    return found.n ? found : FIND(topics, behind(iri, topic));
}

// ---- Languages -----------------------------------------------------------------------------------

static const struct word languages[] = {
    {"fra", "fr"}, {"fre", "fr"}, {"eng", "en"}, {"deu", "de"}, {"ger", "de"}, {"spa", "es"},
    {"ita", "it"}, {"por", "pt"}, {"nld", "nl"}, {"dut", "nl"}, {"cat", "ca"}, {"eus", "eu"},
    {"baq", "eu"}, {"glg", "gl"}, {"bre", "br"}, {"oci", "oc"}, {"cos", "co"}, {"roh", "rm"},
    {"pol", "pl"}, {"ces", "cs"}, {"cze", "cs"}, {"slk", "sk"}, {"slo", "sk"}, {"slv", "sl"},
    {"hun", "hu"}, {"ron", "ro"}, {"rum", "ro"}, {"bul", "bg"}, {"ell", "el"}, {"gre", "el"},
    {"dan", "da"}, {"swe", "sv"}, {"fin", "fi"}, {"nor", "no"}, {"nob", "nb"}, {"nno", "nn"},
    {"isl", "is"}, {"ice", "is"}, {"est", "et"}, {"lav", "lv"}, {"lit", "lt"}, {"mlt", "mt"},
    {"gle", "ga"}, {"hrv", "hr"}, {"srp", "sr"}, {"ukr", "uk"}, {"rus", "ru"}, {"ltz", "lb"},
};

struct str dcat_language(struct dcat *d, struct str any)
{
    any = str_trim(any);
    if (str_find_char(any, '/') >= 0)
        any = dcat_last_part(d, any);
    ptrdiff_t tag = str_find_char(any, '-');
    if (tag < 0)
        tag = str_find_char(any, '_');
    any.n = tag < 0 ? any.n : (size_t)tag;
    if (any.n == 3)
        return FIND(languages, any);
    for (size_t i = 0; i < any.n; i++)
        if ((any.p[i] | 0x20) < 'a' || (any.p[i] | 0x20) > 'z')
            return STR_NONE;
    return any.n == 2 ? text_code(d->mapper->arena, any, 2) : STR_NONE;
}

// ---- Places --------------------------------------------------------------------------------------

static const struct word countries[] = {
    {"FRA", "fr"}, {"DEU", "de"}, {"BEL", "be"}, {"CHE", "ch"}, {"LUX", "lu"}, {"ITA", "it"},
    {"ESP", "es"}, {"PRT", "pt"}, {"GBR", "gb"}, {"IRL", "ie"}, {"NLD", "nl"}, {"AUT", "at"},
    {"DNK", "dk"}, {"SWE", "se"}, {"NOR", "no"}, {"FIN", "fi"}, {"ISL", "is"}, {"POL", "pl"},
    {"CZE", "cz"}, {"SVK", "sk"}, {"SVN", "si"}, {"HUN", "hu"}, {"ROU", "ro"}, {"BGR", "bg"},
    {"GRC", "gr"}, {"HRV", "hr"}, {"EST", "ee"}, {"LVA", "lv"}, {"LTU", "lt"}, {"MLT", "mt"},
    {"CYP", "cy"}, {"MCO", "mc"}, {"AND", "ad"}, {"LIE", "li"}, {"SRB", "rs"}, {"UKR", "ua"},
    {"USA", "us"}, {"CAN", "ca"}, {"CIV", "ci"}, {"SEN", "sn"}, {"BEN", "bj"}, {"TGO", "tg"},
    {"BFA", "bf"}, {"MAR", "ma"}, {"TUN", "tn"}, {"DZA", "dz"}, {"MDG", "mg"}, {"BRA", "br"},
};

// NUTS 1 are the régions, NUTS 3 the départements; NUTS 2 are the former régions, which have no zone.
static const struct word nuts[] = {
    {"FR1", "fr:region:11"},  {"FRB", "fr:region:24"},  {"FRC", "fr:region:27"},
    {"FRD", "fr:region:28"},  {"FRE", "fr:region:32"},  {"FRF", "fr:region:44"},
    {"FRG", "fr:region:52"},  {"FRH", "fr:region:53"},  {"FRI", "fr:region:75"},
    {"FRJ", "fr:region:76"},  {"FRK", "fr:region:84"},  {"FRL", "fr:region:93"},
    {"FRM", "fr:region:94"},  {"FR10", "fr:region:11"}, {"FRB0", "fr:region:24"},
    {"FRG0", "fr:region:52"}, {"FRH0", "fr:region:53"}, {"FRL0", "fr:region:93"},
    {"FRM0", "fr:region:94"}, {"FRY1", "fr:region:01"}, {"FRY2", "fr:region:02"},
    {"FRY3", "fr:region:03"}, {"FRY4", "fr:region:04"}, {"FRY5", "fr:region:06"},
    {"FRY10", "971"},         {"FRY20", "972"},         {"FRY30", "973"},
    {"FRY40", "974"},         {"FRY50", "976"},         {"FR101", "75"},
    {"FR102", "77"},          {"FR103", "78"},          {"FR104", "91"},
    {"FR105", "92"},          {"FR106", "93"},          {"FR107", "94"},
    {"FR108", "95"},          {"FRB01", "18"},          {"FRB02", "28"},
    {"FRB03", "36"},          {"FRB04", "37"},          {"FRB05", "41"},
    {"FRB06", "45"},          {"FRC11", "21"},          {"FRC12", "58"},
    {"FRC13", "71"},          {"FRC14", "89"},          {"FRC21", "25"},
    {"FRC22", "39"},          {"FRC23", "70"},          {"FRC24", "90"},
    {"FRD11", "14"},          {"FRD12", "50"},          {"FRD13", "61"},
    {"FRD21", "27"},          {"FRD22", "76"},          {"FRE11", "59"},
    {"FRE12", "62"},          {"FRE21", "02"},          {"FRE22", "60"},
    {"FRE23", "80"},          {"FRF11", "67"},          {"FRF12", "68"},
    {"FRF21", "08"},          {"FRF22", "10"},          {"FRF23", "51"},
    {"FRF24", "52"},          {"FRF31", "54"},          {"FRF32", "55"},
    {"FRF33", "57"},          {"FRF34", "88"},          {"FRG01", "44"},
    {"FRG02", "49"},          {"FRG03", "53"},          {"FRG04", "72"},
    {"FRG05", "85"},          {"FRH01", "22"},          {"FRH02", "29"},
    {"FRH03", "35"},          {"FRH04", "56"},          {"FRI11", "24"},
    {"FRI12", "33"},          {"FRI13", "40"},          {"FRI14", "47"},
    {"FRI15", "64"},          {"FRI21", "19"},          {"FRI22", "23"},
    {"FRI23", "87"},          {"FRI31", "16"},          {"FRI32", "17"},
    {"FRI33", "79"},          {"FRI34", "86"},          {"FRJ11", "11"},
    {"FRJ12", "30"},          {"FRJ13", "34"},          {"FRJ14", "48"},
    {"FRJ15", "66"},          {"FRJ21", "09"},          {"FRJ22", "12"},
    {"FRJ23", "31"},          {"FRJ24", "32"},          {"FRJ25", "46"},
    {"FRJ26", "65"},          {"FRJ27", "81"},          {"FRJ28", "82"},
    {"FRK11", "03"},          {"FRK12", "15"},          {"FRK13", "43"},
    {"FRK14", "63"},          {"FRK21", "01"},          {"FRK22", "07"},
    {"FRK23", "26"},          {"FRK24", "38"},          {"FRK25", "42"},
    {"FRK26", "69"},          {"FRK27", "73"},          {"FRK28", "74"},
    {"FRL01", "04"},          {"FRL02", "05"},          {"FRL03", "06"},
    {"FRL04", "13"},          {"FRL05", "83"},          {"FRL06", "84"},
    {"FRM01", "2A"},          {"FRM02", "2B"},
};

static const struct word geonames[] = {
    {"3017382", "country:fr"},          {"2921044", "country:de"}, {"2658434", "country:ch"},
    {"2802361", "country:be"},          {"2960313", "country:lu"}, {"6695072", "country-group:ue"},
    {"6295630", "country-group:world"},
};

static const struct word insee_levels[] = {
    {"commune", "fr:commune"},         {"departement", "fr:departement"},
    {"region", "fr:region"},           {"arrondissement", "fr:arrondissement"},
    {"canton", "fr:canton"},           {"iris", "fr:iris"},
    {"intercommunalite", "fr:epci"},   {"epci", "fr:epci"},
    {"communeAssociee", "fr:commune"}, {"arrondissementMunicipal", "fr:commune"},
    {"communeDeleguee", "fr:commune"},
};

static bool is_code(struct str s) // of INSEE; its newer IRIs end with a UUID
{
    bool good = s.n >= 2 && s.n <= 9;
    for (size_t i = 0; i < s.n && good; i++)
        good = (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == 'A' || s.p[i] == 'B';
    return good;
}

static struct str insee_zone(struct arena *a, struct str rest)
{
    struct str level;
    if (!str_next(&rest, '/', &level))
        return STR_NONE;
    ptrdiff_t end = str_find_char(rest, '/');
    rest.n = end < 0 ? rest.n : (size_t)end;
    if (str_eq(level, STR("pays")) && (str_eq(rest, STR("france")) || str_eq(rest, STR("99100"))))
        return STR("country:fr");
    struct str known = FIND(insee_levels, level);
    return known.n && is_code(rest) ? arena_printf(a, "%.*s:%.*s", STR_ARG(known), STR_ARG(rest))
                                    : STR_NONE;
}

static struct str nuts_zone(struct arena *a, struct str code)
{
    if (code.n == 2)
        return arena_printf(a, "country:%c%c", code.p[0] | 0x20, code.p[1] | 0x20);
    struct str zone = FIND(nuts, code);
    return zone.n && zone.n <= 3 ? arena_printf(a, "fr:departement:%.*s", STR_ARG(zone)) : zone;
}

struct str dcat_zone(struct dcat *d, struct str iri)
{
    static const char *const insee[] = {"id.insee.fr/geo/", "rdf.insee.fr/geo/", NULL};
    static const char *const country[] = {"publications.europa.eu/resource/authority/country/",
                                          NULL};
    static const char *const nuts_codes[] = {"data.europa.eu/nuts/code/", "nuts.geovocab.org/id/",
                                             "ec.europa.eu/eurostat/web/nuts/code/", NULL};
    static const char *const geo[] = {"sws.geonames.org/", "www.geonames.org/", "geonames.org/",
                                      NULL};
    struct arena *a = d->mapper->arena;
    struct str rest = behind(iri, insee);
    if (rest.n)
        return insee_zone(a, rest);
    rest = FIND(countries, behind(iri, country));
    if (rest.n)
        return arena_printf(a, "country:%.*s", STR_ARG(rest));
    rest = behind(iri, nuts_codes);
    if (rest.n >= 2)
        return nuts_zone(a, rest);
    rest = behind(iri, geo);
    ptrdiff_t end = str_find_char(rest, '/');
    rest.n = end < 0 ? rest.n : (size_t)end;
    return FIND(geonames, rest);
}
