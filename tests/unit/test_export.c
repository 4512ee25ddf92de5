// Records as CSV and as Turtle, term by term and whole.
#include "api/export.h"
#include "api/turtle.h"
#include "config/shipped.h"
#include "harvester/normalise/vocabulary.h"
#include "tests/tap.h"

static struct arena arena;

#define A (&arena)

// ---- Turtle --------------------------------------------------------------------------------------

static struct str taken(struct buf *b)
{
    struct str s = arena_str(A, buf_str(b));
    buf_free(b);
    return s;
}

static struct str iri_of(const char *s)
{
    struct buf b = {0};
    turtle_iri(&b, str_of(s));
    return taken(&b);
}

static struct str literal_of(const char *s, const char *language)
{
    struct buf b = {0};
    turtle_literal(&b, str_of(s), str_of(language));
    return taken(&b);
}

static struct str date_of(const char *s)
{
    struct buf b = {0};
    struct date d;
    date_parse(str_of(s), &d);
    turtle_date(&b, d);
    return taken(&b);
}

static void test_iris(void)
{
    ok(turtle_is_iri(STR("http://a")));
    ok(turtle_is_iri(STR("urn:x-glaneur:a")));
    ok(turtle_is_iri(STR("a+b-c.d2:e")));
    ok(!turtle_is_iri(STR("")));
    ok(!turtle_is_iri(STR("http:")));
    ok(!turtle_is_iri(STR("/r/a")));
    ok(!turtle_is_iri(STR(":a")));
    ok(!turtle_is_iri(STR("2a:b")));
    ok(!turtle_is_iri(STR("une adresse: a")));
    is_text(iri_of("http://a.fr/é?b=1&c=%20#d"), "<http://a.fr/é?b=1&c=%20#d>");
    is_text(iri_of("http://a/ <>\"{}|^`\\\n\x7F"),
            "<http://a/%20%3C%3E%22%7B%7D%7C%5E%60%5C%0A%7F>");
}

static void test_literals(void)
{
    is_text(literal_of("", ""), "\"\"");
    is_text(literal_of("l’été 'a'", "fr"), "\"l’été 'a'\"@fr");
    is_text(literal_of("a\"b\\c\nd\re\tf", ""), "\"a\\\"b\\\\c\\nd\\re\\tf\"");
    is_text(literal_of("\x01\x08\x1F\x7F", ""), "\"\\u0001\\u0008\\u001F\\u007F\"");
    is_text(literal_of("a", "pt-BR"), "\"a\"@pt-BR");
    is_text(literal_of("a", "fr-1990"), "\"a\"@fr-1990");
    is_text(literal_of("a", "français"), "\"a\""); // no tag: a grammar's error otherwise
    is_text(literal_of("a", "2a"), "\"a\"");
    is_text(literal_of("a", "fr-"), "\"a\"");
    is_text(literal_of("a", "-fr"), "\"a\"");
    is_text(literal_of("a", "fr en"), "\"a\"");
}

static void test_dates(void)
{
    is_text(date_of("2021"), "\"2021\"^^xsd:gYear");
    is_text(date_of("2021-05"), "\"2021-05\"^^xsd:gYearMonth");
    is_text(date_of("2021-05-03"), "\"2021-05-03\"^^xsd:date");
    is_text(date_of("2021-05-03T10:11:12Z"), "\"2021-05-03T10:11:12Z\"^^xsd:dateTime");
}

// ---- CSV -----------------------------------------------------------------------------------------

static struct str field_of(const char *s)
{
    struct buf b = {0};
    csv_text(&b, str_of(s));
    return taken(&b);
}

static void test_fields(void)
{
    is_text(field_of(""), "");
    is_text(field_of("Bornes de recharge"), "Bornes de recharge");
    is_text(field_of("a,b"), "\"a,b\"");
    is_text(field_of("dit \"oui\""), "\"dit \"\"oui\"\"\"");
    is_text(field_of("a\nb"), "\"a\nb\"");
    is_text(field_of("a\r\nb"), "\"a\r\nb\"");
    is_text(field_of(" a"), "\" a\"");
    is_text(field_of("a "), "\"a \"");
    is_text(field_of("a;b|c\td"), "a;b|c\td");
    is_text(field_of("'a"), "'a");
}

static void test_formulas(void)
{
    is_text(field_of("=1+1"), "'=1+1");
    is_text(field_of("+33 1 23"), "'+33 1 23");
    is_text(field_of("-1"), "'-1");
    is_text(field_of("@SUM(A1)"), "'@SUM(A1)");
    is_text(field_of("\ta"), "'\ta");
    is_text(field_of("\ra"), "\"'\ra\"");
    is_text(field_of("\na"), "\"'\na\"");
    is_text(field_of("＝1"), "'＝1");
    is_text(field_of("＠a"), "'＠a");
    is_text(field_of("=HYPERLINK(\"http://a\",\"b\")"),
            "\"'=HYPERLINK(\"\"http://a\"\",\"\"b\"\")\"");
    is_text(field_of("a=1"), "a=1");
    is_text(field_of("1-2"), "1-2");
}

static size_t count_of(struct str s, char c)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == c;
    return n;
}

// The value of a column in a row without quotes.
static struct str column(struct str header, struct str row, const char *name)
{
    struct str key, value;
    header.n -= 2; // CR LF
    row.n -= 2;
    while (str_next(&header, ',', &key) && str_next(&row, ',', &value))
        if (str_eq(key, str_of(name)))
            return value;
    return STR("no such column");
}

static struct record sample(void)
{
    static struct str keywords[] = {STR("eau"), STR("a|b")};
    static struct str zones[] = {STR("fr:commune:35238"), STR("mars:1")};
    static struct distribution files[] = {
        {.title = STR("Le \"fichier\""),
         .url = STR("http://a.fr/un fichier.csv"),
         .type = STR("main"),
         .format = STR("csv"),
         .media_type = STR("text/csv"),
         .byte_size = 12,
         .checksum = STR("sha1:0a1b"),
         .available = -1},
        {.url = STR("pas une adresse"), .format = STR("csv"), .byte_size = -1, .available = -1},
        {.format = STR("json"), .byte_size = -1, .available = -1},
    };
    struct record r;
    record_init(&r);
    r.id = STR("cat:un/2");
    r.title = STR("-Titre");
    r.description = STR("Deux\nlignes");
    r.language = STR("fr");
    r.keywords = (struct strs){keywords, 2};
    r.publisher.id = STR("cat:organization.o1");
    r.publisher.name = STR("Rennes");
    r.publisher.kind = STR("local-authority");
    r.license.id = STR("etalab-2.0");
    r.access = ACCESS_OPEN;
    r.distributions = files;
    r.distribution_count = 3;
    r.spatial.zones = (struct strs){zones, 2};
    r.frequency = STR("ANNUAL");
    date_parse(STR("2020"), &r.temporal.start);
    date_parse(STR("2021-02-03"), &r.issued);
    r.popularity.views = 0;
    r.quality.score = 0.5;
    r.provenance.source = STR("cat");
    r.first_seen = 86400;
    return r;
}

static void test_rows(void)
{
    struct buf b = {0};
    csv_header(&b);
    struct str header = taken(&b);
    ok(str_starts(header, STR("id,kind,status,source,title,")));
    ok(str_ends(header, STR("\r\n")));
    struct record r = sample();
    r.description = STR("Une ligne");
    csv_record(&b, &r);
    struct str row = taken(&b);
    is_int(count_of(row, ','), count_of(header, ','));
    ok(str_ends(row, STR("\r\n")));
    is_text(column(header, row, "id"), "cat:un/2");
    is_text(column(header, row, "kind"), "dataset");
    is_text(column(header, row, "status"), "active");
    is_text(column(header, row, "source"), "cat");
    is_text(column(header, row, "title"), "'-Titre");
    is_text(column(header, row, "publisher"), "Rennes");
    is_text(column(header, row, "license"), "etalab-2.0");
    is_text(column(header, row, "access"), "open");
    is_text(column(header, row, "keywords"), "eau|a¦b");
    is_text(column(header, row, "formats"), "csv|json"); // each once
    is_text(column(header, row, "distribution_count"), "3");
    is_text(column(header, row, "territories"), "fr:commune:35238|mars:1");
    is_text(column(header, row, "temporal_start"), "2020");
    is_text(column(header, row, "temporal_end"), "");
    is_text(column(header, row, "issued"), "2021-02-03");
    is_text(column(header, row, "modified"), "");
    is_text(column(header, row, "quality"), "0.5");
    is_text(column(header, row, "views"), "0");
    is_text(column(header, row, "stars"), ""); // unknown is not 0
    is_text(column(header, row, "first_seen"), "1970-01-02T00:00:00Z");

    csv_tombstone(&b, &(struct stored){.id = STR("cat:3"),
                                       .source = STR("cat"),
                                       .kind = KIND_REUSE,
                                       .removed = true,
                                       .removed_at = 86400});
    row = taken(&b);
    is_int(count_of(row, ','), count_of(header, ','));
    is_text(column(header, row, "status"), "removed");
    is_text(column(header, row, "kind"), "reuse");
    is_text(column(header, row, "distribution_count"), "");
    is_text(column(header, row, "last_changed"), "1970-01-02T00:00:00Z");
}

// ---- DCAT ----------------------------------------------------------------------------------------

static void test_names(void)
{
    struct str url = STR("https://glaneur.example");
    is_text(dcat_iri(A, STR("cat:un/2"), url), "https://glaneur.example/r/cat%3Aun%2F2");
    is_text(dcat_iri(A, STR("cat:un/2"), STR_NONE), "urn:x-glaneur:cat%3Aun%2F2");
    is_text(dcat_iri(A, STR("cat:http://a/1"), url), "http://a/1");
    is_text(dcat_iri(A, STR("cat:dataservice.https://a/1"), url), "https://a/1");
    is_text(dcat_iri(A, STR("cat:urn:uuid:1"), url), "urn:uuid:1");
    is_text(dcat_iri(A, STR("cat:dataset.1"), url), "https://glaneur.example/r/cat%3Adataset.1");
}

static struct str described(const struct record *r, bool behind)
{
    struct buf b = {0};
    struct stored stored = {.id = r->id, .behind = behind};
    struct shown_record shown = {.stored = &stored, .record = *r};
    ok(dcat_record(&b, &shown, STR("https://g.example"), A));
    return taken(&b);
}

static void test_dataset(void)
{
    struct record r = sample();
    is_text(described(&r, false),
            "<https://g.example/r/cat%3Aun%2F2> a dcat:Dataset ;\n"
            "    dct:title \"-Titre\"@fr ;\n"
            "    dct:description \"Deux\\nlignes\"@fr ;\n"
            "    dct:identifier \"cat:un/2\" ;\n"
            "    dcat:keyword \"eau\"@fr ;\n"
            "    dcat:keyword \"a|b\"@fr ;\n"
            "    dct:license <https://www.etalab.gouv.fr/licence-ouverte-open-licence> ;\n"
            "    dct:accessRights "
            "<http://publications.europa.eu/resource/authority/access-right/PUBLIC> ;\n"
            "    dct:issued \"2021-02-03\"^^xsd:date ;\n"
            "    dct:publisher <https://g.example/r/cat%3Aorganization.o1> ;\n"
            "    dct:accrualPeriodicity "
            "<http://publications.europa.eu/resource/authority/frequency/ANNUAL> ;\n"
            "    dct:temporal [ a dct:PeriodOfTime ; dcat:startDate \"2020\"^^xsd:gYear ] ;\n"
            "    dct:spatial <http://id.insee.fr/geo/commune/35238> ;\n"
            "    dct:spatial [ a dct:Location ; dct:identifier \"mars:1\"@fr ] ;\n"
            "    dcat:distribution [ a dcat:Distribution ;\n"
            "    dct:title \"Le \\\"fichier\\\"\"@fr ;\n"
            "    dcat:accessURL <http://a.fr/un%20fichier.csv> ;\n"
            "    dcat:mediaType <http://www.iana.org/assignments/media-types/text/csv> ;\n"
            "    dct:format [ a dct:MediaTypeOrExtent ; rdfs:label \"csv\" ] ;\n"
            "    dct:type <http://publications.europa.eu/resource/authority/distribution-type/"
            "DOWNLOADABLE_FILE> ;\n"
            "    dcat:byteSize \"12\"^^xsd:nonNegativeInteger ;\n"
            "    spdx:checksum [ a spdx:Checksum ; spdx:algorithm spdx:checksumAlgorithm_sha1 ; "
            "spdx:checksumValue \"0a1b\"^^xsd:hexBinary ] ;\n"
            "    dct:license <https://www.etalab.gouv.fr/licence-ouverte-open-licence> ] ;\n"
            "    dcat:distribution [ a dcat:Distribution ;\n"
            "    dct:format [ a dct:MediaTypeOrExtent ; rdfs:label \"csv\" ] ;\n"
            "    dct:license <https://www.etalab.gouv.fr/licence-ouverte-open-licence> ] ;\n"
            "    dcat:distribution [ a dcat:Distribution ;\n"
            "    dct:format [ a dct:MediaTypeOrExtent ; rdfs:label \"json\" ] ;\n"
            "    dct:license <https://www.etalab.gouv.fr/licence-ouverte-open-licence> ] .\n"
            "<https://g.example/r/cat%3Aorganization.o1> a foaf:Agent ;\n"
            "    foaf:name \"Rennes\" ;\n"
            "    dct:type <http://purl.org/adms/publishertype/LocalAuthority> .\n"
            "<https://g.example> dcat:dataset <https://g.example/r/cat%3Aun%2F2> .\n\n");
    // Two descriptions of one resource would be one: what stands behind another has an IRI of its own.
    r.id = STR("cat:http://a/1");
    ok(str_starts(described(&r, false), STR("<http://a/1> a dcat:Dataset")));
    ok(str_starts(described(&r, true), STR("<https://g.example/r/cat%3Ahttp%3A%2F%2Fa%2F1> a")));
}

static bool says(struct str text, const char *part)
{
    bool found = str_find(text, str_of(part)) >= 0;
    if (!found)
        printf("# not in: %.*s\n", STR_ARG(text));
    return found;
}

static void test_others(void)
{
    struct record r = sample();
    struct buf b = {0};
    struct stored stored = {.id = r.id};
    r.kind = KIND_DATASERVICE;
    r.endpoint_url = STR("https://a/api");
    r.license = (struct license){.label = STR("Conditions \"maison\"")};
    r.access = ACCESS_OPEN_WITH_ACCOUNT;
    r.contact_role = STR("contact@a.fr");
    struct str service = described(&r, false);
    ok(says(service, "a dcat:DataService ;"));
    ok(says(service, "dcat:endpointURL <https://a/api>"));
    ok(says(service, "[ a dct:LicenseDocument ; rdfs:label \"Conditions \\\"maison\\\"\"@fr ]"));
    ok(says(service, "rdfs:label \"open_with_account\""));
    ok(says(service, "vcard:hasEmail <mailto:contact@a.fr>"));
    ok(says(service, "<https://g.example> dcat:service "));
    ok(str_find(service, STR("dcat:distribution")) < 0);

    r.kind = KIND_ORGANIZATION;
    ok(says(described(&r, false), "<https://g.example/r/cat%3Aun%2F2> a foaf:Agent ;\n"
                                  "    foaf:name \"-Titre\""));
    for (int i = 0; i < 2; i++) {
        r.kind = i ? KIND_SOFTWARE : KIND_REUSE;
        struct shown_record shown = {.stored = &stored, .record = r};
        ok(!dcat_record(&b, &shown, STR_NONE, A));
        is_int(b.n, 0);
    }
    buf_free(&b);
}

static void test_formats(void)
{
    enum export_format format;
    ok(export_format_find(STR("csv"), &format) && format == EXPORT_CSV);
    ok(export_format_find(STR("dcat"), &format) && format == EXPORT_DCAT);
    ok(export_format_find(STR("jsonl"), &format) && format == EXPORT_JSONL);
    ok(!export_format_find(STR("json"), &format));
    ok(!export_format_find(STR(""), &format));
}

static struct str shipped_text(const char *name)
{
    struct str text = STR_NONE;
    struct err e = {0};
    ok(shipped_file(STR_NONE, name, A, &text, &e));
    return text;
}

int main(void)
{
    struct err e = {0};
    ok(vocabularies_load(shipped_text("config/vocabularies/licences.tsv"),
                         shipped_text("config/vocabularies/formats.tsv"),
                         shipped_text("config/vocabularies/frequencies.tsv"), &e));
    test_iris();
    test_literals();
    test_dates();
    test_fields();
    test_formulas();
    test_rows();
    test_names();
    test_dataset();
    test_others();
    test_formats();
    vocabularies_free();
    arena_free(A);
    return tap_done();
}
