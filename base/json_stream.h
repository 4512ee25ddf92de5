// Reads a JSON file of any size part by part: the members of its outermost object, and the elements of those that are arrays; or
// the elements of an outermost array. Parts are found by their brackets and strings, not checked: json_read (json.h) reads each, so
// that one that is not JSON takes no other with it. Memory: the largest part, at most JSON_PART_MAX. Blocks: on workers only.
#pragma once

#include "base/json.h"

enum { JSON_PART_MAX = 32 << 20 };

struct json_stream;

struct json_part {
    struct str
        member;      // the key in the outermost object, escapes undone; empty in an outermost array
    bool element;    // of the array `member`; else its whole value
    struct str text; // valid until the next call; empty when it is too large
    uint64_t offset; // in the file, in bytes
    bool too_large;  // over JSON_PART_MAX: passed over
};

// Reads from where `fd`, the caller's, stands. A byte order mark is skipped.
struct json_stream *json_stream_new(int fd);
void json_stream_free(struct json_stream *s); // NULL is accepted
// The next part. False at the end with e->code == ERR_NONE; ERR_PARSE (with the offset) when the outer structure breaks off or is
// none; ERR_IO.
bool json_stream_next(struct json_stream *s, struct json_part *out, struct err *e);
