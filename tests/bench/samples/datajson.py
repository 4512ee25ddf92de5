#!/usr/bin/env python3
"""Harvests every data.json of ../shared/data, served over HTTP as their servers do, and prints what was offered and what was read.

    tests/bench/samples/datajson.py [--shared DIR] [--only PART]     the program is $GLANEUR, else build/glaneur

First table: each file; offered is counted by this program, from the JSON, by rules of its own: elements of the lists of a catalogue,
each identifier once. Then each timeline: its versions harvested in order into one store, beside a plain comparison of the files
(by identifier; canonical JSON without `modified`, keywords in any order), and what explains a difference. Last: the pool of documents
used to judge searches. What is not there is left out, and said. Ends with 1 when something differs and nothing explains it.
"""
import argparse, contextlib, glob, gzip, http.server, json, os, shutil, sqlite3, subprocess, sys, tempfile, threading

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..", "..")
PROGRAM = os.path.abspath(os.environ.get("GLANEUR") or os.path.join(ROOT, "build", "glaneur"))


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves server.body at /data.json, whatever the query: servers of whole files do not look at it. Gzip when it is accepted."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if not self.path.startswith("/data.json"):
            self.send_error(404)
            return
        body = self.server.body
        self.send_response(200)
        if "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, 1)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


class Source:
    """A folder with a store, and a server whose document can be changed between two harvests."""

    def __init__(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.folder = tempfile.mkdtemp(prefix="glaneur-datajson-")
        self.config = os.path.join(self.folder, "glaneur.yaml")
        with open(self.config, "w", encoding="utf-8") as f:
            f.write(f"""data: data
sources:
  - name: cat
    type: datajson
    url: http://127.0.0.1:{self.server.server_address[1]}/data.json
    schedule: never
    rate: 0
    attempts: 1
    allow_private: [127.0.0.0/8]
    max_removed: 1
""")

    def run(self, *args):
        p = subprocess.run([PROGRAM, *args, "-c", self.config], capture_output=True, text=True, timeout=600)
        return p.stdout

    def harvest(self, body):
        self.server.body = body
        return json.loads(self.run("harvest", "--json"))["runs"][0]

    def hashes(self):
        """Of every record that the store holds, by its id."""
        with contextlib.closing(sqlite3.connect(os.path.join(self.folder, "data", "store.db"))) as db:
            return dict(db.execute("SELECT id, hex(hash) FROM records WHERE removed_at IS NULL"))

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        shutil.rmtree(self.folder)


# ---- What a file offers --------------------------------------------------------------------------

def text(v):
    return v.strip() if isinstance(v, str) else ""


def identifier(o):
    """What a dataset can be known by: its identifier, @id or landing page; None when there is none."""
    i = o.get("identifier")
    if isinstance(i, dict):
        i = text(i.get("@id")) or text(i.get("notation"))
    return text(str(i) if isinstance(i, int) else i) or text(o.get("@id")) or text(o.get("landingPage")) or None


def listed(catalogue):
    """Every (kind, object) of a document's lists, in their order, catalogues in it included."""
    if isinstance(catalogue, list):
        catalogue = {"dataset": catalogue}
    for key, value in catalogue.items():
        for o in value if isinstance(value, list) else [value]:
            if key in ("dataset", "service", "datasetSeries"):
                yield ("service" if key == "service" else "dataset"), o
            elif key == "catalog":
                yield from listed(o)


def held(catalogue):
    """The datasets that are written in full within services and series."""
    for key in ("service", "datasetSeries"):
        for o in catalogue.get(key, []) if isinstance(catalogue, dict) else []:
            for inner in ("servesDataset", "seriesMember", "first", "last"):
                value = o.get(inner, [])
                yield from (d for d in (value if isinstance(value, list) else [value]) if isinstance(d, dict) and "description" in d)


class Offer:
    """What there is to read: objects by (kind, identifier), those without, and how many say an identifier again."""

    def __init__(self, document):
        self.count, self.by_id, self.nameless, self.again = 0, {}, [], []
        for kind, o in listed(document):
            if o is None:
                continue
            self.count += 1
            i = identifier(o) if isinstance(o, dict) else None
            if i is None:
                self.nameless.append(o)
            elif (kind, i) in self.by_id:
                self.again.append((i, o))
            else:
                self.by_id[kind, i] = o
        for o in held(document):
            if identifier(o) and ("dataset", identifier(o)) not in self.by_id:
                self.count += 1
                self.by_id["dataset", identifier(o)] = o
        self.readable = {k for k, o in self.by_id.items() if o.get("title")}


def load(path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as f:
        body = f.read()
    return body, json.loads(body.decode("utf-8-sig"))


def row(*cells):
    print("| " + " | ".join(str(c).replace("|", "\\|").replace("\n", " ") for c in cells) + " |", flush=True)


# ---- The tables ----------------------------------------------------------------------------------

def files(folder):
    good = True
    row("file", "offered", "read", "again", "refused", "why")
    row(*["---"] * 6)
    for path in sorted(glob.glob(folder + "/head/*.json") + glob.glob(folder + "/ckan-ng/**/*.json", recursive=True)
                       + glob.glob(folder + "/datagov-harvester/**/*.json", recursive=True)):
        body, document = load(path)
        offer, source = Offer(document), Source()
        run = source.harvest(body)
        source.close()
        why = "; ".join(dict.fromkeys(e["message"] for e in run["errors"]))
        row(os.path.relpath(path, folder), offer.count, run["added"], run["skipped"], run["errored"], why or run.get("message") or "")
        good &= run["added"] == len(offer.readable) and run["added"] + run["skipped"] + run["errored"] == offer.count
    return good


# What a record has no place for, or keeps as a figure: a change of these alone changes no record.
LEFT_OUT = {"bureauCode", "programCode", "isPartOf", "systemOfRecords", "primaryITInvestmentUII", "dataQuality", "describedByType", "@type",
            "rights"}


def canonical(o):
    """An object as a plain comparison sees it."""
    o = {k: v for k, v in o.items() if k != "modified"}
    if isinstance(o.get("keyword"), list):
        o["keyword"] = sorted(o["keyword"], key=str)
    return json.dumps(o, sort_keys=True)


def timeline(folder):
    """One store, the versions in order. A step's differences are explained by name, or counted as wrong."""
    good, before, source = True, None, Source()
    row("version", "added", "updated", "unchanged", "missing", "restored", "errored", "plain: added", "changed", "same", "gone", "explained")
    row(*["---"] * 12)
    kept = {}
    for path in sorted(glob.glob(folder + "/*.json.gz")):
        body, document = load(path)
        offer = Offer(document)
        run = source.harvest(body)
        now = {k: canonical(o) for k, o in offer.by_id.items()}
        raw = {k: o for k, o in offer.by_id.items()}
        old = before or {}
        added = [k for k in now if k not in old]
        gone = [k for k in old if k not in now]
        changed = [k for k in now if k in old and now[k] != old[k]]
        same = len(now) - len(added) - len(changed)
        hashes = source.hashes()
        updated = {k for k in now if ours(k) in kept and kept[ours(k)] != hashes.get(ours(k))}
        notes, wrong = [], 0
        for k in sorted(set(changed) - updated):
            fields = {f for f in set(raw[k]) | set(previous[k]) if raw[k].get(f) != previous[k].get(f)} - {"modified"}
            if fields <= LEFT_OUT:
                notes.append(f"{k[1]}: only {', '.join(sorted(fields))}, left out or a figure")
            elif all(folded(raw[k].get(f)) == folded(previous[k].get(f)) for f in fields - LEFT_OUT):
                notes.append(f"{k[1]}: only white space or order in {', '.join(sorted(fields - LEFT_OUT))}")
            else:
                wrong += 1
                notes.append(f"WRONG {k[1]}: {', '.join(sorted(fields))} changed, the record did not")
        for k in sorted(updated - set(changed)):
            wrong += 1
            notes.append(f"WRONG {k[1]}: the record changed, its object did not")
        back = run["restored"]
        if run["added"] + back != len(added):
            wrong += 1
            notes.append(f"WRONG {len(added)} new objects")
        row(os.path.basename(path)[:-8], run["added"], run["updated"], run["unchanged"], run["missing"], back, run["errored"],
            len(added), len(changed), same, len(gone), "; ".join(notes))
        good &= wrong == 0
        before, previous, kept = now, raw, hashes
    source.close()
    return good


def ours(key):
    return "cat:" + ("dataservice." if key[0] == "service" else "") + key[1]


def folded(v):
    """A value without what no record keeps: white space, order."""
    if isinstance(v, list):
        return sorted(folded(e) for e in v)
    if isinstance(v, dict):
        return json.dumps({k: folded(e) for k, e in v.items() if k not in LEFT_OUT}, sort_keys=True)
    return " ".join(str(v).split())


def pool(path):
    body, document = load(path)
    source = Source()
    run = source.harvest(body)
    source.close()
    row("file", "offered", "read", "refused")
    row(*["---"] * 4)
    row(os.path.basename(path), len(document["dataset"]), run["added"], run["errored"])
    return run["added"] == len(document["dataset"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", default=os.environ.get("GLANEUR_SHARED") or os.path.join(ROOT, "..", "shared"))
    parser.add_argument("--only", choices=["files", "timeline", "pool"])
    args = parser.parse_args()
    folder, good = os.path.join(args.shared, "data", "dcat-us-datajson"), True
    acordar = os.path.join(args.shared, "data", "acordar1-pool", "data.json")
    if not os.path.isdir(folder):
        print(f"{folder} is not there: skipped")
    else:
        if args.only in (None, "files"):
            good &= files(folder)
        for each in sorted(glob.glob(folder + "/timeline/*")) if args.only in (None, "timeline") else []:
            print(f"\n{os.path.basename(each)}:\n")
            good &= timeline(each)
    if args.only in (None, "pool"):
        print()
        if os.path.isfile(acordar):
            good &= pool(acordar)
        else:
            print(f"{acordar} is not there: skipped")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
