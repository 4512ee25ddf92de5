// expat over the document of a child: the loop that XML and RDF/XML share. Each piece is decoded (child_decode.h), then parsed.
#pragma once

#include "harvester/sandbox/child.h"
#include "harvester/sandbox/child_decode.h"

#include <expat.h>

// Parses the whole document; `after`, which may be NULL, is called behind each piece. False when it failed, which is then written:
// by a handler, or here for what expat refuses. *mended: what the decoder counted.
bool expat_parse(struct child *c, XML_Parser parser, bool (*after)(void *arg), void *arg,
                 struct decode *decode);
unsigned expat_line(XML_Parser parser);
