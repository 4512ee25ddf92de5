#!/usr/bin/env python3
"""What an answer costs beyond the search: CPU of the daemon, of each of its threads, for one request over HTTP.

    answers.py BUILD DATA [--requests 300] [--only NAME] [--connections 1] [--calls]

BUILD: a build folder (its glaneur and its tests/bench_answers run). DATA: a data folder that holds an index; it is copied beside itself
while this runs, so that a daemon may go on with it. The queries are one or two words of the titles that are looked at most, the same in
every run. CPU is what the kernel counts for the daemon's threads (schedstat), this program's own not among it; microseconds for one
request: one connection, one request after another, so that waking the threads is part of each; with --connections N, N at a time, as on
a busy server. --calls: how often a request calls the kernel, and what for (strace). Then bench_answers tells the parts inside, and the
last lines sum up what an answer of 20 results costs above its search: the way to a search thread and back (/readyz), reading its records,
their snippets, and writing JSON or the page.
"""
import argparse
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

FACETS = "&facets=kind,publisher,format,license,access"
ANSWERING = ("glaneur", "search")           # threads: the loop, and those that search


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Client:
    """One connection, kept alive."""

    def __init__(self, port):
        self.host = f"127.0.0.1:{port}"
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, path, headers=""):
        self.ask(path, headers)
        return self.answer()

    def ask(self, path, headers=""):
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: {self.host}\r\n{headers}\r\n".encode())

    def answer(self):
        received = b""
        while b"\r\n\r\n" not in received:
            received += self.take()
        head, body = received.split(b"\r\n\r\n", 1)
        fields = dict(line.decode().split(": ", 1) for line in head.split(b"\r\n")[1:])
        status = int(head.split()[1])
        while status != 304 and len(body) < int(fields["Content-Length"]):
            body += self.take()
        return status, fields, body

    def take(self):
        chunk = self.socket.recv(1 << 18)
        if not chunk:
            raise EOFError("the daemon closed the connection")
        return chunk


class Daemon:
    def __init__(self, build, data, folder):
        self.port, admin = free_port(), free_port()
        config = os.path.join(folder, "glaneur.yaml")
        with open(config, "w") as f:
            f.write(f"listen: 127.0.0.1:{self.port}\nadmin: 127.0.0.1:{admin}\ndata: {json.dumps(data)}\nsources: []\n")
        self.log = open(os.path.join(folder, "log"), "w")
        self.process = subprocess.Popen([os.path.join(build, "glaneur"), "serve", "-c", config], stderr=self.log)
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz") as r:
                    if r.status == 200:
                        return
            except OSError:
                time.sleep(0.1)
        raise SystemExit("the daemon is not ready; see " + self.log.name)

    def cpu(self):
        """{thread: (its name, nanoseconds of CPU)}"""
        threads, tasks = {}, f"/proc/{self.process.pid}/task"
        for thread in os.listdir(tasks):
            try:
                with open(f"{tasks}/{thread}/schedstat") as f, open(f"{tasks}/{thread}/comm") as g:
                    threads[thread] = (g.read().strip(), int(f.read().split()[0]))
            except OSError:
                continue
        return threads

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


def words(client):
    found = set()
    for record in json.loads(client.get("/api/v1/search?sort=views&page_size=100")[2])["data"]:
        found.update(w for w in record["title"].split() if len(w) > 3 and w.isalpha())
    return sorted(found)


class Bench:
    def __init__(self, daemon, connections, only):
        self.daemon, self.connections, self.only = daemon, connections, only
        self.us = {}            # by row

    def ask_all(self, paths, headers=""):
        """The last status, and the bytes of all bodies."""
        size, clients = 0, [Client(self.daemon.port) for _ in range(self.connections)]
        for i in range(0, len(paths), len(clients)):
            asked = list(zip(clients, paths[i:i + len(clients)]))
            for client, path in asked:
                client.ask(path, headers)
            for client, _ in asked:
                status, _, body = client.answer()
                size += len(body)
        return status, size

    def row(self, name, paths, headers=""):
        if self.only and self.only not in name:
            return
        before = self.daemon.cpu()
        status, size = self.ask_all(paths, headers)
        spent = dict.fromkeys(ANSWERING, 0)
        for thread, (which, ns) in self.daemon.cpu().items():
            if which in spent:
                spent[which] += ns - before.get(thread, (which, 0))[1]
        each = {k: v / len(paths) / 1000 for k, v in spent.items()}
        self.us[name] = sum(each.values())
        print(f"{name:<44}{sum(each.values()):>9.0f}{each['glaneur']:>9.0f}{each['search']:>9.0f}{size // len(paths):>9}{status:>5}", flush=True)


def count_calls(bench, name, paths):
    """How often one request calls the kernel, by the name of the call."""
    threads = [thread for thread, (which, _) in bench.daemon.cpu().items() if which in ANSWERING]
    with tempfile.NamedTemporaryFile("r") as out:
        tracer = subprocess.Popen(["strace", "-qq", "-c", "-U", "calls,name", "-o", out.name, "-p", ",".join(threads)])
        time.sleep(1)           # until it has attached itself
        bench.ask_all(paths)
        tracer.send_signal(signal.SIGINT)
        tracer.wait(20)
        calls = {}
        for line in out.read().splitlines():
            fields = line.split()
            if len(fields) == 2 and fields[0].isdigit() and fields[1] != "total":
                calls[fields[1]] = int(fields[0]) / len(paths)
    few = {call: n for call, n in calls.items() if n >= 0.05}
    print(f"{name:<44}{sum(few.values()):>9.1f}   " + ", ".join(f"{call} {n:.1f}" for call, n in few.items()), flush=True)


def tag_of(client, path):
    return f"If-None-Match: {client.get(path)[1]['ETag']}\r\n"


def run(a, daemon):
    client = Client(daemon.port)
    known, chance = words(client), random.Random(3)
    queries = [urllib.parse.quote_plus(" ".join(chance.sample(known, chance.choice((1, 1, 2))))) for _ in range(a.requests)]
    bench, packed = Bench(daemon, a.connections, a.only), "Accept-Encoding: gzip\r\n"
    api = [f"/api/v1/search?q={q}" for q in queries]
    fewer = [f"/api/v1/search?page_size=1&q={q}" for q in queries]
    pages = [f"/?q={q}" for q in queries]
    for path in api + pages:                                # what is made at first use
        client.get(path + "&page=2")
    if a.calls:
        print(f"{'calls of the kernel, one request':<44}{'all':>9}")
        count_calls(bench, "nothing (/healthz)", ["/healthz"] * a.requests)
        count_calls(bench, "nothing, on a search thread (/readyz)", ["/readyz"] * a.requests)
        count_calls(bench, "JSON, 20 results, 5 facets", [p + FACETS + "&page=1" for p in api])
        print()
    print(f"{'CPU of one request':<44}{'us':>9}{'loop':>9}{'search':>9}{'bytes':>9}")
    bench.row("nothing (/healthz)", ["/healthz"] * a.requests)
    bench.row("nothing, on a search thread (/readyz)", ["/readyz"] * a.requests)
    bench.row("JSON, one result", fewer)
    bench.row("JSON, 20 results", api)
    bench.row("JSON, 20 results, 5 facets", [p + FACETS for p in api])
    bench.row("JSON, 20 results, gzip", api, packed)
    bench.row("JSON, 20 results, zstd", api, "Accept-Encoding: zstd\r\n")
    bench.row("search page", pages)
    bench.row("search page, gzip", pages, packed)
    bench.row("search page, zstd", pages, "Accept-Encoding: zstd\r\n")
    bench.row("home page", ["/"] + ["/?"] + ["/?x=1"])
    for path in api[-50:] + pages[-50:] + ["/", "/style.css"]:
        client.get(path), client.get(path, packed)
    bench.row("kept: JSON, 20 results", api[-50:] * 6)
    bench.row("kept: JSON, 20 results, gzip", api[-50:] * 6, packed)
    bench.row("kept: search page", pages[-50:] * 6)
    bench.row("kept: search page, gzip", pages[-50:] * 6, packed)
    bench.row("kept: home page, gzip", ["/"] * a.requests, packed)
    bench.row("kept: style sheet, gzip", ["/style.css"] * a.requests, packed)
    bench.row("304: JSON", api[-1:] * a.requests, tag_of(client, api[-1]))
    bench.row("304: search page", pages[-1:] * a.requests, tag_of(client, pages[-1]))
    return bench.us


def run_inside(program, data, over_http):
    """The parts inside, and what they say together."""
    done = subprocess.run([program, data], stdout=subprocess.PIPE, text=True)
    print(f"\n{done.stdout}", flush=True)
    if done.returncode:
        return done.returncode
    part = {line[:36].strip(): float(line[36:]) for line in done.stdout.splitlines()[1:]}
    shared = over_http["nothing, on a search thread (/readyz)"] + part["20 documents: kept in memory"] + part["20 snippets"]
    answer, page = shared + part["JSON written"], shared + part["search page: view"] + part["search page: template"]
    print(f"{'above the search: JSON, 20 results':<44}{answer:>9.0f}\n{'above the search: search page':<44}{page:>9.0f}")
    return 0


p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
p.add_argument("build")
p.add_argument("data")
p.add_argument("--requests", type=int, default=300)
p.add_argument("--connections", type=int, default=1, help="requests that are on their way at the same time")
p.add_argument("--calls", action="store_true", help="count the calls of the kernel first (strace)")
p.add_argument("--only", help="rows whose name has this in it, and nothing of the inside")
a = p.parse_args()
parent = os.path.dirname(os.path.abspath(a.data))
with tempfile.TemporaryDirectory(dir=parent, prefix="answers-") as folder:
    copy = os.path.join(folder, "data")
    shutil.copytree(a.data, copy, symlinks=True, ignore=shutil.ignore_patterns("*.lock"))
    daemon = Daemon(a.build, copy, folder)
    try:
        over_http = run(a, daemon)
    finally:
        daemon.stop()
    inside = os.path.join(a.build, "tests", "bench_answers")
    if not a.only and os.path.exists(inside):
        sys.exit(run_inside(inside, copy, over_http))
