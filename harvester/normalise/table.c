// See table.h.
#include "harvester/normalise/table.h"

#include "base/hash.h"
#include "base/utf8.h"

#include <stdlib.h>

// The letter that an accented letter of Latin-1 is without its accent; 0 for others.
static char without_accent(uint32_t code)
{
    static const char letters[] = "aaaaaa\0ceeeeiiii\0nooooo\0ouuuuy\0\0";
    if (code < 0xC0 || code > 0xFF)
        return 0;
    return code == 0xFF ? 'y' : letters[(code - 0xC0) & 31];
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_number(struct str word)
{
    for (size_t i = 0; i < word.n; i++)
        if (!is_digit(word.p[i]))
            return false;
    return word.n > 0;
}

static struct str last_word(const char *out, size_t n)
{
    size_t first = n;
    while (first > 0 && out[first - 1] != ' ')
        first--;
    return str_slice(out + first, n - first);
}

// The word that ends at *n is complete; `next` is the first character of the one that follows, 0 at
// the end, and `joined` tells that nothing stands between them ("GPLv2"). Leaves out what versions
// are written with.
static void end_word(char *out, size_t *n, char next, bool joined)
{
    struct str word = last_word(out, *n);
    size_t before = (size_t)(word.p - out);
    bool version = str_eq(word, STR("v")) || str_eq(word, STR("version"));
    bool zero = str_eq(word, STR("0")) && before > 1 && is_number(last_word(out, before - 1));
    if ((version && is_digit(next)) || zero)
        *n = before;
    else if (joined && is_digit(next) && str_ends(word, STR("v")))
        *n -= 1;
    else if (str_eq(word, STR("licence")))
        out[*n - 2] = 's';
}

// The word of letters or the digit that stands for the character at s.p[at], into `as`: 0 when it
// separates words.
static size_t transcribe(struct str s, size_t at, uint32_t code, bool in_word, char as[5])
{
    char c = code < 0x80 ? (char)code : without_accent(code);
    if (c >= 'A' && c <= 'Z')
        c = (char)(c | 0x20);
    if ((c >= 'a' && c <= 'z') || is_digit(c)) {
        as[0] = c;
        return 1;
    }
    if (code == 0x152 || code == 0x153) {
        memcpy(as, "oe", 2);
        return 2;
    }
    char next = at + 1 < s.n ? s.p[at + 1] : ' ';
    if (c == '+' && in_word && (next == ' ' || next == '/' || next == ',')) {
        memcpy(as, " plus", 5);
        return 5;
    }
    return 0;
}

// Without its scheme and "www.".
static struct str without_scheme(struct str s)
{
    ptrdiff_t scheme = str_find(s, STR("://"));
    if (scheme <= 0 || scheme > 5)
        return s;
    s = str_slice(s.p + scheme + 3, s.n - (size_t)scheme - 3);
    bool www = s.n > 4 && str_eq_nocase(str_slice(s.p, 4), STR("www."));
    return www ? str_slice(s.p + 4, s.n - 4) : s;
}

struct str table_key(struct str s, char out[TABLE_KEY_BYTES])
{
    s = without_scheme(str_trim(s));
    size_t n = 0;
    bool in_word = false;
    for (size_t at = 0, length; at < s.n && n + 8 < TABLE_KEY_BYTES; at += length) {
        uint32_t code = 0;
        char as[5];
        length = utf8_decode(s, at, &code);
        if (length == 0)
            length = 1;
        if (code >= 0x300 && code < 0x370) // an accent apart from its letter
            continue;
        size_t written = transcribe(s, at, code, in_word, as);
        if (written == 0) {
            in_word = false;
            continue;
        }
        bool begins = !in_word || is_digit(as[0]) != is_digit(out[n - 1]) || as[0] == ' ';
        if (n > 0 && begins) {
            end_word(out, &n, as[0], in_word);
            if (n > 0 && out[n - 1] != ' ')
                out[n++] = ' ';
        }
        size_t skipped = as[0] == ' ';
        memcpy(out + n, as + skipped, written - skipped);
        n += written - skipped;
        in_word = true;
    }
    if (n > 0)
        end_word(out, &n, 0, false);
    while (n > 0 && out[n - 1] == ' ')
        n--;
    return str_slice(out, n);
}

static bool wrong_at(const struct table *t, unsigned line, struct err *e, const char *what)
{
    err_set(e, ERR_CONFIG, "%s", what);
    return err_where(e, "%s:%u", t->file, line);
}

bool table_wrong(const struct table *t, size_t row, struct err *e, const char *what)
{
    return wrong_at(t, t->rows[row].line, e, what);
}

// Cuts a line into exactly `count` cells.
static bool cut(struct str line, struct str *cells, size_t count)
{
    size_t n = 0;
    for (struct str cell; str_next(&line, '\t', &cell); n++) {
        if (n == count)
            return false;
        cells[n] = str_trim(cell);
    }
    return n == count;
}

static bool has_control(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < ' ' && s.p[i] != '\t')
            return true;
    return !utf8_valid(s);
}

static int compare_first(const void *one, const void *other, void *rows)
{
    const struct table_row *row = rows;
    size_t a = *(const size_t *)one, b = *(const size_t *)other;
    int order = str_cmp(row[a].cells[0], row[b].cells[0]);
    return order ? order : (a > b) - (a < b);
}

static void sort_rows(struct table *t)
{
    t->by_first = ARENA_ARRAY(&t->arena, size_t, t->n + 1);
    for (size_t i = 0; i < t->n; i++)
        t->by_first[i] = i;
    qsort_r(t->by_first, t->n, sizeof *t->by_first, compare_first, t->rows);
}

size_t table_first(const struct table *t, struct str cell)
{
    size_t from = 0, to = t->n;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (str_cmp(t->rows[t->by_first[middle]].cells[0], cell) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    bool found = from < t->n && str_eq(t->rows[t->by_first[from]].cells[0], cell);
    return found ? t->by_first[from] : SIZE_MAX;
}

bool table_read(struct table *t, struct str text, const char *file, const char *columns,
                struct err *e)
{
    *t = (struct table){.file = file};
    struct str rest = arena_str(&t->arena, text), line, wanted[TABLE_COLUMNS],
               names = str_of(columns);
    size_t count = 0, lines = 1;
    while (count < TABLE_COLUMNS && str_next(&names, ' ', &wanted[count]))
        count++;
    for (size_t i = 0; i < rest.n; i++)
        lines += rest.p[i] == '\n';
    t->rows = ARENA_ARRAY(&t->arena, struct table_row, lines);
    bool header = false;
    for (unsigned number = 1; str_next(&rest, '\n', &line); number++) {
        if (line.n && line.p[line.n - 1] == '\r')
            line.n--;
        if (str_trim(line).n == 0 || line.p[0] == '#')
            continue;
        struct table_row *row = &t->rows[t->n];
        if (has_control(line))
            return wrong_at(t, number, e, "a control character, or bytes that are not UTF-8");
        if (!cut(line, row->cells, count))
            return wrong_at(t, number, e, "a wrong number of cells (they are separated by tabs)");
        if (!header) {
            for (size_t i = 0; i < count; i++)
                if (!str_eq(row->cells[i], wanted[i]))
                    return wrong_at(t, number, e, "other column names than expected");
            header = true;
            continue;
        }
        if (row->cells[0].n == 0)
            return wrong_at(t, number, e, "the first cell is empty");
        row->line = number;
        t->n++;
    }
    sort_rows(t);
    return t->n > 0 || wrong_at(t, 1, e, "no rows");
}

static struct table_slot *slot_of(struct table_slot *slots, size_t room, struct str key)
{
    size_t i = hash64(key) & (room - 1);
    while (slots[i].key.p && !str_eq(slots[i].key, key))
        i = (i + 1) & (room - 1);
    return &slots[i];
}

static void grow(struct table *t)
{
    size_t room = t->room ? t->room * 2 : 1024;
    struct table_slot *slots = ARENA_ARRAY(&t->arena, struct table_slot, room);
    for (size_t i = 0; i < t->room; i++)
        if (t->slots[i].key.p)
            *slot_of(slots, room, t->slots[i].key) = t->slots[i];
    t->slots = slots;
    t->room = room;
}

bool table_name(struct table *t, struct str spelling, size_t row, struct err *e)
{
    char bytes[TABLE_KEY_BYTES];
    struct str key = table_key(spelling, bytes);
    if (key.n == 0)
        return true;
    if (t->used * 2 >= t->room)
        grow(t);
    struct table_slot *slot = slot_of(t->slots, t->room, key);
    if (!slot->key.p) {
        *slot = (struct table_slot){arena_str(&t->arena, key), row};
        t->used++;
    } else if (slot->row != row) {
        err_set(e, ERR_CONFIG, "\"%.*s\" is a spelling of \"%.*s\" already (line %u)",
                STR_ARG(spelling), STR_ARG(t->rows[slot->row].cells[0]), t->rows[slot->row].line);
        return err_where(e, "%s:%u", t->file, t->rows[row].line);
    }
    return true;
}

bool table_name_all(struct table *t, struct str spellings, size_t row, struct err *e)
{
    for (struct str one; str_next(&spellings, '|', &one);)
        if (!table_name(t, one, row, e))
            return false;
    return true;
}

size_t table_find(const struct table *t, struct str key)
{
    if (t->room == 0 || key.n == 0)
        return SIZE_MAX;
    const struct table_slot *slot = slot_of(t->slots, t->room, key);
    return slot->key.p ? slot->row : SIZE_MAX;
}

void table_free(struct table *t)
{
    arena_free(&t->arena);
    *t = (struct table){0};
}
