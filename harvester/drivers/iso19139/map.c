// ISO 19115 metadata as records: identity, texts, dates, who publishes. See iso19139.h; where each element goes, and which are left
// out on purpose, is listed in fields/csw.tsv.
#include "harvester/drivers/iso19139/iso19139.h"

#include "base/hash.h"
#include "harvester/drivers/iso19139/parts.h"
#include "harvester/drivers/csw/online.h"
#include "harvester/normalise/contact.h"
#include "harvester/normalise/format.h"

bool iso19139_is(const struct xml_node *node)
{
    return node &&
           (str_ends(node->name, STR("MD_Metadata")) || str_ends(node->name, STR("MI_Metadata")));
}

// ---- Kind and identity --------------------------------------------------------------------------------

static enum record_kind kind_of(struct iso *x)
{
    static const struct {
        struct str code;
        enum record_kind kind;
    } levels[] = {
        {STR("service"), KIND_DATASERVICE},   {STR("software"), KIND_SOFTWARE},
        {STR("application"), KIND_REUSE},     {STR("staticMap"), KIND_REUSE},
        {STR("interactiveMap"), KIND_REUSE},  {STR("map-static"), KIND_REUSE},
        {STR("map-interactive"), KIND_REUSE}, {STR("mapApplication"), KIND_REUSE},
    };
    struct arena *a = x->m->arena;
    struct str level = iso_code(a, xml_child(x->root, NULL, "hierarchyLevel"));
    if (!level.n)
        level = iso_code(a, xml_find(x->root, "metadataScope/*/resourceScope"));
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (str_eq_nocase(level, levels[i].code))
            return levels[i].kind;
    bool service = x->ident && str_ends(x->ident->name, STR("SV_ServiceIdentification"));
    return service ? KIND_DATASERVICE : KIND_DATASET;
}

static struct str resource_code(struct iso *x)
{
    size_t n;
    const struct xml_node **found = iso_all(x, x->ident, "citation/*/identifier/*", &n);
    struct str first = STR_NONE;
    for (size_t i = 0; i < n; i++) {
        struct str code = iso_text_at(x, found[i], "code", NULL);
        if (!first.n)
            first = code;
    }
    return first;
}

static struct str title_of(struct iso *x, struct str *language)
{
    return iso_text_at(x, x->ident, "citation/*/title", language);
}

// The fileIdentifier, else what stands for it.
static struct str remote_id(struct iso *x, struct str otherwise)
{
    static const char *const paths[] = {"fileIdentifier", "metadataIdentifier/*/code",
                                        "metadataIdentifier", "info/uuid"};
    struct arena *a = x->m->arena;
    struct str id = STR_NONE;
    for (size_t i = 0; i < sizeof paths / sizeof *paths && !id.n; i++)
        id = xml_text_at(x->root, paths[i], a);
    if (!id.n)
        id = xml_attribute(x->root, NULL, "uuid");
    if (!id.n)
        id = resource_code(x);
    if (!id.n)
        id = xml_text_at(x->root, "dataSetURI", a);
    if (!id.n)
        id = otherwise;
    struct str title = id.n ? STR_NONE : title_of(x, NULL);
    if (title.n)
        id = arena_printf(a, "title~%016llx", (unsigned long long)hash64(title));
    return id;
}

static bool is_web(struct str s)
{
    return str_starts(s, STR("http://")) || str_starts(s, STR("https://"));
}

// The resource's own identifier, as an address where it is one: code, or code behind its space (GeoDCAT-AP writes it so).
static struct str resource_uri(struct iso *x)
{
    size_t n;
    const struct xml_node **found = iso_all(x, x->ident, "citation/*/identifier/*", &n);
    for (size_t i = 0; i < n; i++) {
        struct str anchor = iso_anchor(xml_child(found[i], NULL, "code"));
        struct str code = iso_text_at(x, found[i], "code", NULL);
        struct str space = iso_text_at(x, found[i], "codeSpace", NULL);
        const struct str doi = STR("doi:");
        if (is_web(code) || (is_web(anchor) && !is_web(space)))
            return is_web(code) ? code : anchor;
        if (code.n > doi.n && str_eq_nocase(str_slice(code.p, doi.n), doi))
            code = str_trim(str_slice(code.p + doi.n, code.n - doi.n));
        if (str_starts(code, STR("10.")) && str_find_char(code, '/') > 0)
            return arena_printf(x->m->arena, "https://doi.org/%.*s", STR_ARG(code));
        bool joined =
            str_ends(space, STR("/")) || str_ends(space, STR("#")) || str_ends(space, STR("="));
        if (is_web(space) && code.n)
            return arena_printf(x->m->arena, "%.*s%s%.*s", STR_ARG(space), joined ? "" : "/",
                                STR_ARG(code));
    }
    return STR_NONE;
}

static void map_provenance(struct iso *x, struct str id)
{
    struct str uri = resource_uri(x);
    if (uri.n)
        x->r->provenance.origin_id = map_line(x->m, uri, URL_MAX);
    else
        x->r->provenance.origin_id = iso_global_id(x->m, id);
}

// ---- Texts and dates ----------------------------------------------------------------------------------

// Other titles are mostly the title again, or the technical name: that one is kept.
static void map_acronym(struct iso *x)
{
    enum { NAME_BYTES = 40 };
    size_t n;
    const struct xml_node **found = iso_all(x, x->ident, "citation/*/alternateTitle", &n);
    for (size_t i = 0; i < n && !x->r->acronym.n; i++) {
        struct str other = map_line(x->m, iso_text(x, found[i], NULL), TITLE_MAX);
        if (other.n && other.n <= NAME_BYTES && str_find_char(other, ' ') < 0 &&
            !str_eq(other, x->r->title))
            x->r->acronym = other;
    }
}

static void map_texts(struct iso *x)
{
    static const char *const paths[] = {"abstract", "purpose", "supplementalInformation"};
    struct str language;
    x->r->title = map_line(x->m, title_of(x, &language), TITLE_MAX);
    x->r->language = map_line(x->m, language, KEYWORD_MAX);
    for (size_t i = 0; i < sizeof paths / sizeof *paths && !x->r->description.n; i++)
        x->r->description =
            map_block(x->m, iso_block(x->m->arena, iso_text_at(x, x->ident, paths[i], NULL)));
    map_acronym(x);
}

static struct date date_at(struct iso *x, const struct xml_node *node, const char *path)
{
    return map_date(xml_text_at(node, path, x->m->arena));
}

// The first publication and the last revision; without publication, the creation.
static void map_dates(struct iso *x)
{
    size_t n;
    struct date created = {0}, published = {0}, revised = {0};
    const struct xml_node **dates = iso_all(x, x->ident, "citation/*/date/CI_Date", &n);
    for (size_t i = 0; i < n; i++) {
        struct date d = date_at(x, dates[i], "date");
        struct str type = iso_code(x->m->arena, xml_child(dates[i], NULL, "dateType"));
        bool publication =
            str_eq_nocase(type, STR("publication")) || str_eq_nocase(type, STR("released"));
        bool creation = str_eq_nocase(type, STR("creation"));
        bool revision = str_eq_nocase(type, STR("revision")) ||
                        str_eq_nocase(type, STR("lastRevision")) ||
                        str_eq_nocase(type, STR("lastUpdate"));
        if (d.precision == DATE_NONE)
            continue;
        if (publication && (published.precision == DATE_NONE || d.seconds < published.seconds))
            published = d;
        if (creation && (created.precision == DATE_NONE || d.seconds < created.seconds))
            created = d;
        if (revision && (revised.precision == DATE_NONE || d.seconds > revised.seconds))
            revised = d;
    }
    x->r->issued = published.precision != DATE_NONE ? published : created;
    x->r->modified = revised;
    if (x->r->issued.precision == DATE_NONE && revised.precision == DATE_NONE)
        x->r->modified = date_at(x, x->root, "dateStamp"); // of the metadata: better than nothing
}

static void map_maintenance(struct iso *x)
{
    const struct xml_node *maintenance = xml_find(x->ident, "resourceMaintenance/*");
    struct arena *a = x->m->arena;
    map_frequency(x->r, iso_code(a, xml_child(maintenance, NULL, "maintenanceAndUpdateFrequency")));
    struct str period = xml_text_at(maintenance, "userDefinedMaintenanceFrequency", a);
    if (!x->r->frequency.n && period.n && period.n < NAME_MAX)
        map_frequency(x->r, arena_printf(a, "R/%.*s", STR_ARG(period)));
}

// Data that their publisher calls obsolete are archived.
static void map_status(struct iso *x)
{
    static const struct str over[] = {STR("obsolete"), STR("superseded"), STR("withdrawn"),
                                      STR("retired"), STR("deprecated")};
    size_t n;
    const struct xml_node **found = iso_all(x, x->ident, "status", &n);
    for (size_t i = 0; i < n; i++) {
        struct str code = iso_code(x->m->arena, found[i]);
        for (size_t k = 0; k < sizeof over / sizeof *over; k++)
            if (str_eq_nocase(code, over[k]))
                x->r->status = STATUS_ARCHIVED;
        if (x->r->kind == KIND_SOFTWARE)
            x->r->development_status = map_line(x->m, code, KEYWORD_MAX);
    }
}

// ---- Who ----------------------------------------------------------------------------------------------

// The nearer to publishing, the earlier.
static size_t rank_of(struct str role)
{
    static const struct str roles[] = {STR("publisher"),
                                       STR("owner"),
                                       STR("custodian"),
                                       STR("pointOfContact"),
                                       STR("resourceProvider"),
                                       STR("distributor"),
                                       STR("originator"),
                                       STR("author"),
                                       STR("principalInvestigator")};
    size_t i = 0;
    while (i < sizeof roles / sizeof *roles && !str_eq_nocase(role, roles[i]))
        i++;
    return i;
}

// CI_ResponsibleParty, or CI_Responsibility of 19115-3. Names of persons are not read.
static struct str organisation(struct iso *x, const struct xml_node *party)
{
    struct str name = iso_text_at(x, party, "organisationName", NULL);
    return name.n ? name : iso_text_at(x, party, "party/CI_Organisation/name", NULL);
}

struct parties {
    const struct xml_node *publisher;
    size_t rank;
};

static void look_at_parties(struct iso *x, const struct xml_node *node, const char *path,
                            struct parties *p)
{
    size_t n;
    const struct xml_node **found = iso_all(x, node, path, &n);
    for (size_t i = 0; i < n; i++) {
        size_t rank = rank_of(iso_code(x->m->arena, xml_child(found[i], NULL, "role")));
        if ((!p->publisher || rank < p->rank) && organisation(x, found[i]).n)
            *p = (struct parties){found[i], rank};
    }
}

static bool set_contact(struct iso *x, const struct xml_node *node, const char *path)
{
    size_t n;
    const struct xml_node **found = iso_all(x, node, path, &n);
    for (size_t i = 0; i < n && !x->r->contact_role.n; i++) {
        struct str address = xml_text(found[i], x->m->arena);
        x->r->contact_role =
            contact_role(x->m->arena, is_web(address) ? address : STR_NONE, address);
    }
    return x->r->contact_role.n > 0;
}

static void map_parties(struct iso *x)
{
    static const char *const addresses[] = {
        "pointOfContact/*/contactInfo/*/address/*/electronicMailAddress",
        "pointOfContact/*/party/*/contactInfo/*/address/*/electronicMailAddress",
        "contact/*/contactInfo/*/address/*/electronicMailAddress",
        "contact/*/party/*/contactInfo/*/address/*/electronicMailAddress",
    };
    struct parties p = {0};
    look_at_parties(x, x->ident, "pointOfContact/*", &p);
    look_at_parties(x, x->ident, "citation/*/citedResponsibleParty/*", &p);
    if (!p.publisher)
        look_at_parties(x, x->root, "distributionInfo/*/distributor/*/distributorContact/*", &p);
    if (!p.publisher)
        look_at_parties(x, x->root, "contact/*", &p);
    if (p.publisher) {
        map_named_publisher(x->m, x->r, organisation(x, p.publisher));
        x->r->publisher.acronym =
            map_line(x->m, iso_text_at(x, p.publisher, "organisationAcronym", NULL), KEYWORD_MAX);
    }
    bool found = false;
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses && !found; i++)
        found = set_contact(x, i < 2 ? x->ident : x->root, addresses[i]);
}

// ---- What the data follow -----------------------------------------------------------------------------

// The regulations that INSPIRE is made of say nothing of a schema.
static bool is_inspire(struct str title)
{
    return iso_contains(title, STR("1089/2010")) || iso_contains(title, STR("1088/2010")) ||
           iso_contains(title, STR("1205/2008")) || iso_contains(title, STR("976/2009")) ||
           iso_contains(title, STR("2007/2/")) || str_eq_nocase(title, STR("INSPIRE"));
}

static void map_conformance(struct iso *x)
{
    size_t n;
    const struct xml_node **found =
        iso_all(x, x->root, "dataQualityInfo/*/report/*/result/DQ_ConformanceResult", &n);
    for (size_t i = 0; i < n; i++) {
        struct str title = iso_text_at(x, found[i], "specification/*/title", NULL);
        struct str pass = xml_text_at(found[i], "pass", x->m->arena);
        if ((str_eq_nocase(pass, STR("true")) || str_eq(pass, STR("1"))) && !is_inspire(title))
            map_add_schema(x->m, x->r, title);
    }
    found = iso_all(x, x->root, "contentInfo/*/featureCatalogueCitation/*/title", &n);
    for (size_t i = 0; i < n; i++)
        map_add_schema(x->m, x->r, iso_text(x, found[i], NULL));
}

// ---- The record ---------------------------------------------------------------------------------------

// A page about the record that it names itself: the catalogue's, or the DOI's.
static struct str page_of(struct iso *x)
{
    size_t n;
    struct str page = map_web(x->m, iso_text_at(x, x->root, "metadataLinkage/*/linkage", NULL));
    if (!page.n && str_find(x->r->provenance.origin_id, STR("://doi.org/")) > 0)
        page = x->r->provenance.origin_id;
    const struct xml_node **links =
        iso_all(x, x->root, "distributionInfo/*/transferOptions/*/onLine/*/linkage", &n);
    for (size_t i = 0; i < n && !page.n; i++) {
        struct str url = iso_text(x, links[i], NULL);
        if (online_is_record(url) && !iso_contains(url, STR("GetRecordById")) &&
            !iso_contains(url, STR("xml.metadata")))
            page = map_web(x->m, url);
    }
    if (page.n)
        return page;
    // Where the data are had: a page about them, or a file.
    page = map_web(x->m, xml_text_at(x->root, "dataSetURI", x->m->arena));
    return page.n && !format_find(x->m->arena, STR_NONE, STR_NONE, page).known ? page : STR_NONE;
}

bool iso19139_map(struct mapper *m, const struct xml_node *metadata, struct str otherwise,
                  struct driver_item *item)
{
    struct iso x = {.m = m, .root = metadata};
    const struct xml_node *identification = xml_child(metadata, NULL, "identificationInfo");
    x.ident = identification ? identification->first : NULL;
    iso_languages(&x);
    enum record_kind kind = kind_of(&x);
    struct str id = remote_id(&x, otherwise);
    x.r = map_record(m, kind, id, item);
    if (!x.r)
        return false;
    struct str is_template = xml_text_at(metadata, "info/isTemplate", m->arena);
    if (str_eq(is_template, STR("y"))) {
        item->skipped = true;
        item->record = NULL;
        return false;
    }
    map_texts(&x);
    if (!x.r->title.n)
        return map_fail(item, x.ident ? "the metadata have no title"
                                      : "the metadata do not say what they are about (no "
                                        "identificationInfo)");
    map_dates(&x);
    map_maintenance(&x);
    map_status(&x);
    map_parties(&x);
    map_provenance(&x, id);
    iso_keywords(&x);
    iso_extents(&x);
    iso_constraints(&x);
    iso_distribution(&x);
    map_conformance(&x);
    iso_columns(&x);
    if (kind == KIND_DATASERVICE)
        iso_service(&x);
    else if (kind == KIND_REUSE)
        iso_operated(&x, &x.r->relations.uses);
    x.r->landing_page = page_of(&x);
    return true;
}
