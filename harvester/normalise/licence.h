// Licences, by the table config/vocabularies/licences.tsv (loading: vocabulary.h). Any thread.
#pragma once

#include "base/str.h"

struct licence {
    struct str id;    // SPDX where it has one, else data.gouv.fr's
    struct str label; // in French where that is official
    struct str url;   // the official text; may be empty
    bool open;        // meets the Open Definition or is free software's
};

// From an id (SPDX, data.gouv.fr, CKAN), a title, an address. Case, http or https, "www.", a slash
// at the end, runs of spaces and punctuation do not matter. NULL when it is not in the table: the
// caller keeps its text as the label, with no id, not open. The result lives as long as the tables.
const struct licence *licence_find(struct str any);
// The same by a key (table_key, table.h) as it stands: an address is found whole, or not.
const struct licence *licence_of_key(struct str key);
// By the id alone, exactly, as stored in records. NULL when it is not in the table.
const struct licence *licence_by_id(struct str id);
