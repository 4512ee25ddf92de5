// See indexer.h.
#include "indexer/index/indexer.h"

#include "base/date.h"
#include "base/log.h"
#include "indexer/index/document.h"
#include "indexer/index/fields.h"
#include "indexer/index/generation.h"
#include "indexer/index/target.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
    READ_RECORDS = 250,  // read from the store at once
    BATCH_RECORDS = 500, // in one commit: small batches keep Xapian's inverter in the cache
    BATCH_FIGURES = 5000,
    POLL_SECONDS = 2, // another process may write the store
    RETRY_SECONDS = 10,
    // An index that is this far behind, and by as many records as it has documents, is filled in parts.
    FILL_LEAST = 5000,
    // A first harvest is shown as it comes: merging takes one part in so many of the time.
    MERGE_SHARE = 40,
};

struct indexer {
    struct indexer_settings settings;
    uv_async_t wake;
    pthread_t thread;
    pthread_mutex_t lock; // of what follows
    pthread_cond_t ready;
    bool notified, stopping, rebuild_wanted;
    struct indexer_state state;

    // The thread's own:
    struct store *store;
    struct analyzer *analyzer;
    struct document_maker *maker;
    struct xap_doc *doc;
    struct target current, fresh; // fresh: the one being built, when it is open
    struct arena arena, one;      // of a batch; of one record within it
};

// ---- Bringing it up to the store -----------------------------------------------------------------

struct work_done {
    uint64_t indexed, removed, figures, commits;
};

// Damage of the store must not be taken for the index's own, which is mended by building it again.
static bool store_failed(struct err *e)
{
    e->code = e->code == ERR_CORRUPT ? ERR_IO : e->code;
    return false;
}

// What cannot be read back is the store's trouble with one record: the rest must still be found. True when that is all it was.
static bool unreadable(const struct stored *r, struct err *e)
{
    if (e->code != ERR_CORRUPT)
        return false;
    log_event(LOG_ERROR, "record left out of the index", F_STR("record", r->id),
              F_Z("why", e->what));
    *e = (struct err){0};
    return true;
}

static bool write_record(struct indexer *x, struct target *t, const struct stored *r,
                         struct work_done *done, struct err *e)
{
    char term[UNIQUE_TERM_MAX + 1];
    struct str unique = index_unique_term(r->id, term);
    if (r->removed) {
        done->removed++;
        return target_delete(t, unique, e);
    }
    if (r->behind) // the origin's document stands for it
        return target_delete(t, unique, e);
    if (!document_make(x->maker, x->store, r, x->doc, e))
        return unreadable(r, e) && target_delete(t, unique, e);
    done->indexed++;
    return target_put(t, r->rec, unique, x->doc, e);
}

// Up to BATCH_RECORDS changes after t->seq; *more tells whether there may be others. Stops before a record whose document is in a part
// that must be merged first.
static bool write_changes(struct indexer *x, struct target *t, struct work_done *done, bool *more,
                          bool *again, struct err *e)
{
    *more = true;
    *again = false;
    for (size_t written = 0; written < BATCH_RECORDS && *more;) {
        struct stored *list;
        size_t n;
        arena_reset(&x->arena);
        if (!store_changes(x->store, t->seq, READ_RECORDS, &x->arena, &list, &n, e))
            return store_failed(e);
        for (size_t i = 0; i < n; i++) {
            if (t->parts && parts_has(t->parts, list[i].rec)) {
                *again = true;
                return true;
            }
            if (!write_record(x, t, &list[i], done, e))
                return false;
            t->seq = list[i].seq;
        }
        written += n;
        *more = n == READ_RECORDS;
    }
    return true;
}

// The figures of a brick are those of all its members: its document is made again. A record that has no document and stands behind no
// other could not be read, and is left out.
static bool rewrite_brick(struct indexer *x, struct target *t, struct str id, bool indexed,
                          struct work_done *done, struct err *e)
{
    struct stored r;
    struct work_done again = {0};
    arena_reset(&x->one);
    bool found = store_get(x->store, id, &x->one, &r, e);
    if (found && !r.removed && !r.behind && !indexed)
        return true;
    if (found && !r.removed && r.behind)
        found = store_get(x->store, r.also_in.v[0], &x->one, &r, e);
    if (!found && e->code != ERR_NOT_FOUND)
        return store_failed(e);
    if (!found || r.removed || r.behind) { // what became of it comes by the other sequence
        *e = (struct err){0};
        return true;
    }
    done->figures++;
    return write_record(x, t, &r, &again, e);
}

// `values`: of the last commit.
static bool write_figure(struct indexer *x, struct target *t, struct xap_values *values,
                         const struct stored *r, struct work_done *done, struct err *e)
{
    char term[UNIQUE_TERM_MAX + 1];
    uint32_t docid;
    bool joined = false;
    struct str unique = index_unique_term(r->id, term);
    if (!xap_writer_load(t->writer, unique, x->doc, &docid, e)) {
        if (e->code != ERR_NOT_FOUND)
            return false;
        *e = (struct err){0};
        return rewrite_brick(x, t, r->id, false, done, e);
    }
    if (!target_touched(t, docid) && !xap_values_read(values, docid, x->doc, e))
        return false;
    if (!document_is_joined(x->doc, &joined, e))
        return false;
    if (joined)
        return rewrite_brick(x, t, r->id, true, done, e);
    struct str status; // a filter
    if (!xap_doc_value(x->doc, SLOT_FACETS + FACET_STATUS, &status, e))
        return false;
    bool same = str_eq(status, record_status_name(r->status));
    if (!document_update_figures(x->maker, r, x->doc, e))
        return unreadable(r, e);
    done->figures++;
    (same ? touched_add_figures : touched_add)(&t->touched, docid);
    return xap_writer_replace_docid(t->writer, docid, x->doc, e);
}

static bool write_figures(struct indexer *x, struct target *t, struct work_done *done, bool *more,
                          struct err *e)
{
    struct stored *list;
    size_t n;
    arena_reset(&x->arena);
    if (!store_figures(x->store, t->fseq, BATCH_FIGURES, &x->arena, &list, &n, e))
        return store_failed(e);
    *more = n == BATCH_FIGURES;
    if (!n)
        return true;
    struct xap_values *values = target_values(t, x->settings.data, e);
    bool good = values != NULL;
    for (size_t i = 0; i < n && good; i++) {
        t->fseq = list[i].fseq;
        // The document of one that changed since comes, with these figures, by the other sequence.
        good = list[i].removed || list[i].seq > t->seq ||
               write_figure(x, t, values, &list[i], done, e);
    }
    xap_values_close(values);
    return good;
}

static void publish_state(struct indexer *x, const struct work_done *done)
{
    struct timespec cpu;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
    uint32_t documents = target_documents(&x->current);
    pthread_mutex_lock(&x->lock);
    struct indexer_state *s = &x->state;
    s->seq = x->current.shown;
    s->fseq = x->current.fseq;
    s->complete = x->current.complete;
    s->generation = x->current.generation;
    s->documents = documents;
    s->rebuilding = x->fresh.open;
    s->rebuild_seq = x->fresh.seq;
    s->cpu_seconds = (double)cpu.tv_sec + (double)cpu.tv_nsec / 1e9;
    if (done) {
        s->indexed += done->indexed;
        s->removed += done->removed;
        s->figures += done->figures;
        s->commits += done->commits;
    }
    pthread_mutex_unlock(&x->lock);
    if (!done || done->commits)
        uv_async_send(&x->wake);
}

// Whether a run ever came to its end, be it that it failed: until then what is in the store is a beginning.
static bool was_harvested(struct indexer *x)
{
    enum { LOOK_AT = 50 };
    struct run *runs;
    size_t n;
    bool ended = false;
    arena_reset(&x->arena);
    if (store_runs(x->store, STR_NONE, LOOK_AT, &x->arena, &runs, &n, NULL))
        for (size_t i = 0; i < n; i++)
            ended = ended || runs[i].state == RUN_DONE || runs[i].state == RUN_DONE_WITH_ERRORS ||
                    runs[i].state == RUN_HELD_BACK || runs[i].state == RUN_FAILED;
    return ended;
}

// ---- Many at once --------------------------------------------------------------------------------

// Fills an index in parts while it is new, and whenever it is far behind.
static bool fill_when_behind(struct indexer *x, struct target *t, struct err *e)
{
    int64_t seq, fseq;
    if (t->parts)
        return true;
    if (t->complete) {
        if (!store_heads(x->store, &seq, &fseq, e))
            return store_failed(e);
        if (seq - t->seq < FILL_LEAST || seq - t->seq < target_documents(t))
            return true;
    }
    return target_fill(t, x->settings.data, e);
}

// A rebuild is merged once it holds all of the store (`filled`); what a first harvest brings, every now and then before.
static bool is_due(const struct indexer *x, const struct target *t, bool filled)
{
    return filled ||
           (t != &x->fresh && date_stopwatch() - t->merged_at >= MERGE_SHARE * t->merge_took);
}

static bool merge(struct indexer *x, struct target *t, bool filled, struct err *e)
{
    int64_t before;
    if (!target_merge(t, x->settings.data, filled, &before, e))
        return false;
    if (t == &x->current && before != t->generation &&
        !generation_publish(x->settings.data, t->generation, e))
        return false;
    if (before && before != t->generation)
        generation_remove(x->settings.data, before);
    return true;
}

// What was read into the parts of an index that is being filled. *waits: they are not to be merged yet.
static bool advance_parts(struct indexer *x, struct target *t, bool more, bool again, bool *waits,
                          struct err *e)
{
    bool filled = !more && (t == &x->fresh || t->complete || was_harvested(x));
    bool any = parts_documents(t->parts) || !t->writer;
    *waits = any && !again && !is_due(x, t, filled);
    if (any && !*waits)
        return merge(x, t, filled, e);
    if (filled)
        target_filled(t);
    return t->touched.n < BATCH_RECORDS || target_commit(t, e);
}

// One batch of one index. *more: there is more to do.
static bool advance(struct indexer *x, struct target *t, bool *more, struct err *e)
{
    struct work_done done = {0};
    int64_t seq = t->shown, fseq = t->fseq;
    bool was_complete = t->complete, more_figures = false, again, waits = false;
    *more = false;
    if (!fill_when_behind(x, t, e) || !write_changes(x, t, &done, more, &again, e))
        return false;
    if (t->parts && !advance_parts(x, t, *more, again, &waits, e))
        return false;
    if (!*more && !waits) {
        if (!write_figures(x, t, &done, &more_figures, e))
            return false;
        t->complete = t->complete || was_harvested(x);
        *more = more_figures;
    }
    if (!waits && (t->seq != t->shown || t->fseq != fseq || t->complete != was_complete) &&
        !target_commit(t, e))
        return false;
    done.commits = t->shown != seq || t->fseq != fseq || t->complete != was_complete;
    publish_state(x, &done);
    return true;
}

// ---- The thread ----------------------------------------------------------------------------------

static bool swap(struct indexer *x, struct err *e)
{
    if (!generation_publish(x->settings.data, x->fresh.generation, e))
        return false;
    target_close(&x->current);
    x->current = x->fresh;
    x->fresh = (struct target){0};
    log_event(LOG_INFO, "index rebuilt", F_INT("generation", x->current.generation),
              F_INT("seq", x->current.seq));
    publish_state(x, NULL);
    return generation_clean(x->settings.data, e);
}

// Its figures begin at the store's head: each document is made with the figures of its moment, and what moves from here on comes by
// the figures' sequence.
static bool create(struct indexer *x, struct target *t, struct err *e)
{
    int64_t seq;
    return target_create(t, x->settings.data, e) && store_heads(x->store, &seq, &t->fseq, e);
}

static bool start_rebuild(struct indexer *x, const char *why, struct err *e)
{
    log_event(LOG_INFO, "index rebuild begins", F_Z("why", why));
    if (!create(x, &x->fresh, e))
        return false;
    publish_state(x, NULL);
    return true;
}

// The very first index takes its place before it is complete, so that what a first harvest brings is found at once;
// /readyz waits until it is.
static bool open_or_create(struct indexer *x, struct err *e)
{
    int64_t before;
    if (x->current.open || target_open(&x->current, x->settings.data, e)) {
        publish_state(x, NULL);
        return x->fresh.open || generation_clean(x->settings.data, e);
    }
    if (e->code == ERR_LOCKED)
        return false;
    struct err why = *e;
    *e = (struct err){0};
    if (why.code != ERR_NOT_FOUND || x->current.generation)
        return x->fresh.open || start_rebuild(x, why.what, e);
    if (!create(x, &x->current, e) ||
        !target_merge(&x->current, x->settings.data, true, &before, e) ||
        !generation_publish(x->settings.data, x->current.generation, e))
        return false;
    publish_state(x, NULL);
    return true;
}

static bool wanted(struct indexer *x, bool *stopping)
{
    pthread_mutex_lock(&x->lock);
    bool rebuild = x->rebuild_wanted;
    x->rebuild_wanted = false;
    x->state.rebuilding = x->state.rebuilding || rebuild;
    *stopping = x->stopping;
    pthread_mutex_unlock(&x->lock);
    return rebuild;
}

// A turn of work: one batch of each index. False on an error, after which both are opened anew.
static bool turn(struct indexer *x, bool *busy, struct err *e)
{
    bool stopping, more = false, more_fresh = false;
    *busy = false;
    if (!x->current.open && !x->fresh.open && !open_or_create(x, e))
        return false;
    if (wanted(x, &stopping) && !x->fresh.open && !start_rebuild(x, "asked for", e))
        return false;
    if (x->current.open && !advance(x, &x->current, &more, e))
        return false;
    if (x->fresh.open) {
        if (!advance(x, &x->fresh, &more_fresh, e))
            return false;
        // Nothing more to do: it holds all that the store holds.
        if (!more_fresh && !swap(x, e))
            return false;
    }
    *busy = more || more_fresh;
    return true;
}

static void wait_for_work(struct indexer *x, int seconds)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += seconds;
    pthread_mutex_lock(&x->lock);
    while (!x->notified && !x->stopping && !x->rebuild_wanted)
        if (pthread_cond_timedwait(&x->ready, &x->lock, &until) == ETIMEDOUT)
            break;
    x->notified = false;
    pthread_mutex_unlock(&x->lock);
}

static bool is_stopping(struct indexer *x)
{
    pthread_mutex_lock(&x->lock);
    bool stopping = x->stopping;
    pthread_mutex_unlock(&x->lock);
    return stopping;
}

// Closes what is open. An index that is damaged is built again, at once unless that failed just before.
static void recover(struct indexer *x, const struct err *e)
{
    char text[600];
    bool first = x->state.error.code == ERR_NONE; // written on this thread only
    log_event(LOG_ERROR, "index stands still, is opened again soon", F_Z("kind", err_name(e->code)),
              F_Z("why", err_text(e, text, sizeof text)));
    target_close(&x->current);
    target_close(&x->fresh);
    pthread_mutex_lock(&x->lock);
    x->state.error = *e;
    x->state.rebuilding = false;
    pthread_mutex_unlock(&x->lock);
    if (e->code == ERR_CORRUPT) { // never repaired: built again from the store
        struct err again = {0};
        if (!start_rebuild(x, e->what, &again))
            log_event(LOG_ERROR, "index cannot be rebuilt", F_Z("why", again.what));
    }
    uv_async_send(&x->wake);
    if (!first || !x->fresh.open)
        wait_for_work(x, RETRY_SECONDS);
}

static void forget_error(struct indexer *x)
{
    if (x->state.error.code == ERR_NONE) // written on this thread only
        return;
    pthread_mutex_lock(&x->lock);
    x->state.error = (struct err){0};
    pthread_mutex_unlock(&x->lock);
    uv_async_send(&x->wake);
}

static void *thread_main(void *arg)
{
    struct indexer *x = arg;
    while (!is_stopping(x)) {
        struct err e = {0};
        bool busy;
        if (!turn(x, &busy, &e)) {
            recover(x, &e);
            continue;
        }
        forget_error(x);
        if (!busy)
            wait_for_work(x, POLL_SECONDS);
    }
    target_close(&x->current);
    target_close(&x->fresh);
    document_maker_free(x->maker);
    xap_doc_free(x->doc);
    analyzer_free(x->analyzer);
    store_close(x->store);
    arena_free(&x->arena);
    arena_free(&x->one);
    return NULL;
}

// ---- Life ----------------------------------------------------------------------------------------

static void on_wake(uv_async_t *wake)
{
    struct indexer *x = wake->data;
    if (x->settings.moved)
        x->settings.moved(x->settings.arg);
}

// xap handles belong to the thread that makes them: the document is made there, everything else here.
static void *thread_start(void *arg)
{
    struct indexer *x = arg;
    struct err e = {0};
    x->doc = xap_doc_new(&e);
    if (!x->doc)
        log_event(LOG_ERROR, "no memory for the indexer", F_Z("why", e.what));
    return x->doc ? thread_main(x) : NULL;
}

struct indexer *indexer_start(uv_loop_t *loop, const struct indexer_settings *settings,
                              struct err *e)
{
    struct indexer *x = xcalloc(1, sizeof *x);
    x->settings = *settings;
    x->store = store_open(settings->data, STORE_READ, e);
    x->analyzer = x->store ? analyzer_new(settings->stop_words, e) : NULL;
    bool good = x->analyzer != NULL;
    if (good) {
        x->maker = document_maker_new(x->analyzer, settings->places);
        pthread_mutex_init(&x->lock, NULL);
        pthread_cond_init(&x->ready, NULL);
        uv_async_init(loop, &x->wake, on_wake);
        x->wake.data = x;
        good = pthread_create(&x->thread, NULL, thread_start, x) == 0;
        if (!good) {
            err_set(e, ERR_IO, "cannot start the index thread");
            uv_close((uv_handle_t *)&x->wake, NULL);
        }
    }
    if (good) {
        pthread_setname_np(x->thread, "index");
        return x;
    }
    document_maker_free(x->maker);
    analyzer_free(x->analyzer);
    if (x->store)
        store_close(x->store);
    free(x);
    return NULL;
}

void indexer_notify(struct indexer *x)
{
    pthread_mutex_lock(&x->lock);
    x->notified = true;
    pthread_cond_signal(&x->ready);
    pthread_mutex_unlock(&x->lock);
}

bool indexer_rebuild(struct indexer *x)
{
    pthread_mutex_lock(&x->lock);
    bool free_to = !x->rebuild_wanted && !x->state.rebuilding;
    x->rebuild_wanted = x->rebuild_wanted || free_to;
    pthread_cond_signal(&x->ready);
    pthread_mutex_unlock(&x->lock);
    return free_to;
}

void indexer_read_state(struct indexer *x, struct indexer_state *out)
{
    pthread_mutex_lock(&x->lock);
    *out = x->state;
    pthread_mutex_unlock(&x->lock);
}

static void on_closed(uv_handle_t *handle)
{
    struct indexer *x = handle->data;
    pthread_cond_destroy(&x->ready);
    pthread_mutex_destroy(&x->lock);
    free(x);
}

void indexer_stop(struct indexer *x)
{
    pthread_mutex_lock(&x->lock);
    x->stopping = true;
    pthread_cond_signal(&x->ready);
    pthread_mutex_unlock(&x->lock);
    pthread_join(x->thread, NULL);
    uv_close((uv_handle_t *)&x->wake, on_closed);
}
