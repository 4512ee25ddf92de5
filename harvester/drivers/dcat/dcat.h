// DCAT (W3C Recommendation, versions 1 to 3), DCAT-AP and GeoDCAT-AP with their national profiles, in rooms: ../dcat.c reads
// documents and pages, page.c finds what follows a page, linked.c what a catalogue only links to, map.c turns a described node into
// a record, identity.c tells by what it is known, agent.c its publisher and contact, distribution.c its files, place.c its places,
// period.c its times, rights.c its licences, words.c holds the vocabularies that it knows by heart, node.c reads nodes. Everything is
// read from a sealed graph, so that neither the order of a file nor the names of its blank nodes show in a record. On the thread that
// reads the document.
#pragma once

#include "harvester/normalise/mapper.h"
#include "harvester/rdf/graph.h"

#define RDF_(name) STR("http://www.w3.org/1999/02/22-rdf-syntax-ns#" name)
#define RDFS_(name) STR("http://www.w3.org/2000/01/rdf-schema#" name)
#define OWL_(name) STR("http://www.w3.org/2002/07/owl#" name)
#define DCAT_(name) STR("http://www.w3.org/ns/dcat#" name)
#define DCT_(name) STR("http://purl.org/dc/terms/" name)
#define DC_(name) STR("http://purl.org/dc/elements/1.1/" name)
#define FOAF_(name) STR("http://xmlns.com/foaf/0.1/" name)
#define SKOS_(name) STR("http://www.w3.org/2004/02/skos/core#" name)
#define ADMS_(name) STR("http://www.w3.org/ns/adms#" name)
#define VCARD_(name) STR("http://www.w3.org/2006/vcard/ns#" name)
#define SCHEMA_(name) STR("http://schema.org/" name)
#define PROV_(name) STR("http://www.w3.org/ns/prov#" name)
#define LOCN_(name) STR("http://www.w3.org/ns/locn#" name)
#define TIME_(name) STR("http://www.w3.org/2006/time#" name)
#define HYDRA_(name) STR("http://www.w3.org/ns/hydra/core#" name)
#define LDP_(name) STR("http://www.w3.org/ns/ldp#" name)
#define SPDX_(name) STR("http://spdx.org/rdf/terms#" name)
#define CSVW_(name) STR("http://www.w3.org/ns/csvw#" name)
#define ORG_(name) STR("http://www.w3.org/ns/org#" name)
#define DCATAP_(name) STR("http://data.europa.eu/r5r/" name)
#define GEODCATAP_(name) STR("http://data.europa.eu/930/" name)

// ---- Reading a document

// Puts a triple into the graph, as rdf_read gives it: the vocabularies' addresses become those above ("https://schema.org/",
// "http://purl.org/dc/terms/#..."), so that nothing else has to know how they are misspelt.
bool dcat_add(struct graph *g, const struct rdf_triple *triple, struct err *e);

// What dcat_add puts in besides: the literals by which an item without a global IRI may be known (dct:identifier, dcat:landingPage,
// dct:title), as IRIs, under this predicate. {NULL, 0} for any other.
struct str dcat_holds(struct str predicate);

// One document.
struct dcat {
    struct mapper *mapper;
    struct graph *graph; // sealed
    struct str document; // its address, for what is local to it
    struct err *error;   // the graph's, once it failed: then nothing more is described
    bool failed;
};

// What an item of the graph is to the harvest.
enum dcat_item {
    DCAT_ITEM,     // *item is filled: a record or an error
    DCAT_NO_ITEM,  // only referred to here, or part of another record
    DCAT_BARE_ITEM // a dataset that a catalogue lists here, or of which something is said, but nothing that tells what it is
};
// The record of a dataset, a series (KIND_DATASET) or a data service (KIND_DATASERVICE). d->failed tells that the graph could
// not be read.
//
// Its id is the subject's IRI when that is a global one; else its dct:identifier (of several the first in the order of bytes), else
// its dcat:CatalogRecord's; else "page~" and a hash of its landing page; else "title~" and a hash of its title and publisher. An
// identifier that several of the document's datasets hold under different titles is followed by a hash of the title; a landing page
// that several have is none.
enum dcat_item dcat_map(struct dcat *d, enum record_kind kind, const struct rdf_term *subject,
                        struct driver_item *item);

// ---- Nodes

// What is said of a term, sorted: the same whatever the order of the file. Values that are blank nodes come last, in the order of the
// file. A literal, or a term of which nothing is said, has no property.
struct rdf_node dcat_node(struct dcat *d, const struct rdf_term *term);
struct dcat_values {
    const struct rdf_property *v;
    size_t n;
};
struct dcat_values dcat_values(const struct rdf_node *node, struct str predicate);
bool dcat_is_a(const struct rdf_node *node, struct str type);
// The text of the first of the predicates (n of them) that has one: French first, then English, then without a language, then any;
// of several the longest. *language (may be NULL) is that of the text. A value that is a node gives its label.
struct str dcat_text(struct dcat *d, const struct rdf_node *node, const struct str *predicates,
                     size_t n, struct str *language);
// What people call a value: a literal's text, or the label that a node is described with; {NULL, 0} when it has none.
struct str dcat_label(struct dcat *d, const struct rdf_term *term);
struct str dcat_node_label(struct dcat *d, const struct rdf_node *node);
// The first address of the web among the values of a predicate; literals count, and what is said of a node does not. Cleaned.
struct str dcat_web(struct dcat *d, const struct rdf_node *node, struct str predicate);
// The part behind the last '/', '#' or ':' of an IRI, percent-decoded; a separator at the end is passed over.
struct str dcat_last_part(struct dcat *d, struct str iri);
// Whether an IRI names the same thing wherever it is read: not a blank node in disguise, not a place in this document or on a disk.
bool dcat_is_global(const struct dcat *d, const struct rdf_term *term);
// The subjects that point to a term with this predicate, at most `limit`; none where the graph fails (d->failed).
struct rdf_term *dcat_pointing(struct dcat *d, struct str predicate, const struct rdf_term *term,
                               size_t limit, size_t *n);
// Sorts, and drops what is empty or there twice.
void dcat_sort(struct strs *list);

// ---- By what an item is known (identity.c)

// Of several titles and languages as dcat_text chooses; *language may be NULL.
struct str dcat_title(struct dcat *d, const struct rdf_node *node, struct str *language);
// The first identifier that is told of the node, as it is written there; NULL when there is none.
const struct rdf_term *dcat_identifier(const struct rdf_node *node);
// What the catalogue says of its entry for the item: the record that points to it, or that it points to. Of several the first by
// identifier; an empty node when there is none.
struct rdf_node dcat_catalogue_record(struct dcat *d, const struct rdf_node *node);
// What follows a dataset from catalogue to catalogue: its own identifier first, else what it is said to be the same as; {NULL, 0}
// when none of them is sure not to be another's.
struct str dcat_key(struct dcat *d, const struct rdf_node *node);
// What a dataset's id is, given what is said of it and of its catalogue record (which may be an empty node). {NULL, 0}: it has none.
struct str dcat_identity(struct dcat *d, const struct rdf_node *node,
                         const struct rdf_node *catalogue_record, enum record_kind kind);

// ---- Parts of a record

void dcat_map_publisher(struct dcat *d, const struct rdf_node *node, struct record *r);
void dcat_map_contact(struct dcat *d, const struct rdf_node *node, struct record *r);
// The distributions of a dataset, described.
struct dcat_files {
    struct rdf_node *v;
    size_t n;
};
void dcat_map_distributions(struct dcat *d, struct dcat_files files, const struct rdf_node *node,
                            struct record *r);
void dcat_map_columns(struct dcat *d, struct dcat_files files, const struct rdf_node *node,
                      struct record *r);
void dcat_map_places(struct dcat *d, const struct rdf_node *node, struct record *r);
void dcat_map_period(struct dcat *d, const struct rdf_node *node, struct record *r);
// Licence and access.
void dcat_map_rights(struct dcat *d, struct dcat_files files, const struct rdf_node *node,
                     struct record *r);
// The name of what the data follow: its title, else its address; {NULL, 0} for a reference system of coordinates, a protocol or the
// profile of the metadata themselves.
struct str dcat_standard(struct dcat *d, const struct rdf_term *term);
// "wms" where a service or a distribution says that it follows that standard.
struct str dcat_protocol(struct dcat *d, const struct rdf_node *node);

// ---- Words

// In French: a theme of the EU's data-theme or INSPIRE's, a topic of ISO 19115, by its IRI; {NULL, 0} when it is none of them.
struct str dcat_theme(struct dcat *d, struct str iri);
// "fr" from an IRI (EU, Library of Congress, lexvo), from a code of two or three letters or a tag ("fr-FR"); {NULL, 0} otherwise.
struct str dcat_language(struct dcat *d, struct str any);
// A zone's id from an IRI of INSEE, the EU's countries, NUTS or geonames; {NULL, 0} when it is none that is known.
struct str dcat_zone(struct dcat *d, struct str iri);

// ---- Pages

// The triples by which catalogues lead to their next page, kept while a document is read. A zeroed one is empty.
enum { DCAT_LINKS_MAX = 200 };
struct dcat_links {
    struct arena arena;
    struct dcat_link {
        struct str subject, value;
        enum { DCAT_NEXT, DCAT_FIRST, DCAT_LAST, DCAT_PREVIOUS, DCAT_TOTAL } what;
    } v[DCAT_LINKS_MAX];
    size_t n;
};
void dcat_links_add(struct dcat_links *links, const struct rdf_triple *triple);
int64_t dcat_links_total(const struct dcat_links *links); // -1 when it is not told
// The page behind this one, as it must be asked for on the source's origin; empty at the end, and when it leads back. `before` is the
// page from which we came. False, ERR_REFUSED, when it is on another server.
bool dcat_links_next(const struct dcat_links *links, struct str source, struct str document,
                     struct str before, struct arena *a, struct str *next, struct err *e);
// The last page, as dcat_links_next gives addresses; empty when it is not told.
struct str dcat_links_last(const struct dcat_links *links, struct str source, struct str document,
                           struct arena *a);
void dcat_links_free(struct dcat_links *links);
// A link's address on the source's own origin: servers behind proxies do not know their name. {NULL, 0} when that is another place.
struct str dcat_absolute(struct str link, struct str source, struct str document, struct arena *a);

// ---- Catalogues that only link to what they hold (linked.c)

// The links of a document to catalogues, datasets and services, kept while it is read. A zeroed one is empty.
enum { DCAT_LINKED_MAX = 2000 };
struct dcat_linked {
    struct arena arena;
    struct strs links;
    size_t over; // left out
};
void dcat_linked_add(struct dcat_linked *linked, const struct rdf_triple *triple);
// Those on the source's origin, each once, as the text that the cursor keeps; those to catalogues only where they are followed. In the
// arena. *elsewhere counts those on other servers.
struct str dcat_linked_text(const struct dcat_linked *linked, bool catalogues, struct str source,
                            struct str document, struct arena *a, size_t *elsewhere);
// The next address of the text, off its front; *leaf: a dataset, whose own links are not followed. False at its end.
bool dcat_linked_take(struct str *rest, struct str *url, bool *leaf);
void dcat_linked_free(struct dcat_linked *linked);
