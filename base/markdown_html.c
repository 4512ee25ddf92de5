// markdown_to_html of markdown.h: the page's HTML is written here, node by node, from texts that
// are escaped here; none of cmark's own rendering is used. What is open is closed in order,
// whatever the source does.
#include "base/markdown.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "base/html.h"
#include "base/text.h"

#include <cmark-gfm.h>

// References can repeat a long address many times.
enum { LONGEST_LINK = 2048, HEADING_LEVELS = 6, PAGE_HEADINGS = 2 };

// The levels, in the source, of the last heading and of those that it stands below.
struct headings {
    int levels[HEADING_LEVELS];
    size_t n;
};

struct page {
    struct buf out;
    struct arena *a;
    unsigned inlines;     // inline nodes open
    unsigned links;       // of which links and images
    bool link_open;       // the outermost of those is an <a>
    bool tag_open;        // an <a> that a tag in the source opened
    unsigned tag_inlines; // inline nodes open when it was opened
    size_t link_start;    // where the text of the <a> begins
    struct str link_url;
    struct headings headings, headings_before;
    size_t heading_start;
};

static void escape(struct buf *out, struct str s)
{
    for (size_t at = 0, n; at < s.n; at += n) {
        uint32_t code = 0;
        n = utf8_decode(s, at, &code);
        if (n == 0) {
            n = utf8_ill_formed(s, at);
            buf_addz(out, "\xEF\xBF\xBD");
        } else if (code < 0x80 && html_reference((char)code).n) {
            buf_add(out, html_reference((char)code));
        } else if (!text_invisible(code)) {
            buf_add(out, str_slice(s.p + at, n));
        }
    }
}

static void open_link(struct page *p, struct str url)
{
    buf_addz(&p->out, "<a href=\"");
    escape(&p->out, url);
    buf_addz(&p->out, "\" rel=\"nofollow noopener noreferrer\">");
    p->link_start = p->out.n;
    p->link_url = url;
}

static void close_link(struct page *p)
{
    if (str_trim(str_slice(p->out.p + p->link_start, p->out.n - p->link_start)).n == 0)
        escape(&p->out, p->link_url); // a link must have a name
    buf_addz(&p->out, "</a>");
}

static bool in_link(const struct page *p)
{
    return p->links > 0 || p->tag_open;
}

static bool may_link(struct str url)
{
    return url.n <= LONGEST_LINK && html_link_allowed(url);
}

static bool is_alphanumeric(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

// Length of an address that stands at the start of `s`, without the punctuation of its sentence; 0
// for none.
static size_t address_length(struct str s)
{
    if (!str_starts(s, STR("http://")) && !str_starts(s, STR("https://")))
        return 0;
    size_t n = 0, open = 0, close = 0;
    while (n < s.n && (unsigned char)s.p[n] > ' ' && !strchr("<>\"", s.p[n])) {
        open += s.p[n] == '(';
        close += s.p[n] == ')';
        n++;
    }
    while (n > 0) {
        if (str_ends(str_slice(s.p, n), STR("»")) || str_ends(str_slice(s.p, n), STR("…"))) {
            n -= s.p[n - 1] == '\xBB' ? 2 : 3;
        } else if (strchr(".,;:!?'*_", s.p[n - 1])) {
            n--;
        } else if (s.p[n - 1] == ')' && close > open) {
            close--;
            n--;
        } else {
            break;
        }
    }
    return n > STR("https://").n ? n : 0;
}

// Text, in which addresses become links.
static void write_text(struct page *p, struct str s)
{
    size_t done = 0;
    for (size_t at = 0; !in_link(p) && at + STR("http://").n < s.n;) {
        const char *h = memchr(s.p + at, 'h', s.n - at);
        if (!h)
            break;
        at = (size_t)(h - s.p);
        size_t n =
            at > 0 && is_alphanumeric(s.p[at - 1]) ? 0 : address_length(str_slice(h, s.n - at));
        struct str url = str_slice(h, n);
        if (n > 0 && may_link(url)) {
            escape(&p->out, str_slice(s.p + done, at - done));
            open_link(p, url);
            escape(&p->out, url);
            close_link(p);
            done = at + n;
        }
        at += n ? n : 1;
    }
    escape(&p->out, str_slice(s.p + done, s.n - done));
}

// Plain text: paragraphs between empty lines, line ends kept.
static void write_plain(struct page *p, struct str s)
{
    bool open = false;
    for (struct str l; str_next(&s, '\n', &l);) {
        l = str_trim(l);
        if (l.n == 0) {
            if (open)
                buf_addz(&p->out, "</p>\n");
            open = false;
            continue;
        }
        buf_addz(&p->out, open ? "<br>\n" : "<p>");
        open = true;
        write_text(p, l);
    }
    if (open)
        buf_addz(&p->out, "</p>\n");
}

static void close_tag(struct page *p)
{
    if (p->tag_open)
        close_link(p);
    p->tag_open = false;
}

// A tag of the source: line ends and links are taken over, if they nest.
static void write_tag(struct page *p, struct str literal)
{
    struct str name;
    bool closing;
    if (!html_tag(literal, &name, &closing))
        return;
    if (str_eq_nocase(name, STR("br"))) {
        buf_addz(&p->out, "<br>\n");
    } else if (!str_eq_nocase(name, STR("a"))) {
        return;
    } else if (closing) {
        if (p->tag_open && p->tag_inlines == p->inlines)
            close_tag(p);
    } else if (!in_link(p)) {
        struct str url = text_from_html(p->a, html_attribute(literal, "href"));
        if (may_link(url)) {
            open_link(p, url);
            p->tag_open = true;
            p->tag_inlines = p->inlines;
        }
    }
}

// Emphasis, links and images, which hold inline nodes.
static void write_inline(struct page *p, cmark_node *node, bool entering)
{
    cmark_node_type type = cmark_node_get_type(node);
    bool link = type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE;
    const char *element = type == CMARK_NODE_EMPH ? "em" : "strong";
    if (entering) {
        p->inlines++;
        if (!link) {
            buf_addf(&p->out, "<%s>", element);
            return;
        }
        struct str url = arena_str(p->a, str_of(cmark_node_get_url(node)));
        bool outermost = !in_link(p);
        p->links++;
        if (outermost && may_link(url)) {
            open_link(p, url);
            p->link_open = true;
        }
        return;
    }
    if (p->tag_open && p->tag_inlines == p->inlines)
        close_tag(p);
    p->inlines--;
    if (!link) {
        buf_addf(&p->out, "</%s>", element);
        return;
    }
    p->links--;
    if (p->links == 0 && p->link_open) {
        if (type == CMARK_NODE_IMAGE && p->out.n == p->link_start)
            buf_addz(&p->out, "image");
        close_link(p);
        p->link_open = false;
    }
}

static bool in_tight_item(cmark_node *paragraph)
{
    cmark_node *item = cmark_node_parent(paragraph);
    return item && cmark_node_get_type(item) == CMARK_NODE_ITEM &&
           cmark_node_get_list_tight(cmark_node_parent(item));
}

static void write_list(struct page *p, cmark_node *list, bool entering)
{
    bool ordered = cmark_node_get_list_type(list) == CMARK_ORDERED_LIST;
    int start = ordered ? cmark_node_get_list_start(list) : 1;
    if (entering && start != 1)
        buf_addf(&p->out, "<ol start=\"%d\">\n", start);
    else
        buf_addf(&p->out, "<%s%s>\n", entering ? "" : "/", ordered ? "ol" : "ul");
}

// Whether there is anything to read between the tags.
static bool has_text(struct str html)
{
    bool tag = false;
    for (size_t i = 0; i < html.n; i++) {
        if (html.p[i] == '<' || html.p[i] == '>')
            tag = html.p[i] == '<';
        else if (!tag && (unsigned char)html.p[i] > ' ')
            return true;
    }
    return false;
}

// The page's own headings are h1 and h2. The first one here is h3 whatever the source made it, one that stands below another is one
// level down, however many levels the source skipped; one without a text is left out.
static void write_heading(struct page *p, int level, bool entering)
{
    struct headings *h = &p->headings;
    if (entering) {
        p->headings_before = *h;
        p->heading_start = p->out.n;
        while (h->n && h->levels[h->n - 1] >= level)
            h->n--;
        h->levels[h->n++] = level;
    }
    size_t shown = PAGE_HEADINGS + h->n < 6 ? PAGE_HEADINGS + h->n : 6;
    if (entering) {
        buf_addf(&p->out, "<h%zu>", shown);
    } else if (has_text(str_slice(p->out.p + p->heading_start, p->out.n - p->heading_start))) {
        buf_addf(&p->out, "</h%zu>\n", shown);
    } else {
        p->out.n = p->heading_start;
        *h = p->headings_before;
    }
}

static void write_block(struct page *p, cmark_node *node, bool entering)
{
    cmark_node_type type = cmark_node_get_type(node);
    struct str literal = str_of(cmark_node_get_literal(node));
    if (!entering)
        close_tag(p);
    if (type == CMARK_NODE_PARAGRAPH) {
        if (!in_tight_item(node))
            buf_addz(&p->out, entering ? "<p>" : "</p>\n");
    } else if (type == CMARK_NODE_HEADING) {
        write_heading(p, cmark_node_get_heading_level(node), entering);
    } else if (type == CMARK_NODE_LIST) {
        write_list(p, node, entering);
    } else if (type == CMARK_NODE_ITEM) {
        buf_addz(&p->out, entering ? "<li>" : "</li>\n");
    } else if (type == CMARK_NODE_BLOCK_QUOTE) {
        buf_addz(&p->out, entering ? "<blockquote>\n" : "</blockquote>\n");
    } else if (type == CMARK_NODE_THEMATIC_BREAK) {
        buf_addz(&p->out, "<hr>\n");
    } else if (type == CMARK_NODE_CODE_BLOCK) {
        buf_addz(&p->out, "<pre><code>");
        escape(&p->out, literal);
        buf_addz(&p->out, "</code></pre>\n");
    } else if (type == CMARK_NODE_HTML_BLOCK) {
        write_plain(p, text_from_html_with_links(p->a, literal));
    }
}

static void write_node(struct page *p, cmark_node *node, bool entering)
{
    cmark_node_type type = cmark_node_get_type(node);
    struct str literal = str_of(cmark_node_get_literal(node));
    if (type == CMARK_NODE_TEXT) {
        write_text(p, literal);
    } else if (type == CMARK_NODE_CODE) {
        buf_addz(&p->out, "<code>");
        escape(&p->out, literal);
        buf_addz(&p->out, "</code>");
    } else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK) {
        buf_addz(&p->out, "<br>\n");
    } else if (type == CMARK_NODE_HTML_INLINE) {
        write_tag(p, literal);
    } else if (type == CMARK_NODE_EMPH || type == CMARK_NODE_STRONG || type == CMARK_NODE_LINK ||
               type == CMARK_NODE_IMAGE) {
        write_inline(p, node, entering);
    } else {
        write_block(p, node, entering);
    }
}

struct str markdown_to_html(struct arena *a, struct str s)
{
    struct page p = {.a = a};
    s = str_cut_utf8(s, MARKDOWN_BYTES);
    if (text_is_html(s)) {
        write_plain(&p, text_from_html_with_links(a, s));
    } else if (!markdown_is_cheap(s)) {
        write_plain(&p, s);
    } else if (s.n > 0) {
        cmark_node *document = cmark_parse_document(s.p, s.n, CMARK_OPT_VALIDATE_UTF8);
        cmark_consolidate_text_nodes(document); // an address is cut at its '_'
        cmark_iter *iterator = cmark_iter_new(document);
        for (cmark_event_type event; (event = cmark_iter_next(iterator)) != CMARK_EVENT_DONE;)
            write_node(&p, cmark_iter_get_node(iterator), event == CMARK_EVENT_ENTER);
        cmark_iter_free(iterator);
        cmark_node_free(document);
    }
    struct str html = p.out.n ? arena_str(a, buf_str(&p.out)) : STR_NONE;
    buf_free(&p.out);
    return html;
}
