// The dictionaries that bodies are compressed with (pack.h): made from stored records, once there are enough, and again
// when there are many more. Each stays for good, for the records that need it. See sqlite.h.
#include "store/sqlite.h"

enum {
    FIRST_AT = 500,   // the seq at which the first one is made
    AGAIN_AFTER = 16, // times as far, the next
    SAMPLES = 500,
    SAMPLES_LEAST = 250,
    SAMPLE_BYTES = 4096, // the beginning of a body
};

bool sqlite_dictionaries_load(struct sqlite_store *s, struct err *e)
{
    sqlite3_stmt *q =
        sqlite_prepare(s, SQL_DICTIONARIES, "SELECT seq, bytes FROM dictionaries ORDER BY seq", e);
    if (!q)
        return false;
    int row;
    while ((row = sqlite_row(s, q, e)) > 0) {
        struct str bytes = sqlite_text(q, 1);
        s->trained_at = sqlite3_column_int64(q, 0);
        if (!pack_know(&s->pack, bytes, e) ||
            (s->mode == STORE_WRITE && !pack_use(&s->pack, bytes, e))) {
            sqlite_end(q);
            return err_where(e, "%s", s->path);
        }
    }
    return row == 0;
}

bool sqlite_unpack(struct sqlite_store *s, struct str packed, struct arena *a, struct str *out,
                   struct err *e)
{
    return (!pack_needs(&s->pack, packed) || sqlite_dictionaries_load(s, e)) &&
           unpack_body(&s->pack, packed, a, out, e);
}

static bool take_samples(struct sqlite_store *s, struct arena *a, struct strs *samples)
{
    sqlite3_stmt *q = sqlite_prepare(
        s, SQL_SAMPLES,
        "SELECT body FROM records WHERE body IS NOT NULL AND "
        "rec % max(1, (SELECT max(rec) FROM records) / ?1) = 0 ORDER BY rec LIMIT ?1",
        NULL);
    if (!q)
        return false;
    struct arena body_arena = {0};
    sqlite3_bind_int(q, 1, SAMPLES);
    int row;
    while ((row = sqlite_row(s, q, NULL)) > 0) {
        struct str body;
        arena_reset(&body_arena);
        if (sqlite_unpack(s, sqlite_text(q, 0), &body_arena, &body, NULL) && body.n)
            arena_push(
                a, samples,
                arena_str(a, str_slice(body.p, body.n < SAMPLE_BYTES ? body.n : SAMPLE_BYTES)));
    }
    arena_free(&body_arena);
    return row == 0 && samples->n >= SAMPLES_LEAST;
}

static bool keep(struct sqlite_store *s, struct str dictionary)
{
    if (!sqlite_begin(s, NULL))
        return false;
    sqlite3_stmt *q =
        sqlite_prepare(s, SQL_DICTIONARY_ADD,
                       "INSERT INTO dictionaries (dict, seq, bytes) VALUES (?, ?, ?)", NULL);
    bool good = q != NULL;
    if (good) {
        sqlite3_bind_int64(q, 1, pack_dictionary_id(dictionary));
        sqlite3_bind_int64(q, 2, s->seq);
        sqlite_bind_blob(q, 3, dictionary.p, dictionary.n);
        good = sqlite_run(s, q, NULL);
    }
    return sqlite_finish(s, good, NULL);
}

void sqlite_dictionary_make(struct sqlite_store *s)
{
    if (s->seq < (s->trained_at ? AGAIN_AFTER * s->trained_at : FIRST_AT))
        return;
    struct arena a = {0};
    struct strs samples = {0};
    struct buf dictionary = {0};
    // Nothing is compressed with a dictionary before it is safe on the disk.
    if (take_samples(s, &a, &samples) && pack_train(samples, &dictionary) &&
        keep(s, buf_str(&dictionary)) && pack_know(&s->pack, buf_str(&dictionary), NULL))
        pack_use(&s->pack, buf_str(&dictionary), NULL);
    s->trained_at = s->seq; // it is not tried again soon, whatever came of it
    buf_free(&dictionary);
    arena_free(&a);
}
