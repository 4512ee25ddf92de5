// Renders the page's templates with the sample views, to look at them and to check them in a browser:
//     render TEMPLATES VIEWS OUT
// Each VIEWS/<template>.json or <template>-<variant>.json becomes OUT/<the same>.html. A view is laid over
// VIEWS/_common.json when it has no such key itself. Exit 1 on the first fault, which is said on stderr: a
// wrong template, or a page with what the security policy forbids (the hostile views try to bring it in).
#include "api/web/mustache.h"

#include "base/arena.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static struct arena arena;

static _Noreturn void die(const char *what, const char *why)
{
    fprintf(stderr, "render: %s: %s\n", what, why);
    exit(1);
}

static struct str read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        die(path, strerror(errno));
    struct buf text = {0};
    char bytes[4096];
    size_t n;
    while ((n = fread(bytes, 1, sizeof bytes, file)) > 0)
        buf_add(&text, str_slice(bytes, n));
    fclose(file);
    struct str kept = arena_str(&arena, buf_str(&text));
    buf_free(&text);
    return kept;
}

static void write_file(const char *path, struct str text)
{
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(text.p, 1, text.n, file) != text.n || fclose(file) != 0)
        die(path, strerror(errno));
}

// The names in a folder that end in `suffix`, without it.
static struct strs list(const char *folder, struct str suffix)
{
    DIR *dir = opendir(folder);
    if (!dir)
        die(folder, strerror(errno));
    struct strs names = {0};
    for (struct dirent *entry; (entry = readdir(dir));) {
        struct str name = str_of(entry->d_name);
        if (str_ends(name, suffix) && name.n > suffix.n)
            arena_push(&arena, &names, arena_str(&arena, str_slice(name.p, name.n - suffix.n)));
    }
    closedir(dir);
    return names;
}

static struct template_set *load_templates(const char *folder)
{
    struct strs names = list(folder, STR(".mustache"));
    struct template_source *sources = ARENA_ARRAY(&arena, struct template_source, names.n);
    for (size_t i = 0; i < names.n; i++) {
        struct str path = arena_printf(&arena, "%s/%s.mustache", folder, names.v[i].p);
        sources[i] = (struct template_source){names.v[i], read_file(path.p)};
    }
    struct err e = {0};
    struct template_set *set = mustache_parse(sources, names.n, &e);
    char text[800];
    if (!set)
        die(folder, err_text(&e, text, sizeof text));
    return set;
}

static json_t *load_view(const char *folder, struct str name)
{
    struct str path = arena_printf(&arena, "%s/%.*s.json", folder, STR_ARG(name));
    json_error_t error;
    json_t *view = json_load_file(path.p, JSON_REJECT_DUPLICATES, &error);
    if (!view)
        die(path.p, arena_printf(&arena, "line %d: %s", error.line, error.text).p);
    return view;
}

static void check_page(const char *name, struct str page)
{
    static const char *const forbidden[] = {"<script>", "<style", " style=", "<img", "javascript:"};
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
        if (str_find(page, str_of(forbidden[i])) >= 0)
            die(name, arena_printf(&arena, "the page holds %s", forbidden[i]).p);
}

int main(int argc, char **argv)
{
    if (argc != 4)
        die("usage", "render TEMPLATES VIEWS OUT");
    struct template_set *set = load_templates(argv[1]);
    json_t *common = load_view(argv[2], STR("_common"));
    struct strs views = list(argv[2], STR(".json"));
    for (size_t i = 0; i < views.n; i++) {
        struct str rest = views.v[i], name;
        if (str_starts(rest, STR("_")))
            continue;
        str_next(&rest, '-', &name);
        json_t *view = load_view(argv[2], views.v[i]);
        json_object_update_missing(view, common);
        struct buf page = {0};
        struct err e = {0};
        char text[800];
        if (!mustache_render(set, name, view, &page, &e))
            die(views.v[i].p, err_text(&e, text, sizeof text));
        check_page(views.v[i].p, buf_str(&page));
        write_file(arena_printf(&arena, "%s/%s.html", argv[3], views.v[i].p).p, buf_str(&page));
        buf_free(&page);
        json_decref(view);
    }
    json_decref(common);
    mustache_free(set);
    arena_free(&arena);
    return 0;
}
