// Expands JSON-LD documents with our own expansion, for tests/scenario/test_jsonld.py to compare: reads lines "FILE<tab>BASE" and prints
// for each a line, the expansion or {"error": "..."}; with --triples, the triples of the file as lines of N-Triples, then an empty one.
#include "base/buf.h"
#include "base/utf8.h"
#include "harvester/rdf/jsonld.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void say_error(const struct err *e)
{
    struct buf b = {0};
    json_open(&b, '{');
    json_key(&b, "error");
    json_str(&b, str_of(e->what));
    json_close(&b, '}');
    printf("%.*s\n", STR_ARG(buf_str(&b)));
    buf_free(&b);
}

static void expand(const char *path, struct str base)
{
    struct err e = {0};
    struct arena a = {0};
    struct buf text = {0};
    char block[65536];
    FILE *file = fopen(path, "rb");
    if (!file) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        exit(1);
    }
    for (size_t n; (n = fread(block, 1, sizeof block, file)) > 0;)
        buf_add(&text, str_slice(block, n));
    fclose(file);
    struct str json = buf_str(&text);
    if (str_starts(json, STR("\xEF\xBB\xBF")))
        json = str_slice(json.p + 3, json.n - 3);
    json_t *document = json_read(json, &a, NULL, &e);
    json_t *expanded = document ? jsonld_expand(document, base, &e) : NULL;
    if (expanded) {
        char *out = json_dumps(expanded, JSON_COMPACT);
        puts(out);
        free(out);
    } else {
        say_error(&e);
    }
    json_decref(expanded);
    json_decref(document);
    buf_free(&text);
    arena_free(&a);
}

static void say_term(const struct rdf_term *t)
{
    struct buf b = {0};
    if (t->kind == RDF_BLANK) {
        printf("_:%.*s ", STR_ARG(t->value));
    } else if (t->kind == RDF_IRI) {
        printf("<%.*s> ", STR_ARG(t->value));
    } else {
        json_str(&b, t->value); // the escapes of N-Triples, near enough
        printf("%.*s", STR_ARG(buf_str(&b)));
        if (t->language.n)
            printf("@%.*s", STR_ARG(t->language));
        else if (t->datatype.n)
            printf("^^<%.*s>", STR_ARG(t->datatype));
        putchar(' ');
    }
    buf_free(&b);
}

static bool say_triple(void *arg, const struct rdf_triple *t, struct err *e)
{
    (void)arg;
    (void)e;
    say_term(&t->subject);
    printf("<%.*s> ", STR_ARG(t->predicate));
    say_term(&t->object);
    puts(".");
    return true;
}

static void triples(const char *path, struct str base)
{
    struct err e = {0};
    struct rdf_reading r = {
        .fd = open(path, O_RDONLY), .format = RDF_JSONLD, .base = base, .triple = say_triple};
    if (r.fd < 0) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        exit(1);
    }
    if (!jsonld_read(&r, &e))
        say_error(&e);
    puts("");
    close(r.fd);
}

int main(int argc, char **argv)
{
    char line[8192];
    bool as_triples = argc > 1 && strcmp(argv[1], "--triples") == 0;
    while (fgets(line, sizeof line, stdin)) {
        struct str rest = str_trim(str_of(line)), path, base;
        if (!str_next(&rest, '\t', &path) || !str_next(&rest, '\t', &base))
            return 1;
        char name[4096];
        snprintf(name, sizeof name, "%.*s", STR_ARG(path));
        if (as_triples)
            triples(name, base);
        else
            expand(name, base);
        fflush(stdout);
    }
    return 0;
}
