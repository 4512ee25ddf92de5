// indexer/suggest against a plain and slow telling of the same rules, on small random data: words of few letters, so that
// beginnings, typos and repetitions meet all the time.
#include "tests/unit/suggest_fixture.h"

enum { ENTRIES = 60, ROUNDS = 60, QUERIES = 120, WORDS = 8, LETTERS = 4 };

static uint64_t state = 42;
static unsigned below(unsigned n)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33) % n;
}

struct word_list {
    struct str v[64];
    size_t n;
};

struct plain_entry {
    enum suggest_kind kind;
    struct str text, names;
    float weight;
};
static struct plain_entry entries[ENTRIES];
static size_t entry_count;

// ---- The rules, told plainly -------------------------------------------------------------------------

static bool is_stop(struct str w)
{
    return str_eq(w, STR("de")) || str_eq(w, STR("d")) || str_eq(w, STR("c"));
}

static void split_words(struct str text, struct word_list *out)
{
    struct str word;
    while (text.n && str_next(&text, ' ', &word))
        if (word.n)
            out->v[out->n++] = word;
}

static struct word_list searched(struct str text)
{
    struct word_list all = {0}, some = {0};
    split_words(text, &all);
    for (size_t i = 0; i < all.n; i++)
        if (!is_stop(all.v[i]))
            some.v[some.n++] = all.v[i];
    return some.n ? some : all;
}

static struct str joined(struct word_list words, size_t from, const char *between)
{
    struct buf b = {0};
    for (size_t i = from; i < words.n; i++) {
        if (i > from)
            buf_addz(&b, between);
        buf_add(&b, words.v[i]);
    }
    struct str s = arena_str(&arena, buf_str(&b));
    buf_free(&b);
    return s;
}

static struct str key_of(struct str text)
{
    struct word_list all = {0};
    size_t from = 0;
    split_words(text, &all);
    while (from < all.n && is_stop(all.v[from]))
        from++;
    return joined(all, from < all.n ? from : 0, " ");
}

static struct str name_of(struct str text)
{
    struct word_list all = {0};
    split_words(text, &all);
    return joined(all, 0, "");
}

struct query {
    struct str text;
    struct word_list terms;
    bool open[64];
};

static bool has(const struct word_list *words, struct str w, bool begins)
{
    for (size_t i = 0; i < words->n; i++)
        if (begins ? str_starts(words->v[i], w) : str_eq(words->v[i], w))
            return true;
    return false;
}

static bool has_parts(const struct query *q, const struct word_list *words, size_t but, size_t and)
{
    for (size_t i = 0; i < q->terms.n; i++)
        if (i != but && i != and&&!has(words, q->terms.v[i], true))
            return false;
    return true;
}

// Every string that is one edit away, one after the other: strings beyond the alphabet of the data find nothing.
static bool has_typo(const struct word_list *words, struct str t, bool open)
{
    char s[64];
    for (size_t i = 0; i <= t.n; i++)
        for (char letter = 'a'; letter < 'a' + LETTERS + 1; letter++) {
            memcpy(s, t.p, i);
            s[i] = letter; // missing in the query
            memcpy(s + i + 1, t.p + i, t.n - i);
            if (has(words, str_slice(s, t.n + 1), open && i < t.n))
                return true;
            if (i == t.n)
                continue;
            memcpy(s + i + 1, t.p + i + 1, t.n - i - 1); // wrong in it
            if (has(words, str_slice(s, t.n), open && i + 1 < t.n))
                return true;
        }
    for (size_t i = 0; i < t.n; i++) {
        memcpy(s, t.p, i);
        memcpy(s + i, t.p + i + 1, t.n - i - 1); // too much in it
        if (has(words, str_slice(s, t.n - 1), open && i + 1 < t.n))
            return true;
        if (i + 1 == t.n)
            continue;
        memcpy(s, t.p, t.n); // swapped
        s[i] = t.p[i + 1];
        s[i + 1] = t.p[i];
        if (has(words, str_slice(s, t.n), open))
            return true;
    }
    return false;
}

static bool has_split(const struct word_list *words, struct str t, bool open)
{
    for (size_t i = 2; i + 2 <= t.n; i++)
        if (has(words, str_slice(t.p, i), false) && has(words, str_slice(t.p + i, t.n - i), open))
            return true;
    return false;
}

// 0 for none, 1 for far, 2 for near.
static int typo_class(const struct query *q, const struct word_list *words)
{
    int best = 0;
    for (size_t i = 0; i < q->terms.n; i++) {
        struct str t = q->terms.v[i];
        if (i + 1 < q->terms.n && has_parts(q, words, i, i + 1)) {
            struct word_list two = {{t, q->terms.v[i + 1]}, 2};
            if (has(words, joined(two, 0, ""), q->open[i + 1]))
                return 2;
        }
        if (t.n < 4 || !has_parts(q, words, i, i))
            continue;
        if (has_typo(words, t, q->open[i]) || has_split(words, t, q->open[i]))
            return 2;
        if (q->open[i] && t.n >= 5 && has(words, str_slice(t.p, t.n - 1), true))
            best = 1;
    }
    return best;
}

struct scored {
    size_t entry;
    double score;
};

static int by_score(const void *x, const void *y)
{
    double a = ((const struct scored *)x)->score, b = ((const struct scored *)y)->score;
    return a > b ? -1 : a < b;
}

static struct query read_query(struct str text)
{
    struct query q = {.text = text};
    struct word_list all = {0};
    split_words(text, &all);
    for (int stops = 0; stops < 2 && !q.terms.n; stops++)
        for (size_t i = 0; i < all.n; i++) {
            bool open = i + 1 == all.n && text.p[text.n - 1] != ' ';
            size_t j = 0;
            while (j < q.terms.n && !str_eq(q.terms.v[j], all.v[i]))
                j++;
            if (!stops && is_stop(all.v[i]))
                continue;
            q.terms.v[j] = all.v[i];
            q.open[j] = open;
            q.terms.n = j == q.terms.n ? j + 1 : q.terms.n;
        }
    return q;
}

static bool is_called(const struct plain_entry *e, struct str q)
{
    struct str rest = e->names, line;
    if (str_eq(key_of(e->text), key_of(q)))
        return true;
    while (rest.n && str_next(&rest, '\n', &line))
        if (str_eq(name_of(line), name_of(q)))
            return true;
    return false;
}

static struct str plainly(struct str text, enum suggest_kind kind, size_t most)
{
    struct query q = read_query(text);
    struct scored named[ENTRIES], strict[ENTRIES], typos[ENTRIES];
    size_t named_n = 0, strict_n = 0, typos_n = 0;
    bool taken[ENTRIES] = {false};
    for (size_t i = 0; q.terms.n && i < entry_count; i++)
        if (entries[i].kind == kind && is_called(&entries[i], text))
            named[named_n++] = (struct scored){i, 2 + (double)entries[i].weight};
    qsort(named, named_n, sizeof *named, by_score);
    for (size_t i = 0; i < named_n && i < 3; i++) {
        taken[named[i].entry] = true;
        strict[strict_n++] = named[i];
    }
    for (size_t i = 0; q.terms.n && i < entry_count; i++) {
        const struct plain_entry *e = &entries[i];
        if (e->kind != kind || taken[i])
            continue;
        struct word_list words = searched(e->text);
        struct str rest = e->names, line;
        while (rest.n && str_next(&rest, '\n', &line)) {
            struct word_list more = searched(line);
            for (size_t j = 0; j < more.n; j++)
                words.v[words.n++] = more.v[j];
        }
        bool whole = true, all = true, begun = str_starts(key_of(e->text), key_of(text));
        for (size_t j = 0; j < q.terms.n; j++) {
            whole = whole && has(&words, q.terms.v[j], false);
            all = all && has(&words, q.terms.v[j], q.open[j]);
        }
        double w = (double)e->weight;
        if (begun || all || has_parts(&q, &words, SIZE_MAX, SIZE_MAX))
            strict[strict_n++] = (struct scored){i, w + (begun && whole ? 0.3
                                                         : begun        ? 0.2
                                                         : whole        ? 0.1
                                                         : all          ? 0
                                                                        : -0.2)};
        else if (typo_class(&q, &words))
            typos[typos_n++] = (struct scored){i, w - (typo_class(&q, &words) == 2 ? 2 : 4)};
    }
    qsort(strict, strict_n, sizeof *strict, by_score);
    qsort(typos, typos_n, sizeof *typos, by_score);
    struct buf b = {0};
    for (size_t i = 0; i < strict_n + typos_n && i < most; i++) {
        size_t entry = i < strict_n ? strict[i].entry : typos[i - strict_n].entry;
        if (i)
            buf_addz(&b, " | ");
        buf_add(&b, entries[entry].text);
    }
    struct str s = b.n ? arena_str(&arena, buf_str(&b)) : STR("");
    buf_free(&b);
    return s;
}

// ---- Data ----------------------------------------------------------------------------------------------

static void add_random_word(struct buf *b)
{
    if (below(10) == 0) {
        buf_addz(b, "de");
        return;
    }
    for (unsigned n = 1 + below(6); n > 0; n--)
        buf_addc(b, (char)('a' + below(LETTERS)));
}

static struct str random_text(unsigned words)
{
    struct buf b = {0};
    for (unsigned i = 0; i < words; i++) {
        if (i)
            buf_addc(&b, ' ');
        add_random_word(&b);
    }
    struct str s = arena_str(&arena, buf_str(&b));
    buf_free(&b);
    return s;
}

static bool is_repeated(const struct plain_entry *e)
{
    for (size_t i = 0; i < entry_count; i++)
        if (entries[i].kind == e->kind && str_eq(key_of(entries[i].text), key_of(e->text)))
            return true;
    return false;
}

static void make_entries(void)
{
    begin();
    entry_count = 0;
    while (entry_count < ENTRIES) {
        struct plain_entry e = {.kind = below(2) ? SUGGEST_DATASET : SUGGEST_ORGANIZATION,
                                .text = random_text(1 + below(4)),
                                .weight = (float)below(1u << 20) / (float)(1u << 20)};
        if (below(4) == 0) {
            struct str first = random_text(1), second = random_text(1 + below(2));
            e.names = below(2)
                          ? first
                          : arena_printf(&arena, "%.*s\n%.*s", STR_ARG(first), STR_ARG(second));
        }
        if (is_repeated(&e))
            continue;
        suggest_builder_add(builder, &(struct suggest_entry){.kind = e.kind,
                                                             .text = e.text,
                                                             .names = e.names,
                                                             .weight = (double)e.weight});
        entries[entry_count++] = e;
    }
    finish();
}

// A text of the data cut somewhere, or its words in another order, or random words; often with one letter changed.
static struct str random_query(void)
{
    struct str text = entries[below(ENTRIES)].text;
    unsigned how = below(4);
    if (how == 0)
        text = random_text(1 + below(3));
    else if (how == 1)
        text = str_slice(text.p, 1 + below((unsigned)text.n));
    struct buf b = {0};
    buf_add(&b, text);
    if (how == 2) {
        struct word_list words = {0};
        split_words(text, &words);
        struct str last = words.v[below((unsigned)words.n)];
        buf_clear(&b);
        buf_add(&b, words.v[below((unsigned)words.n)]);
        buf_addc(&b, ' ');
        buf_add(&b, str_slice(last.p, 1 + below((unsigned)last.n)));
    }
    unsigned at = below((unsigned)b.n);
    if (below(2)) {
        b.p[at] = (char)(below(8) ? 'a' + below(LETTERS) : ' ');
    } else if (below(3) == 0 && b.n > 1) {
        memmove(b.p + at, b.p + at + 1, b.n - at - 1);
        b.n--;
    }
    if (below(4) == 0)
        buf_addc(&b, ' ');
    struct str s = arena_str(&arena, buf_str(&b));
    buf_free(&b);
    return s;
}

int main(void)
{
    unsigned wrong = 0, nonempty = 0;
    for (int round = 0; round < ROUNDS; round++) {
        arena_reset(&arena);
        make_entries();
        for (int i = 0; i < QUERIES; i++) {
            struct str q = random_query();
            enum suggest_kind kind = below(2) ? SUGGEST_DATASET : SUGGEST_ORGANIZATION;
            size_t most = 1 + below(20);
            struct str want = plainly(q, kind, most), got = ask_str(q, 1u << kind, most);
            nonempty += got.n > 0;
            if (!str_eq(want, got) && wrong++ < 10)
                printf("# \"%.*s\" (%zu)\n#   got    %.*s\n#   wanted %.*s\n", STR_ARG(q), most,
                       STR_ARG(got), STR_ARG(want));
        }
    }
    is_int(wrong, 0);
    ok(nonempty > ROUNDS * QUERIES / 2);
    end();
    return tap_done();
}
