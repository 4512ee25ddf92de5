// See rdf_element.h.
#include "harvester/drivers/csw/rdf_element.h"

#include "harvester/drivers/dcat/dcat.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ITEMS_MAX = 1000 };

// ---- Writing ------------------------------------------------------------------------------------------

static void write_text(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '&')
            buf_add(out, STR("&amp;"));
        else if (c == '<')
            buf_add(out, STR("&lt;"));
        else if (c == '>')
            buf_add(out, STR("&gt;"));
        else if (c == '"')
            buf_add(out, STR("&quot;"));
        else if (c == '\n' || c == '\r' || c == '\t')
            buf_addf(out, "&#%d;", c);
        else
            buf_addc(out, c);
    }
}

static void write_attribute(struct buf *out, const struct xml_attribute *a, size_t number)
{
    if (str_eq(a->ns, STR("http://www.w3.org/XML/1998/namespace"))) {
        buf_addf(out, " xml:%.*s=\"", STR_ARG(a->name));
    } else if (a->ns.n) {
        buf_addf(out, " xmlns:a%zu=\"", number);
        write_text(out, a->ns);
        buf_addf(out, "\" a%zu:%.*s=\"", number, STR_ARG(a->name));
    } else {
        buf_addf(out, " %.*s=\"", STR_ARG(a->name));
    }
    write_text(out, a->value);
    buf_addc(out, '"');
}

void rdf_element_write(struct buf *out, const struct xml_node *element)
{
    buf_addf(out, "<%.*s xmlns=\"", STR_ARG(element->name));
    write_text(out, element->ns);
    buf_addc(out, '"');
    for (size_t i = 0; i < element->attribute_count; i++)
        write_attribute(out, &element->attributes[i], i);
    buf_addc(out, '>');
    if (!element->first)
        write_text(out, element->text);
    for (const struct xml_node *child = element->first; child; child = child->next)
        rdf_element_write(out, child);
    buf_addf(out, "</%.*s>", STR_ARG(element->name));
}

// ---- Reading ------------------------------------------------------------------------------------------

static bool write_whole(int fd, struct str bytes, struct err *e)
{
    while (bytes.n) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n < 0 && errno != EINTR)
            return err_set(e, ERR_IO, "a record cannot be kept in memory: %s", strerror(errno));
        if (n > 0)
            bytes = str_slice(bytes.p + n, bytes.n - (size_t)n);
    }
    return lseek(fd, 0, SEEK_SET) == 0 ||
           err_set(e, ERR_IO, "a record in memory cannot be read again: %s", strerror(errno));
}

static bool add_triple(void *arg, const struct rdf_triple *triple, struct err *e)
{
    return dcat_add(arg, triple, e);
}

static bool read_graph(struct mapper *m, const struct xml_node *element, struct graph *g,
                       struct err *e)
{
    struct buf document = {0};
    int fd = memfd_create("rdf", MFD_CLOEXEC);
    if (fd < 0)
        return err_set(e, ERR_IO, "no file in memory can be made: %s", strerror(errno));
    rdf_element_write(&document, element);
    struct rdf_reading reading = {
        .fd = fd,
        .format = RDF_XML,
        .base = m->source->config->url,
        .triple = add_triple,
        .arg = g,
    };
    bool good = write_whole(fd, buf_str(&document), e) && rdf_read(&reading, e) && graph_seal(g, e);
    close(fd);
    buf_free(&document);
    return good;
}

static bool each_of_type(struct dcat *d, struct str type, enum record_kind kind,
                         void (*each)(void *arg, const struct driver_item *item), void *arg)
{
    struct rdf_term *subjects;
    int64_t after = 0;
    size_t n;
    if (!graph_of_type(d->graph, type, &after, ITEMS_MAX, d->mapper->arena, &subjects, &n,
                       d->error))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct driver_item item = {0};
        enum dcat_item what = dcat_map(d, kind, &subjects[i], &item);
        if (d->failed)
            return false;
        if (what == DCAT_ITEM)
            each(arg, &item);
    }
    return true;
}

bool rdf_element_read(struct mapper *m, const struct xml_node *element,
                      void (*each)(void *arg, const struct driver_item *item), void *arg,
                      struct err *e)
{
    const char *folder = getenv("TMPDIR");
    struct graph *g = graph_new(folder && *folder ? folder : "/tmp", e);
    if (!g)
        return false;
    struct dcat d = {.mapper = m, .graph = g, .document = m->source->config->url, .error = e};
    bool good = read_graph(m, element, g, e) &&
                each_of_type(&d, DCAT_("Dataset"), KIND_DATASET, each, arg) &&
                each_of_type(&d, DCAT_("DatasetSeries"), KIND_DATASET, each, arg) &&
                each_of_type(&d, DCAT_("DataService"), KIND_DATASERVICE, each, arg);
    graph_free(g);
    return good;
}
