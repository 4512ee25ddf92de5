// What the files of the ISO mapping share: texts in several languages, codes, constraints. See iso19139.h.
#pragma once

#include "harvester/drivers/iso19139/iso19139.h"

enum { ISO_LOCALES_MAX = 30, ISO_LIST_MAX = 1000 };

// A record's metadata while it is mapped.
struct iso {
    struct mapper *m;
    const struct xml_node *root,
        *ident; // MD_Metadata, and the element in identificationInfo (may be NULL)
    struct record *r;
    struct str language; // of plain texts: "fr"; empty when it is not told
    struct {
        struct str id, language;
    } locales[ISO_LOCALES_MAX];
    size_t locale_count;
};

// Fills language and locales.
void iso_languages(struct iso *x);
// "fr" from "fre", "fra", "FRE", "fr-FR", "http://.../language/FRA"; what it is, in lower case, when it is no language that we know.
struct str iso_language_tag(struct arena *a, struct str any);
// What a property says: the text of CharacterString, Anchor, ... below it, in French when it is there in several languages, else as it
// is, else in English, else in the first. Templates' texts ("-- Titre --") say nothing. *language (may be NULL) is that of the text.
struct str iso_text(const struct iso *x, const struct xml_node *property, struct str *language);
struct str iso_text_at(const struct iso *x, const struct xml_node *node, const char *path,
                       struct str *language);
// A text of several lines without the indentation that all of them but the first have: that of the XML around it.
struct str iso_block(struct arena *a, struct str text);
// The address of an Anchor below the property; or empty.
struct str iso_anchor(const struct xml_node *property);
// The code below a property: codeListValue, else the text. NULL is accepted.
struct str iso_code(struct arena *a, const struct xml_node *property);
// Every node down a path below the identification; `node` may be NULL.
const struct xml_node **iso_all(const struct iso *x, const struct xml_node *node, const char *path,
                                size_t *n);
// An identifier that can only mean one thing in the world: an address, a UUID (bare and in lower case, so that it is the same in every
// catalogue), or a long one in parts ("FR-120066022-jdd-5a3f..."); else {NULL, 0}.
struct str iso_global_id(struct mapper *m, struct str id);
bool iso_contains(struct str text, struct str part); // ASCII case apart

// Licence and access, from resourceConstraints.
void iso_constraints(struct iso *x);
void iso_distribution(struct iso *x);
// Of a dataservice: its type, its endpoint, the datasets that it serves.
void iso_service(struct iso *x);
// The datasets that a service, or an application, operates on, by the uuid of their metadata. One that is not in this catalogue points
// to nothing.
void iso_operated(struct iso *x, struct strs *relation);
// Columns of the data, where the metadata describe them.
void iso_columns(struct iso *x);
// Themes, keywords, labels of places, badges.
void iso_keywords(struct iso *x);
void iso_extents(struct iso *x);
