#!/usr/bin/env python3
"""What the simulated udata server really answers, over HTTP. Run: python3 tests/scenario/test_udata_server.py"""
import gzip, http.client, json, os, re, socket, subprocess, sys, time, unittest, zlib
from urllib.parse import urlsplit

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True
from udata import SAMPLE, Udata, load, on_page, record

KINDS = ("datasets", "dataservices", "reuses", "organizations")


def ask(server, path, method="GET", **headers):
    """(status, headers, body) of one request on a connection of its own; redirects are not followed."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=20)
    try:
        connection.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def page(server, path):
    status, _, body = ask(server, path)
    assert status == 200, (status, body)
    return json.loads(body)


def datasets(count):
    return {"datasets": [record("datasets", n) for n in range(count)]}


class Paging(unittest.TestCase):
    def test_envelope_and_links(self):
        with Udata(datasets(45)) as server:
            first = page(server, "/api/1/datasets/?sort=created")
            self.assertEqual(list(first), ["data", "page", "page_size", "total", "next_page", "previous_page"])
            self.assertEqual((first["page"], first["page_size"], first["total"], len(first["data"])), (1, 20, 45, 20))
            self.assertEqual(first["next_page"], server.url + "/api/1/datasets/?sort=created&page=2&page_size=20")
            self.assertIsNone(first["previous_page"])
            seen, path = [], "/api/1/datasets/?sort=created&page_size=7"
            while path:
                answer = page(server, path)
                seen += [d["id"] for d in answer["data"]]
                path = answer["next_page"] and answer["next_page"].removeprefix(server.url)
            self.assertEqual(seen, [record("datasets", n)["id"] for n in range(45)])
            self.assertEqual(answer["previous_page"], server.url + "/api/1/datasets/?sort=created&page_size=7&page=6")

    def test_order(self):
        with Udata(datasets(3)) as server:
            ids = [record("datasets", n)["id"] for n in range(3)]
            for query, order in (("?sort=created", ids), ("?sort=-created", ids[::-1]), ("", ids[::-1])):
                self.assertEqual([d["id"] for d in page(server, "/api/1/datasets/" + query)["data"]], order)
            status, _, body = ask(server, "/api/1/datasets/?sort=views")
            self.assertEqual(status, 400)
            self.assertEqual(json.loads(body), {"errors": {"sort": "The value 'views' is not a valid choice for 'sort'."},
                                                "message": "Input payload validation failed"})

    def test_bounds(self):
        with Udata(datasets(20)) as server:
            self.assertEqual(ask(server, "/api/1/datasets/?page=2")[0], 404)
            self.assertEqual(ask(server, "/api/1/datasets/?page=2&page_size=10")[0], 200)
            for query in ("page=0", "page=-1", "page_size=0", "page=x", "page_size=1e3"):
                status, _, body = ask(server, "/api/1/datasets/?" + query)
                self.assertEqual((status, list(json.loads(body)["errors"])), (400, [query.split("=")[0]]))
            empty = page(server, "/api/1/reuses/")
            self.assertEqual((empty["data"], empty["total"], empty["next_page"]), ([], 0, None))
            for path in ("/", "/api/1/", "/api/1/topics/", "/api/2/reuses/", "/api/1/datasets"):
                self.assertEqual(ask(server, path)[0], 404)

    def test_resources_behind_links(self):
        kept = [{"id": str(n), "title": f"r{n}"} for n in range(60)]
        with Udata({"datasets": [record("datasets", 1, resources=kept, community_resources=kept[:1], schema={"name": "s"})]}) as server:
            whole = page(server, "/api/1/datasets/")["data"][0]
            self.assertEqual((whole["resources"], whole["schema"]), (kept, {"name": "s"}))
            listed = page(server, "/api/2/datasets/")["data"][0]
            self.assertEqual(listed["resources"], {"rel": "subsection", "type": "GET", "total": 60, "href":
                             f"{server.url}/api/2/datasets/{whole['id']}/resources/?page=1&page_size=50"})
            self.assertEqual(listed["community_resources"]["total"], 1)
            self.assertNotIn("schema", listed)
            self.assertEqual(page(server, f"/api/2/datasets/{whole['id']}/"), listed)
            first = page(server, listed["resources"]["href"].removeprefix(server.url))
            self.assertEqual((len(first["data"]), first["total"], first["page_size"]), (50, 60, 50))
            second = page(server, first["next_page"].removeprefix(server.url))
            self.assertEqual((first["data"] + second["data"], second["next_page"]), (kept, None))
            self.assertEqual(page(server, f"/api/2/datasets/{whole['id']}/resources/?page=9")["data"], [])
            self.assertEqual(page(server, listed["community_resources"]["href"].removeprefix(server.url))["data"], kept[:1])
            self.assertEqual(ask(server, "/api/2/datasets/none/resources/")[0], 404)

    def test_a_reuse_without_dataset_is_not_listed(self):
        with Udata({"reuses": [record("reuses", 1), record("reuses", 2, datasets=[])]}) as server:
            self.assertEqual([r["title"] for r in page(server, "/api/1/reuses/")["data"]], ["Titre 1"])
            self.assertEqual(ask(server, "/api/1/reuses/reuses-2/")[0], 200)


class Http(unittest.TestCase):
    def test_gzip_head_and_log(self):
        with Udata(datasets(30)) as server:
            status, headers, packed = ask(server, "/api/1/datasets/", Accept_Encoding="gzip", X_Fields="data{id}")
            self.assertEqual((status, headers["Content-Encoding"], headers["Content-Type"]), (200, "gzip", "application/json"))
            _, plain_headers, plain = ask(server, "/api/1/datasets/")
            self.assertIsNone(plain_headers["Content-Encoding"])
            self.assertEqual(gzip.decompress(packed), plain)
            status, headers, body = ask(server, "/api/1/datasets/", method="HEAD")
            self.assertEqual((status, int(headers["Content-Length"]), body), (200, len(plain), b""))
            self.assertIsNone(headers["ETag"])
            self.assertEqual([(m, p) for m, p, _ in server.requests],
                             [("GET", "/api/1/datasets/"), ("GET", "/api/1/datasets/"), ("HEAD", "/api/1/datasets/")])
            self.assertEqual(server.requests[0][2]["X-Fields"], "data{id}")

    def test_a_connection_is_kept_until_close(self):
        with Udata(datasets(1)) as server:
            connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=20)
            for _ in range(3):
                connection.request("GET", "/api/1/datasets/")
                self.assertEqual(connection.getresponse().read()[:8], b'{"data":')
            port = urlsplit(server.url).port
        with self.assertRaises((ConnectionError, http.client.HTTPException)):
            connection.request("GET", "/api/1/datasets/")
            connection.getresponse()
        connection.close()
        with Udata(port=port) as again:
            self.assertEqual(page(again, "/api/1/datasets/")["total"], 0)


class Life(unittest.TestCase):
    def test_gone_hidden_archived(self):
        catalogue = {kind: [record(kind, n) for n in range(5)] for kind in KINDS}
        words = {"datasets": "Dataset has been deleted", "dataservices": "Dataservice has been deleted",
                 "reuses": "This reuse has been deleted", "organizations": "Organization has been deleted"}
        with Udata(catalogue) as server:
            for kind in KINDS:
                ids = [record(kind, n)["id"] for n in range(5)]
                server.delete(kind, ids[0])
                server.hide(kind, ids[1])
                server.archive(kind, ids[2])
                self.assertEqual([o["id"] for o in page(server, f"/api/1/{kind}/?sort=created")["data"]], ids[3:])
                status, _, body = ask(server, f"/api/1/{kind}/{ids[0]}/")
                self.assertEqual((status, json.loads(body)), (410, {"message": words[kind]}))
                self.assertEqual(ask(server, f"/api/1/{kind}/{ids[1]}/")[0], 404)
                archived = page(server, f"/api/1/{kind}/{ids[2]}/")
                self.assertTrue(archived["archived_at" if kind == "dataservices" else "archived"])
                self.assertEqual(page(server, f"/api/1/{kind}/{kind}-3/")["id"], ids[3])

    def test_changes_in_the_middle_of_a_sweep(self):
        with Udata(datasets(4)) as server:
            def night(path):
                if "page=2" in path:
                    server.add("datasets", record("datasets", 9))
                    server.change("datasets", record("datasets", 2)["id"], title="Autre titre")
                    server.delete("datasets", record("datasets", 0)["id"])
            server.on_request = night
            first = page(server, "/api/1/datasets/?sort=created&page_size=2")
            second = page(server, first["next_page"].removeprefix(server.url))
            self.assertEqual([d["title"] for d in first["data"] + second["data"]], ["Titre 0", "Titre 1", "Titre 3", "Titre 9"])
            self.assertEqual(page(server, "/api/1/datasets/datasets-2/")["title"], "Autre titre")


class FaultTest(unittest.TestCase):
    LIST = "/api/1/datasets/?sort=created&page_size=10"

    def setUp(self):
        self.server = Udata(datasets(30))
        self.addCleanup(self.server.close)

    def one(self, kind, path=LIST, **details):
        """The answer to this path under this fault; the next one must be right again."""
        self.server.fault(path, kind, **details)
        try:
            return ask(self.server, path)
        finally:
            self.assertEqual(len(page(self.server, path)["data"]), 10)


class FaultRules(FaultTest):
    def test_times_and_order(self):
        self.server.fault("/api/1/datasets/", "status", times=2, code=503)
        self.server.fault(re.compile(r"page_size=10$"), "status", code=500)
        self.assertEqual([ask(self.server, self.LIST)[0] for _ in range(4)], [503, 503, 500, 200])
        self.server.fault(self.LIST, "status", times=None, code=429, retry_after=7)
        self.assertEqual([ask(self.server, self.LIST)[0] for _ in range(5)], [429] * 5)
        self.assertEqual(ask(self.server, self.LIST)[1]["Retry-After"], "7")

    def test_on_page(self):
        self.server.fault(on_page("datasets", 2), "status", times=None)
        codes = [ask(self.server, p)[0] for p in (self.LIST, self.LIST + "&page=2", self.LIST + "&page=20", "/api/2/datasets/?page=2&page_size=2")]
        self.assertEqual(codes, [200, 503, 404, 503])
        self.server.fault(on_page("datasets", 1), "status")
        self.assertEqual(ask(self.server, self.LIST)[0], 503)

    def test_a_wrong_declaration_is_refused(self):
        with self.assertRaises(AttributeError):
            self.server.fault("/", "no_such_kind")
        with self.assertRaises(TypeError):
            self.server.fault("/", "status", colour="red")


class FaultsOfTransport(FaultTest):
    def test_status(self):
        status, _, body = self.one("status", code=500)
        self.assertEqual((status, json.loads(body)), (500, {"message": "Internal Server Error"}))

    def test_reset(self):
        with self.assertRaises(ConnectionResetError):
            self.one("reset")
        self.server.fault(self.LIST, "reset", after=50)
        with socket.create_connection(urlsplit(self.server.url).netloc.split(":"), timeout=20) as client:
            client.sendall(f"GET {self.LIST} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            got = client.recv(65536)
            with self.assertRaises(ConnectionResetError):
                while True:
                    self.assertTrue(piece := client.recv(65536), "the connection ended without a reset")
                    got += piece
        self.assertTrue(got.endswith(b"\r\n\r\n" + ask(self.server, self.LIST)[2][:50]))

    def test_cut(self):
        with self.assertRaises(http.client.IncompleteRead) as caught:
            self.one("cut", after=100)
        self.assertEqual(len(caught.exception.partial), 100)

    def test_delay_and_slow(self):
        start = time.monotonic()
        self.assertEqual(self.one("delay", seconds=0.4)[0], 200)
        self.assertGreater(time.monotonic() - start, 0.4)
        start = time.monotonic()
        _, _, body = self.one("slow", rate=10000)
        self.assertGreater(time.monotonic() - start, len(body) / 10000 * 0.8)
        self.assertEqual(json.loads(body)["total"], 30)

    def test_close_does_not_wait(self):
        self.server.fault(self.LIST, "slow", rate=1)
        with socket.create_connection(urlsplit(self.server.url).netloc.split(":"), timeout=20) as client:
            client.sendall(f"GET {self.LIST} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            client.recv(10)
            start = time.monotonic()
            self.server.close()
            while client.recv(65536):
                pass
            self.assertLess(time.monotonic() - start, 2)

    def test_redirect(self):
        status, headers, body = self.one("redirect", to="http://169.254.169.254/latest/meta-data/", code=301)
        self.assertEqual((status, headers["Location"], body), (301, "http://169.254.169.254/latest/meta-data/", b""))

    def test_redirect_loop(self):
        path, seen = self.one("redirect_loop", code=301)[1]["Location"], set()
        for _ in range(30):
            self.assertNotIn(path, seen)
            seen.add(path)
            status, headers, _ = ask(self.server, path)
            self.assertEqual(status, 301)
            path = headers["Location"]

    def test_gzip_bomb(self):
        self.server.fault(self.LIST, "gzip_bomb", size=20 << 20)
        _, headers, body = ask(self.server, self.LIST)
        self.assertEqual((headers["Content-Encoding"], int(headers["Content-Length"])), ("gzip", len(body)))
        self.assertLess(len(body), 25000)
        plain = gzip.decompress(body)
        self.assertEqual((len(plain), json.loads(plain)), ((20 << 20) + 21, {"data": [], "total": 0}))

    def test_a_whole_gzip_bomb_is_a_megabyte(self):
        self.server.fault(self.LIST, "gzip_bomb")
        inflated, unpack = 0, zlib.decompressobj(31)
        connection = http.client.HTTPConnection(urlsplit(self.server.url).netloc, timeout=30)
        connection.request("GET", self.LIST)
        answer = connection.getresponse()
        self.assertLess(int(answer.headers["Content-Length"]), 1_200_000)
        while inflated < 50 << 20:
            inflated += len(unpack.decompress(answer.read(8192)))
        connection.close()

    def test_giant(self):
        self.server.fault(self.LIST, "giant", size=3 << 20)
        _, headers, body = ask(self.server, self.LIST)
        self.assertEqual((headers["Content-Length"], headers["Transfer-Encoding"]), (None, "chunked"))
        self.assertEqual(len(body), (3 << 20) + 2)


class FaultsOfContent(FaultTest):
    def test_truncated(self):
        _, headers, body = self.one("truncated", keep=0.5)
        self.assertEqual(int(headers["Content-Length"]), len(body))
        with self.assertRaises(json.JSONDecodeError):
            json.loads(body)

    def test_truncated_gzip(self):
        _, headers, body = self.one("truncated_gzip")
        self.assertEqual((headers["Content-Encoding"], int(headers["Content-Length"])), ("gzip", len(body)))
        with self.assertRaises(EOFError):
            gzip.decompress(body)

    def test_other_bodies(self):
        right = ask(self.server, self.LIST)[2]
        status, headers, body = self.one("not_json")
        self.assertEqual((status, headers["Content-Type"], body), (200, "application/json", "nous revenons bientôt".encode()))
        status, headers, body = self.one("html")
        self.assertEqual((status, headers["Content-Type"], body[:15]), (200, "text/html; charset=utf-8", b"<!doctype html>"))
        status, headers, body = self.one("no_content_type")
        self.assertEqual((status, headers["Content-Type"], body), (200, None, right))
        self.assertEqual(self.one("bom")[2], b"\xef\xbb\xbf" + right)
        self.assertEqual(json.loads(self.one("envelope")[2]), json.loads(right)["data"])
        self.assertEqual(json.loads(self.one("envelope", body={"items": 3})[2]), {"items": 3})

    def test_envelope_lies(self):
        right = page(self.server, self.LIST)
        lie = lambda kind, **details: json.loads(self.one(kind, **details)[2])
        self.assertEqual(lie("total", value=10**6), {**right, "total": 10**6})
        self.assertEqual(lie("empty_page"), {**right, "data": []})
        self.assertEqual(lie("next_page", url="http://elsewhere.example/")["next_page"], "http://elsewhere.example/")
        second = self.LIST + "&page=2"
        self.assertEqual(lie("next_page", path=second)["next_page"], self.server.url + second)
        self.assertEqual(lie("next_page", path=second, url="first")["next_page"], self.server.url + self.LIST + "&page=1")
        ids = [d["id"] for d in lie("duplicates", path=second, count=2)["data"]]
        self.assertEqual(ids, [record("datasets", n)["id"] for n in range(8, 20)])

    def test_broken_records(self):
        right = page(self.server, self.LIST)["data"]

        def broken(how, index=4):
            body = self.one("record", how=how, index=index)[2]
            return body, json.loads(body.decode("utf-8", "replace"))["data"]
        for how in ("wrong_type", "no_id", "title_number", "invalid_utf8", "lone_surrogate", "nul", "big_integer", "huge_number", "deep"):
            body, data = broken(how)
            self.assertEqual(data[:4] + data[5:], right[:4] + right[5:], how)
            self.assertNotEqual(data[4], right[4], how)
        self.assertEqual(broken("wrong_type")[1][4], ["a", "list"])
        self.assertNotIn("id", broken("no_id")[1][4])
        self.assertEqual(broken("title_number")[1][4]["title"], 42)
        with self.assertRaises(UnicodeDecodeError):
            broken("invalid_utf8")[0].decode()
        self.assertEqual(broken("lone_surrogate")[1][4]["title"], "moitié \ud83d de paire")
        self.assertEqual(broken("nul")[1][4]["title"], "avant\0après")
        self.assertEqual(broken("big_integer")[1][4]["metrics"]["views"], 2**63)
        self.assertIn(b"1e400", broken("huge_number")[0])
        self.assertIn(b"[" * 70, broken("deep")[0])
        self.assertEqual(broken("title_number", index=-1)[1][9]["title"], 42)

    def test_a_broken_field(self):
        body = self.one("record", field="resources", raw=b'"none"', index=0)[2]
        self.assertEqual(json.loads(body)["data"][0]["resources"], "none")
        self.server.add("organizations", record("organizations", 1))
        self.server.fault("/api/1/organizations/", "record", how="title_number", times=2)
        self.assertEqual(page(self.server, "/api/1/organizations/")["data"][0]["name"], 42)
        self.assertEqual(page(self.server, "/api/1/organizations/organizations-1/")["name"], 42)


class Sample(unittest.TestCase):
    def setUp(self):
        self.kinds = load(SAMPLE)
        self.datasets = self.kinds["datasets"]

    def test_counts_and_identifiers(self):
        self.assertEqual({kind: len(objects) for kind, objects in self.kinds.items()},
                         {"datasets": 135, "dataservices": 26, "reuses": 17, "organizations": 43})
        objects = [(kind, o) for kind in KINDS for o in self.kinds[kind]]
        self.assertEqual(len({o["id"] for _, o in objects}), 221)
        self.assertEqual(len({(kind, o["slug"]) for kind, o in objects}), 221)
        resources = [r["id"] for d in self.datasets for r in d["resources"] + d["community_resources"]]
        self.assertEqual(len(resources), len(set(resources)))
        for _, o in objects:
            self.assertRegex(o["id"], "^5[a-d][0-9a-f]{22}$")

    def test_references_lead_somewhere(self):
        known = {o["id"] for kind in KINDS for o in self.kinds[kind]}
        publishers = {o["id"]: 0 for o in self.kinds["organizations"]}
        for kind in KINDS[:3]:
            for o in self.kinds[kind]:
                if o["organization"]:
                    publishers[o["organization"]["id"]] += 1
        self.assertEqual([i for i, n in publishers.items() if n == 0], [])
        for reuse in self.kinds["reuses"]:
            self.assertTrue(reuse["datasets"])
            self.assertLessEqual({o["id"] for o in reuse["datasets"] + reuse["dataservices"]}, known)

    def test_variety(self):
        self.assertLessEqual({"lov2", "fr-lo", "odc-odbl", "cc-by", "notspecified", None}, set(d["license"] for d in self.datasets))
        self.assertLessEqual({"open", "open_with_account", "restricted"}, set(d["access_type"] for d in self.datasets))
        self.assertLessEqual({"hvd", "inspire", "spd"}, set(b["kind"] for d in self.datasets for b in d["badges"]))
        self.assertLessEqual({"fr:commune:35238", "fr:commune:35238@1970-01-09", "fr:departement:35", "fr:region:53", "fr:epci:243500139",
                              "country:fr", "country-group:ue"}, set(z for d in self.datasets if d["spatial"] for z in d["spatial"]["zones"]))
        self.assertLessEqual({"public-service", "certified", "local-authority", "company", "association"},
                             set(b["kind"] for o in self.kinds["organizations"] for b in o["badges"]))
        self.assertIn("etalab/schema-irve-statique", set((r["schema"] or {}).get("name") for d in self.datasets for r in d["resources"]))
        self.assertGreater(len(set(d["frequency"] for d in self.datasets)), 15)
        self.assertGreater(len(set(r["format"] for d in self.datasets for r in d["resources"])), 40)
        self.assertEqual(sum(d["organization"] is None and d["owner"] is None for d in self.datasets), 2)
        self.assertEqual(len(set(d["description"] for d in self.datasets)), 135)

    def test_nobody_is_named(self):
        text = "".join(json.dumps(o, ensure_ascii=False) for kind in KINDS for o in self.kinds[kind])
        self.assertEqual(re.findall(r"[\w.-]+@[\w-]+\.[a-z]+", text), [])
        self.assertEqual(set(re.findall(r'"last_name": "([^"]*)"', text)), {"de démonstration"})


class Command(unittest.TestCase):
    def run_it(self, *args):
        process = subprocess.Popen([sys.executable, os.path.join(HERE, "udata.py"), *args], stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process, process.stdout.readline()

    def test_serves_the_sample_for_so_long(self):
        process, line = self.run_it("--seconds", "1.5")
        self.assertRegex(line, r"^udata on http://127\.0\.0\.1:[0-9]+$")
        class Address:
            url = line.split()[2]
        self.assertEqual(page(Address, "/api/1/datasets/")["total"], len(load(SAMPLE)["datasets"]))
        self.assertEqual(process.wait(10), 0)

    def test_ends_on_sigterm(self):
        process, _ = self.run_it()
        process.terminate()
        self.assertEqual(process.wait(10), 0)


if __name__ == "__main__":
    unittest.main()
