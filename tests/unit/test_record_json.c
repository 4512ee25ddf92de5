// store/record_json: the three forms of a record, and reading back; store/history: what differs between two bodies.
#include "store/history.h"
#include "store/record_json.h"
#include "tests/tap.h"

#include <jansson.h>
#include <math.h>

static struct arena arena;

static struct strs list(size_t n, const char *const *words)
{
    struct strs out = {0};
    for (size_t i = 0; i < n; i++)
        arena_push(&arena, &out, str_of(words[i]));
    return out;
}
#define LIST(...)                                                                                  \
    list(sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *), (const char *[]){__VA_ARGS__})

static struct date day(const char *text)
{
    struct date d;
    date_parse(str_of(text), &d);
    return d;
}

// Every field has a value, and no two the same where that can be.
static struct record everything(void)
{
    static struct distribution distributions[] = {
        {.title = STR("Données \"2024\"\n(CSV)"),
         .url = STR("https://example.org/a.csv"),
         .type = STR("main"),
         .format = STR("csv"),
         .format_family = STR("tabular"),
         .media_type = STR("text/csv"),
         .byte_size = INT64_MAX,
         .checksum = STR("sha1:9a0364"),
         .available = 1},
        {.url = STR("https://example.org/b"), .byte_size = -1, .available = -1},
        {.byte_size = 0, .available = 0},
    };
    distributions[0].modified = day("2024-02-29T10:11:12Z");
    static struct column fields[] = {{STR("insee"), STR("Code commune"), STR("string")},
                                     {.name = STR("population")}};
    static struct criterion criteria[] = {{STR("license"), true}, {STR("spatial"), false}};
    struct record r;
    record_init(&r);
    r.id = STR("data.gouv.fr:abc/d");
    r.kind = KIND_DATASERVICE;
    r.status = STATUS_ARCHIVED;
    r.title = STR("Élus");
    r.acronym = STR("RNE");
    r.description = STR("Ligne 1\nLigne 2\t\\ \x7f \x01");
    r.language = STR("fr");
    r.type = STR("api");
    r.keywords = LIST("élection", "a", "mairie", "a", "");
    r.themes = LIST("gouv", "adm");
    r.badges = LIST("spd", "hvd");
    r.featured = true;
    r.publisher.id = STR("data.gouv.fr:organization.1");
    r.publisher.name = STR("Ministère");
    r.publisher.acronym = STR("MI");
    r.publisher.former_names = LIST("Z ancien", "A ancien");
    r.publisher.kind = STR("public-service");
    r.publisher.certified = true;
    r.publisher.siret = STR("11000201100044");
    r.license.id = STR("etalab-2.0");
    r.license.label = STR("Licence Ouverte");
    r.license.open = true;
    r.access = ACCESS_OPEN_WITH_ACCOUNT;
    r.access_request_url = STR("https://example.org/ask");
    r.distributions = distributions;
    r.distribution_count = 3;
    r.fields = fields;
    r.field_count = 2;
    r.endpoint_url = STR("https://api.example.org/");
    r.endpoint_description = STR("https://api.example.org/openapi.json");
    r.documentation_url = STR("https://api.example.org/doc");
    r.rate_limiting = STR("10/s");
    r.repository_url = STR("https://git.example.org/r");
    r.programming_languages = LIST("Python", "C");
    r.development_status = STR("stable");
    r.spatial.granularity = STR("fr:commune");
    r.spatial.zones = LIST("fr:commune:35238", "fr:commune:29019");
    r.spatial.labels = LIST("Rennes", "Brest");
    r.spatial.has_bbox = true;
    memcpy(r.spatial.bbox, (double[]){-1.5, 48, 2.123456789, 51.1}, sizeof r.spatial.bbox);
    r.temporal.start = day("2020");
    r.temporal.end = day("2021-05");
    r.frequency = STR("ANNUAL");
    r.issued = day("0003-01-01");
    r.modified = day("2026-01-15T08:00:00Z");
    r.modified_trusted = true;
    r.landing_page = STR("https://example.org/page");
    r.conforms_to = LIST("b/schema", "a/schema");
    r.contact_role = STR("contact@example.org");
    r.quality.score = 0.56;
    r.quality.criteria = criteria;
    r.quality.criterion_count = 2;
    r.availability = 99.95;
    r.popularity = (struct popularity){1, 2, 0, 4, 5};
    r.relations.serves_dataset = LIST("x:2", "x:1");
    r.relations.uses = LIST("x:3");
    r.relations.used_by = LIST("x:5", "x:4");
    r.users = LIST("Nantes", "Brest");
    r.aliases = LIST("x:old2", "x:old1");
    r.also_in = LIST("y:1");
    r.provenance.source = STR("data.gouv.fr");
    r.provenance.remote_url = STR("https://www.data.gouv.fr/x");
    r.provenance.origin_url = STR("https://origin.example.org/");
    r.provenance.origin_id = STR("o-1");
    r.provenance.license = STR("lov2");
    r.provenance.attribution = STR("data.gouv.fr");
    r.provenance.harvested_at = 1700000000;
    r.provenance.seq = 42;
    r.provenance.hash = STR("00ff");
    r.first_seen = 1600000000;
    r.last_seen = 1700000000;
    r.last_changed = 1650000000;
    return r;
}

static struct str body_of(const struct record *r)
{
    struct buf b = {0};
    record_write_body(&b, r);
    struct str copy = arena_str(&arena, buf_str(&b));
    buf_free(&b);
    return copy;
}

static struct str figures_of(const struct record *r)
{
    struct buf b = {0};
    record_write_figures(&b, r);
    struct str copy = arena_str(&arena, buf_str(&b));
    buf_free(&b);
    return copy;
}

static const char whole_body[] =
    "{\"id\":\"data.gouv.fr:abc/"
    "d\",\"kind\":\"dataservice\",\"title\":\"Élus\",\"acronym\":\"RNE\","
    "\"description\":\"Ligne 1\\nLigne 2\\u0009\\\\ \\u007f \\u0001\",\"language\":\"fr\","
    "\"type\":\"api\",\"keywords\":[\"a\",\"mairie\",\"élection\"],\"themes\":[\"adm\",\"gouv\"],"
    "\"badges\":[\"hvd\",\"spd\"],\"featured\":true,\"publisher\":{"
    "\"id\":\"data.gouv.fr:organization.1\",\"name\":\"Ministère\",\"acronym\":\"MI\","
    "\"former_names\":[\"Z ancien\",\"A ancien\"],\"kind\":\"public-service\",\"certified\":true,"
    "\"siret\":\"11000201100044\"},\"license\":{\"id\":\"etalab-2.0\",\"label\":\"Licence "
    "Ouverte\","
    "\"open\":true},\"access\":\"open_with_account\","
    "\"access_request_url\":\"https://example.org/ask\",\"distributions\":[{"
    "\"title\":\"Données \\\"2024\\\"\\n(CSV)\",\"url\":\"https://example.org/a.csv\","
    "\"type\":\"main\",\"format\":\"csv\",\"format_family\":\"tabular\",\"media_type\":\"text/"
    "csv\","
    "\"byte_size\":9223372036854775807,\"checksum\":\"sha1:9a0364\"},"
    "{\"url\":\"https://example.org/b\"},{\"byte_size\":0}],"
    "\"fields\":[{\"name\":\"insee\",\"label\":\"Code commune\",\"type\":\"string\"},"
    "{\"name\":\"population\"}],\"endpoint_url\":\"https://api.example.org/\","
    "\"endpoint_description\":\"https://api.example.org/openapi.json\","
    "\"documentation_url\":\"https://api.example.org/doc\",\"rate_limiting\":\"10/s\","
    "\"repository_url\":\"https://git.example.org/r\",\"programming_languages\":[\"C\",\"Python\"],"
    "\"development_status\":\"stable\",\"spatial\":{\"granularity\":\"fr:commune\","
    "\"zones\":[\"fr:commune:29019\",\"fr:commune:35238\"],\"labels\":[\"Brest\",\"Rennes\"],"
    "\"bbox\":[-1.5,48,2.123456789,51.1]},\"temporal\":{\"start\":\"2020\",\"end\":\"2021-05\"},"
    "\"frequency\":\"ANNUAL\",\"issued\":\"0003-01-01\",\"modified\":\"2026-01-15T08:00:00Z\","
    "\"landing_page\":\"https://example.org/page\",\"conforms_to\":[\"a/schema\",\"b/schema\"],"
    "\"contact_role\":\"contact@example.org\",\"relations\":{\"serves_dataset\":[\"x:1\",\"x:2\"],"
    "\"uses\":[\"x:3\"],\"used_by\":[\"x:4\",\"x:5\"]},\"users\":[\"Brest\",\"Nantes\"],"
    "\"aliases\":[\"x:old1\",\"x:old2\"],\"also_in\":[\"y:1\"],\"provenance\":{"
    "\"source\":\"data.gouv.fr\",\"remote_url\":\"https://www.data.gouv.fr/x\","
    "\"origin_url\":\"https://origin.example.org/\",\"origin_id\":\"o-1\",\"license\":\"lov2\","
    "\"attribution\":\"data.gouv.fr\"}}";

static const char whole_figures[] =
    "{\"quality\":{\"score\":0.56,\"criteria\":{\"license\":true,\"spatial\":false}},"
    "\"availability\":99.95,\"popularity\":{\"views\":1,\"followers\":2,\"reuses\":0,"
    "\"downloads\":4,\"stars\":5},"
    "\"distributions\":[[1,\"2024-02-29T10:11:12Z\"],[null,null],[0,null]]}";

static void stored_forms(void)
{
    struct record r = everything(), back;
    struct err e = {0};
    struct str body = body_of(&r), figures = figures_of(&r);
    is_text(body, whole_body);
    is_text(figures, whole_figures);
    ok(record_read(&back, body, figures, &arena, &e));
    is_text(body_of(&back), whole_body);
    is_text(figures_of(&back), whole_figures);

    // What the JSON of both would hide.
    ok(back.kind == KIND_DATASERVICE && back.access == ACCESS_OPEN_WITH_ACCOUNT);
    ok(back.modified_trusted && back.modified.precision == DATE_SECOND);
    is_int(back.temporal.start.precision, DATE_YEAR);
    is_text(back.description, "Ligne 1\nLigne 2\t\\ \x7f \x01");
    is_int(back.distributions[1].byte_size, -1);
    is_int(back.distributions[1].available, -1);
    is_int(back.distributions[2].byte_size, 0);
    is_int(back.distributions[2].available, 0);
    ok(back.spatial.has_bbox && back.spatial.bbox[2] == 2.123456789);
    is_int(back.keywords.n, 3);
    is_int(back.title.p[back.title.n], 0);
}

static void modified_as_a_figure(void)
{
    struct record r = everything(), back;
    struct err e = {0};
    r.modified_trusted = false;
    struct str body = body_of(&r), figures = figures_of(&r);
    is_int(str_find(body, STR("\"modified\"")), -1);
    is_int(str_find(figures, STR("{\"modified\":\"2026-01-15T08:00:00Z\",\"quality\"")), 0);
    ok(record_read(&back, body, figures, &arena, &e));
    ok(!back.modified_trusted);
    is_int(back.modified.seconds, r.modified.seconds);
    is_text(figures_of(&back), arena_z(&arena, figures));
}

static void figures_alone(void)
{
    struct record r;
    struct err e = {0};
    ok(record_read_figures(&r, str_of(whole_figures), &arena, &e));
    is_int(r.popularity.downloads, 4);
    ok(r.availability == 99.95 && r.quality.score == 0.56);
    is_int(r.quality.criterion_count, 2);
    is_int(r.distribution_count, 0);
    is_int(r.id.n, 0);
    ok(record_read_figures(&r, STR("{\"modified\":\"2024\"}"), &arena, &e));
    ok(!r.modified_trusted && r.modified.precision == DATE_YEAR);
    ok(record_read_figures(&r, STR("{}"), &arena, &e));
    is_int(r.popularity.views, -1);
    ok(!record_read_figures(&r, STR("{\"distributions\":[[2,null]]}"), &arena, &e) &&
       e.code == ERR_CORRUPT);
    ok(!record_read_figures(&r, STR("{\"title\":\"x\"}"), &arena, &e) && e.code == ERR_CORRUPT);
}

static void smallest(void)
{
    struct record r, back;
    struct err e = {0};
    record_init(&r);
    r.id = STR("s:1");
    is_text(body_of(&r), "{\"id\":\"s:1\",\"kind\":\"dataset\"}");
    is_text(figures_of(&r), "{}");
    ok(record_read(&back, body_of(&r), STR("{}"), &arena, &e));
    ok(record_read(&back, body_of(&r), STR_NONE, &arena, &e));
    is_int(back.popularity.views, -1);
    ok(back.quality.score == -1 && back.availability == -1);
    is_int(back.distribution_count, 0);
    is_int(back.modified.precision, DATE_NONE);

    // Numbers that are no numbers are left out.
    r.availability = NAN;
    r.quality.score = INFINITY;
    r.spatial.has_bbox = true;
    r.spatial.bbox[1] = NAN;
    is_text(body_of(&r), "{\"id\":\"s:1\",\"kind\":\"dataset\"}");
    is_text(figures_of(&r), "{}");
}

static void order_is_no_change(void)
{
    struct record r = everything();
    r.keywords = LIST("mairie", "élection", "a");
    r.spatial.zones = LIST("fr:commune:29019", "fr:commune:35238", "fr:commune:29019");
    r.relations.uses = LIST("x:3", "x:3");
    is_text(body_of(&r), whole_body);
    r = everything(); // whose distributions are shared: none is touched
    r.publisher.former_names = LIST("A ancien", "Z ancien");
    ok(!str_eq(body_of(&r), str_of(whole_body)));
}

static json_t *public_of(const struct record *r)
{
    struct buf b = {0};
    record_write_public(&b, r);
    json_t *v = json_loadb(b.p, b.n, JSON_REJECT_DUPLICATES, NULL);
    buf_free(&b);
    return v;
}

static const char *text_at(json_t *v, const char *a, const char *b)
{
    return json_string_value(json_object_get(json_object_get(v, a), b));
}

static void public_form(void)
{
    static const char *const keys[] = {
        "id",
        "kind",
        "status",
        "title",
        "acronym",
        "description",
        "language",
        "type",
        "keywords",
        "themes",
        "badges",
        "featured",
        "publisher",
        "license",
        "access",
        "access_request_url",
        "distributions",
        "fields",
        "endpoint_url",
        "endpoint_description",
        "documentation_url",
        "rate_limiting",
        "repository_url",
        "programming_languages",
        "development_status",
        "spatial",
        "temporal",
        "frequency",
        "issued",
        "modified",
        "first_seen",
        "last_seen",
        "last_changed",
        "landing_page",
        "conforms_to",
        "contact_role",
        "quality",
        "availability",
        "popularity",
        "relations",
        "users",
        "aliases",
        "also_in",
        "provenance",
    };
    size_t n = sizeof keys / sizeof *keys, i = 0, same = 0;
    struct record r = everything();
    json_t *v = public_of(&r);
    const char *key;
    json_t *member;
    json_object_foreach(v, key, member)
    {
        same += i < n && strcmp(keys[i], key) == 0;
        i++;
    }
    is_int(i, n);
    is_int(same, n);
    is_str(json_string_value(json_object_get(v, "status")), "archived");
    is_str(json_string_value(json_object_get(v, "first_seen")), "2020-09-13T12:26:40Z");
    is_str(text_at(v, "provenance", "harvested_at"), "2023-11-14T22:13:20Z");
    is_str(text_at(v, "provenance", "hash"), "00ff");
    is_int(json_integer_value(json_object_get(json_object_get(v, "provenance"), "seq")), 42);
    json_t *first = json_array_get(json_object_get(v, "distributions"), 0);
    is_str(json_string_value(json_object_get(first, "modified")), "2024-02-29T10:11:12Z");
    ok(json_is_true(json_object_get(first, "available")));
    is_int(json_object_size(first), 10);
    json_t *second = json_array_get(json_object_get(v, "distributions"), 1);
    ok(json_is_null(json_object_get(second, "available")));
    ok(json_is_null(json_object_get(second, "byte_size")));
    is_int(json_array_size(json_object_get(v, "keywords")),
           4); // as they came, the empty one left out
    json_decref(v);

    record_init(&r);
    r.id = STR("s:1");
    v = public_of(&r);
    is_int(json_object_size(v), n);
    ok(json_is_null(json_object_get(v, "title")));
    ok(json_is_null(json_object_get(v, "access")));
    ok(json_is_null(json_object_get(v, "issued")));
    ok(json_is_null(json_object_get(v, "first_seen")));
    ok(json_is_null(json_object_get(v, "availability")));
    ok(json_is_false(json_object_get(v, "featured")));
    ok(json_is_array(json_object_get(v, "keywords")));
    ok(json_is_array(json_object_get(v, "distributions")));
    ok(json_is_null(json_object_get(json_object_get(v, "publisher"), "name")));
    ok(json_is_false(json_object_get(json_object_get(v, "license"), "open")));
    ok(json_is_null(json_object_get(json_object_get(v, "spatial"), "bbox")));
    ok(json_is_null(json_object_get(json_object_get(v, "popularity"), "views")));
    ok(json_is_object(json_object_get(json_object_get(v, "quality"), "criteria")));
    json_decref(v);
}

static void refused_as(const char *body, const char *figures, const char *file, int line)
{
    struct record r;
    struct err e = {0};
    bool read = record_read(&r, str_of(body), str_of(figures), &arena, &e);
    tap_result(!read && e.code == ERR_CORRUPT, file, line, figures ? figures : body);
}
#define refused(body, figures) refused_as((body), (figures), __FILE__, __LINE__)

static void damaged_forms(void)
{
    // Each prefix of a good form is a bad one.
    struct record r;
    struct err e = {0};
    size_t read = 0;
    for (size_t n = 0; n < sizeof whole_body - 1; n++)
        read += record_read(&r, str_slice(whole_body, n), STR_NONE, &arena, &e);
    is_int(read, 0);
    for (size_t n = 1; n < sizeof whole_figures - 1; n++)
        read += record_read(&r, str_of(whole_body), str_slice(whole_figures, n), &arena, &e);
    is_int(read, 0);

    refused("", NULL);
    refused("{}", NULL);
    refused("{\"id\":\"\",\"kind\":\"dataset\"}", NULL);
    refused("[]", NULL);
    refused("{\"id\":\"a\"} ", NULL);
    refused("{\"id\":\"a\",}", NULL);
    refused("{\"id\":\"a\" ,\"kind\":\"reuse\"}", NULL);
    refused("{\"id\":\"a\",\"kind\":\"book\"}", NULL);
    refused("{\"id\":\"a\",\"unknown\":1}", NULL);
    refused("{\"id\":\"a\",\"id\":\"b\"}", NULL);
    refused("{\"kind\":\"dataset\",\"id\":\"b\"}", NULL);
    refused("{\"id\":1}", NULL);
    refused("{\"id\":\"a\",\"title\":null}", NULL);
    refused("{\"id\":\"a\",\"title\":\"\\t\"}", NULL);
    refused("{\"id\":\"a\",\"title\":\"\\u00e9\"}", NULL);
    refused("{\"id\":\"a\",\"title\":\"\\u001\"}", NULL);
    refused("{\"id\":\"a\",\"title\":\"\t\"}", NULL);
    refused("{\"id\":\"a\",\"title\":\"\xff\"}", NULL);
    refused("{\"id\":\"a\",\"access\":\"closed\"}", NULL);
    refused("{\"id\":\"a\",\"featured\":1}", NULL);
    refused("{\"id\":\"a\",\"keywords\":\"b\"}", NULL);
    refused("{\"id\":\"a\",\"issued\":\"soon\"}", NULL);
    refused("{\"id\":\"a\",\"status\":\"active\"}", NULL);
    refused("{\"id\":\"a\",\"spatial\":{\"bbox\":[1,2,3]}}", NULL);
    refused("{\"id\":\"a\",\"spatial\":{\"bbox\":[1,2,3,1e999]}}", NULL);
    refused("{\"id\":\"a\",\"distributions\":[{\"byte_size\":9223372036854775808}]}", NULL);
    refused("{\"id\":\"a\",\"distributions\":[{\"byte_size\":-1}]}", NULL);
    refused("{\"id\":\"a\",\"distributions\":[{\"available\":true}]}", NULL);

    static const char one[] = "{\"id\":\"a\",\"kind\":\"dataset\",\"distributions\":[{}]}";
    ok(record_read(&r, str_of(one), STR("{\"distributions\":[[1,\"2020\"]]}"), &arena, &e));
    refused(one, "{\"distributions\":[[1,null],[1,null]]}");
    refused(one, "{\"distributions\":[[2,null]]}");
    refused(one, "{\"distributions\":[[1]]}");
    refused(one, "{\"id\":\"a\"}");
    refused(one, "{\"popularity\":{\"views\":1.5}}");
    refused(one, "{\"availability\":\"all\"}");
    refused(one, "{\"quality\":{\"criteria\":{\"a\":1}}}");
    refused(one, "{\"quality\":{\"criteria\":{\"a\\u0000\":true}}}");
}

static void numbers_of_elements(void)
{
    // Arrays grow in the arena by doubling: each count up to some powers of two.
    struct err e = {0};
    size_t good = 0;
    for (size_t n = 0; n <= 33; n++) {
        struct record r, back;
        record_init(&r);
        r.id = STR("s:1");
        r.distributions = ARENA_ARRAY(&arena, struct distribution, n + 1);
        r.distribution_count = n;
        for (size_t i = 0; i < n; i++)
            r.distributions[i].url = arena_printf(&arena, "https://example.org/%zu", i);
        good += record_read(&back, body_of(&r), figures_of(&r), &arena, &e) &&
                back.distribution_count == n && str_eq(body_of(&r), body_of(&back)) &&
                str_eq(figures_of(&r), figures_of(&back));
    }
    is_int(good, 34);
}

static struct str difference(const char *from, const char *to)
{
    struct buf b = {0};
    struct err e = {0};
    if (!history_changes(&b, str_of(from), str_of(to), &e))
        buf_addz(&b, err_name(e.code));
    struct str copy = arena_str(&arena, buf_str(&b));
    buf_free(&b);
    return copy;
}

static void differences(void)
{
    is_text(difference("{\"a\":1}", "{\"a\":1}"), "[]");
    is_text(difference("{\"a\":\"x\",\"b\":true}", "{\"a\":\"y\",\"c\":[1]}"),
            "[{\"field\":\"a\",\"from\":\"x\",\"to\":\"y\"},"
            "{\"field\":\"b\",\"from\":true,\"to\":null},"
            "{\"field\":\"c\",\"from\":null,\"to\":[1]}]");
    is_text(difference("{\"p\":{\"name\":\"x\",\"id\":\"1\"}}",
                       "{\"p\":{\"name\":\"y\",\"id\":\"1\"}}"),
            "[{\"field\":\"p.name\",\"from\":\"x\",\"to\":\"y\"}]");
    is_text(difference("{}", "{\"p\":{\"name\":\"y\"}}"),
            "[{\"field\":\"p\",\"from\":null,\"to\":{\"name\":\"y\"}}]");
    is_text(difference("{\"k\":[\"a\",\"b\",\"d\"]}", "{\"k\":[\"a\",\"b\",\"c\",\"d\"]}"),
            "[{\"field\":\"k\",\"from\":[],\"to\":[\"c\"]}]");
    is_text(difference("{\"d\":[{\"u\":1},{\"u\":2},{\"u\":3}]}",
                       "{\"d\":[{\"u\":1},{\"u\":9},{\"u\":3}]}"),
            "[{\"field\":\"d\",\"from\":[{\"u\":2}],\"to\":[{\"u\":9}]}]");
    is_text(difference("{\"k\":[\"a\",\"a\"]}", "{\"k\":[\"a\"]}"),
            "[{\"field\":\"k\",\"from\":[\"a\"],\"to\":[]}]");
    is_text(difference("{\"k\":[1]}", "{\"k\":\"1\"}"),
            "[{\"field\":\"k\",\"from\":[1],\"to\":\"1\"}]");
    is_text(difference("[]", "{}"), "corrupt");
    is_text(difference("{}", "{"), "corrupt");
}

static void long_values(void)
{
    char from[1200], to[1200];
    // 300 bytes are kept whole.
    snprintf(from, sizeof from, "{\"t\":\"%0300d\"}", 7);
    snprintf(to, sizeof to, "{\"t\":\"%0300d\"}", 8);
    is_int(str_find(difference(from, to), STR("…")), -1);

    // Of two long texts, what is shown begins 40 bytes before they part.
    snprintf(from, sizeof from, "{\"t\":\"%0400dA%0500d\"}", 0, 0);
    snprintf(to, sizeof to, "{\"t\":\"%0400dB%0500d\"}", 0, 0);
    char wanted[2000];
    snprintf(wanted, sizeof wanted,
             "[{\"field\":\"t\",\"from\":\"…%040dA%0259d…\",\"to\":\"…%040dB%0259d…\"}]", 0, 0, 0,
             0);
    is_text(difference(from, to), wanted);

    // Neither end cuts a character: 'é' takes two bytes.
    struct buf b = {0};
    buf_addz(&b, "{\"t\":\"x");
    for (int i = 0; i < 400; i++)
        buf_addz(&b, "é");
    buf_addz(&b, "\"}");
    buf_addc(&b, '\0');
    snprintf(to, sizeof to, "{\"t\":\"x\"}");
    struct str d = difference(b.p, to);
    json_t *v = json_loadb(d.p, d.n, 0, NULL);
    const char *shown = json_string_value(json_object_get(json_array_get(v, 0), "from"));
    is_int(strlen(shown), 299 + 3);
    json_decref(v);
    buf_free(&b);

    // A long list is cut as a text.
    snprintf(from, sizeof from, "{\"k\":[\"%0500d\"]}", 0);
    snprintf(wanted, sizeof wanted, "[{\"field\":\"k\",\"from\":\"[\\\"%0298d…\",\"to\":null}]", 0);
    is_text(difference(from, "{}"), wanted);
}

int main(void)
{
    stored_forms();
    modified_as_a_figure();
    figures_alone();
    smallest();
    order_is_no_change();
    public_form();
    damaged_forms();
    numbers_of_elements();
    differences();
    long_values();
    arena_free(&arena);
    return tap_done();
}
