// Fuzzing the template engine: the input is the text of a template, rendered with a fixed view beside a fixed partial.
#include "api/web/mustache.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static json_t *view;
    if (!view)
        view = json_loads("{\"a\":\"<é>\",\"b\":[1,{\"c\":[[],[true,null,0.5]]},\"x\\ny\"],"
                          "\"d\":{\"e\":{\"f\":-3}},\"g\":false}",
                          0, NULL);
    const struct template_source sources[] = {
        {STR("t"), str_slice((const char *)data, size)},
        {STR("p"), STR("{{#b}}\n  {{> q}}\n{{/b}}\n{{a}}")},
        {STR("q"), STR("{{^g}}{{d.e.f}}\n{{{.}}}{{/g}}\n")},
    };
    struct err e = {0};
    struct template_set *set = mustache_parse(sources, 3, &e);
    if (!set)
        return 0;
    struct buf out = {0};
    if (!mustache_render(set, STR("t"), view, &out, &e) && out.n)
        __builtin_trap();
    buf_free(&out);
    mustache_free(set);
    return 0;
}
