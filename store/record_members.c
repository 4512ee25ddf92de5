// See record_members.h. The order of a table is the order of the keys, and bodies that are stored already are read
// in it: tables may grow, but what they hold keeps its place.
#include "store/record_members.h"

// The comparison of pointers makes the compiler check that the member has the type that its table says.
#define AT(owner, field, field_type)                                                               \
    (offsetof(owner, field) + 0 * sizeof(&((owner *)0)->field == (field_type *)0))
#define MEMBER(name, member_type, in, owner, field, field_type)                                    \
    {                                                                                              \
        .key = (name), .type = (member_type), .forms = (in), .at = AT(owner, field, field_type)    \
    }

#define TEXT(name, owner, field) MEMBER(name, MEMBER_TEXT, CONTENT, owner, field, struct str)
#define LIST(name, owner, field) MEMBER(name, MEMBER_LIST, CONTENT, owner, field, struct strs)
#define SET(name, owner, field) MEMBER(name, MEMBER_SET, CONTENT, owner, field, struct strs)
#define FLAG(name, owner, field) MEMBER(name, MEMBER_FLAG, CONTENT, owner, field, bool)
#define DATE(name, owner, field) MEMBER(name, MEMBER_DATE, CONTENT, owner, field, struct date)
#define COUNT(name, in, owner, field) MEMBER(name, MEMBER_COUNT, in, owner, field, int64_t)
#define INSTANT(name, owner, field) MEMBER(name, MEMBER_INSTANT, OURS, owner, field, int64_t)
#define REAL(name, owner, field) MEMBER(name, MEMBER_REAL, FIGURE, owner, field, double)
#define OBJECT(name, in, table)                                                                    \
    {                                                                                              \
        .key = (name), .type = MEMBER_OBJECT, .forms = (in), .sub = (table)                        \
    }
#define ARRAY(name, field, field_count, table, element, nothing)                                   \
    {                                                                                              \
        .key = (name), .type = MEMBER_ARRAY, .forms = CONTENT,                                     \
        .at = AT(struct record, field, element *), .sub = (table),                                 \
        .count_at = AT(struct record, field_count, size_t), .size = sizeof(element),               \
        .empty = (nothing)                                                                         \
    }

static const struct member publisher[] = {
    TEXT("id", struct record, publisher.id),
    TEXT("name", struct record, publisher.name),
    TEXT("acronym", struct record, publisher.acronym),
    LIST("former_names", struct record, publisher.former_names),
    TEXT("kind", struct record, publisher.kind),
    FLAG("certified", struct record, publisher.certified),
    TEXT("siret", struct record, publisher.siret),
    {.type = MEMBER_END},
};

static const struct member license[] = {
    TEXT("id", struct record, license.id),
    TEXT("label", struct record, license.label),
    FLAG("open", struct record, license.open),
    {.type = MEMBER_END},
};

// Its figures are in the body's place only for the public form: see MEMBER_MOVING.
static const struct member distribution[] = {
    TEXT("title", struct distribution, title),
    TEXT("url", struct distribution, url),
    TEXT("type", struct distribution, type),
    TEXT("format", struct distribution, format),
    TEXT("format_family", struct distribution, format_family),
    TEXT("media_type", struct distribution, media_type),
    COUNT("byte_size", CONTENT, struct distribution, byte_size),
    MEMBER("modified", MEMBER_DATE, OURS, struct distribution, modified, struct date),
    TEXT("checksum", struct distribution, checksum),
    MEMBER("available", MEMBER_AVAILABLE, OURS, struct distribution, available, signed char),
    {.type = MEMBER_END},
};

static const struct distribution no_distribution = {.byte_size = -1, .available = -1};

static const struct member column[] = {
    TEXT("name", struct column, name),
    TEXT("label", struct column, label),
    TEXT("type", struct column, type),
    {.type = MEMBER_END},
};

static const struct column no_column;

static const struct member spatial[] = {
    TEXT("granularity", struct record, spatial.granularity),
    SET("zones", struct record, spatial.zones),
    SET("labels", struct record, spatial.labels),
    {.key = "bbox", .type = MEMBER_BBOX, .forms = CONTENT},
    {.type = MEMBER_END},
};

static const struct member temporal[] = {
    DATE("start", struct record, temporal.start),
    DATE("end", struct record, temporal.end),
    {.type = MEMBER_END},
};

static const struct member quality[] = {
    REAL("score", struct record, quality.score),
    {.key = "criteria", .type = MEMBER_CRITERIA, .forms = FIGURE},
    {.type = MEMBER_END},
};

static const struct member popularity[] = {
    COUNT("views", FIGURE, struct record, popularity.views),
    COUNT("followers", FIGURE, struct record, popularity.followers),
    COUNT("reuses", FIGURE, struct record, popularity.reuses),
    COUNT("downloads", FIGURE, struct record, popularity.downloads),
    COUNT("stars", FIGURE, struct record, popularity.stars),
    {.type = MEMBER_END},
};

static const struct member relations[] = {
    SET("serves_dataset", struct record, relations.serves_dataset),
    SET("uses", struct record, relations.uses),
    SET("used_by", struct record, relations.used_by),
    {.type = MEMBER_END},
};

static const struct member provenance[] = {
    TEXT("source", struct record, provenance.source),
    TEXT("remote_url", struct record, provenance.remote_url),
    TEXT("origin_url", struct record, provenance.origin_url),
    TEXT("origin_id", struct record, provenance.origin_id),
    TEXT("license", struct record, provenance.license),
    TEXT("attribution", struct record, provenance.attribution),
    INSTANT("harvested_at", struct record, provenance.harvested_at),
    MEMBER("hash", MEMBER_TEXT, OURS, struct record, provenance.hash, struct str),
    MEMBER("seq", MEMBER_NUMBER, OURS, struct record, provenance.seq, int64_t),
    {.type = MEMBER_END},
};

const struct member record_members[] = {
    TEXT("id", struct record, id),
    MEMBER("kind", MEMBER_KIND, CONTENT, struct record, kind, enum record_kind),
    MEMBER("status", MEMBER_STATUS, OURS, struct record, status, enum record_status),
    TEXT("title", struct record, title),
    TEXT("acronym", struct record, acronym),
    TEXT("description", struct record, description),
    TEXT("language", struct record, language),
    TEXT("type", struct record, type),
    SET("keywords", struct record, keywords),
    SET("themes", struct record, themes),
    SET("badges", struct record, badges),
    FLAG("featured", struct record, featured),
    OBJECT("publisher", CONTENT, publisher),
    OBJECT("license", CONTENT, license),
    MEMBER("access", MEMBER_ACCESS, CONTENT, struct record, access, enum record_access),
    TEXT("access_request_url", struct record, access_request_url),
    ARRAY("distributions", distributions, distribution_count, distribution, struct distribution,
          &no_distribution),
    ARRAY("fields", fields, field_count, column, struct column, &no_column),
    TEXT("endpoint_url", struct record, endpoint_url),
    TEXT("endpoint_description", struct record, endpoint_description),
    TEXT("documentation_url", struct record, documentation_url),
    TEXT("rate_limiting", struct record, rate_limiting),
    TEXT("repository_url", struct record, repository_url),
    SET("programming_languages", struct record, programming_languages),
    TEXT("development_status", struct record, development_status),
    OBJECT("spatial", CONTENT, spatial),
    OBJECT("temporal", CONTENT, temporal),
    TEXT("frequency", struct record, frequency),
    DATE("issued", struct record, issued),
    MEMBER("modified", MEMBER_MODIFIED, CONTENT | FIGURE, struct record, modified, struct date),
    INSTANT("first_seen", struct record, first_seen),
    INSTANT("last_seen", struct record, last_seen),
    INSTANT("last_changed", struct record, last_changed),
    TEXT("landing_page", struct record, landing_page),
    SET("conforms_to", struct record, conforms_to),
    TEXT("contact_role", struct record, contact_role),
    OBJECT("quality", FIGURE, quality),
    REAL("availability", struct record, availability),
    OBJECT("popularity", FIGURE, popularity),
    OBJECT("relations", CONTENT, relations),
    SET("users", struct record, users),
    SET("aliases", struct record, aliases),
    SET("also_in", struct record, also_in),
    OBJECT("provenance", CONTENT, provenance),
    {.key = "distributions", .type = MEMBER_MOVING, .forms = FORM_FIGURES},
    {.type = MEMBER_END},
};
