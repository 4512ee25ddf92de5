// For tests and fuzzing of the JSON-LD reader: triples as sorted lines, of a file read in stream and of a document expanded whole.
#pragma once

#include "base/buf.h"
#include "harvester/rdf/jsonld.h"
#include "harvester/rdf/jsonld_triples.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct lines {
    struct arena a;
    struct strs list;
    bool labels; // of blank nodes are kept
};

static inline void jsonld_write_term(struct buf *b, const struct rdf_term *t, bool labels)
{
    if (t->kind == RDF_LITERAL) {
        struct buf text = {0}; // json_str puts a comma where it thinks that one is due
        json_str(&text, t->value);
        buf_add(b, buf_str(&text));
        buf_free(&text);
        if (t->language.n) {
            buf_addc(b, '@');
            buf_add(b, t->language);
        }
        if (t->datatype.n) {
            buf_addz(b, "^^");
            buf_add(b, t->datatype);
        }
    } else {
        buf_addz(b, t->kind == RDF_BLANK ? "_:" : "<");
        if (labels || t->kind == RDF_IRI)
            buf_add(b, t->value);
        buf_addz(b, t->kind == RDF_BLANK ? "" : ">");
    }
}

static inline bool jsonld_keep_line(void *arg, const struct rdf_triple *t, struct err *e)
{
    struct lines *l = arg;
    struct buf b = {0};
    (void)e;
    jsonld_write_term(&b, &t->subject, l->labels);
    buf_addc(&b, ' ');
    buf_add(&b, t->predicate);
    buf_addc(&b, ' ');
    jsonld_write_term(&b, &t->object, l->labels);
    arena_push(&l->a, &l->list, arena_str(&l->a, buf_str(&b)));
    buf_free(&b);
    return true;
}

static inline int jsonld_by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

// Sorted, each once: one in a line.
static inline struct str jsonld_lines_text(struct lines *l)
{
    struct buf b = {0};
    if (l->list.n)
        qsort(l->list.v, l->list.n, sizeof *l->list.v, jsonld_by_text);
    for (size_t i = 0; i < l->list.n; i++) {
        if (i && str_eq(l->list.v[i], l->list.v[i - 1]))
            continue;
        buf_add(&b, l->list.v[i]);
        buf_addc(&b, '\n');
    }
    struct str s = arena_str(&l->a, buf_str(&b));
    buf_free(&b);
    return s;
}

static inline bool jsonld_read_text(struct str text, struct rdf_reading *r, struct lines *l,
                                    struct err *e)
{
    int fd = memfd_create("jsonld", 0);
    if (fd < 0 || write(fd, text.p, text.n) != (ssize_t)text.n || lseek(fd, 0, SEEK_SET) != 0)
        abort();
    *r = (struct rdf_reading){.fd = fd,
                              .format = RDF_JSONLD,
                              .base = STR("http://base.example/folder/document"),
                              .triple = jsonld_keep_line,
                              .arg = l};
    bool good = jsonld_read(r, e);
    close(fd);
    return good;
}

static inline bool jsonld_whole_text(struct str text, struct lines *l, struct err *e)
{
    struct arena a = {0};
    struct rdf_reading r = {.triple = jsonld_keep_line, .arg = l};
    struct jsonld_triples t = {.reading = &r, .arena = &a, .e = e};
    json_t *document = json_read(text, &a, NULL, e), *expanded = NULL;
    if (document)
        expanded = jsonld_expand(document, STR("http://base.example/folder/document"), e);
    bool good = expanded && jsonld_triples(&t, expanded);
    json_decref(document);
    json_decref(expanded);
    arena_free(&a);
    return good;
}
