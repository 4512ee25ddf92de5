// indexer/search/similar: what is alike and what is not, what is left out, series, order, and what is refused. And the terms of one
// document, which it reads.
#include "tests/unit/search_fixture.h"

enum { OTHERS = 80, SERIES = 9 };

static const struct publisher nantes = {.id = STR("org:1"), .name = STR("Ville de Nantes")};
static const struct publisher lyon = {.id = STR("org:2"), .name = STR("Métropole de Lyon")};

static void put(const char *id, enum record_kind kind, const char *title, const char *keywords,
                const char *description, const struct publisher *publisher,
                enum record_status status)
{
    struct record r = record_of(id, kind, title);
    r.keywords = list_of(keywords);
    r.description = str_of(description);
    if (publisher)
        r.publisher = *publisher;
    add(&r, status);
}

static void dataset(const char *id, const char *title, const char *keywords,
                    const char *description)
{
    put(id, KIND_DATASET, title, keywords, description, NULL, STATUS_ACTIVE);
}

static void fill(void)
{
    begin_generation();
    for (int i = 0; i < OTHERS; i++) // "registre" is in most records, the other word in one
        dataset(arena_printf(&arena, "autre%02d", i).p,
                arena_printf(&arena, "Registre m%02dx", i).p, "", "");
    put("nantes", KIND_DATASET, "Arbres remarquables de Nantes", "arbre|patrimoine",
        "Relevé de la canopée.", &nantes, STATUS_ACTIVE);
    put("lyon", KIND_DATASET, "Arbres remarquables", "arbre|patrimoine", "", &lyon, STATUS_MISSING);
    put("carte", KIND_REUSE, "Une carte des arbres remarquables", "", "", NULL, STATUS_ACTIVE);
    put("ancien", KIND_DATASET, "Arbres remarquables de Nantes", "arbre|patrimoine", "", &nantes,
        STATUS_ARCHIVED);
    put("bancs", KIND_DATASET, "Bancs publics de Nantes", "mobilier", "", &nantes, STATUS_ACTIVE);
    put("amis", KIND_ORGANIZATION, "Amis des arbres remarquables", "", "", NULL, STATUS_ACTIVE);
    put("ligue", KIND_ORGANIZATION, "Ligue des arbres remarquables", "", "", NULL, STATUS_ACTIVE);
    for (int i = 0; i < SERIES; i++)
        put(arena_printf(&arena, "prenoms%d", i).p, KIND_DATASET,
            arena_printf(&arena, "Liste des prénoms %d", 2010 + i).p, "etat-civil", "", &nantes,
            STATUS_ACTIVE);
    put("naissances", KIND_DATASET, "Prénoms des naissances", "etat-civil", "", &lyon,
        STATUS_ACTIVE);
    dataset("fonds", "Fonds documentaire", "", "Incunables et palimpsestes conservés.");
    dataset("reserve", "Magasin", "", "On y voit des palimpsestes et des incunables.");
    for (int i = 0; i < 21; i++) // more than 20, and more than one in twenty, but not one in five
        dataset(arena_printf(&arena, "voirie%02d", i).p, arena_printf(&arena, "Voirie v%02dx", i).p,
                "", "");
    put("voirie", KIND_DATASET, "Voirie de Nantes", "", "", &nantes, STATUS_ACTIVE);
    dataset("1987a", "Atlas 1987", "", "");
    dataset("1987b", "Horaires 1987", "", "");
    commit("1", true);
}

static struct str like_n(const char *id, size_t size)
{
    struct buf b = {0};
    e = (struct err){0};
    if (!searcher_similar(searcher, str_of(id), size, &arena, &answer, &e))
        return str_of(err_name(e.code));
    for (size_t i = 0; i < answer.hit_count; i++) {
        if (i)
            buf_addc(&b, ' ');
        buf_add(&b, member_of(answer.hits[i].members, "id"));
    }
    struct str s = b.n ? arena_str(&arena, buf_str(&b)) : STR("");
    buf_free(&b);
    return s;
}

static struct str like(const char *id)
{
    return like_n(id, SEARCH_SIMILAR_MAX);
}

static void alike(void)
{
    // Whatever its kind or publisher; neither itself nor its archive, nor organizations; a missing one is only missing.
    is_text(like("nantes"), "lyon carte");
    is_text(like("lyon"), "nantes carte");
    is_text(like("carte"), "lyon nantes");
    // What a publisher's name says is no likeness: bancs and nantes have nothing else in common.
    is_text(like("bancs"), "");
    // An archived one has what it was like.
    is_text(like("ancien"), "lyon nantes carte");
    // Organizations are like organizations.
    is_text(like("amis"), "ligue");
    is_text(like("ligue"), "amis");
    // The description tells, where nothing else does.
    is_text(like("fonds"), "reserve");
    is_text(like("reserve"), "fonds");
    // A common word finds where the record has no other of its own.
    is_text(like_n("voirie", 2), "voirie00 voirie01");
    // Words of most records tell nothing, nor do years; words of one record find nothing.
    is_text(like("autre00"), "");
    is_text(like("1987a"), "");
}

static void scores(void)
{
    is_text(like("nantes"), "lyon carte");
    double first = answer.hits[0].score, second = answer.hits[1].score;
    ok(first <= 1 && first > second && second >= 0.2);
    ok(answer.hits[0].docid > 0);
    is_text(answer.hits[0].snippet, "");
    ok(str_find(answer.hits[0].figures, STR("\"status\":\"missing\"")) >= 0);
    is_text(member_of(answer.hits[1].members, "kind"), "reuse");
    ok(answer.revision != 0);
    // What has all that the record has is as like as the record itself.
    like("prenoms4");
    ok(answer.hits[0].score == 1);
    // The same question has the same answer.
    struct str once = like("prenoms4");
    is_text(like("prenoms4"), arena_z(&arena, once));
}

static void series(void)
{
    // Of nine years by one publisher two stand for the others, and leave room.
    is_text(like("prenoms4"), "prenoms0 prenoms1 naissances");
    is_text(like("prenoms0"), "prenoms1 prenoms2 naissances");
    is_text(like("naissances"), "prenoms0 prenoms1");
    is_text(like_n("prenoms4", 1), "prenoms0");
    is_text(like_n("prenoms4", 2), "prenoms0 prenoms1");
}

static void refused(void)
{
    is_text(like("rien"), "not_found");
    is_text(like(""), "not_found");
}

// ---- The terms of a document ------------------------------------------------------------------------

static struct str terms;
static int most;

static bool note(void *user, struct str term, uint32_t wdf)
{
    is_int((intptr_t)user, (intptr_t)&terms);
    terms = arena_printf(&arena, "%.*s%s%.*s:%u", STR_ARG(terms), terms.n ? " " : "", STR_ARG(term),
                         wdf);
    return --most > 0;
}

static struct str terms_of(struct xap_db *db, uint32_t docid, const char *prefix, int n)
{
    terms = STR("");
    most = n;
    e = (struct err){0};
    return xap_db_document_terms(db, docid, str_of(prefix), note, &terms, &e)
               ? terms
               : str_of(err_name(e.code));
}

static void document_terms(void)
{
    uint32_t docid;
    struct xap_db *db = xap_db_open(generation_path(data_folder, generation, &arena), &e);
    MUST(db, &e);
    MUST(xap_db_load(db, STR("Qnantes"), doc, &docid, &e), &e);
    is_text(terms_of(db, docid, "ZS", 100), "ZSarbre:1 ZSnant:1 ZSremarqu:1");
    is_text(terms_of(db, docid, "ZS", 2), "ZSarbre:1 ZSnant:1");
    is_text(terms_of(db, docid, "ZXW", 100), "ZXWarbre:1 ZXWpatrimoin:1");
    is_text(terms_of(db, docid, "Zarbr", 100), "Zarbre:2");
    is_text(terms_of(db, docid, "XKIND:", 100), "XKIND:dataset:0");
    is_text(terms_of(db, docid, "ZZ", 100), "");
    ok(terms_of(db, docid, "", 1000).n > 100);
    is_text(terms_of(db, 0, "", 100), "argument");
    is_text(terms_of(db, 100000, "", 100), "not_found");
    xap_db_close(db);
}

// ---- An index that moves ----------------------------------------------------------------------------

static void moving(void)
{
    like("nantes");
    uint64_t before = answer.revision;
    put("brest", KIND_DATASET, "Arbres remarquables", "arbre|patrimoine", "", NULL, STATUS_ACTIVE);
    commit("2", true);
    take_away("carte");
    commit("3", true);
    is_text(like("nantes"), "brest lyon");
    ok(answer.revision != before);
    is_text(like("carte"), "not_found");
    begin_generation(); // of one record: nothing is like it
    put("nantes", KIND_DATASET, "Arbres remarquables de Nantes", "", "", &nantes, STATUS_ACTIVE);
    commit("4", true);
    is_text(like("nantes"), "");
    is_text(like("lyon"), "not_found");
}

int main(void)
{
    search_begin();
    is_text(like("nantes"), "not_found"); // there is no index
    is_str(e.what, "there is no index yet");
    fill();
    alike();
    scores();
    series();
    refused();
    document_terms();
    moving();
    search_end();
    return tap_done();
}
