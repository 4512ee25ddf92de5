// The first page of a source, read as a harvest would. See probe_inside.h.
#include "harvester/probe_inside.h"

#include "base/date.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { TIMEOUT = 120 }; // seconds

static void show(struct probing *p, const struct driver_page *page)
{
    struct probe_answer *out = p->out;
    out->announced = page->announced;
    for (size_t i = 0; i < page->item_count; i++) {
        const struct driver_item *item = &page->items[i];
        out->items++;
        out->skipped += item->skipped || item->gone;
        bool wrong = !item->record && !item->skipped && !item->gone;
        out->errors += wrong;
        if (item->skipped || item->gone || out->shown_count == PROBE_ITEMS_MAX)
            continue;
        struct probe_item *shown = &out->shown[out->shown_count++];
        *shown = (struct probe_item){.id = arena_str(p->arena, item->id), .kind = KIND_COUNT};
        if (item->record) {
            shown->kind = item->record->kind;
            shown->title = arena_str(p->arena, item->record->title);
        }
        char text[900];
        if (wrong)
            shown->error = arena_str(p->arena, str_of(err_text(&item->error, text, sizeof text)));
    }
}

static struct str read_pages(struct probing *p, const struct driver *driver,
                             const struct driver_source *source, struct str cursor,
                             const struct probe_reply *reply)
{
    struct driver_page page = {.announced = -1};
    struct driver_response response = {.status = reply->status,
                                       .body = reply->body,
                                       .url = reply->url,
                                       .content_type = reply->content_type};
    if (!driver->read(source, cursor, &response, 1, p->arena, &page, &p->out->page_error))
        return STR_NONE;
    p->out->more = page.next.n > 0;
    show(p, &page);
    return page.item_count ? STR_NONE : page.next;
}

static struct str read_document(struct probing *p, const struct driver *driver,
                                const struct driver_source *source, struct str cursor,
                                const struct probe_reply *reply, int fd)
{
    struct driver_page page = {.announced = -1};
    bool last = true;
    struct driver_document document = {.fd = fd,
                                       .url = reply->url,
                                       .content_type = reply->content_type,
                                       .folder = p->request->folder};
    lseek(fd, 0, SEEK_SET);
    void *reader = driver->open(source, cursor, &document, &p->out->page_error);
    if (!reader)
        return STR_NONE;
    if (driver->next(reader, p->arena, &page, &last, &p->out->page_error)) {
        p->out->more = !last || page.next.n > 0;
        show(p, &page);
    }
    struct str next = last && !p->out->items ? arena_str(p->arena, page.next) : STR_NONE;
    driver->close(reader);
    return next;
}

// What is at a cursor, into the answer: a body, or a descriptor that is the caller's to close.
static bool get(struct probing *p, const struct driver *driver, const struct driver_source *source,
                struct str cursor, struct probe_reply *reply, int *fd, struct err *e)
{
    struct driver_request request = {0};
    *fd = 0;
    *reply = (struct probe_reply){0};
    if (p->file.n) {
        const char *path = arena_z(p->arena, p->file);
        p->out->evidence = p->file;
        bool good = driver->open || probe_read_file(p, path, reply, e);
        if (driver->open && (*fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
            good = err_set(e, ERR_IO, "%s: %s", path, strerror(errno));
        reply->url = arena_printf(p->arena, "file://%s", path);
        reply->status = 200;
        return good;
    }
    *fd = driver->open ? probe_spool(p, e) : 0;
    if (*fd < 0 || !driver->request(source, cursor, p->arena, &request, e))
        return false;
    p->out->evidence = arena_str(p->arena, request.url); // it may be the configuration's
    return probe_ask(p, &request, *fd, TIMEOUT, reply, e) &&
           (!driver->open || reply->status == 200 ||
            err_set(e, ERR_HTTP, "the document answers %d", reply->status));
}

void probe_read_first(struct probing *p)
{
    enum { WAYS_MAX = 4 };
    const struct driver *driver = driver_find(p->out->type);
    const struct config_source *config = &p->config->sources[0];
    struct driver_source source = {
        .config = config, .main_kind = driver->main_kind, .now = date_now()};
    struct str cursor = STR("");
    for (unsigned k = 0; k < KIND_COUNT; k++)
        if (config->kinds & 1u << k)
            source.kinds[source.kind_count++] = (enum record_kind)k;
    for (unsigned i = 0; i < WAYS_MAX && cursor.p; i++) {
        struct probe_reply reply;
        int fd = 0;
        bool good = get(p, driver, &source, cursor, &reply, &fd, &p->out->page_error);
        cursor = !good          ? STR_NONE
                 : driver->open ? read_document(p, driver, &source, cursor, &reply, fd)
                                : read_pages(p, driver, &source, cursor, &reply);
        if (good && !cursor.n)
            probe_compare(p, &reply, fd);
        if (fd > 0)
            close(fd);
        if (!cursor.n)
            break;
    }
}
