// See commons.h.
#include "harvester/drivers/commons.h"

#include "base/buf.h"
#include "harvester/drivers/paging.h"
#include "harvester/normalise/item.h"
#include "harvester/normalise/raw.h"
#include "harvester/normalise/repository.h"
#include "harvester/normalise/yaml_json.h"
#include "harvester/url.h"

// ---- Members --------------------------------------------------------------------------------------

static bool says_something(const json_t *v)
{
    if (json_is_string(v))
        return str_trim(jstr(v)).n > 0;
    if (json_is_array(v))
        return json_array_size(v) > 0;
    if (json_is_object(v))
        return json_object_size(v) > 0;
    return v && !json_is_null(v);
}

const json_t *commons_any(const json_t *object, const char *names)
{
    struct str rest = str_of(names), name;
    while (str_next(&rest, ' ', &name)) {
        const json_t *v = json_object_getn(object, name.p, name.n);
        if (says_something(v))
            return v;
    }
    return NULL;
}

struct str commons_text(const json_t *object, const char *names)
{
    return map_localised(commons_any(object, names), NULL);
}

struct str commons_word(struct mapper *m, const json_t *object, const char *names)
{
    const json_t *v = commons_any(object, names);
    if (json_is_integer(v))
        return arena_printf(m->arena, "%lld", (long long)json_integer_value(v));
    return jstr(v);
}

struct str commons_web(struct mapper *m, const json_t *object, const char *names)
{
    return map_web(m, jstr(commons_any(object, names)));
}

int64_t commons_count(const json_t *object, const char *names)
{
    const json_t *v = commons_any(object, names);
    int64_t n = -1;
    if (json_is_integer(v))
        n = json_integer_value(v);
    else if (json_is_real(v) && json_real_value(v) >= 0 && json_real_value(v) < 9e15)
        n = (int64_t)json_real_value(v);
    else if (!str_to_int(str_trim(jstr(v)), 0, INT64_MAX, &n))
        n = -1;
    return n < 0 ? -1 : n;
}

bool commons_flag(const json_t *object, const char *names)
{
    const json_t *v = commons_any(object, names);
    struct str s = str_trim(jstr(v));
    return json_is_true(v) || (json_is_integer(v) && json_integer_value(v) == 1) ||
           str_eq_nocase(s, STR("true")) || str_eq(s, STR("1"));
}

struct date commons_date(const json_t *object, const char *names)
{
    const json_t *v = commons_any(object, names);
    struct date d = {0};
    if (json_is_number(v) && json_number_value(v) > 0 && json_number_value(v) < 1e15)
        date_from_millis((int64_t)json_number_value(v), &d);
    else
        d = map_date(jstr(v));
    return d;
}

// ---- Values ---------------------------------------------------------------------------------------

struct str commons_paragraphs(struct mapper *m, const struct str *parts, size_t n)
{
    struct buf b = {0};
    for (size_t i = 0; i < n; i++) {
        struct str part = map_block(m, parts[i]);
        if (!part.n || (b.n && str_find(buf_str(&b), part) >= 0))
            continue;
        if (b.n)
            buf_addz(&b, "\n\n");
        buf_add(&b, part);
    }
    m->counts.cut += b.n > DESCRIPTION_MAX;
    struct str text = arena_str(m->arena, str_cut_utf8(buf_str(&b), DESCRIPTION_MAX));
    buf_free(&b);
    return text.n ? text : STR_NONE;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct str commons_percent_decode(struct arena *a, struct str s)
{
    char *out = arena_bytes(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        int high = s.p[i] == '%' && i + 2 < s.n ? hex_digit(s.p[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(s.p[i + 2]) : -1;
        char c = s.p[i];
        if (low >= 0)
            c = (char)(high * 16 + low);
        out[n++] = c;
        i += low >= 0 ? 2 : 0;
    }
    out[n] = '\0';
    return str_slice(out, n);
}

struct str commons_percent_encode(struct arena *a, struct str s)
{
    static const char digits[] = "0123456789ABCDEF";
    char *out = arena_bytes(a, 3 * s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool plain = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
                     (c && strchr("-._~", c));
        if (plain) {
            out[n++] = (char)c;
            continue;
        }
        out[n++] = '%';
        out[n++] = digits[c >> 4];
        out[n++] = digits[c & 15];
    }
    out[n] = '\0';
    return str_slice(out, n);
}

void commons_repository(struct mapper *m, struct record *r, const json_t *value)
{
    struct str address = repository_find(jstr(value));
    const json_t *v;
    size_t i;
    json_array_foreach(value, i, v)
    {
        if (!address.n)
            address = repository_find(jstr(v));
    }
    if (!address.n) { // an organization's page, mostly: it still opens
        address = json_is_array(value) ? jstr(json_array_get(value, 0)) : jstr(value);
        r->repository_url = map_web(m, address);
        return;
    }
    r->repository_url = map_web(m, address);
    if (!r->repository_url.n) // git@host:path, an address without its scheme
        r->repository_url = repository_key(m->arena, address);
}

struct str commons_last_segment(struct str path)
{
    while (str_ends(path, STR("/")))
        path.n--;
    for (size_t i = path.n; i-- > 0;)
        if (path.p[i] == '/') {
            path = str_slice(path.p + i + 1, path.n - i - 1);
            break;
        }
    static const struct str endings[] = {STR(".md"), STR(".yml"), STR(".yaml"), STR(".json")};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (path.n > endings[i].n && str_ends(path, endings[i]))
            path.n -= endings[i].n;
    return path;
}

struct str commons_site(struct mapper *m, const char *service)
{
    struct str url = m->source->config->url;
    ptrdiff_t api = str_find(url, STR("/api/"));
    if (!url_check(url, NULL))
        return str_of(service);
    if (api > 0)
        return str_slice(url.p, (size_t)api);
    ptrdiff_t authority = str_find(url, STR("://")) + 3;
    size_t end = (size_t)authority;
    while (end < url.n && !strchr("/?#", url.p[end]))
        end++;
    return str_slice(url.p, end);
}

// ---- Lists ----------------------------------------------------------------------------------------

bool commons_request(const struct driver_source *source, struct str cursor, struct arena *a,
                     struct driver_request *out, struct err *e)
{
    if (cursor.n)
        return err_set(e, ERR_CONFLICT, "the cursor is of another configuration of the source");
    out->url = arena_str(a, source->config->url);
    out->accept = STR("application/json");
    return true;
}

bool commons_is_not(const char *what, struct str page, struct err *e)
{
    struct str start = str_cut_utf8(str_trim(page), 60);
    err_set(e, ERR_PARSE, "not %s: the page begins with \"%.*s\"", what, STR_ARG(start));
    return err_hint(e, "look at what the address answers: an error page, a changed API?");
}

static bool add_item(const struct commons_list *list, struct mapper *m, const json_t *object,
                     const json_t *envelope, struct driver_page *out)
{
    struct driver_item *item = &out->items[out->item_count++];
    *item = (struct driver_item){0};
    if (!json_is_object(object))
        return err_set(&item->error, ERR_RECORD, "the item is not an object");
    list->map(m, object, envelope, item);
    return true;
}

static size_t count(struct str s, const char *text)
{
    size_t n = 0;
    ptrdiff_t at;
    while ((at = str_find(s, str_of(text))) >= 0) {
        s = str_slice(s.p + at + 1, s.n - (size_t)at - 1);
        n++;
    }
    return n;
}

// An item as it is written. One that is no JSON costs only itself, unless it hides others.
static bool read_item(const struct commons_list *list, struct mapper *m, struct str text,
                      const json_t *envelope, struct driver_page *out, struct err *e)
{
    struct driver_item broken;
    json_t *object =
        map_item_json(m, m->source->main_kind, text, list->id, 1, &out->repaired, &broken);
    if (object) {
        add_item(list, m, object, envelope, out);
        json_decref(object);
        return true;
    }
    if (list->once && count(text, list->once) > 1)
        return err_set(e, ERR_PARSE, "an item of %s is not JSON and hides those behind it: %s",
                       list->what, broken.error.what);
    if (!broken.id.n) // a number
        broken.id = map_id(m, m->source->main_kind, raw_word(text, list->id, m->arena));
    out->items[out->item_count++] = broken;
    return true;
}

static bool read_sheet(const struct commons_list *list, struct mapper *m,
                       const struct driver_response *response, struct str yaml, struct str text,
                       struct driver_page *out)
{
    struct str name = commons_last_segment(response->url);
    out->items = ARENA_NEW(m->arena, struct driver_item);
    struct err why = {0};
    json_t *object = yaml_json(m->arena, yaml, &why);
    if (!object) {
        out->items[out->item_count++] =
            (struct driver_item){.id = map_id(m, m->source->main_kind, name), .error = why};
        return true;
    }
    json_object_set_new(object, "content", json_stringn(text.p, text.n));
    if (!json_object_get(object, "slug"))
        json_object_set_new(object, "slug", json_stringn(name.p, name.n));
    add_item(list, m, object, NULL, out);
    json_decref(object);
    return true;
}

// The text that holds the list, and its member there; {NULL, 0} when it is the list itself, or an object that holds none (*single).
static struct str find_array(const struct commons_list *list, struct arena *a, struct str *text,
                             bool *single)
{
    enum { WRAPPED_MAX = 4 };
    *single = false;
    for (int depth = 0; depth < WRAPPED_MAX; depth++) {
        struct str rest = str_of(list->arrays), name, inner = STR_NONE;
        while (!inner.n && str_next(&rest, ' ', &name)) {
            struct str value = raw_member(*text, arena_z(a, name));
            if (str_starts(value, STR("[")))
                return name;
            if (str_starts(value, STR("{")))
                inner = value;
        }
        if (!inner.n)
            break;
        *text = inner;
    }
    *single = list->single && str_starts(str_trim(*text), STR("{"));
    return STR_NONE;
}

static bool read_items(const struct commons_list *list, struct mapper *m, struct str body,
                       struct driver_page *out, struct err *e)
{
    struct json_page page = {0};
    bool single;
    struct str text = body, name = find_array(list, m->arena, &text, &single);
    if (single)
        arena_push(m->arena, &page.items, text);
    else if (!name.n && !str_starts(str_trim(text), STR("[")) &&
             !str_starts(str_trim(text), STR("\xEF\xBB\xBF[")))
        return commons_is_not(list->what, body, e);
    else if (!json_page_split(text, name.n ? arena_z(m->arena, name) : "", m->arena, &page, e))
        return false;
    out->items = ARENA_ARRAY(m->arena, struct driver_item, page.items.n);
    bool good = true;
    for (size_t i = 0; i < page.items.n && good; i++)
        good = read_item(list, m, page.items.v[i], page.envelope, out, e);
    json_decref(page.envelope);
    return good;
}

bool commons_read(const struct commons_list *list, const struct driver_source *source,
                  const struct driver_response *response, struct arena *a, struct driver_page *out,
                  struct err *e)
{
    struct mapper m = {.source = source, .arena = a};
    *out = (struct driver_page){.kind = source->main_kind, .announced = -1};
    if (response->status != 200) {
        err_set(e, ERR_HTTP, "%s: the address answers %d", list->what, response->status);
        if (e)
            e->http_status = response->status;
        return false;
    }
    struct str yaml, text;
    bool good = yaml_front_matter(response->body, &yaml, &text)
                    ? read_sheet(list, &m, response, yaml, text, out)
                    : read_items(list, &m, response->body, out, e);
    paging_counts(out, &m);
    return good;
}
