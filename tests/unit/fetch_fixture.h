// What the tests of harvester/fetch share: a loop, a fetcher, one fetch run to its end and its result kept.
#pragma once

#include "harvester/fetch.h"
#include "tests/tap.h"

#include <stdlib.h>

static uv_loop_t loop;
static struct fetcher *fetcher;
static struct guard_network loopback_network = {.address = {127}, .bits = 8, .v4 = true};

// What a callback saw, copied.
struct seen {
    int calls;
    struct fetch_result result; // its strings and its body belong to the arena
    struct arena arena;
    char error[800];
};

static struct fetch_policy local_policy(void)
{
    struct fetch_policy p = FETCH_POLICY_DEFAULT;
    p.source = "test";
    p.rate = 0;
    p.allow_private = (struct guard_networks){&loopback_network, 1};
    return p;
}

static void keep(struct fetch_result *result, void *arg)
{
    struct seen *s = arg;
    s->calls++;
    s->result = *result;
    s->result.content_type = arena_str(&s->arena, result->content_type);
    s->result.etag = arena_str(&s->arena, result->etag);
    s->result.last_modified = arena_str(&s->arena, result->last_modified);
    s->result.effective_url = arena_str(&s->arena, result->effective_url);
    s->result.body.p = arena_z(&s->arena, buf_str(&result->body));
    err_text(&result->error, s->error, sizeof s->error);
}

static void forget(struct seen *s)
{
    arena_free(&s->arena);
    *s = (struct seen){0};
}

static struct fetch *begin(struct seen *s, const char *url, const struct fetch_policy *policy)
{
    struct fetch_request request = {.url = str_of(url), .policy = policy};
    forget(s);
    return fetch_start(fetcher, &request, keep, s);
}

static void run_to_end(const struct seen *s)
{
    while (!s->calls && uv_run(&loop, UV_RUN_ONCE))
        ;
}

static inline void get(struct seen *s, const char *url, const struct fetch_policy *policy)
{
    begin(s, url, policy);
    run_to_end(s);
}

static void open_fetcher(const char *proxy, const char *ca_file)
{
    struct fetch_settings settings = {.user_agent = "glaneur/test (+mailto:ops@example.org)",
                                      .proxy = proxy,
                                      .ca_file = ca_file,
                                      .retry_unit_ms = 20};
    struct err e;
    fetcher = fetcher_new(&loop, &settings, &e);
    if (!fetcher) {
        char text[800];
        printf("Bail out! %s\n", err_text(&e, text, sizeof text));
        exit(1);
    }
}

static void note_closed(void *arg)
{
    *(bool *)arg = true;
}

// Closes the fetcher, and sees that it leaves nothing on the loop.
static void close_fetcher(void)
{
    bool closed = false;
    fetcher_close(fetcher, note_closed, &closed);
    uv_run(&loop, UV_RUN_DEFAULT);
    ok(closed);
    ok(!uv_loop_alive(&loop));
}
