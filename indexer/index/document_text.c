// See document_text.h.
#include "indexer/index/document_text.h"

#include "indexer/index/fields.h"
#include "indexer/index/usage.h"

#include <stdlib.h>

enum {
    FIELD_GAP = 100,   // positions between two texts: no phrase goes from one into the other
    COLUMNS_MAX = 500, // of a record, searchable
    INITIALS_MAX = 10,
    INITIALS_LEAST = 3,
};

// A word that the next one may follow.
struct previous {
    char bytes[TEXT_TERM_BYTES];
    size_t n; // 0: none
    uint32_t position;
    bool is_code;
};

struct document_text {
    struct analyzer *analyzer;
    struct buf term;
    // Of the document at hand:
    struct xap_doc *doc;
    enum language language;
    uint32_t words[FIELD_COUNT];
    uint32_t base; // position before the text at hand
    bool good;
    struct err *error;
    // Of the text at hand:
    enum text_field field;
    struct previous word, stem; // the last word (an elided article too), the last stem that counts
    char initials[INITIALS_MAX + 1]; // of its words, one more than are kept
    size_t initial_count;
};

struct document_text *document_text_new(struct analyzer *analyzer)
{
    struct document_text *t = xcalloc(1, sizeof *t);
    t->analyzer = analyzer;
    return t;
}

void document_text_free(struct document_text *t)
{
    if (!t)
        return;
    buf_free(&t->term);
    free(t);
}

static void add_term(struct document_text *t, const char *mark, struct str prefix, struct str word)
{
    buf_clear(&t->term);
    buf_addz(&t->term, mark);
    buf_add(&t->term, prefix);
    buf_add(&t->term, word);
    t->good = t->good && xap_doc_add_term(t->doc, buf_str(&t->term), 1, t->error);
}

static void keep(struct previous *p, struct str word, const struct token *token)
{
    memcpy(p->bytes, word.p, word.n);
    p->n = word.n;
    p->position = token->position;
    p->is_code = token->kind == TOKEN_CODE;
}

static void add_two(struct document_text *t, const char *prefix, const struct previous *first,
                    const char *between, struct str second)
{
    buf_clear(&t->term);
    buf_addz(&t->term, prefix);
    buf_add(&t->term, str_slice(first->bytes, first->n));
    buf_addz(&t->term, between);
    buf_add(&t->term, second);
    t->good = t->good && xap_doc_add_term(t->doc, buf_str(&t->term), 1, t->error);
}

static bool is_article(struct str word)
{
    return word.n == 1 && (word.p[0] == 'l' || word.p[0] == 'd');
}

static bool can_fuse(enum text_field field)
{
    return field == FIELD_TITLE || field == FIELD_ACRONYM || field == FIELD_KEYWORD ||
           field == FIELD_PUBLISHER;
}

static void add_pairs(struct document_text *t, const struct token *token)
{
    bool code = token->kind == TOKEN_CODE;
    if (!token->is_stop && t->word.n && t->word.position + 1 == token->position &&
        can_fuse(t->field) && !(code && t->word.is_code))
        add_two(t, PREFIX_FUSED, &t->word, "", token->exact);
    if (!token->is_stop && t->stem.n && t->field == FIELD_TITLE)
        add_two(t, PREFIX_PAIR, &t->stem, " ", token->stem);
    if (!token->is_stop || is_article(token->exact))
        keep(&t->word, token->exact, token);
    if (!token->is_stop)
        keep(&t->stem, token->stem, token);
}

static void add_token(void *arg, const struct token *token)
{
    struct document_text *t = arg;
    if (!t->good)
        return;
    t->good = xap_doc_add_posting(t->doc, token->exact, t->base + token->position, 1, t->error);
    if (token->kind != TOKEN_JOINED)
        add_pairs(t, token);
    if (token->is_stop)
        return;
    if (token->kind != TOKEN_JOINED && t->initial_count <= INITIALS_MAX)
        t->initials[t->initial_count++] = token->exact.p[0];
    t->words[t->field] += token->kind != TOKEN_JOINED;
    add_term(t, "Z", STR(""), token->stem);
    if (t->field == FIELD_BODY)
        return;
    add_term(t, "Z", field_prefixes[t->field], token->stem);
    if (field_has_exact(t->field))
        add_term(t, "", field_prefixes[t->field], token->exact);
}

static void add_text(struct document_text *t, enum text_field field, struct str text)
{
    if (!text.n || !t->good)
        return;
    t->field = field;
    t->word.n = t->stem.n = t->initial_count = 0;
    t->base += analyze_as(t->analyzer, t->language, text, add_token, t) + FIELD_GAP;
    if (can_fuse(field) && t->initial_count >= INITIALS_LEAST && t->initial_count <= INITIALS_MAX)
        add_term(t, "", STR(PREFIX_INITIALS), str_slice(t->initials, t->initial_count));
}

static void add_texts(struct document_text *t, enum text_field field, struct strs list)
{
    for (size_t i = 0; i < list.n; i++)
        add_text(t, field, list.v[i]);
}

// As the record says, or as it plainly is.
static enum language language_of(const struct record *r, struct str description)
{
    bool said = str_starts(r->language, STR("en"));
    return said ? LANGUAGE_ENGLISH : text_language(description.n ? description : r->title);
}

bool document_text_add(struct document_text *t, const struct record *r, struct str description,
                       struct strs zone_names, struct strs more, struct xap_doc *doc, struct err *e)
{
    char lengths[LENGTHS_BYTES];
    t->doc = doc;
    t->language = language_of(r, description);
    t->base = 0;
    t->good = true;
    t->error = e;
    memset(t->words, 0, sizeof t->words);

    add_text(t, FIELD_TITLE, r->title);
    add_text(t, FIELD_ACRONYM, r->acronym);
    if (r->kind != KIND_ORGANIZATION) {
        add_text(t, FIELD_PUBLISHER, r->publisher.name);
        add_text(t, FIELD_PUBLISHER, r->publisher.acronym);
    }
    add_texts(t, FIELD_PUBLISHER, r->publisher.former_names);
    add_texts(t, FIELD_KEYWORD, r->keywords);
    add_texts(t, FIELD_ZONE, r->spatial.labels);
    add_texts(t, FIELD_ZONE, zone_names);
    for (size_t i = 0; i < r->distribution_count; i++)
        add_text(t, FIELD_DISTRIBUTION, r->distributions[i].title);
    for (size_t i = 0; i < r->field_count && i < COLUMNS_MAX; i++) {
        add_text(t, FIELD_COLUMN, r->fields[i].name);
        add_text(t, FIELD_COLUMN, r->fields[i].label);
    }
    add_text(t, FIELD_BODY, description);
    add_texts(t, FIELD_BODY, more);

    if (t->language == LANGUAGE_ENGLISH)
        t->good = t->good && xap_doc_add_boolean_term(doc, STR(TERM_ENGLISH), e);
    lengths_write(t->words, lengths);
    return t->good && xap_doc_set_value(doc, SLOT_LENGTHS, str_slice(lengths, sizeof lengths), e);
}
