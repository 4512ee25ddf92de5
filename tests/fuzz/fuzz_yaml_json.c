// Fuzzing of YAML in catalogues: publiccode.yml, the front matter of Markdown sheets. What is read is an object of strings, nulls,
// lists and objects, no larger than its text lets it be; what is not says its line.
#include "harvester/normalise/yaml_json.h"
#include "base/utf8.h"
#include "tests/fuzz/fuzz.h"

static void check(const json_t *value, unsigned depth)
{
    const char *key;
    json_t *member;
    size_t i;
    must(depth < 20);
    must(json_is_object(value) || json_is_array(value) || json_is_string(value) ||
         json_is_null(value));
    json_object_foreach((json_t *)(uintptr_t)value, key, member)
    {
        must(utf8_valid(str_of(key)));
        check(member, depth + 1);
    }
    json_array_foreach(value, i, member) check(member, depth + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct err e = {0};
    struct str text = str_slice((const char *)data, size), yaml = text, body = STR_NONE;
    if (yaml_front_matter(text, &yaml, &body)) {
        must(yaml.n + body.n <= text.n);
        must(!yaml.n || (yaml.p >= text.p && yaml.p + yaml.n <= text.p + text.n));
        must(!body.n || (body.p >= text.p && body.p + body.n <= text.p + text.n));
    }
    json_t *read = yaml_json(&a, yaml, &e);
    must(read ? json_is_object(read) : e.code == ERR_PARSE && e.what[0]);
    if (read)
        check(read, 0);
    json_decref(read);
    arena_free(&a);
    return 0;
}
