// The codegouv driver: the repositories of code.gouv.fr: codegouvfr-repositories.json, repos_preprod.json (short keys), and the files of its
// first years (data/repositories/json/all.json: French keys, later English ones; repos.json: shorter ones); or objects as ecosyste.ms and GitHub write them.
// One array of tens of thousands, read part by part. Facts: codegouvfr/codegouvfr-output-data, codegouvfr-consolidate-data.
//
// A repository is known by its address alone: the normalised one is its id. Forks and templates say so in `type` and as a badge, so that
// the ranking can put them behind; those that are archived are.
#include "harvester/drivers/commons.h"

#include "base/json_stream.h"
#include "harvester/drivers/paging.h"
#include "harvester/normalise/item.h"
#include "harvester/normalise/raw.h"
#include "harvester/normalise/repository.h"
#include "harvester/normalise/spdx.h"

#include <stdio.h>
#include <stdlib.h>

enum { PART_ITEMS = 200, FULL_SCORE = 3000 };

struct reader {
    const struct driver_source *source;
    struct json_stream *stream;
    bool list;       // an element was there
    char other[100]; // the start of what is no list, for the message
};

// ---- A repository ---------------------------------------------------------------------------------

// repos_preprod.json gives the forge's host and the full name alone.
static struct str address_of(struct mapper *m, const json_t *o)
{
    struct str address = commons_text(o, "html_url repertoire_url repository_url id r url");
    struct str host = commons_text(o, "platform p"), name = commons_text(o, "full_name fn");
    if (!address.n && str_find_char(host, '.') > 0 && name.n)
        address = arena_printf(m->arena, "https://%.*s/%.*s", STR_ARG(host), STR_ARG(name));
    return address;
}

// "etalab", from a name, the address of its page, or an object.
static void map_owner(struct mapper *m, const json_t *o, struct str key, struct record *r)
{
    const json_t *owner = commons_any(o, "owner organisation_nom organization_name o");
    struct str login = json_is_object(owner) ? commons_text(owner, "login name") : jstr(owner);
    login = commons_last_segment(login);
    if (!login.n)
        return;
    struct str host = str_slice(key.p + 8, key.n - 8); // behind https://
    ptrdiff_t slash = str_find_char(host, '/');
    host.n = slash > 0 ? (size_t)slash : host.n;
    r->publisher.name = map_line(m, login, NAME_MAX);
    r->publisher.id = map_id(
        m, KIND_ORGANIZATION,
        text_code(m->arena, arena_printf(m->arena, "%.*s/%.*s", STR_ARG(host), STR_ARG(login)),
                  NAME_MAX));
}

static void map_figures(const json_t *o, struct record *r)
{
    r->popularity.stars = commons_count(o, "stars stargazers_count nombre_stars stars_count s");
    r->popularity.reuses = commons_count(o, "forks_count nombre_forks f"); // a fork is a reuse
    r->popularity.followers = commons_count(o, "subscribers_count");
    int64_t score = commons_count(o, "awesome-score a");
    if (score >= 0)
        r->quality.score = score > FULL_SCORE ? 1 : (double)score / FULL_SCORE;
    r->modified = commons_date(o, "updated_at derniere_mise_a_jour last_update u");
    if (commons_flag(o, "archived est_archive is_archived a?"))
        r->status = STATUS_ARCHIVED;
}

static void mark(struct mapper *m, struct record *r, const char *what)
{
    if (!r->type.n)
        r->type = str_of(what);
    map_add_word(m, &r->badges, str_of(what));
}

// What it was forked from, where that is told by name or address: a key of repository_key.
static void map_parent(struct mapper *m, const json_t *o, struct str key, struct record *r)
{
    const json_t *parent = commons_any(o, "parent source_name");
    struct str name =
        json_is_object(parent) ? commons_text(parent, "html_url full_name") : jstr(parent);
    struct str host = str_slice(key.p, key.n);
    ptrdiff_t slash = str_find_char(str_slice(key.p + 8, key.n - 8), '/');
    if (!name.n || slash <= 0)
        return;
    host.n = (size_t)slash + 8;
    if (str_find(name, STR("://")) < 0)
        name = arena_printf(m->arena, "%.*s/%.*s", STR_ARG(host), STR_ARG(name));
    map_add_relation(m, &r->relations.uses, repository_key(m->arena, name));
}

static void map_repository(struct mapper *m, const json_t *o, struct driver_item *item)
{
    struct str address = address_of(m, o), key = repository_key(m->arena, address);
    if (!key.n) {
        item->id = map_id(m, KIND_SOFTWARE, address);
        map_fail(item, "its address is that of no repository");
        return;
    }
    struct record *r = map_record(m, KIND_SOFTWARE, str_slice(key.p + 8, key.n - 8), item);
    if (!r)
        return;
    struct str name = commons_text(o, "repo_name nom n");
    if (!name.n)
        name = commons_last_segment(commons_text(o, "full_name fn name"));
    r->title = map_line(m, name.n ? name : commons_last_segment(key), TITLE_MAX);
    r->description = map_block(m, commons_text(o, "description d"));
    r->repository_url = map_web(m, address);
    if (!r->repository_url.n)
        r->repository_url = key;
    r->provenance.remote_url = r->repository_url;
    r->landing_page = commons_web(m, o, "homepage page_accueil");
    if (!r->landing_page.n)
        r->landing_page = r->repository_url;
    map_add_words(m, &r->programming_languages, commons_any(o, "language langage l"));
    map_add_words(m, &r->keywords, commons_any(o, "topics t"));
    const json_t *license = commons_any(o, "license licence li");
    map_spdx(m, r, json_is_object(license) ? commons_text(license, "spdx_id name") : jstr(license));
    r->issued = commons_date(o, "created_at date_creation creation_date");
    map_owner(m, o, key, r);
    if (commons_flag(o, "fork est_fork is_fork f?"))
        mark(m, r, "fork");
    if (commons_flag(o, "template is_template t?"))
        mark(m, r, "template");
    if (commons_flag(o, "publiccode p?"))
        map_add_word(m, &r->badges, STR("publiccode"));
    if (commons_flag(o, "contributing c?"))
        map_add_word(m, &r->badges, STR("contributing"));
    map_figures(o, r);
    map_parent(m, o, key, r);
}

// ---- The file -------------------------------------------------------------------------------------

static void *open_list(const struct driver_source *source, struct str cursor,
                       const struct driver_document *document, struct err *e)
{
    if (cursor.n) {
        err_set(e, ERR_CONFLICT, "the cursor is of another configuration of the source");
        return NULL;
    }
    struct reader *r = xcalloc(1, sizeof *r);
    r->source = source;
    r->stream = json_stream_new(document->fd);
    return r;
}

static void take_part(struct mapper *m, const struct json_part *part, struct driver_page *out)
{
    struct driver_item *item = &out->items[out->item_count++];
    *item = (struct driver_item){0};
    if (part->too_large) {
        err_set(&item->error, ERR_REFUSED, "the repository at byte %llu is larger than %d bytes",
                (unsigned long long)part->offset, JSON_PART_MAX);
        return;
    }
    json_t *o = map_item_json(m, KIND_SOFTWARE, part->text, "html_url", 1, &out->repaired, item);
    if (!o) {
        struct str key = repository_key(m->arena, raw_word(part->text, "html_url", m->arena));
        if (!key.n)
            key = repository_key(m->arena, raw_word(part->text, "id", m->arena));
        item->id = key.n ? map_id(m, KIND_SOFTWARE, str_slice(key.p + 8, key.n - 8)) : STR_NONE;
        return;
    }
    if (json_is_object(o))
        map_repository(m, o, item);
    else
        err_set(&item->error, ERR_RECORD, "the item is not an object");
    json_decref(o);
}

static bool next_part(void *reader, struct arena *a, struct driver_page *out, bool *last,
                      struct err *e)
{
    struct reader *r = reader;
    struct mapper m = {.source = r->source, .arena = a};
    struct json_part part;
    struct err why = {0};
    *out = (struct driver_page){.kind = KIND_SOFTWARE, .announced = -1};
    out->items = ARENA_ARRAY(a, struct driver_item, PART_ITEMS);
    *last = false;
    while (out->item_count < PART_ITEMS && !*last) {
        if (!json_stream_next(r->stream, &part, &why)) {
            if (why.code != ERR_NONE) {
                if (e)
                    *e = why;
                return false;
            }
            *last = true;
        } else if (part.element || !part.member.n) {
            r->list = true;
            take_part(&m, &part, out);
        } else if (!r->other[0]) {
            struct str member = str_cut_utf8(part.member, 20), value = str_cut_utf8(part.text, 50);
            snprintf(r->other, sizeof r->other, "{\"%.*s\": %.*s", STR_ARG(member), STR_ARG(value));
        }
    }
    if (*last && !r->list && r->other[0])
        return commons_is_not("a list of repositories", str_of(r->other), e);
    paging_counts(out, &m);
    return true;
}

static void close_list(void *reader)
{
    struct reader *r = reader;
    json_stream_free(r->stream);
    free(r);
}

static const struct driver_clue clues[] = {
    {"", {"\"full_name\":", "\"html_url\":", "\"platform\":", "\"owner\":"}, false},
    {"", {"\"fn\":", "\"li\":", "\"p\":", "\"u\":"}, false},
    {NULL, {NULL}, false}};

const struct driver driver_codegouv = {
    .type = "codegouv",
    .clues = clues,
    .kinds = 1u << KIND_SOFTWARE,
    .main_kind = KIND_SOFTWARE,
    .request = commons_request,
    .open = open_list,
    .next = next_part,
    .close = close_list,
    .files = true,
};
