// Unit tests of indexer/xapian: queries, and the documents that they match. Counts are compared with
// counts made by hand on the same documents.
#include "tests/unit/xapian_fixture.h"

#include "tests/tap.h"

static struct err err;
static struct xap_db *db;
static struct arena arena;

enum { SLOT_DATE, SLOT_PRIOR };
enum { DOCUMENTS = 300 };

// Document i is docid i + 1.
static double date_of(int i)
{
    return 20000 + (i * 37) % 100; // shared by three documents each
}

static void fill_index(void)
{
    struct xap_writer *writer = fixture_writer("search");
    struct xap_doc *doc = xap_doc_new(&err);
    for (int i = 0; i < DOCUMENTS; i++) {
        fixture_number(doc, SLOT_DATE, date_of(i));
        if (i % 2 == 0)
            fixture_number(doc, SLOT_PRIOR, (i % 50) / 10.0);
        char unique[16], text[128];
        snprintf(unique, sizeof unique, "Q%d", i);
        snprintf(text, sizeof text, "tous %s%s qualit\xc3\xa9 de %s%s mot%d",
                 i % 7 == 0 ? "arbre " : "", i % 6 == 0 ? "arbre rue" : "rue arbre",
                 i % 5 ? "route " : "chemin ", i == 42 ? "unique" : "commun", i);
        fixture_add(writer, doc, unique, text);
    }
    MUST(xap_writer_commit(writer, &err), &err);
    xap_writer_close(writer);
    xap_doc_free(doc);
    db = fixture_reader("search");
}

static struct xap_query *term(const char *word)
{
    struct xap_query *query = xap_query_term(str_of(word), 1, 0, &err);
    MUST(query, &err);
    return query;
}

// What the query matches, until the next call; frees the query.
static struct xap_docids found_by(struct xap_query *query)
{
    struct xap_docids found;
    MUST(query, &err);
    arena_reset(&arena);
    MUST(xap_db_match(db, query, &arena, &found, &err), &err);
    xap_query_free(query);
    return found;
}

static size_t count(struct xap_query *query)
{
    return found_by(query).n;
}

// The only document that it matches, 0 when there are none or several.
static uint32_t only(struct xap_query *query)
{
    struct xap_docids found = found_by(query);
    return found.n == 1 ? found.v[0] : 0;
}

static struct xap_query *join(struct xap_query *(*how)(const struct xap_query *const *, size_t,
                                                       struct err *),
                              const char *a, const char *b)
{
    struct xap_query *left = term(a), *right = term(b);
    struct xap_query *both = how((const struct xap_query *[]){left, right}, 2, &err);
    xap_query_free(left);
    xap_query_free(right);
    return both;
}

static struct xap_query *without(const char *wanted, const char *not_)
{
    struct xap_query *left = term(wanted), *right = term(not_);
    struct xap_query *both = xap_query_and_not(left, right, &err);
    xap_query_free(left);
    xap_query_free(right);
    return both;
}

static void test_queries(void)
{
    is_int(count(xap_query_match_all(&err)), DOCUMENTS);
    is_int(count(xap_query_match_nothing(&err)), 0);
    is_int(count(term("tous")), DOCUMENTS);
    is_int(only(term("unique")), 43);
    is_int(count(term("absent")), 0);
    is_int(count(term("chemin")), 60);
    is_int(count(join(xap_query_and, "chemin", "commun")), 60);
    is_int(count(join(xap_query_and, "chemin", "unique")), 0);
    is_int(only(join(xap_query_and, "route", "unique")), 43);
    is_int(count(join(xap_query_or, "chemin", "unique")), 61);
    is_int(count(without("tous", "chemin")), 240);
    is_int(count(without("route", "unique")), 239);
    is_int(count(without("chemin", "unique")), 60);
    is_int(count(xap_query_and(NULL, 0, &err)), 0);
    is_int(count(xap_query_or(NULL, 0, &err)), 0);

    struct xap_query *part = term("chemin");
    const struct xap_query *parts[] = {part, NULL};
    is_int(count(xap_query_or(parts, 1, &err)), 60);
    is_int(count(xap_query_and(parts, 1, &err)), 60);
    ok(!xap_query_or(parts, 2, &err));
    is_int(err.code, ERR_ARGUMENT);
    is_str(err.what, "a part of the query is missing");
    ok(!xap_query_and(parts, 2, &err));
    ok(!xap_query_and_not(part, NULL, &err));
    is_int(err.code, ERR_ARGUMENT);
    ok(!xap_query_and_not(NULL, part, &err));
    xap_query_free(part);
    xap_query_free(NULL);

    char longest[246];
    memset(longest, 'x', sizeof longest);
    ok(!xap_query_term(str_slice(longest, 246), 1, 0, &err));
    is_int(err.code, ERR_ARGUMENT);
    ok(!xap_query_term(STR(""), 1, 0, &err)); // Xapian would match everything
    is_int(err.code, ERR_ARGUMENT);
    is_int(count(xap_query_term(str_slice(longest, 245), 1, 0, &err)), 0);
}

// A query is made of copies: its parts may go before it, and be used in several.
static void test_parts(void)
{
    struct xap_query *chemin = term("chemin"), *unique = term("unique");
    struct xap_query *either = xap_query_or((const struct xap_query *[]){chemin, unique}, 2, &err);
    struct xap_query *neither = xap_query_and_not(either, chemin, &err);
    xap_query_free(chemin);
    xap_query_free(unique);
    is_int(count(either), 61);
    is_int(only(neither), 43);
}

static void test_phrases(void)
{
    struct str rue_arbre[] = {STR("rue"), STR("arbre")};
    struct str far[] = {STR("tous"), STR("commun")};
    struct str long_one[] = {STR("rue"), STR("")};
    int in_order = 0;
    for (int i = 0; i < DOCUMENTS; i++)
        in_order += i % 6 != 0;
    is_int(count(xap_query_phrase(rue_arbre, 2, 0, &err)), in_order);
    is_int(count(join(xap_query_and, "rue", "arbre")), DOCUMENTS); // in any order
    is_int(count(xap_query_phrase(far, 2, 0, &err)), 0);
    is_int(count(xap_query_phrase(far, 2, 3, &err)), 0);
    is_int(count(xap_query_phrase(far, 2, 20, &err)), DOCUMENTS - 1);
    is_int(count(xap_query_phrase(rue_arbre, 1, 0, &err)), DOCUMENTS);
    is_int(count(xap_query_phrase(NULL, 0, 0, &err)), 0);
    ok(!xap_query_phrase(long_one, 2, 0, &err));
    is_int(err.code, ERR_ARGUMENT);
}

static struct str sortable(double number, char bytes[XAP_SORTABLE_MAX])
{
    return str_slice(bytes, xap_sortable(number, bytes));
}

static void test_values(void)
{
    char low[XAP_SORTABLE_MAX];
    int above = 0, with_prior = 0;
    for (int i = 0; i < DOCUMENTS; i++) {
        above += date_of(i) >= 20090;
        with_prior += i % 2 == 0 && (i % 50) / 10.0 >= 1;
    }
    is_int(above, 30);
    is_int(count(xap_query_value_ge(SLOT_DATE, sortable(20090, low), &err)), above);
    is_int(count(xap_query_value_ge(SLOT_DATE, sortable(20100, low), &err)), 0);
    is_int(count(xap_query_value_ge(77, sortable(1, low), &err)), 0);
    // Half of the documents have no prior.
    is_int(count(xap_query_value_ge(SLOT_PRIOR, sortable(1, low), &err)), with_prior);
    is_int(count(xap_query_value_ge(SLOT_PRIOR, STR(""), &err)), DOCUMENTS);
    ok(!xap_query_value_ge(XAP_NO_SLOT, STR("a"), &err));
    is_int(err.code, ERR_ARGUMENT);
}

// An index without documents answers too.
static void test_empty(void)
{
    struct xap_writer *writer = fixture_writer("empty");
    MUST(xap_writer_commit(writer, &err), &err);
    xap_writer_close(writer);
    struct xap_db *full = db;
    db = fixture_reader("empty");
    is_int(count(xap_query_match_all(&err)), 0);
    is_int(count(term("eau")), 0);
    xap_db_close(db);
    db = full;
}

int main(void)
{
    fixture_begin();
    fill_index();
    test_queries();
    test_parts();
    test_phrases();
    test_values();
    test_empty();
    xap_db_close(db);
    arena_free(&arena);
    return tap_done();
}
