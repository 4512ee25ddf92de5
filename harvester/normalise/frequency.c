// frequency_find of vocabulary.h, by the table config/vocabularies/frequencies.tsv.
#include "harvester/normalise/loaded.h"

bool frequencies_read(struct vocabularies *v, struct str text, struct err *e)
{
    enum { CODE, LABEL, DAYS, ALIASES };
    struct table *t = &v->frequencies;
    if (!table_read(t, text, "frequencies.tsv", "code label days aliases", e))
        return false;
    v->frequency = ARENA_ARRAY(&t->arena, struct frequency, t->n);
    for (size_t i = 0; i < t->n; i++) {
        const struct str *cells = t->rows[i].cells;
        struct frequency *f = &v->frequency[i];
        f->code = cells[CODE];
        f->label = cells[LABEL];
        if (!str_to_real(cells[DAYS], &f->days) || f->days < 0 || f->days > 36600)
            return table_wrong(t, i, e, "days must be a number from 0 to 36600");
        if (!table_name(t, f->code, i, e) || !table_name(t, f->label, i, e) ||
            !table_name_all(t, cells[ALIASES], i, e))
            return false;
    }
    return true;
}

const struct frequency *frequency_find(struct str any)
{
    static const struct str before[] = {
        STR("publications europa eu resource authority frequency "), STR("nal frequency "),
        STR("purl org cld freq "), STR("purl org cld terms "),
        STR("inspire ec europa eu metadata codelist maintenancefrequency ")};
    const struct vocabularies *v = vocabularies_in_force();
    size_t row = v ? table_first(&v->frequencies, any) : SIZE_MAX;
    if (row != SIZE_MAX) // a code of ours, as it stands
        return &v->frequency[row];
    char bytes[TABLE_KEY_BYTES];
    struct str key = table_key(any, bytes);
    for (size_t i = 0; i < sizeof before / sizeof *before; i++)
        if (str_starts(key, before[i]))
            key = str_slice(key.p + before[i].n, key.n - before[i].n);
    row = v ? table_find(&v->frequencies, key) : SIZE_MAX;
    return row == SIZE_MAX ? NULL : &v->frequency[row];
}
