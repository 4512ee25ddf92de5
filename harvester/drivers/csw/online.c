// See online.h.
#include "harvester/drivers/csw/online.h"

#include "harvester/url.h"

enum { TITLE_LIKE = 150 }; // bytes: a longer description is no title

static bool contains(struct str text, struct str part)
{
    for (size_t i = 0; i + part.n <= text.n; i++)
        if (str_eq_nocase(str_slice(text.p + i, part.n), part))
            return true;
    return false;
}

static bool is_word_char(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

// Whether the text has this word, ASCII case apart, between characters that are no letters or digits.
static bool has_word(struct str text, struct str word)
{
    for (size_t i = 0; i + word.n <= text.n; i++)
        if ((i == 0 || !is_word_char(text.p[i - 1])) &&
            (i + word.n == text.n || !is_word_char(text.p[i + word.n])) &&
            str_eq_nocase(str_slice(text.p + i, word.n), word))
            return true;
    return false;
}

struct str online_service(struct str protocol)
{
    static const struct {
        struct str word, format;
    } services[] = {
        {STR("wmts"), STR("wmts")},
        {STR("wms"), STR("wms")},
        {STR("webmapservice"), STR("wms")},
        {STR("wfs"), STR("wfs")},
        {STR("webfeatureservice"), STR("wfs")},
        {STR("wcs"), STR("wcs")},
        {STR("wps"), STR("wps")},
        {STR("csw"), STR("csw")},
        {STR("tms"), STR("tms")},
        {STR("oapif"), STR("ogc-api")},
        {STR("ogc api"), STR("ogc-api")},
        {STR("ogcapi"), STR("ogc-api")},
        {STR("sensorthings"), STR("sensorthings")},
        {STR("esrirest"), STR("arcgis-rest")},
        {STR("esri:rest"), STR("arcgis-rest")},
    };
    for (size_t i = 0; i < sizeof services / sizeof *services; i++)
        if (has_word(protocol, services[i].word))
            return services[i].format;
    return STR_NONE;
}

// "text/csv" in "WWW:DOWNLOAD:text/csv", "image/jpeg" alone.
static struct str media_type_in(struct str protocol)
{
    static const struct str kinds[] = {STR("application/"), STR("text/"),  STR("image/"),
                                       STR("audio/"),       STR("video/"), STR("model/")};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        ptrdiff_t at = str_find(protocol, kinds[i]);
        if (at >= 0)
            return str_slice(protocol.p + at, protocol.n - (size_t)at);
    }
    return STR_NONE;
}

// What the link is for, in udata's words for the type of a resource.
static struct str type_of(const struct online *o, const struct distribution *d, bool service)
{
    if (service)
        return STR("api");
    if (str_eq_nocase(o->function, STR("download")) || has_word(o->protocol, STR("download")))
        return STR("main");
    if (str_eq_nocase(o->function, STR("information")))
        return STR("documentation");
    if (o->function.n)
        return STR("other");
    if (str_eq(d->format_family, STR("documents")) || str_eq(d->format, STR("html")))
        return STR("documentation");
    bool says_so = contains(d->title, STR("léchargement")) || contains(d->title, STR("download"));
    return d->format.n || says_so ? STR("main") : STR("other");
}

// People write the layer's or the file's name, and beside it what it is.
static struct str title_of(struct mapper *m, const struct online *o)
{
    struct str name = map_line(m, o->name, NAME_MAX);
    struct str description = map_line(m, o->description, NAME_MAX);
    bool says = description.n && description.n <= TITLE_LIKE && !url_is_web(description);
    return says || !name.n ? description : name;
}

// About the record itself, and not of what it describes.
static bool is_of_metadata(struct str function)
{
    static const struct str functions[] = {STR("completeMetadata"), STR("browseGraphic"),
                                           STR("emailService"), STR("upload")};
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (str_eq_nocase(function, functions[i]))
            return true;
    return false;
}

// The end of the path, without the query: "wms" of "https://host/geoserver/wms?".
static struct str last_step(struct str url)
{
    ptrdiff_t question = str_find_char(url, '?');
    size_t end = question < 0 ? url.n : (size_t)question, start;
    while (end && url.p[end - 1] == '/')
        end--;
    for (start = end; start && url.p[start - 1] != '/';)
        start--;
    return str_slice(url.p + start, end - start);
}

static struct str service_of(const struct online *o)
{
    static const struct {
        struct str step, format;
    } steps[] = {{STR("wms"), STR("wms")},
                 {STR("wfs"), STR("wfs")},
                 {STR("wmts"), STR("wmts")},
                 {STR("WMSServer"), STR("wms")},
                 {STR("WFSServer"), STR("wfs")},
                 {STR("MapServer"), STR("arcgis-rest")},
                 {STR("FeatureServer"), STR("arcgis-rest")},
                 {STR("ImageServer"), STR("arcgis-rest")}};
    struct str service = online_service(o->protocol), step = last_step(o->url);
    // A picture or a file that a service makes is none.
    if (!service.n && (o->protocol.n || contains(o->url, STR("request=Get"))))
        return STR_NONE;
    for (size_t i = 0; i < sizeof steps / sizeof *steps && !service.n; i++)
        if (str_eq_nocase(step, steps[i].step))
            service = steps[i].format;
    return service;
}

bool online_is_record(struct str url)
{
    static const struct str signs[] = {STR("request=GetRecordById"), STR("catalog.search"),
                                       STR("#/metadata/"), STR("metadata.show?"),
                                       STR("xml.metadata.get?")};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (contains(url, signs[i]))
            return true;
    return false;
}

// The format: of a service its own; of others what the address and the media type say; of a download that they say nothing of, or
// only that it is packed, the one that the record is said to have.
static void set_format(struct mapper *m, const struct online *o, struct str service,
                       struct distribution *d)
{
    struct str media_type = o->media_type.n ? o->media_type : media_type_in(o->protocol);
    bool download =
        str_eq_nocase(o->function, STR("download")) || has_word(o->protocol, STR("download"));
    map_format(m, d, service, media_type);
    if (!service.n && download && o->format.n &&
        (!d->format.n || str_eq(d->format_family, STR("other"))))
        map_format(m, d, o->format, media_type);
}

void online_add(struct mapper *m, struct record *r, size_t room, const struct online *online)
{
    struct distribution made = {.url = map_web(m, online->url), .byte_size = -1, .available = -1};
    if (!made.url.n || is_of_metadata(online->function) || online_is_record(made.url) ||
        has_word(online->name, STR("thumbnail")))
        return;
    struct str service = service_of(online);
    set_format(m, online, service, &made);
    made.title = title_of(m, online);
    made.type = type_of(online, &made, service.n || online_service(made.format).n);
    for (size_t i = 0; i < r->distribution_count; i++)
        if (str_eq(r->distributions[i].url, made.url) &&
            str_eq(r->distributions[i].title, made.title))
            return;
    struct distribution *d = map_add_distribution(r, room);
    if (d)
        *d = made;
}
