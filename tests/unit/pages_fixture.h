// What the tests of the pages share: dates, looking into a view by a path, and rendering it with the
// shipped templates.
#pragma once

#include "api/labels.h"
#include "api/pages.h"
#include "api/web/mustache.h"
#include "base/json.h"
#include "config/shipped.h"
#include "harvester/normalise/vocabulary.h"
#include "harvester/time_zone.h"
#include "tests/tap.h"

#include <stdlib.h>

static struct arena arena;
static struct time_zone *paris;
static struct template_set *templates;

static const char hostile[] = "<script>alert('1')</script>\"><img src=x onerror=alert(1)>";

static inline struct date day_of(const char *text)
{
    struct date d;
    date_parse(str_of(text), &d);
    return d;
}

static inline int64_t instant(const char *text)
{
    return day_of(text).seconds;
}

// "search.facets.items.0.label": members by name, items by number. NULL when it is not there.
static inline const json_t *look(const json_t *view, const char *path)
{
    struct str rest = str_of(path), part;
    while (view && str_next(&rest, '.', &part)) {
        int64_t i;
        if (json_is_array(view))
            view = str_to_int(part, 0, 1000, &i) ? json_array_get(view, (size_t)i) : NULL;
        else
            view = json_object_getn(view, part.p, part.n);
    }
    return view;
}

static inline struct str look_text(const json_t *view, const char *path)
{
    return jstr(look(view, path));
}

static inline size_t look_count(const json_t *view, const char *path)
{
    return json_array_size(look(view, path));
}

static inline struct str shipped_text(const char *name)
{
    struct str text = STR_NONE;
    struct err e;
    if (!shipped_file(STR_NONE, name, &arena, &text, &e))
        printf("Bail out! %s is not shipped: %s\n", name, e.what);
    return text;
}

static inline struct template_set *load_templates(void)
{
    struct template_source sources[MUSTACHE_TEMPLATES];
    size_t n = 0;
    for (const struct shipped *f = shipped_files; f->name; f++) {
        struct str name = str_of(f->name), folder = STR("api/web/templates/");
        if (!str_starts(name, folder))
            continue;
        name = str_slice(name.p + folder.n, name.n - folder.n - strlen(".mustache"));
        sources[n++] = (struct template_source){name, f->text};
    }
    struct err e;
    return mustache_parse(sources, n, &e);
}

static inline bool pages_set_up(void)
{
    struct err e;
    bool good = vocabularies_load(shipped_text("config/vocabularies/licences.tsv"),
                                  shipped_text("config/vocabularies/formats.tsv"),
                                  shipped_text("config/vocabularies/frequencies.tsv"), &e) &&
                labels_load(shipped_text("config/vocabularies/labels.tsv"), &e);
    paris = time_zone_load(STR("Europe/Paris"), &e);
    templates = load_templates();
    return good && paris && templates;
}

static inline void pages_tear_down(void)
{
    time_zone_free(paris);
    mustache_free(templates);
    labels_free();
    vocabularies_free();
    arena_free(&arena);
}

// The page of a view, in the arena; empty when it cannot be rendered.
static inline struct str rendered(const char *template, const json_t *view)
{
    struct buf page = {0};
    struct err e;
    if (!mustache_render(templates, str_of(template), view, &page, &e))
        printf("# %s: %s: %s\n", template, e.where, e.what);
    struct str text = arena_str(&arena, buf_str(&page));
    buf_free(&page);
    return text;
}

static inline bool holds(struct str page, const char *text)
{
    return str_find(page, str_of(text)) >= 0;
}

// Whether a page that was made of hostile text is one all the same: rendered, and nothing of it
// markup.
static inline bool is_harmless(struct str page)
{
    return page.n > 0 && !holds(page, "<script>") && !holds(page, "<img") &&
           !holds(page, "href=\"javascript:") && !holds(page, "alert('1')");
}
