#!/usr/bin/env python3
"""Finding on the pages, in headless Chromium, with JavaScript and without it: territories as people type them, series of variants,
corrected words, similar records, values among many. Left out, with exit code 77, where Chromium or its driver is not installed. See
site_under_test.py."""
import os, sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from site_under_test import PAGES, SERIES, BrowserTest, World, main, setUpModule, wait_until
from webdriver import ENTER

DOWN = "\ue015"
RENNES = "fr:commune:35238"


class Finding:
    def choose_territory(self, words):
        field = self.one("#territoire")     # in a <details> that the style opens: the driver's own clear() refuses it
        field.click()
        self.browser.js("arguments[0].select()", field.reference)
        self.browser.press("\ue003", *words, ENTER)

    def test_a_territory_by_its_name(self):
        self.search_for("arbres")
        self.choose_territory("rennes")
        self.assertPath("/", q=["arbres"], territory=[RENNES])
        found = World.site.search("arbres", territory=RENNES)
        self.assertGreater(found["total"], 0)
        self.assertEqual(self.titles(), [r["title"] for r in found["data"]])
        self.assertEqual(self.texts(".active li a"), ["Retirer le filtre Territoire : Rennes (commune) ✕"])
        self.assertEqual(self.one("#territoire").property("value"), "Rennes (35238)")
        self.assertIn("Rennes Métropole, Ille-et-Vilaine, Bretagne, France. Le plus proche vient d’abord.", self.texts(".notice")[0])
        shown = self.browser.js("return performance.timeOrigin")
        self.one(".apply button").click()               # the field is read back as it is shown, at the same address
        wait_until(lambda: self.browser.js("return performance.timeOrigin") != shown, what="the page, loaded again")
        self.assertPath("/", q=["arbres"], territory=[RENNES])
        self.choose_territory("")
        wait_until(lambda: not self.texts(".active"), what="the search without a territory")

    def test_a_territory_by_its_codes(self):
        for typed, zone in (("35238", RENNES), ("35000", RENNES), ("35", "fr:departement:35"), ("243500139", "fr:epci:243500139"),
                            ("Saint-Denis (93)", "fr:commune:93066"), ("rennes métropole", "fr:epci:243500139"), ("Paris", "fr:commune:75056")):
            self.open("/?q=commune")
            self.choose_territory(typed)
            self.assertPath("/", q=["commune"], territory=[zone])

    def test_homonyms_are_to_be_chosen_from(self):
        self.open("/?q=commune&license=etalab-2.0")
        self.choose_territory("mayenne")
        wait_until(lambda: self.texts("h1") == ["Quel territoire ?"], what="the choice")
        lines = self.texts("main .near li")
        self.assertEqual(len(lines), 2)
        self.assertRegex(lines[0], r"^Mayenne Département, \d+ \d+ habitants$")
        self.assertRegex(lines[1], r"^Mayenne Commune, Mayenne, \d+ \d+ habitants, code postal 53100$")
        self.browser.all("main .near a")[1].click()
        self.assertPath("/", q=["commune"], license=["etalab-2.0"], territory=["fr:commune:53147"])

    def test_no_such_territory(self):
        self.open("/?q=commune")
        self.choose_territory("xqzzvw")
        wait_until(lambda: "Aucun territoire" in self.texts(".notice")[0:1].__str__(), what="the answer")
        field = self.one("#territoire")
        self.assertEqual(field.property("value"), "xqzzvw")
        field.clear()
        field.type("35" + ENTER)
        self.assertPath("/", q=["commune"], territory=["fr:departement:35"])
        self.open("/?q=commune&territory=xqzzvw")
        self.browser.link("Continuer sans territoire").click()
        self.assertPath("/", q=["commune"], territory=None)

    def test_variants(self):
        """The best of a series are shown, with the number of the others; the link shows them all, and leads back."""
        self.search_for("ramassage sapins")
        shown = [one for one in World.site.search("ramassage sapins")["data"] if one["variants"]]
        self.assertEqual(len(shown), 1)
        count = shown[0]["variants"]["count"]
        link = self.one(".variants a")
        self.assertEqual(link.text, f"et {count} autre{'s' if count > 1 else ''} de la même série que {shown[0]['title']}")
        link.click()
        self.assertPath("/", q=["ramassage sapins"], variants=[shown[0]["variants"]["key"]])
        self.assertEqual(self.status(), f"{len(SERIES)} résultats")
        self.assertEqual(sorted(self.titles()), sorted(one["title"] for one in SERIES))
        self.assertIn("Voici une seule série", self.texts(".notice")[0])
        self.browser.link("Revenir à tous les résultats").click()
        self.assertPath("/", q=["ramassage sapins"], variants=None)

    def test_corrected(self):
        self.search_for("cadastrr")
        self.assertEqual(World.site.search("cadastrr")["corrected"], "cadastre")
        self.assertEqual(self.texts(".notice")[0], "Aucun résultat exact pour « cadastrr » : voici les résultats pour « cadastre ».")
        self.browser.link("cadastre").click()
        self.assertPath("/", q=["cadastre"])

    def test_similar_records(self):
        self.open(PAGES["changed"])
        found = World.site.get("/api/v1/records/" + PAGES["changed"][3:] + "/similar").json["data"]
        self.assertGreater(len(found), 0)
        self.assertEqual(self.texts("#proches + .near a"), [one["title"] for one in found])
        first = self.browser.all("#proches + .near a")[0]
        where = first.attribute("href")
        first.click()
        self.assertPath(where)

    def test_values_among_many(self):
        self.open("/?kind=dataset&kind=reuse")
        self.one(".all a[href^='/valeurs/publisher']").click()
        self.assertPath("/valeurs/publisher", kind=["dataset", "reuse"])
        self.assertEqual(self.texts("h1"), ["Producteurs"])
        found = World.site.get("/api/v1/facets/publisher?kind=dataset&kind=reuse&page_size=50").json
        self.assertEqual(self.texts("main .near a"), [one["label"] for one in found["data"]])
        self.one("#lettres").type("renn" + ENTER)
        self.assertPath("/valeurs/publisher", kind=["dataset", "reuse"], lettres=["renn"])
        found = World.site.get("/api/v1/facets/publisher?kind=dataset&kind=reuse&facet_q=renn").json
        self.assertGreater(found["total"], 0)
        self.assertEqual(self.texts("main .near a"), [one["label"] for one in found["data"]])
        self.browser.all("main .near a")[0].click()
        self.assertPath("/", kind=["dataset", "reuse"], publisher=[found["data"][0]["value"]])
        self.assertTrue(self.status().startswith(f"{found['data'][0]['count']} résultat"), self.status())

    def test_help(self):
        self.open("/?q=commune")
        self.one(".how summary").click()
        self.assertIn("Entre guillemets", self.one(".how").text)
        self.open("/about#chercher")
        self.assertIn("Comment chercher", self.texts("h2"))


class WithoutScripts(Finding, BrowserTest):
    scripts = False


class WithScripts(Finding, BrowserTest):
    def test_completion_of_a_territory(self):
        self.open("/?q=arbres")
        field = self.one("#territoire")
        self.assertEqual([field.attribute(name) for name in ("role", "aria-controls", "aria-describedby")],
                         ["combobox", "territoires", "territoire-aide"])
        field.click()
        field.type("renn")
        wait_until(lambda: self.texts("#territoires [role=option]"), what="the list")
        lines = self.texts("#territoires [role=option]")
        self.assertEqual(sorted(lines[:2]), ["Rennes Commune, Ille-et-Vilaine", "Rennes Métropole Intercommunalité, Ille-et-Vilaine"])
        self.browser.press(*[DOWN] * (1 + lines.index("Rennes Commune, Ille-et-Vilaine")), ENTER)
        self.assertEqual(field.property("value"), "Rennes (35238)")     # chosen; nothing is sent yet
        self.assertEqual(self.texts("#territoires [role=option]")[0:1], [""])
        self.browser.press(ENTER)
        self.assertPath("/", q=["arbres"], territory=[RENNES])


if __name__ == "__main__":
    main()
