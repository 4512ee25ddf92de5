// See follow.h.
#include "indexer/search/follow.h"

#include "base/arena.h"
#include "base/date.h"
#include "indexer/xapian/xap.h"

#include <pthread.h>
#include <stdlib.h>

struct offer {
    bool ready;                // opened for it; else the database is one that was given back
    struct follow_state state; // db: NULL while there is none, or while the leader has it
};

// Two of them: what was led to last is there until the next is, however long the searcher did not come.
struct place {
    bool taken;
    struct offer offers[2];
};

struct follow {
    pthread_mutex_t lock; // of everything
    // How often the index moved, up to where was led, and is being led.
    uint64_t moves, led, leading;
    double since; // that it has moved on from where was led
    bool failed;
    unsigned turn; // which of the offers is being made ready, or will be
    struct place places[FOLLOW_MOST];
};

struct follow *follow_new(void)
{
    struct follow *f = xcalloc(1, sizeof *f);
    pthread_mutex_init(&f->lock, NULL);
    return f;
}

void follow_free(struct follow *f)
{
    if (!f)
        return;
    pthread_mutex_destroy(&f->lock);
    free(f);
}

static void close_database(struct xap_db *db)
{
    xap_db_take_over(db);
    xap_db_close(db);
}

// ---- When ------------------------------------------------------------------------------------------

void follow_index_moved(struct follow *f)
{
    double now = date_stopwatch();
    pthread_mutex_lock(&f->lock);
    if (f->led == f->moves)
        f->since = now;
    f->moves++;
    pthread_mutex_unlock(&f->lock);
}

bool follow_is_late(struct follow *f)
{
    pthread_mutex_lock(&f->lock);
    bool failed = f->failed, moved = f->led != f->moves;
    double since = f->since;
    pthread_mutex_unlock(&f->lock);
    return failed || (moved && (date_stopwatch() - since) * 1000 > FOLLOW_LATE_MS);
}

void follow_begin(struct follow *f)
{
    pthread_mutex_lock(&f->lock);
    f->leading = f->moves;
    pthread_mutex_unlock(&f->lock);
}

void follow_end(struct follow *f, bool good)
{
    double now = date_stopwatch();
    pthread_mutex_lock(&f->lock);
    f->failed = !good;
    if (good) {
        f->led = f->leading;
        f->since = now;
        f->turn = 1 - f->turn;
    }
    pthread_mutex_unlock(&f->lock);
}

// ---- Places ----------------------------------------------------------------------------------------

size_t follow_join(struct follow *f)
{
    size_t i = 0;
    pthread_mutex_lock(&f->lock);
    while (i < FOLLOW_MOST && f->places[i].taken)
        i++;
    if (i < FOLLOW_MOST)
        f->places[i] = (struct place){.taken = true};
    pthread_mutex_unlock(&f->lock);
    return i;
}

void follow_leave(struct follow *f, size_t place)
{
    if (place == FOLLOW_MOST)
        return;
    pthread_mutex_lock(&f->lock);
    struct place left = f->places[place];
    f->places[place] = (struct place){0};
    pthread_mutex_unlock(&f->lock);
    close_database(left.offers[0].state.db);
    close_database(left.offers[1].state.db);
}

bool follow_swap(struct follow *f, size_t place, struct follow_state *mine, struct xap_db *old,
                 int64_t old_generation)
{
    if (place == FOLLOW_MOST)
        return false;
    pthread_mutex_lock(&f->lock);
    bool good = false;
    for (size_t i = 0; i < 2 && !good; i++) {
        struct offer *o = &f->places[place].offers[i];
        good = o->ready && o->state.generation == mine->generation &&
               o->state.revision == mine->revision;
        if (!good)
            continue;
        mine->db = o->state.db;
        *o = (struct offer){false, {.db = old, .generation = old_generation}};
    }
    pthread_mutex_unlock(&f->lock);
    if (good)
        xap_db_take_over(mine->db);
    return good;
}

// At the last commit of that generation; NULL where it cannot be opened: whoever needs it opens the index by itself.
static struct xap_db *open_again(struct follow_state had, const char *path, int64_t generation,
                                 uint64_t *revision)
{
    struct xap_stats stats;
    xap_db_take_over(had.db);
    if (had.db && (had.generation != generation || !xap_db_reopen(had.db, NULL, NULL))) {
        xap_db_close(had.db);
        had.db = NULL;
    }
    struct xap_db *db = had.db ? had.db : xap_db_open(path, NULL);
    if (db && xap_db_stats(db, &stats, NULL)) {
        *revision = stats.revision;
        return db;
    }
    xap_db_close(db);
    return NULL;
}

static bool open_place(struct follow *f, struct place *p, const char *path,
                       const struct follow_state *to)
{
    pthread_mutex_lock(&f->lock);
    bool taken = p->taken;
    struct offer *o = &p->offers[f->turn];
    struct follow_state had = o->state;
    *o = (struct offer){0};
    pthread_mutex_unlock(&f->lock);
    if (!taken)
        return true;
    uint64_t revision = 0;
    struct xap_db *db = open_again(had, path, to->generation, &revision);
    pthread_mutex_lock(&f->lock);
    taken = p->taken && !o->state.db; // it may have left meanwhile
    if (taken)
        *o = (struct offer){db != NULL, {db, to->generation, revision}};
    pthread_mutex_unlock(&f->lock);
    if (!taken)
        xap_db_close(db);
    return !db || revision == to->revision;
}

bool follow_open(struct follow *f, const char *path, const struct follow_state *to)
{
    bool same = true;
    for (size_t i = 0; i < FOLLOW_MOST && same; i++)
        same = open_place(f, &f->places[i], path, to);
    return same;
}
