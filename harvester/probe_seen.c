// What an address answers that no driver knows, told so that an operator finds on: the page's title, what it was made with, the
// addresses on it that may be catalogues. Pages are hostile: bounded, and cleaned for a terminal. See probe_inside.h.
#include "harvester/probe_inside.h"

#include "base/html.h"
#include "base/text.h"
#include "harvester/url.h"

enum { BEGIN_BYTES = 1024, TITLE_BYTES = 200, SHOWN_BYTES = 80, LINKS_MAX = 8 };

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static struct str lowered(struct arena *a, struct str text)
{
    char *out = arena_alloc(a, text.n + 1);
    for (size_t i = 0; i < text.n; i++)
        out[i] = lower(text.p[i]);
    return str_slice(out, text.n);
}

static bool has_one_of(struct str text, const char *const *words)
{
    for (size_t i = 0; words[i]; i++)
        if (str_find(text, str_of(words[i])) >= 0)
            return true;
    return false;
}

bool probe_is_for_people(struct str body)
{
    static const char *const signs[] = {"<!doctypehtml", "<html", NULL};
    char begin[BEGIN_BYTES];
    size_t n = 0;
    if (str_starts(body, STR("\xEF\xBB\xBF")))
        body = str_slice(body.p + 3, body.n - 3);
    for (size_t i = 0; i < body.n && n < sizeof begin; i++)
        if (body.p[i] != ' ' && body.p[i] != '\n' && body.p[i] != '\r' && body.p[i] != '\t')
            begin[n++] = lower(body.p[i]);
    return n && begin[0] == '<' && has_one_of(str_slice(begin, n), signs);
}

// Of portals' software: what their pages hold, and the driver of their interfaces.
static const struct {
    const char *mark, *name, *type;
} makers[] = {
    {"opendatasoft", "Opendatasoft", "ods"},
    {"hub.arcgis.com", "ArcGIS Hub", "arcgis"},
    {"opendata.arcgis", "ArcGIS Hub", "arcgis"},
    {"socrata", "Socrata", "socrata"},
    {"dkan", "DKAN", "ckan"},
    {"ckan", "CKAN", "ckan"},
    {"geonetwork", "GeoNetwork", "csw"},
    {"geoportal server", "Geoportal Server", "csw"},
    {"pycsw", "pycsw", "csw"},
    {"dspace", "DSpace", "oai-pmh"},
    {"dataverse", "Dataverse", "oai-pmh"},
    {"invenio", "Invenio", "oai-pmh"},
    {"udata", "udata", "udata"},
};

static void find_maker(struct probe_answer *out, struct str page)
{
    for (size_t i = 0; i < sizeof makers / sizeof *makers && !out->maker.n; i++)
        if (str_find(page, str_of(makers[i].mark)) >= 0) {
            out->maker = str_of(makers[i].name);
            out->maker_type = str_of(makers[i].type);
        }
}

static bool is_catalogue_link(struct arena *a, struct str tag, struct str href)
{
    static const char *const types[] = {"rdf+xml", "turtle", "ld+json", "n-triples", NULL};
    static const char *const ends[] = {".rdf", ".ttl", ".jsonld", ".nt", NULL};
    static const char *const parts[] = {
        "data.json",       "/catalog.xml",   "/api/3/action", "/api/explore/", "/api/1/",
        "/api/catalog/v1", "service=csw",    "/csw",          "/oai?",         "/oai/",
        "verb=",           "/api/search/v1", "/dcat-us/1.1",  "/dcat-ap/",     NULL};
    struct str type = html_attribute(tag, "type"), link = lowered(a, href);
    for (size_t i = 0; ends[i]; i++)
        if (str_ends(link, str_of(ends[i])))
            return true;
    return (type.n && has_one_of(lowered(a, type), types)) || has_one_of(link, parts) ||
           str_ends(link, STR("/oai"));
}

// "&amp;" is the only entity that addresses hold.
static struct str without_entities(struct arena *a, struct str href)
{
    struct buf b = {0};
    for (ptrdiff_t at; (at = str_find(href, STR("&amp;"))) >= 0;
         href = str_slice(href.p + at + 5, href.n - (size_t)at - 5))
        buf_add(&b, str_slice(href.p, (size_t)at + 1));
    buf_add(&b, href);
    struct str out = arena_str(a, buf_str(&b));
    buf_free(&b);
    return out;
}

static bool is_told(const struct strs *list, struct str url)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i], url))
            return true;
    return false;
}

static void find_links(struct probing *p, struct str page, struct str base)
{
    struct strs *links = &p->out->links;
    for (size_t i = 0; i < page.n && links->n < LINKS_MAX; i++) {
        struct str name, url, rest = str_slice(page.p + i, page.n - i);
        struct err e;
        bool closing;
        size_t n = page.p[i] == '<' ? html_tag(rest, &name, &closing) : 0;
        if (!n || closing || (!str_eq_nocase(name, STR("a")) && !str_eq_nocase(name, STR("link"))))
            continue;
        struct str tag = str_slice(rest.p, n),
                   href = without_entities(p->arena, html_attribute(tag, "href"));
        if (href.n && is_catalogue_link(p->arena, tag, href) &&
            url_join(p->arena, base, href, &url, &e) && !str_eq(url, base) && !is_told(links, url))
            arena_push(p->arena, links, url);
        i += n - 1;
    }
}

static struct str title_of(struct arena *a, struct str page, struct str lower_page)
{
    ptrdiff_t start = str_find(lower_page, STR("<title")), inside, end;
    if (start < 0)
        return STR_NONE;
    page = str_slice(page.p + start, page.n - (size_t)start);
    lower_page = str_slice(lower_page.p + start, lower_page.n - (size_t)start);
    inside = str_find_char(page, '>');
    end = str_find(lower_page, STR("</title"));
    if (inside < 0 || end < inside)
        return STR_NONE;
    struct str text = str_slice(page.p + inside + 1, (size_t)(end - inside - 1));
    return text_clean(a, text_from_html(a, text), TITLE_BYTES, NULL);
}

void probe_see(struct probing *p, const struct probe_reply *reply)
{
    struct probe_answer *out = p->out;
    struct str body = reply->body, type = text_clean(p->arena, reply->content_type, 100, NULL);
    if (body.n > PROBE_SIGNS_BYTES)
        body.n = PROBE_SIGNS_BYTES;
    const char *answers = reply->status == 200
                              ? "answers"
                              : arena_printf(p->arena, "answers %d with", reply->status).p;
    if (!probe_is_for_people(body)) {
        struct str shown =
            text_clean(p->arena, str_slice(body.p, body.n < 500 ? body.n : 500), SHOWN_BYTES, NULL);
        out->seen = !shown.n
                        ? arena_printf(p->arena, "%.*s %s nothing", STR_ARG(reply->url), answers)
                        : arena_printf(p->arena, "%.*s %s %.*s%s%.*s", STR_ARG(reply->url), answers,
                                       STR_ARG(type), type.n ? ": " : "", STR_ARG(shown));
        return;
    }
    struct str lower_page = lowered(p->arena, body), title = title_of(p->arena, body, lower_page);
    out->seen = title.n ? arena_printf(p->arena, "%.*s %s a page for people (HTML), \"%.*s\"",
                                       STR_ARG(reply->url), answers, STR_ARG(title))
                        : arena_printf(p->arena, "%.*s %s a page for people (HTML) without a title",
                                       STR_ARG(reply->url), answers);
    find_maker(out, lower_page);
    find_links(p, body, reply->url);
}
