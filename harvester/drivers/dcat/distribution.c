// The files, links and services of a dataset, and its columns. A distribution's address is that of the file, else that of the page or
// the service behind which it is. See dcat.h.
#include "harvester/drivers/dcat/dcat.h"

#include "harvester/normalise/format.h"

#include <stdlib.h>

// ---- Formats -------------------------------------------------------------------------------------

static struct str after(struct str s, struct str mark)
{
    ptrdiff_t at = str_find(s, mark);
    return at < 0 ? STR_NONE : str_slice(s.p + at + (ptrdiff_t)mark.n, s.n - (size_t)at - mark.n);
}

// "text/csv" of IANA's registry, "CSV" of the EU's file types ("WMS_SRVC" is its WMS), else the last part of the IRI.
static struct str format_of_iri(struct dcat *d, struct str iri)
{
    struct str media = after(iri, STR("/media-types/"));
    if (media.n)
        return media;
    struct str last = dcat_last_part(d, iri);
    if (str_ends(last, STR("_SRVC")))
        last.n -= 5;
    return last;
}

// What a value says, and what is said of it: a node's media type (rdf:value) besides its name.
static struct str format_text(struct dcat *d, const struct rdf_term *term)
{
    if (term->kind == RDF_LITERAL) {
        struct str s = str_trim(term->value);
        bool iri = str_starts(s, STR("http://")) || str_starts(s, STR("https://"));
        return iri ? format_of_iri(d, s) : s;
    }
    struct rdf_node node = dcat_node(d, term);
    struct str label = dcat_node_label(d, &node);
    return label.n || term->kind == RDF_BLANK ? label : format_of_iri(d, term->value);
}

// The first that the table of formats knows, else the first.
static struct str best_format(struct dcat *d, const struct rdf_node *node, struct str predicate)
{
    struct dcat_values values = dcat_values(node, predicate);
    struct strs texts = {0};
    for (size_t i = 0; i < values.n; i++)
        arena_push(d->mapper->arena, &texts, format_text(d, &values.v[i].value));
    dcat_sort(&texts);
    for (size_t i = 0; i < texts.n; i++)
        if (format_find(d->mapper->arena, texts.v[i], STR_NONE, STR_NONE).known)
            return texts.v[i];
    return texts.n ? texts.v[0] : STR_NONE;
}

struct str dcat_protocol(struct dcat *d, const struct rdf_node *node)
{
    static const struct {
        struct str mark, format;
    } marks[] = {
        {STR("/wmts"), STR("wmts")},
        {STR("/wms"), STR("wms")},
        {STR("/wfs"), STR("wfs")},
        {STR("/wcs"), STR("wcs")},
        {STR("/csw"), STR("csw")},
        {STR("/standards/cat"), STR("csw")},
        {STR("ogcapi-features"), STR("ogc api features")},
        {STR("atom"), STR("atom")},
        {STR("sparql"), STR("sparql")},
        {STR("openapis"), STR("openapi")},
    };
    struct dcat_values values = dcat_values(node, DCT_("conformsTo"));
    for (size_t i = 0; i < values.n; i++) {
        if (values.v[i].value.kind != RDF_IRI)
            continue;
        struct str iri = text_code(d->mapper->arena, values.v[i].value.value, URL_MAX);
        bool ogc = str_find(iri, STR("opengeospatial.org/")) >= 0 ||
                   str_find(iri, STR("opengis.net/")) >= 0 || str_find(iri, STR("ogc.org/")) >= 0;
        for (size_t k = 0; k < sizeof marks / sizeof *marks; k++)
            if ((ogc || marks[k].mark.p[0] != '/') && str_find(iri, marks[k].mark) >= 0)
                return marks[k].format;
    }
    return STR_NONE;
}

// ---- One distribution ----------------------------------------------------------------------------

// "sha256:5bcc81...": the algorithm is named by the end of its IRI, after "checksumAlgorithm_" or in two parts ("sha/256").
static struct str checksum(struct dcat *d, const struct rdf_node *node)
{
    enum { VALUE_MAX = 128 };
    struct dcat_values values = dcat_values(node, SPDX_("checksum"));
    struct strs found = {0};
    for (size_t i = 0; i < values.n; i++) {
        struct rdf_node sum = dcat_node(d, &values.v[i].value);
        struct dcat_values value = dcat_values(&sum, SPDX_("checksumValue"));
        struct dcat_values algorithm = dcat_values(&sum, SPDX_("algorithm"));
        if (!value.n || !algorithm.n)
            continue;
        struct str iri = algorithm.v[0].value.value, name = after(iri, STR("checksumAlgorithm_"));
        if (!name.n)
            name = after(iri, STR("hashAlgorithms/"));
        if (!name.n)
            name = dcat_last_part(d, iri);
        char *out = arena_bytes(d->mapper->arena, name.n + 1);
        size_t n = 0;
        for (size_t j = 0; j < name.n; j++)
            if ((name.p[j] >= '0' && name.p[j] <= '9') ||
                ((name.p[j] | 0x20) >= 'a' && (name.p[j] | 0x20) <= 'z'))
                out[n++] =
                    name.p[j] >= 'A' && name.p[j] <= 'Z' ? (char)(name.p[j] | 0x20) : name.p[j];
        struct str hash = text_code(d->mapper->arena, value.v[0].value.value, VALUE_MAX);
        if (n && n <= 10 && hash.n)
            arena_push(d->mapper->arena, &found,
                       arena_printf(d->mapper->arena, "%.*s:%.*s", (int)n, out, STR_ARG(hash)));
    }
    dcat_sort(&found);
    return found.n ? found.v[0] : STR_NONE;
}

// 0 is what exporters write that do not know.
static int64_t byte_size(const struct rdf_node *node)
{
    struct dcat_values values = dcat_values(node, DCAT_("byteSize"));
    double size;
    for (size_t i = 0; i < values.n; i++)
        if (str_to_real(str_trim(values.v[i].value.value), &size) && size >= 1 && size < 1e15)
            return (int64_t)size;
    return -1;
}

static struct str type_of(struct dcat *d, const struct rdf_node *node, bool service)
{
    static const struct {
        struct str code, type;
    } types[] = {
        {STR("DOWNLOADABLE_FILE"), STR("main")},
        {STR("DOCUMENTATION"), STR("documentation")},
        {STR("WEB_SERVICE"), STR("api")},
        {STR("FEED_INFO"), STR("update")},
        {STR("CODE"), STR("code")},
        {STR("VISUALIZATION"), STR("other")},
    };
    struct dcat_values values = dcat_values(node, DCT_("type"));
    for (size_t i = 0; i < values.n; i++)
        for (size_t k = 0; k < sizeof types / sizeof *types; k++)
            if (str_eq(dcat_last_part(d, values.v[i].value.value), types[k].code))
                return types[k].type;
    return service ? STR("api") : STR_NONE;
}

static void map_file(struct dcat *d, const struct rdf_node *node, struct str type,
                     struct distribution *to)
{
    const struct str titles[] = {DCT_("title"), RDFS_("label"), SCHEMA_("name"), DC_("title"),
                                 DCT_("description")};
    const struct str addresses[] = {DCAT_("downloadURL"), DCAT_("accessURL"), SCHEMA_("contentUrl"),
                                    SCHEMA_("url"), FOAF_("page")};
    struct mapper *m = d->mapper;
    to->title =
        map_line(m, dcat_text(d, node, titles, sizeof titles / sizeof *titles, NULL), NAME_MAX);
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses && !to->url.n; i++)
        to->url = dcat_web(d, node, addresses[i]);
    struct str protocol = dcat_protocol(d, node);
    struct dcat_values services = dcat_values(node, DCAT_("accessService"));
    for (size_t i = 0; i < services.n; i++) {
        struct rdf_node service = dcat_node(d, &services.v[i].value);
        if (!to->url.n)
            to->url = dcat_web(d, &service, DCAT_("endpointURL"));
        if (!protocol.n)
            protocol = dcat_protocol(d, &service);
    }
    bool named = !node->n && node->term.kind == RDF_IRI && str_find_char(node->term.value, '#') < 0;
    if (!to->url.n && named) // and described nowhere: its name may be its address
        to->url = map_web(m, node->term.value);
    struct str format = best_format(d, node, DCT_("format"));
    struct str media = best_format(d, node, DCAT_("mediaType"));
    if (!media.n)
        media = best_format(d, node, SCHEMA_("encodingFormat"));
    if (protocol.n && (services.n || !format.n)) // a service's, whatever can be had through it
        format = protocol, media = STR_NONE;
    if (!format.n && !media.n)
        format = best_format(d, node, DCAT_("packageFormat"));
    if (!format.n && !media.n)
        format = best_format(d, node, DCAT_("compressFormat"));
    map_format(m, to, format, media);
    to->byte_size = byte_size(node);
    to->checksum = checksum(d, node);
    struct dcat_values modified = dcat_values(node, DCT_("modified"));
    for (size_t i = 0; i < modified.n && to->modified.precision == DATE_NONE; i++)
        to->modified = map_date(modified.v[i].value.value);
    to->type = type.n ? type : type_of(d, node, services.n > 0);
}

// ---- All of them ---------------------------------------------------------------------------------

static int by_content(const void *x, const void *y)
{
    const struct distribution *a = x, *b = y;
    int order = str_cmp(a->url, b->url);
    if (!order)
        order = str_cmp(a->title, b->title);
    if (!order)
        order = str_cmp(a->format, b->format);
    if (!order)
        order = str_cmp(a->media_type, b->media_type);
    if (!order)
        order = str_cmp(a->checksum, b->checksum);
    if (!order)
        order = (a->byte_size > b->byte_size) - (a->byte_size < b->byte_size);
    if (!order)
        order = str_cmp(a->type, b->type);
    return order ? order
                 : (a->modified.seconds > b->modified.seconds) -
                       (a->modified.seconds < b->modified.seconds);
}

static bool is_empty(const struct distribution *f)
{
    return !f->url.n && !f->title.n && !f->format.n;
}

static void add_standards(struct dcat *d, const struct rdf_node *node, struct strs *list)
{
    struct dcat_values values = dcat_values(node, DCT_("conformsTo"));
    for (size_t i = 0; i < values.n; i++)
        arena_push(d->mapper->arena, list, dcat_standard(d, &values.v[i].value));
}

void dcat_map_distributions(struct dcat *d, struct dcat_files files, const struct rdf_node *node,
                            struct record *r)
{
    struct dcat_values samples = dcat_values(node, ADMS_("sample"));
    struct strs standards = {0};
    size_t room = map_distributions(d->mapper, r, files.n + samples.n), kept = 0;
    for (size_t i = 0; i < files.n; i++) {
        struct distribution *to = map_add_distribution(r, room);
        if (!to)
            break;
        map_file(d, &files.v[i], STR_NONE, to);
        add_standards(d, &files.v[i], &standards);
    }
    for (size_t i = 0; i < samples.n; i++) {
        struct rdf_node sample = dcat_node(d, &samples.v[i].value);
        struct distribution *to = map_add_distribution(r, room);
        if (to)
            map_file(d, &sample, STR("other"), to);
    }
    if (r->distribution_count)
        qsort(r->distributions, r->distribution_count, sizeof *r->distributions, by_content);
    for (size_t i = 0; i < r->distribution_count; i++) {
        const struct distribution *f = &r->distributions[i];
        if (!is_empty(f) && (!kept || by_content(&r->distributions[kept - 1], f) != 0))
            r->distributions[kept++] = *f;
    }
    r->distribution_count = kept;
    dcat_sort(&standards);
    for (size_t i = 0; i < standards.n; i++)
        map_add_schema(d->mapper, r, standards.v[i]);
}

// ---- Columns -------------------------------------------------------------------------------------

struct columns {
    struct rdf_node *v;
    size_t n, room;
    bool ordered; // as a list has them
};

static void add_column(struct dcat *d, struct columns *columns, const struct rdf_term *term)
{
    if (columns->n < columns->room)
        columns->v[columns->n++] = dcat_node(d, term);
}

// A list of RDF, or one column alone.
static void add_list(struct dcat *d, struct columns *columns, const struct rdf_term *term)
{
    struct rdf_term at = *term;
    for (size_t i = 0; i < COLUMNS_MAX; i++) {
        struct rdf_node node = dcat_node(d, &at);
        struct dcat_values first = dcat_values(&node, RDF_("first")),
                           rest = dcat_values(&node, RDF_("rest"));
        if (!first.n) {
            if (i == 0)
                add_column(d, columns, &at);
            return;
        }
        columns->ordered = true;
        add_column(d, columns, &first.v[0].value);
        if (!rest.n)
            return;
        at = rest.v[0].value;
    }
}

static void add_table(struct dcat *d, struct columns *columns, const struct rdf_node *node,
                      unsigned depth)
{
    const struct str inside[] = {CSVW_("tableSchema"), CSVW_("table")};
    struct dcat_values values = dcat_values(node, CSVW_("column"));
    for (size_t i = 0; i < values.n; i++)
        add_list(d, columns, &values.v[i].value);
    for (size_t k = 0; k < 2 && depth < 3; k++) {
        values = dcat_values(node, inside[k]);
        for (size_t i = 0; i < values.n; i++) {
            struct rdf_node table = dcat_node(d, &values.v[i].value);
            add_table(d, columns, &table, depth + 1);
        }
    }
}

struct named_column {
    struct str name, label, type;
};

static int by_name(const void *x, const void *y)
{
    const struct named_column *a = x, *b = y;
    int order = str_cmp(a->name, b->name);
    if (!order)
        order = str_cmp(a->label, b->label);
    return order ? order : str_cmp(a->type, b->type);
}

void dcat_map_columns(struct dcat *d, struct dcat_files files, const struct rdf_node *node,
                      struct record *r)
{
    const struct str names[] = {CSVW_("name"), CSVW_("title"), CSVW_("titles"), RDFS_("label")};
    const struct str labels[] = {CSVW_("title"), CSVW_("titles"), DCT_("title"), RDFS_("label"),
                                 DCT_("description")};
    struct columns columns = {.room = 0};
    size_t tables = 0;
    for (size_t i = 0; i <= files.n; i++) {
        const struct rdf_node *holder = i < files.n ? &files.v[i] : node;
        if (!dcat_values(holder, CSVW_("tableSchema")).n &&
            !dcat_values(holder, CSVW_("table")).n && !dcat_values(holder, CSVW_("column")).n)
            continue;
        if (!columns.room) {
            columns.room = COLUMNS_MAX;
            columns.v = ARENA_ARRAY(d->mapper->arena, struct rdf_node, columns.room);
        }
        tables++;
        add_table(d, &columns, holder, 0);
    }
    if (!columns.n)
        return;
    struct named_column *named = ARENA_ARRAY(d->mapper->arena, struct named_column, columns.n);
    for (size_t i = 0; i < columns.n; i++) {
        struct dcat_values types = dcat_values(&columns.v[i], CSVW_("datatype"));
        bool text = types.n && types.v[0].value.kind == RDF_LITERAL;
        bool iri = types.n && types.v[0].value.kind == RDF_IRI;
        named[i] = (struct named_column){
            dcat_text(d, &columns.v[i], names, 4, NULL),
            dcat_text(d, &columns.v[i], labels, 5, NULL),
            text  ? types.v[0].value.value
            : iri ? dcat_last_part(d, types.v[0].value.value)
                  : STR_NONE,
        };
    }
    if (tables > 1 || !columns.ordered)
        qsort(named, columns.n, sizeof *named, by_name);
    size_t room = map_columns(d->mapper, r, columns.n);
    for (size_t i = 0; i < columns.n; i++)
        if (i == 0 || tables == 1 || !str_eq(named[i].name, named[i - 1].name))
            map_add_column(d->mapper, r, room, named[i].name, named[i].label, named[i].type);
}
