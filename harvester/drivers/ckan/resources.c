// The resources of a CKAN package as distributions, and what their schemas tell of columns: see ckan.h.
#include "harvester/drivers/ckan/ckan.h"

#include "harvester/normalise/raw.h"

// fluent's `name_translated` says more than `name`.
static struct str translated_line(struct ckan_package *p, const json_t *o, const char *name,
                                  const char *translated_name)
{
    struct str s = ckan_line(p, json_object_get(o, translated_name), NAME_MAX);
    return s.n ? s : ckan_line(p, json_object_get(o, name), NAME_MAX);
}

int64_t ckan_bytes(const json_t *value)
{
    static const double most = 9e15;
    struct str s = str_trim(jstr(value));
    double n = json_is_number(value) ? json_number_value(value) : -1;
    if (s.n) {
        char number[32];
        size_t i = 0, k = 0;
        for (; i < s.n && k < sizeof number; i++) {
            char c = s.p[i];
            bool thousands = c == ',' && s.n - i >= 4 && str_find_char(s, '.') < 0 &&
                             (s.n - i == 4 || s.p[i + 4] == ',' || s.p[i + 4] == ' ') &&
                             s.p[i + 3] >= '0' && s.p[i + 3] <= '9';
            if ((c >= '0' && c <= '9') || c == '.')
                number[k++] = c;
            else if (c == ',' && !thousands)
                number[k++] = '.';
            else if (!thousands)
                break;
        }
        if (!str_to_real(str_slice(number, k), &n))
            return -1;
        struct str unit = str_trim(str_slice(s.p + i, s.n - i));
        const char *scale = "bkmgt", *at = unit.n ? strchr(scale, unit.p[0] | 0x20) : scale;
        if (unit.n && (unit.p[0] | 0x20) == 'o') // "octets"
            at = scale;
        if (!at || !*at)
            return -1;
        for (; at > scale; at--)
            n *= 1024;
    }
    return n >= 0 && n < most ? (int64_t)n : -1;
}

static void map_checksum(struct ckan_package *p, const json_t *o, struct distribution *d)
{
    struct str hash = str_trim(jget(o, "hash"));
    const char *algorithm = hash.n == 32   ? "md5"
                            : hash.n == 40 ? "sha1"
                            : hash.n == 64 ? "sha256"
                                           : NULL;
    for (size_t i = 0; i < hash.n; i++)
        if (!hash.p[i] || !strchr("0123456789abcdefABCDEF", hash.p[i]))
            algorithm = NULL;
    if (algorithm)
        d->checksum = arena_printf(p->m->arena, "%s:%.*s", algorithm, STR_ARG(hash));
}

static bool has_column(const struct record *r, struct str name)
{
    for (size_t i = 0; i < r->field_count; i++)
        if (str_eq(r->fields[i].name, name))
            return true;
    return false;
}

// Frictionless: {"fields": [{"name", "title", "type"}]}; or the name or address of a schema.
static void map_schema(struct ckan_package *p, const json_t *resource, size_t room)
{
    json_t *schema = raw_decode(p->m->arena, json_object_get(resource, "schema"));
    const json_t *columns = jget_array(schema, "fields"), *v;
    size_t i;
    json_array_foreach(columns, i, v)
    {
        if (p->r->field_count >= room)
            break;
        struct str name = map_line_of(p->m, v, "name", KEYWORD_MAX);
        struct str label = ckan_text(json_object_get(v, "title"), NULL);
        if (!has_column(p->r, name))
            map_add_column(p->m, p->r, room, name,
                           label.n ? label : ckan_text(json_object_get(v, "label"), NULL),
                           jget(v, "type"));
    }
    if (!columns)
        map_add_schema(p->m, p->r, json_is_object(schema) ? jget(schema, "name") : jstr(schema));
    json_decref(schema);
}

static void map_resource(struct ckan_package *p, const json_t *o, struct distribution *d)
{
    static const char *const addresses[] = {"url", "download_url", "access_url"};
    static const struct str kinds[] = {STR("documentation"), STR("api"), STR("code")};
    struct str type = str_trim(jget(o, "resource_type")),
               media = ckan_text(json_object_get(o, "mimetype"), NULL);
    d->title = translated_line(p, o, "name", "name_translated");
    if (!d->title.n)
        d->title = ckan_line(p, json_object_get(o, "title"), NAME_MAX);
    if (!d->title.n)
        d->title = map_line(
            p->m, map_block(p->m, ckan_text(json_object_get(o, "description"), NULL)), NAME_MAX);
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses && !d->url.n; i++)
        d->url = map_web_of(p->m, o, addresses[i]);
    d->type = STR("main");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        d->type = str_eq_nocase(type, kinds[i]) ? kinds[i] : d->type;
    map_format(p->m, d, ckan_text(json_object_get(o, "format"), NULL),
               media.n ? media : jget(o, "media_type"));
    d->byte_size = ckan_bytes(json_object_get(o, "size"));
    if (d->byte_size < 0)
        d->byte_size = ckan_bytes(json_object_get(o, "byte_size"));
    map_checksum(p, o, d);
    d->modified = ckan_date(json_object_get(o, "last_modified"));
    for (const char *const *k =
             (const char *const[]){"modified", "metadata_modified", "created", NULL};
         *k && d->modified.precision == DATE_NONE; k++)
        d->modified = ckan_date(json_object_get(o, *k));
    const json_t *broken = json_object_get(jget_object(o, "archiver"), "is_broken");
    if (json_is_boolean(broken))
        d->available = !json_is_true(broken);
}

// How many columns the schemas of all resources tell together.
static size_t count_columns(struct ckan_package *p, const json_t *resources)
{
    size_t i, n = 0;
    const json_t *o;
    json_array_foreach(resources, i, o)
    {
        json_t *schema = raw_decode(p->m->arena, json_object_get(o, "schema"));
        n += json_array_size(jget_array(schema, "fields"));
        json_decref(schema);
    }
    return n;
}

void ckan_map_resources(struct ckan_package *p)
{
    const json_t *resources = jget_array(p->o, "resources"), *o;
    size_t i, room = map_distributions(p->m, p->r, json_array_size(resources));
    size_t columns = map_columns(p->m, p->r, count_columns(p, resources));
    json_array_foreach(resources, i, o)
    {
        struct distribution *d =
            json_is_object(o) && ckan_is_active(o) ? map_add_distribution(p->r, room) : NULL;
        if (!d)
            continue;
        map_resource(p, o, d);
        map_schema(p, o, columns);
    }
}
