"""The HTTP test server as a context, and a client that writes what no client library would.

The program is $HTTP_TEST_SERVER, else the first argument.
"""
import json, os, signal, socket, subprocess, sys, unittest

PROGRAM = os.environ.get("HTTP_TEST_SERVER") or (sys.argv.pop(1) if len(sys.argv) > 1 else None)
if not PROGRAM:
    sys.exit(__doc__)
PATIENCE = 20  # seconds: for what must come


class Server:
    """The test server with these options, as a context."""

    def __init__(self, before=(), **options):
        """`before`: the words of a command to run it with."""
        self.process = subprocess.Popen([*before, PROGRAM] + [f"{k}={v}" for k, v in options.items()], text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        line = self.process.stdout.readline().split()
        if not line or line[0] != "listening":
            raise RuntimeError(self.process.communicate()[1])
        self.address, self.library = line[1], line[4]  # of libmicrohttpd, "0.9.75"
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
            family, address = socket.AF_UNIX, self.address[5:]
        else:
            host, port = self.address.removeprefix("http://").rsplit(":", 1)
            address = host.strip("[]"), int(port)
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
        c = Connection(socket.socket(family))
        if receive_buffer:
            c.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        c.socket.settimeout(PATIENCE)
        c.socket.connect(address)
        return c

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

    def __del__(self):
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
