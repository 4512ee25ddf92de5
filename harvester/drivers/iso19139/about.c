// What ISO metadata say that the data are about: keywords, themes, places, times. See parts.h.
#include "harvester/drivers/dcat/dcat.h"
#include "harvester/drivers/iso19139/parts.h"

enum { LIST_OF_WORDS = 60, LABEL_BYTES = 100 };

// ---- Keywords and themes ------------------------------------------------------------------------------

// The topic categories of ISO 19115 (MD_TopicCategoryCode), in French.
static struct str topic_label(struct str code)
{
    static const struct {
        struct str code, label;
    } topics[] = {
        {STR("farming"), STR("Agriculture")},
        {STR("biota"), STR("Biote")},
        {STR("boundaries"), STR("Limites")},
        {STR("climatologyMeteorologyAtmosphere"), STR("Climatologie, météorologie, atmosphère")},
        {STR("economy"), STR("Économie")},
        {STR("elevation"), STR("Altitude")},
        {STR("environment"), STR("Environnement")},
        {STR("geoscientificInformation"), STR("Informations géoscientifiques")},
        {STR("health"), STR("Santé")},
        {STR("imageryBaseMapsEarthCover"), STR("Imagerie, cartes de base, occupation des terres")},
        {STR("intelligenceMilitary"), STR("Renseignement, secteur militaire")},
        {STR("inlandWaters"), STR("Eaux intérieures")},
        {STR("location"), STR("Localisation")},
        {STR("oceans"), STR("Océans")},
        {STR("planningCadastre"), STR("Planification, cadastre")},
        {STR("society"), STR("Société")},
        {STR("structure"), STR("Structure")},
        {STR("transportation"), STR("Transport")},
        {STR("utilitiesCommunication"), STR("Services d’utilité publique, communication")},
        {STR("extraTerrestrial"), STR("Extraterrestre")},
        {STR("disaster"), STR("Catastrophes")},
    };
    ptrdiff_t cut = str_find_char(code, '_'); // Switzerland's own below them: "environment_Nature"
    if (cut > 0)
        code.n = (size_t)cut;
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++)
        if (str_eq_nocase(code, topics[i].code))
            return topics[i].label;
    return STR_NONE;
}

static void add_topics(struct iso *x)
{
    size_t n;
    const struct xml_node **topics = iso_all(x, x->ident, "topicCategory", &n);
    for (size_t i = 0; i < n; i++)
        map_add_word(x->m, &x->r->themes, topic_label(iso_code(x->m->arena, topics[i])));
}

static void add_badge(struct iso *x, struct str badge)
{
    map_add_word(x->m, &x->r->badges, badge);
}

// Some editors put a whole list into one keyword. Few commas may be a label's own.
static bool is_list(struct str text)
{
    size_t commas = 0;
    for (size_t i = 0; i < text.n; i++)
        commas += text.p[i] == ',';
    return text.n > LIST_OF_WORDS && commas >= 3;
}

static void add_keyword(struct iso *x, struct str text)
{
    struct str part, word;
    bool list = is_list(text);
    while (str_next(&text, ';', &part)) {
        if (!list)
            map_add_word(x->m, &x->r->keywords, part);
        while (list && str_next(&part, ',', &word))
            map_add_word(x->m, &x->r->keywords, word);
    }
}

enum vocabulary { WORDS, INSPIRE_THEMES, HIGH_VALUE, CODES, PLACES };

// What a list of keywords is: by its thesaurus' title and address, and by its type.
static enum vocabulary vocabulary_of(struct iso *x, const struct xml_node *keywords)
{
    const struct xml_node *citation = xml_find(keywords, "thesaurusName/*");
    const struct xml_node *title = xml_child(citation, NULL, "title");
    struct str name = iso_text(x, title, NULL);
    struct str where = iso_anchor(title);
    struct str id = iso_text_at(x, citation, "identifier/*/code", NULL);
    struct str type = iso_code(x->m->arena, xml_child(keywords, NULL, "type"));
    if (iso_contains(name, STR("inspire theme")) || iso_contains(name, STR("inspire-theme")) ||
        iso_contains(name, STR("inspire thema")) ||
        iso_contains(name, STR("external.theme.inspire")) ||
        iso_contains(where, STR("inspire.ec.europa.eu/theme")) ||
        iso_contains(id, STR("inspire-theme")) || iso_contains(id, STR("inspireeceuropaeutheme")))
        return INSPIRE_THEMES;
    if (iso_contains(name, STR("high-value")) || iso_contains(name, STR("forte valeur")) ||
        iso_contains(where, STR("data.europa.eu/bna")) ||
        iso_contains(id, STR("high-value-dataset")))
        return HIGH_VALUE;
    if (iso_contains(name, STR("1205/2008")) || iso_contains(name, STR("spatial data service")) ||
        iso_contains(name, STR("spatial scope")) || iso_contains(where, STR("SpatialScope")) ||
        iso_contains(where, STR("SpatialDataServiceCategory")))
        return CODES;
    return str_eq_nocase(type, STR("place")) ? PLACES : WORDS;
}

// A name, a list of names, or an address in a register of places.
static void add_place(struct iso *x, struct strs *places, struct str text)
{
    struct dcat registers = {.mapper = x->m};
    struct str part;
    int64_t code;
    char between = is_list(text) ? ',' : '|';
    while (str_next(&text, between, &part)) {
        part = str_trim(part);
        if (iso_contains(part, STR("://")))
            part = dcat_zone(&registers, part);
        else if (between == ',' && str_to_int(part, 0, INT64_MAX, &code))
            continue; // of the place before it
        map_add_word(x->m, places, part);
    }
}

static void add_keywords(struct iso *x, const struct xml_node *keywords, struct strs *places)
{
    size_t n;
    enum vocabulary vocabulary = vocabulary_of(x, keywords);
    const struct xml_node **words = iso_all(x, keywords, "keyword", &n);
    for (size_t i = 0; i < n; i++) {
        struct str text = iso_text(x, words[i], NULL), where = iso_anchor(words[i]);
        if (!text.n)
            continue;
        bool theme =
            vocabulary == INSPIRE_THEMES || iso_contains(where, STR("inspire.ec.europa.eu/theme/"));
        bool high = vocabulary == HIGH_VALUE || iso_contains(where, STR("data.europa.eu/bna/"));
        if (theme) {
            map_add_word(x->m, &x->r->themes, text);
            add_badge(x, STR("inspire"));
        } else if (vocabulary == PLACES) {
            add_place(x, places, text);
            if (where.n)
                add_place(x, places, where);
        } else if (vocabulary != CODES) {
            add_keyword(x, text);
        }
        if (high)
            add_badge(x, STR("hvd"));
    }
}

static void add_places(struct iso *x, const struct strs *places)
{
    for (size_t i = 0; i < places->n; i++)
        map_add_zone(x->m, x->r, places->v[i], STR_NONE);
}

void iso_keywords(struct iso *x)
{
    struct strs places = {0};
    size_t n;
    const struct xml_node **lists = iso_all(x, x->ident, "descriptiveKeywords/MD_Keywords", &n);
    add_topics(x);
    for (size_t i = 0; i < n; i++)
        add_keywords(x, lists[i], &places);
    lists = iso_all(x, x->ident, "extent/*", &n);
    for (size_t i = 0; i < n; i++) {
        struct str text = iso_text_at(x, lists[i], "description", NULL);
        bool of_times = xml_child(lists[i], NULL, "temporalElement") &&
                        !xml_child(lists[i], NULL, "geographicElement");
        if (text.n <= LABEL_BYTES && !of_times)
            add_place(x, &places, text);
    }
    lists = iso_all(x, x->ident, "extent/*/geographicElement/*/geographicIdentifier/*/code", &n);
    for (size_t i = 0; i < n; i++)
        add_place(x, &places, iso_text(x, lists[i], NULL));
    add_places(x, &places);
}

// ---- Where and when -----------------------------------------------------------------------------------

// "2,06" too.
static bool degrees_at(struct iso *x, const struct xml_node *box, const char *name, double *out)
{
    struct str text = arena_str(x->m->arena, xml_text_at(box, name, x->m->arena));
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] == ',')
            ((char *)text.p)[i] = '.';
    return str_to_real(text, out);
}

static void add_box(struct iso *x, const struct xml_node *box)
{
    double west, east, south, north;
    if (!degrees_at(x, box, "westBoundLongitude", &west) ||
        !degrees_at(x, box, "eastBoundLongitude", &east) ||
        !degrees_at(x, box, "southBoundLatitude", &south) ||
        !degrees_at(x, box, "northBoundLatitude", &north))
        return;
    if (west == 0 && east == 0 && south == 0 && north == 0) // a form that was never filled
        return;
    map_add_point(x->r, west, south);
    map_add_point(x->r, east, north);
}

static void add_time(struct str text, struct date *first, struct date *last)
{
    struct date d = map_date(text);
    if (d.precision == DATE_NONE)
        return;
    if (first && (first->precision == DATE_NONE || d.seconds < first->seconds))
        *first = d;
    if (last && (last->precision == DATE_NONE || d.seconds > last->seconds))
        *last = d;
}

// gml:TimePeriod, by positions or instants, or gml:TimeInstant. One that is "now" or "unknown" has no date.
static void add_period(struct iso *x, const struct xml_node *time)
{
    struct arena *a = x->m->arena;
    struct date *start = &x->r->temporal.start, *end = &x->r->temporal.end;
    add_time(xml_text_at(time, "beginPosition", a), start, NULL);
    add_time(xml_text_at(time, "begin/*/timePosition", a), start, NULL);
    add_time(xml_text_at(time, "endPosition", a), NULL, end);
    add_time(xml_text_at(time, "end/*/timePosition", a), NULL, end);
    add_time(xml_text_at(time, "timePosition", a), start, end);
}

void iso_extents(struct iso *x)
{
    size_t n;
    const struct xml_node **found =
        iso_all(x, x->ident, "extent/*/geographicElement/EX_GeographicBoundingBox", &n);
    for (size_t i = 0; i < n; i++)
        add_box(x, found[i]);
    found = iso_all(x, x->ident, "extent/*/temporalElement/*/extent/*", &n);
    for (size_t i = 0; i < n; i++)
        add_period(x, found[i]);
}
