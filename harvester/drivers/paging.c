// See paging.h.
#include "harvester/drivers/paging.h"

#include "base/buf.h"

enum { FAULT_MAX = 200 };

static void *place(const struct paging_member *member, void *position)
{
    return (char *)position + member->offset;
}

// False: out of its bounds.
static bool read_member(const struct paging_member *member, const json_t *o, void *position,
                        struct arena *a)
{
    void *at = place(member, position);
    struct str text = jget(o, member->name);
    if (member->type == PAGING_IS_FLAG) {
        *(bool *)at = *(bool *)at || jget_true(o, member->name);
    } else if (member->type == PAGING_IS_TEXT) {
        if (text.p)
            *(struct str *)at = arena_str(a, text);
    } else {
        int64_t before, value;
        memcpy(&before, at, sizeof before);
        value = jget_int(o, member->name, before);
        memcpy(at, &value, sizeof value);
        return value >= member->least && value <= member->most;
    }
    return true;
}

bool paging_read(struct str cursor, const struct paging_member *members, void *position,
                 struct arena *a, struct err *e)
{
    if (!cursor.n)
        return true;
    json_t *o = json_read(cursor, a, NULL, e);
    if (!o)
        return false;
    bool good = json_is_object(o);
    for (; members->name; members++)
        good = read_member(members, o, position, a) && good;
    json_decref(o);
    return good || err_set(e, ERR_CONFLICT, "the cursor is of another configuration of the source");
}

static void write_member(struct buf *b, const struct paging_member *member, const void *at)
{
    int64_t value;
    if (member->type == PAGING_IS_TEXT) {
        json_opt_str(b, member->name, *(const struct str *)at);
    } else if (member->type == PAGING_IS_INT) {
        memcpy(&value, at, sizeof value);
        json_key(b, member->name);
        json_int(b, value);
    } else if (*(const bool *)at) {
        json_key(b, member->name);
        json_bool(b, true);
    }
}

struct str paging_write(struct arena *a, const struct paging_member *members, const void *position)
{
    struct buf b = {0};
    json_open(&b, '{');
    for (; members->name; members++)
        write_member(&b, members, (const char *)position + members->offset);
    json_close(&b, '}');
    struct str cursor = arena_str(a, buf_str(&b));
    buf_free(&b);
    return cursor;
}

int64_t paging_total(const json_t *page, const char *member)
{
    int64_t n = jget_int(page, member, -1);
    return n < 0 ? -1 : n;
}

struct str paging_root(const struct driver_source *source)
{
    struct str root = source->config->url;
    while (str_ends(root, STR("/")))
        root.n--;
    return root;
}

bool paging_wants(const struct driver_source *source, enum record_kind kind)
{
    for (size_t i = 0; i < source->kind_count; i++)
        if (source->kinds[i] == kind)
            return true;
    return false;
}

void paging_counts(struct driver_page *page, const struct mapper *m)
{
    page->mojibake += m->counts.mojibake;
    page->cut += m->counts.cut;
    page->repaired += m->counts.replaced;
}

struct str paging_fault(struct str body, struct arena *a)
{
    json_t *o = json_read(body, a, NULL, NULL);
    struct str said = jget(o, "message");
    if (!said.n)
        said = jget(jget_object(o, "error"), "message");
    if (!said.n)
        said = jget(o, "error");
    said = text_clean(a, said, FAULT_MAX, NULL);
    json_decref(o);
    return said;
}
