// The vocabularies in force, as their files read them: for licence.c, format.c and frequency.c
// alone. Each publication is complete and never changes; older ones stay until vocabularies_free.
#pragma once

#include "harvester/normalise/format.h"
#include "harvester/normalise/licence.h"
#include "harvester/normalise/table.h"
#include "harvester/normalise/vocabulary.h"

struct vocabularies {
    struct table licences, formats, frequencies;
    // One for each row of the table; they live in its arena.
    struct licence *licence;
    struct format *format;
    unsigned char *precision; // of formats: 0 to 2
    struct frequency *frequency;
    struct vocabularies *older;
};

// NULL before the first loading.
const struct vocabularies *vocabularies_in_force(void);

// From a file's text to rows and their spellings. ERR_CONFIG names file and line.
bool licences_read(struct vocabularies *v, struct str text, struct err *e);
bool formats_read(struct vocabularies *v, struct str text, struct err *e);
bool frequencies_read(struct vocabularies *v, struct str text, struct err *e);
