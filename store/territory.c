// See territory.h. The format of the table is told at its head (config/territories.tsv).
#include "store/territory.h"

#include "base/hash.h"
#include "base/utf8.h"

#include <stdlib.h>

enum { COLUMNS = 8, LINES_MAX = 200000, TEXT_MAX = 16 * 1024 * 1024 };
enum { LEVEL, CODE, NAME, PARENTS, POPULATION, POSTCODES, FORMER, OTHER_NAMES };
static const char *const columns[COLUMNS] = {"level",      "code",      "name",   "parents",
                                             "population", "postcodes", "former", "other names"};

static const struct {
    struct str name, prefix; // prefix of its ids
} levels[TERRITORY_LEVELS] = {
    [TERRITORY_DISTRICT] = {STR("arrondissement-municipal"), STR("fr:commune:")},
    [TERRITORY_PART] = {STR("commune-deleguee"), STR("fr:commune:")},
    [TERRITORY_COMMUNE] = {STR("commune"), STR("fr:commune:")},
    [TERRITORY_EPT] = {STR("ept"), STR("fr:epci:")},
    [TERRITORY_EPCI] = {STR("epci"), STR("fr:epci:")},
    [TERRITORY_ARRONDISSEMENT] = {STR("arrondissement"), STR("fr:arrondissement:")},
    [TERRITORY_DEPARTEMENT] = {STR("departement"), STR("fr:departement:")},
    [TERRITORY_FORMER_REGION] = {STR("former-region"), STR("fr:region:")},
    [TERRITORY_REGION] = {STR("region"), STR("fr:region:")},
    [TERRITORY_COLLECTIVITE] = {STR("collectivite"), STR("fr:collectivite:")},
    [TERRITORY_SUBSET] = {STR("country-subset"), STR("country-subset:")},
    [TERRITORY_COUNTRY] = {STR("country"), STR("country:")},
    [TERRITORY_GROUP] = {STR("country-group"), STR("country-group:")},
};

struct former_id {
    struct str id;
    uint32_t territory;
};

struct postcode {
    uint32_t code, territory;
};

struct territories {
    struct arena arena;
    struct territory *v;
    size_t n;
    uint32_t *parents;
    size_t parent_count;
    struct former_id *former; // other ids than a territory's own
    size_t former_count, former_room;
    // Open addressing, at most half used. 0 is free; i + 1 is the id of v[i], or of former[i - id_former].
    uint32_t *ids;
    size_t id_mask, id_count, id_former;
    struct postcode *postcodes; // in order
    size_t postcode_count;
};

struct str territory_level_name(enum territory_level level)
{
    return levels[level].name;
}

bool territory_level_find(struct str name, enum territory_level *out)
{
    for (size_t i = 0; i < TERRITORY_LEVELS; i++)
        if (str_eq(levels[i].name, name)) {
            *out = (enum territory_level)i;
            return true;
        }
    return false;
}

// ---- Finding -------------------------------------------------------------------------------------

static struct str id_of(const struct territories *t, uint32_t i)
{
    return i < t->id_former ? t->v[i].id : t->former[i - t->id_former].id;
}

static uint32_t *slot(const struct territories *t, struct str id)
{
    size_t i = hash64(id) & t->id_mask;
    while (t->ids[i] && !str_eq(id_of(t, t->ids[i] - 1), id))
        i = (i + 1) & t->id_mask;
    return &t->ids[i];
}

static const struct territory *find_exact(const struct territories *t, struct str id)
{
    uint32_t found = *slot(t, id);
    if (!found)
        return NULL;
    found--;
    return &t->v[found < t->id_former ? found : t->former[found - t->id_former].territory];
}

static struct str join(struct str prefix, struct str code, char out[TERRITORY_ID_BYTES])
{
    if (prefix.n + code.n > TERRITORY_ID_BYTES)
        return STR_NONE;
    memcpy(out, prefix.p, prefix.n);
    if (code.n)
        memcpy(out + prefix.n, code.p, code.n);
    return str_slice(out, prefix.n + code.n);
}

static const struct territory *find_joined(const struct territories *t, struct str prefix,
                                           struct str code)
{
    char bytes[TERRITORY_ID_BYTES];
    struct str id = join(prefix, code, bytes);
    return id.p ? find_exact(t, id) : NULL;
}

static size_t departement_length(struct str code)
{
    return code.n >= 2 && code.p[0] == '9' && code.p[1] >= '7' ? 3 : 2;
}

// A level that the table does not list, by the code of what contains it.
static const struct territory *find_container(const struct territories *t, struct str id)
{
    struct str canton = STR("fr:canton:"), iris = STR("fr:iris:");
    if (str_starts(id, iris) && id.n == iris.n + 9)
        return find_joined(t, levels[TERRITORY_COMMUNE].prefix, str_slice(id.p + iris.n, 5));
    if (!str_starts(id, canton) || id.n < canton.n + 4)
        return NULL;
    struct str code = str_slice(id.p + canton.n, id.n - canton.n);
    return find_joined(t, levels[TERRITORY_DEPARTEMENT].prefix,
                       str_slice(code.p, departement_length(code)));
}

const struct territory *territory_find(const struct territories *t, struct str id)
{
    ptrdiff_t suffix = str_find_char(id, '@');
    if (suffix >= 0)
        id.n = (size_t)suffix;
    const struct territory *found = find_exact(t, id);
    return found ? found : find_container(t, id);
}

const struct territory *territory_find_code(const struct territories *t, struct str code)
{
    char upper[9];
    if (str_find_char(code, ':') >= 0)
        return territory_find(t, code);
    if (code.n > sizeof upper)
        return NULL;
    for (size_t i = 0; i < code.n; i++) // 2a004
        upper[i] = code.p[i] >= 'a' && code.p[i] <= 'z' ? (char)(code.p[i] & ~0x20) : code.p[i];
    enum territory_level level;
    if (code.n == 5)
        level = TERRITORY_COMMUNE;
    else if (code.n == 9)
        level = TERRITORY_EPCI;
    else if (code.n == 2 || code.n == 3)
        level = TERRITORY_DEPARTEMENT;
    else
        return NULL;
    return find_joined(t, levels[level].prefix, str_slice(upper, code.n));
}

size_t territory_find_postcode(const struct territories *t, struct str postcode,
                               const struct territory **out, size_t room)
{
    int64_t code;
    if (postcode.n != 5 || !str_to_int(postcode, 0, 99999, &code))
        return 0;
    size_t low = 0, high = t->postcode_count, n = 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (t->postcodes[middle].code < (uint32_t)code)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < t->postcode_count && t->postcodes[low].code == (uint32_t)code; low++, n++)
        if (n < room)
            out[n] = &t->v[t->postcodes[low].territory];
    return n;
}

size_t territories_count(const struct territories *t)
{
    return t->n;
}

const struct territory *territories_at(const struct territories *t, size_t index)
{
    return &t->v[index];
}

// ---- Around --------------------------------------------------------------------------------------

const struct territory *territory_parent(const struct territories *t, const struct territory *of,
                                         size_t i)
{
    return &t->v[t->parents[of->parent_first + i]];
}

// Wider scales later; of one scale, the more populous later ("Monde", without a number, behind "Union européenne"), and else
// in the order they are named.
static bool is_wider(const struct territory *a, const struct territory *b)
{
    if (a->level != b->level)
        return a->level > b->level;
    return a->level == TERRITORY_GROUP && a->parent_count < b->parent_count;
}

// Whether what is around `via` is around `of`, which is inside `via`: an EPCI may be over two départements.
static bool leads_on(const struct territory *of, const struct territory *via,
                     const struct territory *up)
{
    bool epci = via->level == TERRITORY_EPCI || via->level == TERRITORY_EPT;
    return of == via || !epci || up->level <= TERRITORY_EPCI;
}

size_t territory_ancestors(const struct territories *t, const struct territory *of,
                           const struct territory *out[TERRITORY_ANCESTORS_MAX])
{
    size_t n = 0, next = 0;
    for (const struct territory *via = of; via; via = next < n ? out[next++] : NULL)
        for (size_t i = 0; i < via->parent_count; i++) {
            const struct territory *up = territory_parent(t, via, i);
            if (!leads_on(of, via, up))
                continue;
            size_t at = 0;
            while (at < n && out[at] != up)
                at++;
            if (at == n && n < TERRITORY_ANCESTORS_MAX)
                out[n++] = up;
        }
    for (size_t i = 1; i < n; i++) { // a stable sort: there are a dozen
        const struct territory *moved = out[i];
        size_t at = i;
        for (; at > 0 && is_wider(out[at - 1], moved); at--)
            out[at] = out[at - 1];
        out[at] = moved;
    }
    return n;
}

bool territory_contains(const struct territories *t, const struct territory *outer,
                        const struct territory *inner)
{
    const struct territory *up[TERRITORY_ANCESTORS_MAX];
    if (outer == inner)
        return true;
    if (outer->level < inner->level)
        return false;
    size_t n = territory_ancestors(t, inner, up);
    for (size_t i = 0; i < n; i++)
        if (up[i] == outer)
            return true;
    return false;
}

const struct territory *territory_at_level(const struct territories *t, const struct territory *of,
                                           enum territory_level level)
{
    const struct territory *up[TERRITORY_ANCESTORS_MAX];
    if (of->level == level)
        return of;
    size_t n = territory_ancestors(t, of, up);
    for (size_t i = 0; i < n; i++)
        if (up[i]->level == level)
            return up[i];
    return NULL;
}

// ---- Loading -------------------------------------------------------------------------------------

static void grow_ids(struct territories *t)
{
    uint32_t *old = t->ids;
    size_t room = t->id_mask + 1;
    t->id_mask = 2 * room - 1;
    t->ids = xcalloc(2 * room, sizeof *t->ids);
    for (size_t i = 0; i < room; i++)
        if (old[i])
            *slot(t, id_of(t, old[i] - 1)) = old[i];
    free(old);
}

static bool add_id(struct territories *t, struct str id, uint32_t i, struct err *e)
{
    if ((t->id_count + 1) * 2 > t->id_mask)
        grow_ids(t);
    uint32_t *s = slot(t, id);
    if (*s)
        return err_set(e, ERR_CONFIG, "%.*s is there already", STR_ARG(id));
    *s = i + 1;
    t->id_count++;
    return true;
}

static struct str make_id(struct territories *t, enum territory_level level, struct str code)
{
    char bytes[TERRITORY_ID_BYTES];
    return arena_str(&t->arena, join(levels[level].prefix, code, bytes));
}

// One more id for a territory.
static bool add_former(struct territories *t, enum territory_level level, struct str code,
                       const struct territory *of, struct err *e)
{
    struct str id = make_id(t, level, code);
    uint32_t i = (uint32_t)(t->id_former + t->former_count);
    if (t->former_count == t->former_room) {
        t->former_room = t->former_room ? t->former_room * 2 : 256;
        t->former = xrealloc(t->former, t->former_room * sizeof *t->former);
    }
    t->former[t->former_count++] = (struct former_id){id, of->index};
    return add_id(t, id, i, e);
}

static const struct territory *find_parent(const struct territories *t, struct str text)
{
    ptrdiff_t colon = str_find_char(text, ':');
    enum territory_level level;
    if (colon >= 0) {
        struct str rest = str_slice(text.p + colon + 1, text.n - (size_t)colon - 1);
        if (!territory_level_find(str_slice(text.p, (size_t)colon), &level))
            return NULL;
        return find_joined(t, levels[level].prefix, rest);
    }
    bool overseas = departement_length(text) == 3;
    if (text.n == 5)
        level = TERRITORY_COMMUNE;
    else if (text.n == 9)
        level = TERRITORY_EPCI;
    else if (text.n == 2 || (text.n == 3 && overseas))
        level = TERRITORY_DEPARTEMENT;
    else
        level = TERRITORY_ARRONDISSEMENT;
    return find_joined(t, levels[level].prefix, text);
}

static bool add_parent(struct territories *t, struct territory *of, const struct territory *parent,
                       struct err *e)
{
    for (uint32_t i = 0; i < of->parent_count; i++)
        if (t->parents[of->parent_first + i] == parent->index)
            return true;
    if (of->parent_count == TERRITORY_PARENTS_MAX)
        return err_set(e, ERR_CONFIG, "more than %d parents", TERRITORY_PARENTS_MAX);
    if (parent->level < of->level ||
        (parent->level == of->level && of->level < TERRITORY_SUBSET)) // so there is no circle
        return err_set(e, ERR_CONFIG, "the parent %.*s is not of a wider level",
                       STR_ARG(parent->id));
    t->parents[t->parent_count++] = parent->index;
    of->parent_count++;
    return true;
}

static bool read_parents(struct territories *t, struct territory *of, struct str text,
                         struct err *e)
{
    of->parent_first = (uint32_t)t->parent_count;
    for (struct str one; str_next(&text, ' ', &one);) {
        const struct territory *parent = one.n ? find_parent(t, one) : NULL;
        if (one.n && !parent)
            return err_set(e, ERR_CONFIG, "there is no parent %.*s above this line", STR_ARG(one));
        if (parent && !add_parent(t, of, parent, e))
            return false;
    }
    if (of->level != TERRITORY_COMMUNE)
        return true;
    const struct territory *departement =
        find_joined(t, levels[TERRITORY_DEPARTEMENT].prefix,
                    str_slice(of->code.p, departement_length(of->code)));
    return !departement || add_parent(t, of, departement, e);
}

static bool is_code(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
              c == ':'))
            return false;
    }
    return s.n >= 2 && s.n <= 20;
}

static bool read_codes(struct territories *t, struct territory *of, struct str former,
                       struct err *e)
{
    struct str rest = of->postcodes;
    for (struct str one; str_next(&rest, ' ', &one);) {
        int64_t code;
        if (one.n == 0)
            continue;
        if (one.n != 5 || !str_to_int(one, 0, 99999, &code))
            return err_set(e, ERR_CONFIG, "%.*s is no postcode", STR_ARG(one));
        t->postcodes[t->postcode_count++] = (struct postcode){(uint32_t)code, of->index};
    }
    for (struct str one; str_next(&former, ' ', &one);) {
        if (one.n == 0)
            continue;
        if (!is_code(one))
            return err_set(e, ERR_CONFIG, "%.*s is no code", STR_ARG(one));
        if (!add_former(t, of->level, one, of, e))
            return false;
    }
    if (of->level != TERRITORY_COLLECTIVITE)
        return true;
    return add_former(t, TERRITORY_DEPARTEMENT, of->code, of, e) &&
           add_former(t, TERRITORY_REGION, of->code, of, e);
}

static bool read_row(struct territories *t, const struct str cells[COLUMNS], struct err *e)
{
    struct territory *of = &t->v[t->n];
    *of = (struct territory){.index = (uint32_t)t->n,
                             .code = cells[CODE],
                             .name = cells[NAME],
                             .postcodes = cells[POSTCODES],
                             .other_names = cells[OTHER_NAMES]};
    if (!territory_level_find(cells[LEVEL], &of->level))
        return err_set(e, ERR_CONFIG, "there is no level %.*s", STR_ARG(cells[LEVEL]));
    if (!is_code(of->code))
        return err_set(e, ERR_CONFIG, "%.*s is no code", STR_ARG(of->code));
    if (of->name.n == 0)
        return err_set(e, ERR_CONFIG, "a territory without a name");
    if (cells[POPULATION].n &&
        !str_to_int(cells[POPULATION], 0, INT64_C(10000000000), &of->population))
        return err_set(e, ERR_CONFIG, "%.*s is no population", STR_ARG(cells[POPULATION]));
    of->id = make_id(t, of->level, of->code);
    if (!read_parents(t, of, cells[PARENTS], e) || !add_id(t, of->id, of->index, e))
        return false;
    t->n++;
    return read_codes(t, of, cells[FORMER], e);
}

// Cuts a line into its cells; those that are left out at its end are empty.
static bool cut(struct str line, struct str cells[COLUMNS], struct err *e)
{
    for (size_t i = 0; i < line.n; i++)
        if ((unsigned char)line.p[i] < ' ' && line.p[i] != '\t')
            return err_set(e, ERR_CONFIG, "a control character");
    if (!utf8_valid(line))
        return err_set(e, ERR_CONFIG, "bytes that are not UTF-8");
    size_t n = 0;
    for (struct str cell; str_next(&line, '\t', &cell); n++) {
        if (n == COLUMNS)
            return err_set(e, ERR_CONFIG, "more than %d cells", COLUMNS);
        cells[n] = str_trim(cell);
    }
    for (; n < COLUMNS; n++)
        cells[n] = STR("");
    return true;
}

static bool is_header(const struct str cells[COLUMNS])
{
    for (size_t i = 0; i < COLUMNS; i++)
        if (!str_eq(cells[i], str_of(columns[i])))
            return false;
    return true;
}

static bool read_line(struct territories *t, struct str line, struct str above[COLUMNS],
                      bool *header, struct err *e)
{
    struct str cells[COLUMNS];
    if (line.n && line.p[line.n - 1] == '\r')
        line.n--;
    if (str_trim(line).n == 0 || line.p[0] == '#')
        return true;
    if (!cut(line, cells, e))
        return false;
    if (!*header) {
        *header = true;
        return is_header(cells) || err_set(e, ERR_CONFIG, "other column names than expected");
    }
    if (str_eq(cells[LEVEL], STR("\"")))
        cells[LEVEL] = above[LEVEL];
    if (str_eq(cells[PARENTS], STR("\"")))
        cells[PARENTS] = above[PARENTS];
    memcpy(above, cells, sizeof cells);
    return read_row(t, cells, e);
}

static int compare_postcodes(const void *a, const void *b)
{
    const struct postcode *x = a, *y = b;
    if (x->code != y->code)
        return x->code < y->code ? -1 : 1;
    return (x->territory > y->territory) - (x->territory < y->territory);
}

struct territories *territories_new(struct str text, struct err *e)
{
    size_t lines = 1, spaces = 1;
    for (size_t i = 0; i < text.n; i++) {
        lines += text.p[i] == '\n';
        spaces += text.p[i] == ' ' || text.p[i] == '\t';
    }
    if (lines > LINES_MAX || text.n > TEXT_MAX) {
        err_set(e, ERR_CONFIG, "a table of territories has at most %d lines and %d MB", LINES_MAX,
                TEXT_MAX >> 20);
        return NULL;
    }
    struct territories *t = xcalloc(1, sizeof *t);
    t->v = xcalloc(lines, sizeof *t->v);
    t->parents = xcalloc(lines * (TERRITORY_PARENTS_MAX + 1), sizeof *t->parents);
    t->postcodes = xcalloc(spaces + lines, sizeof *t->postcodes);
    t->id_former = lines;
    t->id_mask = 1023;
    t->ids = xcalloc(t->id_mask + 1, sizeof *t->ids);

    struct str rest = arena_str(&t->arena, text), line, above[COLUMNS] = {{0}};
    bool good = true, header = false;
    unsigned number = 0;
    while (good && str_next(&rest, '\n', &line)) {
        number++;
        good = read_line(t, line, above, &header, e);
    }
    if (good && t->n == 0)
        good = err_set(e, ERR_CONFIG, "no territories");
    if (!good) {
        err_where(e, "line %u", number);
        territories_free(t);
        return NULL;
    }
    qsort(t->postcodes, t->postcode_count, sizeof *t->postcodes, compare_postcodes);
    t->v = xrealloc(t->v, t->n * sizeof *t->v);
    t->parents = xrealloc(t->parents, (t->parent_count + 1) * sizeof *t->parents);
    t->postcodes = xrealloc(t->postcodes, (t->postcode_count + 1) * sizeof *t->postcodes);
    return t;
}

void territories_free(struct territories *t)
{
    if (!t)
        return;
    arena_free(&t->arena);
    free(t->v);
    free(t->parents);
    free(t->former);
    free(t->ids);
    free(t->postcodes);
    free(t);
}
