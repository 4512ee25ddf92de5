#!/usr/bin/env python3
"""The samples of DCAT: each file of the shared data that holds RDF, served alone with its media type, and all of them from a folder. Records
offered are counted here from the files, by the types that they write: datasets and series once each, data services with a name of their
own. Run: python3 tests/bench/samples/dcat.py [--records] [PART OF A NAME...]"""
import glob, http.server, json, os, re, sys, threading, urllib.parse
import xml.etree.ElementTree as ET

from commons import Glaneur, SHARED, filled, head, row

TYPES = {".rdf": "application/rdf+xml", ".xml": "application/xml", ".ttl": "text/turtle", ".jsonld": "application/ld+json",
         ".json": "application/json", ".nt": "application/n-triples"}
RDF, DCAT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}", "{http://www.w3.org/ns/dcat#}"
KINDS = {"Dataset": 0, "DatasetSeries": 0, "DataService": 1}


def count_xml(text):
    """Subjects by their types, as elements or rdf:type; those that tell no more than their type are only named."""
    found = [set(), set()]
    for number, e in enumerate(ET.fromstring(text).iter()):
        types = {e.tag} | {DCAT + t.get(RDF + "resource", "").rpartition("#")[2] for t in e.findall(RDF + "type")
                           if t.get(RDF + "resource", "").startswith("http://www.w3.org/ns/dcat#")}
        for name, kind in KINDS.items():
            if DCAT + name in types and any(c.tag != RDF + "type" for c in e):
                subject = e.get(RDF + "about") or e.get(RDF + "nodeID")
                if subject or kind == 0:
                    found[kind].add(subject or number)
    return found


def count_jsonld(text):
    found = [set(), set()]

    def walk(v):
        if isinstance(v, list):
            for x in v:
                walk(x)
        elif isinstance(v, dict):
            types = v.get("@type", v.get("type", []))
            for t in [types] if isinstance(types, str) else types:
                kind = KINDS.get(re.split("[#:/]", str(t))[-1])
                subject = v.get("@id")
                if kind is not None and "dcat" in str(t).lower() + str(t)[:7].lower() + "dcat" and len(v) > 2 and (subject or kind == 0):
                    if kind == 0 or any(str(k).endswith("title") for k in v):
                        found[kind].add(subject or id(v))
            for x in v.values():
                walk(x)
    walk(json.loads(text))
    return found


def count_turtle(text):
    """Statements "... a dcat:Dataset" outside of texts; the name before them, or a number for a blank node."""
    text = re.sub(r'""".*?"""|"(\\.|[^"\\\n])*"', '""', text.decode(), flags=re.S)
    found = [set(), set()]
    for m in re.finditer(r"(?:(\S+)\s+|[;\[\]]\s*)a\s+((?:\w+:\w+\s*,\s*)*)dcat:(DatasetSeries|Dataset|DataService)\b", text):
        subject = m[1] if m[1] and m[1] not in (";", "[", "]", "[]") else m.start()
        if KINDS[m[3]] == 0 or not isinstance(subject, int):
            found[KINDS[m[3]]].add(subject)
    return found


def count(path, text):
    try:
        if path.endswith((".rdf", ".xml")):
            return count_xml(text)
        return count_turtle(text) if path.endswith(".ttl") else count_jsonld(text)
    except Exception as e:  # noqa: BLE001: such a file is offered as it is
        return f"? ({str(e)[:60]})"


def harvest(url):
    """One harvest in a folder of its own: the run, and the records that it left."""
    g = Glaneur({"name": "dcat", "type": "dcat", "url": url, "schedule": "never", "rate": 0, "attempts": 1, "allow_private": ["127.0.0.0/8"]})
    try:
        run = g.harvest(code=None)
        if not run["added"]:
            return run, []
        return run, [g.show(identifier) for identifier in g.found()]
    finally:
        g.close()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        path = os.path.join(SHARED, urllib.parse.unquote(urllib.parse.urlsplit(self.path).path).lstrip("/"))
        found = os.path.isfile(path)
        body = open(path, "rb").read() if found else b""
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", TYPES.get(os.path.splitext(path)[1], "text/plain"))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def main():
    wanted = [a for a in sys.argv[1:] if not a.startswith("-")]
    files = sorted(f for f in glob.glob(SHARED + "/dcat-rdf-samples/**/*", recursive=True)
                   if os.path.splitext(f)[1] in TYPES and not re.search("/ckanext-dcat/ckan/|json_parsed_result", f))
    if not files:
        print(f"skipped: no dcat-rdf-samples in {SHARED}")
        return
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    everything = []
    head()
    for path in files:
        name = os.path.relpath(path, SHARED)
        if wanted and not any(w in name for w in wanted):
            continue
        with open(path, "rb") as f:
            found = count(path, f.read())
        offered = found if isinstance(found, str) else f"{len(found[0])} datasets, {len(found[1])} services"
        run, records = harvest(f"http://127.0.0.1:{server.server_port}/{urllib.parse.quote(name)}")
        row(name.removeprefix("dcat-rdf-samples/"), offered, run, run["added"])
        everything += records
        if "--records" in sys.argv:
            print(json.dumps(records, ensure_ascii=False, indent=1))
    filled(everything)
    server.shutdown()


main()
