#!/usr/bin/env python3
"""Every page held against page_rules.py, on a screen, on phones, in light and dark; with the keyboard; its headers and its links.
Left out, with exit code 77, where Chromium or its driver is not installed. See site_under_test.py."""
import functools, html, http.server, os, re, subprocess, sys, tempfile, threading, unittest
from urllib.parse import urlsplit

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, HERE)
import page_rules
from site_under_test import PAGES, PROGRAM, REFUSALS, SEARCHES, BrowserTest, World, main, setUpModule
from look import Handler
from webdriver import ENTER, SPACE, TAB

RENDER = os.path.abspath(os.environ.get("RENDER") or os.path.join(os.path.dirname(PROGRAM), "tests", "render"))
TEMPLATES, VIEWS = os.path.join(HERE, "..", "..", "api", "web", "templates"), os.path.join(HERE, "views")
PHONES, SCHEMES = (390, 320), ("light", "dark")
TABS_MAX = 200


class Keyboard(BrowserTest):
    def tab(self):
        """Where the focus is after the Tab key; it can be seen there. None when it has left the page."""
        self.browser.press(TAB)
        focus = page_rules.focus(self.browser)
        if focus:
            self.assertEqual(focus["wrong"], [], focus["what"])
        return focus

    def tab_to(self, condition):
        for _ in range(TABS_MAX):
            focus = self.tab()
            if focus and condition(focus):
                return
        self.fail("the Tab key does not reach it")

    def test_skip_link_comes_first_and_leads_to_the_field(self):
        self.open("/")
        self.assertEqual(self.tab()["href"], "#contenu")
        self.browser.press(ENTER)
        self.assertEqual(self.browser.js("return [location.hash, document.activeElement.id]"), ["#contenu", "contenu"])
        self.assertEqual(self.tab()["id"], "q")

    def test_order(self):
        """Every link and control is reached, once, in the order of the page, and is seen when it has the focus."""
        for path in ("/", SEARCHES["found"], SEARCHES["filters"], PAGES["changed"], "/sources"):
            with self.subTest(path):
                self.open(path)
                wanted, met = page_rules.reachable(self.browser), []
                while (focus := self.tab()) and len(met) <= TABS_MAX and (not met or focus["order"] != met[0]["order"]):
                    met.append(focus)
                self.assertEqual([f["what"] for f in met], wanted)
                self.assertEqual([f["order"] for f in met], sorted({f["order"] for f in met}))

    def test_a_whole_search(self):
        self.open("/")
        self.tab_to(lambda f: f["id"] == "q")
        self.browser.press(*"commune", ENTER)
        self.assertPath("/", q=["commune"])
        self.tab_to(lambda f: f["name"] == "license")
        self.browser.press(SPACE)
        self.tab_to(lambda f: f["text"] == "Appliquer les filtres")
        self.browser.press(ENTER)
        self.assertPath("/", q=["commune"], license=[self.one("input[name=license]:checked").attribute("value")])
        self.tab_to(lambda f: (f["href"] or "").startswith("/r/"))
        self.browser.press(ENTER)
        self.assertTrue(urlsplit(self.browser.url).path.startswith("/r/cat"), self.browser.url)

    def test_filters_on_a_phone(self):
        self.browser.width(390)
        self.open("/?q=commune")
        self.tab_to(lambda f: f["text"] == "Filtrer les résultats")
        self.browser.press(ENTER)
        self.assertEqual(self.tab()["name"], "territory")


class Rules:
    """Holds pages against page_rules. pages: [(name, status, path)]. Each is loaded once."""

    def test_every_page(self):
        for name, status, path in self.pages():
            self.browser.width()
            with self.subTest(name):
                self.open(path, status)
                for scheme in SCHEMES:
                    self.browser.colours(scheme)
                    self.assertEqual(page_rules.contrast(self.browser), [], scheme)
                self.assertEqual(page_rules.structure(self.browser), [])
                for width in PHONES:
                    self.browser.width(width)
                    self.assertEqual(page_rules.overflow(self.browser, width), [], width)


class EveryPage(Rules, BrowserTest):
    def pages(self):
        return [(name, 200, path) for name, path in PAGES.items()] + [(name, *refusal) for name, refusal in REFUSALS.items()]

    def test_headers(self):
        for name, status, path in self.pages():
            with self.subTest(name):
                answer = World.site.get(path, Accept="text/html")
                self.assertEqual((answer.status, answer.headers["Content-Type"]), (status, "text/html; charset=utf-8"))
                self.assertEqual(answer.headers["Content-Security-Policy"],
                                 "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
                                 "form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
                self.assertEqual((answer.headers["X-Content-Type-Options"], answer.headers["Referrer-Policy"]), ("nosniff", "no-referrer"))
                self.assertIsNone(answer.headers["Set-Cookie"])

    def test_no_dead_link(self):
        """Every address of ours on every page answers, and the place in it exists."""
        met = {}
        for name, status, path in self.pages():
            text = World.site.get(path, Accept="text/html").text
            for url in re.findall(r'href="([^"]*)"', text):
                url = urlsplit(html.unescape(url))
                if not url.netloc and url.scheme in ("", "http", "https"):
                    target = (url.path or urlsplit(path).path) + ("?" + url.query if url.query else "" if url.path else
                                                                  "?" + urlsplit(path).query if urlsplit(path).query else "")
                    met.setdefault(target, {}).setdefault(url.fragment, name)
        self.assertGreater(len(met), 100)
        expected = {path: status for status, path in REFUSALS.values()}
        for target, fragments in met.items():
            answer = World.site.get(target, Accept="text/html")
            self.assertEqual(answer.status, expected.get(target, 200), (target, fragments))
            for fragment, name in fragments.items():
                self.assertTrue(not fragment or f'id="{fragment}"' in answer.text, f"{target}#{fragment} on {name}")

    def test_schemes_differ(self):
        grounds = []
        for scheme in SCHEMES:
            self.browser.colours(scheme)
            self.open("/")
            grounds.append(self.browser.js("return getComputedStyle(document.body).backgroundColor"))
        self.assertEqual(grounds, ["rgb(255, 255, 255)", "rgb(22, 27, 26)"])

    def test_the_policy_holds_and_the_console_tells(self):
        self.open("/")
        self.browser.js("const s = document.createElement('script'); s.textContent = 'document.title = \"pris\"'; document.body.append(s)")
        self.assertNotEqual(self.browser.title, "pris")
        told = self.complaints()
        self.assertEqual((len(told), "Content Security Policy" in told[0]), (1, True), told)

    def test_the_rules_can_be_broken(self):
        """Each rule finds what it is there to find."""
        def broken(script, rule, *words):
            self.open("/?q=arbres")
            self.browser.js("const add = (tag, text) => { const e = document.createElement(tag); e.textContent = text;"
                            " document.querySelector('main').append(e); return e; };" + script)
            found = " | ".join(rule(self.browser))
            for word in words:
                self.assertIn(word, found)
        broken("add('h5', 'cinq')", page_rules.structure, "h5 follows h")
        broken("add('h1', 'deux')", page_rules.structure, "2 elements are h1")
        broken("add('input', '')", page_rules.structure, "no label for <input>")
        broken("add('img', '')", page_rules.structure, "a page holds <img>")
        broken("add('a', 'x').href = 'javascript:1'", page_rules.structure, "an address that runs")
        broken("add('a', 'x').href = 'https://ailleurs.example/'", page_rules.structure, "no noopener", "no noreferrer")
        broken("add('p', 'x').id = 'contenu'", page_rules.structure, "twice the id contenu")
        broken("add('p', 'gris').style.color = '#888'", page_rules.contrast, "3.54 text", "gris")
        broken("add('p', 'x').style.width = '700px'", lambda b: (b.width(390), page_rules.overflow(b, 390))[1], "wide")


@unittest.skipUnless(os.path.exists(RENDER), f"no {RENDER}")
class SampleViews(Rules, BrowserTest):
    """The templates with the views of the folder views: what a healthy site seldom shows."""
    address = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="glaneur-views-")
        cls.addClassCleanup(folder.cleanup)
        subprocess.run([RENDER, TEMPLATES, VIEWS, folder.name], check=True, timeout=60)
        cls.names = sorted(name for name in os.listdir(folder.name) if name.endswith(".html"))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder.name))
        cls.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        cls.addClassCleanup(lambda: (server.shutdown(), thread.join(), server.server_close()))

    def setUp(self):
        super().setUp()
        self.refused.add(self.address + "/favicon.svg ")        # is no template

    def pages(self):
        return [(name, 200, "/" + name) for name in self.names]


if __name__ == "__main__":
    main()
