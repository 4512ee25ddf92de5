#!/usr/bin/env python3
"""Writes a data.json of about so many megabytes, the same for the same seed, and measures a harvest of it.

    tests/bench/big_datajson.py FILE [--megabytes 100] [--seed 1]      writes FILE
    tests/bench/big_datajson.py --measure [--megabytes 100]            writes one aside, harvests it with $GLANEUR (default build/glaneur)
                                                                       over HTTP, and prints records, CPU for each, and the peak of memory

What is in it is made up: datasets of 1 to 12 distributions, descriptions of 100 to 3 000 characters, some identifiers that come twice (the
same once more, or another), some items that are none. Of two sizes measured, the peak must be about the same.
"""
import argparse, http.server, json, os, random, subprocess, sys, tempfile, threading, time

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.abspath(os.environ.get("GLANEUR") or os.path.join(HERE, "..", "..", "build", "glaneur"))
WORDS = ("water air soil river coast school budget road permit energy census health climate forest station survey annual county harbour "
         "bridge traffic noise permit parcel zoning library museum station rainfall snow wind solar tide fishery crop harvest").split()
FORMATS = [("CSV", "text/csv"), ("JSON", "application/json"), ("PDF", "application/pdf"), ("SHP", "application/zip"), ("API", "text/html")]


def words(r, low, high):
    return " ".join(r.choice(WORDS) for _ in range(r.randint(low, high)))


def dataset(r, n):
    kinds = [r.choice(FORMATS) for _ in range(r.randint(1, 12))]
    return {
        "@type": "dcat:Dataset",
        "identifier": f"https://agency{n % 40}.example/dataset/{n}",
        "title": words(r, 3, 9).capitalize() + f" {n}",
        "description": words(r, 15, 450),
        "keyword": r.sample(WORDS, r.randint(1, 8)),
        "modified": f"20{r.randint(10, 25)}-{r.randint(1, 12):02}-{r.randint(1, 28):02}",
        "publisher": {"@type": "org:Organization", "name": f"Office {n % 40}", "subOrganizationOf": {"name": f"Department {n % 7}"}},
        "contactPoint": {"@type": "vcard:Contact", "fn": "Open Data", "hasEmail": f"mailto:opendata@agency{n % 40}.example"},
        "accessLevel": r.choice(["public", "public", "restricted public", "non-public"]),
        "license": "https://creativecommons.org/publicdomain/zero/1.0/",
        "spatial": f"{r.uniform(-120, -100):.4f},{r.uniform(25, 35):.4f},{r.uniform(-99, -80):.4f},{r.uniform(36, 48):.4f}",
        "temporal": f"{r.randint(1980, 2005)}/{r.randint(2006, 2025)}",
        "accrualPeriodicity": r.choice(["R/P1Y", "R/P1M", "irregular"]),
        "bureauCode": ["010:04"], "programCode": ["010:001"],
        "landingPage": f"https://agency{n % 40}.example/{n}",
        "distribution": [{"@type": "dcat:Distribution", "title": f"{f} {i}", "format": f, "mediaType": m,
                          "downloadURL": f"https://agency{n % 40}.example/{n}/{i}.{f.lower()}"} for i, (f, m) in enumerate(kinds)],
    }


def write(path, megabytes, seed):
    """How many items were written, and how many of them are records of their own."""
    r, n, items, records, before = random.Random(seed), 0, 0, 0, None
    with open(path, "w", encoding="utf-8") as f:
        f.write('{"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": [')
        while f.tell() < megabytes << 20:
            o = dataset(r, n)
            chunk = [o]
            if n % 5000 == 7:
                chunk = [before]                                  # the same once more
            elif n % 5000 == 11:
                chunk = [{**before, "title": "Another one"}]      # another one of that identifier
            elif n % 5000 == 13:
                chunk = ["no object"]
            else:
                records += 1
                before = o
            f.write(("," if items else "") + json.dumps(chunk[0]))
            items += 1
            n += 1
        f.write("]}\n")
    return items, records


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


def peak(pid):
    """VmHWM in MB; None once it ended."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as f:
            return next((int(line.split()[1]) / 1024 for line in f if line.startswith("VmHWM")), None)
    except (FileNotFoundError, ProcessLookupError):
        return None


def measure(megabytes, seed):
    with tempfile.TemporaryDirectory(prefix="glaneur-big-") as folder:
        items, records = write(os.path.join(folder, "data.json"), megabytes, seed)
        size = os.path.getsize(os.path.join(folder, "data.json"))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), lambda *a: Handler(*a, directory=folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        config = os.path.join(folder, "glaneur.yaml")
        with open(config, "w", encoding="utf-8") as f:
            f.write(f"""data: data
sources:
  - {{name: big, type: datajson, url: "http://127.0.0.1:{server.server_address[1]}/data.json", schedule: never, allow_private: [127.0.0.0/8]}}
""")
        for what in ("first", "again"):
            p = subprocess.Popen([PROGRAM, "harvest", "--json", "-c", config], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            highest, done = 0, []
            reader = threading.Thread(target=lambda p=p, done=done: done.append(p.stdout.read()))
            reader.start()
            while p.poll() is None:
                highest = max(highest, peak(p.pid) or 0)
                time.sleep(0.05)
            reader.join()
            run = json.loads(done[0])["runs"][0]
            print(f"{what}: {size / 1e6:.0f} MB, {items} items, {records} records; added {run['added']}, unchanged {run['unchanged']}, "
                  f"skipped {run['skipped']}, errored {run['errored']}; CPU {run['cpu_seconds']:.1f} s, "
                  f"{1e6 * run['cpu_seconds'] / items:.0f} us an item (indexing included); peak {highest:.0f} MB", flush=True)
            if run["added"] + run["unchanged"] != records:
                sys.exit(f"{records} records were written")
        server.shutdown()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?")
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if args.measure:
        measure(args.megabytes, args.seed)
    elif args.file:
        print("{} items, {} records".format(*write(args.file, args.megabytes, args.seed)))
    else:
        parser.error("a FILE, or --measure")


if __name__ == "__main__":
    main()
