// What a sweep did not show. Only a complete sweep says anything about absence. What is absent is asked for by its own
// address when the catalogue has one: gone (410) is removed at once, archived stays as archived, alive was missed
// by the sweep and is stored. Of the rest, one that was absent from enough complete sweeps for long enough is removed,
// the others are missing. A run that would remove too much removes nothing, and waits for an operator.
#include "harvester/run_steps.h"

#include "base/date.h"
#include "store/record_json.h"

#include <stdio.h>
#include <stdlib.h>

enum { DAY = 24 * 3600 };

// A sweep is complete when it showed as many records as the catalogue announced. An empty list, where we hold some,
// says that something is wrong there, not that everything went away.
static bool sweep_is_complete(struct harvest *h, struct store *s)
{
    bool complete = true;
    struct kind_tally all = {.announced = h->announced};
    if (h->not_modified)
        return true;
    if (h->lost) {
        char text[200];
        snprintf(
            text, sizeof text,
            "incomplete sweep: %u of its pages could not be read; nothing is counted as absent",
            h->lost);
        run_report(h, s, STR(""), "incomplete", text);
        return false;
    }
    for (size_t k = 0; k < KIND_COUNT; k++) { // those that are not kept were announced, too
        all.met += h->kinds[k].met;
        all.repeated += h->kinds[k].repeated;
        all.stored += h->kinds[k].stored;
    }
    for (size_t i = 0; i < (h->mixed ? 1 : h->source.kind_count) && h->error.code == ERR_NONE;
         i++) {
        enum record_kind kind = h->source.kinds[i];
        const struct kind_tally *t = h->mixed ? &all : &h->kinds[kind];
        const char *name = h->mixed ? "record" : record_kind_name(kind).p;
        char text[300] = "";
        if (t->announced >= 0 && t->met + t->repeated < t->announced)
            snprintf(text, sizeof text,
                     "incomplete sweep: %lld of the %lld announced %ss were shown; nothing is "
                     "counted as absent",
                     (long long)t->met, (long long)t->announced, name);
        else if (t->met == 0 && t->stored > 0 && !h->source.since)
            snprintf(text, sizeof text,
                     "the list of %ss is empty, and %lld are stored; nothing is counted as absent",
                     name, (long long)t->stored);
        if (text[0]) {
            complete = false;
            run_report(h, s, STR(""), "incomplete", text);
        }
    }
    return complete && h->error.code == ERR_NONE;
}

struct listing {
    struct harvest *h;
    int64_t now;
};

static bool list_absent(void *arg, const struct stored *r)
{
    struct listing *listing = arg;
    struct harvest *h = listing->h;
    h->kinds[r->kind].stored++;
    if (h->not_modified && r->status != STATUS_MISSING) {
        h->run.counts.unchanged++;
        return true;
    }
    bool gone = guard_visited_has(&h->gone, r->id);
    if (h->source.since && !gone)
        return true;
    if (!guard_visited_add(&h->seen, r->id))
        return true;
    // An archived record is absent from the lists for good; now and then it is asked for.
    int64_t again = h->source.config->remove_after.days * DAY;
    if (r->status == STATUS_ARCHIVED && listing->now - r->last_seen < again)
        return true;
    if (h->absent_count == h->absent_room) {
        h->absent_room = h->absent_room ? 2 * h->absent_room : 64;
        h->absents = xrealloc(h->absents, h->absent_room * sizeof *h->absents);
    }
    h->absents[h->absent_count++] = (struct absent){
        .id = arena_str(&h->absent_arena, r->id),
        .kind = r->kind,
        .status = r->status,
        .missed = r->missed,
        .missing_since = r->missing_since,
        .presence = gone ? PRESENCE_GONE : PRESENCE_UNKNOWN,
    };
    return true;
}

void run_step_absent(struct harvest *h, struct store *s)
{
    unsigned kinds = 0;
    for (size_t i = 0; i < h->source.kind_count; i++)
        kinds |= 1u << h->source.kinds[i];
    struct listing listing = {h, date_now()};
    if (h->not_modified && !h->options.dry_run &&
        !store_source_seen(s, h->run.source, h->run.run, listing.now, &h->error))
        return;
    if (store_each(s, h->run.source, kinds, list_absent, &listing, &h->error))
        h->complete = sweep_is_complete(h, s);
}

void run_step_probe(struct harvest *h, struct store *s)
{
    struct absent *absent = &h->absents[h->probe++];
    struct driver_response response = {
        .status = h->responses[0].status,
        .body = buf_str(&h->responses[0].body),
        .url = STR(""),
    };
    struct driver_item item;
    arena_reset(&h->page_arena);
    absent->presence =
        h->driver->probe_read(&h->source, absent->kind, &response, &h->page_arena, &item);
    if (item.id.n && !str_eq(item.id, absent->id))
        absent->presence = PRESENCE_UNKNOWN; // another one answers in its place
    if (absent->presence != PRESENCE_ALIVE)
        return;

    struct store_item stored;
    struct buf body = {0}, figures = {0};
    struct store_page page = {.run = &h->run, .now = date_now(), .dry_run = h->options.dry_run};
    if (item.record) {
        record_write_body(&body, item.record);
        record_write_figures(&figures, item.record);
        stored = (struct store_item){.id = item.record->id,
                                     .kind = item.record->kind,
                                     .status = item.record->status,
                                     .body = buf_str(&body),
                                     .figures = buf_str(&figures)};
        sha256(stored.body, stored.hash);
        page.items = &stored;
        page.item_count = 1;
    } else { // it is there, and stays as it was
        page.unread = &absent->id;
        page.unread_count = 1;
    }
    store_page_write(s, &page, &h->error);
    buf_free(&body);
    buf_free(&figures);
}

// How many may go at once, of so many: the share of the configuration, and always one.
static int64_t allowed(const struct harvest *h, int64_t stored)
{
    int64_t n = (int64_t)(h->source.config->max_removed * (double)stored);
    return n > 1 ? n : 1;
}

static bool too_many(struct harvest *h)
{
    int64_t stored = 0, removing = 0;
    struct arena *a = &h->arena;
    for (size_t i = 0; i < h->source.kind_count; i++) {
        enum record_kind kind = h->source.kinds[i];
        const struct kind_tally *t = &h->kinds[kind];
        stored += t->stored;
        removing += t->removing;
        if (t->removing > allowed(h, t->stored))
            h->run.message = arena_printf(a,
                                          "would remove %lld of %lld %ss, more than max_removed "
                                          "(%g) allows: accept or refuse it",
                                          (long long)t->removing, (long long)t->stored,
                                          record_kind_name(kind).p, h->source.config->max_removed);
    }
    if (removing > allowed(h, stored))
        h->run.message =
            arena_printf(a,
                         "would remove %lld of %lld records, more than max_removed (%g) allows: "
                         "accept or refuse it",
                         (long long)removing, (long long)stored, h->source.config->max_removed);
    return h->run.message.n > 0;
}

// The last words of a run: its state, unless it has one, and its end.
static void run_close(struct harvest *h)
{
    struct run *run = &h->run;
    if (run->state == RUN_RUNNING)
        run->state = run->error_count ? RUN_DONE_WITH_ERRORS : RUN_DONE;
    if (run->state != RUN_INTERRUPTED)
        run->cursor = STR_NONE;
    run->ended = date_now();
}

static bool overdue(const struct harvest *h, const struct absent *absent, int64_t now)
{
    const struct config_remove_after *after = &h->source.config->remove_after;
    int64_t since = absent->missing_since ? absent->missing_since : now;
    return absent->missed + 1 >= after->sweeps && now - since >= after->days * DAY;
}

void run_step_settle(struct harvest *h, struct store *s)
{
    int64_t now = date_now();
    arena_reset(&h->page_arena);
    struct store_absent *list =
        ARENA_ARRAY(&h->page_arena, struct store_absent, h->absent_count + 1);
    struct str *held = ARENA_ARRAY(&h->page_arena, struct str, h->absent_count + 1);
    size_t n = 0, held_count = 0;
    for (size_t i = 0; i < h->absent_count; i++) {
        const struct absent *absent = &h->absents[i];
        if (absent->presence == PRESENCE_ALIVE)
            continue;
        bool archived = absent->presence == PRESENCE_ARCHIVED ||
                        (absent->status == STATUS_ARCHIVED && absent->presence != PRESENCE_GONE);
        bool remove = absent->presence == PRESENCE_GONE || (!archived && overdue(h, absent, now));
        list[n++] = (struct store_absent){absent->id, remove     ? ABSENT_REMOVED
                                                      : archived ? ABSENT_ARCHIVED
                                                                 : ABSENT_MISSING};
        if (remove) {
            h->kinds[absent->kind].removing++;
            held[held_count++] = absent->id;
        }
    }
    if (too_many(h)) {
        // What would go stays, as missing; the rest is settled as usual.
        h->run.state = RUN_HELD_BACK;
        for (size_t i = 0; i < n; i++)
            if (list[i].what == ABSENT_REMOVED)
                list[i].what = ABSENT_MISSING;
    }
    if (h->options.dry_run) {
        for (size_t i = 0; i < n; i++) {
            h->run.counts.missing += list[i].what == ABSENT_MISSING;
            h->run.counts.removed += list[i].what == ABSENT_REMOVED;
        }
        return;
    }
    // The run ends in the transaction of its absences, so that a kill cannot let them count twice.
    h->settled = true;
    run_close(h);
    if (h->run.state == RUN_HELD_BACK && !store_held_write(s, &h->run, held, held_count, &h->error))
        return;
    if (store_absences_write(s, &h->run, list, n, now, &h->error))
        run_state_save(h, s);
}

void run_step_end(struct harvest *h, struct store *s)
{
    struct run *run = &h->run;
    char text[sizeof h->error.what + sizeof h->error.hint + sizeof h->error.where + 8];
    if (h->error.code != ERR_NONE) {
        run->state = RUN_FAILED;
        run->message = arena_str(&h->arena, str_of(err_text(&h->error, text, sizeof text)));
        h->error = (struct err){0};
        if (run->run || h->options.dry_run)
            run_report(h, s, STR(""), "run", text);
    } else if (h->interrupted && !h->settled) {
        run->state = RUN_INTERRUPTED;
        run->message = str_of(h->why);
    }
    run_close(h);
    // Here, off the loop: letting go of a large file takes its time.
    run_document_drop(h);
    if (h->options.dry_run || !run->run)
        return;
    struct err e = {0};
    if (!store_heads(s, &run->last_seq, &run->last_fseq, &e) || !store_run_save(s, run, &e)) {
        run->state = RUN_FAILED;
        run->message = arena_str(&h->arena, str_of(err_text(&e, text, sizeof text)));
    }
}
