#!/usr/bin/env python3
"""The pages as people use them: the real program on the sample catalogue, in headless Chromium.

Journeys are walked twice, with JavaScript and without it; then each page is held against page_rules.py, on a screen, on phones, in
light and dark. After every test: no dialog is open, and the console was told nothing but the refusals that the test asked for.

Left out, with exit code 77, where Chromium or its driver is not installed. Environment: GLANEUR (the program), RENDER (the program
of render.c), GLANEUR_SHOTS (a folder for a picture of each page that failed).
"""
import contextlib, functools, html, http.server, os, re, signal, subprocess, sys, tempfile, threading, unittest
from urllib.parse import parse_qs, quote, unquote, urlsplit

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path[:0] = [HERE, os.path.join(HERE, "..", "scenario")]
import page_rules
from glaneur import PROGRAM, SAMPLE, Glaneur, Udata, on_page, record, rid, source, wait_until
from look import Handler
from webdriver import ENTER, SPACE, TAB, Browser, missing

RENDER = os.path.abspath(os.environ.get("RENDER") or os.path.join(os.path.dirname(PROGRAM), "tests", "render"))
TEMPLATES, VIEWS = os.path.join(HERE, "..", "..", "api", "web", "templates"), os.path.join(HERE, "views")
PHONES, SCHEMES = (390, 320), ("light", "dark")
PAGE_RESULTS, TABS_MAX = 20, 200

SIRENE, TREES, GONE, BROKEN = (f"5a{n:022}" for n in (1, 107, 119, 2))
ATTACK = "<script>alert(1)</script> \"deux\" 'trois' &amp; </title><img src=x onerror=alert(2)>"
HOSTILE = record(
    "datasets", 9001, title=ATTACK, tags=["\"><script>alert(6)</script>"], acronym="<b>SIGLE</b>",
    description="motpiege <script>alert(3)</script>\n\n<img src=\"https://ailleurs.example/x.png\" onerror=\"alert(4)\"> "
                "[piège](javascript:alert(5)) et **gras** <style>body{display:none}</style> ![image](https://ailleurs.example/y.png)",
    resources=[{"id": f"00000000-0000-4000-8000-00000000000{n}", "type": "main", "filetype": "remote", "title": title, "format": form,
                "url": url, "extras": {}, "metrics": {}} for n, (title, form, url) in enumerate([
                    ("\"><b>fichier</b>", "<i>csv</i>", "javascript:alert(7)"),
                    ("autre", "csv", "https://ailleurs.example/\"onclick=\"alert(8)")])])
LONG = record("datasets", 9002, title="motpiege" + " interminable" * 3 + "é" * 200 + " مرحبا بالعالم", tags=["m" * 90],
              description="W" * 400 + "\n\n- un\n- deux\n\n| a | b |\n|---|---|\n| " + "c" * 200 + " | d |\n\n`" + "x" * 200 + "`")

SEARCHES = {"found": "/?q=arbres", "pages": "/?q=commune&page=2&sort=title", "nothing": "/?q=xqzzvw", "filtered": "/?q=xqzzvw&kind=reuse",
            "relaxed": "/?q=bornes+recharge+xqzzvw", "hostile": "/?q=motpiege", "attack": "/?q=" + quote(ATTACK), "kind": "/?kind=dataservice",
            "filters": "/?q=commune&license=etalab-2.0&publisher_kind=local-authority"}


def record_page(kind, remote):
    return "/r/" + quote(rid(kind, remote), safe="")


PAGES = {"home": "/", "sources": "/sources", "about": "/about", "accessibilite": "/accessibilite",
         "record": record_page("datasets", SIRENE), "changed": record_page("datasets", TREES),
         "hostile-record": record_page("datasets", HOSTILE["id"]), "long-record": record_page("datasets", LONG["id"]),
         "api": record_page("dataservices", f"5b{1:022}"), "reuse": record_page("reuses", f"5c{1:022}"),
         "organization": record_page("organizations", f"5d{1:022}"), **SEARCHES}
REFUSALS = {"removed": (410, record_page("datasets", GONE)), "unknown": (404, "/nulle-part"), "unknown-record": (404, "/r/cat%3Arien"),
            "wrong": (400, "/?q=eau&page=abc")}


class World:
    """What the tests share: the catalogue twice harvested, the program that serves, the browser."""


def setUpModule():
    if missing():
        raise unittest.SkipTest(missing())
    server = Udata(SAMPLE)
    unittest.addModuleCleanup(server.close)
    server.add("datasets", HOSTILE)
    server.add("datasets", LONG)
    g = Glaneur(source(server), contact="equipe@example.org")
    unittest.addModuleCleanup(close, g)
    g.harvest()
    World.site = g.serve()
    server.change("datasets", TREES, description="Une description <em>toute</em> nouvelle.", license="lov2")
    server.delete("datasets", GONE)
    server.fault(on_page("datasets", 1), "record", how="wrong_type", index=1)
    World.run = g.harvest()
    World.browser = Browser()
    unittest.addModuleCleanup(World.browser.close)


def close(g):
    said = g.close()
    if said:
        raise AssertionError(f"a sanitizer has spoken: {said}")


class BrowserTest(unittest.TestCase):
    maxDiff = None
    scripts = True

    @property
    def address(self):
        return f"http://{World.site.public}"

    def setUp(self):
        self.browser, self.refused = World.browser, set()
        self.browser.width()
        self.browser.colours()
        self.browser.scripts(self.scripts)

    def tearDown(self):
        self.assertIsNone(self.browser.dialog, "a dialog is open")
        self.assertEqual([m for m in self.complaints() if not any(m.startswith(start) for start in self.refused)], [])

    def run(self, result=None):
        def troubles():
            return len(result.failures) + len(result.errors)
        result = self.defaultTestResult() if result is None else result
        before = troubles()
        super().run(result)
        if troubles() > before:
            self.picture()
        return result

    @contextlib.contextmanager
    def subTest(self, name):
        with super().subTest(name):
            try:
                yield
            except Exception:
                self.picture("." + re.sub(r"[^a-z0-9-]+", "_", name.lower()))
                raise

    def picture(self, part=""):
        folder = os.environ.get("GLANEUR_SHOTS")
        if folder:
            os.makedirs(folder, exist_ok=True)
            self.browser.picture(os.path.join(folder, ".".join(self.id().split(".")[-2:]) + part + ".png"))

    def complaints(self):
        return [entry["message"] for entry in self.browser.log() if entry["level"] in ("WARNING", "SEVERE")]

    def open(self, path, status=200):
        if status != 200:
            self.refused.add(f"{self.address}{path} - Failed to load resource: the server responded with a status of {status} ")
        self.browser.open(self.address + path)
        self.assertEqual(self.browser.js("return performance.getEntriesByType('navigation')[0].responseStatus"), status, path)

    def assertPath(self, path, **parameters):
        """The browser comes to this address; parameters: those that must be in it, with all their values, None for none."""
        def there():
            url = urlsplit(self.browser.url)
            asked = parse_qs(url.query)
            return (f"{url.scheme}://{url.netloc}", unquote(url.path)) == (self.address, unquote(path)) and \
                {name: asked.get(name) for name in parameters} == parameters
        wait_until(there, 5, f"{path} with {parameters}")

    def one(self, css):
        return self.browser.one(css)

    def texts(self, css):
        return self.browser.texts(css)

    def status(self):
        return self.one("[role=status]").text

    def titles(self):
        return self.texts(".results h3")


# ---- Journeys -----------------------------------------------------------------------------------


class Journeys:
    """What people come for; WithScripts and WithoutScripts walk it."""

    def search_for(self, words, path="/"):
        self.open(path)
        field = self.one("#q")
        field.clear()
        field.type(words + ENTER)
        self.assertPath("/", q=[words])

    def test_scripts_are_as_they_should_be(self):
        """So that the journeys without JavaScript are."""
        self.browser.open("data:text/html,<title>non</title><script>document.title='oui'</script>")
        self.assertEqual(self.browser.title, "oui" if self.scripts else "non")

    def test_home(self):
        self.open("/")
        self.assertEqual(self.browser.title, "Trouver une donnée, une API ou un logiciel public – Glaneur")
        self.assertEqual(self.texts("h1"), ["Trouver une donnée, une API ou un logiciel public à réutiliser"])
        self.assertEqual(self.texts("label[for=q]"), ["Rechercher un sujet, un lieu, un producteur"])
        self.assertEqual(self.texts(".kinds strong"), ["136", "26", "17", "43"])
        self.assertEqual(len(self.titles()), 5)
        self.assertIn("222 fiches", self.one("footer").text)
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
        self.assertEqual(len(self.texts(".notice li")), 4)
        self.open("/?q=arbres&kind=reuse&publisher=cat:organization.rien")
        self.assertEqual(self.status(), "Aucun résultat")
        self.browser.link("tous les filtres").click()
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
        self.assertEqual(self.texts("tbody th, tbody .number"), ["cat", "222"])
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


# ---- Rules --------------------------------------------------------------------------------------


class Keyboard(BrowserTest):
    def tab(self):
        """Where the focus is after the Tab key; it can be seen there. None when it has left the page."""
        self.browser.press(TAB)
        focus = page_rules.focus(self.browser)
        if focus:
            self.assertEqual(focus["wrong"], [], focus["what"])
        return focus

    def tab_to(self, condition):
        for _ in range(TABS_MAX):
            focus = self.tab()
            if focus and condition(focus):
                return
        self.fail("the Tab key does not reach it")

    def test_skip_link_comes_first_and_leads_to_the_field(self):
        self.open("/")
        self.assertEqual(self.tab()["href"], "#contenu")
        self.browser.press(ENTER)
        self.assertEqual(self.browser.js("return [location.hash, document.activeElement.id]"), ["#contenu", "contenu"])
        self.assertEqual(self.tab()["id"], "q")

    def test_order(self):
        """Every link and control is reached, once, in the order of the page, and is seen when it has the focus."""
        for path in ("/", SEARCHES["found"], SEARCHES["filters"], PAGES["changed"], "/sources"):
            with self.subTest(path):
                self.open(path)
                wanted, met = page_rules.reachable(self.browser), []
                while (focus := self.tab()) and len(met) <= TABS_MAX and (not met or focus["order"] != met[0]["order"]):
                    met.append(focus)
                self.assertEqual([f["what"] for f in met], wanted)
                self.assertEqual([f["order"] for f in met], sorted({f["order"] for f in met}))

    def test_a_whole_search(self):
        self.open("/")
        self.tab_to(lambda f: f["id"] == "q")
        self.browser.press(*"commune", ENTER)
        self.assertPath("/", q=["commune"])
        self.tab_to(lambda f: f["name"] == "license")
        self.browser.press(SPACE)
        self.tab_to(lambda f: f["text"] == "Appliquer les filtres")
        self.browser.press(ENTER)
        self.assertPath("/", q=["commune"], license=[self.one("input[name=license]:checked").attribute("value")])
        self.tab_to(lambda f: (f["href"] or "").startswith("/r/"))
        self.browser.press(ENTER)
        self.assertTrue(urlsplit(self.browser.url).path.startswith("/r/cat"), self.browser.url)

    def test_filters_on_a_phone(self):
        self.browser.width(390)
        self.open("/?q=commune")
        self.tab_to(lambda f: f["text"] == "Filtrer les résultats")
        self.browser.press(ENTER)
        self.assertEqual(self.tab()["name"], "kind")


class Rules:
    """Holds pages against page_rules. pages: [(name, status, path)]. Each is loaded once."""

    def test_every_page(self):
        for name, status, path in self.pages():
            self.browser.width()
            with self.subTest(name):
                self.open(path, status)
                for scheme in SCHEMES:
                    self.browser.colours(scheme)
                    self.assertEqual(page_rules.contrast(self.browser), [], scheme)
                self.assertEqual(page_rules.structure(self.browser), [])
                for width in PHONES:
                    self.browser.width(width)
                    self.assertEqual(page_rules.overflow(self.browser, width), [], width)


class EveryPage(Rules, BrowserTest):
    def pages(self):
        return [(name, 200, path) for name, path in PAGES.items()] + [(name, *refusal) for name, refusal in REFUSALS.items()]

    def test_headers(self):
        for name, status, path in self.pages():
            with self.subTest(name):
                answer = World.site.get(path, Accept="text/html")
                self.assertEqual((answer.status, answer.headers["Content-Type"]), (status, "text/html; charset=utf-8"))
                self.assertEqual(answer.headers["Content-Security-Policy"],
                                 "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
                                 "form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
                self.assertEqual((answer.headers["X-Content-Type-Options"], answer.headers["Referrer-Policy"]), ("nosniff", "no-referrer"))
                self.assertIsNone(answer.headers["Set-Cookie"])

    def test_no_dead_link(self):
        """Every address of ours on every page answers, and the place in it exists."""
        met = {}
        for name, status, path in self.pages():
            text = World.site.get(path, Accept="text/html").text
            for url in re.findall(r'href="([^"]*)"', text):
                url = urlsplit(html.unescape(url))
                if not url.netloc and url.scheme in ("", "http", "https"):
                    target = (url.path or urlsplit(path).path) + ("?" + url.query if url.query else "" if url.path else
                                                                  "?" + urlsplit(path).query if urlsplit(path).query else "")
                    met.setdefault(target, {}).setdefault(url.fragment, name)
        self.assertGreater(len(met), 100)
        expected = {path: status for status, path in REFUSALS.values()}
        for target, fragments in met.items():
            answer = World.site.get(target, Accept="text/html")
            self.assertEqual(answer.status, expected.get(target, 200), (target, fragments))
            for fragment, name in fragments.items():
                self.assertTrue(not fragment or f'id="{fragment}"' in answer.text, f"{target}#{fragment} on {name}")

    def test_schemes_differ(self):
        grounds = []
        for scheme in SCHEMES:
            self.browser.colours(scheme)
            self.open("/")
            grounds.append(self.browser.js("return getComputedStyle(document.body).backgroundColor"))
        self.assertEqual(grounds, ["rgb(255, 255, 255)", "rgb(22, 27, 26)"])

    def test_the_policy_holds_and_the_console_tells(self):
        self.open("/")
        self.browser.js("const s = document.createElement('script'); s.textContent = 'document.title = \"pris\"'; document.body.append(s)")
        self.assertNotEqual(self.browser.title, "pris")
        told = self.complaints()
        self.assertEqual((len(told), "Content Security Policy" in told[0]), (1, True), told)

    def test_the_rules_can_be_broken(self):
        """Each rule finds what it is there to find."""
        def broken(script, rule, *words):
            self.open("/?q=arbres")
            self.browser.js("const add = (tag, text) => { const e = document.createElement(tag); e.textContent = text;"
                            " document.querySelector('main').append(e); return e; };" + script)
            found = " | ".join(rule(self.browser))
            for word in words:
                self.assertIn(word, found)
        broken("add('h5', 'cinq')", page_rules.structure, "h5 follows h")
        broken("add('h1', 'deux')", page_rules.structure, "2 elements are h1")
        broken("add('input', '')", page_rules.structure, "no label for <input>")
        broken("add('img', '')", page_rules.structure, "a page holds <img>")
        broken("add('a', 'x').href = 'javascript:1'", page_rules.structure, "an address that runs")
        broken("add('a', 'x').href = 'https://ailleurs.example/'", page_rules.structure, "no noopener", "no noreferrer")
        broken("add('p', 'x').id = 'contenu'", page_rules.structure, "twice the id contenu")
        broken("add('p', 'gris').style.color = '#888'", page_rules.contrast, "3.54 text", "gris")
        broken("add('p', 'x').style.width = '700px'", lambda b: (b.width(390), page_rules.overflow(b, 390))[1], "wide")


@unittest.skipUnless(os.path.exists(RENDER), f"no {RENDER}")
class SampleViews(Rules, BrowserTest):
    """The templates with the views of the folder views: what a healthy site seldom shows."""
    address = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="glaneur-views-")
        cls.addClassCleanup(folder.cleanup)
        subprocess.run([RENDER, TEMPLATES, VIEWS, folder.name], check=True, timeout=60)
        cls.names = sorted(name for name in os.listdir(folder.name) if name.endswith(".html"))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder.name))
        cls.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        cls.addClassCleanup(lambda: (server.shutdown(), thread.join(), server.server_close()))

    def setUp(self):
        super().setUp()
        self.refused.add(self.address + "/favicon.svg ")        # is no template

    def pages(self):
        return [(name, 200, "/" + name) for name in self.names]


if __name__ == "__main__":
    if missing():
        print(f"browser tests are left out: {missing()}", file=sys.stderr)
        sys.exit(77)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        unittest.main()
    finally:
        unittest.doModuleCleanups()     # those of a run that was interrupted
