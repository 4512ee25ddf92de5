// For the tests of the commons' drivers: a source of a type, pages and documents read through the driver, records as JSON, and the check that
// every path of a page stands in the driver's table of fields.
#pragma once

#include "config/config.h"
#include "harvester/normalise/mapper.h"
#include "harvester/normalise/vocabulary.h"
#include "store/record_json.h"
#include "tests/tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#ifndef SOURCE_DIR
#define SOURCE_DIR "."
#endif

static struct arena arena; // of the whole program
static struct config_source fixture_config = {.name = STR("cat"), .page_size = 100};
static struct driver_source fixture_source = {
    .config = &fixture_config, .kind_count = 1, .now = 1795132800};
static const struct driver *fixture_driver;
static struct driver_page fixture_page_read;
static struct err fixture_error;

static inline struct str fixture_file(const char *name)
{
    char path[1000];
    snprintf(path, sizeof path, "%s/%s", SOURCE_DIR, name);
    FILE *f = fopen(path, "rb");
    if (!f || fseek(f, 0, SEEK_END) != 0) {
        printf("Bail out! %s cannot be read\n", path);
        exit(1);
    }
    size_t size = (size_t)ftell(f);
    rewind(f);
    char *bytes = arena_bytes(&arena, size + 1);
    size_t n = fread(bytes, 1, size, f);
    fclose(f);
    bytes[n] = '\0';
    return str_slice(bytes, n);
}

static inline void fixture_begin(const char *type, const char *url, const void *options)
{
    struct err e = {0};
    if (!vocabularies_load(fixture_file("config/vocabularies/licences.tsv"),
                           fixture_file("config/vocabularies/formats.tsv"),
                           fixture_file("config/vocabularies/frequencies.tsv"), &e)) {
        printf("Bail out! %s: %s\n", e.where, e.what);
        exit(1);
    }
    fixture_driver = driver_find(str_of(type));
    fixture_config.type = str_of(type);
    fixture_config.url = str_of(url);
    fixture_config.driver_options = options;
    fixture_source.kinds[0] = fixture_source.main_kind = fixture_driver->main_kind;
}

static inline int fixture_end(void)
{
    vocabularies_free();
    arena_free(&arena);
    return tap_done();
}

// Reads a page of `read`, into fixture_page_read and fixture_error.
static inline bool fixture_read(const char *cursor, int status, const char *url, struct str body)
{
    struct driver_response response = {.status = status, .body = body, .url = str_of(url)};
    fixture_error = (struct err){0};
    return fixture_driver->read(&fixture_source, str_of(cursor), &response, 1, &arena,
                                &fixture_page_read, &fixture_error);
}

static inline bool fixture_page(const char *body)
{
    return fixture_read(NULL, 200, "http://cat.example/page", str_of(body));
}

static inline const struct driver_item *fixture_item(size_t i)
{
    static const struct driver_item none;
    return i < fixture_page_read.item_count ? &fixture_page_read.items[i] : &none;
}

// The record of an item as public JSON, the test's to decref; an empty object where there is none.
static inline json_t *fixture_json(const struct driver_item *item)
{
    if (!item->record) {
        printf("# no record: %s\n", item->error.what);
        return json_object();
    }
    struct buf b = {0};
    record_write_public(&b, item->record);
    json_t *v = json_loadb(b.p, b.n, 0, NULL);
    buf_free(&b);
    return v;
}

// The value at "publisher.name", "keywords" or "keywords.0", as a JSON text ("\"x\"" without its quotes); "" where there is none.
static inline const char *fixture_at(const json_t *record, const char *path)
{
    static char texts[4][4000];
    static unsigned turn;
    struct str rest = str_of(path), step;
    const json_t *at = record;
    while (str_next(&rest, '.', &step)) {
        int64_t index;
        at = json_is_array(at) && str_to_int(step, 0, 1000, &index)
                 ? json_array_get(at, (size_t)index)
                 : json_object_getn(at, step.p, step.n);
    }
    char *out = texts[turn++ % 4],
         *text =
             at ? json_dumps(at, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(6)) : NULL;
    if (json_is_string(at))
        snprintf(out, sizeof texts[0], "%s", json_string_value(at));
    else
        snprintf(out, sizeof texts[0], "%s", text ? text : "");
    free(text);
    return out;
}

// A document on disk with this text, at its start; the caller closes it.
static inline int fixture_document(struct str text)
{
    char path[] = "/tmp/glaneur-test-XXXXXX";
    int fd = mkstemp(path);
    unlink(path);
    if (fd < 0 || write(fd, text.p, text.n) != (ssize_t)text.n || lseek(fd, 0, SEEK_SET) != 0) {
        printf("Bail out! no temporary file\n");
        exit(1);
    }
    return fd;
}

// ---- The table of fields --------------------------------------------------------------------------

enum { FIELD_ROWS_MAX = 400 };
static struct field_row {
    struct str path, types, record;
    bool subtree, always;
} field_rows[FIELD_ROWS_MAX];
static size_t field_count;

// Reads harvester/drivers/fields/<type>.tsv. Each row has four cells, known types, and a reason when it is left out.
static inline bool fields_load(const char *type)
{
    char name[200];
    snprintf(name, sizeof name, "harvester/drivers/fields/%s.tsv", type);
    struct str text = fixture_file(name), line;
    bool good = true, header = false;
    while (str_next(&text, '\n', &line)) {
        if (!line.n || line.p[0] == '#')
            continue;
        if (!header) {
            header = true;
            good = str_eq(line, STR("path\ttypes\trecord\twhy"));
            continue;
        }
        struct str cells[4] = {{0}}, types;
        for (size_t i = 0; i < 4; i++)
            str_next(&line, '\t', &cells[i]);
        struct field_row *r = &field_rows[field_count++];
        *r = (struct field_row){.path = cells[0], .types = cells[1], .record = cells[2]};
        r->subtree = str_ends(r->path, STR(".**"));
        r->path.n -= r->subtree ? 3 : 0;
        r->always = str_ends(r->types, STR("!"));
        r->types.n -= r->always ? 1 : 0;
        types = r->types;
        struct str word;
        bool known = r->path.n > 0 && r->record.n > 0 && types.n > 0;
        while (str_next(&types, ',', &word))
            known = known && (str_eq(word, STR("string")) || str_eq(word, STR("number")) ||
                              str_eq(word, STR("boolean")) || str_eq(word, STR("object")) ||
                              str_eq(word, STR("array")) || str_eq(word, STR("null")));
        if (!known || (str_eq(r->record, STR("-")) && !cells[3].n) || line.n) {
            printf("# a row is wrong: %.*s\n", STR_ARG(cells[0]));
            good = false;
        }
    }
    return good && field_count > 0;
}

static inline const char *field_type(const json_t *v)
{
    static const char *const names[] = {"object", "array",   "string",  "number",
                                        "number", "boolean", "boolean", "null"};
    return names[json_typeof(v)];
}

// Steps may be "*": any key.
static inline bool field_matches(struct str row, struct str path)
{
    struct str a, b;
    while (str_next(&row, '.', &a)) {
        if (!str_next(&path, '.', &b))
            return false;
        bool list = str_ends(a, STR("[]"));
        struct str name = list ? str_slice(a.p, a.n - 2) : a;
        bool any = str_eq(name, STR("*")) && str_ends(b, STR("[]")) == list;
        if (!any && !str_eq(a, b))
            return false;
    }
    return path.p == NULL;
}

static inline const struct field_row *field_find(struct str path)
{
    for (size_t i = 0; i < field_count; i++)
        if (field_matches(field_rows[i].path, path))
            return &field_rows[i];
    for (size_t n = path.n; n-- > 0;) // a subtree above
        for (size_t i = 0; i < field_count && (path.p[n] == '.' || path.p[n] == '['); i++)
            if (field_rows[i].subtree && field_matches(field_rows[i].path, str_slice(path.p, n)))
                return &field_rows[i];
    return NULL;
}

static inline size_t fields_missing(const json_t *v, struct str path)
{
    size_t missing = 0, i;
    const char *key;
    json_t *member;
    if (path.n) {
        const struct field_row *row = field_find(path);
        bool typed = row && str_find(row->types, str_of(field_type(v))) >= 0;
        if (!row || (!typed && !(row->subtree && row->path.n < path.n))) {
            printf("# %s: %.*s (%s)\n", row ? "of another type" : "not in the table", STR_ARG(path),
                   field_type(v));
            return 1;
        }
        if (row->subtree)
            return 0;
    }
    json_object_foreach((json_t *)v, key, member) missing += fields_missing(
        member, arena_printf(&arena, "%.*s%s%s", STR_ARG(path), path.n ? "." : "", key));
    json_array_foreach(v, i, member) missing +=
        fields_missing(member, arena_printf(&arena, "%.*s[]", STR_ARG(path)));
    return missing;
}

// How many values of a page are not in the table, or of another type; each is printed.
static inline size_t fields_unknown(struct str page)
{
    json_t *v = json_loadb(page.p, page.n, 0, NULL);
    size_t missing = v ? fields_missing(v, STR("")) : 1;
    json_decref(v);
    return missing;
}
