// Catalogues that describe none of their datasets, but link to a document of each: FAIR Data Points (a root that links to catalogues,
// which link to datasets), the local catalogues of the Czech and Slovak portals. What is still to be read is a text in the cursor: lines
// of a letter and an address, 'c' for a catalogue, of which the links are followed in turn, 'd' for a dataset, of which none are: so the
// walk is two links deep, and ends. See dcat.h.
#include "harvester/drivers/dcat/dcat.h"

static const struct {
    struct str predicate;
    char letter;
} predicates[] = {
    {DCAT_("dataset"), 'd'},
    {DCAT_("service"), 'd'},
    {DCAT_("catalog"), 'c'},
    {STR("https://w3id.org/fdp/fdp-o#metadataCatalog"), 'c'},
    {STR("http://www.re3data.org/schema/3-0#dataCatalog"), 'c'},
};

void dcat_linked_add(struct dcat_linked *l, const struct rdf_triple *triple)
{
    if (triple->object.kind != RDF_IRI || triple->object.value.n > URL_MAX)
        return;
    for (size_t i = 0; i < sizeof predicates / sizeof *predicates; i++) {
        if (!str_eq(triple->predicate, predicates[i].predicate))
            continue;
        if (l->links.n == DCAT_LINKED_MAX) {
            l->over++;
            return;
        }
        arena_push(&l->arena, &l->links,
                   arena_printf(&l->arena, "%c %.*s", predicates[i].letter,
                                STR_ARG(triple->object.value)));
        return;
    }
}

void dcat_linked_free(struct dcat_linked *l)
{
    arena_free(&l->arena);
    *l = (struct dcat_linked){0};
}

static struct str without_fragment(struct str url)
{
    ptrdiff_t at = str_find_char(url, '#');
    return at < 0 ? url : str_slice(url.p, (size_t)at);
}

static bool is_there(const struct strs *list, struct str line)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i], line))
            return true;
    return false;
}

// Links that are no address on the source's origin are counted in *elsewhere; one to the document itself is none.
struct str dcat_linked_text(const struct dcat_linked *l, bool catalogues, struct str source,
                            struct str document, struct arena *a, size_t *elsewhere)
{
    struct strs lines = {0};
    struct str here = without_fragment(dcat_absolute(document, source, document, a)), text;
    struct buf b = {0};
    *elsewhere = 0;
    for (size_t i = 0; i < l->links.n; i++) {
        char letter = l->links.v[i].p[0];
        struct str link = str_slice(l->links.v[i].p + 2, l->links.v[i].n - 2);
        struct str url = without_fragment(dcat_absolute(link, source, document, a));
        *elsewhere += !url.n;
        if (!url.n || str_eq(url, here) || (letter == 'c' && !catalogues))
            continue;
        struct str line = arena_printf(a, "%c %.*s\n", letter, STR_ARG(url));
        if (is_there(&lines, line))
            continue;
        arena_push(a, &lines, line);
        buf_add(&b, line);
    }
    text = arena_str(a, buf_str(&b));
    buf_free(&b);
    return text;
}

bool dcat_linked_take(struct str *rest, struct str *url, bool *leaf)
{
    struct str line;
    if (!rest->n || !str_next(rest, '\n', &line) || line.n < 3)
        return false;
    *leaf = line.p[0] != 'c';
    *url = str_slice(line.p + 2, line.n - 2);
    return true;
}
