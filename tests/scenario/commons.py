"""Simulated servers of the digital commons, on loopback: a file at its address, with validators as static sites give them; and
open-catalog-api, with its cursors.

    site = StaticSite("/api/v1/apis", apis)             # a value, or bytes as they are
    site.content = ...                                  # what it answers from now on
    api = OpenCatalog([entry("1", yml), ...], page=2)   # pages of at most two
    server.requests                                     # [(path with its query, headers)]

The scenario of a single file, which most of them are, is SingleFile.
"""
import hashlib, json, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from glaneur import Scenario, source


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.site.requests.append((self.path, dict(self.headers)))
        status, body = self.server.site.answer(self.path)
        tag = '"' + hashlib.sha256(body).hexdigest()[:16] + '"'
        if status == 200 and self.headers.get("If-None-Match") == tag:
            status, body = 304, b""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("ETag", tag)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


class Site:
    def __init__(self):
        self.requests = []
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.site = self
        self.root = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self):
        self.http.shutdown()
        self.http.server_close()


class StaticSite(Site):
    def __init__(self, path, content):
        self.path, self.content, self.status = path, content, 200
        super().__init__()
        self.url = self.root + path

    def answer(self, path):
        if path != self.path:
            return 404, b"{}"
        return self.status, self.content if isinstance(self.content, bytes) else json.dumps(self.content, ensure_ascii=False).encode()


def entry(identifier, yml, **fields):
    return {"id": identifier, "url": f"https://github.com/a/{identifier}", "aliases": [], "publiccodeYml": yml, "active": True,
            "createdAt": "2024-01-01T00:00:00Z", "updatedAt": "2024-01-02T00:00:00Z", **fields}


class OpenCatalog(Site):
    """broken: {number of a page: bytes in its place}."""

    def __init__(self, entries, page=100):
        self.entries, self.page, self.broken = entries, page, {}
        super().__init__()
        self.url = self.root + "/v1/software"

    def answer(self, path):
        query = parse_qs(urlsplit(path).query)
        if urlsplit(path).path != "/v1/software":
            return 404, b'{"title":"Not Found","status":404}'
        size = min(self.page, int(query.get("page[size]", ["25"])[0]))
        start = int(query["page[after]"][0].removesuffix("==")) if "page[after]" in query else 0
        if start // size + 1 in self.broken:
            return 200, self.broken[start // size + 1]
        rest = start + size < len(self.entries)
        page = {"data": self.entries[start:start + size],
                "links": {"prev": None, "next": f"?page[after]={start + size}==" if rest else None}}
        return 200, json.dumps(page).encode()


class SingleFile(Scenario):
    """Harvests of one file as it changes. kind: the driver."""
    kind = None

    def site(self, path, content):
        server = StaticSite(path, content)
        self.addCleanup(server.close)
        return server

    def source(self, url, **keys):
        return source(url if isinstance(url, str) else url.url, type=self.kind, **keys)
