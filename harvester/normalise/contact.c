// See contact.h.
#include "harvester/normalise/contact.h"

#include "harvester/url.h"

// Words that name a service and no person. One of them must be a whole part of the local part.
static const struct str roles[] = {
    STR("accueil"),      STR("admin"),        STR("api"),           STR("assistance"),
    STR("cartographie"), STR("catalogue"),    STR("communication"), STR("contact"),
    STR("contacts"),     STR("data"),         STR("dataset"),       STR("direction"),
    STR("donnees"),      STR("dpo"),          STR("dsi"),           STR("equipe"),
    STR("geo"),          STR("geomatique"),   STR("info"),          STR("infos"),
    STR("informatique"), STR("mairie"),       STR("numerique"),     STR("observatoire"),
    STR("open"),         STR("opendata"),     STR("publication"),   STR("sdi"),
    STR("secretariat"),  STR("service"),      STR("services"),      STR("sig"),
    STR("stat"),         STR("statistiques"), STR("statistique"),   STR("support"),
    STR("team"),         STR("urbanisme"),    STR("web"),           STR("webmaster"),
};
enum { ADDRESS_MAX = 200 };

static bool is_role(struct str word)
{
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (str_eq_nocase(word, roles[i]))
            return true;
    return false;
}

struct str contact_role(struct arena *a, struct str form_url, struct str email)
{
    form_url = str_trim(form_url);
    if (form_url.n && url_is_web(form_url))
        return arena_str(a, form_url);
    email = str_trim(email);
    ptrdiff_t at = str_find_char(email, '@');
    if (at <= 0 || email.n > ADDRESS_MAX)
        return STR_NONE;
    for (size_t i = 0; i < email.n; i++)
        if (email.p[i] <= ' ' || strchr("\"'<>()", email.p[i]))
            return STR_NONE;
    size_t start = 0;
    for (size_t i = 0; i <= (size_t)at; i++)
        if (strchr(".-_+@", email.p[i])) {
            if (is_role(str_slice(email.p + start, i - start)))
                return arena_str(a, email);
            start = i + 1;
        }
    return STR_NONE;
}
