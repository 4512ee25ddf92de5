// Inside the JSON-LD reader: active contexts and the IRIs that they give. "The specification" is JSON-LD 1.1 Processing Algorithms
// and API; the comments name its steps. Contexts are never changed once made: what narrows one is a copy.
#pragma once

#include "base/json.h"

enum {
    JSONLD_REMOTE_MAX = 10,    // contexts by address, one inside the other
    JSONLD_WORK_MAX = 8 << 20, // places in tables of terms that one expansion may fill
    JSONLD_DEPTH_MAX = 256,    // of nodes, and of terms that need one another
    JSONLD_LOADED_MAX = 16,    // different remote contexts in one file
    JSONLD_PREPARED = 64,      // contexts of terms and types kept ready
};

enum jsonld_container {
    CONTAINER_GRAPH = 1,
    CONTAINER_ID = 2,
    CONTAINER_INDEX = 4,
    CONTAINER_LANGUAGE = 8,
    CONTAINER_LIST = 16,
    CONTAINER_SET = 32,
    CONTAINER_TYPE = 64,
};

enum jsonld_direction { DIRECTION_UNSET, DIRECTION_NONE, DIRECTION_LTR, DIRECTION_RTL };

struct jsonld_term {
    struct str name;
    struct str iri; // or a keyword; absent: what the term names is left out
    bool prefix, is_protected, reverse;
    bool absent; // it is being defined anew
    unsigned containers;
    struct str type;   // absent: none
    bool has_language; // then `language`, absent for none at all
    struct str language;
    enum jsonld_direction direction;
    struct str index, nest;
    const json_t *context; // scoped to it; NULL: none
    struct str context_base;
};

struct jsonld_context {
    const struct jsonld_term **slots; // open addressing by name
    size_t room, n;
    size_t protected_terms;
    struct str base, vocab, language; // absent: none
    enum jsonld_direction direction;
    const struct jsonld_context *previous; // to go back to where a type's context ends
};

struct jsonld_loaded {
    struct str file; // its name, compiled in
    json_t *document;
};

struct jsonld_prepared {
    const struct jsonld_context *from, *made;
    const json_t *local;
    bool propagate;
};

// One expansion, or the expansions of one file's elements. Contexts and strings live in the arena.
struct jsonld {
    struct arena *arena;
    struct str base; // of the document; absent: none
    size_t work, depth;
    json_t *owned; // an array: what contexts borrow from
    struct jsonld_loaded loaded[JSONLD_LOADED_MAX];
    size_t loaded_count;
    struct jsonld_prepared prepared[JSONLD_PREPARED];
    struct err *e; // filled as soon as something fails
};

// Fills the error: the specification's code, then what it is about. Returns false.
bool jsonld_fail(struct jsonld *j, const char *code, struct str about);
void jsonld_free(struct jsonld *j);

const struct jsonld_context *jsonld_context_initial(struct jsonld *j);
// The context that `local` makes of `active`. NULL when it is wrong.
const struct jsonld_context *jsonld_context_process(struct jsonld *j,
                                                    const struct jsonld_context *active,
                                                    const json_t *local, struct str base,
                                                    bool propagate, bool override_protected);
// The same for the context scoped to a term, as a property or (`propagate` false) as a type.
const struct jsonld_context *jsonld_context_scoped(struct jsonld *j,
                                                   const struct jsonld_context *active,
                                                   const struct jsonld_term *term, bool propagate);
const struct jsonld_term *jsonld_term_find(const struct jsonld_context *c, struct str name);
// Absent: the value is to be ignored. Else a keyword, or an IRI, a blank node ("_:b"), or what remains relative.
struct str jsonld_iri(struct jsonld *j, const struct jsonld_context *c, struct str value,
                      bool vocab, bool document);

// A document of the pinned list, or a named error. Borrowed.
const json_t *jsonld_remote(struct jsonld *j, struct str url);

bool jsonld_keyword(struct str s);      // of the specification
bool jsonld_like_keyword(struct str s); // "@" and letters: kept for keywords to come
bool jsonld_absolute(
    struct str iri); // begins with a scheme (or is a blank node), and holds no white space
// RFC 3986 section 5. A reference that is absolute, or without a base, stays what it is.
struct str jsonld_resolve(struct arena *a, struct str base, struct str reference);
struct str jsonld_lower(struct arena *a, struct str s);
struct str jsonld_join(struct arena *a, struct str beginning, struct str rest);

// ---- Between jsonld_context.c and jsonld_term.c --------------------------------------------------

// The addresses on the way to a context, the last first.
struct jsonld_way {
    const struct jsonld_way *before;
    struct str url;
    size_t length;
};

// A context in the making.
struct jsonld_making {
    struct jsonld_context *result;
    const json_t *local;
    struct str base; // of the local context
    bool is_protected, override_protected;
    const struct jsonld_way *way;
    json_t *defined; // term to true, or false while it is being defined
};
// Defines a term of the local context, and those that it is made of.
bool jsonld_term_define(struct jsonld *j, struct jsonld_making *m, struct str name);
void jsonld_term_put(struct jsonld *j, struct jsonld_context *c, struct str name,
                     const struct jsonld_term *term);
// jsonld_iri within a local context. False when a term that it needs is wrong.
bool jsonld_iri_within(struct jsonld *j, struct jsonld_making *m, struct str value, bool vocab,
                       bool document, struct str *out);
const struct jsonld_context *
jsonld_context_process_within(struct jsonld *j, const struct jsonld_context *active,
                              const json_t *local, struct str base, const struct jsonld_way *way,
                              bool propagate, bool override_protected, bool validate_scoped);
