#!/usr/bin/env python3
"""The sill driver against a catalogue that changes: counts are figures, what is taken off the list is archived."""
import unittest

from commons import SingleFile


def software(number, name, **fields):
    return {"id": number, "name": name, "description": {"fr": "Un logiciel", "en": "A software"}, "license": "MIT", "referencedSinceTime": 1514764800000,
            "updateTime": 1600000000000, "externalId": f"Q{number}", "categories": ["Bureautique"], "similarSoftwares": [],
            "userAndReferentCountByOrganization": {"DINUM": {"userCount": 1, "referentCount": 0}},
            "softwareExternalData": {"websiteUrl": "https://x.example", "sourceUrl": f"https://github.com/x/{name}.git"}, **fields}


class Sill(SingleFile):
    kind = "sill"

    def test_life_of_a_catalogue(self):
        site = self.site("/sill/api/sill.json", [software(10, "Un"), software(11, "Deux"), software(12, "Trois")])
        g = self.glaneur(self.source(site, max_removed=1))
        self.assertCounts(g.harvest(), added=3, pages=1)
        un = g.show("cat:10")
        self.assertEqual((un["title"], un["provenance"]["origin_id"], un["popularity"]["reuses"]), ("Un", "Q10", 1))
        self.assertEqual(un["provenance"]["remote_url"], site.root + "/sill/detail?name=Un")
        self.assertCounts(g.harvest(), unchanged=3)
        site.content = [software(10, "Un", userAndReferentCountByOrganization={"DINUM": {"userCount": 9, "referentCount": 2}}, updateTime=1700000000000),
                        software(11, "Deux", dereferencing={"reason": "Abandonné", "time": 1}), {"id": 12}]
        run = g.harvest()
        self.assertCounts(run, unchanged=1, updated=1, errored=1, figures=run["figures"])
        self.assertGreaterEqual(run["figures"], 1)
        self.assertErrors(run, ("cat:12", "record", "no name"))
        self.assertEqual(g.show("cat:10")["popularity"]["reuses"], 9)
        deux = g.show("cat:11")
        self.assertEqual((deux["status"], deux["description"]), ("archived", "Un logiciel\n\nRetiré du catalogue : Abandonné"))
        site.content = [software(10, "Un")]
        run = g.harvest()
        self.assertEqual((run["missing"], g.show("cat:12")["status"]), (1, "missing"), run)     # 11 is archived, and stays so
        site.content = {"message": "maintenance"}
        run = g.harvest(code=None)
        self.assertEqual((run["state"] in ("failed", "done_with_errors"), run["missing"]), (True, 0), run)

    def test_another_name_of_a_similar_software_finds_it(self):
        site = self.site("/sill/api/sill.json", [software(10, "Gimp", similarSoftwares=[{"label": {"fr": "Adobe Photoshop"}}]), software(11, "Autre")])
        g = self.glaneur(self.source(site))
        g.harvest()
        self.assertEqual(g.found("alternative photoshop")[:1], ["cat:10"])


if __name__ == "__main__":
    unittest.main()
