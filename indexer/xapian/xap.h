// The C interface over libxapian: the index on disk, documents, queries.
//
// Handles are opaque and confined to the thread that made them: Xapian has no locks. A debug build
// (NDEBUG unset) aborts when another thread uses one. A reader for each search thread; one writer.
//
// Strings that go in are pointer and length, any bytes, copied before the call returns. Strings
// that come out are borrowed from the handle: each function says until when.
//
// A function that can fail returns false or NULL and fills *err (which may be NULL). No exception
// leaves this interface. Every class of Xapian's errors has its own code:
//   ERR_NOT_FOUND  no such database, document, term       ERR_LOCKED    another writer holds it
//   ERR_MODIFIED   the reader was overtaken by two commits: xap_db_reopen, then ask again
//   ERR_CORRUPT    damaged, or written by another format: rebuild
//   ERR_IO         any other trouble of the database      ERR_NETWORK, ERR_TIMEOUT  a remote one
//   ERR_QUERY      a query that Xapian refuses
//   ERR_ARGUMENT   a value that Xapian does not take      ERR_MEMORY    memory exhausted
//   ERR_INTERNAL   anything else
// Every xap_*_free and xap_*_close takes NULL, and never fails.
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct xap_db;     // a reader: one committed state of the index, until it is reopened
struct xap_writer; // the writer: one batch at a time
struct xap_values; // the values of many documents, read in their order
struct xap_doc;    // a document being built, or loaded; made once and used again
struct xap_query;  // a query or a part of one; never changes once made

// A term is 1 to 245 bytes long, and each NUL byte in it counts for two. Longer ones are refused
// with ERR_ARGUMENT before Xapian sees them, in documents and in queries: hash long identifiers.
enum { XAP_TERM_MAX = 245 };
bool xap_term_fits(struct str term);
// A metadata key is 1 to 200 bytes long.
enum { XAP_KEY_MAX = 200 };
// The one number that is no value slot: refused. Slots are small numbers, chosen by the index.
#define XAP_NO_SLOT UINT32_MAX

// ---- Values

// Numbers as bytes that sort as the numbers do: what ranges read. Writes
// at most XAP_SORTABLE_MAX bytes and returns how many (0 for minus infinity). Not for NaN.
enum { XAP_SORTABLE_MAX = 9 };
size_t xap_sortable(double number, char out[XAP_SORTABLE_MAX]);
double xap_unsortable(struct str bytes);

// A list of byte strings in one value (a facet with several values a document): each is its length,
// in 7-bit groups, low first, then its bytes. An item is at most 4 GiB - 1 long.
void xap_list_add(struct buf *list, struct str item);
// The next item, borrowed from the list; *rest becomes what follows. False at the end, and where
// the bytes are not a list.
bool xap_list_next(struct str *rest, struct str *item);

// ---- Documents

struct xap_doc *xap_doc_new(struct err *err); // the caller's, until xap_doc_free
void xap_doc_free(struct xap_doc *doc);
// Empty again, and no longer the stored document that it was loaded from.
bool xap_doc_clear(struct xap_doc *doc, struct err *err);
// One occurrence of a term, at a position, that adds `wdf` to its weight within the document.
bool xap_doc_add_posting(struct xap_doc *doc, struct str term, uint32_t position, uint32_t wdf,
                         struct err *err);
bool xap_doc_add_term(struct xap_doc *doc, struct str term, uint32_t wdf, struct err *err);
// A term for filters: adds nothing to weight nor to length.
bool xap_doc_add_boolean_term(struct xap_doc *doc, struct str term, struct err *err);
// With its positions. ERR_NOT_FOUND when the document does not have it.
bool xap_doc_remove_term(struct xap_doc *doc, struct str term, struct err *err);
bool xap_doc_has_term(const struct xap_doc *doc, struct str term, bool *has, struct err *err);
// An empty value is an absent one: setting it removes the value.
bool xap_doc_set_value(struct xap_doc *doc, uint32_t slot, struct str value, struct err *err);
// Empty when the slot is; borrowed until the next call on this document.
bool xap_doc_value(struct xap_doc *doc, uint32_t slot, struct str *value, struct err *err);
// What a result shows; Xapian does not look into it.
bool xap_doc_set_data(struct xap_doc *doc, struct str data, struct err *err);
// Borrowed until the next call on this document.
bool xap_doc_data(struct xap_doc *doc, struct str *data, struct err *err);

// ---- Sizes of an index

struct xap_stats {
    uint32_t documents;
    uint32_t last_docid;   // the highest docid ever given; docids are never given twice
    uint64_t revision;     // goes up with each commit that changed something
    double average_length; // of a document: the sum of its wdfs
};

// ---- Writer

enum xap_open {
    XAP_OPEN,           // it must be there
    XAP_OPEN_OR_CREATE, // the folder above must be there
    XAP_CREATE_PART, // it must not be there; what is committed is not safe on the disk: for xap_db_merge
};
// ERR_LOCKED when there is another writer, in this process or another.
struct xap_writer *xap_writer_open(const char *path, enum xap_open how, struct err *err);
// What is written is kept together until xap_writer_commit, which makes it durable (fsync) and
// visible to readers, all or nothing: Xapian's own flush in the middle of a batch is switched off,
// so the size of a batch is the caller's choice. Where a commit or a change fails, the whole batch
// is discarded and the handle takes nothing more (ERR_CONFLICT): close it, open again, and start
// from the positions kept in the metadata. Arguments refused here before Xapian sees them
// (ERR_ARGUMENT: terms, keys) leave the batch whole.
bool xap_writer_commit(struct xap_writer *writer, struct err *err);
// Discards what is not committed.
void xap_writer_close(struct xap_writer *writer);
bool xap_writer_stats(struct xap_writer *writer, struct xap_stats *stats, struct err *err);
// Committed with the batch. An empty text removes the key.
bool xap_writer_set_metadata(struct xap_writer *writer, struct str key, struct str text,
                             struct err *err);
// Empty when the key is unknown; borrowed until the next call on this writer.
bool xap_writer_metadata(struct xap_writer *writer, struct str key, struct str *text,
                         struct err *err);
// Puts `doc` in the place of the document that has `unique` as a term, or adds it; adds the term to
// it. *docid (may be NULL) is where it is.
bool xap_writer_replace(struct xap_writer *writer, struct str unique, struct xap_doc *doc,
                        uint32_t *docid, struct err *err);
// Adds `doc` as the document of that number, which is higher than all that the index ever had, and which no document of the index has
// `unique`: neither is looked up.
bool xap_writer_add(struct xap_writer *writer, uint32_t docid, struct str unique,
                    struct xap_doc *doc, struct err *err);
// Whether a document has `unique`.
bool xap_writer_has(struct xap_writer *writer, struct str unique, bool *has, struct err *err);
// Loads the stored document that has `unique` into `doc`, to change some of it and put it back with
// xap_writer_replace_docid before any other document is loaded from this writer: then what was not
// changed (terms, values, data) is not written. A change of one value of 12, in a document of 150
// postings, measured 0.13 of the CPU time of a full replacement. ERR_NOT_FOUND when there is none.
bool xap_writer_load(struct xap_writer *writer, struct str unique, struct xap_doc *doc,
                     uint32_t *docid, struct err *err);
bool xap_writer_replace_docid(struct xap_writer *writer, uint32_t docid, struct xap_doc *doc,
                              struct err *err);
// No error when no document has `unique`. *docid (may be NULL) is where it was, 0 when it was nowhere.
bool xap_writer_delete(struct xap_writer *writer, struct str unique, uint32_t *docid,
                       struct err *err);

// ---- Values of many documents, as they are committed, one document after the other

// Those of the slots below `slots`. The caller's, until xap_values_close. Sees nothing that is committed later.
struct xap_values *xap_values_open(const char *path, uint32_t slots, struct err *err);
void xap_values_close(struct xap_values *values);
// Reads all values of that document into `doc`, in the place of those that it has. For a document that xap_writer_load gave, and which was
// not changed since the commit, they are the same ones, at a fraction of what reading them there costs. In ascending order of docid: one
// that comes before the last one costs as much as reading it there.
bool xap_values_read(struct xap_values *values, uint32_t docid, struct xap_doc *doc,
                     struct err *err);

// ---- Reader

struct xap_db *xap_db_open(const char *path, struct err *err);
void xap_db_close(struct xap_db *db);
// The reader is the calling thread's from now on: for whoever hands one over, with a lock between the last use there and the first here,
// and nothing left that was read from it (xap_doc_clear). NULL is taken.
void xap_db_take_over(struct xap_db *db);
// Moves to the last committed state. *changed (may be NULL) tells whether it is another one.
// Documents got before must not be read after.
bool xap_db_reopen(struct xap_db *db, bool *changed, struct err *err);
bool xap_db_stats(struct xap_db *db, struct xap_stats *stats, struct err *err);
// Empty when the key is unknown; borrowed until the next call on this reader.
bool xap_db_metadata(struct xap_db *db, struct str key, struct str *text, struct err *err);
// How many documents have the term; 0 when it is unknown.
bool xap_db_term_frequency(struct xap_db *db, struct str term, uint32_t *documents,
                           struct err *err);
// Loads a stored document, to read it: xap_doc_data, xap_doc_value, xap_doc_has_term. The document
// reads from the index when asked: it stays valid until the reader is reopened or closed.
bool xap_db_load_docid(struct xap_db *db, uint32_t docid, struct xap_doc *doc, struct err *err);
// The same of a document that is known to be there, which is not looked at until it is read: one lookup less.
bool xap_db_load_known(struct xap_db *db, uint32_t docid, struct xap_doc *doc, struct err *err);
bool xap_db_load(struct xap_db *db, struct str unique, struct xap_doc *doc, uint32_t *docid,
                 struct err *err);
// Every term that begins with `prefix` (any, when empty), in the order of bytes, until `each`
// returns false. `term` is borrowed during the call.
bool xap_db_each_term(struct xap_db *db, struct str prefix,
                      bool (*each)(void *user, struct str term, uint32_t documents), void *user,
                      struct err *err);
// Terms that begin with `prefix`, in the order of bytes, and not all of them: `next` tells where to go on, at the first term from there
// on, which is behind `term`; absent: at the next one. It may ask the reader for other things meanwhile. `term` is borrowed during the
// call, what is returned until the next one.
bool xap_db_leap_terms(struct xap_db *db, struct str prefix,
                       struct str (*next)(void *user, struct str term), void *user,
                       struct err *err);
// Every term of one document that begins with `prefix` (any, when empty), in the order of bytes, until `each` returns false.
// `wdf` is 0 for a boolean term; `term` is borrowed during the call. ERR_NOT_FOUND when there is no such document.
bool xap_db_document_terms(struct xap_db *db, uint32_t docid, struct str prefix,
                           bool (*each)(void *user, struct str term, uint32_t wdf), void *user,
                           struct err *err);
// Reads every table and compares them: slow. False and ERR_CORRUPT when anything is wrong.
bool xap_db_check(const char *path, struct err *err);
// Writes one compacted index of several, docids kept, into the folder `to`, which must not exist (ERR_CONFLICT). Their ranges of docids
// are apart. Metadata is that of the first index that has the key. What was written is safe on the disk.
bool xap_db_merge(const char *const *paths, size_t n, const char *to, struct err *err);

// ---- Queries. Each function makes a new query, the caller's until xap_query_free; parts are
// copied (cheaply: they are shared inside) and stay the caller's. NULL on error.

void xap_query_free(struct xap_query *query);
struct xap_query *xap_query_match_all(struct err *err);
struct xap_query *xap_query_match_nothing(struct err *err);
// wqf and position are for weighing, which no match does: 1 and 0.
struct xap_query *xap_query_term(struct str term, uint32_t wqf, uint32_t position, struct err *err);
// Documents whose value is at least `low`, as bytes compare. Those without the value do not match,
// but for "at least the empty string": it is everything.
struct xap_query *xap_query_value_ge(uint32_t slot, struct str low, struct err *err);
// No part: matches nothing. One part: that part.
struct xap_query *xap_query_and(const struct xap_query *const *parts, size_t n, struct err *err);
struct xap_query *xap_query_or(const struct xap_query *const *parts, size_t n, struct err *err);
struct xap_query *xap_query_and_not(const struct xap_query *wanted, const struct xap_query *not_,
                                    struct err *err);
// The terms in this order, within `window` positions; 0 means n.
struct xap_query *xap_query_phrase(const struct str *terms, size_t n, uint32_t window,
                                   struct err *err);

// ---- Many documents at once, for a ranking of our own

struct xap_docids {
    uint32_t *v; // in ascending order
    size_t n;
};
// Every document that matches, weighing nothing; in the arena.
bool xap_db_match(struct xap_db *db, const struct xap_query *query, struct arena *a,
                  struct xap_docids *out, struct err *err);
// Every document that has the term, by walking its postings: a tenth of the cost of a match. In the arena.
bool xap_db_postings(struct xap_db *db, struct str term, struct arena *a, struct xap_docids *out,
                     struct err *err);
// How often the term is in each of these documents, which are in ascending order: its wdf, but 1 for a boolean term; 0 where it
// is not.
bool xap_db_counts(struct xap_db *db, struct str term, const uint32_t *docids, size_t n,
                   uint32_t *counts, struct err *err);
// Calls `each` with the value of each of these documents (in ascending order) that has one; i is its place in docids, the
// value is borrowed during the call.
bool xap_db_values(struct xap_db *db, uint32_t slot, const uint32_t *docids, size_t n,
                   void (*each)(void *user, size_t i, struct str value), void *user,
                   struct err *err);

struct xap_bm25 { // k2 and k3 are not used
    double k1, k2, k3, b, min_normlen;
};
// Of what is looked for: a term that finds documents, or only weighs what others find.
struct xap_part {
    struct str term;
    double factor; // of its weight; above 0
    bool finds;
};
struct xap_weighed {
    uint32_t docid;
    double weight;
};
struct xap_best {
    struct xap_weighed *v; // a heap: xap_best_next takes from it
    size_t n;
    double own; // the weight of the document asked about, 0 where it is not found
};
// The documents that any finding part has: the weight is the sum of its parts', each by BM25 times its factor.
// `docid` (0: none) is the document of which `own` is told. In the arena.
bool xap_db_best(struct xap_db *db, const struct xap_part *parts, size_t n, struct xap_bm25 bm25,
                 uint32_t docid, struct arena *a, struct xap_best *out, struct err *err);
// The heaviest that was not taken yet, of equal ones the lowest docid. False at the end.
bool xap_best_next(struct xap_best *best, struct xap_weighed *out);

#ifdef __cplusplus
}
#endif
