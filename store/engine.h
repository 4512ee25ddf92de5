// What an engine of the store of record implements: the calls of store.h, one for one, with what they promise there.
// store.c has what all engines share. An engine's own struct begins with a `struct store`.
#pragma once

#include "store/store.h"

struct store_engine {
    void (*close)(struct store *s);

    bool (*get)(struct store *s, struct str id, struct arena *a, struct stored *out, struct err *e);
    bool (*changes)(struct store *s, int64_t seq, size_t limit, struct arena *a,
                    struct stored **out, size_t *n, struct err *e);
    bool (*figures)(struct store *s, int64_t fseq, size_t limit, struct arena *a,
                    struct stored **out, size_t *n, struct err *e);
    bool (*heads)(struct store *s, int64_t *seq, int64_t *fseq, struct err *e);
    bool (*each)(struct store *s, struct str source, unsigned kinds,
                 bool (*visit)(void *, const struct stored *), void *arg, struct err *e);
    bool (*counts)(struct store *s, struct arena *a, struct store_count **out, size_t *n,
                   struct err *e);
    bool (*ids)(struct store *s, const struct store_selection *selection, struct str after,
                size_t limit, struct arena *a, struct strs *out, struct err *e);
    bool (*snapshot_begin)(struct store *s, struct err *e);
    void (*snapshot_end)(struct store *s);
    bool (*change_list)(struct store *s, int64_t seq, size_t limit, struct arena *a,
                        struct store_change **out, size_t *n, struct err *e);
    bool (*history)(struct store *s, struct str id, struct arena *a, struct history_entry **out,
                    size_t *n, struct err *e);

    bool (*set_apart)(struct store *s, struct str id, bool apart, struct err *e);
    bool (*bonds)(struct store *s, struct str id, struct arena *a, struct store_bond **out,
                  size_t *n, struct err *e);
    bool (*join_counts)(struct store *s, int64_t *bricks, int64_t *records, struct err *e);

    bool (*run_begin)(struct store *s, struct run *run, struct err *e);
    bool (*run_save)(struct store *s, const struct run *run, struct err *e);
    bool (*run_error)(struct store *s, int64_t run, const struct run_error *error, struct err *e);
    bool (*run_get)(struct store *s, int64_t run, struct arena *a, struct run *out, struct err *e);
    bool (*runs)(struct store *s, struct str source, size_t limit, struct arena *a,
                 struct run **out, size_t *n, struct err *e);
    bool (*run_errors)(struct store *s, int64_t run, size_t limit, struct arena *a,
                       struct run_error **out, size_t *n, struct err *e);
    bool (*runs_orphaned)(struct store *s, int64_t *count, struct err *e);
    bool (*run_seen)(struct store *s, int64_t run, bool (*visit)(void *, struct str id), void *arg,
                     struct err *e);
    bool (*run_gone)(struct store *s, int64_t run, bool (*visit)(void *, struct str id), void *arg,
                     struct err *e);

    bool (*source_get)(struct store *s, struct str source, struct arena *a,
                       struct source_state *out, struct err *e);
    bool (*source_put)(struct store *s, struct str source, const struct source_state *state,
                       struct err *e);
    bool (*source_seen)(struct store *s, struct str source, int64_t run, int64_t now,
                        struct err *e);

    bool (*page_write)(struct store *s, struct store_page *page, struct err *e);
    bool (*absences_write)(struct store *s, struct run *run, const struct store_absent *absent,
                           size_t n, int64_t now, struct err *e);
    bool (*held_write)(struct store *s, struct run *run, const struct str *ids, size_t n,
                       struct err *e);
    bool (*held_read)(struct store *s, int64_t run, struct arena *a, struct strs *ids,
                      struct err *e);
    bool (*held_accept)(struct store *s, int64_t run, int64_t now, struct err *e);
    bool (*held_refuse)(struct store *s, int64_t run, int64_t now, struct err *e);
};

struct store {
    const struct store_engine *engine;
};

// Engines.
struct store *sqlite_store_open(const char *data, enum store_mode mode, struct err *e);
