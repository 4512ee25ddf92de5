#!/usr/bin/env python3
"""Kills a harvest of the sample catalogue (kill -9) at random moments, starts it again each time until it is done, and compares what
is stored and found with an undisturbed harvest. For a long run by hand; test_resume.py makes a short one.

    tests/scenario/kill_many.py [N] [SEED] [ADDRESS] [KEY=VALUE ...]

ADDRESS: the catalogue to harvest in the place of the sample, http://127.0.0.1:8000 say, with keys of its source: type=ckan rate=0 (values
are JSON, else text). Serve what does not change meanwhile, slowly enough to be killed on the way.
"""
import json, random, re, sys, time, zlib

from glaneur import SAMPLE, Glaneur, Udata, ours, source

PAGE_SIZE, PAGE_SECONDS = 10, 0.03
QUERIES = ("eau", "velo", "commune", "transport", "données", "budget")


def slow_sample():
    """The sample catalogue, some pages slower than others."""
    server = Udata(SAMPLE)
    server.on_request = lambda path: time.sleep(PAGE_SECONDS * (1 + zlib.crc32(path.encode()) % 3) / 2)
    return server


def end_state(g):
    """All that must not depend on what happened on the way: each record, and what searches find."""
    daemon = g.serve()
    records = {}
    for kind in ("dataset", "dataservice", "reuse", "software", "organization"):
        page = 1
        while page:
            answer = daemon.search(kind=kind, sort="title", page=page, page_size=100)
            for r in answer["data"]:
                records[r["id"]] = ours(daemon.record(r["id"]))
            page = page + 1 if answer["next_page"] else None
    totals = {q: daemon.search(q, facets="kind,publisher,format", page_size=1)["total"] for q in QUERIES}
    facets = daemon.search(facets="kind,license,format,publisher,status,access", page_size=1)["facets"]
    daemon.stop()
    verified = g.json("verify")
    verified.pop("behind")
    return {"records": records, "totals": totals, "facets": facets, "verify": verified}


class Elsewhere:
    """A catalogue that somebody else serves: its requests cannot be counted."""

    def __init__(self, url):
        self.url, self.requests = url, None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


def kill_at_random(g, server, dice):
    """Starts a harvest and kills it; None when it was killed, else its run."""
    process = g.start("harvest", "--json")
    if server.requests is None:
        time.sleep(dice.random() * dice.choice((0.1, 1, 5)))
    else:
        stop_after = len(server.requests) + dice.randrange(0, 12)
        while process.running and len(server.requests) < stop_after:
            time.sleep(0.001)
        time.sleep(dice.random() * dice.choice((0.005, 0.05, 0.3)))
    if process.running:
        process.kill()
        return None
    return json.loads(process.popen.stdout.read())["runs"][0]


def one_life(server, dice, most, **keys):
    """A fresh store, harvested until it is done, killed at most so often. (kills, its folder, the last run)"""
    g = Glaneur(source(server, **{"page_size": PAGE_SIZE, **keys}))
    kills, run = 0, None
    while kills < most and run is None:
        run = kill_at_random(g, server, dice)
        kills += run is None
    return kills, g, run or g.harvest()


def undisturbed(catalogue=None, **keys):
    with catalogue or Udata(SAMPLE) as server:
        g = Glaneur(source(server, **{"page_size": PAGE_SIZE, **keys}))
        run = g.harvest()
        state = end_state(g)
        said = g.close()
    return run, without_port(state), said


def without_port(state):
    """Addresses of the simulated server hold its port."""
    return json.loads(re.sub(r"127\.0\.0\.1:[0-9]+", "127.0.0.1", json.dumps(state)))


def value(text):
    try:
        return json.loads(text)
    except ValueError:
        return text


def main():
    numbers = [int(arg) for arg in sys.argv[1:] if arg.isdigit()]
    keys = {k: value(v) for k, v in (arg.split("=", 1) for arg in sys.argv[1:] if "=" in arg and "://" not in arg)}
    address = next((arg for arg in sys.argv[1:] if "://" in arg), None)
    wanted, seed = (numbers + [50, int(time.time())][len(numbers):])[:2]
    elsewhere = Elsewhere(address) if address else None
    print(f"seed {seed}", flush=True)
    dice, done, lives, resumed = random.Random(seed), 0, 0, 0
    _, expected, said = undisturbed(elsewhere, **keys)
    if said:
        raise SystemExit("\n".join(said))
    with elsewhere or slow_sample() as server:
        while done < wanted:
            kills, g, run = one_life(server, dice, wanted - done, **keys)
            state = without_port(end_state(g))
            said = g.close()
            if state != expected or said:
                raise SystemExit(f"after {kills} kills the end state differs\n{run}\n" + "\n".join(said))
            done, lives, resumed = done + kills, lives + 1, resumed + (kills > 0 and run["run"] == 1)
            print(f"{done} kills, {lives} harvests, {resumed} of them ended in the run that they began with", flush=True)


if __name__ == "__main__":
    main()
