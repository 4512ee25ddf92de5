#!/usr/bin/env python3
"""Searches against a running daemon, first alone, then while a harvest runs: failures, p50, p99, slowest.

    search_load.py --api http://127.0.0.1:8080 --admin http://127.0.0.1:8081 --source NAME [--seconds 20]

One keep-alive connection for each of --clients (2) threads; the words are taken from titles that the daemon holds. The
harvest is forced (every record is written and indexed again). Wall time as a client sees it. A benchmark: it fails only when
a request does.
"""
import argparse
import http.client
import json
import random
import threading
import time
import urllib.parse
import urllib.request


def words_of(api):
    words = set()
    for page in range(1, 6):
        with urllib.request.urlopen(f"{api}/api/v1/search?sort=views&page_size=100&page={page}") as r:
            for record in json.load(r)["data"]:
                words.update(w for w in record["title"].split() if len(w) > 3)
    return sorted(words)


class Client(threading.Thread):
    def __init__(self, api, words, seed, stop):
        super().__init__()
        self.host = urllib.parse.urlsplit(api).netloc
        self.words, self.random, self.stop = words, random.Random(seed), stop
        self.times, self.failures = [], []

    def run(self):
        connection = http.client.HTTPConnection(self.host, timeout=30)
        while not self.stop.is_set():
            q = " ".join(self.random.sample(self.words, self.random.choice((1, 1, 2, 2, 3))))
            path = "/api/v1/search?" + urllib.parse.urlencode({"q": q, "facets": self.random.choice(("", "kind,license"))})
            start = time.perf_counter()
            try:
                connection.request("GET", path)
                response = connection.getresponse()
                response.read()
                if response.status != 200:
                    self.failures.append(f"{response.status} {path}")
            except OSError as e:
                self.failures.append(f"{e} {path}")
                connection = http.client.HTTPConnection(self.host, timeout=30)
            self.times.append(time.perf_counter() - start)


def measure(a, words, label, until):
    stop = threading.Event()
    clients = [Client(a.api, words, n, stop) for n in range(a.clients)]
    for c in clients:
        c.start()
    until()
    stop.set()
    for c in clients:
        c.join()
    times = sorted(t for c in clients for t in c.times)
    failures = [f for c in clients for f in c.failures]
    at = lambda share: times[min(len(times) - 1, int(share * len(times)))] * 1000
    print(f"{label:<18}{len(times):>9}{len(failures):>10}{at(0.5):>9.1f}{at(0.99):>9.1f}{times[-1] * 1000:>9.1f}", flush=True)
    for f in failures[:5]:
        print("   ", f)
    return len(failures)


def harvest(a):
    request = urllib.request.Request(f"{a.admin}/api/v1/sources/{a.source}/runs?force=1", method="POST")
    run = json.load(urllib.request.urlopen(request))["run"]
    while True:
        with urllib.request.urlopen(f"{a.admin}/api/v1/sources/{a.source}/runs?run={run}") as r:
            answer = json.load(r)
        if answer["runs"][0]["state"] not in ("running", "queued") and answer["searchable"]:
            return
        time.sleep(0.5)


p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
p.add_argument("--api", default="http://127.0.0.1:8080")
p.add_argument("--admin", default="http://127.0.0.1:8081")
p.add_argument("--source", required=True)
p.add_argument("--seconds", type=int, default=20)
p.add_argument("--clients", type=int, default=2)
a = p.parse_args()
words = words_of(a.api)
print(f"{'':<18}{'searches':>9}{'failures':>10}{'p50 ms':>9}{'p99 ms':>9}{'max ms':>9}")
failures = measure(a, words, "alone", lambda: time.sleep(a.seconds))
failures += measure(a, words, "while harvesting", lambda: harvest(a))
raise SystemExit(1 if failures else 0)
