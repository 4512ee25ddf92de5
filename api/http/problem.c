// See problem.h.
#include "api/http/problem.h"

#include "api/http/exchange.h"
#include "api/http/text.h"
#include "base/log.h"
#include "base/utf8.h"

const struct http_problem_type http_problem_types[] = {
    {"bad-request", "The request is malformed"},
    {"invalid-parameter", "A parameter is wrong"},
    {"unknown-parameter", "A parameter is unknown"},
    {"invalid-query", "The search cannot be understood"},
    {"refused-host", "This host is not served here"},
    {"refused-origin", "This origin may not ask here"},
    {"not-found", "There is nothing here"},
    {"method-not-allowed", "The method is not one of this path"},
    {"conflict", "Not possible in the present state"},
    {"gone", "What was here has been removed"},
    {"body-too-large", "The body is too large"},
    {"uri-too-long", "The address is too long"},
    {"internal", "A fault of the server"},
    {"unknown-method", "The method is unknown"},
    {"busy", "Too much to do now"},
    {"timeout", "It took too long"},
    {NULL, NULL},
};

static const char *title_of(unsigned status, const char *slug)
{
    for (const struct http_problem_type *t = http_problem_types; t->slug; t++)
        if (strcmp(t->slug, slug) == 0)
            return t->title;
    return MHD_get_reason_phrase_for(status);
}

// A detail may quote what came from outside, cut anywhere.
static struct str repaired(struct http_exchange *x, struct str detail)
{
    return utf8_repair(&x->arena, detail, NULL);
}

static void write_json(struct http_exchange *x, const struct http_problem *p, struct buf *out)
{
    struct str url = x->server->settings.public_url;
    json_open(out, '{');
    json_key(out, "type");
    json_str(out, arena_printf(&x->arena, "%.*s/problems/%s", STR_ARG(url), p->slug));
    json_key(out, "title");
    json_str(out, str_of(p->title));
    json_key(out, "status");
    json_int(out, p->status);
    json_opt_str(out, "detail", repaired(x, p->detail));
    json_opt_str(out, "instance", x->path);
    if (p->error_count) {
        json_key(out, "errors");
        json_open(out, '[');
        for (size_t i = 0; i < p->error_count; i++) {
            json_open(out, '{');
            json_key(out, "parameter");
            json_str(out, repaired(x, p->errors[i].parameter));
            json_opt_str(out, "detail", repaired(x, p->errors[i].detail));
            json_close(out, '}');
        }
        json_close(out, ']');
    }
    json_close(out, '}');
}

// Whether it was shown as a page.
static bool shown_as_page(struct http_exchange *x, const struct http_problem *p)
{
    const struct http_settings *settings = &x->server->settings;
    return settings->problem_page && http_list_weight(http_header(x, "Accept"), "text/html") > 0 &&
           settings->problem_page(x, p, settings->problem_page_arg);
}

void http_problem_errors(struct http_exchange *x, unsigned status, const char *slug,
                         struct str detail, const struct http_problem_error *errors, size_t n)
{
    struct http_problem p = {.status = status,
                             .slug = slug,
                             .title = title_of(status, slug),
                             .detail = detail,
                             .errors = errors,
                             .error_count = n,
                             .worker_context = x->worker_context};
    response_clear(x);
    if (!shown_as_page(x, &p)) {
        struct buf body = {0};
        response_clear(x);
        write_json(x, &p, &body);
        http_answer(x, status, "application/problem+json", &body);
    }
    http_cache(x, "no-store");
    if (x->server->settings.problem_page)
        response_header(x, "Vary", STR("Accept"));
    if (status == 503)
        response_header(x, "Retry-After", STR("1"));
}

void http_problem(struct http_exchange *x, unsigned status, const char *slug, struct str detail,
                  struct str parameter)
{
    struct http_problem_error error = {parameter, detail};
    http_problem_errors(x, status, slug, detail, &error, parameter.p ? 1 : 0);
}

static const struct known {
    enum err_code code;
    unsigned status;
    const char *slug;
} known[] = {
    {ERR_NOT_FOUND, 404, "not-found"},
    {ERR_GONE, 410, "gone"},
    {ERR_QUERY, 400, "invalid-query"},
    {ERR_USAGE, 400, "invalid-parameter"},
    {ERR_ARGUMENT, 400, "invalid-parameter"},
    {ERR_CONFLICT, 409, "conflict"},
    {ERR_BUSY, 503, "busy"},
    {ERR_TIMEOUT, 504, "timeout"},
};

static struct str detail_of(struct http_exchange *x, const struct err *e)
{
    return arena_printf(&x->arena, "%s%s%s", e->what, e->hint[0] ? "; " : "", e->hint);
}

void http_problem_parameter(struct http_exchange *x, const struct err *e, struct str parameter)
{
    http_problem(x, 400, e->code == ERR_USAGE ? "unknown-parameter" : "invalid-parameter",
                 detail_of(x, e), parameter);
}

void http_problem_err(struct http_exchange *x, const struct err *e, struct str parameter)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].code == e->code) {
            http_problem(x, known[i].status, known[i].slug, detail_of(x, e), parameter);
            return;
        }
    char text[sizeof e->where + sizeof e->what + sizeof e->hint + 8];
    log_event(LOG_ERROR, "request failed", F_STR("request_id", x->id), F_Z("route", x->route_name),
              F_Z("kind", err_name(e->code)), F_Z("error", err_text(e, text, sizeof text)));
    http_problem(x, 500, "internal",
                 arena_printf(&x->arena, "the server's log has more, under the request id %.*s",
                              STR_ARG(x->id)),
                 STR_NONE);
}
