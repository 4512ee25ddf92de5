"""The real program on the sample catalogue, twice harvested, and a browser that looks at it: what the tests of the pages share.

A test module takes setUpModule and main from here. After every test: no dialog is open, and the console was told nothing but the
refusals that the test asked for. Environment: GLANEUR (the program), GLANEUR_SHOTS (a folder for a picture of each page that failed).
"""
import contextlib, os, re, signal, sys, unittest
from urllib.parse import parse_qs, quote, unquote, urlsplit

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path[:0] = [HERE, os.path.join(HERE, "..", "scenario")]
from glaneur import PROGRAM, SAMPLE, Glaneur, Udata, on_page, record, rid, source, wait_until
from webdriver import ENTER, Browser, missing

PAGE_RESULTS = 20
SIRENE, TREES, GONE, BROKEN = (f"5a{n:022}" for n in (1, 107, 119, 2))
ATTACK = "<script>alert(1)</script> \"deux\" 'trois' &amp; </title><img src=x onerror=alert(2)>"
HOSTILE = record(
    "datasets", 9001, title=ATTACK, tags=["\"><script>alert(6)</script>"], acronym="<b>SIGLE</b>",
    description="motpiege <script>alert(3)</script>\n\n<img src=\"https://ailleurs.example/x.png\" onerror=\"alert(4)\"> "
                "[piège](javascript:alert(5)) et **gras** <style>body{display:none}</style> ![image](https://ailleurs.example/y.png)",
    resources=[{"id": f"00000000-0000-4000-8000-00000000000{n}", "type": "main", "filetype": "remote", "title": title, "format": form,
                "url": url, "extras": {}, "metrics": {}} for n, (title, form, url) in enumerate([
                    ("\"><b>fichier</b>", "<i>csv</i>", "javascript:alert(7)"),
                    ("autre", "csv", "https://ailleurs.example/\"onclick=\"alert(8)")])])
LONG = record("datasets", 9002, title="motpiege" + " interminable" * 3 + "é" * 200 + " مرحبا بالعالم", tags=["m" * 90],
              description="W" * 400 + "\n\n- un\n- deux\n\n| a | b |\n|---|---|\n| " + "c" * 200 + " | d |\n\n`" + "x" * 200 + "`")
SERIES = [record("datasets", 9100 + n, title=f"Points de ramassage des sapins de Noël {2010 + n}", description="Où porter son sapin.",
                 organization={"id": "5d0000000000000000000042", "name": "Brest métropole", "class": "Organization", "badges": []})
          for n in range(14)]

SEARCHES = {"found": "/?q=arbres", "pages": "/?q=commune&page=2&sort=title", "nothing": "/?q=xqzzvw", "filtered": "/?q=xqzzvw&kind=reuse",
            "relaxed": "/?q=bornes+recharge+xqzzvw", "hostile": "/?q=motpiege", "attack": "/?q=" + quote(ATTACK), "kind": "/?kind=dataservice",
            "territory": "/?q=arbres&territory=fr:commune:35238", "choice": "/?territory=mayenne", "no-place": "/?territory=xqzzvw&q=eau",
            "corrected": "/?q=cadastrr", "variants": "/?q=ramassage+sapins",
            "filters": "/?q=commune&license=etalab-2.0&publisher_kind=local-authority"}


def record_page(kind, remote):
    return "/r/" + quote(rid(kind, remote), safe="")


PAGES = {"home": "/", "values": "/valeurs/publisher?q=commune&lettres=d", "sources": "/sources", "about": "/about", "accessibilite": "/accessibilite",
         "record": record_page("datasets", SIRENE), "changed": record_page("datasets", TREES),
         "hostile-record": record_page("datasets", HOSTILE["id"]), "long-record": record_page("datasets", LONG["id"]),
         "api": record_page("dataservices", f"5b{1:022}"), "reuse": record_page("reuses", f"5c{1:022}"),
         "organization": record_page("organizations", f"5d{1:022}"), **SEARCHES}
REFUSALS = {"removed": (410, record_page("datasets", GONE)), "unknown": (404, "/nulle-part"), "unknown-record": (404, "/r/cat%3Arien"),
            "wrong": (400, "/?q=eau&page=abc")}


class World:
    """What the tests share: the catalogue twice harvested, the program that serves, the browser."""


def setUpModule():
    if missing():
        raise unittest.SkipTest(missing())
    server = Udata(SAMPLE)
    unittest.addModuleCleanup(server.close)
    server.add("datasets", HOSTILE)
    server.add("datasets", LONG)
    for one in SERIES:
        server.add("datasets", one)
    g = Glaneur(source(server), contact="equipe@example.org")
    unittest.addModuleCleanup(close, g)
    g.harvest()
    World.site = g.serve()
    server.change("datasets", TREES, description="Une description <em>toute</em> nouvelle.", license="lov2")
    server.delete("datasets", GONE)
    server.fault(on_page("datasets", 1), "record", how="wrong_type", index=1)
    World.run = g.harvest()
    World.browser = Browser()
    unittest.addModuleCleanup(World.browser.close)


def close(g):
    said = g.close()
    if said:
        raise AssertionError(f"a sanitizer has spoken: {said}")


class BrowserTest(unittest.TestCase):
    maxDiff = None
    scripts = True

    @property
    def address(self):
        return f"http://{World.site.public}"

    def setUp(self):
        self.browser, self.refused = World.browser, set()
        self.browser.width()
        self.browser.colours()
        self.browser.scripts(self.scripts)

    def tearDown(self):
        self.assertIsNone(self.browser.dialog, "a dialog is open")
        self.assertEqual([m for m in self.complaints() if not any(m.startswith(start) for start in self.refused)], [])

    def run(self, result=None):
        def troubles():
            return len(result.failures) + len(result.errors)
        result = self.defaultTestResult() if result is None else result
        before = troubles()
        super().run(result)
        if troubles() > before:
            self.picture()
        return result

    @contextlib.contextmanager
    def subTest(self, name):
        with super().subTest(name):
            try:
                yield
            except Exception:
                self.picture("." + re.sub(r"[^a-z0-9-]+", "_", name.lower()))
                raise

    def picture(self, part=""):
        folder = os.environ.get("GLANEUR_SHOTS")
        if folder:
            os.makedirs(folder, exist_ok=True)
            self.browser.picture(os.path.join(folder, ".".join(self.id().split(".")[-2:]) + part + ".png"))

    def complaints(self):
        return [entry["message"] for entry in self.browser.log() if entry["level"] in ("WARNING", "SEVERE")]

    def open(self, path, status=200):
        if status != 200:
            self.refused.add(f"{self.address}{path} - Failed to load resource: the server responded with a status of {status} ")
        self.browser.open(self.address + path)
        self.assertEqual(self.browser.js("return performance.getEntriesByType('navigation')[0].responseStatus"), status, path)

    def assertPath(self, path, **parameters):
        """The browser comes to this address; parameters: those that must be in it, with all their values, None for none."""
        def there():
            url = urlsplit(self.browser.url)
            asked = parse_qs(url.query)
            return (f"{url.scheme}://{url.netloc}", unquote(url.path)) == (self.address, unquote(path)) and \
                {name: asked.get(name) for name in parameters} == parameters
        wait_until(there, 5, f"{path} with {parameters}")

    def one(self, css):
        return self.browser.one(css)

    def texts(self, css):
        return self.browser.texts(css)

    def status(self):
        return self.one(".bar [role=status]").text

    def titles(self):
        return self.texts(".results h3")

    def search_for(self, words, path="/"):
        self.open(path)
        field = self.one("#q")
        field.clear()
        field.type(words + ENTER)
        self.assertPath("/", q=[words])


def main():
    if missing():
        print(f"browser tests are left out: {missing()}", file=sys.stderr)
        sys.exit(77)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        unittest.main()
    finally:
        unittest.doModuleCleanups()     # those of a run that was interrupted
