// indexer/index/brick: what the members of a brick add to its origin, and the document that stands for all of them.
#include "tests/unit/index_fixture.h"

#include "indexer/index/brick.h"
#include "indexer/index/usage.h"

#include <sys/stat.h>

enum { NOW = 1795132800 };

static struct err e;
static struct store *store;
static struct analyzer *analyzer;
static struct document_maker *maker;
static struct xap_doc *doc;

// A page of one record, with its keys, those that are its own behind "own ", and names of records that it uses behind "mentions ".
static void put(const struct record *r, const char *keys)
{
    struct run run = {.source = r->provenance.source, .state = RUN_RUNNING, .trigger = STR("test")};
    struct stored s = stored_of(r, STATUS_ACTIVE);
    struct store_key list[8];
    struct str mentions[8], rest = str_of(keys), key;
    struct store_item item = {.id = r->id,
                              .kind = r->kind,
                              .body = s.body,
                              .figures = s.figures,
                              .keys = list,
                              .mentions = mentions,
                              .rank = 1};
    while (str_next(&rest, '|', &key))
        if (str_starts(key, STR("mentions ")))
            mentions[item.mention_count++] = str_slice(key.p + 9, key.n - 9);
        else if (str_starts(key, STR("own ")))
            list[item.key_count++] = (struct store_key){str_slice(key.p + 4, key.n - 4), true};
        else
            list[item.key_count++] = (struct store_key){key, false};
    sha256(item.body, item.hash);
    MUST(store_run_begin(store, &run, &e), &e);
    struct store_page page = {.run = &run, .items = &item, .item_count = 1, .now = NOW};
    MUST(store_page_write(store, &page, &e), &e);
}

static struct record of(const char *source, const char *id, enum record_kind kind,
                        const char *title)
{
    struct record r = record_of(id, kind, title);
    r.provenance.source = str_of(source);
    return r;
}

static struct stored got(const char *id)
{
    struct stored s;
    MUST(store_get(store, str_of(id), &arena, &s, &e), &e);
    return s;
}

static struct brick brick_of(const char *id)
{
    struct brick b;
    struct stored *s = ARENA_NEW(&arena, struct stored);
    *s = got(id);
    MUST(brick_read(store, s, &arena, &b, &e), &e);
    return b;
}

static struct str joined(struct strs list)
{
    struct buf b = {0};
    for (size_t i = 0; i < list.n; i++)
        buf_addf(&b, "%s%.*s", i ? "|" : "", STR_ARG(list.v[i]));
    struct str s = b.n ? arena_str(&arena, buf_str(&b)) : STR("");
    buf_free(&b);
    return s;
}

static struct column columns[] = {{STR("siren"), STR("Numéro SIREN"), STR("texte")}};

// The origin is a's: b names its key as another's.
static void fill(void)
{
    struct record a = of("a", "a:1", KIND_SOFTWARE, "Démarches");
    a.description = STR("Un outil de formulaires en ligne.");
    a.keywords = list_of("formulaire");
    a.badges = list_of("publiccode");
    a.publisher = (struct publisher){.id = STR("a:organization.1"), .name = STR("DINUM")};
    a.popularity.stars = 120;
    a.relations.uses = list_of("a:2|https://example.net/page/pg|b:9");
    put(&a, "own page demarches|mentions page pg");
    struct record b = of("b", "b:1", KIND_SOFTWARE, "Plateforme de téléservices");
    b.acronym = STR("DS");
    b.description = STR("Formulaires.\n\nDématérialisation des guichets.");
    b.keywords = list_of("formulaire|guichet");
    b.badges = list_of("fork|hvd|publiccode");
    b.publisher = (struct publisher){.id = STR("b:organization.7"), .name = STR("Ministère")};
    b.popularity.stars = 3;
    b.popularity.views = 1000;
    b.quality.score = 0.5;
    b.users = list_of("Ville de Lyon|Ville de Rennes");
    b.type = STR("fork");
    b.themes = list_of("government");
    b.frequency = STR("DAILY");
    b.spatial.zones = list_of("fr:departement:35");
    b.fields = columns;
    b.field_count = 1;
    b.license = (struct license){STR("MIT"), STR("MIT"), true};
    b.relations.uses = list_of("b:3|b:1");
    b.relations.used_by = list_of("b:4");
    put(&b, "page demarches|own b1");
    struct record pg = of("c", "c:pg", KIND_SOFTWARE, "PostgreSQL");
    put(&pg, "own page pg");
}

static void origin(void)
{
    struct brick b = brick_of("a:1");
    is_int(b.other_count, 1);
    is_text(b.others[0].id, "b:1");
    const struct record *r = &b.record;
    is_text(r->id, "a:1");
    is_text(r->title, "Démarches");
    is_text(joined(r->also_in), "b:1");
    // What it tells stands; what it does not is the other's.
    is_int(r->popularity.stars, 120);
    is_int(r->popularity.views, 1000);
    is_int(r->popularity.followers, -1);
    ok(r->quality.score > 0.49 && r->quality.score < 0.51);
    is_text(joined(r->users), "Ville de Lyon|Ville de Rennes");
    is_text(joined(r->badges), "publiccode|hvd"); // a fork is the other repository
    is_text(joined(r->themes), "government");
    is_text(r->frequency, "DAILY");
    is_text(joined(r->spatial.zones), "fr:departement:35");
    is_int(r->field_count, 1);
    // Its own alone.
    is_int(r->license.id.n, 0);
    is_int(r->acronym.n, 0);
    is_text(r->publisher.id, "a:organization.1");
    // Relations: names of the source that tells them, what the store knows under another name, never itself.
    is_text(joined(b.uses), "a:2|c:pg|b:3");
    is_text(joined(b.used_by), "b:4");
    is_text(joined(r->relations.uses), "a:2|b:9|https://example.net/page/pg|c:pg|b:3");
    is_text(joined(r->relations.used_by), "b:4");
}

static void behind(void)
{
    struct stored s = got("b:1");
    ok(s.behind);
    struct brick b = brick_of("b:1");
    is_int(b.other_count, 0);
    is_text(joined(b.record.also_in), "a:1");
    is_text(b.record.title, "Plateforme de téléservices");
    is_int(b.record.popularity.stars, 3); // its own alone
    is_text(joined(b.uses), "b:3");
}

static void alone(void)
{
    struct brick b = brick_of("c:pg");
    is_int(b.other_count, 0);
    is_int(b.record.also_in.n, 0);
    is_int(b.uses.n, 0);
    // A dataservice serves what it mentions, other kinds use it.
    struct record api = of("d", "d:api", KIND_DATASERVICE, "API");
    put(&api, "own page api|mentions page pg");
    b = brick_of("d:api");
    is_text(joined(b.record.relations.serves_dataset), "c:pg");
    is_int(b.record.relations.uses.n, 0);
    is_text(joined(b.uses), "c:pg");
}

static bool has_term(const char *term)
{
    bool has;
    MUST(xap_doc_has_term(doc, str_of(term), &has, &e), &e);
    return has;
}

static struct str items(uint32_t slot)
{
    struct str rest, item;
    struct strs list = {0};
    MUST(xap_doc_value(doc, slot, &rest, &e), &e);
    while (xap_list_next(&rest, &item))
        arena_push(&arena, &list, arena_str(&arena, item));
    return joined(list);
}

static void document(void)
{
    struct stored s = got("a:1");
    MUST(document_make(maker, store, &s, doc, &e), &e);
    bool is_joined = false;
    ok(document_is_joined(doc, &is_joined, &e) && is_joined);
    is_text(items(SLOT_FACETS + FACET_SOURCE), "a|b");
    is_text(items(SLOT_FACETS + FACET_PUBLISHER), "a:organization.1\x1F"
                                                  "DINUM|b:organization.7\x1F"
                                                  "Ministère");
    ok(has_term("XSOURCE:a") && has_term("XSOURCE:b") && !has_term("XSOURCE:c"));
    ok(has_term("XPUBLISHER:a:organization.1") && has_term("XPUBLISHER:b:organization.7"));
    ok(has_term("XMEMBER:b:1") && !has_term("XMEMBER:a:1"));
    ok(has_term("XUSES:a:2") && has_term("XUSES:c:pg") && has_term("XUSES:b:3"));
    ok(!has_term("XUSES:b:1") && !has_term("XUSES:b:9"));
    ok(has_term("XUSEDBY:b:4"));
    // The other's words are searched as a description's, in no field of the origin.
    ok(has_term("teleservices") && has_term("dematerialisation") && has_term("guichet"));
    ok(has_term("ds") && has_term("ministere"));
    ok(!has_term("Steleservices") && !has_term("XNds") && !has_term("Aministere"));
    ok(has_term("Sdemarches"));
    struct str data, value;
    MUST(xap_doc_data(doc, &data, &e), &e);
    ok(str_find(data, STR("\"source\":\"a\",\"also_in\":[\"b:1\"]")) > 0);
    MUST(xap_doc_value(doc, SLOT_FIGURES, &value, &e), &e);
    ok(str_find(value, STR("\"popularity\":{\"views\":1000,\"stars\":120}")) > 0);
    MUST(xap_doc_value(doc, SLOT_USE, &value, &e), &e);
    struct usage u = usage_read(value);
    ok(u.stars > 115 && u.stars < 125 && u.users > 1.9 && u.users < 2.1);
    ok(!u.fork);

    s = got("c:pg");
    MUST(document_make(maker, store, &s, doc, &e), &e);
    ok(document_is_joined(doc, &is_joined, &e) && !is_joined);
    MUST(xap_doc_data(doc, &data, &e), &e);
    ok(str_find(data, STR("\"also_in\":[]")) > 0);
}

// What the other says in the same words is not counted twice; what it says beyond measure is cut.
static void texts(void)
{
    struct record x = of("a", "a:x", KIND_DATASET, "Arbres remarquables");
    x.description = STR("Les arbres de la ville, avec leur essence.");
    put(&x, "own x");
    struct record y = of("b", "b:x", KIND_DATASET, "Arbres remarquables");
    y.description = STR("avec leur essence.");
    put(&y, "x");
    struct stored s = got("a:x");
    MUST(document_make(maker, store, &s, doc, &e), &e);
    struct str value;
    MUST(xap_doc_value(doc, SLOT_LENGTHS, &value, &e), &e);
    double before = length_of((unsigned char)value.p[FIELD_BODY]);
    ok(before > 2.5 && before < 4.5); // arbres, ville, essence: once
    struct buf b = {0};
    for (int i = 0; i < 20000; i++)
        buf_addf(&b, "mot%d ", i);
    y.description = buf_str(&b);
    put(&y, "x");
    s = got("a:x");
    MUST(document_make(maker, store, &s, doc, &e), &e);
    buf_free(&b);
    ok(has_term("mot0") && has_term("mot1000") && !has_term("mot5000"));
}

// A member that is gone meanwhile is passed over; without members no store is needed.
static void gone(void)
{
    struct stored s = got("a:1");
    arena_push(&arena, &s.also_in, STR("b:unknown"));
    struct brick b;
    ok(brick_read(store, &s, &arena, &b, &e));
    is_int(b.other_count, 1);
    s = got("c:pg");
    ok(brick_read(NULL, &s, &arena, &b, &e));
    s.body = STR("not a record");
    ok(!brick_read(NULL, &s, &arena, &b, &e));
    is_int(e.code, ERR_CORRUPT);
    e = (struct err){0};
}

int main(void)
{
    fixture_begin();
    const char *data = fixture_path("data");
    MUST(mkdir(data, 0755) == 0, NULL);
    store = store_open(data, STORE_WRITE, &e);
    MUST(store, &e);
    analyzer = analyzer_new(stop_words(), &e);
    maker = document_maker_new(analyzer, NULL);
    doc = xap_doc_new(&e);
    MUST(analyzer && doc, &e);
    fill();
    origin();
    behind();
    alone();
    document();
    texts();
    gone();
    xap_doc_free(doc);
    document_maker_free(maker);
    analyzer_free(analyzer);
    store_close(store);
    arena_free(&arena);
    return tap_done();
}
