// See graph.h. One table of triples in the order of the file. Subjects and objects are known by a hash of 64 bits, keyed by chance so
// that no file can make two terms meet: of ten million terms, two meet by themselves in one file of 300 000. Predicates, types,
// languages and datatypes are few: numbers, whose names are held in memory. A row of predicate 0 and object 0 holds its subject's
// own text.
// Two indexes are made when the graph is sealed: (subject, predicate, object) and (object, predicate); SQLite sorts them in
// its own temporary files (SQLITE_TMPDIR, else /var/tmp).
#include "harvester/rdf/graph.h"

#include "base/buf.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#define RDF_TYPE STR("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")

enum {
    NAMES_MAX = 1 << 16,
    NAMES_BYTES_MAX = 16 << 20,
    NAME_SLOTS = 2 * NAMES_MAX,
    RECENT_SLOTS = 1 << 14,
    TERM_MAX = 256 << 10,     // a longer text is cut
    DESCRIBED_MAX = 32 << 20, // bytes of one node's values
};

// The columns: id, the place in the file; s and o, hashes; p, the name of the predicate; k, the kind of the object, and above
// RDF_LITERAL the name of a literal's language and datatype; v, the object's text, or the name of a type.

enum statement { ADD, DESCRIBE, SUBJECT, OF_OBJECT, COUNT, PREDICATE, OF_PREDICATE, STATEMENTS };

static const char *const statement_sql[STATEMENTS] = {
    [ADD] = "INSERT INTO t (s, p, k, o, v) VALUES (?, ?, ?, ?, ?)",
    [DESCRIBE] = "SELECT id, p, k, v FROM t INDEXED BY by_subject WHERE s = ? AND p > 0"
                 " ORDER BY p, o",
    [SUBJECT] = "SELECT k, v FROM t INDEXED BY by_subject WHERE s = ? AND p = 0",
    [OF_OBJECT] = "SELECT id, s FROM t INDEXED BY by_object WHERE o = ? AND p = ? AND k < 2"
                  " AND o <> 0 AND id > ? ORDER BY id LIMIT ?",
    [COUNT] = "SELECT count(*) FROM t INDEXED BY by_subject WHERE s = ? AND p > 0",
    [PREDICATE] = "SELECT p FROM t INDEXED BY by_subject WHERE s = ? AND p > ? ORDER BY p LIMIT 1",
    [OF_PREDICATE] = "SELECT id, p, k, v FROM t WHERE id IN (SELECT id FROM t INDEXED BY by_subject"
                     " WHERE s = ? AND p = ? ORDER BY id LIMIT ?)",
};

struct graph {
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENTS];
    uint64_t key[2];
    int64_t size;
    struct arena texts;
    struct strs names; // number n is at n - 1
    uint32_t slots[NAME_SLOTS];
    int64_t recent[RECENT_SLOTS]; // hashes of subjects whose text is in the table
};

static bool fail(struct graph *g, struct err *e)
{
    err_set(e, ERR_IO, "the temporary file of the graph: %s",
            g->db ? sqlite3_errmsg(g->db) : strerror(errno));
    return err_hint(e, "is the disk full?");
}

static bool run_sql(struct graph *g, const char *sql, struct err *e)
{
    return sqlite3_exec(g->db, sql, NULL, NULL, NULL) == SQLITE_OK || fail(g, e);
}

static bool prepare(struct graph *g, enum statement which, struct err *e)
{
    return sqlite3_prepare_v3(g->db, statement_sql[which], -1, SQLITE_PREPARE_PERSISTENT,
                              &g->statements[which], NULL) == SQLITE_OK ||
           fail(g, e);
}

static bool open_in(struct graph *g, const char *folder, struct err *e)
{
    char path[4096];
    int n = snprintf(path, sizeof path, "%s/graph-XXXXXX", folder);
    int fd = n > 0 && (size_t)n < sizeof path ? mkstemp(path) : -1;
    if (fd < 0)
        return fail(g, e);
    close(fd);
    bool opened = sqlite3_open_v2(path, &g->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                                  NULL) == SQLITE_OK &&
                  run_sql(g,
                          "PRAGMA page_size = 8192; PRAGMA journal_mode = OFF;"
                          "PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;"
                          "PRAGMA cache_size = -16384; PRAGMA temp_store = FILE;"
                          "CREATE TABLE t (id INTEGER PRIMARY KEY, s INTEGER, p INTEGER,"
                          " k INTEGER, o INTEGER, v); BEGIN",
                          e);
    if (!opened && !e->code)
        fail(g, e);
    unlink(path);
    return opened && prepare(g, ADD, e);
}

struct graph *graph_new(const char *folder, struct err *e)
{
    struct graph *g = xcalloc(1, sizeof *g);
    *e = (struct err){0};
    if (getrandom(g->key, sizeof g->key, 0) != sizeof g->key)
        abort(); // 16 bytes are never refused
    if (open_in(g, folder, e))
        return g;
    err_where(e, "%s", folder);
    graph_free(g);
    return NULL;
}

void graph_free(struct graph *g)
{
    if (!g)
        return;
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(g->statements[i]);
    sqlite3_close(g->db);
    arena_free(&g->texts);
    free(g->names.v);
    free(g);
}

int64_t graph_size(const struct graph *g)
{
    return g->size;
}

// ---- Hashes and names ----------------------------------------------------------------------------

static uint64_t rotate(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

static void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[0] = rotate(v[0], 32);
    v[2] += v[3];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[2] = rotate(v[2], 32);
}

// SipHash-1-3 (Aumasson and Bernstein, 2012) of a term's text, under a key of its kind.
static int64_t hash_of(const struct graph *g, int64_t kind, struct str text)
{
    uint64_t k0 = g->key[0], k1 = g->key[1] + (uint64_t)kind, word;
    uint64_t v[4] = {k0 ^ 0x736f6d6570736575u, k1 ^ 0x646f72616e646f6du, k0 ^ 0x6c7967656e657261u,
                     k1 ^ 0x7465646279746573u};
    size_t at = 0;
    for (; at + 8 <= text.n; at += 8) {
        memcpy(&word, text.p + at, 8);
        v[3] ^= word;
        sip_round(v);
        v[0] ^= word;
    }
    word = 0;
    if (text.n > at)
        memcpy(&word, text.p + at, text.n - at);
    word |= (uint64_t)text.n << 56;
    v[3] ^= word;
    sip_round(v);
    v[0] ^= word;
    v[2] ^= 0xff;
    for (int i = 0; i < 3; i++)
        sip_round(v);
    return (int64_t)(v[0] ^ v[1] ^ v[2] ^ v[3]);
}

// The slot of a name: where it is, or where it would go.
static uint32_t *slot_of(struct graph *g, struct str name)
{
    size_t at = (uint64_t)hash_of(g, -1, name) % NAME_SLOTS;
    while (g->slots[at] && !str_eq(g->names.v[g->slots[at] - 1], name))
        at = (at + 1) % NAME_SLOTS;
    return &g->slots[at];
}

// The number of a name, from 1. 0 when there is no room left.
static int64_t name_add(struct graph *g, struct str name)
{
    uint32_t *slot = slot_of(g, name);
    if (*slot)
        return *slot;
    if (g->names.n == NAMES_MAX || g->texts.used + name.n > NAMES_BYTES_MAX)
        return 0;
    if (!g->names.v)
        g->names.v = xcalloc(NAMES_MAX, sizeof *g->names.v);
    g->names.v[g->names.n++] = arena_str(&g->texts, name);
    return *slot = (uint32_t)g->names.n;
}

// The name of a literal's language and datatype: "fr@", "@http://www.w3.org/2001/XMLSchema#date".
static struct str tag_of(const struct rdf_term *term, struct buf *b)
{
    buf_add(b, term->language);
    buf_addc(b, '@');
    buf_add(b, term->datatype);
    return buf_str(b);
}

static bool no_room(struct err *e)
{
    return err_set(e, ERR_REFUSED,
                   "the graph has more than %d different predicates, languages and datatypes",
                   NAMES_MAX);
}

// ---- Writing -------------------------------------------------------------------------------------

static bool insert(struct graph *g, int64_t s, int64_t p, int64_t k, int64_t o, struct str text,
                   int64_t name, struct err *e)
{
    sqlite3_stmt *add = g->statements[ADD];
    sqlite3_bind_int64(add, 1, s);
    sqlite3_bind_int64(add, 2, p);
    sqlite3_bind_int64(add, 3, k);
    sqlite3_bind_int64(add, 4, o);
    if (name)
        sqlite3_bind_int64(add, 5, name);
    else
        sqlite3_bind_blob64(add, 5, text.n ? text.p : "", text.n, SQLITE_STATIC);
    bool done = sqlite3_step(add) == SQLITE_DONE || fail(g, e);
    sqlite3_reset(add);
    return done;
}

static bool kind_of(struct graph *g, const struct rdf_term *term, int64_t *kind, struct err *e)
{
    *kind = term->kind;
    if (term->kind != RDF_LITERAL || (!term->language.n && !term->datatype.n))
        return true;
    struct buf b = {0};
    int64_t tag = name_add(g, tag_of(term, &b));
    buf_free(&b);
    *kind += tag;
    return tag || no_room(e);
}

bool graph_add(struct graph *g, const struct rdf_triple *triple, struct err *e)
{
    struct str text = str_cut_utf8(triple->object.value, TERM_MAX);
    struct str subject = str_cut_utf8(triple->subject.value, TERM_MAX);
    int64_t kind, p = name_add(g, triple->predicate), type = 0;
    if (!p)
        return no_room(e);
    if (!kind_of(g, &triple->object, &kind, e))
        return false;
    int64_t s = hash_of(g, triple->subject.kind, subject), *recent;
    recent = &g->recent[(uint64_t)s % RECENT_SLOTS];
    if (*recent != s) {
        if (!insert(g, s, 0, triple->subject.kind, 0, subject, 0, e))
            return false;
        *recent = s;
    }
    if (kind == RDF_IRI && str_eq(triple->predicate, RDF_TYPE))
        type = name_add(g, text);
    g->size++;
    return insert(g, s, p, kind, hash_of(g, kind, text), text, type, e);
}

// Rows that say what another says already: the first of each stays.
static bool drop_duplicates(struct graph *g, struct err *e)
{
    sqlite3_stmt *all, *drop;
    int64_t last[3] = {0, -1, 0};
    int rc;
    if (sqlite3_prepare_v2(g->db,
                           "SELECT id, s, p, o FROM t INDEXED BY by_subject ORDER BY s, p, o", -1,
                           &all, NULL) != SQLITE_OK)
        return fail(g, e);
    if (sqlite3_prepare_v2(g->db, "DELETE FROM t WHERE id = ?", -1, &drop, NULL) != SQLITE_OK) {
        sqlite3_finalize(all);
        return fail(g, e);
    }
    while ((rc = sqlite3_step(all)) == SQLITE_ROW) {
        int64_t now[3] = {sqlite3_column_int64(all, 1), sqlite3_column_int64(all, 2),
                          sqlite3_column_int64(all, 3)};
        if (memcmp(now, last, sizeof now) == 0) {
            sqlite3_bind_int64(drop, 1, sqlite3_column_int64(all, 0));
            if (sqlite3_step(drop) != SQLITE_DONE)
                break;
            sqlite3_reset(drop);
            g->size -= now[1] > 0;
        }
        memcpy(last, now, sizeof last);
    }
    bool done = rc == SQLITE_DONE || fail(g, e);
    sqlite3_finalize(all);
    sqlite3_finalize(drop);
    return done;
}

bool graph_seal(struct graph *g, struct err *e)
{
    if (!run_sql(g,
                 "CREATE INDEX by_subject ON t (s, p, o);"
                 "CREATE INDEX by_object ON t (o, p) WHERE k < 2 AND o <> 0",
                 e) ||
        !drop_duplicates(g, e) || !run_sql(g, "COMMIT; BEGIN", e))
        return false;
    for (enum statement i = ADD + 1; i < STATEMENTS; i++)
        if (!prepare(g, i, e))
            return false;
    return true;
}

// ---- Reading -------------------------------------------------------------------------------------

static struct str text_at(sqlite3_stmt *row, int column, struct arena *a)
{
    const char *p = sqlite3_column_blob(row, column);
    return arena_str(a, p ? str_slice(p, (size_t)sqlite3_column_bytes(row, column)) : STR(""));
}

// A term from its columns k and v.
static struct rdf_term term_at(const struct graph *g, sqlite3_stmt *row, int k, int v,
                               struct arena *a)
{
    int64_t kind = sqlite3_column_int64(row, k);
    struct rdf_term term = {.kind = kind > RDF_LITERAL ? RDF_LITERAL : (enum rdf_kind)kind};
    if (sqlite3_column_type(row, v) == SQLITE_INTEGER)
        term.value = g->names.v[sqlite3_column_int64(row, v) - 1];
    else
        term.value = text_at(row, v, a);
    if (kind > RDF_LITERAL) {
        struct str tag = g->names.v[kind - RDF_LITERAL - 1];
        size_t language = (size_t)str_find_char(tag, '@');
        term.language = language ? str_slice(tag.p, language) : STR_NONE;
        if (tag.n > language + 1)
            term.datatype = str_slice(tag.p + language + 1, tag.n - language - 1);
    }
    return term;
}

struct property_row {
    int64_t id;
    struct rdf_property property;
};

static int by_id(const void *a, const void *b)
{
    int64_t x = ((const struct property_row *)a)->id, y = ((const struct property_row *)b)->id;
    return (x > y) - (x < y);
}

struct description {
    struct property_row *rows;
    size_t n, room, bytes;
    bool more; // than there is room for
};

// Puts the rows of a statement, columns id, p, k, v, to the others, as many as there is room for.
static bool gather(struct graph *g, sqlite3_stmt *rows, struct arena *a, struct description *d,
                   struct err *e)
{
    int rc;
    while ((rc = sqlite3_step(rows)) == SQLITE_ROW) {
        d->more = d->n == GRAPH_PROPERTIES_MAX || d->bytes > DESCRIBED_MAX;
        if (d->more)
            break;
        if (d->n == d->room) {
            size_t room = d->room ? 4 * d->room : 32;
            struct property_row *wider = ARENA_ARRAY(a, struct property_row, room);
            if (d->n)
                memcpy(wider, d->rows, d->n * sizeof *wider);
            d->rows = wider;
            d->room = room;
        }
        struct property_row *row = &d->rows[d->n++];
        row->id = sqlite3_column_int64(rows, 0);
        row->property.predicate = g->names.v[sqlite3_column_int64(rows, 1) - 1];
        row->property.value = term_at(g, rows, 2, 3, a);
        d->bytes += row->property.value.value.n;
    }
    sqlite3_reset(rows);
    return rc == SQLITE_DONE || d->more || fail(g, e);
}

// The only row's number of a statement whose first column is the subject; `none` when there is no row.
static bool one_number(struct graph *g, sqlite3_stmt *row, int64_t s, int64_t none, int64_t *out,
                       struct err *e)
{
    sqlite3_bind_int64(row, 1, s);
    int rc = sqlite3_step(row);
    *out = rc == SQLITE_ROW ? sqlite3_column_int64(row, 0) : none;
    sqlite3_reset(row);
    return rc == SQLITE_ROW || rc == SQLITE_DONE || fail(g, e);
}

// A node with more properties than there is room for (a catalogue, of its datasets): each predicate has an equal share, its first
// values of the file, so that no long list hides the title.
static bool describe_large(struct graph *g, int64_t s, struct arena *a, struct description *d,
                           int64_t *total, struct err *e)
{
    sqlite3_stmt *next = g->statements[PREDICATE], *of = g->statements[OF_PREDICATE];
    int64_t predicates[GRAPH_PROPERTIES_MAX], last = 0;
    size_t n = 0;
    if (!one_number(g, g->statements[COUNT], s, 0, total, e))
        return false;
    while (n < GRAPH_PROPERTIES_MAX) {
        sqlite3_bind_int64(next, 2, last);
        if (!one_number(g, next, s, 0, &last, e))
            return false;
        if (!last)
            break;
        predicates[n++] = last;
    }
    *d = (struct description){0};
    for (size_t i = 0; i < n; i++) {
        sqlite3_bind_int64(of, 1, s);
        sqlite3_bind_int64(of, 2, predicates[i]);
        sqlite3_bind_int64(of, 3, (int64_t)(GRAPH_PROPERTIES_MAX / n));
        if (!gather(g, of, a, d, e))
            return false;
    }
    return true;
}

bool graph_describe(struct graph *g, const struct rdf_term *term, struct arena *a,
                    struct rdf_node *out, struct err *e)
{
    *out = (struct rdf_node){.term = *term};
    if (term->kind == RDF_LITERAL)
        return true;
    struct description d = {0};
    int64_t s = hash_of(g, term->kind, str_cut_utf8(term->value, TERM_MAX)), total = 0;
    sqlite3_bind_int64(g->statements[DESCRIBE], 1, s);
    if (!gather(g, g->statements[DESCRIBE], a, &d, e))
        return false;
    if (d.more && !describe_large(g, s, a, &d, &total, e))
        return false;
    if (d.n)
        qsort(d.rows, d.n, sizeof *d.rows, by_id);
    struct rdf_property *properties = ARENA_ARRAY(a, struct rdf_property, d.n);
    for (size_t i = 0; i < d.n; i++)
        properties[i] = d.rows[i].property;
    out->properties = properties;
    out->n = d.n;
    out->cut = total ? (size_t)total - d.n : 0;
    return true;
}

static bool subject_text(struct graph *g, int64_t s, struct arena *a, struct rdf_term *out,
                         struct err *e)
{
    sqlite3_stmt *row = g->statements[SUBJECT];
    sqlite3_bind_int64(row, 1, s);
    bool found = sqlite3_step(row) == SQLITE_ROW;
    if (found)
        *out = term_at(g, row, 0, 1, a);
    sqlite3_reset(row);
    return found || fail(g, e);
}

// The subjects of the triples with this predicate and object, from the row behind *after.
static bool subjects_of(struct graph *g, struct str predicate, const struct rdf_term *object,
                        int64_t *after, size_t limit, struct arena *a, struct rdf_term **out,
                        size_t *n, struct err *e)
{
    sqlite3_stmt *rows = g->statements[OF_OBJECT];
    uint32_t name = *slot_of(g, predicate);
    *out = NULL;
    *n = 0;
    if (!name || object->kind == RDF_LITERAL || !limit)
        return true;
    int64_t last = *after;
    size_t room = 0;
    sqlite3_bind_int64(rows, 1, hash_of(g, object->kind, str_cut_utf8(object->value, TERM_MAX)));
    sqlite3_bind_int64(rows, 2, name);
    sqlite3_bind_int64(rows, 3, last);
    sqlite3_bind_int64(rows, 4, limit < INT32_MAX ? (int64_t)limit : INT32_MAX);
    int rc;
    while ((rc = sqlite3_step(rows)) == SQLITE_ROW) {
        if (*n == room) {
            room = room ? 2 * room : 64;
            struct rdf_term *wider = ARENA_ARRAY(a, struct rdf_term, room);
            if (*n)
                memcpy(wider, *out, *n * sizeof *wider);
            *out = wider;
        }
        last = sqlite3_column_int64(rows, 0);
        if (!subject_text(g, sqlite3_column_int64(rows, 1), a, &(*out)[*n], e))
            break;
        ++*n;
    }
    sqlite3_reset(rows);
    *after = last;
    return rc == SQLITE_DONE || (rc == SQLITE_ROW ? false : fail(g, e));
}

bool graph_of_type(struct graph *g, struct str type, int64_t *after, size_t limit, struct arena *a,
                   struct rdf_term **out, size_t *n, struct err *e)
{
    struct rdf_term object = {.kind = RDF_IRI, .value = type};
    return subjects_of(g, RDF_TYPE, &object, after, limit, a, out, n, e);
}

bool graph_pointing(struct graph *g, struct str predicate, const struct rdf_term *object,
                    size_t limit, struct arena *a, struct rdf_term **out, size_t *n, struct err *e)
{
    int64_t after = 0;
    return subjects_of(g, predicate, object, &after, limit, a, out, n, e);
}

const struct rdf_term *rdf_value(const struct rdf_node *node, struct str predicate, size_t n)
{
    for (size_t i = 0; i < node->n; i++)
        if (str_eq(node->properties[i].predicate, predicate) && n-- == 0)
            return &node->properties[i].value;
    return NULL;
}
