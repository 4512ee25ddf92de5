#!/usr/bin/env python3
"""Everything out: `glaneur export` in its three formats, a search as a file, the list of changes. Run: python3 tests/scenario/test_export.py"""
import csv, gzip, io, json, os, re, subprocess, unittest
from urllib.parse import quote

from glaneur import FAILED, NOTHING, PROGRAM, SAMPLE, WRONG_USE, Glaneur, Scenario, Udata, record, rid, small, source

DISPOSITION = 'attachment; filename="glaneur.{}"'
CSV_TYPE, JSONL_TYPE = "text/csv; charset=utf-8; header=present", "application/x-ndjson; charset=utf-8"


def rows(text):
    """The rows of a CSV, which must be regular, by column."""
    assert text.endswith("\r\n"), text[-20:]
    lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert all(len(line) == len(lines[0]) for line in lines)
    return [dict(zip(lines[0], line)) for line in lines[1:]]


class Sample(Scenario):
    """One daemon on the sample catalogue, for all tests of a class."""

    @classmethod
    def setUpClass(cls):
        cls.server = Udata(SAMPLE)
        cls.addClassCleanup(cls.server.close)
        cls.g = Glaneur(source(cls.server))
        cls.addClassCleanup(cls.close)
        cls.g.harvest()
        cls.daemon = cls.g.serve()

    @classmethod
    def close(cls):
        said = cls.g.close()
        if said:
            raise AssertionError(f"a sanitizer has spoken: {said}")

    def export(self, *args, g=None):
        """stdout, bytes as they are, of an export that does well; what it says of itself is on stderr."""
        done = subprocess.run([PROGRAM, "export", "-c", (g or self.g).config, *args], capture_output=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.said = done.stderr.decode()
        return done.stdout.decode()

    def records(self, *args):
        return [json.loads(line) for line in self.export(*args).splitlines()]


class Command(Sample):
    def test_jsonl(self):
        """Every record once, in the order of ids, byte for byte what the API shows."""
        lines = self.export().split("\n")
        self.assertEqual(lines.pop(), "")
        self.assertEqual(self.said, f"{len(lines)} records exported\n")
        ids = [json.loads(line)["id"] for line in lines]
        self.assertEqual(ids, sorted(ids, key=str.encode))
        kinds = self.daemon.get("/api/v1/sources").json["sources"][0]
        self.assertEqual(len(ids), kinds["records"])
        for identifier, line in list(zip(ids, lines))[::10]:
            self.assertEqual(line, self.daemon.get("/api/v1/records/" + quote(identifier, safe="")).text)
        self.assertEqual(self.export("--format", "jsonl", "--quiet").split("\n")[:-1], lines)
        self.assertEqual(self.said, "")

    def test_filters(self):
        everything = self.records()
        of = lambda *kinds: [r["id"] for r in everything if r["kind"] in kinds]
        ids = lambda *args: [r["id"] for r in self.records(*args)]
        self.assertTrue(of("reuse") and of("dataservice"))
        self.assertEqual(ids("--kind", "reuse"), of("reuse"))
        self.assertEqual(ids("--kind", "reuse", "--kind", "dataservice"), of("reuse", "dataservice"))
        self.assertEqual(ids("--source", "cat", "--status", "active"), [r["id"] for r in everything if r["status"] == "active"])
        for args in (("--source", "ca"), ("--status", "removed"), ("--kind", "software")):
            result = self.g.run("export", *args, code=NOTHING)
            self.assertEqual((result.out, result.err), ("", "0 records exported\n"))

    def test_csv(self):
        table, everything = rows(self.export("--format", "csv")), self.records()
        self.assertEqual([r["id"] for r in table], [r["id"] for r in everything])
        for row, r in zip(table, everything):
            formats = list(dict.fromkeys(d["format"] for d in r["distributions"] if d["format"]))
            wanted = {"kind": r["kind"], "title": r["title"], "description": r["description"] or "", "publisher": r["publisher"]["name"] or "",
                      "license": r["license"]["id"] or "", "formats": "|".join(formats), "keywords": "|".join(r["keywords"]),
                      "landing_page": r["landing_page"] or "", "modified": r["modified"] or "", "source": "cat"}
            guarded = {k: "'" + v if v[:1] in tuple("=+-@\t\r\n") else v for k, v in wanted.items()}
            self.assertEqual({k: row[k] for k in wanted}, guarded)

    def test_wrong_use(self):
        for args, says in ((("--format", "xml"), "jsonl, csv or dcat"), (("--kind", "data"), "--kind"), (("--status", "gone"), "--status"),
                           (("--json",), "no single JSON document"), (("here",), "usage")):
            result = self.g.run("export", *args, code=WRONG_USE)
            self.assertEqual(result.out, "")
            self.assertIn(says, result.err)

    def test_a_stdout_that_takes_nothing(self):
        """A full disk, and a reader that left: an error, no silence."""
        reading, writing = os.pipe()
        os.close(reading)
        with open("/dev/full", "w", encoding="utf-8") as full, open(writing, "w", encoding="utf-8") as closed:
            for out, says in ((full, "No space left"), (closed, "Broken pipe")):
                for form in ("jsonl", "csv", "dcat"):
                    done = subprocess.run([PROGRAM, "export", "--format", form, "-c", self.g.config], stdout=out, stderr=subprocess.PIPE, timeout=60)
                    self.assertEqual(done.returncode, FAILED)
                    self.assertIn(says, done.stderr.decode())

    def test_without_a_store(self):
        g = self.glaneur(self.server)
        self.assertIn("harvest a source first", g.run("export", code=NOTHING).err)


class Dcat(Sample):
    def test_round_trip(self):
        """What is written is read back by the dcat driver as it was."""
        text = self.export("--format", "dcat")
        everything = {r["id"]: r for r in self.records()}
        left_out = sum(r["kind"] == "reuse" for r in everything.values())
        self.assertEqual(self.said.splitlines()[0], f"{len(everything)} records exported")
        self.export("--format", "dcat", "--kind", "reuse", "--kind", "dataset")
        self.assertEqual(self.said.splitlines()[1], f"{left_out} of kind reuse left out: DCAT has no class for them")
        back = self.glaneur(source("http://127.0.0.1:1/", type="dcat"))
        path = os.path.join(back.folder, "out.ttl")
        with open(path, "w", encoding="utf-8", newline="") as f:
            f.write(text)
        back.configure(source(path, name="back", type="dcat"))
        wanted = {i: r for i, r in everything.items() if r["kind"] in ("dataset", "dataservice")}
        self.assertCounts(back.harvest(), added=len(wanted))
        got = {r["id"]: r for r in map(json.loads, self.export(g=back).splitlines())}
        for identifier, r in wanted.items():
            prefix = "back:" if r["kind"] == "dataset" else "back:dataservice."
            other = got[f"{prefix}urn:x-glaneur:{quote(identifier, safe='')}"]
            self.assertEqual(self.kept(other), self.kept(r), identifier)

    def kept(self, r):
        """What DCAT can tell, in an order of ours."""
        dataset = r["kind"] == "dataset"
        name, acronym = (r["publisher"][k] for k in ("name", "acronym"))
        files = [(d["title"] or "", d["url"], d["format"], d["media_type"] or "", d["byte_size"], d["checksum"]) for d in r["distributions"]]
        return {**{k: r[k] for k in ("kind", "title", "description", "access", "issued", "modified", "frequency", "landing_page", "endpoint_url",
                                     "endpoint_description", "temporal", "contact_role")},
                "keywords": sorted(r["keywords"]), "license": r["license"], "publisher": [name, acronym if acronym != name else None],
                "zones": sorted(z for z in r["spatial"]["zones"] if not z.startswith("country-subset:")), "schemas": sorted(r["conforms_to"]),
                "files": sorted(files, key=str) if dataset else None}


class Removed(Sample):
    """Its own catalogue: records go away, and change."""

    def setUp(self):
        self.catalogue_ = self.catalogue(small(5, reuses=1))
        self.g = self.glaneur(self.catalogue_, remove_after={"sweeps": 1, "days": 0}, max_removed=1)
        self.g.harvest()

    @classmethod
    def setUpClass(cls):
        pass

    def test_status(self):
        self.catalogue_.delete("datasets", record("datasets", 2)["id"])
        self.catalogue_.change("datasets", record("datasets", 1)["id"], title='=HYPERLINK("http://a","b")', description="deux\nlignes, dont une")
        self.g.harvest()
        gone = rid("datasets", 2)
        self.assertEqual(len(self.records()), 5)
        self.assertNotIn(gone, [r["id"] for r in self.records()])
        stone, = self.records("--status", "removed")
        self.assertEqual((stone["id"], stone["kind"], stone["status"], stone["source"]), (gone, "dataset", "removed", "cat"))
        self.assertRegex(stone["removed_at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual(len(self.records("--status", "removed", "--status", "active")), 6)
        table = {r["id"]: r for r in rows(self.export("--format", "csv", "--status", "removed", "--status", "active"))}
        self.assertEqual((table[gone]["status"], table[gone]["title"]), ("removed", ""))
        changed = table[rid("datasets", 1)]
        self.assertEqual((changed["title"], changed["description"]), ('\'=HYPERLINK("http://a","b")', "deux\nlignes, dont une"))
        result = self.g.run("export", "--format", "dcat", "--status", "removed", code=NOTHING)
        self.assertIn("1 removed ones left out", result.err)
        self.assertIn("<urn:x-glaneur:catalogue> a dcat:Catalog", result.out)

    def test_changes(self):
        daemon = self.g.serve()
        ask = lambda query="": daemon.get("/api/v1/changes?" + query)
        first = ask("since=0").json
        self.assertEqual([(c["change"], c["kind"], c["source"]) for c in first["data"]],
                         [("added", "dataset", "cat")] * 5 + [("added", "reuse", "cat")])
        seqs = [c["seq"] for c in first["data"]]
        self.assertEqual(seqs, sorted(set(seqs)))
        self.assertEqual((first["seq"], first["newest"], first["next_page"]), (seqs[-1], seqs[-1], None))
        self.assertEqual(ask().json["data"], first["data"])
        # Page by page, the same.
        paged, url = [], "/api/v1/changes?limit=4"
        while url:
            answer = daemon.get(url)
            paged += answer.json["data"]
            url = answer.json["next_page"]
            self.assertEqual(answer.headers["Link"], f'<{url}>; rel="next"' if url else None)
            url = url and re.sub("^http://[^/]*", "", url)
        self.assertEqual(paged, first["data"])
        # What happens then, removals included, each record once.
        self.catalogue_.delete("datasets", record("datasets", 2)["id"])
        self.catalogue_.change("datasets", record("datasets", 1)["id"], title="Un autre titre")
        self.catalogue_.add("datasets", record("datasets", 9))
        self.g.harvest()
        then = ask(f"since={first['seq']}").json
        happened = {c["id"]: c["change"] for c in then["data"]}
        self.assertEqual(happened, {rid("datasets", 2): "removed", rid("datasets", 1): "updated", rid("datasets", 9): "added"})
        self.assertTrue(all(c["at"] for c in then["data"]))
        self.assertEqual(ask(f"since={then['seq']}").json["data"], [])
        whole = {c["id"]: c["record"] for c in ask(f"since={first['seq']}&record=1").json["data"]}
        self.assertIsNone(whole[rid("datasets", 2)])
        self.assertEqual(whole[rid("datasets", 1)], daemon.record(rid("datasets", 1)))
        # Removed and back: the tombstone gives way.
        self.catalogue_.change("datasets", record("datasets", 2)["id"], deleted=None)
        self.g.harvest()
        last = ask(f"since={then['seq']}").json["data"]
        self.assertEqual([(c["id"], c["change"]) for c in last], [(rid("datasets", 2), "restored")])
        # The same answer is not sent twice.
        answer = ask("since=0")
        self.assertEqual(daemon.get("/api/v1/changes?since=0", If_None_Match=answer.headers["ETag"]).status, 304)
        # Errors.
        newest = answer.json["newest"]
        for query, status, parameter in (("since=x", 400, "since"), ("since=-1", 400, "since"), ("since=1.5", 400, "since"), ("limit=0", 400, "limit"),
                                         ("limit=1001", 400, "limit"), ("record=1&limit=101", 400, "limit"), ("record=2", 400, "record"),
                                         ("sinse=1", 400, "sinse"), (f"since={newest + 1}", 410, "since")):
            with self.subTest(query):
                answer = ask(query)
                self.assertEqual((answer.status, answer.headers["Content-Type"]), (status, "application/problem+json"))
                self.assertEqual([e["parameter"] for e in answer.json["errors"]], [parameter])


class Http(Sample):
    def get(self, path, status=200, **headers):
        answer = self.daemon.get("/api/v1/export." + path, **headers)
        self.assertEqual(answer.status, status, answer.body)
        return answer

    def found(self, query):
        """The ids that a search finds, series unfolded by sorting otherwise."""
        ids, page = [], 1
        while page:
            answer = self.daemon.get(f"/api/v1/search?{query}&page_size=100&page={page}").json
            ids += [r["id"] for r in answer["data"]]
            page = page + 1 if answer["next_page"] else None
        self.assertEqual(len(ids), answer["total"])
        return ids

    def ids(self, answer):
        return [json.loads(line)["id"] for line in answer.text.splitlines()]

    def test_jsonl(self):
        for query in ("q=commune&sort=title", "kind=reuse&sort=issued", "sort=views", "q=velo+OR+eau&sort=modified", "kind=organization&sort=title"):
            with self.subTest(query):
                answer = self.get("jsonl?" + query)
                self.assertEqual(self.ids(answer), self.found(query))
                self.assertEqual((answer.headers["Content-Type"], answer.headers["Content-Disposition"], answer.headers["Link"]),
                                 (JSONL_TYPE, DISPOSITION.format("jsonl"), None))
        for line in answer.text.splitlines()[:5]:
            identifier = json.loads(line)["id"]
            self.assertEqual(line, self.daemon.get("/api/v1/records/" + quote(identifier, safe="")).text)

    def test_by_relevance(self):
        """The search's order; variants are rows of their own, so that there are as many as its total."""
        search = self.daemon.search("commune")
        ids = self.ids(self.get("jsonl?q=commune"))
        self.assertEqual((len(ids), len(set(ids))), (search["total"], search["total"]))
        shown = [r["id"] for r in search["data"]]
        self.assertEqual([i for i in ids if i in shown], shown)

    def test_csv(self):
        answer = self.get("csv?q=commune")
        self.assertEqual((answer.headers["Content-Type"], answer.headers["Content-Disposition"]), (CSV_TYPE, DISPOSITION.format("csv")))
        self.assertEqual([r["id"] for r in rows(answer.text)], self.ids(self.get("jsonl?q=commune")))
        empty = self.get("csv?q=xyzzyxyzzy")
        self.assertEqual(rows(empty.text), [])
        self.assertTrue(empty.text.startswith("id,kind,status,source,title,"))
        self.assertEqual(self.get("jsonl?q=xyzzyxyzzy").text, "")

    def test_page_by_page(self):
        whole = self.ids(self.get("jsonl?q=commune"))
        seen, path, answers = [], "jsonl?q=commune&limit=7", 0
        while path:
            answer = self.get(path)
            seen, answers = seen + self.ids(answer), answers + 1
            link = answer.headers["Link"]
            path = link and re.fullmatch(r'<http://[^/]+/api/v1/export\.(.*)>; rel="next"', link).group(1)
        self.assertEqual(seen, whole)
        self.assertEqual(answers, -(-len(whole) // 7))

    def test_headers(self):
        answer = self.get("csv?kind=reuse")
        self.assertEqual(answer.headers["Cache-Control"], "public, max-age=60, stale-while-revalidate=300")
        self.assertEqual(answer.headers["Access-Control-Allow-Origin"], "*")
        again = self.get("csv?kind=reuse", 304, If_None_Match=answer.headers["ETag"])
        self.assertEqual(again.body, b"")
        packed = self.get("csv?kind=reuse", Accept_Encoding="gzip")
        self.assertEqual(packed.headers["Content-Encoding"], "gzip")
        self.assertEqual(gzip.decompress(packed.body), answer.body)
        head = self.daemon.ask("HEAD", "/api/v1/export.csv?kind=reuse")
        self.assertEqual((head.status, head.body, head.headers["Content-Length"]), (200, b"", str(len(answer.body))))

    def test_parameters(self):
        """All of a search's; those of its pages are of no effect."""
        whole = self.get("jsonl?q=commune").body
        self.assertEqual(self.get("jsonl?q=commune&page=3&page_size=5&facets=kind&explain=1").body, whole)
        for query, slug, parameter in (("colour=red", "unknown-parameter", "colour"), ("limit=0", "invalid-parameter", "limit"),
                                       ("limit=10001", "invalid-parameter", "limit"), ("min_quality=2", "invalid-parameter", "min_quality")):
            problem = self.get("csv?" + query, 400).json
            self.assertEqual((problem["type"].rsplit("/", 1)[1], [e["parameter"] for e in problem["errors"]]), (slug, [parameter]))
        self.get("csv?cursor=nonsense", 400)
        self.get("dcat", 404)

    def test_the_link_of_the_page(self):
        page = self.daemon.get("/?q=commune&kind=dataset").text
        href, label = re.search(r'<a href="(/api/v1/export\.csv[^"]*)" download>([^<]*)</a>', page).groups()
        self.assertEqual(label, "Télécharger cette liste (CSV)")
        answer = self.daemon.get(href.replace("&amp;", "&"))
        self.assertEqual(len(rows(answer.text)), self.daemon.search("commune", kind="dataset")["total"])
        self.assertNotIn("export.csv", self.daemon.get("/?q=xyzzyxyzzy").text)


if __name__ == "__main__":
    unittest.main()
