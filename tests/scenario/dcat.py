"""A small simulated DCAT catalogue on loopback, in any serialisation and dialect of paging.

    with Dcat([dataset(n) for n in range(9)], size=4, paging="hydra", form="ttl") as server:
        server.broken["/catalog?page=2"] = b"@prefix"    # in place of the right answer, each time
        ...                                              # harvest server.url
        server.paths()                                   # what was asked for, oldest first

A dataset is {property: [object...]} with prefixed names; an object is a string ("text", "text@fr"), "<iri>", or a dict, which is a blank
node. `shuffle` gives another order and other blank labels to each answer.
"""
import json, random, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape, quoteattr

PREFIXES = {"rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/", "hydra": "http://www.w3.org/ns/hydra/core#", "ldp": "http://www.w3.org/ns/ldp#",
            "vcard": "http://www.w3.org/2006/vcard/ns#", "skos": "http://www.w3.org/2004/02/skos/core#"}
TYPES = {"ttl": "text/turtle", "rdf": "application/rdf+xml", "nt": "application/n-triples", "jsonld": "application/ld+json",
         "trig": "application/trig"}


def dataset(n, **more):
    """The n-th dataset; `more` replaces its properties, named dct_title and the like."""
    base = {"@id": f"<http://data.example/datasets/{n}>", "rdf:type": ["<dcat:Dataset>"], "dct:title": [f"Titre {n}@fr", f"Title {n}@en"],
            "dct:description": [f"Description {n}."], "dcat:keyword": ["eau@fr", "air@fr"],
            "dct:publisher": [{"rdf:type": ["<foaf:Organization>"], "foaf:name": ["Ville de Rennes"]}],
            "dcat:distribution": [{"rdf:type": ["<dcat:Distribution>"], "dct:title": [f"Fichier {i}"],
                                   "dcat:downloadURL": [f"<http://data.example/{n}/{i}.csv>"]} for i in (1, 2)]}
    for key, value in more.items():
        name = key.replace("_", ":", 1)
        if value is None:
            base.pop(name, None)
        else:
            base[name] = value if isinstance(value, list) else [value]
    return base


def full(name):
    prefix, _, rest = name.partition(":")
    return PREFIXES[prefix] + rest if prefix in PREFIXES else name


def triples(node, subject, label):
    """(subject, predicate, object) of a node and of those in it; blank nodes are "_:label"."""
    for name, objects in node.items():
        if name == "@id":
            continue
        for o in objects:
            if isinstance(o, dict):
                inner = "_:" + label()
                yield subject, full(name), inner
                yield from triples(o, inner, label)
            else:
                yield subject, full(name), o


def term(o):
    """Of N-Triples."""
    if o.startswith("_:"):
        return o
    if o.startswith("<") and o.endswith(">"):
        return "<" + full(o[1:-1]) + ">"
    text, at, language = o.rpartition("@")
    language = language if at and len(language) == 2 else ""
    return json.dumps(text if language else o, ensure_ascii=False) + ("@" + language if language else "")


def serialise(graph, form):
    if form in ("nt", "ttl"):
        return "".join(f"{term(s)} <{p}> {term(o)} .\n" for s, p, o in graph).encode()
    if form == "trig":
        return b"<http://data.example/graph> {\n" + serialise(graph, "nt") + b"}\n"
    nodes = {}
    for s, p, o in graph:
        nodes.setdefault(s, []).append((p, o))

    def name(s):
        return s if s.startswith("_:") else full(s[1:-1])
    if form == "jsonld":
        def value(o):
            if o.startswith(("_:", "<")):
                return {"@id": name(o)}
            text, at, language = o.rpartition("@")
            return {"@value": text, "@language": language} if at and len(language) == 2 else {"@value": o}
        out = []
        for s, said in nodes.items():
            node = {"@id": name(s)}
            for p, o in said:
                if p == PREFIXES["rdf"] + "type":
                    node.setdefault("@type", []).append(name(o))
                else:
                    node.setdefault(p, []).append(value(o))
            out.append(node)
        return json.dumps({"@graph": out}, ensure_ascii=False).encode()
    lines = ['<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF ' + " ".join(f'xmlns:{k}="{v}"' for k, v in PREFIXES.items()) + ">"]
    for s, said in nodes.items():
        about = f'rdf:nodeID="{s[2:]}"' if s.startswith("_:") else "rdf:about=" + quoteattr(name(s))
        lines.append(f"<rdf:Description {about}>")
        for p, o in said:
            prefix = next(k for k, v in PREFIXES.items() if p.startswith(v))
            tag = prefix + ":" + p[len(PREFIXES[prefix]):]
            if o.startswith("_:"):
                lines.append(f'<{tag} rdf:nodeID="{o[2:]}"/>')
            elif o.startswith("<"):
                lines.append(f"<{tag} rdf:resource={quoteattr(name(o))}/>")
            else:
                text, at, language = o.rpartition("@")
                tagged = at and len(language) == 2
                lines.append(f"<{tag}" + (f' xml:lang="{language}"' if tagged else "") + f">{escape(text if tagged else o)}</{tag}>")
        lines.append("</rdf:Description>")
    return "\n".join(lines + ["</rdf:RDF>"]).encode()


class Dcat:
    """paging: hydra (hydra:view), paged (literal hydra:nextPage), ldp, or None for one document. lead: page number -> where it leads, in
    place of the next page; None: nowhere."""

    def __init__(self, datasets, size=4, paging=None, form="ttl", shuffle=None, total=True):
        self.datasets, self.size, self.paging, self.form, self.total = list(datasets), size, paging, form, total
        self.random = random.Random(shuffle) if shuffle is not None else None
        self.broken, self.lead, self.asked, self.host = {}, {}, [], None
        catalogue = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                catalogue.asked.append(self.path)
                answer = catalogue.broken.get(self.path)
                status, body = 200, answer
                if answer is None:
                    status, body = catalogue.answer(self.path)
                self.send_response(status)
                kind = "text/html" if body.startswith(b"<!DOCTYPE html") else TYPES[catalogue.form]
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.root = f"http://127.0.0.1:{self.http.server_port}"
        self.url = self.root + "/catalog"
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self):
        self.http.shutdown()
        self.http.server_close()

    def paths(self):
        return list(self.asked)

    def address(self, page):
        return f"{self.host or self.root}/catalog?page={page}"

    def answer(self, path):
        url = urlsplit(path)
        if url.path != "/catalog":
            return 404, b"not here"
        page = int(parse_qs(url.query).get("page", ["1"])[0])
        pages = -(-len(self.datasets) // self.size) or 1
        listed = self.datasets
        if self.paging:
            if page > pages:
                return 404, b"no such page"
            listed = self.datasets[(page - 1) * self.size:page * self.size]
        return 200, serialise(self.graph(listed, page, pages), self.form)

    def graph(self, listed, page, pages):
        count = iter(range(10 ** 9))
        stem = f"x{self.random.randrange(10 ** 6)}n" if self.random else "b"

        def label():
            return stem + str(next(count))
        catalogue = {"rdf:type": ["<dcat:Catalog>"], "dct:title": ["Catalogue"], "dcat:dataset": [d["@id"] for d in listed if "@id" in d]}
        view = {}
        link = self.lead.get(page, self.address(page + 1) if page < pages else None)
        if self.paging and self.total:
            catalogue["hydra:totalItems"] = [str(len(self.datasets) if self.total is True else self.total)]
        if self.paging == "hydra":
            catalogue["hydra:view"] = [f"<{self.address(page)}>"]
            view = {"rdf:type": ["<hydra:PartialCollectionView>"], "hydra:first": [f"<{self.address(1)}>"],
                    "hydra:last": [f"<{self.address(pages)}>"], **({"hydra:next": [f"<{link}>"]} if link else {})}
        elif self.paging == "paged":
            view = {"rdf:type": ["<hydra:PagedCollection>"], **({"hydra:nextPage": [link]} if link else {})}
        elif self.paging == "ldp":
            view = {"rdf:type": ["<ldp:Page>"], "ldp:nextPage": [f"<{link}>" if link else "<rdf:nil>"]}
        graph = [*triples(catalogue, "<http://data.example/>", label), *triples(view, f"<{self.address(page)}>", label)]
        for d in listed:
            graph += triples(d, d.get("@id") or "_:" + label(), label)
        if self.random:
            self.random.shuffle(graph)
        return graph
