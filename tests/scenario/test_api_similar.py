#!/usr/bin/env python3
"""Similar records and the values of facets, over HTTP, on the sample catalogue. Run: python3 tests/scenario/test_api_similar.py"""
import unittest
from urllib.parse import quote, urlencode

from glaneur import rid
from test_api import FACETS, Api


class Similar(Api):
    def similar(self, identifier, query="", **headers):
        return self.daemon.get(f"/api/v1/records/{quote(identifier, safe='')}/similar{query}", **headers)

    def test_records_like_each(self):
        members = set(self.search("page_size=1").json["data"][0]) - {"snippet", "variants"}      # they are not grouped
        some = 0
        for identifier, record in self.records.items():
            answer = self.similar(identifier, "?page_size=20")
            self.assertEqual((answer.status, list(answer.json)), (200, ["data"]), answer.text)
            data = answer.json["data"]
            some += bool(data)
            self.assertLessEqual(len(data), 20)
            ids = [r["id"] for r in data]
            self.assertEqual(len(ids), len(set(ids)))
            self.assertNotIn(identifier, ids)
            self.assertTrue({r["kind"] for r in data} <= {"dataset", "dataservice", "reuse"})
            self.assertNotIn("archived", {r["status"] for r in data})
            scores = [r["score"] for r in data]
            self.assertEqual(scores, sorted(scores, reverse=True))
            self.assertTrue(all(0.2 <= s <= 1 for s in scores), scores)
            for r in data:
                self.assertEqual(set(r), members)
                self.assertEqual(r["title"], self.records[r["id"]]["title"])
        self.assertGreater(some, len(self.records) // 2)

    def test_organizations_are_like_organizations(self):
        for hit in self.search("kind=organization&page_size=100").json["data"]:
            for r in self.similar(hit["id"]).json["data"]:
                self.assertEqual(r["kind"], "organization")

    def test_sizes(self):
        sizes = {len(self.similar(i).json["data"]) for i in self.records}
        self.assertEqual(max(sizes), 5)
        most = max(self.records, key=lambda i: len(self.similar(i, "?page_size=20").json["data"]))
        whole = self.similar(most, "?page_size=20").json["data"]
        self.assertGreater(len(whole), 3)
        self.assertEqual(self.similar(most, "?page_size=3").json["data"], whole[:3])
        self.assertEqual(self.similar(most, "?page_size=").json["data"], whole[:5])

    def test_it_may_be_kept(self):
        one = next(iter(self.records))
        answer = self.similar(one)
        self.assertIn("max-age=60", answer.headers["Cache-Control"])
        again = self.similar(one, **{"If-None-Match": answer.headers["ETag"]})
        self.assertEqual((again.status, again.body), (304, b""))
        self.assertNotEqual(self.similar(one, "?page_size=2").headers["ETag"], answer.headers["ETag"])

    def test_problems(self):
        one = next(iter(self.records))
        self.problem(self.similar(rid("datasets", "nothing")), 404, "not-found")
        self.problem(self.similar(one, "?page_size=21"), 400, "invalid-parameter", "page_size", "from 1 to 20")
        self.problem(self.similar(one, "?page_size=0"), 400, "invalid-parameter", "page_size")
        self.problem(self.similar(one, "?page=2"), 400, "unknown-parameter", "page")
        self.problem(self.similar(one, "?pagesize=2"), 400, "unknown-parameter", "pagesize", "page_size")


class FacetValues(Api):
    def values(self, facet, status=200, **parameters):
        answer = self.daemon.get(f"/api/v1/facets/{facet}?{urlencode(parameters, doseq=True)}")
        self.assertEqual(answer.status, status, answer.text)
        return answer.json

    def test_they_are_those_of_a_search(self):
        for search in ({}, {"q": "eau"}, {"kind": "dataset", "license": ["etalab-2.0", "fr-lo"]}, {"q": "zzzz nothing données"}):
            facets = self.search(urlencode({**search, "facets": ",".join(FACETS)}, doseq=True)).json["facets"]
            for facet in FACETS:
                answer = self.values(facet, **search)
                self.assertEqual(answer["data"], facets[facet], (facet, search))
                self.assertEqual((answer["facet"], answer["facet_q"], answer["page"], answer["page_size"]), (facet, "", 1, 20))
                self.assertGreaterEqual(answer["total"], len(answer["data"]))

    def test_letters(self):
        whole = self.values("publisher", page_size=100)
        self.assertEqual(len(whole["data"]), whole["total"])
        for value in whole["data"]:
            word = max(value["label"].replace("'", " ").replace("’", " ").replace("-", " ").split(), key=len)
            for letters in (word, word.upper(), word[:3]):
                found = self.values("publisher", facet_q=letters, page_size=100)
                self.assertIn(value, found["data"], letters)
                self.assertEqual(found["total"], len(found["data"]))
                self.assertLessEqual(found["total"], whole["total"])
        self.assertEqual(self.values("publisher", facet_q="zzzzzz")["data"], [])
        self.assertEqual(self.values("kind", facet_q="JEU donn")["data"][0]["value"], "dataset")      # by what people read
        self.assertEqual(self.values("kind", facet_q="dataset")["data"], [])

    def test_pages(self):
        whole = self.values("keyword", page_size=100)
        self.assertGreater(whole["total"], 100)
        paged = sum((self.values("keyword", page_size=20, page=n)["data"] for n in range(1, 6)), [])
        self.assertEqual(paged, whole["data"])
        self.assertEqual(self.values("keyword", page_size=100, page=100)["data"], [])

    def test_own_filter_is_left_out(self):
        first = self.values("publisher")["data"]
        self.assertEqual(self.values("publisher", publisher=first[3]["value"])["data"], first)
        narrowed = self.values("kind", publisher=first[0]["value"])["data"]
        self.assertEqual(sum(v["count"] for v in narrowed), first[0]["count"])

    def test_it_may_be_kept(self):
        answer = self.daemon.get("/api/v1/facets/publisher?facet_q=a")
        self.assertIn("max-age=60", answer.headers["Cache-Control"])
        again = self.daemon.get("/api/v1/facets/publisher?facet_q=a", **{"If-None-Match": answer.headers["ETag"]})
        self.assertEqual((again.status, again.body), (304, b""))

    def test_problems(self):
        get = lambda rest: self.daemon.get("/api/v1/facets/" + rest)
        self.problem(get("nothing"), 404, "not-found", says="nothing")
        for name in ("facets", "cursor", "explain"):
            self.problem(get(f"kind?{name}=1"), 400, "unknown-parameter", name)
        self.problem(get("kind?facetq=1"), 400, "unknown-parameter", "facetq")
        self.problem(get("kind?page_size=101"), 400, "invalid-parameter", "page_size")
        self.problem(get("kind?page=101&page_size=100"), 400, "invalid-parameter", "page", "10000")
        self.problem(get("kind?facet_q=" + "a" * 513), 400, "invalid-parameter", "facet_q")
        self.problem(get("kind?q=" + "a" * 513), 400, "invalid-query")


del Api

if __name__ == "__main__":
    unittest.main()
