// What every driver does to turn an item into a record: ids, texts, addresses, dates, words, licences, formats, places, each by one
// rule. Caps are in bytes or items; what is over is cut and counted, never an error (design.md 2). Strings of catalogues come in as
// they are, and go out as copies in the mapper's arena. On the thread that reads the page.
#pragma once

#include "base/json.h"
#include "base/text.h"
#include "harvester/driver.h"

enum {
    TITLE_MAX = 500,
    NAME_MAX = 300,
    DESCRIPTION_MAX = 64 * 1024,
    KEYWORD_MAX = 100,
    KEYWORDS_MAX = 100,
    URL_MAX = 2048,
    RELATIONS_MAX = 1000,
    DISTRIBUTIONS_MAX = 2000,
    COLUMNS_MAX = 1000,
    REMOTE_ID_MAX = 150,
};

struct mapper {
    const struct driver_source *source;
    struct arena *arena;
    struct text_counts counts;
};

// ---- The record

// "<source>:<remote id>" for the driver's main kind, "<source>:<kind>.<remote id>" for the others. A remote id may be anything: white
// space around it, control and invisible characters go; one over REMOTE_ID_MAX is cut, and the hash of the whole ends it. {NULL, 0} when
// nothing is left.
struct str map_id(struct mapper *m, enum record_kind kind, struct str remote_id);
// A new record of the source with its id and provenance, into item->record; item->id is set. NULL, and item->error, when there is no id.
struct record *map_record(struct mapper *m, enum record_kind kind, struct str remote_id,
                          struct driver_item *item);
// The item is none after all: item->record is dropped, item->error says why. Returns false.
bool map_fail(struct driver_item *item, const char *why);

// ---- Texts

struct str map_line(struct mapper *m, struct str s, size_t max);
// Of several lines; HTML becomes text, Markdown stays.
struct str map_block(struct mapper *m, struct str s);
// A string, or an object of strings by language ({"fr": ..., "en": ...}: French first, then English, then the first that says
// something). *language is that of the text that was taken, when it is told; may be NULL. Borrowed.
struct str map_localised(const json_t *value, struct str *language);
struct str map_line_of(struct mapper *m, const json_t *o, const char *key, size_t max);
// Adds a word, cleaned, unless it is empty, there already or one too many.
void map_add_word(struct mapper *m, struct strs *list, struct str word);
// Each string of an array, or each part of one string between commas or semicolons.
void map_add_words(struct mapper *m, struct strs *list, const json_t *value);
// In the order of their bytes: for lists whose order says nothing and churns.
void map_sort_words(struct strs *list);
// An address that a person or a program can open; anything else is {NULL, 0}, "mailto:" too: it may be a person's.
struct str map_web(struct mapper *m, struct str s);
struct str map_web_of(struct mapper *m, const json_t *o, const char *key);

// Who publishes, of a catalogue that knows them by name alone: their name, and the id that it makes, by which they are filtered.
void map_named_publisher(struct mapper *m, struct record *r, struct str name);

// ---- Values

struct date map_date(struct str s);
struct date map_date_of(const json_t *o, const char *key);
// The first of the texts (id, address, title) that the table of licences knows; else the last that says something, as a label.
void map_license(struct mapper *m, struct record *r, const struct str *texts, size_t n);
// Room for n distributions (at most DISTRIBUTIONS_MAX; more are cut and counted). Returns how many may be added.
size_t map_distributions(struct mapper *m, struct record *r, size_t n);
// The next one, zeroed to "unknown". NULL when there is no more room.
struct distribution *map_add_distribution(struct record *r, size_t room);
// format, format_family and media_type; d->url is set before.
void map_format(struct mapper *m, struct distribution *d, struct str format, struct str media_type);
// A column of the data; one without a name is left out. `room` as for distributions, by map_columns.
size_t map_columns(struct mapper *m, struct record *r, size_t n);
void map_add_column(struct mapper *m, struct record *r, size_t room, struct str name,
                    struct str label, struct str type);
// A zone's id ("fr:commune:35238") or a label for people; `label` may be absent.
void map_add_zone(struct mapper *m, struct record *r, struct str raw, struct str label);
// Widens the record's box to hold a point; one that is on no map is passed over.
void map_add_point(struct record *r, double longitude, double latitude);
// Every point of GeoJSON coordinates, nested at most 8 deep.
void map_add_coordinates(struct record *r, const json_t *coordinates);
// What the data follow: a schema's name or address.
void map_add_schema(struct mapper *m, struct record *r, struct str name);
// The EU's code for how often; anything that is none is passed over.
void map_frequency(struct record *r, struct str any);
// A relation to a record, by its id in full. At most RELATIONS_MAX, each once.
void map_add_relation(struct mapper *m, struct strs *list, struct str id);
