// The terms of a document: the words of each text of a record, see fields.h. For document.c; confined to its thread.
#pragma once

#include "indexer/text/text.h"
#include "indexer/xapian/xap.h"
#include "store/record.h"

struct document_text; // what is kept from one document to the next: memory only

struct document_text *document_text_new(struct analyzer *analyzer); // borrowed
void document_text_free(struct document_text *t);                   // NULL is taken

// Adds every term of the record's texts to `doc`, and sets SLOT_LENGTHS. `description` is its plain text; `zone_names` are
// those of its zones. `more` are texts that are searched as its description is, and that it does not say itself.
bool document_text_add(struct document_text *t, const struct record *r, struct str description,
                       struct strs zone_names, struct strs more, struct xap_doc *doc,
                       struct err *e);
