#!/usr/bin/env python3
"""The list under the search field, in headless Chromium: what a screen reader is told of it, every key, the mouse, and that the page
works without it. Left out, with exit code 77, where Chromium or its driver is not installed. Environment: GLANEUR (the program)."""
import os, sys, unittest
from urllib.parse import quote

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path[:0] = [HERE, os.path.join(HERE, "..", "scenario")]
from glaneur import SAMPLE, Glaneur, Udata, record, source, wait_until
from webdriver import ENTER, TAB, Browser, missing

UP, DOWN, ESCAPE, ALT = "\ue013", "\ue015", "\ue00c", "\ue00a"
ATTACK = "Motpiège <img src=x onerror=alert(1)> & \"fin\""


class World:
    """What the tests share."""


def setUpModule():
    if missing():
        raise unittest.SkipTest(missing())
    server = Udata(SAMPLE)
    unittest.addModuleCleanup(server.close)
    server.add("datasets", record("datasets", 9001, title=ATTACK))
    g = Glaneur(source(server))
    unittest.addModuleCleanup(g.close)
    g.harvest()
    World.site = g.serve()
    wait_until(lambda: World.site.get("/api/v1/suggest?q=motp").json["data"], what="the first suggestions")
    World.browser = Browser()
    unittest.addModuleCleanup(World.browser.close)


class Combobox(unittest.TestCase):
    def setUp(self):
        self.browser = World.browser
        self.browser.scripts(True)
        self.browser.open(f"http://{World.site.public}/")
        self.field = self.browser.one("#q")

    def tearDown(self):
        self.assertIsNone(self.browser.dialog, "a dialog is open")
        self.assertEqual([m["message"] for m in self.browser.log() if m["level"] in ("WARNING", "SEVERE")], [])

    def lines(self):
        return self.browser.js("return document.getElementById('suggestions').hidden ? null :"
                               " [...document.querySelectorAll('#suggestions [role=option] .text')].map(e => e.textContent)")

    def chosen(self):
        """The text of the line that is chosen, for sight and for a screen reader alike; None for none."""
        return self.browser.js("const id = document.getElementById('q').getAttribute('aria-activedescendant');"
                               "const all = [...document.querySelectorAll('#suggestions [aria-selected=true]')];"
                               "if (!id !== !all.length || all.length > 1 || (id && all[0].id !== id)) return 'they differ';"
                               "return id ? all[0].querySelector('.text').textContent : null")

    def type(self, text):
        self.field.clear()
        self.field.click()
        self.field.type(text)
        wait_until(self.lines, what="the list")

    def told(self):
        return self.browser.one("[role=status]").text

    def test_roles(self):
        for name, value in {"role": "combobox", "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": "suggestions",
                            "autocomplete": "off"}.items():
            self.assertEqual(self.field.attribute(name), value)
        self.assertEqual(self.browser.one("#suggestions").attribute("role"), "listbox")
        self.assertEqual(self.browser.one("#suggestions").attribute("aria-label"), "Suggestions")
        self.type("base adr")
        self.assertEqual(self.field.attribute("aria-expanded"), "true")
        self.assertIn("Base Adresse Nationale", self.lines())
        self.assertRegex(self.told(), r"^\d suggestions\. Flèches haut et bas pour choisir\.$")
        self.assertEqual(self.browser.texts("#suggestions mark")[:2], ["Base", "Adr"])

    def test_keys(self):
        self.type("base")
        lines = self.lines()
        self.assertGreater(len(lines), 2)
        self.assertIsNone(self.chosen())
        for key, expected in ((DOWN, lines[0]), (DOWN, lines[1]), (UP, lines[0]), (UP, None), (UP, lines[-1]), (DOWN, None),
                              (DOWN, lines[0])):
            self.browser.press(key)
            self.assertEqual(self.chosen(), expected)
        self.assertEqual(self.field.property("value"), "base")
        self.browser.press(ESCAPE)
        self.assertIsNone(self.lines())
        self.assertEqual((self.chosen(), self.field.attribute("aria-expanded"), self.told()), (None, "false", ""))
        self.assertEqual(self.field.property("value"), "base")
        self.browser.press(DOWN)
        self.assertEqual((self.lines(), self.chosen()), (lines, lines[0]))
        self.browser.press(ESCAPE, ESCAPE)
        self.assertEqual(self.field.property("value"), "")

    def test_enter_goes_where_the_line_leads(self):
        self.type("motpiege")
        self.assertEqual(self.lines(), [ATTACK])
        self.browser.press(DOWN, ENTER)
        wait_until(lambda: "/r/" in self.browser.url, what="the record's page")
        self.assertIn("Motpiège", self.browser.title)

    def test_enter_searches_where_no_line_is_chosen(self):
        self.type("motpi")
        self.browser.press(ENTER)
        wait_until(lambda: "q=motpi" in self.browser.url, what="the results")

    def test_mouse(self):
        self.type("base adresse nat")
        self.browser.all("#suggestions [role=option]")[0].click()
        wait_until(lambda: self.browser.url.rstrip("/") != f"http://{World.site.public}", what="another page")

    def test_leaving_the_field_closes_it(self):
        self.type("base")
        self.browser.press(TAB)
        self.assertIsNone(self.lines())

    def test_nothing_found(self):
        self.type("base")
        self.field.type("xqz")
        wait_until(lambda: self.lines() is None, what="the end of the list")
        self.assertEqual(self.told(), "Aucune suggestion.")

    def test_without_scripts(self):
        self.browser.scripts(False)
        self.browser.open(f"http://{World.site.public}/")
        field = self.browser.one("#q")
        self.assertIsNone(field.attribute("role"))
        field.click()
        field.type("base adresse")
        self.browser.press(ENTER)
        wait_until(lambda: quote("base") in self.browser.url, what="the results")


if __name__ == "__main__":
    if missing():
        print(f"browser tests are left out: {missing()}", file=sys.stderr)
        sys.exit(77)
    unittest.main()
