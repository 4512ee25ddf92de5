// What the worker does with a page: the driver reads it, each record gets its canonical form and its hash, all of it
// goes into the store in one transaction with the cursor.
#include "harvester/run_steps.h"

#include "base/date.h"
#include "store/record_json.h"

#include <stdlib.h>

// One page on its way into the store.
struct page_lines {
    struct run_error *errors;
    struct str *unread;
    struct store_item *items;
    size_t error_count, unread_count, item_count;
    int64_t met; // ids that this run had not met before
};

static struct run_error error_line(struct harvest *h, struct str record, const struct err *e)
{
    char text[sizeof e->what + sizeof e->hint + sizeof e->where + 8];
    return (struct run_error){
        .record = record,
        .page = buf_str(&h->page_url),
        .kind = str_of(err_name(e->code)),
        .message = arena_str(&h->page_arena, str_of(err_text(e, text, sizeof text))),
    };
}

static void add_record(struct harvest *h, const struct record *r, struct buf *scratch,
                       struct store_item *item)
{
    *item = (struct store_item){.id = r->id, .kind = r->kind, .status = r->status};
    buf_clear(scratch);
    record_write_body(scratch, r);
    item->body = arena_str(&h->page_arena, buf_str(scratch));
    sha256(item->body, item->hash);
    buf_clear(scratch);
    record_write_figures(scratch, r);
    item->figures = arena_str(&h->page_arena, buf_str(scratch));
}

// Whether an item is met for the first time. One that is listed but must not be kept (private, deleted) counts as met and
// stays absent for us: it is remembered under another name than its id.
static bool first_met(struct harvest *h, const struct driver_item *item)
{
    if (!item->id.n)
        return true;
    struct str name = item->id;
    if (item->skipped)
        name = arena_printf(&h->page_arena, "%.*s (left out)", STR_ARG(item->id));
    return guard_visited_add(&h->seen, name);
}

// Sorts the page's items: stored, unreadable, skipped (private, deleted, met before in this sweep).
static void take_items(struct harvest *h, const struct driver_page *page, struct page_lines *lines)
{
    struct buf scratch = {0};
    for (size_t i = 0; i < page->item_count && !h->limited; i++) {
        const struct driver_item *item = &page->items[i];
        bool first = first_met(h, item);
        lines->met += first;
        if (!first || item->skipped) {
            h->run.counts.skipped++;
            continue;
        }
        if (!item->record) {
            h->run.counts.errored++;
            lines->errors[lines->error_count++] = error_line(h, item->id, &item->error);
            if (item->id.n)
                lines->unread[lines->unread_count++] = item->id;
            continue;
        }
        add_record(h, item->record, &scratch, &lines->items[lines->item_count++]);
        const struct run_counts *c = &h->run.counts;
        int64_t taken =
            c->added + c->updated + c->unchanged + c->restored + (int64_t)lines->item_count;
        h->limited = h->options.limit && taken >= h->options.limit;
    }
    buf_free(&scratch);
}

static void keep_dry_errors(struct harvest *h, const struct page_lines *lines)
{
    for (size_t i = 0; i < lines->error_count && h->dry_error_count < STORE_RUN_ERRORS_MAX; i++) {
        const struct run_error *e = &lines->errors[i];
        h->dry_errors = xrealloc(h->dry_errors, (h->dry_error_count + 1) * sizeof *h->dry_errors);
        h->dry_errors[h->dry_error_count++] =
            (struct run_error){arena_str(&h->arena, e->record), arena_str(&h->arena, e->page),
                               arena_str(&h->arena, e->kind), arena_str(&h->arena, e->message)};
    }
    h->run.error_count += (int64_t)lines->error_count;
}

static bool write_page(struct harvest *h, struct store *s, const struct page_lines *lines)
{
    struct store_page page = {
        .run = &h->run,
        .items = lines->items,
        .item_count = lines->item_count,
        .unread = lines->unread,
        .unread_count = lines->unread_count,
        .errors = lines->errors,
        .error_count = lines->error_count,
        .now = date_now(),
        .dry_run = h->options.dry_run,
    };
    if (h->options.dry_run)
        keep_dry_errors(h, lines);
    return store_page_write(s, &page, &h->error);
}

static bool read_page(struct harvest *h, struct driver_page *page)
{
    struct driver_response *responses =
        ARENA_ARRAY(&h->page_arena, struct driver_response, h->response_count);
    for (size_t i = 0; i < h->response_count; i++)
        responses[i] = (struct driver_response){
            .status = h->responses[i].status,
            .body = buf_str(&h->responses[i].body),
            .url = i ? h->follow.v[i - 1] : buf_str(&h->page_url),
        };
    return h->driver->read(&h->source, buf_str(&h->cursor), responses, h->response_count,
                           &h->page_arena, page, &h->error) ||
           err_where(&h->error, "%.*s %.*s", STR_ARG(h->run.source),
                     STR_ARG(buf_str(&h->page_url)));
}

void run_step_page(struct harvest *h, struct store *s)
{
    arena_reset(&h->page_arena);
    struct driver_page page = {0};
    if (!read_page(h, &page))
        return;
    if (page.follow.n && h->response_count == 1) {
        arena_reset(&h->follow_arena);
        h->follow = (struct strs){0};
        for (size_t i = 0; i < page.follow.n; i++)
            arena_push(&h->follow_arena, &h->follow, arena_str(&h->follow_arena, page.follow.v[i]));
        return;
    }
    h->texts.mojibake += page.mojibake;
    h->texts.repaired += page.repaired;
    h->texts.cut += page.cut;

    struct page_lines lines = {
        .errors = ARENA_ARRAY(&h->page_arena, struct run_error, page.item_count + 1),
        .unread = ARENA_ARRAY(&h->page_arena, struct str, page.item_count + 1),
        .items = ARENA_ARRAY(&h->page_arena, struct store_item, page.item_count + 1),
    };
    take_items(h, &page, &lines);
    struct kind_tally *tally = &h->kinds[page.kind];
    tally->met += lines.met;
    if (page.kind != h->list) // an empty list after another is no catalogue that repeats itself
        h->budget.barren = 0;
    h->list = page.kind;
    if (page.announced >= 0)
        tally->announced = page.announced;
    h->run.counts.pages++;
    buf_clear(&h->cursor);
    buf_add(&h->cursor, page.next);
    h->swept = page.next.n == 0 && !h->limited;
    run_save_cursor(h);
    if (write_page(h, s, &lines) && !h->swept && !h->limited)
        guard_budget_records(&h->budget, (uint64_t)lines.met, &h->error);
}

bool run_report(struct harvest *h, struct store *s, struct str record, const char *kind,
                const char *message)
{
    struct run_error line = {
        .record = record, .page = STR(""), .kind = str_of(kind), .message = str_of(message)};
    if (h->options.dry_run) {
        struct page_lines lines = {.errors = &line, .error_count = 1};
        keep_dry_errors(h, &lines);
        return true;
    }
    h->run.error_count++;
    return store_run_error(s, h->run.run, &line, &h->error);
}
