// A searcher and the index that it has open. See search.h.
#include "indexer/search/searcher.h"

#include "indexer/index/generation.h"

#include <stdlib.h>

void searcher_close(struct searcher *s)
{
    columns_release(s->columns);
    s->columns = NULL;
    xap_db_close(s->db);
    s->db = NULL;
}

// The columns of the state that is open. Another searcher may have moved them on meanwhile.
static bool take_columns(struct searcher *s, struct err *e)
{
    enum { TRIES = 5 };
    columns_release(s->columns);
    s->columns = NULL;
    for (int i = 0; i < TRIES; i++) {
        s->columns = columns_take(s->columns_holder, s->db, s->generation, e);
        if (s->columns || e->code != ERR_MODIFIED)
            return s->columns;
        if (!xap_db_reopen(s->db, NULL, e))
            return false;
    }
    return false;
}

// Opens the generation in use, or brings the one that is open up to its last commit. *moved: it is at another state than before.
static bool open_last(struct searcher *s, bool *moved, struct err *e)
{
    int64_t generation;
    if (!generation_current(s->data, &generation, e))
        return false;
    if (s->db && generation == s->generation && xap_db_reopen(s->db, moved, e))
        return true;
    searcher_close(s);
    if (!generation) {
        err_set(e, ERR_NOT_FOUND, "there is no index yet");
        return err_hint(e, "run a harvest, or glaneur reindex");
    }
    struct arena a = {0};
    s->db = xap_db_open(generation_path(s->data, generation, &a), e);
    arena_free(&a);
    s->generation = generation;
    *moved = true;
    return s->db;
}

// Goes to the state that was led to last. False where it must look at the index by itself: as one does that has nothing open, at first
// or since what it had could not be read any more.
static bool follow(struct searcher *s)
{
    int64_t generation;
    if (!s->db || !s->columns || follow_is_late(s->follow) ||
        !generation_current(s->data, &generation, NULL) || !generation)
        return false;
    struct columns *newest = columns_newest(s->columns_holder, s->columns);
    if (!newest)
        return true;
    struct columns_state state = columns_state(newest);
    struct follow_state mine = {.generation = state.generation, .revision = state.revision};
    if (!xap_doc_clear(s->doc, NULL) || // the database is another thread's then
        !follow_swap(s->follow, s->place, &mine, s->db, s->generation)) {
        columns_release(newest);
        return false;
    }
    columns_release(s->columns);
    s->columns = newest;
    s->db = mine.db;
    s->generation = mine.generation;
    return true;
}

bool searcher_open(struct searcher *s, struct err *e)
{
    bool moved;
    if (s->leads && s->db)
        return true;
    if (s->follow && follow(s))
        return true;
    return open_last(s, &moved, e) && ((!moved && s->columns) || take_columns(s, e));
}

static bool lead(struct searcher *s, struct follow *f, struct err *e)
{
    enum { TRIES = 5 };
    for (int i = 0; i < TRIES; i++) {
        bool moved;
        struct xap_stats stats;
        struct arena a = {0};
        if (!open_last(s, &moved, e) || !xap_db_stats(s->db, &stats, e))
            return false;
        struct follow_state to = {.generation = s->generation, .revision = stats.revision};
        bool same = follow_open(f, generation_path(s->data, s->generation, &a), &to);
        arena_free(&a);
        if (!same && i + 1 < TRIES)
            continue;
        columns_release(s->columns);
        s->columns = columns_bring(s->columns_holder, s->db, s->generation, e);
        if (s->columns || e->code != ERR_MODIFIED)
            return s->columns;
    }
    return false;
}

bool searcher_lead(struct searcher *s, struct follow *f, struct err *e)
{
    follow_begin(f);
    s->leads = lead(s, f, e);
    if (!s->leads)
        searcher_close(s);
    return s->leads;
}

void searcher_led(struct searcher *s, struct follow *f, bool good)
{
    if (good && s->columns)
        columns_publish(s->columns_holder, s->columns);
    follow_end(f, good && s->columns);
}

struct searcher *searcher_new(const char *data, struct str stop_words, struct rules_holder *rules,
                              struct err *e)
{
    struct searcher *s = xcalloc(1, sizeof *s);
    *s = (struct searcher){.data = data,
                           .holder = rules,
                           .analyzer = analyzer_new(stop_words, e),
                           .doc = xap_doc_new(e),
                           .columns_holder = columns_holder_new(),
                           .own_columns_holder = true,
                           .term_counts = term_counts_new(),
                           .place = FOLLOW_MOST};
    if (s->analyzer && s->doc)
        return s;
    searcher_free(s);
    return NULL;
}

static void drop_columns_holder(struct searcher *s)
{
    if (s->own_columns_holder)
        columns_holder_free(s->columns_holder);
}

void searcher_share_columns(struct searcher *s, struct columns_holder *h)
{
    searcher_close(s);
    drop_columns_holder(s);
    s->columns_holder = h;
    s->own_columns_holder = false;
}

void searcher_share_display(struct searcher *s, struct display *d)
{
    s->display = d;
}

void searcher_follow(struct searcher *s, struct follow *f)
{
    s->follow = f;
    s->place = follow_join(f);
}

void searcher_set_plain(struct searcher *s, bool plain)
{
    s->plain = plain;
}

void searcher_free(struct searcher *s)
{
    if (!s)
        return;
    searcher_close(s);
    if (s->follow)
        follow_leave(s->follow, s->place);
    drop_columns_holder(s);
    xap_doc_free(s->doc);
    term_counts_free(s->term_counts);
    free(s->block);
    analyzer_free(s->analyzer);
    free(s);
}

uint64_t searcher_revision(const struct searcher *s, const struct xap_stats *stats)
{
    return (uint64_t)s->generation << 40 | stats->revision;
}

bool searcher_ready(struct searcher *s, uint64_t *revision, struct err *e)
{
    struct str found;
    struct xap_stats stats;
    char expected[LAYOUT_BYTES];
    if (!searcher_open(s, e) || !xap_db_metadata(s->db, STR(INDEX_META_LAYOUT), &found, e))
        return false;
    // That of another version can be searched, but not well: the indexer builds it anew.
    bool ready = str_eq(found, index_layout(expected));
    if (!xap_db_metadata(s->db, STR(INDEX_META_COMPLETE), &found, e))
        return false;
    ready = ready && str_eq(found, STR("1"));
    if (!xap_db_stats(s->db, &stats, e))
        return false;
    *revision = searcher_revision(s, &stats);
    return ready || err_set(e, ERR_BUSY, "the index is being built");
}

bool searcher_positions(struct searcher *s, int64_t *seq, int64_t *fseq, int64_t *documents,
                        struct err *e)
{
    struct str text;
    struct xap_stats stats;
    *seq = *fseq = 0;
    if (!searcher_open(s, e) || !xap_db_stats(s->db, &stats, e) ||
        !xap_db_metadata(s->db, STR(INDEX_META_SEQ), &text, e))
        return false;
    *documents = stats.documents;
    str_to_int(text, 0, INT64_MAX, seq);
    if (!xap_db_metadata(s->db, STR(INDEX_META_FSEQ), &text, e))
        return false;
    str_to_int(text, 0, INT64_MAX, fseq);
    return true;
}

struct each_id {
    bool (*each)(void *arg, struct str unique_term);
    void *arg;
};

static bool pass_term(void *user, struct str term, uint32_t documents)
{
    struct each_id *x = user;
    (void)documents;
    return x->each(x->arg, term);
}

bool searcher_each_id(struct searcher *s, bool (*each)(void *arg, struct str unique_term),
                      void *arg, struct err *e)
{
    struct each_id x = {each, arg};
    return searcher_open(s, e) && xap_db_each_term(s->db, STR("Q"), pass_term, &x, e);
}
