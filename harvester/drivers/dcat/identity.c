// By what an item of a DCAT document is known: its id here, the catalogue's own entry for it, and the key that is the same in other
// catalogues. The rules stand in dcat.h, with dcat_map.
#include "harvester/drivers/dcat/dcat.h"

#include "base/hash.h"

enum { SHARED_MAX = 50 }; // other holders of an identifier that are looked at

struct str dcat_title(struct dcat *d, const struct rdf_node *node, struct str *language)
{
    static const struct str titles[] = {DCT_("title"),      RDFS_("label"), SCHEMA_("name"),
                                        DC_("title"),       FOAF_("name"),  SKOS_("prefLabel"),
                                        DCT_("alternative")};
    return dcat_text(d, node, titles, sizeof titles / sizeof *titles, language);
}

static bool is_of_kind(const struct rdf_node *node, enum record_kind kind)
{
    return kind == KIND_DATASERVICE
               ? dcat_is_a(node, DCAT_("DataService"))
               : dcat_is_a(node, DCAT_("Dataset")) || dcat_is_a(node, DCAT_("DatasetSeries"));
}

// ---- Identity ------------------------------------------------------------------------------------

static struct str hashed(struct dcat *d, struct str text)
{
    enum { BYTES = 8 };
    unsigned char digest[SHA256_BYTES];
    char digits[2 * BYTES + 1];
    sha256(text, digest);
    hex(digest, BYTES, digits);
    return arena_str(d->mapper->arena, str_of(digits));
}

static const struct rdf_term *first_value(const struct rdf_node *node, const struct str *predicates,
                                          size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct dcat_values values = dcat_values(node, predicates[i]);
        for (size_t j = 0; j < values.n; j++)
            if (values.v[j].value.kind != RDF_BLANK && str_trim(values.v[j].value.value).n)
                return &values.v[j].value;
    }
    return NULL;
}

const struct rdf_term *dcat_identifier(const struct rdf_node *node)
{
    const struct str predicates[] = {DCT_("identifier"), DCAT_("identifier"), DC_("identifier"),
                                     SCHEMA_("identifier")};
    return first_value(node, predicates, 4);
}

// Whether another of the document's items, one without a global IRI too, holds the value; under another title when `title` is given.
static bool is_shared(struct dcat *d, const struct rdf_node *node, struct str predicate,
                      const struct rdf_term *value, enum record_kind kind, const struct str *title)
{
    struct rdf_term held = {.kind = RDF_IRI, .value = str_trim(value->value)};
    if (value->kind == RDF_LITERAL) {
        value = &held;
        predicate = dcat_holds(predicate);
    }
    struct rdf_term *holders;
    size_t n;
    if (d->failed)
        return false;
    if (!graph_pointing(d->graph, predicate, value, SHARED_MAX, d->mapper->arena, &holders, &n,
                        d->error)) {
        d->failed = true;
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (holders[i].kind == node->term.kind && str_eq(holders[i].value, node->term.value))
            continue;
        if (dcat_is_global(d, &holders[i]))
            continue;
        struct rdf_node other = dcat_node(d, &holders[i]);
        if (is_of_kind(&other, kind) && (!title || !str_eq(dcat_title(d, &other, NULL), *title)))
            return true;
    }
    return false;
}

// The address of its data, the first by its bytes; {NULL, 0} when it has none.
static struct str first_address(struct dcat *d, const struct rdf_node *node)
{
    struct str first = STR_NONE;
    struct dcat_values distributions = dcat_values(node, DCAT_("distribution"));
    for (size_t i = 0; i < distributions.n; i++) {
        struct rdf_node distribution = dcat_node(d, &distributions.v[i].value);
        struct str address = dcat_web(d, &distribution, DCAT_("downloadURL"));
        if (!address.n)
            address = dcat_web(d, &distribution, DCAT_("accessURL"));
        if (address.n && (!first.n || str_cmp(address, first) < 0))
            first = address;
    }
    return first;
}

struct str dcat_identity(struct dcat *d, const struct rdf_node *node,
                         const struct rdf_node *catalogue_record, enum record_kind kind)
{
    struct arena *a = d->mapper->arena;
    if (dcat_is_global(d, &node->term))
        return node->term.value;
    struct str title = dcat_title(d, node, NULL);
    const struct rdf_term *id = dcat_identifier(node);
    if (id) {
        if (!is_shared(d, node, DCT_("identifier"), id, kind, &title))
            return id->value;
        return arena_printf(a, "%.*s~%.*s", STR_ARG(str_trim(id->value)),
                            STR_ARG(hashed(d, title)));
    }
    id = dcat_identifier(catalogue_record);
    if (id)
        return id->value;
    struct dcat_values pages = dcat_values(node, DCAT_("landingPage"));
    if (pages.n && pages.v[0].value.kind != RDF_BLANK &&
        !is_shared(d, node, DCAT_("landingPage"), &pages.v[0].value, kind, NULL))
        return arena_printf(a, "page~%.*s", STR_ARG(hashed(d, pages.v[0].value.value)));
    if (!title.n)
        return STR_NONE;
    struct record scratch;
    record_init(&scratch);
    dcat_map_publisher(d, node, &scratch);
    struct str whole =
        arena_printf(a, "%.*s\n%.*s", STR_ARG(title), STR_ARG(scratch.publisher.name));
    const struct rdf_term text = {.kind = RDF_LITERAL, .value = title};
    if (is_shared(d, node, DCT_("title"), &text, kind, NULL)) // one of a year each, say
        whole = arena_printf(a, "%.*s\n%.*s", STR_ARG(whole), STR_ARG(first_address(d, node)));
    return arena_printf(a, "title~%.*s", STR_ARG(hashed(d, whole)));
}

struct rdf_node dcat_catalogue_record(struct dcat *d, const struct rdf_node *node)
{
    struct rdf_node best = {0};
    struct str best_id = STR_NONE;
    struct dcat_values topics = dcat_values(node, FOAF_("isPrimaryTopicOf"));
    struct rdf_term *pointing = NULL;
    size_t n = 0;
    if (!topics.n && !d->failed &&
        !graph_pointing(d->graph, FOAF_("primaryTopic"), &node->term, SHARED_MAX, d->mapper->arena,
                        &pointing, &n, d->error))
        d->failed = true;
    for (size_t i = 0; i < topics.n + n && !d->failed; i++) {
        struct rdf_node entry = dcat_node(d, i < topics.n ? &topics.v[i].value : &pointing[i]);
        const struct rdf_term *id = dcat_identifier(&entry);
        struct str key = id ? id->value : STR_NONE;
        if (entry.n && (!best.n || (key.n && (!best_id.n || str_cmp(key, best_id) < 0)))) {
            best = entry;
            best_id = key;
        }
    }
    return best;
}

// ---- Keys that are the same in other catalogues --------------------------------------------------

// An address, a DOI, or a text that is long enough, with a figure in it, not to be another's by chance (a UUID, "fr-120066022-jdd-...").
static bool is_key(struct str s)
{
    enum { SHORTEST = 20 };
    bool figure = false;
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] <= ' ')
            return false;
        figure = figure || (s.p[i] >= '0' && s.p[i] <= '9');
    }
    return str_starts(s, STR("http://")) || str_starts(s, STR("https://")) ||
           str_starts(s, STR("urn:")) || str_starts(s, STR("doi:")) ||
           (str_starts(s, STR("10.")) && str_find_char(s, '/') > 0) || (s.n >= SHORTEST && figure);
}

static void add_key(struct dcat *d, struct strs *keys, const struct rdf_term *term)
{
    struct str key = str_trim(term->value);
    if (term->kind == RDF_BLANK) {
        struct rdf_node node = dcat_node(d, term);
        struct dcat_values notations = dcat_values(&node, SKOS_("notation"));
        key = notations.n ? str_trim(notations.v[0].value.value) : STR_NONE;
    }
    if (is_key(key))
        arena_push(d->mapper->arena, keys, key);
}

struct str dcat_key(struct dcat *d, const struct rdf_node *node)
{
    const struct str predicates[] = {DCT_("identifier"), OWL_("sameAs"), ADMS_("identifier")};
    for (size_t i = 0; i < 3; i++) {
        struct dcat_values values = dcat_values(node, predicates[i]);
        struct strs keys = {0};
        for (size_t j = 0; j < values.n; j++)
            add_key(d, &keys, &values.v[j].value);
        dcat_sort(&keys);
        if (keys.n)
            return map_line(d->mapper, keys.v[0], NAME_MAX);
    }
    return STR_NONE;
}
