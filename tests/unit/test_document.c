// indexer/index/document: what the index holds of a record, to the last term, and what new figures change of it.
#include "tests/unit/index_fixture.h"

#include "indexer/index/usage.h"

#include <math.h>

enum { SLOTS = SLOT_FACETS + FACET_COUNT };

static struct err e;
static struct document_maker *maker;
static struct xap_doc *doc;

// A record with something in every field.
static struct record whole_record(void)
{
    static struct distribution files[] = {
        {.title = STR("Analyses 2024"),
         .url = STR("https://exemple.fr/a.csv"),
         .type = STR("main"),
         .format = STR("csv"),
         .format_family = STR("tabular"),
         .media_type = STR("text/csv"),
         .byte_size = 12,
         .available = 1},
        {.title = STR("Notice"),
         .url = STR("https://exemple.fr/n.pdf"),
         .type = STR("documentation"),
         .format = STR("pdf"),
         .format_family = STR("documents"),
         .byte_size = -1,
         .available = -1},
        {.title = STR("Carte"),
         .type = STR("main"),
         .format = STR("shp"),
         .format_family = STR("geographical"),
         .byte_size = -1,
         .available = 0},
        {.title = STR(""),
         .type = STR("main"),
         .format = STR("csv"),
         .format_family = STR("tabular"),
         .byte_size = -1,
         .available = -1},
    };
    static struct column columns[] = {{STR("code_insee"), STR("Commune"), STR("string")},
                                      {STR("tx"), STR(""), STR("")}};
    static struct criterion criteria[] = {{STR("license"), true}};
    struct record r;
    record_init(&r);
    r.id = STR("data.gouv.fr:5a01");
    r.kind = KIND_DATASET;
    r.title = STR("Qualité de l'eau potable");
    r.acronym = STR("AEP");
    r.description = STR("Mesures **faites** au [robinet](https://exemple.fr/r).\n\n- a < b & c");
    r.language = STR("fr");
    r.type = STR("type");
    r.keywords = list_of("eau|santé publique");
    r.themes = list_of("environment");
    r.badges = list_of("hvd|spd");
    r.featured = true;
    r.publisher = (struct publisher){.id = STR("data.gouv.fr:organization.5d01"),
                                     .name = STR("Régie des eaux"),
                                     .acronym = STR("RDE"),
                                     .former_names = list_of("Syndicat"),
                                     .kind = STR("local-authority"),
                                     .certified = true,
                                     .siret = STR("12345678900011")};
    r.license = (struct license){STR("etalab-2.0"), STR("Licence Ouverte 2.0"), true};
    r.access = ACCESS_OPEN;
    r.access_request_url = STR("https://exemple.fr/acces");
    r.distributions = files;
    r.distribution_count = 4;
    r.fields = columns;
    r.field_count = 2;
    r.endpoint_url = STR("https://api.exemple.fr");
    r.endpoint_description = STR("https://api.exemple.fr/openapi");
    r.documentation_url = STR("https://api.exemple.fr/doc");
    r.rate_limiting = STR("10/s");
    r.repository_url = STR("https://git.exemple.fr/eau");
    r.development_status = STR("stable");
    r.programming_languages = list_of("C");
    r.spatial.granularity = STR("fr:commune");
    r.spatial.zones = list_of("fr:commune:35236|fr:epci:243500741");
    r.spatial.labels = list_of("Redon");
    r.spatial.has_bbox = true;
    r.temporal.start = day("2020");
    r.temporal.end = day("2024-12-31");
    r.frequency = STR("MONTHLY");
    r.issued = day("2021-05-03");
    r.modified = day("2026-10-11T12:13:14Z");
    r.landing_page = STR("https://exemple.fr/eau");
    r.conforms_to = list_of("etalab/schema-eau");
    r.contact_role = STR("contact@exemple.fr");
    r.quality.score = 0.5;
    r.quality.criteria = criteria;
    r.quality.criterion_count = 1;
    r.availability = 99.5;
    r.popularity = (struct popularity){1000, 20, 3, 400, -1};
    r.relations.uses = list_of("data.gouv.fr:5a02");
    r.users = list_of("Une mairie");
    r.aliases = list_of("data.gouv.fr:4a01");
    r.also_in = list_of("autre:1");
    r.provenance.source = STR("data.gouv.fr");
    r.provenance.remote_url = STR("https://www.data.gouv.fr/datasets/eau/");
    return r;
}

static bool add_line(void *user, struct str term, uint32_t documents)
{
    (void)documents;
    buf_add(user, term);
    buf_addc(user, '\n');
    return true;
}

// Every term of `doc`, one a line in the order of bytes: those of an index that holds it alone.
static struct str terms(void)
{
    static unsigned count;
    char name[32];
    snprintf(name, sizeof name, "one%u", count++);
    struct buf b = {0};
    struct xap_writer *w = fixture_writer(name);
    MUST(xap_writer_replace(w, STR("Qx"), doc, NULL, &e), &e);
    MUST(xap_writer_commit(w, &e), &e);
    xap_writer_close(w);
    struct xap_db *db = fixture_reader(name);
    MUST(xap_db_each_term(db, STR(""), add_line, &b, &e), &e);
    xap_db_close(db);
    struct str s = arena_str(&arena, buf_str(&b));
    buf_free(&b);
    return s;
}

static struct str value(uint32_t slot)
{
    struct str v;
    MUST(xap_doc_value(doc, slot, &v, &e), &e);
    return arena_str(&arena, v);
}

static double number(uint32_t slot)
{
    struct str v = value(slot);
    return v.n ? xap_unsortable(v) : -1;
}

static struct str facet(enum facet f)
{
    struct str v = value(SLOT_FACETS + (uint32_t)f), item, rest = v;
    struct buf b = {0};
    if (!facet_fields[f].list)
        return v;
    while (xap_list_next(&rest, &item)) {
        buf_add(&b, item);
        buf_addc(&b, '|');
    }
    struct str s = arena_str(&arena, buf_str(&b));
    buf_free(&b);
    return s;
}

static struct str data(void)
{
    struct str d;
    MUST(xap_doc_data(doc, &d, &e), &e);
    return arena_str(&arena, d);
}

static void every_term(void)
{
    struct record r = whole_record();
    struct stored s = stored_of(&r, STATUS_ACTIVE);
    ok(document_make(maker, NULL, &s, doc, &e));
    // Exact words; with their field's prefix; stems ("Z"), bare and with it; facets. Stop words stand as exact words
    // of the body only. Joined forms are words too. Of a title, keyword or name also its words
    // two by two, its initials, and the key of its variants. No field of the record but these is searched.
    is_text(
        terms(),
        "2024\n"
        "Aeaux\nArde\nAregie\nAsyndicat\n"
        "Qx\n"
        "Seau\nSpotable\nSqualite\n"
        "XACCESS:open\nXBADGE:hvd\nXBADGE:spd\n"
        "XBeau potabl\nXBqualit eau\n"
        "XFAMILY:geographical\nXFAMILY:tabular\nXFORMAT:csv\nXFORMAT:shp\n"
        "XFREQUENCY:MONTHLY\nXFeaupotable\nXFleau\nXFsantepublique\nXGRANULARITY:fr:commune\n"
        "XIqep\n"
        "XKEYWORD:eau\nXKEYWORD:santé publique\nXKIND:dataset\nXLICENSE:etalab-2.0\n"
        "XNaep\n"
        "XPKIND:local-authority\nXPUBLISHER:data.gouv.fr:organization.5d01\n"
        "XSCHEMA:etalab/schema-eau\nXSOURCE:data.gouv.fr\nXSTATUS:active\n"
        "XTERRITORY:fr:commune:35236\nXTERRITORY:fr:epci:243500741\nXTHEME:environment\n"
        "XUSES:data.gouv.fr:5a02\nXVe916122019c70cb0\n"
        "XWeau\nXWpublique\nXWsante\n"
        "Z2024\nZAeau\nZArde\nZAreg\nZAsyndicat\n"
        "ZSeau\nZSpotabl\nZSqualit\n"
        "ZXCcod\nZXCcodeins\nZXCcommun\nZXCinse\nZXCtx\n"
        "ZXD2024\nZXDanalys\nZXDcart\nZXDnotic\n"
        "ZXNaep\n"
        "ZXWeau\nZXWpublic\nZXWsant\n"
        "ZXZredon\n"
        "Zaep\nZanalys\nZb\nZcart\nZcod\nZcodeins\nZcommun\nZeau\nZfait\nZinse\nZmesur\n"
        "Znotic\nZpotabl\nZpublic\nZqualit\nZrde\nZredon\nZreg\nZrobinet\nZsant\nZsyndicat\nZtx\n"
        "a\naep\nanalyses\nau\nb\nc\ncarte\ncode\ncodeinsee\ncommune\nde\ndes\neau\neaux\nfaites\n"
        "insee\nl\nmesures\nnotice\npotable\npublique\nqualite\nrde\nredon\nregie\nrobinet\nsante\n"
        "syndicat\ntx\n");
}

static void every_value(void)
{
    is_text(
        value(SLOT_FIGURES),
        "\"status\":\"active\",\"modified\":\"2026-10-11T12:13:14Z\",\"quality\":{\"score\":0.5},"
        "\"popularity\":{\"views\":1000,\"followers\":20,\"reuses\":3,\"downloads\":400}");
    ok(number(SLOT_MODIFIED) == 1791720794);
    ok(number(SLOT_ISSUED) == 1620000000);
    ok(number(SLOT_VIEWS) == 1000);
    ok(number(SLOT_QUALITY) == 0.5);
    is_text(value(SLOT_TITLE), "qualite de l eau potable");
    is_int(value(SLOT_FLAGS).p[0], FLAG_ALWAYS | FLAG_CERTIFIED | FLAG_FEATURED);
    struct usage u = usage_read(value(SLOT_USE));
    ok(fabs(u.views - 1000) < 40 && fabs(u.followers - 20) < 0.8 && fabs(u.reuses - 3) < 0.1 &&
       fabs(u.downloads - 400) < 16);
    ok(fabs(u.quality - 0.5) < 1e-9);
    ok(u.certified && u.featured && !u.public_service);
    is_int(u.kind, KIND_DATASET);
    is_int(u.status, STATUS_ACTIVE);

    is_text(facet(FACET_KIND), "dataset");
    is_text(facet(FACET_SOURCE), "data.gouv.fr|");
    is_text(facet(FACET_PUBLISHER), "data.gouv.fr:organization.5d01\x1FRégie des eaux|");
    is_text(facet(FACET_PUBLISHER_KIND), "local-authority");
    is_text(facet(FACET_LICENSE), "etalab-2.0\x1FLicence Ouverte 2.0");
    is_text(facet(FACET_FORMAT), "csv|shp|"); // once each; documentation is no format of the data
    is_text(facet(FACET_FORMAT_FAMILY), "tabular|geographical|");
    is_text(facet(FACET_ACCESS), "open");
    is_text(facet(FACET_THEME), "environment|");
    is_text(facet(FACET_KEYWORD), "eau|santé publique|");
    is_text(facet(FACET_TERRITORY), "fr:commune:35236|fr:epci:243500741|");
    is_text(facet(FACET_SCHEMA), "etalab/schema-eau|");
    is_text(facet(FACET_BADGE), "hvd|spd|");
    is_text(facet(FACET_GRANULARITY), "fr:commune");
    is_text(facet(FACET_FREQUENCY), "MONTHLY");
    is_text(facet(FACET_STATUS), "active");
}

static void every_shown(void)
{
    struct str text = data();
    struct document_data d = document_data_read(text);
    is_text(
        d.members,
        "{\"id\":\"data.gouv.fr:5a01\",\"kind\":\"dataset\",\"title\":\"Qualité de l'eau potable\","
        "\"acronym\":\"AEP\",\"description\":\"Mesures faites au robinet.\\n\\n- a < b & c\","
        "\"keywords\":[\"eau\",\"santé publique\"],\"themes\":[\"environment\"],"
        "\"badges\":[\"hvd\",\"spd\"],\"featured\":true,"
        "\"publisher\":{\"id\":\"data.gouv.fr:organization.5d01\",\"name\":\"Régie des eaux\","
        "\"acronym\":\"RDE\",\"kind\":\"local-authority\",\"certified\":true},"
        "\"license\":{\"id\":\"etalab-2.0\",\"label\":\"Licence Ouverte 2.0\",\"open\":true},"
        "\"access\":\"open\",\"distributions\":["
        "{\"title\":\"Analyses 2024\",\"url\":\"https://exemple.fr/a.csv\",\"format\":\"csv\"},"
        "{\"title\":\"Notice\",\"url\":\"https://exemple.fr/n.pdf\",\"format\":\"pdf\"},"
        "{\"title\":\"Carte\",\"url\":null,\"format\":\"shp\"},"
        "{\"title\":null,\"url\":null,\"format\":\"csv\"}],\"distributions_total\":4,"
        "\"endpoint_url\":\"https://api.exemple.fr\",\"repository_url\":\"https://git.exemple.fr/"
        "eau\","
        "\"spatial\":{\"granularity\":\"fr:commune\",\"zones\":[\"fr:commune:35236\",\"fr:epci:"
        "243500741\"],"
        "\"labels\":[\"Redon\"]},\"temporal\":{\"start\":\"2020\",\"end\":\"2024-12-31\"},"
        "\"frequency\":\"MONTHLY\",\"issued\":\"2021-05-03\",\"landing_page\":\"https://exemple.fr/"
        "eau\","
        "\"source\":\"data.gouv.fr\",\"also_in\":[]");
    is_text(d.excerpt, "Mesures faites au robinet.\n\n- a < b & c");
    d = document_data_read(STR("no separator"));
    is_text(d.members, "no separator");
    is_text(d.excerpt, "");
}

static void nearly_empty(void)
{
    struct record r;
    record_init(&r);
    r.id = STR("s:1");
    r.kind = KIND_SOFTWARE;
    r.title = STR("!");
    r.license.label = STR("Licence maison"); // without an id: shown, no facet
    struct stored s = stored_of(&r, STATUS_MISSING);
    ok(document_make(maker, NULL, &s, doc, &e));
    is_text(terms(), "Qx\nXKIND:software\nXSTATUS:missing\n");
    uint32_t with_value = 0;
    for (uint32_t slot = 0; slot < SLOTS; slot++)
        with_value += value(slot).n > 0;
    is_int(with_value, 6); // figures, use, lengths, flags, kind, status
    is_text(value(SLOT_FIGURES),
            "\"status\":\"missing\",\"modified\":null,\"quality\":null,\"popularity\":{}");
    is_int(value(SLOT_FLAGS).p[0], FLAG_ALWAYS);
    is_text(
        document_data_read(data()).members,
        "{\"id\":\"s:1\",\"kind\":\"software\",\"title\":\"!\",\"acronym\":null,\"description\":"
        "null,"
        "\"keywords\":[],\"themes\":[],\"badges\":[],\"featured\":false,\"publisher\":{\"id\":null,"
        "\"name\":null,\"acronym\":null,\"kind\":null,\"certified\":false},\"license\":{\"id\":"
        "null,"
        "\"label\":\"Licence maison\",\"open\":false},\"access\":null,\"distributions\":[],"
        "\"distributions_total\":0,\"endpoint_url\":null,\"repository_url\":null,\"spatial\":{"
        "\"granularity\":null,\"zones\":[],\"labels\":[]},\"temporal\":{\"start\":null,\"end\":"
        "null},"
        "\"frequency\":null,\"issued\":null,\"landing_page\":null,\"source\":null,\"also_in\":[]");
    // An organization is found by its title: its own name is no publisher's.
    r.kind = KIND_ORGANIZATION;
    r.title = r.publisher.name = STR("Mairie");
    r.publisher.former_names = list_of("Bourg");
    s = stored_of(&r, STATUS_ACTIVE);
    ok(document_make(maker, NULL, &s, doc, &e));
    is_text(terms(), "Abourg\nQx\nSmairie\nXKIND:organization\nXSTATUS:active\nZAbourg\nZSmair\n"
                     "Zbourg\nZmair\nbourg\nmairie\n");
}

static void bounds(void)
{
    struct record r = whole_record();
    struct buf b = {0};
    buf_addc(&b, 'x');
    for (int i = 0; i < 2400; i++)
        buf_addz(&b, "é");
    r.description = buf_str(&b);
    char longest[600];
    memset(longest, 'k', sizeof longest);
    r.keywords = list_of("eau");
    arena_push(&arena, &r.keywords, str_slice(longest, 600)); // a value of a facet is cut
    arena_push(&arena, &r.keywords, str_slice(longest, 500)); // and is then another's
    struct distribution files[15] = {0};
    struct column columns[600] = {0};
    for (int i = 0; i < 15; i++)
        files[i].title = arena_printf(&arena, "fichier%d", i);
    for (int i = 0; i < 600; i++)
        columns[i].name = arena_printf(&arena, "colonne%d", i);
    r.distributions = files;
    r.distribution_count = 15;
    r.fields = columns;
    r.field_count = 600;
    struct stored s = stored_of(&r, STATUS_ACTIVE);
    ok(document_make(maker, NULL, &s, doc, &e));
    struct document_data d = document_data_read(data());
    is_int(d.excerpt.n, 3999); // between characters
    ptrdiff_t from = str_find(d.members, STR("\"xé")),
              to = str_find(d.members, STR("\",\"keywords\""));
    is_int(to - from - 1, 299);
    ok(str_find(d.members, STR("fichier9")) > 0);
    is_int(str_find(d.members, STR("fichier10")), -1);
    ok(str_find(d.members, STR("\"distributions_total\":15")) > 0);
    is_int(facet(FACET_KEYWORD).n, 4 + 201);
    bool has;
    ok(xap_doc_has_term(doc, STR("fichier14"), &has, &e) && has); // searched all the same
    ok(xap_doc_has_term(doc, STR("colonne499"), &has, &e) && has);
    ok(xap_doc_has_term(doc, STR("colonne500"), &has, &e) && !has);
    buf_free(&b);
}

static void corrupt(void)
{
    static const char *const bodies[] = {"", "{}", "{\"id\":\"s:1\"", "nonsense"};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct stored s = {.id = STR("s:1"), .body = str_of(bodies[i]), .figures = STR("{}")};
        ok(!document_make(maker, NULL, &s, doc, &e));
        is_int(e.code, ERR_CORRUPT);
        is_str(e.where, "stored record s:1");
    }
    struct stored s = {.id = STR("s:1"), .figures = STR("{\"quality\":7}")};
    ok(!document_update_figures(maker, &s, doc, &e));
    is_int(e.code, ERR_CORRUPT);
    is_str(e.where, "figures of s:1");
}

// ---- Figures -------------------------------------------------------------------------------------

struct image { // everything in a document
    struct str terms, data, values[SLOTS];
};

static struct image image(void)
{
    struct image i = {.terms = terms(), .data = data()};
    for (uint32_t slot = 0; slot < SLOTS; slot++)
        i.values[slot] = value(slot);
    return i;
}

// The slots in which two documents differ, as bits.
static uint32_t moved(const struct image *x, const struct image *y)
{
    uint32_t bits = 0;
    for (uint32_t slot = 0; slot < SLOTS; slot++)
        if (!str_eq(x->values[slot], y->values[slot]))
            bits |= 1u << slot;
    return bits;
}

static void figures(void)
{
    struct record r = whole_record();
    struct stored s = stored_of(&r, STATUS_ACTIVE);
    ok(document_make(maker, NULL, &s, doc, &e));
    struct image before = image();

    // Other figures, as the store gives them: without the body.
    r.popularity = (struct popularity){5, -1, 0, 4000000, 12};
    r.quality.score = 0.75;
    r.modified = day("2026-11-01");
    r.distributions[0].available = 0;
    struct stored moving = stored_of(&r, STATUS_ACTIVE), whole = moving;
    moving.body = STR_NONE;
    ok(document_update_figures(maker, &moving, doc, &e));
    struct image after = image();
    is_text(after.terms, before.terms.p);
    ok(str_eq(after.data, before.data));
    is_int(moved(&before, &after), 1u << SLOT_FIGURES | 1u << SLOT_MODIFIED | 1u << SLOT_VIEWS |
                                       1u << SLOT_QUALITY | 1u << SLOT_USE);
    is_text(value(SLOT_FIGURES),
            "\"status\":\"active\",\"modified\":\"2026-11-01\",\"quality\":{\"score\":0.75},"
            "\"popularity\":{\"views\":5,\"reuses\":0,\"downloads\":4000000,\"stars\":12}");
    ok(number(SLOT_VIEWS) == 5);
    ok(number(SLOT_MODIFIED) == 1793491200);
    r.distributions[0].available = 1;

    // The same as if the document had been made anew.
    ok(document_make(maker, NULL, &whole, doc, &e));
    struct image anew = image();
    is_int(moved(&after, &anew), 0);
}

// From any figures to any others, an update gives what making the document anew gives.
static void figures_as_anew(void)
{
    static const struct {
        int64_t views, followers;
        double quality;
        const char *modified;
        bool trusted;
        enum record_status status;
    } cases[] = {
        {-1, -1, -1, NULL, false, STATUS_ACTIVE},
        {1000, 10, 0.5, "2026-01-02T03:04:05Z", false, STATUS_ACTIVE},
        {0, 0, 0, "0003-01-01", false, STATUS_MISSING},
        {1000000000, 10, 1, "2027", false, STATUS_ARCHIVED},
        {7, -1, -1, NULL, false, STATUS_MISSING},
    };
    enum { CASES = sizeof cases / sizeof *cases };
    for (int trusted = 0; trusted < 2; trusted++)
        for (size_t from = 0; from < CASES; from++)
            for (size_t to = 0; to < CASES; to++) {
                struct stored s[2];
                for (size_t i = 0; i < 2; i++) {
                    size_t c = i ? to : from;
                    struct record r = whole_record();
                    r.modified_trusted = trusted;
                    r.popularity =
                        (struct popularity){cases[c].views, cases[c].followers, -1, -1, -1};
                    r.quality.score = cases[c].quality;
                    // A trusted date is content: it does not move with figures.
                    const char *modified = trusted ? "2025-06-07" : cases[c].modified;
                    r.modified = modified ? day(modified) : (struct date){0};
                    s[i] = stored_of(&r, cases[c].status);
                }
                MUST(document_make(maker, NULL, &s[0], doc, &e), &e);
                struct str body = s[1].body;
                s[1].body = STR_NONE;
                MUST(document_update_figures(maker, &s[1], doc, &e), &e);
                struct image updated = image();
                s[1].body = body;
                MUST(document_make(maker, NULL, &s[1], doc, &e), &e);
                struct image anew = image();
                if (moved(&updated, &anew) != 0 || !str_eq(updated.terms, anew.terms) ||
                    !str_eq(updated.data, anew.data)) {
                    printf("# from %zu to %zu, trusted %d: slots %x\n", from, to, trusted,
                           moved(&updated, &anew));
                    ok(!"an update is the same as a new document");
                }
            }
    ok(true);
}

// ---- Names ---------------------------------------------------------------------------------------

static void unique_terms(void)
{
    char term[UNIQUE_TERM_MAX + 1], longest[300];
    memset(longest, 'x', sizeof longest);
    is_text(index_unique_term(STR("data.gouv.fr:5a01"), term), "Qdata.gouv.fr:5a01");
    is_int(index_unique_term(str_slice(longest, 236), term).n, 237);
    is_int(index_unique_term(str_slice(longest, 237), term).n, 65); // hashed
    // What follows the prefix is the same behind each.
    is_text(index_id_term(PREFIX_USED_BY, STR("s:1"), term), "XUSEDBY:s:1");
    is_int(index_id_term(PREFIX_USED_BY, str_slice(longest, 236), term).n, 244);
    is_int(index_id_term(PREFIX_USED_BY, str_slice(longest, 237), term).n, 72);
    is_text(index_id_term("", STR("s:1"), term), "s:1");
    is_int(index_id_term("", STR(""), term).n, 64);
    char other[UNIQUE_TERM_MAX + 1];
    ok(!str_eq(index_unique_term(str_slice(longest, 245), term),
               index_unique_term(str_slice(longest, 246), other)));
    is_int(index_unique_term(STR("a\0b"), term).n, 65);
    ok(xap_term_fits(index_id_term(PREFIX_USED_BY, str_slice(longest, 236), term)));

    enum facet f;
    for (int i = 0; i < FACET_COUNT; i++)
        ok(facet_find(facet_fields[i].name, &f) && (int)f == i);
    ok(!facet_find(STR("kinds"), &f));
    ok(!facet_find(STR(""), &f));
}

int main(void)
{
    fixture_begin();
    struct analyzer *analyzer = analyzer_new(stop_words(), &e);
    MUST(analyzer, &e);
    maker = document_maker_new(analyzer, NULL);
    doc = xap_doc_new(&e);
    MUST(doc, &e);
    every_term();
    every_value();
    every_shown();
    nearly_empty();
    bounds();
    corrupt();
    figures();
    figures_as_anew();
    unique_terms();
    xap_doc_free(doc);
    document_maker_free(maker);
    document_maker_free(NULL);
    analyzer_free(analyzer);
    arena_free(&arena);
    return tap_done();
}
