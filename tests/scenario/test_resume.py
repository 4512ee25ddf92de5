#!/usr/bin/env python3
"""Harvests that are killed, stopped, and go on. Run: python3 tests/scenario/test_resume.py"""
import json, random, signal, time, unittest

import kill_many
from glaneur import FAILED, SAMPLE, STOP_SECONDS, Scenario, record, rid, small, source, wait_until

KILLS = 12


class Killed(Scenario):
    def test_kill_at_random_moments(self):
        first, expected, said = kill_many.undisturbed()
        self.assertEqual(said, [])
        seed = random.randrange(1 << 32)
        dice, kills, lives, resumed = random.Random(seed), 0, 0, 0
        with kill_many.slow_sample() as server:
            while kills < KILLS:
                with self.subTest(seed=seed, life=lives):
                    deaths, g, run = kill_many.one_life(server, dice, KILLS - kills)
                    self.addCleanup(lambda g=g: self.assertEqual(g.close(), []))
                    self.assertEqual(run["state"], "done", run)
                    if run["run"] == 1:     # it went on with the run that was killed, and ends as if nothing had been
                        self.assertCounts(run, added=first["added"], pages=first["pages"], bytes=first["bytes"])
                        resumed += deaths > 0
                    elif run["added"]:      # it was killed before its first page
                        self.assertCounts(run, added=first["added"], pages=first["pages"])
                    else:                   # it was killed after its end
                        self.assertCounts(run, unchanged=first["added"])
                    self.assertEqual(kill_many.without_port(kill_many.end_state(g)), expected)
                kills, lives = kills + deaths, lives + 1
                self.assertLess(lives, 40, "kills come too late")
        self.assertGreater(resumed, 0)

    def test_a_daemon_that_is_killed(self):
        server = self.catalogue(SAMPLE)
        server.on_request = lambda path: time.sleep(0.03)
        g = self.glaneur(server, page_size=10, schedule="@daily")
        for wait in (2, 5, 9):
            daemon = g.serve(ready=False)       # what was interrupted goes on at once
            asked = len(server.requests)
            wait_until(lambda: len(server.requests) >= asked + wait, what="a page")
            daemon.kill()
        daemon = g.serve()
        run = daemon.wait_run(1)
        self.assertCounts(run, added=221, pages=24)
        self.assertIn("interrupted", daemon.stderr)
        self.assertEqual(daemon.search(kind="dataset", page_size=1)["total"], 135)

    def test_killed_while_it_asks_for_the_absent(self):
        server = self.catalogue(small(30))
        g = self.glaneur(server, kinds=["dataset"], max_removed=1, remove_after={"sweeps": 2, "days": 0})
        self.assertCounts(g.harvest(), added=30)
        hidden = range(4, 24)
        for n in hidden:
            server.hide("datasets", record("datasets", n)["id"])
        for n in (1, 2):
            server.delete("datasets", record("datasets", n)["id"])
        for after in (3, 15):
            process = g.start("harvest")
            server.on_request = lambda path: time.sleep(0.01)
            asked = len(server.requests)
            wait_until(lambda: len(server.requests) > asked + after, what="questions about the absent")
            process.kill()
            self.assertEqual(g.show(rid("datasets", 1))["status"], "active")     # nothing is settled before all was asked
        run = g.harvest()
        self.assertEqual(run["run"], 2)
        self.assertCounts(run, unchanged=8, missing=20, removed=2)
        self.assertCounts(g.harvest(), unchanged=8, removed=20)      # the killed ones were no sweeps of their own
        self.assertTrue(g.json("verify")["same"])

    def test_a_killed_run_never_removes_by_what_it_did_not_see(self):
        server = self.catalogue(small(30))
        g = self.glaneur(server, kinds=["dataset"], page_size=5, remove_after={"sweeps": 1, "days": 0})
        self.assertCounts(g.harvest(), added=30)
        server.on_request = lambda path: time.sleep(0.03)
        process = g.start("harvest")
        asked = len(server.requests)
        wait_until(lambda: len(server.requests) >= asked + 4, what="pages")
        process.kill()
        run = g.harvest()
        self.assertEqual(run["run"], 2)
        self.assertCounts(run, unchanged=30, pages=6)


class Stopped(Scenario):
    def started(self, **keys):
        """A slow harvest, in its third page."""
        self.server = self.catalogue(small(40, reuses=3))
        self.server.on_request = lambda path: time.sleep(0.05)
        self.g = self.glaneur(self.server, page_size=5, kinds=["dataset", "reuse"], **keys)
        process = self.g.start("harvest", "--json")
        wait_until(lambda: len(self.server.requests) >= 3, what="a page")
        return process

    def interrupt(self, process, number):
        begun = time.monotonic()
        process.signal(number)
        out, _ = process.popen.communicate(timeout=STOP_SECONDS)
        self.assertLess(time.monotonic() - begun, STOP_SECONDS)
        self.assertEqual(process.popen.returncode, FAILED)
        run = json.loads(out)["runs"][0]
        self.assertEqual((run["state"], run["run"]), ("interrupted", 1))
        self.assertGreater(run["added"], 0)
        self.assertEqual(self.g.json("runs")["runs"][0]["state"], "interrupted")
        self.assertEqual(self.g.json("sources")["sources"][0]["last_run"]["state"], "interrupted")
        return run

    def test_sigterm_and_sigint(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number.name):
                self.interrupt(self.started(), number)
                run = self.g.harvest()
                self.assertEqual(run["run"], 1)
                self.assertCounts(run, added=43, pages=9)
                self.assertEqual(len(self.g.json("runs")["runs"]), 1)

    def test_a_server_that_hangs(self):
        process = self.started()
        self.server.fault("/api/1/datasets/", "delay", 5, seconds=40)
        wait_until(lambda: self.server.faults[0]["left"] < 5, what="a request that hangs")
        self.interrupt(process, signal.SIGTERM)

    def test_another_page_size_does_not_resume(self):
        self.interrupt(self.started(), signal.SIGTERM)
        self.g.configure(source(self.server, page_size=7, kinds=["dataset", "reuse"]))
        run = self.g.harvest()
        self.assertEqual((run["run"], run["state"], run["pages"]), (2, "done", 7))
        self.assertEqual(run["added"] + run["unchanged"], 43)
        self.assertGreater(run["unchanged"], 0)
        self.assertEqual([r["state"] for r in self.g.json("runs")["runs"]], ["done", "interrupted"])
        self.assertEqual(self.g.json("verify")["records"], 43)

    def test_other_kinds_do_not_resume(self):
        self.interrupt(self.started(), signal.SIGTERM)
        self.g.configure(source(self.server, page_size=5, kinds=["reuse"]))
        run = self.g.harvest()
        self.assertEqual(run["run"], 2)
        self.assertCounts(run, added=3, pages=1)

    def test_a_failed_run_does_not_resume(self):
        server = self.catalogue(small(20))
        g = self.glaneur(server, page_size=5, kinds=["dataset"], attempts=1)
        server.fault("page=3", "status", code=500)
        self.assertEqual(g.harvest(code=FAILED)["pages"], 2)
        run = g.harvest()
        self.assertEqual(run["run"], 2)
        self.assertCounts(run, added=10, unchanged=10, pages=4)

    def test_a_daemon_is_stopped_in_a_harvest(self):
        server = self.catalogue(small(40))
        server.on_request = lambda path: time.sleep(0.05)
        g = self.glaneur(server, page_size=5, kinds=["dataset"], schedule="@daily")
        daemon = g.serve(ready=False)
        wait_until(lambda: len(server.requests) >= 3, what="a page")
        self.assertEqual(daemon.stop(), 0)
        run = g.json("runs")["runs"][0]
        self.assertEqual((run["state"], run["trigger"]), ("interrupted", "schedule"))
        daemon = g.serve()
        run = daemon.wait_run(1)
        self.assertCounts(run, added=40, pages=8)
        self.assertEqual(daemon.stop(), 0)


if __name__ == "__main__":
    unittest.main()
