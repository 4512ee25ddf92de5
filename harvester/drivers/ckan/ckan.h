// The CKAN protocol (and DKAN 1, which speaks most of it), in rooms: ../ckan.c walks the list of packages, facts.c finds what a
// package says under whatever name, map.c and resources.c turn packages into records. Facts: CKAN's API guide and its action code.
#pragma once

#include "harvester/normalise/mapper.h"

// What a package says besides CKAN's own fields: members of the package and its `extras` alike, by name. Names are in lower case,
// with '_' for what is no letter or digit, so that "temporal_coverage-from" and "frequency-of-update" are found as others write them.
// Each name has a list of values, in the order that they come: extras may repeat. Text that holds a JSON list or object is read.
json_t *ckan_facts(struct arena *a, const json_t *package); // caller's reference
// The first value of the first of these names that is there; NULL when none is.
const json_t *ckan_fact(const json_t *facts, const char *const *names);
#define CKAN_FACT(facts, ...) ckan_fact((facts), (const char *const[]){__VA_ARGS__, NULL})
// A value as one text, French first: of a string, an object by language, an object with a name, or the first such one of a list.
// *language, which may be NULL, is as map_localised tells it. Borrowed.
struct str ckan_text(const json_t *value, struct str *language);
// A value as a list of texts: each of a list, or that of one language. Calls `each` for every one.
void ckan_texts(const json_t *value, void (*each)(void *arg, struct str text), void *arg);

// A package on its way.
struct ckan_package {
    struct mapper *m;
    const json_t *o;
    const json_t *facts;
    struct record *r;
    bool dkan; // its groups are publishers, and its `private` says that it is published
};

// A value as one cleaned line.
struct str ckan_line(struct ckan_package *p, const json_t *value, size_t max);
struct date ckan_date(const json_t *value);
// Of a package or a resource: its state is not "deleted" or "draft".
bool ckan_is_active(const json_t *o);
void ckan_map_resources(struct ckan_package *p);

// A package as a record: a dataset, or a reuse ("showcase"). False when it cannot be one (item->error), or must not be
// (item->skipped: private, deleted, of another type or of a kind that is not asked for). item->id is set whenever it has an id.
bool ckan_map(struct mapper *m, const json_t *package, struct driver_item *item);
// Bytes of "1.2 MB", "42 octets", 12323; -1 when it is none.
int64_t ckan_bytes(const json_t *value);
