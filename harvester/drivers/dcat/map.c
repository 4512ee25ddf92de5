// A described dataset, series or data service as a record. Which property goes where, and which are left out on purpose, is listed in
// harvester/drivers/fields/dcat.tsv. See dcat.h.
#include "harvester/drivers/dcat/dcat.h"

enum { DATASETS_MAX = 50 }; // of one distribution, looked at

// ---- Words ---------------------------------------------------------------------------------------

static bool same_language(struct str a, struct str b)
{
    return a.n >= 2 && b.n >= 2 && memcmp(a.p, b.p, 2) == 0;
}

// Keywords of the title's language and those of none; all of them when there are no such. One that holds several between commas or
// semicolons, where it is alone, is several.
static void map_keywords(struct dcat *d, const struct rdf_node *node, struct str language,
                         struct record *r)
{
    const struct str predicates[] = {DCAT_("keyword"), SCHEMA_("keywords"), DC_("subject"),
                                     DCT_("subject")};
    struct strs words = {0}, others = {0};
    for (size_t i = 0; i < sizeof predicates / sizeof *predicates; i++) {
        struct dcat_values values = dcat_values(node, predicates[i]);
        for (size_t j = 0; j < values.n; j++) {
            const struct rdf_term *value = &values.v[j].value;
            bool literal = value->kind == RDF_LITERAL;
            struct str word = literal ? value->value : dcat_label(d, value);
            bool mine = !literal || !value->language.n || same_language(value->language, language);
            arena_push(d->mapper->arena, mine ? &words : &others, word);
        }
    }
    struct strs *chosen = words.n ? &words : &others;
    if (chosen->n == 1) {
        struct str rest = chosen->v[0], part, word;
        *chosen = (struct strs){0};
        while (str_next(&rest, ';', &part))
            while (str_next(&part, ',', &word))
                arena_push(d->mapper->arena, chosen, str_trim(word));
    }
    dcat_sort(chosen);
    for (size_t i = 0; i < chosen->n; i++)
        map_add_word(d->mapper, &r->keywords, chosen->v[i]);
}

static struct str theme_of(struct dcat *d, const struct rdf_term *term)
{
    if (term->kind == RDF_LITERAL) {
        struct str known = dcat_theme(d, str_trim(term->value));
        bool address = str_find(term->value, STR("://")) > 0;
        return known.n || address ? known : str_trim(term->value);
    }
    struct str known = term->kind == RDF_IRI ? dcat_theme(d, term->value) : STR_NONE;
    struct str label = known.n ? known : dcat_label(d, term);
    if (label.n || term->kind == RDF_BLANK)
        return label;
    label = dcat_last_part(d, term->value); // a word, as some registers have it, or a code
    size_t letters = 0;
    for (size_t i = 0; i < label.n; i++)
        letters +=
            (unsigned char)label.p[i] >= 0x80 || (label.p[i] | 0x20) >= 'a' || label.p[i] == '-';
    return letters == label.n && label.n >= 4 ? label : STR_NONE;
}

static void map_themes(struct dcat *d, const struct rdf_node *node, struct record *r)
{
    const struct str predicates[] = {DCAT_("theme"), GEODCATAP_("topicCategory"), DCT_("subject")};
    struct strs words = {0};
    for (size_t i = 0; i < 3; i++) {
        struct dcat_values values = dcat_values(node, predicates[i]);
        for (size_t j = 0; j < values.n; j++) {
            const struct rdf_term *value = &values.v[j].value;
            struct str topic = i && value->kind == RDF_IRI ? dcat_theme(d, value->value) : STR_NONE;
            arena_push(d->mapper->arena, &words, i ? topic : theme_of(d, value));
        }
    }
    dcat_sort(&words);
    for (size_t i = 0; i < words.n; i++)
        map_add_word(d->mapper, &r->themes, words.v[i]);
}

static bool holds(const struct rdf_node *node, struct str predicate, struct str part)
{
    struct dcat_values values = dcat_values(node, predicate);
    for (size_t i = 0; i < values.n; i++)
        if (str_find(values.v[i].value.value, part) >= 0)
            return true;
    return false;
}

// High-value datasets: regulation (EU) 2023/138. INSPIRE: directive 2007/2/EC.
static void map_badges(struct dcat *d, const struct rdf_node *node, struct record *r)
{
    const struct str law = DCATAP_("applicableLegislation");
    if (dcat_values(node, DCATAP_("hvdCategory")).n ||
        dcat_values(node, STR("http://data.europa.eu/r5r/hvdcategory")).n ||
        holds(node, law, STR("reg_impl/2023/138")) ||
        holds(node, DCAT_("theme"), STR("//data.europa.eu/bna/c_")))
        arena_push(d->mapper->arena, &r->badges, STR("hvd"));
    if (holds(node, law, STR("eli/dir/2007/2")))
        arena_push(d->mapper->arena, &r->badges, STR("inspire"));
}

// ---- Values --------------------------------------------------------------------------------------

static void map_language(struct dcat *d, const struct rdf_node *node, struct str of_title,
                         struct record *r)
{
    const struct str predicates[] = {DCT_("language"), DC_("language"), SCHEMA_("inLanguage")};
    r->language = dcat_language(d, of_title);
    struct strs told = {0};
    for (size_t i = 0; i < 3; i++) {
        struct dcat_values values = dcat_values(node, predicates[i]);
        for (size_t j = 0; j < values.n; j++)
            if (values.v[j].value.kind != RDF_BLANK)
                arena_push(d->mapper->arena, &told, dcat_language(d, values.v[j].value.value));
    }
    dcat_sort(&told);
    if (!r->language.n && told.n == 1) // of several, which is the title's is not told
        r->language = told.v[0];
}

// "R/P1Y" of a duration of OWL-Time, as datos.gob.es writes frequencies.
static void map_duration(struct dcat *d, const struct rdf_node *node, struct record *r)
{
    static const struct {
        struct str property;
        const char *form;
    } units[] = {
        {TIME_("years"), "R/P%lldY"},  {TIME_("months"), "R/P%lldM"},
        {TIME_("weeks"), "R/P%lldW"},  {TIME_("days"), "R/P%lldD"},
        {TIME_("hours"), "R/PT%lldH"}, {TIME_("minutes"), "R/PT%lldM"},
    };
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        struct dcat_values values = dcat_values(node, units[i].property);
        double count;
        char text[40];
        if (!values.n || !str_to_real(str_trim(values.v[0].value.value), &count) ||
            !(count >= 1 && count <= 10000))
            continue;
        snprintf(text, sizeof text, units[i].form, (long long)count);
        map_frequency(r, str_of(text));
    }
    (void)d;
}

static void map_periodicity(struct dcat *d, const struct rdf_node *node, struct record *r)
{
    struct dcat_values values = dcat_values(node, DCT_("accrualPeriodicity"));
    for (size_t i = 0; i < values.n && !r->frequency.n; i++) {
        const struct rdf_term *value = &values.v[i].value;
        if (value->kind != RDF_BLANK)
            map_frequency(r, str_trim(value->value));
        if (r->frequency.n || value->kind == RDF_LITERAL)
            continue;
        struct rdf_node told = dcat_node(d, value);
        map_frequency(r, dcat_node_label(d, &told));
        struct dcat_values inner = dcat_values(&told, RDF_("value"));
        for (size_t j = 0; j < inner.n && !r->frequency.n; j++) {
            struct rdf_node duration = dcat_node(d, &inner.v[j].value);
            map_duration(d, &duration, r);
        }
        if (!r->frequency.n && value->kind == RDF_IRI)
            map_frequency(r, dcat_last_part(d, value->value));
    }
}

// The earliest or the latest of the dates that the predicate tells.
static struct date date_of(const struct rdf_node *node, struct str predicate, bool latest)
{
    struct dcat_values values = dcat_values(node, predicate);
    struct date found = {0};
    for (size_t i = 0; i < values.n; i++) {
        struct date date = map_date(values.v[i].value.value);
        if (date.precision != DATE_NONE &&
            (found.precision == DATE_NONE ||
             (latest ? date.seconds > found.seconds : date.seconds < found.seconds)))
            found = date;
    }
    return found;
}

static void map_dates(const struct rdf_node *node, const struct rdf_node *entry, struct record *r)
{
    const struct str issued[] = {DCT_("issued"), DCT_("created"), SCHEMA_("datePublished")};
    const struct str modified[] = {DCT_("modified"), DCT_("updated"), SCHEMA_("dateModified")};
    for (size_t i = 0; i < 3; i++) {
        if (r->issued.precision == DATE_NONE)
            r->issued = date_of(node, issued[i], false);
        if (r->modified.precision == DATE_NONE)
            r->modified = date_of(node, modified[i], true);
    }
    if (r->issued.precision == DATE_NONE)
        r->issued = date_of(entry, DCT_("issued"), false);
    if (r->modified.precision == DATE_NONE)
        r->modified = date_of(entry, DCT_("modified"), true);
}

struct str dcat_standard(struct dcat *d, const struct rdf_term *term)
{
    static const struct str left_out[] = {STR("/def/crs/"),
                                          STR("/def/coordinatesystem"),
                                          STR("://data.europa.eu/930/"),
                                          STR("w3.org/TR/vocab-dcat"),
                                          STR("://dcat-ap.de/def/dcatde"),
                                          STR("opengeospatial.org/"),
                                          STR("://www.opengis.net/def/serviceType"),
                                          STR("/glossary/SpatialReferenceSystem"),
                                          STR("://www.epsg-registry.org/"),
                                          STR("semiceu.github.io/"),
                                          STR("EPSG:")};
    struct str s = term->kind == RDF_BLANK ? STR_NONE : str_trim(term->value);
    struct rdf_node node = dcat_node(d, term);
    struct str title = dcat_node_label(d, &node);
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++)
        if (str_find(s, left_out[i]) >= 0 || str_find(title, left_out[i]) >= 0)
            return STR_NONE;
    if (holds(&node, DCT_("type"), STR("SpatialReferenceSystem")))
        return STR_NONE;
    return title.n ? title : s;
}

static void map_standards(struct dcat *d, const struct rdf_node *node, struct record *r)
{
    struct dcat_values values = dcat_values(node, DCT_("conformsTo"));
    struct strs names = {0};
    for (size_t i = 0; i < values.n; i++)
        arena_push(d->mapper->arena, &names, dcat_standard(d, &values.v[i].value));
    dcat_sort(&names);
    for (size_t i = 0; i < names.n; i++)
        map_add_schema(d->mapper, r, names.v[i]);
}

// Withdrawn or deprecated, in ADMS's, the EU's or ISO 19115's words.
static void map_status(struct dcat *d, const struct rdf_node *node, struct record *r)
{
    static const struct str ended[] = {STR("Withdrawn"), STR("Deprecated"), STR("Discontinued"),
                                       STR("Obsolete")};
    struct dcat_values values = dcat_values(node, ADMS_("status"));
    for (size_t i = 0; i < values.n; i++)
        for (size_t k = 0; k < sizeof ended / sizeof *ended; k++)
            if (values.v[i].value.kind != RDF_BLANK &&
                str_eq_nocase(dcat_last_part(d, values.v[i].value.value), ended[k]))
                r->status = STATUS_ARCHIVED;
}

static void map_pages(struct dcat *d, const struct rdf_node *node, struct record *r)
{
    const struct str pages[] = {DCAT_("landingPage"), SCHEMA_("url"), FOAF_("homepage")};
    for (size_t i = 0; i < 3 && !r->landing_page.n; i++)
        r->landing_page = dcat_web(d, node, pages[i]);
    r->documentation_url = dcat_web(d, node, FOAF_("page"));
    if (!r->landing_page.n && !r->documentation_url.n)
        r->landing_page = dcat_web(d, node, RDFS_("seeAlso"));
    if (str_eq(r->documentation_url, r->landing_page))
        r->documentation_url = STR_NONE;
}

static void map_provenance(struct dcat *d, const struct rdf_node *node,
                           const struct rdf_node *entry, struct record *r)
{
    bool global = dcat_is_global(d, &node->term);
    struct str entry_page =
        map_web(d->mapper, entry->term.kind == RDF_IRI ? entry->term.value : STR_NONE);
    r->provenance.remote_url = global ? map_web(d->mapper, node->term.value) : STR_NONE;
    if (!r->provenance.remote_url.n)
        r->provenance.remote_url = r->landing_page.n ? r->landing_page : entry_page;
    if (!r->landing_page.n)
        r->landing_page = r->provenance.remote_url;
    r->provenance.origin_id = dcat_key(d, node);
    // Where the catalogue had the description from (DCAT-AP, CatalogRecord); a dataset's own dct:source is other data.
    struct str origin = dcat_web(d, entry, DCT_("source"));
    if (!str_eq(origin, entry_page) && !str_eq(origin, r->provenance.remote_url))
        r->provenance.origin_url = origin;
}

// ---- Datasets and services -----------------------------------------------------------------------

static struct dcat_files describe_files(struct dcat *d, const struct rdf_node *node)
{
    const struct str predicates[] = {DCAT_("distribution"), SCHEMA_("distribution")};
    struct dcat_files files = {0};
    for (size_t p = 0; p < 2 && !files.n; p++) {
        struct dcat_values values = dcat_values(node, predicates[p]);
        size_t n = values.n < DISTRIBUTIONS_MAX ? values.n : DISTRIBUTIONS_MAX;
        d->mapper->counts.cut += values.n > n;
        files.v = n ? ARENA_ARRAY(d->mapper->arena, struct rdf_node, n) : NULL;
        for (size_t i = 0; i < n; i++)
            if (values.v[i].value.kind != RDF_LITERAL)
                files.v[files.n++] = dcat_node(d, &values.v[i].value);
    }
    return files;
}

static void add_served(struct dcat *d, struct strs *list, const struct rdf_term *term)
{
    struct str id = term->value;
    if (!dcat_is_global(d, term)) {
        struct rdf_node dataset = dcat_node(d, term);
        struct rdf_node entry = dcat_catalogue_record(d, &dataset);
        id = dataset.n ? dcat_identity(d, &dataset, &entry, KIND_DATASET) : STR_NONE;
    }
    arena_push(d->mapper->arena, list, map_id(d->mapper, KIND_DATASET, id));
}

// What it says that it serves, and the datasets of which a distribution says that it is behind it.
static void map_served(struct dcat *d, const struct rdf_node *node, struct record *r)
{
    struct strs ids = {0};
    struct dcat_values served = dcat_values(node, DCAT_("servesDataset"));
    for (size_t i = 0; i < served.n; i++)
        if (served.v[i].value.kind != RDF_LITERAL)
            add_served(d, &ids, &served.v[i].value);
    size_t files, datasets;
    struct rdf_term *file =
        dcat_pointing(d, DCAT_("accessService"), &node->term, RELATIONS_MAX, &files);
    for (size_t i = 0; i < files; i++) {
        struct rdf_term *dataset =
            dcat_pointing(d, DCAT_("distribution"), &file[i], DATASETS_MAX, &datasets);
        for (size_t j = 0; j < datasets; j++)
            add_served(d, &ids, &dataset[j]);
    }
    dcat_sort(&ids);
    for (size_t i = 0; i < ids.n; i++)
        map_add_relation(d->mapper, &r->relations.serves_dataset, ids.v[i]);
}

static void map_service(struct dcat *d, const struct rdf_node *node, struct record *r)
{
    r->endpoint_url = dcat_web(d, node, DCAT_("endpointURL"));
    if (!r->endpoint_url.n)
        r->endpoint_url = dcat_web(d, node, DCAT_("endpointUrl"));
    r->endpoint_description = dcat_web(d, node, DCAT_("endpointDescription"));
    r->type = dcat_protocol(d, node);
    map_served(d, node, r);
}

// Only named: a dataset that another page describes, a service that is no more than a distribution's way in.
static bool is_only_named(struct dcat *d, const struct rdf_node *node, enum record_kind kind)
{
    const struct str told[] = {DCT_("title"),         DCT_("description"),  DCT_("identifier"),
                               DCAT_("distribution"), DCAT_("landingPage"), DCAT_("keyword"),
                               DCAT_("endpointURL"),  DC_("title"),         RDFS_("label"),
                               SCHEMA_("name"),       DCT_("abstract"),     DCAT_("servesDataset")};
    bool any = false;
    for (size_t i = 0; i < sizeof told / sizeof *told && !any; i++)
        any = dcat_values(node, told[i]).n > 0;
    if (!any)
        return true;
    if (kind != KIND_DATASERVICE || dcat_is_global(d, &node->term) || dcat_identifier(node))
        return false;
    size_t n;
    dcat_pointing(d, DCAT_("accessService"), &node->term, 1, &n);
    return n > 0;
}

// Of a dataset that is only named: more is meant than a word of another dataset's about it.
static bool is_bare(struct dcat *d, const struct rdf_node *node)
{
    size_t n;
    for (size_t i = 0; i < node->n; i++)
        if (!str_eq(node->properties[i].predicate, RDF_("type")))
            return true;
    dcat_pointing(d, DCAT_("dataset"), &node->term, 1, &n);
    return n > 0;
}

enum dcat_item dcat_map(struct dcat *d, enum record_kind kind, const struct rdf_term *subject,
                        struct driver_item *item)
{
    const struct str descriptions[] = {DCT_("description"), DCT_("abstract"), DC_("description"),
                                       SCHEMA_("description"), RDFS_("comment")};
    struct mapper *m = d->mapper;
    *item = (struct driver_item){0};
    struct rdf_node node = dcat_node(d, subject);
    if (is_only_named(d, &node, kind))
        return kind == KIND_DATASET && is_bare(d, &node) ? DCAT_BARE_ITEM : DCAT_NO_ITEM;
    struct rdf_node entry = dcat_catalogue_record(d, &node);
    struct record *r = map_record(m, kind, dcat_identity(d, &node, &entry, kind), item);
    if (!r) {
        err_set(&item->error, ERR_RECORD,
                "a %s with neither an IRI nor dct:identifier, dcat:landingPage or dct:title",
                kind == KIND_DATASERVICE ? "data service" : "dataset");
        return DCAT_ITEM;
    }
    struct str language;
    r->title = map_line(m, dcat_title(d, &node, &language), TITLE_MAX);
    if (!r->title.n) {
        map_fail(item, "it has no title (dct:title)");
        return DCAT_ITEM;
    }
    r->description = map_block(m, dcat_text(d, &node, descriptions, 5, NULL));
    struct dcat_files files = describe_files(d, &node);
    map_language(d, &node, language, r);
    map_keywords(d, &node, language, r);
    map_themes(d, &node, r);
    map_badges(d, &node, r);
    dcat_map_publisher(d, &node, r);
    dcat_map_contact(d, &node, r);
    dcat_map_rights(d, files, &node, r);
    dcat_map_distributions(d, files, &node, r);
    dcat_map_columns(d, files, &node, r);
    dcat_map_places(d, &node, r);
    dcat_map_period(d, &node, r);
    map_periodicity(d, &node, r);
    map_dates(&node, &entry, r);
    map_standards(d, &node, r);
    map_status(d, &node, r);
    map_pages(d, &node, r);
    if (kind == KIND_DATASERVICE)
        map_service(d, &node, r);
    map_provenance(d, &node, &entry, r);
    return DCAT_ITEM;
}
