// See mapper.h.
#include "harvester/normalise/mapper.h"

#include "base/html.h"
#include "harvester/normalise/format.h"
#include "harvester/normalise/licence.h"
#include "harvester/normalise/vocabulary.h"
#include "harvester/normalise/zone.h"
#include "harvester/url.h"

#include <stdlib.h>

enum { GEOMETRY_DEPTH = 8, HASH_DIGITS = 16 };

// ---- The record --------------------------------------------------------------------------------------

static struct str clean_id(struct mapper *m, struct str id)
{
    id = text_clean(m->arena, id, SIZE_MAX, NULL);
    if (id.n <= REMOTE_ID_MAX)
        return id;
    struct str start = str_cut_utf8(id, REMOTE_ID_MAX - HASH_DIGITS - 1);
    return arena_printf(m->arena, "%.*s~%016llx", STR_ARG(start), (unsigned long long)hash64(id));
}

struct str map_id(struct mapper *m, enum record_kind kind, struct str remote_id)
{
    struct str source = m->source->config->name, name = record_kind_name(kind),
               id = clean_id(m, remote_id);
    if (!id.n)
        return STR_NONE;
    if (kind == m->source->main_kind)
        return arena_printf(m->arena, "%.*s:%.*s", STR_ARG(source), STR_ARG(id));
    return arena_printf(m->arena, "%.*s:%.*s.%.*s", STR_ARG(source), STR_ARG(name), STR_ARG(id));
}

struct record *map_record(struct mapper *m, enum record_kind kind, struct str remote_id,
                          struct driver_item *item)
{
    *item = (struct driver_item){.id = map_id(m, kind, remote_id)};
    if (!item->id.n) {
        err_set(&item->error, ERR_RECORD, "the item has no id");
        return NULL;
    }
    struct record *r = ARENA_NEW(m->arena, struct record);
    record_init(r);
    r->id = item->id;
    r->kind = kind;
    r->provenance.source = m->source->config->name;
    r->provenance.license = m->source->config->license;
    r->provenance.attribution = m->source->config->attribution;
    item->record = r;
    return r;
}

bool map_fail(struct driver_item *item, const char *why)
{
    item->record = NULL;
    return err_set(&item->error, ERR_RECORD, "%s", why);
}

// ---- Texts -------------------------------------------------------------------------------------------

struct str map_line(struct mapper *m, struct str s, size_t max)
{
    return text_clean(m->arena, s, max, &m->counts);
}

struct str map_block(struct mapper *m, struct str s)
{
    if (!s.n)
        return STR_NONE;
    s = text_clean_block(m->arena, s, DESCRIPTION_MAX, &m->counts);
    return text_is_html(s) ? text_from_html(m->arena, s) : s;
}

struct str map_localised(const json_t *value, struct str *language)
{
    static const char *const preferred[] = {"fr", "en"};
    if (!json_is_object(value))
        return jstr(value);
    const char *key;
    json_t *v;
    struct str text = STR_NONE, spoken = STR_NONE;
    for (size_t i = 0; i < sizeof preferred / sizeof *preferred && !text.n; i++) {
        text = str_trim(jget(value, preferred[i]));
        spoken = str_of(preferred[i]);
    }
    json_object_foreach((json_t *)value, key, v)
    {
        if (text.n)
            break;
        text = str_trim(jstr(v));
        spoken = str_of(key);
    }
    if (text.n && language)
        *language = spoken;
    return text;
}

struct str map_line_of(struct mapper *m, const json_t *o, const char *key, size_t max)
{
    return map_line(m, jget(o, key), max);
}

// False when there is no room for it.
static bool add_word(struct mapper *m, struct strs *list, struct str word)
{
    word = map_line(m, word, KEYWORD_MAX);
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i], word))
            return true;
    if (word.n && list->n == KEYWORDS_MAX) {
        m->counts.cut++;
        return false;
    }
    if (word.n)
        arena_push(m->arena, list, word);
    return true;
}

void map_add_word(struct mapper *m, struct strs *list, struct str word)
{
    add_word(m, list, word);
}

void map_add_words(struct mapper *m, struct strs *list, const json_t *value)
{
    size_t i;
    const json_t *v;
    bool room = true;
    json_array_foreach(value, i, v)
    {
        if (!add_word(m, list, map_localised(v, NULL)))
            return;
    }
    struct str rest = jstr(value), part, word;
    while (room && str_next(&rest, ';', &part))
        while (room && str_next(&part, ',', &word))
            room = add_word(m, list, word);
}

static int by_bytes(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

void map_sort_words(struct strs *list)
{
    if (list->n)
        qsort(list->v, list->n, sizeof *list->v, by_bytes);
}

struct str map_web(struct mapper *m, struct str s)
{
    s = str_trim(s);
    if (s.n > URL_MAX || !url_is_web(s) || str_eq_nocase(str_cut_utf8(s, 7), STR("mailto:")))
        return STR_NONE;
    return arena_str(m->arena, s);
}

struct str map_web_of(struct mapper *m, const json_t *o, const char *key)
{
    return map_web(m, jget(o, key));
}

void map_named_publisher(struct mapper *m, struct record *r, struct str name)
{
    r->publisher.name = map_line(m, name, NAME_MAX);
    r->publisher.id = map_id(m, KIND_ORGANIZATION, r->publisher.name);
}

// ---- Values ------------------------------------------------------------------------------------------

struct date map_date(struct str s)
{
    struct date d = {0};
    if (s.n)
        date_parse(s, &d);
    return d;
}

struct date map_date_of(const json_t *o, const char *key)
{
    return map_date(jget(o, key));
}

void map_license(struct mapper *m, struct record *r, const struct str *texts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct licence *known = texts[i].n ? licence_find(texts[i]) : NULL;
        if (known) {
            r->license = (struct license){known->id, known->label, known->open};
            return;
        }
    }
    for (size_t i = n; i-- > 0 && !r->license.label.n;)
        r->license.label = map_line(m, texts[i], NAME_MAX);
}

// How many of n fit under the cap.
static size_t capped(struct mapper *m, size_t n, size_t most)
{
    if (n <= most)
        return n;
    m->counts.cut++;
    return most;
}

size_t map_distributions(struct mapper *m, struct record *r, size_t n)
{
    n = capped(m, n, DISTRIBUTIONS_MAX);
    r->distributions = ARENA_ARRAY(m->arena, struct distribution, n);
    return n;
}

struct distribution *map_add_distribution(struct record *r, size_t room)
{
    if (r->distribution_count >= room)
        return NULL;
    struct distribution *d = &r->distributions[r->distribution_count++];
    *d = (struct distribution){.byte_size = -1, .available = -1};
    return d;
}

void map_format(struct mapper *m, struct distribution *d, struct str format, struct str media_type)
{
    struct format f = format_find(m->arena, format, media_type, d->url);
    d->format = f.id;
    d->format_family = f.family;
    d->media_type = f.media_type;
}

size_t map_columns(struct mapper *m, struct record *r, size_t n)
{
    n = capped(m, n, COLUMNS_MAX);
    r->fields = ARENA_ARRAY(m->arena, struct column, n);
    return n;
}

void map_add_column(struct mapper *m, struct record *r, size_t room, struct str name,
                    struct str label, struct str type)
{
    name = map_line(m, name, KEYWORD_MAX);
    if (!name.n || r->field_count >= room)
        return;
    label = map_line(m, label, NAME_MAX);
    r->fields[r->field_count++] = (struct column){name, str_eq(label, name) ? STR_NONE : label,
                                                  text_code(m->arena, type, KEYWORD_MAX)};
}

void map_add_zone(struct mapper *m, struct record *r, struct str raw, struct str label)
{
    struct zone zone = zone_clean(m->arena, raw);
    bool room = r->spatial.zones.n < KEYWORDS_MAX && r->spatial.labels.n < KEYWORDS_MAX;
    if (!room || zone.kind == ZONE_NONE)
        return;
    arena_push(m->arena, zone.kind == ZONE_ID ? &r->spatial.zones : &r->spatial.labels, zone.text);
    label = map_line(m, label, KEYWORD_MAX);
    if (label.n)
        arena_push(m->arena, &r->spatial.labels, label);
}

void map_add_point(struct record *r, double longitude, double latitude)
{
    double *b = r->spatial.bbox;
    if (!(longitude >= -180 && longitude <= 180 && latitude >= -90 && latitude <= 90))
        return;
    if (!r->spatial.has_bbox) {
        b[0] = b[2] = longitude;
        b[1] = b[3] = latitude;
        r->spatial.has_bbox = true;
    }
    b[0] = longitude < b[0] ? longitude : b[0];
    b[1] = latitude < b[1] ? latitude : b[1];
    b[2] = longitude > b[2] ? longitude : b[2];
    b[3] = latitude > b[3] ? latitude : b[3];
}

static void add_coordinates(struct record *r, const json_t *coordinates, unsigned depth)
{
    const json_t *x = json_array_get(coordinates, 0), *y = json_array_get(coordinates, 1), *v;
    size_t i;
    if (json_is_number(x) && json_is_number(y))
        map_add_point(r, json_number_value(x), json_number_value(y));
    else if (depth < GEOMETRY_DEPTH)
        json_array_foreach(coordinates, i, v) add_coordinates(r, v, depth + 1);
}

void map_add_coordinates(struct record *r, const json_t *coordinates)
{
    add_coordinates(r, coordinates, 0);
}

void map_add_schema(struct mapper *m, struct record *r, struct str name)
{
    name = map_line(m, name, NAME_MAX);
    for (size_t i = 0; i < r->conforms_to.n; i++)
        if (str_eq(r->conforms_to.v[i], name))
            return;
    if (name.n && r->conforms_to.n < KEYWORDS_MAX)
        arena_push(m->arena, &r->conforms_to, name);
}

void map_frequency(struct record *r, struct str any)
{
    const struct frequency *known = any.n ? frequency_find(any) : NULL;
    if (known && !str_eq(known->code, STR("UNKNOWN")))
        r->frequency = known->code;
}

void map_add_relation(struct mapper *m, struct strs *list, struct str id)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i], id))
            return;
    if (!id.n)
        return;
    if (list->n < RELATIONS_MAX)
        arena_push(m->arena, list, id);
    else
        m->counts.cut++;
}
