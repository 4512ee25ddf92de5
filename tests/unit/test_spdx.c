// harvester/normalise/spdx and yaml_json: licences that are several, YAML as JSON.
#include "harvester/normalise/spdx.h"
#include "harvester/normalise/yaml_json.h"
#include "tests/unit/commons_fixture.h"

static void is_license(const char *expression, const char *id, const char *label, bool open)
{
    struct mapper m = {.source = &fixture_source, .arena = &arena};
    struct record r;
    record_init(&r);
    map_spdx(&m, &r, str_of(expression));
    if (!str_eq(r.license.id, str_of(id)) || !str_eq(r.license.label, str_of(label)) ||
        r.license.open != open)
        printf("# %s\n", expression);
    is_text(r.license.id, id);
    is_text(r.license.label, label);
    is_int(r.license.open, open);
}

static void test_licences(void)
{
    is_license("MIT", "MIT", "Licence MIT", true);
    is_license("MIT License (MIT)", "MIT", "Licence MIT", true);
    is_license("AGPL-3.0-or-later", "AGPL-3.0-or-later",
               "GNU Affero General Public License v3.0 ou ultérieure", true);
    is_license("BSD 3-Clause \"New\" or \"Revised\" License", "BSD-3-Clause", "BSD 3 clauses",
               true);
    is_license("https://spdx.org/licenses/EUPL-1.2", "EUPL-1.2",
               "Licence publique de l’Union européenne 1.2 (EUPL)", true);
    // a choice: the first open one
    is_license("MIT OR Apache-2.0", "MIT", "MIT OR Apache-2.0", true);
    is_license("(SSPL-1.0 OR Apache-2.0)", "Apache-2.0", "(SSPL-1.0 OR Apache-2.0)", true);
    is_license("SSPL-1.0 OR Elastic-2.0", "", "SSPL-1.0 OR Elastic-2.0", false);
    // all of them hold
    is_license("MIT AND CC-BY-4.0", "", "MIT AND CC-BY-4.0", true);
    is_license("MIT AND CC-BY-NC-4.0", "", "MIT AND CC-BY-NC-4.0", false);
    is_license("MIT OR (Apache-2.0 AND SSPL-1.0)", "", "MIT OR (Apache-2.0 AND SSPL-1.0)", false);
    is_license("LGPL-2.1, LGPL-2.0,  LGPL-3.0", "", "LGPL-2.1, LGPL-2.0, LGPL-3.0", true);
    is_license("GPL-2.0-only / LGPL-2.0-only", "", "GPL-2.0-only / LGPL-2.0-only", true);
    is_license("MPL 2.0 et EPL 1.0", "", "MPL 2.0 et EPL 1.0", true);
    is_license("MIT, Licence de la maison", "", "MIT, Licence de la maison", false);
    // an exception is no licence
    is_license("GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only",
               "GPL-2.0-only WITH Classpath-exception-2.0", true);
    is_license("GPL-2.0-only WITH Classpath-exception-2.0 OR MIT", "GPL-2.0-only",
               "GPL-2.0-only WITH Classpath-exception-2.0 OR MIT", true);
    // what is not known
    is_license("Licence de la maison", "", "Licence de la maison", false);
    is_license("Other", "", "", false);
    is_license("NOASSERTION", "", "", false);
    is_license("", "", "", false);
    is_license("OR OR (", "", "OR OR (", false);
}

static void is_yaml(const char *text, const char *wanted)
{
    struct err e = {0};
    json_t *v = yaml_json(&arena, str_of(text), &e);
    char *json = v ? json_dumps(v, JSON_COMPACT) : NULL;
    is_str(json ? json : e.what, wanted);
    is_int(e.code, v ? ERR_NONE : ERR_PARSE);
    free(json);
    json_decref(v);
}

static void test_yaml(void)
{
    is_yaml("name: Médusa\nlist:\n  - a\n  - b: 1\nnone: ~\nempty:\nquoted: 'null'\n",
            "{\"name\":\"Médusa\",\"list\":[\"a\",{\"b\":\"1\"}],\"none\":null,\"empty\":null,"
            "\"quoted\":\"null\"}");
    is_yaml("text: |\n  un\n  deux\n", "{\"text\":\"un\\ndeux\\n\"}");
    is_yaml("a: &x 1\nb: !!str 2\na: 3\n", "{\"a\":\"1\",\"b\":\"2\"}");
    is_yaml("b: *x\na: 1\n", "line 1: aliases (*x) are not read");
    is_yaml("- a\n", "the YAML is no map of keys and values");
    is_yaml("", "the YAML is no map of keys and values");
    is_yaml("a: [1, 2\n", "line 2: this is not YAML: did not find expected ',' or ']', while "
                          "parsing a flow sequence that begins at line 1");
    char deep[200] = "a: ";
    memset(deep + 3, '[', 60);
    struct err e = {0};
    ok(!yaml_json(&arena, str_of(deep), &e));
    is_int(e.code, ERR_PARSE);
    // a billion laughs: refused at its first anchor
    ok(!yaml_json(&arena, STR("a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n"), &e));
    ok(strstr(e.what, "not read") != NULL);
}

static void test_front_matter(void)
{
    struct str yaml, text;
    ok(yaml_front_matter(STR("---\ntitle: x\n---\n# Un\n"), &yaml, &text));
    is_text(yaml, "title: x\n");
    is_text(text, "# Un\n");
    ok(yaml_front_matter(STR("\xEF\xBB\xBF---\r\ntitle: x\r\n--- \r\n"), &yaml, &text));
    is_text(yaml, "title: x\r\n");
    is_text(text, "");
    ok(!yaml_front_matter(STR("---\ntitle: x\n"), &yaml, &text)); // not closed
    ok(!yaml_front_matter(STR("# Un\n---\n---\n"), &yaml, &text));
    ok(!yaml_front_matter(STR(""), &yaml, &text));
}

int main(void)
{
    fixture_begin("sill", "https://sill.example/api/sill.json", NULL);
    test_licences();
    test_yaml();
    test_front_matter();
    return fixture_end();
}
