#!/usr/bin/env python3
"""The public API, over HTTP, on the sample catalogue: every parameter, paging, facets, errors. Run: python3 tests/scenario/test_api.py"""
import gzip, json, unittest
from urllib.parse import quote, urlencode

from glaneur import SAMPLE, Glaneur, Scenario, Udata, record, rid, small, source

FACETS = ("kind source publisher publisher_kind license format format_family access theme keyword territory schema badge granularity "
          "frequency status").split()
KINDS = ("dataset", "dataservice", "reuse")         # what a search shows that names no kind


class Api(Scenario):
    """One daemon on the sample catalogue, for all tests of a class."""

    @classmethod
    def setUpClass(cls):
        cls.server = Udata(SAMPLE)
        cls.addClassCleanup(cls.server.close)
        cls.g = Glaneur(source(cls.server))
        cls.addClassCleanup(cls.close)
        cls.g.harvest()
        cls.daemon = cls.g.serve()
        cls.records = {}
        for kind in KINDS:
            for page in (1, 2):
                for hit in cls.daemon.search(kind=kind, page=page, page_size=100)["data"]:
                    cls.records[hit["id"]] = cls.daemon.record(hit["id"])

    @classmethod
    def close(cls):
        said = cls.g.close()
        if said:
            raise AssertionError(f"a sanitizer has spoken: {said}")

    def search(self, query="", status=200, **headers):
        answer = self.daemon.get("/api/v1/search?" + query, **headers)
        self.assertEqual(answer.status, status, answer.text)
        return answer

    def found(self, query):
        """The ids of all results, in order."""
        ids, page = [], 1
        while page:
            answer = self.search(f"{query}&page_size=100&page={page}").json
            ids += [r["id"] for r in answer["data"]]
            page = page + 1 if answer["next_page"] else None
        self.assertEqual(len(ids), answer["total"])
        self.assertEqual(len(set(ids)), len(ids))
        return ids

    def problem(self, answer, status, slug, parameter=None, says=""):
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (status, "application/problem+json"), answer.text)
        p = answer.json
        self.assertEqual((p["status"], p["type"].rsplit("/", 1)[1]), (status, slug))
        self.assertTrue(p["title"])
        self.assertIn(says, p["detail"])
        if parameter:
            self.assertEqual([e["parameter"] for e in p["errors"]], [parameter])


class Filters(Api):
    def values(self, facet, r):
        """What a record says of a facet."""
        one = {"kind": r["kind"], "source": r["provenance"]["source"], "publisher": r["publisher"]["id"],
               "publisher_kind": r["publisher"]["kind"], "license": r["license"]["id"] if r["license"] else None, "access": r["access"],
               "granularity": r["spatial"]["granularity"], "frequency": r["frequency"], "status": r["status"]}
        files = [d for d in r["distributions"] if d["type"] != "documentation"]       # which is no format of the data
        many = {"format": {d["format"] for d in files}, "format_family": {d["format_family"] for d in files},
                "theme": r["themes"], "keyword": r["keywords"], "schema": r["conforms_to"], "badge": r["badges"]}
        return {v for v in (many[facet] if facet in many else [one[facet]]) if v}

    def test_each_filter_and_its_facet(self):
        facets = self.search("facets=" + ",".join(FACETS)).json["facets"]
        self.assertEqual(list(facets), FACETS)
        for facet in FACETS:
            with self.subTest(facet):
                values = facets[facet]
                self.assertLessEqual(len(values), 20)
                counts = [v["count"] for v in values]
                self.assertEqual(counts, sorted(counts, reverse=True))
                self.assertTrue(values and all(v["label"] for v in values), values)
                for value in values[:4] + values[-1:]:
                    total = self.search(urlencode({facet: value["value"], "page_size": 1})).json["total"]
                    if facet == "territory":    # as a filter it keeps what is around the zone and inside it, too
                        self.assertGreaterEqual(total, value["count"], value)
                    else:
                        self.assertEqual(total, value["count"], value)
                if facet == "territory":        # it is more than what a record says of itself
                    continue
                truth = {}
                for r in self.records.values():
                    for v in self.values(facet, r):
                        truth[v] = truth.get(v, 0) + 1
                self.assertEqual({v["value"]: v["count"] for v in values}, {v["value"]: truth.get(v["value"]) for v in values})
                self.assertEqual(counts, sorted(truth.values(), reverse=True)[:20])

    def test_or_within_and_between(self):
        total = lambda query: self.search(query + "&page_size=1").json["total"]
        self.assertEqual(total("kind=dataset&kind=reuse"), total("kind=dataset") + total("kind=reuse"))
        self.assertEqual(total("kind=organization"), 43)
        wanted = [i for i, r in self.records.items() if r["kind"] == "dataset" and (r["license"] or {}).get("id") == "ODbL-1.0"
                  and {"csv", "geojson"} & {d["format"] for d in r["distributions"]}]
        self.assertEqual(sorted(self.found("kind=dataset&license=ODbL-1.0&format=csv&format=geojson")), sorted(wanted))
        self.assertEqual(total("kind=nothing"), 0)
        self.assertEqual(total("license=" + quote("no such licence")), 0)

    def test_facets_are_disjunctive_and_exact(self):
        plain = {v["value"]: v["count"] for v in self.search("facets=kind").json["facets"]["kind"]}
        filtered = self.search("kind=dataset&facets=kind,license").json
        own = {v["value"]: v["count"] for v in filtered["facets"]["kind"]}      # counted without its own filter
        self.assertEqual({kind: own[kind] for kind in KINDS}, plain)
        self.assertEqual(filtered["total"], plain["dataset"])
        licences = {v["value"]: v["count"] for v in filtered["facets"]["license"]}
        for licence, count in licences.items():
            self.assertEqual(sum(r["kind"] == "dataset" and (r["license"] or {}).get("id") == licence for r in self.records.values()), count)
        both = self.search("license=ODbL-1.0&kind=dataset&facets=kind,license").json["facets"]
        self.assertEqual({v["value"]: v["count"] for v in both["license"]}, licences)
        self.assertEqual(self.search("q=eau").json["facets"], {})
        self.assertEqual(self.search("q=eau&facets=").json["facets"], {})

    def test_territory(self):
        """A zone, what contains it, what is inside it: the nearest scale first."""
        commune, around = "fr:commune:35238", ["fr:epci:243500139", "fr:arrondissement:353", "fr:departement:35", "fr:region:53",
                                               "country-subset:fr:metro", "country:fr", "country-group:ue", "country-group:world"]
        rennes = self.found("territory=" + commune)
        self.assertEqual(self.found("territory=35238"), rennes)
        zones = {i: r["spatial"]["zones"] for i, r in self.records.items() if r["kind"] != "organization"}
        of_commune = [i for i in zones if commune in zones[i]]
        self.assertTrue(of_commune)
        self.assertLessEqual(set(of_commune), set(rennes))
        self.assertLessEqual({i for i in zones if set(zones[i]) & set(around)}, set(rennes))
        for i in rennes:        # one without a zone has what its title or its publisher names
            self.assertTrue(not zones[i] or set(zones[i]) & {commune, *around} or any(z.startswith("fr:iris:35238") for z in zones[i]), zones[i])
        scales = [min((around.index(z) for z in zones[i] if z in around), default=None) for i in rennes]
        scales = [-1 if commune in zones[i] else scale for i, scale in zip(rennes, scales)]
        known = [scale for scale in scales if scale is not None]
        self.assertEqual(known[:len(of_commune)], [-1] * len(of_commune))
        # What is inside a région is found by it, and what is of another commune is not found by this one.
        self.assertLessEqual(set(of_commune), set(self.found("territory=fr:region:53")))
        self.assertLessEqual(set(of_commune), set(self.found("territory=35")))
        elsewhere = {i for i in zones if zones[i] and all(z.startswith("fr:commune:") and z != commune for z in zones[i])}
        self.assertTrue(elsewhere)
        self.assertFalse(elsewhere & set(rennes))

    def test_since_and_quality(self):
        dates = sorted(r["modified"] for r in self.records.values() if r["modified"])
        since = dates[len(dates) // 2][:10]
        self.assertEqual(sorted(self.found("modified_since=" + since)),
                         sorted(i for i, r in self.records.items() if r["modified"] and r["modified"][:10] >= since))
        good = [i for i, r in self.records.items() if (r["quality"] or {}).get("score") is not None and r["quality"]["score"] >= 0.7]
        self.assertTrue(0 < len(good) < len(self.records))
        self.assertEqual(sorted(self.found("min_quality=0.7")), sorted(good))

    def test_sort(self):
        def keys(sort, of):
            return [of(self.records[i]) for i in self.found("sort=" + sort)]
        for sort, of in (("modified", lambda r: r["modified"] or ""), ("issued", lambda r: r["issued"] or ""),
                         ("views", lambda r: max(r["popularity"]["views"] or 0, 0))):
            with self.subTest(sort):
                values = keys(sort, of)
                self.assertEqual(values, sorted(values, reverse=True))
                self.assertEqual(len(values), len(self.records))
        titles = keys("title", lambda r: r["title"])
        self.assertEqual([t[0].upper() for t in titles if t[0].isascii() and t[0].isalpha()],
                         sorted(t[0].upper() for t in titles if t[0].isascii() and t[0].isalpha()))
        self.assertEqual(self.found("q=eau&sort=relevance"), self.found("q=eau"))


class Words(Api):
    def test_accents_case_and_elision(self):
        expected = self.found("q=velo")
        self.assertTrue(expected)
        for form in ("vélo", "VÉLO", "Velo"):
            self.assertEqual(self.found("q=" + quote(form)), expected, form)
        self.assertEqual(sorted(self.found("q=communes")), sorted(self.found("q=commune")))
        self.assertEqual(sorted(self.found("q=" + quote("l’eau"))), sorted(self.found("q=eau")))

    def test_relaxed_and_nothing(self):
        answer = self.search("q=velo+introuvablissime").json
        self.assertEqual((answer["strict_total"], answer["relaxed"]), (0, "some_words"))
        self.assertGreater(answer["total"], 0)
        strict = self.search("q=velo").json
        self.assertEqual((strict["relaxed"], strict["strict_total"]), (None, strict["total"]))
        nothing = self.search("q=xqzvwk+zzqqxx&facets=kind").json
        self.assertEqual((nothing["total"], nothing["data"], nothing["cursor"]), (0, [], None))

    def test_what_a_result_shows(self):
        hit = next(h for h in self.search("q=velo&page_size=50").json["data"] if "<mark>" in h["snippet"])
        whole = self.records[hit["id"]]
        for field in ("id", "kind", "title", "acronym", "keywords", "status", "modified", "issued", "frequency", "landing_page"):
            self.assertEqual(hit[field], whole[field], field)
        self.assertGreater(hit["score"], 0)
        explained = self.search("q=velo&explain=1").json["data"][0]
        self.assertTrue(explained["explain"])
        self.assertNotIn("explain", self.search("q=velo&explain=0").json["data"][0])

    def test_organizations_serve_as_publishers(self):
        self.assertNotIn("organization", {r["kind"] for r in self.search("q=geovelo").json["data"]})
        self.assertEqual([r["title"] for r in self.search("q=geovelo&kind=organization").json["data"]], ["Geovelo"])


class Paging(Api):
    def test_pages(self):
        whole = self.found("q=donnees")
        seen, path, previous = [], "/api/v1/search?q=donnees&page_size=7", None
        while path:
            answer = self.daemon.get(path)
            page = answer.json
            self.assertEqual(page["total"], len(whole))
            self.assertEqual(page["previous_page"], previous)
            seen += [r["id"] for r in page["data"]]
            link = answer.headers["Link"]
            if page["next_page"]:
                self.assertTrue(page["next_page"].startswith(f"http://{self.daemon.public}/api/v1/search?"))
                self.assertIn(f'<{page["next_page"]}>; rel="next"', link)
            self.assertEqual(page["cursor"] is None, page["next_page"] is None)
            number = page["page"]
            previous = f"http://{self.daemon.public}/api/v1/search?q=donnees&page_size=7&page={number}"
            path = page["next_page"] and page["next_page"].split(self.daemon.public)[1]
        self.assertEqual(seen, whole)

    def test_cursor(self):
        for query in ("q=donnees", "sort=title", "sort=modified&kind=dataset", "q=eau&sort=views"):
            with self.subTest(query):
                whole, seen, cursor, pages = self.found(query), [], "", 0
                while cursor is not None:
                    page = self.search(f"{query}&page_size=9&cursor={cursor}").json
                    seen += [r["id"] for r in page["data"]]
                    pages += 1
                    self.assertEqual((page["page"], page["total"]), (pages, len(whole)))
                    cursor = page["cursor"]
                self.assertEqual(seen, whole)
        cursor = self.search("q=donnees&page_size=5").json["cursor"]
        self.problem(self.search(f"q=eau&cursor={cursor}", 400), 400, "invalid-query", says="cursor")
        self.problem(self.search("q=eau&cursor=zzz", 400), 400, "invalid-query", says="cursor")

    def test_past_the_end(self):
        page = self.search("q=velo&page=400").json
        self.assertEqual((page["data"], page["next_page"]), ([], None))
        self.assertGreater(page["total"], 0)
        for number in (1000, 1001, 1000000):
            far = self.search(f"page={number}&page_size=100").json
            self.assertEqual((far["data"], far["next_page"], far["cursor"], far["total"]), ([], None, None, len(self.records)))
        self.assertEqual(len(self.search("page_size=100").json["data"]), 100)


class Errors(Api):
    def test_unknown_parameters(self):
        self.problem(self.search("licence=x", 400), 400, "unknown-parameter", "licence", 'did you mean "license"?')
        self.problem(self.search("q=x&pagesize=3", 400), 400, "unknown-parameter", "pagesize", "page_size")
        self.problem(self.search("nothing-like-it=3", 400), 400, "unknown-parameter", "nothing-like-it")
        some = quote(next(iter(self.records)), safe="")
        for path in (f"records/{some}?fields=id", f"records/{some}/history?limit=2", "sources?name=cat", "sources/cat/runs?limt=3"):
            answer = self.daemon.get("/api/v1/" + path)
            self.problem(answer, 400, "unknown-parameter", path.split("?")[1].split("=")[0])
        self.assertIn('"limit"', answer.json["detail"])

    def test_wrong_values(self):
        for query, parameter in (("page=0", "page"), ("page=x", "page"), ("page=-1", "page"), ("page_size=0", "page_size"),
                                 ("page_size=101", "page_size"), ("sort=best", "sort"), ("min_quality=2", "min_quality"),
                                 ("min_quality=nan", "min_quality"), ("modified_since=hier", "modified_since"), ("facets=kind,colour", "facets"),
                                 ("explain=yes", "explain"), ("&".join("kind=k%d" % n for n in range(51)), "kind")):
            with self.subTest(query[:40]):
                self.problem(self.search(query, 400), 400, "invalid-parameter", parameter)
        self.problem(self.search("q=" + "a" * 600, 400), 400, "invalid-query", says="512")

    def test_empty_is_absent(self):
        empty = "&".join(name + "=" for name in FACETS + ["q", "modified_since", "min_quality", "sort", "page", "page_size", "cursor", "explain"])
        self.assertEqual(self.search(empty).json["total"], len(self.records))

    def test_strange_queries(self):
        for q in ("AND", "NOT", "(", '"', '"eau', "eau OR", "-", "*", "a*", "+", "~", "eau NEAR sol", "title:eau", "\u0000x"[1:], "🚲", "é" * 200,
                  "%", "<script>", "'; DROP TABLE records; --", "\t\n", "eau " * 30, "a" * 512):
            with self.subTest(q[:20]):
                answer = self.daemon.get("/api/v1/search?q=" + quote(q))
                self.assertEqual(answer.status, 200, answer.text)
                self.assertGreaterEqual(answer.json["total"], 0)
        self.problem(self.search("q=" + "eau+" * 100, 400), 400, "invalid-query", says="32 words")
        for raw in ("q=%00", "q=%ff"):
            self.assertEqual(self.daemon.get("/api/v1/search?" + raw).status, 400, raw)

    def test_paths(self):
        self.problem(self.daemon.get("/api/v1/records/cat%3Anobody"), 404, "not-found", says="cat:nobody")
        self.problem(self.daemon.get("/api/v1/records/cat%3Anobody/history"), 404, "not-found")
        self.problem(self.daemon.get("/api/v1/nothing"), 404, "not-found")
        self.problem(self.daemon.get("/api/v1/sources/other/runs"), 404, "not-found", says="other")
        self.problem(self.daemon.get("/api/v1/records/%ff"), 400, "bad-request")
        answer = self.daemon.ask("POST", "/api/v1/search")
        self.problem(answer, 405, "method-not-allowed")
        self.assertEqual(answer.headers["Allow"], "GET, HEAD, OPTIONS")


class Http(Api):
    PATHS = ("/api/v1/search?q=eau&facets=kind", "/api/v1/sources", "/api/v1/sources/cat/runs")

    def paths(self):
        some = quote(next(iter(self.records)), safe="")
        return self.PATHS + (f"/api/v1/records/{some}", f"/api/v1/records/{some}/history")

    def test_head_gzip_and_cors(self):
        for path in self.paths():
            with self.subTest(path):
                plain = self.daemon.get(path)
                self.assertEqual((plain.status, plain.headers["Content-Type"]), (200, "application/json"))
                self.assertEqual(plain.headers["Access-Control-Allow-Origin"], "*")
                self.assertEqual(plain.headers["X-Content-Type-Options"], "nosniff")
                head = self.daemon.ask("HEAD", path)
                self.assertEqual((head.status, head.body, head.headers["Content-Type"]), (200, b"", "application/json"))
                packed = self.daemon.get(path, Accept_Encoding="gzip")
                body = gzip.decompress(packed.body) if packed.headers["Content-Encoding"] == "gzip" else packed.body
                self.assertEqual(self.without_time(body), self.without_time(plain.body))
                self.assertIn("Accept-Encoding", packed.headers["Vary"])
        big = self.daemon.get(self.PATHS[0], Accept_Encoding="gzip")
        self.assertEqual(big.headers["Content-Encoding"], "gzip")
        preflight = self.daemon.ask("OPTIONS", self.PATHS[0], Origin="https://other.example", Access_Control_Request_Method="GET")
        self.assertEqual((preflight.status, preflight.headers["Access-Control-Allow-Origin"]), (204, "*"))
        self.assertIn("GET", preflight.headers["Access-Control-Allow-Methods"])

    def without_time(self, body):
        return {k: v for k, v in json.loads(body).items() if k != "took_ms"}

    def test_etag(self):
        some = quote(next(iter(self.records)), safe="")
        for path in (self.PATHS[0], f"/api/v1/records/{some}"):
            with self.subTest(path):
                first = self.daemon.get(path)
                tag = first.headers["ETag"]
                again = self.daemon.get(path, If_None_Match=tag)
                self.assertEqual((again.status, again.body, again.headers["ETag"]), (304, b"", tag))
                self.assertEqual(self.daemon.ask("HEAD", path, If_None_Match=tag).status, 304)
                self.assertEqual(self.daemon.get(path, If_None_Match='"other", ' + tag).status, 304)
                self.assertEqual(self.daemon.get(path, If_None_Match='"other"').status, 200)
                self.assertIn("max-age=60", first.headers["Cache-Control"])
        self.assertNotEqual(self.daemon.get("/api/v1/search?q=sol").headers["ETag"], self.daemon.get("/api/v1/search?q=eau").headers["ETag"])

    def test_request_id(self):
        self.assertEqual(self.daemon.get("/healthz", X_Request_Id="abc-123").headers["X-Request-Id"], "abc-123")
        self.assertRegex(self.daemon.get("/healthz", X_Request_Id="a b").headers["X-Request-Id"], "^[0-9a-f]{16}$")

    def test_pages_answer(self):
        some = next(iter(self.records))
        for path in ("/", "/?q=eau", "/r/" + quote(some, safe=""), "/sources", "/about", "/accessibilite"):
            page = self.daemon.get(path, Accept="text/html")
            self.assertEqual((page.status, page.headers["Content-Type"]), (200, "text/html; charset=utf-8"), path)
            self.assertIn('<html lang="fr"', page.text)
        self.assertEqual(self.daemon.get("/r/cat%3Anobody", Accept="text/html").status, 404)


class Moving(Scenario):
    """What changes from one harvest to the next, and ids and texts that are odd."""

    def harvest(self):
        return self.daemon.wait_run(self.daemon.start_run().json["run"])

    def setUp(self):
        self.server = self.catalogue(small(6))
        self.g = self.glaneur(self.server, kinds=["dataset"])
        self.g.harvest()
        self.daemon = self.g.serve()

    def test_etags_move_with_what_they_tag(self):
        search, one = "/api/v1/search?q=titre", "/api/v1/records/" + rid("datasets", 1)
        tags = [self.daemon.get(p).headers["ETag"] for p in (search, one)]
        self.server.change("datasets", record("datasets", 1)["id"], title="Boussole")
        self.assertCounts(self.harvest(), updated=1, unchanged=5)
        for path, tag in zip((search, one), tags):
            answer = self.daemon.get(path, If_None_Match=tag)
            self.assertEqual(answer.status, 200)
            self.assertNotEqual(answer.headers["ETag"], tag)

    def test_history_and_removal(self):
        one = record("datasets", 1)["id"]
        path = "/api/v1/records/" + rid("datasets", 1)
        for n in range(25):
            self.server.change("datasets", one, title=f"Boussole {n}")
            self.assertCounts(self.harvest(), updated=1, unchanged=5)
        history = self.daemon.get(path + "/history").json
        self.assertEqual(history["id"], rid("datasets", 1))
        self.assertEqual([h["what"] for h in history["history"]], ["changed"] * 20)        # bounded
        self.assertEqual(history["history"][0]["changes"], [{"field": "title", "from": "Boussole 23", "to": "Boussole 24"}])
        seqs = [h["seq"] for h in history["history"]]
        self.assertEqual(seqs, sorted(seqs, reverse=True))
        self.server.delete("datasets", one)
        self.assertCounts(self.harvest(), unchanged=5, removed=1)
        gone = self.daemon.get(path)
        self.assertEqual((gone.status, gone.json["type"].rsplit("/", 1)[1]), (410, "gone"))
        self.assertEqual(self.daemon.get(path + "/history").json["history"][0]["what"], "removed")
        self.assertEqual(self.daemon.get("/r/" + rid("datasets", 1), Accept="text/html").status, 410)
        self.assertEqual(self.daemon.search("boussole")["total"], 0)

    def test_ids_with_slashes(self):
        for odd in ("dossier/fichier", "a/b/c", "a..b", "100%25"):
            self.server.add("datasets", record("datasets", 70, id=odd, title="Boussole"))
        run = self.harvest()
        self.assertEqual((run["added"], run["errored"]), (4, 0), run)
        for odd in ("dossier/fichier", "a/b/c", "a..b", "100%25"):
            identifier = "cat:" + odd
            answer = self.daemon.get("/api/v1/records/" + quote(identifier, safe=""))
            self.assertEqual((answer.status, answer.json.get("id")), (200, identifier), answer.text)
            self.assertEqual(self.daemon.get("/r/" + quote(identifier, safe=""), Accept="text/html").status, 200)
            self.assertEqual(self.g.show(identifier)["title"], "Boussole")
        self.assertEqual(self.daemon.get("/api/v1/records/cat:dossier/fichier").status, 404)
        self.server.delete("datasets", "a/b/c")     # no id of udata's: its address is not guessed
        self.assertCounts(self.harvest(), unchanged=9, missing=1)
        self.assertFalse([p for _, p, _ in self.server.requests if "a/b" in p])

    def test_texts_are_escaped(self):
        hostile = '</script><img src=x onerror=alert(1)> "boussole" & <mark>'
        self.server.change("datasets", record("datasets", 1)["id"], title=hostile, description=hostile + " boussole <b>gras</b>", tags=["<i>"])
        self.assertCounts(self.harvest(), updated=1, unchanged=5)
        hit = self.daemon.search("boussole")["data"][0]
        self.assertEqual(hit["id"], rid("datasets", 1))
        snippet = hit["snippet"].replace("<mark>", "").replace("</mark>", "")
        self.assertNotRegex(snippet, "[<>\"]")
        for path in ("/?q=boussole", "/r/" + rid("datasets", 1)):
            page = self.daemon.get(path, Accept="text/html").text
            self.assertNotIn("<img src=x", page)
            self.assertNotIn("</script><img", page)

    def test_runs_of_two_sources(self):
        other = self.catalogue(small(2))
        self.daemon.stop()
        self.g.configure(source(self.server, kinds=["dataset"]), source(other, "cat2", kinds=["dataset"]))
        self.daemon = self.g.serve()
        run = self.daemon.wait_run(self.daemon.start_run("cat2").json["run"], "cat2")
        self.assertEqual(run["run"], 2)
        self.assertEqual(self.daemon.get("/api/v1/sources/cat/runs?run=2").status, 404)       # it is of the other
        self.assertEqual(self.daemon.get("/api/v1/sources/cat2/runs?run=3").status, 404)
        self.harvest()
        runs = self.daemon.get("/api/v1/sources/cat/runs").json["runs"]
        self.assertEqual([r["run"] for r in runs], [3, 1])
        self.assertEqual([r["run"] for r in self.daemon.get("/api/v1/sources/cat/runs?limit=1").json["runs"]], [3])
        self.assertEqual(self.daemon.get("/api/v1/sources/cat/runs?limit=101").status, 400)
        self.assertEqual(self.daemon.search(source="cat2")["total"], 2)
        self.assertEqual(self.daemon.search(facets="source")["facets"]["source"],
                         [{"value": "cat", "label": "cat", "count": 6}, {"value": "cat2", "label": "cat2", "count": 2}])


if __name__ == "__main__":
    unittest.main()
