// Who publishes, and whom to write to. An agent may be described in the file, named by a literal, or be an IRI alone, of which the
// last part is often its name. Nothing of a person is kept: a dataset of a person has the publisher "user" and no name, unless the
// person is told to be of an organisation. See dcat.h.
#include "harvester/drivers/dcat/dcat.h"

#include "harvester/normalise/contact.h"
#include "harvester/url.h"

// ---- Agents --------------------------------------------------------------------------------------

struct agent {
    struct str name, acronym, kind, siret;
    bool person;
};

static bool is_person(const struct rdf_node *node)
{
    return dcat_is_a(node, FOAF_("Person")) || dcat_is_a(node, VCARD_("Individual")) ||
           dcat_is_a(node, SCHEMA_("Person")) || dcat_is_a(node, PROV_("Person"));
}

static bool is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

// "UMR Géosciences" of ".../organizations/UMR%20G%C3%A9osciences", "bfs.admin.ch" of "https://www.bfs.admin.ch/"; nothing of a number
// or of a key.
static struct str name_of_iri(struct dcat *d, struct str iri)
{
    struct arena *a = d->mapper->arena;
    if (!str_starts(iri, STR("http://")) && !str_starts(iri, STR("https://")))
        return STR_NONE;
    struct str rest = iri, host;
    for (int i = 0; i < 3; i++)
        str_next(&rest, '/', &host);
    if (!rest.n) {
        struct str name = url_host(a, iri);
        return str_starts(name, STR("www.")) ? str_slice(name.p + 4, name.n - 4) : name;
    }
    struct str last = dcat_last_part(d, iri);
    char *out = arena_z(a, last);
    size_t letters = 0, digits = 0;
    for (size_t i = 0; i < last.n; i++) {
        letters += is_letter(out[i]);
        digits += out[i] >= '0' && out[i] <= '9';
        out[i] = out[i] == '_' || out[i] == '+' ? ' ' : out[i];
    }
    bool readable = letters >= 2 && digits * 4 <= last.n && str_find_char(last, '?') < 0 &&
                    str_find_char(last, '=') < 0;
    return readable ? str_slice(out, last.n) : STR_NONE;
}

// From ADMS's publisher types.
static struct str kind_of(struct dcat *d, const struct rdf_node *node)
{
    static const struct {
        struct str type, kind;
    } kinds[] = {
        {STR("LocalAuthority"), STR("local-authority")},
        {STR("RegionalAuthority"), STR("local-authority")},
        {STR("NationalAuthority"), STR("public-service")},
        {STR("SupraNationalAuthority"), STR("public-service")},
        {STR("Company"), STR("company")},
        {STR("IndustryConsortium"), STR("company")},
        {STR("NonProfitOrganisation"), STR("association")},
        {STR("NonGovernmentalOrganisation"), STR("association")},
    };
    struct dcat_values types = dcat_values(node, DCT_("type"));
    for (size_t i = 0; i < types.n; i++)
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            if (str_eq_nocase(dcat_last_part(d, types.v[i].value.value), kinds[k].type))
                return kinds[k].kind;
    return STR_NONE;
}

// The first text of fourteen digits among those that identify an organisation in France.
static struct str siret_of(struct dcat *d, const struct rdf_node *node)
{
    const struct str predicates[] = {DCT_("identifier"), ORG_("identifier"), ADMS_("identifier"),
                                     STR("http://www.w3.org/ns/regorg#legalIdentifier")};
    for (size_t i = 0; i < sizeof predicates / sizeof *predicates; i++) {
        struct dcat_values values = dcat_values(node, predicates[i]);
        for (size_t j = 0; j < values.n; j++) {
            struct str s = values.v[j].value.value;
            if (values.v[j].value.kind != RDF_LITERAL) {
                struct rdf_node id = dcat_node(d, &values.v[j].value);
                struct dcat_values notation = dcat_values(&id, SKOS_("notation"));
                s = notation.n ? notation.v[0].value.value : STR_NONE;
            }
            s = str_trim(s);
            size_t digits = 0;
            while (digits < s.n && s.p[digits] >= '0' && s.p[digits] <= '9')
                digits++;
            if (digits == 14 && s.n == 14)
                return s;
        }
    }
    return STR_NONE;
}

static const struct str *organisation_names(size_t *n)
{
    static const struct str names[] = {VCARD_("organization-name"), VCARD_("organisation-name"),
                                       VCARD_("hasOrganizationName"), VCARD_("org")};
    *n = sizeof names / sizeof *names;
    return names;
}

// Of a person: the organisation that it is told to be of.
static struct str name_behind_person(struct dcat *d, const struct rdf_node *node)
{
    size_t n;
    const struct str *names = organisation_names(&n);
    const struct str member[] = {ORG_("memberOf"), SCHEMA_("worksFor"), SCHEMA_("affiliation")};
    struct str name = dcat_text(d, node, names, n, NULL);
    return name.n ? name : dcat_text(d, node, member, 3, NULL);
}

// vcard:org is a node with the name on it, as GeoNetwork writes it.
static struct str card_organisation(struct dcat *d, const struct rdf_node *node)
{
    size_t n;
    const struct str *names = organisation_names(&n);
    struct dcat_values values = dcat_values(node, VCARD_("org"));
    for (size_t i = 0; i < values.n; i++)
        if (values.v[i].value.kind != RDF_LITERAL) {
            struct rdf_node org = dcat_node(d, &values.v[i].value);
            struct str name = dcat_text(d, &org, names, n, NULL);
            if (name.n)
                return name;
        }
    struct str name = dcat_text(d, node, names, n, NULL);
    bool office = dcat_is_a(node, VCARD_("Organization")) || dcat_is_a(node, VCARD_("Group"));
    const struct str full = VCARD_("fn"); // of others it may be a person's
    return name.n || !office || is_person(node) ? name : dcat_text(d, node, &full, 1, NULL);
}

static struct agent read_agent(struct dcat *d, const struct rdf_term *term)
{
    const struct str names[] = {FOAF_("name"),      VCARD_("organization-name"),
                                SKOS_("prefLabel"), RDFS_("label"),
                                SCHEMA_("name"),    VCARD_("fn"),
                                DCT_("title"),      SCHEMA_("legalName")};
    const struct str acronyms[] = {FOAF_("nick"), SKOS_("altLabel"), SCHEMA_("alternateName")};
    enum { ACRONYM_MAX = 20 };
    struct agent agent = {0};
    if (term->kind == RDF_LITERAL) {
        bool address = str_find_char(term->value, '@') >= 0; // a person's, as like as not
        agent.name = address ? STR_NONE : map_line(d->mapper, term->value, NAME_MAX);
        return agent;
    }
    struct rdf_node node = dcat_node(d, term);
    agent.person = is_person(&node);
    struct str name = agent.person ? name_behind_person(d, &node)
                                   : dcat_text(d, &node, names, sizeof names / sizeof *names, NULL);
    if (!name.n && term->kind == RDF_IRI && !agent.person)
        name = name_of_iri(d, term->value);
    agent.person = agent.person && !name.n;
    agent.name = map_line(d->mapper, name, NAME_MAX);
    agent.kind = kind_of(d, &node);
    agent.siret = siret_of(d, &node);
    struct str acronym = dcat_text(d, &node, acronyms, 3, NULL);
    if (acronym.n <= ACRONYM_MAX && !str_eq(acronym, agent.name))
        agent.acronym = map_line(d->mapper, acronym, KEYWORD_MAX);
    return agent;
}

// Of several the first by name; an organisation before a person.
static void choose_agent(struct agent *best, struct agent agent)
{
    if (agent.name.n && (!best->name.n || str_cmp(agent.name, best->name) < 0))
        *best = agent;
    else if (!best->name.n && agent.person)
        best->person = true;
}

static void add_attributions(struct dcat *d, const struct rdf_node *node, struct agent *best)
{
    struct dcat_values values = dcat_values(node, PROV_("qualifiedAttribution"));
    for (size_t i = 0; i < values.n; i++) {
        struct rdf_node attribution = dcat_node(d, &values.v[i].value);
        struct dcat_values agents = dcat_values(&attribution, PROV_("agent"));
        for (size_t j = 0; j < agents.n; j++)
            choose_agent(best, read_agent(d, &agents.v[j].value));
    }
}

static void add_cards(struct dcat *d, const struct rdf_node *node, struct agent *best)
{
    struct dcat_values values = dcat_values(node, DCAT_("contactPoint"));
    for (size_t i = 0; i < values.n; i++) {
        struct rdf_node card = dcat_node(d, &values.v[i].value);
        choose_agent(best, (struct agent){
                               .name = map_line(d->mapper, card_organisation(d, &card), NAME_MAX)});
    }
}

void dcat_map_publisher(struct dcat *d, const struct rdf_node *node, struct record *r)
{
    const struct str predicates[] = {DCT_("publisher"),
                                     SCHEMA_("publisher"),
                                     DC_("publisher"),
                                     DCT_("rightsHolder"),
                                     DCT_("rights_holder"),
                                     DCT_("creator"),
                                     GEODCATAP_("distributor"),
                                     GEODCATAP_("custodian"),
                                     GEODCATAP_("originator"),
                                     STR("http://dcat-ap.de/def/dcatde/maintainer"),
                                     STR("http://dcat-ap.de/def/dcatde/originator")};
    struct agent best = {0};
    for (size_t i = 0; i < sizeof predicates / sizeof *predicates && !best.name.n; i++) {
        struct dcat_values values = dcat_values(node, predicates[i]);
        for (size_t j = 0; j < values.n; j++)
            choose_agent(&best, read_agent(d, &values.v[j].value));
    }
    if (!best.name.n)
        add_attributions(d, node, &best);
    if (!best.name.n)
        add_cards(d, node, &best);
    if (!best.name.n) {
        if (best.person)
            r->publisher.kind = STR("user");
        return;
    }
    map_named_publisher(d->mapper, r, best.name);
    r->publisher.acronym = best.acronym;
    r->publisher.kind = best.kind;
    r->publisher.siret = text_code(d->mapper->arena, best.siret, 14);
}

// ---- Contact -------------------------------------------------------------------------------------

static void add_contact(struct dcat *d, struct strs *list, struct str url, struct str email)
{
    struct str role = contact_role(d->mapper->arena, url, email);
    if (role.n)
        arena_push(d->mapper->arena, list, role);
}

static void add_emails(struct dcat *d, const struct rdf_node *card, struct strs *list)
{
    const struct str predicates[] = {VCARD_("hasEmail"), VCARD_("email"), FOAF_("mbox"),
                                     SCHEMA_("email")};
    const struct str inside[] = {VCARD_("hasValue"), VCARD_("value"), RDF_("value")};
    const struct str mailto = STR("mailto:");
    for (size_t i = 0; i < sizeof predicates / sizeof *predicates; i++) {
        struct dcat_values values = dcat_values(card, predicates[i]);
        for (size_t j = 0; j < values.n; j++) {
            struct rdf_term value = values.v[j].value;
            if (value.kind == RDF_BLANK) {
                struct rdf_node node = dcat_node(d, &value);
                for (size_t k = 0; k < 3 && value.kind == RDF_BLANK; k++) {
                    struct dcat_values v = dcat_values(&node, inside[k]);
                    value = v.n ? v.v[0].value : value;
                }
            }
            struct str address = str_trim(value.value);
            bool marked =
                address.n > mailto.n && str_eq_nocase(str_slice(address.p, mailto.n), mailto);
            add_contact(d, list, STR_NONE,
                        marked ? str_slice(address.p + mailto.n, address.n - mailto.n) : address);
        }
    }
}

void dcat_map_contact(struct dcat *d, const struct rdf_node *node, struct record *r)
{
    const struct str predicates[] = {DCAT_("contactPoint"), ADMS_("contactPoint"),
                                     SCHEMA_("contactPoint"), DCT_("publisher")};
    const struct str pages[] = {VCARD_("hasURL"), VCARD_("url"), SCHEMA_("url")};
    for (size_t i = 0; i < sizeof predicates / sizeof *predicates && !r->contact_role.n; i++) {
        struct dcat_values values = dcat_values(node, predicates[i]);
        struct strs emails = {0}, forms = {0};
        for (size_t j = 0; j < values.n; j++) {
            if (values.v[j].value.kind == RDF_LITERAL) {
                add_contact(d, &emails, STR_NONE, values.v[j].value.value);
                continue;
            }
            struct rdf_node card = dcat_node(d, &values.v[j].value);
            add_emails(d, &card, &emails);
            bool cards = i < 3 && !is_person(&card); // a publisher's page is no form
            for (size_t k = 0; k < 3 && cards; k++)
                add_contact(d, &forms, dcat_web(d, &card, pages[k]), STR_NONE);
        }
        dcat_sort(&emails);
        dcat_sort(&forms);
        r->contact_role = emails.n ? emails.v[0] : forms.n ? forms.v[0] : STR_NONE;
    }
}
