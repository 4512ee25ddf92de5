// The DCAT driver: RDF of any serialisation, one document or pages that lead from one to the next.
//
// A document's triples go into a graph on disk as they are parsed, so that memory does not grow with it; then its datasets, series and
// data services are mapped some hundreds at a time. A document that breaks off is refused whole: what its last item lacks cannot be
// told. Parts: see dcat.h.
#include "harvester/drivers/dcat/dcat.h"

#include "harvester/drivers/paging.h"
#include "harvester/url.h"

#include <stdlib.h>
#include <unistd.h>

enum { PART = 200, BEGINNING = 4096, BARE_SHOWN = 150, REST_MAX = 512 * 1024 };

// ---- Where a sweep stands ------------------------------------------------------------------------

struct position {
    struct str page, before, last; // empty: the source's own address; none; not told
    struct str rest;               // documents still to be read (dcat_linked_text)
    bool linked;                   // this page is one of them
    bool leaf;                     // of which no link is followed
};

static const struct paging_member members[] = {PAGING_TEXT(page),
                                               PAGING_TEXT(before),
                                               PAGING_TEXT(last),
                                               PAGING_TEXT(rest),
                                               PAGING_FLAG(linked),
                                               PAGING_FLAG(leaf),
                                               {0}};

static bool position_read(struct str cursor, struct position *p, struct arena *a, struct err *e)
{
    *p = (struct position){0};
    return paging_read(cursor, members, p, a, e);
}

static struct str position_write(struct arena *a, const struct position *p)
{
    return paging_write(a, members, p);
}

static bool request(const struct driver_source *source, struct str cursor, struct arena *a,
                    struct driver_request *out, struct err *e)
{
    struct position p;
    if (!position_read(cursor, &p, a, e))
        return false;
    out->url = arena_str(a, p.page.n ? p.page : source->config->url);
    out->accept = STR("application/rdf+xml, text/turtle, application/n-triples, "
                      "application/trig;q=0.9, application/ld+json;q=0.9, application/xml;q=0.5, "
                      "application/json;q=0.5, */*;q=0.1");
    return true;
}

// The cursor of the next document that a catalogue links to; empty when there is none.
static struct str next_linked(struct str rest, struct arena *a)
{
    struct position next = {.linked = true};
    if (!dcat_linked_take(&rest, &next.page, &next.leaf))
        return STR_NONE;
    next.rest = rest;
    return position_write(a, &next);
}

// "...?page=3" behind "...?page=2": the number that differs in the two addresses' tails cannot be known, so that only the parameter's
// usual name is believed, and only up to the last page that was told.
static struct str behind(const struct driver_source *source, struct str cursor, struct arena *a)
{
    struct position p;
    (void)source;
    if (!position_read(cursor, &p, a, NULL))
        return STR_NONE;
    if (p.linked)
        return next_linked(p.rest, a);
    if (!p.page.n || !p.last.n || str_eq(p.page, p.last))
        return STR_NONE;
    ptrdiff_t at = str_find(p.page, STR("?page="));
    if (at < 0)
        at = str_find(p.page, STR("&page="));
    if (at < 0)
        return STR_NONE;
    size_t from = (size_t)at + 6, to = from;
    while (to < p.page.n && p.page.p[to] >= '0' && p.page.p[to] <= '9')
        to++;
    int64_t number;
    if (!str_to_int(str_slice(p.page.p + from, to - from), 1, INT32_MAX, &number))
        return STR_NONE;
    struct str page = arena_printf(a, "%.*s%lld%.*s", (int)from, p.page.p, (long long)number + 1,
                                   (int)(p.page.n - to), p.page.p + to);
    return position_write(a, &(struct position){.page = page, .before = p.page, .last = p.last});
}

// ---- Reading a document --------------------------------------------------------------------------

struct reader {
    const struct driver_source *source;
    struct arena arena;
    struct graph *graph;
    struct dcat_links links;
    struct dcat_linked linked;
    struct str document, next; // next: the cursor behind this document
    bool alone;                // it is the whole catalogue
    size_t bare;               // datasets that it names and does not describe
    struct str first_bare;
    struct err stop; // why what follows cannot be read, though this document can
    int64_t total;
    size_t warnings, lost;
    struct err first_loss;
    size_t list; // of classes, that is being given
    int64_t after;
};

static const struct {
    struct str type;
    enum record_kind kind;
} classes[] = {
    {DCAT_("Dataset"), KIND_DATASET},
    {DCAT_("DatasetSeries"), KIND_DATASET},
    {DCAT_("DataService"), KIND_DATASERVICE},
};
enum { CLASSES = sizeof classes / sizeof *classes };

static bool keep_triple(void *arg, const struct rdf_triple *triple, struct err *e)
{
    struct reader *r = arg;
    dcat_links_add(&r->links, triple);
    dcat_linked_add(&r->linked, triple);
    return dcat_add(r->graph, triple, e);
}

static bool parse(struct reader *r, const struct driver_document *document, enum rdf_format format,
                  struct err *e)
{
    dcat_links_free(&r->links);
    dcat_linked_free(&r->linked);
    graph_free(r->graph);
    r->graph = graph_new(document->folder, e);
    if (!r->graph)
        return false;
    if (lseek(document->fd, 0, SEEK_SET) != 0)
        return err_set(e, ERR_IO, "the document cannot be read from its start");
    struct rdf_reading reading = {.fd = document->fd,
                                  .format = format,
                                  .base = document->url,
                                  .triple = keep_triple,
                                  .arg = r};
    bool good = rdf_read(&reading, e);
    r->warnings = reading.warnings;
    r->lost = reading.lost;
    r->first_loss = reading.first_warning;
    return good && graph_seal(r->graph, e);
}

// The format that the server tells; where that cannot be read, the one that the document's own beginning tells.
static bool read_document(struct reader *r, const struct driver_document *document, struct err *e)
{
    char bytes[BEGINNING];
    ssize_t n = pread(document->fd, bytes, sizeof bytes, 0);
    struct str beginning = str_slice(bytes, n > 0 ? (size_t)n : 0);
    enum rdf_format told = rdf_format_find(document->content_type, beginning, document->url);
    enum rdf_format seen = rdf_format_find(STR_NONE, beginning, document->url);
    if (told == RDF_UNKNOWN)
        told = seen;
    if (told == RDF_UNKNOWN) {
        struct str words = text_clean(&r->arena, beginning, 60, NULL);
        err_set(e, ERR_PARSE, "no RDF: it begins with \"%.*s\"", STR_ARG(words));
        err_hint(e, "the address must be that of the catalogue in RDF/XML, Turtle, N-Triples, TriG "
                    "or JSON-LD");
        return false;
    }
    struct err first = {0};
    if (parse(r, document, told, &first))
        return true;
    if (first.code == ERR_PARSE && seen != RDF_UNKNOWN && seen != told &&
        parse(r, document, seen, e))
        return true;
    if (e)
        *e = first;
    return false;
}

static bool has_type(struct reader *r, struct str type, struct rdf_term *out, bool *found,
                     struct err *e)
{
    struct rdf_term *terms;
    size_t n;
    int64_t after = 0;
    if (!graph_of_type(r->graph, type, &after, 1, &r->arena, &terms, &n, e))
        return false;
    *found = n > 0;
    if (n)
        *out = terms[0];
    return true;
}

// Whether it describes an item, rather than name some: one of the first of each class will do.
static bool describes(struct reader *r, bool *found, struct err *e)
{
    struct arena a = {0};
    struct mapper mapper = {.source = r->source, .arena = &a};
    struct dcat d = {.mapper = &mapper, .graph = r->graph, .document = r->document, .error = e};
    *found = false;
    for (size_t i = 0; i < CLASSES && !d.failed; i++) {
        struct rdf_term *terms;
        struct driver_item item;
        size_t n;
        int64_t after = 0;
        if (!graph_of_type(r->graph, classes[i].type, &after, PART, &a, &terms, &n, e))
            d.failed = true;
        for (size_t j = 0; j < n && !d.failed && !*found; j++)
            *found = dcat_map(&d, classes[i].kind, &terms[j], &item) == DCAT_ITEM;
    }
    arena_free(&a);
    return !d.failed;
}

// A document without an item is a catalogue only when it says that it is one, and an empty one. *links: what it links to instead.
static bool check_catalogue(struct reader *r, struct str links, size_t elsewhere, struct err *e)
{
    struct rdf_term term;
    bool found = false;
    for (size_t i = 0; i < CLASSES; i++)
        if (!has_type(r, classes[i].type, &term, &found, e) || found)
            return found;
    if (links.n)
        return true;
    if (!has_type(r, DCAT_("Catalog"), &term, &found, e))
        return false;
    if (!found) {
        err_set(e, ERR_PARSE, "RDF with no dcat:Catalog, dcat:Dataset or dcat:DataService in it");
        err_hint(e, "is this the address of the catalogue's DCAT?");
        return false;
    }
    if (elsewhere || r->linked.links.n) {
        err_set(e, ERR_PARSE, "the catalogue names datasets and describes none of them");
        err_hint(e, "datasets are read from the same pages, or from documents of their own on the "
                    "same server");
        return false;
    }
    return true;
}

// The documents that it links to in place of a description, and those that were still to be read before.
static bool find_linked(struct reader *r, const struct position *p, struct str *rest, struct err *e)
{
    bool described = true, first = !p->page.n;
    size_t elsewhere = 0;
    struct str source = r->source->config->url, links = STR_NONE;
    *rest = p->rest;
    if (!p->leaf && (first || p->linked) && !describes(r, &described, e))
        return false;
    if (!described && !str_starts(r->document, STR("file:")))
        links = dcat_linked_text(&r->linked, first, source, r->document, &r->arena, &elsewhere);
    if (first && !check_catalogue(r, links, elsewhere, e))
        return false;
    if (links.n && p->rest.n > REST_MAX)
        r->linked.over += r->linked.links.n;
    else if (links.n)
        *rest = arena_printf(&r->arena, "%.*s%.*s", STR_ARG(links), STR_ARG(p->rest));
    if (!described && r->linked.over && r->lost++ == 0)
        err_set(&r->first_loss, ERR_REFUSED,
                "it links to more documents than are followed: %zu are left out", r->linked.over);
    return true;
}

static bool find_next(struct reader *r, struct str cursor, struct err *e)
{
    struct position p;
    struct str source = r->source->config->url, next, rest;
    if (!position_read(cursor, &p, &r->arena, e) || !find_linked(r, &p, &rest, e))
        return false;
    if (str_starts(r->document, STR("file:"))) {
        r->alone = true;
        return true; // each file of a folder is handed over by itself
    }
    if (!dcat_links_next(&r->links, source, r->document, p.before, &r->arena, &next, &r->stop))
        return true;
    if (next.n)
        r->next = position_write(
            &r->arena,
            &(struct position){.page = next,
                               .before = p.page.n ? p.page : source,
                               .last = dcat_links_last(&r->links, source, r->document, &r->arena),
                               .rest = rest,
                               .linked = p.linked || rest.n > p.rest.n,
                               .leaf = p.leaf});
    else
        r->next = next_linked(rest, &r->arena);
    r->alone = !p.page.n && !r->next.n;
    return true;
}

static void close_reader(void *reader)
{
    struct reader *r = reader;
    graph_free(r->graph);
    dcat_links_free(&r->links);
    dcat_linked_free(&r->linked);
    arena_free(&r->arena);
    free(r);
}

static void *open_reader(const struct driver_source *source, struct str cursor,
                         const struct driver_document *document, struct err *e)
{
    struct reader *r = xcalloc(1, sizeof *r);
    r->source = source;
    r->document = arena_str(&r->arena, document->url);
    if (!read_document(r, document, e) || !find_next(r, cursor, e)) {
        close_reader(r);
        return NULL;
    }
    // The total may be of datasets alone, or of services too: only where both are read can it be compared.
    bool all = paging_wants(source, KIND_DATASET) && paging_wants(source, KIND_DATASERVICE);
    r->total = all ? dcat_links_total(&r->links) : -1;
    return r;
}

// Maps one part of a class. *more is false behind its last.
static bool read_part(struct reader *r, struct dcat *d, struct driver_page *out, bool *more,
                      struct err *e)
{
    struct rdf_term *terms;
    size_t n;
    struct arena *a = d->mapper->arena;
    if (!graph_of_type(r->graph, classes[r->list].type, &r->after, PART, a, &terms, &n, e))
        return false;
    *more = n == PART;
    out->items = ARENA_ARRAY(a, struct driver_item, n + 1);
    for (size_t i = 0; i < n && !d->failed; i++) {
        if (r->list == 1) { // a series that is a dataset too was met as one
            struct rdf_node node = dcat_node(d, &terms[i]);
            if (dcat_is_a(&node, classes[0].type))
                continue;
        }
        enum dcat_item what =
            dcat_map(d, classes[r->list].kind, &terms[i], &out->items[out->item_count]);
        out->item_count += what == DCAT_ITEM;
        if (what == DCAT_BARE_ITEM && r->bare++ == 0)
            r->first_bare = arena_str(&r->arena, str_cut_utf8(terms[i].value, BARE_SHOWN));
    }
    return !d->failed;
}

// One line of the report for all of them. Only of a whole catalogue: of one in pages another page may describe them.
static void tell_bare(struct reader *r, struct driver_page *out, struct arena *a)
{
    if (!r->bare || !r->alone)
        return;
    struct driver_item *items = ARENA_ARRAY(a, struct driver_item, out->item_count + 1);
    if (out->item_count)
        memcpy(items, out->items, out->item_count * sizeof *items);
    out->items = items;
    err_set(&items[out->item_count++].error, ERR_RECORD,
            "%zu datasets are named here without a title, a description, an identifier, a page or "
            "a file, and left out; the first: %.*s",
            r->bare, STR_ARG(r->first_bare));
    r->bare = 0;
}

static bool next_part(void *reader, struct arena *a, struct driver_page *out, bool *last,
                      struct err *e)
{
    struct reader *r = reader;
    struct mapper mapper = {.source = r->source, .arena = a};
    struct dcat d = {.mapper = &mapper, .graph = r->graph, .document = r->document, .error = e};
    *out = (struct driver_page){
        .kind = r->source->kind_count == 1 ? r->source->kinds[0] : KIND_COUNT,
        .announced = r->total,
        .repaired = r->warnings,
        .lost = r->lost,
        .loss = r->first_loss,
    };
    r->warnings = r->lost = 0;
    bool more = false;
    if (r->list >= CLASSES) { // all was given, and something else stops the sweep
        if (e)
            *e = r->stop;
        return false;
    }
    while (r->list < CLASSES && !paging_wants(r->source, classes[r->list].kind))
        r->list++;
    if (r->list < CLASSES && !read_part(r, &d, out, &more, e))
        return false;
    if (!more) {
        r->list++;
        r->after = 0;
    }
    if (r->list >= CLASSES)
        tell_bare(r, out, a);
    paging_counts(out, &mapper);
    *last = r->list >= CLASSES && r->stop.code == ERR_NONE;
    out->next = *last ? arena_str(a, r->next) : STR_NONE; // outlives the reader
    return true;
}

static const struct driver_clue clues[] = {
    {"", {"http://www.w3.org/ns/dcat#"}, false},
    {"/catalog.ttl", {"http://www.w3.org/ns/dcat#"}, true},
    {"/catalog.rdf", {"http://www.w3.org/ns/dcat#"}, true},
    {"/catalog.xml", {"http://www.w3.org/ns/dcat#"}, true},
    {"/catalog.jsonld", {"http://www.w3.org/ns/dcat#"}, true},
    {NULL, {NULL}, false}};

const struct driver driver_dcat = {
    .type = "dcat",
    .clues = clues,
    .kinds = 1u << KIND_DATASET | 1u << KIND_DATASERVICE,
    .main_kind = KIND_DATASET,
    .files = true,
    .request = request,
    .open = open_reader,
    .next = next_part,
    .close = close_reader,
    .behind = behind,
};
