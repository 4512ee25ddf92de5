// The body of a document on its way to its file: taken as it comes from the network, decoded and written on a thread of the loop's
// pool, so that neither a slow disk nor a body that unpacks to much holds the loop up. Functions are called on the loop's thread.
//
// Memory: what waits and what is at hand, SPOOL_ROOM each, and what SPOOL_PIECE compressed bytes unpack to.
#pragma once

#include "base/err.h"
#include "base/str.h"

#include <uv.h>

enum { SPOOL_ROOM = 1 << 20, SPOOL_PIECE = 4 << 10 };

struct spool;

// To `fd`, which is duplicated: it may be closed before the spool is. What is there is written over, from its start. At most
// max_bytes, decoded. `resume` is called when there is room again, or no need of any, after spool_add said SPOOL_FULL.
struct spool *spool_open(uv_loop_t *loop, int fd, uint64_t max_bytes, void (*resume)(void *arg),
                         void *arg, struct err *e);
// How the body is coded, before its first bytes. See decoder_open.
bool spool_coding(struct spool *s, struct str coding, struct err *e);
// SPOOL_FULL: not now, nothing was taken. SPOOL_BROKEN: never, see spool_error.
enum spool_answer { SPOOL_TAKEN, SPOOL_FULL, SPOOL_BROKEN };
enum spool_answer spool_add(struct spool *s, struct str bytes);
// Nothing comes behind: `ended` is called once all is written, or cannot be. Never before this returns.
void spool_end(struct spool *s, void (*ended)(void *arg), void *arg);

// After `ended`.
// ERR_IO (the file), ERR_REFUSED (over max_bytes), ERR_NETWORK (it cannot be decoded); ERR_NONE.
const struct err *spool_error(const struct spool *s);
bool spool_whole(const struct spool *s, struct err *e); // see decoder_finish
uint64_t spool_bytes(const struct spool *s);            // written

// At any moment; no callback is called any more. The loop must go on until its pool is done with what is at hand.
void spool_close(struct spool *s);
