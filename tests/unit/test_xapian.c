// Unit tests of indexer/xapian: values, documents, writer, reader. Failures are in
// test_xapian_failures.c, queries in test_xapian_query.c, many documents at once in
// test_xapian_postings.c and test_xapian_values.c.
#include "tests/unit/xapian_fixture.h"

#include "indexer/xapian/xap.h"
#include "tests/tap.h"

#include <math.h>

static struct err err;

static bool term_of(char byte, size_t n, bool (*add)(struct xap_doc *, struct str, struct err *),
                    struct xap_doc *doc)
{
    char bytes[512];
    memset(bytes, byte, sizeof bytes);
    return add(doc, str_slice(bytes, n), &err);
}

static void test_numbers(void)
{
    static const double numbers[] = {-1e300, -3.5, -1, 0, 0.001, 1, 2, 10, 20260116, 1e300};
    char before[XAP_SORTABLE_MAX], now[XAP_SORTABLE_MAX];
    size_t before_n = 0;
    unsigned ordered = 0, same = 0;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        size_t n = xap_sortable(numbers[i], now);
        same += xap_unsortable(str_slice(now, n)) == numbers[i];
        ordered += i == 0 || str_cmp(str_slice(before, before_n), str_slice(now, n)) < 0;
        memcpy(before, now, n);
        before_n = n;
    }
    is_int(same, 10);
    is_int(ordered, 10);
    is_int(xap_sortable(-INFINITY, now), 0);
    ok(xap_unsortable(STR_NONE) == -INFINITY);
}

static void test_lists(void)
{
    char large[300];
    memset(large, 'x', sizeof large);
    struct buf list = {0};
    xap_list_add(&list, STR("commune"));
    xap_list_add(&list, STR(""));
    xap_list_add(&list, STR("a\0\xff"));
    xap_list_add(&list, str_slice(large, sizeof large));
    is_int(list.n, 8 + 1 + 4 + 302);
    struct str rest = buf_str(&list), item;
    ok(xap_list_next(&rest, &item));
    is_text(item, "commune");
    ok(xap_list_next(&rest, &item));
    is_int(item.n, 0);
    ok(xap_list_next(&rest, &item));
    ok(str_eq(item, STR("a\0\xff")));
    ok(xap_list_next(&rest, &item));
    is_int(item.n, 300);
    ok(!xap_list_next(&rest, &item));

    rest = str_slice(list.p, 5); // cut within an item
    ok(!xap_list_next(&rest, &item));
    rest = str_slice(list.p + 13, 1); // cut within a length
    ok(!xap_list_next(&rest, &item));
    rest = STR("\xff\xff\xff\xff\xff\xff\xff"); // a length that never ends
    ok(!xap_list_next(&rest, &item));
    rest = STR("\xff\xff\xff\xff\x0f"); // 4 GiB of nothing
    ok(!xap_list_next(&rest, &item));
    rest = STR_NONE;
    ok(!xap_list_next(&rest, &item));
    buf_free(&list);
}

static bool add_posting(struct xap_doc *doc, struct str term, struct err *e)
{
    return xap_doc_add_posting(doc, term, 1, 1, e);
}

static bool add_term(struct xap_doc *doc, struct str term, struct err *e)
{
    return xap_doc_add_term(doc, term, 1, e);
}

static bool has_term(struct xap_doc *doc, struct str term)
{
    bool has = false;
    MUST(xap_doc_has_term(doc, term, &has, &err), &err);
    return has;
}

static void test_documents(void)
{
    struct xap_doc *doc = xap_doc_new(&err);
    MUST(doc, &err);
    ok(xap_doc_add_posting(doc, STR("eau"), 1, 2, &err));
    ok(xap_doc_add_term(doc, STR("rivi\xc3\xa8re"), 1, &err));
    ok(xap_doc_add_boolean_term(doc, STR("Kdataset"), &err));
    ok(xap_doc_add_term(doc, STR("nul\0\xff"), 1, &err));
    ok(has_term(doc, STR("eau")));
    ok(has_term(doc, STR("Kdataset")));
    ok(has_term(doc, STR("nul\0\xff")));
    ok(!has_term(doc, STR("nul")));
    ok(!has_term(doc, STR("ea")));
    ok(!has_term(doc, STR("")));
    ok(xap_doc_remove_term(doc, STR("eau"), &err));
    ok(!has_term(doc, STR("eau")));
    ok(!xap_doc_remove_term(doc, STR("eau"), &err));
    is_int(err.code, ERR_NOT_FOUND);

    struct str value;
    ok(xap_doc_value(doc, 3, &value, &err) && value.n == 0);
    ok(xap_doc_set_value(doc, 3, STR(""), &err)); // of nothing
    ok(xap_doc_set_value(doc, 3, STR("a\0\xff"), &err));
    ok(xap_doc_value(doc, 3, &value, &err) && str_eq(value, STR("a\0\xff")));
    ok(xap_doc_set_value(doc, 3, STR(""), &err));
    ok(xap_doc_value(doc, 3, &value, &err) && value.n == 0);
    ok(!xap_doc_set_value(doc, XAP_NO_SLOT, STR("b"), &err));
    is_int(err.code, ERR_ARGUMENT);
    ok(!xap_doc_set_value(doc, XAP_NO_SLOT, STR(""), &err));
    is_int(err.code, ERR_ARGUMENT);
    ok(!xap_doc_value(doc, XAP_NO_SLOT, &value, &err));

    struct str data;
    ok(xap_doc_set_data(doc, STR("{\"a\":\0}"), &err));
    ok(xap_doc_data(doc, &data, &err) && str_eq(data, STR("{\"a\":\0}")));
    ok(xap_doc_clear(doc, &err));
    ok(!has_term(doc, STR("Kdataset")));
    ok(xap_doc_data(doc, &data, &err) && data.n == 0);
    xap_doc_free(doc);
    xap_doc_free(NULL);
}

static void test_term_limits(void)
{
    struct xap_doc *doc = xap_doc_new(&err);
    MUST(doc, &err);
    ok(term_of('x', 245, add_posting, doc));
    ok(!term_of('x', 246, add_posting, doc));
    is_int(err.code, ERR_ARGUMENT);
    ok(strstr(err.what, "246") != NULL);
    ok(term_of('x', 245, add_term, doc));
    ok(!term_of('x', 246, add_term, doc));
    ok(!term_of('x', 0, add_term, doc));
    is_int(err.code, ERR_ARGUMENT);
    ok(term_of('x', 245, xap_doc_add_boolean_term, doc));
    ok(!term_of('x', 246, xap_doc_add_boolean_term, doc));
    ok(!term_of('x', 246, xap_doc_remove_term, doc));
    ok(term_of('\0', 122, add_posting, doc)); // each NUL counts for two
    ok(!term_of('\0', 123, add_posting, doc));
    ok(!xap_term_fits(STR("")));
    ok(xap_term_fits(STR("x")));

    // What we let through, Xapian takes; the longest ones are found again.
    struct xap_writer *writer = fixture_writer("limits");
    ok(xap_writer_replace(writer, STR("Qlimits"), doc, NULL, &err));
    ok(xap_writer_commit(writer, &err));
    xap_writer_close(writer);
    struct xap_db *db = fixture_reader("limits");
    char term[256] = {0};
    uint32_t documents = 0;
    ok(xap_db_term_frequency(db, str_slice(term, 122), &documents, &err));
    is_int(documents, 1);
    ok(!xap_db_term_frequency(db, str_slice(term, 123), &documents, &err));
    is_int(err.code, ERR_ARGUMENT);
    memset(term, 'x', sizeof term);
    ok(xap_db_term_frequency(db, str_slice(term, 245), &documents, &err));
    is_int(documents, 1);
    xap_db_close(db);
    xap_doc_free(doc);
}

static void test_writer(void)
{
    ok(!xap_writer_open(fixture_path("writer"), XAP_OPEN, &err));
    is_int(err.code, ERR_NOT_FOUND);
    is_str(err.where, fixture_path("writer"));
    ok(!xap_writer_open(fixture_path("no/such/folder"), XAP_OPEN_OR_CREATE, &err));
    is_int(err.code, ERR_IO);

    struct xap_writer *writer = fixture_writer("writer");
    ok(!xap_writer_open(fixture_path("writer"), XAP_OPEN, &err));
    is_int(err.code, ERR_LOCKED);

    struct xap_doc *doc = xap_doc_new(&err);
    is_int(fixture_add(writer, doc, "Q1", "eau potable"), 1);
    is_int(fixture_add(writer, doc, "Q2", "eau de mer"), 2);
    is_int(fixture_add(writer, doc, "Q1", "eau potable qualit\xc3\xa9"), 1);
    struct xap_stats stats;
    ok(xap_writer_stats(writer, &stats, &err));
    is_int(stats.documents, 2);
    is_int(stats.last_docid, 2);

    struct str text;
    ok(xap_writer_metadata(writer, STR("position"), &text, &err) && text.n == 0);
    ok(xap_writer_set_metadata(writer, STR("position"), STR("4\0002"), &err));
    ok(xap_writer_metadata(writer, STR("position"), &text, &err));
    ok(str_eq(text, STR("4\0002")));
    ok(!xap_writer_set_metadata(writer, STR(""), STR("x"), &err));
    is_int(err.code, ERR_ARGUMENT);
    char key[201];
    memset(key, 'k', sizeof key);
    ok(xap_writer_set_metadata(writer, str_slice(key, 200), STR("x"), &err));
    ok(!xap_writer_set_metadata(writer, str_slice(key, 201), STR("x"), &err));
    is_int(err.code, ERR_ARGUMENT);
    ok(!xap_writer_metadata(writer, str_slice(key, 201), &text, &err));
    ok(!xap_writer_replace(writer, STR(""), doc, NULL, &err));
    is_int(err.code, ERR_ARGUMENT);
    ok(!xap_writer_replace_docid(writer, 0, doc, &err));
    is_int(err.code, ERR_ARGUMENT);

    // Nothing of it is visible before the commit, all of it after.
    struct xap_db *db = fixture_reader("writer");
    ok(xap_db_stats(db, &stats, &err));
    is_int(stats.documents, 0);
    uint64_t revision = stats.revision;
    ok(xap_writer_commit(writer, &err));
    bool changed = false;
    ok(xap_db_reopen(db, &changed, &err) && changed);
    ok(xap_db_reopen(db, &changed, &err) && !changed);
    ok(xap_db_stats(db, &stats, &err));
    is_int(stats.documents, 2);
    ok(stats.revision > revision);
    ok(stats.average_length == 3);
    ok(xap_db_metadata(db, STR("position"), &text, &err) && str_eq(text, STR("4\0002")));

    // A batch that is not committed is discarded, deletions and metadata included.
    fixture_add(writer, doc, "Q3", "eau de pluie");
    ok(xap_writer_delete(writer, STR("Q1"), NULL, &err));
    ok(xap_writer_delete(writer, STR("Qunknown"), NULL, &err));
    ok(xap_writer_set_metadata(writer, STR("position"), STR("43"), &err));
    ok(xap_writer_stats(writer, &stats, &err));
    is_int(stats.documents, 2);
    is_int(stats.last_docid, 3);
    xap_writer_close(writer);
    ok(xap_db_reopen(db, &changed, &err));
    ok(xap_db_stats(db, &stats, &err));
    is_int(stats.documents, 2);
    is_int(stats.last_docid, 2);
    ok(xap_db_metadata(db, STR("position"), &text, &err) && str_eq(text, STR("4\0002")));

    writer = fixture_writer("writer"); // free again
    ok(xap_writer_delete(writer, STR("Q1"), NULL, &err));
    ok(xap_writer_set_metadata(writer, STR("position"), STR(""), &err));
    ok(xap_writer_commit(writer, &err));
    ok(xap_writer_commit(writer, &err)); // of nothing
    ok(xap_db_reopen(db, NULL, &err));
    ok(xap_db_stats(db, &stats, &err));
    is_int(stats.documents, 1);
    ok(xap_db_metadata(db, STR("position"), &text, &err) && text.n == 0);
    xap_db_close(db);
    xap_writer_close(writer);
    xap_writer_close(NULL);
    xap_doc_free(doc);
}

// The bytes of a file of an index; the caller frees them.
static struct buf file_bytes(const char *index, const char *name)
{
    char path[600];
    snprintf(path, sizeof path, "%s/%s", fixture_path(index), name);
    struct buf bytes = {0};
    FILE *file = fopen(path, "rb");
    MUST(file != NULL, NULL);
    char part[4096];
    for (size_t n; (n = fread(part, 1, sizeof part, file)) > 0;)
        buf_add(&bytes, str_slice(part, n));
    fclose(file);
    return bytes;
}

static bool same_file(struct buf *before, const char *index, const char *name)
{
    struct buf now = file_bytes(index, name);
    bool same = str_eq(buf_str(before), buf_str(&now));
    buf_free(before);
    buf_free(&now);
    return same;
}

// A change of values only leaves terms, positions and data as they are on disk.
static void test_figures(void)
{
    struct xap_writer *writer = fixture_writer("figures");
    struct xap_doc *doc = xap_doc_new(&err);
    for (int i = 0; i < 200; i++) {
        char unique[16], text[64];
        snprintf(unique, sizeof unique, "Q%d", i);
        snprintf(text, sizeof text, "eau potable commune n%d annexe n%d", i, i % 7);
        fixture_number(doc, 1, i);
        MUST(xap_doc_set_value(doc, 2, STR("kept"), &err), &err);
        fixture_add(writer, doc, unique, text);
    }
    ok(xap_writer_commit(writer, &err));
    struct buf data = file_bytes("figures", "docdata.glass");
    struct buf positions = file_bytes("figures", "position.glass");
    struct buf postings = file_bytes("figures", "postlist.glass"); // values are kept in it

    uint32_t docid = 0;
    for (int i = 0; i < 200; i += 2) {
        char unique[16];
        snprintf(unique, sizeof unique, "Q%d", i);
        MUST(xap_writer_load(writer, str_of(unique), doc, &docid, &err), &err);
        fixture_number(doc, 1, i + 1000);
        MUST(xap_writer_replace_docid(writer, docid, doc, &err), &err);
    }
    is_int(docid, 199);
    ok(xap_writer_commit(writer, &err));
    ok(same_file(&data, "figures", "docdata.glass"));
    ok(same_file(&positions, "figures", "position.glass"));
    ok(!same_file(&postings, "figures", "postlist.glass"));

    ok(!xap_writer_load(writer, STR("Qabsent"), doc, &docid, &err));
    is_int(err.code, ERR_NOT_FOUND);
    ok(!xap_writer_load(writer, STR(""), doc, &docid, &err));
    is_int(err.code, ERR_ARGUMENT);

    // A change of terms keeps the rest.
    ok(xap_writer_load(writer, STR("Q3"), doc, &docid, &err));
    ok(xap_doc_add_boolean_term(doc, STR("Sarchived"), &err));
    ok(xap_doc_remove_term(doc, STR("potable"), &err));
    ok(xap_writer_replace_docid(writer, docid, doc, &err));
    ok(xap_writer_commit(writer, &err));
    xap_writer_close(writer);

    struct xap_db *db = fixture_reader("figures");
    struct str value, text;
    ok(xap_db_load(db, STR("Q4"), doc, &docid, &err));
    is_int(docid, 5);
    ok(xap_doc_value(doc, 1, &value, &err) && xap_unsortable(value) == 1004);
    ok(xap_doc_value(doc, 2, &value, &err));
    is_text(value, "kept");
    ok(xap_doc_data(doc, &text, &err));
    is_text(text, "eau potable commune n4 annexe n4");
    ok(has_term(doc, STR("potable")));
    ok(xap_db_load(db, STR("Q3"), doc, NULL, &err));
    ok(has_term(doc, STR("Sarchived")));
    ok(!has_term(doc, STR("potable")));
    ok(has_term(doc, STR("commune")));
    ok(xap_doc_value(doc, 1, &value, &err) && xap_unsortable(value) == 3);
    xap_db_close(db);
    ok(xap_db_check(fixture_path("figures"), &err));
    xap_doc_free(doc);
}

// Of each term, in how many documents it is, asked meanwhile.
struct leaping {
    struct xap_db *db;
    char terms[100];
};

static struct str leap(void *user, struct str term)
{
    struct leaping *x = user;
    uint32_t documents = 0;
    size_t n = strlen(x->terms);
    ok(xap_db_term_frequency(x->db, term, &documents, &err));
    snprintf(x->terms + n, sizeof x->terms - n, "%.*s %u ", STR_ARG(term), (unsigned)documents);
    return str_eq(term, STR("parc"))      ? STR("pard")
           : str_eq(term, STR("parking")) ? STR("zzz")
                                          : STR_NONE;
}

struct seen {
    char terms[256];
    uint32_t documents;
    int left; // how many more terms to take
};

static bool note_term(void *user, struct str term, uint32_t documents)
{
    struct seen *seen = user;
    size_t n = strlen(seen->terms);
    for (size_t i = 0; i < term.n && n + 5 < sizeof seen->terms; i++) {
        unsigned char c = (unsigned char)term.p[i];
        n += (size_t)snprintf(seen->terms + n, 5, c > 31 && c < 127 ? "%c" : "\\%02x", c);
    }
    snprintf(seen->terms + n, sizeof seen->terms - n, " ");
    seen->documents += documents;
    return --seen->left > 0;
}

static void test_reader(void)
{
    struct xap_writer *writer = fixture_writer("reader");
    struct xap_doc *doc = xap_doc_new(&err);
    fixture_add(writer, doc, "Q1", "parc parcelle parking");
    fixture_add(writer, doc, "Q2", "parc pare");
    fixture_add(writer, doc, "Q3", "zone");
    MUST(xap_doc_add_term(doc, STR("B\0z"), 1, &err), &err);
    MUST(xap_doc_add_term(doc, STR("B\xff"), 1, &err), &err);
    MUST(xap_doc_add_term(doc, STR("B"), 1, &err), &err);
    MUST(xap_writer_replace(writer, STR("Q4"), doc, NULL, &err), &err);
    MUST(xap_writer_delete(writer, STR("Q3"), NULL, &err), &err);
    MUST(xap_writer_commit(writer, &err), &err);

    ok(!xap_db_open(fixture_path("absent"), &err));
    is_int(err.code, ERR_NOT_FOUND);
    is_str(err.where, fixture_path("absent"));
    struct xap_db *db = fixture_reader("reader");

    struct seen seen = {.left = 100};
    ok(xap_db_each_term(db, STR("par"), note_term, &seen, &err));
    is_str(seen.terms, "parc parcelle pare parking ");
    is_int(seen.documents, 5);
    seen = (struct seen){.left = 2};
    ok(xap_db_each_term(db, STR_NONE, note_term, &seen, &err));
    is_str(seen.terms, "B B\\00z ");
    seen = (struct seen){.left = 100};
    ok(xap_db_each_term(db, STR("B"), note_term, &seen, &err));
    is_str(seen.terms, "B B\\00z B\\ff ");
    seen = (struct seen){.left = 100};
    ok(xap_db_each_term(db, STR("nothing"), note_term, &seen, &err));
    is_str(seen.terms, "");

    struct leaping leaping = {.db = db};
    ok(xap_db_leap_terms(db, STR("par"), leap, &leaping, &err));
    is_str(leaping.terms,
           "parc 2 pare 1 parking 1 "); // over parcelle; past the last one is the end
    leaping = (struct leaping){.db = db};
    ok(xap_db_leap_terms(db, STR("nothing"), leap, &leaping, &err));
    is_str(leaping.terms, "");

    uint32_t documents = 9;
    ok(xap_db_term_frequency(db, STR("parc"), &documents, &err));
    is_int(documents, 2);
    ok(xap_db_term_frequency(db, STR("zone"), &documents, &err));
    is_int(documents, 0);

    struct str text;
    ok(xap_db_load_docid(db, 2, doc, &err));
    ok(xap_doc_data(doc, &text, &err));
    is_text(text, "parc pare");
    ok(!xap_db_load_docid(db, 3, doc, &err)); // deleted
    is_int(err.code, ERR_NOT_FOUND);
    ok(!xap_db_load_docid(db, 77, doc, &err));
    is_int(err.code, ERR_NOT_FOUND);
    ok(!xap_db_load_docid(db, 0, doc, &err));
    is_int(err.code, ERR_ARGUMENT);
    ok(!xap_db_load(db, STR("Q3"), doc, NULL, &err));
    is_int(err.code, ERR_NOT_FOUND);
    is_str(err.what, "no document has the term Q3");
    ok(xap_db_metadata(db, STR("unknown"), &text, &err) && text.n == 0);
    ok(!xap_db_metadata(db, STR(""), &text, &err));
    is_int(err.code, ERR_ARGUMENT);
    ok(!xap_db_load_docid(db, 3, doc, NULL)); // an error that nobody wants

    xap_db_close(db);
    xap_db_close(NULL);
    xap_writer_close(writer);

    xap_doc_free(doc);
}

// Indexes of documents whose numbers are apart become one: numbers, values, positions and metadata are kept.
static void test_merge(void)
{
    const char *paths[3];
    struct str text;
    bool has;
    uint32_t docid = 0, documents;
    struct xap_doc *doc = xap_doc_new(&err);
    struct xap_writer *base = fixture_writer("base");
    MUST(xap_doc_add_posting(doc, STR("parc"), 1, 1, &err) &&
             xap_doc_set_value(doc, 3, STR("un"), &err) &&
             xap_writer_replace(base, STR("Q1"), doc, NULL, &err) &&
             xap_writer_set_metadata(base, STR("seq"), STR("7"), &err) &&
             xap_writer_commit(base, &err),
         &err);
    xap_writer_close(base);
    paths[0] = fixture_path("base");
    for (uint32_t i = 0; i < 2; i++) {
        paths[i + 1] = fixture_path(i ? "part-1" : "part-0");
        struct xap_writer *part = xap_writer_open(paths[i + 1], XAP_CREATE_PART, &err);
        MUST(part, &err);
        ok(xap_writer_has(part, STR("Q1"), &has, &err) && !has);
        for (uint32_t d = 0; d < 2; d++) {
            char unique[3] = {'Q', (char)('2' + 2 * i + d), '\0'};
            MUST(xap_doc_clear(doc, &err) && xap_doc_add_posting(doc, STR("parc"), 4, 1, &err) &&
                     xap_doc_set_data(doc, str_of(unique), &err),
                 &err);
            ok(xap_writer_add(part, 10 * (i + 1) + d, str_of(unique), doc, &err));
        }
        ok(!xap_writer_add(part, 0, STR("Q9"), doc, &err));
        is_int(err.code, ERR_ARGUMENT);
        ok(xap_writer_has(part, i ? STR("Q5") : STR("Q3"), &has, &err) && has);
        MUST(xap_writer_commit(part, &err), &err);
        xap_writer_close(part);
    }
    ok(!xap_writer_open(fixture_path("base"), XAP_CREATE_PART, &err)); // it is there

    ok(!xap_db_merge(paths, 3, fixture_path("figures"), &err));
    is_int(err.code, ERR_CONFLICT);
    const char *absent = fixture_path("absent");
    ok(!xap_db_merge(&absent, 1, fixture_path("merged"), &err));
    is_int(err.code, ERR_NOT_FOUND);
    ok(xap_db_merge(paths, 3, fixture_path("merged"), &err));
    struct xap_db *db = fixture_reader("merged");
    ok(xap_db_load(db, STR("Q1"), doc, &docid, &err));
    is_int(docid, 1);
    ok(xap_doc_value(doc, 3, &text, &err));
    is_text(text, "un");
    ok(xap_db_load(db, STR("Q3"), doc, &docid, &err));
    is_int(docid, 11);
    ok(xap_db_load(db, STR("Q4"), doc, &docid, &err));
    is_int(docid, 20);
    ok(xap_doc_data(doc, &text, &err));
    is_text(text, "Q4");
    ok(xap_db_term_frequency(db, STR("parc"), &documents, &err));
    is_int(documents, 5);
    ok(xap_db_metadata(db, STR("seq"), &text, &err));
    is_text(text, "7");
    xap_db_close(db);
    ok(xap_db_check(fixture_path("merged"), &err));
    xap_doc_free(doc);
}

int main(void)
{
    fixture_begin();
    test_numbers();
    test_lists();
    test_documents();
    test_term_limits();
    test_writer();
    test_figures();
    test_reader();
    test_merge();
    return tap_done();
}
