// The members of a record's JSON forms, as tables: one for the record, one for each object in it. The writer
// (record_json.c) and the reader (record_read.c) walk the same tables, so that they cannot disagree. Constant
// data; any thread.
#pragma once

#include "store/record.h"

// Which forms show a member (record_json.h). `modified` is in the body or in the figures, never in both.
enum { FORM_BODY = 1, FORM_FIGURES = 2, FORM_PUBLIC = 4 };
enum {
    CONTENT = FORM_BODY | FORM_PUBLIC,
    FIGURE = FORM_FIGURES | FORM_PUBLIC,
    OURS = FORM_PUBLIC, // what the store adds: never in what is stored
};

enum member_type {
    MEMBER_TEXT,      // struct str
    MEMBER_LIST,      // struct strs, in the order given
    MEMBER_SET,       // struct strs, whose order means nothing: sorted in the body
    MEMBER_FLAG,      // bool
    MEMBER_COUNT,     // int64_t, -1 when unknown
    MEMBER_REAL,      // double, negative when unknown
    MEMBER_DATE,      // struct date
    MEMBER_MODIFIED,  // struct date of the record: content or figure, as modified_trusted says
    MEMBER_INSTANT,   // int64_t, seconds, 0 when absent
    MEMBER_NUMBER,    // int64_t, 0 when absent
    MEMBER_AVAILABLE, // signed char: 1, 0 or -1
    MEMBER_KIND,
    MEMBER_STATUS,
    MEMBER_ACCESS,
    MEMBER_BBOX,     // the record's spatial.bbox, with has_bbox
    MEMBER_CRITERIA, // the record's quality.criteria, as an object
    MEMBER_OBJECT,   // a struct inside, with its own table
    MEMBER_ARRAY,    // an array of structs, with its own table
    MEMBER_MOVING,   // the figures of the record's distributions: [[available, modified], ...]
    MEMBER_END
};

struct member {
    const char *key; // NULL at the end of a table
    enum member_type type;
    unsigned forms;
    size_t at;                // offset in its struct; of the pointer, for an array
    const struct member *sub; // of an object or an array
    size_t count_at, size;    // of an array: offset of its count, size of an element
    const void *empty;        // of an array: an element of which nothing is known
};

extern const struct member record_members[];
