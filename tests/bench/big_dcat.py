#!/usr/bin/env python3
"""DCAT files of hundreds of megabytes: writes one of each serialisation (seeded, the same bytes each time), harvests it from disk with
$GLANEUR (default build/glaneur) and prints a table: size, datasets read, seconds and CPU, CPU per record, peak memory (VmHWM) of glaneur and of
its parsing child. Run: python3 tests/bench/big_dcat.py [--mb 300] [ttl rdf nt jsonld]...   Files go to $TMPDIR and are removed."""
import argparse, glob, json, os, random, resource, subprocess, sys, tempfile, threading, time

sys.dont_write_bytecode = True
ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
PROGRAM = os.environ.get("GLANEUR") or os.path.join(ROOT, "build", "glaneur")
WORDS = """eau air sol bruit énergie transport forêt école budget marché voirie déchet santé logement tourisme culture sport emploi habitat
territoire commune département région population recensement élection adresse cadastre bâtiment réseau rivière littoral montagne agriculture""".split()
FORMATS = ["RDF_XML", "CSV", "JSON", "GEOJSON", "SHP", "XLSX", "PDF"]
PREFIX = {"rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/",
          "foaf": "http://xmlns.com/foaf/0.1/"}


def text(r, n):
    return " ".join(r.choice(WORDS) for _ in range(n)).capitalize()


def facts(r, n):
    """Of the n-th dataset: its IRI, its properties, and those of its distributions, by local name."""
    iri = f"http://data.example/datasets/{n}"
    own = [("dct:title", text(r, 8), "fr"), ("dct:description", text(r, 120), "fr"), ("dct:identifier", f"jdd-{n:08}", ""),
           ("dct:publisher", f"<http://data.example/organizations/{n % 500}>", ""), ("dct:issued", f"20{n % 20:02}-0{n % 9 + 1}-11", ""),
           ("dcat:theme", "<http://publications.europa.eu/resource/authority/data-theme/ENVI>", ""),
           ("dct:accrualPeriodicity", "<http://publications.europa.eu/resource/authority/frequency/ANNUAL>", "")]
    own += [("dcat:keyword", r.choice(WORDS), "fr") for _ in range(6)]
    files = []
    for i in range(r.randint(1, 6)):
        files.append((f"{iri}/files/{i}", [
            ("dct:title", text(r, 5), "fr"), ("dcat:downloadURL", f"<http://data.example/files/{n}-{i}>", ""),
            ("dct:format", f"<http://publications.europa.eu/resource/authority/file-type/{r.choice(FORMATS)}>", ""),
            ("dct:license", "<http://publications.europa.eu/resource/authority/licence/CC_BY_4_0>", ""),
            ("dcat:byteSize", str(r.randint(1000, 10 ** 9)), "")]))
    return iri, own + [("dcat:distribution", f"<{f}>", "") for f, _ in files], files


def full(name):
    prefix, local = name.split(":", 1)
    return PREFIX[prefix] + local


def as_nt(iri, kind, said):
    yield f"<{iri}> <{PREFIX['rdf']}type> <{PREFIX['dcat']}{kind}> .\n"
    for p, o, language in said:
        value = o if o.startswith("<") else json.dumps(o, ensure_ascii=False) + ("@" + language if language else "")
        yield f"<{iri}> <{full(p)}> {value} .\n"


def as_ttl(iri, kind, said):
    yield f"<{iri}> a dcat:{kind}"
    for p, o, language in said:
        yield f" ;\n  {p} " + (o if o.startswith("<") else json.dumps(o, ensure_ascii=False) + ("@" + language if language else ""))
    yield " .\n"


def as_rdf(iri, kind, said):
    yield f'<dcat:{kind} rdf:about="{iri}">\n'
    for p, o, language in said:
        if o.startswith("<"):
            yield f'  <{p} rdf:resource="{o[1:-1]}"/>\n'
        else:
            yield f"  <{p}" + (f' xml:lang="{language}"' if language else "") + f">{o}</{p}>\n"
    yield f"</dcat:{kind}>\n"


def as_jsonld(iri, kind, said):
    node = {"@id": iri, "@type": "dcat:" + kind}
    for p, o, language in said:
        value = {"@id": o[1:-1]} if o.startswith("<") else {"@value": o, "@language": language} if language else o
        node.setdefault(p, []).append(value)
    yield json.dumps(node, ensure_ascii=False) + ",\n"


FORMS = {
    "ttl": (as_ttl, "".join(f"@prefix {k}: <{v}> .\n" for k, v in PREFIX.items()), ""),
    "rdf": (as_rdf, '<?xml version="1.0"?>\n<rdf:RDF ' + " ".join(f'xmlns:{k}="{v}"' for k, v in PREFIX.items()) + ">\n", "</rdf:RDF>\n"),
    "nt": (as_nt, "", ""),
    "jsonld": (as_jsonld, json.dumps({"@context": PREFIX})[:-1] + ', "@graph": [\n', '{"@id":"http://data.example/","@type":"dcat:Catalog"}]}\n'),
}


def write(path, form, size):
    """Datasets, then their distributions far behind them, as exporters that dump a store write them. How many datasets."""
    node, head, tail = FORMS[form]
    r, n, written, waiting = random.Random(4), 0, 0, []
    with open(path, "w", encoding="utf-8") as f:
        def put(iri, kind, said):
            return sum(f.write(part) for part in node(iri, kind, said))
        f.write(head)
        for i in range(500):
            f.writelines(node(f"http://data.example/organizations/{i}", "Agent", [("foaf:name", f"Organisation {i}", "fr")]))
        while written < size:
            iri, said, files = facts(r, n)
            written += put(iri, "Dataset", said)
            waiting += files
            n += 1
            if len(waiting) > 5000:
                for file_iri, file_said in waiting:
                    written += put(file_iri, "Distribution", file_said)
                waiting = []
        for file_iri, file_said in waiting:
            put(file_iri, "Distribution", file_said)
        f.write(tail)
    return n


def peak(pid):
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as f:
            return next(int(line.split()[1]) for line in f if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return 0


def children(pid):
    found = []
    for path in glob.glob(f"/proc/{pid}/task/*/children"):
        try:
            with open(path, encoding="ascii") as f:
                found += map(int, f.read().split())
        except OSError:
            pass
    return found


def measure(path):
    """The run, its seconds, and the peaks in KiB of glaneur and of its children."""
    with tempfile.TemporaryDirectory(prefix="glaneur-big-") as folder:
        config = os.path.join(folder, "glaneur.yaml")
        with open(config, "w", encoding="utf-8") as f:
            f.write(f'data: data\nsources:\n  - {{"name": "big", "type": "dcat", "url": "{path}", "schedule": "never"}}\n')
        began = time.monotonic()
        p = subprocess.Popen([PROGRAM, "harvest", "--json", "-c", config], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        peaks, over = [0, 0], threading.Event()

        def watch():
            while not over.wait(0.05):
                peaks[0] = max(peaks[0], peak(p.pid))
                peaks[1] = max([peaks[1], *map(peak, children(p.pid))])
        watcher = threading.Thread(target=watch)
        watcher.start()
        out = p.communicate()[0]
        over.set()
        watcher.join()
        return json.loads(out)["runs"][0], time.monotonic() - began, peaks


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--mb", type=int, default=300)
    parser.add_argument("forms", nargs="*")
    args = parser.parse_args()
    print("| file | MB | datasets written | read | state | seconds | CPU s | CPU ms per record | peak glaneur MB | peak child MB |")
    print("|---|---|---|---|---|---|---|---|---|---|", flush=True)
    for form in args.forms or list(FORMS):
        with tempfile.TemporaryDirectory(prefix="glaneur-dcat-") as folder:
            path = os.path.join(folder, "catalog." + form)
            count = write(path, form, args.mb * 1_000_000)
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            run, seconds, peaks = measure(path)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            print(f"| {form} | {os.path.getsize(path) / 1e6:.0f} | {count} | {run['added']} | {run['state']} | {seconds:.0f} | {cpu:.1f} "
                  f"| {1000 * cpu / max(run['added'], 1):.2f} | {peaks[0] / 1024:.0f} | {peaks[1] / 1024:.0f} |", flush=True)


main()
