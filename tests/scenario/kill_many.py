#!/usr/bin/env python3
"""Kills a harvest of the sample catalogue (kill -9) at random moments, starts it again each time until it is done, and compares what
is stored and found with an undisturbed harvest. For a long run by hand; test_resume.py makes a short one.

    tests/scenario/kill_many.py N [SEED]
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
    for kind in ("dataset", "dataservice", "reuse", "organization"):
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


def kill_at_random(g, server, dice):
    """Starts a harvest and kills it; None when it was killed, else its run."""
    process = g.start("harvest", "--json")
    stop_after = len(server.requests) + dice.randrange(0, 12)
    while process.running and len(server.requests) < stop_after:
        time.sleep(0.001)
    time.sleep(dice.random() * dice.choice((0.005, 0.05, 0.3)))
    if process.running:
        process.kill()
        return None
    return json.loads(process.popen.stdout.read())["runs"][0]


def one_life(server, dice, most):
    """A fresh store, harvested until it is done, killed at most so often. (kills, its folder, the last run)"""
    g = Glaneur(source(server, page_size=PAGE_SIZE))
    kills, run = 0, None
    while kills < most and run is None:
        run = kill_at_random(g, server, dice)
        kills += run is None
    return kills, g, run or g.harvest()


def undisturbed():
    with Udata(SAMPLE) as server:
        g = Glaneur(source(server, page_size=PAGE_SIZE))
        run = g.harvest()
        state = end_state(g)
        said = g.close()
    return run, without_port(state), said


def without_port(state):
    """Addresses of the simulated server hold its port."""
    return json.loads(re.sub(r"127\.0\.0\.1:[0-9]+", "127.0.0.1", json.dumps(state)))


def main():
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
    print(f"seed {seed}", flush=True)
    dice, done, lives, resumed = random.Random(seed), 0, 0, 0
    _, expected, said = undisturbed()
    if said:
        raise SystemExit("\n".join(said))
    with slow_sample() as server:
        while done < wanted:
            kills, g, run = one_life(server, dice, wanted - done)
            state = without_port(end_state(g))
            said = g.close()
            if state != expected or said:
                raise SystemExit(f"after {kills} kills the end state differs\n{run}\n" + "\n".join(said))
            done, lives, resumed = done + kills, lives + 1, resumed + (kills > 0 and run["run"] == 1)
            print(f"{done} kills, {lives} harvests, {resumed} of them ended in the run that they began with", flush=True)


if __name__ == "__main__":
    main()
