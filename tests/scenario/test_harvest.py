#!/usr/bin/env python3
"""Harvests that go well: what is added, changed, left alone, and what then can be found. Run: python3 tests/scenario/test_harvest.py"""
import re, unittest

from glaneur import DONE, KINDS, NOTHING, SAMPLE, Scenario, load, ours, record, rid, small, visible


class Sample(Scenario):
    """The sample catalogue, of all kinds."""

    def test_first_and_again(self):
        catalogue = load(SAMPLE)
        listed = {kind: [o for o in objects if visible(kind, o)] for kind, objects in catalogue.items()}
        count = sum(map(len, listed.values()))
        g = self.glaneur(self.catalogue(SAMPLE))
        first = g.harvest()
        self.assertCounts(first, added=count, pages=sum(-(-len(objects) // 100) for objects in listed.values()))
        self.assertGreater(first["bytes"], 100_000)
        self.assertEqual((first["source"], first["run"], first["errors"]), ("cat", 1, []))
        self.assertLessEqual(first["started"], first["ended"])
        self.assertEqual(g.json("verify"), {"same": True, "records": count, "joined": 0, "documents": count, "not_indexed": 0, "not_stored": 0, "behind": 0})
        status = g.json("status")
        self.assertEqual((status["records"], status["documents"], status["daemon"]), (count, count, False))
        self.assertEqual((status["seq"], status["indexed_seq"], status["figures_seq"]), (count, count, 0))

        daemon = g.serve()
        for kind, objects in listed.items():        # every object is there, whole, and is found
            self.assertEqual(daemon.search(kind=KINDS[kind], page_size=1)["total"], len(objects), kind)
            for o in objects:
                kept = daemon.record(rid(kind, o["id"]))
                self.assertEqual((kept["kind"], kept["status"], kept["provenance"]["source"]), (KINDS[kind], "active", "cat"))
                self.assertEqual(kept["popularity"]["views"], o["metrics"].get("views"), o["id"])
        # A search that names no kind leaves organizations out.
        self.assertEqual(daemon.search(page_size=1)["total"], count - len(listed["organizations"]))
        before = daemon.metrics()

        again = daemon.wait_run(daemon.start_run().json["run"])
        self.assertCounts(again, unchanged=count, pages=first["pages"], bytes=first["bytes"])
        after = daemon.metrics()
        for name in ("records_written_total", "figures_written_total", "commits_total", "documents", "lag_records", "lag_figures"):
            self.assertEqual(after["glaneur_index_" + name], before["glaneur_index_" + name], name)
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(g.json("status"), {**status, "bytes": g.json("status")["bytes"]})

    def test_what_is_odd_in_the_sample(self):
        g = self.glaneur(self.catalogue(SAMPLE))
        g.harvest()
        daemon = g.serve()
        objects = [o for o in load(SAMPLE)["datasets"] if visible("datasets", o)]
        bare = [o for o in objects if not o.get("organization") and not o.get("owner")]
        self.assertTrue(bare)
        for o in bare:
            self.assertIsNone(daemon.record(rid("datasets", o["id"]))["publisher"]["name"])
        owned = [o for o in objects if o.get("owner") and not o.get("organization")]
        self.assertTrue(owned)
        for o in owned:
            self.assertEqual(daemon.record(rid("datasets", o["id"]))["publisher"]["kind"], "user")
        old_zone = next(o for o in objects if any("@" in z for z in ((o.get("spatial") or {}).get("zones") or []) if isinstance(z, str)))
        kept = daemon.record(rid("datasets", old_zone["id"]))
        self.assertIn("fr:commune:35238", kept["spatial"]["zones"])
        self.assertIn(kept["id"], [r["id"] for r in daemon.search(territory="35238", page_size=100)["data"]])
        for o in objects:
            kept = daemon.record(rid("datasets", o["id"]))
            self.assertEqual(len(kept["distributions"]), len(o["resources"]), o["id"])
            self.assertNotRegex(kept["title"], r"^\s|\s$")


class Changes(Scenario):
    def setUp(self):
        self.server = self.catalogue(small(6, dataservices=3, reuses=2, organizations=2))
        self.g = self.glaneur(self.server)
        self.assertCounts(self.g.harvest(), added=13, pages=4)

    def dataset(self, n):
        return record("datasets", n)["id"]

    def test_a_changed_title(self):
        before = self.g.show(rid("datasets", 2))
        self.server.change("datasets", self.dataset(2), title="Pistes cyclables de Rennes")
        self.assertCounts(self.g.harvest(), updated=1, unchanged=12)
        after = self.g.show(rid("datasets", 2))
        self.assertEqual((before["title"], after["title"]), ("Titre 2", "Pistes cyclables de Rennes"))
        self.assertEqual(after["provenance"]["seq"], 14)
        self.assertEqual(self.g.history(rid("datasets", 2)), ["added", "changed"])
        entry = self.g.show(rid("datasets", 2), "--history")["history"][0]
        self.assertEqual(entry["changes"], [{"field": "title", "from": "Titre 2", "to": "Pistes cyclables de Rennes"}])
        self.assertEqual(self.g.found("cyclables"), [rid("datasets", 2)])
        self.assertNotIn(rid("datasets", 2), self.g.found("titre"))
        self.assertEqual(self.g.history(rid("datasets", 1)), ["added"])

    def test_every_kind_changes(self):
        for kind, field in (("dataservices", "title"), ("reuses", "title"), ("organizations", "name")):
            self.server.change(kind, record(kind, 1)["id"], **{field: f"Boussole {kind}"})
        self.assertCounts(self.g.harvest(), updated=3, unchanged=10)
        self.assertEqual(sorted(self.g.found("boussole")), sorted(rid(kind, 1) for kind in ("dataservices", "reuses")))
        self.assertEqual(self.g.found("boussole", "--kind", "organization"), [rid("organizations", 1)])

    def test_new_ones(self):
        self.server.add("datasets", record("datasets", 40, title="Hydrographie"))
        self.server.add("reuses", record("reuses", 41, title="Carte hydrographie"))
        self.assertCounts(self.g.harvest(), added=2, unchanged=13)
        self.assertEqual(sorted(self.g.found("hydrographie")), sorted([rid("datasets", 40), rid("reuses", 41)]))
        self.assertEqual(self.g.json("verify")["records"], 15)

    def test_figures_only(self):
        daemon = self.g.serve()
        self.assertEqual(daemon.search(sort="views", kind="dataset")["data"][0]["id"], rid("datasets", 5))
        before, whole = daemon.metrics(), daemon.record(rid("datasets", 1))
        self.server.change("datasets", self.dataset(1), metrics={"views": 900, "followers": 7})
        run = daemon.wait_run(daemon.start_run().json["run"])
        self.assertCounts(run, unchanged=13, figures=1)
        after = daemon.metrics()
        self.assertEqual(after["glaneur_index_records_written_total"], before["glaneur_index_records_written_total"])
        self.assertEqual(after["glaneur_index_figures_written_total"], before["glaneur_index_figures_written_total"] + 1)
        best = daemon.search(sort="views", kind="dataset")["data"][0]
        self.assertEqual((best["id"], best["popularity"]["views"], best["popularity"]["followers"]), (rid("datasets", 1), 900, 7))
        moved = daemon.record(rid("datasets", 1))
        self.assertEqual(moved["popularity"]["views"], 900)
        self.assertEqual({**ours(moved), "popularity": None}, {**ours(whole), "popularity": None})
        self.assertEqual(moved["last_changed"], whole["last_changed"])
        self.assertEqual(moved["provenance"]["seq"], whole["provenance"]["seq"])
        self.assertEqual(daemon.get(f"/api/v1/records/{rid('datasets', 1)}/history").json["history"][0]["what"], "added")

    def test_figures_and_text_together(self):
        self.server.change("datasets", self.dataset(1), metrics={"views": 900}, title="Boussole")
        self.assertCounts(self.g.harvest(), updated=1, unchanged=12)
        self.assertEqual(self.g.found("", "--sort", "views")[0], rid("datasets", 1))
        self.assertEqual(self.g.show(rid("datasets", 1))["popularity"]["views"], 900)

    def test_the_order_of_keywords_is_no_change(self):
        self.server.change("datasets", self.dataset(3), tags=["eau", "air", "sol"])
        self.assertCounts(self.g.harvest(), updated=1, unchanged=12)
        self.server.change("datasets", self.dataset(3), tags=["sol", "eau", "air"])
        self.assertCounts(self.g.harvest(), unchanged=13)
        self.server.change("datasets", self.dataset(3), tags=["sol", "eau"])
        self.assertCounts(self.g.harvest(), updated=1, unchanged=12)
        self.assertEqual(self.g.show(rid("datasets", 3))["keywords"], ["eau", "sol"])

    def test_restored(self):
        self.server.delete("datasets", self.dataset(4))
        self.assertCounts(self.g.harvest(), unchanged=12, removed=1)
        self.g.show(rid("datasets", 4), code=NOTHING)
        self.assertNotIn(rid("datasets", 4), self.g.found("titre"))
        self.server.change("datasets", self.dataset(4), deleted=None)
        self.assertCounts(self.g.harvest(), unchanged=12, restored=1)
        self.assertEqual(self.g.show(rid("datasets", 4))["status"], "active")
        self.assertEqual(self.g.history(rid("datasets", 4)), ["added", "removed", "restored"])
        self.assertIn(rid("datasets", 4), self.g.found("titre"))
        self.assertCounts(self.g.harvest(), unchanged=13)

    def test_force(self):
        before = self.g.show(rid("datasets", 1))
        self.assertCounts(self.g.harvest("--force"), updated=13)
        after = self.g.show(rid("datasets", 1))
        self.assertEqual(ours(after), ours(before))
        self.assertEqual(after["last_changed"], before["last_changed"])
        self.assertGreater(after["provenance"]["seq"], before["provenance"]["seq"])
        self.assertEqual(self.g.history(rid("datasets", 1)), ["added"])
        self.assertCounts(self.g.harvest(), unchanged=13)
        self.assertTrue(self.g.json("verify")["same"])

    def test_dry_run_writes_nothing(self):
        self.server.change("datasets", self.dataset(1), title="Boussole")
        self.server.change("datasets", self.dataset(2), metrics={"views": 900})
        self.server.add("datasets", record("datasets", 40))
        self.server.delete("datasets", self.dataset(3))
        self.server.fault("/api/1/dataservices/?", "record", field="title", raw=b"nope", index=1, times=None)
        expected = dict(added=1, updated=1, unchanged=10, removed=1, figures=1, errored=1)

        def state():
            status = self.g.json("status")
            return {k: v for k, v in status.items() if k not in ("bytes", "daemon")}, [r["run"] for r in self.g.json("runs")["runs"]]
        before = state()
        broken = rid("dataservices", 1)
        dry = self.g.harvest("--dry-run")
        self.assertCounts(dry, **expected)
        self.assertErrors(dry, (broken, "parse", "nope"))
        self.assertEqual(state(), before)
        self.assertEqual(self.g.show(rid("datasets", 1))["title"], "Titre 1")
        self.g.serve()          # and beside a daemon that holds the store
        self.assertCounts(self.g.harvest("--dry-run"), **expected)
        self.assertEqual(state(), before)
        self.assertEqual(self.g.json("sources")["sources"][0]["last_run"]["run"], 1)
        real = self.g.harvest()
        self.assertCounts(real, **expected)     # now in earnest, and just the same
        self.assertErrors(real, (broken, "parse", "nope"))

    def test_limit(self):
        self.server.delete("datasets", self.dataset(0))
        run = self.g.harvest("--limit", "3")
        self.assertCounts(run, unchanged=3)         # nothing is absent where not all was asked for
        self.assertEqual(self.g.show(rid("datasets", 0))["status"], "active")
        fresh = self.glaneur(self.server)
        self.assertCounts(fresh.harvest("--limit", "7"), added=7)
        self.assertEqual(fresh.json("verify")["records"], 7)
        self.assertCounts(fresh.harvest(), added=5, unchanged=7)
        self.assertCounts(fresh.harvest("--limit", "12"), unchanged=12)


class Ways(Scenario):
    """Other ways through the same lists."""

    def test_page_sizes_bring_the_same(self):
        server = self.catalogue(small(23, organizations=4))
        states = []
        for size in (1, 7, 23, 24):
            g = self.glaneur(server, page_size=size, kinds=["dataset", "organization"])
            run = g.harvest()
            self.assertCounts(run, added=27, pages=-(-23 // size) + -(-4 // size))
            daemon = g.serve()
            states.append([ours(daemon.record(rid(kind, n))) for kind, count in (("datasets", 23), ("organizations", 4)) for n in range(count)])
            daemon.stop()
        self.assertEqual(states, [states[0]] * 4)

    def test_api_2_brings_the_same_record(self):
        resources = [{"id": f"r{n}", "title": f"Fichier {n}", "url": f"https://files.example/{n}.csv", "format": "csv", "type": "main"}
                     for n in range(60)]
        server = self.catalogue({"datasets": [record("datasets", 1, resources=resources), record("datasets", 2)]})
        shown = []
        for version in (1, 2):
            g = self.glaneur(server, api=version, kinds=["dataset"])
            self.assertCounts(g.harvest(), added=2)
            shown.append([ours(g.show(rid("datasets", n))) for n in (1, 2)])
        self.assertEqual(shown[0], shown[1])
        self.assertEqual(len(shown[0][0]["distributions"]), 60)
        self.assertTrue(any(path.startswith("/api/2/datasets/") and "/resources/" in path for _, path, _ in server.requests))

    def test_api_2_without_its_resources_is_an_error_of_that_record(self):
        resources = [{"id": "r1", "title": "Fichier", "url": "https://files.example/1.csv", "format": "csv"}]
        server = self.catalogue({"datasets": [record("datasets", n, resources=resources) for n in range(3)]})
        g = self.glaneur(server, api=2, kinds=["dataset"], attempts=1)
        self.assertCounts(g.harvest(), added=3)
        before = g.show(rid("datasets", 1))
        server.fault(re.compile(f"/api/2/datasets/{record('datasets', 1)['id']}/resources/"), "status", code=404)
        run = g.harvest()
        self.assertCounts(run, unchanged=2, errored=1)
        self.assertErrors(run, (rid("datasets", 1), "http", "404"))
        self.assertEqual(ours(g.show(rid("datasets", 1))), ours(before))

    def test_two_sources(self):
        one, two = self.catalogue(small(3)), self.catalogue(small(2, reuses=1))
        g = self.glaneur(one, two)
        runs = g.json("harvest")["runs"]
        self.assertEqual([(r["source"], r["added"]) for r in runs], [("cat", 3), ("cat2", 3)])
        self.assertEqual(g.found("titre", "--source", "cat2", "--kind", "dataset"), g.found("titre", "--source", "cat2", "--kind", "dataset"))
        self.assertEqual(len(g.found("titre", "--source", "cat2")), 3)
        one.add("datasets", record("datasets", 9))
        two.add("datasets", record("datasets", 9))
        self.assertCounts(g.harvest("cat2"), added=1, unchanged=3)
        self.assertEqual(g.show(rid("datasets", 9, "cat2"))["provenance"]["source"], "cat2")
        g.show(rid("datasets", 9), code=NOTHING)

    def test_user_agent_and_headers_file(self):
        server = self.catalogue(small(1))
        g = self.glaneur(server, top={"contact": "ops@example.org"}, headers_file="keys.txt")
        with open(g.folder + "/keys.txt", "w", encoding="utf-8") as f:
            f.write("# of the portal\nX-API-KEY: s3cr3t\n")
        self.assertEqual(g.run("harvest").code, DONE)
        headers = server.requests[0][2]
        self.assertRegex(headers["User-Agent"], r"^glaneur/[0-9.]+ \(\+.*ops@example\.org\)$")
        self.assertEqual(headers["X-API-KEY"], "s3cr3t")
        self.assertIn("gzip", headers["Accept-Encoding"])
        self.assertNotIn("s3cr3t", g.processes[-1].stderr)


if __name__ == "__main__":
    unittest.main()
