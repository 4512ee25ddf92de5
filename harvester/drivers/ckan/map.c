// CKAN's packages as records. Which field goes where, and which are left out on purpose, is listed in fields/ckan.tsv.
#include "harvester/drivers/ckan/ckan.h"

#include "base/html.h"
#include "harvester/normalise/contact.h"
#include "harvester/normalise/extent.h"
#include "harvester/normalise/licence_text.h"
#include "harvester/normalise/period.h"
#include "harvester/normalise/raw.h"
#include "harvester/normalise/vocabulary.h"

// ---- Texts -------------------------------------------------------------------------------------------

// DKAN leaves entities of HTML in its texts.
static struct str unescaped(struct ckan_package *p, struct str s)
{
    bool escaped = str_find(s, STR("&#")) >= 0 || str_find(s, STR("&amp;")) >= 0 ||
                   str_find(s, STR("&quot;")) >= 0;
    return escaped ? text_from_html(p->m->arena, s) : s;
}

struct str ckan_line(struct ckan_package *p, const json_t *value, size_t max)
{
    return map_line(p->m, unescaped(p, ckan_text(value, NULL)), max);
}

// fluent's `title_translated` says more than `title`, which is in the portal's own language.
static struct str translated(struct ckan_package *p, const char *name, const char *translated_name)
{
    struct str s = ckan_text(CKAN_FACT(p->facts, translated_name), &p->r->language);
    return s.n ? s : ckan_text(CKAN_FACT(p->facts, name), &p->r->language);
}

// The last part of an address ("…/data-theme/ENVI"), or the text itself.
static struct str last_part(struct str s)
{
    s = str_trim(s);
    if (!str_starts(s, STR("http")))
        return s;
    for (size_t i = s.n; i-- > 0;)
        if (s.p[i] == '/' || s.p[i] == '#')
            return i + 1 < s.n ? str_slice(s.p + i + 1, s.n - i - 1) : STR_NONE;
    return s;
}

static struct str language_code(struct str s)
{
    static const char codes[][2][4] = {{"fre", "fr"}, {"fra", "fr"}, {"eng", "en"}, {"ger", "de"},
                                       {"deu", "de"}, {"ita", "it"}, {"spa", "es"}, {"cat", "ca"},
                                       {"por", "pt"}, {"dut", "nl"}, {"nld", "nl"}};
    s = last_part(s);
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (str_eq_nocase(s, str_of(codes[i][0])) || str_eq_nocase(s, str_of(codes[i][1])))
            return str_of(codes[i][1]);
    return STR_NONE;
}

// That of the texts, when they tell it; else what the package says, if it is one language alone.
static void map_language(struct ckan_package *p)
{
    struct record *r = p->r;
    const json_t *told = CKAN_FACT(p->facts, "metadata_language", "language", "lang");
    if (!r->language.n && json_array_size(told) <= 1)
        r->language = language_code(ckan_text(told, NULL));
    r->language = text_code(p->m->arena, r->language, 10);
}

struct words {
    struct ckan_package *p;
    struct strs *list;
};

static void add_text(void *arg, struct str text)
{
    struct words *w = arg;
    map_add_word(w->p->m, w->list, unescaped(w->p, last_part(text)));
}

static void add_all(struct ckan_package *p, const char *fact, struct strs *list)
{
    struct words w = {p, list};
    ckan_texts(json_object_get(p->facts, fact), add_text, &w);
}

// [{"name": ..., "display_name": ...}] or ["..."]
static void add_named(struct ckan_package *p, const json_t *array, struct strs *list)
{
    static const char *const names[] = {"display_name", "title", "name"};
    size_t i;
    const json_t *v;
    json_array_foreach(array, i, v)
    {
        struct str name = jstr(v);
        for (size_t k = 0; k < sizeof names / sizeof *names && !name.n; k++)
            name = ckan_text(json_object_get(v, names[k]), NULL);
        map_add_word(p->m, list, unescaped(p, name));
    }
}

static void map_words(struct ckan_package *p)
{
    struct record *r = p->r;
    const json_t *tags = json_object_get(p->o, "tags");
    add_named(p, tags, &r->keywords);
    if (json_is_string(tags)) // "budget, eau"
        map_add_words(p->m, &r->keywords, tags);
    if (!r->keywords.n) // of harvested geographic metadata: one text in an extra, "eau, rivière"
        map_add_words(p->m, &r->keywords, json_array_get(json_object_get(p->facts, "tags"), 0));
    add_all(p, "keywords", &r->keywords);
    add_all(p, "tags_translated", &r->keywords);
    if (!p->dkan)
        add_named(p, json_object_get(p->o, "groups"), &r->themes);
    static const char *const themes[] = {"theme",    "theme_primary", "theme_secondary", "themes",
                                         "category", "categories",    "dcat_theme"};
    for (size_t i = 0; i < sizeof themes / sizeof *themes; i++)
        add_all(p, themes[i], &r->themes);
    map_sort_words(&r->keywords);
    map_sort_words(&r->themes);
}

// ---- Who -------------------------------------------------------------------------------------------------

static void map_publisher(struct ckan_package *p)
{
    struct publisher *who = &p->r->publisher;
    const json_t *o = jget_object(p->o, "organization");
    if (!o && p->dkan)
        o = json_array_get(jget_array(p->o, "groups"), 0);
    const json_t *told = CKAN_FACT(p->facts, "publisher_name", "publisher", "dcat_publisher_name");
    who->name = ckan_line(p, json_object_get(o, "title"), NAME_MAX);
    if (!who->name.n)
        who->name = ckan_line(p, json_object_get(o, "display_name"), NAME_MAX);
    if (!who->name.n && !told)
        who->name = ckan_line(p, json_object_get(o, "name"), NAME_MAX);
    if (!who->name.n)
        who->name = ckan_line(p, told, NAME_MAX);
    if (!who->name.n && json_is_string(json_object_get(p->o, "organization"))) // of Solr
        who->name = map_line_of(p->m, p->o, "organization", NAME_MAX);
    struct str id = jget(o, "id");
    if (!id.n)
        id = jget(o, "name");
    who->id = map_id(p->m, KIND_ORGANIZATION, id.n ? id : who->name);
}

static void map_contact(struct ckan_package *p)
{
    static const char *const addresses[] = {"maintainer_email", "contact_email", "author_email",
                                            "publisher_email",  "contact",       "contact_points"};
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses && !p->r->contact_role.n; i++) {
        const json_t *v = CKAN_FACT(p->facts, addresses[i]);
        v = json_is_array(v) ? json_array_get(v, 0) : v;
        struct str email = json_is_object(v) ? jget(v, "email") : jstr(v);
        p->r->contact_role = contact_role(p->m->arena, STR_NONE, email);
    }
}

static void map_access(struct ckan_package *p)
{
    struct str told =
        ckan_text(CKAN_FACT(p->facts, "access_rights", "accesslevel", "access_level"), NULL);
    p->r->access = record_access_find(access_find(told));
    if (p->r->access == ACCESS_UNKNOWN) // it is in a public list, and says nothing else
        p->r->access = ACCESS_OPEN;
}

static void map_licence(struct ckan_package *p)
{
    const json_t *resource = json_array_get(jget_array(p->o, "resources"), 0);
    struct str texts[] = {
        ckan_text(CKAN_FACT(p->facts, "license_id"), NULL),
        ckan_text(CKAN_FACT(p->facts, "license_url"), NULL),
        ckan_text(CKAN_FACT(p->facts, "license", "licence", "license_citation"), NULL),
        jget(resource, "license"), // DCAT has it there
        ckan_text(CKAN_FACT(p->facts, "license_title"), NULL),
    };
    map_license(p->m, p->r, texts, sizeof texts / sizeof *texts);
    for (size_t i = 0; i < sizeof texts / sizeof *texts && !p->r->license.id.n; i++) {
        const struct licence *named = texts[i].n ? licence_within(texts[i]) : NULL;
        if (named) // in a sentence
            p->r->license = (struct license){named->id, named->label, named->open};
    }
    if (!p->r->license.id.n && p->r->license.label.n)
        p->r->license.open = jget_true(p->o, "isopen");
}

// ---- Where -----------------------------------------------------------------------------------------------

// "100000: England" (data.gov.uk): the name alone.
static struct str bare_place(struct str s)
{
    size_t digits = 0;
    while (digits < s.n && s.p[digits] >= '0' && s.p[digits] <= '9')
        digits++;
    return digits && digits < s.n && s.p[digits] == ':'
               ? str_trim(str_slice(s.p + digits + 1, s.n - digits - 1))
               : s;
}

// "RegionOfFrance/11/ILE DE FRANCE,CommuneOfFrance/..." (data.gouv.fr before 2014). False when the text is none of that.
static bool add_levels(struct ckan_package *p, struct str all)
{
    static const struct {
        struct str level;
        const char *zone;
    } levels[] = {{STR("RegionOfFrance"), "fr:region"},
                  {STR("DepartmentOfFrance"), "fr:departement"},
                  {STR("CommuneOfFrance"), "fr:commune"},
                  {STR("Country"), "country"}};
    struct str part, level, code;
    if (str_find(all, STR("OfFrance/")) < 0 &&
        !str_eq_nocase(str_cut_utf8(all, 8), STR("Country/")))
        return false;
    while (str_next(&all, ',', &part)) {
        const char *zone = NULL;
        if (!str_next(&part, '/', &level) || !str_next(&part, '/', &code))
            continue;
        for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
            zone = str_eq_nocase(str_trim(level), levels[i].level) ? levels[i].zone : zone;
        if (zone)
            map_add_zone(p->m, p->r,
                         arena_printf(p->m->arena, "%s:%.*s", zone, STR_ARG(str_trim(code))),
                         STR_NONE);
        else
            map_add_zone(p->m, p->r, str_trim(part), STR_NONE);
    }
    return true;
}

// What normalise/extent reads, and ckanext-dcat's {"geom": ..., "text": ...}; a fact is a list of such, or of lists of such.
static void add_places(struct ckan_package *p, const json_t *values)
{
    size_t i;
    const json_t *v;
    json_array_foreach(values, i, v)
    {
        json_t *geom = raw_decode(p->m->arena, json_object_get(v, "geom"));
        if (json_is_object(json_array_get(v, 0)) || json_is_string(json_array_get(v, 0)))
            add_places(p, v);
        else if (!json_is_string(v))
            map_extent(p->m, p->r, v);
        else if (!add_levels(p, jstr(v)))
            map_extent_text(p->m, p->r, unescaped(p, bare_place(jstr(v))));
        map_extent(p->m, p->r, geom);
        map_extent_text(p->m, p->r, unescaped(p, jget(v, "text")));
        json_decref(geom);
    }
}

static void add_corner(struct ckan_package *p, const json_t *longitude, const json_t *latitude)
{
    double x = json_number_value(longitude), y = json_number_value(latitude);
    bool lon = json_is_number(longitude) || str_to_real(str_trim(jstr(longitude)), &x),
         lat = json_is_number(latitude) || str_to_real(str_trim(jstr(latitude)), &y);
    if (lon && lat)
        map_add_point(p->r, x, y);
}

static void map_spatial(struct ckan_package *p)
{
    static const char *const places[] = {
        "spatial",      "spatial_coverage",    "spatial_bbox",         "spatial_text",
        "spatial_name", "geographic_coverage", "territorial_coverage", "geographic_bbox",
        "coverage",     "geographic_toponym",  "dcat_spatial"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        add_places(p, json_object_get(p->facts, places[i]));
    add_corner(p, CKAN_FACT(p->facts, "bbox_west_long"), CKAN_FACT(p->facts, "bbox_south_lat"));
    add_corner(p, CKAN_FACT(p->facts, "bbox_east_long"), CKAN_FACT(p->facts, "bbox_north_lat"));
    p->r->spatial.granularity =
        text_code(p->m->arena,
                  ckan_text(CKAN_FACT(p->facts, "territorial_coverage_granularity",
                                      "geographic_granularity", "granularity"),
                            NULL),
                  40);
}

// ---- When ------------------------------------------------------------------------------------------------

struct date ckan_date(const json_t *v)
{
    static const struct str changed = STR("Date changed "); // DKAN's resources
    struct str s = ckan_text(v, NULL);
    if (str_starts(s, changed))
        s = str_slice(s.p + changed.n, s.n - changed.n);
    return map_date(s);
}

static void map_temporal(struct ckan_package *p)
{
    static const char *const starts[] = {"temporal_start", "temporal_coverage_from",
                                         "begin_datetime", "temporal_extent_begin",
                                         "temporal_coverage_start"};
    static const char *const ends[] = {"temporal_end", "temporal_coverage_to", "end_datetime",
                                       "temporal_extent_end", "temporal_coverage_end"};
    struct record *r = p->r;
    map_period(r, CKAN_FACT(p->facts, "temporal_coverage", "temporals", "temporal"));
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        struct date start = ckan_date(CKAN_FACT(p->facts, starts[i])),
                    end = ckan_date(CKAN_FACT(p->facts, ends[i]));
        r->temporal.start = start.precision ? start : r->temporal.start;
        r->temporal.end = end.precision ? end : r->temporal.end;
    }
}

static void map_dates(struct ckan_package *p)
{
    p->r->issued = ckan_date(CKAN_FACT(p->facts, "issued", "date_released", "date_published",
                                       "dataset_publication_date", "publication_date"));
    if (p->r->issued.precision == DATE_NONE)
        p->r->issued = ckan_date(CKAN_FACT(p->facts, "metadata_created"));
    p->r->modified = ckan_date(CKAN_FACT(p->facts, "modified", "date_updated", "date_modified",
                                         "dataset_modification_date"));
    if (p->r->modified.precision == DATE_NONE)
        p->r->modified = ckan_date(CKAN_FACT(p->facts, "metadata_modified", "revision_timestamp"));
    map_frequency(p->r, ckan_text(CKAN_FACT(p->facts, "frequency", "accrual_periodicity",
                                            "accrualperiodicity", "update_frequency",
                                            "frequency_of_update", "maintenance_frequency"),
                                  NULL));
}

// ---- The package -----------------------------------------------------------------------------------------

static void add_schema(void *arg, struct str text)
{
    struct ckan_package *p = arg;
    map_add_schema(p->m, p->r, text);
}

static void add_badge(void *arg, struct str text)
{
    struct ckan_package *p = arg;
    if (!p->r->badges.n && str_find(text, STR("eli/reg_impl/2023/138")) >= 0)
        arena_push(p->m->arena, &p->r->badges, STR("hvd"));
}

// The page about it, as a person sees it.
static struct str page_of(struct ckan_package *p)
{
    struct str root = p->m->source->config->url, name = jget(p->o, "name");
    ptrdiff_t api = str_find(root, STR("/api/"));
    if (api > 0)
        root.n = (size_t)api;
    while (str_ends(root, STR("/")))
        root.n--;
    if (p->dkan)
        return map_web_of(p->m, p->o, "url");
    if (!name.n)
        name = jget(p->o, "id");
    const char *folder = p->r->kind == KIND_REUSE ? "showcase" : "dataset";
    return map_web(p->m,
                   arena_printf(p->m->arena, "%.*s/%s/%.*s", STR_ARG(root), folder, STR_ARG(name)));
}

static void map_addresses(struct ckan_package *p)
{
    struct record *r = p->r;
    struct str url = str_trim(jget(p->o, "url"));
    r->provenance.remote_url = page_of(p);
    if (str_starts(url, STR("http://http"))) // typed behind what the form shows
        url = str_slice(url.p + 7, url.n - 7);
    r->landing_page =
        map_web(p->m, ckan_text(CKAN_FACT(p->facts, "landing_page", "landingpage"), NULL));
    if (!r->landing_page.n)
        r->landing_page = map_web(p->m, url);
    if (!r->landing_page.n)
        r->landing_page = r->provenance.remote_url;

    struct str id = ckan_text(CKAN_FACT(p->facts, "identifier", "dcat_identifier", "guid",
                                        "metadata_original_id", "metadata_identifier"),
                              NULL);
    struct str uri = ckan_text(CKAN_FACT(p->facts, "uri", "dcat_uri", "harvest_dataset_url",
                                         "harvest_source_reference", "metadata_linkage",
                                         "metadata_original_html"),
                               NULL);
    r->provenance.origin_url = map_web(p->m, uri);
    if (!id.n && !r->provenance.origin_url.n)
        id = uri; // a "urn:", a DOI
    r->provenance.origin_id = map_line(p->m, id, NAME_MAX);
}

bool ckan_is_active(const json_t *o)
{
    struct str state = jget(o, "state");
    return !state.n || str_eq_nocase(state, STR("active"));
}

// What a package of this type becomes; KIND_COUNT: nothing. Types that a portal made itself are named after "dataset", mostly.
static enum record_kind kind_of(struct str type)
{
    char word[40] = "";
    type = str_trim(type);
    for (size_t i = 0; i < type.n && i + 1 < sizeof word; i++)
        word[i] = (char)(type.p[i] >= 'A' && type.p[i] <= 'Z' ? type.p[i] | 0x20 : type.p[i]);
    if (!word[0] || strstr(word, "dataset"))
        return KIND_DATASET;
    if (strcmp(word, "showcase") == 0 || strcmp(word, "application") == 0)
        return KIND_REUSE;
    return KIND_COUNT;
}

static bool is_asked(const struct driver_source *source, enum record_kind kind)
{
    for (size_t i = 0; i < source->kind_count; i++)
        if (source->kinds[i] == kind)
            return true;
    return false;
}

static bool skip(struct driver_item *item)
{
    item->record = NULL;
    item->skipped = true;
    return false;
}

static bool map_package(struct ckan_package *p, struct driver_item *item)
{
    struct record *r = p->r;
    r->title = map_line(p->m, unescaped(p, translated(p, "title", "title_translated")), TITLE_MAX);
    if (!r->title.n)
        r->title = map_line_of(p->m, p->o, "name", TITLE_MAX);
    if (!r->title.n)
        return map_fail(item, "the package has no title and no name: look at it in the portal");
    r->description = map_block(p->m, translated(p, "notes", "notes_translated"));
    if (!r->description.n)
        r->description = map_block(p->m, translated(p, "description", "description_translated"));
    map_language(p);
    map_words(p);
    map_publisher(p);
    map_contact(p);
    map_access(p);
    map_licence(p);
    map_spatial(p);
    map_temporal(p);
    map_dates(p);
    ckan_map_resources(p);
    map_addresses(p);
    ckan_texts(json_object_get(p->facts, "conforms_to"), add_schema, p);
    ckan_texts(json_object_get(p->facts, "applicable_legislation"), add_badge, p);
    if (r->kind == KIND_REUSE)
        r->type = map_line_of(p->m, p->o, "type", KEYWORD_MAX);
    r->popularity.views = jget_int(jget_object(p->o, "tracking_summary"), "total", -1);
    return true;
}

bool ckan_map(struct mapper *m, const json_t *o, struct driver_item *item)
{
    *item = (struct driver_item){0};
    if (!json_is_object(o))
        return err_set(&item->error, ERR_RECORD, "the item is not an object");
    enum record_kind kind = kind_of(jget(o, "type"));
    struct str id = jget(o, "id");
    struct record *r =
        map_record(m, kind == KIND_COUNT ? KIND_DATASET : kind, id.n ? id : jget(o, "name"), item);
    if (!r)
        return false;
    struct ckan_package p = {
        .m = m, .o = o, .r = r, .dkan = str_eq(jget(o, "state"), STR("Active"))};
    if (kind == KIND_COUNT || !is_asked(m->source, kind) || !ckan_is_active(o) ||
        (jget_true(o, "private") && !p.dkan))
        return skip(item);
    json_t *facts = ckan_facts(m->arena, o);
    p.facts = facts;
    bool good = map_package(&p, item);
    json_decref(facts);
    return good;
}
