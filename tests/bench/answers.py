#!/usr/bin/env python3
"""What an answer costs beyond the search: CPU of the daemon, of each of its threads, for one request over HTTP.

    answers.py BUILD DATA [--requests 300] [--only NAME]

BUILD: a build folder (its glaneur and its tests/bench_answers run). DATA: a data folder that holds an index; it is copied beside itself
while this runs, so that a daemon may go on with it. The queries are one or two words of the titles that are looked at most, the same in
every run. CPU is what the kernel counts for the daemon's threads (schedstat), this program's own not among it; microseconds for one
request, one connection, one request after another: waking the threads is part of it. Then bench_answers tells the parts inside.
"""
import argparse
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

FACETS = "&facets=kind,publisher,format,license,access"


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
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: {self.host}\r\n{headers}\r\n".encode())
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
    def __init__(self, daemon, client, only):
        self.daemon, self.client, self.only = daemon, client, only

    def row(self, name, paths, headers=""):
        if self.only and self.only not in name:
            return
        before, size = self.daemon.cpu(), 0
        for path in paths:
            status, _, body = self.client.get(path, headers)
            size += len(body)
        spent = {"glaneur": 0, "search": 0}
        for thread, (which, ns) in self.daemon.cpu().items():
            if which in spent:      # the loop, and the search threads
                spent[which] += ns - before.get(thread, (which, 0))[1]
        each = {k: v / len(paths) / 1000 for k, v in spent.items()}
        print(f"{name:<44}{sum(each.values()):>9.0f}{each['glaneur']:>9.0f}{each['search']:>9.0f}{size // len(paths):>9}{status:>5}", flush=True)


def tag_of(client, path):
    return f"If-None-Match: {client.get(path)[1]['ETag']}\r\n"


def run(a, daemon):
    client = Client(daemon.port)
    known, chance = words(client), random.Random(3)
    queries = [urllib.parse.quote_plus(" ".join(chance.sample(known, chance.choice((1, 1, 2))))) for _ in range(a.requests)]
    bench, packed = Bench(daemon, client, a.only), "Accept-Encoding: gzip\r\n"
    api = [f"/api/v1/search?q={q}" for q in queries]
    fewer = [f"/api/v1/search?page_size=1&q={q}" for q in queries]
    pages = [f"/?q={q}" for q in queries]
    for path in api + pages:                                # what is made at first use
        client.get(path + "&page=2")
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


p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
p.add_argument("build")
p.add_argument("data")
p.add_argument("--requests", type=int, default=300)
p.add_argument("--only", help="rows whose name has this in it, and nothing of the inside")
a = p.parse_args()
parent = os.path.dirname(os.path.abspath(a.data))
with tempfile.TemporaryDirectory(dir=parent, prefix="answers-") as folder:
    copy = os.path.join(folder, "data")
    shutil.copytree(a.data, copy, symlinks=True, ignore=shutil.ignore_patterns("*.lock"))
    daemon = Daemon(a.build, copy, folder)
    try:
        run(a, daemon)
    finally:
        daemon.stop()
    inside = os.path.join(a.build, "tests", "bench_answers")
    if not a.only and os.path.exists(inside):
        print(flush=True)
        sys.exit(subprocess.run([inside, copy]).returncode)
