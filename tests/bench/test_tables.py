#!/usr/bin/env python3
"""The arithmetic of the tables (engines/table.py, engines/growth.py) and of user_view.py. Run: python3 tests/bench/test_tables.py"""
import contextlib
import io
import json
import os
import sys
import tempfile
import unittest
import urllib.parse

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "engines")]
import growth  # noqa: E402
import table  # noqa: E402
import user_view  # noqa: E402

LUCENE = "== one\none_common      cpu mean 9 p50 9 p99 9\n== one field, top-20 then a counting pass\n" \
    "one_common      cpu mean 2.5 p50 2.0 p99 4.0\nword_facet5     cpu mean 9 p50 8.0 p99 20\n"


def folder_of(**files):
    folder = tempfile.TemporaryDirectory()
    for name, lines in files.items():
        with open(os.path.join(folder.name, name.replace("__", ".").replace("_", "-")), "w", encoding="utf-8") as f:
            f.write(lines if isinstance(lines, str) else "".join(json.dumps(line) + "\n" for line in lines))
    return folder


def query(name, median, p99=9.0):
    return {"class": name, "n": 300, "queries": 100, "mean_ms": median, "median_ms": median, "p99_ms": p99, "mean_hits": 10, "wrong": 0}


class Verdicts(unittest.TestCase):
    def test_at_most(self):
        self.assertEqual(table.verdict(0.5, 0.5), "met")
        self.assertEqual(table.verdict(0.6, 0.5), "missed by 20 %")
        self.assertEqual(table.verdict(1.0, 0.5), "missed, 2.00 times")
        self.assertEqual(table.verdict(0, 5), "met")

    def test_at_least(self):
        self.assertEqual(table.verdict(1.9, 1.9, True), "met")
        self.assertEqual(table.verdict(2.1, 1.9, True), "met")
        self.assertEqual(table.verdict(1.52, 1.9, True), "missed by 25 %")

    def test_unknown(self):
        self.assertEqual((table.verdict(None, 3), table.verdict(3, None)), ("", ""))

    def test_ratio_of_means_where_there_is_no_median(self):
        self.assertEqual(table.ratio((3, 2, 9), (6, 4, 9)), "0.50")
        self.assertEqual(table.ratio((3, 2, 9), (6, None, None)), "0.50")
        self.assertEqual(table.ratio((3, 2, 9), None), "")


class Tables(unittest.TestCase):
    def test_goals(self):
        own = {"one_common": (1, 1.5, 3), "word_facet5": (5, 6.0, 12.0)}
        lucene = {"lucene-exact": table.rows("lucene", LUCENE.rpartition("== ")[2])}
        self.assertEqual(table.class_goals(own, lucene), [
            ["one common word", "0.8 x Lucene", "0.75", "met"], ["one common word", "1.9 ms", "1.50", "met"],
            ["word + 5 facets", "0.5 x Lucene", "0.75", "missed by 50 %"], ["word + 5 facets", "5 ms", "6.00", "missed by 20 %"],
            ["word + 5 facets", "p99 12 ms", "12.00", "met"]])

    def test_goals_without_lucene(self):
        self.assertEqual(table.class_goals({"one_mid": (1, 1, 1)}, {"lucene-exact": {}})[0], ["one mid word", "0.8 x Lucene", "not measured", ""])

    def test_other_goals(self):
        with folder_of(glaneur_threads__json=[{"threads": "all", "two_throughput": 1.0, "two_alone": 1.95}],
                       glaneur_moving__json=[{"moving": "browse_facet5", "first_ms": 4}],
                       glaneur_memory__json=[{"part": "by date", "resident_mb": 9}, {"part": "completion", "resident_mb": 500.0}],
                       glaneur_index__json=[{"records": 10, "store_cpu_s": 1.0, "index_cpu_s": 9.0}],
                       xapian_index__txt="db=nosync cpu=8.00 wall=9") as folder:
            lines = table.other_goals(folder, {"one_common": (1, 1.0, 1), "word_facet5": (9, 9.0, 9)})
        self.assertEqual([line[1:] for line in lines], [
            ["at most 4.5 ms", "8.00 ms", "missed by 78 %"], ["at most 5 ms", "4.00 ms", "met"], ["at most 400 MB", "500 MB", "missed by 25 %"],
            ["at least 1.9 times", "1.00 times", "missed by 90 %"], ["at least 1.9 times", "1.95 times", "met"],
            ["at most 1.35 times", "1.25 times", "met"]])

    def test_a_folder_with_little_in_it(self):
        """What was not measured is left out; what is wrong is said."""
        out = io.StringIO()
        bad = {**query("one_common", 1.5), "wrong": 7}
        with folder_of(glaneur_query__json=[bad, {"part": "checked besides", "checked": 9, "checked_wrong": 2}], lucene_exact__txt=LUCENE,
                       tantivy__why="npm is not installed") as folder, contextlib.redirect_stdout(out):
            table.main(folder)
        said = out.getvalue()
        self.assertIn("WRONG: 7 of 100 answers of one_common", said)
        self.assertIn("WRONG: 2 of 9 further answers", said)
        self.assertIn("tantivy: skipped, npm is not installed.", said)
        self.assertIn("| goal, for a million records | wanted | measured, of an unknown number of records |", said)
        self.assertIn("| one common word | 10 | 1.50, 1.50, 9.00 | 2.50, 2.00, 4.00 | 0.75 |", said)
        self.assertIn("| no word + 5 facets, the first of them after a commit | at most 5 ms | not measured |  |", said)


class Growth(unittest.TestCase):
    def test_from_a_small_folder_to_a_large_one(self):
        out = io.StringIO()
        index = lambda n, cpu: [{"records": n, "store_cpu_s": 1.0, "index_cpu_s": cpu, "peak_memory_mb": 60}]
        with folder_of(glaneur_index__json=index(1000, 40.0), glaneur_query__json=[query("one_mid", 3.0)]) as large, \
                folder_of(glaneur_index__json=index(100, 4.0), glaneur_query__json=[query("one_mid", 0.25), query("and2", 1.0)]) as small, \
                contextlib.redirect_stdout(out):
            growth.main([large, small])
        lines = out.getvalue().splitlines()
        self.assertEqual(lines[0], "|  | 100 | 1000 |")
        self.assertIn("| one mid word, ms | 0.25 | 3.00 (x 12.0) |", lines)
        self.assertIn("| two words, both, ms | 1.00 |  |", lines)
        self.assertIn("| indexing, CPU s | 4.00 | 40.0 (x 10.0) |", lines)

    def test_a_folder_that_is_none(self):
        with folder_of() as folder, self.assertRaises(SystemExit):
            growth.main([folder])


def record(n, title="Qualité de l'air à Rennes en 2024"):
    return {"id": f"cat:{n}", "kind": "dataset", "title": title, "publisher": {"id": "cat:organization.1"}, "license": {"id": "lov2"},
            "distributions": [{"format": "csv"}], "spatial": {"zones": ["fr:commune:35238"]}, "keywords": ["air"]}


class UserView(unittest.TestCase):
    def test_figures(self):
        answers = [("search", float(n), 0.0, 200, 10) for n in range(100)] + [("page", 500.0, 0.0, 503, 0), ("page", 900.0, 0.0, 0, 0)]
        self.assertEqual(user_view.summary(answers), {"n": 102, "p50": 51.0, "p90": 91.0, "p99": 500.0, "max": 900.0, "errors": 2})
        self.assertEqual(user_view.summary([])["p99"], None)

    def test_what_is_no_error(self):
        self.assertEqual(user_view.summary([("page", 1.0, 0.0, status, 0) for status in (200, 302, 304, 404)])["errors"], 1)

    def test_answers_are_read(self):
        self.assertEqual(user_view.parse_answers("search\t1.500\t0.010\t200\t345\nsuggest\t9.000\t0.000\t0\t0\n"),
                         [("search", 1.5, 0.01, 200, 345), ("suggest", 9.0, 0.0, 0, 0)])

    def test_metrics_are_read(self):
        found = user_view.parse_metrics('# HELP a A thing.\n# TYPE a counter\na 3\nb{c="x y"} 1.5\n')
        self.assertEqual(found, {"a": 3.0, 'b{c="x y"}': 1.5})

    def test_words(self):
        self.assertEqual(user_view.words_of("Qualité de l'air à Rennes (2024)"), ["Qualité", "air", "Rennes", "2024"])

    def test_requests_are_decided_by_the_seed(self):
        draw = lambda seed: [user_view.Requests([record(n) for n in range(5)], seed).one() for _ in range(1)]
        many = lambda seed: (lambda r: [r.one() for _ in range(200)])(user_view.Requests([record(n) for n in range(5)], seed))
        self.assertEqual(draw(3), draw(3))
        self.assertEqual(many(3), many(3))
        self.assertNotEqual(many(3), many(4))

    def test_requests_are_made_of_the_record(self):
        requests = user_view.Requests([record(1), record(2, "à la")], 1)
        self.assertEqual([r["id"] for r in requests.records], ["cat:1"])  # the other one has no word
        words, values = {"qualité", "air", "rennes", "2024"}, {"dataset", "cat:organization.1", "lov2", "csv", "fr:commune:35238", "air"}
        kinds = set()
        for kind, path in (requests.one() for _ in range(2000)):
            kinds.add(kind)
            split = urllib.parse.urlsplit(path)
            query = dict(urllib.parse.parse_qsl(split.query))
            if kind == "record":
                self.assertEqual(path, "/api/v1/records/cat:1")
            elif kind == "suggest":
                self.assertTrue(any(w.startswith(query["q"].split()[-1]) for w in words), path)
            else:
                self.assertEqual(split.path, "/" if kind == "page" else "/api/v1/search")
                self.assertLessEqual(set(query.get("q", "").lower().split()), words)
                self.assertEqual("q" in query, kind != "browse")
                self.assertLessEqual({v for k, v in query.items() if k not in ("q", "page", "sort", "facets")}, values)
        self.assertEqual(kinds, set(user_view.MIX))

    def test_the_mix_is_of_a_hundred(self):
        self.assertEqual(sum(user_view.MIX.values()), 100)


if __name__ == "__main__":
    unittest.main()
