// See arena.h.
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { BLOCK_BYTES = 64 * 1024, ALIGNMENT = 16 };

struct arena_block {
    struct arena_block *next;
    size_t size, used;
    _Alignas(ALIGNMENT) char bytes[];
};

void *xmalloc(size_t n)
{
    void *p = malloc(n ? n : 1);
    if (!p) {
        fputs("glaneur: out of memory\n", stderr);
        abort();
    }
    return p;
}

void *xcalloc(size_t count, size_t size)
{
    void *p = calloc(count ? count : 1, size ? size : 1);
    if (!p) {
        fputs("glaneur: out of memory\n", stderr);
        abort();
    }
    return p;
}

void *xrealloc(void *p, size_t n)
{
    void *q = realloc(p, n ? n : 1);
    if (!q) {
        fputs("glaneur: out of memory\n", stderr);
        abort();
    }
    return q;
}

char *xstrdup(const char *z)
{
    size_t n = strlen(z) + 1;
    return memcpy(xmalloc(n), z, n);
}

static char *take(struct arena *a, size_t n, size_t alignment)
{
    struct arena_block *b = a->head;
    size_t at = b ? (b->used + alignment - 1) & ~(alignment - 1) : 0;
    if (!b || at > b->size || n > b->size - at) {
        size_t size = n > BLOCK_BYTES ? n : BLOCK_BYTES;
        struct arena_block *fresh = xmalloc(sizeof *fresh + size);
        *fresh = (struct arena_block){.size = size};
        if (b && n > BLOCK_BYTES) { // a large block goes behind: the one in use still has room
            fresh->next = b->next;
            b->next = fresh;
        } else {
            fresh->next = b;
            a->head = fresh;
        }
        b = fresh;
        at = 0;
    }
    b->used = at + n;
    a->used += n;
    return b->bytes + at;
}

void *arena_room(struct arena *a, size_t n)
{
    return take(a, n, ALIGNMENT);
}

void *arena_alloc(struct arena *a, size_t n)
{
    return memset(take(a, n, ALIGNMENT), 0, n);
}

char *arena_bytes(struct arena *a, size_t n)
{
    return take(a, n, 1);
}

struct str arena_str(struct arena *a, struct str s)
{
    if (!s.p)
        return STR_NONE;
    char *p = take(a, s.n + 1, 1);
    if (s.n)
        memcpy(p, s.p, s.n);
    p[s.n] = '\0';
    return str_slice(p, s.n);
}

char *arena_z(struct arena *a, struct str s)
{
    char *p = take(a, s.n + 1, 1);
    if (s.n)
        memcpy(p, s.p, s.n);
    p[s.n] = '\0';
    return p;
}

struct str arena_printf(struct arena *a, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    struct arena_block *b = a->head;
    size_t room = b ? b->size - b->used : 0; // mostly enough: then this is the one pass
    int n = vsnprintf(b ? b->bytes + b->used : NULL, room, format, args);
    va_end(args);
    size_t length = n > 0 ? (size_t)n : 0;
    char *p = take(a, length + 1, 1);
    if (length >= room)
        vsnprintf(p, length + 1, format, again);
    va_end(again);
    return str_slice(p, length);
}

void arena_push(struct arena *a, struct strs *list, struct str s)
{
    // Room is a power of two, and full exactly when the count is one.
    if ((list->n & (list->n - 1)) == 0) {
        struct str *v = ARENA_ARRAY(a, struct str, list->n ? list->n * 2 : 1);
        if (list->n)
            memcpy(v, list->v, list->n * sizeof *v);
        list->v = v;
    }
    list->v[list->n++] = s;
}

void arena_reset(struct arena *a)
{
    struct arena_block *b = a->head;
    if (!b)
        return;
    for (struct arena_block *next, *old = b->next; old; old = next) {
        next = old->next;
        free(old);
    }
    b->next = NULL;
    b->used = 0;
    a->used = 0;
}

void arena_free(struct arena *a)
{
    for (struct arena_block *next, *b = a->head; b; b = next) {
        next = b->next;
        free(b);
    }
    *a = (struct arena){0};
}
