// The pages that are mostly text: about, accessibility, errors. See pages.h and the templates of
// those names.
#include "api/pages.h"

#include "harvester/url.h"

// The operator's address, from the configuration: of the web, or of e-mail.
static void view_operator(struct arena *a, json_t *o, struct str contact)
{
    json_t *c = json_object();
    view_link(c, "url", contact);
    if (!json_object_size(c) && str_find_char(contact, '@') > 0) {
        struct str mailto = str_starts(contact, STR("mailto:"))
                                ? contact
                                : arena_printf(a, "mailto:%.*s", STR_ARG(contact));
        if (url_is_web(mailto))
            view_text(c, "url", mailto);
    }
    if (json_object_size(c)) {
        view_text(c, "text", contact);
        json_object_set_new(o, "contact", c);
    } else {
        json_decref(c);
    }
}

static json_t *text_view(struct arena *a, const char *page, struct str title, struct str contact,
                         int64_t documents)
{
    struct page_layout layout = {.title = title, .documents = documents};
    json_t *view = view_new(a, &layout), *o = json_object();
    view_operator(a, o, contact);
    json_object_set_new(view, page, o);
    return view;
}

json_t *about_view(struct arena *a, struct str contact, int64_t documents)
{
    return text_view(a, "about", STR("À propos"), contact, documents);
}

json_t *accessibility_view(struct arena *a, struct str contact, int64_t documents)
{
    return text_view(a, "accessibility", STR("Déclaration d’accessibilité"), contact, documents);
}

json_t *error_view(struct arena *a, const struct error_page *e, int64_t documents)
{
    struct page_layout layout = {.title = e->title, .noindex = true, .documents = documents};
    json_t *view = view_new(a, &layout), *o = json_object();
    view_text(o, "title", e->title);
    view_text(o, "message", e->message);
    if (e->status)
        view_text(o, "status", arena_printf(a, "%u", e->status));
    json_object_set_new(view, "error", o);
    return view;
}

struct error_page error_page_of(struct arena *a, unsigned status, struct str request_id)
{
    static const struct error_page pages[] = {
        {400, STR("Cette adresse ne peut pas être comprise"),
         STR("Un de ses paramètres n’est pas comme il devrait. Vérifiez le lien que vous avez "
             "suivi, ou refaites la recherche.")},
        {404, STR("Cette page n’existe pas"),
         STR("L’adresse est peut-être incomplète, ou la fiche n’a jamais été moissonnée ici.")},
        {405, STR("Cette adresse ne se lit pas ainsi"),
         STR("Elle n’accepte pas ce que votre navigateur a demandé.")},
        {410, STR("Cette page n’existe plus"), STR("Ce qui s’y trouvait a été retiré.")},
        {414, STR("Cette adresse est trop longue"),
         STR("Retirez des mots ou des filtres à la recherche.")},
        {429, STR("Trop de demandes"),
         STR("Vous avez envoyé beaucoup de demandes en peu de temps. Réessayez dans une "
             "minute.")},
        {503, STR("Glaneur est très occupé"),
         STR("Trop de demandes sont en cours. Réessayez dans quelques secondes.")},
        {504, STR("La réponse a trop tardé"), STR("Réessayez dans quelques secondes.")},
    };
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        if (pages[i].status == status)
            return pages[i];
    if (status < 500)
        return (struct error_page){status, STR("Cette demande a été refusée"),
                                   STR("Vérifiez le lien que vous avez suivi.")};
    struct str message = arena_printf(a,
                                      "Quelque chose n’a pas marché de notre côté. Réessayez dans "
                                      "un moment" NBSP "; si cela dure, signalez-le avec ce "
                                      "numéro" NBSP ": %.*s.",
                                      STR_ARG(request_id));
    return (struct error_page){status, STR("Une erreur est survenue"), message};
}
