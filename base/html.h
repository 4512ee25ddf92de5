// HTML from catalogues to plain text. Not a browser's parser: it never fails, takes time in
// proportion to its input, and lets no tag of HTML, script, style or comment through. Its result is
// text, to be escaped like any other. No state; any thread.
#pragma once

#include "base/arena.h"

// Whether text is HTML rather than Markdown or plain text: it holds a tag of HTML ("<p>", "<br/>",
// "</a>", "<span class=") and none of the marks of Markdown (**, ](, ```, a heading, a list). "a <
// b", "<https://example.org>" and "<xml-of-theirs>" are no tags of HTML.
bool text_is_html(struct str s);
// The text of HTML, cleaned as text_clean_block does, in the arena: tags dropped, blocks and <br>
// ending their line, <li> as "- ", cells apart, entities decoded (HTML 4's names and numbers, with
// their ';'; CP1252's numbers as browsers do), script, style, template, iframe, svg and comments
// dropped with their content. What is not a tag of HTML is kept: "a < b". Where there is no block,
// line ends are kept.
struct str text_from_html(struct arena *a, struct str s);
// The same, and the address of each link that may be shown (http, https, mailto) in parentheses
// behind its text, when the text is not that address.
struct str text_from_html_with_links(struct arena *a, struct str s);

// Parts that Markdown's rendering needs as well.

// The tag of HTML at the start of s ("<a href='x'>"): its length in bytes; 0 when there is none.
// `name` is as written, without the slash.
size_t html_tag(struct str s, struct str *name, bool *closing);
// The value of an attribute in a tag, entities not decoded; {NULL, 0} when it is not there.
struct str html_attribute(struct str tag, const char *name);
// The entity at the start of s ("&eacute;", "&#233;", "&#xE9;"): its length, and its code point; 0
// when there is none.
size_t html_entity(struct str s, uint32_t *code);
// What stands for a character that means something in HTML ("&amp;" for '&'; also < > " and '): a constant; STR_NONE for any
// other.
struct str html_reference(char c);
// Whether an address may be a link: http, https or mailto, no space or control character in it.
bool html_link_allowed(struct str url);
