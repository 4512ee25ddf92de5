#!/usr/bin/env python3
"""The HTTP server and its connections: deadlines, caps, where it listens, whom it serves, how it stops.

Run: HTTP_TEST_SERVER=PATH/TO/http_test_server python3 tests/scenario/test_http_connections.py
"""
import os, socket, stat, subprocess, sys, tempfile, threading, time, unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from http_server import PATIENCE, PROGRAM, Server, Shared, request

LATE = 8  # seconds: too late for what has a deadline of one or two, however busy the machine


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
            self.ends(c, 0.1, LATE)

    def test_slow_headers(self):
        endless = b"GET /echo HTTP/1.1\r\nHost: h\r\nX-A: " + b"a" * 1000
        with Server(header_ms=1000) as server, server.connect() as c:
            self.assertTrue(0.5 <= self.drip(c, endless) <= LATE)

    def test_slow_headers_of_a_second_request(self):
        endless = b"GET /echo HTTP/1.1\r\nHost: h\r\nX-A: " + b"a" * 1000
        with Server(header_ms=1000, idle_ms=20000) as server, server.connect() as c:
            c.send(request())
            self.assertEqual(c.answer().status, 200)
            c.send(endless[:20])
            self.assertTrue(0.5 <= self.drip(c, endless[20:]) <= LATE)

    def test_slow_request_line_of_a_second_request(self):
        with Server(header_ms=20000, idle_ms=1000) as server, server.connect() as c:
            c.send(request())
            self.assertEqual(c.answer().status, 200)
            self.assertTrue(0.5 <= self.drip(c, b"GET /" + b"a" * 1000) <= LATE)

    def test_slow_body(self):
        with Server(header_ms=500, request_ms=1200) as server, server.connect() as c:
            c.send(request(method="POST", headers=("Host: h", "Content-Length: 1000")))
            self.assertTrue(0.5 <= self.drip(c, b"x" * 999) <= LATE)

    def test_idle_connection(self):
        with Server(idle_ms=600) as server, server.connect() as c:
            c.send(request())
            self.assertEqual(c.answer().status, 200)
            self.ends(c, 0.1, LATE)

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
        with Server(header_ms=3000, per_address=1000) as server:
            slow = [server.connect() for _ in range(300)]
            for c in slow:
                c.send("GET /echo HTTP/1.1\r\n")
            started = time.monotonic()
            for _ in range(50):
                self.assertEqual(server.ask("/echo").status, 200)
            self.assertLess(time.monotonic() - started, LATE)
            for c in slow:
                self.assertTrue(c.closed())
                c.socket.close()
            self.assertLess(time.monotonic() - started, LATE)


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
        with Server(before=("sh", "-c", 'ulimit -n 40; exec "$0" "$@"')) as server:
            many = [server.connect() for _ in range(60)]
            time.sleep(0.5)
            for c in many:
                c.socket.close()
            self.assertEqual(server.ask("/echo").status, 200)
            self.assertIn("cannot accept a connection", server.stop()[1])
            self.assertLess(server.err.count("\n"), 30)  # and it did not spin

    def ticks(self, server):
        """The processor's time that the server has used, in hundredths of a second."""
        with open(f"/proc/{server.process.pid}/stat") as file:
            return sum(map(int, file.read().rsplit(")", 1)[1].split()[11:13]))

    def test_idle_costs_nothing(self):
        with Server(per_address=100) as server:
            many = [server.connect() for _ in range(50)]
            for c in many[:25]:
                c.send(request())
                c.answer()
            before = self.ticks(server)
            time.sleep(2)
            self.assertLessEqual(self.ticks(server) - before, 5)  # of 200
            for c in many:
                c.socket.close()


class Listening(unittest.TestCase):
    def fails(self, *options):
        process = subprocess.run([PROGRAM, *options], text=True, capture_output=True, timeout=30)
        self.assertEqual(process.returncode, 1)
        return process.stderr.strip()

    def test_ipv6(self):
        with socket.socket(socket.AF_INET6) as s:
            try:
                s.bind(("::1", 0))
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
            with open(path) as file:
                self.assertEqual(file.read(), "precious")

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
            working.send(request("/slow?ms=3000"))
            held.send(request("/held?ms=3000"))
            idle.send(request())
            self.assertEqual(idle.answer().status, 200)
            time.sleep(0.2)
            started = time.monotonic()
            server.terminate()
            self.assertTrue(idle.closed())
            self.assertLess(time.monotonic() - started, 2)
            time.sleep(0.1)
            with self.assertRaises(ConnectionRefusedError):
                server.connect()
            for c, body in ((working, b"worker context"), (held, b"held")):
                answer = c.answer()
                self.assertEqual((answer.body, answer.headers["connection"]), (body, "close"))
                self.assertTrue(c.closed())
            out, _ = server.stop()
            self.assertLess(time.monotonic() - started, LATE)
            self.assertTrue(out.endswith("stopped\n"))

    def test_what_does_not_end_is_closed(self):
        with Server(grace_ms=300) as server:
            working, held, half = server.connect(), server.connect(), server.connect()
            working.send(request("/slow?ms=3000"))
            held.send(request("/held?ms=3000"))
            half.send("GET /echo HTTP/1.1\r\nHost:")
            time.sleep(0.3)
            started = time.monotonic()
            server.terminate()
            for c in (working, held, half):
                self.assertTrue(c.closed())
            self.assertLess(time.monotonic() - started, 2)
            out, log = server.stop()  # it waits for the worker and the timer, whose answers go nowhere
            self.assertIn("connections=3", log)
            self.assertEqual([line for line in out.splitlines() if line.startswith("metric")], [])

    def test_at_once(self):
        with Server(grace_ms=60000) as server:
            started = time.monotonic()
            server.stop()
            self.assertLess(time.monotonic() - started, LATE)

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
    unittest.main()
