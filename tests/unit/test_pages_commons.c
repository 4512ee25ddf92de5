// The pages: a brick of the commons, told by several catalogues; software, and APIs.
#include "tests/unit/pages_record_fixture.h"

static struct record product(void)
{
    struct record r;
    record_init(&r);
    r.id = STR("beta.gouv.fr:demarches");
    r.kind = KIND_SOFTWARE;
    r.type = STR("startup");
    r.title = STR("Démarches simplifiées");
    r.description = STR("### Le constat\n\n# Pour qui\n\n### Pourquoi");
    r.development_status = STR("stable");
    r.landing_page = STR("https://demarches.example/");
    r.provenance.remote_url = STR("https://beta.example/startups/demarches.html");
    r.also_in = LIST("code.gouv.fr:github.com/betagouv/ds", "sill:205");
    return r;
}

static struct record repository(void)
{
    struct record r;
    record_init(&r);
    r.id = STR("code.gouv.fr:github.com/betagouv/ds");
    r.kind = KIND_SOFTWARE;
    r.title = STR("ds");
    r.repository_url = r.landing_page = r.provenance.remote_url =
        STR("https://github.com/betagouv/ds");
    r.programming_languages = LIST("Ruby");
    r.license =
        (struct license){STR("AGPL-3.0-only"), STR("GNU Affero General Public License v3.0"), true};
    return r;
}

// The page of a brick says what its other catalogues tell, and which of them tells it.
static void test_brick(void)
{
    struct record r = product(), others[2] = {repository()};
    record_init(&others[1]);
    others[1].id = STR("sill:205");
    others[1].kind = KIND_SOFTWARE;
    others[1].title = STR("Démarches");
    others[1].documentation_url = STR("https://doc.example/");
    struct stored stored = stored_of(&r);
    struct shown_record shown = {
        .stored = &stored, .record = r, .others = others, .other_count = 2};
    struct record_page page = {.shown = &shown, .zone = paris};
    json_t *view = record_page_view(A, &page);
    is_text(look_text(view, "record.nature"), "Produit numérique (service public)");
    is_text(look_text(view, "record.development_status"), "En service");
    is_text(look_text(view, "record.license.label"), "GNU Affero General Public License v3.0");
    is_text(look_text(view, "record.license.told_by"), "code.gouv.fr");
    ok(!look(view, "record.license_missing"));
    is_text(look_text(view, "record.programming_languages"), "Ruby");
    is_int(look_count(view, "record.links.items"), 4);
    is_text(look_text(view, "record.links.items.0.label"), "Site du produit");
    is_text(look_text(view, "record.links.items.1.label"), "Code source");
    is_text(look_text(view, "record.links.items.1.url"), "https://github.com/betagouv/ds");
    is_text(look_text(view, "record.links.items.2.label"), "Voir sur beta.example");
    is_text(look_text(view, "record.links.items.3.url"), "https://doc.example/");
    is_text(look_text(view, "record.also_in.items.0.title"), "ds");
    is_text(look_text(view, "record.also_in.items.0.facts"),
            "dépôt de code source, Ruby, GNU Affero General Public License v3.0");
    ok(!look(view, "record.also_in.items.1.facts"));
    struct str text = rendered("record", view);
    ok(holds(text, "<h3>Le constat</h3>"));
    ok(holds(text, "<h3>Pour qui</h3>"));
    ok(holds(text, "<h4>Pourquoi</h4>"));
    ok(holds(text, "<a href=\"/r/code.gouv.fr:github.com%2Fbetagouv%2Fds\">code.gouv.fr&nbsp;: "
                   "<bdi>ds</bdi></a> <span class=\"soft\">dépôt de code source, Ruby"));
    ok(holds(text, "<span class=\"soft\">d’après code.gouv.fr</span>"));
    json_decref(view);

    // What it tells itself stands.
    shown.record.license = (struct license){STR("MIT"), STR("Licence MIT"), true};
    shown.record.programming_languages = LIST("C");
    shown.record.repository_url = STR("https://github.com/betagouv/tps");
    stored.status = STATUS_ARCHIVED;
    view = record_page_view(A, &page);
    is_text(look_text(view, "record.license.label"), "Licence MIT");
    ok(!look(view, "record.license.told_by"));
    is_text(look_text(view, "record.programming_languages"), "C");
    is_text(look_text(view, "record.links.items.1.url"), "https://github.com/betagouv/tps");
    ok(str_starts(look_text(view, "record.archived"), STR("Ce produit n’est plus suivi")));
    json_decref(view);
}

static void test_software(void)
{
    struct record r = repository();
    r.badges = LIST("publiccode", "fork");
    r.type = STR("fork");
    json_t *view = view_of(&r);
    is_text(look_text(view, "record.nature"), "Copie d’un autre dépôt (fork)");
    is_text(look_text(view, "record.badges"), "Décrit par un publiccode.yml");
    is_int(look_count(view, "record.links.items"), 1); // one address, one link
    is_text(look_text(view, "record.links.items.0.label"), "Code source");
    json_decref(view);
    r.type = STR("standalone/quantum"); // what no list has is shown as it is
    r.development_status = STR("dormant");
    view = view_of(&r);
    is_text(look_text(view, "record.nature"), "standalone/quantum");
    is_text(look_text(view, "record.development_status"), "dormant");
    json_decref(view);
    r.type = STR_NONE;
    r.license = (struct license){0};
    struct stored stored = stored_of(&r);
    stored.status = STATUS_ARCHIVED;
    struct shown_record shown = {.stored = &stored, .record = r};
    struct record_page page = {.shown = &shown, .zone = paris};
    view = record_page_view(A, &page);
    is_text(look_text(view, "record.nature"), "Dépôt de code source");
    ok(json_is_true(look(view, "record.license_missing")));
    ok(str_starts(look_text(view, "record.archived"), STR("Ce logiciel est archivé")));
    json_decref(view);
}

// Of an API: how it is called, and how one may, before the page that presents it.
static void test_api(void)
{
    struct record r;
    record_init(&r);
    r.id = STR("api.gouv.fr:particulier");
    r.kind = KIND_DATASERVICE;
    r.title = STR("API Particulier");
    r.access = ACCESS_RESTRICTED;
    r.access_request_url = STR("https://datapass.example/");
    r.documentation_url = STR("https://doc.example/");
    r.landing_page = r.provenance.remote_url = STR("https://api.example/les-api/particulier");
    json_t *view = view_of(&r);
    is_int(look_count(view, "record.links.items"), 3);
    is_text(look_text(view, "record.links.items.0.label"), "Documentation");
    is_text(look_text(view, "record.links.items.1.label"), "Demander l’accès");
    is_text(look_text(view, "record.links.items.2.label"), "Voir sur api.example");
    ok(!look(view, "record.license_missing"));
    json_decref(view);
}

int main(void)
{
    if (!ok(pages_set_up()))
        return tap_done();
    test_brick();
    test_software();
    test_api();
    pages_tear_down();
    return tap_done();
}
