#!/usr/bin/env python3
"""`glaneur probe`: every simulated server is known from its root, from a page below it and from its own address; the source that is printed
harvests; what departs from the fields that a driver expects is told, and nothing else is."""
import http.server, json, os, re, threading, time, unittest

import commons, dcat, dcatus, ods, xml_server
from ckan import Ckan, Dkan, Portal, package
from commons import OpenCatalog, StaticSite, entry
from glaneur import DONE, FAILED, NOTHING, SAMPLE, WRONG_USE, Scenario, Udata, small
from test_apigouv import api
from test_betagouv import page as products_page, product
from test_codegouv import repository
from test_sill import software

HOME = (b'<!DOCTYPE html>\n<html lang="fr"><head><title>Portail</title><link href="http://www.w3.org/ns/dcat#"/>'
        b'<script type="application/ld+json">{"dataset":["x"],"accessLevel":"public"}</script></head><body></body></html>')
NAME = re.compile(r"- name: (\S+)")
YML = "publiccodeYmlVersion: '0.4'\nname: Medusa\nurl: https://github.com/a/1\ndescription:\n  fr:\n    shortDescription: Un logiciel.\n"


class Csw(xml_server.Csw):
    def answer(self, args, body):
        if args.get("request") == "GetCapabilities":
            return b'<csw:Capabilities xmlns:csw="http://www.opengis.net/cat/csw/2.0.2" version="2.0.2"/>'
        return super().answer(args, body)


class Oai(xml_server.Oai):
    def answer(self, args, body):
        return self.envelope("<Identify><repositoryName>x</repositoryName></Identify>") if args.get("verb") == "Identify" else super().answer(args, body)


def only(server, path):
    """The server answers below that path, and 404 elsewhere."""
    answer = server.answer

    def answered(args, body):
        asked = server.asked[-1][0].split("?")[0]
        return answer(args, body) if asked == path else (404, {"Content-Type": "text/html"}, HOME)
    server.answer = answered
    return server


class Web:
    """A server of these answers: {path with or without its query: (status, headers, body)}; `other` for every other path."""

    def __init__(self, answers=None, other=(404, {}, b"not here")):
        self.answers, self.other, self.asked, self.delay = answers or {}, other, [], 0
        web = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                web.asked.append(self.path)
                time.sleep(0 if self.path in web.answers else web.delay)
                status, headers, body = web.answers.get(self.path) or web.answers.get(self.path.split("?")[0]) or web.other
                try:
                    self.send_response(status)
                    for name, value in headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except ConnectionError:
                    pass

            do_POST = do_GET

            def log_message(self, *_):
                pass
        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self):
        self.http.shutdown()
        self.http.server_close()


class Probing(Scenario):
    def keep(self, server):
        self.addCleanup(server.close)
        return server

    def setUp(self):
        self.g = self.glaneur()

    def run_probe(self, url, *args, code=DONE):
        return self.g.run("probe", url, *args, code=code)

    def probe(self, url, *args, code=DONE):
        return self.run_probe(url, "--json", *args, code=code).json

    def assertKnown(self, url, kind, entry_url, *args):
        answer = self.probe(url, *args)
        self.assertEqual((answer["type"], f'url: "{entry_url}"' in answer["source"]), (kind, True), answer)
        self.assertIsNone(answer["first"]["error"], answer)
        return answer

    def assertHarvests(self, *found):
        """(answer, records) each: their sources, put as they are into one configuration; those of one name get a number."""
        g, names, text = self.glaneur(), {}, ""
        for answer, records in found:
            name = NAME.search(answer["source"])[1]
            own = f"{name}-{len(names)}" if name in names else name
            names[own] = (records, 0, "done")
            text += NAME.sub(f"- name: {own}", answer["source"], count=1)
        g.write(g.read() + text)
        runs = g.json("harvest")["runs"]
        self.assertEqual({r["source"]: (r["added"], r["errored"], r["state"]) for r in runs}, names, runs)

    def assertDeparts(self, answer, *expected):
        """(what, path) each, and nothing else."""
        self.assertTrue(answer["compared"], answer)
        self.assertEqual(sorted((d["what"], d["path"]) for d in answer["departures"]), sorted(expected), answer["departures"])


class Servers(Probing):
    """Each: from the root, from a page below, from the document's own address; nothing departs; all their sources harvest, in one go."""

    def check(self, kind, addresses, entry_url, records, document=None, items=None):
        """document: an address whose answer tells by itself what it is; it becomes the source's."""
        for url in addresses:
            with self.subTest(url):
                answer = self.assertKnown(url, kind, entry_url)
                self.assertDeparts(answer)
        if document:
            with self.subTest(document):
                answer = self.assertKnown(document, kind, document)
                self.assertDeparts(answer)
        with self.subTest(kind):
            self.assertEqual(answer["first"]["items"], records if items is None else items, answer)
        self.found.append((answer, records))
        return answer

    def only_known(self, kind, url, entry_url, records):
        """What departs is not looked at."""
        answer = self.assertKnown(url, kind, entry_url)
        self.assertEqual(answer["first"]["items"], records, answer)
        self.found.append((answer, records))
        return answer

    def test_all(self):
        self.found = []
        for name in [n for n in dir(self) if n.startswith("check_")]:
            with self.subTest(name):
                getattr(self, name)()
        self.assertHarvests(*self.found)

    def test_udata_as_it_is(self):
        s = self.catalogue(SAMPLE)
        self.assertDeparts(self.assertKnown(s.url, "udata", s.url))

    def check_udata(self):
        s = self.catalogue(small(datasets=5, reuses=2, organizations=1, dataservices=3))
        answer = self.check("udata", [s.url, s.url + "/", s.url + "/fr/datasets/titre-1/", s.url + "/api/1/datasets/?page=2"], s.url, 11, items=5)
        self.assertEqual(answer["first"]["announced"], 5)
        self.assertEqual(answer["first"]["records"][0]["kind"], "dataset")

    def check_ckan(self):
        s = self.keep(Ckan([package(n) for n in "abcde"]))
        self.check("ckan", [s.url, s.url + "/dataset/a", s.url + "/api/3/action/package_search?rows=2&start=2"], s.url, 5)

    def check_ckan_below_a_path(self):
        s = self.keep(Ckan([package(n) for n in "ab"], root="/portail/api/3/action"))
        self.check("ckan", [s.url + "/portail", s.url + "/portail/dataset/a"], s.url + "/portail", 2)

    def check_dkan(self):
        s = self.keep(Dkan([package(n) for n in "abc"]))
        self.check("ckan", [s.url, s.url + "/dataset/a"], s.url, 3)

    def check_ods(self):
        s = self.keep(ods.Ods([ods.dataset(n) for n in "abc"]))
        self.check("ods", [s.url, s.url + "/explore/dataset/a/", s.url + "/api/explore/v2.1/catalog/datasets?limit=20"], s.url, 3)

    def check_ods_of_other_versions(self):
        s = self.keep(ods.Ods([ods.dataset(n) for n in "de"], version="2.0"))
        self.assertIn('\n    api: "2.0"\n', self.only_known("ods", s.url + "/explore/", s.url, 2)["source"])
        old = [{"datasetid": n, "has_records": False, "features": [], "attachments": [], "fields": [], "metas": {"title": n, "language": "fr"}} for n in "fg"]
        s = self.keep(ods.Ods(old, version="1.0"))
        self.assertIn('\n    api: "1.0"\n', self.only_known("ods", s.url, s.url, 2)["source"])

    def check_socrata(self):
        s = self.keep(dcatus.Socrata([dcatus.asset(n) for n in range(4)]))
        self.check("socrata", [s.url, s.url + "/d/aaaa-0001", s.url + "/api/catalog/v1?limit=10"], s.url, 4)

    def check_arcgis(self):
        s = self.keep(dcatus.Hub({"all": [dcatus.item(n) for n in range(4)], "dataset": []}))
        self.check("arcgis", [s.url, s.url + "/datasets/x/explore"], s.url, 4)

    def check_datajson(self):
        s = self.keep(dcatus.DataJson([dcatus.dataset(n) for n in range(4)]))
        self.check("datajson", [s.url, s.url + "/a/b/c/d/e"], s.url + "/data.json", 4, document=s.url + "/data.json")

    def check_csw(self):
        s = self.keep(only(Csw([xml_server.iso(n) for n in "abc"]), "/csw"))
        self.check("csw", [s.host, s.host + "/csw", s.host + "/csw?service=CSW&request=GetCapabilities", s.host + "/csw/a/page"], s.url, 3)

    def check_csw_of_geonetwork(self):
        s = self.keep(only(Csw([xml_server.iso(n) for n in "ab"]), "/geonetwork/srv/fre/csw"))
        self.check("csw", [s.host, s.host + "/geonetwork/srv/fre/catalog.search#/home"], s.host + "/geonetwork/srv/fre/csw", 2)

    def check_oai_pmh(self):
        s = self.keep(only(Oai([xml_server.dc(f"oai:h:{n}") for n in range(3)]), "/oai"))
        self.check("oai-pmh", [s.host, s.url, s.url + "?verb=ListRecords&metadataPrefix=oai_dc", s.url + "/record/1"], s.url, 3)

    def check_dcat(self):
        for form in ("ttl", "rdf", "jsonld", "nt"):
            s = self.keep(dcat.Dcat([dcat.dataset(n) for n in range(5)], form=form))
            with self.subTest(form):
                self.check("dcat", [], None, 5, document=s.url)

    def check_dcat_pages(self):
        s = self.keep(dcat.Dcat([dcat.dataset(n) for n in range(6)], paging="hydra"))
        answer = self.check("dcat", [], None, 6, document=s.url, items=4)
        self.assertEqual((answer["first"]["more"], answer["first"]["announced"]), (True, 6))

    def check_dcat_from_the_root(self):
        with open(os.path.join(self.g.folder, "x"), "wb") as f:
            f.write(dcat.serialise(dcat.Dcat.graph(self.keep(dcat.Dcat([dcat.dataset(1)])), [dcat.dataset(1)], 1, 1), "ttl"))
        with open(f.name, "rb") as f:
            s = self.keep(Web({"/catalog.ttl": (200, {"Content-Type": "text/turtle"}, f.read())}, (404, {"Content-Type": "text/html"}, HOME)))
        self.check("dcat", [s.url, s.url + "/datasets/1"], s.url + "/catalog.ttl", 1, document=s.url + "/catalog.ttl")

    def check_commons(self):
        made = software(10, "Un", isFromFrenchPublicService=False)
        for kind, path, content, usual in (
                ("betagouv", "/api/v2.6/startups.json", products_page(product("p1", "Un"), product("p2", "Deux")), True),
                ("apigouv", "/api/v1/apis", [api("adresse"), api("geo")], True),
                ("sill", "/sill/api/sill.json", [made, {**made, "id": 11, "name": "Deux", "versionMin": "1"}], True),
                ("codegouv", "/data/depots.json", [repository(f"etalab/{n}", html_url=f"https://github.com/etalab/{n}") for n in "ab"], False)):
            s = self.keep(StaticSite(path, content))
            with self.subTest(kind):
                self.check(kind, [s.root, s.root + "/a/page"] if usual else [], s.url, 2, document=s.url)

    def check_publiccode(self):
        s = self.keep(OpenCatalog([entry(str(n), YML.replace("/a/1", f"/a/{n}")) for n in range(3)]))
        self.check("publiccode", [s.root, s.root + "/v1", s.root + "/page"], s.url, 3, document=s.url)


class Departures(Probing):
    def test_udata(self):
        content = small(datasets=3)
        del content["datasets"][0]["created_at"]
        content["datasets"][1] |= {"title": 42, "nouveau": {"a": 1}, "tags": "eau"}
        answer = self.probe(self.catalogue(content).url)
        self.assertDeparts(answer, ("gone", "data[].created_at"), ("other type", "data[].title"), ("other type", "data[].tags"), ("new", "data[].nouveau"))
        told = {d["path"]: d for d in answer["departures"]}
        self.assertEqual((told["data[].title"]["met"], told["data[].title"]["count"]), ("number", 1))
        self.assertEqual(told["data[].created_at"]["count"], 1)

    def test_ckan(self):
        packages = [package("a", neuf="x"), package("b", resources="rien"), package("c")]
        del packages[2]["id"]
        # A member of a package that is not known is of the portal's own schema.
        self.assertDeparts(self.probe(self.keep(Ckan(packages)).url), ("other type", "result.results[].resources"),
                           ("gone", "result.results[].id"))

    def test_ods(self):
        datasets = [{**ods.dataset("a"), "neuf_ici": 3}, ods.dataset("b")]
        datasets[1]["has_records"] = "oui"
        datasets[0].pop("dataset_uid")
        self.assertDeparts(self.probe(self.keep(ods.Ods(datasets)).url), ("other type", "results[].has_records"), ("gone", "results[].dataset_uid"),
                           ("new", "results[].neuf_ici"))

    def test_csw(self):
        known = "<gmd:spatialRepresentationType><gmd:MD_SpatialRepresentationTypeCode codeListValue=\"vector\"/></gmd:spatialRepresentationType>"
        s = self.keep(only(Csw([xml_server.iso("a", inside=known, behind="<gmd:invente><gmd:dedans/></gmd:invente>")]), "/csw"))
        self.assertDeparts(self.probe(s.url), ("new", "MD_Metadata/invente"))

    def test_oai_pmh(self):
        s = self.keep(only(Oai([xml_server.dc("oai:h:1", more="<dc:date>2024</dc:date><dc:invente>x</dc:invente>")]), "/oai"))
        self.assertDeparts(self.probe(s.url), ("new", "dc/invente"))

    def test_datajson(self):
        datasets = [dcatus.dataset(1, invente=[1]), dcatus.dataset(2, keyword=7)]
        del datasets[0]["title"]
        self.assertDeparts(self.probe(self.keep(dcatus.DataJson(datasets)).url), ("new", "dataset[].invente"), ("other type", "dataset[].keyword"),
                           ("gone", "dataset[].title"))

    def test_dcat(self):
        datasets = [dcat.dataset(1, **{"dct_invente": ["x"]}), dcat.dataset(2, dct_title=None), dcat.dataset(3, dct_title=[{"skos:prefLabel": ["x"]}])]
        s = self.keep(dcat.Dcat(datasets))
        answer = self.probe(s.url)
        self.assertDeparts(answer, ("new", "dcat:Dataset dct:invente"), ("gone", "dcat:Dataset dct:title"), ("other type", "dcat:Dataset dct:title"))
        self.assertEqual([d["count"] for d in answer["departures"]], [1, 1, 1])

    def test_text(self):
        content = small(datasets=2)
        content["datasets"][0] |= {"title": 42, "nouveau": 1}
        for o in content["datasets"]:
            del o["created_at"]
        server = self.catalogue(content)
        out = self.run_probe(server.url).out
        self.assertIn("new         data[].nouveau (number), 1 times", out)
        self.assertIn("gone        data[].created_at, from 2", out)
        self.assertIn("other type  data[].title: number in the place of", out)
        self.assertIn(f'url: "{server.url}"', out)
        same = self.run_probe(self.catalogue().url)
        self.assertIn("its fields are those that the driver expects", same.out + same.err)


class Nothing(Probing):
    def test_nothing_is_known(self):
        s = self.keep(Web())
        answer = self.probe(s.url + "/a/b", code=NOTHING)
        self.assertEqual((answer["type"], answer["source"], answer["departures"]), (None, None, []))
        self.assertIn(f"{s.url}/a/b: 404", answer["tried"])
        self.assertIn(f"{s.url}/api/1/datasets/?page_size=1: 404", answer["tried"])
        self.assertIn(f"{s.url}/a/data.json: 404", answer["tried"])
        self.assertEqual(len(answer["tried"]), len(s.asked))
        result = self.run_probe(s.url, code=NOTHING)
        self.assertIn("no driver knows this address", result.out + result.err)
        self.assertIn("/catalog.ttl: 404", result.out + result.err)

    def test_a_page_for_people_whatever_is_asked(self):
        s = self.keep(Web(other=(200, {"Content-Type": "text/html"}, HOME)))
        self.assertIn(f"{s.url}/data.json: 200", self.probe(s.url + "/page", code=NOTHING)["tried"])

    def test_what_a_page_for_people_tells(self):
        page = (b'<!doctype html><html><head><title>Portail \x1b[2Jd&eacute;mo</title><meta name="generator" content="CKAN 2.9">'
                b'<link rel="alternate" type="text/turtle" href="/export?a=1&amp;b=2"></head><body><a href="/fr/aide">Aide</a>'
                b'<a href=\'https://autre.example/catalog.rdf\'>RDF</a><a href="/export?a=1&amp;b=2">encore</a><a href="ftp://x/data.json">x</a></body></html>')
        s = self.keep(Web({"/accueil": (200, {"Content-Type": "text/html"}, page)}))
        answer = self.probe(s.url + "/accueil", code=NOTHING)
        self.assertEqual(answer["seen"], f'{s.url}/accueil answers a page for people (HTML), "Portail [2Jdémo"')
        self.assertEqual((answer["made_with"], answer["links"]), ("CKAN", [f"{s.url}/export?a=1&b=2", "https://autre.example/catalog.rdf"]))
        said = self.run_probe(s.url + "/accueil", code=NOTHING).err
        self.assertNotIn("\x1b", said)
        self.assertIn("it names CKAN, which type ckan reads", said)
        self.assertIn("glaneur probe 'https://autre.example/catalog.rdf'", said)
        self.assertIn(f"glaneur probe --type ckan '{s.url}/accueil'", said)

    def test_what_else_an_address_tells(self):
        s = self.keep(Web({"/a": (200, {"Content-Type": "application/json"}, b'{"openapi": "3.0.1",\n "paths": {}}'),
                           "/b": (403, {"Content-Type": "text/html"}, HOME), "/d": (404, {}, HOME), "/c": (200, {}, b"")}))
        for path, seen in (("/a", 'answers application/json: {"openapi": "3.0.1", "paths": {}}'),
                           ("/d", 'answers 404 with a page for people (HTML), "Portail"'), ("/c", "answers nothing")):
            answer = self.probe(s.url + path, code=NOTHING)
            self.assertEqual((answer["seen"], answer["made_with"], answer["links"]), (f"{s.url}{path} {seen}", None, []))
        self.assertIn("403", self.probe(s.url + "/b", code=NOTHING)["seen"])
        self.assertIn("--type TYPE", self.run_probe(s.url + "/c", code=NOTHING).err)

    def test_xhtml(self):
        s = self.keep(Web(other=(200, {}, b'<?xml version="1.0"?>\n<!DOCTYPE html>' + HOME[15:])))
        self.probe(s.url, code=NOTHING)

    def test_nothing_below_when_nobody_answers(self):
        s = Web()
        s.close()
        result = self.run_probe(s.url, code=FAILED)
        self.assertIn("127.0.0.1", result.err)

    def test_wrong_use(self):
        for url in ("ftp://x.example/", "nothing", "http://", "https://user:pass@x.example/", "http://x y/"):
            self.run_probe(url, code=WRONG_USE)
        self.run_probe("http://127.0.0.1:1/", "--type", "rien", code=NOTHING)
        self.run_probe("http://127.0.0.1:1/", "--allow-private", "10.0.0.1/8", code=WRONG_USE)

    def test_an_address_of_an_inner_network_by_name(self):
        self.run_probe("http://serveur1.invalid/", code=FAILED)

    def test_first_page_cannot_be_read(self):
        s = self.catalogue()
        s.fault(lambda path: "page_size=1" not in path.split("&") and "page_size=1&" not in path + "&", "truncated", times=None)
        answer = self.probe(s.url, code=FAILED)
        self.assertEqual(answer["type"], "udata")
        self.assertIsNotNone(answer["first"]["error"])
        self.assertIn("its first page cannot be read", "".join(vars(self.run_probe(s.url, code=FAILED))[k] for k in ("out", "err")))

    def test_slow_server(self):
        s = self.keep(Web({"/": (200, {}, b"x")}))
        s.delay = 30
        start = time.monotonic()
        answer = self.probe(s.url, "--timeout", "1", code=NOTHING)
        self.assertLess(time.monotonic() - start, 18)      # two questions of 10 s take longer
        self.assertEqual(len(answer["tried"]), 3)         # the address itself, and two questions
        for wrong in ("0", "x", "99999"):
            self.assertIn("--timeout", self.run_probe(s.url, "--timeout", wrong, code=WRONG_USE).err)


class Addresses(Probing):
    def test_the_home_page_is_html(self):
        s = self.keep(Ckan([package(n) for n in "ab"]))
        s.instead("/bienvenue", (200, "text/html", HOME))
        answer = self.assertKnown(s.url + "/bienvenue", "ckan", s.url)
        self.assertHarvests((answer, 2))

    def test_the_same_document_at_every_path(self):
        body = json.dumps({"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": [dcatus.dataset(n) for n in range(3)]}).encode()
        s = self.keep(Web(other=(200, {"Content-Type": "application/json"}, body)))
        self.assertHarvests(*[(self.assertKnown(url, "datajson", url), 3) for url in (s.url, s.url + "/any/page")])

    def test_redirects(self):
        s = self.keep(dcatus.DataJson([dcatus.dataset(1)]))
        portal = self.keep(Ckan([package("a")]))
        web = self.keep(Web({"/catalogue": (302, {"Location": s.url + "/data.json"}, b""),
                             "/data.json": (301, {"Location": "/catalogue"}, b"")}))
        found = [self.assertKnown(url, "datajson", s.url + "/data.json") for url in (web.url + "/catalogue", web.url)]
        moved = self.keep(Web())
        for path in ("/api/3/action/package_search?rows=1", "/"):
            moved.answers[path] = (301, {"Location": portal.url + path}, b"")
        found.append(self.assertKnown(moved.url + "/", "ckan", portal.url))
        self.assertHarvests(*[(answer, 1) for answer in found])

    def test_redirect_to_a_private_address(self):
        s = self.keep(Web(other=(302, {"Location": "http://10.1.2.3/data.json"}, b"")))
        answer = self.run_probe(s.url, "--json", code=None)
        self.assertIn(answer.code, (NOTHING, FAILED))
        self.assertIn("10.1.2.3", answer.out + answer.err)
        self.assertRegex(answer.out + answer.err, "private|not public|allow_private")

    def test_type(self):
        s = self.keep(Ckan([package("a")]))
        s.data = dcatus.DataJson([dcatus.dataset(1)])
        self.addCleanup(s.data.close)
        asked = len(s.paths())
        self.assertKnown(s.url, "ckan", s.url, "--type", "ckan")
        self.assertNotIn("/data.json", [p.split("?")[0] for p in s.paths()[asked:]])
        answer = self.probe(s.url, "--type", "ods", code=FAILED)
        self.assertEqual((answer["type"], f'url: "{s.url}"' in answer["source"]), ("ods", True))
        answer = self.assertKnown(s.data.url + "/data.json", "datajson", s.data.url + "/data.json", "--type", "datajson")
        self.assertEqual(answer["first"]["items"], 1)


class Files(Probing):
    def write(self, name, content):
        path = os.path.join(self.g.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(content if isinstance(content, bytes) else json.dumps(content).encode())
        return path

    def test_file(self):
        path = self.write("a file \"of\" data.json", {"dataset": [dcatus.dataset(n) for n in range(3)]})
        answer = self.probe(path)
        self.assertEqual((answer["type"], answer["first"]["items"]), ("datajson", 3))
        self.assertDeparts(answer)
        self.assertHarvests((answer, 3))

    def test_byte_order_mark(self):
        answer = self.probe(self.write("data.json", b"\xef\xbb\xbf" + json.dumps({"dataset": [dcatus.dataset(1)]}).encode()))
        self.assertEqual((answer["type"], answer["first"]["items"]), ("datajson", 1))
        self.assertDeparts(answer)

    def test_answers_that_were_kept(self):
        found = []
        for kind, content, records in (
                ("ods", {"total_count": 1, "results": [ods.dataset("a")]}, 1),
                ("csw", b"<root>" + xml_server.iso("a")[1].encode() + b"</root>", 1)):
            with self.subTest(kind):
                answer = self.probe(self.write(f"{kind}.txt", content))
                self.assertEqual((answer["type"], answer["first"]["items"]), (kind, records), answer)
                self.assertDeparts(answer)
                found.append((answer, records))
        self.assertHarvests(*found)

    def test_folder(self):
        self.write("all/A.txt", b"a licence")
        self.write("all/b/1.xml", xml_server.iso("a")[1].encode())
        self.write("all/b/2.xml", xml_server.iso("b")[1].encode())
        answer = self.probe(os.path.join(self.g.folder, "all"))
        self.assertEqual((answer["type"], answer["first"]["items"]), ("csw", 1), answer)
        self.assertTrue(answer["evidence"].endswith("all/b/1.xml"), answer)
        self.assertIn(f'url: "{os.path.realpath(self.g.folder)}/all"', answer["source"])
        os.unlink(os.path.join(self.g.folder, "all/A.txt"))
        self.assertHarvests((answer, 2))

    def test_none(self):
        self.run_probe(os.path.join(self.g.folder, "absent"), code=NOTHING)
        os.mkdir(os.path.join(self.g.folder, "empty"))
        self.run_probe(os.path.join(self.g.folder, "empty"), code=NOTHING)
        self.assertEqual(self.probe(self.write("x.txt", b"nothing at all"), code=NOTHING)["type"], None)
        self.assertEqual(self.probe(self.write("x.html", HOME), code=NOTHING)["type"], None)
        self.probe(self.write("cut.json", b'{"dataset":[{"accessLevel":"public"'), "--type", "ods", code=FAILED)


if __name__ == "__main__":
    unittest.main()
