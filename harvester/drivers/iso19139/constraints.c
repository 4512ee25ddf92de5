// Licence and access of ISO metadata. Both are told in the same free texts (otherConstraints, useLimitation), mixed with warnings and
// INSPIRE's formulas; the licence is looked for among their anchors, addresses and words, and access is restricted only where the
// code lists, or the articles that INSPIRE names (Directive 2007/2/EC article 13; Code de l'environnement L124-4), say so.
// Code list: http://inspire.ec.europa.eu/metadata-codelist/LimitationsOnPublicAccess
#include "harvester/drivers/iso19139/parts.h"
#include "harvester/normalise/licence_text.h"

enum { LABEL_BYTES = 250 };

static bool contains_any(struct str text, const struct str *parts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (iso_contains(text, parts[i]))
            return true;
    return false;
}
#define CONTAINS_ANY(text, parts) contains_any((text), (parts), sizeof(parts) / sizeof *(parts))

// ---- Access -------------------------------------------------------------------------------------------

static bool is_no_limit(struct str text, struct str anchor)
{
    static const struct str free[] = {
        STR("pas de restriction d"),
        STR("pas de limitation d"),
        STR("aucune restriction"),
        STR("aucun des articles de la loi"),
        STR("no limitation"),
        STR("no restriction"),
        STR("no limits"),
        STR("geen beperking"),
        STR("keine beschr"),
    };
    return iso_contains(anchor, STR("noLimitations")) || CONTAINS_ANY(text, free);
}

static bool is_limit(struct str text, struct str anchor)
{
    static const struct str articles[] = {STR("L124-4"),     STR("L124-5"),    STR("L.124-4"),
                                          STR("L.124-5"),    STR("L. 124-4"),  STR("L. 124-5"),
                                          STR("article 13"), STR("article13"), STR("artikel 13"),
                                          STR("articolo 13")};
    return iso_contains(anchor, STR("INSPIRE_Directive_Article13")) || CONTAINS_ANY(text, articles);
}

static bool is_restriction(struct str code)
{
    static const struct str codes[] = {STR("restricted"),   STR("private"),
                                       STR("confidential"), STR("in-confidence"),
                                       STR("inConfidence"), STR("sensitiveButUnclassified"),
                                       STR("secret"),       STR("topSecret"),
                                       STR("SBU"),          STR("limitedDistribution")};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (str_eq_nocase(code, codes[i]))
            return true;
    return false;
}

// ---- Both ---------------------------------------------------------------------------------------------

struct reading {
    const struct licence *licence;
    struct str label;    // of a licence that the table does not know
    bool label_is_named; // it says that it is one
    bool free;           // somebody says that there is no limit
    bool limited;        // by an article of law
    bool restricted;     // by a code
};

// "None", "Non précisée" and the like are a licence of the table, and none.
static const struct licence *find_licence(struct str text, struct str anchor)
{
    const struct licence *known = anchor.n ? licence_find(anchor) : NULL;
    if (!known)
        known = licence_within(text);
    return known && !str_eq(known->id, STR("notspecified")) ? known : NULL;
}

// A sentence that may stand for the licence: it is about using the data, and short. Warnings, citations and remarks are not.
static bool is_about_use(struct str text)
{
    static const struct str words[] = {
        STR("licen"),  STR("utilis"), STR("usage"),     STR("conditions"), STR("copyright"),
        STR("rights"), STR("droit"),  STR("reproduc"),  STR("libre"),      STR("free"),
        STR("reuse"),  STR("re-use"), STR("diffusion"), STR("permission"), STR("ouverte")};
    static const struct str others[] = {STR("cite as"), STR("liability"), STR("disclaimer"),
                                        STR("access constraints")};
    return text.n <= LABEL_BYTES && CONTAINS_ANY(text, words) && !CONTAINS_ANY(text, others);
}

// One text of a block. `use`: the block is about use; `access`: about access.
static void read_text(struct iso *x, struct reading *r, const struct xml_node *property, bool use,
                      bool access)
{
    struct str text = iso_text(x, property, NULL), anchor = iso_anchor(property);
    if (!text.n && !anchor.n)
        return;
    const struct licence *known = find_licence(text, anchor);
    if (!r->licence)
        r->licence = known;
    if (is_no_limit(text, anchor)) {
        r->free = true;
        return;
    }
    if (access && !known && is_limit(text, anchor)) {
        r->limited = true;
        return;
    }
    bool named = iso_contains(text, STR("licen"));
    if (use && !known && is_about_use(text) && (!r->label.n || (named && !r->label_is_named))) {
        r->label = text;
        r->label_is_named = named;
    }
}

static bool any_code(struct iso *x, const struct xml_node *block, const char *path,
                     struct reading *r)
{
    size_t n;
    const struct xml_node **codes = iso_all(x, block, path, &n);
    for (size_t i = 0; i < n; i++)
        if (is_restriction(iso_code(x->m->arena, codes[i])))
            r->restricted = true;
    return n > 0;
}

static void read_block(struct iso *x, struct reading *r, const struct xml_node *block)
{
    size_t n;
    struct reading use = {0}; // a restricted use is no restricted access
    bool access = any_code(x, block, "accessConstraints", r);
    bool about_use = any_code(x, block, "useConstraints", &use);
    any_code(x, block, "classification", r);
    const struct xml_node **texts = iso_all(x, block, "otherConstraints", &n);
    for (size_t i = 0; i < n; i++)
        read_text(x, r, texts[i], about_use || !access, access || !about_use);
    texts = iso_all(x, block, "useLimitation", &n);
    for (size_t i = 0; i < n; i++)
        read_text(x, r, texts[i], true, false);
    texts = iso_all(x, block, "reference/CI_Citation", &n); // 19115-3
    for (size_t i = 0; i < n; i++) {
        struct str url = iso_text_at(x, texts[i], "onlineResource/CI_OnlineResource/linkage", NULL);
        if (!r->licence)
            r->licence = find_licence(STR_NONE, url);
        read_text(x, r, xml_child(texts[i], NULL, "title"), true, false);
    }
}

void iso_constraints(struct iso *x)
{
    struct reading r = {0};
    size_t n;
    const struct xml_node **blocks = iso_all(x, x->ident, "resourceConstraints/*", &n);
    for (size_t i = 0; i < n; i++)
        read_block(x, &r, blocks[i]);
    if (r.licence)
        x->r->license = (struct license){r.licence->id, r.licence->label, r.licence->open};
    else
        x->r->license.label = map_line(x->m, r.label, NAME_MAX);
    // An open licence, or a word that there is no limit, outweighs an article that somebody ticked beside it.
    bool open = r.free || (r.licence && r.licence->open);
    if (r.restricted || (r.limited && !open))
        x->r->access = ACCESS_RESTRICTED;
    else if (open)
        x->r->access = ACCESS_OPEN;
}
