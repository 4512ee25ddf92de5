#!/usr/bin/env python3
"""Bricks of the commons as people of a town hall meet them: products, repositories, free software and APIs from four catalogues, in
headless Chromium. Left out, with exit code 77, where Chromium or its driver is not installed. See site_under_test.py."""
import json, os, sys, unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import page_rules
from site_under_test import BrowserTest, Glaneur, World, close, main, missing, source
from webdriver import Browser

CODE = "https://github.com/modele/demarches"
TEXT = "### Le constat\n\nTrop de papier.\n\n# Pour qui\n\n##### Les communes\n\n## \n\nEt les autres."


def product(identifier, name, pitch, phase, **attributes):
    return {"id": identifier, "type": "startup", "relationships": {"incubator": {"data": {"type": "incubator", "id": "modele"}}},
            "attributes": {"name": name, "pitch": pitch, "content": TEXT, "phases": [{"name": phase, "start": "2021-01-01"}], **attributes}}


def repository(name, **fields):
    return {"id": f"https://github.com/{name}", "html_url": f"https://github.com/{name}", "full_name": name, "repo_name": name.split("/")[1],
            "description": "Code des démarches", "language": "Ruby", "license": "GNU Affero General Public License v3.0",
            "owner": "https://github.com/modele", "platform": "github.com", "stars": 12, "updated_at": "2024-01-02T03:04:05Z", **fields}


CATALOGUES = {
    "beta.gouv.fr": ("betagouv", {"data": [
        product("demarches", "Démarches modèles", "Dématérialiser une démarche administrative", "success", repository=CODE,
                link="https://demarches.example"),
        product("ancien", "Ancien service", "Une démarche d’autrefois", "alumni")], "included": [
            {"id": "modele", "type": "incubator", "attributes": {"title": "Incubateur modèle", "owner": "DINUM"}}]}),
    "code.gouv.fr": ("codegouv", [repository("modele/demarches"), repository("modele/copie", fork=True),
                                  repository("modele/patron", template=True, archived=True)]),
    "sill": ("sill", [{"id": 7, "name": "Démarches libres", "description": "Saisir une démarche en ligne", "license": "AGPL-3.0-only",
                       "softwareType": {"type": "cloud"}, "softwareExternalData": {"documentationUrl": "https://doc.example/"},
                       "codeRepositoryUrl": CODE, "isFromFrenchPublicService": True, "keywords": [], "categories": [],
                       "userAndReferentCountByOrganization": {"Commune modèle": {"userCount": 3, "referentCount": 1}}}]),
    "api.gouv.fr": ("apigouv", [{"slug": "particulier", "title": "API Démarches", "tagline": "Vérifier les pièces d’une démarche",
                                 "path": "/les-api/particulier", "openness": "restricted", "owner": "DINUM",
                                 "doc_tech_external": "https://doc.example/api", "datapass_link": "https://datapass.example/"}])}
PAGES = {"brick": "/r/beta.gouv.fr:demarches", "obsolete": "/r/beta.gouv.fr:ancien", "repository": "/r/code.gouv.fr:github.com%2Fmodele%2Fdemarches",
         "fork": "/r/code.gouv.fr:github.com%2Fmodele%2Fcopie", "software": "/r/sill:7", "api": "/r/api.gouv.fr:particulier",
         "search": "/?q=d%C3%A9marche", "home": "/", "sources": "/sources"}


def setUpModule():
    if missing():
        raise unittest.SkipTest(missing())
    g = Glaneur(*(source(f"./{name}.json", name, type=kind) for name, (kind, _) in CATALOGUES.items()))
    unittest.addModuleCleanup(close, g)
    for name, (_, content) in CATALOGUES.items():
        with open(os.path.join(g.folder, name + ".json"), "w", encoding="utf-8") as f:
            json.dump(content, f)
    runs = g.json("harvest")["runs"]
    if [r["state"] for r in runs] != ["done"] * len(CATALOGUES):
        raise AssertionError(runs)
    World.site = g.serve()
    World.browser = Browser()
    unittest.addModuleCleanup(World.browser.close)


class Commons(BrowserTest):
    def facts(self):
        return dict(zip(self.texts("aside .brief dt"), self.texts("aside .brief dd")))

    def links(self):
        return self.texts(".links a")

    def test_to_a_brick_and_its_other_catalogues(self):
        """Found by a need, its page gathers what three catalogues tell; the way to each of them and back."""
        self.search_for("démarche administrative")
        self.assertEqual(self.titles()[0], "Démarches modèles")
        self.assertNotIn("demarches", self.titles())
        facts = self.texts(".result:first-child .facts li")
        self.assertIn("Dans beta.gouv.fr", facts)
        self.assertIn("Aussi dans code.gouv.fr, sill", facts)
        self.assertIn("Développé par un service public français", " ".join(facts))
        self.browser.link("Démarches modèles").click()
        self.assertPath("/r/beta.gouv.fr:demarches")
        self.assertEqual(self.texts(".origin"), ["Logiciel Produit numérique (service public)"])
        self.assertEqual(self.links(), ["Site du produit", "Code source", "Voir sur beta.gouv.fr", "Documentation"])
        facts = self.facts()
        self.assertEqual(facts["Avancement"], "En service")
        self.assertEqual(facts["Licence"], "GNU Affero General Public License v3.0 (licence ouverte) d’après code.gouv.fr")
        self.assertEqual(facts["Langages"], "Ruby")
        self.assertEqual(self.texts(".text h3, .text h4"), ["Le constat", "Pour qui", "Les communes"])
        self.assertEqual(self.texts("#usagers"), ["Organisations qui l’utilisent"])
        self.assertEqual(self.texts("section[aria-labelledby=ailleurs] li"), [
            "code.gouv.fr : demarches dépôt de code source, Ruby, GNU Affero General Public License v3.0",
            "sill : Démarches libres service en ligne, GNU Affero General Public License v3.0"])

        self.browser.link("code.gouv.fr").click()
        self.assertPath("/r/code.gouv.fr:github.com/modele/demarches")
        self.assertEqual(self.texts("h1"), ["demarches"])
        self.assertEqual(self.links(), ["Code source"])
        self.assertIn("d’où elle vient", self.one(".notice").text)
        self.one(".notice a").click()
        self.assertPath("/r/beta.gouv.fr:demarches")

    def test_an_api(self):
        self.open(PAGES["api"])
        self.assertEqual(self.links(), ["Documentation", "Demander l’accès", "Voir sur api.gouv.fr"])
        self.assertEqual(self.facts()["Accès"], "Accès restreint Demander l’accès")
        self.assertNotIn("Licence", self.facts())

    def test_what_is_over_says_so(self):
        self.open(PAGES["obsolete"])
        self.assertIn("n’est plus suivi", self.one(".notice").text)
        self.assertEqual(self.facts()["Avancement"], "Arrêté ou transmis")

    def test_no_code_in_the_filters(self):
        self.open("/?kind=software")
        labels = self.texts("input[name=badge] + .label")
        self.assertEqual(sorted(labels), ["Copie d’un autre dépôt (fork)", "Développé par un service public français", "Modèle de dépôt"])
        self.one("input[name=badge][value=fork]").click()
        self.one(".apply button").click()
        self.assertPath("/", badge=["fork"])
        self.assertEqual(self.titles(), ["copie"])
        self.assertEqual(self.texts(".active li a"), [
            "Retirer le filtre Type : Logiciel ✕", "Retirer le filtre Label : Copie d’un autre dépôt (fork) ✕"])

    def test_examples_of_every_kind(self):
        self.open("/")
        examples = self.texts(".examples li")
        for words in ("bornes de recharge", "api adresse", "démarches en ligne", "logiciel de cartographie"):
            self.assertIn(words, examples)
        self.browser.link("démarches en ligne").click()
        self.assertPath("/", q=["démarches en ligne"])
        self.assertIn("Démarches modèles", self.titles())

    def test_rules(self):
        """Structure, headings without a skip, contrast light and dark, nothing wider than a phone."""
        for name, path in PAGES.items():
            with self.subTest(name):
                self.browser.width()
                self.open(path)
                self.assertEqual(page_rules.structure(self.browser), [])
                for colours in ("light", "dark"):
                    self.browser.colours(colours)
                    self.assertEqual(page_rules.contrast(self.browser), [])
                self.browser.width(390)
                self.open(path)
                self.assertEqual(page_rules.overflow(self.browser, 390), [])


if __name__ == "__main__":
    main()
