// See document.h.
#include "indexer/index/document.h"

#include "base/markdown.h"
#include "indexer/index/brick.h"
#include "indexer/index/document_text.h"
#include "indexer/index/fields.h"
#include "indexer/index/usage.h"
#include "indexer/index/variants.h"
#include "store/record_json.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    EXCERPT_BYTES = 4000,     // of the description, kept for snippets
    DESCRIPTION_BYTES = 300,  // of it, shown in a result
    SHOWN_DISTRIBUTIONS = 10, // in a result
    OTHERS_BYTES = 12000,     // of what the other members of a brick say, searched
};

struct document_maker {
    struct analyzer *analyzer;
    const struct places *places;
    struct document_text *texts;
    struct arena arena;
    struct buf term, text, list;
    // While a document is made:
    struct xap_doc *doc;
    bool good;
    struct err *error;
};

struct document_maker *document_maker_new(struct analyzer *analyzer, const struct places *places)
{
    struct document_maker *m = xcalloc(1, sizeof *m);
    m->analyzer = analyzer;
    m->places = places;
    m->texts = document_text_new(analyzer);
    return m;
}

void document_maker_free(struct document_maker *m)
{
    if (!m)
        return;
    document_text_free(m->texts);
    arena_free(&m->arena);
    buf_free(&m->term);
    buf_free(&m->text);
    buf_free(&m->list);
    free(m);
}

// ---- Terms ---------------------------------------------------------------------------------------

static struct str prefixed(struct document_maker *m, const char *mark, struct str prefix,
                           struct str word)
{
    buf_clear(&m->term);
    buf_addz(&m->term, mark);
    buf_add(&m->term, prefix);
    buf_add(&m->term, word);
    return buf_str(&m->term);
}

// ---- Values --------------------------------------------------------------------------------------

static void set_value(struct document_maker *m, uint32_t slot, struct str value)
{
    m->good = m->good && xap_doc_set_value(m->doc, slot, value, m->error);
}

static void set_number(struct document_maker *m, uint32_t slot, double number)
{
    char bytes[XAP_SORTABLE_MAX];
    set_value(m, slot, str_slice(bytes, xap_sortable(number, bytes)));
}

// The same of a number that may be unknown, which takes an older one away.
static void set_known(struct document_maker *m, uint32_t slot, double number, bool known)
{
    if (known)
        set_number(m, slot, number);
    else
        set_value(m, slot, STR_NONE);
}

static void add_facet_term(struct document_maker *m, enum facet facet, struct str value)
{
    m->good = m->good && xap_doc_add_boolean_term(
                             m->doc, prefixed(m, "", facet_fields[facet].prefix, value), m->error);
}

static struct str facet_value(struct str value)
{
    return str_cut_utf8(value, FACET_VALUE_MAX);
}

static void set_facet(struct document_maker *m, enum facet facet, struct str value,
                      struct str label)
{
    value = facet_value(value);
    if (!value.n)
        return;
    add_facet_term(m, facet, value);
    if (facet_fields[facet].labelled) {
        buf_clear(&m->list);
        buf_add(&m->list, value);
        buf_addc(&m->list, LABEL_SEPARATOR);
        buf_add(&m->list, facet_value(label));
        value = buf_str(&m->list);
    }
    set_value(m, SLOT_FACETS + (uint32_t)facet, value);
}

static void set_facet_list(struct document_maker *m, enum facet facet, struct strs values)
{
    buf_clear(&m->list);
    for (size_t i = 0; i < values.n; i++) {
        struct str value = facet_value(values.v[i]);
        bool repeated = !value.n;
        for (size_t j = 0; j < i && !repeated; j++)
            repeated = str_eq(facet_value(values.v[j]), value);
        if (repeated)
            continue;
        add_facet_term(m, facet, value);
        xap_list_add(&m->list, value);
    }
    if (m->list.n)
        set_value(m, SLOT_FACETS + (uint32_t)facet, buf_str(&m->list));
}

static void add_once(struct arena *a, struct strs *list, struct str s)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i], s))
            return;
    if (s.n)
        arena_push(a, list, s);
}

// Filters find a brick by each of its catalogues, and by its publisher in each of them.
static void set_members(struct document_maker *m, const struct brick *b)
{
    struct strs sources = {0}, met = {0};
    add_once(&m->arena, &sources, b->record.provenance.source);
    for (size_t i = 0; i < b->other_count; i++)
        add_once(&m->arena, &sources, b->others[i].provenance.source);
    set_facet_list(m, FACET_SOURCE, sources);

    buf_clear(&m->list);
    for (size_t i = 0; i <= b->other_count; i++) {
        const struct publisher *p = i ? &b->others[i - 1].publisher : &b->record.publisher;
        struct str id = facet_value(p->id);
        size_t before = met.n;
        add_once(&m->arena, &met, id);
        if (met.n == before)
            continue;
        add_facet_term(m, FACET_PUBLISHER, id);
        xap_list_add(&m->list, arena_printf(&m->arena, "%.*s%c%.*s", STR_ARG(id), LABEL_SEPARATOR,
                                            STR_ARG(facet_value(p->name))));
    }
    if (m->list.n)
        set_value(m, SLOT_FACETS + FACET_PUBLISHER, buf_str(&m->list));
}

static void add_id_terms(struct document_maker *m, const char *prefix, struct strs ids)
{
    char term[UNIQUE_TERM_MAX + 1];
    for (size_t i = 0; i < ids.n && m->good; i++)
        m->good = xap_doc_add_boolean_term(m->doc, index_id_term(prefix, ids.v[i], term), m->error);
}

static void set_facets(struct document_maker *m, const struct record *r)
{
    struct strs formats = {0}, families = {0};
    for (size_t i = 0; i < r->distribution_count; i++) {
        const struct distribution *d = &r->distributions[i];
        if (str_eq(d->type, STR("documentation")))
            continue;
        add_once(&m->arena, &formats, d->format);
        add_once(&m->arena, &families, d->format_family);
    }
    set_facet(m, FACET_KIND, record_kind_name(r->kind), STR_NONE);
    set_facet(m, FACET_PUBLISHER_KIND, r->publisher.kind, STR_NONE);
    set_facet(m, FACET_LICENSE, r->license.id, r->license.label);
    set_facet(m, FACET_ACCESS, record_access_name(r->access), STR_NONE);
    set_facet(m, FACET_GRANULARITY, r->spatial.granularity, STR_NONE);
    set_facet(m, FACET_FREQUENCY, r->frequency, STR_NONE);
    set_facet_list(m, FACET_FORMAT, formats);
    set_facet_list(m, FACET_FORMAT_FAMILY, families);
    set_facet_list(m, FACET_THEME, r->themes);
    set_facet_list(m, FACET_KEYWORD, r->keywords);
    set_facet_list(m, FACET_SCHEMA, r->conforms_to);
    set_facet_list(m, FACET_BADGE, r->badges);
}

// ---- Territory -----------------------------------------------------------------------------------

static void add_zone(struct document_maker *m, struct str zone, struct str name)
{
    zone = facet_value(zone);
    if (!zone.n)
        return;
    add_facet_term(m, FACET_TERRITORY, zone);
    struct str item = zone;
    if (name.n)
        item = arena_printf(&m->arena, "%.*s%c%.*s", STR_ARG(zone), LABEL_SEPARATOR,
                            STR_ARG(facet_value(name)));
    xap_list_add(&m->list, item);
}

// Terms of the record's zones and of what contains them. Returns the names of its own zones, for its text; names that were found
// in its text are there already, and "France" tells nothing.
static struct strs set_territory(struct document_maker *m, const struct record *r)
{
    struct strs names = {0};
    if (!m->places) {
        set_facet_list(m, FACET_TERRITORY, r->spatial.zones);
        return names;
    }
    const struct place_record about = {.zones = r->spatial.zones,
                                       .labels = r->spatial.labels,
                                       .title = r->title,
                                       .publisher_name = r->publisher.name,
                                       .publisher_kind = r->publisher.kind};
    struct record_places found = places_of_record(m->places, m->analyzer, &about, &m->arena);
    buf_clear(&m->list);
    for (size_t i = 0; i < found.n; i++) {
        const struct record_place *p = &found.v[i];
        add_zone(m, p->zone, p->place ? p->place->name : STR_NONE);
        if (p->place && p->source == PLACE_BY_ZONE && p->place->level < TERRITORY_COUNTRY)
            arena_push(&m->arena, &names, p->place->name);
    }
    if (m->list.n)
        set_value(m, SLOT_FACETS + FACET_TERRITORY, buf_str(&m->list));
    struct strs around = places_ancestors(m->places, &found, &m->arena);
    for (size_t i = 0; i < around.n && m->good; i++)
        m->good = xap_doc_add_boolean_term(m->doc, prefixed(m, "", STR(PREFIX_INSIDE), around.v[i]),
                                           m->error);
    return names;
}

static void set_variant(struct document_maker *m, const struct record *r)
{
    char bytes[VARIANT_BYTES + 1];
    struct str key = variant_key(r, m->places, m->analyzer, bytes);
    if (!key.n)
        return;
    set_value(m, SLOT_VARIANT, key);
    m->good = m->good &&
              xap_doc_add_boolean_term(m->doc, prefixed(m, "", STR(PREFIX_VARIANT), key), m->error);
}

// ---- Figures -------------------------------------------------------------------------------------

static void write_date(struct buf *b, const char *key, struct date d)
{
    char text[DATE_TEXT_BYTES];
    json_key(b, key);
    json_str(b, d.precision ? date_format(d, text) : STR_NONE);
}

static void write_figures(struct buf *b, const struct record *r)
{
    const struct popularity *p = &r->popularity;
    const struct {
        const char *key;
        int64_t n;
    } counts[] = {{"views", p->views},
                  {"followers", p->followers},
                  {"reuses", p->reuses},
                  {"downloads", p->downloads},
                  {"stars", p->stars}};
    json_key(b, "status");
    json_str(b, record_status_name(r->status));
    if (!r->modified_trusted)
        write_date(b, "modified", r->modified);
    json_key(b, "quality");
    if (r->quality.score >= 0) {
        json_open(b, '{');
        json_key(b, "score");
        json_num(b, r->quality.score);
        json_close(b, '}');
    } else {
        json_nil(b);
    }
    json_key(b, "popularity");
    json_open(b, '{');
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (counts[i].n >= 0) {
            json_key(b, counts[i].key);
            json_int(b, counts[i].n);
        }
    json_close(b, '}');
}

// Values of figures. The status, which has a term too, is apart: touching the terms of a document that is in the
// index already makes Xapian write all of them again.
static void set_figures(struct document_maker *m, const struct record *r)
{
    buf_clear(&m->text);
    write_figures(&m->text, r);
    set_value(m, SLOT_FIGURES, buf_str(&m->text));
    if (!r->modified_trusted ||
        r->modified.precision) // a trusted one is content: not at hand with figures alone
        set_known(m, SLOT_MODIFIED, (double)r->modified.seconds, r->modified.precision);
    set_known(m, SLOT_VIEWS, (double)r->popularity.views, r->popularity.views > 0);
    set_known(m, SLOT_QUALITY, r->quality.score, r->quality.score >= 0);
}

static void set_usage(struct document_maker *m, const struct usage *u)
{
    char bytes[USAGE_BYTES];
    usage_write(u, bytes);
    set_value(m, SLOT_USE, str_slice(bytes, sizeof bytes));
}

// ---- What a result shows -------------------------------------------------------------------------

static void write_publisher(struct buf *b, const struct publisher *p)
{
    json_key(b, "publisher");
    json_open(b, '{');
    json_key(b, "id");
    json_str(b, p->id);
    json_key(b, "name");
    json_str(b, p->name);
    json_key(b, "acronym");
    json_str(b, p->acronym);
    json_key(b, "kind");
    json_str(b, p->kind);
    json_key(b, "certified");
    json_bool(b, p->certified);
    json_close(b, '}');
}

static void write_license(struct buf *b, const struct license *l)
{
    json_key(b, "license");
    if (!l->label.n) {
        json_nil(b);
        return;
    }
    json_open(b, '{');
    json_key(b, "id");
    json_str(b, l->id);
    json_key(b, "label");
    json_str(b, l->label);
    json_key(b, "open");
    json_bool(b, l->open);
    json_close(b, '}');
}

static void write_distributions(struct buf *b, const struct record *r)
{
    json_key(b, "distributions");
    json_open(b, '[');
    for (size_t i = 0; i < r->distribution_count && i < SHOWN_DISTRIBUTIONS; i++) {
        const struct distribution *d = &r->distributions[i];
        json_open(b, '{');
        json_key(b, "title");
        json_str(b, d->title);
        json_key(b, "url");
        json_str(b, d->url);
        json_key(b, "format");
        json_str(b, d->format);
        json_close(b, '}');
    }
    json_close(b, ']');
    json_key(b, "distributions_total");
    json_int(b, (int64_t)r->distribution_count);
}

static void write_list(struct buf *b, const char *key, struct strs list)
{
    json_key(b, key);
    json_open(b, '[');
    for (size_t i = 0; i < list.n; i++)
        json_str(b, list.v[i]);
    json_close(b, ']');
}

static void write_members(struct buf *b, const struct record *r, struct str description)
{
    struct str shown = str_cut_utf8(description, DESCRIPTION_BYTES);
    json_open(b, '{');
    json_key(b, "id");
    json_str(b, r->id);
    json_key(b, "kind");
    json_str(b, record_kind_name(r->kind));
    json_key(b, "title");
    json_str(b, r->title);
    json_key(b, "acronym");
    json_str(b, r->acronym);
    json_key(b, "description");
    json_str(b, shown);
    write_list(b, "keywords", r->keywords);
    write_list(b, "themes", r->themes);
    write_list(b, "badges", r->badges);
    json_key(b, "featured");
    json_bool(b, r->featured);
    write_publisher(b, &r->publisher);
    write_license(b, &r->license);
    json_key(b, "access");
    json_str(b, r->access ? record_access_name(r->access) : STR_NONE);
    write_distributions(b, r);
    json_key(b, "endpoint_url");
    json_str(b, r->endpoint_url);
    json_key(b, "repository_url");
    json_str(b, r->repository_url);
    json_key(b, "spatial");
    json_open(b, '{');
    json_key(b, "granularity");
    json_str(b, r->spatial.granularity);
    write_list(b, "zones", r->spatial.zones);
    write_list(b, "labels", r->spatial.labels);
    json_close(b, '}');
    json_key(b, "temporal");
    json_open(b, '{');
    write_date(b, "start", r->temporal.start);
    write_date(b, "end", r->temporal.end);
    json_close(b, '}');
    json_key(b, "frequency");
    json_str(b, r->frequency);
    write_date(b, "issued", r->issued);
    if (r->modified_trusted)
        write_date(b, "modified", r->modified);
    json_key(b, "landing_page");
    json_str(b, r->landing_page);
    json_key(b, "source");
    json_str(b, r->provenance.source);
    write_list(b, "also_in", r->also_in);
}

struct document_data document_data_read(struct str data)
{
    ptrdiff_t end = str_find_char(data, '\0');
    if (end < 0)
        return (struct document_data){data, STR_NONE};
    size_t n = (size_t)end;
    return (struct document_data){str_slice(data.p, n), str_slice(data.p + n + 1, data.n - n - 1)};
}

// ---- What the other members say --------------------------------------------------------------------

struct saying {
    struct document_maker *m;
    struct str description; // of the origin, in plain text
    struct strs said, more; // said: as a whole text already
    size_t room;
};

static void say(struct saying *s, struct str text)
{
    text = str_cut_utf8(str_trim(text), s->room);
    size_t before = s->said.n;
    add_once(&s->m->arena, &s->said, text);
    if (s->said.n == before || str_find(s->description, text) >= 0)
        return;
    arena_push(&s->m->arena, &s->more, text);
    s->room -= text.n;
}

// The texts of the other members that the origin does not say itself: who knows the brick by them finds it.
static struct strs other_texts(struct document_maker *m, const struct brick *b,
                               struct str description)
{
    struct saying s = {.m = m, .description = description, .room = OTHERS_BYTES};
    const struct record *r = &b->record;
    const struct str own[] = {r->title, r->acronym, r->publisher.name, r->publisher.acronym};
    if (!b->other_count)
        return s.more;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        add_once(&m->arena, &s.said, str_trim(own[i]));
    for (size_t i = 0; i < r->keywords.n; i++)
        add_once(&m->arena, &s.said, str_trim(r->keywords.v[i]));
    for (size_t i = 0; i < b->other_count; i++) {
        const struct record *o = &b->others[i];
        const struct str texts[] = {o->title, o->acronym, o->publisher.name, o->publisher.acronym};
        for (size_t j = 0; j < sizeof texts / sizeof *texts; j++)
            say(&s, texts[j]);
        for (size_t j = 0; j < o->keywords.n; j++)
            say(&s, o->keywords.v[j]);
    }
    for (size_t i = 0; i < b->other_count; i++)
        if (b->others[i].description.n)
            say(&s, text_from_markdown(&m->arena, b->others[i].description));
    return s.more;
}

// ---- Whole documents -----------------------------------------------------------------------------

bool document_make(struct document_maker *m, struct store *store, const struct stored *stored,
                   struct xap_doc *doc, struct err *e)
{
    struct brick b;
    arena_reset(&m->arena);
    if (!brick_read(store, stored, &m->arena, &b, e))
        return err_where(e, "stored record %.*s", STR_ARG(stored->id));
    const struct record r = b.record;
    if (!xap_doc_clear(doc, e))
        return false;
    m->doc = doc;
    m->error = e;
    m->good = true;
    struct str description =
        r.description.n ? text_from_markdown(&m->arena, r.description) : STR_NONE;

    struct strs zone_names = set_territory(m, &r);
    m->good = m->good && document_text_add(m->texts, &r, description, zone_names,
                                           other_texts(m, &b, description), doc, e);
    set_members(m, &b);
    add_id_terms(m, PREFIX_MEMBER, r.also_in);
    add_id_terms(m, PREFIX_USES, b.uses);
    add_id_terms(m, PREFIX_USED_BY, b.used_by);
    set_facets(m, &r);
    set_variant(m, &r);
    struct usage usage = usage_of(&r);
    usage.unknown = b.use_is_unknown;
    set_figures(m, &r);
    set_usage(m, &usage);
    set_facet(m, FACET_STATUS, record_status_name(r.status), STR_NONE);
    char flags =
        (char)(FLAG_ALWAYS | (r.publisher.certified ? FLAG_CERTIFIED : 0) |
               (r.featured ? FLAG_FEATURED : 0) | (r.modified_trusted ? FLAG_MODIFIED_TRUSTED : 0) |
               (r.also_in.n ? FLAG_JOINED : 0));
    set_value(m, SLOT_FLAGS, str_slice(&flags, 1));
    if (r.issued.precision)
        set_number(m, SLOT_ISSUED, (double)r.issued.seconds);
    set_value(m, SLOT_TITLE, text_sort_key(&m->arena, r.title));

    buf_clear(&m->text);
    write_members(&m->text, &r, description);
    buf_addc(&m->text, '\0');
    buf_add(&m->text, str_cut_utf8(description, EXCERPT_BYTES));
    return m->good && xap_doc_set_data(doc, buf_str(&m->text), e);
}

bool document_is_joined(struct xap_doc *doc, bool *joined, struct err *e)
{
    struct str flags;
    if (!xap_doc_value(doc, SLOT_FLAGS, &flags, e))
        return false;
    *joined = flags.n && flags.p[0] & FLAG_JOINED;
    return true;
}

bool document_update_figures(struct document_maker *m, const struct stored *stored,
                             struct xap_doc *doc, struct err *e)
{
    struct record r;
    struct str old_status, flags, old_usage;
    arena_reset(&m->arena);
    if (!record_read_figures(&r, stored->figures, &m->arena, e))
        return err_where(e, "figures of %.*s", STR_ARG(stored->id));
    r.status = stored->status;
    if (!xap_doc_value(doc, SLOT_FLAGS, &flags, e))
        return false;
    char flag = flags.n ? flags.p[0] : 0;
    r.publisher.certified = flag & FLAG_CERTIFIED;
    r.featured = flag & FLAG_FEATURED;
    r.modified_trusted = flag & FLAG_MODIFIED_TRUSTED;
    if (!xap_doc_value(doc, SLOT_USE, &old_usage, e))
        return false;
    struct usage old = usage_read(old_usage), usage = usage_of(&r);
    usage.public_service = old.public_service;
    usage.kind = old.kind;
    usage.fork = old.fork;
    usage.template = old.template;
    usage.users = old.users;
    usage.unknown = usage.unknown && old.users <= 0;
    if (!xap_doc_value(doc, SLOT_FACETS + FACET_STATUS, &old_status, e))
        return false;
    m->doc = doc;
    m->error = e;
    m->good = true;
    struct str status = record_status_name(r.status);
    if (!str_eq(old_status, status)) {
        old_status = arena_str(&m->arena, old_status);
        m->good = !old_status.n ||
                  xap_doc_remove_term(
                      doc, prefixed(m, "", facet_fields[FACET_STATUS].prefix, old_status), e);
        set_facet(m, FACET_STATUS, status, STR_NONE);
    }
    set_figures(m, &r);
    set_usage(m, &usage);
    return m->good;
}
