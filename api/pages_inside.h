// What the handlers of the pages share: how they answer. On search threads, but for page_problem (app.h).
#pragma once

#include "api/app.h"
#include "api/at_hand.h"
#include "api/pages.h"

int64_t page_documents(struct app *app); // of the index
// The configured zone, the caller's; NULL, which is UTC, when it cannot be read any more.
struct time_zone *page_zone(const struct app *app);

// The page of a view, which is taken. 500 when it cannot be rendered.
void page_answer(struct http_exchange *x, struct app *app, unsigned status, const char *template,
                 json_t *view);
// The page of a search that found something in that revision of the index.
void page_answer_search(struct http_exchange *x, struct app *app, struct app_answer *at_hand,
                        uint64_t revision, const char *template, json_t *view);
void page_answer_error(struct http_exchange *x, struct app *app, unsigned status);
// There is nothing to show yet: what happens, and how far it is.
void page_answer_waiting(struct http_exchange *x, struct app *app);
// 503 for what passes, else 500; logged.
void page_answer_failure(struct http_exchange *x, struct app *app, const struct err *e);
// A file of the site.
void page_answer_text(struct http_exchange *x, struct app *app, const char *type, struct str text);

// The title of a record that is there; absent when it is not. False on a failure of the store.
bool page_read_title(struct store *s, struct str id, struct arena *a, struct str *title,
                     struct err *e);

// pages_find.c: handlers.
void page_search(struct http_exchange *x, void *context, void *arg);
void page_values(struct http_exchange *x, void *context, void *arg);
