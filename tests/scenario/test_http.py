#!/usr/bin/env python3
"""The HTTP server at its socket: framing, limits, deadlines, negotiation, stopping. Everything is written raw, so that
what no client library would send is sent.

Run: python3 tests/scenario/test_http.py PATH/TO/http_test_server [unittest's arguments]
"""
import gzip, json, os, signal, socket, stat, subprocess, sys, tempfile, threading, time, unittest

if len(sys.argv) < 2:
    sys.exit(__doc__)
PROGRAM = sys.argv.pop(1)
PATIENCE = 20  # seconds: for what must come
SECURITY = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
PAGE_POLICY = ("default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
               "frame-ancestors 'none'")


class Server:
    """The test server with these options, as a context."""

    def __init__(self, **options):
        self.process = subprocess.Popen([PROGRAM] + [f"{k}={v}" for k, v in options.items()], text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        line = self.process.stdout.readline()
        if not line.startswith("listening "):
            raise RuntimeError(self.process.communicate()[1])
        self.address = line.split()[1]
        self.terminated = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def terminate(self):
        if not self.terminated:
            self.process.send_signal(signal.SIGTERM)
        self.terminated = True

    def stop(self):
        """Stops it as the daemon stops; what it printed, and on stderr."""
        if self.process.poll() is None:
            self.terminate()
            self.out, self.err = self.process.communicate(timeout=60)
        if self.process.returncode != 0:
            raise AssertionError(f"exit {self.process.returncode}: {self.err}")
        return self.out, self.err

    def metrics(self):
        return [line[7:] for line in self.stop()[0].splitlines() if line.startswith("metric ")]

    def connect(self, receive_buffer=None):
        if self.address.startswith("unix:"):
            s = socket.socket(socket.AF_UNIX)
            s.settimeout(PATIENCE)
            s.connect(self.address[5:])
            return Connection(s)
        host, port = self.address.removeprefix("http://").rsplit(":", 1)
        host = host.strip("[]")
        s = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        if receive_buffer:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        s.settimeout(PATIENCE)
        s.connect((host, int(port)))
        return Connection(s)

    def ask(self, target, method="GET", headers="", host="h", body=""):
        """One request on a connection of its own."""
        with self.connect() as c:
            c.send(f"{method} {target} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n{body}")
            return c.answer(method)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.list, self.body = status, headers, body
        self.headers = {}
        for name, value in headers:
            self.headers[name] = self.headers[name] + ", " + value if name in self.headers else value

    def json(self):
        return json.loads(self.body)


class Connection:
    def __init__(self, s):
        self.socket, self.rest = s, b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data if isinstance(data, bytes) else data.encode())

    def more(self):
        try:
            data = self.socket.recv(65536)
        except ConnectionError:
            data = b""
        self.rest += data
        return bool(data)

    def answer(self, method="GET"):
        """The next answer; None when the connection ends before one."""
        while b"\r\n\r\n" not in self.rest:
            if not self.more():
                if self.rest:
                    raise AssertionError(f"cut short: {self.rest!r}")
                return None
        head, self.rest = self.rest.split(b"\r\n\r\n", 1)
        lines = head.decode().split("\r\n")
        version, status, _ = lines[0].split(" ", 2)
        assert version == "HTTP/1.1", lines[0]
        headers = [(name.lower(), value.strip()) for name, value in (line.split(":", 1) for line in lines[1:])]
        status, length = int(status), int(dict(headers).get("content-length", "0"))
        if method == "HEAD" or status in (204, 304):
            length = 0
        while len(self.rest) < length:
            if not self.more():
                raise AssertionError(f"a body cut short at {len(self.rest)} of {length}")
        body, self.rest = self.rest[:length], self.rest[length:]
        return Answer(status, headers, body)

    def closed(self):
        """Whether the server closes the connection, without another byte."""
        return not self.more() and not self.rest

    def ends_unserved(self):
        """Whether the server closes the connection without answering another request. What libmicrohttpd says itself
        may have bytes after its length."""
        while self.more():
            pass
        return b"HTTP/1.1 2" not in self.rest


def request(target="/echo", method="GET", version="HTTP/1.1", headers=("Host: h",), body=""):
    return f"{method} {target} {version}\r\n" + "".join(h + "\r\n" for h in headers) + "\r\n" + body


class Shared(unittest.TestCase):
    """Tests that a server with the defaults is enough for."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def problem(self, answer, status, slug):
        self.assertEqual(answer.status, status)
        self.assertEqual(answer.headers["content-type"], "application/problem+json")
        self.assertEqual(answer.headers["cache-control"], "no-store")
        problem = answer.json()
        self.assertEqual((problem["type"], problem["status"]), ("/problems/" + slug, status))
        return problem


class Framing(Shared):
    """One request, one meaning. After a refusal the connection is closed, so that what follows is never served.

    libmicrohttpd 0.9.75 (Debian 12) makes some things regular before we see them, and they are let through there: a
    folded field (obs-fold), a line that ends in a bare LF, a NUL in a value, which cuts it, and a field without a name,
    which is dropped. 1.0 (Debian 13) refuses them. test_what_0_9_75_lets_through says so.
    """
    SMUGGLED = request("/items/smuggled")

    def refused(self, head, detail=None):
        """400 and the end of the connection, although a good request follows. libmicrohttpd refuses some by itself, with
        a page of its own: there `detail` is None."""
        with self.server.connect() as c:
            c.send(head if isinstance(head, bytes) else head + self.SMUGGLED)
            answer = c.answer()
            self.assertEqual(answer.status, 400)
            self.assertEqual(answer.headers["connection"].lower(), "close")
            if detail:
                self.assertEqual(self.problem(answer, 400, "bad-request")["detail"], detail)
                self.assertNotIn("instance", answer.json())
            self.assertTrue(c.ends_unserved())

    def test_good_one(self):
        with self.server.connect() as c:
            c.send(request())
            self.assertEqual(c.answer().status, 200)

    def test_two_hosts(self):
        self.refused(request(headers=("Host: a", "Host: b")), "a request has exactly one Host")
        self.refused(request(headers=("Host: a", "hOST: a")), "a request has exactly one Host")

    def test_no_host(self):
        self.refused(request(headers=()))
        self.refused(request(version="HTTP/1.0", headers=()), "a request has exactly one Host")

    def test_host_that_is_none(self):
        for host in ("a/b", "a b", "a,b", "user@h", ":80", ""):
            self.refused(request(headers=("Host: " + host,)), "Host names no host")

    def test_two_lengths(self):
        # The body of the second length would be the smuggled request.
        self.refused(request(method="POST", headers=("Host: h", "Content-Length: 0", "Content-Length: 35")),
                     "a request has at most one Content-Length")
        self.refused(request(method="POST", headers=("Host: h", "Content-Length: 0", "Content-Length: 0")),
                     "a request has at most one Content-Length")

    def test_length_and_chunks(self):
        chunked = "0\r\n\r\n"
        for first, second in (("Content-Length: 4", "Transfer-Encoding: chunked"),
                              ("Transfer-Encoding: chunked", "Content-Length: 4")):
            self.refused(request(method="POST", headers=("Host: h", first, second), body=chunked))

    def test_transfer_codings(self):
        for coding in ("gzip, chunked", "chunked, chunked", "identity", "xchunked", "chunked;a=b"):
            self.refused(request(method="POST", headers=("Host: h", "Transfer-Encoding: " + coding), body="0\r\n\r\n"))
        self.refused(request(method="POST", headers=("Host: h",) + ("Transfer-Encoding: chunked",) * 2,
                             body="0\r\n\r\n"))
        self.refused(request(method="POST", version="HTTP/1.0", headers=("Host: h", "Transfer-Encoding: chunked"),
                             body="0\r\n\r\n"))

    def test_lengths_that_are_none(self):
        for length in ("-1", "1x", "0x10", "1 1", "1,1", "99999999999999999999999"):
            with self.server.connect() as c:
                c.send(request(method="POST", headers=("Host: h", "Content-Length: " + length)) + self.SMUGGLED)
                self.assertIn(c.answer().status, (400, 413))
                self.assertTrue(c.ends_unserved())

    def test_field_names(self):
        for field in ("X-A : b", "X A: b", "X(A): b", "X-é: b", "X-A"):
            self.refused(request(headers=("Host: h", field)))

    def test_control_characters_in_values(self):
        for character in "\x01\x08\x0b\x1f\x7f":
            self.refused(request(headers=("Host: h", f"X-A: a{character}b")),
                         "a field's value holds a control character")
        self.refused(request(headers=("Host: h", "X-A: a\rX-B: b")))

    def test_tabs_and_other_bytes_in_values(self):
        with self.server.connect() as c:
            c.send("GET /echo HTTP/1.1\r\nHost: h\r\nX-A: a\tb é\r\n\r\n")
            answer = c.answer()
            self.assertEqual(answer.status, 200)
            self.assertIn(["X-A", "a\tb é"], answer.json()["headers"])

    def test_versions(self):
        detail = "the version is neither HTTP/1.1 nor HTTP/1.0"
        self.refused(request(version="HTTP/1.2"), detail)
        self.refused(request(version="HTTP/1.9"), detail)
        for version in ("HTTP/2.0", "HTTP/0.9", "http/1.1", "HTTP/1.10", "HTTP/11", "HTTP/ 1.1", "HTTPS/1.1", "x"):
            with self.server.connect() as c:
                c.send(request(version=version) + self.SMUGGLED)
                self.assertIn(c.answer().status, (400, 505))
                self.assertTrue(c.closed())

    def test_targets(self):
        encoded = "the target holds a character that must be percent-encoded"
        neither = "the target is neither a path nor an URL of this host"
        self.refused(request("/a#b"), encoded)
        self.refused(request("/a\x01b"), encoded)
        self.refused(request("/é"), encoded)
        self.refused(request("a"), neither)
        self.refused(request("*"), neither)
        self.refused(request("h:80", method="CONNECT"), neither)
        self.refused(request("/a b"))
        with self.server.connect() as c:  # 0.9.75 closes without a word
            c.send("GET\r\nHost: h\r\n\r\n" + self.SMUGGLED)
            answer = c.answer()
            self.assertEqual(answer.status if answer else 400, 400)
            self.assertTrue(c.ends_unserved())

    def test_absolute_form(self):
        with self.server.connect() as c:
            c.send(request("http://H.example:8080/items/a?b=c", headers=("Host: h.example:8080",)))
            answer = c.answer().json()
            self.assertEqual((answer["path"], answer["query_text"]), ("/items/a", "b=c"))
            c.send(request("http://h", headers=("Host: h",)))
            self.assertEqual(c.answer().status, 200)
        for target in ("http://other/items/a", "http://h.example.evil/", "http://h@h.example/", "ftp://h.example/"):
            self.refused(request(target, headers=("Host: h.example",)),
                         "the target is neither a path nor an URL of this host")

    def test_chunked_body(self):
        with self.server.connect() as c:
            c.send(request(method="POST", headers=("Host: h", "Transfer-Encoding: chunked"),
                           body="3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n") + self.SMUGGLED)
            self.assertEqual(c.answer().json()["body"], "abc0123456789")
            self.assertEqual(c.answer().json()["id"], "smuggled")  # a request of its own, rightly
        for body in ("g\r\nabc\r\n0\r\n\r\n", "-1\r\n\r\n", "ffffffffffffffffff\r\n", "3\r\nabcd\r\n0\r\n\r\n"):
            with self.server.connect() as c:
                c.send(request(method="POST", headers=("Host: h", "Transfer-Encoding: chunked"), body=body))
                self.assertIn(c.answer().status, (400, 413))
                self.assertTrue(c.closed())

    def test_pipelining(self):
        with self.server.connect() as c:
            c.send("".join(request(f"/slow?ms={ms}") if ms else request("/items/x") for ms in (30, 0, 20, 0)))
            self.assertEqual([c.answer().body[:6] for _ in range(4)], [b"worker", b'{"meth', b"worker", b'{"meth'])

    def test_a_byte_at_a_time(self):
        with self.server.connect() as c:
            for byte in request(method="POST", headers=("Host: h", "Content-Length: 3"), body="abc").encode():
                c.send(bytes([byte]))
                time.sleep(0.001)
            self.assertEqual(c.answer().json()["body"], "abc")

    def test_old_version(self):
        with self.server.connect() as c:
            c.send(request(version="HTTP/1.0"))
            self.assertEqual(c.answer().status, 200)
            self.assertTrue(c.closed())

    def test_close_when_asked(self):
        with self.server.connect() as c:
            c.send(request(headers=("Host: h", "Connection: close")))
            self.assertEqual(c.answer().headers["connection"].lower(), "close")
            self.assertTrue(c.closed())

    def test_what_0_9_75_lets_through(self):
        # See the class' comment. Either way exactly one request is seen.
        for head in (b"GET /echo HTTP/1.1\r\nHost: h\r\nX-A: a\r\n b\r\n\r\n",
                     b"GET /echo HTTP/1.1\nHost: h\n\n",
                     b"GET /echo HTTP/1.1\r\nHost: h\r\nX-A: a\0b\r\n\r\n",
                     b"GET /echo HTTP/1.1\r\nHost: h\r\n: b\r\n\r\n"):
            with self.server.connect() as c:
                c.send(head)
                answer = c.answer()
                self.assertIn(answer.status, (200, 400))
                if answer.status == 400:
                    self.assertTrue(c.closed())


class Limits(Shared):
    def test_url(self):
        # 8192 bytes pass, 8193 do not.
        for length, status in ((8192, 200), (8193, 414)):
            with self.server.connect() as c:
                c.send(request("/items/" + "x" * (length - 7)))
                self.assertEqual(c.answer().status, status)
                if status == 414:
                    self.assertTrue(c.closed())

    def test_url_beyond_the_memory(self):
        with self.server.connect() as c:
            c.send(request("/items/" + "x" * 100_000))
            self.assertIn(c.answer().status, (413, 414, 431))
            self.assertTrue(c.closed())

    def test_headers_beyond_the_memory(self):
        with self.server.connect() as c:
            try:
                c.send(request(headers=["Host: h"] + [f"X-{n}: {'y' * 1000}" for n in range(100)]))
            except ConnectionError:
                pass
            self.assertIn(c.answer().status, (413, 431))
            self.assertTrue(c.closed())

    def test_body(self):
        # 65536 bytes pass, 65537 do not; with a length and in chunks.
        for length, status in ((65536, 200), (65537, 413), (70000, 413), (1 << 20, 413)):
            body = "x" * length
            for headers, sent in ((f"Content-Length: {length}", body),
                                  ("Transfer-Encoding: chunked", f"{length:x}\r\n{body}\r\n0\r\n\r\n")):
                with self.server.connect() as c:
                    c.send(request(method="POST", headers=("Host: h", headers), body=sent))
                    answer = c.answer()
                    self.assertEqual(answer.status, status, (length, headers))
                    if status == 200:
                        self.assertEqual(answer.json()["body_bytes"], length)
                    else:
                        self.problem(answer, 413, "body-too-large")
                        self.assertTrue(c.closed())

    def test_body_that_is_announced_huge(self):
        with self.server.connect() as c:  # answered before it is sent
            c.send(request(method="POST", headers=("Host: h", "Content-Length: 1048577", "Expect: 100-continue")))
            self.problem(c.answer(), 413, "body-too-large")
            self.assertTrue(c.closed())

    def test_chunks_without_end(self):
        with self.server.connect() as c:
            with self.assertRaises(ConnectionError):
                c.send(request(method="POST", headers=("Host: h", "Transfer-Encoding: chunked")))
                for _ in range(4000):
                    c.send("1000\r\n" + "x" * 4096 + "\r\n")

    def test_parameters(self):
        answer = self.server.ask("/echo?" + "&".join(f"p{n}=1" for n in range(64)))
        self.assertEqual((answer.status, len(answer.json()["query"])), (200, 64))
        answer = self.server.ask("/echo?" + "&".join(f"p{n}=1" for n in range(65)))
        self.assertEqual(self.problem(answer, 400, "invalid-parameter")["detail"],
                         "the query has more than 64 parameters")


class Requests(Shared):
    def test_segments_are_cut_on_the_raw_path(self):
        for target, seen in (("/items/a%2Fb", "a/b"), ("/items/a%2fb/history", "a/b"), ("/items/%C3%A9", "é"),
                             ("/items/a+b", "a+b"), ("/items/%25", "%"), ("/items/special%2F", "special/"),
                             ("/items/x:y@z;v=1", "x:y@z;v=1")):
            answer = self.server.ask(target)
            self.assertEqual((answer.status, answer.json()["id"], answer.json()["path"]), (200, seen, target))

    def test_literals_win(self):
        self.assertEqual(self.server.ask("/items/special").body, b"literal")
        self.assertEqual(self.server.ask("/items/sp%65cial").body, b"literal")
        self.assertEqual(self.server.ask("/export.csv").body, b"literal")
        self.assertEqual(self.server.ask("/items/special", method="DELETE").status, 204)

    def test_slashes_are_exact(self):
        for target in ("/echo/", "//echo", "/items/", "/items", "/items//history", "/items/a/", "/nothing/here",
                       "/" + "a/" * 100):
            self.problem(self.server.ask(target), 404, "not-found")

    def test_paths_that_cannot_be_decoded(self):
        for target in ("/items/%", "/items/%2", "/items/%zz", "/items/%00", "/items/%ff", "/items/%ED%A0%80"):
            self.problem(self.server.ask(target), 400, "bad-request")

    def test_query(self):
        for query, seen in (("a=1&b=2&a=3", [["a", "1"], ["b", "2"], ["a", "3"]]), ("a+b=c+d", [["a b", "c d"]]),
                            ("a", [["a", ""]]), ("a=", [["a", ""]]), ("=b", [["", "b"]]), ("a=b=c", [["a", "b=c"]]),
                            ("&&a=1&", [["a", "1"]]), ("q=100%", [["q", "100%"]]), ("q=%zz%2", [["q", "%zz%2"]]),
                            ("q=%C3%A9%26", [["q", "é&"]]), ("", []), ("q=a/b?c", [["q", "a/b?c"]])):
            answer = self.server.ask("/echo?" + query)
            self.assertEqual((answer.status, answer.json()["query"]), (200, seen), query)

    def test_query_that_is_no_text(self):
        for value in ("%00", "a%FFb", "%C3", "%ED%A0%80", "%F5%80%80%80"):
            problem = self.problem(self.server.ask("/echo?x=1&q=" + value), 400, "invalid-parameter")
            self.assertEqual(problem["errors"], [{"parameter": "q", "detail": "the value is not UTF-8 text"}])
        problem = self.problem(self.server.ask("/echo?%ff=1"), 400, "invalid-parameter")
        self.assertEqual(problem["detail"], "a parameter's name is not UTF-8 text")
        self.assertNotIn("errors", problem)

    def test_methods(self):
        problem = self.server.ask("/items/a", method="POST")
        self.assertEqual(problem.headers["allow"], "GET, HEAD, DELETE, OPTIONS")
        self.assertEqual(self.problem(problem, 405, "method-not-allowed")["detail"],
                         "this path has GET, HEAD, DELETE, OPTIONS")
        for method in ("BREW", "get", "TRACE", "PROPFIND"):
            self.problem(self.server.ask("/echo", method=method), 501, "unknown-method")
        self.assertEqual(self.server.ask("/echo", method="PUT").json()["method"], 4)
        self.problem(self.server.ask("/nowhere", method="POST"), 404, "not-found")

    def test_head(self):
        got = self.server.ask("/large")
        with self.server.connect() as c:
            c.send(request("/large", method="HEAD") + request("/items/after"))
            head = c.answer("HEAD")
            self.assertEqual((head.status, head.headers["content-length"]), (200, "4096"))
            self.assertEqual(c.answer().json()["id"], "after")  # no byte of a body came before it
        different = ("date", "x-request-id")
        self.assertEqual([h for h in got.list if h[0] not in different], [h for h in head.list if h[0] not in different])
        self.assertEqual(self.server.ask("/items/a", method="HEAD").status, 200)
        self.assertEqual(self.server.ask("/nowhere", method="HEAD").status, 404)

    def test_options(self):
        answer = self.server.ask("/items/a", method="OPTIONS")
        self.assertEqual((answer.status, answer.headers["allow"], answer.body), (204, "GET, HEAD, DELETE, OPTIONS", b""))
        self.assertNotIn("content-length", answer.headers)
        self.assertNotIn("access-control-allow-origin", answer.headers)
        self.assertEqual(self.server.ask("*", method="OPTIONS").status, 204)
        self.assertEqual(self.server.ask("/nowhere", method="OPTIONS").status, 404)

    def test_request_id(self):
        for given in ("a", "A-9-z", "x" * 64):
            answer = self.server.ask("/echo", headers=f"X-Request-Id: {given}\r\n")
            self.assertEqual(answer.headers["x-request-id"], given)
        made = set()
        for given in ("a b", "x" * 65, "a_b", "é", ""):
            answer = self.server.ask("/echo", headers=f"X-Request-Id: {given}\r\n")
            self.assertRegex(answer.headers["x-request-id"], "^[0-9a-f]{16}$")
            made.add(answer.headers["x-request-id"])
        self.assertEqual(len(made), 5)

    def test_base_url(self):
        self.assertEqual(self.server.ask("/echo", host="H.example:81").json()["base_url"], "http://H.example:81")
        with Server(public_url="https://glaneur.example") as server:
            self.assertEqual(server.ask("/echo").json()["base_url"], "https://glaneur.example")
            self.assertEqual(server.ask("/nowhere").json()["type"], "https://glaneur.example/problems/not-found")

    def test_face_argument(self):
        self.assertEqual(self.server.ask("/echo").json()["arg"], "face")

    def test_forwarded_addresses(self):
        forwarded = "X-Forwarded-For: 198.51.100.9, 203.0.113.7\r\nX-Forwarded-For: 192.0.2.1, 127.0.0.1\r\n"
        self.assertEqual(self.server.ask("/echo", headers=forwarded).json()["address"], "127.0.0.1")
        with Server(proxy="127.0.0.1") as server:
            self.assertEqual(server.ask("/echo", headers=forwarded).json()["address"], "192.0.2.1")
            self.assertEqual(server.ask("/echo", headers="X-Forwarded-For: evil\r\n").json()["address"], "127.0.0.1")


class Answers(Shared):
    def test_every_answer(self):
        for target, status in (("/echo", 200), ("/nowhere", 404), ("/nothing", 500), ("/redirect?to=/a", 303),
                               ("/", 200), ("/slow", 200)):
            answer = self.server.ask(target)
            self.assertEqual(answer.status, status)
            self.assertEqual(SECURITY.items() - answer.headers.items(), set())
            self.assertRegex(answer.headers["date"], r"^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$")
            self.assertNotIn("server", answer.headers)
            self.assertEqual(len(answer.list), len(set(answer.list)))
            self.assertEqual("content-security-policy" in answer.headers, target == "/")

    def test_page(self):
        answer = self.server.ask("/")
        self.assertEqual(answer.headers["content-type"], "text/html; charset=utf-8")
        self.assertEqual(answer.headers["content-security-policy"], PAGE_POLICY)
        self.assertEqual(answer.body.decode(), "<!doctype html><title>é</title>")

    def test_gzip(self):
        plain = self.server.ask("/large").body
        for accepted in ("gzip", "GZIP", "deflate, gzip;q=0.5", "*", "br;q=1, *;q=0.1", "gzip;q=0.001"):
            answer = self.server.ask("/large", headers=f"Accept-Encoding: {accepted}\r\n")
            self.assertEqual(answer.headers["content-encoding"], "gzip", accepted)
            self.assertEqual(answer.headers["vary"], "Accept-Encoding")
            self.assertLess(len(answer.body), 200)
            self.assertEqual(gzip.decompress(answer.body), plain)
        for accepted in ("gzip;q=0", "gzip;q=0.000, *", "identity", "*;q=0", "", "gzip;q=2", "xgzip"):
            answer = self.server.ask("/large", headers=f"Accept-Encoding: {accepted}\r\n")
            self.assertNotIn("content-encoding", answer.headers, accepted)
            self.assertEqual((answer.headers["vary"], answer.body), ("Accept-Encoding", plain))

    def test_gzip_only_where_it_helps(self):
        accept = "Accept-Encoding: gzip\r\n"
        for target, shrinks in (("/large?bytes=1023", False), ("/large?bytes=1024", True),
                                ("/large?bytes=9999&binary=1", False), ("/large-on-worker", True)):
            answer = self.server.ask(target, headers=accept)
            self.assertEqual("content-encoding" in answer.headers, shrinks, target)
            self.assertEqual("vary" in answer.headers, "binary" not in target)
        with Server(gzip=-1) as server:
            answer = server.ask("/large", headers=accept)
            self.assertEqual((answer.headers.get("content-encoding"), answer.headers.get("vary")), (None, None))

    def test_gzip_and_head(self):
        accept = "Accept-Encoding: gzip\r\n"
        length = len(self.server.ask("/large", headers=accept).body)
        self.assertEqual(self.server.ask("/large", method="HEAD", headers=accept).headers["content-length"], str(length))

    def test_etag(self):
        answer = self.server.ask("/cached")
        self.assertEqual((answer.headers["etag"], answer.headers["cache-control"], answer.headers["link"]),
                         ('"rev-7"', "public, max-age=60", '</cached>; rel="self"'))
        self.assertEqual(self.server.ask("/cached?weak=1").headers["etag"], 'W/"rev-7"')
        # What is compressed is another representation: a strong tag would be wrong.
        answer = self.server.ask("/cached", headers="Accept-Encoding: gzip\r\n")
        self.assertEqual((answer.headers["etag"], answer.headers["content-encoding"]), ('W/"rev-7"', "gzip"))

    def test_not_modified(self):
        for field in ('"rev-7"', 'W/"rev-7"', '"a", W/"b,c" , "rev-7"', "*", '"rev-7", "'):
            for target in ("/cached", "/cached?skip=1", "/cached?weak=1"):
                for method in ("GET", "HEAD"):
                    answer = self.server.ask(target, method=method, headers=f"If-None-Match: {field}\r\n")
                    self.assertEqual((answer.status, answer.body), (304, b""), field)
                    self.assertEqual(answer.headers["etag"], 'W/"rev-7"' if "weak" in target else '"rev-7"')
                    self.assertEqual((answer.headers["cache-control"], answer.headers["vary"], answer.headers["link"]),
                                     ("public, max-age=60", "Accept-Encoding", '</cached>; rel="self"'))
                    self.assertNotIn("content-type", answer.headers)
                    self.assertEqual(answer.headers.get("content-length", "0"), "0")  # 0.9.75 sends it
        answer = self.server.ask("/cached", headers='If-None-Match: "a"\r\nIf-None-Match: "rev-7"\r\n')
        self.assertEqual(answer.status, 304)

    def test_modified(self):
        for field in ('"rev-8"', "rev-7", '"rev-7', 'w/"rev-7"', '"a, rev-7"', ""):
            answer = self.server.ask("/cached?skip=1", headers=f"If-None-Match: {field}\r\n")
            self.assertEqual((answer.status, len(answer.body)), (200, 4000), field)

    def test_a_problem_is_never_not_modified(self):
        answer = self.server.ask("/cached?gone=1", headers='If-None-Match: "rev-7"\r\n')
        self.problem(answer, 410, "gone")
        self.assertNotIn("etag", answer.headers)
        self.assertNotIn("link", answer.headers)

    def test_after_a_304_the_connection_goes_on(self):
        with self.server.connect() as c:
            c.send(request("/cached", headers=("Host: h", "If-None-Match: *")) + request("/items/after"))
            self.assertEqual(c.answer().status, 304)
            self.assertEqual(c.answer().json()["id"], "after")

    def test_redirect(self):
        answer = self.server.ask("/redirect?to=/a%3Fb%3Dc")
        self.assertEqual((answer.status, answer.headers["location"], answer.headers["content-length"]),
                         (303, "/a?b=c", "0"))
        for target in ("/a%0D%0AX-B: c", "/%C3%A9", "/a%20b", "/%7F"):
            self.problem(self.server.ask("/redirect?to=" + target.replace(" ", "%20")), 500, "internal")

    def test_headers_of_handlers(self):
        for value, sent in (("abc", "abc"), ("%C3%A9", "\xc3\xa9"), ("a%20b", "a b")):
            answer = self.server.ask("/header?value=" + value)
            self.assertEqual(answer.body, b"added")
            self.assertEqual(answer.headers["x-value"].encode(), sent.encode("latin-1"))
        for value in ("a%0Ab", "a%0D%0AX-B:c", "a%0D", "%01", "%7F"):
            answer = self.server.ask("/header?value=" + value)
            self.assertEqual((answer.body, "x-value" in answer.headers, "x-b" in answer.headers),
                             (b"refused", False, False))

    def test_errors_as_problems(self):
        # The codes of base/err.h, in its order: what is told, and what is only logged.
        told = {1: (400, "invalid-parameter"), 3: (404, "not-found"), 4: (410, "gone"), 5: (409, "conflict"),
                11: (504, "timeout"), 16: (400, "invalid-parameter"), 18: (400, "invalid-query"), 19: (503, "busy")}
        for target in ("/fail", "/fail-on-worker"):
            for code in range(1, 21):
                answer = self.server.ask(f"{target}?code={code}&parameter=q")
                if code in told:
                    problem = self.problem(answer, *told[code])
                    self.assertEqual(problem["detail"], 'secret "what"; a hint')
                    self.assertEqual(problem["errors"], [{"parameter": "q", "detail": 'secret "what"; a hint'}])
                else:
                    self.assertNotIn("errors", self.problem(answer, 500, "internal"))
                    self.assertNotIn(b"secret", answer.body)
                self.assertEqual(answer.headers.get("retry-after"), "1" if code == 19 else None)

    def test_problem_members(self):
        problem = self.server.ask("/items/a%2Fb", method="POST").json()
        self.assertEqual(problem, {"type": "/problems/method-not-allowed", "title": "The method is not one of this path",
                                   "status": 405, "detail": "this path has GET, HEAD, DELETE, OPTIONS",
                                   "instance": "/items/a%2Fb"})

    def test_handlers_that_give_no_answer(self):
        self.problem(self.server.ask("/nothing"), 500, "internal")
        self.problem(self.server.ask("/nothing-on-worker"), 500, "internal")

    def test_problems_as_pages(self):
        with Server(pages=1) as server:
            browser = "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n"
            answer = server.ask("/nowhere", headers=browser)
            self.assertEqual((answer.status, answer.body), (404, b"<!doctype html><h1>404 There is nothing here</h1>"))
            self.assertEqual((answer.headers["content-security-policy"], answer.headers["cache-control"],
                              answer.headers["vary"]), (PAGE_POLICY, "no-store", "Accept-Encoding, Accept"))
            self.assertEqual(server.ask("/fail-on-worker?code=4", headers=browser).body,
                             b"<!doctype html><h1>410 What was here has been removed</h1>worker")
            for accept in ("", "Accept: */*\r\n", "Accept: application/json\r\n", "Accept: text/html;q=0, */*\r\n"):
                self.problem(server.ask("/nowhere", headers=accept), 404, "not-found")

    def test_cors(self):
        with Server(cors=1) as server:
            for target, status in (("/echo", 200), ("/nowhere", 404)):
                answer = server.ask(target, headers="Origin: https://a.example\r\n")
                self.assertEqual((answer.status, answer.headers["access-control-allow-origin"],
                                  answer.headers["access-control-expose-headers"]),
                                 (status, "*", "ETag, Link, X-Request-Id"))
                self.assertNotIn("access-control-allow-credentials", answer.headers)
            self.assertNotIn("access-control-allow-origin", server.ask("/echo", method="POST").headers)
            answer = server.ask("/items/a", method="OPTIONS", headers="Origin: https://a.example\r\n"
                                "Access-Control-Request-Method: GET\r\n")
            self.assertEqual((answer.status, answer.headers["access-control-allow-origin"],
                              answer.headers["access-control-allow-methods"],
                              answer.headers["access-control-allow-headers"], answer.headers["access-control-max-age"]),
                             (204, "*", "GET, HEAD, DELETE, OPTIONS", "Content-Type, If-None-Match, X-Request-Id", "86400"))
        self.assertNotIn("access-control-allow-origin", self.server.ask("/echo").headers)


class Later(Shared):
    """Handlers on workers, and those that answer later."""

    def test_worker(self):
        self.assertEqual(self.server.ask("/slow?ms=20").body, b"worker context")

    def test_held(self):
        self.assertEqual(self.server.ask("/held?ms=50").body, b"held")
        self.assertEqual(self.server.ask("/held").body, b"at once")

    def test_keep_alive_over_all_kinds(self):
        with self.server.connect() as c:
            for target, body in (("/slow", b"worker context"), ("/held?ms=1", b"held"), ("/held", b"at once"),
                                 ("/export.csv", b"literal")) * 20:
                c.send(request(target))
                self.assertEqual(c.answer().body, body)

    def test_the_loop_goes_on_while_workers_work(self):
        with self.server.connect() as slow:
            slow.send(request("/slow?ms=1500"))
            started = time.monotonic()
            for _ in range(20):
                self.assertEqual(self.server.ask("/echo").status, 200)
            self.assertLess(time.monotonic() - started, 1.4)
            self.assertEqual(slow.answer().body, b"worker context")

    def test_clients_that_leave(self):
        # Rudely (a reset) and politely, while the handler works or holds, and while an answer is under way.
        with Server(threads=2, queue=64) as server:
            for n in range(40):
                c = server.connect(receive_buffer=4096)
                if n % 2:
                    c.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                c.send(request(("/slow?ms=100", "/held?ms=100", "/large?bytes=4000000", "/echo")[n % 4]))
                if n % 3 == 0:
                    time.sleep(0.01)
                c.socket.close()
            self.assertEqual(server.ask("/slow?ms=1").status, 200)
            time.sleep(0.3)
            self.assertEqual(server.ask("/held?ms=1").status, 200)

    def test_full_queue(self):
        with Server(threads=1, queue=2) as server:
            waiting = []
            for _ in range(3):  # one works, two wait
                c = server.connect()
                c.send(request("/slow?ms=800"))
                waiting.append(c)
                time.sleep(0.1)
            answer = server.ask("/slow")
            self.problem(answer, 503, "busy")
            self.assertEqual(answer.headers["retry-after"], "1")
            self.assertEqual(server.ask("/echo").status, 200)
            for c in waiting:
                self.assertEqual(c.answer().body, b"worker context")
                c.socket.close()
            self.assertEqual(server.ask("/slow").status, 200)

    def test_metrics(self):
        with Server() as server:
            for target, method in (("/items/a", "GET"), ("/items/a", "HEAD"), ("/items/a", "DELETE"), ("/x", "GET"),
                                   ("/items/a", "BREW"), ("/items/a", "OPTIONS"), ("/slow", "GET")):
                server.ask(target, method=method)
            server.ask("/cached", headers="If-None-Match: *\r\n")
            server.ask("/echo", host="a/b")
            self.assertEqual([" ".join(line.split()[:3]) for line in server.metrics()],
                             ["item GET 200", "item HEAD 200", "item_delete DELETE 204", "unmatched GET 404",
                              "unmatched other 501", "unmatched OPTIONS 204", "slow GET 200", "cached GET 304",
                              "refused GET 400"])

    def test_metric_bytes(self):
        with Server() as server:
            server.ask("/large")
            server.ask("/large", method="HEAD")
            length = len(server.ask("/large", headers="Accept-Encoding: gzip\r\n").body)
            self.assertEqual(server.metrics(), ["large GET 200 4096", "large HEAD 200 0", f"large GET 200 {length}"])

    def test_log(self):
        with Server(debug=1) as server:
            server.ask("/fail?code=6&parameter=p", headers="X-Request-Id: the-id\r\n")
            server.ask("/items/a?q=private", headers="X-Request-Id: another\r\n")
            _, log = server.stop()
        failed = [line for line in log.splitlines() if "request failed" in line]
        self.assertEqual(len(failed), 1)
        self.assertIn('level=error event="request failed" request_id=the-id route=fail kind=io '
                      'error="secret \\"what\\" (a hint)"', failed[0])
        self.assertRegex(log, r"level=debug event=request server=test request_id=another address=127.0.0.1 method=GET "
                              r"path=/items/a route=item status=200 seconds=\S+ bytes=\d+")
        self.assertNotIn("private", log)

    def test_no_address_above_debug(self):
        with Server() as server:
            server.ask("/fail?code=6")
            _, log = server.stop()
        self.assertIn("request failed", log)
        self.assertNotIn("127.0.0.1", log)


class Deadlines(unittest.TestCase):
    def ends(self, c, least, most):
        """The connection ends within these seconds from now, without a byte."""
        started = time.monotonic()
        self.assertTrue(c.closed())
        took = time.monotonic() - started
        self.assertTrue(least <= took <= most, took)

    def drip(self, c, data, every=0.1):
        """Sends a byte now and then until the server closes; the seconds that it took."""
        started = time.monotonic()
        c.socket.settimeout(every)
        try:
            for byte in data:
                c.send(bytes([byte]))
                try:
                    if not c.more():
                        break
                except TimeoutError:
                    pass
        except ConnectionError:
            pass
        self.assertEqual(c.rest, b"")
        return time.monotonic() - started

    def test_silent_connection(self):
        with Server(header_ms=600) as server, server.connect() as c:
            self.ends(c, 0.4, 3)

    def test_slow_headers(self):
        endless = b"GET /echo HTTP/1.1\r\nHost: h\r\nX-A: " + b"a" * 1000
        with Server(header_ms=1000) as server, server.connect() as c:
            self.assertTrue(0.8 <= self.drip(c, endless) <= 4)

    def test_slow_headers_of_a_second_request(self):
        endless = b"GET /echo HTTP/1.1\r\nHost: h\r\nX-A: " + b"a" * 1000
        with Server(header_ms=1000, idle_ms=20000) as server, server.connect() as c:
            c.send(request())
            self.assertEqual(c.answer().status, 200)
            c.send(endless[:20])
            self.assertTrue(0.8 <= self.drip(c, endless[20:]) <= 4)

    def test_slow_request_line_of_a_second_request(self):
        with Server(header_ms=20000, idle_ms=1000) as server, server.connect() as c:
            c.send(request())
            self.assertEqual(c.answer().status, 200)
            self.assertTrue(0.8 <= self.drip(c, b"GET /" + b"a" * 1000) <= 4)

    def test_slow_body(self):
        with Server(header_ms=500, request_ms=1200) as server, server.connect() as c:
            c.send(request(method="POST", headers=("Host: h", "Content-Length: 1000")))
            self.assertTrue(1.0 <= self.drip(c, b"x" * 999) <= 4)

    def test_idle_connection(self):
        with Server(idle_ms=600) as server, server.connect() as c:
            c.send(request())
            self.assertEqual(c.answer().status, 200)
            self.ends(c, 0.4, 3)

    def test_slow_reader(self):
        # 40 KB have 2.4 s and send_ms: enough for who reads now and then. See test_http_connections.c for who does not.
        with Server(send_ms=1) as server, server.connect(receive_buffer=2048) as c:
            c.send(request("/large?bytes=40000"))
            time.sleep(1)
            self.assertEqual(len(c.answer().body), 40000)

    def test_no_deadline_while_the_handler_works(self):
        with Server(header_ms=300, request_ms=300, idle_ms=300, send_ms=300) as server:
            self.assertEqual(server.ask("/slow?ms=1200").status, 200)
            self.assertEqual(server.ask("/held?ms=1200").status, 200)

    def test_many_slow_ones_do_not_hinder(self):
        with Server(header_ms=1500, per_address=1000) as server:
            slow = [server.connect() for _ in range(300)]
            for c in slow:
                c.send("GET /echo HTTP/1.1\r\n")
            started = time.monotonic()
            for _ in range(50):
                self.assertEqual(server.ask("/echo").status, 200)
            self.assertLess(time.monotonic() - started, 3)
            for c in slow:
                self.assertTrue(c.closed())
                c.socket.close()
            self.assertLess(time.monotonic() - started, 6)


class Caps(unittest.TestCase):
    def test_per_address(self):
        with Server() as server:
            many = [server.connect() for _ in range(200)]
            time.sleep(0.5)
            open_ones = []
            for c in many:
                try:
                    c.send(request())
                    if c.answer():
                        open_ones.append(c)
                except ConnectionError:
                    pass
            self.assertEqual(len(open_ones), 64)
            open_ones[0].socket.close()
            time.sleep(0.3)
            self.assertEqual(server.ask("/echo").status, 200)
            for c in many:
                c.socket.close()

    def test_proxies_are_not_counted(self):
        with Server(proxy="127.0.0.1", per_address=2) as server:
            many = [server.connect() for _ in range(20)]
            for c in many:
                c.send(request())
                self.assertEqual(c.answer().status, 200)
                c.socket.close()

    def test_in_all(self):
        # Those over the cap wait until another one leaves.
        with Server(connections=5) as server:
            first = [server.connect() for _ in range(5)]
            for c in first:
                c.send(request())
                self.assertEqual(c.answer().status, 200)
            with server.connect() as waiting:
                waiting.send(request())
                waiting.socket.settimeout(0.5)
                with self.assertRaises(TimeoutError):
                    waiting.answer()
                waiting.socket.settimeout(PATIENCE)
                first[0].socket.close()
                self.assertEqual(waiting.answer().status, 200)
            for c in first:
                c.socket.close()

    def test_lack_of_descriptors(self):
        command = ["sh", "-c", 'ulimit -n 40; exec "$0" "$@"', PROGRAM]
        process = subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        server = Server.__new__(Server)
        server.process, server.address, server.terminated = process, process.stdout.readline().split()[1], False
        with server:
            many = [server.connect() for _ in range(60)]
            time.sleep(0.5)
            for c in many:
                c.socket.close()
            self.assertEqual(server.ask("/echo").status, 200)
            self.assertIn("cannot accept a connection", server.stop()[1])
            self.assertLess(server.err.count("\n"), 30)  # and it did not spin

    def test_idle_costs_nothing(self):
        with Server(per_address=100) as server:
            many = [server.connect() for _ in range(50)]
            for c in many[:25]:
                c.send(request())
                c.answer()
            ticks = lambda: sum(map(int, open(f"/proc/{server.process.pid}/stat").read().rsplit(")", 1)[1].split()[11:13]))
            before = ticks()
            time.sleep(2)
            self.assertLessEqual(ticks() - before, 5)  # of 200
            for c in many:
                c.socket.close()


class Listening(unittest.TestCase):
    def fails(self, *options):
        process = subprocess.run([PROGRAM, *options], text=True, capture_output=True, timeout=30)
        self.assertEqual(process.returncode, 1)
        return process.stderr.strip()

    def test_ipv6(self):
        try:
            socket.socket(socket.AF_INET6).bind(("::1", 0))
        except OSError:
            self.skipTest("no IPv6 here")
        with Server(listen="[::1]:0") as server:
            self.assertRegex(server.address, r"^http://\[::1\]:\d+$")
            self.assertEqual(server.ask("/echo").json()["address"], "::1")

    def test_addresses_that_are_none(self):
        for address in ("", "localhost:80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "::1:80", "[::1]", "[1.2.3.4]:80",
                        "1.2.3:80", "127.0.0.1:80x"):
            self.assertEqual(self.fails("listen=" + address),
                             f'config: "{address}" is no address to listen on (write it as 127.0.0.1:8080, [::1]:8080 '
                             'or unix:/path)')
        self.assertEqual(self.fails("listen=unix:"), "config: the path of a socket has 1 to 107 bytes")
        self.assertEqual(self.fails("listen=unix:/" + "x" * 107), "config: the path of a socket has 1 to 107 bytes")
        self.assertEqual(self.fails("gzip=7"), "config: gzip has the levels 1 to 6")

    def test_taken_address(self):
        with Server() as server:
            address = server.address.removeprefix("http://")
            self.assertEqual(self.fails("listen=" + address), f"conflict: {address}: cannot listen: Address already in use")
            self.assertEqual(server.ask("/echo").status, 200)
        with Server(listen=address) as server:  # and it is free at once after the stop
            self.assertEqual(server.ask("/echo").status, 200)

    def test_unix_socket(self):
        with tempfile.TemporaryDirectory() as folder:
            path = folder + "/s"
            mask = os.umask(0o077)
            try:
                server = Server(listen="unix:" + path, check_host=1, per_address=1, proxy="unix")
            finally:
                os.umask(mask)
            with server:
                self.assertEqual(server.address, "unix:" + path)
                self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o660)
                self.assertEqual(server.ask("/echo", host="whatever").json()["address"], "unix")
                self.assertEqual(server.ask("/echo", headers="X-Forwarded-For: 192.0.2.1\r\n").json()["address"],
                                 "192.0.2.1")
                with socket.socket(socket.AF_UNIX) as s:  # a client with a long path of its own
                    s.bind(folder + "/" + "c" * 60)
                    s.connect(path)
                    s.sendall(request().encode())
                    self.assertEqual(s.recv(15), b"HTTP/1.1 200 OK")
                self.assertEqual(self.fails("listen=unix:" + path), f"conflict: {path}: cannot listen: Address already in use")
                self.assertEqual(server.ask("/echo").status, 200)
            self.assertFalse(os.path.exists(path))

    def test_stale_unix_socket(self):
        with tempfile.TemporaryDirectory() as folder:
            path = folder + "/s"
            s = socket.socket(socket.AF_UNIX)
            s.bind(path)
            s.close()
            with Server(listen="unix:" + path) as server:
                self.assertEqual(server.ask("/echo").status, 200)
            with open(path, "w") as file:
                file.write("precious")
            self.assertEqual(self.fails("listen=unix:" + path), f"conflict: {path}: cannot listen: Address already in use")
            self.assertEqual(open(path).read(), "precious")

    def test_a_socket_of_somebody_else_is_left(self):
        with tempfile.TemporaryDirectory() as folder:
            path = folder + "/s"
            with Server(listen="unix:" + path) as server:
                os.rename(path, path + "2")
                with socket.socket(socket.AF_UNIX) as other:
                    other.bind(path)
                    server.stop()
                    self.assertTrue(os.path.exists(path))


class AdminHosts(Shared):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(check_host=1, host="admin.example")

    def test_hosts(self):
        for host in ("localhost", "LOCALHOST:1", "127.0.0.1", "127.9.9.9:80", "[::1]", "[::1]:80", "admin.example:8081"):
            self.assertEqual(self.server.ask("/echo", host=host).status, 200, host)
        for host in ("evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "127.evil.example", "[::2]",
                     "xadmin.example", "0.0.0.0"):
            self.problem(self.server.ask("/echo", host=host), 403, "refused-host")
            self.problem(self.server.ask("/nowhere", host=host), 403, "refused-host")

    def test_origins(self):
        for host, origin in (("localhost:81", "http://localhost:81"), ("localhost", "http://localhost:80"),
                             ("localhost:443", "https://LOCALHOST"), ("[::1]:81", "http://[::1]:81")):
            self.assertEqual(self.server.ask("/echo", method="POST", host=host, headers=f"Origin: {origin}\r\n").status, 200)
        for host, origin in (("localhost:81", "http://localhost:82"), ("localhost", "null"), ("localhost", ""),
                             ("localhost", "http://evil.example"), ("localhost:81", "http://127.0.0.1:81"),
                             ("localhost", "https://localhost:80"), ("localhost", "file://localhost")):
            answer = self.server.ask("/echo", method="POST", host=host, headers=f"Origin: {origin}\r\n")
            self.problem(answer, 403, "refused-origin")

    def test_absolute_form_does_not_slip_past(self):
        with self.server.connect() as c:
            c.send(request("http://localhost/echo", headers=("Host: evil.example",)))
            self.assertEqual(c.answer().status, 400)


class Stopping(unittest.TestCase):
    def test_running_requests_end(self):
        with Server(grace_ms=10000) as server:
            working, held, idle = server.connect(), server.connect(), server.connect()
            working.send(request("/slow?ms=1000"))
            held.send(request("/held?ms=1000"))
            idle.send(request())
            self.assertEqual(idle.answer().status, 200)
            time.sleep(0.2)
            started = time.monotonic()
            server.terminate()
            self.assertTrue(idle.closed())
            self.assertLess(time.monotonic() - started, 0.6)
            time.sleep(0.1)
            with self.assertRaises(ConnectionRefusedError):
                server.connect()
            for c, body in ((working, b"worker context"), (held, b"held")):
                answer = c.answer()
                self.assertEqual((answer.body, answer.headers["connection"]), (body, "close"))
                self.assertTrue(c.closed())
            out, _ = server.stop()
            self.assertLess(time.monotonic() - started, 3)
            self.assertTrue(out.endswith("stopped\n"))

    def test_what_does_not_end_is_closed(self):
        with Server(grace_ms=300) as server:
            working, held, half = server.connect(), server.connect(), server.connect()
            working.send(request("/slow?ms=1500"))
            held.send(request("/held?ms=1500"))
            half.send("GET /echo HTTP/1.1\r\nHost:")
            time.sleep(0.3)
            started = time.monotonic()
            server.terminate()
            for c in (working, held, half):
                self.assertTrue(c.closed())
            self.assertLess(time.monotonic() - started, 1.1)
            out, log = server.stop()  # it waits for the worker and the timer, whose answers go nowhere
            self.assertIn("connections=3", log)
            self.assertEqual([line for line in out.splitlines() if line.startswith("metric")], [])

    def test_at_once(self):
        with Server() as server:
            started = time.monotonic()
            server.stop()
            self.assertLess(time.monotonic() - started, 1.5)

    def test_under_fire(self):
        # Requests of every kind while it stops, again and again: each is answered whole, or its connection ends.
        for grace in (0, 50, 400):
            with Server(grace_ms=grace, queue=64) as server:
                stopped, wrong = threading.Event(), []

                def fire(target):
                    try:
                        while not stopped.is_set():
                            with server.connect() as c:
                                while not stopped.is_set():
                                    c.send(request(target))
                                    answer = c.answer()
                                    if not answer:
                                        break
                                    if answer.status not in (200, 503):
                                        raise AssertionError(answer.status)
                    except (ConnectionError, TimeoutError):
                        pass
                    except Exception as e:
                        if "cut short" not in str(e) or grace:
                            wrong.append(repr(e))

                threads = [threading.Thread(target=fire, args=(t,))
                           for t in ("/slow?ms=5", "/held?ms=5", "/echo", "/large?bytes=100000") * 3]
                for t in threads:
                    t.start()
                time.sleep(0.5)
                server.stop()
                stopped.set()
                for t in threads:
                    t.join()
                self.assertEqual(wrong, [])


if __name__ == "__main__":
    unittest.main(verbosity=1)
