// What is related to a record: through the terms that name the records that each one uses, and those that use it. An id may be that
// of any member of a brick. See search.h.
#include "indexer/search/searcher.h"

#include "base/json.h"
#include "indexer/index/usage.h"

#include <stdlib.h>

enum { TERMS_MAX = 4000 }; // of one question

// ---- Terms -----------------------------------------------------------------------------------------

struct wanted {
    const char *prefix;
    struct strs *out; // what follows the prefix in the document's terms: ids, or their hashes
};

struct taking {
    struct arena *arena;
    const struct wanted *wanted;
    size_t n;
};

static bool take_id(void *user, struct str term, uint32_t wdf)
{
    struct taking *t = user;
    (void)wdf;
    for (size_t i = 0; i < t->n; i++) {
        struct str prefix = str_of(t->wanted[i].prefix);
        if (!str_starts(term, prefix))
            continue;
        if (t->wanted[i].out->n < TERMS_MAX)
            arena_push(t->arena, t->wanted[i].out,
                       arena_str(t->arena, str_slice(term.p + prefix.n, term.n - prefix.n)));
        return true;
    }
    return term.p[0] <= 'X'; // words follow, most of the terms
}

// All in one reading of the document's terms.
static bool ids_of(struct searcher *s, uint32_t docid, const struct wanted *wanted, size_t n,
                   struct arena *a, struct err *e)
{
    struct taking t = {a, wanted, n};
    return xap_db_document_terms(s->db, docid, STR(""), take_id, &t, e);
}

// The document that stands for the id; *docid is 0 where there is none.
static bool find_document(struct searcher *s, struct str id, uint32_t *docid, struct err *e)
{
    static const char *const prefixes[] = {PREFIX_UNIQUE, PREFIX_MEMBER};
    char term[UNIQUE_TERM_MAX + 1];
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        struct err own = {0};
        if (xap_db_load(s->db, index_id_term(prefixes[i], id, term), s->doc, docid, &own))
            return true;
        if (own.code != ERR_NOT_FOUND) {
            *e = own;
            return false;
        }
    }
    *docid = 0;
    return true;
}

static void add_terms(struct arena *a, struct strs *out, const char *prefix, struct strs ids)
{
    for (size_t i = 0; i < ids.n && out->n < TERMS_MAX; i++)
        arena_push(a, out, arena_printf(a, "%s%.*s", prefix, STR_ARG(ids.v[i])));
}

bool related_terms(struct searcher *s, struct str id, enum related_way way, struct arena *a,
                   struct strs *out, struct err *e)
{
    bool users = way == RELATED_USERS;
    char term[UNIQUE_TERM_MAX + 1];
    uint32_t docid;
    struct strs own = {0}, others = {0};
    *out = (struct strs){0};
    if (!find_document(s, id, &docid, e))
        return false;
    if (!docid)
        arena_push(a, &own, arena_str(a, index_id_term("", id, term)));
    const struct wanted wanted[] = {{PREFIX_UNIQUE, &own},
                                    {PREFIX_MEMBER, &own},
                                    {users ? PREFIX_USED_BY : PREFIX_USES, &others}};
    if (docid && !ids_of(s, docid, wanted, 3, a, e))
        return false;
    add_terms(a, out, users ? PREFIX_USES : PREFIX_USED_BY, own);
    add_terms(a, out, PREFIX_UNIQUE, others);
    add_terms(a, out, PREFIX_MEMBER, others);
    return true;
}

// ---- Records ---------------------------------------------------------------------------------------

// The members of a result stand in a fixed order: those that are needed here before the description, which is most of it.
static json_t *read_head(struct str members, struct arena *a, struct err *e)
{
    ptrdiff_t description = str_find(members, STR(",\"description\":"));
    if (description >= 0)
        members.n = (size_t)description;
    return json_read(arena_printf(a, "%.*s}", STR_ARG(members)), a, NULL, e);
}

struct str search_hit_id(const struct search_hit *hit, struct arena *a)
{
    json_t *o = read_head(hit->members, a, NULL);
    struct str id = arena_str(a, jget(o, "id"));
    json_decref(o);
    return id;
}

// Of s->doc.
static bool read_record(struct searcher *s, struct arena *a, struct related_record *out,
                        struct err *e)
{
    struct str data;
    if (!xap_doc_data(s->doc, &data, e))
        return false;
    json_t *o = read_head(document_data_read(data).members, a, e);
    if (!o)
        return false;
    *out = (struct related_record){arena_str(a, jget(o, "id")), arena_str(a, jget(o, "kind")),
                                   arena_str(a, jget(o, "title"))};
    json_decref(o);
    return true;
}

struct used {
    uint32_t docid;
    double prior;
};

static void take_use(void *user, size_t i, struct str value)
{
    struct used *list = user;
    struct usage u = usage_read(value);
    list[i].prior = usage_prior(&u);
}

static int most_used_first(const void *a, const void *b)
{
    const struct used *x = a, *y = b;
    if (x->prior != y->prior)
        return x->prior < y->prior ? 1 : -1;
    return x->docid < y->docid ? -1 : x->docid > y->docid;
}

// Most records are used by none, and use none: that is seen without a search.
static bool drop_unknown(struct searcher *s, struct strs *terms, struct err *e)
{
    size_t n = 0;
    for (size_t i = 0; i < terms->n; i++) {
        uint32_t documents;
        if (!term_count(s, terms->v[i], &documents, e))
            return false;
        if (documents)
            terms->v[n++] = terms->v[i];
    }
    terms->n = n;
    return true;
}

static bool find_related(struct searcher *s, struct str id, enum related_way way, size_t most,
                         struct arena *a, struct related *out, struct err *e)
{
    struct strs terms;
    struct xap_docids found;
    uint32_t itself;
    if (!related_terms(s, id, way, a, &terms, e) || !drop_unknown(s, &terms, e))
        return false;
    if (!terms.n)
        return true;
    if (!find_document(s, id, &itself, e))
        return false;
    struct xap_query *q = query_any_term(&terms, e);
    bool good = q && xap_db_match(s->db, q, a, &found, e);
    xap_query_free(q);
    if (!good)
        return false;
    struct used *list = ARENA_ARRAY(a, struct used, found.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < found.n; i++)
        list[i].docid = found.v[i];
    if (!xap_db_values(s->db, SLOT_USE, found.v, found.n, take_use, list, e))
        return false;
    for (size_t i = 0; i < found.n; i++)
        if (list[i].docid != itself)
            list[n++] = list[i];
    qsort(list, n, sizeof *list, most_used_first);
    most = most < SEARCH_RELATED_MAX ? most : SEARCH_RELATED_MAX;
    out->total = (int64_t)n;
    out->v = ARENA_ARRAY(a, struct related_record, most + 1);
    for (size_t i = 0; i < n && i < most; i++, out->n++)
        if (!xap_db_load_docid(s->db, list[i].docid, s->doc, e) ||
            !read_record(s, a, &out->v[i], e))
            return false;
    return true;
}

static bool find_records(struct searcher *s, struct strs ids, struct arena *a,
                         struct related_record *out, struct err *e)
{
    for (size_t i = 0; i < ids.n; i++) {
        uint32_t docid;
        out[i] = (struct related_record){0};
        if (!find_document(s, ids.v[i], &docid, e) || (docid && !read_record(s, a, &out[i], e)))
            return false;
    }
    return true;
}

// ---- With an index that moves ------------------------------------------------------------------------

// Whether it was overtaken by the writer: then once more, on what is there now.
static bool was_overtaken(struct searcher *s, struct err *e)
{
    if (e->code != ERR_MODIFIED && e->code != ERR_CORRUPT && e->code != ERR_IO)
        return false;
    searcher_close(s);
    *e = (struct err){0};
    return true;
}

static bool related_now(struct searcher *s, struct str id, enum related_way way, size_t most,
                        struct arena *a, struct related *out, struct err *e)
{
    *out = (struct related){0};
    return searcher_open(s, e) && find_related(s, id, way, most, a, out, e);
}

bool searcher_related(struct searcher *s, struct str id, enum related_way way, size_t most,
                      struct arena *a, struct related *out, struct err *e)
{
    return related_now(s, id, way, most, a, out, e) ||
           (was_overtaken(s, e) && related_now(s, id, way, most, a, out, e));
}

static bool records_now(struct searcher *s, struct strs ids, struct arena *a,
                        struct related_record *out, struct err *e)
{
    return searcher_open(s, e) && find_records(s, ids, a, out, e);
}

bool searcher_records(struct searcher *s, struct strs ids, struct arena *a,
                      struct related_record *out, struct err *e)
{
    return records_now(s, ids, a, out, e) ||
           (was_overtaken(s, e) && records_now(s, ids, a, out, e));
}
