// See fields.h.
#include "indexer/index/fields.h"

#include "base/hash.h"
#include "indexer/text/text.h"

#include <stdio.h>

// Xapian's convention: S is a title, A an author, prefixes of our own begin with X.

const struct str field_prefixes[FIELD_COUNT] = {
    [FIELD_BODY] = STR(""),           [FIELD_TITLE] = STR("S"),    [FIELD_ACRONYM] = STR("XN"),
    [FIELD_PUBLISHER] = STR("A"),     [FIELD_KEYWORD] = STR("XW"), [FIELD_ZONE] = STR("XZ"),
    [FIELD_DISTRIBUTION] = STR("XD"), [FIELD_COLUMN] = STR("XC"),
};

bool field_has_exact(enum text_field field)
{
    return field == FIELD_TITLE || field == FIELD_ACRONYM || field == FIELD_PUBLISHER ||
           field == FIELD_KEYWORD;
}

const struct facet_field facet_fields[FACET_COUNT] = {
    [FACET_KIND] = {STR("kind"), STR("XKIND:"), false, false},
    [FACET_SOURCE] = {STR("source"), STR("XSOURCE:"), true, false},
    [FACET_PUBLISHER] = {STR("publisher"), STR("XPUBLISHER:"), true, true},
    [FACET_PUBLISHER_KIND] = {STR("publisher_kind"), STR("XPKIND:"), false, false},
    [FACET_LICENSE] = {STR("license"), STR("XLICENSE:"), false, true},
    [FACET_FORMAT] = {STR("format"), STR("XFORMAT:"), true, false},
    [FACET_FORMAT_FAMILY] = {STR("format_family"), STR("XFAMILY:"), true, false},
    [FACET_ACCESS] = {STR("access"), STR("XACCESS:"), false, false},
    [FACET_THEME] = {STR("theme"), STR("XTHEME:"), true, false},
    [FACET_KEYWORD] = {STR("keyword"), STR("XKEYWORD:"), true, false},
    [FACET_TERRITORY] = {STR("territory"), STR("XTERRITORY:"), true, true},
    [FACET_SCHEMA] = {STR("schema"), STR("XSCHEMA:"), true, false},
    [FACET_BADGE] = {STR("badge"), STR("XBADGE:"), true, false},
    [FACET_GRANULARITY] = {STR("granularity"), STR("XGRANULARITY:"), false, false},
    [FACET_FREQUENCY] = {STR("frequency"), STR("XFREQUENCY:"), false, false},
    [FACET_STATUS] = {STR("status"), STR("XSTATUS:"), false, false},
};

bool facet_find(struct str name, enum facet *out)
{
    for (size_t i = 0; i < FACET_COUNT; i++)
        if (str_eq(facet_fields[i].name, name)) {
            *out = (enum facet)i;
            return true;
        }
    return false;
}

struct str index_id_term(const char *prefix, struct str id, char out[UNIQUE_TERM_MAX + 1])
{
    size_t before = strlen(prefix);
    memcpy(out, prefix, before);
    if (id.n && id.n <= INDEX_ID_BYTES && !memchr(id.p, '\0', id.n)) {
        memcpy(out + before, id.p, id.n);
        return str_slice(out, before + id.n);
    }
    unsigned char digest[SHA256_BYTES];
    sha256(id, digest);
    hex(digest, sizeof digest, out + before);
    return str_slice(out, before + SHA256_HEX);
}

struct str index_unique_term(struct str id, char out[UNIQUE_TERM_MAX + 1])
{
    return index_id_term(PREFIX_UNIQUE, id, out);
}

struct str index_layout(char out[LAYOUT_BYTES])
{
    snprintf(out, LAYOUT_BYTES, "%d.%d", INDEX_LAYOUT, TEXT_ANALYSIS_VERSION);
    return str_of(out);
}
