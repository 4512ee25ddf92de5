// Fuzzing of text, HTML and Markdown. The first byte chooses a cap. Texts that come out are clean: valid UTF-8, nothing invisible,
// and cleaning them again changes nothing. HTML that comes out has only the elements that we write, in order, and links only to
// http, https and mailto.
#include "base/html.h"
#include "base/markdown.h"
#include "base/text.h"
#include "base/utf8.h"
#include "tests/fuzz/fuzz.h"

static void check_clean(struct arena *a, struct str s, bool block)
{
    uint32_t code = 0;
    must(utf8_valid(s) && (s.n > 0) == (s.p != NULL));
    for (size_t at = 0; at < s.n; at += utf8_decode(s, at, &code)) {
        utf8_decode(s, at, &code);
        must(!text_invisible(code) && (code >= ' ' || (block && code == '\n')));
    }
    struct text_counts counts = {0};
    struct str again =
        block ? text_clean_block(a, s, SIZE_MAX, &counts) : text_clean(a, s, SIZE_MAX, &counts);
    must(counts.cut == 0 && counts.controls == 0 && counts.replaced == 0);
    // A template may appear by what was dropped from within it.
    must(str_eq(s, again) || str_find(s, STR("{{")) >= 0);
}

static bool is_void(struct str name)
{
    return str_eq(name, STR("br")) || str_eq(name, STR("hr"));
}

// The name of the element at p->p, which is taken off with its tag; its attributes are checked.
static struct str take_tag(struct str *rest, bool *closing)
{
    static const char *const names[] = {"p",    "h3", "h4", "h5",    "h6",         "ul",
                                        "ol",   "li", "hr", "br",    "blockquote", "pre",
                                        "code", "a",  "em", "strong"};
    ptrdiff_t end = str_find_char(*rest, '>');
    must(end > 0);
    struct str tag = str_slice(rest->p + 1, (size_t)end - 1);
    *rest = str_slice(rest->p + end + 1, rest->n - (size_t)end - 1);
    *closing = tag.n && tag.p[0] == '/';
    if (*closing)
        tag = str_slice(tag.p + 1, tag.n - 1);
    struct str name = tag, attributes = STR_NONE;
    ptrdiff_t space = str_find_char(tag, ' ');
    if (space >= 0) {
        name.n = (size_t)space;
        attributes = str_slice(tag.p + space, tag.n - (size_t)space);
    }
    bool known = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        known = known || str_eq(name, str_of(names[i]));
    must(known);
    if (str_eq(name, STR("a")) && !*closing) {
        must(str_starts(attributes, STR(" href=\"http")) ||
             str_starts(attributes, STR(" href=\"HTTP")) ||
             str_eq_nocase(str_slice(attributes.p, 11), STR(" href=\"http")) ||
             str_eq_nocase(str_slice(attributes.p, 14), STR(" href=\"mailto:")));
        must(str_ends(attributes, STR("\" rel=\"nofollow noopener noreferrer\"")));
    } else if (str_eq(name, STR("ol")) && attributes.n) {
        must(str_starts(attributes, STR(" start=\"")));
    } else {
        must(attributes.n == 0);
    }
    return name;
}

// Every element closed, in order.
static void check_page(struct str html)
{
    static struct str open[MARKDOWN_BYTES];
    size_t depth = 0;
    bool in_link = false;
    must(utf8_valid(html));
    for (struct str rest = html; rest.n > 0;) {
        if (rest.p[0] != '<') {
            must(rest.p[0] != '>' && rest.p[0] != '\0');
            rest = str_slice(rest.p + 1, rest.n - 1);
            continue;
        }
        bool closing;
        struct str name = take_tag(&rest, &closing);
        if (is_void(name))
            continue;
        if (str_eq(name, STR("a"))) {
            must(in_link == closing);
            in_link = !closing;
        }
        if (closing) {
            must(depth > 0 && str_eq(open[depth - 1], name));
            depth--;
        } else {
            must(depth < MARKDOWN_BYTES);
            open[depth++] = name;
        }
    }
    must(depth == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct arena a = {0};
    size_t cap = data[0] < 128 ? data[0] : SIZE_MAX;
    struct str s = str_slice((const char *)data + 1, size - 1);
    struct str line = text_clean(&a, s, cap, NULL), block = text_clean_block(&a, s, cap, NULL);
    must(line.n <= cap && block.n <= cap);
    check_clean(&a, line, false);
    check_clean(&a, block, true);
    text_mojibake(s);

    check_clean(&a, text_from_html(&a, s), true);
    check_clean(&a, text_from_html_with_links(&a, s), true);
    struct str plain = text_from_markdown(&a, block);
    must(utf8_valid(plain));
    check_page(markdown_to_html(&a, block));
    check_page(markdown_to_html(&a, s));
    text_from_markdown(&a, s);

    struct str name, tag = STR_NONE;
    bool closing;
    ptrdiff_t open = str_find_char(s, '<');
    if (open >= 0) {
        tag = str_slice(s.p + open, s.n - (size_t)open);
        tag.n = html_tag(tag, &name, &closing);
    }
    struct str value = html_attribute(tag, "href");
    must(value.n <= tag.n);
    arena_free(&a);
    return 0;
}
