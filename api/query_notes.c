// See query_notes.h.
#include "api/query_notes.h"

#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"
#include "store/query_log.h"
#include "store/query_log_text.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { RELAXED_BYTES = 40, DAY_SECONDS = 86400 };

struct texts {
    char query[QUERY_LOG_TEXT_BYTES], relaxed[RELAXED_BYTES], corrected[QUERY_LOG_TEXT_BYTES];
};

struct batch {
    size_t n;
    uint64_t hashes[QUERY_NOTES_MAX]; // of the queries
    struct query_entry entries[QUERY_NOTES_MAX];
    struct texts texts[QUERY_NOTES_MAX]; // what the entries' strings point to
};

struct query_notes {
    pthread_mutex_t lock; // of what follows, down to `stopping`
    pthread_cond_t stop;
    struct batch *filling;
    int64_t dropped;
    bool stopping;

    // The thread's own:
    struct batch *writing;
    struct query_log *log; // NULL until it could be opened
    char *data;
    int64_t day; // of the last write
    bool failing;
    pthread_t thread;
    struct batch batches[2];
};

// ---- Noting --------------------------------------------------------------------------------------

static struct str keep(char *room, size_t size, struct str s)
{
    s = str_cut_utf8(s, size);
    if (s.n)
        memcpy(room, s.p, s.n);
    return str_slice(room, s.n);
}

// With the lock held. An older note does not change what is told of its query, but its count.
static void add(struct query_notes *notes, const struct query_entry *note, bool older)
{
    uint64_t hash = hash64(note->query);
    struct batch *b = notes->filling;
    size_t i = 0;
    while (i < b->n && (b->hashes[i] != hash || !str_eq(b->entries[i].query, note->query)))
        i++;
    if (i == QUERY_NOTES_MAX) {
        notes->dropped += note->count;
        return;
    }
    struct query_entry *entry = &b->entries[i];
    struct texts *t = &b->texts[i];
    int64_t before = i < b->n ? entry->count : 0;
    if (i == b->n || !older) {
        *entry = *note;
        entry->query = keep(t->query, sizeof t->query, note->query);
        entry->relaxed = keep(t->relaxed, sizeof t->relaxed, note->relaxed);
        entry->corrected = keep(t->corrected, sizeof t->corrected, note->corrected);
        b->hashes[i] = hash;
    }
    entry->count = before + note->count;
    if (i == b->n)
        b->n++;
}

static bool is_filtered(const struct search_request *r)
{
    for (size_t i = 0; i < FACET_COUNT; i++)
        if (r->filters[i].n)
            return true;
    return r->modified_since.precision != DATE_NONE || r->min_quality >= 0 || r->uses.n ||
           r->used_by.n;
}

bool query_notes_wants(const struct search_request *r, const struct search_answer *answer)
{
    bool as_asked = answer->total && !answer->relaxed.n && !answer->corrected.n;
    return !as_asked && r->page == 1 && !r->cursor.n && !is_filtered(r);
}

void query_notes_search(struct query_notes *notes, const struct search_request *r,
                        const struct search_answer *answer, struct arena *a)
{
    if (!notes || !query_notes_wants(r, answer))
        return;
    struct query_entry note = {
        .query = query_log_text(a, r->q),
        .outcome = !answer->total        ? QUERY_NOTHING
                   : answer->corrected.n ? QUERY_CORRECTED
                                         : QUERY_RELAXED,
        .relaxed = text_clean(a, answer->relaxed, RELAXED_BYTES, NULL),
        .corrected = text_clean(a, answer->corrected, QUERY_LOG_TEXT_BYTES, NULL),
        .count = 1,
        .strict_total = answer->strict_total,
        .total = answer->total,
    };
    if (!note.query.n)
        return;
    pthread_mutex_lock(&notes->lock);
    add(notes, &note, false);
    pthread_mutex_unlock(&notes->lock);
}

// ---- Writing -------------------------------------------------------------------------------------

static void say_dropped(int64_t dropped)
{
    if (dropped)
        log_event(LOG_WARNING, "too many queries to note at once, some were not",
                  F_INT("dropped", dropped));
}

// An error is said once, until it goes well again. False: nothing was written.
static bool write_out(struct query_notes *notes, int64_t today)
{
    struct err e = {0};
    struct batch *b = notes->writing;
    if (!notes->log)
        notes->log = query_log_open(notes->data, STORE_WRITE, &e);
    bool good = notes->log && query_log_write(notes->log, b->entries, b->n, today, &e);
    if (!good) {
        query_log_close(notes->log); // opened again the next time
        notes->log = NULL;
    }
    if (!good && !notes->failing)
        log_event(LOG_ERROR, "queries cannot be noted", F_Z("where", e.where), F_Z("why", e.what),
                  F_Z("hint", e.hint));
    if (good && notes->failing)
        log_event(LOG_INFO, "queries are noted again");
    notes->failing = !good;
    return good;
}

// Takes what waits, then writes it; on a new day also to forget what became too old. With the lock held before and after.
static void flush(struct query_notes *notes)
{
    int64_t today = date_now() / DAY_SECONDS, dropped = notes->dropped;
    struct batch *full = notes->filling;
    notes->filling = notes->writing;
    notes->writing = full;
    notes->dropped = 0;
    pthread_mutex_unlock(&notes->lock);
    if (!notes->failing) // that is what was said
        say_dropped(dropped);
    bool good = (!full->n && today == notes->day) || write_out(notes, today);
    notes->day = today;
    pthread_mutex_lock(&notes->lock);
    // It may be that somebody else has the file, for a moment.
    for (size_t i = 0; i < full->n && !good; i++)
        add(notes, &full->entries[i], true);
    full->n = 0;
}

static void wait_a_while(struct query_notes *notes)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += QUERY_NOTES_SECONDS;
    while (!notes->stopping && pthread_cond_timedwait(&notes->stop, &notes->lock, &until) == 0)
        ;
}

static void *thread_main(void *arg)
{
    struct query_notes *notes = arg;
    pthread_mutex_lock(&notes->lock);
    for (bool last = false; !last;) {
        // Read before the flush, which lets go of the lock: no note can come after it.
        last = notes->stopping;
        flush(notes); // the first forgets what is too old, and says what is wrong with the file
        if (!last)
            wait_a_while(notes);
    }
    pthread_mutex_unlock(&notes->lock);
    query_log_close(notes->log);
    return NULL;
}

// ---- Starting and stopping -----------------------------------------------------------------------

static void free_notes(struct query_notes *notes)
{
    pthread_cond_destroy(&notes->stop);
    pthread_mutex_destroy(&notes->lock);
    free(notes->data);
    free(notes);
}

struct query_notes *query_notes_start(const char *data)
{
    pthread_condattr_t attributes;
    struct query_notes *notes = xcalloc(1, sizeof *notes);
    notes->filling = &notes->batches[0];
    notes->writing = &notes->batches[1];
    notes->data = xstrdup(data);
    pthread_mutex_init(&notes->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&notes->stop, &attributes);
    pthread_condattr_destroy(&attributes);
    if (pthread_create(&notes->thread, NULL, thread_main, notes) != 0) {
        log_event(LOG_ERROR, "queries cannot be noted", F_Z("why", "no thread can be started"));
        free_notes(notes);
        return NULL;
    }
    pthread_setname_np(notes->thread, "query_notes");
    return notes;
}

void query_notes_stop(struct query_notes *notes)
{
    if (!notes)
        return;
    pthread_mutex_lock(&notes->lock);
    notes->stopping = true;
    pthread_cond_signal(&notes->stop);
    pthread_mutex_unlock(&notes->lock);
    pthread_join(notes->thread, NULL);
    free_notes(notes);
}
