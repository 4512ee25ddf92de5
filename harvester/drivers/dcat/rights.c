// Under which licence, and for whom. The licence is that which the dataset and its distributions name most often, known ones first: in
// DCAT-AP it belongs to distributions, and many a catalogue writes it on both or on the dataset alone. See dcat.h.
#include "harvester/drivers/dcat/dcat.h"

#include "harvester/normalise/licence_text.h"
#include "harvester/normalise/vocabulary.h"

// ---- Licences ------------------------------------------------------------------------------------

struct vote {
    const struct licence *known;
    struct str label; // of one that is not known
    size_t count;
};

struct votes {
    struct vote *v;
    size_t n, room;
};

// ISO 19115's restriction codes, which GeoNetwork writes as licences, say nothing of which one.
static bool says_nothing(struct str text)
{
    static const struct str codes[] = {STR("copyright"),
                                       STR("license"),
                                       STR("licence"),
                                       STR("otherRestrictions"),
                                       STR("intellectualPropertyRights"),
                                       STR("patent"),
                                       STR("patentPending"),
                                       STR("trademark"),
                                       STR("restricted"),
                                       STR("unrestricted"),
                                       STR("licenceUnrestricted"),
                                       STR("licenceEndUser"),
                                       STR("licenceDistributor"),
                                       STR("conditionsUnknown")};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (str_eq_nocase(text, codes[i]))
            return true;
    return str_find(text, STR("/LimitationsOnPublicAccess/")) >= 0;
}

static void count_vote(struct votes *votes, const struct licence *known, struct str label)
{
    for (size_t i = 0; i < votes->n; i++)
        if (known ? votes->v[i].known == known
                  : !votes->v[i].known && str_eq(votes->v[i].label, label)) {
            votes->v[i].count++;
            return;
        }
    if (votes->n < votes->room)
        votes->v[votes->n++] = (struct vote){known, label, 1};
}

static const struct licence *known_licence(struct str text)
{
    const struct licence *known = text.n ? licence_find(text) : NULL;
    return known || str_find_char(text, ' ') < 0 ? known : licence_within(text);
}

static void add_vote(struct dcat *d, struct votes *votes, const struct rdf_term *term,
                     bool known_only)
{
    const struct str same[] = {SKOS_("exactMatch"), OWL_("sameAs"),    DCT_("identifier"),
                               SCHEMA_("url"),      SKOS_("notation"), DCT_("source")};
    struct str iri = term->kind == RDF_BLANK ? STR_NONE : str_trim(term->value);
    if (says_nothing(iri))
        return;
    struct rdf_node node = dcat_node(d, term);
    struct str label = dcat_node_label(d, &node);
    const struct licence *known = known_licence(iri);
    if (!known)
        known = known_licence(label);
    for (size_t i = 0; i < sizeof same / sizeof *same && !known; i++) {
        struct dcat_values values = dcat_values(&node, same[i]);
        for (size_t j = 0; j < values.n && !known; j++)
            known = known_licence(values.v[j].value.value);
    }
    if (!label.n)
        label = str_ends(iri, STR("/noConditionsApply")) ? STR("Sans condition") : iri;
    if (known || (!known_only && label.n && !says_nothing(label)))
        count_vote(votes, known, known ? STR_NONE : label);
}

static void add_votes(struct dcat *d, struct votes *votes, const struct rdf_node *node,
                      struct str predicate, bool known_only)
{
    struct dcat_values values = dcat_values(node, predicate);
    for (size_t i = 0; i < values.n; i++)
        add_vote(d, votes, &values.v[i].value, known_only);
}

static bool is_better(const struct vote *a, const struct vote *b)
{
    if ((a->known != NULL) != (b->known != NULL))
        return a->known != NULL;
    if (a->count != b->count)
        return a->count > b->count;
    return str_cmp(a->known ? a->known->id : a->label, b->known ? b->known->id : b->label) < 0;
}

static void map_licence(struct dcat *d, struct dcat_files files, const struct rdf_node *node,
                        struct record *r)
{
    enum { VOTES_MAX = 200 };
    const struct str predicates[] = {DCT_("license"), SCHEMA_("license"), DC_("rights"),
                                     DCT_("rights")};
    struct vote room[VOTES_MAX];
    struct votes votes = {room, 0, VOTES_MAX};
    for (size_t p = 0; p < sizeof predicates / sizeof *predicates && !votes.n; p++) {
        bool known_only = p >= 2; // rights are mostly prose
        add_votes(d, &votes, node, predicates[p], known_only);
        for (size_t i = 0; i < files.n; i++)
            add_votes(d, &votes, &files.v[i], predicates[p], known_only);
    }
    enum { RIGHTS_MAX = 200 };
    if (!votes.n) { // no licence at all: what is said of rights, when it is as short as a name
        struct str rights = dcat_text(d, node, &predicates[3], 1, NULL);
        for (size_t i = 0; i < files.n && !rights.n; i++)
            rights = dcat_text(d, &files.v[i], &predicates[3], 1, NULL);
        if (rights.n && rights.n <= RIGHTS_MAX)
            count_vote(&votes, NULL, rights);
    }
    const struct vote *best = votes.n ? votes.v : NULL;
    for (size_t i = 1; i < votes.n; i++)
        best = is_better(&votes.v[i], best) ? &votes.v[i] : best;
    if (best)
        map_license(d->mapper, r, best->known ? &best->known->id : &best->label, 1);
}

// ---- Access --------------------------------------------------------------------------------------

static bool starts_with_words(struct str text, const char *words)
{
    struct str w = str_of(words);
    return text.n >= w.n && str_eq_nocase(str_slice(text.p, w.n), w);
}

static enum record_access access_of(struct dcat *d, const struct rdf_term *term)
{
    static const char *const free_words[] = {"pas de restriction", "aucun des articles de la loi",
                                             "no limitation", "aucune restriction",
                                             "no restriction"};
    struct str iri = term->kind == RDF_BLANK ? STR_NONE : term->value;
    struct str last = dcat_last_part(d, iri), label = dcat_label(d, term);
    const struct str told[] = {iri, last, label};
    for (size_t i = 0; i < 3; i++) {
        enum record_access access =
            told[i].n ? record_access_find(access_find(told[i])) : ACCESS_UNKNOWN;
        if (access != ACCESS_UNKNOWN)
            return access;
    }
    if (str_eq_nocase(last, STR("noLimitations")) || str_eq_nocase(last, STR("no-limitations")))
        return ACCESS_OPEN;
    if (str_find(iri, STR("/LimitationsOnPublicAccess/INSPIRE_Directive_Article13")) >= 0)
        return ACCESS_RESTRICTED;
    for (size_t i = 0; i < sizeof free_words / sizeof *free_words; i++)
        if (starts_with_words(label, free_words[i]))
            return ACCESS_OPEN;
    return ACCESS_UNKNOWN;
}

// The narrowest that is told.
static void add_access(struct dcat *d, const struct rdf_node *node, struct str predicate,
                       struct record *r)
{
    struct dcat_values values = dcat_values(node, predicate);
    for (size_t i = 0; i < values.n; i++) {
        enum record_access access = access_of(d, &values.v[i].value);
        r->access = access > r->access ? access : r->access;
    }
}

void dcat_map_rights(struct dcat *d, struct dcat_files files, const struct rdf_node *node,
                     struct record *r)
{
    map_licence(d, files, node, r);
    add_access(d, node, DCT_("accessRights"), r);
    for (size_t i = 0; i < files.n && r->access == ACCESS_UNKNOWN; i++)
        add_access(d, &files.v[i], DCT_("accessRights"), r);
    if (r->access ==
        ACCESS_UNKNOWN) { // INSPIRE's limitations, where they are written as rights or licences
        add_access(d, node, DCT_("rights"), r);
        add_access(d, node, DCT_("license"), r);
    }
}
