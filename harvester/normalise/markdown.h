// Markdown from catalogues: to plain text, for the index and excerpts, and to safe HTML, for the
// page of a record. Both take HTML as well (text_is_html), by its text. Input over MARKDOWN_BYTES
// is cut there. The parser (cmark-gfm) takes time that grows with the square of some inputs: those
// are told apart by cheap counts, and treated as plain text. No state; any thread.
#pragma once

#include "base/arena.h"

enum { MARKDOWN_BYTES = 64 * 1024 };

// Plain text, in the arena: no marks, one line for each block, "- " before items, an image by its
// description, a link by its text.
struct str text_from_markdown(struct arena *a, struct str s);
// HTML that may go into a page as it is, in the arena: no HTML of the source's, headings from h3
// down, links only to http, https and mailto with rel="nofollow noopener noreferrer", images as
// links to them (a remote image would tell on the reader).
struct str markdown_to_html(struct arena *a, struct str s);
