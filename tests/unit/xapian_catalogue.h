// For the tests of searching: an index of 300 documents, known by heart, and a reader on it.
#pragma once

#include "tests/unit/xapian_fixture.h"

static struct err err;
static struct xap_db *db;

enum { SLOT_KIND, SLOT_TAGS, SLOT_DATE, SLOT_PRIOR, SLOT_GROUP };
enum { DOCUMENTS = 300 };

static const char *const kinds[] = {"dataset", "dataservice", "reuse"};
static const char *const tags[] = {"eau", "sol", "air", "bruit avec un nom plus long"};

// Document i (docid i + 1): what its facets and values are, for the index and for the counts by
// hand.
static inline const char *kind_of(int i)
{
    return i % 10 == 9 ? NULL : kinds[i % 3];
}

static inline bool has_tag(int i, int tag)
{
    return (i >> tag) & 1;
}

static inline double date_of(int i)
{
    return 20000 + (i * 37) % 100; // shared by three documents each
}

static inline double prior_of(int i)
{
    return i % 2 ? 0 : (i % 50) / 10.0;
}

static inline void fill_index(void)
{
    struct xap_writer *writer = fixture_writer("search");
    struct xap_doc *doc = xap_doc_new(&err);
    for (int i = 0; i < DOCUMENTS; i++) {
        struct buf list = {0};
        for (int tag = 0; tag < 4; tag++)
            if (has_tag(i, tag))
                xap_list_add(&list, str_of(tags[tag]));
        MUST(xap_doc_set_value(doc, SLOT_TAGS, buf_str(&list), &err), &err);
        buf_free(&list);
        MUST(xap_doc_set_value(doc, SLOT_KIND, str_of(kind_of(i)), &err), &err);
        fixture_number(doc, SLOT_DATE, date_of(i));
        if (i % 2 == 0)
            fixture_number(doc, SLOT_PRIOR, prior_of(i));
        char group[16], unique[16], text[128];
        snprintf(group, sizeof group, "g%d", i % 30);
        if (i >= 100)
            MUST(xap_doc_set_value(doc, SLOT_GROUP, str_of(group), &err), &err);
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

static inline struct xap_query *term(const char *word)
{
    struct xap_query *query = xap_query_term(str_of(word), 1, 0, &err);
    MUST(query, &err);
    return query;
}

static inline struct xap_matches *search(const struct xap_search *what)
{
    struct xap_matches *matches = xap_db_search(db, what, &err);
    MUST(matches, &err);
    return matches;
}

static inline struct xap_item item(const struct xap_matches *matches, uint32_t i)
{
    struct xap_item one = {0};
    MUST(xap_matches_item(matches, i, &one, &err), &err);
    return one;
}
