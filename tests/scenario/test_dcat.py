#!/usr/bin/env python3
"""DCAT catalogues, harvested over real HTTP and from files. Run: python3 tests/scenario/test_dcat.py"""
import os, sys, unittest

from dcat import Dcat, dataset, serialise
from glaneur import FAILED, PROGRAM, Scenario, source


def rid(n):
    return f"cat:http://data.example/datasets/{n}"


class Catalogue(Scenario):
    def served(self, datasets, **how):
        server = Dcat(datasets, **how)
        self.addCleanup(server.close)
        return server

    def harvester(self, server, **keys):
        return self.glaneur(source(server, type="dcat", **keys))


class Sweeps(Catalogue):
    def test_one_document(self):
        server = self.served([dataset(n) for n in range(5)])
        g = self.harvester(server)
        self.assertCounts(g.harvest(), added=5)
        kept = g.show(rid(3))
        self.assertEqual((kept["title"], kept["language"], kept["publisher"]["name"], kept["keywords"]),
                         ("Titre 3", "fr", "Ville de Rennes", ["air", "eau"]))
        self.assertEqual([d["url"] for d in kept["distributions"]], ["http://data.example/3/1.csv", "http://data.example/3/2.csv"])
        self.assertCounts(g.harvest(), unchanged=5)
        server.datasets[3] = dataset(3, dct_title="Autre@fr")
        self.assertCounts(g.harvest(), updated=1, unchanged=4)
        del server.datasets[4]
        self.assertCounts(g.harvest(), unchanged=4, missing=1)
        self.assertCounts(g.harvest(), unchanged=4, removed=1)

    def test_pages(self):
        for paging in ("hydra", "paged", "ldp"):
            with self.subTest(paging):
                server = self.served([dataset(n) for n in range(10)], size=4, paging=paging)
                g = self.harvester(server)
                self.assertCounts(g.harvest(), added=10)
                self.assertEqual(server.paths(), ["/catalog", "/catalog?page=2", "/catalog?page=3"])
                self.assertCounts(g.harvest(), unchanged=10)

    def test_a_catalogue_that_only_links(self):
        """A root that names a catalogue, which names its datasets: each has a document of its own."""
        server = self.served([])

        def links(path, **said):
            server.broken[path] = serialise([(f"<{server.root}{path}>", full, f"<{server.root}{to}>" if to.startswith("/") else to)
                                             for full, objects in said.items() for to in objects], "ttl")
        dcat, dct, rdf_type = "http://www.w3.org/ns/dcat#", "http://purl.org/dc/terms/", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

        def describe(n, title):
            links(f"/d/{n}", **{rdf_type: ["<dcat:Dataset>"], dct + "title": [title], dct + "identifier": [f"d{n}"]})
        links("/catalog", **{rdf_type: ["<dcat:Catalog>"], dcat + "catalog": ["/c/1"], dcat + "dataset": ["/d/0"]})
        links("/c/1", **{rdf_type: ["<dcat:Catalog>"], dcat + "dataset": [f"/d/{n}" for n in range(1, 5)]})
        for n in range(5):
            describe(n, f"Titre {n}@fr")
        g = self.harvester(server)
        self.assertCounts(g.harvest(), added=5)
        self.assertEqual(sorted(server.paths()), sorted(["/catalog", "/c/1"] + [f"/d/{n}" for n in range(5)]))
        self.assertEqual(g.show("cat:d3")["title"], "Titre 3")
        self.assertCounts(g.harvest(), unchanged=5)
        describe(3, "Autre@fr")
        self.assertCounts(g.harvest(), updated=1, unchanged=4)
        kept = server.broken.pop("/d/2")        # one that is not there costs only itself
        run = g.harvest(code=None)
        self.assertEqual((run["unchanged"], run["missing"], run["removed"]), (4, 0, 0), run)
        server.broken["/d/2"] = kept
        links("/c/1", **{rdf_type: ["<dcat:Catalog>"], dcat + "dataset": [f"/d/{n}" for n in range(1, 4)]})
        self.assertCounts(g.harvest(), unchanged=4, missing=1)

    def test_datasets_that_are_only_named(self):
        """What a whole catalogue lists and does not describe is one line of the report."""
        server = self.served([dataset(n) for n in range(2)])
        bare = {"@id": "<http://data.example/datasets/9>", "rdf:type": ["<dcat:Dataset>"], "dcat:inSeries": ["<http://data.example/s>"]}
        server.datasets += [bare, {**bare, "@id": "<http://data.example/datasets/8>"}]
        run = self.harvester(server).harvest(code=None)
        self.assertCounts(run, added=2, errored=1)
        self.assertErrors(run, (None, "record", "2 datasets are named here without a title"))

    def test_another_order_and_another_format(self):
        """The same graph written in another way is the same catalogue."""
        blank = {**dataset(7, dct_identifier="sept"), "dct:spatial": [{"skos:prefLabel": ["Rennes"]}, {"skos:prefLabel": ["Brest"]}]}
        del blank["@id"]
        server = self.served([dataset(n) for n in range(4)] + [blank], shuffle=1)
        g = self.harvester(server)
        self.assertCounts(g.harvest(), added=5)
        for form in ("ttl", "nt", "rdf", "trig", "jsonld"):
            server.form = form
            self.assertCounts(g.harvest(), unchanged=5)
        self.assertEqual(g.show("cat:sept")["title"], "Titre 7")

    def test_a_service_and_what_it_serves(self):
        api = {"@id": "<http://data.example/api>", "rdf:type": ["<dcat:DataService>"], "dct:title": ["API"],
               "dcat:endpointURL": ["<http://data.example/api/>"], "dcat:servesDataset": [dataset(1)["@id"]]}
        g = self.harvester(self.served([dataset(1), api]))
        self.assertCounts(g.harvest(), added=2)
        kept = g.show("cat:dataservice.http://data.example/api")
        self.assertEqual((kept["kind"], kept["endpoint_url"], kept["relations"]["serves_dataset"]),
                         ("dataservice", "http://data.example/api/", [rid(1)]))


class Use(Catalogue):
    def test_the_parsers_time_is_the_runs(self):
        """cpu_seconds counts what the parsing child takes: here 3 seconds more, before it becomes the parser."""
        spent = 3
        g = self.harvester(self.served([dataset(1)]))
        parser = os.environ.get("GLANEUR_PARSE") or os.path.join(os.path.dirname(PROGRAM), "glaneur-parse")
        slow = os.path.join(g.folder, "slow-parse")
        with open(slow, "w") as f:
            f.write(f"#!{sys.executable}\nimport os, sys, time\nwhile time.process_time() < {spent}: pass\n"
                    f"os.execv({parser!r}, [{parser!r}, *sys.argv[1:]])\n")
        os.chmod(slow, 0o755)
        plain = g.harvest()
        self.assertCounts(plain, added=1)
        self.assertLess(plain["cpu_seconds"], spent)
        run = g.run("harvest", "--json", GLANEUR_PARSE=slow).json["runs"][0]
        self.assertCounts(run, unchanged=1)
        self.assertGreaterEqual(run["cpu_seconds"], spent)


class Faults(Catalogue):
    def test_a_broken_dataset(self):
        server = self.served([dataset(n) for n in range(4)])
        g = self.harvester(server)
        self.assertCounts(g.harvest(), added=4)
        server.datasets[2] = dataset(2, dct_title=None)
        run = g.harvest(code=None)
        self.assertCounts(run, unchanged=3, errored=1)     # and it is not absent
        self.assertErrors(run, (rid(2), "record", "it has no title (dct:title)"))

    def test_a_broken_page(self):
        """One page that breaks off costs only itself, and nothing is absent."""
        server = self.served([dataset(n) for n in range(12)], size=4, paging="hydra")
        g = self.harvester(server)
        self.assertCounts(g.harvest(), added=12)
        server.broken["/catalog?page=2"] = b"<http://data.example/datasets/4> <http://purl.org/dc/"
        run = g.harvest(code=None)
        self.assertEqual((run["unchanged"], run["missing"], run["removed"]), (8, 0, 0), run)
        self.assertIn("/catalog?page=3", server.paths()[-1])
        server.broken.clear()
        self.assertCounts(g.harvest(), unchanged=12)

    def test_what_is_no_catalogue(self):
        server = self.served([dataset(n) for n in range(4)])
        g = self.harvester(server)
        self.assertCounts(g.harvest(), added=4)
        for body, part in ((b"<!DOCTYPE html><html><p>Maintenance</html>", "HTML"),
                           (b"<http://a.example/> <http://b.example/> <http://c.example/> .", "no dcat:Catalog"),
                           (serialise([("<http://a.example/>", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "<dcat:Catalog>"),
                                       ("<http://a.example/>", "http://www.w3.org/ns/dcat#dataset", "<http://a.example/1>")], "ttl"),
                            "describes none of them")):
            with self.subTest(part):
                server.broken["/catalog"] = body
                run = g.harvest(code=FAILED)
                self.assertEqual((run["state"], run["missing"], run["removed"]), ("failed", 0, 0), run)
                if part != "HTML":
                    self.assertIn(part, " ".join(e["message"] for e in run["errors"]))
        server.broken.clear()
        self.assertCounts(g.harvest(), unchanged=4)

    def test_loops(self):
        """A last page that leads to itself, to the first or to the one before it is the last."""
        for to in (3, 1, 2):
            with self.subTest(to):
                server = self.served([dataset(n) for n in range(12)], size=4, paging="hydra")
                server.lead[3] = server.address(to)
                g = self.harvester(server)
                self.assertCounts(g.harvest(), added=12)
                self.assertEqual(len(server.paths()), 3)

    def test_a_total_that_is_not_reached(self):
        server = self.served([dataset(n) for n in range(8)], size=4, paging="hydra")
        g = self.harvester(server)
        self.assertCounts(g.harvest(), added=8)
        server.total, server.datasets = 8, server.datasets[:7]
        run = g.harvest(code=None)
        self.assertEqual((run["unchanged"], run["missing"]), (7, 0), run)
        self.assertIn("8", " ".join(e["message"] for e in run["errors"]))

    def test_the_next_page_is_elsewhere(self):
        other = self.served([dataset(n) for n in range(8, 12)])
        server = self.served([dataset(n) for n in range(8)], size=4, paging="hydra", total=False)
        server.lead[2] = other.root + "/secret"
        g = self.harvester(server)
        run = g.harvest(code=None)
        self.assertEqual((run["added"], run["missing"]), (8, 0), run)
        self.assertIn("the next page is on another server", " ".join(e["message"] for e in run["errors"]))
        self.assertEqual(other.paths(), [])

    def test_a_server_that_does_not_know_its_name(self):
        server = self.served([dataset(n) for n in range(8)], size=4, paging="hydra")
        server.host = "https://backend.internal:8443"
        g = self.harvester(server)
        self.assertCounts(g.harvest(), added=8)
        self.assertEqual(server.paths(), ["/catalog", "/catalog?page=2"])


class Files(Catalogue):
    def test_a_folder(self):
        g = self.glaneur(source("http://127.0.0.1:1/", type="dcat"))
        folder = os.path.join(g.folder, "catalogue")
        os.mkdir(folder)
        for n, form in enumerate(("ttl", "rdf", "nt", "jsonld", "trig")):
            one = Dcat([dataset(n)], form=form)
            self.addCleanup(one.close)
            with open(os.path.join(folder, f"{n}.{form}"), "wb") as f:
                f.write(one.answer("/catalog")[1])
        g.configure(source(folder, type="dcat"))
        self.assertCounts(g.harvest(), added=5)
        self.assertEqual(g.show(rid(3))["title"], "Titre 3")
        self.assertCounts(g.harvest(), unchanged=5)


if __name__ == "__main__":
    unittest.main()
