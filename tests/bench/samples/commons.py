"""What the samples of the digital commons share: files served over real HTTP on 127.0.0.1 as the sites serve them (one file at its
address), or read from where they lie; each harvested with $GLANEUR (default build/glaneur), and a line of a table for each.

The records offered are counted here, from the file, without the program. The files are in data of $GLANEUR_SHARED, or of ../shared beside the
project; what is not there is skipped, and said.
"""
import collections, functools, http.server, os, sys, threading

sys.dont_write_bytecode = True
ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", ".."))
SHARED = os.path.join(os.environ.get("GLANEUR_SHARED") or os.path.join(ROOT, "..", "shared"), "data")
os.environ.setdefault("GLANEUR", os.path.join(ROOT, "build", "glaneur"))
sys.path.insert(0, os.path.join(ROOT, "tests", "scenario"))
from glaneur import Glaneur  # noqa: E402: it takes the program from there


class Files(http.server.BaseHTTPRequestHandler):
    """files: {path: bytes}"""

    def __init__(self, files, *args):
        self.files = files
        super().__init__(*args)

    def do_GET(self):
        body = self.files.get(self.path.split("?")[0])
        self.send_response(200 if body is not None else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *args):
        pass


def harvest(kind, url, **keys):
    """One harvest of one source in a folder of its own: (the run, how many records it left, at most 400 of them whole)."""
    g = Glaneur({"name": kind, "type": kind, "url": url, "schedule": "never", "rate": 0, "allow_private": ["127.0.0.0/8"], **keys})
    try:
        run = g.harvest(code=None)
        daemon = g.serve()
        found = daemon.search(page_size=100)
        total, ids = found["total"], []
        while len(ids) < 400:
            ids += [r["id"] for r in found["data"]]
            if not found["cursor"]:
                break
            found = daemon.search(page_size=100, cursor=found["cursor"])
        return run, total, [daemon.record(i) for i in ids]
    finally:
        g.close()


def serve(kind, path, body, **keys):
    """The same of a file at its address on a server of ours."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Files, {path: body}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        return harvest(kind, f"http://127.0.0.1:{server.server_port}{path}", **keys)
    finally:
        server.shutdown()
        server.server_close()


def read(name):
    """A file of the shared data; None, and a word, when it is not there."""
    path = os.path.join(SHARED, name)
    if not os.path.exists(path):
        print(f"skipped: {name} is not in {SHARED}")
        return None
    with open(path, "rb") as f:
        return f.read()


def row(name, offered, run, total):
    why = collections.Counter(e["message"] for e in run["errors"])
    refused = "; ".join(f"{n} × {message}" for message, n in why.most_common(5)) or "none"
    if run["skipped"]:
        refused += f"; {run['skipped']} given twice"
    print(f"| {name} | {offered} | {total} | {run['state']}: {refused} |", flush=True)


def head():
    print("| file | records offered | read | refused and why |\n|---|---|---|---|")


def filled(records):
    """How many records have each field: what is poor shows."""
    count = collections.Counter()
    for r in records:
        for key, value in r.items():
            if isinstance(value, dict):
                count.update(f"{key}.{k}" for k, v in value.items() if v not in (None, "", [], {}, False, -1))
            elif value not in (None, "", [], {}, False):
                count[key] += 1
    print("\nfilled:", ", ".join(f"{k} {n}" for k, n in sorted(count.items(), key=lambda x: (-x[1], x[0]))), "\n")
