// Records inside XML answers (CSW, OAI-PMH) and files, in whatever form they come: ISO 19115, Dublin Core, DataCite, RDF with DCAT.
// On the thread that reads the page.
#pragma once

#include "harvester/normalise/mapper.h"
#include "harvester/xml/xml.h"

struct xml_items { // everything in the mapper's arena
    struct mapper mapper;
    struct driver_item *v;
    size_t n, room;
    size_t deleted; // headers of OAI-PMH with status="deleted"
};

// Whether the element is a record in one of the forms.
bool xml_items_known(const struct xml_node *node);
// Adds what the element is: an item, which may be an error or skipped; of rdf:RDF, one for
// each dataset and service in it. `remote_id` (may be empty) is the id that the protocol gives it, else its own counts.
void xml_items_add(struct xml_items *items, const struct xml_node *element, struct str remote_id);
// Adds what stands in `record` of OAI-PMH: header and metadata.
void xml_items_add_oai(struct xml_items *items, const struct xml_node *record);
// Adds every record in a document, wherever it stands. `name` (may be empty) stands for the id of a document that is one record
// without any.
void xml_items_add_all(struct xml_items *items, const struct xml_node *root, struct str name);
// Into the page, with the counts of texts.
void xml_items_page(const struct xml_items *items, struct driver_page *page);

// The document of an answer. NULL: ERR_PARSE says what came instead (an HTML page, mostly).
struct xml_node *xml_answer(struct str body, struct arena *a, struct err *e);
// Appends "name: text" of an ows:ExceptionReport or a ServiceExceptionReport. False when the element is none.
bool xml_exception(const struct xml_node *root, struct arena *a, struct str *text);
