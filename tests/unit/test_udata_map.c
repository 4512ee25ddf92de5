// harvester/drivers/udata/map.c: what becomes of odd values. (Field by field: test_udata_fields.c.)
#include "tests/unit/udata_fixture.h"

// The record of a JSON object, in the arena of the program.
static const struct record *mapped(enum record_kind kind, const char *json)
{
    static const struct record none;
    json_t *o = json_loads(json, 0, NULL);
    struct driver_item item = fixture_map(kind, o, &arena);
    json_decref(o);
    ok(item.record != NULL);
    return item.record ? item.record : &none;
}

static struct str date_text(struct date d)
{
    char text[DATE_TEXT_BYTES];
    return arena_str(&arena, date_format(d, text));
}

static void ids(void)
{
    const char *json =
        "{\"id\":\"5A01\",\"title\":\"T\",\"name\":\"N\",\"organization\":{\"id\":\"5d01\"}}";
    is_text(mapped(KIND_DATASET, json)->id, "data.gouv.fr:5a01");
    is_text(mapped(KIND_DATASERVICE, json)->id, "data.gouv.fr:dataservice.5a01");
    is_text(mapped(KIND_REUSE, json)->id, "data.gouv.fr:reuse.5a01");
    is_text(mapped(KIND_ORGANIZATION, json)->id, "data.gouv.fr:organization.5a01");
    is_text(mapped(KIND_ORGANIZATION, json)->publisher.id, "data.gouv.fr:organization.5a01");
    is_text(mapped(KIND_DATASET, json)->publisher.id, "data.gouv.fr:organization.5d01");
    is_text(mapped(KIND_DATASET, json)->provenance.source, "data.gouv.fr");
    // The page about it, where the object does not tell it.
    is_text(mapped(KIND_REUSE, json)->provenance.remote_url,
            "https://www.data.gouv.fr/reuses/5a01/");
    is_text(mapped(KIND_REUSE, json)->landing_page, "https://www.data.gouv.fr/reuses/5a01/");
    const struct record *r =
        mapped(KIND_REUSE, "{\"id\":\"5c01\",\"title\":\"T\",\"datasets\":[{\"id\":\"5a01\"},{},7],"
                           "\"dataservices\":[{\"id\":\"5b01\"}]}");
    is_int(r->relations.uses.n, 2);
    is_text(r->relations.uses.v[0], "data.gouv.fr:5a01");
    is_text(r->relations.uses.v[1], "data.gouv.fr:dataservice.5b01");
}

static void persons(void)
{
    const char *json =
        "{\"id\":\"5a01\",\"title\":\"T\",\"organization\":null,"
        "\"owner\":{\"id\":\"5e01\",\"first_name\":\"Jeanne\",\"last_name\":\"Martin\",\"slug\":"
        "\"jeanne-martin\"},"
        "\"contact_points\":[{\"name\":\"Jeanne Martin\",\"email\":\"jeanne.martin@exemple.fr\"}],"
        "\"resources\":[{\"title\":\"a\",\"url\":\"mailto:jeanne.martin@exemple.fr\"}],"
        "\"page\":\"mailto:jeanne.martin@exemple.fr\"}";
    const struct record *r = mapped(KIND_DATASET, json);
    is_text(r->publisher.kind, "user");
    is_text(r->publisher.name, "");
    is_text(r->contact_role, "");
    struct str text = fixture_public(r, &arena);
    is_int(str_find(text, STR("artin")), -1);
    is_int(str_find(text, STR("eanne")), -1);
    is_int(str_find(text, STR("5e01")), -1);
    json = "{\"id\":\"5a01\",\"title\":\"T\",\"contact_points\":[{\"email\":\"jeanne.martin@"
           "exemple.fr\"},"
           "{\"email\":\"sig@exemple.fr\"}]}";
    is_text(mapped(KIND_DATASET, json)->contact_role,
            "sig@exemple.fr"); // the first that is a service's
    json = "{\"id\":\"5a01\",\"title\":\"T\",\"contact_points\":[{\"email\":\"jeanne.martin@"
           "exemple.fr\","
           "\"contact_form\":\"https://exemple.fr/contact\"}]}";
    is_text(mapped(KIND_DATASET, json)->contact_role, "https://exemple.fr/contact");
    json = "{\"id\":\"5d01\",\"name\":\"Mairie\",\"members\":[{\"role\":\"admin\",\"user\":{\"last_"
           "name\":\"Martin\"}}]}";
    is_int(str_find(fixture_public(mapped(KIND_ORGANIZATION, json), &arena), STR("Martin")), -1);
}

static void boxes(void)
{
    const struct record *r =
        mapped(KIND_DATASET, "{\"id\":\"5a01\",\"title\":\"T\",\"spatial\":{\"geom\":{\"type\":"
                             "\"MultiPolygon\",\"coordinates\":"
                             "[[[[2.5,48],[-1.75,47.5],[2,48.25],[2.5,48]]],[[[55.5,-21],[55.25,-"
                             "20.5],[300,0],[55.5,-21]]]]}}}");
    ok(r->spatial.has_bbox);
    ok(r->spatial.bbox[0] == -1.75 && r->spatial.bbox[1] == -21);
    ok(r->spatial.bbox[2] == 55.5 && r->spatial.bbox[3] == 48.25);
    r = mapped(KIND_DATASET, "{\"id\":\"5a01\",\"title\":\"T\",\"spatial\":{\"geom\":{\"type\":"
                             "\"Point\",\"coordinates\":[2,48]}}}");
    ok(r->spatial.has_bbox && r->spatial.bbox[0] == 2 && r->spatial.bbox[2] == 2 &&
       r->spatial.bbox[1] == 48 && r->spatial.bbox[3] == 48);
    static const char *const none[] = {"null",
                                       "{}",
                                       "{\"coordinates\":[]}",
                                       "{\"coordinates\":\"2,48\"}",
                                       "{\"coordinates\":[[[[200,95]]]]}",
                                       "{\"coordinates\":[[[[\"2\",\"48\"]]]]}",
                                       "{\"coordinates\":[[[[[[[[[[[[2,48]]]]]]]]]]]]}"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        ok(!mapped(KIND_DATASET,
                   arena_printf(&arena,
                                "{\"id\":\"5a01\",\"title\":\"T\",\"spatial\":{\"geom\":%s}}",
                                none[i])
                       .p)
                ->spatial.has_bbox);
}

static void zones(void)
{
    const struct record *r = mapped(
        KIND_DATASET,
        "{\"id\":\"5a01\",\"title\":\"T\",\"spatial\":{\"granularity\":\"fr:commune\",\"zones\":"
        "[\"fr:commune:35238@1970-01-09\",\"country:fr\",\"Pays de Redon\",null,\"\"]}}");
    is_text(r->spatial.granularity, "fr:commune");
    is_int(r->spatial.zones.n, 2);
    is_text(r->spatial.zones.v[0], "fr:commune:35238");
    is_text(r->spatial.zones.v[1], "country:fr");
    is_int(r->spatial.labels.n, 1);
    is_text(r->spatial.labels.v[0], "Pays de Redon");
    r = mapped(KIND_DATASET,
               "{\"id\":\"5a01\",\"title\":\"T\",\"spatial\":{\"granularity\":{\"id\":\"fr:epci\"},"
               "\"zones\":"
               "[{\"id\":\"fr:epci:243500139\",\"name\":\"Rennes M\\u00e9tropole\"}]}}");
    is_text(r->spatial.granularity, "fr:epci");
    is_text(r->spatial.zones.v[0], "fr:epci:243500139");
    is_text(r->spatial.labels.v[0], "Rennes Métropole");
    r = mapped(KIND_DATASET, "{\"id\":\"5a01\",\"title\":\"T\",\"spatial\":null}");
    is_int(r->spatial.zones.n + r->spatial.labels.n, 0);
}

static void licences(void)
{
    const struct record *r =
        mapped(KIND_DATASET, "{\"id\":\"5a01\",\"title\":\"T\",\"license\":null}");
    is_text(r->license.id, "");
    is_text(r->license.label, "");
    ok(!r->license.open);
    r = mapped(KIND_DATASET, "{\"id\":\"5a01\",\"title\":\"T\",\"license\":\"lov2\"}");
    is_text(r->license.id, "etalab-2.0");
    ok(r->license.label.n > 0 && r->license.open);
    r = mapped(KIND_DATASET,
               "{\"id\":\"5a01\",\"title\":\"T\",\"license\":\"licence de la r\\u00e9gie\"}");
    is_text(r->license.id, "");
    is_text(r->license.label, "licence de la régie");
    ok(!r->license.open);
    is_text(
        mapped(KIND_DATASET,
               "{\"id\":\"5a01\",\"title\":\"T\",\"license\":{\"id\":\"lov2\",\"title\":\"x\"}}")
            ->license.id,
        "etalab-2.0");
    is_int(mapped(KIND_DATASET, "{\"id\":\"5a01\",\"title\":\"T\"}")->access, ACCESS_OPEN);
    is_int(mapped(KIND_DATASERVICE, "{\"id\":\"5a01\",\"title\":\"T\"}")->access, ACCESS_UNKNOWN);
    is_int(mapped(KIND_DATASET, "{\"id\":\"5a01\",\"title\":\"T\",\"access_type\":\"restricted\"}")
               ->access,
           ACCESS_RESTRICTED);
}

static void dates(void)
{
    const struct record *r = mapped(
        KIND_DATASET,
        "{\"id\":\"5a01\",\"title\":\"T\",\"created_at\":\"0003-01-01T00:00:00\",\"last_modified\":"
        "\"2020-01-01\",\"last_update\":\"2027-03-04T05:06:07.123000+02:00\",\"temporal_coverage\":"
        "{\"start\":\"0003-01-01\",\"end\":\"pas une "
        "date\"},\"resources\":[{\"last_modified\":\"2027\"}]}");
    is_text(date_text(r->issued), "0003-01-01T00:00:00Z");
    is_text(date_text(r->modified), "2027-03-04T03:06:07Z");
    ok(!r->modified_trusted);
    is_text(date_text(r->temporal.start), "0003-01-01");
    is_text(date_text(r->temporal.end), "");
    is_text(date_text(r->distributions[0].modified), "2027");
}

static void caps(void)
{
    struct buf b = {0};
    buf_addz(&b, "{\"id\":\"5a01\",\"title\":\"");
    for (int i = 0; i < 400; i++)
        buf_addz(&b, "é");
    buf_addz(&b, "\",\"description\":\"");
    for (int i = 0; i < 8000; i++)
        buf_addz(&b, "mot et mot ");
    buf_addz(&b, "\",\"tags\":[");
    for (int i = 0; i < 150; i++)
        buf_addf(&b, "%s\"mot-%d\"", i ? "," : "", i);
    buf_addz(&b, "],\"resources\":[");
    for (int i = 0; i < 2100; i++)
        buf_addf(&b, "%s{\"title\":\"%d\"}", i ? "," : "", i);
    buf_addz(&b, "]}");
    json_t *o = json_loadb(b.p, b.n, 0, NULL);
    struct mapper m = {.source = &fixture_source, .arena = &arena};
    struct driver_item item;
    ok(udata_map(&m, KIND_DATASET, o, NULL, &item));
    is_int(item.record->title.n, 500);
    ok(item.record->description.n <= 64 * 1024 && item.record->description.n > 65000);
    is_int(item.record->keywords.n, 100);
    is_int(item.record->distribution_count, 2000);
    is_int(m.counts.cut, 4);
    json_decref(o);

    // Lists of others: relations, zones, schemas, badges.
    buf_clear(&b);
    buf_addz(&b, "{\"id\":\"5c01\",\"title\":\"T\",\"datasets\":[");
    for (int i = 0; i < 1100; i++)
        buf_addf(&b, "%s{\"id\":\"5a%d\"}", i ? "," : "", i);
    buf_addz(&b, "],\"badges\":[");
    for (int i = 0; i < 150; i++)
        buf_addf(&b, "%s{\"kind\":\"b%d\"}", i ? "," : "", i);
    buf_addz(&b, "],\"spatial\":{\"zones\":[");
    for (int i = 0; i < 150; i++)
        buf_addf(&b, "%s\"fr:commune:%05d\"", i ? "," : "", 35000 + i);
    buf_addz(&b, "]},\"resources\":[");
    for (int i = 0; i < 150; i++)
        buf_addf(&b, "%s{\"schema\":{\"name\":\"s%d\"}},7", i ? "," : "", i);
    buf_addz(&b, "]}");
    buf_addc(&b, '\0');
    is_int(mapped(KIND_REUSE, b.p)->relations.uses.n, 1000);
    is_int(mapped(KIND_REUSE, b.p)->badges.n, 100);
    is_int(mapped(KIND_DATASET, b.p)->spatial.zones.n, 100);
    is_int(mapped(KIND_DATASET, b.p)->conforms_to.n, 100);
    is_int(mapped(KIND_DATASET, b.p)->distribution_count, 150); // what is no object is none
    buf_free(&b);
}

static void texts(void)
{
    const struct record *r = mapped(
        KIND_DATASET,
        "{\"id\":\"5a01\",\"title\":\"  Un\\n titre \\u200b\",\"description\":\"<p>Un "
        "<b>mot</b>.</p>"
        "<script>alert(1)</script><p>Deux &amp; trois</p>\",\"tags\":[\"a\",\"\",null,7,\" b \"],"
        "\"badges\":[{\"kind\":\"HVD\"},{},\"x\"],\"metrics\":{\"views\":-3,\"followers\":\"7\","
        "\"reuses\":2.0},"
        "\"quality\":{\"score\":1.5,\"license\":true,\"spatial\":null}}");
    is_text(r->title, "Un titre");
    is_text(r->description, "Un mot.\n\nDeux & trois");
    is_int(r->keywords.n, 2);
    is_text(r->keywords.v[1], "b");
    is_int(r->badges.n, 1);
    is_text(r->badges.v[0], "hvd");
    ok(r->popularity.views < 0 && r->popularity.followers == -1);
    is_int(r->popularity.reuses, 2);
    ok(r->quality.score == -1);
    is_int(r->quality.criterion_count, 1);
    r = mapped(
        KIND_DATASET,
        "{\"id\":\"5a01\",\"title\":\"T\",\"description\":\"# Titre\\n\\n- a < b\\n- **gras**\"}");
    is_text(r->description, "# Titre\n\n- a < b\n- **gras**"); // Markdown stays what it is
    is_text(mapped(KIND_DATASET, "{\"id\":\"5a01\",\"title\":\"T\",\"description\":\" \\u200b \"}")
                ->description,
            "");
}

int main(void)
{
    fixture_begin();
    ids();
    persons();
    boxes();
    zones();
    licences();
    dates();
    caps();
    texts();
    fixture_end();
    return tap_done();
}
