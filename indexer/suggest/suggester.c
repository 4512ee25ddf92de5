// A suggester as a thing that is held and let go, and the names of kinds. See suggest.h.
#include "indexer/suggest/inside.h"

#include <stdlib.h>

static const struct str kind_names[SUGGEST_KINDS] = {
    [SUGGEST_DATASET] = STR("dataset"),     [SUGGEST_DATASERVICE] = STR("dataservice"),
    [SUGGEST_REUSE] = STR("reuse"),         [SUGGEST_SOFTWARE] = STR("software"),
    [SUGGEST_KEYWORD] = STR("keyword"),     [SUGGEST_ORGANIZATION] = STR("organization"),
    [SUGGEST_TERRITORY] = STR("territory"),
};

struct str suggest_kind_name(enum suggest_kind kind)
{
    return kind_names[kind];
}

bool suggest_kind_find(struct str name, enum suggest_kind *out)
{
    for (size_t i = 0; i < SUGGEST_KINDS; i++)
        if (str_eq(kind_names[i], name)) {
            *out = (enum suggest_kind)i;
            return true;
        }
    return false;
}

void suggester_hold(struct suggester *s)
{
    atomic_fetch_add(&s->holders, 1);
}

void suggester_release(struct suggester *s)
{
    if (!s || atomic_fetch_sub(&s->holders, 1) != 1)
        return;
    word_set_free(s->stop_words);
    free(s->text_at);
    free(s->value_at);
    free(s->weights);
    free(s->counts);
    free(s->pool);
    free(s->by_key);
    free(s->word_at);
    free(s->word_pool);
    free(s->postings_at);
    free(s->postings);
    free(s->name_at);
    free(s->name_entry);
    free(s->name_pool);
    for (size_t i = 0; i < s->ready_count; i++)
        free(s->ready[i].bits);
    free(s->ready);
    free(s);
}

size_t suggester_entries(const struct suggester *s)
{
    return s->count;
}

size_t suggester_bytes(const struct suggester *s)
{
    return s->bytes;
}

uint64_t suggester_revision(const struct suggester *s)
{
    return s->revision;
}
