// What Xapian alone costs: indexes the same texts in the same fields as indexer/index/document.c, through Xapian's own
// TermGenerator (French stemmer, STEM_SOME: exact terms with positions, and stems), committed every 500 documents as there.
// A benchmark, not a test: it prints a table, to be set beside the CPU seconds of `glaneur harvest --json`.
//
//     raw_xapian DATA FOLDER     DATA: a data folder of glaneur; FOLDER: where the index may be made (removed after)
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>
#include <xapian.h>

extern "C" {
#include "base/markdown.h"
#include "store/record_json.h"
#include "store/store.h"
}

namespace
{

struct text {
    const char *prefix;
    std::string words;
};
using document = std::vector<text>;

enum { BATCH = 500 };

double cpu()
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void add(document &d, const char *prefix, struct str s)
{
    if (s.n)
        d.push_back({prefix, std::string(s.p, s.n)});
}

document texts_of(const struct record &r, struct arena *a)
{
    document d;
    add(d, "S", r.title);
    add(d, "XN", r.acronym);
    if (r.kind != KIND_ORGANIZATION) {
        add(d, "A", r.publisher.name);
        add(d, "A", r.publisher.acronym);
    }
    for (size_t i = 0; i < r.keywords.n; i++)
        add(d, "XW", r.keywords.v[i]);
    for (size_t i = 0; i < r.spatial.labels.n; i++)
        add(d, "XZ", r.spatial.labels.v[i]);
    for (size_t i = 0; i < r.distribution_count; i++)
        add(d, "XD", r.distributions[i].title);
    if (r.description.n)
        add(d, "", text_from_markdown(a, r.description));
    return d;
}

bool read_all(const char *data, std::vector<document> &out)
{
    struct err e;
    struct store *s = store_open(data, STORE_READ, &e);
    if (!s) {
        fprintf(stderr, "raw_xapian: %s\n", e.what);
        return false;
    }
    struct arena a = {};
    for (int64_t seq = 0;;) {
        struct stored *list;
        size_t n;
        if (!store_changes(s, seq, BATCH, &a, &list, &n, &e) || n == 0)
            break;
        for (size_t i = 0; i < n; i++) {
            struct record r;
            seq = list[i].seq;
            if (!list[i].removed && record_read(&r, list[i].body, list[i].figures, &a, &e))
                out.push_back(texts_of(r, &a));
        }
        arena_reset(&a);
    }
    arena_free(&a);
    store_close(s);
    return true;
}

double index_all(const std::vector<document> &documents, const std::string &folder)
{
    double start = cpu();
    Xapian::WritableDatabase db(folder, Xapian::DB_CREATE_OR_OVERWRITE);
    Xapian::TermGenerator generator;
    generator.set_stemmer(Xapian::Stem("french"));
    generator.set_stemming_strategy(Xapian::TermGenerator::STEM_SOME);
    size_t n = 0;
    for (const document &d : documents) {
        Xapian::Document doc;
        generator.set_document(doc);
        generator.set_termpos(0);
        for (const text &t : d) {
            generator.index_text(t.words);
            generator.increase_termpos();
            if (t.prefix[0])
                generator.index_text_without_positions(t.words, 1, t.prefix);
        }
        doc.add_boolean_term("Q" + std::to_string(n));
        db.replace_document("Q" + std::to_string(n), doc);
        if (++n % BATCH == 0)
            db.commit();
    }
    db.commit();
    return cpu() - start;
}

} // namespace

int main(int argc, char **argv)
{
    std::vector<document> documents;
    if (argc != 3 || !read_all(argv[1], documents)) {
        fprintf(stderr, "usage: raw_xapian DATA FOLDER\n");
        return 2;
    }
    std::string folder = std::string(argv[2]) + "/raw_xapian";
    double seconds = index_all(documents, folder);
    uintmax_t bytes = 0;
    for (const auto &f : std::filesystem::directory_iterator(folder))
        bytes += f.file_size();
    Xapian::Database db(folder);
    printf("documents  cpu s  MB     average length\n%9zu  %5.1f  %5.1f  %.0f\n", documents.size(),
           seconds, (double)bytes / 1e6, db.get_avlength());
    std::filesystem::remove_all(folder);
    return 0;
}
