// See item.h.
#include "harvester/normalise/item.h"

enum { RAW_ID_MAX = 2000 };

// The end of a string that begins behind the quote at `at`: the place of its closing quote; SIZE_MAX when there is none.
static size_t string_end(struct str s, size_t at)
{
    for (at++; at < s.n && s.p[at] != '"'; at++)
        at += s.p[at] == '\\';
    return at < s.n ? at : SIZE_MAX;
}

// The first string member `key` at `depth`, as it is written between its quotes.
static struct str raw_member(struct str item, const char *key, unsigned depth)
{
    unsigned at_depth = 0;
    for (size_t i = 0; i < item.n; i++) {
        char c = item.p[i];
        if (c == '{' || c == '[') {
            at_depth++;
        } else if (c == '}' || c == ']') {
            at_depth -= at_depth > 0;
        } else if (c == '"') {
            size_t end = string_end(item, i);
            if (end == SIZE_MAX)
                return STR_NONE;
            struct str name = str_slice(item.p + i + 1, end - i - 1);
            i = end;
            struct str rest = str_trim(str_slice(item.p + end + 1, item.n - end - 1));
            if (at_depth != depth || !str_eq(name, str_of(key)) || !str_starts(rest, STR(":")))
                continue;
            rest = str_trim(str_slice(rest.p + 1, rest.n - 1));
            size_t close = str_starts(rest, STR("\"")) ? string_end(rest, 0) : SIZE_MAX;
            return close == SIZE_MAX ? STR_NONE : str_slice(rest.p + 1, close - 1);
        }
    }
    return STR_NONE;
}

static struct str with_spaces(struct arena *a, struct str text)
{
    char *out = arena_bytes(a, text.n);
    for (size_t i = 0; i < text.n; i++)
        out[i] = (unsigned char)text.p[i] < 0x20 ? ' ' : text.p[i];
    return str_slice(out, text.n);
}

static bool has_controls(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] < 0x20)
            return true;
    return false;
}

json_t *map_item_json(struct mapper *m, enum record_kind kind, struct str text, const char *key,
                      unsigned depth, size_t *repaired, struct driver_item *item)
{
    *item = (struct driver_item){0};
    json_t *o = json_read(text, m->arena, repaired, &item->error);
    if (!o && has_controls(text)) {
        o = json_read(with_spaces(m->arena, text), m->arena, NULL, NULL);
        *repaired += o != NULL;
    }
    if (o) {
        item->error = (struct err){0};
        return o;
    }
    struct str id = raw_member(text, key, depth);
    item->id = id.n && id.n <= RAW_ID_MAX ? map_id(m, kind, id) : STR_NONE;
    return NULL;
}
