// Templates for the page: a small subset of Mustache (mustache.github.io/mustache.5.html). Parsed once into
// an immutable set, then rendered from any number of threads with jansson values as the view.
//
//   {{name}} {{a.b.c}} {{.}}      the value's text, with & < > " ' escaped
//   {{{name}}}                    the same, as it is: only for HTML that is known safe. There is no {{&name}},
//                                 so that a search for "{{{" finds every unescaped value
//   {{#name}}...{{/name}}         once for each item of a list, once for any other true value
//   {{^name}}...{{/name}}         when the value is absent or false
//   {{> name}} {{! comment}}      a partial, a comment
//
// False are: absent, null, false, 0, "" and []. A number is written in its shortest decimal form, true and
// false as words, null and absent as nothing; lists and objects have no text and write nothing.
// A name is looked up from the innermost section outwards; of a dotted name only its first part is.
// A tag of a section, partial or comment that stands alone on its line takes the whole line with it, and a
// partial's lines then get its indentation. Lambdas, delimiters and inheritance are refused when parsed.
#pragma once

#include "base/buf.h"
#include "base/err.h"

#include <jansson.h>

// Bounds. The first three are checked when parsed, the others when rendered.
enum {
    MUSTACHE_TEMPLATES = 256,
    MUSTACHE_TEXT_MAX = 1 << 20, // bytes of one template
    MUSTACHE_NESTING = 32,       // sections within sections, in one template
    MUSTACHE_DEPTH = 64,         // sections and partials within each other, while rendering
    MUSTACHE_STEPS = 1 << 20,    // tags, texts and list items rendered for one page
    MUSTACHE_OUTPUT_MAX = 16 << 20,
};

struct template_source {
    struct str name; // letters, digits, '_', '-', '.', '/'
    struct str text;
};

struct template_set;

// Parses all sources; their bytes are copied. NULL on a wrong template, with *e: ERR_PARSE, `where` being
// "name:line". A partial that is not among the sources, and a name given twice, are such errors.
// The caller owns the set and frees it when no thread renders from it any more.
struct template_set *mustache_parse(const struct template_source *sources, size_t n, struct err *e);
void mustache_free(struct template_set *set);
bool mustache_has(const struct template_set *set, struct str name);

// Appends the rendered template to *out. Any thread; neither the set nor the view is changed, no reference
// count of the view either. False, with *e and *out as it was: ERR_NOT_FOUND (no such template) or
// ERR_REFUSED (over MUSTACHE_DEPTH, MUSTACHE_STEPS or MUSTACHE_OUTPUT_MAX).
bool mustache_render(const struct template_set *set, struct str name, const json_t *view,
                     struct buf *out, struct err *e);
// Appends s with & < > " ' as character references: for text that goes into the HTML of a view.
void mustache_escape(struct buf *out, struct str s);
