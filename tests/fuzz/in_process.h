// For the targets whose documents are XML or RDF: the parsing child and its parent in one process, in place of harvester/sandbox/parse.c, of
// which only the spawning is left out: the child's parsers read the bytes, and the parent takes their messages as it does from a pipe.
// Included first of all.
#pragma once

#define parse_document parse_document_in_a_child
#include "harvester/sandbox/parse.c"
#undef parse_document
#include "harvester/sandbox/child.h"
#include "tests/fuzz/fuzz.h"

// raptor loses terms where a statement is wrong; a child lives for one document. Where memory was allocated is not noted: the child's
// tables are large beside these documents.
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0:malloc_context_size=1";
}

static inline void in_process_document(const struct parse_job *job, struct buf *document)
{
    char piece[4096];
    ssize_t n;
    if (job->fd < 0)
        buf_add(document, job->bytes);
    else
        while ((n = read(job->fd, piece, sizeof piece)) > 0)
            buf_add(document, str_slice(piece, (size_t)n));
}

bool parse_document(const struct parse_job *job, struct err *e);
bool parse_document(const struct parse_job *job, struct err *e)
{
    struct buf document = {0};
    in_process_document(job, &document);
    struct child c = {.in_memory = true, .document = buf_str(&document)};
    if (strcmp(job->words[0], "xml") == 0) {
        child_xml(&c);
    } else {
        struct child_rdf *rdf = child_rdf_new(&c, job->words[1], job->words[2]);
        must(rdf != NULL);
        child_rdf_read(rdf);
        child_rdf_free(rdf);
    }
    must(c.ended);
    struct running r = {.job = job, .ready = true, .got = c.messages};
    bool good = take_messages(&r);
    must(good ? r.over && r.got.n == 0 : r.error.code != ERR_NONE);
    must(r.error.code != ERR_INTERNAL); // what our own child says is no nonsense
    if (!good && e)
        *e = r.error;
    buf_free(&r.got);
    buf_free(&document);
    return good;
}
