// A record: one normalised brick (design.md 3). Names follow DCAT 3 where DCAT has one.
//
// Every string and array lives in the arena that the record was made with; a record is never freed alone.
// Absent strings are {NULL, 0} or empty, absent dates have precision DATE_NONE, absent numbers are
// -1 where 0 means something.
//
// A record has two parts. The *content* is what its publisher says of it: its canonical form is what is
// hashed, stored and indexed as text. The *figures* move from day to day without the record being
// another: popularity, quality, availability, status, and `modified` when the driver does not trust it.
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/err.h"
#include "base/hash.h"

enum record_kind {
    KIND_DATASET,
    KIND_DATASERVICE,
    KIND_REUSE,
    KIND_SOFTWARE,
    KIND_ORGANIZATION,
    KIND_COUNT
};
enum record_status { STATUS_ACTIVE, STATUS_MISSING, STATUS_ARCHIVED };
enum record_access { ACCESS_UNKNOWN, ACCESS_OPEN, ACCESS_OPEN_WITH_ACCOUNT, ACCESS_RESTRICTED };

struct publisher {
    struct str id, name, acronym;
    struct strs former_names;
    struct str kind; // public-service, local-authority, company, association, user
    bool certified;
    struct str siret;
};

struct license {
    struct str id, label; // id: SPDX, else data.gouv.fr's
    bool open;
};

struct distribution {
    struct str title, url;
    struct str type; // main, documentation, update, api, code, other
    struct str format, format_family, media_type;
    int64_t byte_size;     // -1 when unknown
    struct str checksum;   // "sha1:9a0364..."
    struct date modified;  // a figure
    signed char available; // a figure: 1, 0, or -1 when nobody checked
};

struct column {
    struct str name, label, type;
};

struct criterion {
    struct str name;
    bool met;
};

struct popularity {
    int64_t views, followers, reuses, downloads, stars;
};

struct record {
    struct str id; // "<source>:<remote id>" or "<source>:<kind>.<remote id>"
    enum record_kind kind;
    enum record_status status; // a figure
    struct str title, acronym, description, language;
    struct str type; // of a reuse or a software, in the source's words
    struct strs keywords, themes, badges;
    bool featured;
    struct publisher publisher;
    struct license license;
    enum record_access access;
    struct str access_request_url;
    struct distribution *distributions;
    size_t distribution_count;
    struct column *fields;
    size_t field_count;
    struct str endpoint_url, endpoint_description, documentation_url, rate_limiting;
    struct str repository_url, development_status;
    struct strs programming_languages;
    struct {
        struct str granularity;
        struct strs zones, labels;
        bool has_bbox;
        double bbox[4]; // west, south, east, north, in degrees (WGS 84)
    } spatial;
    struct {
        struct date start, end;
    } temporal;
    struct str frequency; // EU frequency vocabulary code
    struct date issued, modified;
    bool modified_trusted; // modified is content; otherwise it is a figure
    struct str landing_page;
    struct strs conforms_to;
    struct str contact_role;
    struct {
        double score; // 0 to 1, -1 when unknown
        struct criterion *criteria;
        size_t criterion_count;
    } quality;                    // a figure
    double availability;          // of an API, in percent, -1 when unknown; a figure
    struct popularity popularity; // a figure; each -1 when the source does not tell
    struct {
        struct strs serves_dataset, uses, used_by;
    } relations;
    struct strs users, aliases, also_in;
    struct {
        struct str source, remote_url;
        struct str origin_url, origin_id; // where the source itself got it
        struct str license, attribution;  // of the source's metadata, stated in the configuration
        int64_t harvested_at, seq;
        struct str hash; // hexadecimal
    } provenance;
    int64_t first_seen, last_seen, last_changed; // ours, seconds since 1970; 0 when not stored yet
};

// A record with every number at "unknown".
void record_init(struct record *r);

struct str record_kind_name(enum record_kind kind);
bool record_kind_find(struct str name, enum record_kind *out);
struct str record_status_name(enum record_status status);
bool record_status_find(struct str name, enum record_status *out);
struct str record_access_name(enum record_access access);
enum record_access record_access_find(struct str name); // ACCESS_UNKNOWN when it is no such word
