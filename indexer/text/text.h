// Analysis of French text: one implementation for documents and for queries, so that both give the
// same terms. Cuts text into words, folds them (case, accents, ligatures, NFKC), and stems them.
//
// An analyzer is confined to one thread. The strings of a token are borrowed, and valid during the
// callback only. Any bytes are taken: those that are not UTF-8 separate words. Time is linear in the
// text, memory is bounded whatever the text (a fixed size in the analyzer, nothing per call).
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

// To be raised whenever the same text gives other terms: an index of another version is rebuilt.
enum { TEXT_ANALYSIS_VERSION = 2 };

enum {
    TEXT_TERM_BYTES = 64, // of a term at most; longer words are dropped (they keep their position)
    TEXT_JOIN_PARTS = 5,  // words that a joined form covers at most
};

// What a text is cut into:
//
//   "L'École"            l (stop), ecole                       an elision is a stop word of its own
//   "aujourd'hui"        aujourdhui
//   "O'Brien"            [obrien] o, brien                     [...] is a joined form, before its parts
//   "vie-publique"       [viepublique] vie, publique
//   "data.gouv.fr"       [datagouvfr] data, gouv, fr
//   "code_insee"         [codeinsee] code, insee
//   "Pont-l'Abbé"        [pontlabbe] pont, l (stop), abbe      as "pont-l-abbe" does
//   "l'Île-de-France"    l (stop), [iledefrance] ile, de (stop), france
//   "www.geo-ide.fr"     [wwwgeoidefr] www (stop), [geoide] geo, ide, fr       joined forms may nest
//   "S.N.C.F.", "R&D"    sncf; rd                              single letters: only as one word
//   "COVID-19", "PM2,5"  [covid19] covid, 19; [pm25] pm2, 5
//   "2A004", "m²"        2a004; m2                             codes stay whole and are not stemmed
//   "2014/24/UE"         [201424ue] 2014, 24, ue               slashes join next to a digit only
//   "1,5" or "1.5"       1.5                                   the only terms with a dot in them
//   "2017-2018"          2017, 2018                            numbers are not joined, except:
//   "130 025 265 00013"  [13002526500013] 130, 025, 265, 00013 groups of digits (SIREN, SIRET, thousands)
//   "15/01/2024"         [20240115] 15, 01, 2024               dates, as "2024-01-15" does
//   "openData"           opendata                              letter case never cuts
//
// Other letters (Greek, Cyrillic, Arabic, CJK) make words by their Unicode category; symbols and emoji
// separate; soft hyphens, zero-width characters and combining marks inside words are passed over.
enum token_kind {
    TOKEN_WORD,   // letters only
    TOKEN_CODE,   // has a digit: a number, a year, a code
    TOKEN_JOINED, // several words written as one; each of them comes as a token of its own too
};

struct token {
    // Folded: UTF-8, 1 to TEXT_TERM_BYTES bytes, letters and digits only (and the dot of a decimal).
    struct str exact;
    // Its stem (French, but for analyze_as); the same as `exact` for codes, stop words, words under 3 letters and other scripts.
    struct str stem;
    uint32_t position; // words counted from 1; a joined form has the position of its first part
    uint32_t span;     // positions covered: 1, or the number of parts of a joined form
    enum token_kind kind;
    bool is_stop;      // dropped by the caller, unless nothing is left; needs no stem term
    size_t start, end; // bytes [start, end) in the text that was given, for highlighting
};

// What a text is stemmed as. Words, joined forms and stop words are the same for both.
enum language { LANGUAGE_FRENCH, LANGUAGE_ENGLISH };
enum { TEXT_ENGLISH_MARK = '+' }; // ends an English stem, so that it never meets a French one

struct analyzer;

// `stop_words`: the text of config/stopwords.txt, see word_set_new; copied. The elided forms (l, d, qu, ...)
// are stop words always. NULL with *e filled when a line cannot be read. The caller owns what is returned:
// analyzer_free. About 2 MB, most of it a cache of stems.
struct analyzer *analyzer_new(struct str stop_words, struct err *e);
void analyzer_free(struct analyzer *a); // NULL is taken

// Calls `each` for each token, in order of position and of start; a joined form comes before its parts, an
// outer joined form before the inner one. Returns the number of positions used: the next text of the same
// document continues behind it. `each` must not call analyze on the same analyzer.
uint32_t analyze(struct analyzer *a, struct str text,
                 void (*each)(void *arg, const struct token *token), void *arg);

// The same, stemmed as that language is.
uint32_t analyze_as(struct analyzer *a, enum language language, struct str text,
                    void (*each)(void *arg, const struct token *token), void *arg);
// The English stem of a folded word of letters (token.exact), borrowed until the next call on this analyzer; the word itself
// for stop words.
struct str analyzer_english(struct analyzer *a, struct str exact);
// English when its little words plainly are, French otherwise. Any thread; looks at the first 2 000 bytes.
enum language text_language(struct str text);

// Appends the text folded as tokens are, with one space for whatever stands between words, none at the
// ends: "Élections  (T1), l’Île" gives "elections t1 l ile". Two titles are the same title when their
// folded texts are equal. Words are not limited in length. Any thread.
void text_fold(struct buf *out, struct str text);
// The first TEXT_TERM_BYTES bytes of that, cut between characters, in the arena; leading articles are kept.
struct str text_sort_key(struct arena *a, struct str text);

// A set of words from a file that operators may edit: words separated by white space, `#` starts a comment
// that ends with its line. They are folded here, so accents may be written.
struct word_set;

// NULL with *e filled (ERR_CONFIG, where = "line N") for an entry that is not one word of at most
// TEXT_TERM_BYTES bytes once folded. The caller owns what is returned: word_set_free. Reading a set is safe
// on any number of threads.
struct word_set *word_set_new(struct str text, struct err *e);
void word_set_free(struct word_set *set); // NULL is taken
bool word_set_has(const struct word_set *set, struct str folded);
