#!/usr/bin/env python3
"""Repositories of OAI-PMH, harvested over real HTTP. Run: python3 tests/scenario/test_oai_pmh.py"""
import unittest
from urllib.parse import parse_qs, urlsplit

from glaneur import FAILED, Scenario, source, wait_until
from xml_server import HTML, Oai, dc, iso


class Repository(Scenario):
    def oai(self, records, **how):
        server = Oai(records, **how)
        self.addCleanup(server.close)
        return server

    def harvester(self, server, **keys):
        return self.glaneur(source(server, type="oai-pmh", **{"url": server.url, "rate": 0, **keys}))


def notices(n):
    return [dc(f"oai:h:{i:02}") for i in range(n)]


class Sweep(Repository):
    def test_to_the_end_and_again(self):
        server = self.oai(notices(25))
        g = self.harvester(server)
        self.assertCounts(g.harvest(), added=25, pages=3)
        first, second = (parse_qs(urlsplit(path).query) for path, _ in server.asked[:2])
        self.assertEqual(first, {"verb": ["ListRecords"], "metadataPrefix": ["oai_dc"]})
        self.assertEqual(second, {"verb": ["ListRecords"], "resumptionToken": ["10/é&="]})
        self.assertCounts(g.harvest(), unchanged=25)
        server.records[3] = dc("oai:h:03", "Une autre")
        self.assertCounts(g.harvest(), updated=1, unchanged=24)
        del server.records[4]
        self.assertCounts(g.harvest(), unchanged=24, missing=1)

    def test_deleted_is_removed_at_once(self):
        server = self.oai(notices(25))
        g = self.harvester(server)
        g.harvest()
        server.records.pop(7)
        server.deleted = ["oai:h:07", "oai:h:never"]
        self.assertCounts(g.harvest(), unchanged=24, removed=1)
        self.assertCounts(g.harvest(), unchanged=24)
        server.records.insert(7, dc("oai:h:07"))
        server.deleted = []
        run = g.harvest()
        self.assertEqual((run["unchanged"], run["added"] + run["restored"]), (24, 1), run)

    def test_a_sweep_that_shows_less_than_announced(self):
        server = self.oai(notices(25))
        g = self.harvester(server, remove_after={"sweeps": 1, "days": 0})
        g.harvest()
        server.deleted = [f"oai:h:x{n}" for n in range(8)]      # not ours, and no word about those that are left out
        server.hidden = {"oai:h:01", "oai:h:02"}
        run = g.harvest()
        self.assertEqual((run["state"], run["unchanged"], run["removed"], run["missing"]), ("done_with_errors", 23, 0, 0), run)
        self.assertErrors(run, (None, "incomplete", "23 of the 25 announced"))

    def test_kinds_that_are_not_kept_were_announced_too(self):
        server = self.oai(notices(3) + [dc("oai:h:s", more="<dc:type>Software</dc:type>")])
        g = self.harvester(server, kinds=["dataset"])
        self.assertCounts(g.harvest(), added=3, skipped=1)
        del server.records[0]
        self.assertCounts(g.harvest(), unchanged=2, skipped=1, missing=1)

    def test_deletions_that_a_killed_run_met(self):
        server = self.oai(notices(25))
        g = self.harvester(server)
        g.harvest()
        gone = ["oai:h:03", "oai:h:20"]
        server.records = [r for r in server.records if r[0] not in gone]
        server.deleted = ["oai:h:never", *gone]
        server.deleted_first, server.size, server.pause = True, 5, 0.2
        for _ in range(2):      # the deleted stand on the first page, which is read once only
            asked = len(server.asked)
            process = g.start("harvest")
            wait_until(lambda asked=asked: len(server.asked) > asked + 1, what="the second page")
            process.kill()
        server.pause = 0
        self.assertEqual(g.show("cat:oai:h:03")["status"], "active")
        run = g.harvest()
        self.assertEqual(run["run"], 2, run)
        self.assertCounts(run, unchanged=23, removed=2)
        self.assertEqual(sum("resumptionToken" not in path for path, _ in server.asked), 2)
        self.assertCounts(g.harvest(), unchanged=23)

    def test_a_list_that_holds_nothing(self):
        server = self.oai([])
        self.assertCounts(self.harvester(server).harvest())

    def test_sets(self):
        server = self.oai([dc("a:1"), dc("a:2"), dc("b:1"), dc("c:1")], size=1)
        g = self.harvester(server, sets=["a", "nobody", "c"])
        self.assertCounts(g.harvest(), added=3)
        self.assertCounts(g.harvest(), unchanged=3)

    def test_retry_after(self):
        server = self.oai(notices(15))
        server.say("resumptionToken", (503, {"Retry-After": "1"}, b"later"))
        self.assertCounts(self.harvester(server).harvest(), added=15)

    def test_a_token_that_expires_once(self):
        server = self.oai(notices(25))
        server.expire_after = 0     # the first token: the list is begun again
        run = self.harvester(server).harvest()
        self.assertEqual((run["state"], run["added"], run["errored"]), ("done", 25, 0), run)

    def test_a_token_that_expires_twice(self):
        server = self.oai(notices(25))
        g = self.harvester(server, attempts=1)
        self.assertCounts(g.harvest(), added=25)
        server.say("resumptionToken", server.error("badResumptionToken", "expired"), times=20)
        run = g.harvest(code=None)
        self.assertEqual((run["missing"], run["removed"], run["state"]), (0, 0, "failed"), run)
        self.assertIn("expired", run["errors"][0]["message"])

    def test_windows(self):
        server = self.oai(notices(5))
        g = self.harvester(server, **{"from": "2019-01-01"})
        self.assertCounts(g.harvest(), added=5)
        self.assertIn("from=2019-01-01", server.asked[0][0])


class Broken(Repository):
    def test_records(self):
        server = self.oai([dc("oai:h:1"), ("oai:h:2", "<mods xmlns='http://www.loc.gov/mods/v3'/>"), dc("oai:h:3")])
        run = self.harvester(server).harvest()
        self.assertCounts(run, added=2, errored=1)
        self.assertErrors(run, ("cat:oai:h:2", "record", "mods"))

    def test_errors_of_the_protocol(self):
        for answer, said in ((lambda s: s.error("cannotDisseminateFormat", "dcat"), "ListMetadataFormats"),
                             (lambda s: s.error("badArgument", "from"), "badArgument"), (lambda s: HTML, "DOCTYPE")):
            with self.subTest(said):
                server = self.oai(notices(2))
                server.say("ListRecords", answer(server), times=10)
                run = self.harvester(server, attempts=1).harvest(code=FAILED)
                self.assertIn(said, run["errors"][0]["message"])

    def test_iso(self):
        server = self.oai([("oai:h:1", iso("jeu-1")[1])])
        g = self.harvester(server, metadata_prefix="iso19139")
        self.assertCounts(g.harvest(), added=1)
        self.assertEqual(g.show("cat:oai:h:1")["title"], "Jeu jeu-1")


if __name__ == "__main__":
    unittest.main(verbosity=2)
