"""Documents: conditional requests, files and folders of the operator's, pages that cannot be read, sweeps of what changed."""
import email.utils, glob, json, os, sqlite3, threading, unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from glaneur import FAILED, Scenario, source


def dataset(n, **changes):
    return {"@type": "dcat:Dataset", "identifier": f"https://data.ville.fr/id/{n:04}", "title": f"Jeu {n}", "description": "Un texte.",
            "keyword": ["ville"], "accessLevel": "public", "publisher": {"name": "Ville"}, **changes}


def catalogue(*datasets):
    return json.dumps({"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": list(datasets)}).encode()


class Documents:
    """A server of documents by path, with validators unless told otherwise; it remembers what it was asked."""

    def __init__(self):
        self.pages, self.asked, self.etags, self.always = {}, [], True, None
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer.asked.append((self.path, dict(self.headers)))
                body = outer.pages.get(self.path)
                if callable(body):
                    body = body()
                tag = f'"{hash(body) & 0xFFFFFF:x}"'
                if outer.always:
                    return self.answer(outer.always, b"")
                if body is None:
                    return self.answer(404, b"nothing")
                if outer.etags and self.headers.get("If-None-Match") == tag:
                    return self.answer(304, b"", ETag=tag)
                self.answer(200, body, **({"ETag": tag, "Last-Modified": email.utils.formatdate(0, usegmt=True)} if outer.etags else {}))

            def answer(self, status, body, **headers):
                self.send_response(status)
                for k, v in headers.items():
                    self.send_header(k.replace("_", "-"), v)
                self.send_header("Content-Type", "application/json")
                if status != 304:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def conditions(self):
        """Whether each request was conditional."""
        return ["If-None-Match" in headers for _, headers in self.asked]


class Conditional(Scenario):
    def setUp(self):
        self.server = Documents()
        self.addCleanup(self.server.close)
        self.server.pages["/data.json"] = catalogue(*[dataset(n) for n in range(5)])
        self.g = self.glaneur(source(self.server.url + "/data.json", type="datajson"))

    def sql(self, statement):
        with sqlite3.connect(os.path.join(self.g.data, "store.db")) as db:
            return db.execute(statement).fetchall()

    def test_not_modified(self):
        self.assertCounts(self.g.harvest(), added=5, pages=1)
        seen = self.sql("SELECT max(run) FROM sightings")
        run = self.g.harvest()
        self.assertCounts(run, unchanged=5, pages=0)
        self.assertEqual(run["bytes"], 0)
        self.assertEqual(self.server.conditions(), [False, True])
        self.assertGreater(self.sql("SELECT min(run) FROM sightings"), seen)          # they count as seen
        self.assertCounts(self.g.harvest("--force"), updated=5, pages=1)
        self.server.pages["/data.json"] = catalogue(*[dataset(n) for n in range(6)])
        self.assertCounts(self.g.harvest(), added=1, unchanged=5, pages=1)
        self.assertEqual(self.server.conditions(), [False, True, False, True])

    def test_a_server_without_validators(self):
        self.server.etags = False
        self.assertCounts(self.g.harvest(), added=5)
        self.assertCounts(self.g.harvest(), unchanged=5, pages=1)
        self.assertEqual(self.server.conditions(), [False, False])

    def test_a_lie_is_caught(self):
        """A 304 that is not true holds for a week at most."""
        self.g.harvest()
        self.server.always = 304
        self.assertCounts(self.g.harvest(), unchanged=5, pages=0)
        self.server.always = None
        self.server.pages["/data.json"] = catalogue(dataset(0), dataset(1))
        self.sql("UPDATE sources SET full_at = full_at - 7 * 86400")
        self.assertCounts(self.g.harvest(), unchanged=2, missing=3, pages=1)
        self.assertEqual(self.server.conditions(), [False, True, False])

    def test_304_without_a_condition(self):
        self.server.always = 304
        run = self.g.harvest(code=FAILED)
        self.assertEqual(run["state"], "failed")
        self.assertIn("304 to a request without a condition", run["errors"][0]["message"])

    def test_what_is_missing_goes_on_missing(self):
        """A catalogue that stays the same goes on without what it lost: its grace passes."""
        self.g.harvest()
        self.server.pages["/data.json"] = catalogue(*[dataset(n) for n in range(4)])
        self.assertCounts(self.g.harvest(), unchanged=4, missing=1)
        self.assertCounts(self.g.harvest(), unchanged=4, removed=1, pages=0)
        self.assertCounts(self.g.harvest(), unchanged=4, pages=0)

    def test_errors_are_told_again(self):
        """With a record that cannot be read nothing is conditional: the next run tells it again."""
        self.server.pages["/data.json"] = catalogue(dataset(0), dataset(1, title=None))
        for _ in range(2):
            run = self.g.harvest()
            self.assertEqual(run["errored"], 1)
            self.assertEqual(run["errors"][0]["record"], "cat:https://data.ville.fr/id/0001")
        self.assertEqual(self.server.conditions(), [False, False])

    def test_other_settings(self):
        """Under other settings the answer would be read otherwise: it is read."""
        self.g.harvest()
        self.g.configure(source(self.server.url + "/data.json", type="datajson", page_size=50))
        self.assertCounts(self.g.harvest(), unchanged=5, pages=1)
        self.assertEqual(self.server.conditions(), [False, False])

    def test_a_document_that_is_not_there(self):
        self.server.pages.clear()
        run = self.g.harvest(code=FAILED)
        self.assertEqual(run["state"], "failed")
        self.assertIn("the document is not there: the server answered 404", run["errors"][0]["message"])

    def test_what_cannot_be_read_is_kept(self):
        self.g.harvest()
        self.server.pages["/data.json"] = b'{"dataset": [' + json.dumps(dataset(7)).encode() + b', {"identifier": "cut'
        run = self.g.harvest(code=FAILED)
        self.assertEqual((run["state"], run["missing"]), ("failed", 0))
        kept = glob.glob(os.path.join(self.g.data, "unread", "*"))
        self.assertEqual(len(kept), 1)
        self.assertIn(kept[0], run["errors"][-1]["message"])
        with open(kept[0], "rb") as f:
            self.assertEqual(f.read(), self.server.pages["/data.json"])
        for _ in range(6):                                          # the newest five are kept
            self.g.harvest(code=FAILED)
        self.assertEqual(len(glob.glob(os.path.join(self.g.data, "unread", "*"))), 5)


class Files(Scenario):
    def setUp(self):
        self.g = self.glaneur(source("./files", type="datajson"))
        self.folder = os.path.join(self.g.folder, "files")

    def put(self, name, content):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(content)
        return path

    def test_a_folder(self):
        self.put("b.json", catalogue(dataset(1), dataset(2)))
        self.put("below/a.json", catalogue(dataset(3)))
        self.put(".hidden.json", catalogue(dataset(4)))
        os.symlink("/etc/passwd", os.path.join(self.folder, "link.json"))
        self.assertCounts(self.g.harvest(), added=3, pages=2)
        self.assertCounts(self.g.harvest(), unchanged=3, pages=2)
        os.remove(os.path.join(self.folder, "below/a.json"))
        self.assertCounts(self.g.harvest(), unchanged=2, missing=1, pages=1)

    def test_one_file_that_cannot_be_read(self):
        """It is one line of the report; the others are read, and nothing is counted as absent."""
        self.put("a.json", catalogue(dataset(1)))
        self.put("b.json", catalogue(dataset(2)))
        self.assertCounts(self.g.harvest(), added=2)
        path = self.put("a.json", b"<html>maintenance</html>")
        run = self.g.harvest()
        self.assertCounts(run, "done_with_errors", unchanged=1, pages=2)
        self.assertEqual([e["kind"] for e in run["errors"]], ["parse", "incomplete"])
        self.assertEqual(run["errors"][0]["page"], "file://" + path)
        self.assertIn("1 of its pages could not be read", run["errors"][1]["message"])

    def test_one_file(self):
        path = self.put("one.json", catalogue(dataset(1)))
        self.g.configure(source(path, type="datajson"))
        self.assertCounts(self.g.harvest(), added=1, pages=1)

    def test_nothing_there(self):
        run = self.g.harvest(code=FAILED)
        self.assertIn("the source's path cannot be read: No such file", run["errors"][0]["message"])
        os.mkdir(self.folder)
        self.assertIn("holds no file", self.g.harvest(code=FAILED)["errors"][0]["message"])

    def test_protocols_have_no_files(self):
        self.g.configure(source("./files", type="ckan"))
        result = self.g.run("check", code=2)
        self.assertIn('"url" of source "cat" is a path, which sources of type "ckan" cannot read', result.err)


class Portal(Documents):
    """CKAN's package_search over a list of packages; `broken`: starts whose page is no JSON."""

    def __init__(self, packages):
        super().__init__()
        self.packages, self.broken, self.etags = packages, set(), False
        self.pages = self

    def get(self, path):
        url = urlsplit(path)
        if not url.path.endswith("package_search"):
            return None
        query = {k: v[0] for k, v in parse_qs(url.query).items()}
        start, rows = int(query.get("start", 0)), int(query.get("rows", 10))
        if start in self.broken:
            return b"<html>502</html>"
        shown = self.packages
        if "metadata_modified" in query.get("fq", ""):
            since = query["fq"].split("[")[1].split(" ")[0].rstrip("Z")
            shown = [p for p in shown if p["metadata_modified"] >= since]
        return json.dumps({"success": True, "result": {"count": len(shown), "results": shown[start:start + rows]}}).encode()


def package(n, modified="2020-01-01T00:00:00"):
    return {"id": f"00000000-0000-4000-8000-{n:012}", "name": f"jeu-{n}", "title": f"Jeu {n}", "type": "dataset", "state": "active",
            "metadata_modified": modified, "resources": [], "tags": [], "extras": []}


class Pages(Scenario):
    def portal(self, count, **keys):
        server = Portal([package(n) for n in range(count)])
        self.addCleanup(server.close)
        return server, self.glaneur(source(server.url, type="ckan", page_size=10, attempts=1, **keys))

    def test_a_page_that_cannot_be_read_is_passed_over(self):
        server, g = self.portal(45)
        self.assertCounts(g.harvest(), added=45, pages=5)
        server.broken = {10}
        run = g.harvest()
        self.assertCounts(run, "done_with_errors", unchanged=35, pages=5)
        self.assertEqual([e["kind"] for e in run["errors"]], ["parse", "incomplete"])
        self.assertIn("start=10", run["errors"][0]["page"])
        self.assertEqual(len(glob.glob(os.path.join(g.data, "unread", "*"))), 1)
        server.broken = set()
        self.assertCounts(g.harvest(), unchanged=45, pages=5)

    def test_a_window(self):
        """Between two full sweeps, only what changed is asked for; nothing is absent then."""
        server, g = self.portal(25, full_every=7)
        self.assertCounts(g.harvest(), added=25, pages=3)
        self.assertCounts(g.harvest())
        server.packages[3] = {**package(3, "2999-01-01T00:00:00"), "title": "Un autre titre"}
        del server.packages[20:]
        self.assertCounts(g.harvest(), updated=1, pages=1)
        with sqlite3.connect(os.path.join(g.data, "store.db")) as db:
            db.execute("UPDATE sources SET full_at = full_at - 7 * 86400")
        self.assertCounts(g.harvest(), unchanged=20, missing=5, pages=2)


if __name__ == "__main__":
    unittest.main()
