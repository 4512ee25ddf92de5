// JSON-LD 1.1 (W3C Recommendation, 2020-07-16): expansion, and the triples of what is expanded. The part that catalogues use: contexts
// inline, in arrays, scoped to types and properties; prefixes, @vocab, @base, @language, type coercion, containers (@list, @set,
// @language, @index, @id, @graph), @reverse, @included, @nest, @json. Remote contexts are never fetched: those of the pinned list
// (config/contexts) are known by their address, any other is a named error.
#pragma once

#include "base/json.h"
#include "harvester/rdf/rdf.h"

// The document expanded (section 5.5 of the API): a JSON array. NULL and ERR_PARSE, with the algorithm's own code in the text
// ("loading remote context failed: https://..."). Caller's reference.
json_t *jsonld_expand(const json_t *document, struct str base, struct err *e);

// Triples of a JSON-LD file, in the order of the file. A top-level @graph (or array) is read element by element, so that memory
// does not grow with the file. As rdf_read, which calls it.
bool jsonld_read(struct rdf_reading *r, struct err *e);
