#!/usr/bin/env python3
"""The pages as people use them: the real program on the sample catalogue, in headless Chromium. Journeys are walked twice, with
JavaScript and without it. Left out, with exit code 77, where Chromium or its driver is not installed. See site_under_test.py."""
import os, sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import page_rules
from site_under_test import ATTACK, PAGE_RESULTS, PAGES, REFUSALS, SIRENE, BrowserTest, World, main, quote, rid, setUpModule
from webdriver import ENTER


class Journeys:
    """What people come for; WithScripts and WithoutScripts walk it."""

    def test_scripts_are_as_they_should_be(self):
        """So that the journeys without JavaScript are."""
        self.browser.open("data:text/html,<title>non</title><script>document.title='oui'</script>")
        self.assertEqual(self.browser.title, "oui" if self.scripts else "non")

    def test_home(self):
        self.open("/")
        self.assertEqual(self.browser.title, "Trouver une donnée, une API ou un logiciel public – Glaneur")
        self.assertEqual(self.texts("h1"), ["Trouver une donnée, une API ou un logiciel public à réutiliser"])
        self.assertEqual(self.texts("label[for=q]"), ["Rechercher un sujet, un lieu, un producteur"])
        self.assertEqual(self.texts(".kinds strong"), ["150", "26", "17", "43"])
        self.assertEqual(len(self.titles()), 5)
        self.assertIn("236 fiches", self.one("footer").text)
        self.one(".kinds a.kind-dataservice").click()
        self.assertPath("/", kind=["dataservice"])
        self.assertEqual(self.status(), "26 résultats, page 1 sur 2")

    def test_example(self):
        self.open("/")
        self.browser.link("arbres").click()
        self.assertPath("/", q=["arbres"])
        self.assertIn("Les arbres de Paris", self.titles())

    def test_search_then_a_record_then_back(self):
        self.search_for("arbres")
        found = World.site.search("arbres")
        self.assertEqual(self.status(), f"{found['total']} résultats")
        self.assertEqual(self.browser.title, f"arbres – {found['total']} résultats – Glaneur")
        self.assertEqual(self.texts("h1"), ["Résultats pour « arbres »"])
        self.assertEqual(self.one("#q").property("value"), "arbres")
        self.assertEqual(self.titles(), [r["title"] for r in found["data"]])
        self.assertIn("arbres", [mark.lower() for mark in self.texts(".excerpt mark")])
        self.browser.link("Les arbres de Paris").click()
        self.assertPath(PAGES["changed"])
        self.assertEqual(self.texts("h1"), ["Les arbres de Paris"])
        self.browser.back()
        self.assertPath("/", q=["arbres"])
        self.assertEqual(self.one("#q").property("value"), "arbres")
        self.assertEqual(self.titles(), [r["title"] for r in found["data"]])

    def test_search_by_the_button(self):
        self.open("/")
        self.one("#q").type("cadastre")
        self.one(".search button").click()
        self.assertPath("/", q=["cadastre"])
        self.assertEqual(self.titles()[0], World.site.search("cadastre")["data"][0]["title"])

    def test_filter(self):
        """Ticks a value, applies it; it is counted right, shown, kept by the next search, and removed by its link."""
        self.search_for("commune")
        whole = self.status()
        box = self.one("input[name=license][value='etalab-2.0']")
        self.assertFalse(box.checked)
        count = int(self.one("li:has(> label > input[value='etalab-2.0']) .count").text)
        box.click()
        self.one(".apply button").click()
        self.assertPath("/", q=["commune"], license=["etalab-2.0"])
        self.assertTrue(self.status().startswith(f"{count} résultats"), self.status())
        self.assertTrue(self.one("input[value='etalab-2.0']").checked)
        self.assertEqual(self.texts(".active li a"), ["Retirer le filtre Licence : Licence Ouverte / Open Licence version 2.0 ✕"])
        found = World.site.search("commune", license="etalab-2.0")
        self.assertEqual((found["total"], [r["title"] for r in found["data"]][:PAGE_RESULTS]), (count, self.titles()))

        field = self.one("#q")
        field.clear()
        field.type("cadastre" + ENTER)
        self.assertPath("/", q=["cadastre"], license=["etalab-2.0"])
        self.browser.back()

        self.one(".active li a").click()
        self.assertPath("/", q=["commune"], license=None)
        self.assertEqual(self.status(), whole)
        self.assertEqual(self.texts(".active"), [])

    def test_filters_add_up(self):
        """Two values of one filter: either; two filters: both; "Tout effacer" leaves the words."""
        self.search_for("commune")
        whole = self.status()
        for value in ("etalab-2.0", "ODbL-1.0"):
            self.one(f"input[name=license][value='{value}']").click()
        self.one("input[name=publisher_kind][value='local-authority']").click()
        self.one(".apply button").click()
        self.assertPath("/", q=["commune"], license=["etalab-2.0", "ODbL-1.0"], publisher_kind=["local-authority"])
        found = World.site.get("/api/v1/search?q=commune&license=etalab-2.0&license=ODbL-1.0&publisher_kind=local-authority").json
        self.assertGreater(found["total"], 0)
        self.assertTrue(self.status().startswith(f"{found['total']} résultat"), self.status())
        self.assertEqual(len(self.texts(".active li a")), 3)
        self.browser.link("Tout effacer").click()
        self.assertPath("/", q=["commune"], license=None, publisher_kind=None)
        self.assertEqual(self.status(), whole)

    def test_filters_on_a_phone(self):
        """Folded away; opened by a touch of their title."""
        self.browser.width(390)
        self.search_for("commune")
        box = self.one("input[name=kind][value='dataservice']")
        self.assertFalse(box.shown)
        self.one(".filters > summary").click()
        self.assertTrue(box.shown)
        box.click()
        self.one(".apply button").click()
        self.assertPath("/", q=["commune"], kind=["dataservice"])
        self.assertEqual(set(self.texts(".results .kind")), {"API"})

    def test_more_values(self):
        """The rest of a long filter is behind its fold."""
        self.search_for("commune")
        fold = self.one("details:has(> ul input[name=publisher]) > summary")
        self.assertRegex(fold.text, r"^\d+ autres producteurs$")
        hidden = self.browser.all("details > ul input[name=publisher]")
        self.assertEqual((len(hidden), hidden[0].shown), (int(fold.text.split()[0]), False))
        fold.click()
        self.assertTrue(hidden[0].shown)

    def test_sort(self):
        self.search_for("commune")
        for word, label in (("title", "Titre"), ("modified", "Mise à jour")):
            self.one(f"#tri option[value={word}]").choose()
            self.one(".sort button").click()
            self.assertPath("/", q=["commune"], sort=[word])
            self.assertEqual(self.browser.js("return document.querySelector('#tri').selectedOptions[0].text"), label)
            self.assertEqual(self.titles(), [r["title"] for r in World.site.search("commune", sort=word)["data"]])

    def test_pages(self):
        self.search_for("commune")
        total = World.site.search("commune")["total"]
        last = -(-total // PAGE_RESULTS)
        self.assertEqual(last, 3)
        self.assertEqual(self.status(), f"{total} résultats, page 1 sur 3")
        self.assertEqual(self.texts(".pages [aria-current=page]"), ["Page 1"])
        self.assertEqual(self.texts(".pages a[rel=prev]"), [])
        seen = self.titles()
        for number in (2, 3):
            self.browser.link("Page suivante").click()
            self.assertPath("/", q=["commune"], page=[str(number)])
            self.assertEqual(self.texts(".pages [aria-current=page]"), [f"Page {number}"])
            self.assertEqual(self.titles(), [r["title"] for r in World.site.search("commune", page=number)["data"]])
            seen += self.titles()
        self.assertEqual(len(seen), total)
        self.assertEqual(self.texts(".pages a[rel=next]"), [])
        self.browser.link("Page précédente").click()
        self.assertPath("/", q=["commune"], page=["2"])

    def test_nothing_found(self):
        self.search_for("xqzzvw")
        self.assertEqual((self.status(), self.titles()), ("Aucun résultat", []))
        self.assertIn("Aucune fiche ne correspond", self.texts("h3"))
        self.assertEqual(len(self.texts(".notice li")), 3)
        self.open("/?q=arbres&kind=reuse&publisher=cat:organization.rien")
        self.assertEqual(self.status(), "Aucun résultat")
        self.assertEqual(self.texts(".notice li li"), ["Chercher sans Type : Réutilisation", "Chercher sans Producteur : cat:organization.rien",
                                                       "sans aucun filtre"])
        self.browser.link("sans aucun filtre").click()
        self.assertPath("/", q=["arbres"], kind=None, publisher=None)
        self.assertIn("Les arbres de Paris", self.titles())

    def test_relaxed(self):
        self.search_for("bornes recharge xqzzvw")
        self.assertEqual(self.texts(".notice"), ["Aucun résultat avec tous les mots : voici ceux qui en contiennent une partie."])
        self.assertGreater(len(self.titles()), 0)

    def test_hostile_query(self):
        for words in ("<script>alert(1)</script>", ATTACK, "\"><svg onload=alert(1)>"):
            with self.subTest(words):
                self.search_for(words)
                self.assertEqual(self.texts("h1"), [f"Résultats pour « {words} »"])
                self.assertEqual(self.one("#q").property("value"), words)
                self.assertTrue(self.browser.title.startswith(words + " – "), self.browser.title)
                self.assertEqual(page_rules.structure(self.browser), [])

    def test_hostile_record(self):
        self.search_for("motpiege")
        self.assertIn(ATTACK, self.titles())
        self.assertEqual(page_rules.structure(self.browser), [])
        self.browser.link(ATTACK).click()
        self.assertPath(PAGES["hostile-record"])
        self.assertEqual(self.one("h1 > bdi").text, ATTACK)
        self.assertEqual(self.one("h1 .soft bdi").text, "<b>SIGLE</b>")
        self.assertEqual(self.texts("#description + .text strong"), ["gras"])
        self.assertEqual(self.texts(".tags a"), ["\"><script>alert(6)</script>"])
        self.assertEqual(self.texts(".files bdi"), ["\"><b>fichier</b>", "autre"])
        links = [e.attribute("href") for e in self.browser.all(".files a")]
        self.assertEqual(len([url for url in links if url.startswith("https://ailleurs.example/")]), len(links), links)
        self.assertEqual(page_rules.structure(self.browser), [])

    def test_record(self):
        whole = World.site.record(rid("datasets", SIRENE))
        self.open(PAGES["record"])
        self.assertEqual(self.browser.title, whole["title"] + " – Glaneur")
        self.assertEqual(self.texts("h1"), [whole["title"]])
        self.assertEqual(self.texts("#description + .text strong")[:2], ["SIREN", "SIRET"])
        self.assertEqual(self.one("#fichiers").text, f"Fichiers et services ({len(whole['distributions'])} fichiers)")
        self.assertEqual(self.texts(".files bdi"), [d["title"] for d in whole["distributions"]])
        self.assertEqual([e.attribute("href") for e in self.browser.all(".files a")], [d["url"] for d in whole["distributions"]])
        self.assertEqual(self.one(".kind").text, "Jeu de données")
        brief = self.one("aside[aria-label='En bref']").text
        for word in ("Licence", "Licence Ouverte / Open Licence version 2.0", "Dernière mise à jour", "Mots-clés", "Provenance"):
            self.assertIn(word, brief)
        outside = [e.attribute("rel") for e in self.browser.all("main a[href^=http]")]
        self.assertGreater(len(outside), len(whole["distributions"]))
        self.assertEqual(set(outside), {"nofollow noopener noreferrer"})

    def test_publisher_and_keyword_of_a_record_search(self):
        self.open(PAGES["changed"])
        self.browser.link("Ville de Paris").click()
        self.assertPath("/", publisher=[rid("organizations", f"5d{39:022}")])
        self.assertEqual(self.texts(".active bdi"), ["Ville de Paris"])
        self.open(PAGES["changed"])
        self.browser.link("arbre").click()
        self.assertPath("/", keyword=["arbre"])
        self.assertIn("Les arbres de Paris", self.titles())

    def test_history(self):
        """After a second harvest, the record's page tells what changed, from what to what."""
        self.open(PAGES["changed"])
        entries = self.texts(".history > li > p")
        self.assertEqual([e.partition(" : ")[2] for e in entries], ["description, licence", "entrée dans Glaneur"])
        for summary in self.browser.all(".history summary"):
            summary.click()
        before, after = self.texts(".history details:first-of-type dd")
        self.assertTrue(before.startswith("Deux cent mille arbres"), before)
        self.assertEqual(after, "Une description toute nouvelle.")
        self.assertEqual(self.texts(".history details:nth-of-type(2) dd"),
                         ["Open Data Commons Open Database License (ODbL)", "Licence Ouverte / Open Licence version 2.0"])

    def test_removed_record(self):
        self.open(*reversed(REFUSALS["removed"]))
        self.assertEqual(self.texts("h1"), ["Cette fiche a été retirée"])
        self.one("#q").type("arbres" + ENTER)
        self.assertPath("/", q=["arbres"])
        self.assertNotIn("Arbres gérés par Brest métropole", self.titles())

    def test_unknown_pages(self):
        for name in ("unknown", "unknown-record"):
            self.open(*reversed(REFUSALS[name]))
            self.assertEqual(self.texts("h1"), ["Cette page n’existe pas"])
            self.one("#q").type("arbres" + ENTER)
            self.assertPath("/", q=["arbres"])

    def test_wrong_address(self):
        self.open(*reversed(REFUSALS["wrong"]))
        self.assertEqual(self.texts("[role=alert] h2"), ["Cette recherche ne peut pas être faite"])
        self.assertIn("« page » vaut « abc »", self.one("[role=alert] p").text)
        self.assertEqual(self.one("#q").property("value"), "eau")

    def test_sources(self):
        self.open("/")
        self.browser.link("Sources").click()
        self.assertPath("/sources")
        self.assertEqual(self.texts("h1"), ["Sources et moissons"])
        self.assertEqual(self.texts("nav [aria-current=page]"), ["Sources"])
        self.assertEqual(self.texts("tbody th, tbody .number"), ["cat", "236"])
        self.assertEqual(len(self.texts(".runs > li")), 2)
        last = self.one(".runs > li:first-child")
        self.assertEqual(World.run["errored"], 1)
        self.assertIn("1 erreur", last.text)
        last.all("summary")[0].click()
        self.assertEqual([e.text for e in last.all(".counters dd")][2:],
                         [str(World.run[k]) for k in ("added", "updated", "unchanged", "missing", "removed", "restored", "skipped", "errored")])
        self.assertEqual(len(last.all(".errors li")), 1)
        self.browser.link("fiches de cette source").click()
        self.assertPath("/", source=["cat"])

    def test_texts(self):
        self.open("/")
        self.browser.link("À propos").click()
        self.assertPath("/about")
        self.assertEqual(self.texts("h1"), ["À propos de Glaneur"])
        self.assertEqual(self.browser.link("equipe@example.org").attribute("href"), "mailto:equipe@example.org")
        self.browser.link("Accessibilité : non conforme").click()
        self.assertPath("/accessibilite")
        self.assertEqual(self.texts("h1"), ["Déclaration d’accessibilité"])
        self.browser.link("Glaneur").click()
        self.assertPath("/")


class WithScripts(Journeys, BrowserTest):
    pass


class WithoutScripts(Journeys, BrowserTest):
    scripts = False


if __name__ == "__main__":
    main()
