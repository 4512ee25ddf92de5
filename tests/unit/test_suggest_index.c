// indexer/suggest from an index: what is read of documents, and the keeper that follows the index.
#include "tests/unit/search_fixture.h"

#include "indexer/suggest/suggest_keeper.h"

#include <uv.h>

static const struct suggest_place places[] = {
    {STR("Rennes (Ille-et-Vilaine)"), STR("Rennes\n35238\n35000"), STR("fr:commune:35238"), 0.5},
};

static struct suggest_source source_of(void)
{
    return (struct suggest_source){
        .data = data_folder, .stop_words = stop_words(), .places = places, .place_count = 1};
}

// "kind text =value (count)" of each answer, with " | " between.
static struct str answer_of(struct suggester *s, const char *q)
{
    struct suggestions list;
    struct buf b = {0};
    suggester_find(s, str_of(q), 0, 10, &arena, &list);
    for (size_t i = 0; i < list.n; i++)
        buf_addf(&b, "%s%.*s %.*s =%.*s (%u)", i ? " | " : "",
                 STR_ARG(suggest_kind_name(list.v[i].kind)), STR_ARG(list.v[i].text),
                 STR_ARG(list.v[i].value), list.v[i].count);
    struct str text = b.n ? arena_str(&arena, buf_str(&b)) : STR("");
    buf_free(&b);
    return text;
}

static void no_index(void)
{
    struct suggest_source source = source_of();
    ok(!suggest_build(&source, &e));
    is_int(e.code, ERR_NOT_FOUND);
    source.stop_words = STR("deux-mots");
    ok(!suggest_build(&source, &e));
    is_int(e.code, ERR_CONFIG);
}

static void fill(void)
{
    struct record r = record_of("s:1", KIND_DATASET, "Bornes de \"recharge\" ,\"description\":");
    begin_generation();
    r.acronym = STR("IRVE");
    r.description = STR("\"title\":\"autre\"");
    r.keywords = list_of("transport|mobilité");
    r.publisher.id = STR("s:organization.9");
    r.publisher.name = STR("Ville de Rennes");
    add(&r, STATUS_ACTIVE);
    r = record_of("s:2", KIND_REUSE, "Carte des bornes");
    r.keywords = list_of("transport|bornes");
    r.publisher.id = STR("s:organization.9");
    r.publisher.name = STR("Ville de Rennes");
    r.popularity.views = 100000;
    add(&r, STATUS_ACTIVE);
    r = record_of("s:3", KIND_DATASET, "Bornes incendie");
    r.publisher.id = STR("s:organization.8");
    r.publisher.name = STR("Pompiers de Rennes");
    add(&r, STATUS_ARCHIVED);
    r = record_of("s:organization.9", KIND_ORGANIZATION, "Mairie de Rennes");
    r.acronym = STR("MDR");
    add(&r, STATUS_ACTIVE);
    r = record_of("s:organization.7", KIND_ORGANIZATION, "Mairie de Brest");
    add(&r, STATUS_ACTIVE);
    r = record_of("s:4", KIND_SOFTWARE, "Logiciel libre");
    add(&r, STATUS_ACTIVE);
    r = record_of("s:5", KIND_DATASERVICE, "API Adresse");
    add(&r, STATUS_ACTIVE);
    take_away("s:4");
    commit("1", true);
}

static void reading(void)
{
    struct suggest_source source = source_of();
    struct suggester *s = suggest_build(&source, &e);
    MUST(s, &e);
    is_int(suggester_entries(s), 9); // 4 records, 3 organizations, a keyword, a place
    is_text(answer_of(s, "irve"), "dataset Bornes de \"recharge\" ,\"description\": =s:1 (1)");
    is_text(answer_of(s, "autre"), "");
    is_text(answer_of(s, "carte bornes"), "reuse Carte des bornes =s:2 (1)");
    is_text(answer_of(s, "bornes"), "reuse Carte des bornes =s:2 (1) | "
                                    "dataset Bornes de \"recharge\" ,\"description\": =s:1 (1) | "
                                    "dataset Bornes incendie =s:3 (1)");
    is_text(answer_of(s, "transp"), "keyword transport =transport (2)");
    is_text(answer_of(s, "mobilite"), ""); // on one record only
    // Its own record names an organization; else those that it published do.
    is_text(answer_of(s, "mairie"), "organization Mairie de Rennes =s:organization.9 (2) | "
                                    "organization Mairie de Brest =s:organization.7 (0)");
    is_text(answer_of(s, "mdr"), "organization Mairie de Rennes =s:organization.9 (2)");
    is_text(answer_of(s, "pompiers"), "organization Pompiers de Rennes =s:organization.8 (1)");
    is_text(answer_of(s, "ville rennes"),
            "territory Rennes (Ille-et-Vilaine) =fr:commune:35238 (0)");
    is_text(answer_of(s, "api"), "dataservice API Adresse =s:5 (1)");
    is_text(answer_of(s, "logiciel"), ""); // removed
    is_text(answer_of(s, "35238"), "territory Rennes (Ille-et-Vilaine) =fr:commune:35238 (0)");
    is_text(answer_of(s, "rennes"), "territory Rennes (Ille-et-Vilaine) =fr:commune:35238 (0) | "
                                    "organization Mairie de Rennes =s:organization.9 (2) | "
                                    "organization Pompiers de Rennes =s:organization.8 (1)");
    suggester_release(s);

    atomic_bool stop;
    atomic_init(&stop, true);
    source.stop = &stop;
    ok(!suggest_build(&source, &e));
    is_int(e.code, ERR_BUSY);
}

// ---- The keeper ----------------------------------------------------------------------------------------

static uv_loop_t loop;

static void on_tick(uv_timer_t *timer)
{
    (void)timer;
}

// Turns the loop until the keeper has another suggester than `old`, at most `ms`; held for the caller.
static struct suggester *wait_for_another(struct suggest_keeper *k, struct suggester *old,
                                          uint64_t ms)
{
    uv_timer_t tick;
    uv_timer_init(&loop, &tick);
    uv_timer_start(&tick, on_tick, 5, 5);
    struct suggester *s = NULL;
    for (uint64_t until = uv_hrtime() + ms * 1000000; uv_hrtime() < until;) {
        uv_run(&loop, UV_RUN_ONCE);
        s = suggest_keeper_get(k);
        if (s && s != old)
            break;
        suggester_release(s);
        s = NULL;
    }
    uv_close((uv_handle_t *)&tick, NULL);
    uv_run(&loop, UV_RUN_NOWAIT);
    return s;
}

static void add_title(const char *id, const char *title)
{
    struct record r = record_of(id, KIND_DATASET, title);
    add(&r, STATUS_ACTIVE);
    commit("2", true);
}

static void keeping(void)
{
    struct suggest_keeper_settings settings = {.data = data_folder,
                                               .stop_words = stop_words(),
                                               .places = places,
                                               .place_count = 1,
                                               .wait_ms = 300};
    uv_loop_init(&loop);
    struct suggest_keeper *k = suggest_keeper_new(&loop, &settings, &e);
    MUST(k, &e);
    ok(!suggest_keeper_get(k)); // not yet
    struct suggester *first = wait_for_another(k, NULL, 10000);
    ok(first != NULL);
    is_text(answer_of(first, "api"), "dataservice API Adresse =s:5 (1)");

    uint64_t start = uv_hrtime(); // its pause may begin with the making of the first
    add_title("s:6", "Nouveau titre");
    suggest_keeper_moved(k);
    suggest_keeper_moved(k);
    struct suggester *second = wait_for_another(k, first, 10000);
    ok(second && second != first);
    ok(uv_hrtime() - start > 200000000); // not at once
    is_text(answer_of(second, "nouveau"), "dataset Nouveau titre =s:6 (1)");
    is_text(answer_of(first, "nouveau"), ""); // the old one is as it was
    suggester_release(first);
    ok(!wait_for_another(k, second, 600)); // nothing moved: nothing is made

    // Stopped while it makes one; what is held stays.
    suggest_keeper_moved(k);
    suggest_keeper_stop(k);
    uv_run(&loop, UV_RUN_DEFAULT);
    is_int(uv_loop_close(&loop), 0);
    is_text(answer_of(second, "nouveau"), "dataset Nouveau titre =s:6 (1)");
    suggester_release(second);
}

static void keeping_nothing(void)
{
    struct suggest_keeper_settings settings = {
        .data = "/nonexistent", .stop_words = stop_words(), .wait_ms = 10};
    uv_loop_init(&loop);
    struct suggest_keeper *k = suggest_keeper_new(&loop, &settings, &e);
    MUST(k, &e);
    ok(!wait_for_another(k, NULL, 200));
    suggest_keeper_moved(k);
    ok(!wait_for_another(k, NULL, 200));
    suggest_keeper_stop(k);
    uv_run(&loop, UV_RUN_DEFAULT);
    is_int(uv_loop_close(&loop), 0);
}

int main(void)
{
    search_begin();
    no_index();
    fill();
    reading();
    keeping();
    keeping_nothing();
    search_end();
    return tap_done();
}
