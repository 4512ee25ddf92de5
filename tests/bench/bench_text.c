// Throughput of the analysis on a text of one's own: reads it whole, analyses it line by line as many times
// as asked, prints MB/s of one core. Not a test.
//
//     bench_text FILE [ROUNDS] [STOPWORDS]
#include "indexer/text/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct counts {
    uint64_t tokens, joined, stops, bytes;
};

static void count(void *arg, const struct token *t)
{
    struct counts *c = arg;
    c->tokens++;
    c->joined += t->kind == TOKEN_JOINED;
    c->stops += t->is_stop;
    c->bytes += t->exact.n + t->stem.n;
}

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool read_file(const char *path, struct buf *out)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        perror(path);
        return false;
    }
    size_t n;
    do {
        buf_reserve(out, 1 << 20);
        n = fread(out->p + out->n, 1, 1 << 20, f);
        out->n += n;
    } while (n > 0);
    fclose(f);
    return true;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fputs("usage: bench_text FILE [ROUNDS] [STOPWORDS]\n", stderr);
        return 2;
    }
    struct buf text = {0}, stop_words = {0};
    if (!read_file(argv[1], &text) ||
        !read_file(argc > 3 ? argv[3] : "config/stopwords.txt", &stop_words))
        return 1;
    int rounds = argc > 2 ? atoi(argv[2]) : 3;
    struct err e;
    struct analyzer *a = analyzer_new(buf_str(&stop_words), &e);
    if (!a) {
        char message[800];
        fprintf(stderr, "%s\n", err_text(&e, message, sizeof message));
        return 1;
    }
    for (int i = 0; i < rounds; i++) {
        struct counts c = {0};
        double start = cpu_seconds();
        struct str rest = buf_str(&text), line;
        while (str_next(&rest, '\n', &line))
            analyze(a, line, count, &c);
        double seconds = cpu_seconds() - start;
        printf("%.1f MB/s: %.1f MB, %llu tokens (%llu joined, %llu stop words), %.0f ns each\n",
               (double)text.n / seconds / 1e6, (double)text.n / 1e6, (unsigned long long)c.tokens,
               (unsigned long long)c.joined, (unsigned long long)c.stops,
               seconds * 1e9 / (double)c.tokens);
    }
    analyzer_free(a);
    buf_free(&text);
    buf_free(&stop_words);
    return 0;
}
