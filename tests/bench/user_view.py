#!/usr/bin/env python3
"""What a user feels: 200 requests a second over HTTP, searching on one core, first alone, then while a harvest runs on the other.

    user_view.py BUILD [DATA]      BUILD: the build folder (glaneur, tests/http_load); DATA: the data folder of an earlier harvest

The catalogue is data.gouv.fr's, served by ../shared/tools/replay-udata beside the project (or in $SHARED); where that is not there it says so and
stops, or measures without a harvest when DATA is given. DATA is copied, never changed; without it the catalogue is harvested first,
into --keep, if given, so that the next run has it. The harvest is that of the next night (replay-udata --churn): 1 % of the datasets
changed, 0.2 % new, 0.2 % gone, views moved on nearly all.

Requests come when they are due, whether or not those before were answered (a Poisson process), and their time counts from that
moment, waiting for a connection included. They are drawn with --seed from the records themselves: one to four words of a title,
with and without facets, filters (values of that record), dates, further pages; the page as well as the API; what is typed on the way
to a title, for completion; records; browsing. None is asked twice on purpose. Answers are gzipped, as browsers ask for.

The threads of the daemon that answer (its loop, its search threads) have one core; all else of it, the catalogue and the client the
other, where the client comes first if it may. CPU is that of the daemon's threads, by name.
"""
import argparse, collections, contextlib, json, math, os, random, re, shutil, signal, socket, subprocess, sys, tempfile, time
import urllib.parse, urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
SHARED = os.environ.get("SHARED") or os.path.join(HERE, "..", "..", "..", "shared")
REPLAY = os.path.join(SHARED, "tools", "replay-udata")
SOURCE = "data.gouv.fr"
# Of 100 requests.
MIX = {"search": 48, "page": 17, "suggest": 25, "browse": 4, "record": 6}
ANSWERING = ("glaneur", "search")  # threads; the first is the loop
SAMPLE_PAGES, SAMPLE_PAGE = 80, 100
ERRORS_SHOWN = 5
GOOD = (200, 302, 304)


# ---- Figures ---------------------------------------------------------------------------------------

def at(ordered, share):
    """The value at this share of sorted ones; None of none."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


def summary(answers):
    """answers: (kind, ms, late ms, status, bytes). Not an error: 200, 304, and 302, a page that is at another address."""
    times = sorted(ms for _, ms, _, _, _ in answers)
    return {"n": len(times), "p50": at(times, 0.5), "p90": at(times, 0.9), "p99": at(times, 0.99), "max": times[-1] if times else None,
            "errors": sum(status not in GOOD for _, _, _, status, _ in answers)}


def parse_answers(text):
    lines = (line.split("\t") for line in text.splitlines())
    return [(kind, float(ms), float(late), int(status), int(size)) for kind, ms, late, status, size in lines]


def parse_metrics(text):
    """{name with its labels: value}"""
    found = (line.rpartition(" ") for line in text.splitlines() if line and not line.startswith("#"))
    return {name: float(value) for name, _, value in found}


# ---- Requests --------------------------------------------------------------------------------------

def words_of(title):
    return [w for w in re.findall(r"[^\W_]+", title) if len(w) > 2]


class Requests:
    """Requests drawn from records as /api/v1/changes?record=1 shows them."""

    def __init__(self, records, seed):
        self.random = random.Random(seed)
        self.records = [r for r in records if words_of(r["title"])]

    def words(self, record):
        """One to four words of the title, in its order, as people type them."""
        words = words_of(record["title"])
        count = min(len(words), self.random.choices((1, 2, 3, 4), (30, 35, 22, 13))[0])
        chosen = [words[i] for i in sorted(self.random.sample(range(len(words)), count))]
        return " ".join(chosen).lower() if self.random.random() < 0.8 else " ".join(chosen)

    def filters(self, record, most):
        """Some values that this record has, so that it is found."""
        have = [("kind", record["kind"])]
        if record["publisher"]:
            have.append(("publisher", record["publisher"]["id"]))
        if record["license"]:
            have.append(("license", record["license"]["id"]))
        have += [("format", d["format"]) for d in record["distributions"][:1] if d["format"]]
        have += [("territory", z) for z in record["spatial"]["zones"][:1]]
        have += [("keyword", k) for k in record["keywords"][:1]]
        return self.random.sample(have, min(len(have), self.random.randint(1, most)))

    def search(self, record, browse=False):
        chance = self.random.random
        query = [] if browse else [("q", self.words(record))]
        if browse or chance() < 0.25:
            query += self.filters(record, 2)
        if chance() < 0.1:
            query.append(("page", self.random.choice((2, 2, 3))))
        if chance() < (0.5 if browse else 0.08):
            query.append(("sort", "modified"))
        return query

    def typed(self, record):
        """The first letters of the last word behind whole ones."""
        words = words_of(record["title"])
        last = self.random.randrange(min(3, len(words)))
        return " ".join(words[:last] + [words[last][:self.random.randint(2, len(words[last]))]]).lower()

    def one(self):
        kind = self.random.choices(list(MIX), list(MIX.values()))[0]
        record = self.random.choice(self.records)
        if kind == "suggest":
            return kind, "/api/v1/suggest?" + urllib.parse.urlencode({"q": self.typed(record)})
        if kind == "record":
            return kind, "/api/v1/records/" + urllib.parse.quote(record["id"], safe=":")
        query = self.search(record, kind == "browse")
        if kind == "page":
            return kind, "/?" + urllib.parse.urlencode(query)
        if kind == "browse" or self.random.random() < 0.4:
            query.append(("facets", "kind,publisher,license,format,territory"))
        return kind, "/api/v1/search?" + urllib.parse.urlencode(query)


# ---- Processes -------------------------------------------------------------------------------------

def get(url, method="GET"):
    with urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=60) as r:
        return r.read().decode()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_until(condition, seconds, what):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"{what} did not come within {seconds} s")
        time.sleep(0.1)


class Processes:
    """Everything that was started, ended with the program, by its own id."""

    def __init__(self, nice):
        self.started, self.nice = [], nice

    def start(self, args, core, **how):
        def place():
            if core is not None:
                os.sched_setaffinity(0, {core})
            if self.nice:
                os.setpriority(os.PRIO_PROCESS, 0, self.nice)
                os.setsid()
                with contextlib.suppress(OSError), open("/proc/self/autogroup", "w", encoding="ascii") as f:
                    f.write(str(self.nice))  # sched(7): or it would count within its session only
        process = subprocess.Popen(args, preexec_fn=place, **how)
        self.started.append(process)
        return process

    def end(self, process):
        self.started.remove(process)
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def end_all(self):
        for process in list(self.started):
            if process.poll() is None:
                self.end(process)


class Daemon:
    def __init__(self, a, processes, folder, replay):
        self.folder, self.processes = folder, processes
        self.api, self.admin = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
        self.config = os.path.join(folder, "glaneur.yaml")
        with open(self.config, "w", encoding="utf-8") as f:
            f.write(f"listen: {self.api[7:]}\nadmin: {self.admin[7:]}\ndata: data\nsources:\n  - {{name: {SOURCE}, type: udata, url: \"{replay}\", "
                    "schedule: never, rate: 0, allow_private: [127.0.0.0/8]}\n")
        self.glaneur = os.path.join(a.build, "glaneur")

    def start(self, cores):
        self.cores = cores
        self.log = open(os.path.join(self.folder, "stderr"), "w+", encoding="utf-8")
        self.process = self.processes.start([self.glaneur, "serve", "-c", self.config, "--quiet"], cores[1], stderr=self.log)
        wait_until(self.ready, 3600, "a searchable index")
        self.pin()

    def ready(self):
        if self.process.poll() is not None:
            self.log.seek(0)
            sys.exit(f"the daemon ended: {self.log.read()[-2000:]}")
        try:
            return bool(get(self.api + "/readyz"))
        except OSError:  # not yet, or 503
            with contextlib.suppress(OSError):
                if self.metrics()["glaneur_index_failed"]:
                    sys.exit(f"the index stands still: {open(self.log.name, encoding='utf-8').read()[-2000:]}")
            return False

    def threads(self):
        """(id, name, seconds of CPU, seconds that it waited for a core) of each thread."""
        base = f"/proc/{self.process.pid}/task"
        for tid in os.listdir(base):
            try:
                with open(f"{base}/{tid}/comm", encoding="utf-8") as name, open(f"{base}/{tid}/schedstat", encoding="utf-8") as stat:
                    ran, waited = stat.read().split()[:2]
                    yield int(tid), name.read().strip(), int(ran) / 1e9, int(waited) / 1e9
            except FileNotFoundError:
                pass

    def pin(self):
        if self.cores[0] is not None:
            for tid, name, _, _ in self.threads():
                os.sched_setaffinity(tid, {self.cores[0] if name in ANSWERING else self.cores[1]})

    def used(self):
        """{name of threads: [seconds of CPU, seconds waited]}"""
        used = collections.defaultdict(lambda: [0.0, 0.0])
        for _, name, ran, waited in self.threads():
            used[name][0] += ran
            used[name][1] += waited
        return used

    def metrics(self):
        return parse_metrics(get(self.admin + "/metrics"))

    def memory(self):
        """MB resident now, and at most since the last time."""
        with open(f"/proc/{self.process.pid}/status", encoding="utf-8") as f:
            status = dict(line.split(":", 1) for line in f)
        with open(f"/proc/{self.process.pid}/clear_refs", "w", encoding="utf-8") as f:
            f.write("5")  # proc(5): the peak begins anew
        return tuple(int(status[k].split()[0]) / 1024 for k in ("VmRSS", "VmHWM"))

    def sample(self, seed):
        """Records at random, in runs of a page."""
        newest = json.loads(get(self.api + "/api/v1/changes?since=0&limit=1"))["newest"]
        rng, records = random.Random(seed), {}
        for _ in range(SAMPLE_PAGES):
            page = json.loads(get(f"{self.api}/api/v1/changes?since={rng.randrange(newest)}&limit={SAMPLE_PAGE}&record=1"))
            records.update((r["id"], r["record"]) for r in page["data"] if r["record"] and r["kind"] != "organization")
        return [records[i] for i in sorted(records)]


def start_replay(a, processes, core, churn):
    """Its address. It reads the whole export first."""
    args = [REPLAY, "--port", "0"] + (["--churn", str(a.seed)] if churn else []) + (["--limit", str(a.limit)] if a.limit else [])
    replay = processes.start(args, core, stdout=subprocess.PIPE, text=True)
    return replay, replay.stdout.readline().split(" on ")[1].strip()


# ---- Measuring -------------------------------------------------------------------------------------

def table(title, answers):
    print(f"\n{title}\n\n| | requests | p50 ms | p90 | p99 | max | errors |\n|---|---|---|---|---|---|---|")
    for kind in [None] + [k for k in MIX]:
        s = summary([r for r in answers if kind in (None, r[0])])
        if s["n"]:
            print(f"| {kind or 'all'} | {s['n']} | {s['p50']:.1f} | {s['p90']:.1f} | {s['p99']:.1f} | {s['max']:.1f} | {s['errors']} |")


class Load:
    """http_load; its requests are written when it is made, and sent from start() on."""

    def __init__(self, a, daemon, processes, requests, seconds, seed):
        self.processes = processes
        self.paths = {n: os.path.join(daemon.folder, "load." + n) for n in ("in", "out", "err")}
        with open(self.paths["in"], "w", encoding="utf-8") as f:
            for _ in range(int(a.rate * seconds * 1.1) + 100):
                f.write("\t".join(requests.one()) + "\n")
        core = daemon.cores[1]
        self.command = [os.path.join(a.build, "tests", "http_load"), daemon.api[7:], str(a.rate), str(seconds), str(seed), str(-1 if core is None else core)]

    def start(self):
        with open(self.paths["in"], "rb") as i, open(self.paths["out"], "wb") as o, open(self.paths["err"], "wb") as e:
            self.process = self.processes.start(self.command, None, stdin=i, stdout=o, stderr=e)

    def running(self):
        return self.process.poll() is None

    def end(self):
        """The answers. Requests under way are waited for."""
        if self.running():
            self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self.processes.started.remove(self.process)
        self.said = open(self.paths["err"], encoding="utf-8").read().strip()
        return parse_answers(open(self.paths["out"], encoding="utf-8").read())


def measure(a, daemon, processes, requests, label, seconds, begin=None, until=None):
    """Asks for so many seconds, or until it is true, then prints. `begin` is called once requests come."""
    load = Load(a, daemon, processes, requests, seconds, a.seed)
    before, begun, metrics = daemon.used(), time.monotonic(), daemon.metrics()
    daemon.memory()
    load.start()
    if begin:
        begin()
    ended = False
    while load.running() and not ended:
        time.sleep(0.5)
        daemon.pin()  # threads that were made meanwhile
        ended = bool(until) and until()
    answers = load.end()
    wall, now, after = time.monotonic() - begun, daemon.metrics(), daemon.used()
    resident, peak = daemon.memory()
    table(label, answers)
    spent = {name: after[name][0] - before[name][0] for name in after}
    answering = sum(spent.get(n, 0) for n in ANSWERING)
    waited = sum(after[n][1] - before[n][1] for n in ANSWERING)
    late = sorted(r[2] for r in answers)
    kept = ", ".join(f"{n} {s:.1f}" for n, s in sorted(spent.items(), key=lambda i: -i[1]) if s >= 0.05)
    n = max(1, len(answers))
    print(f"\n{wall:.0f} s, {len(answers) / wall:.0f} requests a second. CPU of the threads that answer: {answering / n * 1e3:.2f} ms a request, "
          f"{100 * answering / wall:.0f} % of a core; they waited {waited / n * 1e3:.2f} ms a request for it. CPU s by thread: {kept}. "
          f"Memory: {resident:.0f} MB, at most {peak:.0f}. The client was late by {at(late, 0.99) or 0:.1f} ms (p99); it used {load.said}.")
    moved = lambda name: now.get(name, 0) - metrics.get(name, 0)
    print(f"Commits of the index meanwhile: {moved('glaneur_index_commits_total'):.0f}, of {moved('glaneur_index_records_written_total'):.0f} records and "
          f"{moved('glaneur_index_figures_written_total'):.0f} figures.")
    for kind, ms, _, status, _ in [r for r in answers if r[3] not in GOOD][:ERRORS_SHOWN]:
        print(f"    error: {kind} {status or 'no answer'}, {ms:.0f} ms")
    return answers


def state_of(daemon, run):
    return json.loads(get(f"{daemon.admin}/api/v1/sources/{SOURCE}/runs?run={run}"))


def during_harvest(a, daemon, processes, requests):
    run = []

    def begin():
        run.append(json.loads(get(f"{daemon.admin}/api/v1/sources/{SOURCE}/runs", "POST"))["run"])

    def ended():
        answer = state_of(daemon, run[0])
        return answer["runs"][0]["state"] not in ("running", "queued") and answer["searchable"]
    answers = measure(a, daemon, processes, requests, "while a harvest runs", a.longest, begin, ended)
    r = state_of(daemon, run[0])["runs"][0]
    print("The harvest: " + r["state"] + ", " + ", ".join(f"{r[k]} {k}" for k in ("added", "updated", "unchanged", "figures", "missing", "removed", "errored"))
          + f"; {r['cpu_seconds']:.0f} s of CPU." + ("" if ended() else " It had not ended."))
    return answers


def harvest_first(a, processes, folder, cores):
    """A data folder with the whole catalogue, as it is before that night."""
    replay, url = start_replay(a, processes, cores[1], False)
    daemon = Daemon(a, processes, folder, url)
    print("harvesting the catalogue first; DATA saves that", file=sys.stderr)
    subprocess.run([daemon.glaneur, "harvest", "-c", daemon.config, "--quiet", "--json"], stdout=subprocess.DEVNULL, check=True)
    processes.end(replay)
    if a.keep:
        shutil.copytree(os.path.join(folder, "data"), a.keep, symlinks=True)


def choose_cores():
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        print("One core only: searching, harvest and client share it.")
        return None, None
    os.sched_setaffinity(0, {cores[1]})
    return cores[0], cores[1]


def run(a, processes, folder):
    replayed = os.access(REPLAY, os.X_OK)
    if not replayed and not a.data:
        print("skipped: ../shared/tools/replay-udata is not beside the project, and no data folder was given")
        return 0
    cores = choose_cores()
    if a.data:
        shutil.copytree(a.data, os.path.join(folder, "data"), symlinks=True, ignore=shutil.ignore_patterns("*.lock", "*.sock"))
    else:
        harvest_first(a, processes, folder, cores)
    url = start_replay(a, processes, cores[1], True)[1] if replayed else "http://127.0.0.1:9"
    daemon = Daemon(a, processes, folder, url)
    daemon.start(cores)
    requests = Requests(daemon.sample(a.seed), a.seed)
    print(f"{daemon.metrics()['glaneur_index_documents']:.0f} documents, {a.rate:g} requests a second, drawn from {len(requests.records)} records.")
    warm = Load(a, daemon, processes, requests, a.warm, a.seed + 1)
    warm.start()
    warm.process.wait()  # not counted
    answers = measure(a, daemon, processes, requests, "alone", a.seconds)
    if replayed:
        answers += during_harvest(a, daemon, processes, requests)
    else:
        print("No harvest: skipped, ../shared/tools/replay-udata is not beside the project.")
    return 1 if summary(answers)["errors"] else 0


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("build")
    p.add_argument("data", nargs="?")
    p.add_argument("--keep", help="where the first harvest is kept, for the next run")
    p.add_argument("--rate", type=float, default=200)
    p.add_argument("--seconds", type=float, default=30, help="without a harvest")
    p.add_argument("--warm", type=float, default=10, help="before that, not counted")
    p.add_argument("--longest", type=float, default=900, help="with a harvest")
    p.add_argument("--seed", type=int, default=42)
    p.add_argument("--ahead", action="store_true", help="as root, on a machine where others work: all of it before them (nice -15)")
    p.add_argument("--limit", type=int, help="only the oldest datasets of the catalogue")
    a = p.parse_args()
    sys.stdout.reconfigure(line_buffering=True)
    processes = Processes(-15 if a.ahead else 0)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory() as folder:
        try:
            return run(a, processes, folder)
        finally:
            processes.end_all()


if __name__ == "__main__":
    sys.exit(main())
