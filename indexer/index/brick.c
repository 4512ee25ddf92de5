// See brick.h.
#include "indexer/index/brick.h"

#include "indexer/index/usage.h"
#include "store/record_json.h"

struct reading {
    struct brick *brick;
    const struct stored *origin;
    struct arena *arena;
};

static bool has(const struct strs *list, struct str s)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i], s))
            return true;
    return false;
}

static void add_once(struct arena *a, struct strs *list, struct str s)
{
    if (s.n && list->n < BRICK_RELATIONS_MAX && !has(list, s))
        arena_push(a, list, s);
}

static void add_all(struct arena *a, struct strs *list, struct strs more)
{
    struct strs sum = {0}; // the record's own array is not to be grown
    for (size_t i = 0; i < list->n; i++)
        add_once(a, &sum, list->v[i]);
    for (size_t i = 0; i < more.n; i++)
        add_once(a, &sum, more.v[i]);
    *list = sum;
}

// ---- Relations -----------------------------------------------------------------------------------

// A relation is the id of a record of the same source, or another name of one, which the store looks up (struct stored, mentioned).
static bool is_id_of(struct str name, struct str source)
{
    return name.n > source.n + 1 && str_starts(name, source) && name.p[source.n] == ':';
}

static bool is_itself(const struct reading *x, struct str id)
{
    return str_eq(id, x->origin->id) || has(&x->origin->also_in, id);
}

static struct strs without_itself(const struct reading *x, struct strs names)
{
    struct strs list = {0};
    for (size_t i = 0; i < names.n; i++)
        if (!is_itself(x, names.v[i]))
            arena_push(x->arena, &list, names.v[i]);
    return list;
}

static void add_ids(struct reading *x, struct strs *out, struct strs names, struct str source)
{
    for (size_t i = 0; i < names.n; i++)
        if (is_id_of(names.v[i], source) && !is_itself(x, names.v[i]))
            add_once(x->arena, out, names.v[i]);
}

static void add_relations(struct reading *x, const struct record *r, const struct stored *stored)
{
    struct brick *b = x->brick;
    struct strs mentioned = {0};
    for (size_t i = 0; i < stored->mentioned.n; i++)
        if (!is_itself(x, stored->mentioned.v[i]))
            add_once(x->arena, &mentioned, stored->mentioned.v[i]);
    add_ids(x, &b->uses, r->relations.serves_dataset, r->provenance.source);
    add_ids(x, &b->uses, r->relations.uses, r->provenance.source);
    add_all(x->arena, &b->uses, mentioned);
    add_ids(x, &b->used_by, r->relations.used_by, r->provenance.source);
    add_all(x->arena,
            r->kind == KIND_DATASERVICE ? &b->record.relations.serves_dataset
                                        : &b->record.relations.uses,
            mentioned);
}

// ---- What another member adds ----------------------------------------------------------------------

static void complete_count(int64_t *count, int64_t other)
{
    *count = *count < 0 ? other : *count;
}

static void complete_list(struct strs *list, struct strs other)
{
    *list = list->n ? *list : other;
}

static void complete_figures(struct record *r, const struct record *other)
{
    complete_count(&r->popularity.views, other->popularity.views);
    complete_count(&r->popularity.followers, other->popularity.followers);
    complete_count(&r->popularity.reuses, other->popularity.reuses);
    complete_count(&r->popularity.downloads, other->popularity.downloads);
    complete_count(&r->popularity.stars, other->popularity.stars);
    if (r->quality.score < 0)
        r->quality = other->quality;
    if (r->availability < 0)
        r->availability = other->availability;
}

static void complete_content(struct record *r, const struct record *other)
{
    if (!r->spatial.zones.n && !r->spatial.labels.n)
        r->spatial = other->spatial;
    if (!r->temporal.start.precision && !r->temporal.end.precision)
        r->temporal = other->temporal;
    if (!r->frequency.n)
        r->frequency = other->frequency;
    complete_list(&r->themes, other->themes);
    complete_list(&r->conforms_to, other->conforms_to);
    if (!r->field_count) {
        r->fields = other->fields;
        r->field_count = other->field_count;
    }
}

// Badges without those that tell of one repository only.
static struct strs of_the_thing(struct arena *a, struct strs badges)
{
    struct strs list = {0};
    for (size_t i = 0; i < badges.n; i++)
        if (!str_eq(badges.v[i], STR("fork")) && !str_eq(badges.v[i], STR("template")))
            arena_push(a, &list, badges.v[i]);
    return list;
}

static void add_member(struct reading *x, const struct stored *stored, const struct record *other)
{
    struct record *r = &x->brick->record;
    complete_figures(r, other);
    complete_content(r, other);
    add_all(x->arena, &r->badges, of_the_thing(x->arena, other->badges));
    add_all(x->arena, &r->users, other->users);
    add_all(x->arena, &r->relations.serves_dataset,
            without_itself(x, other->relations.serves_dataset));
    add_all(x->arena, &r->relations.uses, without_itself(x, other->relations.uses));
    add_all(x->arena, &r->relations.used_by, without_itself(x, other->relations.used_by));
    add_relations(x, other, stored);
}

// False on an error of the store; *there tells whether the member can be read.
static bool read_member(struct reading *x, struct store *store, struct str id,
                        struct stored *stored, struct record *out, bool *there, struct err *e)
{
    struct err own = {0};
    *there = store_get(store, id, x->arena, stored, &own) && !stored->removed &&
             record_read(out, stored->body, stored->figures, x->arena, &own);
    if (*there || own.code == ERR_NONE || own.code == ERR_NOT_FOUND || own.code == ERR_CORRUPT)
        return true;
    if (e)
        *e = own;
    return false;
}

bool brick_read(struct store *store, const struct stored *stored, struct arena *a,
                struct brick *out, struct err *e)
{
    struct reading x = {out, stored, a};
    *out = (struct brick){0};
    if (!record_read(&out->record, stored->body, stored->figures, a, e))
        return false;
    out->record.status = stored->status;
    out->record.also_in = stored->also_in;
    out->use_is_unknown = usage_is_unknown(&out->record);
    add_relations(&x, &out->record, stored);
    if (stored->behind || !stored->also_in.n)
        return true;
    out->others = ARENA_ARRAY(a, struct record, stored->also_in.n);
    for (size_t i = 0; i < stored->also_in.n; i++) {
        struct stored member;
        struct record *r = &out->others[out->other_count];
        bool there;
        if (!read_member(&x, store, stored->also_in.v[i], &member, r, &there, e))
            return false;
        if (!there)
            continue;
        add_member(&x, &member, r);
        out->other_count++;
    }
    return true;
}
