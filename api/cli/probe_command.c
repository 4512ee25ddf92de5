// probe: what an address is, a source for it, and where it departs from what its driver expects.
#include "api/cli/cli.h"
#include "base/json.h"
#include "base/text.h"
#include "base/version.h"
#include "harvester/probe.h"

#include <stdio.h>
#include <stdlib.h>

enum { TIMEOUT_MAX = 3600 };
static const char *const departure_names[] = {
    [FIELD_NEW] = "new", [FIELD_GONE] = "gone", [FIELD_OTHER_TYPE] = "other type"};

static void members(struct buf *b, const char *key, struct str value)
{
    json_key(b, key);
    json_str(b, value.n ? value : STR_NONE);
}

static void list(struct buf *b, const char *key, struct strs values)
{
    json_key(b, key);
    json_open(b, '[');
    for (size_t i = 0; i < values.n; i++)
        json_str(b, values.v[i]);
    json_close(b, ']');
}

static void write_first(struct buf *b, const struct probe_answer *p)
{
    char text[900];
    json_key(b, "first");
    json_open(b, '{');
    json_key(b, "items");
    json_int(b, (int64_t)p->items);
    json_key(b, "errors");
    json_int(b, (int64_t)p->errors);
    json_key(b, "skipped");
    json_int(b, (int64_t)p->skipped);
    json_key(b, "announced");
    if (p->announced >= 0)
        json_int(b, p->announced);
    else
        json_nil(b);
    json_key(b, "more");
    json_bool(b, p->more);
    members(b, "error",
            p->page_error.code ? str_of(err_text(&p->page_error, text, sizeof text)) : STR_NONE);
    json_key(b, "records");
    json_open(b, '[');
    for (size_t i = 0; i < p->shown_count; i++) {
        json_open(b, '{');
        members(b, "id", p->shown[i].id);
        members(b, "kind",
                p->shown[i].kind < KIND_COUNT ? record_kind_name(p->shown[i].kind) : STR_NONE);
        members(b, "title", p->shown[i].title);
        members(b, "error", p->shown[i].error);
        json_close(b, '}');
    }
    json_close(b, ']');
    json_close(b, '}');
}

static void write_answer(struct buf *b, struct str url, const struct probe_answer *p)
{
    json_open(b, '{');
    members(b, "url", url);
    members(b, "type", p->type);
    members(b, "evidence", p->evidence);
    list(b, "other_types", p->others);
    members(b, "source", p->entry);
    write_first(b, p);
    json_key(b, "compared");
    json_bool(b, p->compared);
    json_key(b, "departures");
    json_open(b, '[');
    for (size_t i = 0; i < p->departure_count; i++) {
        const struct departure *d = &p->departures[i];
        json_open(b, '{');
        members(b, "what", str_of(departure_names[d->kind]));
        members(b, "path", d->path);
        members(b, "expected", d->expected);
        members(b, "met", d->met);
        json_key(b, "count");
        json_int(b, d->count);
        json_close(b, '}');
    }
    json_close(b, ']');
    members(b, "seen", p->seen);
    members(b, "made_with", p->maker);
    list(b, "links", p->links);
    list(b, "tried", p->tried);
    json_close(b, '}');
}

// What a catalogue says, without what a terminal would obey.
static struct str plain(struct cli *cli, struct str text)
{
    return text_clean(&cli->arena, text, 500, NULL);
}

static void print_departure(struct cli *cli, const struct departure *d)
{
    struct str path = plain(cli, d->path);
    if (d->kind == FIELD_NEW)
        printf("  new         %.*s (%.*s), %lld times\n", STR_ARG(path), STR_ARG(d->met),
               (long long)d->count);
    else if (d->kind == FIELD_GONE)
        printf("  gone        %.*s, from %lld\n", STR_ARG(path), (long long)d->count);
    else
        printf("  other type  %.*s: %.*s in the place of %.*s, %lld times\n", STR_ARG(path),
               STR_ARG(d->met), STR_ARG(d->expected), (long long)d->count);
}

static void print_answer(struct cli *cli, const struct probe_answer *p)
{
    char text[900];
    cli_say(cli, "%.*s, by %.*s\n", STR_ARG(p->type), STR_ARG(p->evidence));
    for (size_t i = 0; i < p->others.n; i++)
        cli_say(cli, "it also answers as %.*s\n", STR_ARG(p->others.v[i]));
    printf("%.*s", STR_ARG(p->entry));
    if (p->page_error.code) {
        cli_say(cli, "its first page cannot be read: %s\n",
                err_text(&p->page_error, text, sizeof text));
    } else {
        cli_say(cli, "first page: %zu items, %zu that cannot be read, %zu left out%s", p->items,
                p->errors, p->skipped, p->more ? ", more behind it" : "");
        if (p->announced >= 0)
            cli_say(cli, ", %lld announced", (long long)p->announced);
        cli_say(cli, "\n");
    }
    for (size_t i = 0; i < p->shown_count; i++) {
        struct str id = plain(cli, p->shown[i].id), title = plain(cli, p->shown[i].title),
                   error = plain(cli, p->shown[i].error);
        cli_say(cli, "  %.*s  %.*s%.*s\n", STR_ARG(id), STR_ARG(title), STR_ARG(error));
    }
    if (!p->compared)
        return;
    cli_say(cli, p->departure_count ? "it departs from what the driver expects:\n"
                                    : "its fields are those that the driver expects\n");
    for (size_t i = 0; i < p->departure_count; i++)
        print_departure(cli, &p->departures[i]);
}

// What was seen and what to try, where no driver knows the address.
static void print_unknown(const struct cli *cli, struct str url, const struct probe_answer *p)
{
    cli_say(cli, "no driver knows this address.\n");
    if (p->seen.n)
        cli_say(cli, "%.*s\n", STR_ARG(p->seen));
    if (p->maker.n)
        cli_say(cli,
                "it names %.*s, which type %.*s reads; it does not answer as one here or above\n",
                STR_ARG(p->maker), STR_ARG(p->maker_type));
    if (p->tried.n) {
        cli_say(cli, "asked:\n");
        for (size_t i = 0; i < p->tried.n; i++)
            cli_say(cli, "  %.*s\n", STR_ARG(p->tried.v[i]));
    }
    cli_say(cli, "to try:\n");
    for (size_t i = 0; i < p->links.n; i++)
        cli_say(cli, "  glaneur probe '%.*s'\n", STR_ARG(p->links.v[i]));
    if (p->maker.n)
        cli_say(cli,
                "  the host that its interface is on, where that is another: look for \"API\" on "
                "the page\n"
                "  glaneur probe --type %.*s '%.*s', which tells why it cannot be read\n",
                STR_ARG(p->maker_type), STR_ARG(url));
    else
        cli_say(cli, "  the address of the catalogue itself: the root of its API, or the document "
                     "(data.json, "
                     "catalog.ttl, ...)\n"
                     "  --type TYPE, where you know what it is\n");
}

static struct strs repeated(struct cli *cli, const struct options *o, const char *name)
{
    struct strs list = {0};
    const char *value;
    for (int i = 0; (value = o->get(o, name, i)); i++)
        arena_push(&cli->arena, &list, str_of(value));
    return list;
}

int command_probe(struct cli *cli, const struct options *o)
{
    struct err e = {0};
    struct probe_answer answer;
    const char *type = o->get(o, "type", 0), *headers = o->get(o, "headers-file", 0),
               *ca = o->get(o, "ca-file", 0), *proxy = o->get(o, "proxy", 0),
               *timeout = o->get(o, "timeout", 0), *tmp = getenv("TMPDIR");
    int64_t seconds = 0;
    struct probe_request request = {.url = str_of(o->arguments[0]),
                                    .type = str_of(type),
                                    .allow_private = repeated(cli, o, "allow-private"),
                                    .headers_file = str_of(headers),
                                    .user_agent = "glaneur/" GLANEUR_VERSION " (probe)",
                                    .ca_file = ca,
                                    .proxy = proxy,
                                    .folder = tmp ? tmp : "/tmp"};
    if (timeout && !str_to_int(str_of(timeout), 1, TIMEOUT_MAX, &seconds)) {
        err_set(&e, ERR_USAGE, "--timeout is a number of seconds from 1 to %d", TIMEOUT_MAX);
        return cli_fail(cli, &e);
    }
    request.timeout = (unsigned)seconds;
    if (!probe(&request, &cli->arena, &answer, &e))
        return cli_fail(cli, &e);
    if (cli->json) {
        struct buf b = {0};
        write_answer(&b, request.url, &answer);
        int code = cli_print(&b);
        return code                     ? code
               : !answer.type.n         ? EXIT_NOTHING
               : answer.page_error.code ? EXIT_FAILED
                                        : EXIT_DONE;
    }
    if (!answer.type.n) {
        print_unknown(cli, request.url, &answer);
        return EXIT_NOTHING;
    }
    print_answer(cli, &answer);
    return answer.page_error.code ? EXIT_FAILED : EXIT_DONE;
}
