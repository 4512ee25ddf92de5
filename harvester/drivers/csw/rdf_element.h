// An rdf:RDF element inside another document as records of DCAT: written out again as a document of its own, and read as every RDF/XML
// is. On the thread that reads the page; starts a child process (harvester/sandbox).
#pragma once

#include "base/buf.h"
#include "harvester/normalise/mapper.h"
#include "harvester/xml/xml.h"

// The element as a document. Prefixes are new ones; text between elements is left out.
void rdf_element_write(struct buf *out, const struct xml_node *element);
// Calls `each` with every dataset, series and data service in it. False: it cannot be read.
bool rdf_element_read(struct mapper *m, const struct xml_node *element,
                      void (*each)(void *arg, const struct driver_item *item), void *arg,
                      struct err *e);
