#!/usr/bin/env python3
"""What is no longer there: removed, missing, archived, held back; and when nothing may be taken for absent. Run: python3 tests/scenario/test_removal.py"""
import re, unittest

from glaneur import DONE, FAILED, NOTHING, WRONG_USE, Scenario, on_page, ours, record, rid, small, source, wait_until


def remote(n, kind="datasets"):
    return record(kind, n)["id"]


def by_id(n, kind="datasets"):
    """The address of one object, as a match for faults."""
    return re.compile(f"/api/1/{kind}/{remote(n, kind)}/$")


class Absent(Scenario):
    def setUp(self):
        self.server = self.catalogue(small(20, organizations=2))
        self.g = self.glaneur(self.server)
        self.assertCounts(self.g.harvest(), added=22)

    def status(self, n, kind="datasets"):
        return self.g.show(rid(kind, n))["status"]

    def test_gone_is_removed_at_once(self):
        self.server.delete("datasets", remote(3))
        self.server.delete("organizations", remote(1, "organizations"))
        self.assertCounts(self.g.harvest(), unchanged=20, removed=2)
        result = self.g.run("show", rid("datasets", 3), code=NOTHING)
        self.assertEqual(result.out, "")
        self.assertIn("was removed", result.err)
        self.assertEqual(self.g.history(rid("datasets", 3)), ["added", "removed"])
        self.assertNotIn(rid("datasets", 3), self.g.found("titre"))
        self.assertTrue(self.g.json("verify")["same"])
        self.assertEqual(self.g.json("sources")["sources"][0]["removed"], 2)
        daemon = self.g.serve()
        path = "/api/v1/records/" + rid("datasets", 3)
        gone = daemon.get(path)
        self.assertEqual((gone.status, gone.json["status"], gone.headers["Content-Type"]), (410, 410, "application/problem+json"))
        history = daemon.get(path + "/history")
        self.assertEqual((history.status, [h["what"] for h in history.json["history"]]), (200, ["removed", "added"]))
        daemon.stop()
        self.assertCounts(self.g.harvest(), unchanged=20)       # a tombstone is not absent once more

    def test_not_found_is_missing_then_removed(self):
        self.server.hide("datasets", remote(3))
        self.assertCounts(self.g.harvest(), unchanged=21, missing=1)
        self.assertEqual(self.status(3), "missing")
        self.assertEqual(self.g.found("titre", "--status", "missing"), [rid("datasets", 3)])
        self.assertEqual(self.g.json("sources")["sources"][0]["missing"], 1)
        self.assertCounts(self.g.harvest(), unchanged=21, removed=1)
        self.g.show(rid("datasets", 3), code=NOTHING)
        self.assertEqual(self.g.history(rid("datasets", 3)), ["added", "removed"])

    def test_missing_comes_back(self):
        whole = self.g.show(rid("datasets", 3))
        self.server.hide("datasets", remote(3))
        self.assertCounts(self.g.harvest(), unchanged=21, missing=1)
        self.server.change("datasets", remote(3), private=False)
        self.assertCounts(self.g.harvest(), unchanged=22, figures=1)
        self.assertEqual(ours(self.g.show(rid("datasets", 3))), ours(whole))
        self.assertEqual(self.g.found("titre", "--status", "missing"), [])
        self.server.hide("datasets", remote(3))      # and its sweeps are counted anew
        self.assertCounts(self.g.harvest(), unchanged=21, missing=1)
        self.assertEqual(self.g.history(rid("datasets", 3)), ["added"])

    def test_days_count_too(self):
        g = self.glaneur(self.server, remove_after={"sweeps": 1, "days": 1})
        g.harvest()
        self.server.hide("datasets", remote(3))
        for _ in range(3):
            self.assertCounts(g.harvest(), unchanged=21, missing=1)

    def test_archived_is_not_missing(self):
        self.server.archive("datasets", remote(3))
        self.assertCounts(self.g.harvest(), unchanged=21, figures=1)
        self.assertEqual(self.status(3), "archived")
        self.assertEqual(self.g.found("titre", "--status", "archived"), [rid("datasets", 3)])
        for _ in range(3):
            self.assertCounts(self.g.harvest(), unchanged=21)
        self.assertEqual(self.status(3), "archived")
        self.server.fault(by_id(3), "status", code=404, times=2)        # not to be had for a while
        for _ in range(2):
            self.assertCounts(self.g.harvest(), unchanged=21)
        self.server.change("datasets", remote(3), archived=None)
        self.assertCounts(self.g.harvest(), unchanged=22, figures=1)
        self.assertEqual(self.status(3), "active")
        self.server.archive("datasets", remote(3))
        self.assertCounts(self.g.harvest(), unchanged=21, figures=1)
        self.server.delete("datasets", remote(3))
        self.assertCounts(self.g.harvest(), unchanged=21, removed=1)

    def test_archived_is_asked_for_now_and_then_only(self):
        g = self.glaneur(self.server, remove_after={"sweeps": 2, "days": 7})
        g.harvest()
        self.server.archive("datasets", remote(3))
        self.assertCounts(g.harvest(), unchanged=21, figures=1)
        asked = len(self.server.requests)
        self.assertCounts(g.harvest(), unchanged=21)
        self.assertFalse([p for _, p, _ in self.server.requests[asked:] if remote(3) in p])

    def test_alive_but_missed_by_the_sweep(self):
        def blink(path):        # private while the list is read, public when it is asked for by its id
            self.server.change("datasets", remote(3), private="page=" in path, title="Autre titre")
        self.server.on_request = blink
        self.assertCounts(self.g.harvest(), unchanged=21, updated=1)
        self.assertEqual(self.status(3), "active")
        self.assertEqual(self.g.show(rid("datasets", 3))["title"], "Autre titre")
        self.assertCounts(self.g.harvest(), unchanged=22)

    def test_another_record_answers_in_its_place(self):
        self.server.hide("datasets", remote(3))
        self.server.fault(by_id(3), "redirect", to=f"/api/1/datasets/{remote(4)}/")
        self.assertCounts(self.g.harvest(), unchanged=21, missing=1)

    def test_no_answer_about_it_says_nothing(self):
        self.server.delete("datasets", remote(3))
        g = self.g
        g.configure({**self.source_keys(), "attempts": 1})
        self.server.fault(by_id(3), "status", code=500, times=None)
        self.assertCounts(g.harvest(), unchanged=21, missing=1)     # absent, but nobody said that it is gone

    def source_keys(self, **keys):
        return source(self.server, **keys)

    def test_a_server_that_does_not_answer_is_not_asked_a_thousand_times(self):
        for n in range(10):
            self.server.hide("datasets", remote(n))
        self.g.configure(self.source_keys(attempts=1))
        self.server.fault(re.compile("/api/1/datasets/[0-9a-f]+/$"), "status", code=500, times=None)
        asked = len(self.server.requests)
        self.assertCounts(self.g.harvest(), unchanged=12, missing=10)
        self.assertEqual(len(self.server.requests) - asked, 4 + 5)

    def test_a_private_object_in_the_list(self):
        self.server.fault(on_page("datasets", 1), "record", field="private", raw=b"true", index=3)
        self.server.fault(by_id(3), "status", code=404)
        self.assertCounts(self.g.harvest(), unchanged=21, skipped=1, missing=1)

    def test_kinds_taken_out_of_the_configuration_are_left_alone(self):
        self.g.configure(self.source_keys(kinds=["dataset"]))
        self.server.delete("organizations", remote(0, "organizations"))
        for _ in range(3):
            self.assertCounts(self.g.harvest(), unchanged=20)
        self.assertEqual(self.status(0, "organizations"), "active")
        self.g.configure(self.source_keys())
        self.assertCounts(self.g.harvest(), unchanged=21, removed=1)


class Incomplete(Scenario):
    """What must never be taken for absence. In each test one record is hidden: a complete sweep would count it."""

    def setUp(self):
        self.server = self.catalogue(small(25, reuses=2))
        self.g = self.glaneur(self.server, page_size=10, attempts=1, kinds=["dataset", "reuse"])
        self.assertCounts(self.g.harvest(), added=27, pages=4)
        self.server.hide("datasets", remote(3))

    def tearDown(self):
        daemon = self.g.serve()
        self.assertEqual(daemon.record(rid("datasets", 3))["status"], "active")
        self.assertEqual(daemon.search(page_size=1)["total"], 27)
        daemon.stop()
        self.server.faults.clear()
        self.assertCounts(self.g.harvest(), unchanged=26, missing=1)        # the first sweep that counts

    def test_an_empty_list(self):
        self.server.fault(on_page("datasets", 1), "envelope", body={"data": [], "total": 0, "next_page": None, "page": 1, "page_size": 10})
        run = self.g.harvest()
        self.assertCounts(run, unchanged=2, state="done_with_errors")
        self.assertErrors(run, (None, "incomplete", "empty"))

    def test_an_empty_page_in_the_middle(self):
        self.server.fault(on_page("datasets", 2), "empty_page")
        run = self.g.harvest()
        self.assertCounts(run, unchanged=12, state="done_with_errors")
        self.assertErrors(run, (None, "incomplete", "10 of the 24"))

    def test_a_total_that_lies(self):
        self.server.fault("/api/1/datasets/?page=", "total", value=100, times=3)
        run = self.g.harvest()
        self.assertCounts(run, unchanged=26, state="done_with_errors")
        self.assertErrors(run, (None, "incomplete", "24 of the 100"))

    def test_a_failed_page(self):
        self.server.fault(on_page("datasets", 2), "status", code=500)
        run = self.g.harvest(code=FAILED)
        self.assertCounts(run, unchanged=10, state="failed")
        self.assertIn("500", run["message"])
        self.assertErrors(run, (None, "run", "500"))

    def test_a_failed_list_of_another_kind(self):
        self.server.fault(on_page("reuses", 1), "status", code=503)
        run = self.g.harvest(code=FAILED)
        self.assertCounts(run, unchanged=24, state="failed")

    def test_a_list_that_is_not_found(self):
        self.server.fault(on_page("reuses", 1), "status", code=404)
        run = self.g.harvest(code=FAILED)
        self.assertCounts(run, unchanged=24, state="failed")
        self.assertIn("404", run["message"])

    def test_a_list_that_ends_early(self):
        self.server.fault(on_page("datasets", 2), "status", code=404, times=None)
        run = self.g.harvest(code=FAILED)       # there are 24, and page 1 again and again
        self.assertEqual((run["unchanged"], run["missing"], run["state"]), (10, 0, "failed"), run)
        self.assertErrors(run, (None, "run", "repeats itself"))


class Unreadable(Scenario):
    """One record of a page cannot be read: the others are, and it stays as it is."""

    def setUp(self):
        self.server = self.catalogue(small(12, reuses=2))
        self.g = self.glaneur(self.server, page_size=5, kinds=["dataset", "reuse"])
        self.assertCounts(self.g.harvest(), added=14)
        self.before = self.g.show(rid("datasets", 6))

    def broken(self, kind_of_error, part, known=True, alone=True, **fault):
        self.server.fault(on_page("datasets", 2), "record", index=1, times=None, **fault)
        if alone:       # asked by its id, too
            self.server.fault(by_id(6), "record", times=None, **fault)
        self.server.change("datasets", remote(7), title="Boussole")
        run = self.g.harvest()
        kept = 13 if alone else 14       # where its own address tells it well, it is read there
        self.assertCounts(run, unchanged=kept - 1, updated=1, errored=1)
        self.assertErrors(run, (rid("datasets", 6) if known else None, kind_of_error, part))
        line = run["errors"][0]
        self.assertIn("/api/1/datasets/?page=2&", line["page"])
        self.assertCounts(self.g.harvest(), unchanged=kept, errored=1)      # nor is it missing on another night
        self.assertCounts(self.g.harvest(), unchanged=kept, errored=1)
        self.assertEqual(ours(self.g.show(rid("datasets", 6))), ours(self.before))
        self.server.faults.clear()
        self.assertCounts(self.g.harvest(), unchanged=14)

    def test_not_json(self):
        self.broken("parse", "JSON", field="title", raw=b"nope")

    def test_not_an_object(self):
        self.broken("record", "not an object", known=False, alone=False, how="wrong_type")

    def test_without_its_id(self):
        self.broken("record", "no id", known=False, how="no_id")

    def test_nested_too_deep(self):
        self.broken("parse", "deep", how="deep")

    def test_without_a_name(self):
        self.broken("record", "no title", field="title", raw=b'"","slug":""')

    def test_a_missing_one_that_is_listed_broken_is_there(self):
        self.server.hide("datasets", remote(6))
        self.assertCounts(self.g.harvest(), unchanged=13, missing=1)
        self.server.change("datasets", remote(6), private=False)
        self.server.fault(on_page("datasets", 2), "record", index=1, field="title", raw=b"nope")
        run = self.g.harvest()
        self.assertCounts(run, unchanged=13, errored=1)
        self.assertEqual(self.g.show(rid("datasets", 6))["status"], "active")


class HeldBack(Scenario):
    def gone(self, *numbers, kind="datasets"):
        for n in numbers:
            self.server.delete(kind, remote(n, kind))

    def start(self, content, **keys):
        self.server = self.catalogue(content)
        self.g = self.glaneur(self.server, **keys)
        return self.g.harvest()

    def held(self, **expected):
        run = self.g.harvest(code=FAILED)
        self.assertCounts(run, state="held_back", **expected)
        self.assertIn("max_removed", run["message"])
        return run

    def test_held_back_then_accepted(self):
        self.start(small(20))
        self.gone(1, 2, 3)
        run = self.held(unchanged=17, missing=3)
        self.assertIn("3 of 20 ", run["message"])
        self.assertEqual(len(self.g.found("titre")), 20)
        self.assertEqual(sorted(self.g.found("titre", "--status", "missing")), [rid("datasets", n) for n in (1, 2, 3)])
        again = self.held(unchanged=17, missing=3)
        answer = self.g.json("accept", "cat", str(again["run"]))
        self.assertEqual(answer, {"run": again["run"], "decision": "accepted"})
        kept = self.g.json("runs", "cat", str(again["run"]))["runs"][0]
        self.assertCounts(kept, unchanged=17, removed=3)
        for n in (1, 2, 3):
            self.g.show(rid("datasets", n), code=NOTHING)
            self.assertEqual(self.g.history(rid("datasets", n)), ["added", "removed"])
        self.assertCounts(self.g.harvest(), unchanged=17)
        self.assertEqual(len(self.g.found("titre")), 17)
        self.assertTrue(self.g.json("verify")["same"])
        self.g.run("accept", "cat", str(again["run"]), code=FAILED)      # decided already

    def test_held_back_then_refused(self):
        self.start(small(20))
        self.gone(1, 2, 3)
        run = self.held(unchanged=17, missing=3)
        self.g.run("refuse", "cat", str(run["run"]))
        kept = self.g.json("runs", "cat", str(run["run"]))["runs"][0]
        self.assertCounts(kept, unchanged=17, missing=3)
        for n in (1, 2, 3):
            self.assertEqual(self.g.show(rid("datasets", n))["status"], "active")
            self.assertEqual(self.g.history(rid("datasets", n)), ["added"])
        self.held(unchanged=17, missing=3)      # the catalogue says so still

    def test_accepted_through_a_daemon(self):
        self.start(small(20))
        self.gone(1, 2, 3)
        daemon = self.g.serve()
        run = self.held(unchanged=17, missing=3)
        self.assertEqual(daemon.metrics()['glaneur_harvest_runs_total{source="cat",outcome="held_back"}'], 1)
        self.assertEqual(daemon.search(page_size=1)["total"], 20)
        self.assertEqual(daemon.post(f"/api/v1/sources/cat/runs/{run['run']}/refuse").status, 200)
        self.assertEqual(daemon.post(f"/api/v1/sources/cat/runs/{run['run']}/accept").status, 409)
        run = self.held(unchanged=17, missing=3)
        self.g.run("accept", "cat", str(run["run"]))
        wait_until(lambda: daemon.search(page_size=1)["total"] == 17, what="the removal in the index")
        self.assertEqual(daemon.get("/api/v1/records/" + rid("datasets", 2)).status, 410)

    def test_seen_again_before_it_is_accepted(self):
        self.start(small(30))
        self.gone(1, 2, 3, 4, 5)
        first = self.held(unchanged=25, missing=5)
        self.server.change("datasets", remote(1), deleted=None)
        self.held(unchanged=26, missing=4, figures=1)
        self.g.run("accept", "cat", str(first["run"]))
        self.assertEqual(self.g.show(rid("datasets", 1))["status"], "active")
        self.assertCounts(self.g.harvest(), unchanged=26)

    def test_the_share_is_of_each_kind(self):
        self.start(small(40, reuses=4))
        self.gone(1, 2, kind="reuses")      # 2 of 44 in all, but half of the reuses
        run = self.held(unchanged=42, missing=2)
        self.assertIn("2 of 4 reuse", run["message"])

    def test_the_share_is_of_the_source(self):
        self.start(small(7, reuses=6, organizations=6))
        self.gone(1)
        self.gone(1, kind="reuses")         # one of each kind may go, two of 19 may not
        run = self.held(unchanged=17, missing=2)
        self.assertIn("2 of 19 records", run["message"])

    def test_one_record_may_always_go(self):
        self.start(small(2), max_removed=0)
        self.gone(1)
        self.assertCounts(self.g.harvest(), unchanged=1, removed=1)

    def test_a_share_of_one_lets_all_but_an_empty_list_go(self):
        self.start(small(6), max_removed=1)
        self.gone(0, 1, 2, 3, 4)
        self.assertCounts(self.g.harvest(), unchanged=1, removed=5)
        self.gone(5)
        run = self.g.harvest()
        self.assertCounts(run, state="done_with_errors")        # an empty list is no proof
        self.assertErrors(run, (None, "incomplete", "empty"))

    def test_what_is_only_missing_holds_nothing_back(self):
        self.start(small(10))
        for n in range(5):
            self.server.hide("datasets", remote(n))
        self.assertCounts(self.g.harvest(), unchanged=5, missing=5)
        run = self.held(unchanged=5, missing=5)
        self.g.run("accept", "cat", str(run["run"]))
        self.assertEqual(len(self.g.found("titre")), 5)

    def test_dry_run(self):
        self.start(small(20))
        self.gone(1, 2, 3)
        run = self.g.harvest("--dry-run", code=FAILED)
        self.assertCounts(run, state="held_back", unchanged=17, missing=3)
        self.assertEqual(self.g.show(rid("datasets", 1))["status"], "active")
        self.assertEqual(len(self.g.json("runs")["runs"]), 1)

    def test_wrong_decisions(self):
        self.start(small(2))
        self.g.run("accept", "cat", "1", code=FAILED)       # it is done
        self.g.run("accept", "cat", "99", code=NOTHING)
        self.g.run("accept", "other", "1", code=NOTHING)
        self.g.run("accept", "cat", "x", code=WRONG_USE)
        self.g.run("accept", "cat", code=WRONG_USE)
        self.g.run("refuse", "cat", "1", code=FAILED)


class Moving(Scenario):
    """The catalogue changes while it is read."""

    def test_a_removal_in_the_middle_loses_nobody(self):
        server = self.catalogue(small(30))
        g = self.glaneur(server, page_size=10, kinds=["dataset"])

        def night(path):
            if "page=2&" in path:
                server.on_request = None
                server.delete("datasets", remote(4))        # the rest moves up: the eleventh is now on page 1
        server.on_request = night
        run = g.harvest()
        self.assertEqual(run["added"], 30)
        self.assertEqual(run["state"], "done", run)
        self.assertCounts(g.harvest(), unchanged=29, removed=1)

    def test_a_newcomer_in_the_middle(self):
        server = self.catalogue(small(30))
        g = self.glaneur(server, page_size=10, kinds=["dataset"])

        def night(path):
            if "page=2&" in path:
                server.add("datasets", record("datasets", 77))
        server.on_request = night
        self.assertCounts(g.harvest(), added=31, pages=4)
        self.assertEqual(g.run("show", rid("datasets", 77)).code, DONE)

    def test_duplicates_over_two_pages(self):
        server = self.catalogue(small(30))
        g = self.glaneur(server, page_size=10, kinds=["dataset"])
        server.fault(on_page("datasets", 2), "duplicates", count=2)
        self.assertCounts(g.harvest(), added=30, skipped=2)
        server.fault(on_page("datasets", 3), "duplicates", count=10)
        self.assertCounts(g.harvest(), unchanged=30, skipped=10)


if __name__ == "__main__":
    unittest.main()
