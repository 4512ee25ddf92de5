// indexer/columns: after any batch of changes, columns that were brought up are those that a new reading of the index gives, and what the
// documents have; states that are held stay as they were.
#include "indexer/columns/columns.h"
#include "indexer/columns/dictionary.h"
#include "indexer/columns/touched.h"
#include "indexer/index/usage.h"
#include "indexer/index/variants.h"
#include "tests/tap.h"
#include "tests/unit/xapian_fixture.h"

#include <stdio.h>

enum { DOCUMENTS = 9000, VALUES_MAX = 3, BATCHES = 30 };

static struct err e;
static struct arena arena;
static struct xap_writer *writer;
static struct xap_doc *doc;
static struct xap_db *db;
static const char *path;

static uint64_t state = 0x9E3779B97F4A7C15u;

static uint32_t any(uint32_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 33) % below;
}

// What each document has, by its docid: documents are made with the number that they have as a term, in order.
static struct known {
    bool there;
    int licence; // of a facet of one value; -1: none
    int formats[VALUES_MAX];
    size_t format_count; // of a list
    unsigned use;        // first byte of COLUMN_USE; 0: no value
    uint64_t variant;
} known[DOCUMENTS + 1];

static void write_one(uint32_t docid, struct touched *touched)
{
    struct known *k = &known[docid];
    uint32_t at;
    char term[16], value[32], use[USAGE_BYTES] = {0}, key[VARIANT_BYTES + 1];
    snprintf(term, sizeof term, "Q%u", docid);
    if (!k->there) {
        MUST(xap_writer_delete(writer, str_of(term), &at, &e), &e);
        if (at)
            touched_add(touched, at);
        return;
    }
    MUST(xap_doc_clear(doc, &e), &e);
    if (k->licence >= 0) {
        snprintf(value, sizeof value, "licence-%d", k->licence);
        MUST(xap_doc_set_value(doc, SLOT_FACETS + FACET_LICENSE, str_of(value), &e), &e);
    }
    struct buf list = {0};
    for (size_t i = 0; i < k->format_count; i++) {
        snprintf(value, sizeof value, "format-%d", k->formats[i]);
        xap_list_add(&list, str_of(value));
    }
    MUST(xap_doc_set_value(doc, SLOT_FACETS + FACET_FORMAT, buf_str(&list), &e), &e);
    buf_free(&list);
    use[0] = (char)k->use;
    MUST(xap_doc_set_value(doc, SLOT_USE, k->use ? str_slice(use, sizeof use) : STR_NONE, &e), &e);
    if (k->variant)
        MUST(xap_doc_set_value(doc, SLOT_VARIANT, variant_text(k->variant, key), &e), &e);
    MUST(xap_writer_replace(writer, str_of(term), doc, &at, &e), &e);
    MUST(at == docid, NULL);
    touched_add(touched, at);
}

static void change(uint32_t docid)
{
    struct known *k = &known[docid];
    *k = (struct known){.there = any(10) > 0, .licence = (int)any(40) - 5};
    for (k->format_count = any(VALUES_MAX + 1); k->format_count && !k->formats[0];)
        for (size_t i = 0; i < k->format_count; i++)
            k->formats[i] = (int)(1 + any(300) + 100 * i);
    k->use = any(4) ? any(256) : 0;
    k->variant = any(3) ? 1 + any(1000) : 0;
}

// ---- Looking -------------------------------------------------------------------------------------

static size_t wrong_facet(const struct column *c, uint32_t docid, const char *name,
                          const int *values, size_t n)
{
    uint32_t items[VALUES_MAX];
    char text[32];
    if (column_numbers(c, docid, items, VALUES_MAX) != n)
        return 1;
    for (size_t i = 0; i < n; i++) {
        snprintf(text, sizeof text, "%s-%d", name, values[i]);
        if (items[i] >= column_values(c) || !str_eq(column_text(c, items[i]), str_of(text)))
            return 1;
    }
    return 0;
}

static size_t wrong(struct columns *c, const struct known *all, uint32_t last)
{
    const struct column *licence = columns_facet(c, db, FACET_LICENSE, &e);
    const struct column *format = columns_facet(c, db, FACET_FORMAT, &e);
    const struct column *use = columns_fixed(c, db, COLUMN_USE, &e);
    const struct column *variant = columns_fixed(c, db, COLUMN_VARIANT, &e);
    MUST(licence && format && use && variant, &e);
    size_t n = 0;
    for (uint32_t docid = 1; docid <= last; docid++) {
        struct known k = all[docid];
        if (!k.there)
            k = (struct known){.licence = -1};
        uint64_t key;
        memcpy(&key, column_bytes(variant, docid), sizeof key);
        n += wrong_facet(licence, docid, "licence", &k.licence, k.licence >= 0);
        n += wrong_facet(format, docid, "format", k.formats, k.format_count);
        n += column_bytes(use, docid)[0] != k.use || key != k.variant;
    }
    n += column_numbers(licence, last + 100000, NULL, 0) + column_bytes(use, last + 100000)[0];
    return n;
}

static void commit(struct touched *touched)
{
    MUST(!touched || touched_write(touched, writer, &e), &e);
    MUST(xap_writer_commit(writer, &e), &e);
    MUST(xap_db_reopen(db, NULL, &e), &e);
}

static struct columns *take(struct columns_holder *h)
{
    struct columns *c = columns_take(h, db, 1, &e);
    MUST(c, &e);
    return c;
}

// ---- Tests ---------------------------------------------------------------------------------------

static void batches(void)
{
    struct columns_holder *h = columns_holder_new();
    struct touched touched = {0};
    struct columns *first, *c;
    static struct known before[DOCUMENTS + 1];
    uint32_t last = 0;
    for (; last < DOCUMENTS / 2; last++) {
        change(last + 1);
        known[last + 1].there = true;
        write_one(last + 1, &touched);
    }
    commit(&touched);
    c = take(h);
    is_int(wrong(c, known, last), 0);
    columns_release(c);
    size_t different = 0, brought = 0;
    for (int batch = 0; batch < BATCHES; batch++) {
        c = take(h);
        const struct column *shared = columns_facet(c, db, FACET_FORMAT, &e);
        memcpy(before, known, sizeof known);
        for (uint32_t n = any(40); n; n--) {
            uint32_t docid = 1 + any(last);
            if (!known[docid].there) // docids are never given twice
                continue;
            change(docid);
            write_one(docid, &touched);
        }
        for (uint32_t n = batch % 3 ? any(300) : 0; n && last < DOCUMENTS; n--) {
            change(++last);
            known[last].there = true;
            write_one(last, &touched);
        }
        for (uint32_t i = 0; batch % 10 == 9 && i < 3 * TOUCHED_MAX; i++)
            touched_add(&touched, 1 + i % last); // "all"
        commit(&touched);
        struct columns *newer = take(h);
        different += wrong(newer, known, last);
        brought += column_text(columns_facet(newer, db, FACET_FORMAT, &e), 0).p ==
                   column_text(shared, 0).p;     // its dictionary went on
        different += wrong(c, before, last) > 0; // what is held stays
        columns_release(c);
        columns_release(newer);
    }
    is_int(different, 0);
    is_int(brought, BATCHES - BATCHES / 10);
    // The same state twice is the same columns.
    first = take(h);
    c = take(h);
    ok(first == c);
    columns_release(c);
    columns_release(first);
    // Another generation has nothing of this one.
    c = columns_take(h, db, 2, &e);
    MUST(c, &e);
    is_int(wrong(c, known, last), 0);
    columns_release(c);
    columns_holder_free(h);
    touched_free(&touched);
}

static uint32_t first_there(void)
{
    uint32_t docid = 1;
    while (!known[docid].there)
        docid++;
    return docid;
}

// Whoever is behind is told.
static void behind(void)
{
    struct columns_holder *h = columns_holder_new();
    struct xap_db *old = xap_db_open(path, &e);
    struct touched touched = {0};
    MUST(old, &e);
    write_one(first_there(), &touched);
    commit(&touched);
    columns_release(take(h));
    ok(!columns_take(h, old, 1, &e));
    is_int(e.code, ERR_MODIFIED);
    e = (struct err){0};
    MUST(xap_db_reopen(old, NULL, &e), &e);
    struct columns *c = columns_take(h, old, 1, &e);
    ok(c != NULL);
    columns_release(c);
    columns_holder_free(h);
    touched_free(&touched);
    xap_db_close(old);
}

// A commit that does not tell: nothing is taken over.
static void untold(void)
{
    struct columns_holder *h = columns_holder_new();
    struct touched touched = {0};
    uint32_t last = DOCUMENTS / 2;
    columns_release(take(h));
    uint32_t docid = first_there();
    change(docid);
    write_one(docid, &touched);
    commit(NULL);
    struct columns *c = take(h);
    is_int(wrong(c, known, last), 0);
    columns_release(c);
    columns_holder_free(h);
    touched_free(&touched);
}

static void lists_of_batches(void)
{
    struct touched touched = {0};
    struct xap_docids since;
    int64_t batch, now;
    bool told;
    MUST(touched_batch(db, &batch, &e), &e);
    for (uint32_t i = 300; i > 0; i -= 100) {
        touched_add(&touched, i);
        touched_add(&touched, 7);
        commit(&touched);
    }
    MUST(touched_batch(db, &now, &e), &e);
    is_int(now, batch + 3);
    ok(touched_since(db, batch, now, &arena, &since, &told, &e));
    ok(told && since.n == 4 && since.v[0] == 7 && since.v[1] == 100 && since.v[3] == 300);
    ok(touched_since(db, now - 1, now, &arena, &since, &told, &e));
    ok(told && since.n == 2 && since.v[1] == 100);
    ok(touched_since(db, now, now, &arena, &since, &told, &e));
    ok(told && since.n == 0);
    ok(touched_since(db, 0, now, &arena, &since, &told, &e) && !told); // before there was any
    ok(touched_since(db, now, now - 1, &arena, &since, &told, &e) && !told);
    for (uint32_t i = 1; i <= TOUCHED_MAX; i++)
        touched_add(&touched, i);
    commit(&touched);
    ok(touched_since(db, now, now + 1, &arena, &since, &told, &e) && told);
    is_int(since.n, TOUCHED_MAX);
    for (uint32_t i = 1; i <= TOUCHED_MAX + 1; i++)
        touched_add(&touched, i);
    ok(touched_has(&touched, TOUCHED_MAX + 1) && !touched_has(&touched, TOUCHED_MAX + 2));
    commit(&touched);
    ok(!touched_has(&touched, 1));
    ok(touched_since(db, now + 1, now + 2, &arena, &since, &told, &e) && !told);
    for (int i = 0; i < TOUCHED_BATCHES; i++) {
        touched_add(&touched, 1);
        commit(&touched);
    }
    ok(touched_since(db, now + 2, now + 2 + TOUCHED_BATCHES, &arena, &since, &told, &e) && !told);
    ok(touched_since(db, now + 3, now + 2 + TOUCHED_BATCHES, &arena, &since, &told, &e) && told);
    is_int(since.n, 1);
    for (uint32_t i = 1; i <= 2 * TOUCHED_MAX + 1; i++)
        touched_add_figures(&touched, i);
    ok(touched_has(&touched, 5 * TOUCHED_MAX)); // not all are known any more
    touched_free(&touched);
}

// Figures alone: what is made of them is brought up, all else is as it was.
static void figures(void)
{
    struct touched touched = {0};
    struct xap_docids since;
    int64_t batch;
    bool told;
    struct columns_holder *h = columns_holder_new();
    struct columns *c = take(h);
    is_int(wrong(c, known, DOCUMENTS / 2), 0);
    for (uint32_t docid = 1; docid <= DOCUMENTS / 2; docid += 3) {
        struct known *k = &known[docid];
        if (!k->there)
            continue;
        k->use = 1 + any(255);
        write_one(docid, &touched);
        touched.n--;
        touched_add_figures(&touched, docid);
    }
    uint32_t both = 2;
    while (!known[both].there)
        both++;
    known[both].licence = 7;
    touched_add_figures(&touched, both);
    write_one(both, &touched);
    commit(&touched);
    columns_release(c);
    c = take(h);
    is_int(wrong(c, known, DOCUMENTS / 2), 0);
    MUST(touched_batch(db, &batch, &e), &e);
    ok(touched_since(db, batch - 1, batch, &arena, &since, &told, &e) && told && since.n > 1);
    ok(touched_content_since(db, batch - 1, batch, &arena, &since, &told, &e) && told);
    ok(since.n == 1 && since.v[0] == both);
    touched_add_figures(&touched, UINT32_MAX - 1);
    commit(&touched);
    ok(touched_since(db, batch, batch + 1, &arena, &since, &told, &e) && told);
    ok(since.n == 1 && since.v[0] == UINT32_MAX - 1);
    ok(touched_content_since(db, batch, batch + 1, &arena, &since, &told, &e) && told && !since.n);
    touched_free(&touched);
    columns_release(c);
    columns_holder_free(h);
}

// What is brought up aside is nobody's until it is told.
static void brought_aside(void)
{
    struct touched touched = {0};
    struct columns_holder *h = columns_holder_new();
    ok(!columns_newest(h, NULL));
    struct columns *first = columns_bring(h, db, 1, &e), *newest = columns_newest(h, NULL);
    MUST(first, &e);
    ok(newest == first); // the first ones are told at once
    ok(!columns_newest(h, first));
    columns_release(newest);
    uint32_t docid = 1;
    while (!known[docid].there)
        docid++;
    known[docid].licence = 1;
    write_one(docid, &touched);
    commit(&touched);
    struct columns *aside = columns_bring(h, db, 1, &e);
    MUST(aside && aside != first, &e);
    ok(!columns_newest(h, first));
    ok(columns_publish(h, aside));
    newest = columns_newest(h, first);
    ok(newest == aside);
    columns_release(newest);
    columns_release(aside);
    aside = columns_bring(h, db, 1, &e);
    ok(aside == newest); // there already
    known[docid].licence = 2;
    write_one(docid, &touched);
    commit(&touched);
    struct columns *slow = columns_bring(h, db, 1, &e), *quick = columns_take(h, db, 1, &e);
    ok(slow != quick);
    ok(!columns_publish(h, slow)); // somebody was ahead
    is_int(wrong(slow, known, docid), 0);
    is_int(wrong(quick, known, docid), 0);
    columns_release(first);
    columns_release(aside);
    columns_release(slow);
    columns_release(quick);
    columns_holder_free(h);
    touched_free(&touched);
}

static void dictionary(void)
{
    struct dictionary *d = dictionary_new();
    char text[32];
    for (uint32_t i = 0; i < 10000; i++) {
        snprintf(text, sizeof text, "value %u", i);
        MUST(dictionary_number(d, str_of(text)) == i, NULL);
    }
    is_int(dictionary_size(d), 10000);
    is_int(dictionary_number(d, STR("value 4711")), 4711);
    is_text(dictionary_text(d, 4097), "value 4097");
    struct dictionary *same = dictionary_share(d);
    dictionary_release(d);
    is_int(dictionary_number(same, STR("")), 10000);
    dictionary_release(same);
    dictionary_release(NULL);
}

int main(void)
{
    fixture_begin();
    path = fixture_path("index");
    writer = xap_writer_open(path, XAP_OPEN_OR_CREATE, &e);
    doc = xap_doc_new(&e);
    MUST(writer && doc, &e);
    MUST(xap_writer_commit(writer, &e), &e);
    db = xap_db_open(path, &e);
    MUST(db, &e);
    dictionary();
    batches();
    behind();
    untold();
    lists_of_batches();
    brought_aside();
    figures();
    xap_db_close(db);
    xap_doc_free(doc);
    xap_writer_close(writer);
    arena_free(&arena);
    return tap_done();
}
