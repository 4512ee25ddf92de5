#!/usr/bin/env python3
"""Socrata's discovery API, harvested over real HTTP. Run: python3 tests/scenario/test_socrata.py

More than the 10 000 results that pages by offset end at: tests/bench/samples/socrata.py, since it takes long under sanitizers.
"""
import unittest

from dcatus import HTML, Raw, Socrata, asset
from glaneur import FAILED, Scenario, source


class Discovery(Scenario):
    def serve(self, assets, **how):
        server = Socrata(assets, **how)
        self.addCleanup(server.close)
        return server

    def harvester(self, server, **keys):
        return self.glaneur(source(server, type="socrata", **keys))

    def test_to_the_end_again_changed_absent(self):
        server = self.serve([asset(n) for n in range(25)], cap=10)
        g = self.harvester(server)
        self.assertCounts(g.harvest(), added=25, pages=3)
        self.assertCounts(g.harvest(), unchanged=25)
        server.assets[3]["resource"]["page_views"]["page_views_total"] = 999
        server.assets[4]["resource"]["name"] = "Arbres"
        server.assets.pop()
        self.assertCounts(g.harvest(), updated=1, unchanged=23, missing=1, figures=1)
        self.assertEqual(g.show("cat:aaaa-0003")["popularity"]["views"], 999)
        self.assertCounts(g.harvest(), unchanged=24, removed=1)

    def test_kinds_and_broken_results(self):
        broken = Raw('{"resource": {"id": "zzzz-0009", "name": nonsense}}')
        server = self.serve([asset(1), asset(2, "chart", parent_fxf=["aaaa-0001"]), asset(3, name=""), broken])
        g = self.harvester(server)
        run = g.harvest()
        self.assertCounts(run, added=2, errored=2)
        self.assertErrors(run, ("cat:aaaa-0003", "record", "no name"), ("cat:zzzz-0009", "parse", ""))
        self.assertEqual(g.show("cat:reuse.aaaa-0002")["relations"]["uses"], ["cat:aaaa-0001"])
        only = self.harvester(server, kinds=["dataset"])
        self.assertCounts(only.harvest(), added=1, skipped=1, errored=2)

    def test_an_unreadable_page_costs_itself(self):
        server = self.serve([asset(n) for n in range(30)], cap=10)
        answer = server.answer
        server.answer = lambda path, args: (200, "text/html", HTML) if args.get("offset") == "10" else answer(path, args)
        run = self.harvester(server, page_size=10).harvest(code=None)
        self.assertEqual((run["added"], run["missing"]), (20, 0), run)

    def test_no_such_api(self):
        server = self.serve([])
        server.answer = lambda path, args: (404, "application/json", b'{"error": "Domain not found: x"}')
        run = self.harvester(server).harvest(code=FAILED)
        self.assertIn("Domain not found: x", run["message"])


if __name__ == "__main__":
    unittest.main()
