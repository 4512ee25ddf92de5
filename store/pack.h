// Bodies of records, compressed: one zstd frame (RFC 8878) each, with the size of its content and a checksum, level 3.
// Records look alike: with a dictionary made from some of them the others take half the room and half the time. A frame
// names the dictionary that it was made with, so dictionaries are kept as long as the records. A struct pack holds
// contexts and dictionaries, and belongs to one thread.
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#include <zstd.h>

enum {
    PACK_BYTES_MAX = 16 * 1024 * 1024, // of a body
    PACK_DICTIONARY_BYTES = 32 * 1024,
    PACK_DICTIONARIES_MAX = 16, // in one store
};

struct pack {
    ZSTD_CCtx *compress; // made when first used
    ZSTD_DCtx *decompress;
    ZSTD_CDict *dictionary; // that bodies are compressed with, or NULL
    ZSTD_DDict *known[PACK_DICTIONARIES_MAX];
    unsigned known_count;
    struct buf out;
};

void pack_free(struct pack *p);

// Makes a dictionary of sample bodies, appended to `out`. False when they are too few or too much alike.
bool pack_train(struct strs samples, struct buf *out);
// The number by which frames name a dictionary; 0 when it is none.
unsigned pack_dictionary_id(struct str dictionary);
// Makes a dictionary known to unpack_body. ERR_CORRUPT when it is none, ERR_ARGUMENT when there are too many.
bool pack_know(struct pack *p, struct str dictionary, struct err *e);
// From now on bodies are compressed with it.
bool pack_use(struct pack *p, struct str dictionary, struct err *e);

// *out is borrowed from the pack until its next use. ERR_ARGUMENT for a body over PACK_BYTES_MAX, ERR_MEMORY.
bool pack_body(struct pack *p, struct str body, struct str *out, struct err *e);
// The dictionary that it takes to unpack a body and that is not known yet; 0 when there is nothing to load.
unsigned pack_needs(const struct pack *p, struct str packed);
// *out lives in the arena, NUL-terminated behind its length. ERR_CORRUPT for what is no such frame, or says that it is
// over PACK_BYTES_MAX: nothing is allocated for it then.
bool unpack_body(struct pack *p, struct str packed, struct arena *a, struct str *out,
                 struct err *e);
