#!/usr/bin/env python3
"""Completion over HTTP, on the sample catalogue: what is answered, its parameters, caching, and that it follows the index.
Run: python3 tests/scenario/test_suggest.py"""
import unittest
from urllib.parse import quote

from glaneur import SAMPLE, Glaneur, Scenario, Udata, record, rid, small, source, wait_until


class Suggest(Scenario):
    @classmethod
    def setUpClass(cls):
        cls.server = Udata(SAMPLE)
        cls.addClassCleanup(cls.server.close)
        cls.g = Glaneur(source(cls.server))
        cls.addClassCleanup(cls.close)
        cls.g.harvest()
        cls.daemon = cls.g.serve()
        wait_until(lambda: cls.ask(cls, "a")["data"], what="the first suggestions")

    @classmethod
    def close(cls):
        said = cls.g.close()
        if said:
            raise AssertionError(f"a sanitizer has spoken: {said}")

    def ask(self, q, more=""):
        answer = self.daemon.get(f"/api/v1/suggest?q={quote(q)}{more}")
        if answer.status != 200:
            raise AssertionError(answer.text)
        return answer.json

    def texts(self, q, more=""):
        return [one["text"] for one in self.ask(q, more)["data"]]

    def test_a_record_is_found_as_it_is_typed(self):
        title = "Base officielle des codes postaux"
        for typed in ("base officielle des c", "codes postaux base", "code post", "OFFICIELLE", "codes postaux ofiicielle"):
            with self.subTest(typed):
                one = self.ask(typed)["data"][0]
                self.assertEqual((one["kind"], one["text"], one["count"]), ("dataset", title, 1))
                self.assertEqual(one["url"], f"http://{self.daemon.public}/r/{quote(one['id'], safe='')}")
                self.assertEqual(self.daemon.record(one["id"])["title"], title)
        self.assertEqual(self.ask("base off")["data"][0]["html"], "<mark>Base</mark> <mark>off</mark>icielle des codes postaux")

    def test_acronyms_come_first(self):
        self.assertEqual(self.texts("rna")[0], "Répertoire national des associations")
        self.assertEqual(self.texts("finess")[0], "Fichier FINESS des établissements sanitaires et sociaux")
        self.assertEqual(self.texts("mef", "&kind=organization"), ["Ministères économiques et financiers"])

    def test_kinds(self):
        one = self.ask("ministere de la sante", "&kind=organization")["data"][0]
        self.assertEqual(one["kind"], "organization")
        self.assertEqual(self.daemon.search(publisher=one["id"])["total"], one["count"])
        one = self.ask("cadastre", "&kind=keyword")["data"][0]
        self.assertEqual((one["text"], one["value"]), ("cadastre", "cadastre"))
        self.assertEqual(self.daemon.search(keyword="cadastre")["total"], one["count"])
        kinds = {one["kind"] for one in self.ask("a", "&kind=reuse&kind=dataservice&page_size=20")["data"]}
        self.assertEqual(kinds, {"reuse", "dataservice"})

    def test_nothing(self):
        for q in ("", " ", "?!", "xqzzvw", "base xqzzvw"):
            answer = self.ask(q)
            self.assertEqual((answer["q"], answer["data"]), (q, []))
        self.assertEqual(self.daemon.get("/api/v1/suggest").json["data"], [])
        self.assertEqual(self.daemon.get("/api/v1/suggest?q=" + "a+" * 2000).status, 200)

    def test_page_size(self):
        self.assertEqual(len(self.ask("a")["data"]), 10)
        self.assertEqual(len(self.ask("a", "&page_size=20")["data"]), 20)
        self.assertEqual(len(self.ask("a", "&page_size=1")["data"]), 1)

    def test_wrong_parameters(self):
        for query, slug, parameter in (("page_size=21", "invalid-parameter", "page_size"), ("kind=datasets", "invalid-parameter", "kind"),
                                       ("size=3", "unknown-parameter", "size")):
            answer = self.daemon.get("/api/v1/suggest?q=a&" + query)
            self.assertEqual(answer.status, 400)
            self.assertEqual(answer.json["type"].rsplit("/", 1)[1], slug)
            self.assertEqual([e["parameter"] for e in answer.json["errors"]], [parameter])

    def test_it_is_cached(self):
        answer = self.daemon.get("/api/v1/suggest?q=base")
        tag = answer.headers["ETag"]
        self.assertIn("max-age=60", answer.headers["Cache-Control"])
        again = self.daemon.get("/api/v1/suggest?q=base", **{"If-None-Match": tag})
        self.assertEqual((again.status, again.body), (304, b""))
        self.assertEqual(self.daemon.get("/api/v1/suggest?q=bas", **{"If-None-Match": tag}).status, 200)


class Following(Scenario):
    def test_what_a_harvest_brings_is_suggested(self):
        server = self.catalogue(small(3))
        g = self.glaneur(server)
        g.harvest()
        daemon = g.serve()
        self.assertEqual(daemon.get("/api/v1/suggest?q=nouveaute").json["data"], [])
        server.add("datasets", record("datasets", 77, title="Nouveauté absolue"))
        daemon.start_run()

        def suggested():
            return [one["id"] for one in daemon.get("/api/v1/suggest?q=nouveaute").json["data"]]
        wait_until(lambda: suggested() == [rid("datasets", 77)], seconds=120, what="the new title")


if __name__ == "__main__":
    unittest.main()
