// See text.h.
#include "api/http/text.h"

#include "base/utf8.h"

bool http_is_token(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool alphanumeric =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!alphanumeric && (c == '\0' || !strchr("!#$%&'*+-.^_`|~", c)))
            return false;
    }
    return s.n > 0;
}

bool http_is_field_value(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if ((c < ' ' && c != '\t') || c == 0x7F)
            return false;
    }
    return true;
}

bool http_list_next(struct str *rest, struct str *element)
{
    while (rest->p) {
        bool quoted = false;
        size_t end = 0;
        for (; end < rest->n && (quoted || rest->p[end] != ','); end++)
            if (rest->p[end] == '"')
                quoted = !quoted;
            else if (quoted && rest->p[end] == '\\' && end + 1 < rest->n)
                end++;
        *element = str_trim(str_slice(rest->p, end));
        *rest = end < rest->n ? str_slice(rest->p + end + 1, rest->n - end - 1) : STR_NONE;
        if (element->n)
            return true;
    }
    return false;
}

// "0", "1", "0.5", "1.000" in thousandths (RFC 9110 12.4.2); 0 for anything else.
static int weight_of(struct str s)
{
    int weight = 0, place = 100;
    if (s.n == 0 || s.n > 5 || (s.p[0] != '0' && s.p[0] != '1') || (s.n > 1 && s.p[1] != '.'))
        return 0;
    for (size_t i = 2; i < s.n; i++, place /= 10) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return 0;
        weight += (s.p[i] - '0') * place;
    }
    if (s.p[0] == '1')
        return weight == 0 ? 1000 : 0;
    return weight;
}

int http_list_weight(struct str list, const char *name)
{
    struct str element;
    while (http_list_next(&list, &element)) {
        struct str part = STR_NONE;
        int weight = 1000;
        str_next(&element, ';', &part);
        if (!str_eq_nocase(str_trim(part), str_of(name)))
            continue;
        while (str_next(&element, ';', &part)) {
            part = str_trim(part);
            if (part.n >= 2 && (part.p[0] == 'q' || part.p[0] == 'Q') && part.p[1] == '=')
                weight = weight_of(str_slice(part.p + 2, part.n - 2));
        }
        return weight;
    }
    return -1;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// Decodes, and counts the '%' that start no %XX: they stand for themselves.
static struct str decode(struct arena *a, struct str s, bool plus_is_space, size_t *malformed)
{
    char *p = arena_bytes(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        int high = -1, low = -1;
        if (s.p[i] == '%' && s.n - i > 2) {
            high = hex_value(s.p[i + 1]);
            low = hex_value(s.p[i + 2]);
        }
        if (high >= 0 && low >= 0) {
            p[n++] = (char)(high * 16 + low);
            i += 2;
            continue;
        }
        *malformed += s.p[i] == '%';
        p[n++] = plus_is_space && s.p[i] == '+' ? ' ' : s.p[i];
    }
    p[n] = '\0';
    return str_slice(p, n);
}

static bool is_text(struct str s)
{
    return str_find_char(s, '\0') < 0 && utf8_valid(s);
}

bool http_percent_decode(struct arena *a, struct str s, struct str *out)
{
    size_t malformed = 0;
    *out = decode(a, s, false, &malformed);
    return malformed == 0 && is_text(*out);
}

bool http_query_parse(struct arena *a, struct str query, size_t most, struct http_pairs *out,
                      struct str *culprit, struct err *e)
{
    struct str piece;
    struct http_pair *v = ARENA_ARRAY(a, struct http_pair, most);
    *out = (struct http_pairs){v, 0};
    *culprit = STR_NONE;
    while (str_next(&query, '&', &piece)) {
        size_t malformed = 0;
        struct str name = STR_NONE;
        if (piece.n == 0)
            continue;
        if (out->n == most)
            return err_set(e, ERR_ARGUMENT, "the query has more than %zu parameters", most);
        str_next(&piece, '=', &name);
        struct http_pair *pair = &v[out->n++];
        pair->name = decode(a, name, true, &malformed);
        pair->value = decode(a, piece.p ? piece : STR(""), true, &malformed);
        if (!is_text(pair->name))
            return err_set(e, ERR_ARGUMENT, "a parameter's name is not UTF-8 text");
        if (!is_text(pair->value)) {
            *culprit = pair->name;
            return err_set(e, ERR_ARGUMENT, "the value is not UTF-8 text");
        }
    }
    return true;
}

struct str http_pairs_field(struct http_pairs fields, const char *name)
{
    struct str wanted = str_of(name);
    for (size_t i = 0; i < fields.n; i++)
        if (str_eq_nocase(fields.v[i].name, wanted))
            return fields.v[i].value;
    return STR_NONE;
}
