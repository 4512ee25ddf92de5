#!/usr/bin/env python3
"""What the HTTP server makes of a request: framing, limits, paths, queries. Written raw at its socket.

Run: HTTP_TEST_SERVER=PATH/TO/http_test_server python3 tests/scenario/test_http.py
"""
import os, socket, sys, time, unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from http_server import Server, Shared, request


class Framing(Shared):
    """One request, one meaning. After a refusal the connection is closed, so that what follows is never served.

    libmicrohttpd 0.9.75 (Debian 12) makes some things regular before we see them, and they are let through there: a
    folded field (obs-fold), whose second line it adds to the field's name, a line that ends in a bare LF, a NUL in a
    value, which cuts it, and a field without a name, which is dropped. 1.0 (Debian 13) refuses them.
    test_what_0_9_75_lets_through says so.
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
                           body="3\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n") + self.SMUGGLED)
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

    def test_a_client_that_has_said_all(self):
        # Where the handler takes its time, libmicrohttpd may take it for a client that left.
        with self.server.connect() as c:
            c.send(request("/items/a"))
            c.socket.shutdown(socket.SHUT_WR)
            self.assertEqual(c.answer().status, 200)

    def test_expectation(self):
        with self.server.connect() as c:
            c.send(request(method="POST", headers=("Host: h", "Content-Length: 3", "Expect: 100-continue")))
            self.assertEqual(c.answer().status, 100)
            c.send("abc")
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
        # See the class' comment.
        old = self.server.library.startswith("0.")
        for head, seen in ((b"GET /echo HTTP/1.1\r\nHost: h\r\nX-A: a\r\n b\r\n\r\n", ["X-Ab", "a"]),
                           (b"GET /echo HTTP/1.1\nHost: h\n\n", None),
                           (b"GET /echo HTTP/1.1\r\nHost: h\r\nX-A: a\0b\r\n\r\n", ["X-A", "a"]),
                           (b"GET /echo HTTP/1.1\r\nHost: h\r\n: b\r\n\r\n", None)):
            with self.server.connect() as c:
                c.send(head)
                answer = c.answer()
                self.assertEqual(answer.status, 200 if old else 400, head)
                if old:
                    self.assertEqual(answer.json()["headers"], [["Host", "h"]] + ([seen] if seen else []))
                else:
                    self.assertTrue(c.ends_unserved())


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


if __name__ == "__main__":
    unittest.main()
