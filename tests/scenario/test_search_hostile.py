#!/usr/bin/env python3
"""Searches that nobody means well, and what the parts of a score are worth, on the sample catalogue over HTTP: no query is a server's
error, each is answered within a bounded time; a territory; the explanation multiplies up to the score.
Run: python3 tests/scenario/test_search_hostile.py"""
import random, time, unittest
from urllib.parse import quote, urlencode

from glaneur import SAMPLE, Glaneur, Scenario, Udata, source

SECONDS = 5         # for one answer of a build with sanitizers, on a machine that has other work
RANDOM_QUERIES = 300
MALFORMED = (
    '"', '""', '"""', "'", '"eau', 'eau"', '"eau" "', '-', '--', '---eau', '- eau', '-"', '-"eau', '-eau -', 'eau -eau', '-eau', ':', '::',
    'title:', ':eau', 'title::eau', 'title:"', 'title:""', 'title:"eau', '-title:', '-title:"eau', 'nosuch:eau', 'kind:', 'kind:x', '-kind:',
    'license:"', 'OR', 'OR OR', 'eau OR', 'OR eau', 'eau OR OR air', 'eau OR -air', '-eau OR -air', '(eau', 'eau)', '()', '((((', '))))',
    'eau AND', 'NOT', 'eau NOT air', 'eau NEAR air', 'eau ADJ air', 'eau*', '*', '**', '?', 'eau~', 'eau^2', '[a TO b]', '{', '}', '\\', '\\"',
    '+', '+eau', '&', '&&', '||', '!', '%', '%00', '%zz', '$', '#', '@', '/', '//', ';', ',', '.', '..', '...', '<script>', '&lt;', '\t', '\n',
    '\r\n', ' ', '  ', '\u00a0', '\u200b', '\ufeff', '\u202e', 'territory:', 'territory:"', 'territory:x', 'format:csv OR format:json OR',
    'http://x/y?z=1&a="b"', "d'", "l'", "'l", "d''eau", '-' * 200, '"' * 201, 'a:' * 100, 'OR ' * 100, '-"a" ' * 40, 'title:"a b" OR ' * 30)
PIECES = ('eau', 'qualité de l’air', 'rennes', 'données', 'csv', '"', '-', ':', 'OR', 'title:', 'publisher:', 'format:', 'kind:', 'territory:', ' ',
          ' ', ' ', ',', '.', "'", '’', '(', ')', '*', '\x00', '\x01', '\x07', '\x1b', '\x1f', '\x7f', '\t', '\n', '\r', '\u202e', '\u202d', '\u2066',
          '\u200f', 'שלום', 'مرحبا', '😀', '👩‍👩‍👧‍👦', '🇫🇷', '日本語', 'ﷺ', '\ufdfa', '\ufffd', '\uffff', 'e\u0301\u0301\u0301', 'İ', 'ß', 'œ', '2016',
          '35238', '243500139', '1e999', '-1', '99999999999999999999', '0x41', 'a' * 70, 'é' * 100, '&', '=', '%', '%25', '+', '<b>', '\\', '\x85', 'ſ')
SORTS = ("relevance", "modified", "issued", "views", "title")


def random_query(rng):
    shape = rng.randrange(6)
    if shape == 0:
        return "".join(chr(rng.randrange(1, 0xd800)) for _ in range(rng.randrange(1, 60)))
    if shape == 1:
        return rng.choice(PIECES) * rng.randrange(1, 600)
    if shape == 2:
        return " ".join(rng.choice(PIECES) for _ in range(rng.randrange(1, 120)))
    return "".join(rng.choice(PIECES) for _ in range(rng.randrange(1, 25)))


class OnSample(Scenario):
    @classmethod
    def setUpClass(cls):
        cls.server = Udata(SAMPLE)
        cls.addClassCleanup(cls.server.close)
        cls.g = Glaneur(source(cls.server))
        cls.addClassCleanup(cls.close)
        cls.g.harvest()
        cls.daemon = cls.g.serve()

    @classmethod
    def close(cls):
        said = cls.g.close()
        if said:
            raise AssertionError(f"a sanitizer has spoken: {said}")

    def asked(self, path):
        begun = time.monotonic()
        answer = self.daemon.get(path)
        took = time.monotonic() - begun
        self.assertLess(answer.status, 500, path[:300])
        self.assertLess(took, SECONDS, path[:300])
        return answer

    def search(self, q, **more):
        return self.asked("/api/v1/search?" + urlencode({"q": q, **more}))


class Hostile(OnSample):
    def test_malformed_expressions_are_words(self):
        for q in MALFORMED:
            with self.subTest(q):
                answer = self.search(q, facets="kind,publisher,territory", explain=1)
                self.assertIn(answer.status, (200, 400), answer.text)
                if answer.status == 400:        # too many words, or too long: which is told
                    self.assertGreater(len(q), 30, answer.text)
                    self.assertIn("application/problem+json", answer.headers["Content-Type"])
        for q in ('"eau', 'eau"', 'eau OR', 'OR eau', '(eau', 'eau)', 'eau*', '+eau'):
            self.assertEqual(self.search(q).json["total"], self.search("eau").json["total"], q)

    def test_random_queries(self):
        rng = random.Random(20260113)
        found = 0
        for _ in range(RANDOM_QUERIES):
            q = random_query(rng)
            more = {"page_size": rng.choice((1, 20, 100)), "sort": rng.choice(SORTS)}
            if rng.random() < 0.3:
                more["explain"] = 1
            if rng.random() < 0.3:
                more["facets"] = "kind,publisher,keyword,territory"
            if rng.random() < 0.2:
                more["territory"] = rng.choice(("35238", "35", "x", q[:40]))
            with self.subTest(repr(q)[:200]):
                answer = self.search(q, **more)
                if answer.status == 200:
                    found += answer.json["total"] > 0
                elif answer.status == 414:
                    self.assertGreater(len(quote(q)), 5000)
                else:
                    self.assertEqual(answer.status, 400, answer.text)
                    self.assertTrue(answer.json["detail"])
        self.assertGreater(found, 20)

    def test_random_queries_elsewhere(self):
        rng = random.Random(7)
        for _ in range(60):
            q = quote(random_query(rng), safe="")
            for path in (f"/?q={q}", f"/api/v1/suggest?q={q}", f"/api/v1/territories?q={q}", f"/api/v1/search?publisher={q}&q=eau",
                         f"/api/v1/search?q=eau&cursor={q}", f"/api/v1/search?q=eau&variants={q}"):
                with self.subTest(path[:200]):
                    self.asked(path)

    def test_bytes_that_are_no_text(self):
        for raw in ("%ff", "eau%00air", "%c3%28", "%ed%a0%80", "%f4%90%80%80", "eau%0d%0aX:%20y", "%", "%4", "%%%"):
            with self.subTest(raw):
                self.assertIn(self.asked("/api/v1/search?q=" + raw).status, (200, 400))

    def test_the_daemon_lives(self):
        self.assertGreater(self.search("eau").json["total"], 0)
        self.assertTrue(self.daemon.running)


class Parts(OnSample):
    def test_the_parts_multiply_up_to_the_score(self):
        seen = 0
        for q in ("eau", "qualité de l'eau", "transports rennes", "données csv adresses", "budget des communes de bretagne", "rna", "zzqxw eau potable",
                  '"code postal"', "eau OR air", ""):
            for r in self.search(q, explain=1, page_size=50).json["data"]:
                parts = r["explain"]
                bonus = sum(parts.get(k, 0) for k in ("title_exact", "title_coverage", "title_pairs", "title_share", "format"))
                score = parts["text"] * (1 + bonus) * (1 + parts["use_strength"] * parts["use"]) * parts["status"] * parts["missing"]
                self.assertAlmostEqual(r["score"], score, delta=1e-4 * max(1, score), msg=(q, r["id"], parts))
                self.assertTrue(0 <= parts["use"] <= 1 and 0 < parts["missing"] <= 1.0001, parts)
                seen += 1
        self.assertGreater(seen, 100)
        self.assertNotIn("explain", self.search("eau").json["data"][0])

    def test_territory(self):
        named = self.asked("/api/v1/territories?q=rennes").json["data"]
        rennes = next(t for t in named if t["name"] == "Rennes")        # the largest, before its arrondissement
        self.assertEqual((rennes["id"], named[0]["id"]), ("fr:commune:35238",) * 2)
        found = self.search("", territory=rennes["id"], page_size=100, facets="territory").json
        self.assertGreater(found["total"], 0)
        self.assertEqual(self.search("", territory="35238", page_size=100).json["data"], found["data"])
        zones = [set(r["spatial"]["zones"]) for r in found["data"]]
        self.assertTrue(any("fr:commune:35238" in z for z in zones))
        around = {"fr:commune:35238", "fr:epci:243500139", "fr:arrondissement:353", "fr:departement:35", "fr:region:53", "country:fr",
                  "country-subset:fr:metro", "country-group:ue", "country-group:world"}
        for z in zones:
            self.assertTrue(not z or z & around or any(one.startswith("fr:iris:35238") for one in z), z)
        # The nearest scale first: no record of the commune behind one that is of the country alone.
        own = [n for n, z in enumerate(zones) if "fr:commune:35238" in z]
        wide = [n for n, z in enumerate(zones) if z and z <= {"country:fr", "country-group:ue", "country-group:world", "country-subset:fr:metro"}]
        self.assertTrue(not wide or max(own) < min(wide))
        # A wider filter keeps what lies in it; one of nowhere keeps nothing.
        ids = {r["id"] for n, r in enumerate(found["data"]) if n in own}
        wider = self.search("", territory="53", page_size=100).json
        self.assertTrue(ids <= {r["id"] for r in self.search("", territory="fr:region:53", page_size=100).json["data"]})
        self.assertEqual(self.search("", territory="fr:commune:00000").json["total"], 0)
        self.assertGreater(wider["total"], 0)
        labels = {v["value"]: v["label"] for v in found["facets"]["territory"]}
        self.assertEqual(labels.get("fr:commune:35238", "Rennes"), "Rennes")


if __name__ == "__main__":
    unittest.main()
