// Fuzzing of completion over any texts, asked with any bytes. Each line is an entry but the last, which is the query. Answers must
// be within their bounds, of the kinds that were asked for, each of another entry, and their HTML must be the text, escaped, with
// <mark> that opens and closes; a text asked for whole must be found.
#include "indexer/suggest/suggest.h"
#include "tests/fuzz/fuzz.h"

// What stands at the start of *html, taken from it: one byte of text.
static char take_byte(struct str *html)
{
    static const struct {
        struct str escaped;
        char byte;
    } escapes[] = {{STR("&amp;"), '&'},
                   {STR("&lt;"), '<'},
                   {STR("&gt;"), '>'},
                   {STR("&quot;"), '"'},
                   {STR("&#39;"), '\''}};
    size_t n = 1;
    char byte = html->p[0];
    must(byte != '<' && byte != '>' && byte != '"' && byte != '\'');
    if (byte == '&') {
        n = 0;
        for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++)
            if (str_starts(*html, escapes[i].escaped)) {
                n = escapes[i].escaped.n;
                byte = escapes[i].byte;
            }
        must(n > 0);
    }
    *html = str_slice(html->p + n, html->n - n);
    return byte;
}

static void check_html(struct str text, struct str html)
{
    bool marked = false;
    for (size_t i = 0; html.n;) {
        struct str tag = marked ? STR("</mark>") : STR("<mark>");
        if (str_starts(html, tag)) {
            html = str_slice(html.p + tag.n, html.n - tag.n);
            marked = !marked;
            continue;
        }
        must(i < text.n && take_byte(&html) == text.p[i]);
        if (++i == text.n)
            must(html.n == 0 || (marked && str_eq(html, STR("</mark>"))));
    }
    must(!marked || html.n == 0);
}

static void check(const struct suggester *s, struct str q, unsigned kinds, size_t most)
{
    struct arena a = {0};
    struct suggestions found;
    suggester_find(s, q, kinds, most, &a, &found);
    must(found.n <= most && found.n <= SUGGEST_ANSWER_MAX && found.n <= suggester_entries(s));
    for (size_t i = 0; i < found.n; i++) {
        const struct suggestion *one = &found.v[i];
        must(one->kind < SUGGEST_KINDS && (!kinds || kinds & 1u << one->kind));
        must(one->text.n > 0 && one->text.n <= SUGGEST_TEXT_BYTES);
        must(one->weight >= 0 && one->weight <= 1);
        check_html(one->text, one->html);
        for (size_t j = 0; j < i; j++)
            must(!str_eq(found.v[j].value, one->value));
    }
    arena_free(&a);
}

static void check_found(const struct suggester *s, struct str text, enum suggest_kind kind)
{
    struct arena a = {0};
    struct suggestions found;
    if (text.n <= SUGGEST_QUERY_BYTES) {
        suggester_find(s, text, 1u << kind, 1, &a, &found);
        must(found.n == 1);
    }
    arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { LINES_MAX = 200 };
    struct suggest_builder *b = suggest_builder_new(STR("le la de du"), NULL);
    must(b != NULL);
    struct str rest = str_slice((const char *)data, size), line;
    struct str texts[LINES_MAX], last = STR("");
    enum suggest_kind kinds[LINES_MAX];
    size_t n = 0;
    while (n < LINES_MAX && rest.n && str_next(&rest, '\n', &line)) {
        last = line;
        if (!rest.n)
            break;
        enum suggest_kind kind = line.n ? (unsigned char)line.p[0] % SUGGEST_KINDS : 0;
        struct str names = str_slice(line.p, line.n / 3),
                   value = str_slice((const char *)&n, sizeof n);
        if (suggest_builder_add(b, &(struct suggest_entry){kind, line, names, value,
                                                           (double)(line.n % 100) / 100, 1})) {
            kinds[n] = kind;
            texts[n++] = line;
        }
    }
    struct suggester *s = suggest_builder_finish(b);
    must(suggester_entries(s) <= n);
    check(s, last, 0, 10);
    check(s, last, 0, 3);
    check(s, last, 1 + (unsigned)(size % ((1u << SUGGEST_KINDS) - 1)), SIZE_MAX);
    for (size_t i = 0; i < n; i++)
        check_found(s, texts[i], kinds[i]);
    suggester_release(s);
    return 0;
}
