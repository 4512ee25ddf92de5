// What the worker does with a page: the driver reads it, each record gets its canonical form and its hash, all of it
// goes into the store in one transaction with the cursor.
#include "harvester/run_steps.h"

#include "base/date.h"
#include "harvester/normalise/keys.h"
#include "harvester/normalise/repository.h"
#include "store/record_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

// One page on its way into the store.
struct page_lines {
    struct run_error *errors;
    struct str *unread;
    struct str *gone;
    struct store_item *items;
    size_t error_count, unread_count, gone_count, item_count;
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

static struct str repository_mention(struct harvest *h, struct str address)
{
    struct str key = repository_key(&h->page_arena, address);
    return key.n ? arena_printf(&h->page_arena, "repository %.*s", STR_ARG(key)) : STR_NONE;
}

// What its relations name by another name than an id of this source.
static void add_mentions(struct harvest *h, const struct strs *relations, struct strs *out)
{
    struct str prefix = arena_printf(&h->page_arena, "%.*s:", STR_ARG(h->run.source));
    for (size_t i = 0; i < relations->n; i++) {
        if (str_starts(relations->v[i], prefix))
            continue;
        const struct str keys[] = {identifier_key(&h->page_arena, relations->v[i]),
                                   page_key(&h->page_arena, relations->v[i]),
                                   repository_mention(h, relations->v[i])};
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
            if (keys[k].n)
                arena_push(&h->page_arena, out, keys[k]);
    }
}

static void add_keys(struct harvest *h, const struct record *r, struct store_item *item)
{
    struct record_key found[RECORD_KEYS_MAX];
    struct strs mentions = {0};
    size_t n = record_keys(&h->page_arena, r, found);
    struct store_key *keys = ARENA_ARRAY(&h->page_arena, struct store_key, n);
    for (size_t i = 0; i < n; i++)
        keys[i] = (struct store_key){found[i].text, found[i].own};
    add_mentions(h, &r->relations.serves_dataset, &mentions);
    add_mentions(h, &r->relations.uses, &mentions);
    item->keys = keys;
    item->key_count = n;
    item->mentions = mentions.v;
    item->mention_count = mentions.n;
    item->rank = h->driver->rank;
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
    add_keys(h, r, item);
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

static enum record_kind kind_of(const struct harvest *h, const struct driver_page *page,
                                const struct driver_item *item)
{
    if (item->record)
        return item->record->kind;
    return page->kind < KIND_COUNT ? page->kind : h->source.kinds[0];
}

static bool wanted(const struct harvest *h, enum record_kind kind)
{
    return h->source.config->kinds & 1u << kind;
}

// Sorts the page's items: stored, unreadable, skipped (private, deleted, met before in this sweep).
static void take_items(struct harvest *h, const struct driver_page *page, struct page_lines *lines)
{
    struct buf scratch = {0};
    int64_t repeated[KIND_COUNT] = {0};
    for (size_t i = 0; i < page->item_count && !h->limited; i++) {
        const struct driver_item *item = &page->items[i];
        enum record_kind kind = kind_of(h, page, item);
        if (item->gone) { // listed, as what is no more
            if (guard_visited_add(&h->gone, item->id)) {
                lines->met++;
                lines->gone[lines->gone_count++] = item->id;
            }
            continue;
        }
        bool first = first_met(h, item);
        lines->met += first;
        h->kinds[kind].met += first;
        repeated[kind] += !first;
        if (!first || item->skipped || !wanted(h, kind)) {
            h->run.counts.skipped += !h->rereading || first;
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
    for (size_t k = 0;
         k < KIND_COUNT && lines->met && !page->again && !page->restarted && !h->rereading; k++)
        h->kinds[k].repeated += repeated[k];
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
        .gone = lines->gone,
        .gone_count = lines->gone_count,
        .errors = lines->errors,
        .error_count = lines->error_count,
        .now = date_now(),
        .dry_run = h->options.dry_run,
    };
    if (h->options.dry_run)
        keep_dry_errors(h, lines);
    return store_page_write(s, &page, &h->error);
}

// The first time, the document is opened.
static bool read_part(struct harvest *h, struct driver_page *page, bool *last)
{
    struct harvest_document *d = &h->document;
    if (!d->reader) {
        struct driver_document document = {
            .fd = d->fd,
            .url = buf_str(&d->url),
            .content_type = buf_str(&d->content_type),
            .folder = h->tools.folder,
        };
        lseek(d->fd, 0, SEEK_SET);
        d->reader = h->driver->open(&h->source, buf_str(&h->cursor), &document, &h->error);
        if (!d->reader)
            return false;
    }
    return h->driver->next(d->reader, &h->page_arena, page, last, &h->error);
}

static bool read_page(struct harvest *h, struct driver_page *page)
{
    struct driver_response *responses =
        ARENA_ARRAY(&h->page_arena, struct driver_response, h->response_count);
    for (size_t i = 0; i < h->response_count; i++)
        responses[i] = (struct driver_response){
            .status = h->responses[i].status,
            .body = buf_str(&h->responses[i].body),
            .url = i ? h->follow.v[i - 1] : buf_str(&h->document.url),
            .content_type = i ? STR_NONE : buf_str(&h->document.content_type),
        };
    return h->driver->read(&h->source, buf_str(&h->cursor), responses, h->response_count,
                           &h->page_arena, page, &h->error);
}

static bool read_any(struct harvest *h, struct driver_page *page, bool *last)
{
    if (h->local && !h->response_count && !h->document.fd && !run_file_open(h))
        return false;
    if (h->driver->open ? read_part(h, page, last) : read_page(h, page))
        return true;
    return h->error.where[0] ? false
                             : err_where(&h->error, "%.*s %.*s", STR_ARG(h->run.source),
                                         STR_ARG(buf_str(&h->page_url)));
}

// The page at hand is done with: where the next one is.
static void move_on(struct harvest *h, struct str next)
{
    run_document_close(h);
    h->run.counts.pages++;
    h->rereading = false;
    if (h->local) {
        h->file++;
        h->swept = h->file == h->files.n && !h->limited;
        return;
    }
    buf_clear(&h->cursor);
    buf_add(&h->cursor, next);
    h->swept = next.n == 0 && !h->limited;
}

static bool write_items(struct harvest *h, struct store *s, const struct driver_page *page,
                        bool last)
{
    struct page_lines lines = {
        .errors = ARENA_ARRAY(&h->page_arena, struct run_error, page->item_count + 2),
        .unread = ARENA_ARRAY(&h->page_arena, struct str, page->item_count + 1),
        .gone = ARENA_ARRAY(&h->page_arena, struct str, page->item_count + 1),
        .items = ARENA_ARRAY(&h->page_arena, struct store_item, page->item_count + 1),
    };
    if (page->lost) {
        struct err why = page->loss;
        size_t n = strlen(why.what);
        snprintf(why.what + n, sizeof why.what - n,
                 " (the first of %zu parts that could not be read)", page->lost);
        lines.errors[lines.error_count++] = error_line(h, STR_NONE, &why);
        h->lost++;
    }
    take_items(h, page, &lines);
    h->document.met += lines.met;
    int64_t met = h->document.met;
    bool reread = h->rereading;
    if (last || h->limited)
        move_on(h, page->next);
    run_save_cursor(h);
    if (!write_page(h, s, &lines))
        return false;
    return !last || h->swept || h->limited || h->local || reread || page->restarted ||
           guard_budget_records(&h->budget, (uint64_t)met, &h->error);
}

void run_step_page(struct harvest *h, struct store *s)
{
    arena_reset(&h->page_arena);
    struct driver_page page = {.announced = -1};
    bool last = true;
    if (!read_any(h, &page, &last)) {
        h->unreadable = true;
        return;
    }
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
    if (page.restarted && h->revisits)
        h->revisits--;
    if (page.kind != h->list ||
        page.restarted) // an empty list after another is no catalogue that repeats itself
        h->budget.barren = 0;
    h->list = page.kind;
    if (page.kind == KIND_COUNT) {
        h->mixed = true;
        h->announced = page.announced >= 0 ? page.announced : h->announced;
    } else if (page.announced >= 0) {
        h->kinds[page.kind].announced = page.announced;
    }
    write_items(h, s, &page, last);
}

void run_step_lose(struct harvest *h, struct store *s)
{
    arena_reset(&h->page_arena);
    struct str kept = run_keep_unread(h), behind = STR_NONE;
    if (!h->local && h->driver->behind)
        behind = h->driver->behind(&h->source, buf_str(&h->cursor), &h->page_arena);
    bool goes_on = (h->local || behind.n) && h->lost < MAX_LOST;
    if (kept.n) {
        char hint[sizeof h->error.hint];
        memcpy(hint, h->error.hint, sizeof hint);
        bool room = strlen(hint) + kept.n + 30 < sizeof hint;
        err_hint(&h->error, "%s%swhat came is kept in %.*s", room ? hint : "",
                 room && hint[0] ? "; " : "", STR_ARG(kept));
    }
    h->unreadable = false;
    h->lost++;
    if (!goes_on)
        return;
    struct run_error line = error_line(h, STR_NONE, &h->error);
    struct page_lines lines = {.errors = &line, .error_count = 1};
    h->error = (struct err){0};
    move_on(h, behind);
    run_save_cursor(h);
    write_page(h, s, &lines);
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
