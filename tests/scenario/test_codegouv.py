#!/usr/bin/env python3
"""The codegouv driver against a list that changes: parts of a long file, one repository under two spellings, forks, a cut file."""
import json, unittest

from commons import SingleFile


def repository(name, **fields):
    return {"id": f"https://github.com/{name}", "full_name": name, "repo_name": name.split("/")[-1], "description": "Un dépôt", "language": "C",
            "license": "MIT License", "owner": "https://github.com/" + name.split("/")[0], "platform": "github.com", "forks_count": 0, "fork": False,
            "template": False, "archived": False, "awesome-score": 1100, "updated_at": "2024-01-02T03:04:05Z", **fields}


class Codegouv(SingleFile):
    kind = "codegouv"

    def test_life_of_a_catalogue(self):
        many = [repository(f"etalab/r{n}") for n in range(450)]
        site = self.site("/data/codegouvfr-repositories.json", many)
        g = self.glaneur(self.source(site, max_removed=1))
        self.assertCounts(g.harvest(), added=450)
        r7 = g.show("cat:github.com/etalab/r7")
        self.assertEqual((r7["title"], r7["license"]["id"], r7["publisher"]["name"]), ("r7", "MIT", "etalab"))
        self.assertCounts(g.harvest(), unchanged=450)
        site.content = [repository("Etalab/R0"), repository("etalab/r1", fork=True), repository("etalab/r2", archived=True), repository("etalab"),
                        {**many[3], "updated_at": "2025-01-01T00:00:00Z", "forks_count": 7}, *many[4:400], many[4]]
        run = g.harvest()
        self.assertEqual((run["errored"], run["skipped"], run["missing"], run["added"]), (1, 1, 50, 0), run)
        self.assertErrors(run, ("cat:https://github.com/etalab", "record", "no repository"))
        self.assertEqual(g.show("cat:github.com/etalab/r0")["repository_url"], "https://github.com/Etalab/R0")
        r1 = g.show("cat:github.com/etalab/r1")
        self.assertEqual((r1["type"], r1["badges"]), ("fork", ["fork"]))
        self.assertEqual(g.show("cat:github.com/etalab/r2")["status"], "archived")
        self.assertEqual(g.show("cat:github.com/etalab/r3")["popularity"]["reuses"], 7)

    def test_a_file_that_is_cut_or_none(self):
        many = [repository(f"etalab/r{n}") for n in range(300)]
        site = self.site("/data/codegouvfr-repositories.json", many)
        g = self.glaneur(self.source(site, remove_after={"sweeps": 1, "days": 0}))
        self.assertCounts(g.harvest(), added=300)
        whole = json.dumps(many)
        for body in (whole[:len(whole) * 3 // 4], '{"error": "maintenance"}', "<html>", ""):
            site.content = body.encode()
            run = g.harvest(code=None)
            self.assertNotEqual(run["state"], "done", (body[:50], run))
            self.assertEqual((run["missing"], run["removed"]), (0, 0), run)
        site.content = whole.replace("Un dépôt", 'Un "dépôt"', 1).replace("Un d\\u00e9p\\u00f4t", 'Un "dépôt"', 1).encode()
        run = g.harvest()
        self.assertCounts(run, unchanged=299, errored=1)
        self.assertErrors(run, ("cat:github.com/etalab/r0", "parse", "not valid JSON"))

    def test_short_keys(self):
        site = self.site("/data/repos_preprod.json", [{"a": 1100, "a?": False, "c?": True, "d": "Adresses", "f": 3, "fn": "etalab/ban", "f?": False,
                                                       "l": "Python", "li": "mit", "n": "ban", "o": "https://github.com/etalab", "p": "github.com",
                                                       "p?": True, "t?": True, "u": "2024-01-02T03:04:05Z"}])
        g = self.glaneur(self.source(site))
        self.assertCounts(g.harvest(), added=1)
        ban = g.show("cat:github.com/etalab/ban")
        self.assertEqual((ban["repository_url"], ban["type"], ban["badges"]), ("https://github.com/etalab/ban", "template", ["contributing", "publiccode", "template"]))


if __name__ == "__main__":
    unittest.main()
