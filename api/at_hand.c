// See at_hand.h.
#include "api/at_hand.h"

#include "api/app_inside.h"
#include "api/http/request.h"
#include "api/http/response.h"
#include "api/queries.h"
#include "api/query_notes.h"
#include "base/hash.h"

enum { DAY_SECONDS = 86400 };

static struct answers_stamp stamp_of(struct app *app)
{
    struct indexer_state state;
    app_index_state(app, &state);
    return (struct answers_stamp){.generation = state.generation,
                                  .commits = state.commits,
                                  .day = date_now() / DAY_SECONDS,
                                  .edition = atomic_load(&app->edition)};
}

// Everything that the answer is made of, but for the state of things. A control character is in none of its parts.
static struct str key_of(struct http_exchange *x)
{
    struct str base = http_base_url(x), path = http_path(x), query = http_query_text(x);
    return arena_printf(http_arena(x), "%c\n%.*s\n%.*s?%.*s", "-gz"[http_coding(x)], STR_ARG(base),
                        STR_ARG(path), STR_ARG(query));
}

static void tell(struct app *app, const struct answers_note *note, struct arena *a)
{
    struct search_request request;
    const struct search_answer answer = {.total = note->total,
                                         .strict_total = note->strict_total,
                                         .relaxed = note->relaxed,
                                         .corrected = note->corrected};
    if (!note->searched)
        return;
    metrics_search(app->metrics, 0, note->total == 0, note->relaxed.n > 0);
    if (!note->noted)
        return;
    search_request_init(&request);
    request.q = note->q;
    app_note_search(app, &request, &answer, a);
}

bool app_at_hand(struct http_exchange *x, void *arg)
{
    struct app *app = arg;
    struct answers_note note;
    struct answers_stamp now = stamp_of(app);
    struct http_kept *kept = answers_find(app->answers, &now, key_of(x), http_arena(x), &note);
    if (!kept)
        return false;
    tell(app, &note, http_arena(x));
    http_answer_kept(x, kept);
    http_kept_release(kept);
    return true;
}

struct app_answer *app_answer_begin(struct http_exchange *x, struct app *app)
{
    struct app_answer *a = ARENA_NEW(http_arena(x), struct app_answer);
    *a = (struct app_answer){.app = app, .stamp = stamp_of(app), .key = key_of(x)};
    return a;
}

static void keep(void *arg, struct http_kept *kept)
{
    const struct app_answer *a = arg;
    answers_keep(a->app->answers, &a->stamp, a->key, kept, &a->note);
}

void app_answer_keep(struct http_exchange *x, struct app_answer *a,
                     const struct search_request *request, const struct search_answer *answer)
{
    if (request) // what query_notes_search looks at
        a->note = (struct answers_note){.searched = true,
                                        .noted = query_notes_wants(request, answer),
                                        .q = request->q,
                                        .relaxed = answer->relaxed,
                                        .corrected = answer->corrected,
                                        .total = answer->total,
                                        .strict_total = answer->strict_total};
    http_keep(x, keep, a);
}

bool app_answer_etag(struct http_exchange *x, const struct app_answer *a, uint64_t revision)
{
    struct arena *arena = http_arena(x);
    struct str of = str_slice(a->key.p + 1, a->key.n - 1); // the codings are one answer
    uint64_t hash =
        hash64(arena_printf(arena, "%llx %lld%.*s", (unsigned long long)a->stamp.edition,
                            (long long)a->stamp.day, STR_ARG(of)));
    return http_etag(
        x, arena_printf(arena, "%llx-%llx", (unsigned long long)revision, (unsigned long long)hash),
        true);
}
