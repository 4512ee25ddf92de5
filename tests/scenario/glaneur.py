"""Runs the real program in a folder of its own: what the scenario tests share.

    class Harvest(Scenario):
        def test_first(self):
            server = self.catalogue(SAMPLE)                 # a simulated udata server, closed at the end
            g = self.glaneur(server)                        # a configuration with that server as its source "cat"
            run = g.harvest()                               # `glaneur harvest --json`, its only run
            self.assertCounts(run, added=221, pages=4)
            daemon = g.serve()                              # ready, or the test fails; ended with the test
            daemon.get("/api/v1/search?q=velo").json["total"]

The program is $GLANEUR, else build-tests/glaneur. Every process that a test starts is ended with it, by its own id. A word of
a sanitizer on any stderr is a failure of the test.
"""
import contextlib, http.client, json, os, random, re, shutil, signal, socket, subprocess, sys, tempfile, time, unittest
from urllib.parse import quote

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from udata import SAMPLE, Udata, load, on_page, record, visible  # noqa: F401: the tests take them from here

PROGRAM = os.path.abspath(os.environ.get("GLANEUR") or os.path.join(HERE, "..", "..", "build-tests", "glaneur"))
COUNTERS = ("added", "updated", "unchanged", "missing", "removed", "restored", "skipped", "errored", "figures")
KINDS = {"datasets": "dataset", "dataservices": "dataservice", "reuses": "reuse", "organizations": "organization"}
COMMAND_SECONDS, READY_SECONDS, STOP_SECONDS = 120, 30, 10
DONE, FAILED, WRONG_USE, NOTHING = 0, 1, 2, 3
SANITIZER = re.compile(r"Sanitizer|runtime error:|Assertion .* failed")


def rid(kind, remote, source="cat"):
    """The id of an object of the catalogue. kind as in the address: "datasets"."""
    remote = record(kind, remote)["id"] if isinstance(remote, int) else remote
    return f"{source}:{remote}" if kind == "datasets" else f"{source}:{KINDS[kind]}.{remote}"


def small(datasets=5, **others):
    """A catalogue of so many objects of each kind."""
    return {kind: [record(kind, n) for n in range(count)] for kind, count in {"datasets": datasets, **others}.items()}


def ours(whole):
    """A record without what is ours: dates of seeing, and the sequence."""
    kept = {k: v for k, v in whole.items() if k not in ("first_seen", "last_seen", "last_changed")}
    kept["provenance"] = {k: v for k, v in whole["provenance"].items() if k not in ("harvested_at", "seq")}
    return kept


def wait_until(condition, seconds=20, what="it"):
    """The first true value of the condition, asked for every 20 ms."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come within {seconds} s")
        time.sleep(0.02)


def free_port():
    """A port that nobody listens on, below those that the system hands out by itself (so that no simulated server takes it)."""
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as s, contextlib.suppress(OSError):
            s.bind(("127.0.0.1", port))
            return port


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def text(self):
        return self.body.decode()


def ask(address, path, method="GET", headers=None, body=None, timeout=30):
    """One request on a connection of its own. address: "127.0.0.1:8080"."""
    connection = http.client.HTTPConnection(address, timeout=timeout)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


class Result:
    """What a command printed, and its exit code."""

    def __init__(self, args, code, out, err):
        self.args, self.code, self.out, self.err = args, code, out, err

    @property
    def json(self):
        return json.loads(self.out)


class Process:
    """A process of ours. Its stderr goes to a file, so that it never waits for a reader."""

    def __init__(self, args, folder, **how):
        self.log = tempfile.NamedTemporaryFile(dir=folder, prefix="stderr-", delete=False)
        self.popen = subprocess.Popen(args, stderr=self.log, stdin=subprocess.DEVNULL, **how)

    @property
    def stderr(self):
        with open(self.log.name, encoding="utf-8", errors="replace") as f:
            return f.read()

    @property
    def running(self):
        return self.popen.poll() is None

    def signal(self, number):
        if self.running:
            self.popen.send_signal(number)

    def wait(self, seconds=COMMAND_SECONDS):
        """The exit code; the process is killed, and the test fails, when it takes longer."""
        try:
            return self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"still running after {seconds} s: {self.popen.args}\n{self.stderr}") from None

    def kill(self):
        self.signal(signal.SIGKILL)
        self.popen.wait()

    def close(self):
        self.kill()
        self.log.close()
        if self.popen.stdout:
            self.popen.stdout.close()


class Daemon(Process):
    """`glaneur serve`."""

    def __init__(self, g, args=()):
        self.g, self.public, self.admin = g, f"127.0.0.1:{g.ports[0]}", f"127.0.0.1:{g.ports[1]}"
        super().__init__([PROGRAM, "serve", "-c", g.config, *args], g.folder, stdout=subprocess.DEVNULL)

    def get(self, path, admin=False, **headers):
        return self.ask("GET", path, admin, **headers)

    def post(self, path, **headers):
        return self.ask("POST", path, True, **headers)

    def ask(self, method, path, admin=False, **headers):
        return ask(self.admin if admin else self.public, path, method, {k.replace("_", "-"): v for k, v in headers.items()})

    def status_of(self, path):
        """The status of an answer, None while nobody answers."""
        try:
            return self.get(path).status
        except (ConnectionError, http.client.HTTPException, TimeoutError):
            return None

    def wait_ready(self, seconds=READY_SECONDS):
        def ready():
            if not self.running:
                raise AssertionError(f"the daemon ended with {self.popen.returncode}:\n{self.stderr}")
            return self.status_of("/readyz") == 200
        wait_until(ready, seconds, "readiness")
        return self

    def search(self, text="", **parameters):
        query = "&".join(f"{k}={quote(str(v), safe='')}" for k, v in {"q": text, **parameters}.items() if v != "")
        return self.get("/api/v1/search?" + query).json

    def record(self, identifier):
        return self.get("/api/v1/records/" + quote(identifier, safe="")).json

    def metrics(self):
        """{name with labels: number}"""
        text = self.get("/metrics", admin=True).text
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))}

    def start_run(self, source="cat", query=""):
        return self.post(f"/api/v1/sources/{source}/runs{query}")

    def last_run(self, source="cat"):
        runs = self.get(f"/api/v1/sources/{source}/runs?limit=1").json
        return {**runs["runs"][0], "searchable": runs["searchable"]} if runs["runs"] else None

    def wait_run(self, number, source="cat", seconds=60):
        """The run once it ended and is searchable."""
        def over():
            answer = self.get(f"/api/v1/sources/{source}/runs?run={number}")
            if answer.status == 404:        # not begun yet
                return None
            run = answer.json["runs"][0]
            return run if run["state"] not in ("queued", "running") and answer.json["searchable"] else None
        return wait_until(over, seconds, f"the end of run {number}")

    def stop(self, number=signal.SIGTERM, seconds=STOP_SECONDS):
        """Its exit code; ending may take 10 s, by contract."""
        self.signal(number)
        return self.wait(seconds)


class Glaneur:
    """A folder with a configuration and its data."""

    def __init__(self, *sources, **top):
        self.folder = tempfile.mkdtemp(prefix="glaneur-")
        self.config, self.data = os.path.join(self.folder, "glaneur.yaml"), os.path.join(self.folder, "data")
        self.ports = free_port(), free_port()
        self.processes = []
        self.configure(*sources, **top)

    def configure(self, *sources, **top):
        """Writes the configuration. JSON is YAML; a key a line, so that errors name lines."""
        keys = {"listen": f"127.0.0.1:{self.ports[0]}", "admin": f"127.0.0.1:{self.ports[1]}", "data": "data", **top}
        lines = [f"{k}: {json.dumps(v)}" for k, v in keys.items()] + ["sources:"] + [f"  - {json.dumps(s)}" for s in sources]
        self.write("\n".join(lines) + "\n")

    def read(self):
        with open(self.config, encoding="utf-8") as f:
            return f.read()

    def write(self, text):
        with open(self.config, "w", encoding="utf-8") as f:
            f.write(text)

    def keep(self, process):
        self.processes.append(process)
        return process

    def start(self, *args, **environment):
        """A command that runs on, its stdout at hand as popen.stdout."""
        return self.keep(Process([PROGRAM, *args, "-c", self.config], self.folder, stdout=subprocess.PIPE, text=True,
                                 env={**os.environ, **environment}))

    def run(self, *args, code=DONE, seconds=COMMAND_SECONDS, **environment):
        """A command to its end. code: what it must exit with, None for anything."""
        p = self.start(*args, **environment)
        try:
            out, _ = p.popen.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            p.kill()
            raise AssertionError(f"glaneur {' '.join(args)} still runs after {seconds} s:\n{p.stderr}") from None
        result = Result(args, p.popen.returncode, out, p.stderr)
        if code is not None and result.code != code:
            raise AssertionError(f"glaneur {' '.join(args)} exits with {result.code}, not {code}\n{out}{result.err}")
        return result

    def json(self, *args, code=DONE):
        return self.run(*args, "--json", code=code).json

    def harvest(self, *args, code=DONE):
        """The run of the only source."""
        runs = self.json("harvest", *args, code=code)["runs"]
        if len(runs) != 1:
            raise AssertionError(f"{len(runs)} runs in place of one: {runs}")
        return runs[0]

    def show(self, identifier, *args, code=DONE):
        result = self.run("show", identifier, *args, code=code)
        return result.json if code == DONE else None

    def history(self, identifier):
        """What happened to a record, oldest first."""
        return [entry["what"] for entry in reversed(self.show(identifier, "--history")["history"])]

    def found(self, text="", *args):
        """The ids that a search finds, in their order."""
        answer = self.run("search", text, "--json", "--page_size", "100", *args, code=None)
        if answer.code not in (DONE, NOTHING):
            raise AssertionError(f"search exits with {answer.code}: {answer.err}")
        return [r["id"] for r in answer.json["data"]]

    def serve(self, ready=True, args=()):
        daemon = self.keep(Daemon(self, args))
        return daemon.wait_ready() if ready else daemon

    def close(self):
        """Ends what runs, removes the folder, and returns what sanitizers said."""
        for p in self.processes:
            p.close()
        said = [p.stderr for p in self.processes if SANITIZER.search(p.stderr)]
        shutil.rmtree(self.folder, ignore_errors=True)
        return said


def source(server, name="cat", **keys):
    """The source of a simulated server: no pauses, two attempts, removal after two sweeps."""
    return {"name": name, "type": "udata", "url": server if isinstance(server, str) else server.url, "schedule": "never", "rate": 0,
            "attempts": 2, "allow_private": ["127.0.0.0/8"], "remove_after": {"sweeps": 2, "days": 0}, **keys}


class Scenario(unittest.TestCase):
    maxDiff = None

    def catalogue(self, content=None):
        """A simulated server, until the end of the test."""
        server = Udata(small() if content is None else content)
        self.addCleanup(server.close)
        return server

    def glaneur(self, *servers, top=None, **keys):
        """A folder whose sources are these servers, or these whole sources."""
        g = Glaneur(*[s if isinstance(s, dict) else source(s, f"cat{n}" if n > 1 else "cat", **keys) for n, s in enumerate(servers, 1)],
                    **(top or {}))
        self.addCleanup(lambda: self.assertEqual(g.close(), [], "a sanitizer has spoken"))
        return g

    def assertCounts(self, run, state=None, **expected):
        """All counters of records: those that are not named are 0. Others (pages, bytes) are compared when they are named."""
        wanted = {**dict.fromkeys(COUNTERS, 0), **expected, "state": state or ("done_with_errors" if expected.get("errored") else "done")}
        self.assertEqual({k: run[k] for k in wanted}, wanted, run)

    def assertErrors(self, run, *expected):
        """The lines of a run: (record, kind, a part of the message) each, in any order."""
        lines = list(run["errors"])
        self.assertEqual(len(lines), len(expected), lines)
        for wanted, kind, part in expected:
            match = next((e for e in lines if e["record"] == wanted and e["kind"] == kind and part in e["message"]), None)
            self.assertIsNotNone(match, f"{(wanted, kind, part)} is not among {lines}")
            lines.remove(match)
