// The sill driver: the catalogues of free software of the French State (code.gouv.fr/sill, and others that run catalogi): api/sill.json,
// one array. Its members have had several names, which are all read: those of the compiled file (name, softwareExternalData), those of the
// site's own API (softwareName, codeRepositoryUrl), those after schema.org (applicationCategories), and the short ones of the first
// sill.json (i, f, l). Facts: codegouvfr/sill, api/src/core.
#include "harvester/drivers/commons.h"

#include "harvester/normalise/repository.h"
#include "harvester/normalise/spdx.h"

#define SERVICE "https://code.gouv.fr/sill"

// A Wikidata item: "Q171477".
static bool is_item(struct str s)
{
    int64_t number;
    return s.n > 1 && s.n < 15 && s.p[0] == 'Q' && s.p[1] != '0' &&
           str_to_int(str_slice(s.p + 1, s.n - 1), 1, INT64_MAX, &number) && s.p[1] != '+';
}

// What other catalogues know about the same software: Wikidata, HAL, comptoir-du-libre.org.
struct outside {
    const json_t *data, *comptoir, *links;
};

static struct outside outside_of(const json_t *o)
{
    const json_t *comptoir = commons_any(o, "comptoirDuLibreSoftware");
    return (struct outside){commons_any(o, "softwareExternalData wikidataSoftware wikidataData"),
                            comptoir, commons_any(comptoir, "external_resources")};
}

// A catalogue's own number is no key elsewhere: only Wikidata's is kept.
static void map_origin(struct mapper *m, const json_t *o, const struct outside *outside,
                       struct record *r)
{
    const json_t *candidates[] = {json_object_get(o, "externalId"),
                                  json_object_get(o, "externalIdForSource"),
                                  json_object_get(o, "wikidataId"),
                                  json_object_get(outside->data, "externalId"),
                                  json_object_get(outside->data, "wikidataId"),
                                  json_object_get(outside->data, "id")};
    struct str item = STR_NONE;
    for (size_t i = 0; i < sizeof candidates / sizeof *candidates && !item.n; i++)
        if (is_item(str_trim(jstr(candidates[i]))))
            item = str_trim(jstr(candidates[i]));
    size_t i;
    const json_t *v;
    json_array_foreach(commons_any(o, "identifiers"), i, v)
    {
        if (!item.n && is_item(jget(v, "value")))
            item = jget(v, "value");
    }
    if (!item.n)
        return;
    r->provenance.origin_id = arena_str(m->arena, item);
    r->provenance.origin_url =
        arena_printf(m->arena, "http://www.wikidata.org/entity/%.*s", STR_ARG(item));
}

static void map_texts(struct mapper *m, const json_t *o, const struct outside *outside,
                      struct record *r)
{
    const json_t *left = commons_any(o, "dereferencing");
    struct str reason = map_line_of(m, left, "reason", NAME_MAX), gone = STR_NONE;
    if (left)
        gone = reason.n ? arena_printf(m->arena, "Retiré du catalogue : %.*s", STR_ARG(reason))
                        : STR("Retiré du catalogue.");
    struct str own =
        map_localised(commons_any(o, "description softwareDescription fr-desc f"), &r->language);
    r->description = commons_paragraphs(
        m,
        (struct str[]){own, commons_text(o, "f"), commons_text(o, "generalInfoMd u"),
                       own.n ? STR_NONE : commons_text(outside->data, "description"), gone},
        5);
    if (!r->language.n)
        r->language = STR("fr");
    if (left || str_eq(jget(commons_any(o, "status"), "type"), STR("archived")))
        r->status = STATUS_ARCHIVED;
}

static void map_links(struct mapper *m, const json_t *o, const struct outside *outside,
                      struct record *r)
{
    commons_repository(m, r, commons_any(o, "codeRepositoryUrl sources"));
    if (!r->repository_url.n)
        commons_repository(m, r, commons_any(outside->data, "sourceUrl"));
    if (!r->repository_url.n)
        commons_repository(m, r, commons_any(outside->links, "repository"));
    r->landing_page = commons_web(m, o, "websiteUrl officialWebsiteUrl url website");
    if (!r->landing_page.n)
        r->landing_page = commons_web(m, outside->data, "websiteUrl");
    if (!r->landing_page.n)
        r->landing_page = commons_web(m, outside->links, "website");
    r->documentation_url = commons_web(m, o, "documentationUrl softwareHelp doc");
    if (!r->documentation_url.n)
        r->documentation_url = commons_web(m, outside->data, "documentationUrl");
}

// Organisations that say that they use it. How many agents of each moves: a figure.
static void map_users(struct mapper *m, const json_t *o, const struct outside *outside,
                      struct record *r)
{
    const char *name;
    json_t *v;
    const json_t *counts = commons_any(o, "userAndReferentCountByOrganization"), *u;
    size_t i;
    int64_t users = 0, referents = 0;
    json_object_foreach((json_t *)counts, name, v)
    {
        map_add_word(m, &r->users, str_of(name));
        users += jget_int(v, "userCount", 0);
        referents += jget_int(v, "referentCount", 0);
    }
    if (counts) {
        r->popularity.reuses = users;
        r->popularity.followers = referents;
    }
    json_array_foreach(commons_any(o, "instances"), i, u)
        map_add_word(m, &r->users, jget(u, "organization"));
    json_array_foreach(commons_any(outside->comptoir, "users"), i, u)
    {
        if (!str_eq_nocase(jget(u, "type"), STR("Person")))
            map_add_word(m, &r->users, jget(u, "name"));
    }
}

// What it may stand in for: the names of similar software, free or not. Numbers are other entries of the same list.
static void map_words(struct mapper *m, const json_t *o, const struct outside *outside,
                      struct record *r)
{
    const json_t *v, *type = commons_any(o, "softwareType"), *on;
    size_t i;
    const char *os;
    map_add_words(m, &r->keywords, commons_any(o, "keywords"));
    map_add_words(m, &r->keywords, commons_any(outside->data, "keywords"));
    json_array_foreach(commons_any(o, "similarExternalSoftwares similarSoftwares"), i, v)
        map_add_word(m, &r->keywords,
                     json_is_string(v) ? jstr(v) : commons_text(v, "label softwareName name"));
    map_add_words(m, &r->themes, commons_any(o, "categories applicationCategories c"));
    map_add_words(m, &r->themes, commons_any(o, "se"));
    r->type =
        text_code(m->arena, json_is_string(type) ? jstr(type) : jget(type, "type"), KEYWORD_MAX);
    const json_t *systems = commons_any(o, "operatingSystems");
    json_object_foreach((json_t *)(systems ? systems : commons_any(type, "os")), os, on)
    {
        if (json_is_true(on))
            map_add_word(m, &r->keywords, str_of(os));
    }
    map_add_words(m, &r->programming_languages, commons_any(o, "programmingLanguages"));
    map_add_words(m, &r->programming_languages, commons_any(outside->data, "programmingLanguages"));
}

static bool told(const json_t *o, const char *names)
{
    return commons_flag(o, names) ||
           commons_flag(commons_any(o, "prerogatives customAttributes"), names) ||
           str_eq(jstr(commons_any(o, names)), STR("Oui"));
}

static void map_badges(struct mapper *m, const json_t *o, struct record *r)
{
    if (told(o, "isFromFrenchPublicService isFromFrenchPublicServices a"))
        map_add_word(m, &r->badges, STR("french-public-service"));
    if (told(o, "isPresentInSupportContract su"))
        map_add_word(m, &r->badges, STR("support-contract"));
    if (told(o, "doRespectRgaa"))
        map_add_word(m, &r->badges, STR("rgaa"));
    if (told(o, "isStillInObservation") || str_eq(jget(o, "st"), STR("O")))
        map_add_word(m, &r->badges, STR("in-observation"));
    if (str_eq(jget(o, "st"), STR("FR"))) // its recommendation has ended
        r->status = STATUS_ARCHIVED;
}

static void map_software(struct mapper *m, const json_t *o, const json_t *envelope,
                         struct driver_item *item)
{
    (void)envelope;
    struct record *r = map_record(m, KIND_SOFTWARE, commons_word(m, o, "id softwareId"), item);
    if (!r)
        return;
    struct outside outside = outside_of(o);
    struct str name = commons_text(o, "name softwareName i");
    r->title = map_line(m, name.n ? name : commons_text(outside.data, "label"), TITLE_MAX);
    if (!r->title.n) {
        map_fail(item, "the software has no name");
        return;
    }
    map_texts(m, o, &outside, r);
    map_origin(m, o, &outside, r);
    map_links(m, o, &outside, r);
    map_users(m, o, &outside, r);
    map_words(m, o, &outside, r);
    map_badges(m, o, r);
    struct str license = commons_text(o, "license l");
    map_spdx(m, r, license.n ? license : commons_text(outside.data, "license"));
    r->issued = commons_date(o, "referencedSinceTime addedTime");
    r->modified = commons_date(o, "updateTime");
    struct str page = commons_percent_encode(m->arena, r->title);
    r->provenance.remote_url = arena_printf(m->arena, "%.*s/detail?name=%.*s",
                                            STR_ARG(commons_site(m, SERVICE)), STR_ARG(page));
    if (!r->landing_page.n)
        r->landing_page = r->provenance.remote_url;
}

static const struct commons_list softwares = {
    .what = "a list of software",
    .arrays = "catalog data result json softwares",
    .id = "id",
    .map = map_software,
};

static bool read_page(const struct driver_source *source, struct str cursor,
                      const struct driver_response *responses, size_t response_count,
                      struct arena *a, struct driver_page *out, struct err *e)
{
    (void)cursor, (void)response_count;
    return commons_read(&softwares, source, responses, a, out, e);
}

static const struct driver_clue clues[] = {
    {"", {"\"isFromFrenchPublicService\":", "\"softwareExternalData\":"}, false},
    {"", {"\"isFromFrenchPublicService\":", "\"versionMin\":"}, false},
    {"/sill/api/sill.json", {"\"isFromFrenchPublicService\":"}, true},
    {NULL, {NULL}, false}};

const struct driver driver_sill = {
    .type = "sill",
    .clues = clues,
    .kinds = 1u << KIND_SOFTWARE,
    .main_kind = KIND_SOFTWARE,
    .request = commons_request,
    .read = read_page,
    .files = true,
};
