// Errors as RFC 9457 problems: application/problem+json {type, title, status, detail, instance,
// errors}. Answers of an exchange, as in response.h. Texts are in English, for developers; a face
// shows pages through http_settings.problem_page.
#pragma once

#include "api/http/route.h"
#include "base/err.h"

// What is wrong with one parameter of the query, or of the path.
struct http_problem_error {
    struct str parameter, detail;
};

struct http_problem {
    unsigned status;
    const char *slug;  // "not-found": the last part of its type
    const char *title; // the same for every problem of that type
    struct str detail; // may be absent
    const struct http_problem_error *errors;
    size_t error_count;
    void *worker_context; // of the worker it arises on; NULL on the loop. For problem_page
};

// Known types, each with its title; a slug that is not among them gets the status' own name as its
// title.
struct http_problem_type {
    const char *slug, *title;
};
extern const struct http_problem_type http_problem_types[]; // ended by a NULL slug

// Answers with a problem of type <public_url>/problems/<slug>. `slug` is a constant. `parameter`
// may be absent; otherwise the detail is said of it in `errors` too. Replaces an answer that was
// given before, its ETag and Cache-Control with it. 503 has Retry-After: 1.
void http_problem(struct http_exchange *x, unsigned status, const char *slug, struct str detail,
                  struct str parameter);
// The same for several parameters at once; the array is used before it returns.
void http_problem_errors(struct http_exchange *x, unsigned status, const char *slug,
                         struct str detail, const struct http_problem_error *errors, size_t n);
// For a parameter that was refused: 400, of type unknown-parameter with ERR_USAGE, invalid-parameter with any other code. Shows
// what happened and its hint.
void http_problem_parameter(struct http_exchange *x, const struct err *e, struct str parameter);
// By the code: NOT_FOUND 404, GONE 410, QUERY, USAGE and ARGUMENT 400, CONFLICT 409, BUSY 503 with
// Retry-After, TIMEOUT 504: these show what happened and its hint. The others are 500: they show
// only the request id, under which the log has the rest.
void http_problem_err(struct http_exchange *x, const struct err *e, struct str parameter);
