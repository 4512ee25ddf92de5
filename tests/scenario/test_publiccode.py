#!/usr/bin/env python3
"""The publiccode driver against open-catalog-api: cursors to the end, a change, an absence, YAML that cannot be read, a broken page; and over
files."""
import os, unittest

from commons import OpenCatalog, SingleFile, entry


def yml(name, text="Un logiciel"):
    return f"publiccodeYmlVersion: '0.4'\nname: {name}\nurl: https://github.com/a/{name}\ndescription:\n  fr:\n    shortDescription: {text}\n"


class Publiccode(SingleFile):
    kind = "publiccode"

    def catalog(self, entries, page):
        server = OpenCatalog(entries, page)
        self.addCleanup(server.close)
        return server

    def test_life_of_a_catalogue(self):
        entries = [entry(f"id-{n}", yml(f"Logiciel{n}")) for n in range(7)]
        server = self.catalog(entries, 3)
        g = self.glaneur(self.source(server, max_removed=1))
        self.assertCounts(g.harvest(), added=7, pages=3)
        asked = [path for path, _ in server.requests]
        self.assertEqual(len(asked), 3, asked)
        self.assertEqual(g.show("cat:id-6")["provenance"]["remote_url"], server.url + "/id-6")
        self.assertCounts(g.harvest(), unchanged=7, pages=3)
        entries[0]["publiccodeYml"] = yml("Logiciel0", "Un autre")
        entries[1]["publiccodeYml"] = "a: &a [x]\nb: [*a]\n"
        entries[2]["active"] = False
        del entries[6]
        run = g.harvest()
        self.assertCounts(run, updated=1, unchanged=4, missing=1, errored=1, figures=run["figures"], pages=2)
        self.assertErrors(run, ("cat:id-1", "record", "its publiccode.yml cannot be read"))
        self.assertEqual(g.show("cat:id-2")["status"], "archived")
        self.assertEqual(g.show("cat:id-1")["status"], "active")

    def test_a_broken_page(self):
        server = self.catalog([entry(f"id-{n}", yml(f"Logiciel{n}")) for n in range(7)], 3)
        g = self.glaneur(self.source(server, remove_after={"sweeps": 1, "days": 0}))
        self.assertCounts(g.harvest(), added=7)
        for body in (b'{"title": "Internal Server Error"}', b"<html>", b'{"data": [{"id": '):
            server.broken = {2: body}
            run = g.harvest(code=None)
            self.assertNotEqual(run["state"], "done", run)
            self.assertEqual((run["missing"], run["removed"], run["unchanged"]), (0, 0, 3), run)
        server.broken = {}
        self.assertCounts(g.harvest(), unchanged=7)

    def test_files(self):
        site = self.site("/a/publiccode.yml", yml("Seul").encode())
        g = self.glaneur(self.source(site))
        self.assertCounts(g.harvest(), added=1)
        self.assertEqual(g.show("cat:github.com/a/seul")["title"], "Seul")
        folder = os.path.join(g.folder, "files")
        os.mkdir(folder)
        for name, text in {"un.yml": yml("Un"), "deux.yml": yml("Deux"), "non.yml": "- a\n"}.items():
            with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
                f.write(text)
        g.configure(self.source(folder, name="files"))
        run = g.harvest(code=None)
        self.assertEqual((run["added"], run["missing"]), (2, 0), run)
        self.assertEqual(g.show("files:github.com/a/un")["title"], "Un")


if __name__ == "__main__":
    unittest.main()
