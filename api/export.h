// Records on their way out: a line of JSON, a row of CSV, or a description in DCAT. What is written is appended to the caller's buffer,
// record by record, so that memory does not grow with their number. Any thread, with a store and a searcher of its own.
#pragma once

#include "api/shown.h"

enum export_format { EXPORT_JSONL, EXPORT_CSV, EXPORT_DCAT };
bool export_format_find(struct str name, enum export_format *out); // "jsonl", "csv", "dcat"

struct export
{
    enum export_format format;
    struct str
        public_url; // without a slash at its end, or absent: the addresses of DCAT's resources
    int64_t written, left_out[KIND_COUNT], removed_left_out; // counted by export_record
};

enum { EXPORT_ROWS = 10000 }; // of one answer over HTTP; the command line has no bound

// What stands before the first record: nothing, the names of the columns, prefixes and the catalogue.
void export_begin(struct buf *b, const struct export *x);
enum export_outcome {
    EXPORT_WRITTEN,
    EXPORT_LEFT_OUT, // the format has no class for it
    EXPORT_ABSENT,   // no record has the id (any more)
    EXPORT_DAMAGED,  // it cannot be read back: *e says why
    EXPORT_FAILED,   // an error of the store, *e
};
// One record, by its id; a tombstone when `removed` wants them, else it counts as absent. Scratch memory is of the arena.
enum export_outcome export_record(struct buf *b, struct export *x, struct str id, bool removed,
                                  struct store *store, struct searcher *searcher, struct arena *a,
                                  struct err *e);

// ---- The formats, each in its file

// CSV (RFC 4180): a header, fields between commas, lines that end with CR LF; lists joined by '|'. A text that a spreadsheet would take
// for a formula gets a ' before it (OWASP, CSV Injection).
void csv_header(struct buf *b);
void csv_record(struct buf *b, const struct record *r);
void csv_tombstone(struct buf *b, const struct stored *r);
void csv_text(struct buf *b, struct str s); // one field

// DCAT-AP 3 in Turtle: datasets, data services, and organizations as agents.
void dcat_header(struct buf *b, struct str public_url);
// False, and nothing is written, for what DCAT has no class for (reuses, software).
bool dcat_record(struct buf *b, const struct shown_record *shown, struct str public_url,
                 struct arena *a);
// The IRI of the record with that id: its own where its catalogue gave it one, else its permalink (a URN without public_url).
struct str dcat_iri(struct arena *a, struct str id, struct str public_url);
