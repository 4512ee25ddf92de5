// What a graph costs: a catalogue of as many triples as asked (5 million by default) written, sealed, and read again dataset by
// dataset with its distributions, as the dcat driver reads it. Prints seconds of CPU, the file's size and the peak of memory.
#include "harvester/rdf/graph.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define DCAT "http://www.w3.org/ns/dcat#"
#define DCT "http://purl.org/dc/terms/"
#define TYPE "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

static double cpu(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static long peak_mb(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

// Of the files that this process has open and that have no name any more.
static long long disk_mb(void)
{
    long long bytes = 0;
    for (int fd = 3; fd < 64; fd++) {
        struct stat s;
        if (fstat(fd, &s) == 0 && S_ISREG(s.st_mode) && s.st_nlink == 0)
            bytes += s.st_blocks * 512;
    }
    return bytes >> 20;
}

static struct graph *graph;
static struct err error;

static void add(struct rdf_term subject, const char *predicate, enum rdf_kind kind,
                const char *format, long i)
{
    char text[300];
    int n = snprintf(text, sizeof text, format, i, i);
    struct rdf_triple t = {subject, str_of(predicate), {.kind = kind, .value = {text, (size_t)n}}};
    if (kind == RDF_LITERAL && n % 3)
        t.object.language = STR("fr");
    if (!graph_add(graph, &t, &error)) {
        fprintf(stderr, "%s\n", error.what);
        exit(1);
    }
}

static void add_dataset(long i)
{
    char id[100];
    struct rdf_term d = {.kind = RDF_IRI};
    d.value = str_slice(id, (size_t)snprintf(id, sizeof id,
                                             "https://data.example.org/datasets/%08lx-4f2a",
                                             i * 2654435761 & 0xffffffff));
    add(d, TYPE, RDF_IRI, DCAT "Dataset", i);
    add(d, DCT "title", RDF_LITERAL, "Arbres d'alignement de la commune numéro %ld", i);
    add(d, DCT "description", RDF_LITERAL,
        "Position et essence des arbres plantés le long des voies de la commune %ld, "
        "relevées par le service des espaces verts; mise à jour chaque année.",
        i);
    add(d, DCT "identifier", RDF_LITERAL, "%ld", i);
    add(d, DCT "issued", RDF_LITERAL, "2026-01-%02ld", i % 28);
    add(d, DCT "modified", RDF_LITERAL, "2026-02-%02ldT00:00:00", i % 28);
    add(d, DCAT "keyword", RDF_LITERAL, "arbre", i);
    add(d, DCAT "keyword", RDF_LITERAL, "commune-%ld", i % 1000);
    add(d, DCAT "theme", RDF_IRI,
        "http://publications.europa.eu/resource/authority/data-theme/T%ld", i % 13);
    add(d, DCT "publisher", RDF_IRI, "https://data.example.org/organizations/%ld", i % 3000);
    add(d, DCAT "landingPage", RDF_IRI, "https://data.example.org/page/%ld", i);
    for (int k = 0; k < 2; k++) {
        char label[60];
        struct rdf_term x = {.kind = RDF_BLANK};
        x.value = str_slice(label, (size_t)snprintf(label, sizeof label, "genid%ld-%d", i, k));
        add(x, TYPE, RDF_IRI, DCAT "Distribution", i);
        add(x, DCT "title", RDF_LITERAL, "Fichier %ld", i);
        add(x, DCAT "accessURL", RDF_IRI, "https://data.example.org/files/%ld.csv", i);
        add(x, DCT "format", RDF_IRI,
            "http://publications.europa.eu/resource/authority/file-type/CSV", i);
        add(x, DCT "license", RDF_IRI, "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
            i);
        char link[80];
        snprintf(link, sizeof link, "genid%ld-%d", i, k);
        add(d, DCAT "distribution", RDF_BLANK, link, i);
    }
}

int main(int argc, char **argv)
{
    long triples = argc > 1 ? atol(argv[1]) : 5000000, datasets = triples / 23;
    const char *folder = getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp";
    graph = graph_new(folder, &error);
    if (!graph) {
        fprintf(stderr, "%s\n", error.what);
        return 1;
    }
    double start = cpu();
    for (long i = 0; i < datasets; i++)
        add_dataset(i);
    double written = cpu();
    printf("write    %.1f s of CPU, %lld MB on disk, peak %ld MB\n", written - start, disk_mb(),
           peak_mb());
    if (!graph_seal(graph, &error)) {
        fprintf(stderr, "%s\n", error.what);
        return 1;
    }
    double sealed = cpu();
    printf("seal     %.1f s of CPU, %lld MB on disk, peak %ld MB, %lld triples\n", sealed - written,
           disk_mb(), peak_mb(), (long long)graph_size(graph));
    struct arena a = {0};
    int64_t after = 0;
    size_t n, seen = 0, properties = 0;
    do {
        struct rdf_term *found;
        struct rdf_node node, inner;
        if (!graph_of_type(graph, STR(DCAT "Dataset"), &after, 200, &a, &found, &n, &error))
            return 1;
        for (size_t i = 0; i < n; i++) {
            const struct rdf_term *value;
            if (!graph_describe(graph, &found[i], &a, &node, &error))
                return 1;
            properties += node.n;
            for (size_t k = 0; (value = rdf_value(&node, STR(DCAT "distribution"), k)); k++) {
                if (!graph_describe(graph, value, &a, &inner, &error))
                    return 1;
                properties += inner.n;
            }
        }
        seen += n;
        arena_reset(&a);
    } while (n);
    printf("read     %.1f s of CPU, peak %ld MB, %zu datasets, %zu properties\n", cpu() - sealed,
           peak_mb(), seen, properties);
    arena_free(&a);
    graph_free(graph);
    return 0;
}
