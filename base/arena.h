// Arenas: memory with one life, for a page, a request, a batch. Nothing in an arena is freed alone.
// One thread at a time. When memory is exhausted the program stops (abort): callers bound every size
// that comes from outside before they ask for it.
#pragma once

#include "base/str.h"

struct arena_block;
struct arena {
    struct arena_block *head; // the block in use; the rest follow it
    size_t used;              // bytes handed out, for reports
};

// A zeroed struct arena is a valid empty one.
void *arena_alloc(struct arena *a, size_t n);        // aligned for any type, zeroed
void *arena_room(struct arena *a, size_t n);         // aligned for any type, not zeroed
char *arena_bytes(struct arena *a, size_t n);        // not zeroed, not aligned
struct str arena_str(struct arena *a, struct str s); // a copy; NUL-terminated behind its length
char *arena_z(struct arena *a, struct str s);        // a copy as a C string
struct str arena_printf(struct arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3), nonnull(2)));
// Appends to a list whose array lives in the arena (it doubles; old arrays stay until the arena goes).
void arena_push(struct arena *a, struct strs *list, struct str s);
#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, count) ((type *)arena_alloc((a), sizeof(type) * (count)))
#define ARENA_ROOM(a, type, count) ((type *)arena_room((a), sizeof(type) * (count)))
// Keeps the newest block for reuse and frees the others.
void arena_reset(struct arena *a);
void arena_free(struct arena *a);

// malloc, realloc and strdup that stop the program when memory is exhausted.
void *xmalloc(size_t n);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *p, size_t n);
char *xstrdup(const char *z);
