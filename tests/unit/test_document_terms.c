// indexer/index/document and document_text: the terms of a record's territory, with places known; the language of its texts; its
// initials and words written as one; to the last term of each kind.
#include "tests/unit/search_places_fixture.h"

struct picked {
    struct buf text;
    struct str prefix;
};

static bool take_term(void *user, struct str term, uint32_t documents)
{
    struct picked *p = user;
    (void)documents;
    buf_addf(&p->text, "%s%.*s", p->text.n ? " " : "", (int)(term.n - p->prefix.n),
             term.p + p->prefix.n);
    return true;
}

// The terms of `r` that begin with `prefix`, in the order of bytes, without it.
static struct str terms(const struct record *r, const char *prefix)
{
    static unsigned count;
    char name[32];
    snprintf(name, sizeof name, "terms%u", count++);
    struct picked p = {.prefix = str_of(prefix)};
    struct stored s = stored_of(r, STATUS_ACTIVE);
    MUST(document_make(maker, NULL, &s, doc, &e), &e);
    struct xap_writer *w = fixture_writer(name);
    MUST(xap_writer_replace(w, STR("Qx"), doc, NULL, &e), &e);
    MUST(xap_writer_commit(w, &e), &e);
    xap_writer_close(w);
    struct xap_db *db = fixture_reader(name);
    MUST(xap_db_each_term(db, p.prefix, take_term, &p, &e), &e);
    xap_db_close(db);
    struct str out = p.text.n ? arena_str(&arena, buf_str(&p.text)) : STR("");
    buf_free(&p.text);
    return out;
}

static struct str facet_items(void)
{
    struct str v, item;
    struct buf b = {0};
    MUST(xap_doc_value(doc, SLOT_FACETS + FACET_TERRITORY, &v, &e), &e);
    while (xap_list_next(&v, &item))
        buf_addf(&b, "%.*s|", STR_ARG(item));
    struct str s = b.n ? arena_str(&arena, buf_str(&b)) : STR("");
    buf_free(&b);
    return s;
}

// ---- Territory -------------------------------------------------------------------------------------------

static void territory(void)
{
    struct record r = record_of("r", KIND_DATASET, "Piste");
    r.spatial.zones = list_of("fr:commune:35238");
    is_text(terms(&r, "XTERRITORY:"), "fr:commune:35238");
    is_text(terms(&r, PREFIX_INSIDE), "country-group:world country:fr fr:departement:35 "
                                      "fr:epci:243500139 fr:region:53");
    is_text(facet_items(), "fr:commune:35238\x1FRennes|");
    is_text(terms(&r, "ZXZ"), "ren"); // its name is searched, those around it are not
    // Each of several zones; what is around one is not, where it is a zone too.
    r.spatial.zones = list_of("fr:commune:35238|fr:departement:35|fr:commune:35238");
    is_text(terms(&r, "XTERRITORY:"), "fr:commune:35238 fr:departement:35");
    is_text(terms(&r, PREFIX_INSIDE),
            "country-group:world country:fr fr:epci:243500139 fr:region:53");
    is_text(facet_items(), "fr:commune:35238\x1FRennes|fr:departement:35\x1FIlle-et-Vilaine|");
    // A country has no name to search.
    r.spatial.zones = list_of("country:fr");
    is_text(terms(&r, "ZXZ"), "");
    is_text(facet_items(), "country:fr\x1F"
                           "France|");
    is_text(terms(&r, PREFIX_INSIDE), "country-group:world");
    // Unknown zones stay what they are.
    r.spatial.zones = list_of("fr:commune:99999|country:de");
    is_text(terms(&r, "XTERRITORY:"), "country:de fr:commune:99999");
    is_text(terms(&r, PREFIX_INSIDE), "country-group:world");
    is_text(facet_items(), "country:de|fr:commune:99999|");
    // Of labels, titles and publishers: their words are there already, once.
    r.spatial.zones = (struct strs){0};
    r.spatial.labels = list_of("Saint-Malo");
    is_text(terms(&r, "XTERRITORY:"), "fr:commune:35288");
    is_text(terms(&r, "ZXZ"), "malo saint saintmalo");
    r.spatial.labels = (struct strs){0};
    r.title = STR("Pistes de la ville de Caen");
    is_text(terms(&r, "XTERRITORY:"), "fr:commune:14118");
    is_text(terms(&r, PREFIX_INSIDE),
            "country-group:world country:fr fr:departement:14 fr:region:28");
    is_text(terms(&r, "ZXZ"), "");
    r.title = STR("Pistes");
    r.publisher.id = STR("org:1");
    r.publisher.name = STR("Ville de Caen");
    r.publisher.kind = STR("local-authority");
    is_text(terms(&r, "XTERRITORY:"), "fr:commune:14118");
    // Nothing is known: nothing is said.
    r.publisher.name = STR("Quelqu'un");
    is_text(terms(&r, "XTERRITORY:"), "");
    is_text(terms(&r, PREFIX_INSIDE), "");
    is_text(facet_items(), "");
    // An id longer than a term may be is cut, as every value of a facet.
    char longest[400];
    memset(longest, 'z', sizeof longest);
    arena_push(&arena, &r.spatial.zones, str_slice(longest, sizeof longest));
    is_int(terms(&r, "XTERRITORY:").n, FACET_VALUE_MAX);
}

// ---- Language --------------------------------------------------------------------------------------------

#define ENGLISH "The walks of the town and the places that were walked"
#define FRENCH "Les promenades de la ville et les lieux pour les enfants"

static struct str title_stems(const char *language, const char *description)
{
    struct record r = record_of("r", KIND_DATASET, "Running walks");
    r.language = str_of(language);
    r.description = str_of(description);
    return terms(&r, "ZS");
}

static void language(void)
{
    const char *english = "run+ walk+", *french = "running walk";
    is_text(title_stems("en", ""), english); // as the record says
    is_text(title_stems("en-GB", FRENCH), english);
    is_text(title_stems("eng", ""), english);
    is_text(title_stems("", ENGLISH), english);   // as it plainly is
    is_text(title_stems("fr", ENGLISH), english); // whatever a portal's default says
    is_text(title_stems("fr", FRENCH), french);
    is_text(title_stems("", FRENCH), french);
    is_text(title_stems("", ""), french);
    is_text(title_stems("", "Walks."), french); // not plainly
    is_text(title_stems("de", ""), french);
    // Where there is no description, the title tells.
    struct record r = record_of("r", KIND_DATASET, ENGLISH);
    is_text(terms(&r, "ZS"), "place+ the+ town+ walk+"); // "the" is a word in French
    r.title = STR("Lieux de la ville");
    is_text(terms(&r, "ZS"), "lieux vill");
}

// ---- Initials, words as one --------------------------------------------------------------------------------

static struct str initials(const char *title)
{
    struct record r = record_of("r", KIND_DATASET, title);
    return terms(&r, PREFIX_INITIALS);
}

static void first_letters(void)
{
    is_text(initials("Commission nationale de l'informatique et des libertés"), "cnil");
    is_text(initials("Base adresse nationale"), "ban");
    is_text(initials("Base adresse"), ""); // fewer than three words
    is_text(initials("Plan local d'urbanisme"), "plu");
    is_text(initials("École élémentaire d'été"), "eee");
    is_text(initials("un deux trois quatre cinq"), "dtqc"); // without stop words
    is_text(initials("Alpha bravo charlie delta echo foxtrot golf hotel india juliett"),
            "abcdefghij");
    is_text(initials("Alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo"), "");
    is_text(initials("Alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima"),
            "");
    is_text(initials(""), "");
    // Of keywords and publishers too, of descriptions not.
    struct record r = record_of("r", KIND_DATASET, "Zone");
    r.keywords = list_of("base adresse nationale|eau");
    r.publisher.id = STR("org:1");
    r.publisher.name = STR("Institut national géographique");
    r.description = STR("Alpha bravo charlie");
    is_text(terms(&r, PREFIX_INITIALS), "ban ing");
}

static void as_one(void)
{
    struct record r = record_of("r", KIND_DATASET, "Open Damir de 2019 et 2020");
    is_text(terms(&r, PREFIX_FUSED),
            "opendamir"); // no word and a code that a stop word parts, no two codes
    r.title = STR("L'eau");
    is_text(terms(&r, PREFIX_FUSED), "leau"); // an article and its word
    r.title = STR("Zone 12 bis");
    is_text(terms(&r, PREFIX_FUSED), "12bis zone12");
    r.title = STR("Zone 12 34");
    is_text(terms(&r, PREFIX_FUSED), "zone12");
    r.title = STR("Zone");
    r.description = STR("Open Damir");
    is_text(terms(&r, PREFIX_FUSED), ""); // of a description, none
    r.title = STR("Qualité de l'eau du robinet");
    is_text(terms(&r, PREFIX_PAIR), "eau robinet qualit eau"); // stop words passed over
}

int main(void)
{
    places_begin();
    territory();
    language();
    first_letters();
    as_one();
    places_end();
    return tap_done();
}
