// Fuzzing of vocabularies. A first byte under 128: the rest is a table's text, which is loaded or refused with its file and line.
// Else: three texts, separated by line ends, that a source gives as format, media type and address; licences, frequencies and zones
// read the first. The others are those of the program.
#include "base/utf8.h"
#include "config/shipped.h"
#include "harvester/normalise/format.h"
#include "harvester/normalise/licence.h"
#include "harvester/normalise/table.h"
#include "harvester/normalise/vocabulary.h"
#include "harvester/normalise/zone.h"
#include "tests/fuzz/fuzz.h"

static struct str texts[3];

static void load(void)
{
    static struct arena a;
    static const char *const names[] = {"config/vocabularies/licences.tsv",
                                        "config/vocabularies/formats.tsv",
                                        "config/vocabularies/frequencies.tsv"};
    for (size_t i = 0; i < 3 && !texts[i].p; i++)
        must(shipped_file(STR_NONE, names[i], &a, &texts[i], NULL));
    must(vocabularies_load(texts[0], texts[1], texts[2], NULL));
}

static void tables(struct str s, unsigned which)
{
    struct err e = {0};
    if (vocabularies_load(which == 0 ? s : texts[0], which == 1 ? s : texts[1],
                          which == 2 ? s : texts[2], &e)) {
        vocabularies_free();
        load();
    } else {
        must(e.code == ERR_CONFIG && e.where[0] && e.what[0]);
    }
}

static void sources(struct str s)
{
    struct arena a = {0};
    struct str parts[3] = {STR_NONE, STR_NONE, STR_NONE}, rest = s;
    for (size_t i = 0; i < 3 && str_next(&rest, '\n', &parts[i]); i++)
        ;
    struct format f = format_find(&a, parts[0], parts[1], parts[2]);
    must(f.family.n > 0 && (f.known || f.id.n <= 20));
    must(f.known == (format_by_id(f.id) != NULL));
    licence_find(parts[0]);
    frequency_find(parts[0]);
    access_find(parts[0]);
    char key[TABLE_KEY_BYTES], again[TABLE_KEY_BYTES];
    struct str once = table_key(parts[0], key);
    must(utf8_valid(once) && once.n < TABLE_KEY_BYTES);
    table_key(once, again);
    struct zone z = zone_clean(&a, parts[0]);
    must(utf8_valid(z.text) && (z.text.n > 0) == (z.kind != ZONE_NONE));
    must(z.kind != ZONE_ID || str_eq(zone_clean(&a, z.text).text, z.text));
    arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!texts[0].p)
        load();
    if (size == 0)
        return 0;
    struct str s = str_slice((const char *)data + 1, size - 1);
    if (data[0] < 128)
        tables(s, data[0] % 3);
    else
        sources(s);
    return 0;
}
