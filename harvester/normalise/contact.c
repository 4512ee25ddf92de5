// See contact.h.
#include "harvester/normalise/contact.h"

#include "harvester/url.h"

// Words that name a service and no person.
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

static bool is_letter_or_digit(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

static bool only(struct str s, const char *signs)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_letter_or_digit(s.p[i]) && (s.p[i] == '\0' || !strchr(signs, s.p[i])))
            return false;
    return s.n > 0;
}

static bool has_letter(struct str word)
{
    for (size_t i = 0; i < word.n; i++)
        if ((word.p[i] | 0x20) >= 'a')
            return true;
    return false;
}

// A role, and beside it at most one word more ("sig-lyon"): two may be a person's names ("jeanne.martin.sig").
static bool names_a_role(struct str local)
{
    unsigned roles_found = 0, others = 0;
    size_t start = 0;
    for (size_t i = 0; i <= local.n; i++)
        if (i == local.n || strchr(".-_+", local.p[i])) {
            struct str word = str_slice(local.p + start, i - start);
            if (is_role(word))
                roles_found++;
            else
                others += has_letter(word);
            start = i + 1;
        }
    return roles_found > 0 && others <= 1;
}

struct str contact_role(struct arena *a, struct str form_url, struct str email)
{
    const struct str mailto = STR("mailto:");
    form_url = str_trim(form_url);
    if (form_url.n >= mailto.n && str_eq_nocase(str_slice(form_url.p, mailto.n), mailto))
        email = str_slice(form_url.p + mailto.n, form_url.n - mailto.n);
    else if (form_url.n && url_is_web(form_url))
        return arena_str(a, form_url);
    email = str_trim(email);
    ptrdiff_t at = str_find_char(email, '@');
    if (at <= 0 || email.n > ADDRESS_MAX)
        return STR_NONE;
    struct str local = str_slice(email.p, (size_t)at);
    struct str domain = str_slice(email.p + at + 1, email.n - (size_t)at - 1);
    bool good = only(local, ".-_+") && only(domain, ".-") && names_a_role(local);
    return good ? arena_str(a, email) : STR_NONE;
}
