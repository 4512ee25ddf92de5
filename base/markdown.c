// See markdown.h. CommonMark 0.29 through cmark-gfm, without extensions, with its default options:
// HTML in the source is kept apart in nodes of its own, and never rendered as it is.
#include "base/markdown.h"

#include "base/buf.h"
#include "base/html.h"
#include "base/text.h"

#include <cmark-gfm.h>

// What the parser is slow at (measured on 0.29.0.gfm.6): brackets against each other; declarations
// that do not end; each line against each level open; the marks that open a line against the rest
// of that line. In the real catalogue the most are 98 brackets, 1 declaration, 1 335 levels by
// lines, 25 569 levels by bytes.
enum {
    MOST_BRACKETS = 2000,
    MOST_DECLARATIONS = 64,
    MOST_LEVELS_BY_LINES = 200000,
    MOST_LEVELS_BY_BYTES = 2000000
};

static bool opens_level(char c, char next)
{
    return c == '>' || ((c == '-' || c == '+' || c == '*' || c == '.' || c == ')') &&
                        (next == ' ' || next == '\t' || next == '\n' || next == '\r'));
}

// How deep blocks can be nested by the marks and the indentation that open a line.
static size_t line_levels(struct str line)
{
    size_t levels = 0, columns = 0;
    for (size_t i = 0; i < line.n; i++) {
        char c = line.p[i];
        if (c == ' ' || c == '\t')
            columns += c == '\t' ? 4 : 1;
        else if (opens_level(c, i + 1 < line.n ? line.p[i + 1] : '\n'))
            levels++;
        else if (!(c >= '0' && c <= '9'))
            break;
    }
    return levels + columns / 2;
}

bool markdown_is_cheap(struct str s)
{
    size_t brackets = 0, declarations = 0, deepest = 0, lines = 0, by_bytes = 0, start = 0;
    for (size_t i = 0; i < s.n; i++) {
        brackets += s.p[i] == '[';
        declarations += s.p[i] == '<' && i + 1 < s.n && (s.p[i + 1] == '!' || s.p[i + 1] == '?');
        if (s.p[i] == '\n' || s.p[i] == '\r' || i + 1 == s.n) {
            size_t levels = line_levels(str_slice(s.p + start, i + 1 - start));
            deepest = levels > deepest ? levels : deepest;
            by_bytes += levels * (i + 1 - start);
            start = i + 1;
            lines++;
        }
    }
    return brackets <= MOST_BRACKETS && declarations <= MOST_DECLARATIONS &&
           deepest * lines <= MOST_LEVELS_BY_LINES && by_bytes <= MOST_LEVELS_BY_BYTES;
}

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
           ((unsigned char)c & 0x80);
}

// Whether there is anything in `s` that Markdown shows otherwise than as it is written. List items
// with a dash are written as we show them.
static bool has_marks(struct str s)
{
    bool line_start = true;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        uint32_t code;
        switch (c) {
        case '*':
        case '[':
        case '`':
        case '<':
        case '\\':
            return true;
        case '_': // within a word it is a letter
            if (i == 0 || i + 1 == s.n || !is_word(s.p[i - 1]) || !is_word(s.p[i + 1]))
                return true;
            break;
        case '&':
            if (html_entity(str_slice(s.p + i, s.n - i), &code))
                return true;
            break;
        case '#':
        case '>':
        case '~':
        case '=':
            if (line_start)
                return true;
            break;
        case '-':
            if (line_start && i + 1 < s.n && s.p[i + 1] == '-')
                return true;
            break;
        default:
            break;
        }
        line_start = c == '\n' || (line_start && c == ' ');
    }
    return false;
}

static void end_lines(struct buf *out, size_t wanted)
{
    size_t n = 0;
    while (n < wanted && n < out->n && out->p[out->n - 1 - n] == '\n')
        n++;
    for (; n < wanted && out->n > 0; n++)
        buf_addc(out, '\n');
}

static bool in_tight_item(cmark_node *paragraph)
{
    cmark_node *item = cmark_node_parent(paragraph);
    return item && cmark_node_get_type(item) == CMARK_NODE_ITEM &&
           cmark_node_get_list_tight(cmark_node_parent(item));
}

// Numbers are counted from the list's start; the count is kept in the list's node while it is
// written.
static void begin_item(struct buf *out, cmark_node *item, unsigned depth)
{
    cmark_node *list = cmark_node_parent(item);
    end_lines(out, 1);
    for (unsigned i = 1; i < depth && i < 8; i++)
        buf_addz(out, "  ");
    if (cmark_node_get_list_type(list) == CMARK_BULLET_LIST) {
        buf_addz(out, "- ");
        return;
    }
    int number = cmark_node_get_list_start(list);
    buf_addf(out, "%d. ", number);
    if (number < 999999999)
        cmark_node_set_list_start(list, number + 1);
}

static void write_html(struct arena *a, struct buf *out, cmark_node *node)
{
    struct str literal = str_of(cmark_node_get_literal(node)), name;
    bool closing;
    if (cmark_node_get_type(node) == CMARK_NODE_HTML_BLOCK) {
        end_lines(out, 2);
        buf_add(out, text_from_html(a, literal));
        end_lines(out, 2);
    } else if (html_tag(literal, &name, &closing) && str_eq_nocase(name, STR("br"))) {
        buf_addc(out, '\n');
    }
}

static void write_node(struct arena *a, struct buf *out, cmark_node *node, bool entering,
                       unsigned *depth)
{
    cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE) {
        buf_addz(out, cmark_node_get_literal(node));
    } else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK) {
        buf_addc(out, '\n');
    } else if (type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE) {
        write_html(a, out, node);
    } else if (type == CMARK_NODE_CODE_BLOCK) {
        end_lines(out, 2);
        buf_addz(out, cmark_node_get_literal(node));
        end_lines(out, 2);
    } else if (type == CMARK_NODE_LIST) {
        *depth = entering ? *depth + 1 : *depth - 1;
        if (*depth == 0)
            end_lines(out, 2);
    } else if (type == CMARK_NODE_ITEM) {
        if (entering)
            begin_item(out, node, *depth);
    } else if (!entering && type == CMARK_NODE_PARAGRAPH) {
        end_lines(out, in_tight_item(node) ? 1 : 2);
    } else if (!entering && (type == CMARK_NODE_HEADING || type == CMARK_NODE_BLOCK_QUOTE)) {
        end_lines(out, 2);
    }
}

struct str text_from_markdown(struct arena *a, struct str s)
{
    s = str_cut_utf8(s, MARKDOWN_BYTES);
    if (!has_marks(s))
        return s.n ? arena_str(a, s) : STR_NONE;
    if (text_is_html(s))
        return text_from_html(a, s);
    if (!markdown_is_cheap(s))
        return arena_str(a, s);
    cmark_node *document = cmark_parse_document(s.p, s.n, CMARK_OPT_VALIDATE_UTF8);
    cmark_iter *iterator = cmark_iter_new(document);
    struct buf out = {0};
    unsigned depth = 0;
    for (cmark_event_type event; (event = cmark_iter_next(iterator)) != CMARK_EVENT_DONE;)
        write_node(a, &out, cmark_iter_get_node(iterator), event == CMARK_EVENT_ENTER, &depth);
    cmark_iter_free(iterator);
    cmark_node_free(document);
    struct str text = text_clean_block(a, buf_str(&out), SIZE_MAX, NULL);
    buf_free(&out);
    return text;
}
