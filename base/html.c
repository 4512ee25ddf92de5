// See html.h. Tags are found as the HTML Living Standard 13.2.5 finds them, but for two bends: a
// name that HTML does not have opens no tag, and neither does one that another '<' interrupts. Both
// are text that somebody wrote to be read.
#include "base/html.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "base/text.h"

#include <stdlib.h>

enum effect {
    INLINE,    // none
    LINE,      // begins and ends a line
    PARAGRAPH, // the same, with an empty line
    ITEM,
    CELL,
    SKIPPED, // dropped with its content
};

struct element {
    char name[11];
    unsigned char effect;
};

// Sorted by name.
static const struct element elements[] = {
    {"a", INLINE},        {"abbr", INLINE},
    {"acronym", INLINE},  {"address", LINE},
    {"article", LINE},    {"aside", LINE},
    {"audio", INLINE},    {"b", INLINE},
    {"big", INLINE},      {"blockquote", PARAGRAPH},
    {"body", LINE},       {"br", LINE},
    {"button", INLINE},   {"caption", LINE},
    {"center", LINE},     {"cite", INLINE},
    {"code", INLINE},     {"col", INLINE},
    {"colgroup", INLINE}, {"dd", LINE},
    {"del", INLINE},      {"details", LINE},
    {"dfn", INLINE},      {"dir", LINE},
    {"div", LINE},        {"dl", PARAGRAPH},
    {"dt", LINE},         {"em", INLINE},
    {"embed", INLINE},    {"fieldset", LINE},
    {"figcaption", LINE}, {"figure", LINE},
    {"font", INLINE},     {"footer", LINE},
    {"form", LINE},       {"h1", PARAGRAPH},
    {"h2", PARAGRAPH},    {"h3", PARAGRAPH},
    {"h4", PARAGRAPH},    {"h5", PARAGRAPH},
    {"h6", PARAGRAPH},    {"head", LINE},
    {"header", LINE},     {"hr", PARAGRAPH},
    {"html", LINE},       {"i", INLINE},
    {"iframe", SKIPPED},  {"img", INLINE},
    {"input", INLINE},    {"ins", INLINE},
    {"kbd", INLINE},      {"label", INLINE},
    {"legend", LINE},     {"li", ITEM},
    {"link", INLINE},     {"main", LINE},
    {"mark", INLINE},     {"menu", PARAGRAPH},
    {"meta", INLINE},     {"nav", LINE},
    {"nobr", INLINE},     {"noscript", INLINE},
    {"o:p", INLINE},      {"object", INLINE},
    {"ol", PARAGRAPH},    {"option", LINE},
    {"p", PARAGRAPH},     {"param", INLINE},
    {"picture", INLINE},  {"pre", PARAGRAPH},
    {"q", INLINE},        {"s", INLINE},
    {"samp", INLINE},     {"script", SKIPPED},
    {"section", LINE},    {"select", LINE},
    {"small", INLINE},    {"source", INLINE},
    {"span", INLINE},     {"strike", INLINE},
    {"strong", INLINE},   {"style", SKIPPED},
    {"sub", INLINE},      {"summary", LINE},
    {"sup", INLINE},      {"svg", SKIPPED},
    {"table", PARAGRAPH}, {"tbody", LINE},
    {"td", CELL},         {"template", SKIPPED},
    {"textarea", LINE},   {"tfoot", LINE},
    {"th", CELL},         {"thead", LINE},
    {"time", INLINE},     {"title", LINE},
    {"tr", LINE},         {"tt", INLINE},
    {"u", INLINE},        {"ul", PARAGRAPH},
    {"var", INLINE},      {"video", INLINE},
    {"wbr", INLINE},
};

static int compare(const void *key, const void *element)
{
    return strcmp(key, ((const struct element *)element)->name);
}

static const struct element *element_of(struct str name)
{
    char key[sizeof elements[0].name];
    if (name.n >= sizeof key)
        return NULL;
    for (size_t i = 0; i < name.n; i++)
        key[i] = (char)(name.p[i] >= 'A' && name.p[i] <= 'Z' ? name.p[i] | 0x20 : name.p[i]);
    key[name.n] = '\0';
    return bsearch(key, elements, sizeof elements / sizeof *elements, sizeof *elements, compare);
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

struct tag {
    struct str name;
    const struct element *element;
    bool closing;
    size_t n; // bytes, the brackets included; 0 when there is no tag
    size_t read;
};

// The tag at the start of s. `read` says how far it was looked for.
static struct tag scan_tag(struct str s)
{
    struct tag t = {.read = 1};
    size_t i = 1;
    t.closing = s.n > 1 && s.p[1] == '/';
    i += t.closing;
    size_t first = i;
    while (i < s.n &&
           (is_letter(s.p[i]) || s.p[i] == ':' || (i > first && s.p[i] >= '0' && s.p[i] <= '9')))
        i++;
    t.name = str_slice(s.p + first, i - first);
    t.read = i;
    if (i >= s.n || !(is_space(s.p[i]) || s.p[i] == '/' || s.p[i] == '>'))
        return t;
    t.element = element_of(t.name);
    if (!t.element)
        return t;
    bool valued = false, after_equals = false;
    for (; i < s.n && s.p[i] != '>'; i++) {
        char c = s.p[i];
        if (c == '<') {
            t.read = i;
            return t;
        }
        const char *close = NULL;
        if (after_equals && (c == '"' || c == '\''))
            close = memchr(s.p + i + 1, c, s.n - i - 1);
        if (close)
            i = (size_t)(close - s.p);
        if (c == '=')
            after_equals = valued = true;
        else if (!is_space(c))
            after_equals = false;
    }
    t.read = i;
    if (i < s.n)
        t.n = i + 1;
    else if (valued) // cut in the middle of an attribute
        t.n = s.n;
    return t;
}

size_t html_tag(struct str s, struct str *name, bool *closing)
{
    if (s.n < 3 || s.p[0] != '<')
        return 0;
    struct tag t = scan_tag(s);
    *name = t.name;
    *closing = t.closing;
    return t.n;
}

struct str html_attribute(struct str tag, const char *name)
{
    struct str wanted = str_of(name);
    for (size_t i = 1; i < tag.n;) {
        while (i < tag.n && !is_space(tag.p[i]))
            i++;
        while (i < tag.n && is_space(tag.p[i]))
            i++;
        size_t first = i;
        while (i < tag.n && !is_space(tag.p[i]) && !strchr("=>/", tag.p[i]))
            i++;
        struct str key = str_slice(tag.p + first, i - first);
        while (i < tag.n && is_space(tag.p[i]))
            i++;
        if (i >= tag.n || tag.p[i] != '=')
            continue;
        i++;
        while (i < tag.n && is_space(tag.p[i]))
            i++;
        size_t end = i;
        const char *close = NULL;
        if (i < tag.n && (tag.p[i] == '"' || tag.p[i] == '\''))
            close = memchr(tag.p + i + 1, tag.p[i], tag.n - i - 1);
        if (close) {
            i++;
            end = (size_t)(close - tag.p);
        } else {
            while (end < tag.n && !is_space(tag.p[end]) && tag.p[end] != '>')
                end++;
        }
        if (str_eq_nocase(key, wanted))
            return str_slice(tag.p + i, end - i);
        i = end;
    }
    return STR_NONE;
}

bool html_link_allowed(struct str url)
{
    for (size_t i = 0; i < url.n; i++)
        if ((unsigned char)url.p[i] <= ' ' || url.p[i] == 0x7F)
            return false;
    static const char *const schemes[] = {"http://", "https://", "mailto:"};
    for (size_t i = 0; i < 3; i++) {
        struct str scheme = str_of(schemes[i]);
        if (url.n > scheme.n && str_eq_nocase(str_slice(url.p, scheme.n), scheme))
            return true;
    }
    return false;
}

// Looking for tags from '<' to '<' could take time that grows with the square of the text: what was
// read in vain is counted, and past this many times the text's length a '<' is text.
enum { READ_IN_VAIN = 8 };

// The next tag at or after *at, of which *at becomes the place.
static struct tag next_tag(struct str s, size_t *at, size_t *vain)
{
    while (*at < s.n) {
        const char *open = memchr(s.p + *at, '<', s.n - *at);
        if (!open)
            break;
        *at = (size_t)(open - s.p);
        struct tag t = scan_tag(str_slice(open, s.n - *at));
        if (t.n > 0)
            return t;
        *vain += t.read;
        if (*vain > READ_IN_VAIN * s.n)
            break;
        *at += 1;
    }
    *at = s.n;
    return (struct tag){0};
}

static bool has_markdown(struct str s)
{
    if (str_find(s, STR("**")) >= 0 || str_find(s, STR("](")) >= 0 || str_find(s, STR("```")) >= 0)
        return true;
    for (struct str l; str_next(&s, '\n', &l);) {
        l = str_trim(l);
        size_t hashes = 0;
        while (hashes < l.n && l.p[hashes] == '#')
            hashes++;
        if (hashes >= 1 && hashes <= 6 && hashes < l.n && l.p[hashes] == ' ')
            return true;
        if (l.n > 2 && l.p[1] == ' ' && strchr("-*+", l.p[0]))
            return true;
    }
    return false;
}

bool text_is_html(struct str s)
{
    size_t at = 0, vain = 0;
    return next_tag(s, &at, &vain).n > 0 && !has_markdown(s);
}

static bool has_block(struct str s)
{
    size_t vain = 0;
    struct tag t;
    for (size_t at = 0; (t = next_tag(s, &at, &vain)).n > 0; at += t.n)
        if (t.element->effect == LINE || t.element->effect == PARAGRAPH ||
            t.element->effect == ITEM)
            return true;
    return false;
}

// The text being written.
struct writer {
    struct arena *a;
    struct buf out;
    bool fold;         // line ends are white space like any other: there are blocks
    bool links;        // addresses are kept
    unsigned pre;      // <pre> open
    size_t lines;      // line ends owed before the next text: 0 to 2
    bool item;         // "- " was just written: what begins a block inside of it owes no line end
    struct str href;   // of the <a> that is open
    size_t link_start; // where its text begins
};

static void owe(struct writer *w, size_t lines)
{
    if (!w->item && lines > w->lines)
        w->lines = lines;
}

static void write_text(struct writer *w, struct str s)
{
    if (w->out.n > 0)
        for (; w->lines > 0; w->lines--)
            buf_addc(&w->out, '\n');
    w->lines = 0;
    w->item = false;
    buf_add(&w->out, s);
}

// A run of white space of the source.
static void write_space(struct writer *w, struct str run)
{
    if (!w->fold || w->pre > 0) {
        write_text(w, run);
        return;
    }
    size_t ends = 0;
    for (size_t i = 0; i < run.n; i++)
        ends += run.p[i] == '\n';
    if (ends > 1)
        owe(w, 2);
    else if (w->lines == 0 && w->out.n > 0 && w->out.p[w->out.n - 1] != ' ')
        buf_addc(&w->out, ' ');
}

static struct str decode(struct arena *a, struct str s)
{
    char *out = arena_bytes(a, s.n + 1); // a reference is never shorter than its character
    size_t n = 0;
    for (size_t at = 0; at < s.n;) {
        uint32_t code;
        size_t length = s.p[at] == '&' ? html_entity(str_slice(s.p + at, s.n - at), &code) : 0;
        if (length > 0)
            n += utf8_encode(code, out + n);
        else
            out[n++] = s.p[at];
        at += length ? length : 1;
    }
    return str_slice(out, n);
}

static void end_link(struct writer *w)
{
    struct str text = str_trim(str_slice(w->out.p + w->link_start, w->out.n - w->link_start));
    bool told = str_find_char(text, '.') >= 0 && str_find(w->href, text) >= 0;
    if (w->href.n > 0 && text.n > 0 && !told) {
        buf_add(&w->out, STR(" ("));
        buf_add(&w->out, w->href);
        buf_addc(&w->out, ')');
    }
    w->href = STR_NONE;
}

static void apply(struct writer *w, const struct tag *t, struct str whole)
{
    switch ((enum effect)t->element->effect) {
    case INLINE:
        if (w->links && str_eq_nocase(t->name, STR("a"))) {
            end_link(w);
            if (!t->closing) {
                struct str href = str_trim(decode(w->a, html_attribute(whole, "href")));
                w->href = html_link_allowed(href) ? href : STR_NONE;
                w->link_start = w->out.n;
            }
        }
        break;
    case LINE:
        owe(w, 1);
        break;
    case PARAGRAPH:
        owe(w, 2);
        if (str_eq_nocase(t->name, STR("pre")))
            w->pre = t->closing ? (w->pre > 0 ? w->pre - 1 : 0) : w->pre + 1;
        break;
    case ITEM:
        w->item = false;
        owe(w, 1);
        if (!t->closing) {
            write_text(w, STR("- "));
            w->item = true;
        }
        break;
    case CELL:
        if (!t->closing && w->lines == 0 && w->out.n > 0)
            write_text(w, STR(" | "));
        break;
    case SKIPPED:
        break;
    }
}

// Where what a skipped element holds ends: before its closing tag, or at the end of the text.
static size_t skip_content(struct str s, size_t at, struct str name)
{
    for (; at + 2 + name.n <= s.n; at++) {
        const char *open = memchr(s.p + at, '<', s.n - at);
        if (!open)
            break;
        at = (size_t)(open - s.p);
        if (at + 2 + name.n <= s.n && open[1] == '/' &&
            str_eq_nocase(str_slice(open + 2, name.n), name))
            return at;
    }
    return s.n;
}

// Length of the comment, declaration or instruction at the start of s; 0 when there is none.
static size_t declaration(struct str s)
{
    if (str_starts(s, STR("<!--"))) {
        ptrdiff_t end = str_find(str_slice(s.p + 2, s.n - 2), STR("-->"));
        return end < 0 ? s.n : (size_t)end + 5;
    }
    if (s.n < 3 || (s.p[1] != '!' && s.p[1] != '?') || !(is_letter(s.p[2]) || s.p[2] == '['))
        return 0;
    ptrdiff_t end = str_find_char(s, '>');
    return end < 0 ? s.n : (size_t)end + 1;
}

// Text between tags: entities and white space.
static void write_run(struct writer *w, struct str s)
{
    for (size_t at = 0; at < s.n;) {
        size_t n = 1;
        uint32_t code = 0;
        if (s.p[at] == '&' && (n = html_entity(str_slice(s.p + at, s.n - at), &code)) > 0) {
            char bytes[4];
            struct str character = str_slice(bytes, utf8_encode(code, bytes));
            if (code <= ' ')
                write_space(w, character);
            else
                write_text(w, character);
        } else if (is_space(s.p[at])) {
            n = 1;
            while (at + n < s.n && is_space(s.p[at + n]))
                n++;
            write_space(w, str_slice(s.p + at, n));
        } else {
            n = 1;
            while (at + n < s.n && !is_space(s.p[at + n]) && s.p[at + n] != '&')
                n++;
            write_text(w, str_slice(s.p + at, n));
        }
        at += n;
    }
}

static struct str convert(struct arena *a, struct str s, bool links)
{
    struct writer w = {.a = a, .fold = has_block(s), .links = links};
    buf_reserve(&w.out, s.n + 1);
    size_t vain = 0;
    for (size_t at = 0; at < s.n;) {
        const char *open = memchr(s.p + at, '<', s.n - at);
        size_t text = open ? (size_t)(open - s.p) : s.n;
        write_run(&w, str_slice(s.p + at, text - at));
        at = text;
        if (!open)
            break;
        struct str rest = str_slice(open, s.n - at);
        struct tag t = {0};
        if (vain <= READ_IN_VAIN * s.n)
            t = scan_tag(rest);
        if (t.n > 0) {
            apply(&w, &t, str_slice(open, t.n));
            at += t.n;
            if (t.element->effect == SKIPPED && !t.closing)
                at = skip_content(s, at, t.name);
            continue;
        }
        vain += t.read;
        size_t n = declaration(rest);
        if (n == 0) {
            write_text(&w, STR("<"));
            n = 1;
        }
        at += n;
    }
    if (w.links)
        end_link(&w);
    struct str result = text_clean_block(a, buf_str(&w.out), SIZE_MAX, NULL);
    buf_free(&w.out);
    return result;
}

struct str text_from_html(struct arena *a, struct str s)
{
    return convert(a, s, false);
}

struct str text_from_html_with_links(struct arena *a, struct str s)
{
    return convert(a, s, true);
}
