// indexer/index/parts and target: documents go into parts, which are merged into a new generation; what is shown, and where documents stand.
#include "tests/unit/xapian_fixture.h"

#include "indexer/index/fields.h"
#include "indexer/index/generation.h"
#include "indexer/index/target.h"
#include "tests/tap.h"

#include <sys/stat.h>

static struct err e;
static struct arena arena;
static struct xap_doc *doc;
static const char *data;

static struct str unique_of(int64_t rec)
{
    return arena_printf(&arena, "Q%lld", (long long)rec);
}

static void make(int64_t rec, const char *word)
{
    MUST(xap_doc_clear(doc, &e) && xap_doc_add_posting(doc, str_of(word), 1, 1, &e) &&
             xap_doc_set_data(doc, unique_of(rec), &e),
         &e);
}

static bool is_there(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0;
}

static struct xap_db *reader(int64_t generation)
{
    struct xap_db *db = xap_db_open(generation_path(data, generation, &arena), &e);
    MUST(db, &e);
    return db;
}

// Where the record's document is; 0: nowhere.
static uint32_t docid_of(int64_t generation, int64_t rec)
{
    struct xap_db *db = reader(generation);
    uint32_t docid = 0;
    if (!xap_db_load(db, unique_of(rec), doc, &docid, &e))
        docid = 0;
    xap_db_close(db);
    return docid;
}

static struct str meta(int64_t generation, const char *key)
{
    struct str text;
    struct xap_db *db = reader(generation);
    MUST(xap_db_metadata(db, str_of(key), &text, &e), &e);
    text = arena_str(&arena, text);
    xap_db_close(db);
    return text;
}

static uint32_t frequency(int64_t generation, const char *word)
{
    uint32_t n;
    struct xap_db *db = reader(generation);
    MUST(xap_db_term_frequency(db, str_of(word), &n, &e), &e);
    xap_db_close(db);
    return n;
}

// Many parts are merged by levels: every document keeps its number, behind those of the index that they are merged with.
static void parts(void)
{
    enum { DOCUMENTS = 150, SIZE = 2, AFTER = 7 };
    int64_t number;
    MUST(generation_next(data, &number, &e), &e);
    is_int(number, 1);
    char *folder = generation_parts_path(data, number, &arena);
    ok(is_there(folder)); // the number is taken
    struct parts *p = parts_new(data, number, AFTER, SIZE);
    size_t wrong = 0;
    for (int64_t rec = 1; rec <= DOCUMENTS; rec++) {
        wrong += parts_has(p, 1000 * rec);
        make(rec, rec % 3 ? "mot" : "trois");
        MUST(parts_add(p, 1000 * rec, unique_of(rec), doc, &e), &e);
        wrong += parts_has(p, 1000 * rec) ? 0 : 1;
        wrong += parts_has(p, 1000 * rec + 1);
    }
    is_int(wrong, 0);
    is_int(parts_documents(p), DOCUMENTS);
    char *path = generation_path(data, number, &arena);
    ok(parts_merge(p, NULL, path, number, &e));
    is_int(parts_documents(p), 0);
    ok(!parts_has(p, 1000));
    ok(!is_there(folder));
    ok(xap_db_check(path, &e));
    wrong = 0;
    for (int64_t rec = 1; rec <= DOCUMENTS; rec++)
        wrong += docid_of(number, rec) != AFTER + rec;
    is_int(wrong, 0);
    is_int(frequency(number, "trois"), DOCUMENTS / 3);
    is_int(frequency(number, "mot"), DOCUMENTS - DOCUMENTS / 3);

    // More of them, on top of that index; then some that are dropped.
    make(500, "encore");
    MUST(parts_add(p, 500, STR("Q500"), doc, &e), &e);
    ok(!parts_merge(p, path, path, number + 1, &e));
    is_int(e.code, ERR_CONFLICT);
    char *next = generation_path(data, number + 1, &arena);
    ok(parts_merge(p, path, next, number + 1, &e));
    is_int(docid_of(number + 1, 500), AFTER + DOCUMENTS + 1);
    is_int(docid_of(number + 1, DOCUMENTS), AFTER + DOCUMENTS);
    make(501, "perdu");
    MUST(parts_add(p, 501, STR("Q501"), doc, &e), &e);
    folder = generation_parts_path(data, number + 1, &arena);
    ok(is_there(folder));
    parts_free(p);
    ok(!is_there(folder));
    parts_free(NULL);
    generation_remove(data, number);
    generation_remove(data, number + 1);
    ok(!is_there(path) && !is_there(next));
    generation_remove(data, number); // it is not there
}

static void put(struct target *t, int64_t rec, const char *word)
{
    make(rec, word);
    ok(target_put(t, rec, unique_of(rec), doc, &e));
    t->seq++;
}

static void target(void)
{
    struct target t;
    int64_t before;
    char layout[LAYOUT_BYTES];
    ok(!target_open(&t, data, &e));
    is_int(e.code, ERR_NOT_FOUND);

    // An index of nothing.
    ok(target_create(&t, data, &e));
    ok(target_merge(&t, data, true, &before, &e));
    is_int(before, 0);
    is_int(t.generation, 1);
    is_int(target_documents(&t), 0);
    is_text(meta(1, INDEX_META_LAYOUT), index_layout(layout).p);

    // New documents wait in parts, and their positions with them.
    ok(target_fill(&t, data, &e));
    put(&t, 1, "un");
    put(&t, 2, "deux");
    is_int(t.seq, 2);
    ok(target_commit(&t, &e));
    is_text(meta(1, INDEX_META_SEQ), "0");
    is_int(target_documents(&t), 0);
    ok(target_merge(&t, data, false, &before, &e));
    is_int(before, 1);
    is_int(t.generation, 2);
    is_text(meta(2, INDEX_META_SEQ), "2");
    is_int(docid_of(2, 2), 2);

    // One that the index has is replaced there, and shown at once; the others still wait.
    put(&t, 3, "trois");
    put(&t, 1, "autre");
    ok(parts_has(t.parts, 3) && !parts_has(t.parts, 1));
    ok(target_delete(&t, STR("Q2"), &e));
    ok(target_delete(&t, STR("Q9"), &e)); // no such document
    is_int(t.touched.n, 2);
    ok(target_commit(&t, &e));
    is_text(meta(2, INDEX_META_SEQ), "2"); // they are read again if the parts are lost
    is_int(docid_of(2, 1), 1);
    is_int(frequency(2, "autre"), 1);
    is_int(docid_of(2, 2), 0);
    is_int(docid_of(2, 3), 0);
    put(&t, 1, "encore");
    ok(target_merge(&t, data, true, &before, &e)); // what is not committed goes with it
    is_int(t.generation, 3);
    ok(!t.parts);
    is_int(docid_of(3, 3), 3);
    is_int(frequency(3, "encore"), 1);
    is_int(frequency(3, "autre"), 0);
    is_text(meta(3, INDEX_META_SEQ), "5");
    MUST(generation_publish(data, 3, &e), &e);

    // Filled: what comes goes into the index itself.
    put(&t, 4, "quatre");
    ok(target_commit(&t, &e));
    is_int(docid_of(3, 4), 4);
    is_text(meta(3, INDEX_META_SEQ), "6");

    // What a closed target had in parts is gone, and read again from where the index is.
    ok(target_fill(&t, data, &e));
    put(&t, 5, "cinq");
    target_close(&t);
    ok(!t.open);
    ok(!is_there(generation_parts_path(data, 3, &arena)));
    ok(target_open(&t, data, &e));
    is_int(t.generation, 3);
    is_int(t.seq, 6);
    is_int(t.shown, 6);
    is_int(target_documents(&t), 3);
    target_close(&t);

    // A killed process left parts, and generations that nobody uses.
    MUST(mkdir(generation_parts_path(data, 3, &arena), 0755) == 0, NULL);
    MUST(mkdir(generation_parts_path(data, 9, &arena), 0755) == 0, NULL);
    int64_t number;
    ok(generation_after(data, &number, &e));
    is_int(number, 10);
    ok(generation_clean(data, &e));
    ok(!is_there(generation_path(data, 1, &arena)));
    ok(!is_there(generation_parts_path(data, 9, &arena)));
    ok(target_open(&t, data, &e) && target_fill(&t, data, &e));
    put(&t, 5, "cinq");
    ok(target_merge(&t, data, true, &before, &e));
    is_int(docid_of(t.generation, 5), 5);
    target_close(&t);
}

int main(void)
{
    fixture_begin();
    doc = xap_doc_new(&e);
    data = fixture_path("data");
    MUST(doc && mkdir(data, 0755) == 0, &e);
    parts();
    target();
    xap_doc_free(doc);
    arena_free(&arena);
    return tap_done();
}
