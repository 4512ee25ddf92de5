#!/usr/bin/env python3
"""The betagouv driver against a site that changes: all of its file formats, a product that is no JSON, a page that is none."""
import json, os, unittest

from commons import SingleFile


def product(identifier, name, pitch="Un service", phase="construction", **attributes):
    return {"id": identifier, "type": "startup",
            "attributes": {"name": name, "pitch": pitch, "content_url_encoded_markdown": "%23%20Probl%C3%A8me",
                           "phases": [{"name": phase, "start": "2021-01-01", "end": ""}], **attributes},
            "relationships": {"incubator": {"data": {"type": "incubator", "id": "dinum"}}}}


def page(*products):
    return {"links": {"self": "x"}, "data": list(products), "included": [
        {"id": "dinum", "type": "incubator", "attributes": {"title": "Incubateur de services numériques", "owner": "DINUM"}}]}


class Betagouv(SingleFile):
    kind = "betagouv"

    def test_life_of_a_catalogue(self):
        products = [product(f"p{n}", f"Produit {n}") for n in range(5)]
        site = self.site("/api/v2.6/startups.json", page(*products))
        g = self.glaneur(self.source(site, max_removed=1))
        self.assertCounts(g.harvest(), added=5, pages=1)
        self.assertEqual(g.show("cat:p1")["publisher"]["name"], "Incubateur de services numériques")
        self.assertEqual(g.show("cat:p1")["provenance"]["remote_url"], site.root + "/startups/p1.html")
        self.assertCounts(g.harvest(), unchanged=5)
        products[1]["attributes"]["pitch"] = "Un autre service"
        products[2]["attributes"]["phases"].append({"name": "alumni", "start": "2023-01-01"})
        site.content = page(*products[:4])
        run = g.harvest()
        self.assertEqual((run["updated"], run["unchanged"], run["missing"], run["errored"]), (2, 2, 1, 0), run)
        self.assertEqual(g.show("cat:p2")["status"], "archived")
        self.assertEqual(g.show("cat:p4")["status"], "missing")
        site.content = page(*products)
        self.assertEqual(g.harvest()["missing"], 0)
        self.assertEqual(g.show("cat:p4")["status"], "active")

    def test_a_product_that_is_no_json(self):
        products = [product(f"p{n}", f"Produit {n}") for n in range(3)]
        site = self.site("/api/v2.6/startups.json", page(*products))
        g = self.glaneur(self.source(site))
        self.assertCounts(g.harvest(), added=3)
        site.content = json.dumps(page(*products)).replace("Un service", 'Un "bon" service', 1).encode()
        run = g.harvest()
        self.assertCounts(run, unchanged=2, errored=1)
        self.assertErrors(run, ("cat:p0", "parse", "not valid JSON"))
        self.assertEqual(g.show("cat:p0")["status"], "active")

    def test_a_page_that_is_none_keeps_the_last_good_one(self):
        products = [product(f"p{n}", f"Produit {n}") for n in range(3)]
        site = self.site("/api/v2.6/startups.json", page(*products))
        g = self.glaneur(self.source(site, remove_after={"sweeps": 1, "days": 0}))
        self.assertCounts(g.harvest(), added=3)
        whole = json.dumps(page(*products))
        for body in (whole.replace("Un service", 'Un écran de 15" et plus', 1), whole[:len(whole) // 2], "<html>En maintenance</html>",
                     '{"error": "non"}', ""):
            site.content = body.encode()
            run = g.harvest(code=None)
            self.assertNotEqual(run["state"], "done", (body, run))
            self.assertEqual((run["missing"], run["removed"]), (0, 0), run)
            for n in range(3):
                self.assertEqual(g.show(f"cat:p{n}")["status"], "active")
        site.content = page(*products)
        self.assertCounts(g.harvest(), unchanged=3)

    def test_other_files(self):
        site = self.site("/api/v3/startups.json", [
            {"id": "/startups/ban", "title": "Base adresse", "mission": "Une adresse", "incubator": "dinum", "repository": ["https://github.com/etalab/ban"]}])
        g = self.glaneur(self.source(site))
        self.assertCounts(g.harvest(), added=1)
        self.assertEqual(g.show("cat:ban")["repository_url"], "https://github.com/etalab/ban")
        site.content = {"ban": {"id": "ban", "name": "Base adresse", "active_members": ["jeanne.martin"], "phases": []}}
        self.assertCounts(g.harvest(), updated=1)
        self.assertNotIn("jeanne", json.dumps(g.show("cat:ban")))

    def test_a_folder_of_sheets(self):
        g = self.glaneur(self.source("https://beta.example"))
        folder = os.path.join(g.folder, "_startups")
        os.mkdir(folder)
        for name, text in {"ban.md": "---\ntitle: Base adresse\nmission: Une adresse\n---\n# Solution\n", "faux.md": "---\ntitle: [a\n---\n"}.items():
            with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
                f.write(text)
        g.configure(self.source(folder))
        run = g.harvest()
        self.assertCounts(run, added=1, errored=1)
        self.assertEqual(g.show("cat:ban")["description"], "Une adresse\n\n# Solution")


if __name__ == "__main__":
    unittest.main()
