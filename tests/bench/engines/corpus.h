// Reading a corpus that corpus.c made, record by record.
#pragma once

#include "base/err.h"

enum corpus_field {
    CORPUS_ID,
    CORPUS_TITLE,
    CORPUS_DESCRIPTION,
    CORPUS_KEYWORDS, // separated by |
    CORPUS_PUBLISHER,
    CORPUS_LICENCE,
    CORPUS_FORMATS, // separated by |
    CORPUS_COMMUNE,
    CORPUS_FREQUENCY,
    CORPUS_GRANULARITY,
    CORPUS_ISSUED,   // days since 1970
    CORPUS_MODIFIED, // days since 1970
    CORPUS_VIEWS,
    CORPUS_COMMUNE_CODE,
    CORPUS_FIELDS
};

struct corpus_reader;
// NULL and *e when there is no such file.
struct corpus_reader *corpus_open(const char *path, struct err *e);
// The next record, borrowed until the one after; false at the end. A line of another number of fields ends the program.
bool corpus_next(struct corpus_reader *r, struct str fields[CORPUS_FIELDS]);
void corpus_close(struct corpus_reader *r);
