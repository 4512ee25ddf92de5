// The vocabularies that catalogues' words are brought to: loading of the shipped tables, and the
// small fixed lists.
//
// Tables (licences, formats, frequencies) are TSV: '#' starts a comment line, the first other line
// names the columns, aliases are separated by '|'. They are loaded once at start, then only read,
// by any thread; a reload publishes new tables in one step and keeps the old ones until
// vocabularies_free, since threads may still hold their rows.
#pragma once

#include "base/arena.h"
#include "base/err.h"

// Texts of the three files; they are copied. On an error (ERR_CONFIG, with file and line) what was
// loaded before stays.
bool vocabularies_load(struct str licences, struct str formats, struct str frequencies,
                       struct err *e);
// At the very end, when no other thread runs.
void vocabularies_free(void);

// How often a dataset is updated: the EU's frequency vocabulary
// (http://publications.europa.eu/resource/authority/frequency).
struct frequency {
    struct str code;  // "ANNUAL", "MONTHLY", "CONT", "IRREG", "NEVER", "UNKNOWN", ...
    struct str label; // in French
    double days;      // between two updates; 0 where nothing is promised (IRREG, UNKNOWN, ...)
};
// From an EU code or address, a value of udata (legacy aliases too), an ISO 19115 code, a label in
// French or English, an ISO 8601 repetition ("R/P1Y"). NULL when it is none of them.
const struct frequency *frequency_find(struct str any);

// "open", "open_with_account" or "restricted", from udata's access_type, the EU's access-right
// vocabulary (PUBLIC, RESTRICTED, NON_PUBLIC), DCAT-US's accessLevel, api.gouv.fr's openness;
// {NULL, 0} when it is none of them.
struct str access_find(struct str any);

// "public-service", "local-authority", "company" or "association" from an organization's badges,
// local-authority first (a commune is also a public service); {NULL, 0} when none says.
struct str publisher_kind_find(struct strs badges);
