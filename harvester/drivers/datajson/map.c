// DCAT-US as records: 1.1 (resources.data.gov/resources/dcat-us), 3.0 (its JSON schema, GSA/dcat-us), and Project Open Data's 1.0.
// Which field goes where, and which are left out on purpose: drivers/fields/datajson.tsv.
//
// Where 1.1 has text, 3.0 may have an object (Document, Distribution, Concept, Standard, Location, ...), and either may come alone
// or in an array; texts may be tagged with their language. So values are read by what they can be, not by the version told.
#include "harvester/drivers/datajson/datajson.h"

#include "base/html.h"
#include "harvester/normalise/contact.h"
#include "harvester/normalise/extent.h"
#include "harvester/normalise/licence_text.h"
#include "harvester/normalise/period.h"
#include "harvester/normalise/vocabulary.h"
#include "harvester/url.h"

#include <stdlib.h>

enum { CHAIN_MAX = 8, CODE_MAX = 40 };

// ---- Values of many shapes -----------------------------------------------------------------------

// The first of the members that says something, as text.
static struct str first_member(const json_t *o, const char *const *keys)
{
    struct str text = STR_NONE;
    for (; *keys && !text.n; keys++)
        text = str_trim(map_localised(json_object_get(o, *keys), NULL));
    return text;
}

// Text, alone or tagged ({"@value", "@language"}), by language ({"fr": ...}), or in an array of these: French first, then English.
static struct str text_of(const json_t *v, struct str *language)
{
    size_t i;
    const json_t *e;
    if (json_is_array(v)) {
        struct str best = STR_NONE, best_language = STR_NONE;
        json_array_foreach(v, i, e)
        {
            struct str spoken = STR_NONE, text = json_is_array(e) ? STR_NONE : text_of(e, &spoken);
            bool better =
                !best.n ||
                (str_starts(spoken, STR("fr")) && !str_starts(best_language, STR("fr"))) ||
                (str_starts(spoken, STR("en")) && !best_language.n);
            if (text.n && better)
                best = text, best_language = spoken;
        }
        *language = best_language;
        return best;
    }
    if (json_is_object(v) && json_object_get(v, "@value")) {
        *language = jget(v, "@language");
        return str_trim(jget(v, "@value"));
    }
    return str_trim(map_localised(v, language));
}

// `key`, unless 3.0's "<key>Map" holds it in French.
static struct str member_text(const json_t *o, const char *key, const char *map_key,
                              struct str *language)
{
    struct str french = str_trim(jget(json_object_get(o, map_key), "fr"));
    if (!french.n)
        return text_of(json_object_get(o, key), language);
    *language = STR("fr");
    return french;
}

// What people call it: text, or the label of an object (Concept, Standard, Agent, ...); the first of an array.
static struct str label_of(const json_t *v)
{
    static const char *const keys[] = {"prefLabel", "label",    "title", "name",
                                       "@value",    "notation", "@id",   NULL};
    if (json_is_array(v))
        v = json_array_get(v, 0);
    return json_is_object(v) ? first_member(v, keys) : str_trim(jstr(v));
}

// The first address of the web among text, a Document or a Distribution, and arrays of these.
static struct str url_of(struct mapper *m, const json_t *v, unsigned depth)
{
    static const char *const keys[] = {"downloadURL", "accessURL", "endpointURL", "url", "@id"};
    size_t i;
    const json_t *e;
    struct str url = map_web(m, jstr(v));
    if (json_is_array(v) && depth < 3) {
        json_array_foreach(v, i, e)
        {
            if (!url.n)
                url = url_of(m, e, depth + 1);
        }
    }
    for (i = 0; json_is_object(v) && depth < 3 && !url.n && i < sizeof keys / sizeof *keys; i++)
        url = url_of(m, json_object_get(v, keys[i]), depth + 1);
    return url;
}

static struct str url_member(struct mapper *m, const json_t *o, const char *key)
{
    return url_of(m, json_object_get(o, key), 0);
}

// Calls `add` for a value, or for each element of an array.
static void each(struct mapper *m, struct record *r, const json_t *v,
                 void (*add)(struct mapper *, struct record *, const json_t *))
{
    size_t i;
    const json_t *e;
    if (!json_is_array(v))
        add(m, r, v);
    else
        json_array_foreach(v, i, e) add(m, r, e);
}

// ---- What it is known by ---------------------------------------------------------------------------

static bool is_blank(struct str id)
{
    return !id.n || str_starts(id, STR("_:"));
}

static struct str identifier_of(struct arena *a, const json_t *v)
{
    if (json_is_array(v))
        v = json_array_get(v, 0);
    if (json_is_integer(v))
        return arena_printf(a, "%lld", (long long)json_integer_value(v));
    if (json_is_string(v))
        return str_trim(jstr(v));
    static const char *const keys[] = {"@id", "notation", "@value", "identifier"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct str id = str_trim(jget(v, keys[i]));
        if (!is_blank(id))
            return id;
    }
    return STR_NONE;
}

struct str datajson_id(struct arena *a, const json_t *o)
{
    struct str id = identifier_of(a, json_object_get(o, "identifier"));
    if (!id.n)
        id = str_trim(jget(o, "@id"));
    if (is_blank(id)) {
        struct mapper m = {.arena = a};
        id = url_member(&m, o, "landingPage");
    }
    return id;
}

// Whether it can name the same thing in another catalogue: an address, a URN, a DOI, a UUID.
static bool is_global(struct str id)
{
    static const struct str starts[] = {STR("http://"), STR("https://"), STR("urn:"), STR("doi:"),
                                        STR("10.")};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (str_starts(id, starts[i]))
            return i < 4 || str_find_char(id, '/') > 0;
    if (id.n != 36)
        return false;
    for (size_t i = 0; i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? id.p[i] != '-' : !id.p[i] || !strchr("0123456789abcdefABCDEF", id.p[i]))
            return false;
    }
    return true;
}

// ---- Parts of a record -----------------------------------------------------------------------------

static int by_bytes(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

// Of more words than are kept, those kept do not depend on their order, which moves from day to day.
static void add_words(struct mapper *m, struct strs *list, const json_t *value)
{
    size_t i, n = json_array_size(value);
    const json_t *e;
    if (n <= KEYWORDS_MAX) {
        if (json_is_string(value))
            map_add_words(m, list, value);
        json_array_foreach(value, i, e) map_add_word(m, list, label_of(e));
        return;
    }
    struct strs all = {ARENA_ARRAY(m->arena, struct str, n), n};
    json_array_foreach(value, i, e) all.v[i] = label_of(e);
    qsort(all.v, all.n, sizeof *all.v, by_bytes);
    for (i = 0; i < n; i++)
        map_add_word(m, list, all.v[i]);
}

// "en" of "en-US", "fr" of ".../language/FRA"; agencies write "us-EN" too.
static struct str language_of(struct mapper *m, struct str told)
{
    static const struct {
        struct str three, two;
    } codes[] = {{STR("eng"), STR("en")}, {STR("fra"), STR("fr")}, {STR("fre"), STR("fr")},
                 {STR("deu"), STR("de")}, {STR("spa"), STR("es")}, {STR("ita"), STR("it")},
                 {STR("por"), STR("pt")}, {STR("nld"), STR("nl")}};
    struct str code = text_code(m->arena, told, CODE_MAX * 2), part, rest = code;
    while (str_next(&rest, '/', &part))
        code = part;
    if (str_starts(code, STR("us-")) || str_starts(code, STR("us_")))
        code = str_slice(code.p + 3, code.n - 3);
    size_t n = 0;
    while (n < code.n && code.p[n] >= 'a' && code.p[n] <= 'z')
        n++;
    code.n = n;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (str_eq(code, codes[i].three))
            return codes[i].two;
    return n == 2 ? code : STR_NONE;
}

// The nearest organization, and the highest above it where that is another one: "Office of Policy, Department of Labor". Agencies put
// themselves above themselves, and "U.S. Government" above all.
static void map_publisher(struct mapper *m, const json_t *v, struct record *r)
{
    static const char *const names[] = {"name", "prefLabel", "title", "label", NULL};
    if (json_is_array(v))
        v = json_array_get(v, 0);
    struct str nearest = json_is_string(v) ? str_trim(jstr(v)) : STR_NONE, top = STR_NONE;
    struct str acronym = json_is_object(v) ? str_trim(jget(v, "altLabel")) : STR_NONE;
    for (size_t i = 0; i < CHAIN_MAX && json_is_object(v); i++) {
        struct str name = first_member(v, names);
        if (!nearest.n)
            nearest = name;
        else if (name.n && !str_eq_nocase(name, STR("U.S. Government")))
            top = name;
        v = json_object_get(v, "subOrganizationOf");
        if (json_is_array(v))
            v = json_array_get(v, 0);
        if (json_is_string(v) && !url_is_web(jstr(v)))
            top = str_trim(jstr(v));
    }
    if (top.n && !str_eq_nocase(top, nearest))
        nearest = arena_printf(m->arena, "%.*s, %.*s", STR_ARG(nearest), STR_ARG(top));
    map_named_publisher(m, r, nearest);
    r->publisher.acronym = map_line(m, acronym, KEYWORD_MAX);
}

static void add_contact(struct mapper *m, struct record *r, const json_t *v)
{
    if (r->contact_role.n)
        return;
    struct str email = label_of(json_object_get(v, "hasEmail"));
    struct str form = label_of(json_object_get(v, "hasURL"));
    r->contact_role = contact_role(m->arena, form.n ? form : email, email);
}

// ArcGIS Hub's feeds name a page of the dataset that would tell the licence, each its own.
static bool is_page_of_hub(struct str text)
{
    return str_ends(text, STR("/license.json")) ||
           (str_find(text, STR("hub.arcgis.com/api/")) >= 0 && str_ends(text, STR("/license")));
}

// Whatever text says only that nothing is said of the licence is none.
static struct str license_text(struct arena *a, const json_t *v)
{
    static const char *const keys[] = {"@id", "title", "prefLabel", "label", "name", NULL};
    static const struct str nothing[] = {STR("unknown-license"), STR("notspecified"),
                                         STR("not specified"), STR("N/A")};
    if (json_is_array(v))
        v = json_array_get(v, 0);
    struct str text = json_is_object(v) ? first_member(v, keys) : str_trim(jstr(v));
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++)
        if (str_find(text, nothing[i]) >= 0 || str_eq_nocase(text, nothing[i]))
            return STR_NONE;
    if (is_page_of_hub(text))
        return STR_NONE;
    text = text_is_html(text) ? text_from_html(a, text) : text;
    const struct licence *named = str_find_char(text, ' ') < 0 ? NULL : licence_within(text);
    return named ? named->id : text;
}

// The dataset's, else the first of a distribution; `rights` only where they are a licence that is known.
static void map_licenses(struct mapper *m, const json_t *o, struct record *r)
{
    struct str text = license_text(m->arena, json_object_get(o, "license"));
    size_t i;
    const json_t *d;
    json_array_foreach(jget_array(o, "distribution"), i, d)
    {
        if (!text.n)
            text = license_text(m->arena, json_object_get(d, "license"));
    }
    struct str rights = license_text(m->arena, json_object_get(o, "rights"));
    if (!text.n && rights.n && licence_find(rights))
        text = rights;
    map_license(m, r, &text, 1);
}

static void add_schema(struct mapper *m, struct record *r, const json_t *v)
{
    map_add_schema(m, r, label_of(v));
}

static void map_checksum(struct mapper *m, const json_t *v, struct distribution *d)
{
    struct str algorithm = label_of(json_object_get(v, "algorithm"));
    struct str value = label_of(json_object_get(v, "checksumValue"));
    for (size_t i = algorithm.n; i-- > 0;)
        if (strchr("_#/", algorithm.p[i])) { // "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"
            algorithm = str_slice(algorithm.p + i + 1, algorithm.n - i - 1);
            break;
        }
    value = text_code(m->arena, value, 128);
    algorithm = text_code(m->arena, algorithm, 10);
    if (value.n && algorithm.n)
        d->checksum = arena_printf(m->arena, "%.*s:%.*s", STR_ARG(algorithm), STR_ARG(value));
}

static void map_distribution(struct mapper *m, const json_t *o, struct record *r, size_t room)
{
    struct distribution *d =
        json_is_object(o) || json_is_string(o) ? map_add_distribution(r, room) : NULL;
    if (!d)
        return;
    struct str language;
    struct str format = label_of(json_object_get(o, "format"));
    d->title = map_line(m, member_text(o, "title", "titleMap", &language), NAME_MAX);
    if (!d->title.n)
        d->title =
            map_line(m, member_text(o, "description", "descriptionMap", &language), NAME_MAX);
    d->url = json_is_string(o) ? map_web(m, jstr(o)) : url_member(m, o, "downloadURL");
    if (!d->url.n)
        d->url = url_member(m, o, "accessURL");
    if (!d->url.n)
        d->url = url_member(m, o, "accessService");
    if (str_eq_nocase(format, STR("API")))
        d->type = STR("api");
    map_format(m, d, format, label_of(json_object_get(o, "mediaType")));
    const json_t *size = json_object_get(o, "byteSize");
    if (!str_to_int(str_trim(jstr(size)), 0, INT64_MAX, &d->byte_size))
        d->byte_size = jget_int(o, "byteSize", -1);
    if (d->byte_size < 0)
        d->byte_size = -1;
    map_checksum(m, json_object_get(o, "checksum"), d);
    d->modified = map_date_of(o, "modified");
    each(m, r, json_object_get(o, "conformsTo"), add_schema);
    if (!r->documentation_url.n)
        r->documentation_url = url_member(m, o, "describedBy");
}

// Project Open Data 1.0 told one distribution in the dataset itself.
static void map_old_distributions(struct mapper *m, const json_t *o, struct record *r)
{
    static const char *const keys[] = {"accessURL", "webService"};
    size_t room = map_distributions(m, r, 2);
    for (size_t i = 0; i < 2; i++) {
        struct str url = url_member(m, o, keys[i]);
        struct distribution *d = url.n ? map_add_distribution(r, room) : NULL;
        if (!d)
            continue;
        d->url = url;
        d->type = i ? STR("api") : STR_NONE;
        map_format(m, d, i ? STR_NONE : label_of(json_object_get(o, "format")), STR_NONE);
    }
}

static void map_all_distributions(struct mapper *m, const json_t *o, struct record *r)
{
    const json_t *list = json_object_get(o, "distribution"), *e;
    size_t i, n = json_is_array(list) ? json_array_size(list) : (list != NULL);
    size_t room = map_distributions(m, r, n);
    if (!json_is_array(list))
        map_distribution(m, list, r, room);
    json_array_foreach(list, i, e) map_distribution(m, e, r, room);
    if (!r->distribution_count)
        map_old_distributions(m, o, r);
}

static void map_quality(struct mapper *m, const json_t *o, struct record *r)
{
    const json_t *told = json_object_get(o, "dataQuality");
    struct str word = jstr(told);
    bool yes = json_is_true(told) || str_eq_nocase(word, STR("true"));
    if (!yes && !json_is_false(told) && !str_eq_nocase(word, STR("false")))
        return;
    r->quality.criteria = ARENA_ARRAY(m->arena, struct criterion, 1);
    r->quality.criteria[0] = (struct criterion){STR("data_quality"), yes};
    r->quality.criterion_count = 1;
}

// 1.1 says "public", "restricted public" or "non-public"; 3.0 has a code, or any sentence.
static void map_access(const json_t *o, struct record *r)
{
    struct str access = access_find(str_trim(jget(o, "accessLevel")));
    if (!access.n)
        access = access_find(label_of(json_object_get(o, "accessRights")));
    r->access = record_access_find(access);
}

static void map_dates(const json_t *o, struct record *r)
{
    static const char *const starts[] = {"issued", "created"};
    struct str modified = label_of(json_object_get(o, "modified"));
    for (size_t i = 0; i < 2 && r->issued.precision == DATE_NONE; i++)
        r->issued = map_date(label_of(json_object_get(o, starts[i])));
    r->modified = map_date(modified); // many servers write the day of the export: never trusted
    map_frequency(r, label_of(json_object_get(o, "accrualPeriodicity")));
    if (!r->frequency.n && str_starts(modified, STR("R/"))) // 1.1 allows how often in its place
        map_frequency(r, modified);
    map_period(r, json_object_get(o, "temporal"));
}

static void map_pages(struct mapper *m, const json_t *o, struct str id, struct record *r)
{
    struct str uri = map_web_of(m, o, "@id");
    r->landing_page = url_member(m, o, "landingPage");
    if (!r->landing_page.n)
        r->landing_page = map_web(m, id);
    if (!r->landing_page.n)
        r->landing_page = uri;
    r->provenance.remote_url = r->landing_page;
    if (is_global(id))
        r->provenance.origin_id = map_line(m, id, NAME_MAX);
    else if (uri.n)
        r->provenance.origin_id = uri;

    static const char *const docs[] = {"describedBy", "dataDictionary", "page", "references"};
    for (size_t i = 0; i < sizeof docs / sizeof *docs && !r->documentation_url.n; i++)
        r->documentation_url = url_member(m, o, docs[i]);
}

static void add_served(struct mapper *m, struct record *r, const json_t *v)
{
    struct str id = json_is_object(v) ? datajson_id(m->arena, v) : str_trim(jstr(v));
    map_add_relation(m, &r->relations.serves_dataset, map_id(m, KIND_DATASET, id));
}

static void map_service(struct mapper *m, const json_t *o, struct record *r)
{
    r->endpoint_url = url_member(m, o, "endpointURL");
    r->endpoint_description = url_member(m, o, "endpointDescription");
    each(m, r, json_object_get(o, "servesDataset"), add_served);
}

bool datajson_map(struct mapper *m, enum record_kind kind, const json_t *o,
                  struct driver_item *item)
{
    *item = (struct driver_item){0};
    if (!json_is_object(o))
        return map_fail(item, "it is not an object");
    struct str language = STR_NONE, ignored = STR_NONE;
    struct str title = member_text(o, "title", "titleMap", &language);
    const json_t *number =
        json_object_get(o, "title"); // "707", of a catalogue made by a spreadsheet
    if (!title.n && json_is_integer(number))
        title = arena_printf(m->arena, "%lld", (long long)json_integer_value(number));
    else if (!title.n && json_is_real(number))
        title = arena_printf(m->arena, "%.15g", json_real_value(number));
    struct str id = datajson_id(m->arena, o);
    struct record *r = map_record(m, kind, id, item);
    if (!r) {
        title = map_line(m, title, 150);
        return err_set(&item->error, ERR_RECORD,
                       "%s \"%.*s\" has no identifier, nor a page to know it by",
                       kind == KIND_DATASET ? "the dataset" : "the service", STR_ARG(title));
    }
    r->title = map_line(m, title, TITLE_MAX);
    if (!r->title.n)
        return map_fail(item, "it has no title");
    r->description = map_block(m, member_text(o, "description", "descriptionMap", &ignored));
    add_words(m, &r->keywords, json_object_get(o, "keyword"));
    add_words(m, &r->keywords, json_object_get(json_object_get(o, "keywordMap"), "fr"));
    add_words(m, &r->themes, json_object_get(o, "theme"));
    r->language = language_of(m, language.n ? language : label_of(json_object_get(o, "language")));
    map_publisher(m, json_object_get(o, "publisher"), r);
    each(m, r, json_object_get(o, "contactPoint"), add_contact);
    if (!r->contact_role.n) // of 1.0
        r->contact_role = contact_role(m->arena, STR_NONE, jget(o, "mbox"));
    map_licenses(m, o, r);
    map_access(o, r);
    map_dates(o, r);
    map_extent(m, r, json_object_get(o, "spatial"));
    map_quality(m, o, r);
    each(m, r, json_object_get(o, "conformsTo"), add_schema);
    if (kind == KIND_DATASERVICE)
        map_service(m, o, r);
    else
        map_all_distributions(m, o, r);
    map_pages(m, o, id, r);
    return true;
}
