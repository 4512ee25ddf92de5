// What people write in the search box, read into clauses: quotes, a minus, `field:value`, OR. Nothing here fails: what is no
// complete expression is read as plain words. Any thread; everything is in the caller's arena, or a slice of what was read.
//
//     eau potable                         the words, as one clause
//     "plan local"  « plan local »  “…”   a phrase
//     -rural  -"plan local"  -kind:reuse  left out
//     title:budget  titre:"plan local"    words, or a phrase, in one field of text
//     kind:reuse  format:"csv"            a filter, by its name in the API or in French
//     budget OR "compte administratif"    alternatives; OU as well; in capitals, between two clauses
//
// OR joins the clause before it and the one behind it, and a run of words is one clause: `kind:reuse eau potable OR déchets`
// asks for reuses of (eau potable) or (déchets). Filters by one name are alternatives, as repeated parameters are.
//
// No operators, on purpose: a hyphen, an apostrophe, a quote or a colon within a word (vie-publique, 12", 10:30), a dash between
// spaces, a minus before a digit (-5), a range (2017-2018), a colon before a space ("Titre : sous-titre"), an address, brackets.
//
// Broken, thus words and `plain`: a quote that is never closed or holds no word, OR at an end or beside another OR or beside
// what is left out, an unknown field or an unknown value of kind, status or access, a minus with nothing behind it at an end,
// clauses beyond the bound. The rest of the expression keeps its sense. Negations alone ask for nothing: all of it is words.
#pragma once

#include "base/arena.h"
#include "indexer/index/fields.h"

enum { SYNTAX_CLAUSES_MAX = 32 };

enum clause_kind {
    CLAUSE_WORDS,  // words that stand side by side in what was written
    CLAUSE_PHRASE, // words that stand together, in this order
    CLAUSE_FIELD,  // words in `field`
    CLAUSE_FILTER, // the value of `facet`
};

struct clause {
    enum clause_kind kind;
    bool excluded;
    bool quoted;           // of CLAUSE_FIELD: a phrase
    unsigned group;        // clauses of one group are alternatives; groups add up
    enum text_field field; // of CLAUSE_FIELD
    enum facet facet;      // of CLAUSE_FILTER
    struct str
        text; // what was written, never without a word; of a filter, its value as the index has it
};

struct syntax {
    struct clause *clauses; // in the order of the text
    size_t n;               // 0: no word at all
    unsigned groups;        // numbered from 0; what is left out is alone in its group
    bool plain;             // something was broken and is read as plain words
};

// `q`: any bytes; the clauses borrow from it. Time is linear in it.
struct syntax syntax_read(struct str q, struct arena *a);
// The words of all that is asked for, filters and what is left out excepted: for highlighting, and for a search that forgives
// more. Empty when there are none.
struct str syntax_words(const struct syntax *s, struct arena *a);
