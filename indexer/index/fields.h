// What the index is made of: prefixes of terms, slots of values, and the facets, each with its filter. The one place that
// writing and searching share. Raise INDEX_LAYOUT whenever a document would come out otherwise: the index is then
// rebuilt.
#pragma once

#include "base/str.h"

enum { INDEX_LAYOUT = 5 };

// A text field: its terms carry its prefix, and stand in the body (no prefix) too, so that the words of a query are found
// wherever they are. Exact terms are `prefix + word`, stems `"Z" + prefix + stem` (Xapian's convention). How often a word is in
// the description alone is what the body has and no other field.
enum text_field {
    FIELD_BODY, // every text, the description included
    FIELD_TITLE,
    FIELD_ACRONYM,
    FIELD_PUBLISHER,
    FIELD_KEYWORD,
    FIELD_ZONE,
    FIELD_DISTRIBUTION,
    FIELD_COLUMN,
    FIELD_COUNT
};
extern const struct str field_prefixes[FIELD_COUNT];
bool field_has_exact(enum text_field field); // else its words are there as stems only

// Of every record whose texts are in English.
#define TERM_ENGLISH "XENGLISH"
// Two words of a title that follow one another, stop words passed over: PREFIX_PAIR + stem + " " + stem. Two words side by side
// in a title, keyword, acronym or publisher, written as one: PREFIX_FUSED + both ("opendamir" for "Open Damir").
#define PREFIX_PAIR "XB"
#define PREFIX_FUSED "XF"
// The first letters of the words of a title, an organisation or a keyword of three words or more: PREFIX_INITIALS + "cnil".
#define PREFIX_INITIALS "XI"

// Every zone that contains one of the record's own: PREFIX_INSIDE + zone. Its own are the terms of FACET_TERRITORY.
#define PREFIX_INSIDE "XINSIDE:"

// Terms that name a record: a prefix, and its id, or the SHA-256 of one that is too long. What follows the prefix is the same behind
// each of them.
enum { UNIQUE_TERM_MAX = 245, ID_PREFIX_MAX = 9, INDEX_ID_BYTES = UNIQUE_TERM_MAX - ID_PREFIX_MAX };
#define PREFIX_UNIQUE "Q"         // the record whose document it is: of a brick, its origin
#define PREFIX_MEMBER "XMEMBER:"  // the other members of the brick
#define PREFIX_USES "XUSES:"      // what it uses or serves
#define PREFIX_USED_BY "XUSEDBY:" // what it says uses it
struct str index_id_term(const char *prefix, struct str id, char out[UNIQUE_TERM_MAX + 1]);
struct str index_unique_term(struct str id, char out[UNIQUE_TERM_MAX + 1]);

enum value_slot {
    SLOT_FIGURES, // JSON members, ready to be sent: status, modified, quality, availability, popularity
    SLOT_MODIFIED, // sortable seconds
    SLOT_ISSUED,   // sortable seconds
    SLOT_VIEWS,    // sortable
    SLOT_TITLE,    // folded
    SLOT_QUALITY,  // sortable, 0 to 1
    SLOT_USE,      // how the record is used and seen, see usage.h
    SLOT_LENGTHS,  // of its texts, see usage.h
    SLOT_VARIANT, // the same for variants of one record, see variants.h; absent where there can be none
    SLOT_FLAGS,  // one byte of enum document_flag: what figures do not tell, and need
    SLOT_FACETS, // the facets follow, in the order of enum facet
};

enum document_flag {
    FLAG_ALWAYS = 1,
    FLAG_CERTIFIED = 2,
    FLAG_FEATURED = 4,
    FLAG_MODIFIED_TRUSTED = 8,
    FLAG_JOINED = 16 // it stands for several records
};

enum facet {
    FACET_KIND,
    FACET_SOURCE,
    FACET_PUBLISHER,
    FACET_PUBLISHER_KIND,
    FACET_LICENSE,
    FACET_FORMAT,
    FACET_FORMAT_FAMILY,
    FACET_ACCESS,
    FACET_THEME,
    FACET_KEYWORD,
    FACET_TERRITORY,
    FACET_SCHEMA,
    FACET_BADGE,
    FACET_GRANULARITY,
    FACET_FREQUENCY,
    FACET_STATUS,
    FACET_COUNT
};

struct facet_field {
    struct str name;   // of the filter and of the facet, in the API
    struct str prefix; // of its boolean terms
    bool list;         // its value is a list (xap_list_add)
    bool labelled;     // an item is "value \x1F label", or the value alone
};
extern const struct facet_field facet_fields[FACET_COUNT];
bool facet_find(struct str name, enum facet *out);

enum { LABEL_SEPARATOR = 0x1F, FACET_VALUE_MAX = 200 };

// Variants of one record share the term PREFIX_VARIANT + their key, see variants.h.
#define PREFIX_VARIANT "XV"

// What an index of this program says that it is: "<INDEX_LAYOUT>.<TEXT_ANALYSIS_VERSION>".
enum { LAYOUT_BYTES = 32 };
struct str index_layout(char out[LAYOUT_BYTES]);

// Metadata of the index, committed with each batch.
#define INDEX_META_SEQ "seq"           // all of the store up to this seq is in
#define INDEX_META_FSEQ "fseq"         // and all figures up to this fseq
#define INDEX_META_LAYOUT "layout"     // "<INDEX_LAYOUT>.<TEXT_ANALYSIS_VERSION>"
#define INDEX_META_COMPLETE "complete" // "1" once it held all of the store
