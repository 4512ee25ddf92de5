// What routes of searches share that may be answered from memory (answers.h): how a request is named there, what is told for each
// sending of an answer, and the tag of an answer.
#pragma once

#include "api/answers.h"
#include "api/app.h"

// http_settings.at_hand, with the app as `arg`. On the loop.
bool app_at_hand(struct http_exchange *x, void *arg);

// On the handler's thread, before it looks at anything that the answer is made of. In the arena of the exchange.
struct app_answer {
    struct app *app;
    struct answers_stamp stamp;
    struct str key;
    struct answers_note note;
};
struct app_answer *app_answer_begin(struct http_exchange *x, struct app *app);
// The answer is one that will be the same until the stamp moves: it is kept when it is a 200. `request` and `answer` are those of the
// search that the log of queries and the metrics are to be told of at each sending, or NULL. Told for this one: app_note_search and
// metrics_search, by the handler.
void app_answer_keep(struct http_exchange *x, struct app_answer *a,
                     const struct search_request *request, const struct search_answer *answer);
// The entity tag of an answer that is made of this revision of the index: weak, the same for all codings. As http_etag. It holds for
// this process and until the next reload, since the rules of searching are part of what an answer is made of.
bool app_answer_etag(struct http_exchange *x, const struct app_answer *a, uint64_t revision);
