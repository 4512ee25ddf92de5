// See pack.h.
#include "store/pack.h"

#include <stdlib.h>
#include <zdict.h>

enum { LEVEL = 3 };

void pack_free(struct pack *p)
{
    ZSTD_freeCCtx(p->compress);
    ZSTD_freeDCtx(p->decompress);
    ZSTD_freeCDict(p->dictionary);
    for (unsigned i = 0; i < p->known_count; i++)
        ZSTD_freeDDict(p->known[i]);
    buf_free(&p->out);
    *p = (struct pack){0};
}

bool pack_train(struct strs samples, struct buf *out)
{
    struct buf all = {0};
    size_t *sizes = xcalloc(samples.n, sizeof *sizes);
    for (size_t i = 0; i < samples.n; i++) {
        buf_add(&all, samples.v[i]);
        sizes[i] = samples.v[i].n;
    }
    buf_reserve(out, PACK_DICTIONARY_BYTES);
    size_t n = ZDICT_trainFromBuffer(out->p + out->n, PACK_DICTIONARY_BYTES, all.p, sizes,
                                     (unsigned)samples.n);
    if (!ZDICT_isError(n))
        out->n += n;
    free(sizes);
    buf_free(&all);
    return !ZDICT_isError(n);
}

unsigned pack_dictionary_id(struct str dictionary)
{
    return ZDICT_getDictID(dictionary.p, dictionary.n);
}

static ZSTD_DDict *find(const struct pack *p, unsigned id)
{
    for (unsigned i = 0; i < p->known_count; i++)
        if (ZSTD_getDictID_fromDDict(p->known[i]) == id)
            return p->known[i];
    return NULL;
}

bool pack_know(struct pack *p, struct str dictionary, struct err *e)
{
    if (find(p, pack_dictionary_id(dictionary)))
        return true;
    if (p->known_count == PACK_DICTIONARIES_MAX)
        return err_set(e, ERR_ARGUMENT, "the store has more than %d dictionaries",
                       PACK_DICTIONARIES_MAX);
    ZSTD_DDict *known = ZSTD_createDDict(dictionary.p, dictionary.n);
    if (!known || !pack_dictionary_id(dictionary)) {
        ZSTD_freeDDict(known);
        return err_set(e, ERR_CORRUPT, "a dictionary of the store is damaged");
    }
    p->known[p->known_count++] = known;
    return true;
}

bool pack_use(struct pack *p, struct str dictionary, struct err *e)
{
    ZSTD_CDict *fresh = ZSTD_createCDict(dictionary.p, dictionary.n, LEVEL);
    if (!fresh)
        return err_set(e, ERR_CORRUPT, "a dictionary of the store is damaged");
    if (p->compress)
        ZSTD_CCtx_refCDict(p->compress, fresh);
    ZSTD_freeCDict(p->dictionary);
    p->dictionary = fresh;
    return true;
}

bool pack_body(struct pack *p, struct str body, struct str *out, struct err *e)
{
    if (body.n > PACK_BYTES_MAX)
        return err_set(e, ERR_ARGUMENT, "a record of %zu bytes is over the %d that are stored",
                       body.n, PACK_BYTES_MAX);
    if (!p->compress) {
        p->compress = ZSTD_createCCtx();
        if (!p->compress)
            return err_set(e, ERR_MEMORY, "no memory to compress a record");
        ZSTD_CCtx_setParameter(p->compress, ZSTD_c_compressionLevel, LEVEL);
        ZSTD_CCtx_setParameter(p->compress, ZSTD_c_checksumFlag, 1);
        ZSTD_CCtx_refCDict(p->compress, p->dictionary);
    }
    buf_clear(&p->out);
    buf_reserve(&p->out, ZSTD_compressBound(body.n));
    size_t n = ZSTD_compress2(p->compress, p->out.p, p->out.room, body.p, body.n);
    if (ZSTD_isError(n))
        return err_set(e, ERR_MEMORY, "compressing a record: %s", ZSTD_getErrorName(n));
    *out = str_slice(p->out.p, n);
    return true;
}

unsigned pack_needs(const struct pack *p, struct str packed)
{
    unsigned id = ZSTD_getDictID_fromFrame(packed.p, packed.n);
    return id && !find(p, id) ? id : 0;
}

bool unpack_body(struct pack *p, struct str packed, struct arena *a, struct str *out, struct err *e)
{
    unsigned long long size = ZSTD_getFrameContentSize(packed.p, packed.n);
    if (size > PACK_BYTES_MAX) // unknown and unreadable sizes are the largest numbers
        return err_set(e, ERR_CORRUPT, "a stored record is damaged: it is no compressed text");
    if (!p->decompress && !(p->decompress = ZSTD_createDCtx()))
        return err_set(e, ERR_MEMORY, "no memory to decompress a record");
    char *text = arena_bytes(a, (size_t)size + 1);
    size_t n = ZSTD_decompress_usingDDict(p->decompress, text, (size_t)size, packed.p, packed.n,
                                          find(p, ZSTD_getDictID_fromFrame(packed.p, packed.n)));
    if (ZSTD_isError(n) || n != size)
        return err_set(e, ERR_CORRUPT, "a stored record is damaged: %s",
                       ZSTD_isError(n) ? ZSTD_getErrorName(n) : "it is shorter than it says");
    text[n] = '\0';
    *out = str_slice(text, n);
    return true;
}
