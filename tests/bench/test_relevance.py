#!/usr/bin/env python3
"""relevance.py: its arithmetic, then whole runs on a small invented API; and acordar.py. Run: python3 tests/bench/test_relevance.py"""
import contextlib
import http.server
import io
import json
import lzma
import math
import os
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.parse
import urllib.request

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import acordar  # noqa: E402
import relevance  # noqa: E402
import scores  # noqa: E402


class Arithmetic(unittest.TestCase):
    def test_rank(self):
        self.assertEqual(scores.rank_of(["a", "b", "c"], {"a"}), 1)
        self.assertEqual(scores.rank_of(["a", "b", "c"], {"c"}), 3)
        self.assertEqual(scores.rank_of(["a", "b", "c"], {"d"}), 0)
        self.assertEqual(scores.rank_of([], {"d"}), 0)

    def test_the_best_of_several_expected_counts_once(self):
        self.assertEqual(scores.score_known(["x", "b", "a"], {"a", "b"}), {"rank": 2, "score": 0.5})

    def test_known_items(self):
        s = scores.summary([{"rank": r, "score": scores.reciprocal(r)} for r in (1, 2, 4, 11, 0)])
        self.assertEqual(s["n"], 5)
        self.assertAlmostEqual(s["mrr"], (1 + 1 / 2 + 1 / 4 + 1 / 11) / 5)
        self.assertEqual((s["s@1"], s["s@3"], s["s@10"]), (0.2, 0.4, 0.6))
        self.assertEqual((s["ndcg"], s["judged"], s["unjudged"]), (None, None, None))

    def test_no_query(self):
        s = scores.summary([])
        self.assertEqual((s["n"], s["mrr"], s["s@1"]), (0, None, None))

    def test_ndcg_has_linear_gain(self):
        grades = {"a": 2, "b": 1, "c": 1, "d": 0}
        best = 2 + 1 / math.log2(3) + 1 / 2
        self.assertAlmostEqual(scores.ndcg(["b", "a", "x", "c"], grades), (1 + 2 / math.log2(3) + 1 / math.log2(5)) / best)
        self.assertAlmostEqual(scores.ndcg(["b", "a", "x", "c"], grades), 0.85998, 5)

    def test_ndcg_of_ties(self):
        """Answers of one grade may stand in any order."""
        grades = {"a": 2, "b": 1, "c": 1}
        self.assertEqual(scores.ndcg(["a", "b", "c"], grades), 1)
        self.assertEqual(scores.ndcg(["a", "c", "b"], grades), 1)

    def test_ndcg_is_cut(self):
        grades = {str(n): 1 for n in range(20)}
        self.assertEqual(scores.ndcg([str(n) for n in range(10)], grades), 1)
        self.assertEqual(scores.ndcg(["x"] * 10 + ["1"], grades), 0)
        self.assertAlmostEqual(scores.ndcg(["x", "1"], grades, k=2), (1 / math.log2(3)) / (1 + 1 / math.log2(3)))

    def test_ndcg_without_gain(self):
        self.assertIsNone(scores.ndcg(["a"], {"a": 0}))
        self.assertIsNone(scores.ndcg(["a"], {}))
        self.assertEqual(scores.ndcg([], {"a": 1}), 0)

    def test_judged_answers_only(self):
        """What nobody judged is worth 0 in the raw figure, and is not there in the other; a 0 was judged."""
        s = scores.score_graded(["x", "y", "d", "a"], {"a": 2, "d": 0})
        self.assertAlmostEqual(s["ndcg"], 1 / math.log2(5))
        self.assertAlmostEqual(s["judged"], 1 / math.log2(3))
        self.assertEqual((s["score"], s["unjudged"], s["rank"]), (s["judged"], 0.5, 4))

    def test_judged_answers_come_from_behind_the_cut(self):
        s = scores.score_graded(["x"] * 10 + ["a"], {"a": 2})
        self.assertEqual((s["ndcg"], s["judged"], s["unjudged"], s["rank"]), (0, 1, 1, 11))

    def test_right_is_grade_two(self):
        self.assertEqual(scores.score_graded(["b", "a"], {"a": 2, "b": 1})["rank"], 2)
        self.assertIsNone(scores.score_graded(["b"], {"b": 1})["rank"])
        s = scores.summary([scores.score_graded(["b"], {"b": 1}), scores.score_graded(["a"], {"a": 2})])
        self.assertEqual((s["n"], s["mrr"], s["s@3"], s["judged"]), (2, 1, 1, 1))

    def test_no_answer(self):
        s = scores.score_graded([], {"a": 2})
        self.assertEqual((s["rank"], s["ndcg"], s["judged"], s["unjudged"]), (0, 0, 0, None))

    def test_p_value(self):
        self.assertEqual(scores.p_value([]), 1)
        self.assertEqual(scores.p_value([0, 0.0, 1e-12]), 1)
        self.assertEqual(scores.p_value([0.5]), 1)                      # one coin tells nothing
        self.assertEqual(scores.p_value([0.5, -0.5]), 1)
        self.assertAlmostEqual(scores.p_value([1.0] * 6), 2 / 64, delta=0.006)
        self.assertAlmostEqual(scores.p_value([1.0] * 6 + [0] * 90), 2 / 64, delta=0.006)
        self.assertAlmostEqual(scores.p_value([1.0, 1, 1, -1]), 10 / 16, delta=0.02)
        self.assertLess(scores.p_value([0.1] * 40), 0.001)
        self.assertEqual(scores.p_value([0.3, 0.1, -0.2]), scores.p_value([-0.3, -0.1, 0.2]))   # either way

    def test_folds(self):
        queries = [f"mot {n}" for n in range(1000)]
        sizes = [sum(scores.fold_of(q, 5) == k for q in queries) for k in range(1, 6)]
        self.assertEqual(sum(sizes), 1000)
        self.assertTrue(all(150 < n < 250 for n in sizes), sizes)
        self.assertEqual([scores.fold_of(q, 1000) for q in ("plu", "Écoles  de Rennes", "écoles de rennes")], [58, 838, 838])


class Fake(http.server.BaseHTTPRequestHandler):
    protocol_version, disable_nagle_algorithm = "HTTP/1.1", True

    def log_message(self, *_):
        pass

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        record = url.path.removeprefix("/api/v1/records/")
        if record != url.path:
            return self.reply({}, 200 if urllib.parse.unquote(record) in self.server.held else 404)
        args = dict(urllib.parse.parse_qsl(url.query))
        self.server.asked.append(args)
        found = self.server.answers.get(args["q"], [])
        if isinstance(found, int):
            return self.reply({"status": found}, found)
        ids = [i if ":" in i else "s:" + i for i in found]
        self.reply({"data": [{"id": i, "title": f"Titre de {i}"} for i in ids], "strict_total": 3, "took_ms": 2,
                    "relaxed": "any" if args["q"].startswith("long") else None, "corrected": None})

    def reply(self, value, status=200):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Harness(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Fake)
        self.server.daemon_threads = True
        self.addCleanup(self.server.server_close)
        thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        self.addCleanup(self.server.shutdown)
        self.server.answers, self.server.asked = {}, []
        self.server.held = {f"s:{i}" for i in "abcdef"} | {"s:organization.o"}

    def write(self, name, *lines):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write("".join(line + "\n" for line in lines))
        return path

    def known(self, *rows):
        self.write("known/queries.tsv", "class\tkind\tquery\texpected", *rows)

    def run_it(self, *args, code=0):
        """What it printed; self.err: what it said aside."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                ended = relevance.main(["--api", f"http://127.0.0.1:{self.server.server_port}", "--source", "s", "--collections", self.folder, *args])
            except SystemExit as e:     # argparse
                ended = e.code
        self.err = err.getvalue()
        self.assertEqual(ended, code, out.getvalue() + self.err)
        return out.getvalue()

    def table(self, out, at=0):
        """The at-th table of the output: {(collection, class): {column: cell}}."""
        tables, inside = [], False
        for line in out.splitlines():
            cells = [c.strip() for c in line.strip("|").split("|")]
            if line.startswith("|"):
                if not inside:
                    tables.append([])
                tables[-1].append(cells)
            inside = line.startswith("|")
        head, _, *rows = tables[at]
        return {(r[0], r[1]): dict(zip(head, r)) for r in rows}

    def row(self, out, *key, at=0):
        return list(self.table(out, at)[key].values())[2:]

    def test_known(self):
        self.known("acronym\tdataset\tplu\ts:a", "acronym\tdataset\tban\tx|b|c", "plural\tdataset\técoles\ts:d",
                   "publisher\torganization\tign\to", "gone\tdataset\tabsent\tz")
        self.server.answers = {"plu": ["a", "b"], "ban": ["d", "c", "b"], "écoles": ["a"], "ign": ["s:organization.o"]}
        out = self.run_it()
        self.assertEqual(self.row(out, "known", "acronym"), ["2", "0.750", "0.500", "1.000", "1.000", "", "", "", "0.000", "2.0"])
        self.assertEqual(self.row(out, "known", "plural")[:5], ["1", "0.000", "0.000", "0.000", "0.000"])
        self.assertEqual(self.row(out, "known", "all")[:5], ["4", "0.625", "0.500", "0.750", "0.750"])
        self.assertNotIn(("known", "gone"), self.table(out))
        self.assertIn("left out: 1 of 5 queries of known, the catalogue holds none of their answers\n", out)
        self.assertRegex(out, r"skipped: needs, no \S+needs\.tsv nor \S+judgments\.tsv\n")
        self.assertRegex(out, r"\n4 queries in [0-9.]+ s, 2\.0 ms each by took_ms\n")
        self.assertEqual(self.server.asked, [{"q": q, "page_size": "20"} for q in ("plu", "ban", "écoles")] +
                         [{"q": "ign", "page_size": "20", "kind": "organization"}])

    def test_table_is_aligned(self):
        self.known("acronym\tdataset\tplu\ts:a")
        out = self.run_it()
        lines = [line for line in out.splitlines() if line.startswith("|")]
        self.assertEqual(len({len(line) for line in lines}), 1)
        self.assertEqual(len(lines), 4)

    def test_misses(self):
        self.known("acronym\tdataset\tplu\ts:a", "acronym\tdataset\tban\ts:b", "acronym\tdataset\tdecp\ts:c")
        self.server.answers = {"plu": ["a"], "ban": ["d", "b"]}
        out = self.run_it("--misses")
        self.assertEqual(out.split("\nMisses:\n")[1].splitlines(),
                         ["   2  known: acronym: ban   (first: Titre de s:d)", "   -  known: acronym: decp   (first: nothing)"])

    def test_needs(self):
        self.write("needs/needs.tsv", "number\tclasses\tneed", "1\tlong, place\tlong besoin", "2\tplace\tautre besoin", "3\tplace\tsans réponse")
        self.write("needs/judgments.tsv", "number\tid\tgrade\twhy", "1\ts:a\t2\toui", "1\ts:b\t1\t", "1\ts:z\t2\tabsent", "2\ts:c\t2\t",
                   "2\ts:d\t0\t")
        self.server.answers = {"long besoin": ["y", "b", "a"], "autre besoin": ["e", "d", "f", "c"]}
        out = self.run_it()
        best = 2 + 1 / math.log2(3)
        one, one_judged = (1 / math.log2(3) + 1) / best, (1 + 2 / math.log2(3)) / best
        two, two_judged = 1 / math.log2(5), 1 / math.log2(3)
        self.assertEqual(self.row(out, "needs", "long"),
                         ["1", "0.333", "0.000", "1.000", "1.000", f"{one:.3f}", f"{one_judged:.3f}", "0.333", "1.000", "2.0"])
        self.assertEqual(self.row(out, "needs", "all"),
                         ["2", f"{(1 / 3 + 1 / 4) / 2:.3f}", "0.000", "0.500", "1.000", f"{(one + two) / 2:.3f}",
                          f"{(one_judged + two_judged) / 2:.3f}", f"{(1 / 3 + 1 / 2) / 2:.3f}", "0.500", "2.0"])
        self.assertEqual(self.row(out, "needs", "place"), self.row(out, "needs", "all"))
        self.assertIn("left out: 1 of 3 queries of needs", out)
        self.assertEqual(self.server.asked[0], {"q": "long besoin", "page_size": "100"})

    def test_judged_list(self):
        path = self.write("list.tsv", "set\tkind\tquery\texpected_id\tin_catalogue_2026", "one\tdataset\tplu\ta\tyes", "two\tdataset\tban\tb\tyes",
                          "publishers\torganization\tign\to\tyes", "two\tdataset\tgone\tz\tno")
        self.server.answers = {"plu": ["a"], "ban": ["a", "b"], "ign": ["s:organization.o"]}
        out = self.run_it("--judged-list", path)
        self.assertEqual(self.row(out, "judged dataset", "all")[:2], ["2", "0.750"])
        self.assertEqual(self.row(out, "judged dataset", "two")[:2], ["1", "0.500"])
        self.assertEqual(self.row(out, "judged organization", "all")[:2], ["1", "1.000"])

    def test_titles(self):
        path = os.path.join(self.folder, "catalogue.csv.xz")
        with lzma.open(path, "wt", encoding="utf-8") as f:
            f.write("id;title;archived\n" + "a;Les arbres remarquables de la ville de Rennes;False\nb;Arbres;False\n"
                    "c;Points de collecte du verre;False\nd;Points de collecte du verre;False\ne;Anciens arbres remarquables coupés;2020\n"
                    "f;Accidents corporels de la route;False\n")
        out = self.run_it("--titles", path)
        self.assertEqual(self.row(out, "titles", "all")[0], "2")          # b is short, c and d have one title, e is archived
        asked = {a["q"] for a in self.server.asked}
        self.assertIn("Accidents corporels route", asked)
        other = (asked - {"Accidents corporels route"}).pop()
        self.assertLess(set(other.split()), {"arbres", "remarquables", "ville", "Rennes"})
        self.assertEqual(other.split(), sorted(other.split(), key=["arbres", "remarquables", "ville", "Rennes"].index))
        self.server.asked.clear()
        self.run_it("--titles", path)
        self.assertEqual({a["q"] for a in self.server.asked}, asked)      # the same ones each time
        self.assertEqual(self.row(self.run_it("--titles", path, "--sample", "1"), "titles", "all")[0], "1")

    def test_acordar(self):
        self.write("pool/queries-dev.tsv", "7\tsome words", "8\tnot judged", "9\tother words")
        self.write("pool/qrels-dev.txt", "7\t0\t41\t2", "7\t0\t42\t0", "9\t0\t41\t1")
        self.server.held |= {"acordar:41", "acordar:42"}
        self.server.answers = {"some words": ["acordar:42", "acordar:41"], "other words": ["acordar:41"]}
        out = self.run_it("--acordar", os.path.join(self.folder, "pool"))
        self.assertEqual(self.row(out, "acordar", "all")[:8],
                         ["2", "0.500", "0.000", "1.000", "1.000", *[f"{(1 + 1 / math.log2(3)) / 2:.3f}"] * 2, "0.000"])
        self.assertEqual(self.server.asked[0], {"q": "some words", "page_size": "100", "source": "acordar"})

    def test_another_catalogue(self):
        self.known("acronym\tdataset\tplu\ts:z")
        out = self.run_it("--acordar", self.folder, "--judged-list", os.path.join(self.folder, "none.tsv"), code=1)
        self.assertIn("skipped: known, the catalogue holds none of its answers\n", out)
        self.assertRegex(out, r"skipped: acordar, no \S+queries-dev\.tsv nor \S+qrels-dev\.txt\n")
        self.assertRegex(out, r"skipped: judged, no \S+none\.tsv\n")
        self.assertEqual(self.server.asked, [])

    def test_compare(self):
        self.known(*(f"acronym\tdataset\tq{n}\ts:a" for n in range(4)), "plural\tdataset\tgone later\ts:b")
        self.server.answers = {"q0": ["a"], "q1": ["b", "a"], "q2": ["a"], "q3": ["b", "c", "a"]}
        saved = os.path.join(self.folder, "before.json")
        self.run_it("--save", saved)
        with open(saved, encoding="utf-8") as f:
            kept = json.load(f)["queries"]
        self.assertEqual([(q["query"], q["rank"], q["score"]) for q in kept[:2]], [("q0", 1, 1), ("q1", 2, 0.5)])
        self.assertEqual((kept[1]["ids"], kept[1]["strict_total"], kept[1]["took_ms"]), (["s:b", "s:a"], 3, 2))
        self.known(*(f"acronym\tdataset\tq{n}\ts:a" for n in range(4)), "plural\tdataset\tnew\ts:b")
        self.server.answers |= {"q1": ["a"], "q2": ["b", "c", "d", "a"], "q3": ["b", "a"]}
        out = self.run_it("--compare", saved)
        before, after = (1 + 0.5 + 1 + 1 / 3) / 4, (1 + 1 + 0.25 + 0.5) / 4
        self.assertEqual(self.row(out, "known", "all", at=1),
                         ["4", f"{before:.3f}", f"{after:.3f}", f"{after - before:+.3f}", "2", "1", "1.000"])
        self.assertIn("left out: 1 queries are in this run only, 1 in the other only\n", out)
        better, worse = out.split("\nBetter: 2\n")[1].split("\nWorse: 1\n")
        self.assertEqual([line.split() for line in better.splitlines()],
                         [["2", "->", "1", "known:", "acronym:", "q1"], ["3", "->", "2", "known:", "acronym:", "q3"]])
        self.assertEqual(worse.split(), ["1", "->", "4", "known:", "acronym:", "q2"])

    def test_compare_scores_again(self):
        """The run before is scored with the judgments of today."""
        self.known("acronym\tdataset\tplu\ts:a")
        self.server.answers = {"plu": ["b", "a"]}
        saved = os.path.join(self.folder, "before.json")
        self.run_it("--save", saved)
        self.known("acronym\tdataset\tplu\ts:a|s:b")
        out = self.run_it("--compare", saved)
        self.assertEqual(self.row(out, "known", "all", at=1), ["1", "1.000", "1.000", "+0.000", "0", "0", "1.000"])

    def test_fold(self):
        words = [f"mot {n}" for n in range(12)]
        self.known(*(f"acronym\tdataset\t{w}\ts:a" for w in words))
        seen = []
        for k in (1, 2, 3):
            self.server.asked.clear()
            self.run_it("--fold", f"{k}/3")
            seen += [a["q"] for a in self.server.asked]
        self.assertEqual(sorted(seen), sorted(words))
        for wrong in ("0/3", "4/3", "1", "a/b"):
            self.run_it("--fold", wrong, code=2)

    def test_failures(self):
        self.known("acronym\tdataset\tplu\ts:a", "acronym\tdataset\tban\ts:a")
        self.server.answers = {"plu": 500, "ban": ["a"]}
        out = self.run_it(code=1)
        self.assertEqual(self.row(out, "known", "all")[:2], ["2", "0.500"])
        self.assertEqual(self.err, "failed: plu: status 500\n")

    def test_wrong_files(self):
        self.write("known/queries.tsv", "class\tkind\tquery", "acronym\tdataset\tplu")
        self.run_it(code=1)
        self.assertIn("queries.tsv: its first line names no column expected", self.err)
        self.known("acronym\tdataset\tplu\ts:a")
        self.write("needs/needs.tsv", "number\tclasses\tneed", "1\tlong\tlong besoin")
        self.write("needs/judgments.tsv", "number\tid\tgrade", "1\ts:a\ttrès")
        self.run_it(code=1)
        self.assertIn("need 1, s:a: its grade is 'très', not 0, 1 or 2", self.err)
        os.remove(os.path.join(self.folder, "needs/needs.tsv"))
        self.run_it("--compare", self.write("no.json", "[]"), code=1)
        self.assertIn("not a saved run", self.err)

    def test_no_api(self):
        self.known("acronym\tdataset\tplu\ts:a")
        self.run_it("--api", "http://127.0.0.1:1", code=1)
        self.assertIn("relevance.py: http://127.0.0.1:1 does not answer", self.err)


class Acordar(unittest.TestCase):
    def test_served(self):
        whole = {"@type": "dcat:Dataset", "identifier": "41", "title": "Schulen", "description": "Standorte", "keyword": ["schule"],
                 "modified": "2022-01-01", "publisher": {"name": "Land"}, "accessLevel": "public",
                 "distribution": [{"title": "Liste", "downloadURL": "https://land.example/a.csv", "format": "CSV", "mediaType": "text/csv"}]}
        bare = {"identifier": "7", "title": "Nur ein Titel"}
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "data.json"), "w", encoding="utf-8") as f:
                json.dump({"dataset": [whole, bare]}, f)
            process = subprocess.Popen([sys.executable, os.path.join(HERE, "acordar.py"), folder, "--seconds", "30"], stdout=subprocess.PIPE, text=True)
            try:
                line = process.stdout.readline()
                self.assertRegex(line, r"^2 datasets on http://127\.0\.0\.1:\d+\n$")
                url = line.split()[-1]
                with urllib.request.urlopen(f"{url}/api/1/datasets/?page=1&page_size=100&sort=created") as r:
                    page = json.load(r)
                with urllib.request.urlopen(f"{url}/api/1/reuses/?page=1&page_size=100&sort=created") as r:
                    self.assertEqual(json.load(r)["data"], [])
            finally:
                process.terminate()
                process.communicate()
        self.assertEqual((page["total"], page["next_page"]), (2, None))
        d = {o["id"]: o for o in page["data"]}
        self.assertEqual([d["41"][k] for k in ("title", "description", "tags", "last_modified", "access_type")],
                         ["Schulen", "Standorte", ["schule"], "2022-01-01", "open"])
        self.assertEqual(d["41"]["organization"]["name"], "Land")
        r = d["41"]["resources"][0]
        self.assertEqual([r[k] for k in ("title", "url", "format", "mime")], ["Liste", "https://land.example/a.csv", "CSV", "text/csv"])
        self.assertEqual([d["7"][k] for k in ("title", "description", "tags", "organization", "resources", "access_type")],
                         ["Nur ein Titel", "", [], None, [], None])

    def test_no_file(self):
        r = subprocess.run([sys.executable, os.path.join(HERE, "acordar.py"), "/nowhere"], capture_output=True, text=True, timeout=60)
        self.assertEqual(r.returncode, 2)
        self.assertIn("/nowhere is no data.json", r.stderr)

    def test_codes(self):
        self.assertRegex(acordar.code("Land"), "^[0-9a-f]{24}$")
        self.assertEqual(acordar.code("Land"), acordar.code("Land"))
        self.assertNotEqual(acordar.code("Land"), acordar.code("Stadt"))


if __name__ == "__main__":
    unittest.main()
