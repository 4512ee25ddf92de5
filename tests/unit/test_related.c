// indexer/search/related: what uses a record, what it uses, from both ends, where ids may be those of any member of a brick; the
// filters `uses` and `used_by`; ranking of repositories; columns.
#include "tests/unit/search_fixture.h"

#include <math.h>

// As the indexer writes a brick: `also_in` are its other members.
static void add_brick(const struct record *r, const char *also_in)
{
    char term[UNIQUE_TERM_MAX + 1];
    struct stored s = stored_of(r, STATUS_ACTIVE);
    MUST(document_make(maker, NULL, &s, doc, &e), &e);
    struct strs members = list_of(also_in);
    for (size_t i = 0; i < members.n && members.v[i].n; i++)
        MUST(xap_doc_add_boolean_term(doc, index_id_term(PREFIX_MEMBER, members.v[i], term), &e),
             &e);
    MUST(xap_writer_replace(writer, index_unique_term(r->id, term), doc, NULL, &e), &e);
}

static struct record of(const char *id, enum record_kind kind, const char *title)
{
    struct record r = record_of(id, kind, title);
    r.provenance.source = STR("s");
    return r;
}

static void fill(void)
{
    begin_generation();
    struct record r = of("s:data", KIND_DATASET, "Adresses");
    r.relations.used_by = list_of("s:told|s:nowhere");
    add_brick(&r, "t:data|u:data");
    r = of("s:lonely", KIND_DATASET, "Seule");
    add_brick(&r, "");
    r = of("s:api", KIND_DATASERVICE, "API Adresse");
    r.relations.serves_dataset = list_of("s:data");
    r.popularity.views = 10;
    add_brick(&r, "");
    r = of("s:map", KIND_REUSE, "Carte");
    r.relations.uses = list_of("s:data|s:api|s:lonely");
    r.popularity.views = 100000;
    add_brick(&r, "");
    r = of("s:told", KIND_REUSE, "Dit par la donnée");
    r.popularity.views = 1000;
    add_brick(&r, "");
    // Another catalogue names its own record of the same data.
    r = of("t:soft", KIND_SOFTWARE, "Géocodeur");
    r.provenance.source = STR("t");
    r.relations.uses = list_of("t:data");
    add_brick(&r, "");
    commit("1", true);
}

static struct str related(const char *id, enum related_way way, size_t most, int64_t total)
{
    struct related got;
    struct buf b = {0};
    e = (struct err){0};
    if (!searcher_related(searcher, str_of(id), way, most, &arena, &got, &e))
        return str_of(err_name(e.code));
    is_int(got.total, total);
    for (size_t i = 0; i < got.n; i++)
        buf_addf(&b, "%s%.*s", i ? " " : "", STR_ARG(got.v[i].id));
    struct str s = b.n ? arena_str(&arena, buf_str(&b)) : STR("");
    buf_free(&b);
    return s;
}

static void users(void)
{
    // The most used first.
    is_text(related("s:data", RELATED_USERS, 100, 4), "s:map s:told s:api t:soft");
    is_text(related("s:data", RELATED_USERS, 2, 4), "s:map s:told");
    // An id that stands behind another means its origin.
    is_text(related("t:data", RELATED_USERS, 100, 4), "s:map s:told s:api t:soft");
    is_text(related("s:api", RELATED_USERS, 100, 1), "s:map");
    is_text(related("s:map", RELATED_USERS, 100, 0), "");
    is_text(related("s:unknown", RELATED_USERS, 100, 0), "");
    struct related got;
    ok(searcher_related(searcher, STR("s:data"), RELATED_USERS, 1, &arena, &got, &e));
    is_text(got.v[0].title, "Carte");
    is_text(got.v[0].kind, "reuse");
}

static void used(void)
{
    is_text(related("s:map", RELATED_USED, 100, 3), "s:api s:data s:lonely");
    is_text(related("s:api", RELATED_USED, 100, 1), "s:data");
    is_text(related("t:soft", RELATED_USED, 100, 1), "s:data"); // the brick, by its member
    is_text(related("s:told", RELATED_USED, 100, 1), "s:data"); // as the data says
    is_text(related("s:data", RELATED_USED, 100, 0), "");
    is_text(related("s:unknown", RELATED_USED, 100, 0), "");
}

static struct str found(struct str uses, struct str used_by, const char *line)
{
    read_request(line);
    request.uses = uses;
    request.used_by = used_by;
    return ask_request();
}

static void filters(void)
{
    is_text(found(STR("s:data"), STR_NONE, "sort=title"), "s:api s:map s:told t:soft");
    is_int(answer.total, 4);
    is_text(found(STR("u:data"), STR_NONE, "kind=reuse&sort=title"), "s:map s:told");
    is_text(found(STR_NONE, STR("s:map"), "sort=title"), "s:data s:api s:lonely");
    is_text(found(STR_NONE, STR("s:map"), "kind=dataset&q=adresses"), "s:data");
    is_text(found(STR("s:data"), STR("s:map"), ""), "s:api"); // both
    is_text(found(STR("s:unknown"), STR_NONE, ""), "");
    is_int(answer.total, 0);
    is_text(found(STR_NONE, STR("s:data"), ""), "");
    // Facets are counted within.
    found(STR("s:data"), STR_NONE, "facets=1");
    is_text(facet_text(FACET_KIND), "reuse:2 dataservice:1 software:1");
    // A cursor belongs to its filters.
    found(STR("s:data"), STR_NONE, "sort=title&page_size=2");
    struct str cursor = answer.cursor;
    ok(cursor.n);
    is_text(found(STR("s:api"), STR_NONE,
                  arena_printf(&arena, "sort=title&page_size=2&cursor=%.*s", STR_ARG(cursor)).p),
            "query");
    is_text(found(STR("s:data"), STR_NONE,
                  arena_printf(&arena, "sort=title&page_size=2&cursor=%.*s", STR_ARG(cursor)).p),
            "s:told t:soft");
}

static void titles(void)
{
    struct str ids[] = {STR("t:data"), STR("s:nowhere"), STR("s:map"), STR("")};
    struct related_record got[4];
    ok(searcher_records(searcher, (struct strs){ids, 4}, &arena, got, &e));
    is_text(got[0].id, "s:data");
    is_text(got[0].title, "Adresses");
    is_int(got[1].id.n + got[1].title.n, 0);
    is_text(got[2].title, "Carte");
    is_int(got[3].id.n, 0);
}

// More than a page shows; ids that are too long for a term.
static void many(void)
{
    static char longest[400];
    memset(longest, 'x', sizeof longest - 1);
    memcpy(longest, "s:", 2);
    begin_generation();
    struct record r = of(longest, KIND_DATASET, "Longue");
    add_brick(&r, "");
    for (int i = 0; i < 130; i++) {
        r = of(arena_printf(&arena, "s:%d", i).p, KIND_REUSE, "Une parmi d’autres");
        r.relations.uses = list_of(longest);
        r.popularity.views = (int64_t)(100 * pow(1.05, i)); // 4 % is what is kept apart
        add_brick(&r, "");
    }
    commit("2", true);
    struct related got;
    ok(searcher_related(searcher, str_of(longest), RELATED_USERS, 1000, &arena, &got, &e));
    is_int(got.total, 130);
    is_int(got.n, SEARCH_RELATED_MAX);
    is_text(got.v[0].id, "s:129");
    is_text(related("s:7", RELATED_USED, 10, 1), longest);
}

static void no_index(void)
{
    struct searcher *none = searcher_new(fixture_path("nothing"), stop_words(), rules, &e);
    struct related got;
    struct related_record one;
    struct str id = STR("s:1");
    e = (struct err){0};
    ok(!searcher_related(none, id, RELATED_USERS, 1, &arena, &got, &e));
    is_int(e.code, ERR_NOT_FOUND);
    e = (struct err){0};
    ok(!searcher_records(none, (struct strs){&id, 1}, &arena, &one, &e));
    is_int(e.code, ERR_NOT_FOUND);
    searcher_free(none);
}

// ---- Ranking ---------------------------------------------------------------------------------------

#define USE_OF_SOFTWARE                                                                            \
    "use:\n  strength: 3\n  views: {weight: 0}\n  followers: {weight: 0}\n"                        \
    "  reuses: {weight: 0}\n  downloads: {weight: 0}\n"                                            \
    "  stars: {weight: 0.5, from: 9, to: 999}\n  users: {weight: 0.5, from: 0, to: 99}\n"          \
    "  certified_public_service: {weight: 0}\n  certified: {weight: 0}\n  featured: {weight: 0}\n"
#define STATUS_OF_SOFTWARE                                                                         \
    "status: {missing: 0.8, archived: 0.3, fork: 0.25, template: 0.5}\nvariants: 0\n"

static double score_of(const char *id)
{
    for (size_t i = 0; i < answer.hit_count; i++)
        if (str_eq(member_of(answer.hits[i].members, "id"), str_of(id)))
            return answer.hits[i].score;
    return -1;
}

static bool near(double a, double b)
{
    return a - b < 0.01 * b && b - a < 0.01 * b;
}

static void repositories(void)
{
    use_rules("", TEST_GENERIC,
              TEST_FIELDS TEST_TEXT TEST_TITLE USE_OF_SOFTWARE STATUS_OF_SOFTWARE TEST_MATCHING);
    begin_generation();
    static const char *const ids[] = {"s:plain", "s:fork", "s:template",
                                      "s:stars", "s:many", "s:users"};
    for (size_t i = 0; i < 6; i++) {
        struct record r = of(ids[i], KIND_SOFTWARE, "Outil");
        r.type = i == 1 ? STR("fork") : i == 2 ? STR("template") : STR_NONE;
        r.popularity.stars = i == 3 ? 99 : i == 4 ? 5000 : 0;
        if (i == 5)
            for (int u = 0; u < 99; u++)
                arena_push(&arena, &r.users, arena_printf(&arena, "Ville %d", u));
        add(&r, STATUS_ACTIVE);
    }
    struct record reuse = of("s:reuse", KIND_REUSE, "Outil");
    reuse.type = STR("fork"); // of something else than a repository
    add(&reuse, STATUS_ACTIVE);
    commit("3", true);
    ask("q=outil");
    double plain = score_of("s:plain");
    ok(plain > 0);
    ok(near(score_of("s:fork"), 0.25 * plain));
    ok(near(score_of("s:template"), 0.5 * plain));
    ok(near(score_of("s:reuse"), plain));
    ok(near(score_of("s:stars"), 1.75 * plain)); // half of the scale, half of the weights
    ok(near(score_of("s:many"), 2.5 * plain));   // the whole of it
    ok(near(score_of("s:users"), 2.5 * plain));
}

// ---- Columns ---------------------------------------------------------------------------------------

// Names and labels of columns are found, for what a column weighs.
static void columns(void)
{
    static struct column fields[] = {
        {STR("nb_places_pmr"), STR("Places réservées"), STR("entier")}};
    use_rules("", TEST_GENERIC, TEST_RANKING);
    begin_generation();
    struct record r = of("s:col", KIND_DATASET, "Parcs");
    r.fields = fields;
    r.field_count = 1;
    add(&r, STATUS_ACTIVE);
    r = of("s:title", KIND_DATASET, "Places réservées");
    add(&r, STATUS_ACTIVE);
    commit("4", true);
    is_text(ask("q=pmr"), "s:col");
    is_text(ask("q=nb_places_pmr"), "s:col");
    is_text(ask("q=places réservées"), "s:title s:col");
    double light = score_of("s:col");
    is_text(ask("q=entier"), ""); // a type is no word of it
    use_rules("", TEST_GENERIC,
              "fields:\n  column: {weight: 40, length: 0}\n" TEST_TEXT TEST_TITLE TEST_USE
                  TEST_STATUS TEST_MATCHING);
    ask("q=places réservées");
    ok(light > 0 && score_of("s:col") > light);
}

int main(void)
{
    search_begin();
    fill();
    users();
    used();
    filters();
    titles();
    many();
    no_index();
    repositories();
    columns();
    search_end();
    return tap_done();
}
