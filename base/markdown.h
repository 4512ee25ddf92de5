// Markdown from catalogues: to plain text, for the index and excerpts, and to safe HTML, for the
// page of a record. Both take text as text_clean_block gives it, and HTML as well (text_is_html).
// Of input over MARKDOWN_BYTES only the beginning is taken. The parser (cmark-gfm) needs time that
// grows with the square of some inputs: those are told apart by cheap counts, and treated as plain
// text. No state; any thread.
#pragma once

#include "base/arena.h"

enum { MARKDOWN_BYTES = 64 * 1024 };

// Plain text, in the arena: no marks, one line for each line of the source, "- " or a number before
// items, an image by its description, a link by its text, HTML inside by its text.
struct str text_from_markdown(struct arena *a, struct str s);
// HTML that may go into a page as it is, in the arena: nothing of the source's own HTML but its
// text, line ends and links; headings from h3 down, no level skipped, none without a text; a line
// end of the source is one on the page; links, addresses in the text included, only to http, https
// and mailto, with rel="nofollow noopener noreferrer"; images as links to them (a remote image would
// tell on its reader).
struct str markdown_to_html(struct arena *a, struct str s);

// For the two above: whether the parser needs little time for s, at most MARKDOWN_BYTES long.
bool markdown_is_cheap(struct str s);
