"""Small simulated CKAN and DKAN 1 portals, on loopback, as far as a harvester of catalogues asks them.

    with Ckan([package("a"), package("b")], rows_max=2) as server:
        server.instead("start=2", (503, "text/html", HTML))     # once, where the address holds that
        ...                                                     # harvest server.url
        server.paths()                                          # what was asked for, oldest first
"""
import json, re, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

HTML = b"<!doctype html><html><head><title>Maintenance</title></head><body><p>De retour bient\xc3\xb4t</p></body></html>"


class Raw(str):
    """Bytes of an item that are sent as they are."""


def dumps(value):
    """JSON, Raw items in it as they are."""
    raws = []

    def default(text):
        raws.append(text)
        return f"\0raw{len(raws) - 1}"
    def walk(v):
        if isinstance(v, Raw):
            return default(v)
        if isinstance(v, dict):
            return {k: walk(x) for k, x in v.items()}
        return [walk(x) for x in v] if isinstance(v, list) else v
    text = json.dumps(walk(value), ensure_ascii=False)
    return re.sub(r'"\\u0000raw(\d+)"', lambda m: raws[int(m[1])], text).encode()


class Portal:
    """What the portals share: a server on 127.0.0.1 whose `answer(path, args)` gives a value for JSON, or (status, type, bytes)."""

    def __init__(self):
        self.asked, self.lock, self.once, self.hook = [], threading.Lock(), [], None
        portal = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                url = urlsplit(self.path)
                args = {k: v[0] for k, v in parse_qs(url.query, keep_blank_values=True).items()}
                with portal.lock:
                    portal.asked.append(self.path)
                    if portal.hook:
                        portal.hook(self.path)
                    answer = portal.take(self.path) or portal.answer(url.path, args)
                status, kind, body = answer if isinstance(answer, tuple) else (200, "application/json", dumps(answer))
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def instead(self, match, answer, times=1):
        """Another answer where the path holds `match`, so many times."""
        self.once += [(match, answer)] * times

    def take(self, path):
        for i, (match, answer) in enumerate(self.once):
            if match in path:
                del self.once[i]
                return answer
        return None

    def paths(self):
        with self.lock:
            return list(self.asked)

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


NOT_FOUND = (404, "text/html", HTML)


def identifier(item):
    if isinstance(item, Raw):
        return re.search(r'"(?:id|dataset_id)"\s*:\s*"([^"]*)', item)[1]
    return str(item.get("id") or item.get("dataset_id") or item.get("name"))


class Ckan(Portal):
    """package_search and package_show; rows are capped at rows_max without a word."""

    def __init__(self, packages, rows_max=1000, root="/api/3/action"):
        self.packages, self.rows_max, self.root, self.deleted = packages, rows_max, root, set()
        super().__init__()

    def answer(self, path, args):
        action = path[len(self.root) + 1:] if path.startswith(self.root + "/") else None
        if action == "package_show":
            found = next((p for p in self.packages if identifier(p) == args.get("id")), None)
            if found is None:
                error = {"help": "h", "success": False, "error": {"message": "Non trouvé", "__type": "Not Found Error"}}
                return 404, "application/json", dumps(error)
            return {"help": "h", "success": True, "result": found}
        if action != "package_search":
            return NOT_FOUND
        listed = sorted(self.packages, key=identifier) if args.get("sort") == "id asc" else list(self.packages)[::-1]
        since = re.fullmatch(r"metadata_modified:\[(\S+) TO \*\]", args.get("fq", ""))
        if since:
            listed = [p for p in listed if p.get("metadata_modified", "") >= since[1].rstrip("Z")]
        start, rows = int(args.get("start", 0)), min(int(args.get("rows", 10)), self.rows_max)
        return {"help": "h", "success": True, "result": {"count": len(listed), "sort": args.get("sort"), "facets": {},
                                                         "results": listed[start:start + rows], "search_facets": {}}}


class Dkan(Portal):
    """DKAN 1: no search, a list with resources whose result is a list in a list, or the whole list whatever the offset."""

    def __init__(self, packages, nested=True, heeds_offset=True):
        self.packages, self.nested, self.heeds_offset = packages, nested, heeds_offset
        super().__init__()

    def answer(self, path, args):
        if path == "/api/3/action/package_show":
            found = [p for p in self.packages if identifier(p) == args.get("id")]
            return {"help": "h", "success": True, "result": found} if found else NOT_FOUND
        if path != "/api/3/action/current_package_list_with_resources":
            return NOT_FOUND
        start, rows = (int(args.get("offset", 0)), int(args["limit"])) if self.heeds_offset else (0, len(self.packages))
        listed = self.packages[start:start + rows]
        return {"help": "h", "success": True, "result": [listed] if self.nested and listed else listed}


def package(name, **fields):
    """A package as CKAN gives it."""
    return {"id": f"id-{name}", "name": name, "title": f"Jeu {name}", "notes": f"Description de {name}", "type": "dataset", "state": "active",
            "private": False, "metadata_created": "2020-01-02T03:04:05.000006", "metadata_modified": "2021-01-02T03:04:05.000006",
            "license_id": "fr-lo", "license_title": "Licence Ouverte", "isopen": True, "tags": [], "groups": [], "extras": [],
            "organization": {"id": "org-1", "name": "ville", "title": "Ville d’Exemple"},
            "resources": [{"id": f"r-{name}", "name": "Fichier", "url": f"https://exemple.org/{name}.csv", "format": "CSV", "size": "12"}],
            **fields}
