// Sets of words, such as stop words and generic words (see text.h). A set owns its words and its table, and
// is not changed once it is made.
#include "indexer/text/text.h"

#include "base/hash.h"

#include <stdlib.h>

struct word_set {
    struct arena words;
    struct str *table; // open addressing; at most half of it is used
    size_t mask, count;
};

static struct str *slot(struct str *table, size_t mask, struct str word)
{
    size_t i = hash64(word) & mask;
    while (table[i].p && !str_eq(table[i], word))
        i = (i + 1) & mask;
    return &table[i];
}

static void grow(struct word_set *set)
{
    size_t mask = set->mask * 2 + 1;
    struct str *table = xcalloc(mask + 1, sizeof *table);
    for (size_t i = 0; i <= set->mask; i++)
        if (set->table[i].p)
            *slot(table, mask, set->table[i]) = set->table[i];
    free(set->table);
    set->table = table;
    set->mask = mask;
}

static void add(struct word_set *set, struct str word)
{
    if (word_set_has(set, word))
        return;
    if ((set->count + 1) * 2 > set->mask)
        grow(set);
    *slot(set->table, set->mask, word) = arena_str(&set->words, word);
    set->count++;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static bool add_line(struct word_set *set, struct str line, struct buf *folded, struct err *e)
{
    ptrdiff_t comment = str_find_char(line, '#');
    if (comment >= 0)
        line.n = (size_t)comment;
    for (size_t i = 0; i < line.n;) {
        size_t end = i;
        while (end < line.n && !is_space(line.p[end]))
            end++;
        if (end > i) {
            struct str entry = str_slice(line.p + i, end - i);
            buf_clear(folded);
            text_fold(folded, entry);
            struct str word = buf_str(folded);
            if (word.n == 0 || word.n > TEXT_TERM_BYTES || str_find_char(word, ' ') >= 0) {
                err_set(e, ERR_CONFIG, "\"%.*s\" is not one word",
                        STR_ARG(str_cut_utf8(entry, 100)));
                return err_hint(e, "write single words of at most %d letters and digits",
                                TEXT_TERM_BYTES);
            }
            add(set, word);
        }
        i = end + 1;
    }
    return true;
}

struct word_set *word_set_new(struct str text, struct err *e)
{
    struct word_set *set = xcalloc(1, sizeof *set);
    set->mask = 15;
    set->table = xcalloc(set->mask + 1, sizeof *set->table);
    struct buf folded = {0};
    struct str rest = text, line;
    bool good = true;
    for (unsigned number = 1; good && str_next(&rest, '\n', &line); number++) {
        good = add_line(set, line, &folded, e);
        if (!good)
            err_where(e, "line %u", number);
    }
    buf_free(&folded);
    if (good)
        return set;
    word_set_free(set);
    return NULL;
}

void word_set_free(struct word_set *set)
{
    if (!set)
        return;
    arena_free(&set->words);
    free(set->table);
    free(set);
}

bool word_set_has(const struct word_set *set, struct str folded)
{
    return slot(set->table, set->mask, folded)->p != NULL;
}
