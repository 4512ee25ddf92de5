// indexer/xapian/xap_values: the values of many documents, in any order, as they were at the commit that was opened.
#include "tests/unit/xapian_fixture.h"

#include "indexer/xapian/xap.h"
#include "tests/tap.h"

static struct err err;

static void is_value(struct xap_doc *doc, uint32_t slot, const char *expected)
{
    struct str value;
    ok(xap_doc_value(doc, slot, &value, &err));
    is_text(value, expected);
}

static void test_values(void)
{
    struct xap_writer *writer = fixture_writer("values");
    struct xap_doc *doc = xap_doc_new(&err);
    for (uint32_t i = 1; i <= 3000; i++) {
        char unique[16], text[16];
        snprintf(unique, sizeof unique, "Q%u", i);
        snprintf(text, sizeof text, "v%u", i);
        MUST(xap_doc_clear(doc, &err) && xap_doc_set_value(doc, 3, str_of(text), &err), &err);
        if (i % 3 == 0)
            MUST(xap_doc_set_value(doc, 0, STR("third"), &err), &err);
        if (i % 1000 == 0)
            MUST(xap_doc_set_value(doc, 9, STR("beyond"), &err), &err);
        MUST(xap_writer_replace(writer, str_of(unique), doc, NULL, &err), &err);
    }
    ok(xap_writer_delete(writer, STR("Q7"), NULL, &err));
    ok(xap_writer_commit(writer, &err));

    struct xap_values *values = xap_values_open(fixture_path("values"), 10, &err);
    MUST(values, &err);
    static const uint32_t order[] = {3, 4, 2999, 3000, 6, 6, 1, 2000, 7, 4000, 5};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        uint32_t d = order[i];
        char text[16] = "";
        if (d != 7 && d <= 3000)
            snprintf(text, sizeof text, "v%u", d);
        ok(xap_values_read(values, d, doc, &err));
        is_value(doc, 3, text);
        is_value(doc, 0, d % 3 == 0 ? "third" : "");
        is_value(doc, 9, d % 1000 == 0 && d <= 3000 ? "beyond" : "");
    }

    // Into a loaded document, which is put back with one of them changed.
    uint32_t docid;
    MUST(xap_writer_load(writer, STR("Q3000"), doc, &docid, &err), &err);
    ok(xap_values_read(values, docid, doc, &err));
    ok(xap_doc_set_value(doc, 3, STR("changed"), &err));
    ok(xap_writer_replace_docid(writer, docid, doc, &err));
    ok(xap_writer_commit(writer, &err));
    ok(xap_values_read(values, docid, doc, &err));
    is_value(doc, 3, "v3000"); // what was there when it was opened
    xap_values_close(values);
    xap_writer_close(writer);

    struct xap_db *db = fixture_reader("values");
    ok(xap_db_load(db, STR("Q3000"), doc, NULL, &err));
    is_value(doc, 0, "third");
    is_value(doc, 3, "changed");
    is_value(doc, 9, "beyond");
    xap_db_close(db);
    ok(xap_db_check(fixture_path("values"), &err));

    values = xap_values_open(fixture_path("values"), 3, &err); // slots from there on are left out
    MUST(values, &err);
    ok(xap_values_read(values, 3000, doc, &err));
    is_value(doc, 0, "third");
    is_value(doc, 3, "");
    xap_values_close(values);
    xap_values_close(NULL);
    ok(xap_values_open(fixture_path("absent"), 3, &err) == NULL);
    is_int(err.code, ERR_NOT_FOUND);
    xap_doc_free(doc);
}

int main(void)
{
    fixture_begin();
    test_values();
    return tap_done();
}
