// Texts, languages and codes of ISO metadata. See parts.h.
#include "harvester/drivers/iso19139/parts.h"

// ---- Languages ----------------------------------------------------------------------------------------

// ISO 639-2 codes, both kinds, and ISO 639-1.
static const struct {
    struct str three, also, two;
} languages[] = {
    {STR("fre"), STR("fra"), STR("fr")}, {STR("eng"), STR("eng"), STR("en")},
    {STR("ger"), STR("deu"), STR("de")}, {STR("dut"), STR("nld"), STR("nl")},
    {STR("spa"), STR("spa"), STR("es")}, {STR("ita"), STR("ita"), STR("it")},
    {STR("por"), STR("por"), STR("pt")}, {STR("cat"), STR("cat"), STR("ca")},
    {STR("bre"), STR("bre"), STR("br")}, {STR("baq"), STR("eus"), STR("eu")},
    {STR("cos"), STR("cos"), STR("co")}, {STR("oci"), STR("oci"), STR("oc")},
    {STR("roh"), STR("roh"), STR("rm")}, {STR("dan"), STR("dan"), STR("da")},
    {STR("swe"), STR("swe"), STR("sv")}, {STR("nor"), STR("nob"), STR("no")},
    {STR("fin"), STR("fin"), STR("fi")}, {STR("pol"), STR("pol"), STR("pl")},
    {STR("cze"), STR("ces"), STR("cs")}, {STR("slo"), STR("slk"), STR("sk")},
    {STR("slv"), STR("slv"), STR("sl")}, {STR("hun"), STR("hun"), STR("hu")},
    {STR("rum"), STR("ron"), STR("ro")}, {STR("bul"), STR("bul"), STR("bg")},
    {STR("gre"), STR("ell"), STR("el")}, {STR("est"), STR("est"), STR("et")},
    {STR("lav"), STR("lav"), STR("lv")}, {STR("lit"), STR("lit"), STR("lt")},
    {STR("hrv"), STR("hrv"), STR("hr")}, {STR("gle"), STR("gle"), STR("ga")},
    {STR("mlt"), STR("mlt"), STR("mt")}, {STR("wel"), STR("cym"), STR("cy")},
};

static bool is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

struct str iso_language_tag(struct arena *a, struct str any)
{
    any = str_trim(any);
    for (size_t i = any.n; i-- > 0;) // of an address, the end
        if (any.p[i] == '/' || any.p[i] == '#') {
            any = str_slice(any.p + i + 1, any.n - i - 1);
            break;
        }
    size_t n = 0;
    while (n < any.n && is_letter(any.p[n]))
        n++;
    if (n < 2 || n > 3)
        return STR_NONE;
    struct str tag = text_code(a, str_slice(any.p, n), 3);
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
        if (str_eq(tag, languages[i].three) || str_eq(tag, languages[i].also))
            return languages[i].two;
    return tag;
}

// The code of a language property: LanguageCode, or a text.
static struct str language_at(struct iso *x, const struct xml_node *node, const char *path)
{
    return iso_language_tag(x->m->arena, iso_code(x->m->arena, xml_find(node, path)));
}

static void add_locales(struct iso *x, const struct xml_node *node, const char *path)
{
    size_t n;
    const struct xml_node **found = iso_all(x, node, path, &n);
    for (size_t i = 0; i < n && x->locale_count < ISO_LOCALES_MAX; i++) {
        struct str id = xml_attribute(found[i], NULL, "id");
        struct str language = language_at(x, found[i], "languageCode");
        if (!language.n)
            language = language_at(x, found[i], "language");
        if (!x->language.n && str_eq(found[i]->parent->name, STR("defaultLocale")))
            x->language = language;
        x->locales[x->locale_count].id = id;
        x->locales[x->locale_count++].language = language;
    }
}

void iso_languages(struct iso *x)
{
    x->language = language_at(x, x->root, "language");
    add_locales(x, x->root, "defaultLocale/PT_Locale");
    add_locales(x, x->root, "otherLocale/PT_Locale");
    add_locales(x, x->root, "locale/PT_Locale");
}

// Of "#FR": what the record says that it is, else what it looks like.
static struct str locale_language(const struct iso *x, struct str reference)
{
    if (reference.n && reference.p[0] == '#')
        reference = str_slice(reference.p + 1, reference.n - 1);
    for (size_t i = 0; i < x->locale_count; i++)
        if (reference.n && str_eq(x->locales[i].id, reference) && x->locales[i].language.n)
            return x->locales[i].language;
    const struct str prefix = STR("locale-");
    if (str_starts(reference, prefix))
        reference = str_slice(reference.p + prefix.n, reference.n - prefix.n);
    return iso_language_tag(x->m->arena, reference);
}

// ---- Texts --------------------------------------------------------------------------------------------

// What editors leave of a template: "-- Titre --".
static bool is_placeholder(struct str text)
{
    return text.n >= 4 && str_starts(text, STR("--")) && str_ends(text, STR("--"));
}

static struct str plain_text(const struct iso *x, const struct xml_node *property)
{
    struct str text = str_trim(property->text);
    for (const struct xml_node *c = property->first; c && !text.n; c = c->next)
        if (!str_starts(c->name, STR("PT_Free")))
            text = xml_text(c, x->m->arena);
    return is_placeholder(text) ? STR_NONE : text;
}

struct str iso_text(const struct iso *x, const struct xml_node *property, struct str *language)
{
    const struct str french = STR("fr"), english = STR("en");
    struct str spoken = x->language, none;
    if (!language)
        language = &none;
    *language = spoken;
    if (!property)
        return STR_NONE;
    struct str text = plain_text(x, property), other = STR_NONE;
    if (text.n && str_eq(spoken, french))
        return text;
    size_t n;
    const struct xml_node **groups = iso_all(x, property, "*/textGroup/*", &n);
    for (size_t i = 0; i < n; i++) {
        struct str said = xml_text(groups[i], x->m->arena);
        struct str in = locale_language(x, xml_attribute(groups[i], NULL, "locale"));
        if (!said.n || is_placeholder(said))
            continue;
        if (str_eq(in, french)) {
            *language = in;
            return said;
        }
        if (!text.n && (!other.n || str_eq(in, english))) {
            *language = in;
            other = said;
        }
    }
    return text.n ? text : other;
}

struct str iso_text_at(const struct iso *x, const struct xml_node *node, const char *path,
                       struct str *language)
{
    return iso_text(x, xml_find(node, path), language);
}

struct str iso_block(struct arena *a, struct str text)
{
    size_t common = SIZE_MAX;
    struct str rest = text, line;
    for (bool first = true; str_next(&rest, '\n', &line); first = false) {
        size_t blank = 0;
        while (blank < line.n && (line.p[blank] == ' ' || line.p[blank] == '\t'))
            blank++;
        if (!first && str_trim(line).n && blank < common)
            common = blank;
    }
    if (common == SIZE_MAX || common < 2)
        return text;
    char *bytes = arena_bytes(a, text.n);
    size_t n = 0;
    rest = text;
    for (bool first = true; str_next(&rest, '\n', &line); first = false) {
        size_t skip = first ? 0 : line.n < common ? line.n : common;
        if (!first)
            bytes[n++] = '\n';
        memcpy(bytes + n, line.p + skip, line.n - skip);
        n += line.n - skip;
    }
    return str_slice(bytes, n);
}

struct str iso_anchor(const struct xml_node *property)
{
    const struct xml_node *anchor = xml_child(property, NULL, "Anchor");
    return anchor ? xml_attribute(anchor, NULL, "href") : xml_attribute(property, NULL, "href");
}

struct str iso_code(struct arena *a, const struct xml_node *property)
{
    const struct xml_node *code = property ? property->first : NULL;
    struct str value = xml_attribute(code, NULL, "codeListValue");
    if (!value.n && code)
        value = xml_text(code, a);
    return value.n || !property ? value : str_trim(property->text);
}

const struct xml_node **iso_all(const struct iso *x, const struct xml_node *node, const char *path,
                                size_t *n)
{
    return xml_find_all(node, path, ISO_LIST_MAX, x->m->arena, n);
}

bool iso_contains(struct str text, struct str part)
{
    for (size_t i = 0; i + part.n <= text.n; i++)
        if (str_eq_nocase(str_slice(text.p + i, part.n), part))
            return true;
    return false;
}

// ---- Identifiers --------------------------------------------------------------------------------------

struct str iso_global_id(struct mapper *m, struct str id)
{
    enum { LONG = 20, UUID_BYTES = 36 };
    const struct str urn = STR("urn:uuid:");
    size_t digits = 0, parts = 0;
    if (str_starts(id, STR("title~")))
        return STR_NONE;
    if (str_starts(id, STR("http://")) || str_starts(id, STR("https://")))
        return map_line(m, id, URL_MAX);
    if (id.n > urn.n && str_eq_nocase(str_slice(id.p, urn.n), urn))
        id = str_slice(id.p + urn.n, id.n - urn.n);
    if (id.n == UUID_BYTES + 2 && id.p[0] == '{')
        id = str_slice(id.p + 1, UUID_BYTES);
    for (size_t i = 0; i < id.n; i++) {
        digits += id.p[i] >= '0' && id.p[i] <= '9';
        parts += id.p[i] == '-' || id.p[i] == ':';
    }
    if (id.n < LONG || digits < 4 || parts < 2)
        return STR_NONE;
    return id.n == UUID_BYTES ? text_code(m->arena, id, UUID_BYTES) : map_line(m, id, NAME_MAX);
}
