// The pages: a record's own. Bricks of the commons are in test_pages_commons.c, its history in test_pages_history.c.
#include "tests/unit/pages_record_fixture.h"

static struct record sample(void)
{
    static struct distribution files[] = {
        {.title = STR("Bornes"),
         .url = STR("https://example.org/a.csv"),
         .format = STR("csv"),
         .byte_size = 128000000,
         .available = -1},
        {.url = STR("https://example.org/files/b.geojson?x=1"),
         .format = STR("geojson"),
         .byte_size = -1,
         .available = 0},
        {.title = STR("Notice"),
         .url = STR("ftp://example.org/doc.pdf"),
         .type = STR("documentation"),
         .format = STR("pdf"),
         .byte_size = 0,
         .available = 1},
    };
    static struct column columns[] = {{STR("id"), STR("Identifiant"), STR("texte")},
                                      {STR("date"), STR_NONE, STR_NONE}};
    struct record r;
    record_init(&r);
    files[0].modified = day_of("2026-01-15T23:30:00Z");
    r.id = STR("data.gouv.fr:5a");
    r.title = STR("Bornes de recharge");
    r.acronym = STR("IRVE");
    r.description =
        STR("# Titre\n\nUn *texte*, <script>alert(1)</script> et [un lien](javascript:x)");
    r.keywords = LIST("irve", "vélo & tram");
    r.badges = LIST("hvd");
    r.themes = LIST("health");
    r.publisher = (struct publisher){.id = STR("data.gouv.fr:organization.1"),
                                     .name = STR("Ville de Rennes"),
                                     .kind = STR("local-authority"),
                                     .certified = true};
    r.license = (struct license){STR("etalab-2.0"), STR("Licence Ouverte 2.0"), true};
    r.access = ACCESS_RESTRICTED;
    r.access_request_url = STR("https://example.org/demande");
    r.distributions = files;
    r.distribution_count = 3;
    r.fields = columns;
    r.field_count = 2;
    r.spatial.zones = LIST("fr:commune:35238");
    r.spatial.granularity = STR("fr:commune");
    r.temporal.start = day_of("2017");
    r.frequency = STR("DAILY");
    r.issued = day_of("2014-06-12");
    r.modified = day_of("2026-01-15");
    r.landing_page = r.provenance.remote_url = STR("https://www.data.gouv.fr/datasets/5a");
    r.conforms_to = LIST("https://schema.data.gouv.fr/irve", "etalab/irve");
    r.contact_role = STR("contact@rennes.example");
    r.quality.score = 0.8888;
    r.popularity.views = 215340;
    r.provenance.attribution = STR("Etalab");
    r.provenance.license = STR("ODbL-1.0");
    return r;
}

static void test_record(void)
{
    struct record r = sample();
    json_t *view = view_of(&r);
    is_text(look_text(view, "layout.title"), "Bornes de recharge");
    is_text(look_text(view, "layout.json_url"), "/api/v1/records/data.gouv.fr:5a");
    ok(!look(view, "layout.noindex"));
    is_text(look_text(view, "record.kind_label"), "Jeu de données");
    is_text(look_text(view, "record.acronym"), "IRVE");
    is_text(look_text(view, "record.publisher.name"), "Ville de Rennes");
    is_text(look_text(view, "record.publisher.kind"), "collectivité territoriale");
    is_text(look_text(view, "record.publisher.url"), "/?publisher=data.gouv.fr%3Aorganization.1");
    is_int(look_count(view, "record.links.items"), 1);
    is_text(look_text(view, "record.links.items.0.label"), "Voir sur data.gouv.fr");
    is_text(look_text(view, "record.license.label"), "Licence Ouverte 2.0");
    is_text(look_text(view, "record.license.url"),
            "https://www.etalab.gouv.fr/licence-ouverte-open-licence");
    ok(json_is_true(look(view, "record.license_open")));
    is_text(look_text(view, "record.access"), "Accès restreint");
    is_text(look_text(view, "record.access_url"), "https://example.org/demande");
    is_text(look_text(view, "record.formats"), "CSV, GeoJSON"); // not the documentation's
    is_text(look_text(view, "record.spatial"), "Commune 35238 (maille\u00a0: commune)");
    is_text(look_text(view, "record.temporal"), "depuis 2017");
    is_text(look_text(view, "record.frequency"), "Quotidienne");
    is_text(look_text(view, "record.issued_iso"), "2014-06-12");
    is_text(look_text(view, "record.themes"), "Santé");
    is_text(look_text(view, "record.badges"), "Données de forte valeur (HVD)");
    is_text(look_text(view, "record.keywords.items.1.url"), "/?keyword=v%C3%A9lo%20%26%20tram");
    is_text(look_text(view, "record.conforms_to.0.url"), "https://schema.data.gouv.fr/irve");
    ok(!look(view, "record.conforms_to.1.url"));
    is_text(look_text(view, "record.contact.url"), "mailto:contact@rennes.example");
    is_text(look_text(view, "record.quality"), "89\u00a0%");
    is_text(look_text(view, "record.popularity"), "215\u202f340\u00a0vues");
    is_text(look_text(view, "record.files.count"), "3\u00a0fichiers");
    is_text(look_text(view, "record.files.items.0.size"), "128\u00a0Mo");
    is_text(look_text(view, "record.files.items.0.modified"), "16\u00a0janvier\u00a02026");
    is_text(look_text(view, "record.files.items.1.title"), "b.geojson");
    ok(!look(view, "record.files.items.1.size"));
    ok(json_is_true(look(view, "record.files.items.1.unavailable")));
    ok(!look(view, "record.files.items.2.url")); // no browser opens ftp
    ok(!look(view, "record.files.items.2.size"));
    ok(!look(view, "record.files.items.2.unavailable"));
    ok(!look(view, "record.files.more"));
    is_text(look_text(view, "record.fields.count"), "2\u00a0colonnes");
    is_text(look_text(view, "record.provenance.source_url"), "/sources#source-data.gouv.fr");
    is_text(look_text(view, "record.provenance.first_seen"), "3\u00a0décembre\u00a02025");
    is_text(look_text(view, "record.provenance.changed"), "16\u00a0janvier\u00a02026");
    is_text(look_text(view, "record.provenance.attribution"), "Etalab");
    is_text(look_text(view, "record.provenance.terms"), "ODbL-1.0");
    ok(!look(view, "record.missing"));
    ok(!look(view, "record.archived"));
    ok(!look(view, "record.relations"));
    ok(!look(view, "record.history"));
    struct str page = rendered("record", view);
    ok(is_harmless(page));
    ok(holds(page, "<em>texte</em>"));
    ok(holds(page, "<dt>Contact</dt><dd><a href=\"mailto:contact@rennes.example\""));
    ok(holds(page, "<bdi>Notice</bdi>"));
    ok(!holds(page, "ftp://"));
    json_decref(view);
}

static void test_kinds(void)
{
    struct record r = sample();
    r.kind = KIND_REUSE;
    r.title = STR("Carte IRVE");
    r.landing_page = STR("https://carte.example/");
    r.provenance.origin_url = STR("javascript:alert(1)");
    r.contact_role = STR("https://rennes.example/contact");
    r.access = ACCESS_UNKNOWN;
    r.publisher.name = STR_NONE;
    json_t *view = view_of(&r);
    ok(!look(view, "record.acronym")); // the title says it
    ok(!look(view, "record.publisher"));
    ok(!look(view, "record.access"));
    is_int(look_count(view, "record.links.items"), 2);
    is_text(look_text(view, "record.links.items.0.label"), "Ouvrir la réutilisation");
    is_text(look_text(view, "record.contact.text"), "Formulaire de contact");
    json_decref(view);

    r.kind = KIND_DATASERVICE;
    r.access = ACCESS_OPEN;
    r.landing_page = r.provenance.remote_url;
    r.documentation_url = STR("https://doc.example/");
    r.endpoint_url = STR("https://api.example/v1");
    r.endpoint_description = STR("https://api.example/openapi.json");
    r.provenance.origin_url = STR("https://opendata.rennes.example/fiche/3");
    r.availability = 99.5;
    r.rate_limiting = STR("30 par minute");
    view = view_of(&r);
    is_int(look_count(view, "record.links.items"), 4);
    is_text(look_text(view, "record.links.items.3.label"),
            "Fiche d’origine sur opendata.rennes.example");
    is_text(look_text(view, "record.availability"), "99,5\u00a0%");
    is_text(look_text(view, "record.rate_limiting"), "30 par minute");
    ok(!look(view, "record.access_url")); // nothing to ask for
    ok(holds(rendered("record", view), "30 par minute"));
    json_decref(view);

    r.kind = KIND_ORGANIZATION;
    r.publisher.name = r.title;
    r.contact_role = STR("?subject=x@y.example");
    view = view_of(&r);
    ok(!look(view, "record.publisher"));
    is_text(look_text(view, "record.links.items.0.url"), "/?publisher=data.gouv.fr%3A5a");
    is_text(look_text(view, "record.contact.url"), "mailto:%3Fsubject%3Dx@y.example");
    json_decref(view);

    struct record bare;
    record_init(&bare);
    bare.id = STR("s:1");
    bare.title = STR("Titre");
    view = view_of(&bare);
    ok(json_is_true(look(view, "record.license_missing")));
    ok(holds(rendered("record", view), "non précisée par la source"));
    json_decref(view);
    bare.kind = KIND_REUSE;
    view = view_of(&bare);
    ok(!look(view, "record.license_missing"));
    ok(!holds(rendered("record", view), "Licence</dt>"));
    json_decref(view);
    bare.license.label = STR("https://example.org/licence");
    view = view_of(&bare);
    is_text(look_text(view, "record.license.url"), "https://example.org/licence");
    ok(!look(view, "record.license_open"));
    ok(!look(view, "record.description_html"));
    ok(!look(view, "record.files"));
    ok(!look(view, "record.quality"));
    ok(!look(view, "record.modified"));
    ok(!look(view, "record.contact"));
    ok(!look(view, "record.spatial"));
    ok(!look(view, "layout.description"));
    ok(holds(rendered("record", view), "Le producteur n’a pas écrit de description."));
    json_decref(view);
}

static struct str language_of(const char *tag)
{
    struct record r = sample();
    r.language = str_of(tag);
    json_t *view = view_of(&r);
    struct str lang = arena_str(A, look_text(view, "record.lang"));
    json_decref(view);
    return lang;
}

static void test_languages(void)
{
    is_text(language_of("en"), "en");
    is_text(language_of("en-GB"), "en-GB");
    is_text(language_of("bre"), "bre");
    is_text(language_of("fr"), "");
    is_text(language_of("fra"), "");
    is_text(language_of(""), "");
    is_text(language_of("e"), "");
    is_text(language_of("english"), "");
    is_text(language_of("en\" onclick"), "");
    is_text(language_of("en_GB"), "");
}

static void test_summary(void)
{
    struct record r = sample();
    r.description = STR("Un\ntexte **court**.");
    json_t *view = view_of(&r);
    is_text(look_text(view, "layout.description"), "Un texte court.");
    json_decref(view);
    struct buf b = {0};
    while (b.n < 500)
        buf_addz(&b, "mot après ");
    r.description = buf_str(&b);
    view = view_of(&r);
    struct str text = look_text(view, "layout.description");
    ok(text.n <= 200 + strlen("…"));
    ok(str_ends(text, STR("mot…")) || str_ends(text, STR("après…")));
    json_decref(view);
    buf_free(&b);
}

static void test_many(void)
{
    struct record r = sample();
    r.distribution_count = 71;
    r.distributions = ARENA_ARRAY(A, struct distribution, 71);
    r.field_count = 1204;
    r.fields = ARENA_ARRAY(A, struct column, 1204);
    struct strs ids = {0};
    for (int i = 0; i < 71; i++)
        r.distributions[i] = (struct distribution){.byte_size = -1, .available = -1};
    for (int i = 0; i < 30; i++)
        arena_push(A, &ids, arena_printf(A, "s:%d", i));
    struct stored stored = stored_of(&r);
    struct shown_record shown = {.stored = &stored, .record = r, .uses = ids};
    is_int(record_page_relations(A, &shown).n, 20);
    is_text(record_page_relations(A, &shown).v[2], "s:2");

    // Of what it uses: what is not there has no title, and members of one brick are one.
    struct record_title titles[] = {{STR("s:1"), STR("Un"), STR("s:1")},
                                    {STR("s:2"), STR_NONE, STR_NONE},
                                    {STR("s:0"), STR("Zéro"), STR("t:zéro")},
                                    {STR("s:3"), STR("Zéro"), STR("t:zéro")}};
    struct related_record users[] = {{STR("s:a"), STR("reuse"), STR("Carte")},
                                     {STR("s:b"), STR("reuse"), STR("Appli")}};
    struct record_page page = {.shown = &shown, .titles = titles, .title_count = 4};
    shown.users = (struct related){users, 2, 1202};
    json_t *view = record_page_view(A, &page);
    is_int(look_count(view, "record.files.items"), 10);
    is_int(look_count(view, "record.files.folded.items"), 40);
    is_text(look_text(view, "record.files.folded.label"), "40\u00a0autres fichiers");
    is_text(look_text(view, "record.files.items.0.title"), "Sans titre");
    is_text(look_text(view, "record.files.more"),
            "Et 21\u00a0autres fichiers, dans la fiche en JSON.");
    is_int(look_count(view, "record.fields.items"), 200);
    is_text(look_text(view, "record.fields.count"),
            "1\u202f204\u00a0colonnes, dont voici les 200 premières");
    is_int(look_count(view, "record.relations.items"), 2);
    is_text(look_text(view, "record.relations.items.0.label"), "Utilise");
    is_int(look_count(view, "record.relations.items.0.items"), 2);
    is_text(look_text(view, "record.relations.items.0.items.0.title"), "Zéro");
    is_text(look_text(view, "record.relations.items.0.items.0.url"), "/r/t:z%C3%A9ro");
    is_text(look_text(view, "record.relations.items.0.items.1.url"), "/r/s:1");
    is_text(look_text(view, "record.relations.items.0.all"), "Voir les 30");
    is_text(look_text(view, "record.relations.items.0.url"), "/?used_by=data.gouv.fr%3A5a");
    is_text(look_text(view, "record.relations.items.1.label"), "Utilisé par");
    is_text(look_text(view, "record.relations.items.1.items.0.title"), "Carte");
    is_text(look_text(view, "record.relations.items.1.items.1.url"), "/r/s:b");
    is_text(look_text(view, "record.relations.items.1.all"), "Voir les 1\u202f202");
    is_text(look_text(view, "record.relations.items.1.url"), "/?uses=data.gouv.fr%3A5a");
    struct str page_text = rendered("record", view);
    ok(holds(page_text, "<a href=\"/?uses=data.gouv.fr%3A5a\">Voir les 1\u202f202<span "
                        "class=\"hidden\">&nbsp;: Utilisé par</span></a>"));
    ok(holds(page_text, "<a href=\"/r/s:1\"><bdi>Un</bdi></a>"));
    json_decref(view);

    // A service that serves few of them, and is used by nothing.
    shown.uses = LIST("s:1");
    shown.record.kind = KIND_DATASERVICE;
    shown.users = (struct related){0};
    view = record_page_view(A, &page);
    is_int(look_count(view, "record.relations.items"), 1);
    is_text(look_text(view, "record.relations.items.0.label"), "Donne accès à");
    ok(!look(view, "record.relations.items.0.all"));
    ok(!holds(rendered("record", view), "Voir les"));
    json_decref(view);
}

static void test_states(void)
{
    struct record r = sample();
    struct stored stored = stored_of(&r);
    r.also_in = LIST("transport:81/a", "sill:b");
    r.users = LIST("Ville de Brest");
    struct shown_record shown = {.stored = &stored, .record = r};
    struct record_page page = {.shown = &shown, .zone = paris};
    stored.status = STATUS_MISSING;
    stored.missing_since = instant("2026-01-02T23:30:00Z");
    json_t *view = record_page_view(A, &page);
    is_text(look_text(view, "record.missing.since"), "3\u00a0janvier\u00a02026");
    is_text(look_text(view, "record.also_in.items.0.source"), "transport");
    is_text(look_text(view, "record.also_in.items.0.url"), "/r/transport:81%2Fa");
    is_text(look_text(view, "record.also_in.items.1.source"), "sill");
    is_text(look_text(view, "record.users.items.0.text"), "Ville de Brest");
    ok(!look(view, "record.behind"));
    struct str text = rendered("record", view);
    ok(holds(text,
             "<p>Aussi dans <a class=\"catalogue\" href=\"/r/transport:81%2Fa\">transport</a> "
             "<a class=\"catalogue\" href=\"/r/sill:b\">sill</a> </p>"));
    ok(holds(text, "<li><a href=\"/r/transport:81%2Fa\">transport</a></li>"));
    ok(holds(text, "Organisations qui l’utilisent"));
    ok(!holds(text, "d’où elle vient"));
    json_decref(view);
    // It stands behind the first of them.
    stored.behind = true;
    view = record_page_view(A, &page);
    is_text(look_text(view, "record.behind.source"), "transport");
    is_text(look_text(view, "record.behind.url"), "/r/transport:81%2Fa");
    ok(holds(rendered("record", view), "La même ressource figure aussi dans "
                                       "<a href=\"/r/transport:81%2Fa\">transport</a>, d’où elle "
                                       "vient"));
    json_decref(view);
    stored.behind = false;
    stored.status = STATUS_ARCHIVED;
    view = record_page_view(A, &page);
    ok(!look(view, "record.missing"));
    is_text(look_text(view, "record.archived"),
            "Cette fiche est archivée par son producteur\u00a0: "
            "elle n’est plus tenue à jour.");
    ok(holds(rendered("record", view), "elle n’est plus tenue à jour."));
    json_decref(view);

    stored.removed = true;
    stored.removed_at = instant("2026-01-02T23:30:00Z");
    view = removed_view(A, &stored, 1, paris);
    is_text(look_text(view, "removed.source"), "data.gouv.fr");
    is_text(look_text(view, "removed.since"), "3\u00a0janvier\u00a02026");
    ok(json_is_true(look(view, "layout.noindex")));
    ok(holds(rendered("removed", view), "Cette fiche a été retirée"));
    json_decref(view);
}

// Data first, then services, then what tells of them; the scale and the places in words.
static void test_files(void)
{
    struct distribution files[] = {
        {.title = STR("Notice"), .type = STR("documentation"), .byte_size = -1, .available = -1},
        {.title = STR("WMS"), .type = STR("api"), .byte_size = -1, .available = -1},
        {.title = STR("Carte"), .type = STR("main"), .byte_size = -1, .available = -1},
        {.title = STR("Table"), .byte_size = -1, .available = -1}};
    struct record r = sample();
    r.distributions = files;
    r.distribution_count = 4;
    r.spatial.labels = LIST("FXX", "France métropolitaine", "Rhône");
    json_t *view = view_of(&r);
    is_text(look_text(view, "record.files.items.0.title"), "Carte");
    ok(!look(view, "record.files.items.0.type"));
    is_text(look_text(view, "record.files.items.1.title"), "Table");
    is_text(look_text(view, "record.files.items.2.type"), "Service");
    is_text(look_text(view, "record.files.items.3.type"), "Documentation");
    ok(!look(view, "record.files.folded"));
    is_text(look_text(view, "record.spatial"),
            "France métropolitaine, Rhône (maille\u00a0: commune)");
    ok(holds(rendered("record", view), "<bdi>WMS</bdi> <span class=\"soft\">Service</span></p>"));
    json_decref(view);
}

static void test_hostile_record(void)
{
    struct str bad = str_of(hostile), script = STR("javascript:alert(1)");
    struct record r = sample();
    struct distribution file = {.title = bad, .url = script, .format = bad, .byte_size = 1};
    struct column column = {bad, bad, bad};
    r.title = r.acronym = r.description = r.language = r.publisher.name = r.publisher.id = bad;
    r.publisher.kind = r.license.id = r.license.label = r.frequency = r.contact_role = bad;
    r.keywords = r.themes = r.badges = r.conforms_to = r.users = r.also_in = (struct strs){&bad, 1};
    r.relations.uses = r.spatial.zones = r.programming_languages = (struct strs){&bad, 1};
    r.landing_page = r.provenance.remote_url = r.access_request_url = script;
    r.documentation_url = r.repository_url = r.endpoint_description = script;
    r.endpoint_url = r.rate_limiting = r.development_status = bad;
    r.distributions = &file;
    r.distribution_count = 1;
    r.fields = &column;
    r.field_count = 1;
    struct history_entry entry = {
        .what = STR("changed"),
        .changes = STR("[{\"field\":\"<script>\",\"from\":\"<img src=x>\",\"to\":\"<script>\"}]")};
    struct record_title title = {bad, bad, bad};
    struct related_record user = {bad, bad, bad};
    struct stored stored = stored_of(&r);
    stored.behind = true;
    struct shown_record shown = {
        .stored = &stored, .record = r, .uses = (struct strs){&bad, 1}, .users = {&user, 1, 100}};
    struct record_page page = {
        .shown = &shown, .history = &entry, .history_count = 1, .titles = &title, .title_count = 1};
    json_t *view = record_page_view(A, &page);
    ok(!look(view, "record.links"));
    ok(is_harmless(rendered("record", view)));
    json_decref(view);
}

int main(void)
{
    if (!ok(pages_set_up()))
        return tap_done();
    test_record();
    test_kinds();
    test_languages();
    test_summary();
    test_many();
    test_states();
    test_files();
    test_hostile_record();
    pages_tear_down();
    return tap_done();
}
