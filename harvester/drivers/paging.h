// What drivers share that walk a catalogue page after page: where a sweep stands, as a cursor; the root of the source; the kinds that it is
// harvested for; what a page says besides its items. On the thread that reads the page; no state.
#pragma once

#include "harvester/normalise/mapper.h"

#include <stddef.h>

// ---- Where a sweep stands: the members of a driver's `struct position`, in a table, written as one JSON object.

enum paging_type { PAGING_IS_INT, PAGING_IS_TEXT, PAGING_IS_FLAG };

struct paging_member {
    const char *name; // NULL ends a table
    enum paging_type type;
    size_t offset;
    int64_t least, most; // of an integer
};

// Rows, by the type of the member of `struct position`: int64_t or size_t, within its bounds; struct str; bool.
#define PAGING_INT(member, low, high)                                                              \
    {                                                                                              \
        .name = #member, .type = PAGING_IS_INT, .offset = offsetof(struct position, member),       \
        .least = (low), .most = (high)                                                             \
    }
#define PAGING_TEXT(member)                                                                        \
    {                                                                                              \
        .name = #member, .type = PAGING_IS_TEXT, .offset = offsetof(struct position, member)       \
    }
#define PAGING_FLAG(member)                                                                        \
    {                                                                                              \
        .name = #member, .type = PAGING_IS_FLAG, .offset = offsetof(struct position, member)       \
    }

// What the cursor tells goes into `position`; what it does not tell stays as it is there, so the caller sets the beginning first. Texts are
// copies in the arena. ERR_PARSE when the cursor is no JSON; ERR_CONFLICT when it is no object or an integer is out of its bounds.
bool paging_read(struct str cursor, const struct paging_member *members, void *position,
                 struct arena *a, struct err *e);
// Integers always, texts and flags that say something. In the arena.
struct str paging_write(struct arena *a, const struct paging_member *members, const void *position);

// ---- The source

// Its url without the slashes at its end. Borrowed.
struct str paging_root(const struct driver_source *source);
// Whether records of this kind are harvested.
bool paging_wants(const struct driver_source *source, enum record_kind kind);

// ---- The page

// What the mapper counted of the texts, added to the page.
void paging_counts(struct driver_page *page, const struct mapper *m);
// How many items a page says there are in all; -1 where it says none, or less than none.
int64_t paging_total(const json_t *page, const char *member);
// What a server says of a fault, in its own words, cleaned: {"message": ...}, {"error": {"message": ...}} or {"error": ...}. Empty where it
// says nothing so. In the arena.
struct str paging_fault(struct str body, struct arena *a);
