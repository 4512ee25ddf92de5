// Records as DCAT-AP 3, in Turtle: see export.h. https://semiceu.github.io/DCAT-AP/releases/3.0.0/
//
// Each record is a block of its own, and belongs to the one catalogue of the header by a triple of its own: a stream, whose reader needs
// no end to begin. What a record has besides (distributions, periods, places, licences without an address, ...) are blank nodes in its
// block; publishers have IRIs. An address that is no IRI is left out; what DCAT has no property for (quality, popularity, columns) too.
#include "api/export.h"
#include "api/search_params.h"
#include "api/turtle.h"
#include "harvester/normalise/licence.h"

#define EU "http://publications.europa.eu/resource/authority/"

struct out { // one description
    struct buf *b;
    struct arena *arena;
    struct str language; // of texts: a tag, or absent
    struct str public_url;
};

// ---- IRIs ----------------------------------------------------------------------------------------

static bool is_global(struct str s)
{
    return (str_starts(s, STR("http://")) || str_starts(s, STR("https://")) ||
            str_starts(s, STR("urn:"))) &&
           turtle_is_iri(s);
}

// What the catalogue itself calls it: the id without its source, and without the name of a kind.
static struct str remote_of(struct str id)
{
    ptrdiff_t colon = str_find_char(id, ':');
    struct str remote =
        colon < 0 ? STR_NONE : str_slice(id.p + colon + 1, id.n - (size_t)colon - 1);
    for (size_t i = 0; i < KIND_COUNT; i++) {
        struct str name = record_kind_name((enum record_kind)i);
        if (remote.n > name.n + 1 && str_starts(remote, name) && remote.p[name.n] == '.')
            return str_slice(remote.p + name.n + 1, remote.n - name.n - 1);
    }
    return remote;
}

static struct str permalink(struct arena *a, struct str id, struct str public_url)
{
    struct buf b = {0};
    if (public_url.n) {
        buf_add(&b, public_url);
        buf_addz(&b, "/r/");
    } else {
        buf_addz(&b, "urn:x-glaneur:");
    }
    url_encode(&b, id);
    struct str iri = arena_str(a, buf_str(&b));
    buf_free(&b);
    return iri;
}

struct str dcat_iri(struct arena *a, struct str id, struct str public_url)
{
    struct str remote = remote_of(id);
    return is_global(remote) ? remote : permalink(a, id, public_url);
}

// ---- Statements: each ends the one before it with " ;" -------------------------------------------

static void predicate(struct out *o, const char *name)
{
    buf_addf(o->b, " ;\n    %s ", name);
}

static void say_iri(struct out *o, const char *name, struct str iri)
{
    if (!turtle_is_iri(iri))
        return;
    predicate(o, name);
    turtle_iri(o->b, iri);
}

static void say_text(struct out *o, const char *name, struct str text, struct str language)
{
    if (!text.n)
        return;
    predicate(o, name);
    turtle_literal(o->b, text, language);
}

static void say_date(struct out *o, const char *name, struct date d)
{
    if (d.precision == DATE_NONE)
        return;
    predicate(o, name);
    turtle_date(o->b, d);
}

// A node of that class, known by a label only.
static void say_label(struct out *o, const char *name, const char *type, const char *label,
                      struct str text)
{
    if (!text.n)
        return;
    predicate(o, name);
    buf_addf(o->b, "[ a %s ; %s ", type, label);
    turtle_literal(o->b, text, o->language);
    buf_addz(o->b, " ]");
}

// An IRI below a fixed address.
static void say_code(struct out *o, const char *name, const char *below, struct str code)
{
    if (code.n)
        say_iri(o, name, arena_printf(o->arena, "%s%.*s", below, STR_ARG(code)));
}

// ---- What a record says --------------------------------------------------------------------------

static void say_licence(struct out *o, const struct record *r)
{
    const struct licence *known = r->license.id.n ? licence_by_id(r->license.id) : NULL;
    if (known && known->url.n) {
        say_iri(o, "dct:license", known->url);
        return;
    }
    struct str label = r->license.label.n ? r->license.label : r->license.id;
    if (!label.n)
        return;
    if (turtle_is_iri(label)) {
        say_iri(o, "dct:license", label);
        return;
    }
    predicate(o, "dct:license");
    buf_addz(o->b, "[ a dct:LicenseDocument ; rdfs:label ");
    turtle_literal(o->b, label, o->language);
    if (r->license.id.n) {
        buf_addz(o->b, " ; dct:identifier ");
        turtle_literal(o->b, r->license.id, STR_NONE);
    }
    buf_addz(o->b, " ]");
}

// The EU's vocabulary has no word for what asks for an account.
static void say_access(struct out *o, enum record_access access)
{
    if (access == ACCESS_OPEN)
        say_code(o, "dct:accessRights", EU "access-right/", STR("PUBLIC"));
    else if (access == ACCESS_RESTRICTED)
        say_code(o, "dct:accessRights", EU "access-right/", STR("RESTRICTED"));
    else if (access == ACCESS_OPEN_WITH_ACCOUNT)
        say_label(o, "dct:accessRights", "dct:RightsStatement", "rdfs:label",
                  record_access_name(access));
}

// INSEE's, the EU's and geonames' IRIs of zones; absent for others.
static struct str zone_iri(struct arena *a, struct str zone)
{
    static const struct {
        struct str zone;
        const char *iri;
    } known[] = {
        {STR("country:fr"), EU "country/FRA"},
        {STR("country-group:ue"), "https://sws.geonames.org/6695072/"},
        {STR("country-group:world"), "https://sws.geonames.org/6295630/"},
    };
    static const struct {
        struct str level;
        const char *below;
    } levels[] = {
        {STR("fr:commune:"), "commune"}, {STR("fr:departement:"), "departement"},
        {STR("fr:region:"), "region"},   {STR("fr:arrondissement:"), "arrondissement"},
        {STR("fr:canton:"), "canton"},   {STR("fr:epci:"), "intercommunalite"},
        {STR("fr:iris:"), "iris"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq(zone, known[i].zone))
            return str_of(known[i].iri);
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (str_starts(zone, levels[i].level))
            return arena_printf(a, "http://id.insee.fr/geo/%s/%.*s", levels[i].below,
                                (int)(zone.n - levels[i].level.n), zone.p + levels[i].level.n);
    return STR_NONE;
}

static void say_places(struct out *o, const struct record *r)
{
    for (size_t i = 0; i < r->spatial.zones.n; i++) {
        struct str iri = zone_iri(o->arena, r->spatial.zones.v[i]);
        if (iri.n)
            say_iri(o, "dct:spatial", iri);
        else
            say_label(o, "dct:spatial", "dct:Location", "dct:identifier", r->spatial.zones.v[i]);
    }
    for (size_t i = 0; i < r->spatial.labels.n; i++)
        say_label(o, "dct:spatial", "dct:Location", "skos:prefLabel", r->spatial.labels.v[i]);
    if (!r->spatial.has_bbox)
        return;
    const double *v = r->spatial.bbox;
    const int corners[][2] = {{0, 1}, {2, 1}, {2, 3}, {0, 3}, {0, 1}};
    predicate(o, "dct:spatial");
    buf_addz(o->b, "[ a dct:Location ; dcat:bbox \"POLYGON((");
    for (size_t i = 0; i < sizeof corners / sizeof *corners; i++)
        buf_addf(o->b, "%s%.10g %.10g", i ? "," : "", v[corners[i][0]], v[corners[i][1]]);
    buf_addz(o->b, "))\"^^geo:wktLiteral ]");
}

static void say_period(struct out *o, const struct record *r)
{
    struct date start = r->temporal.start, end = r->temporal.end;
    if (!start.precision && !end.precision)
        return;
    predicate(o, "dct:temporal");
    buf_addz(o->b, "[ a dct:PeriodOfTime");
    if (start.precision) {
        buf_addz(o->b, " ; dcat:startDate ");
        turtle_date(o->b, start);
    }
    if (end.precision) {
        buf_addz(o->b, " ; dcat:endDate ");
        turtle_date(o->b, end);
    }
    buf_addz(o->b, " ]");
}

static void say_standards(struct out *o, const struct record *r)
{
    for (size_t i = 0; i < r->conforms_to.n; i++) {
        if (is_global(r->conforms_to.v[i]))
            say_iri(o, "dct:conformsTo", r->conforms_to.v[i]);
        else
            say_label(o, "dct:conformsTo", "dct:Standard", "dct:title", r->conforms_to.v[i]);
    }
}

// Regulation (EU) 2023/138 on high-value datasets; directive 2007/2/EC, INSPIRE.
static void say_laws(struct out *o, const struct record *r)
{
    for (size_t i = 0; i < r->badges.n; i++) {
        if (str_eq(r->badges.v[i], STR("hvd")))
            say_iri(o, "dcatap:applicableLegislation",
                    STR("http://data.europa.eu/eli/reg_impl/2023/138/oj"));
        if (str_eq(r->badges.v[i], STR("inspire")))
            say_iri(o, "dcatap:applicableLegislation",
                    STR("http://data.europa.eu/eli/dir/2007/2/oj"));
    }
}

static void say_contact(struct out *o, struct str contact)
{
    if (!contact.n)
        return;
    bool address = is_global(contact);
    predicate(o, "dcat:contactPoint");
    buf_addf(o->b, "[ a vcard:Organization ; %s ", address ? "vcard:hasURL" : "vcard:hasEmail");
    turtle_iri(o->b, address ? contact : arena_printf(o->arena, "mailto:%.*s", STR_ARG(contact)));
    buf_addz(o->b, " ]");
}

// ---- Distributions -------------------------------------------------------------------------------

static bool is_token(struct str s, const char *more)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c | 0x20) >= 'a' && (c | 0x20) <= 'z') && !(c >= '0' && c <= '9') &&
            !strchr(more, c))
            return false;
    }
    return s.n > 0;
}

// "text/csv"
static bool is_media_type(struct str s)
{
    ptrdiff_t slash = str_find_char(s, '/');
    return slash > 0 && is_token(str_slice(s.p, (size_t)slash), "+-.") &&
           is_token(str_slice(s.p + slash + 1, s.n - (size_t)slash - 1), "+-._");
}

static void say_type(struct out *o, struct str type)
{
    static const struct {
        struct str type, code;
    } codes[] = {
        {STR("main"), STR("DOWNLOADABLE_FILE")},
        {STR("api"), STR("WEB_SERVICE")},
        {STR("update"), STR("FEED_INFO")},
    };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (str_eq(type, codes[i].type)) {
            say_code(o, "dct:type", EU "distribution-type/", codes[i].code);
            return;
        }
    say_label(o, "dct:type", "skos:Concept", "skos:prefLabel", type);
}

static void say_checksum(struct out *o, struct str checksum)
{
    ptrdiff_t colon = str_find_char(checksum, ':');
    if (colon < 1)
        return;
    struct str name = str_slice(checksum.p, (size_t)colon),
               sum = str_slice(checksum.p + colon + 1, checksum.n - (size_t)colon - 1);
    if (!is_token(name, "") || !is_token(sum, ""))
        return;
    predicate(o, "spdx:checksum");
    buf_addf(o->b,
             "[ a spdx:Checksum ; spdx:algorithm spdx:checksumAlgorithm_%.*s ; "
             "spdx:checksumValue \"%.*s\"^^xsd:hexBinary ]",
             STR_ARG(name), STR_ARG(sum));
}

static void say_distribution(struct out *o, const struct record *r, const struct distribution *d)
{
    predicate(o, "dcat:distribution");
    buf_addz(o->b, "[ a dcat:Distribution");
    say_text(o, "dct:title", d->title, o->language);
    say_iri(o, "dcat:accessURL", d->url);
    if (is_media_type(d->media_type))
        say_code(o, "dcat:mediaType", "http://www.iana.org/assignments/media-types/",
                 d->media_type);
    if (d->format.n) {
        predicate(o, "dct:format");
        buf_addz(o->b, "[ a dct:MediaTypeOrExtent ; rdfs:label ");
        turtle_literal(o->b, d->format, STR_NONE);
        buf_addz(o->b, " ]");
    }
    say_type(o, d->type);
    if (d->byte_size >= 0) {
        predicate(o, "dcat:byteSize");
        buf_addf(o->b, "\"%lld\"^^xsd:nonNegativeInteger", (long long)d->byte_size);
    }
    say_checksum(o, d->checksum);
    say_date(o, "dct:modified", d->modified);
    say_licence(o, r);
    buf_addz(o->b, " ]");
}

// ---- Agents --------------------------------------------------------------------------------------

static void describe_agent(struct out *o, struct str iri, const struct publisher *p)
{
    static const struct {
        struct str kind;
        const char *type;
    } types[] = {
        {STR("local-authority"), "LocalAuthority"},
        {STR("company"), "Company"},
        {STR("association"), "NonProfitOrganisation"},
    };
    turtle_iri(o->b, iri);
    buf_addz(o->b, " a foaf:Agent");
    say_text(o, "foaf:name", p->name, STR_NONE);
    say_text(o, "foaf:nick", p->acronym, STR_NONE);
    say_text(o, "dct:identifier", p->siret, STR_NONE);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_eq(p->kind, types[i].kind))
            say_code(o, "dct:type", "http://purl.org/adms/publishertype/", str_of(types[i].type));
    buf_addz(o->b, " .\n");
}

// A publisher that is no record of its catalogue is known by its name.
static struct str agent_iri(struct out *o, const struct record *r)
{
    if (r->publisher.id.n)
        return dcat_iri(o->arena, r->publisher.id, o->public_url);
    struct str id = arena_printf(o->arena, "%.*s:publisher.%.*s", STR_ARG(r->provenance.source),
                                 STR_ARG(r->publisher.name));
    return permalink(o->arena, id, o->public_url);
}

// ---- Records -------------------------------------------------------------------------------------

static void say_all(struct out *o, const struct record *r)
{
    say_text(o, "dct:title", r->title, o->language);
    say_text(o, "dct:alternative", r->acronym, o->language);
    say_text(o, "dct:description", r->description, o->language);
    say_text(o, "dct:identifier", r->id, STR_NONE);
    for (size_t i = 0; i < r->keywords.n; i++)
        say_text(o, "dcat:keyword", r->keywords.v[i], o->language);
    for (size_t i = 0; i < r->themes.n; i++)
        say_label(o, "dcat:theme", "skos:Concept", "skos:prefLabel", r->themes.v[i]);
    say_licence(o, r);
    say_access(o, r->access);
    say_laws(o, r);
    say_standards(o, r);
    say_contact(o, r->contact_role);
    say_iri(o, "dcat:landingPage", r->landing_page);
    say_iri(o, "foaf:page", r->documentation_url);
    say_date(o, "dct:issued", r->issued);
    say_date(o, "dct:modified", r->modified);
    if (r->provenance.attribution.n)
        say_label(o, "dct:provenance", "dct:ProvenanceStatement", "rdfs:label",
                  r->provenance.attribution);
}

static void say_dataset(struct out *o, const struct record *r)
{
    say_code(o, "dct:accrualPeriodicity", EU "frequency/", r->frequency);
    say_period(o, r);
    say_places(o, r);
    for (size_t i = 0; i < r->distribution_count; i++)
        say_distribution(o, r, &r->distributions[i]);
}

static void say_service(struct out *o, const struct shown_record *shown)
{
    const struct record *r = &shown->record;
    say_iri(o, "dcat:endpointURL", r->endpoint_url);
    say_iri(o, "dcat:endpointDescription", r->endpoint_description);
    for (size_t i = 0; i < shown->uses.n; i++)
        say_iri(o, "dcat:servesDataset", dcat_iri(o->arena, shown->uses.v[i], o->public_url));
}

bool dcat_record(struct buf *b, const struct shown_record *shown, struct str public_url,
                 struct arena *a)
{
    const struct record *r = &shown->record;
    struct out o = {b, a, r->language, public_url};
    // Two descriptions of one brick are two resources: the IRI is the origin's.
    struct str iri =
        shown->stored->behind ? permalink(a, r->id, public_url) : dcat_iri(a, r->id, public_url);
    if (r->kind == KIND_ORGANIZATION) {
        struct publisher p = r->publisher;
        p.name = r->title;
        p.acronym = r->acronym;
        describe_agent(&o, iri, &p);
        buf_addc(b, '\n');
        return true;
    }
    if (r->kind != KIND_DATASET && r->kind != KIND_DATASERVICE)
        return false;
    bool service = r->kind == KIND_DATASERVICE;
    struct str agent = r->publisher.name.n ? agent_iri(&o, r) : STR_NONE;
    turtle_iri(b, iri);
    buf_addf(b, " a dcat:%s", service ? "DataService" : "Dataset");
    say_all(&o, r);
    say_iri(&o, "dct:publisher", agent);
    if (service)
        say_service(&o, shown);
    else
        say_dataset(&o, r);
    buf_addz(b, " .\n");
    if (agent.n)
        describe_agent(&o, agent, &r->publisher);
    turtle_iri(b, public_url.n ? public_url : STR("urn:x-glaneur:catalogue"));
    buf_addf(b, " dcat:%s ", service ? "service" : "dataset");
    turtle_iri(b, iri);
    buf_addz(b, " .\n\n");
    return true;
}

void dcat_header(struct buf *b, struct str public_url)
{
    static const char *const prefixes[][2] = {
        {"dcat", "http://www.w3.org/ns/dcat#"},
        {"dcatap", "http://data.europa.eu/r5r/"},
        {"dct", "http://purl.org/dc/terms/"},
        {"foaf", "http://xmlns.com/foaf/0.1/"},
        {"geo", "http://www.opengis.net/ont/geosparql#"},
        {"rdfs", "http://www.w3.org/2000/01/rdf-schema#"},
        {"skos", "http://www.w3.org/2004/02/skos/core#"},
        {"spdx", "http://spdx.org/rdf/terms#"},
        {"vcard", "http://www.w3.org/2006/vcard/ns#"},
        {"xsd", "http://www.w3.org/2001/XMLSchema#"},
    };
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        buf_addf(b, "@prefix %s: <%s> .\n", prefixes[i][0], prefixes[i][1]);
    buf_addc(b, '\n');
    turtle_iri(b, public_url.n ? public_url : STR("urn:x-glaneur:catalogue"));
    buf_addz(b, " a dcat:Catalog ;\n    dct:title \"Glaneur\" ;\n    dct:description "
                "\"Ce que Glaneur a moissonné dans les catalogues de ses sources\"@fr ;\n"
                "    dct:publisher [ a foaf:Agent ; foaf:name \"Glaneur\" ] .\n\n");
}
