// See shape.h.
#include "harvester/shape.h"

#include "base/buf.h"
#include "base/hash.h"

#include <stdlib.h>

enum { TYPES = 6, DEPTH_MAX = 32 };
static const char *const type_names[TYPES] = {"string", "number", "boolean",
                                              "object", "array",  "null"};

struct expected {
    struct str path, types;
    unsigned mask; // of type_names
    bool always;
};

struct seen {
    struct str path;
    int64_t counts[TYPES], total;
};

struct shape {
    struct arena arena;
    struct expected *expected;
    size_t expected_count;
    struct seen *seen;
    size_t seen_count, seen_room;
    size_t *slots; // of `seen`, by the hash of the path: position + 1
    size_t values;
};

enum { SLOTS = 8192 }; // over twice SHAPE_PATHS_MAX, a power of two

// ---- The list ----------------------------------------------------------------------------------------

static int type_number(struct str name)
{
    for (int i = 0; i < TYPES; i++)
        if (str_eq(name, str_of(type_names[i])))
            return i;
    return -1;
}

static bool read_types(struct str types, struct expected *out)
{
    struct str rest = types, name;
    out->types = types;
    if (str_ends(rest, STR("!"))) {
        out->always = true;
        rest.n--;
        out->types.n--;
    }
    while (str_next(&rest, ',', &name)) {
        int i = type_number(str_trim(name));
        if (i < 0)
            return false;
        out->mask |= 1u << i;
    }
    return out->mask != 0;
}

struct shape *shape_new(struct str list, struct err *e)
{
    struct shape *s = xcalloc(1, sizeof *s);
    struct str line, rest = list;
    unsigned number = 0;
    bool header = true, good = true;
    s->slots = xcalloc(SLOTS, sizeof *s->slots);
    while (good && str_next(&rest, '\n', &line)) {
        struct str path, types = STR_NONE, cells = line;
        number++;
        if (!str_trim(line).n || str_starts(line, STR("#")))
            continue;
        str_next(&cells, '\t', &path);
        str_next(&cells, '\t', &types);
        if (str_eq(path, STR("path")) && str_eq(types, STR("types"))) {
            header = false;
        } else if (header) {
            good = false;
        } else {
            struct expected one = {.path = path};
            good = path.n && read_types(types, &one);
            s->expected = xrealloc(s->expected, (s->expected_count + 1) * sizeof *s->expected);
            s->expected[s->expected_count++] = one;
        }
    }
    if (good && !header)
        return s;
    err_set(e, ERR_CONFIG, good ? "the list of fields is empty" : "no path and types of a field");
    err_where(e, "line %u", number);
    shape_free(s);
    return NULL;
}

void shape_free(struct shape *s)
{
    if (!s)
        return;
    free(s->expected);
    free(s->seen);
    free(s->slots);
    arena_free(&s->arena);
    free(s);
}

// ---- What is met -------------------------------------------------------------------------------------

static struct seen *find(struct shape *s, struct str path, bool make)
{
    size_t at = hash64(path) & (SLOTS - 1);
    for (; s->slots[at]; at = (at + 1) & (SLOTS - 1))
        if (str_eq(s->seen[s->slots[at] - 1].path, path))
            return &s->seen[s->slots[at] - 1];
    if (!make || s->seen_count == SHAPE_PATHS_MAX)
        return NULL;
    if (s->seen_count == s->seen_room) {
        s->seen_room = s->seen_room ? 2 * s->seen_room : 64;
        s->seen = xrealloc(s->seen, s->seen_room * sizeof *s->seen);
    }
    s->seen[s->seen_count] = (struct seen){.path = arena_str(&s->arena, path)};
    s->slots[at] = ++s->seen_count;
    return &s->seen[s->seen_count - 1];
}

void shape_see(struct shape *s, struct str path, const char *type)
{
    int i = type_number(str_of(type));
    struct seen *seen = i >= 0 ? find(s, path, true) : NULL;
    if (seen) {
        seen->counts[i]++;
        seen->total++;
    }
}

static const char *type_of(const json_t *v)
{
    switch (json_typeof(v)) {
    case JSON_STRING:
        return "string";
    case JSON_INTEGER:
    case JSON_REAL:
        return "number";
    case JSON_TRUE:
    case JSON_FALSE:
        return "boolean";
    case JSON_OBJECT:
        return "object";
    case JSON_ARRAY:
        return "array";
    case JSON_NULL:
        break;
    }
    return "null";
}

static void walk(struct shape *s, struct buf *path, const json_t *v, unsigned depth)
{
    size_t i, n = path->n;
    const json_t *below;
    const char *key;
    if (depth > DEPTH_MAX || s->values++ >= SHAPE_VALUES_MAX)
        return;
    if (n)
        shape_see(s, buf_str(path), type_of(v));
    json_object_foreach((json_t *)(uintptr_t)v, key, below)
    {
        buf_addf(path, "%s%s", n ? "." : "", key);
        walk(s, path, below, depth + 1);
        path->n = n;
    }
    json_array_foreach(v, i, below)
    {
        buf_addz(path, "[]");
        walk(s, path, below, depth + 1);
        path->n = n;
    }
}

void shape_see_json_at(struct shape *s, struct str path, const json_t *value)
{
    struct buf b = {0};
    buf_add(&b, path);
    walk(s, &b, value, 0);
    buf_free(&b);
}

void shape_see_json(struct shape *s, const json_t *document)
{
    shape_see_json_at(s, STR(""), document);
}

static bool is_break(char c)
{
    return c == '.' || c == '/' || c == ' ' || c == '@';
}

bool shape_is_json(const struct shape *s)
{
    for (size_t i = 0; i < s->expected_count; i++)
        if (str_find_char(s->expected[i].path, '/') >= 0 ||
            str_find_char(s->expected[i].path, ' ') >= 0)
            return false;
    return true;
}

bool shape_is_rdf(const struct shape *s)
{
    for (size_t i = 0; i < s->expected_count; i++)
        if (str_find_char(s->expected[i].path, ' ') >= 0)
            return true;
    return false;
}

bool shape_begins(const struct shape *s, struct str name)
{
    for (size_t i = 0; i < s->expected_count; i++) {
        struct str p = s->expected[i].path;
        if (str_starts(p, name) && (p.n == name.n || is_break(p.p[name.n])))
            return true;
    }
    return false;
}

// ---- What departs ------------------------------------------------------------------------------------

// "a.**" is a itself, and "a[]", too.
static bool matches(struct str pattern, struct str path)
{
    while (pattern.n) {
        if (str_starts(pattern, STR("**")))
            return true;
        bool below = pattern.n == 3 && is_break(pattern.p[0]) && str_ends(pattern, STR("**"));
        if (below && (!path.n || path.p[0] == '['))
            return true;
        if (pattern.p[0] == '*') {
            while (path.n && !is_break(path.p[0]) && path.p[0] != '[')
                path = str_slice(path.p + 1, path.n - 1);
        } else {
            if (!path.n || pattern.p[0] != path.p[0])
                return false;
            path = str_slice(path.p + 1, path.n - 1);
        }
        pattern = str_slice(pattern.p + 1, pattern.n - 1);
    }
    return !path.n;
}

// Everything that the list allows at a path, as one; what lies below some path counts where nothing more precise is said.
static bool allowed(const struct shape *s, struct str path, struct expected *out)
{
    bool found = false, precise = false;
    *out = (struct expected){0};
    for (size_t i = 0; i < s->expected_count; i++) {
        const struct expected *x = &s->expected[i];
        bool below = str_ends(x->path, STR("**"));
        if ((below && precise) || !matches(x->path, path))
            continue;
        if (!below && !precise)
            *out = (struct expected){0}, found = false;
        precise = precise || !below;
        out->types = found ? out->types : x->types;
        out->mask |= below ? ~0u : x->mask;
        found = true;
    }
    return found;
}

// The path of what holds it; empty at the top.
static struct str parent(struct str path)
{
    size_t n = path.n;
    if (str_ends(path, STR("[]")))
        return str_slice(path.p, n - 2);
    while (n && !is_break(path.p[n - 1]) && path.p[n - 1] != ']')
        n--;
    if (n && is_break(path.p[n - 1]))
        n--;
    return str_slice(path.p, n);
}

enum { OBJECT = 1u << 3, ARRAY = 1u << 4, NOTHING = 1u << 5 };

// The types of what holds something that is expected, by how the path to it goes on; 0: nothing below is.
static unsigned leads_on(const struct shape *s, struct str path)
{
    unsigned mask = 0;
    for (size_t i = 0; i < s->expected_count; i++) {
        struct str p = s->expected[i].path;
        for (struct str up = parent(p); up.n < p.n && p.n; p = up, up = parent(p))
            if (up.n && matches(up, path))
                mask |= p.p[up.n] == '[' ? ARRAY : p.p[up.n] == '.' ? OBJECT : ~0u;
    }
    return mask ? mask | NOTHING : 0;
}

static bool is_told(const struct departure *list, size_t n, struct str path)
{
    for (size_t i = 0; i < n; i++)
        if (list[i].kind == FIELD_NEW && str_starts(path, list[i].path) &&
            (path.n == list[i].path.n || is_break(path.p[list[i].path.n]) ||
             path.p[list[i].path.n] == '['))
            return true;
    return false;
}

static struct str names_of(struct shape *s, const struct seen *seen, unsigned but)
{
    struct buf b = {0};
    for (unsigned i = 0; i < TYPES; i++)
        if (seen->counts[i] && !(but & 1u << i))
            buf_addf(&b, "%s%s", b.n ? "," : "", type_names[i]);
    struct str names = arena_str(&s->arena, buf_str(&b));
    buf_free(&b);
    return names;
}

static int by_path(const void *a, const void *b)
{
    const struct seen *const *x = a, *const *y = b;
    return str_cmp((*x)->path, (*y)->path);
}

static void add_gone(struct shape *s, struct departure *list, size_t *n)
{
    for (size_t i = 0; i < s->expected_count; i++) {
        const struct expected *x = &s->expected[i];
        if (!x->always || str_find_char(x->path, '*') >= 0)
            continue;
        struct str up = parent(x->path);
        const struct seen *in = up.n ? find(s, up, false) : NULL, *it = find(s, x->path, false);
        int64_t objects = in ? in->counts[3] : !up.n && s->seen_count > 0;
        int64_t there = it ? it->total : 0;
        if (objects > there)
            list[(*n)++] = (struct departure){.kind = FIELD_GONE,
                                              .path = x->path,
                                              .expected = x->types,
                                              .met = STR(""),
                                              .count = objects - there};
    }
}

struct departure *shape_departures(struct shape *s, struct arena *a, size_t *n)
{
    struct departure *list =
        ARENA_ARRAY(a, struct departure, s->seen_count + s->expected_count + 1);
    const struct seen **sorted = ARENA_ARRAY(a, const struct seen *, s->seen_count + 1);
    for (size_t i = 0; i < s->seen_count; i++)
        sorted[i] = &s->seen[i];
    if (s->seen_count)
        qsort(sorted, s->seen_count, sizeof *sorted, by_path);
    *n = 0;
    for (size_t i = 0; i < s->seen_count; i++) {
        const struct seen *seen = sorted[i];
        struct expected x;
        unsigned holder = leads_on(s, seen->path);
        bool listed = allowed(s, seen->path, &x);
        if (listed || holder) {
            if (!listed)
                x = (struct expected){.types = holder & ARRAY ? STR("array") : STR("object")};
            x.mask |= holder;
            struct str other = names_of(s, seen, x.mask);
            int64_t count = 0;
            for (unsigned t = 0; t < TYPES; t++)
                count += x.mask & 1u << t ? 0 : seen->counts[t];
            if (count)
                list[(*n)++] =
                    (struct departure){FIELD_OTHER_TYPE, seen->path, x.types, other, count};
        } else if (!is_told(list, *n, seen->path)) {
            list[(*n)++] = (struct departure){FIELD_NEW, seen->path, STR(""), names_of(s, seen, 0),
                                              seen->total};
        }
    }
    add_gone(s, list, n);
    for (size_t i = 0; i < *n; i++) { // they outlive the shape
        list[i].path = arena_str(a, list[i].path);
        list[i].expected = arena_str(a, list[i].expected);
        list[i].met = arena_str(a, list[i].met);
    }
    return list;
}
