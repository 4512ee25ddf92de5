// A publiccode.yml as a record. Versions 0.1 to 0.5 differ little: what is new is read beside what is old. Source: the standard
// (publiccodeyml/publiccode.yml, docs/standard/schema.core.rst); awesome-codegouvfr's schema, which adds a few keys.
//
// Contacts are persons, by the standard's own word: none is kept.
#include "harvester/drivers/publiccode/publiccode.h"

#include "base/buf.h"
#include "harvester/drivers/commons.h"
#include "harvester/normalise/repository.h"
#include "harvester/normalise/spdx.h"

// ---- Texts in the language that is read here ------------------------------------------------------

// The description in French, else in English, else the first: of "fr", "fr-FR", "fr_CA" the subtag counts.
static const json_t *find_description(const json_t *yml, struct str *language)
{
    static const char *const preferred[] = {"fr", "en"};
    const json_t *all = jget_object(yml, "description");
    const char *key;
    json_t *v;
    for (size_t i = 0; i < sizeof preferred / sizeof *preferred; i++)
        json_object_foreach((json_t *)all, key, v)
        {
            bool same =
                str_eq_nocase(str_slice(key, strlen(key) < 2 ? 0 : 2), str_of(preferred[i])) &&
                (!key[2] || key[2] == '-' || key[2] == '_');
            if (same && json_is_object(v)) {
                *language = str_of(preferred[i]);
                return v;
            }
        }
    json_object_foreach((json_t *)all, key, v)
    {
        if (!json_is_object(v))
            continue;
        *language = str_of(key);
        return v;
    }
    return NULL;
}

static struct str features_of(struct mapper *m, const json_t *description)
{
    struct buf b = {0};
    size_t i;
    const json_t *v;
    json_array_foreach(commons_any(description, "features featureList"), i, v)
    {
        struct str feature = map_line(m, jstr(v), NAME_MAX);
        if (feature.n && i < KEYWORDS_MAX)
            buf_addf(&b, "%s- %.*s", b.n ? "\n" : "", STR_ARG(feature));
    }
    struct str text = b.n ? arena_str(m->arena, buf_str(&b)) : STR_NONE;
    buf_free(&b);
    return text;
}

static void map_texts(struct mapper *m, const json_t *yml, struct record *r)
{
    struct str language = STR_NONE;
    const json_t *d = find_description(yml, &language);
    struct str name = commons_text(d, "localisedName"), suite = jget(yml, "applicationSuite");
    r->title = map_line(m, name.n ? name : commons_text(yml, "name"), TITLE_MAX);
    r->description = commons_paragraphs(
        m,
        (struct str[]){commons_text(d, "shortDescription shortdesc"),
                       commons_text(d, "longDescription longdesc"), features_of(m, d)},
        3);
    r->language = text_code(m->arena, language, 20);
    r->documentation_url = commons_web(m, d, "documentation apiDocumentation");
    map_add_word(m, &r->keywords, jget(d, "genericName"));
    if (!str_eq(suite, jget(yml, "name")))
        map_add_word(m, &r->keywords, suite);
}

// ---- Who, for whom --------------------------------------------------------------------------------

static void map_publisher(struct mapper *m, const json_t *yml, struct record *r)
{
    const json_t *organisation = commons_any(yml, "organisation organization"),
                 *legal = jget_object(yml, "legal");
    struct str name = commons_text(organisation, "name");
    if (!name.n)
        name = commons_text(legal, "repoOwner mainCopyrightOwner");
    r->publisher.name = map_line(m, name, NAME_MAX);
    r->publisher.id = map_id(m, KIND_ORGANIZATION, name);
}

static void map_names(struct mapper *m, const json_t *list, struct strs *into)
{
    size_t i;
    const json_t *v;
    json_array_foreach(list, i, v)
        map_add_word(m, into, json_is_string(v) ? jstr(v) : commons_text(v, "name"));
}

static void map_audience(struct mapper *m, const json_t *yml, struct record *r)
{
    const json_t *audience = jget_object(yml, "intendedAudience"), *v;
    size_t i;
    json_array_foreach(jget_array(audience, "countries"), i, v)
    {
        struct str country = text_code(m->arena, jstr(v), 10);
        if (country.n == 2)
            map_add_zone(m, r, arena_printf(m->arena, "country:%.*s", STR_ARG(country)), STR_NONE);
    }
    if (r->spatial.zones.n)
        r->spatial.granularity = STR("country");
    map_add_words(m, &r->themes, commons_any(audience, "scope"));
}

// ---- The software ---------------------------------------------------------------------------------

static void map_links(struct mapper *m, const json_t *yml, const json_t *about, struct record *r)
{
    commons_repository(m, r, commons_any(yml, "url"));
    if (!r->repository_url.n)
        commons_repository(m, r, commons_any(about, "url"));
    r->landing_page = commons_web(m, yml, "landingURL landingUrl");
    if (!r->landing_page.n)
        r->landing_page = r->repository_url;
    const json_t *based = commons_any(yml, "isBasedOn"), *v;
    size_t i;
    map_add_relation(m, &r->relations.uses, repository_key(m->arena, jstr(based)));
    json_array_foreach(based, i, v)
        map_add_relation(m, &r->relations.uses, repository_key(m->arena, jstr(v)));
}

static void map_state(struct mapper *m, const json_t *yml, const json_t *about, struct record *r)
{
    r->development_status = text_code(m->arena, jget(yml, "developmentStatus"), KEYWORD_MAX);
    const json_t *active = json_object_get(about, "active");
    if (str_eq(r->development_status, STR("obsolete")) || json_is_false(active))
        r->status = STATUS_ARCHIVED;
    r->modified = commons_date(yml, "releaseDate");
    if (r->modified.precision == DATE_NONE)
        r->modified = commons_date(jget_object(yml, "latestRelease"), "date");
    if (r->modified.precision == DATE_NONE)
        r->modified = commons_date(about, "updatedAt");
    r->issued = commons_date(yml, "creationDate");
}

static void map_words(struct mapper *m, const json_t *yml, struct record *r)
{
    r->type = text_code(m->arena, jget(yml, "softwareType"), KEYWORD_MAX);
    map_add_words(m, &r->themes, commons_any(yml, "categories"));
    map_add_words(m, &r->keywords, commons_any(yml, "tags"));
    map_add_words(m, &r->keywords, commons_any(yml, "platforms"));
    map_names(m, commons_any(yml, "usedBy"), &r->users);
    map_names(m, commons_any(yml, "fundedBy"), &r->keywords);
    map_spdx(m, r, commons_text(jget_object(yml, "legal"), "license"));
}

bool publiccode_map(struct mapper *m, const json_t *yml, const struct publiccode_entry *entry,
                    struct driver_item *item)
{
    struct str url = jget(yml, "url"), key = repository_key(m->arena, repository_find(url)),
               id = entry->id;
    if (!id.n)
        id = key.n ? str_slice(key.p + 8, key.n - 8) : jget(yml, "name");
    struct record *r = map_record(m, KIND_SOFTWARE, id, item);
    if (!r)
        return false;
    map_texts(m, yml, r);
    if (!r->title.n)
        return map_fail(item, "its publiccode.yml has no name");
    map_publisher(m, yml, r);
    map_audience(m, yml, r);
    map_links(m, yml, entry->about, r);
    map_state(m, yml, entry->about, r);
    map_words(m, yml, r);
    size_t i;
    const json_t *v;
    json_array_foreach(jget_array(entry->about, "aliases"), i, v)
    {
        struct str alias = map_web(m, jstr(v));
        if (alias.n && r->aliases.n < KEYWORDS_MAX)
            arena_push(m->arena, &r->aliases, alias);
    }
    return true;
}
