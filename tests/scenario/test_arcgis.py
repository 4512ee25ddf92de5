#!/usr/bin/env python3
"""Sites of ArcGIS Hub, harvested over real HTTP. Run: python3 tests/scenario/test_arcgis.py"""
import unittest

from dcatus import HTML, Hub, Raw, dataset, item
from glaneur import FAILED, Scenario, source


def fed(n, **more):
    return dataset(n, identifier=f"https://www.arcgis.com/home/item.html?id={n:032x}", title=f"Couche {n}", **more)


class Site(Scenario):
    def serve(self, collections, **how):
        server = Hub(collections, **how)
        self.addCleanup(server.close)
        return server

    def harvester(self, server, **keys):
        return self.glaneur(source(server, type="arcgis", **keys))

    def test_to_the_end_again_changed_absent(self):
        items = [item(n) for n in range(1, 26)]
        server = self.serve({"all": items}, cap=10)
        g = self.harvester(server)
        self.assertCounts(g.harvest(), added=25, pages=3)
        self.assertCounts(g.harvest(), unchanged=25)
        items[2]["properties"]["modified"] = 1750000000000      # published again, the same
        items[3]["properties"]["title"] = "Arbres"
        items.pop()
        self.assertCounts(g.harvest(), updated=1, unchanged=23, missing=1, figures=1)
        self.assertCounts(g.harvest(), unchanged=24, removed=1)
        self.assertTrue(all(p.startswith("/api/search/v1/collections/all/items?") for p in server.paths()))

    def test_a_site_without_the_collection_all(self):
        server = self.serve({"dataset": [item(n) for n in range(1, 4)]}, feed=[fed(9)])
        self.assertCounts(self.harvester(server).harvest(), added=3, pages=2)

    def test_the_feed_has_the_same_ids(self):
        server = self.serve({}, feed=[fed(n) for n in range(1, 6)])
        g = self.harvester(server)
        self.assertCounts(g.harvest(), added=5, pages=3)
        self.assertEqual(g.show(f"cat:{3:032x}")["title"], "Couche 3")
        server.collections["all"] = [item(n) for n in range(1, 6)]
        run = g.harvest()
        self.assertEqual((run["added"], run["missing"], run["updated"]), (0, 0, 5), run)

    def test_kinds_templates_broken_items(self):
        broken = Raw('{"id": "0123", "properties": {"title": nonsense}}')
        server = self.serve({"all": [item(1, description="{{default.description}}", snippet="court"), item(2, "Dashboard"), item(3, "Hub Page"),
                                     item(4, title="{{name}}"), broken]})
        g = self.harvester(server)
        run = g.harvest()
        self.assertCounts(run, added=2, skipped=1, errored=2)
        self.assertErrors(run, (f"cat:{4:032x}", "record", "no title"), ("cat:0123", "parse", ""))
        self.assertEqual(g.show(f"cat:{1:032x}")["description"], "court")
        self.assertEqual(g.show(f"cat:reuse.{2:032x}")["kind"], "reuse")

    def test_nothing_is_there(self):
        run = self.harvester(self.serve({})).harvest(code=FAILED)
        self.assertIn("neither the search API nor the DCAT-US feed is there", run["message"])

    def test_an_unreadable_page_costs_itself(self):
        server = self.serve({"all": [item(n) for n in range(1, 31)]})
        answer = server.answer
        server.answer = lambda path, args: (200, "text/html", HTML) if args.get("startindex") == "11" else answer(path, args)
        run = self.harvester(server, page_size=10).harvest(code=None)
        self.assertEqual((run["added"], run["missing"]), (20, 0), run)


if __name__ == "__main__":
    unittest.main()
