#!/usr/bin/env python3
"""Catalogues that fail, lie or attack: each fault is survived, or ends its run with a name. Run: python3 tests/scenario/test_faults.py"""
import re, unittest

from glaneur import FAILED, Scenario, free_port, on_page, record, rid, small, source, wait_until

PAGE_2 = on_page("datasets", 2)
EVERY_PAGE = "/api/1/datasets/?page="
ALWAYS = None


class Case:
    """A catalogue of 25 datasets in pages of 10, with faults. Every case is a source of one daemon, so all run side by side."""

    def __init__(self, name, *faults, state="done", says=None, requests=None, keys=None, count=25, **counters):
        self.name, self.faults, self.state, self.says, self.requests = name, faults, state, says, requests
        self.keys, self.count = keys or {}, count
        self.counters = counters or ({"added": 25} if state == "done" else {"added": 10})


def fault(kind, match=PAGE_2, times=1, **details):
    return match, kind, times, details


def broken(name, how=None, errored=None, says=None, **raw):
    """One record of the second page is written wrongly."""
    faults = fault("record", index=4, how=how, **raw) if how else fault("record", index=4, **raw)
    if errored:
        return Case(name, faults, state="done_with_errors", says=says, added=24, errored=1)
    return Case(name, faults)


# The first page, again and again, each time with the promise of a next one.
FIRST_PAGE = {"data": [record("datasets", n) for n in range(10)], "page": 1, "page_size": 10, "total": 60, "next_page": "/api/1/datasets/?page=2"}

SURVIVED = [
    Case("good"),
    Case("status-500", fault("status", code=500), requests=4),
    Case("status-502", fault("status", code=502), requests=4),
    Case("status-503", fault("status", code=503, retry_after=1), requests=4),
    Case("status-504", fault("status", code=504), requests=4),
    Case("status-429", fault("status", code=429, retry_after=1), requests=4),
    Case("reset", fault("reset"), requests=4),
    Case("reset-in-the-body", fault("reset", after=300)),
    Case("cut", fault("cut", after=200)),
    Case("truncated-gzip-once", fault("truncated_gzip")),
    Case("truncated-once", fault("truncated"), requests=4),       # valid HTTP, no JSON: asked for again
    Case("not-json-once", fault("not_json"), requests=4),
    Case("html-once", fault("html"), requests=4),
    Case("html-twice", fault("html", times=2), requests=5),
    Case("delay", fault("delay", seconds=0.5)),
    Case("slow", fault("slow", rate=20000)),
    Case("no-content-type", fault("no_content_type")),
    Case("bom", fault("bom", EVERY_PAGE, ALWAYS)),
    Case("duplicates", fault("duplicates", count=3), added=25, skipped=3),
    Case("redirect", fault("redirect", to="/api/1/datasets/?page=2&page_size=10&sort=created"), requests=4),
    Case("next-page-elsewhere", fault("next_page", re.compile("[?]page=[123]&"), ALWAYS, url="http://10.255.255.1/steal"), requests=4),
    Case("next-page-self", fault("next_page", url="self"), requests=3),
    Case("next-page-first", fault("next_page", url="first"), requests=3),
    broken("invalid-utf8", "invalid_utf8"),
    broken("lone-surrogate", "lone_surrogate"),
    broken("nul", "nul"),
    broken("big-integer", "big_integer"),
    broken("title-number", "title_number"),
    broken("no-such-field", field="no_such_field", raw=b'{"a": [1, {"b": null}]}'),
]
NAMED = [
    broken("huge-number", "huge_number", errored=True, says="number"),
    broken("deep", "deep", errored=True, says="deep"),
    broken("wrong-type", "wrong_type", errored=True, says="not an object"),
    broken("no-id", "no_id", errored=True, says="no id"),
    broken("not-a-value", field="tags", raw=b"nope", errored=True, says="JSON"),
    Case("total-too-large", fault("total", EVERY_PAGE, ALWAYS, value=26), state="done_with_errors", says="25 of the 26", added=25),
    Case("total-negative", fault("total", EVERY_PAGE, ALWAYS, value=-5), added=25),
    Case("bare-list", fault("envelope", times=ALWAYS), state="failed", says="list", requests=4),
    Case("empty-page", fault("empty_page"), state="done_with_errors", says="10 of the 25"),
    Case("past-the-end", fault("status", times=ALWAYS, code=404), state="failed", says="repeats itself", added=10, skipped=10),
    Case("status-503-always", fault("status", times=ALWAYS, code=503), state="failed", says="503", requests=3),
    Case("status-401", fault("status", times=ALWAYS, code=401), state="failed", says="401", requests=2),
    Case("status-400", fault("status", times=ALWAYS, code=400), state="failed", says="400", requests=2),
    Case("retry-after-an-hour", fault("status", times=ALWAYS, code=429, retry_after=3600), state="failed", says="Retry-After|3600", requests=2),
    Case("reset-always", fault("reset", times=ALWAYS), state="failed", says="(?i)reset|connection|recv"),
    Case("cut-always", fault("cut", times=ALWAYS), state="failed", says="(?i)transfer|closed|partial|remaining|missing", requests=3),
    Case("truncated-gzip", fault("truncated_gzip", times=ALWAYS), state="failed", says="compressed|decoded", requests=3),
    Case("truncated", fault("truncated", times=ALWAYS), state="failed", says="JSON|page", requests=4),
    Case("not-json", fault("not_json", times=ALWAYS), state="failed", says="JSON", requests=4),
    Case("html", fault("html", times=ALWAYS), state="failed", says="JSON", requests=4),
    Case("envelope-without-data", fault("envelope", times=ALWAYS, body={"message": "ok"}), state="failed", says="JSON", requests=4),
    Case("envelope-with-other-data", fault("envelope", times=ALWAYS, body={"data": "none", "total": 25}), state="failed", says="JSON", requests=4),
    Case("envelope-number", fault("envelope", times=ALWAYS, body=42), state="failed", says="JSON|page|object", requests=4),
    Case("gzip-bomb", fault("gzip_bomb", times=ALWAYS), state="failed", says="larger", requests=2),
    Case("giant", fault("giant", times=ALWAYS), state="failed", says="larger", requests=2),
    Case("slow-always", fault("slow", times=ALWAYS, rate=50), state="failed", says="(?i)time|took|slow", keys={"timeout": 1, "attempts": 1}, requests=2),
    Case("delay-always", fault("delay", times=ALWAYS, seconds=20), state="failed", says="(?i)time|took", keys={"timeout": 1, "attempts": 1}, requests=2),
    Case("redirect-private", fault("redirect", times=ALWAYS, to="http://10.255.255.1/api"), state="failed", says="10\\.255\\.255\\.1", requests=2),
    Case("redirect-loopback-6", fault("redirect", times=ALWAYS, to="http://[::1]:1/api"), state="failed", says="::1", requests=2),
    Case("redirect-file", fault("redirect", times=ALWAYS, to="file:///etc/passwd"), state="failed", says="redirect|http", requests=2),
    Case("redirect-nowhere", fault("redirect", times=ALWAYS, to=""), state="failed", says="(?i)redirect|location", requests=2),
    Case("redirect-loop", fault("redirect_loop", times=ALWAYS), state="failed", says="redirect"),
    Case("first-page-again", fault("envelope", EVERY_PAGE, ALWAYS, body=FIRST_PAGE), state="failed", says="repeats itself", requests=4, count=60,
         added=10, skipped=30),
]


class Faults(Scenario):
    def run_all(self, cases):
        servers = {case.name: self.catalogue(small(case.count)) for case in cases}
        g = self.glaneur(*[source(servers[c.name], c.name, kinds=["dataset"], page_size=10, **c.keys) for c in cases])
        daemon = g.serve(ready=False)
        wait_until(lambda: daemon.status_of("/healthz") == 200, what="the daemon")
        for case in cases:
            for match, kind, times, details in case.faults:
                servers[case.name].fault(match, kind, times, **details)
        started = {case.name: self.start(daemon, case.name) for case in cases}
        for case in cases:
            with self.subTest(case.name):
                run = daemon.wait_run(started[case.name], case.name)
                self.check(case, run, servers[case.name])
        self.assertTrue(daemon.running)
        self.assertEqual(daemon.get("/healthz").status, 200)

        for server in servers.values():     # the next night is a good one, and brings the rest
            server.faults.clear()
        started = {case.name: self.start(daemon, case.name) for case in cases}
        for case in cases:
            with self.subTest(case.name, night=2):
                run = daemon.wait_run(started[case.name], case.name)
                self.assertEqual((run["state"], run["errored"], run["missing"], run["removed"]), ("done", 0, 0, 0), run)
                self.assertEqual(run["added"] + run["updated"] + run["unchanged"], case.count)
        self.assertEqual(daemon.search(page_size=1)["total"], sum(case.count for case in cases))
        self.assertEqual(daemon.stop(), 0)
        self.assertTrue(g.json("verify")["same"])

    def start(self, daemon, name):
        answer = daemon.start_run(name)
        self.assertEqual(answer.status, 202, answer.text)
        return answer.json["run"]

    def check(self, case, run, server):
        self.assertCounts(run, state=case.state, **case.counters)
        if case.requests is not None:
            self.assertEqual(len(server.requests), case.requests, [p for _, p, _ in server.requests])
        if case.state == "done":
            self.assertEqual((run["errors"], run["message"]), ([], None))
            return
        self.assertEqual(len(run["errors"]), 1, run["errors"])
        line = run["errors"][0]
        self.assertRegex(line["message"], case.says)
        if case.state == "failed":
            self.assertEqual((line["kind"], line["message"]), ("run", run["message"]))
            if case.name not in ("first-page-again", "past-the-end", "redirect-file"):
                self.assertIn(case.name, run["message"])
        elif case.counters.get("errored"):
            known = case.name not in ("wrong-type", "no-id")
            self.assertEqual(line["record"], rid("datasets", 14, case.name) if known else None)
            self.assertIn("page=2", line["page"])

    def test_survived(self):
        self.run_all(SURVIVED)

    def test_named(self):
        self.run_all(NAMED)


class Whole(Scenario):
    def test_texts_that_were_repaired(self):
        server = self.catalogue(small(3))
        g = self.glaneur(server, kinds=["dataset"])
        server.fault("page=1", "record", how="invalid_utf8")
        self.assertCounts(g.harvest(), added=3)
        title = g.show(rid("datasets", 0))["title"]
        self.assertTrue(title.startswith("caf"), title)
        self.assertIn("\ufffd", title)
        server.fault("page=1", "record", how="lone_surrogate", index=2)
        log = g.run("harvest").err          # half a character costs no record, and is told
        self.assertIn("texts were touched", log)
        self.assertIn("repaired=1", log)
        self.assertEqual(g.show(rid("datasets", 2))["title"], "moitié \ufffd de paire")
        g.harvest()
        server.fault("page=1", "record", how="nul", index=1)
        self.assertCounts(g.harvest(), updated=1, unchanged=2)
        self.assertRegex(g.show(rid("datasets", 1))["title"], "^avant ?après$")
        server.fault("page=1", "record", how="big_integer", index=1)
        run = g.harvest()
        self.assertCounts(run, updated=1, unchanged=2)
        self.assertGreaterEqual(g.show(rid("datasets", 1))["popularity"]["views"] or 0, 0)

    def test_nobody_there(self):
        for url, says in ((f"http://127.0.0.1:{free_port()}", "(?i)connect|refused"), ("http://nowhere.invalid", "(?i)resolve|name")):
            run = self.glaneur(source(url, attempts=1)).harvest(code=FAILED)
            self.assertCounts(run, state="failed")
            self.assertRegex(run["message"], says)

    def test_not_tls(self):
        server = self.catalogue(small(1))
        run = self.glaneur(source(server.url.replace("http:", "https:"), attempts=1)).harvest(code=FAILED)
        self.assertRegex(run["message"], "(?i)tls|ssl")

    def test_a_private_address_is_refused(self):
        server = self.catalogue(small(1))
        run = self.glaneur(server, allow_private=[]).harvest(code=FAILED)
        self.assertCounts(run, state="failed")
        self.assertRegex(run["message"], r"127\.0\.0\.1")
        self.assertEqual(server.requests, [])

    def test_one_that_fails_does_not_stop_the_others(self):
        servers = [self.catalogue(small(n)) for n in (2, 3, 4)]
        servers[1].fault("/api/1/datasets/", "status", ALWAYS, code=400)
        g = self.glaneur(*servers)
        result = g.run("harvest", "--json", code=FAILED)
        self.assertEqual([(r["source"], r["state"], r["added"]) for r in result.json["runs"]],
                         [("cat", "done", 2), ("cat2", "failed", 0), ("cat3", "done", 4)])

    def test_empty_catalogues(self):
        g = self.glaneur(self.catalogue({}))
        self.assertCounts(g.harvest(), pages=4)
        self.assertCounts(g.harvest(), pages=4)
        self.assertTrue(g.json("verify")["same"])

    def test_waits_grow(self):
        server = self.catalogue(small(1))
        server.fault("/api/1/datasets/", "status", 2, code=503)
        g = self.glaneur(server, attempts=3, kinds=["dataset"])
        run = g.harvest()       # 1 s, then 2 s, a quarter more or less
        self.assertCounts(run, added=1)
        self.assertEqual(len(server.requests), 3)


if __name__ == "__main__":
    unittest.main()
