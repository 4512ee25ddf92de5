// Places: territories by the words people use for them. In texts (titles, names of publishers, queries), for a
// record as a whole, and for completion while one types.
//
// A struct places is made once, is never changed, and is read by any number of threads. It borrows the territories, and
// owns the rest. Functions that take an analyzer are confined to its thread, as it is.
#pragma once

#include "base/arena.h"
#include "indexer/text/text.h"
#include "store/territory.h"

struct places;

enum {
    PLACES_WORDS_MAX = 160, // of a text that are read; the rest is passed over
    PLACES_FOUND_MAX = 12,  // in one text
    PLACES_QUERY_BYTES = 200,
};

// `words`: the text of config/place-words.txt; copied. NULL with *e filled (ERR_CONFIG, where = "line N"). The caller owns what
// is returned: places_free.
struct places *places_new(const struct territories *t, struct str words, struct err *e);
void places_free(struct places *p); // NULL is taken
const struct territories *places_territories(const struct places *p);

// ---- Texts ---------------------------------------------------------------------------------------

enum place_text {
    PLACE_TITLE,
    PLACE_PUBLISHER, // a name that may be a place's own, or that of a service of it
    PLACE_QUERY,     // as a title, without regard to capital letters
    PLACE_LABEL,     // the name of a zone: all of it is a place, or nothing
};

struct place_found {
    const struct territory *place;
    uint32_t first, count; // words, from 0, as the analyzer counts them
    size_t start, end;     // bytes [start, end) of the text
};

// The places that a text names, in its order, at most PLACES_FOUND_MAX of them; each place once. `near` (may be NULL) is
// where the text comes from: it decides between places of one name, and lets small ones be believed. Returns their
// number.
size_t places_in_text(const struct places *p, struct analyzer *analyzer, struct str text,
                      enum place_text kind, const struct territory *near,
                      struct place_found out[PLACES_FOUND_MAX]);

// ---- Records -------------------------------------------------------------------------------------

enum place_source { PLACE_BY_ZONE, PLACE_BY_LABEL, PLACE_BY_TITLE, PLACE_BY_PUBLISHER };

struct record_place {
    struct str zone;               // an id
    const struct territory *place; // NULL for a zone that the table does not have
    enum place_source source;
};

struct place_record {
    struct strs zones, labels; // spatial.zones, spatial.labels
    struct str title, publisher_name, publisher_kind;
};

struct record_places {
    struct record_place *v; // in the arena
    size_t n;
};

// The territory of a record: its own zones and those that its labels name; where it has none, the title's and the publisher's own
// (places_of_publisher). The publisher's is left out where the title names a département or wider, or a part of it. Each zone
// once.
struct record_places places_of_record(const struct places *p, struct analyzer *analyzer,
                                      const struct place_record *record, struct arena *a);
// A publisher's own territory: that of a local authority or of a local service of the State, France for a national one. NULL when it cannot
// be told.
const struct territory *places_of_publisher(const struct places *p, struct analyzer *analyzer,
                                            struct str name, struct str kind);

// ---- Meaning of the filter -----------------------------------------------------------------------
//
// What is indexed of a record is its zones (one kind of term) and all zones that contain one of them (another). A filter by zone Z keeps the
// records that have Z as an ancestor (they are inside Z), or Z or one of its ancestors as a zone.

// All that contain one of the record's zones, each once, those that are its zones too left out. In the arena.
struct strs places_ancestors(const struct places *p, const struct record_places *record,
                             struct arena *a);
// A filter's zone, as people give it (see territory_find_code), then what contains it, from the nearest scale to the
// widest. A zone that the table does not have is alone, but for a country: the world is around it.
struct strs places_filter_zones(const struct places *p, struct str zone, struct arena *a);

// ---- Completion ----------------------------------------------------------------------------------

struct place_suggestion {
    const struct territory *place;
    bool exact; // its name, its code or its postcode is what was typed
};

// Territories that have a word of their names begin with `typed` (accents, hyphens and case do not count, "st" is "saint"), or their code
// or postcode. Exact names first, then the most populous. `level`: TERRITORY_LEVELS for all. Returns how many of `room`
// were filled.
size_t places_suggest(const struct places *p, struct str typed, enum territory_level level,
                      struct place_suggestion *out, size_t room);
