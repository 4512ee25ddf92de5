// Fuzzing of what tells that two records are one brick, and of addresses: identifiers, pages, repositories, contacts. A key is
// short, without white space at its ends, and its own key; a contact is never of a person.
#include "harvester/normalise/contact.h"
#include "harvester/normalise/keys.h"
#include "harvester/normalise/repository.h"
#include "base/utf8.h"
#include "harvester/url.h"
#include "tests/fuzz/fuzz.h"

static void check_keys(struct arena *a, struct str first, struct str second)
{
    struct record r;
    struct record_key keys[RECORD_KEYS_MAX];
    record_init(&r);
    r.id = STR("fuzz:x");
    r.landing_page = second;
    r.repository_url = first;
    r.provenance.origin_id = first;
    r.provenance.origin_url = second;
    r.provenance.remote_url = first;
    size_t n = record_keys(a, &r, keys);
    must(n <= RECORD_KEYS_MAX);
    for (size_t i = 0; i < n; i++) {
        must(str_starts(keys[i].text, STR("id ")) || str_starts(keys[i].text, STR("page ")) ||
             str_starts(keys[i].text, STR("repository ")));
        for (size_t k = 0; k < i; k++)
            must(!str_eq(keys[i].text, keys[k].text));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct str rest = utf8_repair(&a, str_slice((const char *)data, size), NULL), first = STR_NONE;
    str_next(&rest, '\n', &first);
    struct str key = repository_key(&a, first);
    if (key.n) {
        must(key.n <= REPOSITORY_KEY_MAX && str_starts(key, STR("https://")));
        must(str_eq(repository_key(&a, key), key));
    }
    struct str found = repository_find(first);
    must(!found.n || repository_key(&a, found).n);
    key = page_key(&a, first);
    must(!key.n || utf8_valid(key));
    identifier_key(&a, first);
    check_keys(&a, first, rest);
    struct str contact = contact_role(&a, first, rest);
    must(!contact.n || url_is_web(contact) || str_find_char(contact, '@') > 0);
    arena_free(&a);
    return 0;
}
