// indexer/xapian, many documents at once: which match, how often a term is in each, their values, counts of values, columns, and what
// terms weigh most. All against what was written; then each failure.
#include "tests/unit/xapian_fixture.h"

#include "tests/tap.h"

#include <math.h>

static struct err err;
static struct arena arena;

enum { DOCUMENTS = 3000, SLOT_NUMBER = 3, SLOT_NOTHING = 9 };

// Document i + 1 (every fifth one was removed): "pair" as often as i % 4, the boolean term Kn, values for some.
static bool exists(uint32_t docid)
{
    return docid % 5 != 0;
}

static void fill(void)
{
    struct xap_writer *writer = fixture_writer("index");
    struct xap_doc *doc = xap_doc_new(&err);
    MUST(doc, &err);
    for (uint32_t docid = 1; docid <= DOCUMENTS; docid++) {
        char bytes[32];
        uint32_t at = 0, got = 0;
        MUST(xap_doc_add_posting(doc, STR("tous"), ++at, 1, &err), &err);
        for (uint32_t i = 0; i < docid % 4; i++)
            MUST(xap_doc_add_posting(doc, STR("pair"), ++at, 1, &err), &err);
        snprintf(bytes, sizeof bytes, "K%u", docid % 7);
        MUST(xap_doc_add_boolean_term(doc, str_of(bytes), &err), &err);
        if (docid % 3 == 0) {
            snprintf(bytes, sizeof bytes, "v%u", docid % 9);
            MUST(xap_doc_set_value(doc, SLOT_NUMBER, str_of(bytes), &err), &err);
        }
        snprintf(bytes, sizeof bytes, "Q%u", docid);
        MUST(xap_writer_replace(writer, str_of(bytes), doc, &got, &err), &err);
        MUST(got == docid, NULL);
        MUST(xap_doc_clear(doc, &err), &err);
    }
    for (uint32_t docid = 5; docid <= DOCUMENTS; docid += 5) {
        char bytes[32];
        snprintf(bytes, sizeof bytes, "Q%u", docid);
        MUST(xap_writer_delete(writer, str_of(bytes), NULL, &err), &err);
    }
    MUST(xap_writer_commit(writer, &err), &err);
    xap_doc_free(doc);
    xap_writer_close(writer);
}

// ---- Matches -----------------------------------------------------------------------------------------

static bool is_pair(uint32_t docid)
{
    return docid % 4 > 0;
}

static bool is_three(uint32_t docid)
{
    return docid % 7 == 3;
}

static bool is_pair_and_three(uint32_t docid)
{
    return is_pair(docid) && is_three(docid);
}

static bool is_pair_not_three(uint32_t docid)
{
    return is_pair(docid) && !is_three(docid);
}

static bool always(uint32_t docid)
{
    return docid > 0;
}

static bool never(uint32_t docid)
{
    return docid == 0;
}

static bool is_not_three(uint32_t docid)
{
    return !is_three(docid);
}

static bool is_from(uint32_t docid)
{
    return docid % 9 == 6; // "v6"; v3 and v0 are below it
}

static void matches(struct xap_db *db, struct xap_query *query, bool (*wanted)(uint32_t))
{
    struct xap_docids found;
    MUST(query, &err);
    ok(xap_db_match(db, query, &arena, &found, &err));
    size_t n = 0, wrong = 0;
    for (uint32_t docid = 1; docid <= DOCUMENTS; docid++)
        if (exists(docid) && wanted(docid)) {
            wrong += n >= found.n || found.v[n] != docid;
            n++;
        }
    is_int(found.n, n);
    is_int(wrong, 0); // all of them, in ascending order
    xap_query_free(query);
}

static void match(struct xap_db *db)
{
    struct xap_query *pair = xap_query_term(STR("pair"), 1, 0, &err),
                     *three = xap_query_term(STR("K3"), 1, 0, &err);
    const struct xap_query *both[] = {pair, three};
    matches(db, xap_query_match_all(&err), always);
    matches(db, xap_query_match_nothing(&err), never);
    matches(db, xap_query_term(STR("inconnu"), 1, 0, &err), never);
    matches(db, xap_query_and(both, 2, &err), is_pair_and_three);
    matches(db, xap_query_and_not(pair, three, &err), is_pair_not_three);
    matches(db, xap_query_value_ge(SLOT_NUMBER, STR("v6"), &err), is_from);
    struct xap_query *again = xap_query_and(both, 1, &err);
    matches(db, again, is_pair);
    xap_query_free(pair);
    xap_query_free(three);
}

// A term that every document has, over docids with gaps: Xapian's own way with it fails (xap_everywhere.cc).
static void everywhere(struct xap_db *db)
{
    struct xap_query *all = xap_query_term(STR("tous"), 1, 0, &err),
                     *pair = xap_query_term(STR("pair"), 1, 0, &err),
                     *three = xap_query_term(STR("K3"), 1, 0, &err);
    const struct xap_query *both[] = {all, pair}, *others[] = {three, all};
    uint32_t n = 0;
    MUST(xap_db_term_frequency(db, STR("tous"), &n, &err), &err);
    is_int(n, DOCUMENTS - DOCUMENTS / 5);
    matches(db, xap_query_and(both, 1, &err), always);
    matches(db, xap_query_and(both, 2, &err), is_pair);
    matches(db, xap_query_or(others, 2, &err), always);
    matches(db, xap_query_and_not(all, three, &err), is_not_three);
    matches(db, xap_query_and_not(three, all, &err), never);
    matches(db, xap_query_phrase((struct str[]){STR("tous"), STR("pair")}, 2, 0, &err), is_pair);
    struct xap_query *narrow = xap_query_and_not(all, three, &err);
    matches(db, xap_query_and((const struct xap_query *[]){pair, narrow}, 2, &err),
            is_pair_not_three);
    xap_query_free(narrow);
    xap_query_free(all);
    xap_query_free(pair);
    xap_query_free(three);
}

// ---- Counts ------------------------------------------------------------------------------------------

static uint32_t docids[DOCUMENTS], counts[DOCUMENTS];
static size_t n_docids;

static void take_every(uint32_t first, uint32_t step)
{
    n_docids = 0;
    for (uint32_t docid = first; docid <= DOCUMENTS; docid += step)
        if (exists(docid))
            docids[n_docids++] = docid;
}

static void count(struct xap_db *db)
{
    static const uint32_t steps[] = {1, 2, 13, 700};
    for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
        size_t wrong = 0;
        take_every(1, steps[s]);
        memset(counts, 0xFF, sizeof counts);
        ok(xap_db_counts(db, STR("pair"), docids, n_docids, counts, &err));
        for (size_t i = 0; i < n_docids; i++)
            wrong += counts[i] != docids[i] % 4;
        ok(xap_db_counts(db, STR("K3"), docids, n_docids, counts, &err)); // boolean terms: 1
        for (size_t i = 0; i < n_docids; i++)
            wrong += counts[i] != is_three(docids[i]);
        ok(xap_db_counts(db, STR("inconnu"), docids, n_docids, counts, &err));
        for (size_t i = 0; i < n_docids; i++)
            wrong += counts[i] != 0;
        is_int(wrong, 0);
    }
    // Documents that are gone, and beyond the last one: none.
    static const uint32_t others[] = {4, 5, 6, 10, DOCUMENTS - 1, DOCUMENTS + 1, UINT32_MAX};
    ok(xap_db_counts(db, STR("tous"), others, 7, counts, &err));
    static const uint32_t wanted[] = {1, 0, 1, 0, 1, 0, 0};
    for (size_t i = 0; i < 7; i++)
        is_int(counts[i], wanted[i]);
    ok(xap_db_counts(db, STR("tous"), NULL, 0, NULL, &err));
}

// ---- Values ------------------------------------------------------------------------------------------

static size_t called, misplaced;

static void check_value(void *user, size_t i, struct str value)
{
    char wanted[16];
    snprintf(wanted, sizeof wanted, "v%u", docids[i] % 9);
    called++;
    misplaced += docids[i] % 3 != 0 || !str_eq(value, str_of(wanted)) || user != &called;
}

static void values(struct xap_db *db)
{
    static const uint32_t steps[] = {1, 2, 13, 700};
    for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
        size_t wanted = 0;
        take_every(1, steps[s]);
        for (size_t i = 0; i < n_docids; i++)
            wanted += docids[i] % 3 == 0;
        called = misplaced = 0;
        ok(xap_db_values(db, SLOT_NUMBER, docids, n_docids, check_value, &called, &err));
        is_int(called, wanted);
        is_int(misplaced, 0);
    }
    called = 0;
    ok(xap_db_values(db, SLOT_NOTHING, docids, n_docids, check_value, &called, &err));
    ok(xap_db_values(db, SLOT_NUMBER, NULL, 0, check_value, &called, &err));
    is_int(called, 0);
}

// ---- The heaviest ------------------------------------------------------------------------------------

static const struct xap_bm25 bm25 = {1, 0, 1, 0.4, 0.5};

// What "pair", times 2, and "tous", times 0.5, weigh together in document `docid`, by hand: BM25 as Xapian documents it. A text has
// "tous" once and "pair" docid % 4 times: a document is 1 + docid % 4 long, of 2400 that are 2.5 on average and of which 1800 have
// "pair". Both are in more than a third of the documents: their rarity is 1 + half of their odds, as a logarithm.
static double weight_by_hand(uint32_t docid)
{
    double pair = docid % 4, norm = 0.4 * fmax((1 + pair) / 2.5, 0.5) + 0.6;
    double pair_rarity = log(1 + 0.5 * 600.5 / 1800.5), tous_rarity = log(1 + 0.5 * 0.5 / 2400.5);
    return 2 * pair_rarity * 2 * pair / (norm + pair) + 0.5 * tous_rarity * 2 / (norm + 1);
}

// The same for a rare word of two of the documents: the logarithm of the odds.
static void heaviest_rare(void)
{
    struct xap_writer *writer = fixture_writer("rare");
    struct xap_doc *doc = xap_doc_new(&err);
    static const char *const texts[] = {"rare long long long", "autre", "rare rare", "autre mot"};
    for (int i = 0; i < 20; i++) {
        char unique[16];
        snprintf(unique, sizeof unique, "Q%d", i);
        fixture_add(writer, doc, unique, i < 4 ? texts[i] : "deux mots");
    }
    MUST(xap_writer_commit(writer, &err), &err);
    xap_doc_free(doc);
    xap_writer_close(writer);
    struct xap_db *db = fixture_reader("rare");
    static const struct xap_part rare[] = {{STR("rare"), 1, true}};
    struct xap_best best;
    struct xap_weighed next = {0};
    double average = (4 + 1 + 2 + 2 + 16 * 2) / 20.0, rarity = log(18.5 / 2.5);
    double third = rarity * 2 * 2 / (0.4 * (2 / average) + 0.6 + 2),
           first = rarity * 2 / (0.4 * (4 / average) + 0.6 + 1);
    ok(xap_db_best(db, rare, 1, bm25, 1, &arena, &best, &err));
    ok(fabs(best.own - first) < 1e-9);
    ok(xap_best_next(&best, &next) && next.docid == 3 && fabs(next.weight - third) < 1e-9);
    ok(xap_best_next(&best, &next) && next.docid == 1 && fabs(next.weight - first) < 1e-9);
    ok(!xap_best_next(&best, &next));
    // k1 = 0: occurrences do not count, only rarity.
    static const struct xap_bm25 flat = {0, 0, 0, 0, 0.5};
    ok(xap_db_best(db, rare, 1, flat, 3, &arena, &best, &err));
    ok(fabs(best.own - rarity) < 1e-9);
    ok(xap_best_next(&best, &next) && next.docid == 1 && fabs(next.weight - rarity) < 1e-9);
    xap_db_close(db);
}

// All that a finding part has, the heaviest first, of equal ones the lowest docid, with the weights computed by hand: with lengths
// read from the index, then from memory.
static void heaviest(struct xap_db *db)
{
    static const struct xap_part parts[] = {
        {STR("tous"), 0.5, false}, {STR("pair"), 2, true}, {STR("inconnu"), 3, true}};
    for (int round = 0; round < 3; round++) {
        struct xap_best best;
        struct xap_weighed next;
        size_t wrong = 0, n = 0;
        ok(xap_db_best(db, parts, 3, bm25, 7, &arena, &best, &err));
        is_int(best.n, 1800);
        ok(fabs(best.own - weight_by_hand(7)) < 1e-9);
        double last = 1e9;
        uint32_t last_docid = 0;
        for (; xap_best_next(&best, &next); n++) {
            wrong += !exists(next.docid) || !is_pair(next.docid);
            wrong += fabs(next.weight - weight_by_hand(next.docid)) > 1e-9;
            wrong += next.weight > last || (next.weight >= last && next.docid < last_docid);
            last = next.weight;
            last_docid = next.docid;
        }
        is_int(n, 1800);
        is_int(wrong, 0);
    }

    // None of the parts finds; no part at all; a document that is not found.
    struct xap_best best;
    struct xap_weighed next;
    ok(xap_db_best(db, parts, 1, bm25, 7, &arena, &best, &err));
    is_int(best.n, 0);
    ok(!(best.own > 0));
    ok(!xap_best_next(&best, &next));
    ok(xap_db_best(db, NULL, 0, bm25, 0, &arena, &best, &err));
    is_int(best.n, 0);
    ok(xap_db_best(db, parts, 3, bm25, UINT32_MAX, &arena, &best, &err));
    ok(!(best.own > 0));
    static const struct xap_part bad[] = {{STR(""), 1, true}, {STR("pair"), 0, true}};
    ok(!xap_db_best(db, bad, 1, bm25, 0, &arena, &best, &err));
    is_str(err.what, "a term is empty");
    ok(!xap_db_best(db, bad + 1, 1, bm25, 0, &arena, &best, &err));
    is_str(err.what, "a factor that is not positive");
}

// ---- Failures ----------------------------------------------------------------------------------------

static void refused(struct xap_db *db)
{
    char longest[XAP_TERM_MAX + 1];
    memset(longest, 'k', sizeof longest);
    ok(!xap_db_counts(db, STR(""), docids, 1, counts, &err));
    is_int(err.code, ERR_ARGUMENT);
    is_str(err.what, "a term is empty");
    ok(!xap_db_counts(db, str_slice(longest, sizeof longest), docids, 1, counts, &err));
    is_int(err.code, ERR_ARGUMENT);
    ok(xap_db_counts(db, str_slice(longest, XAP_TERM_MAX), docids, 1, counts, &err));
    is_int(counts[0], 0);
    ok(!xap_db_values(db, XAP_NO_SLOT, docids, 1, check_value, NULL, &err));
    is_int(err.code, ERR_ARGUMENT);
}

static void rewrite(struct xap_writer *writer, int round)
{
    struct xap_doc *doc = xap_doc_new(&err);
    for (int i = 1; i <= DOCUMENTS; i++) {
        char unique[16], text[64];
        snprintf(unique, sizeof unique, "Q%d", i);
        snprintf(text, sizeof text, "tous tour%d mot%d", round, i);
        MUST(xap_doc_set_value(doc, SLOT_NUMBER, str_of(text), &err), &err);
        fixture_add(writer, doc, unique, text);
    }
    MUST(xap_writer_commit(writer, &err), &err);
    xap_doc_free(doc);
}

// The writer went two commits ahead: each says so, and goes on once the reader is reopened.
static void overtaken(void)
{
    struct xap_writer *writer = fixture_writer("index");
    struct xap_db *db = fixture_reader("index");
    struct xap_query *query = xap_query_term(STR("tous"), 1, 0, &err);
    struct xap_docids found;
    for (int i = 0; i < 4; i++)
        rewrite(writer, i);
    take_every(1, 1);
    ok(!xap_db_counts(db, STR("tous"), docids, n_docids, counts, &err));
    is_int(err.code, ERR_MODIFIED);
    called = 0;
    ok(!xap_db_values(db, SLOT_NUMBER, docids, n_docids, check_value, &called, &err));
    is_int(err.code, ERR_MODIFIED);
    ok(!xap_db_match(db, query, &arena, &found, &err));
    is_int(err.code, ERR_MODIFIED);
    ok(xap_db_reopen(db, NULL, &err));
    MUST(xap_db_match(db, query, &arena, &found, &err), &err);
    is_int(found.n, DOCUMENTS);
    xap_query_free(query);
    xap_db_close(db);
    xap_writer_close(writer);
}

static void empty_index(void)
{
    struct xap_writer *writer = fixture_writer("empty");
    MUST(xap_writer_commit(writer, &err), &err);
    xap_writer_close(writer);
    struct xap_db *db = fixture_reader("empty");
    matches(db, xap_query_match_all(&err), never);
    static const uint32_t one = 1;
    ok(xap_db_counts(db, STR("tous"), &one, 1, counts, &err));
    is_int(counts[0], 0);
    called = 0;
    ok(xap_db_values(db, SLOT_NUMBER, &one, 1, check_value, &called, &err));
    is_int(called, 0);
    xap_db_close(db);
}

int main(void)
{
    fixture_begin();
    fill();
    struct xap_db *db = fixture_reader("index");
    match(db);
    everywhere(db);
    count(db);
    values(db);
    heaviest(db);
    heaviest_rare();
    refused(db);
    xap_db_close(db);
    overtaken();
    empty_index();
    arena_free(&arena);
    return tap_done();
}
