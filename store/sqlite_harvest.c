// Writing what a harvest brings, page by page, and what a complete sweep did not show: a transaction each.
// See store.h, sqlite.h.
//
// A record that did not change costs a look at its row and one small write to `sightings`; its body is neither
// compressed nor read.
#include "store/sqlite.h"

static bool write_item(struct sqlite_store *s, struct store_page *page, struct store_item *item,
                       struct err *e)
{
    struct run_counts *counts = &page->run->counts;
    struct sqlite_found found;
    if (!sqlite_find(s, item->id, item->figures, &found, e))
        return false;
    bool same_body = memcmp(found.hash, item->hash, sizeof item->hash) == 0;
    bool same_figures = found.same_figures && found.status == item->status && !found.missed;
    bool write = !page->dry_run, good = true;
    item->figures_moved = false;
    if (!found.rec) {
        item->outcome = ITEM_ADDED;
        counts->added++;
        good = !write || sqlite_add(s, page->run->source, item, page->now, &found.rec, e);
    } else if (found.removed) {
        item->outcome = ITEM_RESTORED;
        counts->restored++;
        good = !write || sqlite_restore(s, found.rec, item, page->now, e);
    } else if (!same_body || page->run->force) {
        item->outcome = ITEM_UPDATED;
        counts->updated++;
        good = !write || ((same_body ? sqlite_rewrite(s, found.rec, item, e)
                                     : sqlite_change(s, found.rec, item, page->now, e)) &&
                          (same_figures || sqlite_figures_update(s, found.rec, item, 0, e)));
    } else {
        item->outcome = ITEM_UNCHANGED;
        item->figures_moved = !same_figures;
        counts->unchanged++;
        counts->figures += !same_figures;
        good = !write || same_figures || sqlite_figures_update(s, found.rec, item, ++s->fseq, e);
    }
    bool moved = item->outcome != ITEM_UNCHANGED;
    return good && (!write || (sqlite_seen(s, found.rec, page->run->run, page->now, e) &&
                               sqlite_join_note(s, found.rec, item, moved, e)));
}

static bool write_unread(struct sqlite_store *s, const struct store_page *page, struct str id,
                         struct err *e)
{
    struct sqlite_found found;
    if (!sqlite_find(s, id, STR_NONE, &found, e))
        return false;
    if (!found.rec || found.removed)
        return true;
    return (!found.missed || sqlite_presence(s, &found, STATUS_ACTIVE, 0, page->now, e)) &&
           sqlite_seen(s, found.rec, page->run->run, page->now, e);
}

bool sqlite_run_settle(struct sqlite_store *s, struct run *run, struct err *e)
{
    if (!sqlite_join_settle(s, e))
        return false;
    if (s->seq != s->seq_before)
        run->last_seq = s->seq;
    if (s->fseq != s->fseq_before)
        run->last_fseq = s->fseq;
    return sqlite_run_write(s, run, e);
}

static bool write_page(struct sqlite_store *s, struct store_page *page, struct err *e)
{
    for (size_t i = 0; i < page->item_count; i++)
        if (!write_item(s, page, &page->items[i], e))
            return false;
    if (page->dry_run)
        return true;
    for (size_t i = 0; i < page->unread_count; i++)
        if (!write_unread(s, page, page->unread[i], e))
            return false;
    return sqlite_run_gone_add(s, page->run->run, page->gone, page->gone_count, e) &&
           sqlite_run_errors_add(s, page->run->run, page->errors, page->error_count,
                                 &page->run->error_count, e) &&
           sqlite_run_settle(s, page->run, e);
}

bool sqlite_page_write(struct store *store, struct store_page *page, struct err *e)
{
    struct sqlite_store *s = sqlite_of(store);
    const struct run before = *page->run;
    bool good;
    if (page->dry_run)
        good = write_page(s, page, e);
    else
        good = sqlite_begin(s, e) && sqlite_finish(s, write_page(s, page, e), e);
    if (!good)
        *page->run = before;
    else if (!page->dry_run)
        sqlite_dictionary_make(s);
    return good;
}

static bool write_absent(struct sqlite_store *s, struct run *run, const struct store_absent *absent,
                         int64_t now, struct err *e)
{
    struct sqlite_found found;
    if (!sqlite_find(s, absent->id, STR_NONE, &found, e))
        return false;
    if (!found.rec || found.removed)
        return true;
    switch (absent->what) {
    case ABSENT_MISSING:
        run->counts.missing++;
        return sqlite_presence(s, &found, STATUS_MISSING, found.missed + 1, now, e);
    case ABSENT_REMOVED:
        run->counts.removed++;
        return sqlite_remove(s, found.rec, now, e);
    case ABSENT_ARCHIVED:
        run->counts.figures += found.status != STATUS_ARCHIVED;
        return ((found.status == STATUS_ARCHIVED && !found.missed) ||
                sqlite_presence(s, &found, STATUS_ARCHIVED, 0, now, e)) &&
               sqlite_seen(s, found.rec, run->run, now, e);
    }
    return err_set(e, ERR_ARGUMENT, "no way to be absent has number %d", (int)absent->what);
}

bool sqlite_absences_write(struct store *store, struct run *run, const struct store_absent *absent,
                           size_t n, int64_t now, struct err *e)
{
    struct sqlite_store *s = sqlite_of(store);
    const struct run before = *run;
    if (!sqlite_begin(s, e))
        return false;
    bool good = true;
    for (size_t i = 0; i < n && good; i++)
        good = write_absent(s, run, &absent[i], now, e);
    good = good && sqlite_run_gone_forget(s, run->run, e);
    if (sqlite_finish(s, good && sqlite_run_settle(s, run, e), e))
        return true;
    *run = before;
    return false;
}
