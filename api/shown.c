// See shown.h.
#include "api/shown.h"

#include "base/log.h"

static bool has(const struct strs *list, struct str s)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i], s))
            return true;
    return false;
}

// What the index knows first, then what the record tells and the index does not have.
static void join_users(struct shown_record *r, struct arena *a)
{
    struct strs told = r->record.relations.used_by, ids = {0};
    for (size_t i = 0; i < r->users.n; i++)
        arena_push(a, &ids, r->users.v[i].id);
    r->used_by_total = r->users.total;
    bool all =
        r->users.total == (int64_t)r->users.n; // else what is told may be among those left out
    for (size_t i = 0; i < told.n && all; i++) {
        if (has(&ids, told.v[i]))
            continue;
        r->used_by_total++;
        if (ids.n < SEARCH_RELATED_MAX)
            arena_push(a, &ids, told.v[i]);
    }
    r->record.relations.used_by = ids;
}

bool shown_read(struct shown_record *out, const struct stored *stored, struct store *store,
                struct searcher *searcher, struct arena *a, struct err *e)
{
    struct brick brick;
    struct err own = {0};
    *out = (struct shown_record){.stored = stored};
    if (!brick_read(store, stored, a, &brick, e))
        return false;
    char hash[SHA256_HEX + 1];
    struct record *r = &out->record;
    *r = brick.record;
    hex(stored->hash, SHA256_BYTES, hash);
    r->first_seen = stored->first_seen;
    r->last_seen = stored->last_seen;
    r->last_changed = stored->last_changed;
    r->provenance.seq = stored->seq;
    r->provenance.harvested_at = stored->last_changed;
    r->provenance.hash = arena_str(a, str_of(hash));
    out->uses = brick.uses;
    out->others = brick.others;
    out->other_count = brick.other_count;
    // What cannot be told now is no reason not to show the record.
    if (searcher &&
        !searcher_related(searcher, stored->id, RELATED_USERS, SEARCH_RELATED_MAX, a, &out->users,
                          &own) &&
        own.code != ERR_NOT_FOUND)
        log_event(LOG_WARNING, "what uses a record cannot be told", F_STR("id", stored->id),
                  F_Z("error", own.what));
    join_users(out, a);
    return true;
}
