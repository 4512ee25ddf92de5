// The history of a record, for its page: which fields changed when, in French. See pages.h.
#include "api/pages.h"

#include "api/labels.h"
#include "base/json.h"

enum { VALUE_BYTES = 600, NAMES_MAX = 6 };

// What people call a field; the first whose name begins the field's own.
static struct str field_label(struct str field)
{
    static const struct {
        struct str field, label;
    } labels[] = {
        {STR("title"), STR("titre")},
        {STR("acronym"), STR("sigle")},
        {STR("description"), STR("description")},
        {STR("language"), STR("langue")},
        {STR("type"), STR("nature")},
        {STR("keywords"), STR("mots-clés")},
        {STR("themes"), STR("thèmes")},
        {STR("badges"), STR("labels")},
        {STR("featured"), STR("mise en avant")},
        {STR("publisher.certified"), STR("certification du producteur")},
        {STR("publisher"), STR("producteur")},
        {STR("license"), STR("licence")},
        {STR("access_request_url"), STR("demande d’accès")},
        {STR("access"), STR("accès")},
        {STR("distributions"), STR("fichiers")},
        {STR("fields"), STR("colonnes")},
        {STR("endpoint_description"), STR("description technique")},
        {STR("endpoint_url"), STR("adresse de l’API")},
        {STR("documentation_url"), STR("documentation")},
        {STR("rate_limiting"), STR("limite d’usage")},
        {STR("repository_url"), STR("dépôt de code")},
        {STR("programming_languages"), STR("langages")},
        {STR("development_status"), STR("état du logiciel")},
        {STR("spatial"), STR("territoire")},
        {STR("temporal"), STR("période couverte")},
        {STR("frequency"), STR("fréquence")},
        {STR("issued"), STR("date de publication")},
        {STR("modified"), STR("date de mise à jour")},
        {STR("landing_page"), STR("page d’accueil")},
        {STR("conforms_to"), STR("schéma")},
        {STR("contact_role"), STR("contact")},
        {STR("relations"), STR("fiches liées")},
        {STR("users"), STR("utilisateurs")},
        {STR("aliases"), STR("anciens identifiants")},
        {STR("also_in"), STR("autres catalogues")},
        {STR("provenance"), STR("provenance")},
    };
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (str_starts(field, labels[i].field))
            return labels[i].label;
    return field;
}

// What people read in place of a code.
static struct str label_of_text(struct str field, struct str text)
{
    static const struct {
        struct str field;
        enum facet facet;
    } facets[] = {
        {STR("access"), FACET_ACCESS},
        {STR("badges"), FACET_BADGE},
        {STR("frequency"), FACET_FREQUENCY},
        {STR("publisher.kind"), FACET_PUBLISHER_KIND},
        {STR("spatial.granularity"), FACET_GRANULARITY},
        {STR("themes"), FACET_THEME},
    };
    if (str_eq(field, STR("type")))
        return label_in(LABELS_TYPE, text);
    if (str_eq(field, STR("development_status")))
        return label_in(LABELS_DEVELOPMENT_STATUS, text);
    for (size_t i = 0; i < sizeof facets / sizeof *facets; i++)
        if (str_eq(facets[i].field, field))
            return label_of(facets[i].facet, text);
    return text;
}

// A value as text: lists by their items, objects by what names them, else as JSON.
static void add_value(struct buf *b, struct str field, const json_t *v)
{
    static const char *const names[] = {"title", "name", "label", "url"};
    size_t i;
    const json_t *item;
    if (json_is_string(v)) {
        buf_add(b, label_of_text(field, jstr(v)));
    } else if (json_is_boolean(v)) {
        buf_addz(b, json_is_true(v) ? "oui" : "non");
    } else if (json_is_array(v)) {
        json_array_foreach(v, i, item)
        {
            buf_addz(b, i ? ", " : "");
            add_value(b, field, item);
        }
    } else if (json_is_object(v)) {
        struct str name = STR_NONE;
        for (i = 0; i < sizeof names / sizeof *names && !name.n; i++)
            name = jget(v, names[i]);
        buf_add(b, name);
    } else if (json_is_number(v)) {
        char *text = json_dumps(v, JSON_ENCODE_ANY);
        if (text)
            buf_addz(b, text);
        free(text);
    }
}

static void view_value(struct arena *a, json_t *o, const char *key, struct str field,
                       const json_t *v, const struct time_zone *z)
{
    struct buf b = {0};
    struct date date;
    add_value(&b, field, v);
    struct str text = str_cut_utf8(buf_str(&b), VALUE_BYTES);
    if (json_is_string(v) && text.n >= 10 && date_parse(text, &date))
        view_text(o, key, french_date(a, date, z));
    else
        view_text(o, key, text);
    buf_free(&b);
}

// Codes that change along with what people read.
static bool is_technical(struct str field)
{
    return str_ends(field, STR(".id")) || str_eq(field, STR("license.open"));
}

static void view_changes(struct arena *a, json_t *o, struct str text, struct str otherwise,
                         const struct time_zone *z)
{
    json_t *changes = text.n ? json_loadb(text.p, text.n, JSON_ALLOW_NUL, NULL) : NULL;
    json_t *list = json_array();
    struct strs names = {0};
    size_t i;
    const json_t *change;
    json_array_foreach(changes, i, change)
    {
        struct str field = jget(change, "field"), name = arena_str(a, field_label(field));
        arena_push(a, &names, name);
        if (is_technical(field))
            continue;
        json_t *item = json_object();
        view_text(item, "field", name);
        view_value(a, item, "before", field, json_object_get(change, "from"), z);
        view_value(a, item, "after", field, json_object_get(change, "to"), z);
        json_array_append_new(list, item);
    }
    view_text(o, "fields", names.n && !otherwise.n ? french_list(a, names, NAMES_MAX) : otherwise);
    view_take(o, "changes", list);
    json_decref(changes);
}

json_t *history_items(struct arena *a, const struct history_entry *entries, size_t n,
                      const struct time_zone *z)
{
    json_t *list = json_array();
    if (n == 1 && str_eq(entries[0].what, STR("added")))
        return list; // its first day is said elsewhere
    for (size_t i = 0; i < n; i++) {
        const struct history_entry *e = &entries[i];
        struct date at = {e->at, DATE_SECOND};
        struct str what = str_eq(e->what, STR("added"))      ? STR("entrée dans Glaneur")
                          : str_eq(e->what, STR("removed"))  ? STR("retrait du catalogue")
                          : str_eq(e->what, STR("restored")) ? STR("retour dans le catalogue")
                                                             : STR_NONE;
        json_t *o = json_object();
        view_text(o, "date", french_date(a, at, z));
        view_text(o, "iso", french_date_iso(a, at, z));
        view_changes(a, o, e->changes, what, z);
        json_array_append_new(list, o);
    }
    return list;
}
