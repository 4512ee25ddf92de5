// harvester/rdf/graph: what goes in comes out, in the order of the file, once.
#include "base/buf.h"
#include "harvester/rdf/graph.h"
#include "tests/tap.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#define TYPE "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
#define IRI(text) ((struct rdf_term){.kind = RDF_IRI, .value = str_of(text)})
#define BLANK(text) ((struct rdf_term){.kind = RDF_BLANK, .value = str_of(text)})
#define TEXT(text) ((struct rdf_term){.kind = RDF_LITERAL, .value = str_of(text)})
#define IN(text, l) ((struct rdf_term){.kind = RDF_LITERAL, .value = STR(text), .language = STR(l)})
#define TYPED(text, d)                                                                             \
    ((struct rdf_term){.kind = RDF_LITERAL, .value = STR(text), .datatype = STR(d)})

static struct arena a;
static struct err e;
static char folder[] = "/tmp/glaneur-graph-XXXXXX";

static bool add(struct graph *g, struct rdf_term subject, const char *predicate,
                struct rdf_term object)
{
    struct rdf_triple t = {subject, str_of(predicate), object};
    return graph_add(g, &t, &e);
}

static void write_term(struct buf *b, const struct rdf_term *t)
{
    buf_addf(b,
             t->kind == RDF_IRI     ? "<%.*s>"
             : t->kind == RDF_BLANK ? "_:%.*s"
                                    : "'%.*s'",
             STR_ARG(t->value));
    if (t->language.p)
        buf_addf(b, "@%.*s", STR_ARG(t->language));
    if (t->datatype.p)
        buf_addf(b, "^^%.*s", STR_ARG(t->datatype));
}

// What is said of a term: "predicate object; predicate object".
static struct str told(struct graph *g, struct rdf_term term)
{
    struct rdf_node node;
    struct buf b = {0};
    if (!graph_describe(g, &term, &a, &node, &e))
        return str_of(e.what);
    for (size_t i = 0; i < node.n; i++) {
        buf_addf(&b, "%s%.*s ", i ? "; " : "", STR_ARG(node.properties[i].predicate));
        write_term(&b, &node.properties[i].value);
    }
    struct str s = arena_str(&a, buf_str(&b));
    buf_free(&b);
    return s;
}

static struct str list(const struct rdf_term *terms, size_t n)
{
    struct buf b = {0};
    for (size_t i = 0; i < n; i++) {
        buf_addz(&b, i ? " " : "");
        write_term(&b, &terms[i]);
    }
    struct str s = arena_str(&a, buf_str(&b));
    buf_free(&b);
    return s;
}

static size_t files_in(const char *path)
{
    size_t n = 0;
    DIR *d = opendir(path);
    for (struct dirent *f; (f = readdir(d));)
        n += f->d_name[0] != '.';
    closedir(d);
    return n;
}

static void describes(void)
{
    struct graph *g = graph_new(folder, &e);
    is_int(files_in(folder), 0);
    ok(add(g, IRI("d1"), TYPE, IRI("Dataset")));
    ok(add(g, IRI("d1"), "title", IN("Arbres", "fr")));
    ok(add(g, BLANK("d1"), "title", TEXT("a blank node of the same name")));
    ok(add(g, IRI("d1"), "title", IN("Trees", "en")));
    ok(add(g, IRI("d1"), "publisher", BLANK("p")));
    ok(add(g, IRI("d1"), "issued", TYPED("2026-01-01", "http://date")));
    ok(add(g, BLANK("p"), "name", TEXT("Rennes")));
    ok(add(g, IRI("d1"), "title", TEXT("Arbres")));
    ok(add(g, IRI("d1"), "page", IRI("http://a/")));
    ok(add(g, IRI("d1"), "page", TEXT("http://a/")));
    ok(add(g, IRI("d1"), "both",
           ((struct rdf_term){RDF_LITERAL, STR("x"), STR("pt-br"), STR("http://s")})));
    ok(add(g, IRI("d1"), "empty", TEXT("")));
    ok(graph_seal(g, &e));
    is_int(files_in(folder), 0);
    is_int(graph_size(g), 12);
    is_text(told(g, IRI("d1")), TYPE
            " <Dataset>; title 'Arbres'@fr; title 'Trees'@en; publisher _:p; issued "
            "'2026-01-01'^^http://date; title 'Arbres'; page <http://a/>; page 'http://a/'; both "
            "'x'@pt-br^^http://s; empty ''");
    is_text(told(g, BLANK("d1")), "title 'a blank node of the same name'");
    is_text(told(g, BLANK("p")), "name 'Rennes'");
    is_text(told(g, IRI("p")), "");
    is_text(told(g, TEXT("d1")), "");
    is_text(told(g, IRI("http://a/")), "");

    struct rdf_node node;
    struct rdf_term d1 = IRI("d1");
    ok(graph_describe(g, &d1, &a, &node, &e));
    is_text(node.term.value, "d1");
    is_int(node.cut, 0);
    is_text(rdf_value(&node, STR("title"), 0)->value, "Arbres");
    is_text(rdf_value(&node, STR("title"), 1)->value, "Trees");
    is_text(rdf_value(&node, STR("title"), 2)->language, "");
    ok(rdf_value(&node, STR("title"), 3) == NULL);
    ok(rdf_value(&node, STR("name"), 0) == NULL);
    ok(rdf_value(&node, STR("empty"), 0)->value.p != NULL);
    graph_free(g);
    graph_free(NULL);
}

static void finds(void)
{
    struct graph *g = graph_new(folder, &e);
    const char *ids[] = {"z", "b", "y", "a", "x"};
    for (size_t i = 0; i < 5; i++) {
        ok(add(g, i == 2 ? BLANK(ids[i]) : IRI(ids[i]), TYPE, IRI("Dataset")));
        ok(add(g, i == 2 ? BLANK(ids[i]) : IRI(ids[i]), "in", i % 2 ? IRI("c1") : BLANK("c1")));
    }
    ok(add(g, IRI("z"), TYPE, IRI("Dataset"))); // said again
    ok(add(g, IRI("b"), TYPE, IRI("Other")));
    ok(add(g, IRI("q"), TYPE, TEXT("Dataset"))); // a text is no class
    ok(add(g, IRI("a"), "note", IRI("Dataset")));
    ok(graph_seal(g, &e));
    is_int(graph_size(g), 13);

    struct rdf_term *found;
    size_t n;
    int64_t after = 0;
    ok(graph_of_type(g, STR("Dataset"), &after, 2, &a, &found, &n, &e));
    is_text(list(found, n), "<z> <b>");
    ok(graph_of_type(g, STR("Dataset"), &after, 2, &a, &found, &n, &e));
    is_text(list(found, n), "_:y <a>");
    ok(graph_of_type(g, STR("Dataset"), &after, 2, &a, &found, &n, &e));
    is_text(list(found, n), "<x>");
    ok(graph_of_type(g, STR("Dataset"), &after, 2, &a, &found, &n, &e));
    is_int(n, 0);
    after = 0;
    ok(graph_of_type(g, STR("Other"), &after, 100, &a, &found, &n, &e));
    is_text(list(found, n), "<b>");
    after = 0;
    ok(graph_of_type(g, STR("None"), &after, 100, &a, &found, &n, &e));
    is_int(n, 0);

    struct rdf_term c1 = IRI("c1"), blank = BLANK("c1"), text = TEXT("Dataset");
    ok(graph_pointing(g, STR("in"), &c1, 100, &a, &found, &n, &e));
    is_text(list(found, n), "<b> <a>");
    ok(graph_pointing(g, STR("in"), &blank, 2, &a, &found, &n, &e));
    is_text(list(found, n), "<z> _:y");
    ok(graph_pointing(g, STR("out"), &c1, 100, &a, &found, &n, &e));
    is_int(n, 0);
    ok(graph_pointing(g, STR(TYPE), &text, 100, &a, &found, &n, &e));
    is_int(n, 0);
    ok(graph_pointing(g, STR("in"), &c1, 0, &a, &found, &n, &e));
    is_int(n, 0);
    graph_free(g);
}

// The same triples said many times, far apart, beside others that differ in one thing only.
static void duplicates(void)
{
    struct graph *g = graph_new(folder, &e);
    bool all = true;
    for (int i = 0; i < 50000; i++) {
        char id[20];
        snprintf(id, sizeof id, "d%d", i);
        all = all && add(g, IRI(id), "publisher", IRI("p")) &&
              add(g, IRI("p"), "name", TEXT("n")) && add(g, IRI("p"), "name", IN("n", "fr")) &&
              add(g, IRI("p"), "name", IRI("n"));
    }
    ok(all);
    is_int(graph_size(g), 200000);
    ok(graph_seal(g, &e));
    is_int(graph_size(g), 50003);
    is_text(told(g, IRI("p")), "name 'n'; name 'n'@fr; name <n>");
    is_text(told(g, IRI("d0")), "publisher <p>");
    is_text(told(g, IRI("d49999")), "publisher <p>");
    graph_free(g);
}

// Each predicate of a node with too many properties keeps its first values.
static void large_nodes(void)
{
    struct graph *g = graph_new(folder, &e);
    bool all = true;
    for (int i = 0; i < 20000; i++) {
        char id[20];
        snprintf(id, sizeof id, "d%d", i);
        all = all && add(g, IRI("c"), "dataset", IRI(id));
    }
    all = all && add(g, IRI("c"), "title", TEXT("Catalogue"));
    ok(all && graph_seal(g, &e));
    struct rdf_node node;
    struct rdf_term c = IRI("c");
    ok(graph_describe(g, &c, &a, &node, &e));
    is_int(node.n, 2501);
    is_int(node.cut, 17500);
    is_text(node.properties[0].value.value, "d0");
    is_text(node.properties[2499].value.value, "d2499");
    is_text(node.properties[2500].value.value, "Catalogue");
    graph_free(g);

    g = graph_new(folder, &e);
    all = true;
    for (int i = 0; i < 6000; i++) {
        char id[20];
        snprintf(id, sizeof id, "p%d", i);
        all = all && add(g, IRI("c"), id, TEXT("x"));
    }
    ok(all && graph_seal(g, &e));
    ok(graph_describe(g, &c, &a, &node, &e));
    is_int(node.n, 5000);
    is_int(node.cut, 1000);
    graph_free(g);
}

static void large_texts(void)
{
    struct graph *g = graph_new(folder, &e);
    size_t size = 300 << 10;
    char *text = malloc(size);
    memset(text, 'x', size);
    for (int i = 0; i < 200; i++) {
        text[0] = (char)('A' + i % 100);
        text[1] = (char)('A' + i / 100);
        struct rdf_triple t = {IRI("s"), STR("p"), {.kind = RDF_LITERAL, .value = {text, size}}};
        ok(graph_add(g, &t, &e));
    }
    struct rdf_triple long_iri = {
        {.kind = RDF_IRI, .value = {text, size}}, STR("p"), TEXT("found")};
    ok(graph_add(g, &long_iri, &e));
    ok(graph_seal(g, &e));
    struct rdf_node node;
    struct rdf_term s = IRI("s");
    ok(graph_describe(g, &s, &a, &node, &e));
    is_int(node.n, 129); // over 32 MB with it
    is_int(node.cut, 71);
    is_int(node.properties[0].value.value.n, 256 << 10);
    is_text(told(g, long_iri.subject), "p 'found'");
    graph_free(g);
    free(text);
}

static void strange_texts(void)
{
    struct graph *g = graph_new(folder, &e);
    struct rdf_term nul = {.kind = RDF_LITERAL, .value = STR("a\0b")};
    struct rdf_term half = {.kind = RDF_LITERAL, .value = STR("a")};
    ok(add(g, IRI(""), "", nul));
    ok(add(g, IRI(""), "", half));
    ok(add(g, IRI("\xFF"), "@", IN("\xFF", "@@")));
    ok(graph_seal(g, &e));
    struct rdf_node node;
    struct rdf_term s = IRI("");
    ok(graph_describe(g, &s, &a, &node, &e));
    is_int(node.n, 2);
    ok(str_eq(node.properties[0].value.value, STR("a\0b")));
    is_text(node.properties[1].value.value, "a");
    struct graph *empty = graph_new(folder, &e);
    ok(graph_seal(empty, &e));
    is_int(graph_size(empty), 0);
    is_text(told(empty, IRI("d1")), "");
    graph_free(empty);
    graph_free(g);
}

static void failures(void)
{
    ok(graph_new("/nowhere/at/all", &e) == NULL);
    is_int(e.code, ERR_IO);
    is_str(e.where, "/nowhere/at/all");
    is_str(e.what, "the temporary file of the graph: No such file or directory");

    struct graph *g = graph_new(folder, &e);
    bool all = true;
    char id[20];
    for (int i = 0; i < 65536; i++) {
        snprintf(id, sizeof id, "p%d", i);
        all = all && add(g, IRI("s"), id, IRI("o"));
    }
    ok(all);
    ok(!add(g, IRI("s"), "one more", IRI("o")));
    is_int(e.code, ERR_REFUSED);
    ok(!add(g, IRI("s"), "p1", IN("o", "fr")));
    is_int(e.code, ERR_REFUSED);
    ok(add(g, IRI("s"), "p1", TEXT("known ones go on")));
    graph_free(g); // unsealed
}

// Predicates are kept in memory: few that are long are too many, too.
static void long_names(void)
{
    enum { SIZE = 1 << 20 };
    struct graph *g = graph_new(folder, &e);
    char *name = malloc(SIZE);
    memset(name, 'p', SIZE);
    int n = 0;
    for (; n < 20; n++) {
        name[0] = (char)('a' + n);
        struct rdf_triple t = {IRI("s"), {name, SIZE}, IRI("o")};
        if (!graph_add(g, &t, &e))
            break;
    }
    is_int(n, 15); // 16 MB, with what keeping them takes
    is_int(e.code, ERR_REFUSED);
    ok(add(g, IRI("s"), "short", IRI("o")));
    graph_free(g);
    free(name);
}

int main(void)
{
    if (!mkdtemp(folder))
        return 1;
    describes();
    finds();
    duplicates();
    large_nodes();
    large_texts();
    strange_texts();
    failures();
    long_names();
    arena_free(&a);
    rmdir(folder);
    return tap_done();
}
