#!/usr/bin/env python3
"""Opendatasoft portals, harvested over real HTTP. Run: python3 tests/scenario/test_ods.py"""
import json, unittest
from urllib.parse import parse_qs, urlsplit

from ckan import HTML, Raw, dumps
from fields import unlisted
from glaneur import FAILED, Scenario, source
from ods import Ods, dataset

LIST, EXPORT = "/api/explore/v2.1/catalog/datasets", "/api/explore/v2.1/catalog/exports/json"


class Portal(Scenario):
    def portal(self, datasets, **how):
        server = Ods(datasets, **how)
        self.addCleanup(server.close)
        return server

    def harvester(self, server, **keys):
        return self.glaneur(source(server, type="ods", **keys))


class Sweep(Portal):
    def test_lists(self):
        server = self.portal([dataset(f"jeu-{n:03}") for n in range(230)])
        g = self.harvester(server, page_size=1000)      # the API gives at most 100
        self.assertCounts(g.harvest(), added=230, pages=3)
        self.assertEqual([parse_qs(urlsplit(p).query)["offset"] for p in server.paths()], [["0"], ["100"], ["200"]])
        self.assertCounts(g.harvest(), unchanged=230)
        kept = g.show("cat:da_jeu-007")
        self.assertEqual((kept["title"], kept["description"], kept["fields"][0]["label"]), ("Jeu jeu-007", "Description de jeu-007", "Nom"))
        self.assertEqual(kept["distributions"][0]["url"], server.url + LIST + "/jeu-007/exports/csv")

    def test_changed_renamed_absent(self):
        server = self.portal([dataset(f"{n}") for n in range(9)])
        g = self.harvester(server)
        g.harvest()
        server.datasets[0]["metas"]["default"]["title"] = "Un autre titre"
        server.datasets[1]["dataset_id"] = "renomme"        # the same dataset_uid
        server.datasets[2]["metas"]["default"].update(modified="2026-01-01T00:00:00+00:00", records_count=99)    # figures at most
        self.assertCounts(g.harvest(), updated=2, unchanged=7, figures=1)
        self.assertEqual(g.show("cat:da_1")["aliases"], ["cat:renomme"])
        del server.datasets[3]
        self.assertCounts(g.harvest(), unchanged=8, missing=1)
        self.assertCounts(g.harvest(), unchanged=8, removed=1)

    def test_removed_between_two_pages(self):
        server = self.portal([dataset(f"{n:02}") for n in range(12)])

        def remove(path):
            if "offset=4" in path:
                server.hook = None
                del server.datasets[0:2]
        server.hook = remove
        run = self.harvester(server, page_size=4).harvest()
        self.assertEqual((run["state"], run["added"]), ("done", 12), run)
        self.assertEqual([parse_qs(urlsplit(p).query)["offset"][0] for p in server.paths()], ["0", "4", "2", "6"])

    def test_over_the_wall(self):
        count = 10250
        datasets = [{"dataset_id": f"d{n}", "dataset_uid": f"da_{n}", "metas": {"default": {"title": f"Jeu {n}"}}} for n in range(count)]
        server = self.portal(datasets)
        g = self.harvester(server)
        self.assertCounts(g.harvest(), added=count, pages=2)
        self.assertEqual([urlsplit(p).path for p in server.paths()], [LIST, EXPORT])

    def test_copies_keep_their_origin(self):
        copy = dataset("velos@ville", federated=True, source_domain_address="data.ville.fr", source_dataset="velos")
        g = self.harvester(self.portal([copy, dataset("autre")]))
        self.assertCounts(g.harvest(), added=2)
        self.assertEqual(g.show("cat:da_velos@ville")["provenance"]["origin_url"], "https://data.ville.fr/explore/dataset/velos/")

    def test_versions(self):
        g = self.harvester(self.portal([dataset("a"), dataset("b"), dataset("c")], version="2.0"), api="2.0", page_size=2)
        self.assertCounts(g.harvest(), added=3)
        old = [{"datasetid": name, "has_records": False, "features": [], "attachments": [], "fields": [],
                "metas": {"title": f"Jeu {name}", "language": "fr", "modified": "2015-04-10T09:39:13+00:00"}} for name in "ab"]
        g = self.harvester(self.portal(old, version="1.0"), api="1.0", page_size=1)
        self.assertCounts(g.harvest(), added=2)
        self.assertEqual(g.show("cat:b")["title"], "Jeu b")


class Errors(Portal):
    def test_a_broken_dataset(self):
        bad = Raw('{"dataset_id":"b","dataset_uid":"da_b","metas":nul}')
        g = self.harvester(self.portal([dataset("a"), bad, dataset("c")]))
        run = g.harvest()
        self.assertCounts(run, added=2, errored=1)
        self.assertErrors(run, ("cat:da_b", "parse", "not valid JSON"))

    def test_a_page_that_stays_broken_is_lost_alone(self):
        server = self.portal([dataset(f"{n}") for n in range(6)])
        g = self.harvester(server, page_size=2)
        self.assertCounts(g.harvest(), added=6)
        server.instead("offset=2&", (200, "text/html", HTML), times=9)
        run = g.harvest()
        self.assertEqual((run["unchanged"], run["missing"], run["removed"]), (4, 0, 0), run)

    def test_an_error_with_200(self):
        server = self.portal([dataset("a")])
        server.instead(LIST, (200, "application/json", dumps({"error_code": "ODSQLError", "message": "clause inconnue"})), times=9)
        run = self.harvester(server).harvest(code=FAILED)
        self.assertEqual(run["state"], "failed")
        self.assertIn("clause inconnue", json.dumps(run, ensure_ascii=False))

    def test_quota_is_waited_for(self):
        server = self.portal([dataset("a")])
        server.instead(LIST, (429, "application/json", dumps({"errorcode": 10002, "error": "Too many requests"})))
        self.assertCounts(self.harvester(server).harvest(), added=1)


class Fields(unittest.TestCase):
    def test_ours(self):
        whole = dataset("a", records_count=1, federated=True, bbox={"type": "Feature"}, territory=["Rennes"])
        whole["attachments"] = [{"id": "x", "title": "X", "mimetype": "application/pdf", "url": "odsfile://x.pdf"}]
        self.assertEqual(unlisted("ods.tsv", {"total_count": 1, "results": [whole]}), [])
        self.assertEqual(unlisted("ods.tsv", {"total_count": "1", "hits": 1}), [("hits", "number"), ("total_count", "string")])


if __name__ == "__main__":
    unittest.main(verbosity=2)
