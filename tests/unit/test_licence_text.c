// harvester/normalise/licence_text: licences named within free texts.
#include "harvester/normalise/licence_text.h"

#include "tests/unit/udata_fixture.h"

static const char *id_of(const char *text)
{
    const struct licence *known = licence_within(str_of(text));
    return known ? arena_z(&arena, known->id) : "none";
}

int main(void)
{
    fixture_begin();
    is_str(id_of("Licence Ouverte"), "etalab-2.0");
    is_str(id_of("Données sous licence ouverte Etalab, à créditer."), "etalab-2.0");
    is_str(id_of("Voir https://creativecommons.org/licenses/by/4.0/ pour la suite"), "CC-BY-4.0");
    is_str(id_of("(https://opendatacommons.org/licenses/odbl/1-0/)."), "ODbL-1.0");
    is_str(id_of("Licence ODbL mai 2013 (basée sur ODbL 1.0)"), "ODbL-1.0");
    is_str(id_of("CC BY-NC 4.0"), "CC-BY-NC-4.0"); // the most words: not CC BY
    is_str(id_of("Diffusé en  CC-By\n4.0 depuis 2020"), "CC-BY-4.0");
    // What stands before a name, or behind it, in one word with it or apart.
    is_str(id_of("- Licence Ouverte"), "etalab-2.0");
    is_str(id_of("«\u00a0Licence Ouverte\u00a0»"), "etalab-2.0");
    is_str(id_of("version 4.0 de CC-BY 4.0"), "CC-BY-4.0");
    is_str(id_of("voir spdx.org/licenses/MIT et http"), "MIT");
    is_str(id_of("sous www.opendatacommons.org/licenses/odbl/ ou autre"), "none");
    is_str(id_of("a ftp://spdx.org/licenses/MIT b"), "MIT");
    is_str(id_of("a http://publications.europa.eu/resource/authority/licence/CC_BY_4_0 b"),
           "CC-BY-4.0");
    // Words that may mean anything are none.
    is_str(id_of("Autre chose, other, none"), "none");
    is_str(id_of("Une licence sera choisie"), "none");
    is_str(id_of(""), "none");
    is_str(id_of("   "), "none");
    is_str(id_of(".,;:()"), "none");
    is_str(id_of("licence"), "none");
    // Only the beginning is looked at.
    struct buf b = {0};
    for (int i = 0; i < 2000; i++)
        buf_addz(&b, "licence ");
    buf_addz(&b, "Licence Ouverte");
    is_str(id_of(arena_z(&arena, buf_str(&b))), "none");
    buf_free(&b);
    is_str(id_of("Licence Ouverte \xff\xfe"), "etalab-2.0");
    fixture_end();
    return tap_done();
}
