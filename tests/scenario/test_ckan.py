#!/usr/bin/env python3
"""CKAN and DKAN portals, harvested over real HTTP. Run: python3 tests/scenario/test_ckan.py"""
import json, os, unittest
from urllib.parse import parse_qs, urlsplit

from ckan import HTML, Ckan, Dkan, Raw, package
from fields import unlisted
from glaneur import FAILED, Scenario, source

SHARED = os.path.join(os.environ.get("GLANEUR_SHARED") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "shared"), "data")
FIRST, LIST = "/api/3/action/package_search", "/api/3/action/current_package_list_with_resources"


class Portal(Scenario):
    def portal(self, packages, kind=Ckan, **how):
        server = kind(packages, **how)
        self.addCleanup(server.close)
        return server

    def harvester(self, server, **keys):
        return self.glaneur(source(server, type="ckan", **keys))


class Sweep(Portal):
    def test_rows_are_capped_in_silence(self):
        server = self.portal([package(f"{n:03}") for n in range(25)], rows_max=4)
        g = self.harvester(server, page_size=10)
        self.assertCounts(g.harvest(), added=25, pages=7)
        starts = [int(parse_qs(urlsplit(p).query)["start"][0]) for p in server.paths()]
        self.assertEqual(starts, [0, 4, 8, 12, 16, 20, 24])
        self.assertEqual(g.show("cat:id-003")["title"], "Jeu 003")

    def test_again_changed_absent_and_gone(self):
        server = self.portal([package(f"{n}") for n in range(9)])
        g = self.harvester(server)
        g.harvest()
        self.assertCounts(g.harvest(), unchanged=9)
        server.packages[2]["title"] = "Un autre titre"
        server.packages[3]["tags"] = [{"name": "b"}, {"name": "a"}]
        self.assertCounts(g.harvest(), updated=2, unchanged=7)
        server.packages[3]["tags"] = [{"name": "a"}, {"name": "b"}]       # another order is no change
        self.assertCounts(g.harvest(), unchanged=9)
        del server.packages[4]      # CKAN itself says that it is not there: gone at once
        self.assertCounts(g.harvest(), unchanged=8, removed=1)
        self.assertIn("package_show?id=id-4", server.paths()[-1])

    def test_removed_between_two_pages(self):
        server = self.portal([package(f"{n:02}") for n in range(12)])

        def remove(path):
            if "start=4" in path:
                server.hook = None
                del server.packages[0:2]
        server.hook = remove
        g = self.harvester(server, page_size=4)
        run = g.harvest()
        self.assertEqual((run["state"], run["added"]), ("done", 12), run)
        starts = [parse_qs(urlsplit(p).query)["start"][0] for p in server.paths() if p.startswith(FIRST)]
        self.assertEqual(starts, ["0", "4", "2", "6"])

    def test_what_is_no_dataset(self):
        packages = [package("a"), package("b", type="harvest"), package("c", type="showcase", url="https://carte.exemple.org"),
                    package("d", private=True), package("e", state="deleted"), package("f", type="geodataset")]
        g = self.harvester(self.portal(packages))
        run = g.harvest()
        self.assertCounts(run, added=3, skipped=3)
        self.assertEqual(g.show("cat:reuse.id-c")["kind"], "reuse")
        self.assertEqual(g.show("cat:id-f")["kind"], "dataset")
        g = self.harvester(self.portal(packages), kinds=["dataset"])
        self.assertCounts(g.harvest(), added=2, skipped=4)

    def test_old_portals(self):
        server = self.portal([package("a"), package("b")], root="/api/action")
        g = self.harvester(server)
        self.assertCounts(g.harvest(), added=2)
        self.assertEqual([urlsplit(p).path for p in server.paths()], [FIRST, "/api/action/package_search"])
        self.assertCounts(g.harvest(), unchanged=2)


class Errors(Portal):
    def test_a_broken_package(self):
        bad = Raw('{"id":"id-b","title":nul}')
        g = self.harvester(self.portal([package("a"), bad, package("c"), {"id": "id-d", "type": "dataset"}]))
        run = g.harvest()
        self.assertCounts(run, added=2, errored=2)
        self.assertErrors(run, ("cat:id-b", "parse", "not valid JSON"), ("cat:id-d", "record", "no title"))

    def test_a_page_once_broken_is_asked_for_again(self):
        server = self.portal([package("a"), package("b")])
        server.instead(FIRST, (200, "text/html", HTML))
        g = self.harvester(server)
        self.assertCounts(g.harvest(), added=2)

    def test_a_page_that_stays_broken_is_lost_alone(self):
        server = self.portal([package(f"{n}") for n in range(6)])
        g = self.harvester(server, page_size=2)
        self.assertCounts(g.harvest(), added=6)
        del server.packages[5]
        server.instead("start=2", (200, "application/json", b'{"success":false,"error":{"__type":"Search Error","message":"Solr"}}'), times=9)
        run = g.harvest()
        self.assertEqual((run["unchanged"], run["missing"], run["removed"]), (3, 0, 0), run)     # incomplete: nothing is absent
        self.assertTrue(any("Search Error: Solr" in e["message"] for e in run["errors"]), run)
        self.assertTrue(any(e["kind"] == "incomplete" for e in run["errors"]), run)

    def test_success_false_and_texts(self):
        for body, said in ((b'{"help":"h","success":false,"error":{"__type":"Authorization Error","message":"Access denied"}}', "Access denied"),
                           (b'"Bad request - Action name not known: package_search"', "Action name not known"),
                           (HTML, "De retour bientôt")):
            server = self.portal([package("a")])
            server.instead(FIRST, (200, "application/json", body), times=9)
            run = self.harvester(server).harvest(code=FAILED)
            self.assertEqual(run["state"], "failed")
            self.assertTrue(any(said in e["message"] for e in run["errors"]) or said in json.dumps(run, ensure_ascii=False), run)

    def test_no_portal(self):
        run = self.harvester(self.portal([], root="/elsewhere")).harvest(code=FAILED)
        self.assertEqual(run["state"], "failed")
        self.assertIn("/data.json", json.dumps(run))


class OfDkan(Portal):
    def packages(self, count=5):
        return [package(f"{n}", state="Active", private=True, type="Dataset", organization=None, groups=[{"id": "g", "title": "Région"}],
                        metadata_created="mar, 10/12/2019 - 09:23", url=f"https://d.exemple.fr/{n}") for n in range(count)]

    def test_list_in_list(self):
        server = self.portal(self.packages(), kind=Dkan)
        g = self.harvester(server, page_size=2)
        self.assertCounts(g.harvest(), added=5)
        kept = g.show("cat:id-0")
        self.assertEqual((kept["publisher"]["name"], kept["issued"][:16], kept["provenance"]["remote_url"]),
                         ("Région", "2019-12-10T09:23", "https://d.exemple.fr/0"))
        self.assertCounts(g.harvest(), unchanged=5)

    def test_the_whole_list_whatever_the_offset(self):
        server = self.portal(self.packages(), kind=Dkan, nested=False, heeds_offset=False)
        g = self.harvester(server, page_size=2)
        self.assertCounts(g.harvest(), added=5)
        self.assertEqual(len([p for p in server.paths() if p.startswith(LIST)]), 2)


class Window(Portal):
    def test_only_what_changed(self):
        server = self.portal([package(f"{n}") for n in range(3)])
        g = self.harvester(server, full_every=7)
        self.assertCounts(g.harvest(), added=3)
        server.packages[1].update(title="Changé", metadata_modified="2999-01-01T00:00:00")
        del server.packages[2]
        run = g.harvest()
        self.assertCounts(run, updated=1)       # and nothing is absent
        self.assertIn("fq=metadata_modified:%5B", server.paths()[-1])


class Fields(unittest.TestCase):
    def test_ours(self):
        page = {"help": "h", "success": True, "result": {"count": 1, "sort": "id asc", "facets": {}, "search_facets": {}, "results": [
            package("a", extras=[{"key": "k", "value": "v"}], tags=[{"name": "t", "display_name": "T", "state": "active"}],
                    groups=[{"name": "g", "title": "G"}], title_translated={"fr": "A"}, tracking_summary={"total": 1, "recent": 2})]}}
        self.assertEqual(unlisted("ckan.tsv", page), [])
        self.assertEqual(unlisted("ckan.tsv", {"result": {"count": "1"}, "autre": 1}), [("autre", "number"), ("result.count", "string")])

    def test_samples(self):
        folder = os.path.join(SHARED, "ckan-ods-other-samples")
        if not os.path.isdir(folder):
            self.skipTest(f"no {folder}")
        with open(os.path.join(folder, "datagouv-2014-ckan/ministere-de-l-interieur.json"), encoding="utf-8") as f:
            self.assertEqual(unlisted("ckan.tsv", json.load(f), "result.results"), [])
        with open(os.path.join(folder, "udata-ckan/dkan-french-w-license.json"), encoding="utf-8") as f:
            self.assertEqual(unlisted("ckan.tsv", json.load(f)["result"], "result.results"), [])
        for name in ("solr_response", "solr_inspire_dataset", "solr_dataset_without_datafiles"):
            with open(os.path.join(folder, f"datagovuk/{name}.json"), encoding="utf-8") as f:
                packages = [json.loads(doc["validated_data_dict"]) for doc in json.load(f)["response"]["docs"]]
            self.assertEqual(unlisted("ckan.tsv", packages, "result.results"), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
