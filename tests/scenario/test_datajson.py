#!/usr/bin/env python3
"""DCAT-US documents, harvested over real HTTP and from disk. Run: python3 tests/scenario/test_datajson.py"""
import json, os, random, unittest

from dcatus import HTML, DataJson, Raw, dataset, dumps
from glaneur import FAILED, Scenario, source


class Catalogue(Scenario):
    def serve(self, datasets, **how):
        server = DataJson(datasets, **how)
        self.addCleanup(server.close)
        return server

    def harvester(self, server, **keys):
        return self.glaneur({**source(server, type="datajson", **keys), "url": server.url + "/data.json"})


class Sweeps(Catalogue):
    def test_again_churned_changed_absent(self):
        server = self.serve([dataset(n) for n in range(30)])
        g = self.harvester(server)
        self.assertCounts(g.harvest(), added=30, pages=1)
        whole = g.show("cat:d-3")
        self.assertEqual((whole["title"], whole["publisher"]["name"], whole["access"]), ("Jeu 3", "Ville", "open"))
        self.assertEqual(sorted(whole["keywords"]), ["air", "eau", "sol"])
        self.assertCounts(g.harvest(), unchanged=30)
        r = random.Random(1)
        for o in server.datasets:       # what servers do every night: another order, another day
            r.shuffle(o["keyword"])
            o["modified"] = f"2024-02-{r.randint(1, 28):02}"
        r.shuffle(server.datasets)
        run = g.harvest()
        self.assertCounts(run, unchanged=30, figures=30)
        server.datasets[7]["title"] = "Autre titre"
        gone = server.datasets.pop()["identifier"]
        self.assertCounts(g.harvest(), updated=1, unchanged=28, missing=1)
        self.assertCounts(g.harvest(), unchanged=29, removed=1)
        self.assertEqual(g.history("cat:" + gone)[-1], "removed")

    def test_identifiers_that_come_twice(self):
        again = dataset(1, modified="2025-05-05", keyword=["sol", "eau", "air"])
        server = self.serve([dataset(1), dataset(2), again, dataset(2, title="Un autre"), dataset(3)])
        g = self.harvester(server)
        run = g.harvest()
        self.assertCounts(run, added=3, skipped=1, errored=1)
        self.assertErrors(run, (None, "record", 'the identifier "d-2" is told twice: "Jeu 2" has it, "Un autre" is left out'))
        self.assertEqual(g.show("cat:d-2")["title"], "Jeu 2")
        self.assertCounts(g.harvest(), unchanged=3, skipped=1, errored=1)

    def test_broken_items_cost_only_themselves(self):
        broken = Raw('{"identifier": "d-9", "title": nonsense}')
        server = self.serve([dataset(1), None, "text", broken, {"title": "Sans identifiant"}, dataset(2)])
        g = self.harvester(server)
        run = g.harvest()
        self.assertCounts(run, added=2, errored=3)
        self.assertErrors(run, ("cat:d-9", "parse", ""), (None, "record", "not an object"), (None, "record", '"Sans identifiant" has no identifier'))
        # A known one that breaks is no absent one.
        server.datasets[0] = Raw('{"identifier": "d-1", "title": nonsense}')
        self.assertCounts(g.harvest(), unchanged=1, errored=4)
        self.assertEqual(g.show("cat:d-1")["status"], "active")

    def test_version_three(self):
        inner = {"identifier": "inner", "title": "Dedans", "description": "x"}
        server = self.serve([dataset(1)], service=[{"identifier": "s", "title": "API", "endpointURL": ["https://api.example/v1"],
                            "servesDataset": [dataset(1, title="Copie"), inner]}],
                            datasetSeries=[{"@id": "https://e.example/serie", "title": "Série", "description": "x", "first": inner}],
                            record=[{"@id": "r", "title": "Fiche"}], catalog=[{"dataset": [dataset(5)]}])
        g = self.harvester(server)
        self.assertCounts(g.harvest(), added=5)
        self.assertEqual(g.show("cat:dataservice.s")["relations"]["serves_dataset"], ["cat:d-1", "cat:inner"])
        self.assertEqual(g.show("cat:d-1")["title"], "Jeu 1")
        self.assertCounts(g.harvest(), unchanged=5)


class Pages(Catalogue):
    def test_pages_to_the_end(self):
        server = self.serve([dataset(n) for n in range(250)], pages=100)
        g = self.harvester(server)
        self.assertCounts(g.harvest(), added=250, pages=3)
        self.assertEqual(server.paths(), ["/data.json", "/data.json?page=2", "/data.json?page=3"])
        self.assertCounts(g.harvest(), unchanged=250)

    def test_the_last_page_is_full(self):
        server = self.serve([dataset(n) for n in range(40)], pages=20)
        self.assertCounts(self.harvester(server).harvest(), added=40, pages=3)

    def test_a_server_that_does_not_know_of_pages(self):
        server = self.serve([dataset(n) for n in range(100)])
        g = self.harvester(server)
        self.assertCounts(g.harvest(), added=100, pages=2)
        self.assertEqual(server.paths(), ["/data.json", "/data.json?page=2"])
        self.assertCounts(g.harvest(), unchanged=100)

    def test_never(self):
        server = self.serve([dataset(n) for n in range(100)], pages=50)
        self.assertCounts(self.harvester(server, pages="never").harvest(), added=50, pages=1)


class Documents(Catalogue):
    def test_no_catalogue(self):
        for body, part in ((HTML, "begins with"), (b'{"error": "maintenance"}', "lists no dataset"), ("{}".encode("utf-16"), "UTF-16"),
                           (b"", "empty")):
            server = self.serve([dataset(1), dataset(2)])
            g = self.harvester(server)
            g.harvest()
            server.answer = lambda path, args, body=body: (200, "application/json", body)
            run = g.harvest(code=FAILED)
            self.assertEqual(run["state"], "failed", run)
            self.assertIn(part, run["message"])
            self.assertEqual((run["missing"], g.show("cat:d-1")["status"]), (0, "active"))

    def test_cut_short(self):
        server = self.serve([dataset(n) for n in range(10)])
        g = self.harvester(server)
        g.harvest()
        whole = dumps(server.answer("/data.json", {}))
        server.answer = lambda path, args: (200, "application/json", whole[:len(whole) // 2])
        run = g.harvest(code=FAILED)
        self.assertIn("cut short", run["message"])
        self.assertEqual(run["missing"], 0)

    def test_files_of_a_folder(self):
        g = self.glaneur()
        folder = os.path.join(g.folder, "files")
        os.makedirs(os.path.join(folder, "below"))
        for name, body in (("a.json", {"dataset": [dataset(1), dataset(2)]}), ("below/b.json", [dataset(3)])):
            with open(os.path.join(folder, name), "wb") as f:
                f.write(b"\xef\xbb\xbf" + json.dumps(body, indent=2).encode())
        g.configure({"name": "cat", "type": "datajson", "url": folder, "schedule": "never"})
        self.assertCounts(g.harvest(), added=3, pages=2)
        self.assertCounts(g.harvest(), unchanged=3)


if __name__ == "__main__":
    unittest.main()
