// See search_params.h.
#include "api/search_params.h"

#include "config/schema.h"

#include <stdio.h>

static const char *const names[] = {
    "q",         "kind",           "source",        "publisher", "publisher_kind",
    "license",   "format",         "format_family", "access",    "theme",
    "keyword",   "territory",      "schema",        "badge",     "granularity",
    "frequency", "modified_since", "min_quality",   "status",    "sort",
    "page",      "page_size",      "cursor",        "facets",    "explain",
    "variants",  "uses",           "used_by",       NULL,
};
enum { SHOWN_BYTES = 60 }; // of a wrong value, in a message

static bool wrong(struct err *e, struct str name, struct str value, const char *expected)
{
    return err_set(e, ERR_QUERY, "%.*s is \"%.*s\": it should be %s", STR_ARG(name),
                   STR_ARG(str_cut_utf8(value, SHOWN_BYTES)), expected);
}

static bool unknown(struct err *e, struct str name)
{
    const char *nearest = conf_nearest(name, names);
    err_set(e, ERR_USAGE, "unknown parameter \"%.*s\"", STR_ARG(str_cut_utf8(name, SHOWN_BYTES)));
    return nearest ? err_hint(e, "did you mean \"%s\"?", nearest) : false;
}

static bool is_variant_key(struct str value)
{
    for (size_t i = 0; i < value.n; i++)
        if (!(value.p[i] >= '0' && value.p[i] <= '9') && !(value.p[i] >= 'a' && value.p[i] <= 'f'))
            return false;
    return value.n == 16;
}

static bool read_facets(struct search_request *r, struct str value, struct err *e)
{
    struct str part;
    while (str_next(&value, ',', &part)) {
        enum facet facet;
        part = str_trim(part);
        if (!part.n)
            continue;
        if (!facet_find(part, &facet))
            return err_set(e, ERR_QUERY, "facets names \"%.*s\", which is not a filter",
                           STR_ARG(str_cut_utf8(part, SHOWN_BYTES)));
        r->facets |= 1u << facet;
    }
    return true;
}

bool search_param(struct search_request *r, struct str name, struct str value, struct arena *a,
                  struct err *e)
{
    value = str_trim(value);
    enum facet facet;
    int64_t number;
    if (facet_find(name, &facet)) {
        if (value.n && r->filters[facet].n == SEARCH_FILTER_VALUES_MAX)
            return err_set(e, ERR_QUERY, "%.*s has more than %d values", STR_ARG(name),
                           SEARCH_FILTER_VALUES_MAX);
        if (value.n)
            arena_push(a, &r->filters[facet], arena_str(a, value));
        return true;
    }
    value = arena_str(a, value);
    if (str_eq(name, STR("q"))) {
        r->q = value;
    } else if (str_eq(name, STR("modified_since"))) {
        if (value.n && !date_parse(value, &r->modified_since))
            return wrong(e, name, value, "a date such as 2026-01-31");
    } else if (str_eq(name, STR("min_quality"))) {
        if (value.n &&
            (!str_to_real(value, &r->min_quality) || r->min_quality < 0 || r->min_quality > 1))
            return wrong(e, name, value, "a number from 0 to 1");
    } else if (str_eq(name, STR("sort"))) {
        if (value.n && !search_sort_find(value, &r->sort))
            return wrong(e, name, value, "relevance, modified, issued, views or title");
    } else if (str_eq(name, STR("page"))) {
        if (value.n && !str_to_int(value, 1, 1000000, &r->page))
            return wrong(e, name, value, "a number from 1");
    } else if (str_eq(name, STR("page_size"))) {
        if (value.n && !str_to_int(value, 1, SEARCH_PAGE_SIZE_MAX, &r->page_size))
            return wrong(e, name, value, "a number from 1 to 100");
    } else if (str_eq(name, STR("cursor"))) {
        r->cursor = value;
    } else if (str_eq(name, STR("variants"))) {
        if (value.n && !is_variant_key(value))
            return wrong(e, name, value, "a key that a search gave");
        r->variants = value;
    } else if (str_eq(name, STR("uses"))) {
        r->uses = value;
    } else if (str_eq(name, STR("used_by"))) {
        r->used_by = value;
    } else if (str_eq(name, STR("facets"))) {
        return read_facets(r, value, e);
    } else if (str_eq(name, STR("explain"))) {
        if (value.n && !str_to_int(value, 0, 1, &number))
            return wrong(e, name, value, "0 or 1");
        r->explain = value.n && number;
    } else {
        return unknown(e, name);
    }
    return true;
}

void url_encode(struct buf *out, struct str s)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
        if (unreserved) {
            buf_addc(out, (char)c);
        } else {
            buf_addc(out, '%');
            buf_addc(out, digits[c >> 4]);
            buf_addc(out, digits[c & 15]);
        }
    }
}

static void pair(struct buf *out, const char *name, struct str value)
{
    if (!value.n)
        return;
    if (out->n && out->p[out->n - 1] != '?')
        buf_addc(out, '&');
    buf_addz(out, name);
    buf_addc(out, '=');
    url_encode(out, value);
}

static void number_pair(struct buf *out, const char *name, int64_t n)
{
    char text[24];
    pair(out, name, str_slice(text, (size_t)snprintf(text, sizeof text, "%lld", (long long)n)));
}

void search_query_string(struct buf *out, const struct search_request *r, int64_t page)
{
    static const char *const sorts[] = {"", "modified", "issued", "views", "title"};
    char text[DATE_TEXT_BYTES];
    pair(out, "q", r->q);
    for (size_t f = 0; f < FACET_COUNT; f++)
        for (size_t i = 0; i < r->filters[f].n; i++)
            pair(out, facet_fields[f].name.p, r->filters[f].v[i]);
    if (r->modified_since.precision)
        pair(out, "modified_since", date_format(r->modified_since, text));
    if (r->min_quality >= 0) {
        struct buf real = {0};
        json_num(&real, r->min_quality); // the shortest form that reads back the same
        pair(out, "min_quality", buf_str(&real));
        buf_free(&real);
    }
    pair(out, "variants", r->variants);
    pair(out, "uses", r->uses);
    pair(out, "used_by", r->used_by);
    pair(out, "sort", str_of(sorts[r->sort]));
    if (r->page_size != 20)
        number_pair(out, "page_size", r->page_size);
    struct buf facets = {0};
    for (size_t f = 0; f < FACET_COUNT; f++)
        if (r->facets & 1u << f) {
            if (facets.n)
                buf_addc(&facets, ',');
            buf_add(&facets, facet_fields[f].name);
        }
    pair(out, "facets", buf_str(&facets));
    buf_free(&facets);
    if (r->explain)
        number_pair(out, "explain", 1);
    if (page)
        number_pair(out, "page", page);
}
