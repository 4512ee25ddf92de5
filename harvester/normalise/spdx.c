// See spdx.h.
#include "harvester/normalise/spdx.h"

#include "harvester/normalise/licence.h"

enum sign { SIGN_NAME, SIGN_OR, SIGN_AND, SIGN_WITH, SIGN_LIST, SIGN_END };

static bool is_list(char c)
{
    return c && strchr(",;/|&", c);
}

static bool is_space(char c)
{
    return c && strchr(" \t()", c);
}

// The next word or sign of *rest.
static enum sign next_sign(struct str *rest, struct str *word)
{
    size_t i = 0;
    while (i < rest->n && is_space(rest->p[i]))
        i++;
    size_t start = i;
    if (i == rest->n)
        return SIGN_END;
    if (is_list(rest->p[i]))
        i++;
    else
        while (i < rest->n && !is_space(rest->p[i]) && !is_list(rest->p[i]))
            i++;
    *word = str_slice(rest->p + start, i - start);
    *rest = str_slice(rest->p + i, rest->n - i);
    if (is_list(word->p[0]))
        return SIGN_LIST;
    if (str_eq_nocase(*word, STR("or")) || str_eq_nocase(*word, STR("ou")))
        return SIGN_OR;
    if (str_eq_nocase(*word, STR("and")) || str_eq_nocase(*word, STR("et")))
        return SIGN_AND;
    return str_eq_nocase(*word, STR("with")) ? SIGN_WITH : SIGN_NAME;
}

struct reading {
    const struct licence *first, *first_open;
    size_t names, known, open;
    bool choice, all;
};

static void take_name(struct reading *r, struct str name)
{
    if (!name.n)
        return;
    const struct licence *licence = licence_find(name);
    r->names++;
    if (!licence)
        return;
    r->known++;
    r->open += licence->open;
    if (!r->first)
        r->first = licence;
    if (licence->open && !r->first_open)
        r->first_open = licence;
}

static struct reading read_names(struct str rest)
{
    struct reading r = {0};
    struct str word, name = STR_NONE;
    enum sign sign, before = SIGN_LIST;
    do {
        sign = next_sign(&rest, &word);
        if (sign == SIGN_NAME && before != SIGN_WITH) { // words that follow each other are one name
            name = name.n ? str_slice(name.p, (size_t)(word.p + word.n - name.p)) : word;
        } else if (sign != SIGN_NAME) {
            take_name(&r, name);
            name = STR_NONE;
            r.choice = r.choice || sign == SIGN_OR;
            r.all = r.all || sign == SIGN_AND || sign == SIGN_LIST;
        }
        if (sign != SIGN_NAME || before != SIGN_WITH)
            before = sign;
    } while (sign != SIGN_END);
    return r;
}

static bool says_nothing(struct str s)
{
    return str_eq_nocase(s, STR("other")) || str_eq_nocase(s, STR("noassertion")) ||
           str_eq_nocase(s, STR("null"));
}

// "MIT License (MIT)": a name, and its id in brackets.
static bool read_id_behind(struct mapper *m, struct record *r, struct str s)
{
    ptrdiff_t at = str_find_char(s, '(');
    if (at <= 0 || !str_ends(s, STR(")")))
        return false;
    struct str id = str_slice(s.p + at + 1, s.n - (size_t)at - 2);
    if (str_find_char(id, ' ') >= 0 || !licence_find(id))
        return false;
    map_license(m, r, &id, 1);
    return true;
}

void map_spdx(struct mapper *m, struct record *r, struct str expression)
{
    expression = str_trim(expression);
    if (!expression.n || says_nothing(expression))
        return;
    if (licence_find(expression) || str_find(expression, STR("://")) >= 0) {
        map_license(m, r, &expression, 1);
        return;
    }
    if (read_id_behind(m, r, expression))
        return;
    struct reading read = read_names(expression);
    bool each = read.known == read.names && read.open == read.names;
    r->license.label = map_line(m, expression, NAME_MAX);
    if (!read.known)
        return;
    if (read.names == 1) {
        r->license = (struct license){read.first->id, r->license.label, read.first->open};
    } else if (read.choice && !read.all) {
        r->license.open = read.open > 0;
        if (read.first_open)
            r->license.id = read.first_open->id;
    } else {
        r->license.open = each;
    }
}
