// See export.h: one record in any format.
#include "api/export.h"

#include "api/json.h"

bool export_format_find(struct str name, enum export_format *out)
{
    static const struct str names[] = {STR("jsonl"), STR("csv"), STR("dcat")};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(name, names[i])) {
            *out = (enum export_format)i;
            return true;
        }
    return false;
}

void export_begin(struct buf *b, const struct export *x)
{
    if (x->format == EXPORT_CSV)
        csv_header(b);
    else if (x->format == EXPORT_DCAT)
        dcat_header(b, x->public_url);
}

static void json_tombstone(struct buf *b, const struct stored *r)
{
    json_open(b, '{');
    json_key(b, "id");
    json_str(b, r->id);
    json_key(b, "kind");
    json_str(b, record_kind_name(r->kind));
    json_key(b, "status");
    json_str(b, STR("removed"));
    json_key(b, "source");
    json_str(b, r->source);
    json_instant(b, "first_seen", r->first_seen);
    json_instant(b, "last_seen", r->last_seen);
    json_instant(b, "removed_at", r->removed_at);
    json_key(b, "seq");
    json_int(b, r->seq);
    json_close(b, '}');
    buf_addc(b, '\n');
}

static enum export_outcome tombstone(struct buf *b, struct export *x, const struct stored *r)
{
    if (x->format == EXPORT_DCAT) {
        x->removed_left_out++;
        return EXPORT_LEFT_OUT;
    }
    if (x->format == EXPORT_CSV)
        csv_tombstone(b, r);
    else
        json_tombstone(b, r);
    x->written++;
    return EXPORT_WRITTEN;
}

static bool add(struct buf *b, const struct export *x, const struct shown_record *shown,
                struct arena *a)
{
    if (x->format == EXPORT_DCAT)
        return dcat_record(b, shown, x->public_url, a);
    if (x->format == EXPORT_CSV) {
        csv_record(b, &shown->record);
        return true;
    }
    json_record(b, shown, NULL, 0);
    buf_addc(b, '\n');
    return true;
}

enum export_outcome export_record(struct buf *b, struct export *x, struct str id, bool removed,
                                  struct store *store, struct searcher *searcher, struct arena *a,
                                  struct err *e)
{
    struct stored stored;
    struct shown_record shown;
    bool found = store_get(store, id, a, &stored, e);
    if (found && stored.removed)
        return removed ? tombstone(b, x, &stored) : EXPORT_ABSENT;
    // Only JSON tells who uses a record, which the index is asked for.
    if (!found ||
        !shown_read(&shown, &stored, store, x->format == EXPORT_JSONL ? searcher : NULL, a, e))
        return e->code == ERR_NOT_FOUND ? EXPORT_ABSENT
               : e->code == ERR_CORRUPT ? EXPORT_DAMAGED
                                        : EXPORT_FAILED;
    if (!add(b, x, &shown, a)) {
        x->left_out[stored.kind]++;
        return EXPORT_LEFT_OUT;
    }
    x->written++;
    return EXPORT_WRITTEN;
}
