// Writing Turtle (W3C, RDF 1.1 Turtle, 6.5): the terms, as its grammar wants them. They are appended to the caller's buffer. Any thread.
#pragma once

#include "base/buf.h"
#include "base/date.h"

// Whether the text can stand as an absolute IRI: a scheme, and something behind it.
bool turtle_is_iri(struct str s);
// <s>. What an IRIREF may not hold (spaces, controls, <>"{}|^`\) is percent-encoded.
void turtle_iri(struct buf *b, struct str s);
// "s", with @language where that is a tag ("fr", "pt-BR"). Valid UTF-8, on one line.
void turtle_literal(struct buf *b, struct str s, struct str language);
// "2021"^^xsd:gYear, "2021-05"^^xsd:gYearMonth, "2021-05-03"^^xsd:date, "2021-05-03T10:11:12Z"^^xsd:dateTime. Not for DATE_NONE.
void turtle_date(struct buf *b, struct date d);
