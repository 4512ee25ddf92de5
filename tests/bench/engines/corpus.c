// A made-up catalogue on which several engines are compared: the same texts for all, and queries of each class. Both are decided by
// the seed alone, on any machine. Run: engines_corpus RECORDS SEED FOLDER; writes FOLDER/corpus.tsv, queries.tsv and typed.txt. Memory
// does not grow with RECORDS.
//
// Words are invented from syllables that look French, with plurals and feminines, so that stemming has work; little words are the
// real ones. How often they come is Zipf's law in two regimes, which real catalogues have: 1 / (rank + 2.7) down to the rank 8000,
// then rank^-1.8, over 340 000 words. Titles have 7.5 words, descriptions 120 in the median and 160 in the mean (log-normal).
// Names of publishers, communes and keywords are made of other syllables: a word of a query is found in titles and descriptions only,
// so that an engine that reads other fields too must find the same records.
//
// A line of corpus.tsv: id, title, description, keywords (|), publisher, licence, formats (|), commune's name, frequency, granularity,
// issued and modified (days since 1970), views, commune's code. A line of queries.tsv: class, query.
#include "base/arena.h"
#include "base/buf.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    VOCABULARY = 340000,
    HEAD = 8000, // words of the first regime
    KEYWORDS = 20000,
    PUBLISHERS = 5000,
    COMMUNES = 35000,
    SAMPLE = 20000, // records whose words are counted, to choose queries
    QUERIES = 100,  // of each class
    BROWSES = 20,
    FIRST_DAY = 15706, // 2013-01-01
    LAST_DAY = FIRST_DAY + 4700,
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void *must_open(const char *folder, const char *name)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    if (!f) {
        perror(path);
        exit(1);
    }
    return f;
}

// ---- Chance --------------------------------------------------------------------------------------

static uint64_t state;

static uint64_t chance(void) // splitmix64
{
    uint64_t z = state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static double unit(void) // [0, 1)
{
    return (double)(chance() >> 11) / 9007199254740992.0;
}

static size_t below(size_t n)
{
    return (size_t)(chance() % n);
}

static double normal(void)
{
    return sqrt(-2 * log(unit() + 1e-12)) * cos(6.283185307179586 * unit());
}

// Draws from weights in constant time (Walker's aliases).
struct draw {
    double *share;
    uint32_t *other;
    size_t n;
};

static struct draw draw_new(double *weights, size_t n)
{
    struct draw d = {xcalloc(n, sizeof *d.share), xcalloc(n, sizeof *d.other), n};
    uint32_t *poor = xcalloc(n, sizeof *poor), *rich = xcalloc(n, sizeof *rich);
    size_t poors = 0, riches = 0;
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += weights[i];
    for (size_t i = 0; i < n; i++) {
        weights[i] *= (double)n / sum;
        if (weights[i] < 1)
            poor[poors++] = (uint32_t)i;
        else
            rich[riches++] = (uint32_t)i;
        d.share[i] = 1;
        d.other[i] = (uint32_t)i;
    }
    while (poors && riches) {
        uint32_t p = poor[--poors], r = rich[riches - 1];
        d.share[p] = weights[p];
        d.other[p] = r;
        weights[r] -= 1 - weights[p];
        if (weights[r] < 1) {
            riches--;
            poor[poors++] = r;
        }
    }
    free(poor);
    free(rich);
    free(weights);
    return d;
}

static size_t draw(const struct draw *d)
{
    double at = unit() * (double)d->n;
    size_t i = (size_t)at;
    return at - (double)i < d->share[i] ? i : d->other[i];
}

static void draw_free(struct draw *d)
{
    free(d->share);
    free(d->other);
}

static struct draw zipf(size_t n, double shift, double power)
{
    double *w = xcalloc(n, sizeof *w);
    for (size_t i = 0; i < n; i++)
        w[i] = 1 / pow((double)i + 1 + shift, power);
    return draw_new(w, n);
}

static struct draw draw_words(void)
{
    double *w = xcalloc(VOCABULARY, sizeof *w);
    for (size_t i = 0; i < VOCABULARY; i++)
        w[i] = i < HEAD ? 1 / ((double)i + 3.7) : pow(HEAD / (double)i, 1.8) / (HEAD + 2.7);
    return draw_new(w, VOCABULARY);
}

// ---- Words ---------------------------------------------------------------------------------------

static const char *const little[] = {
    "de",   "la",   "des",  "les", "et",    "le",   "du", "à",   "en",  "sur", "par",
    "pour", "dans", "sont", "un",  "une",   "est",  "au", "aux", "ces", "que", "qui",
    "il",   "ou",   "avec", "ce",  "cette", "plus", "ne", "se",  "son", "sa",  "être"};
enum { LITTLE = COUNT(little) };

struct words {
    struct arena arena;
    struct strs list;
    struct str *seen; // a table of those that are there
    size_t room;
};

static bool is_new(struct words *w, struct str word)
{
    size_t at = 0;
    for (size_t i = 0; i < word.n; i++)
        at = at * 131 + (unsigned char)word.p[i];
    for (at %= w->room; w->seen[at].n; at = (at + 1) % w->room)
        if (str_eq(w->seen[at], word))
            return false;
    w->seen[at] = word;
    return true;
}

static void add_word(struct words *w, struct str word)
{
    word = arena_str(&w->arena, word);
    if (is_new(w, word))
        arena_push(&w->arena, &w->list, word);
}

// Three or four syllables, and some of the endings that share the stem.
static void add_stem(struct words *w)
{
    static const char *const consonants[] = {"b", "c", "d", "f", "g", "l",  "m",  "n",
                                             "p", "r", "s", "t", "v", "ch", "br", "tr"};
    static const char *const vowels[] = {"a", "a", "é", "i", "i", "o", "o", "u"};
    static const char *const endings[] = {"", "s", "e", "es", "ment", "tion", "tions", "eur"};
    char stem[64] = "";
    for (size_t n = 3 + (below(8) == 0); n > 0; n--) {
        strcat(stem, consonants[below(COUNT(consonants))]);
        strcat(stem, vowels[below(COUNT(vowels))]);
    }
    size_t forms = 1 + below(4), first = below(2) ? 0 : 4;
    for (size_t i = 0; i < forms; i++) {
        char word[80];
        snprintf(word, sizeof word, "%s%s", stem, endings[(first + i) % COUNT(endings)]);
        add_word(w, str_of(word));
    }
}

// The vocabulary, the most common word first.
static void make_vocabulary(struct words *w)
{
    w->room = 4 * VOCABULARY;
    w->seen = xcalloc(w->room, sizeof *w->seen);
    for (size_t i = 0; i < LITTLE; i++)
        add_word(w, str_of(little[i]));
    while (w->list.n < VOCABULARY)
        add_stem(w);
    for (size_t i = VOCABULARY - 1; i > LITTLE; i--) {
        size_t j = LITTLE + below(i - LITTLE + 1);
        struct str kept = w->list.v[i];
        w->list.v[i] = w->list.v[j];
        w->list.v[j] = kept;
    }
}

// Names of communes, publishers, keywords: their endings are no word's of the vocabulary.
static struct str make_name(struct arena *a)
{
    static const char *const parts[] = {"ker", "plou", "lan",  "tré",  "mor",  "gui",   "pen",
                                        "bel", "mont", "cham", "bois", "haut", "ville", "clair"};
    static const char *const ends[] = {"ic", "ac", "oz", "ec"};
    char name[64] = "";
    for (size_t n = 2 + below(3); n > 0; n--)
        strcat(name, parts[below(sizeof parts / sizeof *parts)]);
    return arena_printf(a, "%s%s", name, ends[below(4)]);
}

// ---- Records -------------------------------------------------------------------------------------

static const char *const formats[] = {
    "csv", "geojson", "json", "shp",  "xlsx", "xls",  "pdf",   "zip", "xml", "ods",
    "kml", "wms",     "wfs",  "gpkg", "gtfs", "html", "txt",   "rdf", "api", "parquet",
    "gpx", "docx",    "tif",  "dbf",  "7z",   "odt",  "jsonl", "gml", "nc",  "other"};
static const char *const licences[] = {"lov2",       "fr-lo",    "notspecified", "odc-odbl",
                                       "other-open", "cc-by",    "odc-by",       "cc-by-sa",
                                       "cc-zero",    "other-at", "other-pd",     "odc-pddl",
                                       "gfdl",       "cc-by-nd", "other-closed"};
static const char *const frequencies[] = {"unknown",    "annual",    "punctual", "irregular",
                                          "monthly",    "weekly",    "daily",    "quarterly",
                                          "continuous", "semiannual"};
static const char *const granularities[] = {"other",   "fr:commune", "fr:departement",
                                            "fr:epci", "country",    "fr:region",
                                            "poi",     "fr:iris",    "fr:canton"};

struct catalogue {
    struct words words;
    struct arena arena;
    struct str keywords[KEYWORDS], publishers[PUBLISHERS], communes[COMMUNES];
    struct draw word, keyword, publisher, commune, format, licence, frequency, granularity;
    uint32_t *documents, *last; // of the sample: that have the word, and the last of them
    uint32_t sampled;
};

static struct catalogue c;

static void make_names(void)
{
    static const char *const kinds[] = {"Commune de", "Département de", "Métropole de",
                                        "Région",     "Ministère de",   "Syndicat de",
                                        "Agence",     "Institut"};
    for (size_t i = 0; i < KEYWORDS; i++)
        c.keywords[i] = make_name(&c.arena);
    for (size_t i = 0; i < COMMUNES; i++)
        c.communes[i] = make_name(&c.arena);
    for (size_t i = 0; i < PUBLISHERS; i++)
        c.publishers[i] = arena_printf(&c.arena, "%s %s %zu", kinds[below(COUNT(kinds))],
                                       make_name(&c.arena).p, i);
}

static void make_catalogue(void)
{
    make_vocabulary(&c.words);
    make_names();
    c.word = draw_words();
    c.keyword = zipf(KEYWORDS, 5, 1);
    c.publisher = zipf(PUBLISHERS, 10, 1);
    c.commune = zipf(COMMUNES, 40, 0.8);
    c.format = zipf(COUNT(formats), 0.3, 1.1);
    c.licence = zipf(COUNT(licences), 0, 1.5);
    c.frequency = zipf(COUNT(frequencies), 0, 1);
    c.granularity = zipf(COUNT(granularities), 0, 1);
    c.documents = xcalloc(VOCABULARY, sizeof *c.documents);
    c.last = xcalloc(VOCABULARY, sizeof *c.last);
}

static void free_catalogue(void)
{
    struct draw *draws[] = {&c.word,   &c.keyword, &c.publisher, &c.commune,
                            &c.format, &c.licence, &c.frequency, &c.granularity};
    for (size_t i = 0; i < COUNT(draws); i++)
        draw_free(draws[i]);
    free(c.words.seen);
    free(c.documents);
    free(c.last);
    arena_free(&c.words.arena);
    arena_free(&c.arena);
}

static void add_words(struct buf *out, size_t n, bool sentences)
{
    static const char *const ends[] = {".", ".", ".", ",", ":", " (", ")"};
    size_t since = 0;
    for (size_t i = 0; i < n; i++) {
        size_t rank = draw(&c.word);
        if (c.sampled <= SAMPLE && c.last[rank] != c.sampled) {
            c.last[rank] = c.sampled;
            c.documents[rank]++;
        }
        if (i)
            buf_addc(out, ' ');
        buf_add(out, c.words.list.v[rank]);
        if (sentences && ++since > 8 && unit() < 0.09) {
            buf_addz(out, ends[below(COUNT(ends))]);
            since = 0;
        }
    }
}

static void add_formats(struct buf *out)
{
    size_t n = 1 + (size_t)(-log(unit() + 1e-9) * 1.8), many = n < 12 ? n : 12;
    unsigned has = 0;
    for (size_t i = 0; i < many; i++)
        has |= 1u << draw(&c.format);
    for (size_t i = 0, count = 0; i < COUNT(formats); i++)
        if (has & 1u << i)
            buf_addf(out, "%s%s", count++ ? "|" : "", formats[i]);
}

static void add_record(struct buf *out, uint64_t number)
{
    size_t issued = FIRST_DAY + (size_t)(sqrt(unit()) * (LAST_DAY - FIRST_DAY - 100));
    size_t modified = issued + (size_t)((double)(LAST_DAY - issued) * unit());
    double title = 8 + 2.6 * normal(), length = exp(log(120) + 0.75 * normal());
    buf_addf(out, "%016llx%08x\t", (unsigned long long)chance(), (unsigned)number);
    add_words(out, title < 2 ? 2 : (size_t)title, false);
    buf_addc(out, '\t');
    add_words(out, length < 8 ? 8 : length > 2000 ? 2000 : (size_t)length, true);
    buf_addc(out, '\t');
    for (size_t i = 0, n = 2 + below(7); i < n; i++)
        buf_addf(out, "%s%s", i ? "|" : "", c.keywords[draw(&c.keyword)].p);
    buf_addf(out, "\t%s\t%s\t", c.publishers[draw(&c.publisher)].p, licences[draw(&c.licence)]);
    add_formats(out);
    size_t commune = draw(&c.commune);
    buf_addf(out, "\t%s\t%s\t%s\t%zu\t%zu\t%.0f\t%05zu\n", c.communes[commune].p,
             frequencies[draw(&c.frequency)], granularities[draw(&c.granularity)], issued, modified,
             exp(4 + 2 * normal()), 1000 + commune * 27 / 10);
}

// ---- Queries -------------------------------------------------------------------------------------

// A word that is in this share of the sample's records, not a little one.
static struct str word_within(double least, double most)
{
    double n = c.sampled < SAMPLE ? c.sampled : SAMPLE;
    for (int tries = 0; tries < 10000000; tries++) {
        size_t i = LITTLE + below(VOCABULARY - LITTLE);
        if ((double)c.documents[i] > least * n && (double)c.documents[i] <= most * n)
            return c.words.list.v[i];
    }
    fputs("no word is as common as queries need: too few records\n", stderr);
    exit(1);
}

static void write_queries(FILE *f)
{
    struct str common[QUERIES], mid[QUERIES];
    static const char *const of_common[] = {"one_common", "word_facet5", "filter_facet5",
                                            "sortdate"};
    for (size_t i = 0; i < QUERIES; i++) {
        common[i] = word_within(0.1, 1);
        mid[i] = word_within(0.003, 0.1);
    }
    for (size_t k = 0; k < COUNT(of_common); k++)
        for (size_t i = 0; i < QUERIES; i++)
            fprintf(f, "%s\t%s\n", of_common[k], common[i].p);
    for (size_t i = 0; i < QUERIES; i++)
        fprintf(f, "one_mid\t%s\n", mid[i].p);
    for (size_t i = 0; i < QUERIES; i++)
        fprintf(f, "and2\t%s %s\n", common[i].p, mid[QUERIES - 1 - i].p);
    for (size_t i = 0; i < QUERIES; i++)
        fprintf(f, "or3\t%s %s %s\n", common[i].p, mid[i].p, word_within(0.0003, 0.003).p);
    for (size_t i = 0; i < BROWSES; i++)
        fputs("browse_facet5\t\n", f);
}

// What is typed on the way to a title: its first bytes, 2 to 20 of them.
static void write_typed(FILE *f, struct str record)
{
    struct str id, title;
    str_next(&record, '\t', &id);
    str_next(&record, '\t', &title);
    fprintf(f, "%.*s\n", STR_ARG(str_cut_utf8(title, 2 + below(19))));
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("usage: engines_corpus RECORDS SEED FOLDER\n", stderr);
        return 2;
    }
    uint64_t records = strtoull(argv[1], NULL, 10);
    FILE *corpus = must_open(argv[3], "corpus.tsv"), *queries = must_open(argv[3], "queries.tsv"),
         *typed = must_open(argv[3], "typed.txt");
    struct buf line = {0};
    state = strtoull(argv[2], NULL, 10);
    make_catalogue();
    for (uint64_t i = 0; i < records; i++) {
        c.sampled += c.sampled <= SAMPLE;
        buf_clear(&line);
        add_record(&line, i);
        fwrite(line.p, 1, line.n, corpus);
        if (i % (records / 1000 + 1) == 0)
            write_typed(typed, buf_str(&line));
    }
    write_queries(queries);
    buf_free(&line);
    free_catalogue();
    bool good = !ferror(corpus) && !ferror(queries) && !ferror(typed);
    good = !fclose(corpus) && good;
    good = !fclose(queries) && good;
    good = !fclose(typed) && good;
    if (!good)
        fputs("the corpus could not be written whole\n", stderr);
    return good ? 0 : 1;
}
