// See syntax_names.h.
#include "indexer/search/syntax_names.h"

#include "indexer/text/text.h"
#include "store/record.h"

#define TEXT(name, where)                                                                          \
    {                                                                                              \
        STR(name),                                                                                 \
        {                                                                                          \
            false, where, 0                                                                        \
        }                                                                                          \
    }
#define FILTER(name, which)                                                                        \
    {                                                                                              \
        STR(name),                                                                                 \
        {                                                                                          \
            true, 0, which                                                                         \
        }                                                                                          \
    }

// Folded, written as one word. The names of the filters themselves need not be here.
static const struct {
    struct str name;
    struct field_name means;
} names[] = {
    TEXT("title", FIELD_TITLE),
    TEXT("titre", FIELD_TITLE),
    TEXT("acronym", FIELD_ACRONYM),
    TEXT("acronyme", FIELD_ACRONYM),
    TEXT("sigle", FIELD_ACRONYM),
    TEXT("publisher", FIELD_PUBLISHER),
    TEXT("producteur", FIELD_PUBLISHER),
    TEXT("organization", FIELD_PUBLISHER),
    TEXT("organisation", FIELD_PUBLISHER),
    TEXT("keyword", FIELD_KEYWORD),
    TEXT("motcle", FIELD_KEYWORD),
    TEXT("motscles", FIELD_KEYWORD),
    TEXT("tag", FIELD_KEYWORD),
    TEXT("zone", FIELD_ZONE),
    TEXT("lieu", FIELD_ZONE),
    TEXT("distribution", FIELD_DISTRIBUTION),
    TEXT("resource", FIELD_DISTRIBUTION),
    TEXT("ressource", FIELD_DISTRIBUTION),
    TEXT("fichier", FIELD_DISTRIBUTION),
    TEXT("column", FIELD_COLUMN),
    TEXT("colonne", FIELD_COLUMN),
    TEXT("description", FIELD_BODY),
    FILTER("type", FACET_KIND),
    FILTER("catalogue", FACET_SOURCE),
    FILTER("typeproducteur", FACET_PUBLISHER_KIND),
    FILTER("licence", FACET_LICENSE),
    FILTER("famille", FACET_FORMAT_FAMILY),
    FILTER("acces", FACET_ACCESS),
    FILTER("territoire", FACET_TERRITORY),
    FILTER("label", FACET_BADGE),
    FILTER("granularite", FACET_GRANULARITY),
    FILTER("maille", FACET_GRANULARITY),
    FILTER("frequence", FACET_FREQUENCY),
    FILTER("statut", FACET_STATUS),
    FILTER("etat", FACET_STATUS),
};

static const struct {
    struct str word;
    enum record_kind kind;
} kind_words[] = {
    {STR("jeu"), KIND_DATASET},
    {STR("jeudedonnees"), KIND_DATASET},
    {STR("jeuxdedonnees"), KIND_DATASET},
    {STR("api"), KIND_DATASERVICE},
    {STR("reutilisation"), KIND_REUSE},
    {STR("logiciel"), KIND_SOFTWARE},
    {STR("organisation"), KIND_ORGANIZATION},
};

// Folded, and nothing between the words.
static struct str squeeze(struct buf *scratch, struct str s)
{
    buf_clear(scratch);
    text_fold(scratch, s);
    size_t n = 0;
    for (size_t i = 0; i < scratch->n; i++)
        if (scratch->p[i] != ' ')
            scratch->p[n++] = scratch->p[i];
    scratch->n = n;
    return buf_str(scratch);
}

// publisher_kind -> publisherkind
static bool is_filter_name(struct str squeezed, struct str filter)
{
    size_t at = 0;
    for (size_t i = 0; i < filter.n; i++) {
        if (filter.p[i] == '_')
            continue;
        if (at == squeezed.n || squeezed.p[at++] != filter.p[i])
            return false;
    }
    return at == squeezed.n;
}

bool field_name_find(struct str name, struct buf *scratch, struct field_name *out)
{
    struct str squeezed = squeeze(scratch, name);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(names[i].name, squeezed)) {
            *out = names[i].means;
            return true;
        }
    for (size_t i = 0; i < FACET_COUNT; i++)
        if (is_filter_name(squeezed, facet_fields[i].name)) {
            *out = (struct field_name){.is_filter = true, .facet = (enum facet)i};
            return true;
        }
    return false;
}

static bool read_kind(struct str *value, struct buf *scratch)
{
    struct str squeezed = squeeze(scratch, *value);
    for (size_t i = 0; i < sizeof kind_words / sizeof *kind_words; i++) {
        struct str word = kind_words[i].word;
        bool plural =
            squeezed.n == word.n + 1 && squeezed.p[word.n] == 's' && str_starts(squeezed, word);
        if (plural || str_eq(squeezed, word)) {
            *value = record_kind_name(kind_words[i].kind);
            return true;
        }
    }
    enum record_kind kind;
    return record_kind_find(*value, &kind);
}

static struct str lower(struct arena *a, struct str s)
{
    char *p = arena_bytes(a, s.n);
    for (size_t i = 0; i < s.n; i++)
        p[i] = (char)(s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] | 0x20 : s.p[i]);
    return str_slice(p, s.n);
}

// Codes ("35", "2A", "fr:region:53") make a filter; names are looked for among the labels of zones.
static bool is_zone_code(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == ':' || (s.p[i] >= '0' && s.p[i] <= '9'))
            return true;
    return false;
}

bool field_value_read(struct field_name *name, struct str *value, struct buf *scratch,
                      struct arena *a)
{
    // "publisher:data.gouv.fr:organization.5f..." is an id: the filter of that name.
    if (!name->is_filter && name->field == FIELD_PUBLISHER && str_find_char(*value, ':') > 0 &&
        str_find_char(*value, ' ') < 0)
        *name = (struct field_name){.is_filter = true, .facet = FACET_PUBLISHER};
    if (!name->is_filter)
        return true;
    enum record_status status;
    switch (name->facet) {
    case FACET_TERRITORY:
        if (!is_zone_code(*value))
            *name = (struct field_name){.field = FIELD_ZONE};
        return true;
    case FACET_KIND:
        *value = lower(a, *value);
        return read_kind(value, scratch);
    case FACET_STATUS:
        *value = lower(a, *value);
        return record_status_find(*value, &status);
    case FACET_ACCESS:
        *value = lower(a, *value);
        return record_access_find(*value) != ACCESS_UNKNOWN;
    case FACET_SOURCE:
    case FACET_PUBLISHER_KIND:
    case FACET_FORMAT:
    case FACET_FORMAT_FAMILY:
    case FACET_THEME:
    case FACET_BADGE:
    case FACET_GRANULARITY:
        *value = lower(a, *value);
        return true;
    default:
        return true;
    }
}
