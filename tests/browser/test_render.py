#!/usr/bin/env python3
"""Every template is rendered with its sample views, without a browser. Environment: RENDER, the program of render.c."""
import os, subprocess, tempfile, unittest

HERE = os.path.dirname(os.path.abspath(__file__))
RENDER = os.path.abspath(os.environ.get("RENDER") or os.path.join(HERE, "..", "..", "build-tests", "tests", "render"))
TEMPLATES, VIEWS = os.path.join(HERE, "..", "..", "api", "web", "templates"), os.path.join(HERE, "views")
PARTS = {"facet_value", "file", "help", "layout_bottom", "layout_top", "result", "run", "search_form"}      # of pages, none by itself


def stems(folder, suffix):
    return {name.removesuffix(suffix) for name in os.listdir(folder) if name.endswith(suffix) and not name.startswith("_")}


class Render(unittest.TestCase):
    def render(self, views, out):
        return subprocess.run([RENDER, TEMPLATES, views, out], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)

    def test_every_view_is_a_page(self):
        with tempfile.TemporaryDirectory(prefix="glaneur-views-") as out:
            done = self.render(VIEWS, out)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertEqual(stems(out, ".html"), stems(VIEWS, ".json"))
            for name in os.listdir(out):
                with self.subTest(name), open(os.path.join(out, name), encoding="utf-8") as page:
                    text = page.read()
                    self.assertTrue(text.startswith("<!doctype html>\n<html lang=\"fr\">\n"), text[:40])
                    self.assertTrue(text.endswith("</html>\n"), text[-40:])
                    if name == "search-hostile.html":       # a title that looks like a template stays a title
                        self.assertIn("<bdi>{{title}} {{{title}}}</bdi>", text)

    def test_every_page_has_a_view(self):
        self.assertEqual({name.partition("-")[0] for name in stems(VIEWS, ".json")}, stems(TEMPLATES, ".mustache") - PARTS)

    def test_what_the_policy_forbids_is_found(self):
        with tempfile.TemporaryDirectory(prefix="glaneur-views-") as folder:
            for name, text in (("_common", "{}"), ("record", '{"record": {"description_html": "<img src=x>"}}')):
                with open(os.path.join(folder, name + ".json"), "w", encoding="utf-8") as view:
                    view.write(text)
            done = self.render(folder, folder)
            self.assertEqual((done.returncode, done.stderr), (1, "render: record: the page holds <img\n"))


if __name__ == "__main__":
    unittest.main()
