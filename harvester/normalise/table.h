// Vocabularies as TSV: reading a file into rows, and finding a row by any of its spellings. What
// the columns mean is their owner's business (licence.c, format.c, frequency.c). A table is written
// by one thread, then read by any.
#pragma once

#include "base/arena.h"
#include "base/err.h"

enum { TABLE_COLUMNS = 6, TABLE_KEY_BYTES = 256 };

struct table_row {
    struct str cells[TABLE_COLUMNS];
    unsigned line; // in the file, from 1
};

struct table_slot {
    struct str key;
    size_t row;
};

struct table {
    const char *file; // for messages
    struct arena arena;
    struct table_row *rows;
    size_t n;
    size_t *by_first;         // the rows in order of their first cells
    struct table_slot *slots; // open addressing; room is a power of two, at most half of it used
    size_t room, used;
};

// Reads rows under the column names given (at most TABLE_COLUMNS of them, separated by spaces). '#'
// starts a comment line. The text is copied. ERR_CONFIG names file and line: another header, a
// wrong number of cells, a cell with control characters, an empty first cell.
bool table_read(struct table *t, struct str text, const char *file, const char *columns,
                struct err *e);
// Lets `spelling` find a row. The row's own spellings may repeat one another; those of another row
// are ERR_CONFIG.
bool table_name(struct table *t, struct str spelling, size_t row, struct err *e);
// The same for each of the spellings in a cell, separated by '|'.
bool table_name_all(struct table *t, struct str spellings, size_t row, struct err *e);
// An error about a row, at its line. Returns false.
bool table_wrong(const struct table *t, size_t row, struct err *e, const char *what);
// The row that a spelling finds, by its key; SIZE_MAX when there is none.
size_t table_find(const struct table *t, struct str key);
// The first row that has these bytes as its first cell; SIZE_MAX when there is none.
size_t table_first(const struct table *t, struct str cell);
void table_free(struct table *t);

// The form in which spellings are compared, into `out`: words of letters or of digits in lower case
// without accents, one space between them; a scheme, "www.", "version" and "v" before a number and
// zeros that end a version are left out, "licence" is "license", a '+' that ends a word is "plus"
// ("https://www.e.org/GPLv2.0+/" is "e org gpl 2 plus"). Cut below TABLE_KEY_BYTES.
struct str table_key(struct str spelling, char out[TABLE_KEY_BYTES]);
