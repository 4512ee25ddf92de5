#!/usr/bin/env python3
"""Harvests what ../shared/data holds of ArcGIS Hub's search API, served over HTTP as the real server pages it, and prints what was offered and
what was read; then a catalogue made up here: 1 000 items.

    tests/bench/samples/arcgis.py [--shared DIR]      the program is $GLANEUR, else build/glaneur

Offered is counted by this program: different ids with a name. Without samples it says so. Ends with 1 when something differs.
"""
import argparse, glob, json, os, shutil, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..", "..")
PROGRAM = os.path.abspath(os.environ.get("GLANEUR") or os.path.join(ROOT, "build", "glaneur"))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(HERE, "..", "..", "scenario"))
from dcatus import Hub, item


def samples(folder):
    """(path, items) of every JSON file below that has the shape of a page."""
    for path in sorted(glob.glob(folder + "/*arcgis*/**/*.json", recursive=True) + glob.glob(folder + "/**/*arcgis*.json", recursive=True)):
        with open(path, "rb") as f:
            try:
                page = json.loads(f.read().decode("utf-8-sig"))
            except ValueError:
                continue
        items = page.get("features") if isinstance(page, dict) else None
        if isinstance(items, list) and items and all(isinstance(o, dict) and isinstance(o.get("properties"), dict) and "title" in o["properties"] for o in items):
            yield path, items


def harvest(name, items):
    folder = tempfile.mkdtemp(prefix="glaneur-arcgis-")
    try:
        with Hub({"all": items}) as server:
            config = os.path.join(folder, "glaneur.yaml")
            with open(config, "w", encoding="utf-8") as f:
                f.write(f"""data: data
sources:
  - {{name: cat, type: arcgis, url: "{server.url}", schedule: never, rate: 0, page_size: 1000, allow_private: [127.0.0.0/8]}}
""")
            p = subprocess.run([PROGRAM, "harvest", "--json", "-c", config], capture_output=True, text=True, timeout=900)
            run = json.loads(p.stdout)["runs"][0]
            requests = len(server.paths())
    finally:
        shutil.rmtree(folder)
    offered = len({o.get("id") for o in items})
    why = "; ".join(dict.fromkeys(e["message"] for e in run["errors"])) or run.get("message") or ""
    print(f"| {name} | {offered} | {run['added']} | {run['skipped']} | {run['errored']} | {requests} | {why} |", flush=True)
    return run["added"] + run["skipped"] + run["errored"] == offered


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", default=os.environ.get("GLANEUR_SHARED") or os.path.join(ROOT, "..", "shared"))
    args = parser.parse_args()
    folder, good, found = os.path.join(args.shared, "data"), True, 0
    print("| file | offered | read | skipped | refused | requests | why |\n| --- | --- | --- | --- | --- | --- | --- |", flush=True)
    for path, items in samples(folder):
        found += 1
        good &= harvest(os.path.relpath(path, folder), items)
    good &= harvest("made up", [item(n) for n in range(1, 1001)])
    if not found:
        print(f"\n{folder} holds no sample of ArcGIS Hub's search API: skipped")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
