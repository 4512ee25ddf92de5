// See format.h. What a source writes as a format is a word, a media type, an identifier of ISO
// 19139 ("OGC:WMS-1.3.0-http-get-map", "WWW:LINK-1.0-http--link"), several of them, or a sentence;
// the table's spellings are looked for in the whole of it, then in its parts.
#include "harvester/normalise/loaded.h"

enum { NOT_FOUND = -1, MOST_WORDS = 10, TOKEN_BYTES = 20, MEDIA_TYPE_BYTES = 100 };

static const struct str families[] = {STR("tabular"), STR("machine_readable"), STR("geographical"),
                                      STR("documents"), STR("other")};

static bool is_family(struct str s)
{
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (str_eq(s, families[i]))
            return true;
    return false;
}

// "vnd.ms-excel" for "application/vnd.ms-excel", where no other row claims it.
static bool name_subtype(struct table *t, struct str media_type, size_t row, struct err *e)
{
    char bytes[TABLE_KEY_BYTES];
    ptrdiff_t slash = str_find_char(media_type, '/');
    if (slash < 0)
        return true;
    struct str subtype = str_slice(media_type.p + slash + 1, media_type.n - (size_t)slash - 1);
    return table_find(t, table_key(subtype, bytes)) != SIZE_MAX || table_name(t, subtype, row, e);
}

bool formats_read(struct vocabularies *v, struct str text, struct err *e)
{
    enum { ID, LABEL, FAMILY, PRECISION, MEDIA_TYPE, ALIASES };
    struct table *t = &v->formats;
    if (!table_read(t, text, "formats.tsv", "id label family precision media_type aliases", e))
        return false;
    v->format = ARENA_ARRAY(&t->arena, struct format, t->n);
    v->precision = (unsigned char *)arena_bytes(&t->arena, t->n);
    for (size_t i = 0; i < t->n; i++) {
        const struct str *cells = t->rows[i].cells;
        int64_t precision;
        if (!is_family(cells[FAMILY]))
            return table_wrong(t, i, e, "no such family");
        if (!str_to_int(cells[PRECISION], 0, 2, &precision))
            return table_wrong(t, i, e, "precision must be 0, 1 or 2");
        bool nothing = str_eq(cells[ID], STR("-")), again = false;
        for (size_t j = 0; j < i; j++)
            again = again || str_eq(cells[ID], t->rows[j].cells[ID]);
        v->format[i] = (struct format){.id = nothing ? STR_NONE : cells[ID],
                                       .label = cells[LABEL],
                                       .family = cells[FAMILY],
                                       .media_type = cells[MEDIA_TYPE],
                                       .known = !nothing};
        v->precision[i] = (unsigned char)precision;
        if (!again && (!table_name(t, cells[ID], i, e) || !table_name(t, cells[LABEL], i, e)))
            return false;
        if (!table_name(t, cells[MEDIA_TYPE], i, e) || !table_name_all(t, cells[ALIASES], i, e))
            return false;
    }
    for (size_t i = 0; i < t->n; i++)
        if (!name_subtype(t, t->rows[i].cells[MEDIA_TYPE], i, e))
            return false;
    return true;
}

const struct format *format_by_id(struct str id)
{
    const struct vocabularies *v = vocabularies_in_force();
    size_t row = v ? table_first(&v->formats, id) : SIZE_MAX;
    return row != SIZE_MAX && v->format[row].known ? &v->format[row] : NULL;
}

struct str format_family_label(struct str family)
{
    static const struct str labels[] = {STR("Tableaux"), STR("Données pour machines"),
                                        STR("Données géographiques"), STR("Documents"),
                                        STR("Autres formats")};
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (str_eq(family, families[i]))
            return labels[i];
    return family;
}

// What one of the three texts tells: a row and how much that is worth.
struct find {
    size_t row; // SIZE_MAX: nothing
    int precision;
};

static const struct find nothing = {SIZE_MAX, NOT_FOUND};

static struct find find_key(const struct vocabularies *v, struct str key)
{
    size_t row = table_find(&v->formats, key);
    return row == SIZE_MAX ? nothing : (struct find){row, v->precision[row]};
}

static struct find find_whole(const struct vocabularies *v, struct str text)
{
    char bytes[TABLE_KEY_BYTES];
    return find_key(v, table_key(text, bytes));
}

static struct find better(struct find a, struct find b)
{
    return b.precision > a.precision ? b : a;
}

// The most precise of the pairs of words, else of the words, first ones first; mere links and
// documents do not count.
static struct find find_words(const struct vocabularies *v, struct str key)
{
    struct str words[MOST_WORDS], rest = key;
    size_t n = 0;
    for (struct str word; str_next(&rest, ' ', &word); words[n++] = word)
        if (n == MOST_WORDS)
            return nothing;
    struct find best = nothing;
    for (size_t i = 1; i < n; i++) // they stand side by side in the key
        best =
            better(best, find_key(v, str_slice(words[i - 1].p, words[i - 1].n + 1 + words[i].n)));
    for (size_t i = 0; i < n; i++)
        if (words[i].n > 1)
            best = better(best, find_key(v, words[i]));
    return best.precision >= 1 ? best : nothing;
}

static struct find find_part(const struct vocabularies *v, struct str text)
{
    char bytes[TABLE_KEY_BYTES];
    struct str key = table_key(text, bytes);
    struct find found = find_key(v, key);
    return found.row == SIZE_MAX ? find_words(v, key) : found;
}

static struct str after_last(struct str s, char c)
{
    for (size_t i = s.n; i > 0; i--)
        if (s.p[i - 1] == c)
            return str_slice(s.p + i, s.n - i);
    return STR_NONE;
}

// "esri shapefile (shp)": the words in parentheses, and those before them.
static bool split_parentheses(struct str s, struct str *outside, struct str *inside)
{
    ptrdiff_t open = str_find_char(s, '(');
    if (open <= 0)
        return false;
    *outside = str_slice(s.p, (size_t)open);
    *inside = str_slice(s.p + open + 1, s.n - (size_t)open - 1);
    ptrdiff_t close = str_find_char(*inside, ')');
    if (close >= 0)
        inside->n = (size_t)close;
    return true;
}

static bool is_hex(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= '0' && s.p[i] <= '9') ||
              ((s.p[i] | 0x20) >= 'a' && (s.p[i] | 0x20) <= 'f')))
            return false;
    return s.n > 0;
}

// A name that an RDF library gave to a blank node: "n0dc036667d1e4069924172ff536cf792", "_:b0".
static bool is_blank_node(struct str s)
{
    enum { UUID_DIGITS = 32 };
    return str_starts(s, STR("_:")) || (s.n == UUID_DIGITS + 1 && (s.p[0] | 0x20) == 'n' &&
                                        is_hex(str_slice(s.p + 1, s.n - 1)));
}

static struct find find_in(const struct vocabularies *v, struct str text)
{
    char bytes[TABLE_KEY_BYTES];
    if (is_blank_node(text))
        return nothing;
    struct str key = table_key(text, bytes), outside, inside;
    struct find found = find_key(v, key);
    if (found.row != SIZE_MAX)
        return found;
    if (str_starts(key, STR("www link")))
        return find_key(v, STR("www link"));
    if (split_parentheses(text, &outside, &inside))
        found = better(find_part(v, inside), find_part(v, outside));
    if (found.row == SIZE_MAX)
        found = find_whole(v, after_last(text, ':'));
    if (found.row == SIZE_MAX && str_find_char(text, ' ') < 0)
        found = find_whole(v, after_last(text, '/'));
    return found.row == SIZE_MAX ? find_words(v, key) : found;
}

static struct find find_media_type(const struct vocabularies *v, struct str media_type)
{
    ptrdiff_t parameters = str_find_char(media_type, ';');
    if (parameters >= 0)
        media_type.n = (size_t)parameters;
    struct find found = find_whole(v, media_type);
    return found.row == SIZE_MAX ? find_whole(v, after_last(media_type, '/')) : found;
}

// The value of a parameter of the query ("?service=WMS&..."), its name in any case; empty when it
// is not there.
static struct str parameter(struct str query, struct str name)
{
    for (struct str one; str_next(&query, '&', &one);)
        if (one.n > name.n && one.p[name.n] == '=' && str_eq_nocase(str_slice(one.p, name.n), name))
            return str_slice(one.p + name.n + 1, one.n - name.n - 1);
    return STR_NONE;
}

// By the extension of a file's name: of "plan.shp.zip", "shp" before "zip".
static struct find find_extension(const struct vocabularies *v, struct str file)
{
    struct str last = after_last(file, '.');
    if (!last.p || last.n > TOKEN_BYTES)
        return nothing;
    struct find found = find_whole(v, last);
    if (found.precision == 1) { // a container, of what the name may tell
        struct str stem = str_slice(file.p, file.n - last.n - 1);
        struct str inner = after_last(stem, '.');
        struct find content = find_whole(v, inner.p ? inner : stem);
        if (content.precision == 2)
            return content;
    }
    return found;
}

static struct find find_url(const struct vocabularies *v, struct str url)
{
    ptrdiff_t scheme = str_find(url, STR("://"));
    struct str path = scheme < 0 ? url : str_slice(url.p + scheme + 3, url.n - (size_t)scheme - 3);
    ptrdiff_t fragment = str_find_char(path, '#');
    if (fragment >= 0)
        path.n = (size_t)fragment;
    ptrdiff_t question = str_find_char(path, '?');
    struct str query = STR_NONE;
    if (question >= 0) {
        query = str_slice(path.p + question + 1, path.n - (size_t)question - 1);
        path.n = (size_t)question;
    }
    struct str file = after_last(path, '/'); // nothing for a host alone
    struct find found = find_extension(v, file);
    if (found.precision < 2)
        found = better(found, find_whole(v, parameter(query, STR("service"))));
    if (found.precision < 2)
        found = better(found, find_whole(v, parameter(query, STR("format"))));
    bool export = file.n > 0 && path.n > file.n &&
                  str_ends(str_slice(path.p, path.n - file.n), STR("/exports/"));
    if (export || str_eq_nocase(file, STR("FeatureServer")) ||
        str_eq_nocase(file, STR("MapServer")))
        found = better(found, find_whole(v, file));
    return found;
}

// A page may describe anything: as an answer's type or a file's extension, HTML is no more than a
// link.
static struct find page_is_link(const struct vocabularies *v, struct find found)
{
    if (found.row != SIZE_MAX && str_eq(v->format[found.row].id, STR("html")))
        return find_key(v, STR("www link"));
    return found;
}

// A short clean word that may stand as a format of its own, without the dot of an extension.
static struct str token(struct arena *a, struct str raw)
{
    raw = str_trim(raw);
    while (raw.n && (raw.p[0] == '*' || raw.p[0] == '.'))
        raw = str_slice(raw.p + 1, raw.n - 1);
    if (raw.n < 2 || raw.n > TOKEN_BYTES || is_hex(raw))
        return STR_NONE;
    bool letter = false;
    char *out = arena_z(a, raw);
    for (size_t i = 0; i < raw.n; i++) {
        if (out[i] >= 'A' && out[i] <= 'Z')
            out[i] = (char)(out[i] | 0x20);
        bool is_letter = out[i] >= 'a' && out[i] <= 'z', digit = out[i] >= '0' && out[i] <= '9';
        letter = letter || is_letter;
        if (!is_letter && !digit && (i == 0 || i + 1 == raw.n || !strchr("+-._", out[i])))
            return STR_NONE;
    }
    return letter ? str_slice(out, raw.n) : STR_NONE;
}

static bool is_media_type(struct str s)
{
    size_t slashes = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        slashes += c == '/';
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
              (c != '\0' && strchr("/.+-_", c))))
            return false;
    }
    return slashes == 1 && s.n <= MEDIA_TYPE_BYTES && s.p[0] != '/' && s.p[s.n - 1] != '/';
}

static struct str own_media_type(struct arena *a, struct str media_type)
{
    ptrdiff_t parameters = str_find_char(media_type, ';');
    if (parameters >= 0)
        media_type.n = (size_t)parameters;
    media_type = str_trim(media_type);
    if (media_type.n == 0 || media_type.n > MEDIA_TYPE_BYTES)
        return STR_NONE;
    char *out = arena_z(a, media_type);
    for (size_t i = 0; i < media_type.n; i++)
        if (out[i] >= 'A' && out[i] <= 'Z')
            out[i] = (char)(out[i] | 0x20);
    struct str s = str_slice(out, media_type.n);
    return is_media_type(s) ? s : STR_NONE;
}

struct format format_find(struct arena *a, struct str raw_format, struct str media_type,
                          struct str url)
{
    const struct vocabularies *v = vocabularies_in_force();
    struct find found = nothing, stated = nothing;
    if (v) {
        bool address = str_find(raw_format, STR("://")) > 0;
        stated = find_in(v, raw_format);
        if (address)
            stated = better(stated, find_url(v, raw_format));
        found = better(stated, page_is_link(v, find_media_type(v, media_type)));
        found = better(found, page_is_link(v, find_url(v, url)));
    }
    struct format f = {.family = STR("other")};
    if (found.row != SIZE_MAX)
        f = v->format[found.row];
    if (!f.known && stated.row == SIZE_MAX && !is_blank_node(raw_format)) {
        f.id = token(a, raw_format);
        f.label = f.id;
    }
    if (f.media_type.n == 0)
        f.media_type = own_media_type(a, media_type);
    return f;
}
