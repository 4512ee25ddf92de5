// What the store costs: a full sweep, the same one again, two with changes, reading it all. Records are made up, of
// about the size of data.gouv.fr's. Run: bench_store [RECORDS], 70575 by default; TMPDIR says where.
#include "store/record_json.h"
#include "store/store.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 100, WORDS = 4000 };

static uint64_t state = 88172645463325252u;

static unsigned pick(unsigned below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state >> 33) % below;
}

static struct str words[WORDS];

static void make_words(struct arena *a)
{
    static const char *const syllables[] = {
        "da",  "té",  "co", "mu", "ne",  "tion", "ré", "gi", "on", "de",  "par", "te", "ment", "ca",
        "das", "tre", "ur", "ba", "nis", "me",   "lo", "ge", "in", "dus", "tri", "el", "eau",  "x"};
    for (int i = 0; i < WORDS; i++) {
        char word[64] = "";
        for (unsigned n = 1 + pick(4); n > 0; n--)
            strcat(word, syllables[pick(sizeof syllables / sizeof *syllables)]);
        words[i] = arena_str(a, str_of(word));
    }
}

// Common words come often, as in a text.
static struct str text(struct arena *a, unsigned count)
{
    char out[4000];
    size_t n = 0;
    for (unsigned i = 0; i < count && n < sizeof out - 64; i++) {
        unsigned at = pick(pick(pick(WORDS) + 1) + 1);
        memcpy(out + n, words[at].p, words[at].n);
        n += words[at].n;
        out[n++] = i % 12 == 11 ? '.' : ' ';
    }
    return arena_str(a, str_slice(out, n));
}

static void make(struct record *r, struct arena *a, size_t i)
{
    record_init(r);
    // Like udata's: a time first, in the order in which a sweep shows them.
    r->id = arena_printf(a, "data.gouv.fr:%08zx%08x%08x", 0x53698e00 + 5000 * i, pick(1u << 30),
                         pick(1u << 30));
    r->title = text(a, 8);
    r->description = text(a, 20 + pick(160));
    r->publisher.id = arena_printf(a, "data.gouv.fr:organization.%08x", pick(3000));
    r->publisher.name = text(a, 4);
    r->license.id = STR("etalab-2.0");
    r->license.label = STR("Licence Ouverte 2.0");
    r->license.open = true;
    r->access = ACCESS_OPEN;
    for (int k = 0; k < 6; k++)
        arena_push(a, &r->keywords, words[pick(500)]);
    r->distribution_count = 1 + pick(3);
    r->distributions = ARENA_ARRAY(a, struct distribution, r->distribution_count);
    for (size_t d = 0; d < r->distribution_count; d++)
        r->distributions[d] = (struct distribution){
            .title = text(a, 3),
            .url = arena_printf(a, "https://static.data.gouv.fr/resources/%08x/%08x.csv",
                                pick(1u << 30), pick(1u << 30)),
            .type = STR("main"),
            .format = STR("csv"),
            .format_family = STR("tabular"),
            .media_type = STR("text/csv"),
            .byte_size = pick(1u << 30),
            .modified = {1700000000 + pick(1u << 25), DATE_SECOND},
            .available = 1,
        };
    r->issued = (struct date){1500000000 + pick(1u << 27), DATE_SECOND};
    r->modified = (struct date){1600000000 + pick(1u << 27), DATE_SECOND};
    r->landing_page = arena_printf(a, "https://www.data.gouv.fr/datasets/%08x", pick(1u << 30));
    r->quality.score = pick(9) / 9.0;
    r->popularity = (struct popularity){pick(10000), pick(50), pick(10), pick(9999), -1};
    r->provenance.source = STR("data.gouv.fr");
}

static double cpu(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static double wall(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double cpu_start, wall_start;

static void start(void)
{
    cpu_start = cpu();
    wall_start = wall();
}

static void row(const char *what, size_t n)
{
    double c = cpu() - cpu_start, w = wall() - wall_start;
    printf("%-40s %8zu %8.2f %8.2f %8.2f\n", what, n, c, w, c * 1e6 / (double)(n ? n : 1));
}

static void stop_on(bool good, const struct err *e)
{
    char line[800];
    if (good)
        return;
    fprintf(stderr, "%s\n", err_text(e, line, sizeof line));
    exit(1);
}

static void sweep(struct store *s, struct store_item *items, size_t n, const char *what)
{
    struct err e = {0};
    struct run run = {.source = STR("data.gouv.fr"), .state = RUN_RUNNING, .started = 1};
    start();
    stop_on(store_run_begin(s, &run, &e), &e);
    for (size_t i = 0; i < n; i += PAGE) {
        struct store_page page = {.run = &run,
                                  .items = items + i,
                                  .item_count = n - i < PAGE ? n - i : PAGE,
                                  .now = 1700000000 + run.run};
        run.counts.pages++;
        run.cursor = STR("{\"page\":12,\"kind\":\"dataset\"}");
        stop_on(store_page_write(s, &page, &e), &e);
    }
    row(what, n);
    printf("%40s added %lld, updated %lld, unchanged %lld, figures %lld\n", "",
           (long long)run.counts.added, (long long)run.counts.updated,
           (long long)run.counts.unchanged, (long long)run.counts.figures);
}

static void read_all(struct store *s, size_t n)
{
    struct err e = {0};
    struct arena a = {0};
    struct stored *list;
    size_t count, read = 0, bytes = 0;
    start();
    for (int64_t seq = 0;; seq = list[count - 1].seq) {
        arena_reset(&a);
        stop_on(store_changes(s, seq, 500, &a, &list, &count, &e), &e);
        if (count == 0)
            break;
        for (size_t i = 0; i < count; i++)
            bytes += list[i].body.n;
        read += count;
    }
    row("reading all changes", read);
    printf("%40s %.0f bytes a body\n", "", (double)bytes / (double)n);
    arena_free(&a);
}

static bool count_each(void *arg, const struct stored *r)
{
    *(size_t *)arg += r->id.n > 0;
    return true;
}

static void empty_folder(const char *path)
{
    DIR *d = opendir(path);
    for (struct dirent *f; d && (f = readdir(d));) {
        char name[1024];
        struct stat st;
        snprintf(name, sizeof name, "%s/%s", path, f->d_name);
        if (f->d_name[0] == '.' || stat(name, &st) != 0)
            continue;
        printf("%-40s %17.1f MB\n", f->d_name, (double)st.st_size / 1e6);
        unlink(name);
    }
    if (d)
        closedir(d);
    rmdir(path);
}

int main(int argc, char **argv)
{
    size_t n = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 70575;
    const char *tmp = getenv("TMPDIR");
    char folder[512];
    snprintf(folder, sizeof folder, "%s/bench_store-XXXXXX", tmp ? tmp : "/tmp");
    if (!mkdtemp(folder))
        return 1;

    printf("%-40s %8s %8s %8s %8s\n", "", "records", "CPU s", "wall s", "CPU us");
    struct arena words_arena = {0}, a = {0}, kept = {0};
    make_words(&words_arena);
    struct store_item *items = xcalloc(n, sizeof *items);
    struct buf body = {0}, figures = {0};
    double making = 0;
    for (size_t i = 0; i < n; i++) {
        struct record r;
        arena_reset(&a);
        make(&r, &a, i);
        buf_clear(&body);
        buf_clear(&figures);
        double before = cpu();
        record_write_body(&body, &r);
        record_write_figures(&figures, &r);
        making += cpu() - before;
        items[i] = (struct store_item){.id = arena_str(&kept, r.id),
                                       .body = arena_str(&kept, buf_str(&body)),
                                       .figures = arena_str(&kept, buf_str(&figures))};
    }
    printf("%-40s %8zu %8.2f %8s %8.2f\n", "writing the JSON", n, making, "",
           making * 1e6 / (double)n);
    start();
    for (size_t i = 0; i < n; i++)
        sha256(items[i].body, items[i].hash);
    row("hashing", n);
    start();
    for (size_t i = 0; i < n; i++) {
        struct record r;
        struct err e;
        arena_reset(&a);
        stop_on(record_read(&r, items[i].body, items[i].figures, &a, &e), &e);
    }
    row("reading the JSON", n);

    struct err e = {0};
    struct store *s = store_open(folder, STORE_WRITE, &e);
    stop_on(s != NULL, &e);
    sweep(s, items, n, "first sweep");
    sweep(s, items, n, "unchanged sweep");
    for (size_t i = 0; i < n; i += 3)
        items[i].figures = STR("{\"popularity\":{\"views\":3}}");
    sweep(s, items, n, "sweep with figures of a third");
    for (size_t i = 0; i < n; i += 100) {
        buf_clear(&body);
        buf_add(&body, str_slice(items[i].body.p, items[i].body.n - 1));
        buf_addz(&body, ",\"users\":[\"Rennes\"]}");
        items[i].body = arena_str(&kept, buf_str(&body));
        sha256(items[i].body, items[i].hash);
    }
    sweep(s, items, n, "sweep with one in 100 changed");
    read_all(s, n);
    size_t each = 0, kinds;
    struct store_count *counts;
    start();
    stop_on(store_each(s, STR("data.gouv.fr"), 1u << KIND_DATASET, count_each, &each, &e), &e);
    row("each record of a source", each);
    start();
    stop_on(store_counts(s, &a, &counts, &kinds, &e), &e);
    row("counts", kinds);
    store_close(s);
    empty_folder(folder);
    buf_free(&body);
    buf_free(&figures);
    arena_free(&words_arena);
    arena_free(&a);
    arena_free(&kept);
    free(items);
    return 0;
}
