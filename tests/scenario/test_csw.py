#!/usr/bin/env python3
"""CSW catalogues, harvested over real HTTP. Run: python3 tests/scenario/test_csw.py"""
import os, unittest

from glaneur import FAILED, Scenario, source
from xml_server import GMD, HTML, Csw, exception, iso, text


class Catalogue(Scenario):
    def csw(self, records, **how):
        server = Csw(records, **how)
        self.addCleanup(server.close)
        return server

    def harvester(self, server, **keys):
        return self.glaneur(source(server, type="csw", **{"url": server.url, "rate": 0, **keys}))


class Sweep(Catalogue):
    def test_to_the_end_and_again(self):
        server = self.csw([iso(f"jeu-{n:02}") for n in range(45)])
        g = self.harvester(server)
        run = g.harvest()
        self.assertCounts(run, added=45, pages=3)
        self.assertEqual(server.starts(), [1, 21, 41])
        self.assertCounts(g.harvest(), unchanged=45)
        server.records[7] = iso("jeu-07", "Un autre titre")
        server.records[8] = iso("jeu-08")       # the same
        self.assertCounts(g.harvest(), updated=1, unchanged=44)
        self.assertEqual(g.show("cat:jeu-07")["title"], "Un autre titre")
        absent = server.records.pop(3)
        self.assertCounts(g.harvest(), unchanged=44, missing=1)
        server.records.append(absent)
        self.assertCounts(g.harvest(), unchanged=45, figures=1)

    def test_every_next_record(self):
        for name, following in {"always 0": lambda s, n, m: 0, "beyond": lambda s, n, m: s + n, "where we are": lambda s, n, m: s,
                                "missing": lambda s, n, m: None, "before": lambda s, n, m: 1}.items():
            with self.subTest(name):
                server = self.csw([iso(f"{n}") for n in range(7)])
                server.next = following
                self.assertCounts(self.harvester(server, max_records=3).harvest(), added=7, pages=3)
                self.assertEqual(server.starts(), [1, 4, 7])

    def test_no_counts_at_all(self):
        server = self.csw([iso(f"{n}") for n in range(7)])
        server.counts, server.next = False, lambda s, n, m: None
        self.assertCounts(self.harvester(server, max_records=3).harvest(), added=7, pages=3)

    def test_pages_are_capped_by_the_server(self):
        server = self.csw([iso(f"{n}") for n in range(9)], most=4)
        self.assertCounts(self.harvester(server).harvest(), added=9, pages=3)
        self.assertEqual(server.starts(), [1, 5, 9])

    def test_fewer_than_matched(self):
        server = self.csw([iso(f"{n}") for n in range(6)])
        g = self.harvester(server)
        self.assertCounts(g.harvest(), added=6)
        whole, shown = server.answer, server.records[:]

        def fewer(args, body):
            server.records = shown[:4]
            answer = whole(args, body).replace(b'Matched="4"', b'Matched="6"')
            server.records = shown
            return answer
        server.answer = fewer
        run = g.harvest()       # nothing is absent that the catalogue says it has
        self.assertEqual((run["unchanged"], run["missing"], run["removed"]), (4, 0, 0), run)

    def test_sorting_is_refused(self):
        server = self.csw([iso(f"{n}") for n in range(3)])
        server.refuses_sort = ("dc:identifier", "apiso:Identifier")
        g = self.harvester(server, max_records=2)
        self.assertCounts(g.harvest(), added=3, pages=4)
        self.assertEqual(server.starts(), [1, 1, 1, 3])
        server.forget()
        g.configure(source(server, type="csw", url=server.url, rate=0, max_records=2, sort="none"))
        self.assertCounts(g.harvest(), unchanged=3, pages=2)

    def test_duplicates_and_records_without_identifier(self):
        nameless = f'<gmd:MD_Metadata {GMD}><gmd:identificationInfo><gmd:MD_DataIdentification><gmd:citation><gmd:CI_Citation><gmd:title>' \
                   f'{text("Sans identifiant")}</gmd:title></gmd:CI_Citation></gmd:citation></gmd:MD_DataIdentification>' \
                   '</gmd:identificationInfo></gmd:MD_Metadata>'
        server = self.csw([iso("a"), iso("a"), ("b", nameless), ("c", nameless.replace("Sans", "Toujours sans"))])
        g = self.harvester(server)
        # The catalogue counts one that is given twice as two: the sweep is whole all the same.
        self.assertCounts(g.harvest(), added=3, skipped=1)
        self.assertCounts(g.harvest(), unchanged=3, skipped=1)
        del server.records[1:3]
        self.assertCounts(g.harvest(), unchanged=2, missing=1)


class Broken(Catalogue):
    def test_one_record(self):
        server = self.csw([iso("a"), iso("b"), iso("c")])
        g = self.harvester(server)
        g.harvest()
        server.records[1] = ("b", server.records[1][1].replace("Jeu b", ""))
        run = g.harvest()
        self.assertCounts(run, unchanged=2, errored=1)
        self.assertErrors(run, ("cat:b", "record", "no title"))
        self.assertEqual(g.show("cat:b")["title"], "Jeu b")     # what was read before stays

    def test_a_page(self):
        server = self.csw([iso(f"{n}") for n in range(9)])
        g = self.harvester(server, max_records=3, attempts=1)
        self.assertCounts(g.harvest(), added=9)
        server.say('startPosition="4"', b"<csw:GetRecordsResponse><unclosed>", times=10)
        run = g.harvest(code=None)
        self.assertEqual((run["unchanged"], run["missing"], run["removed"]), (6, 0, 0), run)
        self.assertTrue(any("XML" in e["message"] for e in run["errors"]), run)

    def test_exceptions_and_what_is_no_answer(self):
        for answer, said in ((exception("NoApplicableCode", "", "base de données arrêtée"), "base de données arrêtée"),
                             (HTML, "DOCTYPE"), (b"", "XML"),
                             (b'<csw:Capabilities xmlns:csw="http://www.opengis.net/cat/csw/2.0.2"/>', "Capabilities")):
            with self.subTest(said):
                server = self.csw([iso("a")])
                g = self.harvester(server, attempts=1)
                g.harvest()
                server.say("GetRecords", answer, times=100)
                run = g.harvest(code=FAILED)
                self.assertEqual(run["state"], "failed", run)
                self.assertIn(said, run["errors"][0]["message"])
                self.assertEqual(run["missing"], 0)


class Records(Catalogue):
    def test_datasets_series_and_services(self):
        operates = '<srv:serviceType><gco:LocalName xmlns:gco="http://www.isotc211.org/2005/gco">view</gco:LocalName></srv:serviceType>' \
                   '<srv:containsOperations><srv:SV_OperationMetadata><srv:operationName>' + text("GetCapabilities") + \
                   '</srv:operationName><srv:connectPoint><gmd:CI_OnlineResource><gmd:linkage><gmd:URL>https://h.fr/wms</gmd:URL></gmd:linkage>' \
                   '</gmd:CI_OnlineResource></srv:connectPoint></srv:SV_OperationMetadata></srv:containsOperations><srv:operatesOn uuidref="a"/>'
        server = self.csw([iso("a"), iso("b", level="series"), iso("c", "Service", level="service", inside=operates)])
        g = self.harvester(server)
        self.assertCounts(g.harvest(), added=3)
        service = g.show("cat:dataservice.c")
        self.assertEqual((service["kind"], service["endpoint_url"], service["relations"]["serves_dataset"]),
                         ("dataservice", "https://h.fr/wms", ["cat:a"]))
        self.assertEqual(g.show("cat:b")["kind"], "dataset")
        self.assertIn("GetRecordById", g.show("cat:a")["provenance"]["remote_url"])
        g.configure(source(server, type="csw", url=server.url, rate=0, kinds=["dataservice"]))
        self.assertEqual(g.harvest()["unchanged"], 1)

    def test_dublin_core_and_rdf(self):
        record = '<csw:Record xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier>d</dc:identifier><dc:title>Notice</dc:title></csw:Record>'
        rdf = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#" ' \
              'xmlns:dct="http://purl.org/dc/terms/"><dcat:Dataset rdf:about="https://h.fr/id/7"><dct:title>Bruit &amp; silence</dct:title>' \
              '<dct:identifier>sept</dct:identifier></dcat:Dataset></rdf:RDF>'
        server = self.csw([("d", record), ("e", rdf)])
        g = self.harvester(server, schema="dcat")
        self.assertCounts(g.harvest(), added=2)
        self.assertIn('outputSchema="http://www.w3.org/ns/dcat#"', server.asked[0][1])
        self.assertEqual(g.show("cat:d")["title"], "Notice")
        self.assertEqual([g.show(i)["title"] for i in g.found("silence")], ["Bruit & silence"])
        self.assertCounts(g.harvest(), unchanged=2)

    def test_files(self):
        server = self.csw([])
        g = self.glaneur()
        folder = os.path.join(g.folder, "fiches")
        os.mkdir(folder)
        for name, content in {"a.xml": iso("a")[1], "b.xml": "<all>" + iso("b")[1] + iso("c")[1] + "</all>", "d.xml": "<unclosed>",
                              "e.xml": server.answer({"id": "x"}, "").decode()}.items():
            with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
                f.write(content)
        g.configure(source(server, type="csw", url=folder))
        run = g.harvest(code=None)
        self.assertEqual(run["added"], 3, run)
        self.assertErrors(run, (None, "parse", "not XML"), (None, "parse", "<GetRecordByIdResponse>"), (None, "incomplete", "2 of its pages"))
        g.configure(source(server, type="csw", url=os.path.join(folder, "a.xml")))
        self.assertEqual(g.harvest(code=None)["unchanged"], 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
