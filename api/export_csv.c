// Records as CSV: see export.h. The columns are a table, so that header and rows cannot disagree.
//
// Rules: RFC 4180 (fields between commas, CR LF, quotes doubled); OWASP, "CSV Injection": a field that begins with = + - @, a tab, a
// carriage return or a line feed, or with the wide forms of the four, is a formula to some spreadsheets, and gets a ' before it.
#include "api/export.h"

#include <stdio.h>

enum column_type {
    TEXT,
    LIST,
    DATE,
    INSTANT,
    COUNT,
    REAL,
    KIND,
    STATUS,
    ACCESS,
    FORMATS, // of its distributions, each once
    SIZE,    // size_t
};

#define AT(field) offsetof(struct record, field)
static const struct {
    const char *name;
    enum column_type type;
    size_t at;
} columns[] = {
    {"id", TEXT, AT(id)},
    {"kind", KIND, AT(kind)},
    {"status", STATUS, AT(status)},
    {"source", TEXT, AT(provenance.source)},
    {"title", TEXT, AT(title)},
    {"acronym", TEXT, AT(acronym)},
    {"description", TEXT, AT(description)},
    {"publisher", TEXT, AT(publisher.name)},
    {"publisher_id", TEXT, AT(publisher.id)},
    {"publisher_kind", TEXT, AT(publisher.kind)},
    {"publisher_siret", TEXT, AT(publisher.siret)},
    {"license", TEXT, AT(license.id)},
    {"license_label", TEXT, AT(license.label)},
    {"access", ACCESS, AT(access)},
    {"formats", FORMATS, 0},
    {"distribution_count", SIZE, AT(distribution_count)},
    {"keywords", LIST, AT(keywords)},
    {"themes", LIST, AT(themes)},
    {"badges", LIST, AT(badges)},
    {"territories", LIST, AT(spatial.zones)},
    {"granularity", TEXT, AT(spatial.granularity)},
    {"temporal_start", DATE, AT(temporal.start)},
    {"temporal_end", DATE, AT(temporal.end)},
    {"frequency", TEXT, AT(frequency)},
    {"issued", DATE, AT(issued)},
    {"modified", DATE, AT(modified)},
    {"landing_page", TEXT, AT(landing_page)},
    {"remote_url", TEXT, AT(provenance.remote_url)},
    {"endpoint_url", TEXT, AT(endpoint_url)},
    {"documentation_url", TEXT, AT(documentation_url)},
    {"repository_url", TEXT, AT(repository_url)},
    {"programming_languages", LIST, AT(programming_languages)},
    {"schemas", LIST, AT(conforms_to)},
    {"contact", TEXT, AT(contact_role)},
    {"quality", REAL, AT(quality.score)},
    {"views", COUNT, AT(popularity.views)},
    {"followers", COUNT, AT(popularity.followers)},
    {"reuses", COUNT, AT(popularity.reuses)},
    {"downloads", COUNT, AT(popularity.downloads)},
    {"stars", COUNT, AT(popularity.stars)},
    {"also_in", LIST, AT(also_in)},
    {"first_seen", INSTANT, AT(first_seen)},
    {"last_seen", INSTANT, AT(last_seen)},
    {"last_changed", INSTANT, AT(last_changed)},
    {"source_license", TEXT, AT(provenance.license)},
    {"source_attribution", TEXT, AT(provenance.attribution)},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

// ---- Fields --------------------------------------------------------------------------------------

static bool is_formula(struct str s)
{
    static const struct str starts[] = {
        STR("="),  STR("+"),  STR("-"),  STR("@"),  STR("\t"), STR("\r"),
        STR("\n"), STR("＝"), STR("＋"), STR("－"), STR("＠"),
    };
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (str_starts(s, starts[i]))
            return true;
    return false;
}

void csv_text(struct buf *b, struct str s)
{
    bool guarded = is_formula(s), quoted = s.n && (s.p[0] == ' ' || s.p[s.n - 1] == ' ');
    for (size_t i = 0; i < s.n && !quoted; i++)
        quoted = s.p[i] == ',' || s.p[i] == '"' || s.p[i] == '\r' || s.p[i] == '\n';
    if (quoted)
        buf_addc(b, '"');
    if (guarded)
        buf_addc(b, '\'');
    if (!quoted)
        buf_add(b, s);
    for (size_t i = 0; i < s.n && quoted; i++) {
        if (s.p[i] == '"')
            buf_addc(b, '"');
        buf_addc(b, s.p[i]);
    }
    if (quoted)
        buf_addc(b, '"');
}

// Appends to a list between '|'; one that an element holds becomes '¦'.
static void add_element(struct buf *list, struct str s)
{
    struct str part;
    if (!s.n)
        return;
    if (list->n)
        buf_addc(list, '|');
    for (bool first = true; str_next(&s, '|', &part); first = false) {
        if (!first)
            buf_addz(list, "¦");
        buf_add(list, part);
    }
}

static void add_list(struct buf *b, struct strs list)
{
    struct buf joined = {0};
    for (size_t i = 0; i < list.n; i++)
        add_element(&joined, list.v[i]);
    csv_text(b, buf_str(&joined));
    buf_free(&joined);
}

static void add_formats(struct buf *b, const struct record *r)
{
    struct buf joined = {0};
    for (size_t i = 0; i < r->distribution_count; i++) {
        struct str format = r->distributions[i].format;
        bool known = false;
        for (size_t j = 0; j < i && !known; j++)
            known = str_eq(r->distributions[j].format, format);
        if (!known)
            add_element(&joined, format);
    }
    csv_text(b, buf_str(&joined));
    buf_free(&joined);
}

static void add_date(struct buf *b, struct date d)
{
    char text[DATE_TEXT_BYTES];
    buf_add(b, date_format(d, text));
}

static void add_instant(struct buf *b, int64_t seconds)
{
    if (seconds)
        add_date(b, (struct date){seconds, DATE_SECOND});
}

static void add_field(struct buf *b, const struct record *r, size_t column)
{
    const void *at = (const char *)r + columns[column].at;
    switch (columns[column].type) {
    case TEXT:
        csv_text(b, *(const struct str *)at);
        break;
    case LIST:
        add_list(b, *(const struct strs *)at);
        break;
    case DATE:
        add_date(b, *(const struct date *)at);
        break;
    case INSTANT:
        add_instant(b, *(const int64_t *)at);
        break;
    case COUNT:
        if (*(const int64_t *)at >= 0)
            buf_addf(b, "%lld", (long long)*(const int64_t *)at);
        break;
    case REAL:
        if (*(const double *)at >= 0)
            buf_addf(b, "%.3g", *(const double *)at);
        break;
    case KIND:
        buf_add(b, record_kind_name(*(const enum record_kind *)at));
        break;
    case STATUS:
        buf_add(b, record_status_name(*(const enum record_status *)at));
        break;
    case ACCESS:
        buf_add(b, record_access_name(*(const enum record_access *)at));
        break;
    case FORMATS:
        add_formats(b, r);
        break;
    case SIZE:
        buf_addf(b, "%zu", *(const size_t *)at);
        break;
    }
}

// ---- Rows ----------------------------------------------------------------------------------------

static void end_field(struct buf *b, size_t column)
{
    buf_addz(b, column + 1 < COLUMNS ? "," : "\r\n");
}

void csv_header(struct buf *b)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        buf_addz(b, columns[i].name);
        end_field(b, i);
    }
}

void csv_record(struct buf *b, const struct record *r)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        add_field(b, r, i);
        end_field(b, i);
    }
}

void csv_tombstone(struct buf *b, const struct stored *stored)
{
    struct record r;
    record_init(&r);
    r.id = stored->id;
    r.kind = stored->kind;
    r.provenance.source = stored->source;
    r.first_seen = stored->first_seen;
    r.last_seen = stored->last_seen;
    r.last_changed = stored->removed_at;
    for (size_t i = 0; i < COLUMNS; i++) {
        if (columns[i].type == STATUS)
            buf_addz(b, "removed");
        else if (columns[i].type != SIZE) // it is not known any more
            add_field(b, &r, i);
        end_field(b, i);
    }
}
