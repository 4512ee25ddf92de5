// See history.h.
#include "store/history.h"

#include "base/json.h"

#include <stdlib.h>

// Where two texts part, a few words earlier: what is cut before that is the same in both.
static size_t parting(struct str a, struct str b)
{
    enum { WORDS_BEFORE = 40 };
    size_t at = 0;
    while (at < a.n && at < b.n && a.p[at] == b.p[at])
        at++;
    return str_cut_utf8(a, at > WORDS_BEFORE ? at - WORDS_BEFORE : 0).n;
}

static void cut_text(struct buf *out, struct str s, size_t start)
{
    struct buf cut = {0};
    if (start)
        buf_addz(&cut, "…");
    struct str rest = str_slice(s.p + start, s.n - start);
    struct str kept = str_cut_utf8(rest, HISTORY_VALUE_BYTES);
    buf_add(&cut, kept);
    if (kept.n < rest.n)
        buf_addz(&cut, "…");
    json_str(out, buf_str(&cut));
    buf_free(&cut);
}

static void value(struct buf *out, const char *key, const json_t *v, const json_t *other)
{
    json_key(out, key);
    if (!v) {
        json_nil(out);
        return;
    }
    if (json_is_string(v)) {
        struct str s = jstr(v);
        if (s.n <= HISTORY_VALUE_BYTES)
            json_str(out, s);
        else
            cut_text(out, s, json_is_string(other) ? parting(s, jstr(other)) : 0);
        return;
    }
    char *text = json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY);
    struct str s = str_of(text ? text : "null");
    if (s.n <= HISTORY_VALUE_BYTES)
        json_raw(out, s);
    else
        cut_text(out, s, 0);
    free(text);
}

// Cuts off what two lists have in common at both ends.
static void differing(json_t **from, json_t **to)
{
    size_t n = json_array_size(*from), m = json_array_size(*to), before = 0, after = 0;
    size_t both = n < m ? n : m;
    while (before < both && json_equal(json_array_get(*from, before), json_array_get(*to, before)))
        before++;
    while (after < both - before &&
           json_equal(json_array_get(*from, n - 1 - after), json_array_get(*to, m - 1 - after)))
        after++;
    json_t *left = json_array(), *right = json_array();
    for (size_t i = before; i < n - after; i++)
        json_array_append(left, json_array_get(*from, i));
    for (size_t i = before; i < m - after; i++)
        json_array_append(right, json_array_get(*to, i));
    *from = left;
    *to = right;
}

static void change(struct buf *out, struct str path, const char *key, json_t *from, json_t *to)
{
    bool lists = json_is_array(from) && json_is_array(to);
    if (lists)
        differing(&from, &to);
    struct buf field = {0};
    buf_add(&field, path);
    buf_addz(&field, key);
    json_open(out, '{');
    json_key(out, "field");
    json_str(out, buf_str(&field));
    value(out, "from", from, to);
    value(out, "to", to, from);
    json_close(out, '}');
    buf_free(&field);
    if (lists) {
        json_decref(from);
        json_decref(to);
    }
}

static void compare(struct buf *out, struct str path, json_t *from, json_t *to)
{
    const char *key;
    json_t *v;
    json_object_foreach(from, key, v)
    {
        json_t *other = json_object_get(to, key);
        if (json_is_object(v) && json_is_object(other)) {
            struct buf inside = {0};
            buf_add(&inside, path);
            buf_addz(&inside, key);
            buf_addc(&inside, '.');
            compare(out, buf_str(&inside), v, other);
            buf_free(&inside);
        } else if (!other || !json_equal(v, other)) {
            change(out, path, key, v, other);
        }
    }
    json_object_foreach(to, key, v)
    {
        if (!json_object_get(from, key))
            change(out, path, key, NULL, v);
    }
}

bool history_changes(struct buf *out, struct str from, struct str to, struct err *e)
{
    json_error_t error;
    json_t *old = json_loadb(from.p, from.n, JSON_ALLOW_NUL, &error);
    json_t *fresh = old ? json_loadb(to.p, to.n, JSON_ALLOW_NUL, &error) : NULL;
    bool good = json_is_object(old) && json_is_object(fresh);
    if (good) {
        json_open(out, '[');
        compare(out, STR_NONE, old, fresh);
        json_close(out, ']');
    } else {
        err_set(e, ERR_CORRUPT, "a stored record is not the JSON that was written: %s", error.text);
    }
    json_decref(old);
    json_decref(fresh);
    return good;
}
