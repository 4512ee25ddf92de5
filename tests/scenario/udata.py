#!/usr/bin/env python3
"""A small simulated udata server (the software of data.gouv.fr), on loopback, with faults on demand.

As a command, it serves a folder of datasets.ndjson, dataservices.ndjson, reuses.ndjson and organizations.ndjson,
one API v1 object a line, and prints its address on its first line:
    tests/scenario/udata.py [--data DIR] [--port N] [--seconds N]

In a test:
    with Udata({"datasets": [record("datasets", n) for n in range(45)]}) as server:
        server.fault("/api/1/datasets/", "status", code=503, retry_after=1)
        ...                      # harvest server.url
        server.requests          # what was asked: [(method, path, headers)]

It answers like udata (see the paging, the sort orders and the errors in the code): /api/1/<kind>/ and /api/2/datasets/
(resources behind links), lists and objects by id or slug. Not in lists: what is private, deleted or archived, and a reuse
without a dataset. By id: private is 404, deleted is 410, archived is 200. A kind is named as in the address: "datasets".

While it runs, from any thread: add(kind, object), change(kind, id, **fields), delete(kind, id) (then 410), hide(kind, id)
(then 404), archive(kind, id). on_request = f: f(path) is called before each answer is made, and may call them all.

fault(match, kind, times=1, **details) breaks an answer. match: a part of the path with its query, or a compiled regex, or a
function of the path; on_page("datasets", 2) gives one for a page of a list. times: how many answers, None for all. A request meets
one fault: the first one declared that matches and is not used up, so several on one address come one after the other.
    status          code=503, retry_after=None, message=None
    delay           seconds=5                      waits, then answers well
    reset           after=None                     TCP reset, before the answer or after that many bytes of its body
    cut             after=100                      the connection ends before the announced length
    slow            rate=100                       that many bytes of body a second
    truncated       keep=0.5                       valid HTTP, but only this share of the JSON
    truncated_gzip  keep=0.5                       the same of the gzip stream
    not_json        body="nous revenons bientôt"   as application/json
    html            body="<html>..."               200, text/html
    no_content_type                                the right answer without its Content-Type
    bom                                            a byte order mark before the JSON
    envelope        body=None                      this JSON value in place of the page (None: the bare list of its records)
    record          how=..., index=0               one record of the page cannot be read: see BROKEN for the ways; or
                    field=..., raw=b"..."          that field holds these bytes; index -1 is the last record
    total           value=0                        the page lies about the total
    duplicates      count=1                        the page starts with the last records of the page before it
    empty_page                                     no records; total and next_page as if there were
    next_page       url="self"                     "self", "first" (page 1) or any address
    redirect        to=URL, code=302
    redirect_loop   code=302                       from one new address to another, for ever
    gzip_bomb       size=1 GiB                     white space, a thousand times smaller on the wire
    giant           size=256 MiB                   white space, chunked, without a Content-Length

It listens on 127.0.0.1 only. No answer takes longer than MAX_SECONDS, and close() ends those under way.
"""
import argparse, contextlib, gzip, inspect, json, os, re, signal, socket, struct, sys, threading, time, zlib
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlencode, urlsplit

SAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data", "catalogue")
GONE = {"datasets": "Dataset has been deleted", "dataservices": "Dataservice has been deleted",
        "reuses": "This reuse has been deleted", "organizations": "Organization has been deleted"}
MAX_SECONDS = 60
MIB = 1 << 20

# how -> (field, bytes in its place); field None is the whole record
BROKEN = {
    "wrong_type": (None, b'["a", "list"]'),
    "no_id": ("id", None),
    "title_number": ("title", b"42"),
    "invalid_utf8": ("title", b'"caf\xe9 \xff\xfe"'),
    "lone_surrogate": ("title", b'"moiti\\u00e9 \\ud83d de paire"'),
    "nul": ("title", b'"avant\\u0000apr\\u00e8s"'),
    "big_integer": ("metrics", b'{"views": 9223372036854775808}'),
    "huge_number": ("metrics", b'{"views": 1e400}'),
    "deep": ("extras", b'{"deep": ' + b"[" * 70 + b"]" * 70 + b"}"),
}


def record(kind, n, **fields):
    """A small object of this kind, the n-th to be created; fields replace or complete its own."""
    made = f"2020-01-01T{n // 3600 % 24:02}:{n // 60 % 60:02}:{n % 60:02}+00:00"
    rid = f"{list(GONE).index(kind) + 1:x}{n:023x}"
    base = {"id": rid, "slug": f"{kind}-{n}", "description": f"Description {n}.", "created_at": made, "metrics": {"views": n}}
    if kind == "organizations":
        return {**base, "name": f"Organisation {n}", "badges": [], "last_modified": made, **fields}
    base |= {"title": f"Titre {n}", "tags": [], "private": False, "organization": None, "owner": None}
    if kind == "datasets":
        base |= {"last_modified": made, "last_update": made, "deleted": None, "archived": None, "frequency": "unknown", "license": "lov2",
                 "resources": [], "community_resources": [], "extras": {},
                 "internal": {"created_at_internal": made, "last_modified_internal": made}}
    elif kind == "reuses":
        base |= {"url": f"https://reuse.example/{n}", "type": "application", "last_modified": made, "deleted": None, "archived": None,
                 "datasets": [{"id": record("datasets", n)["id"], "title": f"Titre {n}"}]}
    else:
        base |= {"base_api_url": f"https://api.example/{n}", "metadata_modified_at": made, "deleted_at": None, "archived_at": None}
    return {**base, **fields}


def load(folder):
    """The objects of a folder of .ndjson files, by kind; a file that is not there is an empty kind."""
    catalogue = {}
    for kind in GONE:
        path = os.path.join(folder, kind + ".ndjson")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as lines:
                catalogue[kind] = [json.loads(line) for line in lines if line.strip()]
    return catalogue


def on_page(kind, number):
    """A match for fault(): this page of the list of a kind, under API v1 or v2."""
    def match(path):
        url = urlsplit(path)
        asked = dict(parse_qsl(url.query)).get("page", "1")
        return re.fullmatch(f"/api/[12]/{kind}/", url.path) is not None and asked == str(number)
    return match


def dumps(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


class Answer:
    """What the server is about to say. A page has its records apart, so that a fault can break one of them."""

    def __init__(self, status=200, body=None, records=None, envelope=None, before=None):
        self.status, self.body, self.records, self.envelope, self.before = status, body, records, envelope, before
        self.headers = {"Content-Type": "application/json"}

    def encode(self):
        if self.records is None:
            return self.body if isinstance(self.body, bytes) else dumps(self.body)
        data = b",".join(r if isinstance(r, bytes) else dumps(r) for r in self.records)
        return b'{"data":[' + data + b"]," + dumps(self.envelope)[1:]


def error(status, message, **errors):
    return Answer(status, {"errors": errors, "message": message} if errors else {"message": message})


class Udata:
    """The server. catalogue: a folder, or {kind: [object...]}; port 0 takes any free one."""

    def __init__(self, catalogue=None, port=0):
        self.lock = threading.RLock()
        self.kinds = {kind: {} for kind in GONE}
        self.requests, self.faults, self.on_request = [], [], None
        self.stopping = threading.Event()
        for kind, objects in (load(catalogue) if isinstance(catalogue, str) else catalogue or {}).items():
            for obj in objects:
                self.add(kind, obj)
        self.http = Server(("127.0.0.1", port), Handler)
        self.http.udata = self
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Stops listening and ends every open connection."""
        self.stopping.set()
        self.http.shutdown()
        self.thread.join()
        self.http.server_close()
        self.http.end_connections()

    def add(self, kind, obj):
        with self.lock:
            self.kinds[kind][obj["id"]] = obj

    def change(self, kind, rid, **fields):
        with self.lock:     # a new object: an answer being written keeps the one it has
            self.kinds[kind][rid] = {**self.kinds[kind][rid], **fields}

    def delete(self, kind, rid):
        self.change(kind, rid, **{"deleted_at" if kind == "dataservices" else "deleted": now()})

    def hide(self, kind, rid):
        self.change(kind, rid, private=True)

    def archive(self, kind, rid):
        self.change(kind, rid, **{"archived_at" if kind == "dataservices" else "archived": now()})

    def fault(self, match, kind, times=1, **details):
        inspect.signature(getattr(Faults, "fault_" + kind)).bind(None, None, **details)     # a wrong detail fails here, not in the middle of a test
        with self.lock:
            self.faults.append({"match": match, "kind": kind, "left": times, "details": details})

    def take_fault(self, path):
        with self.lock:
            for f in self.faults:
                match = f["match"]
                met = match in path if isinstance(match, str) else match.search(path) if isinstance(match, re.Pattern) else match(path)
                if met and f["left"] != 0:
                    f["left"] = None if f["left"] is None else f["left"] - 1
                    return f

    def answer(self, path, host):
        """The right answer to a GET."""
        url = urlsplit(path)
        args = dict(parse_qsl(url.query))
        here = f"http://{host}{url.path}"
        with self.lock:
            if url.path == "/api/1/datasets/community_resources/":
                owner = self.kinds["datasets"].get(args.get("dataset"), {})
                return self.page(owner.get("community_resources", []), here, args, 20)
            m = re.fullmatch(r"/api/2/datasets/([^/]+)/resources/", url.path)
            if m:
                found = self.find("datasets", m[1])
                return found if found.status != 200 else self.page(found.body.get("resources", []), here, args, 50, past_end=200)
            m = re.fullmatch(r"/api/([12])/([a-z]+)/(?:([^/]+)/)?", url.path)
            if not m or m[2] not in GONE or (m[1] == "2" and m[2] != "datasets"):
                return error(404, "The requested URL was not found on the server.")
            shape = (lambda o: with_links(o, f"http://{host}")) if m[1] == "2" else lambda o: o
            if m[3]:
                found = self.find(m[2], m[3])
                if found.status == 200:
                    found.body = shape(found.body)
                return found
            sort = args.get("sort", "-created")
            if sort not in ("created", "-created"):
                return error(400, "Input payload validation failed", sort=f"The value '{sort}' is not a valid choice for 'sort'.")
            listed = sorted((o for o in self.kinds[m[2]].values() if visible(m[2], o)), key=created, reverse=sort == "-created")
            return self.page(listed, here, args, 20, shape)

    def find(self, kind, rid):
        objects = self.kinds[kind]
        obj = objects.get(rid) or next((o for o in objects.values() if o.get("slug") == rid), None)
        if obj is None or obj.get("private"):
            return error(404, "Not found")
        if obj.get("deleted") or obj.get("deleted_at"):
            return error(410, GONE[kind])
        return Answer(body=obj)

    def page(self, objects, here, args, default_size, shape=lambda o: o, past_end=404):
        asked = {"page": 1, "page_size": default_size}
        for name in asked:
            text = args.get(name, str(asked[name]))
            if not re.fullmatch(r"-?[0-9]{1,18}", text) or int(text) < 1:
                return error(400, "Input payload validation failed", **{name: f"invalid literal or not positive: '{text}'"})
            asked[name] = int(text)
        number, size = asked["page"], asked["page_size"]
        start, total = (number - 1) * size, len(objects)
        if start >= total and number != 1 and past_end == 404:
            return error(404, "The requested URL was not found on the server.")

        def link(n):
            return f"{here}?{urlencode({**args, 'page': n, 'page_size': size})}"
        return Answer(records=[shape(o) for o in objects[start:start + size]], before=lambda: [shape(o) for o in objects[:start]],
                      envelope={"page": number, "page_size": size, "total": total,
                                "next_page": link(number + 1) if start + size < total else None,
                                "previous_page": link(number - 1) if number > 1 else None})


def now():
    return datetime.now(timezone.utc).isoformat()


def visible(kind, obj):
    gone = any(obj.get(field) for field in ("private", "deleted", "deleted_at", "archived", "archived_at"))
    return not gone and not (kind == "reuses" and not obj.get("datasets"))


def created(obj):
    internal = obj.get("internal")
    return str(internal.get("created_at_internal") if isinstance(internal, dict) else obj.get("created_at"))


def with_links(obj, root):
    """A dataset as API v2 has it: its resources behind links, no schema."""
    def link(path, field):
        return {"rel": "subsection", "href": f"{root}{path}page=1&page_size=50", "type": "GET", "total": len(obj.get(field) or [])}
    links = {"resources": link(f"/api/2/datasets/{obj['id']}/resources/?", "resources"),
             "community_resources": link(f"/api/1/datasets/community_resources/?dataset={obj['id']}&", "community_resources")}
    return {k: v for k, v in {**obj, **links}.items() if k != "schema"}


def with_raw(obj, field, raw):
    """The JSON of an object with these bytes for one of its fields (None: without it), or for the whole when field is None."""
    if field is None:
        return raw
    field = "name" if field == "title" and "title" not in obj else field        # an organization has a name
    texts = {**{k: dumps(v) for k, v in obj.items()}, field: raw}
    return b"{" + b",".join(dumps(k) + b":" + v for k, v in texts.items() if v is not None) + b"}"


class Server(ThreadingHTTPServer):
    daemon_threads, block_on_close, request_queue_size = True, False, 128

    def __init__(self, *args):
        self.open = set()
        super().__init__(*args)

    def process_request(self, request, client_address):
        self.open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request):
        self.open.discard(request)
        super().shutdown_request(request)

    def end_connections(self):
        for request in list(self.open):
            with contextlib.suppress(OSError):      # its client went first
                request.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):     # a client that leaves is no error of ours
            super().handle_error(request, client_address)


class Faults:
    """One method for each kind of fault: it gets the right answer, and sends it in its own way."""

    def fault_status(self, answer, *, code=503, retry_after=None, message=None):
        failed = error(code, message or self.responses.get(code, ("Error",))[0])
        if retry_after is not None:
            failed.headers["Retry-After"] = retry_after
        self.send(failed)

    def fault_delay(self, answer, *, seconds=5):
        self.server.udata.stopping.wait(min(seconds, MAX_SECONDS))
        self.send(answer)

    def fault_reset(self, answer, *, after=None):
        if after is not None:
            self.send(answer, pieces=lambda body: self.wfile.write(body[:after]))
            time.sleep(0.05)        # so that the client has these bytes before the reset
        self.abort()

    def fault_cut(self, answer, *, after=100):
        self.send(answer, pieces=lambda body: self.wfile.write(body[:after]))
        self.close_connection = True

    def fault_slow(self, answer, *, rate=100):
        def drip(body):
            for at in range(0, len(body), max(1, rate // 10)):
                if self.late():
                    return
                self.wfile.write(body[at:at + max(1, rate // 10)])
                self.server.udata.stopping.wait(max(0.1, 1 / rate))
        self.send(answer, pieces=drip)

    def fault_truncated(self, answer, *, keep=0.5):
        body = answer.encode()
        self.send(answer, body[:int(len(body) * keep)])

    def fault_truncated_gzip(self, answer, *, keep=0.5):
        packed = gzip.compress(answer.encode(), 1)
        self.send(answer, packed=packed[:int(len(packed) * keep)])

    def fault_not_json(self, answer, *, body="nous revenons bientôt"):
        self.send(answer, body.encode())

    def fault_html(self, answer, *, body="<!doctype html><html><body><h1>Maintenance</h1></body></html>"):
        answer.headers["Content-Type"] = "text/html; charset=utf-8"
        self.send(answer, body.encode())

    def fault_no_content_type(self, answer):
        del answer.headers["Content-Type"]
        self.send(answer)

    def fault_bom(self, answer):
        self.send(answer, b"\xef\xbb\xbf" + answer.encode())

    def fault_envelope(self, answer, *, body=None):
        self.send(answer, dumps(answer.records if body is None else body))

    def fault_record(self, answer, *, how=None, index=0, field=None, raw=None):
        change = BROKEN[how] if how else (field, raw)
        if answer.records is None:      # asked by id
            answer.body = with_raw(answer.body, *change)
        else:
            answer.records[index] = with_raw(answer.records[index], *change)
        self.send(answer)

    def fault_total(self, answer, *, value=0):
        answer.envelope["total"] = value
        self.send(answer)

    def fault_duplicates(self, answer, *, count=1):
        answer.records[:0] = answer.before()[-count:]
        self.send(answer)

    def fault_empty_page(self, answer):
        answer.records = []
        self.send(answer)

    def fault_next_page(self, answer, *, url="self"):
        here = f"http://{self.host}{self.path}"
        first = re.sub(r"([?&]page=)[0-9]+", r"\g<1>1", here)
        answer.envelope["next_page"] = {"self": here, "first": first}.get(url, url)
        self.send(answer)

    def fault_redirect(self, answer, *, to, code=302):
        answer.headers["Location"] = to
        answer.status = code
        self.send(answer, b"")

    def fault_redirect_loop(self, answer, *, code=302):
        self.fault_redirect(answer, to=f"/endless/1/{code}", code=code)

    def fault_gzip_bomb(self, answer, *, size=1 << 30):
        """One megabyte of white space, deflated once and sent again and again: a valid page at its end."""
        def deflated(data, packer):
            return packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH)
        packer, blank = zlib.compressobj(9, zlib.DEFLATED, -15), b" " * MIB
        start, block, end = (deflated(data, packer) for data in (b'{"data":[', blank, b'],"total":0}'))
        count = size // MIB
        if not self.head(answer, 10 + len(start) + count * len(block) + len(end) + 2 + 8, Content_Encoding="gzip"):
            return
        self.wfile.write(b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + start)
        crc = zlib.crc32(b'{"data":[')
        for _ in range(count):
            if self.late():
                return
            self.wfile.write(block)
            crc = zlib.crc32(blank, crc)
        crc = zlib.crc32(b'],"total":0}', crc)
        self.wfile.write(end + b"\x03\0" + struct.pack("<II", crc, (count * MIB + 21) & 0xffffffff))

    def fault_giant(self, answer, *, size=256 * MIB):
        piece = b" " * 65536
        if not self.head(answer, None, Transfer_Encoding="chunked"):
            return
        for _ in range(size // len(piece)):
            if self.late():
                return
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.wfile.write(b"2\r\n{}\r\n0\r\n\r\n")


class Handler(Faults, BaseHTTPRequestHandler):
    protocol_version, disable_nagle_algorithm, timeout = "HTTP/1.1", True, 30
    server_version, sys_version = "udata-simulated", ""

    def log_message(self, *_):
        pass

    def do_GET(self):
        udata = self.server.udata
        with udata.lock:
            udata.requests.append((self.command, self.path, dict(self.headers)))
        if udata.on_request:
            udata.on_request(self.path)
        self.deadline = time.monotonic() + MAX_SECONDS
        self.host = self.headers.get("Host") or self.server.udata.url[7:]
        hop = re.fullmatch(r"/endless/([0-9]+)/([0-9]+)", self.path)
        if hop:
            return self.fault_redirect(Answer(), to=f"/endless/{int(hop[1]) + 1}/{hop[2]}", code=int(hop[2]))
        fault = udata.take_fault(self.path)
        answer = udata.answer(self.path, self.host)
        if fault:
            getattr(self, "fault_" + fault["kind"])(answer, **fault["details"])
        else:
            self.send(answer)

    do_HEAD = do_GET

    def head(self, answer, length, **headers):
        """The status line and the headers; true when a body must follow."""
        self.send_response(answer.status)
        for name, value in {**answer.headers, **headers}.items():
            self.send_header(name.replace("_", "-"), str(value))
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()
        return self.command != "HEAD"

    def send(self, answer, body=None, packed=None, pieces=None):
        """The answer, or other bytes in its place; packed: gzip of them already; pieces: writes the body by hand."""
        body = answer.encode() if body is None else body
        headers = {}
        if packed is None and "gzip" in self.headers.get("Accept-Encoding", "") and len(body) > 500:
            packed = gzip.compress(body, 1)
        if packed is not None:
            body, headers = packed, {"Content_Encoding": "gzip"}
        if self.head(answer, len(body), **headers):
            (pieces or self.wfile.write)(body)

    def late(self):
        """True once the answer must end; the connection then closes."""
        self.close_connection |= self.server.udata.stopping.is_set() or time.monotonic() > self.deadline
        return self.close_connection

    def abort(self):
        """Ends the connection with a TCP reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.rfile.close()
        self.connection.close()


def main():
    parser = argparse.ArgumentParser(description="A simulated udata server, on 127.0.0.1.")
    parser.add_argument("--data", default=SAMPLE, help="folder of .ndjson files (the sample catalogue)")
    parser.add_argument("--port", type=int, default=0, help="0 for any free one")
    parser.add_argument("--seconds", type=float, default=3600, help="ends after that long")
    args = parser.parse_args()
    if not os.path.isdir(args.data):
        parser.error(f"no folder {args.data}")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with Udata(args.data, args.port) as server:
        print(f"udata on {server.url}", flush=True)
        stop.wait(args.seconds)


if __name__ == "__main__":
    main()
