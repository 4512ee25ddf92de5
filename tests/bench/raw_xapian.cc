// What Xapian alone costs for the index that DATA holds: the same documents (terms, how often, positions, boolean terms, values, data),
// made and added again through Xapian's own interface at the settings that cost it least: small flushes into small databases that are
// compacted together, nothing synced. Reading them is not counted. Beside it, what Xapian's own analysis of the same texts costs
// (TermGenerator, French stemmer), which whoever uses Xapian pays too, and the documents above do not hold.
// A benchmark, not a test: it prints a table, to be set beside the CPU seconds of `glaneur harvest --json` (overhead.sh).
//
//     raw_xapian DATA FOLDER [FLUSH PART]     FOLDER: where the index may be made (removed after). FLUSH: documents in a flush, 250;
//                                             PART: in a database, 2500, or 0 for one database that is not compacted
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

enum { READ = 500 };

struct term {
    std::string text;
    Xapian::termcount wdf;
    std::vector<Xapian::termpos> positions;
};

struct document {
    std::string data, unique;
    std::vector<std::pair<Xapian::valueno, std::string>> values;
    std::vector<term> terms;
};

struct counts {
    size_t documents, terms, positions, values;
};

struct seconds {
    double make, add, commit, compact;
};

double cpu()
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

document read_document(const Xapian::Document &from, counts &n)
{
    document d;
    d.data = from.get_data();
    for (auto v = from.values_begin(); v != from.values_end(); ++v, n.values++)
        d.values.push_back({v.get_valueno(), *v});
    for (auto t = from.termlist_begin(); t != from.termlist_end(); ++t, n.terms++) {
        d.terms.push_back({*t, t.get_wdf(), {}});
        term &last = d.terms.back();
        if (last.text[0] == 'Q')
            d.unique = last.text;
        if (t.positionlist_count())
            last.positions.assign(t.positionlist_begin(), t.positionlist_end());
        n.positions += last.positions.size();
    }
    n.documents++;
    return d;
}

Xapian::Document make(const document &d)
{
    Xapian::Document doc;
    doc.set_data(d.data);
    for (const auto &v : d.values)
        doc.add_value(v.first, v.second);
    for (const term &t : d.terms) {
        if (t.positions.empty())
            doc.add_term(t.text, t.wdf);
        for (size_t i = 0; i < t.positions.size(); i++)
            doc.add_posting(t.text, t.positions[i], i ? 0 : t.wdf);
    }
    return doc;
}

class builder
{
    std::string folder;
    size_t flush, part, in_part = 0;
    Xapian::WritableDatabase db;
    std::vector<std::string> parts;
    Xapian::docid docid = 0;

  public:
    seconds spent = {};

    builder(const std::string &f, size_t flush_, size_t part_)
        : folder(f), flush(flush_), part(part_)
    {
        std::filesystem::create_directories(folder);
    }

    void add(const std::vector<document> &documents)
    {
        for (const document &d : documents) {
            double start = cpu();
            if (!in_part) {
                parts.push_back(folder + "/" + std::to_string(parts.size()));
                db = Xapian::WritableDatabase(parts.back(), Xapian::DB_CREATE | Xapian::DB_NO_SYNC);
                db.begin_transaction(false);
            }
            double opened = cpu();
            Xapian::Document doc = make(d);
            double made = cpu();
            db.replace_document(++docid, doc);
            double added = cpu();
            if (++in_part % flush == 0 || in_part == part)
                commit();
            spent.make += made - opened;
            spent.add += added - made;
            spent.commit += cpu() - added + opened - start;
        }
    }

    void commit()
    {
        db.commit_transaction();
        db.commit();
        if (in_part == part) {
            db.close();
            in_part = 0;
        } else {
            db.begin_transaction(false);
        }
    }

    // Where the index is.
    std::string finish()
    {
        double start = cpu();
        if (in_part) {
            part = in_part;
            commit();
        }
        spent.commit += cpu() - start;
        if (parts.size() == 1)
            return parts[0];
        start = cpu();
        Xapian::Database all;
        for (const std::string &p : parts)
            all.add_database(Xapian::Database(p));
        all.compact(folder + "/all", Xapian::DBCOMPACT_NO_RENUMBER);
        spent.compact = cpu() - start;
        return folder + "/all";
    }
};

double index_again(const std::string &from, const std::string &folder, size_t flush, size_t part)
{
    Xapian::Database source(from);
    builder b(folder, flush, part ? part : SIZE_MAX);
    counts n = {};
    for (Xapian::docid docid = 1; docid <= source.get_lastdocid();) {
        std::vector<document> documents;
        for (; docid <= source.get_lastdocid() && documents.size() < READ; docid++)
            try {
                documents.push_back(read_document(source.get_document(docid), n));
            } catch (const Xapian::DocNotFoundError &) {
            }
        b.add(documents);
    }
    std::string path = b.finish();
    Xapian::Database made(path);
    if (made.get_doccount() != source.get_doccount() ||
        made.get_total_length() != source.get_total_length()) {
        fprintf(stderr, "raw_xapian: what was made is not the same index\n");
        exit(1);
    }
    uintmax_t bytes = 0;
    for (const auto &f : std::filesystem::directory_iterator(path))
        bytes += f.file_size();
    double d = (double)n.documents,
           sum = b.spent.make + b.spent.add + b.spent.commit + b.spent.compact;
    printf("documents  terms  positions  values (of one)  MB     make s  add s  commit s  compact "
           "s\n");
    printf("%9zu  %5.0f  %9.0f  %6.0f           %6.1f  %5.1f  %5.1f  %8.1f  %9.1f\n", n.documents,
           (double)n.terms / d, (double)n.positions / d, (double)n.values / d, (double)bytes / 1e6,
           b.spent.make, b.spent.add, b.spent.commit, b.spent.compact);
    std::filesystem::remove_all(folder);
    return sum;
}

// ---- Xapian's analysis ---------------------------------------------------------------------------

void analyse(Xapian::TermGenerator &g, const char *prefix, struct str text)
{
    if (!text.n)
        return;
    std::string words(text.p, text.n);
    g.index_text(words);
    g.increase_termpos();
    if (prefix[0])
        g.index_text_without_positions(words, 1, prefix);
}

void analyse_record(Xapian::TermGenerator &g, const struct record &r, struct arena *a)
{
    Xapian::Document doc;
    g.set_document(doc);
    g.set_termpos(0);
    analyse(g, "S", r.title);
    analyse(g, "XN", r.acronym);
    if (r.kind != KIND_ORGANIZATION) {
        analyse(g, "A", r.publisher.name);
        analyse(g, "A", r.publisher.acronym);
    }
    for (size_t i = 0; i < r.keywords.n; i++)
        analyse(g, "XW", r.keywords.v[i]);
    for (size_t i = 0; i < r.spatial.labels.n; i++)
        analyse(g, "XZ", r.spatial.labels.v[i]);
    for (size_t i = 0; i < r.distribution_count; i++)
        analyse(g, "XD", r.distributions[i].title);
    if (r.description.n)
        analyse(g, "", text_from_markdown(a, r.description));
}

bool analyse_all(const char *data, double *spent)
{
    struct err e;
    struct arena a = {};
    struct store *s = store_open(data, STORE_READ, &e);
    if (!s) {
        fprintf(stderr, "raw_xapian: %s\n", e.what);
        return false;
    }
    Xapian::TermGenerator g;
    g.set_stemmer(Xapian::Stem("french"));
    g.set_stemming_strategy(Xapian::TermGenerator::STEM_SOME);
    *spent = 0;
    for (int64_t seq = 0;;) {
        struct stored *list;
        size_t n;
        arena_reset(&a);
        if (!store_changes(s, seq, READ, &a, &list, &n, &e) || n == 0)
            break;
        for (size_t i = 0; i < n; i++) {
            struct record r;
            seq = list[i].seq;
            if (list[i].removed || !record_read(&r, list[i].body, list[i].figures, &a, &e))
                continue;
            double start = cpu();
            analyse_record(g, r, &a);
            *spent += cpu() - start;
        }
    }
    arena_free(&a);
    store_close(s);
    return true;
}

} // namespace

int main(int argc, char **argv)
{
    double analysis;
    if (argc != 3 && argc != 5) {
        fprintf(stderr, "usage: raw_xapian DATA FOLDER [FLUSH PART]\n");
        return 2;
    }
    size_t flush = argc == 5 ? strtoul(argv[3], nullptr, 10) : 250;
    size_t part = argc == 5 ? strtoul(argv[4], nullptr, 10) : 2500;
    double documents = index_again(std::string(argv[1]) + "/index/current",
                                   std::string(argv[2]) + "/raw_xapian", flush ? flush : 1, part);
    if (!analyse_all(argv[1], &analysis))
        return 1;
    printf("%-24s%8.1f\n%-24s%8.1f\n", "xapian cpu s", documents, "its own analysis cpu s",
           analysis);
    return 0;
}
