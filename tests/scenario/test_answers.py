#!/usr/bin/env python3
"""Answers that are kept in memory: who gets one, and when it goes; the tags of answers. Run: python3 tests/scenario/test_answers.py"""
import gzip, json, os, signal, socket, unittest

from glaneur import Glaneur, Scenario, Udata, record, rid, small, source, wait_until

SEARCH = "/api/v1/search?q=titre&facets=kind,license"
PATHS = (SEARCH, "/api/v1/facets/license?q=titre", "/?q=titre", "/", "/valeurs/license?q=titre", "/style.css")


class Answers(Scenario):
    def found(self):
        return self.daemon.metrics()["glaneur_answers_found_total"]

    def kept(self, path, **headers):
        """The answer, and whether it was kept."""
        before = self.found()
        answer = self.daemon.get(path, **headers)
        return answer, self.found() > before

    def harvest(self):
        run = self.daemon.wait_run(self.daemon.start_run().json["run"])
        self.assertEqual(run["state"], "done")

    def raw(self, request):
        """What is received, until the end."""
        host, port = self.daemon.public.split(":")
        with socket.create_connection((host, int(port)), timeout=10) as s:
            s.sendall(request.encode())
            received = b""
            while chunk := s.recv(65536):
                received += chunk
        return received


class Standing(Answers):
    """A catalogue that stays as it is: one daemon for all tests of a class, which keeps nothing when a test begins."""

    @classmethod
    def setUpClass(cls):
        cls.server = Udata(small(30))
        cls.addClassCleanup(cls.server.close)
        cls.g = Glaneur(source(cls.server, kinds=["dataset"]))
        cls.addClassCleanup(cls.close)
        cls.g.harvest()
        cls.daemon = cls.g.serve()

    @classmethod
    def close(cls):
        said = cls.g.close()
        assert not said, said

    def setUp(self):
        self.daemon.signal(signal.SIGHUP)       # what was kept goes
        said = 'event="configuration loaded again"'
        self.__class__.reloads = getattr(self, "reloads", 0) + 1
        wait_until(lambda: self.daemon.stderr.count(said) == self.reloads, what=said)


class Who(Standing):
    def test_the_same_request_gets_the_same_bytes(self):
        for path in PATHS:
            with self.subTest(path):
                first, was_kept = self.kept(path)
                self.assertEqual((first.status, was_kept), (200, False))
                again, was_kept = self.kept(path)
                self.assertTrue(was_kept)
                self.assertEqual(again.body, first.body)
                # Everything of the first, but for what belongs to one request.
                own = ("date", "x-request-id")
                headers = [sorted((k.lower(), v) for k, v in a.headers.items() if k.lower() not in own) for a in (first, again)]
                self.assertEqual(headers[1], headers[0])
                self.assertNotEqual(again.headers["X-Request-Id"], first.headers["X-Request-Id"])
                self.assertEqual(self.daemon.get(path, X_Request_Id="mine").headers["X-Request-Id"], "mine")

    def test_another_request_does_not(self):
        self.daemon.get(SEARCH)
        for other in ("/api/v1/search?q=titre", SEARCH + "&page=2", SEARCH + "&page_size=2", SEARCH + "&kind=dataset", SEARCH + "&sort=title",
                      SEARCH.replace("titre", "Titre"), SEARCH.replace("license", "format"), SEARCH + "&", "/?q=titre"):
            with self.subTest(other):
                answer, was_kept = self.kept(other)
                self.assertEqual((answer.status, was_kept), (200, False))
        page = json.loads(self.daemon.get(SEARCH + "&page=2").body)
        self.assertEqual((page["page"], len(page["data"])), (2, 10))
        self.assertEqual(len(json.loads(self.daemon.get(SEARCH + "&page_size=2").body)["data"]), 2)

    def test_only_what_was_found_is_kept(self):
        self.daemon.get(SEARCH)
        before = self.daemon.metrics()["glaneur_answers_kept"]
        for path, status in ((SEARCH + "&sort=no", 400), (SEARCH + "&nothing=1", 400), ("/?sort=no", 400), ("/?q=titre&page=9", 302),
                             ("/valeurs/nothing", 404), (SEARCH + "&explain=1", 200)):
            for _ in range(2):
                answer, was_kept = self.kept(path)
                self.assertEqual((answer.status, was_kept), (status, False), path)
        self.assertEqual(self.daemon.metrics()["glaneur_answers_kept"], before)

    def test_head(self):
        get = self.daemon.get(SEARCH)
        before = self.found()
        head = self.daemon.ask("HEAD", SEARCH)
        self.assertEqual((head.status, head.body, head.headers["Content-Length"]), (200, b"", str(len(get.body))))
        self.assertEqual(self.found(), before + 1)
        # What HEAD made is whole for GET.
        other = SEARCH + "&page=2"
        self.daemon.ask("HEAD", other)
        answer, was_kept = self.kept(other)
        self.assertTrue(was_kept)
        self.assertEqual(json.loads(answer.body)["page"], 2)

    def test_codings(self):
        """Each client gets the coding that it takes, in whatever order they come."""
        for path in PATHS:
            self.assertEqual(self.daemon.get(path, Accept_Encoding="gzip, zstd").headers["Content-Encoding"] in ("zstd", None), True)
            for order in ((None, "gzip"), ("gzip", None)):
                for accepted in order * 2:
                    with self.subTest(path, accepted=accepted):
                        answer = self.daemon.get(path, **({"Accept_Encoding": accepted} if accepted else {}))
                        packed = answer.headers["Content-Encoding"] == "gzip"
                        self.assertEqual(answer.headers["Vary"], "Accept-Encoding")
                        body = gzip.decompress(answer.body) if packed else answer.body
                        self.assertFalse(packed and not accepted)
                        self.assertTrue(packed or not accepted or len(body) < 1024)
                        self.assertEqual(body[:1], b"<" if path.startswith(("/?", "/v")) or path == "/" else body[:1])
        answer, was_kept = self.kept(SEARCH, Accept_Encoding="gzip;q=0, *")
        self.assertTrue(was_kept)
        self.assertIsNone(answer.headers["Content-Encoding"])

    def test_hosts(self):
        """Addresses in an answer are those that it was asked under: no Host decides what another one is told."""
        for host in ("one.example", "two.example:81", "one.example", "two.example:81"):
            answer = self.daemon.get(SEARCH + "&page_size=2", Host=host)
            self.assertTrue(answer.json["next_page"].startswith(f"http://{host}/api/v1/search?"), answer.json["next_page"])
            self.assertIn(f"<http://{host}/", answer.headers["Link"])
        # Nor does what else a request says.
        plain = self.daemon.get("/?q=titre").body
        for name, value in (("Accept", "application/json"), ("Accept_Language", "en"), ("X_Forwarded_Host", "evil.example"),
                            ("X_Forwarded_Proto", "https"), ("Cookie", "a=b"), ("Origin", "https://evil.example"), ("Forwarded", "host=evil")):
            answer = self.daemon.get("/?q=titre&sort=title", **{name: value})
            self.assertNotIn(b"evil", answer.body)
            self.assertEqual(self.daemon.get("/?q=titre&sort=title").body, answer.body)
            self.assertEqual(self.daemon.get("/?q=titre", **{name: value}).body, plain)

    def test_cors_and_close_belong_to_the_request(self):
        self.daemon.get(SEARCH)
        received = self.raw(f"GET {SEARCH} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        self.assertIn(b"connection: close", received.lower())
        self.assertNotIn("connection", {k.lower() for k, v in self.daemon.get(SEARCH).headers.items() if v == "close"})
        self.assertEqual(self.daemon.get(SEARCH).headers["Access-Control-Allow-Origin"], "*")
        self.assertIsNone(self.daemon.get(SEARCH, admin=True).headers["Access-Control-Allow-Origin"])
        self.assertIsNone(self.daemon.get(SEARCH, admin=True).headers["Access-Control-Allow-Origin"])

    def test_many_at_once_on_one_connection(self):
        self.daemon.get(SEARCH)
        wanted = len(self.daemon.get(SEARCH).body)
        host = self.daemon.public
        one = f"GET {SEARCH} HTTP/1.1\r\nHost: {host}\r\n"
        received = self.raw((one + "\r\n") * 20 + one + "Connection: close\r\n\r\n")
        self.assertEqual(received.count(b"HTTP/1.1 200 OK"), 21)
        self.assertGreater(len(received), 21 * wanted)

    def test_memory_is_bounded(self):
        for n in range(300):
            self.daemon.get(f"/api/v1/search?q=titre&page_size={1 + n % 30}&page={1 + n // 30}")
        metrics = self.daemon.metrics()
        self.assertLessEqual(metrics["glaneur_answers_kept_bytes"], 24 * 1024 * 1024)
        self.assertLessEqual(metrics["glaneur_results_kept_bytes"], 32 * 1024 * 1024)
        self.assertGreater(metrics["glaneur_results_found_total"], 0)


class When(Answers):
    def setUp(self):
        self.server = self.catalogue(small(30))
        self.g = self.glaneur(self.server, kinds=["dataset"])
        self.g.harvest()
        self.daemon = self.g.serve()

    def test_the_index_moves(self):
        before = {path: self.daemon.get(path) for path in PATHS[:3]}
        self.server.change("datasets", record("datasets", 1)["id"], title="Titre de la boussole")
        self.harvest()
        for path, old in before.items():
            with self.subTest(path):
                answer, was_kept = self.kept(path)
                self.assertFalse(was_kept)
                self.assertNotEqual(answer.headers["ETag"], old.headers["ETag"])
                self.assertEqual(self.daemon.get(path, If_None_Match=old.headers["ETag"]).status, 200)
        titles = [r["title"] for r in self.daemon.search("boussole")["data"]]
        self.assertEqual(titles, ["Titre de la boussole"])
        # Each time, at once.
        for n in range(5):
            self.daemon.search("boussole")
            self.server.change("datasets", record("datasets", 1)["id"], title=f"La boussole {n}")
            self.harvest()
            self.assertEqual([r["title"] for r in self.daemon.search("boussole")["data"]], [f"La boussole {n}"])
            self.assertIn(f"La boussole {n}", self.daemon.get("/?q=boussole").text.replace("<mark>", "").replace("</mark>", ""))

    def test_figures_move(self):
        """Numbers of a result are those of the last harvest, though its text is the same."""
        one = record("datasets", 1)["id"]
        views = lambda: {r["id"]: r["popularity"].get("views") for r in self.daemon.search("titre", page_size=50)["data"]}[rid("datasets", 1)]
        views()
        for n in (77, 78):
            self.server.change("datasets", one, metrics={"views": n})
            self.harvest()
            self.assertEqual(views(), n)

    def test_a_rebuild(self):
        self.daemon.get(SEARCH)
        generation = self.daemon.metrics()["glaneur_index_generation"]
        self.daemon.post("/api/v1/index/rebuild")
        wait_until(lambda: self.daemon.metrics()["glaneur_index_generation"] > generation, what="the rebuild")
        answer, was_kept = self.kept(SEARCH)
        self.assertFalse(was_kept)
        self.assertEqual(answer.json["total"], 30)

    def test_the_rules_move(self):
        folder = os.path.join(self.g.folder, "share", "config")
        os.makedirs(folder)
        self.daemon.stop()
        self.g.write(self.g.read().replace('data: "data"', 'data: "data"\nshare: "share"'))
        daemon = self.daemon = self.g.serve()
        path = "/api/v1/search?q=boussole"
        first = daemon.get(path)
        self.assertEqual((first.json["total"], self.kept(path)[1]), (0, True))
        with open(os.path.join(folder, "synonyms.txt"), "w") as f:
            f.write("boussole, titre\n")
        said = 'event="configuration loaded again"'
        count = daemon.stderr.count(said)
        daemon.signal(signal.SIGHUP)
        wait_until(lambda: daemon.stderr.count(said) > count, what=said)
        answer = daemon.get(path, If_None_Match=first.headers["ETag"])      # the index is the same
        self.assertEqual((answer.status, answer.json["total"]), (200, 30))

    def test_another_process(self):
        """Its rules may be others though its index is the same: an old tag is not its own."""
        tags = [self.daemon.get(path).headers["ETag"] for path in (SEARCH, "/?q=titre")]
        self.daemon.stop()
        self.daemon = self.g.serve()
        for path, tag in zip((SEARCH, "/?q=titre"), tags):
            self.assertEqual(self.daemon.get(path, If_None_Match=tag).status, 200)


class First(Answers):
    def test_nobody_waits_for_what_is_loaded_at_first(self):
        server = self.catalogue(small(30))
        self.g = self.glaneur(server, kinds=["dataset"])
        self.g.harvest()
        daemon = self.daemon = self.g.serve()
        read = lambda: daemon.metrics()["glaneur_results_read_total"]
        wait_until(lambda: read() > 0, what="a search of its own")          # at the start, asked by nobody
        before = read()
        for n in range(30):
            server.change("datasets", record("datasets", n)["id"], title=f"Titre de la boussole {n}")
        daemon.wait_run(daemon.start_run().json["run"])
        wait_until(lambda: read() > before, what="a search of its own")     # and when the index moved
        metrics = daemon.metrics()
        self.assertEqual((metrics["glaneur_search_duration_seconds_count"], metrics["glaneur_answers_kept"]), (0, 0))
        self.assertEqual(daemon.get("/api/v1/queries", admin=True).json["data"], [])


class Tags(Standing):
    def test_not_modified(self):
        for path in PATHS:
            with self.subTest(path):
                first = self.daemon.get(path)
                tag = first.headers["ETag"]
                for headers in ({"If_None_Match": tag}, {"If_None_Match": '"x", ' + tag}, {"If_None_Match": "*"},
                                {"If_None_Match": tag, "Accept_Encoding": "gzip"}, {"If_None_Match": tag.removeprefix("W/")}):
                    before = self.found()
                    for _ in range(2):
                        answer = self.daemon.get(path, **headers)
                        self.assertEqual((answer.status, answer.body, answer.headers["ETag"]), (304, b"", tag))
                        # What the 200 says (RFC 9110 15.4.5).
                        for name in ("Cache-Control", "Vary", "Link"):
                            self.assertEqual(answer.headers[name], first.headers[name], name)
                    self.assertGreater(self.found(), before)
                self.assertEqual(self.daemon.get(path, If_None_Match='"other"').body, first.body)
                self.assertEqual(self.daemon.ask("HEAD", path, If_None_Match=tag).status, 304)

    def test_a_304_that_comes_first_keeps_the_whole(self):
        tag = self.daemon.get(SEARCH).headers["ETag"]
        other = SEARCH + "&page=2"
        wanted = self.daemon.get(other, If_None_Match="*")
        self.assertEqual((wanted.status, wanted.body), (304, b""))
        answer, was_kept = self.kept(other)
        self.assertEqual((answer.status, was_kept, answer.json["page"]), (200, True, 2))
        self.assertNotEqual(answer.headers["ETag"], tag)


class Told(Standing):
    def counts(self):
        return {row["query"]: row["count"] for row in self.daemon.get("/api/v1/queries", admin=True).json["data"]}

    def test_the_log_of_queries_and_the_metrics(self):
        found = self.found()
        for _ in range(4):
            self.daemon.get("/api/v1/search?q=zzqxw")
            self.daemon.get("/?q=zzqxw")
            self.daemon.get("/api/v1/search?q=zzqxw&page=2")
            self.daemon.get("/api/v1/search?q=zzqxw&kind=dataset")
            self.daemon.get("/api/v1/search?q=titre+zzqxw")
            self.daemon.get("/api/v1/search?q=titre")
        self.assertEqual(self.found() - found, 18)
        wait_until(lambda: self.counts().get("zzqxw") == 8 and self.counts().get("titre zzqxw") == 4, what="the log")
        self.assertEqual(set(self.counts()), {"zzqxw", "titre zzqxw"})
        metrics = self.daemon.metrics()
        self.assertEqual(metrics["glaneur_search_duration_seconds_count"], 24)
        self.assertEqual(metrics["glaneur_search_nothing_total"], 16)
        self.assertEqual(metrics["glaneur_search_relaxed_total"], 4)
        self.assertEqual(metrics['glaneur_http_requests_total{route="search",code="200"}'], 20)
        # Also what the client has already.
        tag = self.daemon.get("/api/v1/search?q=zzqxw").headers["ETag"]
        for _ in range(3):
            self.assertEqual(self.daemon.get("/api/v1/search?q=zzqxw", If_None_Match=tag).status, 304)
        wait_until(lambda: self.counts().get("zzqxw") == 12, what="the log")


if __name__ == "__main__":
    unittest.main(verbosity=1)
