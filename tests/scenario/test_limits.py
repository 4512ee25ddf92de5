#!/usr/bin/env python3
"""What one run may cost: pages passed over, bodies kept, documents too large, folders too deep."""
import glob, os, threading, unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from glaneur import FAILED, Scenario, source
from test_documents import Portal, catalogue, dataset, package

MAX_LOST, UNREAD_KEPT, UNREAD_BYTES, DOCUMENT_BYTES, FOLDER_DEPTH = 50, 5, 64 << 20, 2000 << 20, 8
MIB = 1 << 20


class Announced:
    """A server of one body that is made while it is sent: `parts` behind one another. `size`: what it says they amount to, when it lies."""

    def __init__(self, parts, size=None):
        self.parts, self.size, self.sent = parts, size, 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(outer.size or sum(map(len, outer.parts))))
                self.end_headers()
                for part in outer.parts:
                    self.wfile.write(part)
                    outer.sent += len(part)

            def log_message(self, *_):
                pass
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/data.json"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Limits(Scenario):
    def unread(self, g):
        return sorted(glob.glob(os.path.join(g.data, "unread", "*")))


class Lost(Limits):
    def portal(self, pages):
        server = Portal([package(n) for n in range(pages)])
        self.addCleanup(server.close)
        return server, self.glaneur(source(server.url, type="ckan", page_size=1, attempts=1, rate=0))

    def test_as_many_as_may_be(self):
        server, g = self.portal(MAX_LOST + 3)
        server.broken = set(range(1, MAX_LOST + 1))
        run = g.harvest()
        self.assertCounts(run, "done_with_errors", added=3, pages=MAX_LOST + 3)
        self.assertIn(f"{MAX_LOST} of its pages could not be read", run["errors"][-1]["message"])
        names = [os.path.basename(path) for path in self.unread(g)]
        self.assertEqual(names, [f"cat~{run['run']:08}~{n:02}" for n in range(MAX_LOST - UNREAD_KEPT, MAX_LOST)])

    def test_one_more_is_the_end(self):
        server, g = self.portal(MAX_LOST + 3)
        server.broken = set(range(1, MAX_LOST + 2))
        run = g.harvest(code=FAILED)
        self.assertEqual((run["state"], run["added"], run["pages"]), ("failed", 1, MAX_LOST + 1), run)
        self.assertEqual(len(run["errors"]), MAX_LOST + 1)


class Large(Limits):
    def harvest(self, parts, code, size=None, top=None):
        server = Announced(parts, size)
        self.addCleanup(server.close)
        g = self.glaneur(source(server.url, type="datajson", attempts=1), top=top)
        return server, g, g.harvest(code=code)

    def test_what_is_kept_of_a_body(self):
        """One that is no catalogue is kept up to a size; a larger one is not, nor a part of it."""
        page = b"<html>" + b"x" * (MIB - 6)
        for size, kept in ((UNREAD_BYTES, [UNREAD_BYTES]), (UNREAD_BYTES + 1, [])):
            with self.subTest(size):
                _, g, run = self.harvest([page] + [b"x" * MIB] * 63 + [b"x"] * (size - UNREAD_BYTES), FAILED)
                self.assertEqual(run["state"], "failed")
                self.assertEqual([os.path.getsize(path) for path in self.unread(g)], kept)
                self.assertEqual("what came is kept in" in run["errors"][-1]["message"], bool(kept), run["errors"])

    def test_a_document_that_is_too_large(self):
        """It is refused by what the server announces, before it comes."""
        server, _, run = self.harvest([b"{" + b" " * MIB] * 64, FAILED, size=DOCUMENT_BYTES + 1)
        self.assertIn(f"the document is larger than {DOCUMENT_BYTES} bytes", run["message"])
        self.assertLess(server.sent, 64 * MIB)
        _, _, run = self.harvest([b"{"], FAILED, size=DOCUMENT_BYTES)      # as many as may be: it is cut short only
        self.assertRegex(run["message"], "(?i)transfer|closed|partial|remaining|missing")


class Folders(Limits):
    def test_depth(self):
        """Files so many folders below the source's own are read, those below are not."""
        g = self.glaneur(source("./files", type="datajson"))
        path = os.path.join(g.folder, "files")
        for depth in range(FOLDER_DEPTH + 3):
            os.makedirs(path, exist_ok=True)
            with open(os.path.join(path, "data.json"), "wb") as f:
                f.write(catalogue(dataset(depth)))
            path = os.path.join(path, "below")
        self.assertCounts(g.harvest(), added=FOLDER_DEPTH + 1, pages=FOLDER_DEPTH + 1)
        self.assertEqual(g.show(f"cat:https://data.ville.fr/id/{FOLDER_DEPTH:04}")["title"], f"Jeu {FOLDER_DEPTH}")
        g.run("show", f"cat:https://data.ville.fr/id/{FOLDER_DEPTH + 1:04}", code=3)


if __name__ == "__main__":
    unittest.main(verbosity=2)
