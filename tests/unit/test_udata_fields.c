// harvester/drivers/udata/map.c, field by field: tests/data/udata-fields.tsv names every field of udata's objects and
// where it ends. Each field that our own objects hold is in that table; a field that is mapped changes the record
// where the table says, and nowhere else; a field that is left out changes nothing.
//
// With the real objects (the folder $GLANEUR_SHARED, or ../shared beside the source tree) their fields are looked up,
// too; without them that part says that it skips.
#include "tests/unit/json_paths.h"
#include "tests/unit/udata_fixture.h"

#include <unistd.h>

// ---- The table -----------------------------------------------------------------------------------

struct row {
    enum record_kind kind;
    struct str path, record, why;
    bool subtree; // the path ends with ".**", which is taken off
};

enum { ROWS_MAX = 500 };
static struct row rows[ROWS_MAX];
static size_t row_count;

static void read_table(void)
{
    struct str text = fixture_file("tests/data/udata-fields.tsv"), line;
    bool good = true;
    while (str_next(&text, '\n', &line)) {
        struct str cells[4] = {{0}}, kind = STR("object");
        for (size_t i = 0; i < 4; i++)
            str_next(&line, '\t', &cells[i]);
        if (!cells[0].n || cells[0].p[0] == '#' || str_eq(cells[0], kind))
            continue;
        struct row *r = &rows[row_count++];
        good = good && record_kind_find(cells[0], &r->kind) && cells[1].n && cells[2].n &&
               (!str_eq(cells[2], STR("-")) || cells[3].n);
        r->path = cells[1];
        r->record = cells[2];
        r->why = cells[3];
        r->subtree = str_ends(r->path, STR(".**"));
        r->path.n -= r->subtree ? 3 : 0;
    }
    ok(good); // four cells, and a reason for each that is left out
    ok(row_count > 250);
}

static bool is_left_out(const struct row *r)
{
    return str_eq(r->record, STR("-"));
}

static bool is_below(struct str path, struct str above)
{
    return path.n > above.n && str_starts(path, above) &&
           (path.p[above.n] == '.' || path.p[above.n] == '[');
}

// The row of a field; of several subtrees, the nearest.
static const struct row *find_row(enum record_kind kind, struct str path)
{
    const struct row *best = NULL;
    for (size_t i = 0; i < row_count; i++) {
        const struct row *r = &rows[i];
        if (r->kind != kind)
            continue;
        if (!r->subtree && str_eq(r->path, path))
            return r;
        if (r->subtree && (str_eq(r->path, path) || is_below(path, r->path)) &&
            (!best || r->path.n > best->path.n))
            best = r;
    }
    return best;
}

// Whether the table names fields below this one: then it may be null or empty itself.
static bool holds_rows(enum record_kind kind, struct str path)
{
    for (size_t i = 0; i < row_count; i++)
        if (rows[i].kind == kind && (str_eq(rows[i].path, path) || is_below(rows[i].path, path)))
            return true;
    return false;
}

// ---- What a record says --------------------------------------------------------------------------

static void add_leaf(struct walk *w, struct str path, json_t *holder, const char *key, size_t index,
                     json_t *leaf)
{
    json_t *flat = w->arg, *list = json_object_get(flat, path.p);
    (void)holder, (void)key, (void)index;
    if (!list) {
        list = json_array();
        json_object_set_new(flat, path.p, list);
    }
    json_array_append(list, leaf);
}

// The public JSON of a record, as the list of values at each path.
static json_t *flatten(const struct record *r, struct arena *a)
{
    struct str text = fixture_public(r, a);
    json_t *v = json_loadb(text.p, text.n, 0, NULL), *flat = json_object();
    struct walk w = {.a = a, .each = add_leaf, .arg = flat};
    walk(&w, STR(""), NULL, NULL, 0, v);
    json_decref(v);
    return flat;
}

// "distributions[]" when its list is empty is the list itself: compared with what it holds otherwise.
static void add_differing(json_t *a, const json_t *b, json_t *differing)
{
    const char *path;
    json_t *v;
    json_object_foreach(a, path, v)
    {
        struct str p = str_of(path);
        if (!json_equal(v, json_object_get(b, path)))
            json_object_set_new(
                differing, str_ends(p, STR("[]")) ? arena_z(&arena, str_slice(p.p, p.n - 2)) : path,
                json_true());
    }
}

// The paths at which two records differ. A list is named without its brackets.
static json_t *differing(json_t *a, json_t *b)
{
    json_t *d = json_object();
    add_differing(a, b, d);
    add_differing(b, a, d);
    return d;
}

static bool names(struct str list, const char *path)
{
    struct str part;
    while (str_next(&list, ',', &part))
        if (str_eq(str_trim(part), str_of(path)))
            return true;
    return false;
}

// ---- Values to try -------------------------------------------------------------------------------

// Values of a field that must make different records; each is compared with the one before. Others are text, dates,
// addresses, numbers or flags by the field's name.
static const struct values {
    const char *path;
    const char *v[3];
    const char *given_path, *given; // another field, without which this one says nothing
} special[] = {
    {.path = "id", .v = {"\"5a01\"", "\"5a02\""}},
    {.path = "archived", .v = {"null", "\"2026-01-02T03:04:05+00:00\""}},
    {.path = "archived_at", .v = {"null", "\"2026-01-02T03:04:05+00:00\""}},
    {.path = "frequency", .v = {"\"monthly\"", "\"annual\""}},
    {.path = "frequency.id", .v = {"\"monthly\"", "\"annual\""}},
    {.path = "license", .v = {"\"lov2\"", "\"odc-odbl\"", "\"other-closed\""}},
    {.path = "license.id", .v = {"\"lov2\"", "\"odc-odbl\"", "\"other-closed\""}},
    {.path = "access_type", .v = {"\"open\"", "\"restricted\"", "\"open_with_account\""}},
    {.path = "spatial.zones[]",
     .v = {"\"fr:commune:35238\"", "\"fr:departement:35\"", "\"Ma vall\\u00e9e\""}},
    {.path = "spatial.zones[].id",
     .v = {"\"fr:commune:35238\"", "\"fr:departement:35\"", "\"Ma vall\\u00e9e\""}},
    {.path = "spatial.zones[].name",
     .v = {"\"Rennes\"", "\"Redon\""},
     .given_path = "spatial.zones[].id",
     .given = "\"fr:commune:35238\""},
    {.path = "zone", .v = {"\"fr:commune:35238\"", "\"fr:departement:35\"", "\"Ma vall\\u00e9e\""}},
    {.path = "spatial.geom.coordinates",
     .v = {"[[[[1,45],[2,46],[2,45],[1,45]]]]", "[[[[1,45],[3,46],[2,45],[1,45]]]]"}},
    {.path = "organization.badges[].kind",
     .v = {"\"company\"", "\"local-authority\"", "\"certified\""},
     .given_path = "organization.badges",
     .given = "[]"},
    {.path = "badges[].kind",
     .v = {"\"company\"", "\"local-authority\"", "\"certified\""},
     .given_path = "badges",
     .given = "[]"},
    {.path = "resources[].format", .v = {"\"csv\"", "\"geojson\"", "\"pdf\""}},
    {.path = "resources[].mime",
     .v = {"\"text/csv\"", "\"application/geo+json\"", "\"application/pdf\""}},
    {.path = "resources[].checksum.type",
     .v = {"\"sha1\"", "\"sha256\""},
     .given_path = "resources[].checksum.value",
     .given = "\"ab12\""},
    {.path = "resources[].checksum.value",
     .v = {"\"ab12\"", "\"ab13\""},
     .given_path = "resources[].checksum.type",
     .given = "\"sha1\""},
    {.path = "resources[].extras.check:available", .v = {"false", "true", "null"}},
    {.path = "contact_points[].email",
     .v = {"\"contact@exemple.org\"", "\"opendata@exemple.org\""}},
    {.path = "datasets[].id", .v = {"\"5a01\"", "\"5a02\""}},
    {.path = "dataservices[].id", .v = {"\"5b01\"", "\"5b02\""}},
    {.path = "private", .v = {"false", "true"}},
    {.path = "featured", .v = {"false", "true"}},
    {.path = "deleted", .v = {"null", "\"2026-01-02T03:04:05+00:00\""}},
    {.path = "deleted_at", .v = {"null", "\"2026-01-02T03:04:05+00:00\""}},
    {.path = "availability", .v = {"90", "99.5"}},
    {.path = "quality.score", .v = {"0.25", "0.5"}},
};

static const struct values *values_of(struct str path)
{
    static struct values by_name;
    static const char *const dates[] = {"created_at",  "last_modified", "last_update",
                                        "modified_at", ".start",        ".end"};
    static const char *const addresses[] = {"url", "page", "contact_form"};
    for (size_t i = 0; i < sizeof special / sizeof *special; i++)
        if (str_eq(path, str_of(special[i].path)))
            return &special[i];
    by_name = (struct values){.v = {"\"un\"", "\"deux\"", NULL}};
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++)
        if (str_ends(path, str_of(dates[i])))
            by_name = (struct values){.v = {"\"2020-01-02T03:04:05+00:00\"",
                                            "\"2021-06-07T08:09:10.123000+00:00\"", NULL}};
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++)
        if (str_ends(path, str_of(addresses[i])))
            by_name = (struct values){
                .v = {"\"https://exemple.org/un\"", "\"https://exemple.org/deux\"", NULL}};
    if (str_starts(path, STR("metrics.")) || str_ends(path, STR("filesize")))
        by_name = (struct values){.v = {"11", "12", NULL}};
    else if (str_starts(path, STR("quality.")))
        by_name = (struct values){.v = {"false", "true", NULL}};
    return &by_name;
}

// ---- Each row ------------------------------------------------------------------------------------

struct objects {
    json_t *v[200];
    size_t n;
};
static struct objects own[KIND_COUNT];

static void read_own(void)
{
    static const char *const files[KIND_COUNT] = {[KIND_DATASET] = "datasets",
                                                  [KIND_DATASERVICE] = "dataservices",
                                                  [KIND_REUSE] = "reuses",
                                                  [KIND_ORGANIZATION] = "organizations"};
    for (size_t k = 0; k < KIND_COUNT; k++) {
        if (!files[k])
            continue;
        struct str text = fixture_file(
                       arena_printf(&arena, "tests/data/catalogue/%s.ndjson", files[k]).p),
                   line;
        while (str_next(&text, '\n', &line) && own[k].n < 200) {
            json_t *o = line.n ? json_loadb(line.p, line.n, 0, NULL) : NULL;
            if (o)
                own[k].v[own[k].n++] = o;
        }
        ok(own[k].n > 10);
    }
}

// The object with the row's field at this value; what would hide the field taken out, what it needs put in.
static json_t *with(const json_t *object, const struct row *r, const struct values *values,
                    const char *value)
{
    json_t *o = json_deep_copy(object);
    struct str why = r->why, part;
    if (str_starts(why, STR("without "))) {
        why = str_slice(why.p + 8, why.n - 8);
        while (str_next(&why, ',', &part))
            put(o, str_trim(part), json_null());
    }
    if (values->given_path)
        put(o, str_of(values->given_path), json_loads(values->given, JSON_DECODE_ANY, NULL));
    put(o, r->path, json_loads(value, JSON_DECODE_ANY, NULL));
    return o;
}

static bool maps_as_told(const struct row *r, const json_t *object, json_t *moved)
{
    const struct values *values = values_of(r->path);
    struct arena a = {0};
    json_t *before = NULL;
    bool good = true, skips = str_eq(r->record, STR("skips"));
    for (size_t i = 0; i < 3 && values->v[i]; i++) {
        json_t *o = with(object, r, values, values->v[i]);
        struct driver_item item = fixture_map(r->kind, o, &a);
        if (skips) {
            good = good && item.skipped == (i == 1) && !item.record == (i == 1) && item.id.n > 0;
        } else if (!item.record) {
            good = false;
            printf("# no record: %s\n", item.error.what);
        } else {
            json_t *now = flatten(item.record, &a), *d = before ? differing(before, now) : NULL;
            const char *path;
            json_t *v;
            json_object_foreach(d, path, v)
            {
                if (!names(r->record, path)) {
                    good = false;
                    printf("# %s moved\n", path);
                }
                json_object_set(moved, path, v);
            }
            if (before && json_object_size(d) == 0) {
                good = false;
                printf("# nothing moved from %s to %s\n", values->v[i - 1], values->v[i]);
            }
            json_decref(d);
            json_decref(before);
            before = now;
        }
        json_decref(o);
    }
    json_decref(before);
    arena_free(&a);
    return good;
}

// A mapped field moves the record's fields that the table names: no other, and each of them by some value.
static void mapped_rows(void)
{
    enum { EVERY = 9 }; // of our objects
    for (size_t i = 0; i < row_count; i++) {
        const struct row *r = &rows[i];
        if (is_left_out(r))
            continue;
        json_t *moved = json_object();
        bool good = true;
        for (size_t j = 0; j < own[r->kind].n && good; j += EVERY) {
            good = maps_as_told(r, own[r->kind].v[j], moved);
            if (!good)
                printf("# object %zu\n", j);
        }
        struct str list = r->record, part;
        while (!str_eq(r->record, STR("skips")) && good && str_next(&list, ',', &part))
            if (!json_object_get(moved, arena_z(&arena, str_trim(part)))) {
                good = false;
                printf("# %.*s never moved\n", STR_ARG(part));
            }
        char what[300];
        snprintf(what, sizeof what, "%.*s of %.*s decides %.*s", STR_ARG(r->path),
                 STR_ARG(record_kind_name(r->kind)), STR_ARG(r->record));
        tap_result(good, __FILE__, __LINE__, what);
        json_decref(moved);
    }
}

// ---- Fields that are left out --------------------------------------------------------------------

static void change_left_out(struct walk *w, struct str path, json_t *holder, const char *key,
                            size_t index, json_t *leaf)
{
    const struct row *r = find_row(w->kind, path);
    if (!r || !is_left_out(r) || !json_string_length(leaf))
        return;
    json_t *changed = json_pack("s+", json_string_value(leaf), "-change");
    if (key)
        json_object_set_new(holder, key, changed);
    else
        json_array_set_new(holder, index, changed);
}

static void change_numbers(struct walk *w, struct str path, json_t *holder, const char *key,
                           size_t index, json_t *leaf)
{
    const struct row *r = find_row(w->kind, path);
    (void)holder, (void)key, (void)index;
    if (!r || !is_left_out(r))
        return;
    if (json_is_integer(leaf))
        json_integer_set(leaf, json_integer_value(leaf) + 7);
    else if (json_is_real(leaf))
        json_real_set(leaf, json_real_value(leaf) + 0.7);
}

// The record of an object, the same with every field that is left out changed; they must be equal.
static bool left_out_change_nothing(enum record_kind kind, const json_t *object)
{
    struct arena a = {0};
    json_t *o = json_deep_copy(object);
    struct driver_item before = fixture_map(kind, object, &a);
    struct walk text = {.a = &a, .each = change_left_out, .kind = kind};
    walk(&text, STR(""), NULL, NULL, 0, o);
    struct walk numbers = {.a = &a, .each = change_numbers, .kind = kind};
    walk(&numbers, STR(""), NULL, NULL, 0, o);
    struct driver_item after = fixture_map(kind, o, &a);
    bool same = !before.record == !after.record;
    if (before.record && after.record)
        same = str_eq(fixture_public(before.record, &a), fixture_public(after.record, &a));
    json_decref(o);
    arena_free(&a);
    return same;
}

static void left_out_rows(void)
{
    static const struct values two = {.v = {"\"un\"", "\"2021-06-07\"", NULL}};
    for (size_t k = 0; k < KIND_COUNT; k++) {
        size_t same = 0;
        for (size_t i = 0; i < own[k].n; i++)
            same += left_out_change_nothing((enum record_kind)k, own[k].v[i]);
        is_int(same, own[k].n);
    }
    // Each row, also those that no object of ours holds.
    for (size_t i = 0; i < row_count; i++) {
        struct row r = rows[i];
        if (!is_left_out(&r))
            continue;
        if (r.subtree)
            r.path = arena_printf(&arena, "%.*s.autre", STR_ARG(r.path));
        struct arena a = {0};
        json_t *un = with(own[r.kind].v[0], &r, &two, two.v[0]);
        json_t *deux = with(own[r.kind].v[0], &r, &two, two.v[1]);
        struct driver_item first = fixture_map(r.kind, un, &a),
                           second = fixture_map(r.kind, deux, &a);
        char what[300];
        snprintf(what, sizeof what, "%.*s of %.*s is left out", STR_ARG(r.path),
                 STR_ARG(record_kind_name(r.kind)));
        tap_result(first.record && second.record &&
                       str_eq(fixture_public(first.record, &a), fixture_public(second.record, &a)),
                   __FILE__, __LINE__, what);
        json_decref(un);
        json_decref(deux);
        arena_free(&a);
    }
}

// ---- Every field is in the table -----------------------------------------------------------------

static void look_up(struct walk *w, struct str path, json_t *holder, const char *key, size_t index,
                    json_t *leaf)
{
    size_t *unknown = w->arg;
    (void)holder, (void)key, (void)index;
    bool empty = json_is_null(leaf) || json_is_object(leaf) || json_is_array(leaf);
    if (find_row(w->kind, path) || (empty && holds_rows(w->kind, path)))
        return;
    if ((*unknown)++ < 10)
        printf("# not in the table: %.*s of %.*s\n", STR_ARG(path),
               STR_ARG(record_kind_name(w->kind)));
}

static size_t unknown_fields(enum record_kind kind, json_t *object)
{
    struct arena a = {0};
    size_t unknown = 0;
    struct walk w = {.a = &a, .each = look_up, .arg = &unknown, .kind = kind};
    walk(&w, STR(""), NULL, NULL, 0, object);
    arena_free(&a);
    return unknown;
}

static void own_objects(void)
{
    for (size_t k = 0; k < KIND_COUNT; k++) {
        size_t unknown = 0;
        for (size_t i = 0; i < own[k].n; i++)
            unknown += unknown_fields((enum record_kind)k, own[k].v[i]);
        is_int(unknown, 0);
    }
}

// ---- The real objects ----------------------------------------------------------------------------

struct tally {
    size_t objects, records, unknown, moved;
};

static void add_real(struct tally *t, enum record_kind kind, json_t *object)
{
    struct arena a = {0};
    json_object_del(object, "_snapshot"); // a note of whoever gathered them
    struct driver_item item = fixture_map(kind, object, &a);
    t->objects++;
    t->unknown += unknown_fields(kind, object);
    if (item.record)
        t->records++;
    else if (!item.skipped)
        printf("# %.*s: %s\n", STR_ARG(item.id), item.error.what);
    t->moved += !left_out_change_nothing(kind, object);
    arena_free(&a);
}

static void add_real_all(struct tally *t, enum record_kind kind, const json_t *list)
{
    size_t i;
    json_t *o;
    json_array_foreach(list, i, o) add_real(t, kind, o);
}

static void is_tally(const struct tally *t, size_t objects)
{
    is_int(t->objects, objects);
    is_int(t->records, objects);
    is_int(t->unknown, 0);
    is_int(t->moved, 0);
}

static void real_lines(const char *folder, const char *name, enum record_kind kind, size_t objects)
{
    struct tally t = {0};
    struct str text = fixture_read(arena_printf(&arena, "%s/%s", folder, name).p), line;
    while (str_next(&text, '\n', &line)) {
        json_t *o = line.n ? json_loadb(line.p, line.n, 0, NULL) : NULL;
        if (o)
            add_real(&t, kind, o);
        json_decref(o);
    }
    is_tally(&t, objects);
}

static void real_objects(void)
{
    const char *given = getenv("GLANEUR_SHARED");
    const char *folder = given ? given : SOURCE_DIR "/../shared";
    folder = arena_printf(&arena, "%s/data", folder).p;
    if (access(folder, R_OK) != 0) {
        tap_count++;
        printf("ok %d - the real objects # SKIP they are not there: GLANEUR_SHARED names their "
               "folder\n",
               tap_count);
        return;
    }
    real_lines(folder, "datagouv-api1-objects/api1-datasets.ndjson", KIND_DATASET, 626);
    real_lines(folder, "datagouv-api1-objects/api1-organizations.ndjson", KIND_ORGANIZATION, 98);

    struct str text = fixture_read(
        arena_printf(&arena, "%s/udata-api-samples/api2-datasets-search-page.json", folder).p);
    json_t *page = json_loadb(text.p, text.n, 0, NULL);
    struct tally t = {0};
    add_real_all(&t, KIND_DATASET, json_object_get(page, "data"));
    is_tally(&t, 20);
    json_decref(page);

    // Each a dataset with what belongs to it.
    text = fixture_read(
        arena_printf(&arena, "%s/udata-api-samples/udata-fixtures-results.json", folder).p);
    page = json_loadb(text.p, text.n, 0, NULL);
    struct tally datasets = {0}, organizations = {0}, reuses = {0}, dataservices = {0};
    size_t i;
    json_t *bundle;
    json_array_foreach(json_object_get(page, "datasets"), i, bundle)
    {
        json_t *dataset = json_object_get(bundle, "dataset");
        json_object_set(dataset, "resources", json_object_get(bundle, "resources"));
        json_object_set(dataset, "community_resources",
                        json_object_get(bundle, "community_resources"));
        add_real(&datasets, KIND_DATASET, dataset);
        add_real(&organizations, KIND_ORGANIZATION, json_object_get(bundle, "organization"));
        add_real_all(&reuses, KIND_REUSE, json_object_get(bundle, "reuses"));
        add_real_all(&dataservices, KIND_DATASERVICE, json_object_get(bundle, "dataservices"));
    }
    is_tally(&datasets, 15);
    is_tally(&organizations, 15);
    is_tally(&reuses, 83);
    is_tally(&dataservices, 3);
    json_decref(page);
}

int main(void)
{
    fixture_begin();
    read_table();
    read_own();
    own_objects();
    mapped_rows();
    left_out_rows();
    real_objects();
    for (size_t k = 0; k < KIND_COUNT; k++)
        for (size_t i = 0; i < own[k].n; i++)
            json_decref(own[k].v[i]);
    fixture_end();
    return tap_done();
}
