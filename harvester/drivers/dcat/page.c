// What follows a page of a catalogue. Hydra's partial views (hydra:view, hydra:next), its former paged collections (hydra:nextPage),
// LDP's pages (ldp:nextPage) and XHTML's rel=next all come down to one triple; the address may be an IRI or a literal. A page that
// leads to itself, to the first one or to the one before it is the last. See dcat.h.
#include "harvester/drivers/dcat/dcat.h"

#include "harvester/url.h"

static const struct {
    struct str predicate;
    int what;
} links[] = {
    {HYDRA_("next"), DCAT_NEXT},
    {HYDRA_("nextPage"), DCAT_NEXT},
    {LDP_("nextPage"), DCAT_NEXT},
    {STR("http://www.w3.org/1999/xhtml/vocab#next"), DCAT_NEXT},
    {HYDRA_("first"), DCAT_FIRST},
    {HYDRA_("firstPage"), DCAT_FIRST},
    {LDP_("firstPage"), DCAT_FIRST},
    {HYDRA_("last"), DCAT_LAST},
    {HYDRA_("lastPage"), DCAT_LAST},
    {HYDRA_("previous"), DCAT_PREVIOUS},
    {HYDRA_("previousPage"), DCAT_PREVIOUS},
    {HYDRA_("totalItems"), DCAT_TOTAL},
};

void dcat_links_add(struct dcat_links *l, const struct rdf_triple *triple)
{
    struct str p = triple->predicate, value = str_trim(triple->object.value);
    if (l->n == DCAT_LINKS_MAX || triple->object.kind == RDF_BLANK || !value.n ||
        value.n > URL_LONGEST || !(str_starts(p, STR("http://www.w3.org/"))))
        return;
    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        if (str_eq(p, links[i].predicate)) {
            l->v[l->n].subject = arena_str(&l->arena, triple->subject.value);
            l->v[l->n].value = arena_str(&l->arena, value);
            l->v[l->n++].what = links[i].what;
            return;
        }
}

void dcat_links_free(struct dcat_links *l)
{
    arena_free(&l->arena);
    l->n = 0;
}

int64_t dcat_links_total(const struct dcat_links *l)
{
    int64_t total = -1, n;
    for (size_t i = 0; i < l->n; i++)
        if (l->v[i].what == DCAT_TOTAL && str_to_int(l->v[i].value, 0, INT32_MAX, &n) && n > total)
            total = n;
    return total;
}

// "/catalog" of "https://e.org/catalog?page=2"; *tail is what follows the host.
static struct str path_of(struct str url, struct str *tail)
{
    ptrdiff_t host = str_find(url, STR("://"));
    struct str rest = host < 0 ? url : str_slice(url.p + host + 3, url.n - (size_t)host - 3);
    size_t start = 0, end;
    while (start < rest.n && !strchr("/?#", rest.p[start]))
        start++;
    *tail = str_slice(rest.p + start, rest.n - start);
    for (end = start; end < rest.n && !strchr("?#", rest.p[end]);)
        end++;
    return str_slice(rest.p + start, end - start);
}

static bool same_path(struct str a, struct str b)
{
    struct str tail, x = path_of(a, &tail), y = path_of(b, &tail);
    while (str_ends(x, STR("/")))
        x.n--;
    while (str_ends(y, STR("/")))
        y.n--;
    return str_eq(x, y);
}

// The address on the source's own origin: servers behind proxies do not know their name. {NULL, 0} when that is another place.
static struct str rooted(struct str url, struct str source, struct str document, struct arena *a)
{
    if (url_same_origin(url, source))
        return url;
    if (!same_path(url, document) && !same_path(url, source))
        return STR_NONE;
    struct str tail, scheme_end = STR("://");
    ptrdiff_t host = str_find(source, scheme_end);
    path_of(url, &tail);
    size_t root = (size_t)host + scheme_end.n;
    while (root < source.n && !strchr("/?#", source.p[root]))
        root++;
    return arena_printf(a, "%.*s%.*s", (int)root, source.p, STR_ARG(tail));
}

struct str dcat_absolute(struct str link, struct str source, struct str document, struct arena *a)
{
    struct str url;
    return url_join(a, document, link, &url, NULL) ? rooted(url, source, document, a) : STR_NONE;
}

// The link of that kind which the page itself has, else that of any other subject; of several the first in the order of bytes.
static struct str find_link(const struct dcat_links *l, int what, struct str document)
{
    struct str best = STR_NONE;
    bool best_own = false;
    for (size_t i = 0; i < l->n; i++) {
        const struct dcat_link *link = &l->v[i];
        bool nothing = str_ends(link->value, STR("#nil")); // LDP's end
        if ((int)link->what != what || nothing)
            continue;
        struct str tail, here;
        path_of(link->subject, &tail);
        path_of(document, &here);
        bool own = str_eq(tail, here);
        if (!best.n || (own && !best_own) || (own == best_own && str_cmp(link->value, best) < 0)) {
            best = link->value;
            best_own = own;
        }
    }
    return best;
}

bool dcat_links_next(const struct dcat_links *l, struct str source, struct str document,
                     struct str before, struct arena *a, struct str *next, struct err *e)
{
    *next = STR_NONE;
    struct str link = find_link(l, DCAT_NEXT, document);
    if (!link.n)
        return true;
    struct str url = dcat_absolute(link, source, document, a);
    if (!url.n) {
        err_set(e, ERR_REFUSED, "the next page is on another server: %.*s", STR_ARG(link));
        err_hint(e, "make it a source of its own, or use the address that pages lead to");
        return false;
    }
    struct str first = find_link(l, DCAT_FIRST, document);
    const struct str read[] = {dcat_absolute(document, source, document, a),
                               dcat_absolute(source, source, document, a), before,
                               first.n ? dcat_absolute(first, source, document, a) : STR_NONE};
    for (size_t i = 0; i < sizeof read / sizeof *read; i++)
        if (str_eq(url, read[i]))
            return true;
    *next = url;
    return true;
}

struct str dcat_links_last(const struct dcat_links *l, struct str source, struct str document,
                           struct arena *a)
{
    struct str link = find_link(l, DCAT_LAST, document);
    return link.n ? dcat_absolute(link, source, document, a) : STR_NONE;
}
