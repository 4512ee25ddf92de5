// See labels.h.
#include "api/labels.h"

#include "harvester/normalise/format.h"
#include "harvester/normalise/licence.h"
#include "harvester/normalise/table.h"
#include "harvester/normalise/vocabulary.h"

#include <stdlib.h>

static const struct str list_names[LABELS_COUNT] = {
    [LABELS_KIND] = STR("kind"),
    [LABELS_STATUS] = STR("status"),
    [LABELS_ACCESS] = STR("access"),
    [LABELS_PUBLISHER_KIND] = STR("publisher_kind"),
    [LABELS_BADGE] = STR("badge"),
    [LABELS_DEVELOPMENT_STATUS] = STR("development_status"),
    [LABELS_TYPE] = STR("type"),
    [LABELS_FILE_TYPE] = STR("file_type"),
    [LABELS_GRANULARITY] = STR("granularity"),
    [LABELS_TERRITORY] = STR("territory"),
    [LABELS_PLACE] = STR("place"),
    [LABELS_THEME] = STR("theme"),
};

struct label {
    enum label_list list;
    struct str value, label;
    size_t row;
};

static struct {
    struct table table;
    struct label *sorted; // by list, then value
    size_t n;
} loaded;

static int lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

static int compare_values(struct str a, struct str b)
{
    for (size_t i = 0; i < a.n && i < b.n; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return lower(a.p[i]) - lower(b.p[i]);
    return (a.n > b.n) - (a.n < b.n);
}

static int compare(const void *one, const void *other)
{
    const struct label *a = one, *b = other;
    return a->list != b->list ? (int)a->list - (int)b->list : compare_values(a->value, b->value);
}

static bool read_labels(struct str text, struct err *e)
{
    enum { LIST, VALUE, LABEL };
    struct table *t = &loaded.table;
    if (!table_read(t, text, "labels.tsv", "list value label", e))
        return false;
    loaded.sorted = ARENA_ARRAY(&t->arena, struct label, t->n + 1);
    for (size_t i = 0; i < t->n; i++) {
        const struct str *cells = t->rows[i].cells;
        size_t list = 0;
        while (list < LABELS_COUNT && !str_eq(list_names[list], cells[LIST]))
            list++;
        if (list == LABELS_COUNT)
            return table_wrong(t, i, e, "there is no such list of labels");
        if (!cells[VALUE].n || !cells[LABEL].n)
            return table_wrong(t, i, e, "a value and its label must be there");
        loaded.sorted[i] = (struct label){(enum label_list)list, cells[VALUE], cells[LABEL], i};
    }
    qsort(loaded.sorted, t->n, sizeof *loaded.sorted, compare);
    for (size_t i = 1; i < t->n; i++)
        if (compare(&loaded.sorted[i - 1], &loaded.sorted[i]) == 0)
            return table_wrong(t, loaded.sorted[i].row, e, "the value has two labels");
    loaded.n = t->n;
    return true;
}

bool labels_load(struct str text, struct err *e)
{
    bool good = read_labels(text, e);
    if (!good)
        labels_free();
    return good;
}

void labels_free(void)
{
    table_free(&loaded.table);
    memset(&loaded, 0, sizeof loaded);
}

struct str label_in(enum label_list list, struct str value)
{
    struct label wanted = {.list = list, .value = value};
    const struct label *found =
        loaded.n ? bsearch(&wanted, loaded.sorted, loaded.n, sizeof wanted, compare) : NULL;
    return found ? found->label : value;
}

struct str label_of(enum facet facet, struct str value)
{
    static const struct {
        enum facet facet;
        enum label_list list;
    } lists[] = {
        {FACET_KIND, LABELS_KIND},           {FACET_STATUS, LABELS_STATUS},
        {FACET_ACCESS, LABELS_ACCESS},       {FACET_PUBLISHER_KIND, LABELS_PUBLISHER_KIND},
        {FACET_BADGE, LABELS_BADGE},         {FACET_GRANULARITY, LABELS_GRANULARITY},
        {FACET_TERRITORY, LABELS_TERRITORY}, {FACET_THEME, LABELS_THEME},
    };
    if (facet == FACET_FORMAT_FAMILY)
        return format_family_label(value);
    if (facet == FACET_FORMAT) {
        const struct format *format = format_by_id(value);
        return format ? format->label : value;
    }
    if (facet == FACET_FREQUENCY) {
        const struct frequency *frequency = frequency_find(value);
        return frequency ? frequency->label : value;
    }
    if (facet == FACET_LICENSE) {
        const struct licence *licence = licence_by_id(value);
        return licence ? licence->label : value;
    }
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (lists[i].facet == facet)
            return label_in(lists[i].list, value);
    return value;
}

struct str label_of_facet(enum facet facet)
{
    static const struct str names[FACET_COUNT] = {
        [FACET_KIND] = STR("Type"),
        [FACET_SOURCE] = STR("Catalogue"),
        [FACET_PUBLISHER] = STR("Producteur"),
        [FACET_PUBLISHER_KIND] = STR("Type de producteur"),
        [FACET_LICENSE] = STR("Licence"),
        [FACET_FORMAT] = STR("Format"),
        [FACET_FORMAT_FAMILY] = STR("Famille de formats"),
        [FACET_ACCESS] = STR("Accès"),
        [FACET_THEME] = STR("Thème"),
        [FACET_KEYWORD] = STR("Mot-clé"),
        [FACET_TERRITORY] = STR("Territoire"),
        [FACET_SCHEMA] = STR("Schéma"),
        [FACET_BADGE] = STR("Label"),
        [FACET_GRANULARITY] = STR("Maille géographique"),
        [FACET_FREQUENCY] = STR("Fréquence de mise à jour"),
        [FACET_STATUS] = STR("État"),
    };
    return names[facet];
}

struct str label_of_kinds(struct str kind)
{
    static const struct {
        struct str kind, label;
    } plurals[] = {
        {STR("dataset"), STR("jeux de données")},    {STR("dataservice"), STR("API")},
        {STR("reuse"), STR("réutilisations")},       {STR("software"), STR("logiciels")},
        {STR("organization"), STR("organisations")},
    };
    for (size_t i = 0; i < sizeof plurals / sizeof *plurals; i++)
        if (str_eq(plurals[i].kind, kind))
            return plurals[i].label;
    return kind;
}
