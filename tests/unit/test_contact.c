// harvester/normalise/contact: the address of a service, never that of a person.
#include "harvester/normalise/contact.h"
#include "tests/tap.h"

static struct arena a;

static struct str role(const char *email)
{
    struct str s = contact_role(&a, STR_NONE, str_of(email));
    return s.p ? s : STR("nobody");
}

static struct str form(const char *url)
{
    struct str s = contact_role(&a, str_of(url), STR_NONE);
    return s.p ? s : STR("nobody");
}

static void services(void)
{
    is_text(role("contact@exemple.fr"), "contact@exemple.fr");
    is_text(role("Contact@Exemple.fr"), "Contact@Exemple.fr");
    is_text(role("  opendata@rennes.example "), "opendata@rennes.example");
    is_text(role("open-data@exemple.fr"), "open-data@exemple.fr");
    is_text(role("support-api@exemple.fr"), "support-api@exemple.fr");
    is_text(role("sig@metropole.example"), "sig@metropole.example");
    is_text(role("service.urbanisme@exemple.fr"), "service.urbanisme@exemple.fr");
    is_text(role("data_lyon@exemple.fr"), "data_lyon@exemple.fr"); // a role and a place
    is_text(role("contact+portail@exemple.fr"), "contact+portail@exemple.fr");
    is_text(role("dpo@exemple.fr"), "dpo@exemple.fr");
    is_text(role("ddt-sig-75@exemple.fr"), "ddt-sig-75@exemple.fr"); // numbers are nobody's name
}

static void persons(void)
{
    is_text(role("jeanne.martin@exemple.fr"), "nobody");
    is_text(role("jmartin@exemple.fr"), "nobody");
    is_text(role("jeanne@data.exemple.fr"), "nobody"); // the role stands behind the @
    is_text(role("jeanne.martin@contact.fr"), "nobody");
    is_text(role("datamartin@exemple.fr"), "nobody"); // not a word of its own
    is_text(role("geoffroy@exemple.fr"), "nobody");   // begins as "geo" does
    // A person's name beside a role.
    is_text(role("jeanne.martin.sig@exemple.fr"), "nobody");
    is_text(role("jeanne.martin-data@exemple.fr"), "nobody");
    is_text(role("service-sig_j.martin@exemple.fr"), "nobody");
    is_text(role("data.j.martin@exemple.fr"), "nobody");
}

static void no_addresses(void)
{
    is_text(role(NULL), "nobody");
    is_text(role(""), "nobody");
    is_text(role("contact"), "nobody");
    is_text(role("@exemple.fr"), "nobody");
    is_text(role("contact@"), "nobody");
    is_text(role("contact@exemple.fr, jeanne.martin@exemple.fr"), "nobody");
    is_text(role("contact@exemple.fr;jeanne@exemple.fr"), "nobody");
    is_text(role("contact@a@b.fr"), "nobody");
    is_text(role("<contact@exemple.fr>"), "nobody");
    is_text(role("contact\r\nBcc: x@exemple.fr"), "nobody");
    is_text(role("\"contact\"@exemple.fr"), "nobody");
    is_text(role("contact \xC3\xA0 exemple.fr"), "nobody");
    is_text(role("contact@exemple.fr?body=x"), "nobody");
    char longest[300];
    memset(longest, 'a', sizeof longest);
    memcpy(longest, "contact@", 8);
    longest[201] = '\0';
    is_text(role(longest), "nobody");
    longest[200] = '\0';
    is_int(role(longest).n, 200);
}

static void forms(void)
{
    is_text(form("https://exemple.fr/contact"), "https://exemple.fr/contact");
    is_text(form(" https://exemple.fr/contact\n"), "https://exemple.fr/contact");
    is_text(form("mailto:jeanne.martin@exemple.fr"), "nobody");
    is_text(form("MAILTO:contact@exemple.fr"), "contact@exemple.fr");
    is_text(form("mailto:contact@exemple.fr?subject=jeanne"), "nobody");
    is_text(form("javascript:alert(1)"), "nobody");
    is_text(form("exemple.fr/contact"), "nobody");
    // The form comes first; an address that is none of the web leaves the e-mail's place alone.
    is_text(contact_role(&a, STR("https://exemple.fr/f"), STR("contact@exemple.fr")),
            "https://exemple.fr/f");
    is_text(contact_role(&a, STR("tel:+33102030405"), STR("contact@exemple.fr")),
            "contact@exemple.fr");
    ok(contact_role(&a, STR_NONE, STR_NONE).p == NULL);
    // It is a copy.
    char bytes[] = "contact@exemple.fr";
    struct str kept = contact_role(&a, STR_NONE, str_of(bytes));
    memset(bytes, 'x', sizeof bytes - 1);
    is_text(kept, "contact@exemple.fr");
}

int main(void)
{
    services();
    persons();
    no_addresses();
    forms();
    arena_free(&a);
    return tap_done();
}
