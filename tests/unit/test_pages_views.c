// The pages: sources and their runs, texts and errors.
#include "tests/unit/pages_fixture.h"

#define A (&arena)

enum { NOW = 1768521600 }; // 2026-01-16T00:00:00Z

// ---- Sources ------------------------------------------------------------------------------------

static struct source_page_run run_of(enum run_state state)
{
    return (struct source_page_run){
        .run = {.run = 7,
                .source = STR("sill"),
                .state = state,
                .started = NOW - 3600,
                .ended = NOW - 3600 + 372,
                .counts = {.added = 12, .unchanged = 70558, .pages = 706, .errored = 1}}};
}

static struct str state_of(const struct harvester_source *source, enum run_state state, size_t n,
                           const char *path)
{
    struct source_page_run run = run_of(state);
    struct source_page page = {source, 668, &run, n};
    json_t *view = sources_view(A, &page, 1, 1, NOW, NULL);
    struct str text = arena_str(A, look_text(view, arena_printf(A, "sources.items.0.%s", path).p));
    json_decref(view);
    return text;
}

static void test_source_states(void)
{
    struct harvester_source s = {.name = STR("sill"), .type = STR("sill"), .url = STR("https://x")};
    is_text(state_of(&s, RUN_DONE, 1, "state"), "ok");
    is_text(state_of(&s, RUN_DONE, 1, "state_label"), "à jour");
    is_text(state_of(&s, RUN_DONE_WITH_ERRORS, 1, "state"), "ok");
    is_text(state_of(&s, RUN_DONE_WITH_ERRORS, 1, "last.label"), "terminée avec des erreurs");
    is_text(state_of(&s, RUN_HELD_BACK, 1, "state"), "held");
    is_text(state_of(&s, RUN_FAILED, 1, "state"), "failed");
    is_text(state_of(&s, RUN_FAILED, 1, "state_label"), "en échec");
    is_text(state_of(&s, RUN_STOPPED, 1, "state_label"), "arrêtée");
    is_text(state_of(&s, RUN_INTERRUPTED, 1, "state_label"), "interrompue");
    is_text(state_of(&s, RUN_DONE, 0, "state_label"), "jamais moissonnée");
    is_text(state_of(&s, RUN_DONE, 0, "last.label"), "");
    is_text(state_of(&s, RUN_DONE, 1, "next"), "");
    s.next = NOW - 3600;
    is_text(state_of(&s, RUN_DONE, 1, "state"), "ok");
    s.next = NOW - 3601;
    is_text(state_of(&s, RUN_DONE, 1, "state_label"), "en retard");
    is_text(state_of(&s, RUN_DONE, 1, "next"), "dès que possible");
    s.next = NOW + 3 * 3600 + 17 * 60;
    is_text(state_of(&s, RUN_DONE, 1, "state"), "ok");
    is_text(state_of(&s, RUN_DONE, 1, "next"), "aujourd’hui à\u00a003\u00a0h\u00a017");
    s.waiting = true;
    is_text(state_of(&s, RUN_FAILED, 1, "state_label"), "en attente");
    s.waiting = false;
    s.running = true;
    s.met = 1200;
    is_text(state_of(&s, RUN_RUNNING, 1, "state"), "running");
    is_text(state_of(&s, RUN_RUNNING, 1, "state_label"), "en cours, 1\u202f200\u00a0fiches lues");
    s.announced = 70575;
    is_text(state_of(&s, RUN_RUNNING, 1, "state_label"),
            "en cours, 1\u202f200\u00a0fiches lues sur 70\u202f575");
    is_text(state_of(&s, RUN_RUNNING, 1, "last.label"), ""); // none is over
    is_text(state_of(&s, RUN_RUNNING, 1, "runs.items.0.label"), "en cours");
}

static void test_sources(void)
{
    struct harvester_source sources[] = {
        {.name = STR("sill"), .type = STR("sill"), .url = STR("https://code.gouv.fr/sill")},
        {.name = STR("data.gouv.fr"),
         .type = STR("udata"),
         .url = STR("https://www.data.gouv.fr")}};
    struct run_error errors[] = {
        {STR("dataset/61a0"), STR("https://x/api?page_size=100&page=12"), STR("record"), STR("m")},
        {STR_NONE, STR("https://x/api?page_size=100"), STR("network"), STR("cut")},
        {STR_NONE, STR_NONE, STR("odd"), STR("n")}};
    struct source_page_run runs[] = {run_of(RUN_HELD_BACK), run_of(RUN_DONE)};
    runs[0].held = 402;
    runs[0].errors = errors;
    runs[0].error_count = 3;
    runs[0].run.error_count = 5;
    struct source_page pages[] = {{&sources[0], 668, runs, 2}, {&sources[1], 70575, NULL, 0}};
    json_t *view = sources_view(A, pages, 2, 71243, NOW, paris);
    is_text(look_text(view, "sources.summary"), "2\u00a0sources, 71\u202f243\u00a0fiches");
    is_text(look_text(view, "sources.items.0.anchor"), "source-sill");
    is_text(look_text(view, "sources.items.0.search_url"), "/?source=sill");
    is_text(look_text(view, "sources.items.0.last.counters"),
            "12\u00a0ajoutées, 70\u202f558\u00a0inchangées, 1\u00a0en erreur");
    is_text(look_text(view, "sources.items.0.last.started"),
            "16\u00a0janvier\u00a02026 à\u00a000\u00a0h\u00a000");
    is_int(look_count(view, "sources.items.0.runs.items"), 2);
    is_text(look_text(view, "sources.items.0.runs.items.0.outcome"), "held_back");
    is_text(look_text(view, "sources.items.0.runs.items.0.duration"), "6\u00a0min\u00a012\u00a0s");
    is_text(look_text(view, "sources.items.0.runs.items.0.removed"), "0");
    is_text(look_text(view, "sources.items.0.runs.items.0.held"),
            "Cette moisson retirerait 402\u00a0fiches, plus que la part permise. Rien n’a été "
            "retiré\u00a0: «\u00a0glaneur accept sill 7\u00a0» ou «\u00a0glaneur refuse sill "
            "7\u00a0» en décide.");
    is_text(look_text(view, "sources.items.0.runs.items.0.errors.count"), "5\u00a0erreurs");
    is_text(look_text(view, "sources.items.0.runs.items.0.errors.more"),
            "Et 2\u00a0autres, par «\u00a0glaneur runs sill 7\u00a0».");
    is_text(look_text(view, "sources.items.0.runs.items.0.errors.items.0.page"), "12");
    is_text(look_text(view, "sources.items.0.runs.items.0.errors.items.0.kind"), "fiche illisible");
    is_text(look_text(view, "sources.items.0.runs.items.0.errors.items.1.page"),
            "https://x/api?page_size=100");
    is_text(look_text(view, "sources.items.0.runs.items.0.errors.items.1.kind"), "réseau");
    is_text(look_text(view, "sources.items.0.runs.items.0.errors.items.2.kind"), "odd");
    ok(!look(view, "sources.items.0.runs.items.1.held"));
    ok(!look(view, "sources.items.0.runs.items.1.errors"));
    is_text(look_text(view, "sources.items.1.records"), "70\u202f575");
    ok(!look(view, "sources.items.1.runs"));
    ok(holds(rendered("sources", view), "Aucune moisson pour l’instant."));
    json_decref(view);

    errors[0].record = errors[0].message = errors[0].kind = errors[0].page = str_of(hostile);
    sources[0].url = STR("javascript:alert(1)");
    view = sources_view(A, pages, 2, 1, NOW, NULL);
    ok(is_harmless(rendered("sources", view)));
    json_decref(view);
    view = sources_view(A, NULL, 0, 0, NOW, NULL);
    is_text(look_text(view, "sources.summary"), "0\u00a0source, 0\u00a0fiche");
    ok(!look(view, "layout.records"));
    json_decref(view);
}

// ---- Texts --------------------------------------------------------------------------------------

static struct str contact_url(const char *contact)
{
    json_t *view = about_view(A, str_of(contact), 1);
    struct str url = arena_str(A, look_text(view, "about.contact.url"));
    ok(rendered("about", view).n > 0);
    json_decref(view);
    return url;
}

static void test_texts(void)
{
    is_text(contact_url("ops@example.org"), "mailto:ops@example.org");
    is_text(contact_url("mailto:ops@example.org"), "mailto:ops@example.org");
    is_text(contact_url("https://example.org/contact"), "https://example.org/contact");
    is_text(contact_url("javascript:alert(1)"), "");
    is_text(contact_url("demander à l’accueil"), "");
    is_text(contact_url(""), "");
    json_t *view = accessibility_view(A, STR("ops@example.org"), 1);
    is_text(look_text(view, "accessibility.contact.text"), "ops@example.org");
    ok(holds(rendered("accessibility", view), "mailto:ops@example.org"));
    json_decref(view);
}

static void test_errors(void)
{
    static const unsigned statuses[] = {400, 404, 405, 410, 414, 418, 429, 500, 502, 503, 504};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        struct error_page e = error_page_of(A, statuses[i], STR("abc123"));
        is_int(e.status, statuses[i]);
        ok(e.title.n && e.message.n);
        bool ours = statuses[i] == 500 || statuses[i] == 502;
        ok(holds(e.message, "abc123") == ours);
    }
    struct error_page e = error_page_of(A, 404, STR("abc123"));
    json_t *view = error_view(A, &e, 1);
    is_text(look_text(view, "error.status"), "404");
    ok(json_is_true(look(view, "layout.noindex")));
    ok(holds(rendered("error", view), "Erreur 404"));
    json_decref(view);
    e = (struct error_page){0, STR("La première moisson est en cours"), str_of(hostile)};
    view = error_view(A, &e, 0);
    struct str page = rendered("error", view);
    ok(!holds(page, "Erreur 0"));
    ok(!holds(page, "<form"));
    ok(is_harmless(page));
    json_decref(view);
}

int main(void)
{
    if (!ok(pages_set_up()))
        return tap_done();
    test_source_states();
    test_sources();
    test_texts();
    test_errors();
    pages_tear_down();
    return tap_done();
}
