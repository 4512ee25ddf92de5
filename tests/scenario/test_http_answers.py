#!/usr/bin/env python3
"""What the HTTP server answers: headers, compression, caching, problems, handlers that take their time.

Run: HTTP_TEST_SERVER=PATH/TO/http_test_server python3 tests/scenario/test_http_answers.py
"""
import ctypes, gzip, os, socket, sys, time, unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from http_server import Server, Shared, request

SECURITY = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
PAGE_POLICY = ("default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
               "frame-ancestors 'none'")


def unzstd(packed):
    """Through the library that the program has: Python knows no Zstandard before 3.14."""
    library, room = ctypes.CDLL("libzstd.so.1"), ctypes.create_string_buffer(1 << 20)
    library.ZSTD_decompress.restype = ctypes.c_size_t
    library.ZSTD_decompress.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]
    n = library.ZSTD_decompress(room, len(room), packed, len(packed))
    return room.raw[:n] if n <= len(room) else None


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

    def test_zstd(self):
        plain = self.server.ask("/large").body
        for accepted in ("zstd", "gzip, deflate, br, zstd", "zstd;q=0.2, gzip;q=0.2, *"):
            answer = self.server.ask("/large", headers=f"Accept-Encoding: {accepted}\r\n")
            self.assertEqual(answer.headers["content-encoding"], "zstd", accepted)
            self.assertEqual(answer.headers["vary"], "Accept-Encoding")
            self.assertLess(len(answer.body), 200)
            self.assertEqual(unzstd(answer.body), plain)
        for accepted in ("zstd;q=0, gzip", "zstd;q=0.1, gzip", "*"):
            answer = self.server.ask("/large", headers=f"Accept-Encoding: {accepted}\r\n")
            self.assertEqual(answer.headers["content-encoding"], "gzip", accepted)
        with Server(gzip=-1) as server:
            self.assertNotIn("content-encoding", server.ask("/large", headers="Accept-Encoding: zstd\r\n").headers)

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
            slow.send(request("/slow?ms=2000"))
            for _ in range(20):
                self.assertEqual(self.server.ask("/echo").status, 200)
            slow.socket.setblocking(False)
            with self.assertRaises(BlockingIOError):  # not answered yet
                slow.socket.recv(1)
            slow.socket.settimeout(20)
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
            with server.connect() as c:
                c.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n")
                self.assertEqual(c.answer().status, 400)
            _, log = server.stop()
        failed = [line for line in log.splitlines() if "request failed" in line]
        self.assertEqual(len(failed), 1)
        self.assertIn('level=error event="request failed" request_id=the-id route=fail kind=io '
                      'error="secret \\"what\\" (a hint)"', failed[0])
        self.assertRegex(log, r"level=debug event=request server=test request_id=another address=127.0.0.1 method=GET "
                              r"path=/items/a route=item status=200 seconds=\S+ bytes=\d+")
        self.assertRegex(log, 'level=debug event=libmicrohttpd server=test message="Error processing request ')
        self.assertNotIn("private", log)

    def test_no_address_above_debug(self):
        with Server() as server:
            server.ask("/fail?code=6")
            _, log = server.stop()
        self.assertIn("request failed", log)
        self.assertNotIn("127.0.0.1", log)


if __name__ == "__main__":
    unittest.main()
