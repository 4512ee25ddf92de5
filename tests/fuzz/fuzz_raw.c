// Fuzzing of JSON where it is not expected: members of what is not parsed, values that are written as text, items that are not quite
// JSON. The first line is the name of a member. What is found lies within the text; of what is JSON it is what jansson finds.
#include "harvester/normalise/raw.h"
#include "harvester/normalise/item.h"
#include "tests/fuzz/records.h"

#include <string.h>

// Keys are compared as they are written, and the first of two that are equal counts; jansson has the last.
static void compare(struct str object, const char *key, struct str member)
{
    json_t *whole = json_loadb(object.p, object.n, JSON_REJECT_DUPLICATES, NULL);
    if (json_is_object(whole) && !memchr(object.p, '\\', object.n)) {
        const json_t *value = json_object_get(whole, key);
        must((value != NULL) == (member.p != NULL));
        json_t *again = value ? json_loadb(member.p, member.n, JSON_DECODE_ANY, NULL) : NULL;
        must(!value || json_equal(value, again));
        json_decref(again);
    }
    json_decref(whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct err e = {0};
    struct config_source config = {.name = STR("fuzz"), .url = STR("http://127.0.0.1:1")};
    struct driver_source source = {.config = &config, .kinds = {KIND_DATASET}, .kind_count = 1};
    struct mapper m = {.source = &source, .arena = &a};
    struct str rest = str_slice((const char *)data, size), line = STR_NONE;
    str_next(&rest, '\n', &line);
    const char *key = arena_z(&a, str_cut_utf8(utf8_repair(&a, line, NULL), 40));
    if (!rest.p || !line.n || memchr(line.p, '\0', line.n) || strpbrk(key, "\\\""))
        goto done;
    struct str member = raw_member(rest, key);
    must(!member.p || (member.p >= rest.p && member.p + member.n <= rest.p + rest.n));
    compare(rest, key, member);
    raw_word(rest, key, &a);
    for (unsigned depth = 1; depth <= 2; depth++) {
        struct driver_item item = {0};
        size_t repaired = 0;
        json_t *o = map_item_json(&m, KIND_DATASET, rest, key, depth, &repaired, &item);
        must(o || item.error.code != ERR_NONE);
        json_decref(o);
    }
    json_t *value = json_read(rest, &a, NULL, &e);
    json_t *decoded = value ? raw_decode(&a, value) : NULL;
    must(!value || decoded);
    json_decref(decoded);
    json_decref(value);
done:
    arena_free(&a);
    return 0;
}
