#!/usr/bin/env python3
"""The same brick in two catalogues is one result; splitting and joining again; relations on both ends. Run:
python3 tests/scenario/test_bricks.py"""
import unittest
from urllib.parse import quote

from glaneur import NOTHING, WRONG_USE, Scenario, record, source, wait_until

PAGE = "https://donnees.region-modele.fr/datasets/routes"
ROUTES, COPY, OTHER, COPY2 = "5a1b2c3d4e5f60718293a4b5", "6b1b2c3d4e5f60718293a4b5", "7c1b2c3d4e5f60718293a4b5", "8d1b2c3d4e5f60718293a4b5"
ORIGIN, BEHIND = f"region:{ROUTES}", f"pays:{COPY}"
ORG = {"class": "Organization", "id": "9e1b2c3d4e5f60718293a4b5", "name": "Pays modèle", "badges": []}


def region():
    """The catalogue that the data comes from."""
    return {"datasets": [record("datasets", 1, id=ROUTES, slug="routes", title="Routes départementales", page=PAGE, metrics={"followers": 4},
                                description="Tracé des routes."),
                         record("datasets", 2, id=OTHER, slug="ponts", title="Ponts", page=PAGE + "-ponts")],
            "reuses": [record("reuses", 1, id="1f1b2c3d4e5f60718293a4b5", title="Carte des routes", metrics={"views": 5},
                              datasets=[{"id": ROUTES, "title": "Routes"}])]}


def country():
    """One that copies it, in other words."""
    return {"datasets": [record("datasets", 1, id=COPY, slug="routes-copie", title="Réseau routier", organization=ORG, metrics={"views": 40},
                                description="Tracé des routes, revêtement bitumineux.", badges=[{"kind": "hvd"}],
                                harvest={"remote_url": PAGE, "remote_id": "routes"}),
                         record("datasets", 3, id=COPY2, slug="gares", title="Gares")],
            "reuses": [record("reuses", 2, id="2f1b2c3d4e5f60718293a4b5", title="Calcul d’itinéraires", metrics={"views": 900},
                              datasets=[{"id": COPY, "title": "Réseau"}])],
            "dataservices": [record("dataservices", 1, id="3f1b2c3d4e5f60718293a4b5", title="API des routes",
                                    datasets=[{"id": COPY, "title": "Réseau"}])]}


class Bricks(Scenario):
    def two(self, first="region"):
        self.region, self.country = self.catalogue(region()), self.catalogue(country())
        sources = [source(self.region, "region"), source(self.country, "pays")]
        return self.glaneur(*(sources if first == "region" else sources[::-1]))

    def same(self, g, records, documents):
        verify = g.json("verify")
        self.assertTrue(verify["same"], verify)
        self.assertEqual((verify["records"], verify["documents"]), (records, documents))

    def test_one_result(self):
        g = self.two()
        runs = {r["source"]: r for r in g.json("harvest")["runs"]}
        self.assertCounts(runs["region"], added=3)
        self.assertCounts(runs["pays"], added=4)
        self.assertEqual([g.harvest(name)["added"] for name in ("region", "pays")], [0, 0])     # joining changes no run
        d = g.serve()
        answer = d.search("routes", kind="dataset", facets="source,publisher,badge")
        self.assertEqual([r["id"] for r in answer["data"]], [ORIGIN])
        hit = answer["data"][0]
        self.assertEqual((hit["also_in"], hit["source"], hit["popularity"]), ([BEHIND], "region", {"views": 40, "followers": 4}))
        self.assertEqual({v["value"]: v["count"] for v in answer["facets"]["source"]}, {"region": 1, "pays": 1})
        self.assertEqual(hit["badges"], ["hvd"])
        for filters in ({"source": "region"}, {"source": "pays"}, {"publisher": f"pays:organization.{ORG['id']}"}, {"badge": "hvd"}):
            self.assertEqual([r["id"] for r in d.search("routes", kind="dataset", **filters)["data"]], [ORIGIN], filters)
        # Words that only the copy says find it, its title and its publisher's name too.
        for words in ("bitumineux", "réseau routier", "pays modèle"):
            self.assertEqual(d.search(words, kind="dataset")["data"][0]["id"], ORIGIN, words)
        self.assertEqual(d.search()["total"], 3 + 4 - 1)
        def suggested(word):
            return [s.get("id") for s in d.get("/api/v1/suggest?q=" + quote(word)).json["data"]]
        wait_until(lambda: ORIGIN in suggested("routes"), 30, "the suggestion")
        self.assertNotIn(BEHIND, suggested("réseau"))

        # Each has its own page and record; the origin's tell what the copy adds.
        origin, behind = d.record(ORIGIN), d.record(BEHIND)
        self.assertEqual((origin["also_in"], origin["popularity"]["views"]), ([BEHIND], 40))
        self.assertEqual((behind["also_in"], behind["title"], behind["popularity"]["followers"]), ([ORIGIN], "Réseau routier", None))
        page = d.get("/r/" + ORIGIN).text
        self.assertIn("Aussi dans", page)
        self.assertIn(f'href="/r/{BEHIND}"', page)
        self.assertNotIn("d’où elle vient", page)
        page = d.get("/r/" + BEHIND).text
        self.assertIn("d’où elle vient", page)
        self.assertIn(f'<a href="/r/{ORIGIN}">region</a>', page)
        self.assertIn("Réseau routier", page)
        self.assertIn("Aussi dans pays", d.get("/?q=routes").text)
        self.assertEqual(d.get(f"/api/v1/records/{quote(BEHIND, safe='')}/similar").status, 200)

        # Counts agree everywhere.
        self.same(g, 7, 6)
        self.assertIn("1 records stand behind", g.run("verify").out)
        status = g.json("status")
        self.assertEqual((status["records"], status["documents"], status["bricks_joined"], status["records_joined"]), (7, 6, 1, 2))
        self.assertIn("joined   1 bricks, which are 2 of the records\n", g.run("status").out)
        metrics = d.metrics()
        self.assertEqual((metrics["glaneur_bricks_joined"], metrics["glaneur_records_joined"], metrics["glaneur_index_documents"]), (1, 2, 6))
        # Why.
        self.assertEqual(g.show(ORIGIN)["joined_by"], [{"key": "page donnees.region-modele.fr/datasets/routes", "id": BEHIND}])
        self.assertEqual(g.show(f"pays:{COPY2}")["joined_by"], [])
        self.assertNotIn("joined_by", origin)

    def test_figures_of_a_member(self):
        g = self.two()
        g.json("harvest")
        d = g.serve()
        tag = d.get("/api/v1/records/" + ORIGIN).headers["ETag"]
        self.assertEqual(d.get("/api/v1/records/" + ORIGIN, If_None_Match=tag).status, 304)
        self.country.change("datasets", COPY, metrics={"views": 77})
        self.assertCounts(g.harvest("pays"), unchanged=4, figures=1)
        self.assertEqual(d.search("routes", kind="dataset")["data"][0]["popularity"], {"views": 77, "followers": 4})
        self.assertEqual(d.get("/api/v1/records/" + ORIGIN, If_None_Match=tag).status, 200)
        self.region.change("datasets", ROUTES, metrics={"followers": 5})
        g.harvest("region")
        self.assertEqual(d.search("routes", kind="dataset")["data"][0]["popularity"], {"views": 77, "followers": 5})
        # Its words too.
        self.country.change("datasets", COPY, description="Enrobé drainant.", last_modified="2026-05-01T00:00:00+00:00")
        g.harvest("pays")
        self.assertEqual([r["id"] for r in d.search("drainant")["data"]], [ORIGIN])
        self.assertEqual(d.search("bitumineux")["total"], 0)
        self.same(g, 7, 6)

    def both(self, g):
        return sorted(g.found("routes", "--kind", "dataset") + g.found("routier", "--kind", "dataset"))

    def test_split(self):
        g = self.two()
        g.json("harvest")
        self.assertEqual(self.both(g), [ORIGIN, ORIGIN])
        self.assertEqual(g.json("split", BEHIND), {"id": BEHIND, "apart": True})
        self.assertEqual(self.both(g), sorted([BEHIND, BEHIND, ORIGIN]))     # "Tracé des routes" is its description too
        self.assertEqual((g.show(BEHIND)["also_in"], g.show(ORIGIN)["joined_by"]), ([], []))
        self.same(g, 7, 7)
        self.country.change("datasets", COPY, description="Routes encore.", last_modified="2026-05-01T00:00:00+00:00")
        g.harvest("pays")
        self.same(g, 7, 7)
        self.assertEqual(g.run("split", BEHIND, "--undo").out, f"{BEHIND} is joined again, where keys join it\n")
        self.assertEqual(self.both(g), [ORIGIN, ORIGIN])
        # Through a daemon, which holds the store.
        d = g.serve()
        self.assertEqual(g.run("split", ORIGIN).out, f"{ORIGIN} stands apart\n")
        self.assertEqual(d.search(kind="dataset")["total"], 4)
        self.assertEqual(g.json("split", ORIGIN, "--undo"), {"id": ORIGIN, "apart": False})
        self.assertEqual(d.search(kind="dataset")["total"], 3)
        self.assertEqual(d.record(ORIGIN)["also_in"], [BEHIND])
        # The admin face alone; an id that is none.
        path = f"/api/v1/records/{quote(ORIGIN, safe='')}/split"
        self.assertIn(d.ask("POST", path).status, (404, 405))
        answer = d.post(path)
        self.assertEqual((answer.status, answer.json["apart"]), (200, True))
        self.assertEqual(d.post(path.replace("/split", "/join")).json["apart"], False)
        self.assertEqual(d.post("/api/v1/records/region:none/split").status, 404)
        g.run("split", "region:none", code=NOTHING)
        d.stop()
        g.run("split", "region:none", code=NOTHING)
        g.run("split", code=WRONG_USE)
        self.same(g, 7, 6)

    def test_key_held_twice(self):
        g = self.two()
        self.country.change("datasets", COPY2, harvest={"remote_url": PAGE, "remote_id": "gares"})
        g.json("harvest")
        self.same(g, 7, 7)
        self.assertEqual(g.show(ORIGIN)["also_in"], [])
        self.country.change("datasets", COPY2, harvest=None, last_modified="2026-05-01T00:00:00+00:00")
        g.harvest("pays")
        self.same(g, 7, 6)
        self.assertEqual(g.show(ORIGIN)["also_in"], [BEHIND])

    def test_origin_removed(self):
        g = self.two()
        g.json("harvest")
        self.region.delete("datasets", ROUTES)
        runs = g.json("harvest", "region")["runs"]
        self.assertEqual(runs[0]["removed"], 1, runs)
        self.same(g, 6, 6)
        self.assertEqual(g.found("routier", "--kind", "dataset"), [BEHIND])
        self.assertEqual(g.found("routier", "--kind", "dataset", "--source", "region"), [])
        self.assertEqual(g.show(BEHIND)["also_in"], [])

    def results(self, g):
        hits = g.run("search", "", "--json", "--page_size", "100", "--facets", "source,publisher,kind").json
        return sorted((h["id"], h["also_in"], h["popularity"], h["title"]) for h in hits["data"]), hits["facets"]

    def test_order_of_harvests(self):
        g, h = self.two(), self.two(first="pays")
        for name in ("region", "pays"):
            g.harvest(name)
        for name in ("pays", "region"):
            h.harvest(name)
        self.assertEqual(self.results(g), self.results(h))
        g.json("reindex")
        self.assertEqual(self.results(g), self.results(h))

    def test_relations(self):
        g = self.two()
        g.json("harvest")
        d = g.serve()
        users = ["pays:reuse.2f1b2c3d4e5f60718293a4b5", "region:reuse.1f1b2c3d4e5f60718293a4b5", "pays:dataservice.3f1b2c3d4e5f60718293a4b5"]
        for i in (ORIGIN, BEHIND):
            r = d.record(i)
            self.assertEqual((sorted(r["relations"]["used_by"]), r["used_by_total"]), (sorted(users), 3))
            self.assertEqual(r["relations"]["used_by"][0], users[0])         # the most used first
            self.assertEqual(sorted(h["id"] for h in d.search(uses=i)["data"]), sorted(users))
            self.assertEqual(sorted(g.found("", "--uses", i)), sorted(users))
            self.assertEqual(g.show(i)["used_by_total"], 3)
        self.assertEqual([h["id"] for h in d.search(used_by=users[0])["data"]], [ORIGIN])
        self.assertEqual([h["id"] for h in d.search(used_by=users[2])["data"]], [ORIGIN])
        self.assertEqual(d.record(users[2])["relations"]["serves_dataset"], [BEHIND])
        self.assertEqual(d.search(uses="region:none")["total"], 0)
        answer = d.search(uses=ORIGIN, page_size=2)
        self.assertIn("uses=" + quote(ORIGIN, safe=""), answer["next_page"])
        # The pages, by titles.
        page = d.get("/r/" + ORIGIN).text
        for title in ("Utilisé par", "Calcul d’itinéraires", "Carte des routes", "API des routes"):
            self.assertIn(title, page)
        page = d.get("/r/" + users[2]).text
        self.assertIn("Donne accès à", page)
        self.assertIn(f'<a href="/r/{ORIGIN}"><bdi>Routes départementales</bdi></a>', page)
        page = d.get("/?uses=" + quote(BEHIND, safe="")).text
        self.assertIn("Utilise&nbsp;: <bdi>Routes départementales</bdi>", page)
        self.assertIn("3 résultats".replace(" ", "\u00a0"), page)
        self.assertIn("Utilisé par&nbsp;: <bdi>API des routes</bdi>", d.get("/?used_by=" + quote(users[2], safe="")).text)


if __name__ == "__main__":
    unittest.main()
