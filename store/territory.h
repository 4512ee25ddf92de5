// Territories: communes, EPCI, départements, régions and what is around them, as config/territories.tsv lists
// them. The table is made once, is never changed, and is read by any number of threads. It owns its strings.
//
// Ids are those of data.gouv.fr's zones: "fr:commune:35238", "fr:epci:243500139", "fr:departement:35",
// "fr:region:53", "fr:arrondissement:353", "fr:collectivite:987", "country-subset:fr:metro", "country:fr",
// "country-group:ue", "country-group:world". Codes are those of INSEE (Code officiel géographique).
#pragma once

#include "base/arena.h"
#include "base/err.h"

// From the nearest scale to the widest.
enum territory_level {
    TERRITORY_DISTRICT, // arrondissement municipal of Paris, Lyon or Marseille
    TERRITORY_PART,     // commune déléguée or associée
    TERRITORY_COMMUNE,
    TERRITORY_EPT, // établissement public territorial of Grand Paris
    TERRITORY_EPCI,
    TERRITORY_ARRONDISSEMENT, // of a département
    TERRITORY_DEPARTEMENT,
    TERRITORY_FORMER_REGION, // of before 2016
    TERRITORY_REGION,
    TERRITORY_COLLECTIVITE, // d'outre-mer
    TERRITORY_SUBSET,       // "France métropolitaine"
    TERRITORY_COUNTRY,
    TERRITORY_GROUP, // of countries
    TERRITORY_LEVELS
};

struct territory {
    enum territory_level level;
    uint32_t index; // in the table
    struct str id, code, name;
    struct str postcodes;   // separated by spaces; may be empty
    struct str other_names; // separated by '|'; may be empty
    int64_t population;     // 0 when it is not known
    uint32_t parent_first, parent_count;
};

struct territories;

enum {
    TERRITORY_PARENTS_MAX = 12, // that one line may name
    TERRITORY_ANCESTORS_MAX = 24,
    TERRITORY_ID_BYTES = 64,
};

// Reads the text of config/territories.tsv, which is copied. NULL with *e filled (ERR_CONFIG, where = "line N") when it
// is wrong. The caller owns what is returned: territories_free.
struct territories *territories_new(struct str text, struct err *e);
void territories_free(struct territories *t); // NULL is taken

size_t territories_count(const struct territories *t);
const struct territory *territories_at(const struct territories *t, size_t index);

// By id. Former codes of communes give what they belong to now; a canton gives its département and an IRIS its commune;
// "@1970-01-01" behind an id is passed over. Overseas collectivities are found as département and as région too.
// NULL when there is none.
const struct territory *territory_find(const struct territories *t, struct str id);
// By what people write: an id, or a code alone: 5 characters are a commune, 9 digits an EPCI, 2 or 3 a département.
const struct territory *territory_find_code(const struct territories *t, struct str code);
// The communes (and their districts) of a postcode, at most `room`, in the table's order. Returns how many there are.
size_t territory_find_postcode(const struct territories *t, struct str postcode,
                               const struct territory **out, size_t room);

// What is directly around it; i < parent_count.
const struct territory *territory_parent(const struct territories *t, const struct territory *of,
                                         size_t i);
// All that contain it, itself left out, from the nearest scale to the widest. Returns their number.
// An EPCI over two départements is taken as inside both, its communes are not.
size_t territory_ancestors(const struct territories *t, const struct territory *of,
                           const struct territory *out[TERRITORY_ANCESTORS_MAX]);
// Whether `inner` is `outer` or inside it.
bool territory_contains(const struct territories *t, const struct territory *outer,
                        const struct territory *inner);
// The first ancestor of that level, or itself; NULL when there is none.
const struct territory *territory_at_level(const struct territories *t, const struct territory *of,
                                           enum territory_level level);

// "commune", "epci", "departement", ...: the words of the table and of the API.
struct str territory_level_name(enum territory_level level);
bool territory_level_find(struct str name, enum territory_level *out);
