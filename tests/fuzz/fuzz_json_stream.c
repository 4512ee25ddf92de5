// Fuzzing of the splitter of JSON files. Of a file that is JSON, the parts put together again are the file. The first byte chooses
// how much white space stands before it, so that the end of a block falls into it.
#include "base/json_stream.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static void put(json_t *whole, const struct json_part *part, json_t *value)
{
    if (json_is_array(whole)) {
        must(!part->element);
        json_array_append_new(whole, value);
    } else if (part->element) {
        json_t *list = json_object_getn(whole, part->member.p, part->member.n);
        if (!list) {
            list = json_array();
            json_object_setn_new(whole, part->member.p, part->member.n, list);
        }
        json_array_append_new(list, value);
    } else {
        json_object_setn_new(whole, part->member.p, part->member.n, value);
    }
}

// Arrays without elements give no part.
static void drop_empty_arrays(json_t *object)
{
    const char *key;
    json_t *value;
    void *next;
    json_object_foreach_safe(object, next, key, value)
    {
        if (json_is_array(value) && json_array_size(value) == 0)
            json_object_del(object, key);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    size_t before = data[0] >= 240 ? ((size_t)256 << 10) - 4 * (data[0] - 239u) : 0;
    struct str text = {(const char *)data + 1, size - 1};
    int fd = memfd_create("fuzz", 0);
    must(fd >= 0 && ftruncate(fd, (off_t)before) == 0);
    if (before) {
        char *spaces = malloc(before);
        memset(spaces, ' ', before);
        must(write(fd, spaces, before) == (ssize_t)before);
        free(spaces);
    }
    must(lseek(fd, (off_t)before, SEEK_SET) >= 0 && write(fd, text.p, text.n) == (ssize_t)text.n);
    lseek(fd, 0, SEEK_SET);

    struct arena a = {0};
    struct err e = {0};
    json_t *whole = json_loadb(text.p, text.n, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
    json_t *readable = whole ? json_read(text, &a, NULL, &e) : NULL; // not too deep
    json_t *again = json_is_array(whole) ? json_array() : json_object();
    struct json_stream *s = json_stream_new(fd);
    struct json_part part;
    uint64_t last = 0;
    while (json_stream_next(s, &part, &e)) {
        must(part.offset >= last && part.offset < before + text.n);
        last = part.offset;
        json_t *value = json_read(part.text, &a, NULL, &e);
        must(value || !readable);
        if (readable)
            put(again, &part, json_incref(value));
        json_decref(value);
    }
    if (readable) {
        must(e.code == ERR_NONE);
        if (json_is_object(whole))
            drop_empty_arrays(whole);
        must(json_equal(whole, again));
    }
    json_stream_free(s);
    json_decref(whole);
    json_decref(readable);
    json_decref(again);
    arena_free(&a);
    close(fd);
    return 0;
}
