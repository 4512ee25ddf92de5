#!/usr/bin/env python3
"""Queries that found nothing or were relaxed, from the search to `glaneur queries` and the admin face. Run: python3 tests/scenario/test_queries.py"""
import datetime, os, sqlite3, stat, unittest
from urllib.parse import quote

from glaneur import DONE, FAILED, NOTHING, WRONG_USE, Scenario, small, wait_until

ROW_KEYS = "query outcome relaxed corrected count strict_total total first_seen last_seen".split()
UNKNOWN = "zzqxw"                               # a word of no record
MOSTLY = f"titre description {UNKNOWN}"         # two words of every record, and that one


def today():
    return datetime.datetime.now(datetime.timezone.utc).date().isoformat()


class Queries(Scenario):
    def setUp(self):
        self.g = self.glaneur(self.catalogue(small(6)))
        self.g.harvest()
        self.file = os.path.join(self.g.data, "queries.sqlite")

    def logged(self, daemon, *queries):
        """The rows, once these queries are among them."""
        def there():
            rows = {row["query"]: row for row in daemon.get("/api/v1/queries", admin=True).json["data"]}
            return rows if set(queries) <= set(rows) else None
        return wait_until(there, what=f"{queries} in the log")


class Life(Queries):
    def test_from_search_to_table(self):
        self.assertFalse(os.path.exists(self.file))
        result = self.g.run("queries", code=NOTHING)                # nothing was ever searched
        self.assertEqual((result.out, result.err), ("", "no such query is logged\n"))
        self.assertEqual(self.g.json("queries", code=NOTHING), {"total": 0, "data": []})

        daemon = self.g.serve()
        for _ in range(3):
            self.assertEqual(daemon.search(f"  {UNKNOWN.upper()} Écoles")["total"], 0)
        self.assertEqual(daemon.get(f"/?q={UNKNOWN}+%C3%A9coles").status, 200)              # the page notes too
        answer = daemon.search(MOSTLY)
        self.assertEqual((answer["strict_total"], answer["total"], answer["corrected"]), (0, 6, None))
        self.assertTrue(answer["relaxed"])
        self.assertIsNone(daemon.search("titre")["relaxed"])                                # found as it was asked
        rows = self.logged(daemon, f"{UNKNOWN} ecoles", MOSTLY)
        self.assertEqual(len(rows), 2)
        self.assertEqual(list(rows[f"{UNKNOWN} ecoles"]), ROW_KEYS)
        self.assertEqual(rows[MOSTLY], {
            "query": MOSTLY, "outcome": "relaxed", "relaxed": answer["relaxed"], "corrected": None, "count": 1, "strict_total": 0,
            "total": 6, "first_seen": today(), "last_seen": today()})
        wait_until(lambda: self.logged(daemon, f"{UNKNOWN} ecoles")[f"{UNKNOWN} ecoles"]["count"] == 4, what="four times")

        beside = self.g.json("queries")                                                     # a daemon runs, the file is read
        self.assertEqual(beside, daemon.get("/api/v1/queries", admin=True).json)
        self.assertEqual([row["query"] for row in beside["data"]], [f"{UNKNOWN} ecoles", MOSTLY])
        daemon.search(f"{UNKNOWN} at the end")
        self.assertEqual(daemon.stop(), 0)                                                  # what waits is written at the stop
        table = self.g.run("queries")
        self.assertEqual(table.err, "")
        head, *lines = table.out.splitlines()
        self.assertEqual(head.split(), ["COUNT", "LAST", "SEEN", "OUTCOME", "FOUND", "QUERY", "BECAME"])
        self.assertEqual([line.split() for line in lines], [
            ["4", today(), "nothing", "0", UNKNOWN, "ecoles"], ["1", today(), "relaxed", "6", *MOSTLY.split(), answer["relaxed"]],
            ["1", today(), "nothing", "0", UNKNOWN, "at", "the", "end"]])
        self.assertEqual(head.index("BECAME"), lines[1].index(answer["relaxed"]))

    def test_options(self):
        daemon = self.g.serve()
        daemon.search(f"{UNKNOWN} a")
        daemon.search(MOSTLY)
        daemon.search(f"{UNKNOWN} b")
        daemon.search(f"{UNKNOWN} b")
        self.assertEqual(daemon.stop(), 0)
        queries = lambda *args, code=DONE: [row["query"] for row in self.g.json("queries", *args, code=code)["data"]]
        self.assertEqual(queries("--outcome", "nothing"), [f"{UNKNOWN} b", f"{UNKNOWN} a"])
        self.assertEqual(queries("--outcome", "relaxed"), [MOSTLY])
        self.assertEqual(queries("--outcome", "corrected", code=NOTHING), [])
        self.assertEqual(queries("--limit", "1"), [f"{UNKNOWN} b"])
        self.assertEqual(self.g.json("queries", "--limit", "1")["total"], 3)
        self.assertEqual(self.g.run("queries", "--limit", "1").err, "1 of 3 queries: --limit shows more\n")
        self.assertEqual(self.g.run("queries", "--limit", "1", "-q").err, "")
        self.assertEqual(len(queries("--since", today())), 3)
        self.assertEqual(queries("--since", "2999-01-01", code=NOTHING), [])
        for args, says in ((("--outcome", "found"), "nothing, relaxed or corrected"), (("--since", "soon"), "a date such as"),
                           (("--limit", "0"), "--limit"), (("word",), "usage: glaneur queries")):
            result = self.g.run("queries", *args, code=WRONG_USE)
            self.assertEqual(result.out, "")
            self.assertIn(says, result.err)
        self.assertIn("synonyms.txt", self.g.run("queries", "--help").out)

    def test_admin_face(self):
        daemon = self.g.serve()
        self.assertEqual(daemon.get("/api/v1/queries").status, 404)                         # not on the public face
        self.assertEqual(daemon.get("/api/v1/queries", admin=True).json, {"total": 0, "data": []})
        daemon.search(UNKNOWN)
        daemon.search(MOSTLY)
        self.logged(daemon, UNKNOWN, MOSTLY)
        ask = lambda query: daemon.get("/api/v1/queries?" + query, admin=True)
        self.assertEqual([row["query"] for row in ask("outcome=relaxed").json["data"]], [MOSTLY])
        self.assertEqual(ask("outcome=&since=&page_size=").json["total"], 2)
        self.assertEqual(ask("since=2999-01-01").json, {"total": 0, "data": []})
        answer = ask("page_size=1")
        self.assertEqual((answer.json["total"], len(answer.json["data"])), (2, 1))
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        for query, parameter in (("outcome=x", "outcome"), ("since=x", "since"), ("page_size=0", "page_size"), ("page_size=10001", "page_size"),
                                 ("outcom=nothing", "outcom")):
            answer = ask(query)
            self.assertEqual(answer.status, 400, query)
            self.assertEqual(answer.json["errors"][0]["parameter"], parameter)


class Kept(Queries):
    def test_what_is_not_noted(self):
        daemon = self.g.serve()
        for text in ("jean.dupont@example.org", "06 12 34 56 78", "+33612345678", "1 85 05 78 006 084 36"):
            daemon.search(f"{UNKNOWN} {text}")
        daemon.search(f"{UNKNOWN} filtered", kind="dataset")
        daemon.search(f"{UNKNOWN} filtered", license="x")
        daemon.search(f"{UNKNOWN} titre", page=2)
        daemon.search("", kind="reuse")
        daemon.search("last " + UNKNOWN)
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual([row["query"] for row in self.g.json("queries")["data"]], ["last " + UNKNOWN])
        with open(self.file, "rb") as f:
            content = f.read()
        for trace in (b"dupont", b"0612", b"12 34", b"127.0.0.1", b"filtered"):
            self.assertNotIn(trace, content)
        db = sqlite3.connect(self.file)
        names = [row[1] for row in db.execute("PRAGMA table_info(queries)")]
        days = db.execute("SELECT first_seen, last_seen FROM queries").fetchone()
        db.close()
        self.assertEqual(names, "query outcome relaxed corrected count strict_total total first_seen last_seen".split())
        self.assertEqual(days, ((datetime.date.fromisoformat(today()) - datetime.date(1970, 1, 1)).days,) * 2)
        self.assertEqual(stat.S_IMODE(os.stat(self.file).st_mode), 0o640)

    def test_an_empty_index_is_no_reason(self):
        g = self.glaneur(self.catalogue({}))
        g.harvest()
        daemon = g.serve()
        self.assertEqual(daemon.search(UNKNOWN)["total"], 0)
        self.assertEqual(daemon.stop(), 0)
        g.run("queries", code=NOTHING)

    def test_damaged(self):
        with open(self.file, "wb") as f:
            f.write(b"this is no database at all\n" * 100)
        result = self.g.run("queries", code=FAILED)
        self.assertIn("begins it anew", result.err)
        daemon = self.g.serve()
        self.assertEqual(daemon.search(UNKNOWN)["total"], 0)
        # Until it has begun anew, asking for it is a problem.
        wait_until(lambda: UNKNOWN in daemon.get("/api/v1/queries", admin=True).text, what="the new log")
        self.logged(daemon, UNKNOWN)
        self.assertIn('event="the log of queries is damaged, it begins anew"', daemon.stderr)
        self.assertTrue(os.path.exists(self.file + ".damaged"))
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(self.g.json("queries")["total"], 1)

    def test_a_log_that_cannot_be_written_hurts_no_search(self):
        os.mkdir(self.file)
        daemon = self.g.serve()
        for n in range(20):
            self.assertEqual(daemon.get(f"/api/v1/search?q={quote(UNKNOWN)}{n}").status, 200)
        wait_until(lambda: 'event="queries cannot be noted"' in daemon.stderr, what="the error")
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(daemon.stderr.count("queries cannot be noted"), 1)
        self.g.run("queries", code=FAILED)

    def test_killed(self):
        daemon = self.g.serve()
        daemon.search(UNKNOWN)
        self.logged(daemon, UNKNOWN)
        daemon.kill()
        self.assertEqual(self.g.json("queries")["total"], 1)
        daemon = self.g.serve()
        daemon.search(UNKNOWN)
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(self.g.json("queries")["data"][0]["count"], 2)


if __name__ == "__main__":
    unittest.main()
