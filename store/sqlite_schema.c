// The tables of the SQLite store, and how an older one becomes the newest. `PRAGMA user_version` is the number of
// migrations that a database went through. See sqlite.h.
//
// A sweep of unchanged records writes to `sightings` only: everything else of a record is in other tables. Figures
// have a number of their own (fseq) once they have moved without their record; 0 until then, so that a new record is
// not read twice. kind and status are the numbers of record.h's enums.
#include "store/sqlite.h"

#include <stdio.h>

_Static_assert(KIND_DATASET == 0 && KIND_DATASERVICE == 1 && KIND_REUSE == 2 &&
                   KIND_SOFTWARE == 3 && KIND_ORGANIZATION == 4 && KIND_COUNT == 5,
               "numbers of kinds are stored: add new ones at the end");
_Static_assert(STATUS_ACTIVE == 0 && STATUS_MISSING == 1 && STATUS_ARCHIVED == 2,
               "numbers of statuses are stored: add new ones at the end");

enum { APPLICATION_ID = 0x476C6E72 }; // "Glnr"

const char *const sqlite_migrations[SQLITE_STORE_VERSION] = {
    "PRAGMA application_id = 0x476C6E72;"
    "CREATE TABLE meta ("
    "  one INTEGER PRIMARY KEY CHECK (one = 1),"
    "  seq INTEGER NOT NULL,"
    "  fseq INTEGER NOT NULL"
    ") STRICT;"
    "INSERT INTO meta VALUES (1, 0, 0);"

    // A tombstone has removed_at, and neither hash, body nor figures.
    "CREATE TABLE records ("
    "  rec INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  id TEXT NOT NULL UNIQUE,"
    "  source TEXT NOT NULL,"
    "  kind INTEGER NOT NULL,"
    "  seq INTEGER NOT NULL,"
    "  first_seen INTEGER NOT NULL,"
    "  last_changed INTEGER NOT NULL,"
    "  removed_at INTEGER,"
    "  hash BLOB,"
    "  body BLOB"
    ") STRICT;"
    "CREATE UNIQUE INDEX records_by_seq ON records (seq);"
    "CREATE INDEX records_by_source ON records (source, kind, removed_at);"

    "CREATE TABLE dictionaries ("
    "  dict INTEGER PRIMARY KEY," // zstd's number of it
    "  seq INTEGER NOT NULL,"     // when it was made
    "  bytes BLOB NOT NULL"
    ") STRICT;"

    "CREATE TABLE figures ("
    "  rec INTEGER PRIMARY KEY REFERENCES records,"
    "  fseq INTEGER NOT NULL,"
    "  status INTEGER NOT NULL,"
    "  missed INTEGER NOT NULL,"
    "  missing_since INTEGER,"
    "  data TEXT NOT NULL"
    ") STRICT;"
    "CREATE UNIQUE INDEX figures_by_fseq ON figures (fseq) WHERE fseq > 0;"
    "CREATE INDEX figures_by_status ON figures (status) WHERE status > 0;"

    "CREATE TABLE sightings ("
    "  rec INTEGER PRIMARY KEY REFERENCES records,"
    "  run INTEGER NOT NULL," // its newest
    "  at INTEGER NOT NULL"
    ") STRICT;"

    "CREATE TABLE history ("
    "  rec INTEGER NOT NULL REFERENCES records,"
    "  seq INTEGER NOT NULL,"
    "  at INTEGER NOT NULL,"
    "  what TEXT NOT NULL,"
    "  changes TEXT NOT NULL,"
    "  PRIMARY KEY (rec, seq)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE runs ("
    "  run INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  source TEXT NOT NULL,"
    "  state TEXT NOT NULL,"
    "  \"trigger\" TEXT NOT NULL,"
    "  force INTEGER NOT NULL,"
    "  added INTEGER NOT NULL,"
    "  updated INTEGER NOT NULL,"
    "  unchanged INTEGER NOT NULL,"
    "  missing INTEGER NOT NULL,"
    "  removed INTEGER NOT NULL,"
    "  restored INTEGER NOT NULL,"
    "  skipped INTEGER NOT NULL,"
    "  errored INTEGER NOT NULL,"
    "  figures INTEGER NOT NULL,"
    "  pages INTEGER NOT NULL,"
    "  bytes INTEGER NOT NULL,"
    "  started INTEGER NOT NULL,"
    "  ended INTEGER NOT NULL,"
    "  cpu_seconds REAL NOT NULL,"
    "  last_seq INTEGER NOT NULL,"
    "  last_fseq INTEGER NOT NULL,"
    "  cursor TEXT NOT NULL,"
    "  message TEXT NOT NULL,"
    "  error_count INTEGER NOT NULL"
    ") STRICT;"
    "CREATE INDEX runs_by_source ON runs (source, run);"

    "CREATE TABLE run_errors ("
    "  run INTEGER NOT NULL REFERENCES runs,"
    "  n INTEGER NOT NULL,"
    "  record TEXT NOT NULL,"
    "  page TEXT NOT NULL,"
    "  kind TEXT NOT NULL,"
    "  message TEXT NOT NULL,"
    "  PRIMARY KEY (run, n)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE run_held ("
    "  run INTEGER NOT NULL REFERENCES runs,"
    "  rec INTEGER NOT NULL REFERENCES records,"
    "  PRIMARY KEY (run, rec)"
    ") STRICT, WITHOUT ROWID;",

    "CREATE TABLE sources ("
    "  source TEXT PRIMARY KEY,"
    "  settings TEXT NOT NULL,"
    "  full_at INTEGER NOT NULL,"
    "  read_at INTEGER NOT NULL,"
    "  etag TEXT NOT NULL,"
    "  last_modified TEXT NOT NULL"
    ") STRICT;"

    // What a record is known by elsewhere. `mention`: of another record, which it names.
    "CREATE TABLE keys ("
    "  key TEXT NOT NULL,"
    "  rec INTEGER NOT NULL REFERENCES records,"
    "  own INTEGER NOT NULL,"
    "  mention INTEGER NOT NULL,"
    "  PRIMARY KEY (key, rec, mention)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX keys_by_rec ON keys (rec);"
    // A digest of a record's keys, so that those that did not change are not written.
    "CREATE TABLE keyrings ("
    "  rec INTEGER PRIMARY KEY REFERENCES records,"
    "  digest INTEGER NOT NULL,"
    "  rank INTEGER NOT NULL"
    ") STRICT;"
    // Every record that is the same brick as another, the origin included.
    "CREATE TABLE joins ("
    "  rec INTEGER PRIMARY KEY REFERENCES records,"
    "  origin INTEGER NOT NULL REFERENCES records"
    ") STRICT;"
    "CREATE INDEX joins_by_origin ON joins (origin);"
    "CREATE TABLE apart ("
    "  rec INTEGER PRIMARY KEY REFERENCES records"
    ") STRICT;",

    // Who holds a key is found at once, however many mention it.
    "CREATE TABLE keys_in_order ("
    "  key TEXT NOT NULL,"
    "  mention INTEGER NOT NULL,"
    "  rec INTEGER NOT NULL REFERENCES records,"
    "  own INTEGER NOT NULL,"
    "  PRIMARY KEY (key, mention, rec)"
    ") STRICT, WITHOUT ROWID;"
    "INSERT INTO keys_in_order (key, mention, rec, own) SELECT key, mention, rec, own FROM keys;"
    "DROP TABLE keys;"
    "ALTER TABLE keys_in_order RENAME TO keys;"
    "CREATE INDEX keys_by_rec ON keys (rec);"
    // Records that the catalogue said it removed, on the pages that a run has read so far.
    "CREATE TABLE run_gone ("
    "  run INTEGER NOT NULL REFERENCES runs,"
    "  rec INTEGER NOT NULL REFERENCES records,"
    "  PRIMARY KEY (run, rec)"
    ") STRICT, WITHOUT ROWID;",
};

static bool number(struct sqlite_store *s, const char *sql, int *out, struct err *e)
{
    sqlite3_stmt *q;
    if (sqlite3_prepare_v2(s->db, sql, -1, &q, NULL) != SQLITE_OK)
        return sqlite_fail(s, e);
    bool row = sqlite3_step(q) == SQLITE_ROW;
    *out = row ? sqlite3_column_int(q, 0) : 0;
    if (!row)
        sqlite_fail(s, e);
    sqlite3_finalize(q);
    return row;
}

bool sqlite_check_version(struct sqlite_store *s, int *version, struct err *e)
{
    int application = 0, tables = 0;
    // In one transaction: somebody may be making the file.
    if (sqlite3_exec(s->db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
        return sqlite_fail(s, e);
    if (!number(s, "PRAGMA application_id", &application, e) ||
        !number(s, "PRAGMA user_version", version, e) ||
        !number(s, "SELECT count(*) FROM sqlite_schema", &tables, e))
        return false;
    if (sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
        return sqlite_fail(s, e);
    if (application != APPLICATION_ID && (application || *version || tables)) {
        err_set(e, ERR_CONFLICT, "this is a database of another program");
        err_where(e, "%s", s->path);
        return err_hint(e, "give `data` a folder of its own");
    }
    if (*version > SQLITE_STORE_VERSION) {
        err_set(e, ERR_CONFLICT, "the store is of version %d, and this program knows up to %d",
                *version, SQLITE_STORE_VERSION);
        err_where(e, "%s", s->path);
        return err_hint(e, "use the newer program that wrote it");
    }
    return true;
}

static bool migrate_step(struct sqlite_store *s, const char *step, int version, struct err *e)
{
    char set[64];
    snprintf(set, sizeof set, "PRAGMA user_version = %d", version);
    if (sqlite3_exec(s->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK &&
        sqlite3_exec(s->db, step, NULL, NULL, NULL) == SQLITE_OK &&
        sqlite3_exec(s->db, set, NULL, NULL, NULL) == SQLITE_OK &&
        sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK)
        return true;
    sqlite_fail(s, e);
    if (!sqlite3_get_autocommit(s->db))
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    return err_hint(e, "the step to version %d of the store failed; it stays at version %d",
                    version, version - 1);
}

bool sqlite_migrate(struct sqlite_store *s, const char *const *steps, int count, struct err *e)
{
    int version = 0;
    if (!number(s, "PRAGMA user_version", &version, e))
        return false;
    for (; version < count; version++)
        if (!migrate_step(s, steps[version], version + 1, e))
            return false;
    return true;
}
