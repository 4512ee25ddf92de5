// See spool.h. While `working`, the pool's thread has what stands under it in the struct, and the loop does not look at it.
#include "harvester/spool.h"

#include "base/arena.h"
#include "base/buf.h"
#include "harvester/decode.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct spool {
    uv_work_t work; // first
    uv_loop_t *loop;
    struct buf waiting;
    bool working, full, ending, closed;
    void (*resume)(void *arg);
    void (*ended)(void *arg);
    void *resume_arg, *ended_arg;

    int fd;
    bool emptied; // of what was in the file before
    uint64_t max, written;
    struct decoder decoder;
    struct buf taken, decoded;
    struct err error;
};

struct spool *spool_open(uv_loop_t *loop, int fd, uint64_t max_bytes, void (*resume)(void *arg),
                         void *arg, struct err *e)
{
    int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (own < 0) {
        err_set(e, ERR_IO, "the file for the document cannot be used: %s", strerror(errno));
        return NULL;
    }
    struct spool *s = xcalloc(1, sizeof *s);
    *s = (struct spool){
        .loop = loop, .fd = own, .max = max_bytes, .resume = resume, .resume_arg = arg};
    return s;
}

bool spool_coding(struct spool *s, struct str coding, struct err *e)
{
    return decoder_open(&s->decoder, coding, e);
}

static void spool_free(struct spool *s)
{
    close(s->fd);
    decoder_close(&s->decoder);
    buf_free(&s->waiting);
    buf_free(&s->taken);
    buf_free(&s->decoded);
    free(s);
}

// ---- On the pool's thread ---------------------------------------------------------------------------

static bool write_out(struct spool *s)
{
    for (size_t done = 0; done < s->decoded.n;) {
        ssize_t n =
            pwrite(s->fd, s->decoded.p + done, s->decoded.n - done, (off_t)(s->written + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            err_set(&s->error, ERR_IO, "the document cannot be written to disk: %s",
                    strerror(errno));
            return err_hint(&s->error, "is there room in the data folder?");
        }
        done += (size_t)n;
    }
    s->written += s->decoded.n;
    buf_clear(&s->decoded);
    return true;
}

static bool take(struct spool *s, struct str bytes)
{
    if (decoder_add(&s->decoder, bytes, &s->decoded, s->max - s->written, &s->error))
        return write_out(s);
    if (s->error.code == ERR_REFUSED)
        err_set(&s->error, ERR_REFUSED, "the document is larger than %llu bytes",
                (unsigned long long)s->max);
    return false;
}

static void on_pool(uv_work_t *work)
{
    struct spool *s = (struct spool *)work;
    if (!s->emptied && ftruncate(s->fd, 0) != 0)
        err_set(&s->error, ERR_IO, "the file for the document cannot be emptied: %s",
                strerror(errno));
    s->emptied = true;
    struct str rest = buf_str(&s->taken);
    size_t most = s->decoder.compressed ? SPOOL_PIECE : SPOOL_ROOM;
    while (rest.n && s->error.code == ERR_NONE) {
        struct str piece = str_slice(rest.p, rest.n < most ? rest.n : most);
        rest = str_slice(rest.p + piece.n, rest.n - piece.n);
        take(s, piece);
    }
    buf_clear(&s->taken);
}

// ---- On the loop ------------------------------------------------------------------------------------

static void on_loop(uv_work_t *work, int status);

static void start(struct spool *s)
{
    struct buf empty = s->taken;
    s->taken = s->waiting;
    s->waiting = empty;
    s->working = true;
    uv_queue_work(s->loop, &s->work, on_pool, on_loop);
}

static void on_loop(uv_work_t *work, int status)
{
    (void)status;
    struct spool *s = (struct spool *)work;
    s->working = false;
    if (s->closed) {
        spool_free(s);
        return;
    }
    if (s->error.code)
        buf_clear(&s->waiting);
    bool over = s->ending && !s->waiting.n, resume = s->full && !s->ending;
    s->full = false;
    if (s->waiting.n)
        start(s);
    // Each may close it.
    if (over)
        s->ended(s->ended_arg);
    else if (resume)
        s->resume(s->resume_arg);
}

enum spool_answer spool_add(struct spool *s, struct str bytes)
{
    if (!s->working && s->error.code)
        return SPOOL_BROKEN;
    if (s->waiting.n && s->waiting.n + bytes.n > SPOOL_ROOM) {
        s->full = true;
        return SPOOL_FULL;
    }
    buf_add(&s->waiting, bytes);
    if (!s->working)
        start(s);
    return SPOOL_TAKEN;
}

void spool_end(struct spool *s, void (*ended)(void *arg), void *arg)
{
    s->ending = true;
    s->ended = ended;
    s->ended_arg = arg;
    if (!s->working) // also an empty body empties the file
        start(s);
}

const struct err *spool_error(const struct spool *s)
{
    return &s->error;
}

bool spool_whole(const struct spool *s, struct err *e)
{
    return decoder_finish(&s->decoder, e);
}

uint64_t spool_bytes(const struct spool *s)
{
    return s->written;
}

void spool_close(struct spool *s)
{
    s->closed = true;
    if (!s->working)
        spool_free(s);
}
