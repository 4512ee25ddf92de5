// HTML from catalogues to plain text. Not a browser's parser: it never fails, is linear in its
// input, and lets no tag, script, style or comment through. Its result is text, to be escaped like
// any other. No state; any thread.
#pragma once

#include "base/arena.h"

// Whether text is HTML rather than Markdown or plain text: it holds a tag of HTML ("<p>", "<br/>",
// "</a>", "<span class=") or, with no tag, two entities of HTML or more ("l&#39;eau", "&eacute;"). 
// "a < b" and "<https://example.org>" are not.
bool text_is_html(struct str s);
// The text of HTML, in the arena: tags dropped, blocks and <br> ending their line, <li> as "- ", a
// link's address kept behind its text only when the text is not the address itself, entities
// decoded (HTML 4's names, with or without ';' where browsers take it so; numbers, CP1252's
// included), script, style, template and comments dropped with their content. Unclosed tags end at
// the end of the text at the latest; "a < b" is kept. `s` is valid UTF-8, as is the result.
struct str text_from_html(struct arena *a, struct str s);
