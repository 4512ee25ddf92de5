// harvester/shape.h: where an answer departs from a list of fields.
#include "harvester/shape.h"
#include "tests/tap.h"

static struct arena arena;
static const char list_text[] = "# A list.\n"
                                "path\ttypes\trecord\twhy\n"
                                "total\tnumber!\t-\tof the list\n"
                                "data\tarray!\t-\t\n"
                                "data[].id\tstring!\tid\t\n"
                                "data[].title\tstring,null\ttitle\t\n"
                                "data[].tags[]\tstring\tkeywords\t\n"
                                "data[].extras.**\tobject\t-\tfree\n"
                                "data[].by.*.name\tstring\tpublisher.name\t\n";

// "new a (string, 2); gone b of 3; type c: number for string (1)"
static const char *departures(const char *list, const char *const *documents, size_t count)
{
    static char text[2000];
    struct err e = {0};
    size_t n, at = 0;
    struct shape *s = shape_new(str_of(list), &e);
    text[0] = '\0';
    if (!s)
        return "no list";
    for (size_t i = 0; i < count; i++) {
        json_t *o = json_read(str_of(documents[i]), &arena, NULL, &e);
        shape_see_json(s, o);
        json_decref(o);
    }
    struct departure *d = shape_departures(s, &arena, &n);
    for (size_t i = 0; i < n; i++) {
        const char *sep = i ? "; " : "";
        if (d[i].kind == FIELD_NEW)
            at += (size_t)snprintf(text + at, sizeof text - at, "%snew %.*s (%.*s, %d)", sep,
                                   STR_ARG(d[i].path), STR_ARG(d[i].met), (int)d[i].count);
        else if (d[i].kind == FIELD_GONE)
            at += (size_t)snprintf(text + at, sizeof text - at, "%sgone %.*s (%d)", sep,
                                   STR_ARG(d[i].path), (int)d[i].count);
        else
            at += (size_t)snprintf(text + at, sizeof text - at, "%stype %.*s: %.*s for %.*s (%d)",
                                   sep, STR_ARG(d[i].path), STR_ARG(d[i].met),
                                   STR_ARG(d[i].expected), (int)d[i].count);
    }
    shape_free(s);
    return text;
}

static const char *one(const char *document)
{
    return departures(list_text, &document, 1);
}

int main(void)
{
    is_str(one("{\"total\":1,\"data\":[{\"id\":\"a\",\"title\":null,\"tags\":[\"x\"],\"extras\":{"
               "\"a\":{\"b\":[1]}},"
               "\"by\":{\"me\":{\"name\":\"n\"}}}]}"),
           "");
    is_str(one("{\"total\":0,\"data\":[]}"), "");
    // "extras.**" is extras itself and its elements, too; what is said of a field goes before what is said of all below
    is_str(one("{\"total\":0,\"data\":[{\"id\":\"a\",\"extras\":[{\"a\":1}]}]}"), "");
    static const char *const title = "{\"title\":1,\"other\":1}";
    is_str(departures("path\ttypes\n**\tnumber\ntitle\tstring\n", &title, 1),
           "type title: number for string (1)");
    is_str(departures("path\ttypes\n# a\ntitle\tnumber\npath\ttypes\nother\tnumber\n", &title, 1),
           ""); // two lists
    // New, told once for all that lies below.
    is_str(one("{\"total\":1,\"data\":[{\"id\":\"a\",\"owner\":{\"name\":\"x\",\"tel\":[1]}}],"
               "\"next\":null}"),
           "new data[].owner (object, 1); new next (null, 1)");
    is_str(one("{\"total\":1,\"data\":[{\"id\":\"a\",\"by\":{\"me\":{\"age\":3}}}]}"),
           "new data[].by.me.age (number, 1)");
    // Of another type.
    is_str(one("{\"total\":\"1\",\"data\":[{\"id\":7,\"title\":{\"fr\":\"x\"},\"tags\":\"a,b\"},{"
               "\"id\":\"b\"}]}"),
           "type data[].id: number for string (1); type data[].tags: string for array (1); "
           "type data[].title: object for string,null (1); new data[].title.fr (string, 1); "
           "type total: string for number (1)");
    // Gone: from some, from all.
    is_str(one("{\"data\":[{\"id\":\"a\"},{\"title\":\"b\"},{\"title\":\"c\"}]}"),
           "gone total (1); gone data[].id (2)");
    is_str(one("{\"total\":0}"), "gone data (1)");
    is_str(departures(list_text, NULL, 0), "");
    // Lists that are none.
    struct err e = {0};
    ok(!shape_new(STR("path\ttypes\na\tnumbre\n"), &e));
    is_int(e.code, ERR_CONFIG);
    is_str(e.where, "line 2");
    ok(!shape_new(STR("chemin\ttypes\n"), &e));
    ok(!shape_new(STR("# nothing\n"), &e));
    is_str(e.what, "the list of fields is empty");
    // Not JSON: paths that are told.
    struct shape *s =
        shape_new(STR("path\ttypes\nMD_Metadata@uuid\tstring\nMD_Metadata/a/**\tstring\n"), &e);
    shape_see(s, STR("MD_Metadata@uuid"), "string");
    shape_see(s, STR("MD_Metadata/a/b/c"), "string");
    shape_see(s, STR("MD_Metadata/b"), "string");
    size_t n;
    struct departure *d = shape_departures(s, &arena, &n);
    is_int(n, 1);
    is_text(d[0].path, "MD_Metadata/b");
    shape_free(s);
    arena_free(&arena);
    return tap_done();
}
