// harvester/normalise: licences, formats, frequencies, access, publishers, zones, and their tables.
// Reads the shipped tables from the source tree: SOURCE_DIR, or the first argument.
#include "harvester/normalise/format.h"
#include "harvester/normalise/licence.h"
#include "harvester/normalise/table.h"
#include "harvester/normalise/vocabulary.h"
#include "harvester/normalise/zone.h"

#include "tests/tap.h"

#include <stdlib.h>

#ifndef SOURCE_DIR
#define SOURCE_DIR "."
#endif

static struct arena a;
static struct str licences, formats, frequencies;

static struct str read_file(const char *folder, const char *name)
{
    enum { MOST = 1 << 20 };
    char path[1000];
    snprintf(path, sizeof path, "%s/config/vocabularies/%s", folder, name);
    FILE *f = fopen(path, "rb");
    if (!f)
        return STR_NONE;
    char *bytes = arena_bytes(&a, MOST);
    size_t n = fread(bytes, 1, MOST, f);
    fclose(f);
    return str_slice(bytes, n);
}

static struct str key(const char *spelling)
{
    char bytes[TABLE_KEY_BYTES];
    return arena_str(&a, table_key(str_of(spelling), bytes));
}

static void keys(void)
{
    is_text(key("  GPL-v2.0 "), "gpl 2");
    is_text(key("GPLv2"), "gpl 2");
    is_text(key("GNU GPL, version 2.0"), "gnu gpl 2");
    is_text(key("GPL-2.0+"), "gpl 2 plus");
    is_text(key("https://www.example.org/Licence-Ouverte/"), "example org license ouverte");
    is_text(key("http://example.org/licence"), "example org license");
    is_text(key("Géodonnées Œuvre ÿ"), "geodonnees oeuvre y");
    is_text(key("ge\xCC\x81o"), "geo");
    is_text(key("CC0 1.0"), "cc 0 1");
    is_text(key("vnd.geo+json"), "vnd geo json");
    is_text(key("0"), "0");
    is_text(key("version"), "version");
    is_text(key("+ / -"), "");
    is_text(key("\xFF"
                "a\xFF"),
            "a");
    char longest[2000];
    memset(longest, 'x', sizeof longest);
    char bytes[TABLE_KEY_BYTES];
    ok(table_key(str_slice(longest, sizeof longest), bytes).n < TABLE_KEY_BYTES);
}

static struct str licence(const char *any)
{
    const struct licence *l = licence_find(str_of(any));
    return l ? l->id : STR("none");
}

static void licences_found(void)
{
    // data.gouv.fr's ids
    is_text(licence("lov2"), "etalab-2.0");
    is_text(licence("fr-lo"), "fr-lo");
    is_text(licence("odc-odbl"), "ODbL-1.0");
    is_text(licence("odc-by"), "ODC-By-1.0");
    is_text(licence("odc-pddl"), "PDDL-1.0");
    is_text(licence("cc-by"), "cc-by");
    is_text(licence("cc-by-sa"), "cc-by-sa");
    is_text(licence("cc-zero"), "CC0-1.0");
    is_text(licence("other-at"), "other-at");
    is_text(licence("other-open"), "other-open");
    is_text(licence("other-pd"), "other-pd");
    is_text(licence("notspecified"), "notspecified");
    // titles of the real catalogue
    is_text(licence("Licence Ouverte / Open Licence version 2.0"), "etalab-2.0");
    is_text(licence("Licence Ouverte / Open Licence"), "fr-lo");
    is_text(licence("Licence Ouverte v2.0 (Etalab)"), "etalab-2.0");
    is_text(licence("LICENCE  OUVERTE"), "etalab-2.0");
    is_text(licence("License Not Specified"), "notspecified");
    is_text(licence("Open Data Commons Open Database License (ODbL)"), "ODbL-1.0");
    is_text(licence("Open Data Commons Public Domain Dedication and Licence (PDDL)"), "PDDL-1.0");
    is_text(licence("Creative Commons CCZero"), "CC0-1.0");
    is_text(licence("Creative Commons Attribution Share-Alike"), "cc-by-sa");
    is_text(licence("Other (Attribution)"), "other-at");
    // addresses
    is_text(licence("https://www.etalab.gouv.fr/licence-ouverte-open-licence"), "etalab-2.0");
    is_text(licence("http://etalab.gouv.fr/licence-ouverte-open-licence/"), "etalab-2.0");
    is_text(licence("http://www.data.gouv.fr/Licence-Ouverte-Open-Licence"), "fr-lo");
    is_text(licence("https://wiki.data.gouv.fr/images/9/9d/Licence_Ouverte.pdf"), "fr-lo");
    is_text(licence("https://opendatacommons.org/licenses/odbl/1-0/"), "ODbL-1.0");
    is_text(licence("http://dcat-ap.de/def/licenses/dl-by-de/2.0"), "DL-DE-BY-2.0");
    is_text(licence("http://dcat-ap.de/def/licenses/cc-by/4.0"), "CC-BY-4.0");
    is_text(licence("http://dcat-ap.ch/vocabulary/licenses/terms_by"), "other-at");
    is_text(licence("https://opendata.swiss/terms-of-use#terms_by_ask"), "other-closed");
    is_text(licence("https://opendata.swiss/terms-of-use#terms_open"), "other-open");
    is_text(licence("http://opendatacommons.org/licenses/odbl/summary/"), "ODbL-1.0");
    is_text(licence("https://creativecommons.org/licenses/by-sa/4.0/legalcode.fr"), "CC-BY-SA-4.0");
    is_text(licence("http://creativecommons.org/licenses/by/3.0/fr/"), "CC-BY-3.0");
    is_text(licence("https://creativecommons.org/publicdomain/zero/1.0/deed.fr"), "CC0-1.0");
    is_text(licence("http://publications.europa.eu/resource/authority/licence/CC_BY_4_0"),
            "CC-BY-4.0");
    is_text(licence("https://spdx.org/licenses/MIT.html"), "MIT");
    is_text(licence("https://opensource.org/licenses/MIT-0"), "MIT-0");
    is_text(licence("https://www.gnu.org/licenses/gpl-3.0.html"), "GPL-3.0-only");
    // software
    is_text(licence("mit"), "MIT");
    is_text(licence("MIT License"), "MIT");
    is_text(licence("Apache License 2.0"), "Apache-2.0");
    is_text(licence("apache-2.0"), "Apache-2.0");
    is_text(licence("GNU Affero General Public License v3.0"), "AGPL-3.0-only");
    is_text(licence("GPL V2.0"), "GPL-2.0-only");
    is_text(licence("GPL-3.0+"), "GPL-3.0-or-later");
    is_text(licence("LGPL-2.1-or-later"), "LGPL-2.1-or-later");
    is_text(licence("EUPL-1.2"), "EUPL-1.2");
    is_text(licence("CeCILL-2.1"), "CECILL-2.1");
    is_text(licence("CECILL-B"), "CECILL-B");
    is_text(licence("BSD 3-Clause \"New\" or \"Revised\" License"), "BSD-3-Clause");
    is_text(licence("MPL-2.0"), "MPL-2.0");
    is_text(licence("CC BY-NC-ND 4.0"), "CC-BY-NC-ND-4.0");
    // none
    is_text(licence("LGPL-3.0, GPL-3.0, MPL-2.0"), "none");
    is_text(licence("https://mit.edu/licences/x"), "none");
    is_text(licence("https://creativecommons.org"), "none");
    is_text(licence("Données réservées aux services de l'État"), "none");
    is_text(licence(""), "none");
}

static void licences_told(void)
{
    const struct licence *l = licence_by_id(STR("etalab-2.0"));
    ok(l && l->open);
    is_text(l ? l->label : STR_NONE, "Licence Ouverte / Open Licence version 2.0");
    is_text(l ? l->url : STR_NONE, "https://www.etalab.gouv.fr/licence-ouverte-open-licence");
    ok(licence_by_id(STR("lov2")) == NULL);
    ok(licence_by_id(STR_NONE) == NULL);
    l = licence_by_id(STR("CC-BY-NC-4.0"));
    ok(l && !l->open);
    l = licence_by_id(STR("notspecified"));
    ok(l && !l->open && l->url.n == 0);
}

static void format_is(const char *raw, const char *media_type, const char *url, const char *id,
                      const char *family, int line)
{
    struct format f = format_find(&a, str_of(raw), str_of(media_type), str_of(url));
    bool pass = str_eq(f.id, str_of(id)) && str_eq(f.family, str_of(family));
    if (!tap_result(pass, __FILE__, line, raw ? raw : url ? url : media_type))
        printf("#   got %.*s/%.*s, wanted %s/%s\n", STR_ARG(f.id), STR_ARG(f.family), id, family);
}
#define format(raw, id, family) format_is((raw), NULL, NULL, (id), (family), __LINE__)

static void formats_stated(void)
{
    format("csv", "csv", "tabular");
    format("CSV", "csv", "tabular");
    format(" csv ", "csv", "tabular");
    format(".ods", "ods", "tabular");
    format("*.pdf", "pdf", "documents");
    format("csv/utf8", "csv", "tabular");
    format("esri shapefile (shp)", "shp", "geographical");
    format("shapefile (zip)", "shp", "geographical");
    format("shp (wgs84)", "shp", "geographical");
    format("geopackage - gpkg", "gpkg", "geographical");
    format("image tiff (tif)", "tiff", "other");
    format("dbase database file (dbf)", "dbf", "tabular");
    format("zip (csv utf8)", "csv", "tabular");
    format("csv, json, excel, shp", "csv", "tabular");
    format("gpkg / sql / xlsx", "gpkg", "geographical");
    format("vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", "tabular");
    format("vnd.ms-excel", "xls", "tabular");
    format("plain", "txt", "documents");
    format("application/vnd.geo+json", "geojson", "geographical");
    format("file:///srv/udata/ftype/csv", "csv", "tabular");
    format("file:///srv/udata/ftype/html", "html", "documents");
    format("http://publications.europa.eu/resource/authority/file-type/CSV", "csv", "tabular");
    format("http://www.iana.org/assignments/media-types/application/gml+xml", "gml",
           "geographical");
    format("ogc:wms-1.3.0-http-get-map", "wms", "geographical");
    format("OGC:WFS", "wfs", "geographical");
    format("www:download:text/csv", "csv", "tabular");
    format("www:download:esri shapefile", "shp", "geographical");
    format("www:link-1.0-http--link", "html", "other");
    format("www:link-1.0-http--metadata-url", "html", "other");
    format("hyperlink", "html", "other");
    format("web page", "html", "other");
    format("page web", "html", "other");
    format("html", "html", "documents");
    format("arcgis geoservices rest api", "arcgis-rest", "geographical");
    format("json", "json", "machine_readable");
    format("gtfs-rt", "gtfs-rt", "machine_readable");
    format("parquet", "parquet", "tabular");
    format("zip", "zip", "other");
    format("géojson", "geojson", "geographical");
}

static void formats_not_known(void)
{
    format("inconnu", "", "other");
    format("other", "", "other");
    format("octet-stream", "", "other");
    format("www:download-1.0-http--download", "", "other");
    format("n0dc036667d1e4069924172ff536cf792", "", "other");
    format("nc702d404dca34869be67dd6013750204", "", "other");
    format("_:b0", "", "other");
    format("données essentielles du budget de la ville de rillieux-la-pape", "", "other");
    format("", "", "other");
    format("1234", "", "other");
    format("x<y", "", "other");
    format("sl3", "sl3", "other");
    format(".PosLocEqs", "posloceqs", "other");
    struct format f = format_find(&a, STR("sl3"), STR("Application/X-SL3; v=1"), STR_NONE);
    ok(!f.known);
    is_text(f.label, "sl3");
    is_text(f.media_type, "application/x-sl3");
    f = format_find(&a, STR("sl3"), STR("not a type"), STR_NONE);
    ok(f.media_type.n == 0);
    f = format_find(&a, STR_NONE, STR_NONE, STR_NONE);
    ok(!f.known && f.id.n == 0);
    is_text(f.family, "other");
}

static void formats_by_precision(void)
{
    format_is("json", "application/vnd.geo+json", NULL, "geojson", "geographical", __LINE__);
    format_is("csv", "application/vnd.ms-excel", "https://e.org/x.xls", "csv", "tabular", __LINE__);
    format_is("csv", "application/octet-stream", NULL, "csv", "tabular", __LINE__);
    format_is("zip", "application/zip", "https://e.org/a/plan.shp.zip", "shp", "geographical",
              __LINE__);
    format_is("zip", NULL, "https://e.org/gtfs.zip", "gtfs", "machine_readable", __LINE__);
    format_is("zip", NULL, "https://e.org/archive.zip?x=y.csv", "zip", "other", __LINE__);
    format_is("document", NULL, "https://e.org/a.PDF#page=2", "pdf", "documents", __LINE__);
    format_is("web page", "text/html", "https://e.org/a.html", "html", "other", __LINE__);
    format_is("www:link-1.0-http--link", NULL, "https://e.org/a.zip", "zip", "other", __LINE__);
    format_is("inconnu", NULL, "https://e.org/a.csv", "csv", "tabular", __LINE__);
    format_is(NULL, "text/csv;charset=utf-8", NULL, "csv", "tabular", __LINE__);
    format_is(NULL, NULL, "https://e.org/exports/csv?use_labels=true", "csv", "tabular", __LINE__);
    format_is(NULL, NULL, "https://e.org/ows?SERVICE=WFS&REQUEST=x", "wfs", "geographical",
              __LINE__);
    format_is(NULL, NULL, "https://e.org/content/?format=json", "json", "machine_readable",
              __LINE__);
    format_is(NULL, NULL, "https://e.org/x/FeatureServer", "arcgis-rest", "geographical", __LINE__);
    format_is(NULL, NULL, "https://data.csv", "", "other", __LINE__);
    format_is(NULL, NULL, "https://e.org/exports.csv/", "", "other", __LINE__);
    format_is("https://e.org/?service=wms", NULL, NULL, "wms", "geographical", __LINE__);
    struct format f = format_find(&a, STR("geojson"), STR("application/json"), STR_NONE);
    is_text(f.media_type, "application/geo+json");
    is_text(f.label, "GeoJSON");
    ok(f.known);
}

static void formats_told(void)
{
    const struct format *f = format_by_id(STR("html"));
    ok(f && f->known);
    is_text(f ? f->family : STR_NONE, "documents");
    f = format_by_id(STR("xlsx"));
    is_text(f ? f->label : STR_NONE, "Excel (XLSX)");
    ok(format_by_id(STR("sl3")) == NULL);
    ok(format_by_id(STR("-")) == NULL);
    ok(format_by_id(STR("HTML")) == NULL);
    ok(format_by_id(STR("zzzz")) == NULL);
    ok(format_by_id(STR_NONE) == NULL);
    is_text(format_family_label(STR("tabular")), "Tableaux");
    is_text(format_family_label(STR("x")), "x");
}

static struct str frequency(const char *any)
{
    const struct frequency *f = frequency_find(str_of(any));
    return f ? f->code : STR("none");
}

// Each value of udata, its former ones after the bar.
static void frequencies_of_udata(void)
{
    static const char *const values[][2] = {
        {"continuous", "UPDATE_CONT"},
        {"oneMinute", "1MIN"},
        {"fiveMinutes", "5MIN"},
        {"tenMinutes", "10MIN"},
        {"fifteenMinutes", "15MIN"},
        {"thirtyMinutes", "30MIN"},
        {"hourly", "HOURLY"},
        {"bihourly", "BIHOURLY"},
        {"trihourly", "TRIHOURLY"},
        {"twelveHours", "12HRS"},
        {"severalTimesADay", "CONT"},
        {"threeTimesADay", "DAILY_3"},
        {"semidaily", "DAILY_2"},
        {"daily", "DAILY"},
        {"fiveTimesAWeek", "WEEKLY_5"},
        {"threeTimesAWeek", "WEEKLY_3"},
        {"semiweekly", "WEEKLY_2"},
        {"weekly", "WEEKLY"},
        {"biweekly", "BIWEEKLY"},
        {"threeTimesAMonth", "MONTHLY_3"},
        {"semimonthly", "MONTHLY_2"},
        {"monthly", "MONTHLY"},
        {"bimonthly", "BIMONTHLY"},
        {"quarterly", "QUARTERLY"},
        {"threeTimesAYear", "ANNUAL_3"},
        {"semiannual", "ANNUAL_2"},
        {"annual", "ANNUAL"},
        {"biennial", "BIENNIAL"},
        {"triennial", "TRIENNIAL"},
        {"quadrennial", "QUADRENNIAL"},
        {"quinquennial", "QUINQUENNIAL"},
        {"decennial", "DECENNIAL"},
        {"bidecennial", "BIDECENNIAL"},
        {"tridecennial", "TRIDECENNIAL"},
        {"punctual", "AS_NEEDED"},
        {"irregular", "IRREG"},
        {"never", "NEVER"},
        {"notPlanned", "NOT_PLANNED"},
        {"other", "OTHER"},
        {"unknown", "UNKNOWN"},
        {"realtime", "UPDATE_CONT"},
        {"fourTimesADay", "CONT"},
        {"fourTimesAWeek", "OTHER"},
        {"fortnighly", "BIWEEKLY"},
        {"biannual", "ANNUAL_2"},
    };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        is_text(frequency(values[i][0]), values[i][1]);
}

static void frequencies_found(void)
{
    is_text(frequency("http://publications.europa.eu/resource/authority/frequency/ANNUAL"),
            "ANNUAL");
    is_text(frequency("http://publications.europa.eu/resource/authority/frequency/WEEKLY_2"),
            "WEEKLY_2");
    is_text(frequency("UPDATE_CONT"), "UPDATE_CONT");
    is_text(frequency("CONT"), "CONT");
    is_text(frequency("nal-frequency:ANNUAL"), "ANNUAL");
    is_text(frequency("http://purl.org/cld/freq/monthly"), "MONTHLY");
    is_text(frequency("R/P1Y"), "ANNUAL");
    is_text(frequency("R/P0.5M"), "MONTHLY_2");
    is_text(frequency("R/P3.5D"), "WEEKLY_2");
    is_text(frequency("R/PT1S"), "UPDATE_CONT");
    is_text(frequency("Quotidienne"), "DAILY");
    is_text(frequency("asNeeded"), "AS_NEEDED");
    is_text(frequency("continual"), "UPDATE_CONT");
    is_text(frequency("fortnightly"), "BIWEEKLY");
    is_text(frequency("annually"), "ANNUAL");
    is_text(frequency("quand il pleut"), "none");
    is_text(frequency(""), "none");
    const struct frequency *f = frequency_find(STR("ANNUAL"));
    ok(f && f->days > 364 && f->days < 367);
    is_text(f ? f->label : STR_NONE, "Annuelle");
    f = frequency_find(STR("IRREG"));
    ok(f && f->days < 0.0001);
}

static void access_words(void)
{
    is_text(access_find(STR("open")), "open");
    is_text(access_find(STR("open_with_account")), "open_with_account");
    is_text(access_find(STR("restricted")), "restricted");
    is_text(access_find(STR("restricted public")), "restricted");
    is_text(access_find(STR("non-public")), "restricted");
    is_text(access_find(STR("semi_open")), "open_with_account");
    is_text(
        access_find(STR("http://publications.europa.eu/resource/authority/access-right/PUBLIC")),
        "open");
    is_text(access_find(
                STR("http://publications.europa.eu/resource/authority/access-right/NON_PUBLIC")),
            "restricted");
    ok(access_find(STR("peut-être")).p == NULL);
    ok(access_find(STR_NONE).p == NULL);
}

static void publishers(void)
{
    struct str badges[] = {STR("certified"), STR("public-service"), STR("local-authority")};
    is_text(publisher_kind_find((struct strs){badges, 3}), "local-authority");
    is_text(publisher_kind_find((struct strs){badges, 2}), "public-service");
    ok(publisher_kind_find((struct strs){badges, 1}).p == NULL);
    ok(publisher_kind_find((struct strs){NULL, 0}).p == NULL);
    badges[0] = STR("Company");
    is_text(publisher_kind_find((struct strs){badges, 1}), "company");
    badges[0] = STR("association");
    is_text(publisher_kind_find((struct strs){badges, 1}), "association");
}

static void zone_is(const char *raw, enum zone_kind kind, const char *text, int line)
{
    struct zone z = zone_clean(&a, str_of(raw));
    if (!tap_result(z.kind == kind && str_eq(z.text, str_of(text)), __FILE__, line, raw))
        printf("#   got %d %.*s\n", z.kind, STR_ARG(z.text));
}
#define zone_id(raw, text) zone_is((raw), ZONE_ID, (text), __LINE__)
#define zone_label(raw, text) zone_is((raw), ZONE_LABEL, (text), __LINE__)

static void zones(void)
{
    zone_id("country:fr", "country:fr");
    zone_id("Country:FR", "country:fr");
    zone_id("country-group:ue", "country-group:ue");
    zone_id("country-group:world", "country-group:world");
    zone_id("country-subset:fr:dromcom", "country-subset:fr:dromcom");
    zone_id("fr:commune:35238", "fr:commune:35238");
    zone_id("fr:commune:35238@1942-01-01", "fr:commune:35238");
    zone_id("fr:commune:2a004", "fr:commune:2A004");
    zone_id("fr:epci:243500139", "fr:epci:243500139");
    zone_id("fr:departement:35", "fr:departement:35");
    zone_id("fr:departement:2A", "fr:departement:2A");
    zone_id("fr:departement:974@1997-12-12", "fr:departement:974");
    zone_id("fr:region:53", "fr:region:53");
    zone_id("fr:region:52@1970-01-09", "fr:region:52");
    zone_id("fr:arrondissement:353", "fr:arrondissement:353");
    zone_id("fr:canton:3505", "fr:canton:3505");
    zone_id("fr:iris:352380101", "fr:iris:352380101");
    zone_id("fr:collectivite:975", "fr:collectivite:975");
    zone_id(" fr:commune:35238\n", "fr:commune:35238");
    zone_label("Rennes", "Rennes");
    zone_label("fr:commune:3523", "fr:commune:3523");
    zone_label("fr:commune:35238x", "fr:commune:35238x");
    zone_label("fr:epci:24350013", "fr:epci:24350013");
    zone_label("fr:planete:1", "fr:planete:1");
    zone_label("country:", "country:");
    zone_label("country:france", "country:france");
    zone_label("Métropole\xC2\xA0 de  Lyon", "Métropole de Lyon");
    zone_label("a@b", "a@b");
    zone_is("", ZONE_NONE, "", __LINE__);
    zone_is(" \xE2\x80\x8B ", ZONE_NONE, "", __LINE__);
    char longest[400];
    memset(longest, 'x', sizeof longest);
    struct zone z = zone_clean(&a, str_slice(longest, sizeof longest));
    is_int(z.text.n, ZONE_LABEL_BYTES);
}

static void wrong(const char *l, const char *f, const char *q, const char *where, const char *what,
                  int line)
{
    struct err e = {0};
    bool loaded = vocabularies_load(l ? str_of(l) : licences, f ? str_of(f) : formats,
                                    q ? str_of(q) : frequencies, &e);
    bool pass =
        !loaded && e.code == ERR_CONFIG && strcmp(e.where, where) == 0 && strcmp(e.what, what) == 0;
    if (!tap_result(pass, __FILE__, line, what))
        printf("#   got %s: %s\n", e.where, e.what);
}

#define LICENCES "id\tlabel\topen\turl\taliases\n"
#define FORMATS "id\tlabel\tfamily\tprecision\tmedia_type\taliases\n"
#define FREQUENCIES "code\tlabel\tdays\taliases\n"

static void tables_refused(void)
{
    wrong("", NULL, NULL, "licences.tsv:1", "no rows", __LINE__);
    wrong(LICENCES, NULL, NULL, "licences.tsv:1", "no rows", __LINE__);
    wrong("# x\nid\tname\topen\turl\taliases\n", NULL, NULL, "licences.tsv:2",
          "other column names than expected", __LINE__);
    wrong(LICENCES "a\tA\t1\tu\n", NULL, NULL, "licences.tsv:2",
          "a wrong number of cells (they are separated by tabs)", __LINE__);
    wrong(LICENCES "a\tA\t1\tu\tv\tw\n", NULL, NULL, "licences.tsv:2",
          "a wrong number of cells (they are separated by tabs)", __LINE__);
    wrong(LICENCES "\n#\na\tA\t1\tu\t\n\tB\t1\tu\t\n", NULL, NULL, "licences.tsv:5",
          "the first cell is empty", __LINE__);
    wrong(LICENCES "a\tA\tyes\tu\t\n", NULL, NULL, "licences.tsv:2", "open must be 0 or 1",
          __LINE__);
    wrong(LICENCES "a\tA\t1\t\tx\x01\n", NULL, NULL, "licences.tsv:2",
          "a control character, or bytes that are not UTF-8", __LINE__);
    wrong(LICENCES "a\tA\xFF\t1\t\tx\n", NULL, NULL, "licences.tsv:2",
          "a control character, or bytes that are not UTF-8", __LINE__);
    wrong(LICENCES "a\tA\t1\t\tx|y\r\nb\tB\t1\t\tz|X\r\n", NULL, NULL, "licences.tsv:3",
          "\"X\" is a spelling of \"a\" already (line 2)", __LINE__);
    wrong(NULL, FORMATS "a\tA\tnone\t1\t\t\n", NULL, "formats.tsv:2", "no such family", __LINE__);
    wrong(NULL, FORMATS "a\tA\tother\t3\t\t\n", NULL, "formats.tsv:2",
          "precision must be 0, 1 or 2", __LINE__);
    wrong(NULL, FORMATS "a\tA\tother\t1\t\tx\nb\tB\tother\t1\tx\t\n", NULL, "formats.tsv:3",
          "\"x\" is a spelling of \"a\" already (line 2)", __LINE__);
    wrong(NULL, FORMATS "a\tA\tother\t1\t\tx\nx\tB\tother\t1\t\t\n", NULL, "formats.tsv:3",
          "\"x\" is a spelling of \"a\" already (line 2)", __LINE__);
    wrong(NULL, NULL, FREQUENCIES "A\ta\tsoon\t\n", "frequencies.tsv:2",
          "days must be a number from 0 to 36600", __LINE__);
    wrong(NULL, NULL, FREQUENCIES "A\ta\t1\tx\nB\tb\t1\tx\n", "frequencies.tsv:3",
          "\"x\" is a spelling of \"A\" already (line 2)", __LINE__);
    is_text(licence("lov2"), "etalab-2.0"); // what was loaded before stays
}

static void reloaded(void)
{
    const struct licence *before = licence_find(STR("MIT"));
    ok(vocabularies_load(STR(LICENCES "x\tX\t1\t\tmit\n"), formats, frequencies, NULL));
    is_text(licence("MIT"), "x");
    is_text(before ? before->id : STR_NONE, "MIT"); // still there
}

static void not_loaded(void)
{
    ok(licence_find(STR("lov2")) == NULL);
    ok(licence_by_id(STR("MIT")) == NULL);
    ok(frequency_find(STR("annual")) == NULL);
    ok(format_by_id(STR("csv")) == NULL);
    struct format f = format_find(&a, STR("csv"), STR_NONE, STR_NONE);
    ok(!f.known);
    is_text(f.id, "csv");
    is_text(f.family, "other");
}

int main(int argc, char **argv)
{
    const char *folder = argc > 1 ? argv[1] : SOURCE_DIR;
    struct err e = {0};
    not_loaded();
    keys();
    licences = read_file(folder, "licences.tsv");
    formats = read_file(folder, "formats.tsv");
    frequencies = read_file(folder, "frequencies.tsv");
    ok(vocabularies_load(licences, formats, frequencies, &e));
    if (e.code)
        printf("# %s: %s\n", e.where, e.what);
    licences_found();
    licences_told();
    formats_stated();
    formats_not_known();
    formats_by_precision();
    formats_told();
    frequencies_of_udata();
    frequencies_found();
    access_words();
    publishers();
    zones();
    tables_refused();
    reloaded();
    vocabularies_free();
    not_loaded();
    arena_free(&a);
    return tap_done();
}
