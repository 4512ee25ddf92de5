// See extent.h.
#include "harvester/normalise/extent.h"

#include "harvester/url.h"

enum { DEPTH_MAX = 8, PLACES_MAX = 1000 };

static void add_value(struct mapper *m, struct record *r, const json_t *value, unsigned depth);

static void add_box(struct record *r, const double b[4])
{
    bool good = b[1] >= -90 && b[3] <= 90 && b[1] <= b[3] && b[0] >= -180 && b[0] <= 180 &&
                b[2] >= -180 && b[2] <= 180;
    if (!good)
        return;
    bool crosses = b[0] > b[2];
    map_add_point(r, crosses ? -180 : b[0], b[1]);
    map_add_point(r, crosses ? 180 : b[2], b[3]);
}

// ---- Text ------------------------------------------------------------------------------------------

static bool is_separator(char c)
{
    return c == ',' || c == ';' || c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// The numbers at the start of *rest, between commas, semicolons and spaces; *rest becomes what follows. At most `most` are kept, all
// are counted.
static size_t take_numbers(struct str *rest, double *out, size_t most)
{
    size_t n = 0;
    for (;;) {
        size_t at = 0, end;
        while (at < rest->n && is_separator(rest->p[at]))
            at++;
        for (end = at; end < rest->n && rest->p[end] && strchr("+-.0123456789eE", rest->p[end]);)
            end++;
        double number;
        struct str word = str_slice(rest->p + at, end - at);
        if (word.n && word.p[0] == '+')
            word = str_slice(word.p + 1, word.n - 1);
        if (!str_to_real(word, &number))
            return n;
        if (n < most)
            out[n] = number;
        n++;
        *rest = str_slice(rest->p + end, rest->n - end);
    }
}

// "west,south,east,north" or "latitude,longitude". False when the text is anything else.
static bool add_numbers(struct record *r, struct str text)
{
    double v[4];
    size_t n = take_numbers(&text, v, 4);
    if (str_trim(text).n || (n != 4 && n != 2))
        return false;
    if (n == 4)
        add_box(r, v);
    else if (v[0] >= -90 && v[0] <= 90)
        map_add_point(r, v[1], v[0]);
    else
        map_add_point(r, v[0], v[1]);
    return true;
}

static bool starts_nocase(struct str s, struct str prefix)
{
    return s.n >= prefix.n && str_eq_nocase(str_slice(s.p, prefix.n), prefix);
}

static bool add_wkt(struct record *r, struct str text)
{
    static const struct str words[] = {
        STR("ENVELOPE"),   STR("POINT"),           STR("LINESTRING"),   STR("POLYGON"),
        STR("MULTIPOINT"), STR("MULTILINESTRING"), STR("MULTIPOLYGON"), STR("GEOMETRYCOLLECTION"),
    };
    if (starts_nocase(text, STR("SRID="))) {
        ptrdiff_t end = str_find_char(text, ';');
        text = end < 0 ? STR_NONE : str_trim(str_slice(text.p + end + 1, text.n - (size_t)end - 1));
    }
    if (text.n && text.p[0] == '<') { // GeoSPARQL: the address of a reference system before it
        ptrdiff_t end = str_find_char(text, '>');
        text = end < 0 ? STR_NONE : str_trim(str_slice(text.p + end + 1, text.n - (size_t)end - 1));
    }
    size_t word = 0, count = sizeof words / sizeof *words;
    while (word < count && !starts_nocase(text, words[word]))
        word++;
    ptrdiff_t open = str_find_char(text, '(');
    if (word == count || open < 0)
        return false;
    struct str between = str_slice(text.p + words[word].n, (size_t)open - words[word].n);
    if (str_trim(between).n > 2 || (between.n && between.p[0] != ' ' && str_trim(between).n > 1))
        return false; // "Pointe-Noire (Congo)"; but "POINT ZM (" and "POINTZ("
    struct str rest = str_slice(text.p + open + 1, text.n - (size_t)open - 1);
    if (word == 0) { // west, east, north, south
        double v[4];
        if (take_numbers(&rest, v, 4) == 4)
            add_box(r, (double[]){v[0], v[3], v[1], v[2]});
        return true;
    }
    struct str ring, point;
    while (str_next(&rest, '(', &ring))
        while (str_next(&ring, ',', &point)) {
            double v[2];
            if (take_numbers(&point, v, 2) >= 2)
                map_add_point(r, v[0], v[1]);
        }
    return true;
}

static bool says_nothing(struct str label)
{
    static const struct str words[] = {
        STR("n/a"),  STR("na"), STR("none"),    STR("null"),          STR("not applicable"),
        STR("n.a."), STR("-"),  STR("unknown"), STR("not available"),
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq_nocase(label, words[i]))
            return true;
    return url_is_web(label);
}

static void add_text(struct mapper *m, struct record *r, struct str text, unsigned depth)
{
    text = str_trim(text);
    if (!text.n)
        return;
    if (text.p[0] == '{' || text.p[0] == '[') {
        json_t *v = json_read(text, m->arena, NULL, NULL);
        add_value(m, r, v, depth + 1);
        json_decref(v);
        return;
    }
    if (add_numbers(r, text) || add_wkt(r, text))
        return;
    if (text.p[0] != '<' && !says_nothing(text)) // GML is none of a place's names
        map_add_zone(m, r, text, STR_NONE);
}

void map_extent_text(struct mapper *m, struct record *r, struct str text)
{
    add_text(m, r, text, 0);
}

// ---- JSON ------------------------------------------------------------------------------------------

static bool add_number_array(struct record *r, const json_t *array)
{
    double v[6] = {0};
    size_t i, n = json_array_size(array);
    const json_t *e;
    if (n != 2 && n != 3 && n != 4 && n != 6)
        return false;
    json_array_foreach(array, i, e)
    {
        if (!json_is_number(e))
            return false;
        v[i] = json_number_value(e);
    }
    if (n == 6) // with heights
        add_box(r, (double[]){v[0], v[1], v[3], v[4]});
    else if (n == 4)
        add_box(r, v);
    else
        map_add_point(r, v[0], v[1]);
    return true;
}

static void add_object(struct mapper *m, struct record *r, const json_t *o, unsigned depth)
{
    static const char *const shapes[] = {"bbox",     "geometry", "locn:geometry", "geometries",
                                         "features", "geom",     "centroid"};
    static const char *const names[] = {"prefLabel", "label", "name", "title", "@value"};
    bool had = r->spatial.has_bbox;
    if (jget_array(o, "coordinates"))
        map_add_coordinates(r, jget_array(o, "coordinates"));
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        bool centre = i + 1 == sizeof shapes / sizeof *shapes;
        if (!centre || had == r->spatial.has_bbox) // a centroid only where there is no shape
            add_value(m, r, json_object_get(o, shapes[i]), depth + 1);
    }
    if (jget(o, "type").n && json_object_get(o, "properties"))
        return; // a feature's name is no place's
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct str label = map_localised(json_object_get(o, names[i]), NULL);
        if (label.n) {
            add_text(m, r, label, depth + 1);
            return;
        }
    }
}

static void add_value(struct mapper *m, struct record *r, const json_t *value, unsigned depth)
{
    if (depth > DEPTH_MAX)
        return;
    if (json_is_string(value)) {
        add_text(m, r, jstr(value), depth);
    } else if (json_is_object(value)) {
        add_object(m, r, value, depth);
    } else if (json_is_array(value) && !add_number_array(r, value)) {
        size_t i;
        const json_t *e;
        json_array_foreach(value, i, e)
        {
            if (i < PLACES_MAX)
                add_value(m, r, e, depth + 1);
        }
    }
}

void map_extent(struct mapper *m, struct record *r, const json_t *value)
{
    add_value(m, r, value, 0);
}
