#!/usr/bin/env python3
"""The files of `share:` that operators edit: synonyms, weights and generic words change answers at a SIGHUP, while searches go on; a wrong
one changes nothing and is told with its line, by the daemon and by `glaneur check`. Signals that come during a reload.
Run: python3 tests/scenario/test_reload.py"""
import errno, os, signal, threading, time, unittest

from glaneur import WRONG_USE, Scenario, record, rid, wait_until

TITLES = ("Vélos en libre service", "Bicyclettes du canton", "Parkings couverts", "Budget 2019", "Budget 2020", "Budget 2021")
LOADED, REFUSED = 'event="configuration loaded again"', 'event="configuration is wrong, the old one stays"'

# name, content, where it is wrong, a word of what is said
WRONG = [
    ("config/synonyms.txt", "PLU, plan local\nvélo,\n", "line 2", "alternative"),
    ("config/synonyms.txt", "# ok\n\nvélo => bicyclette => cycle\n", "line 3", "=>"),
    ("config/synonyms.txt", "seul\n", "line 1", ""),
    ("config/synonyms.txt", b"PLU, plan local\n\xff, x\n", "line 2", "UTF-8"),
    ("config/ranking.yaml", "text:\n  saturation: beaucoup\n", "ranking.yaml:2", "saturation"),
    ("config/ranking.yaml", "text:\n  saturation: 1.2\n  exat: 0.3\n", "ranking.yaml:3", "exat"),
    ("config/ranking.yaml", "variants: -1\n", "ranking.yaml:1", "variants"),
    ("config/ranking.yaml", "- liste\n", "ranking.yaml:1", "map"),
    ("config/ranking.yaml", "text: {\n", "ranking.yaml:2", "YAML"),
    ("config/ranking.yaml", "use:\n  views: {weight: 1, from: 10, to: 5}\n", "ranking.yaml", "use.views"),
    ("config/generic-words.txt", "données\njeu de\nplan-local\n", "line 3", "not one word"),
]
WRONG_AT_START = [
    ("config/stopwords.txt", "le\nla\naujourd'hui\n", "line 3", "not one word"),
    ("config/territories.tsv", "level\tcode\n", "line 1", "column"),
    ("config/place-words.txt", "commune: ville\nrien\n", "line 2", "role"),
    ("config/place-words.txt", "commune: ville\nnulle: part\n", "line 2", "role"),
]


class Reload(Scenario):
    def setUp(self):
        datasets = [record("datasets", n, title=title, description="Texte.", organization=None) for n, title in enumerate(TITLES)]
        self.g = self.glaneur(self.catalogue({"datasets": datasets}), top={"share": "share"})
        self.edit("config/synonyms.txt", "# none\n")
        self.edit("config/ranking.yaml", "variants: 0\n")
        self.edit("config/generic-words.txt", "# none\n")

    def edit(self, name, content):
        path = os.path.join(self.g.folder, "share", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(content if isinstance(content, bytes) else content.encode())

    def remove(self, name):
        os.remove(os.path.join(self.g.folder, "share", name))

    def reload(self, daemon, event=LOADED):
        """Sends the signal and waits for the word; what was logged since."""
        before = daemon.stderr
        daemon.signal(signal.SIGHUP)
        wait_until(lambda: daemon.stderr.count(event) > before.count(event), what=event)
        return daemon.stderr[len(before):]

    def ids(self, answer):
        return [r["id"] for r in answer["data"]]


class Changes(Reload):
    def test_answers_change_while_searches_go_on(self):
        self.g.harvest()
        daemon = self.g.serve()
        velos, bicyclettes = rid("datasets", 0), rid("datasets", 1)
        failures, searches, over = [], [0] * 4, threading.Event()

        def search_on(n):
            while not over.is_set():
                try:
                    answer = daemon.search("velos", explain=1)
                    if velos not in self.ids(answer):
                        failures.append(answer)
                except Exception as e:        # noqa: BLE001: any is a failure
                    failures.append(repr(e))
                searches[n] += 1
        threads = [threading.Thread(target=search_on, args=(n,)) for n in range(4)]
        for t in threads:
            t.start()
        try:
            # Synonyms: another record is found.
            self.assertEqual(self.ids(daemon.search("velos")), [velos])
            self.edit("config/synonyms.txt", "vélos, bicyclettes\n")
            self.assertEqual(self.ids(daemon.search("velos")), [velos])                     # not before it is asked for
            self.reload(daemon)
            self.assertEqual(self.ids(daemon.search("velos")), [velos, bicyclettes])
            self.assertEqual(self.ids(daemon.search("bicyclettes")), [bicyclettes, velos])
            # Weights: another score, another formula.
            old = daemon.search("velos", explain=1)["data"]
            self.edit("config/ranking.yaml", "text: {synonym: 0.1}\ntitle: {exact: 0, coverage: 0, pairs: 0, share: 0}\nvariants: 0\n")
            self.reload(daemon)
            new = daemon.search("velos", explain=1)["data"]
            self.assertEqual(self.ids({"data": new}), [velos, bicyclettes])
            self.assertGreater(old[0]["explain"]["title_coverage"], 0)
            self.assertEqual(new[0]["explain"]["title_coverage"], 0)
            self.assertAlmostEqual(new[1]["explain"]["text"] / old[1]["explain"]["text"], 0.1 / 0.85, 4)
            # Grouping, which is of the same file.
            self.assertEqual(len(daemon.search("budget")["data"]), 3)
            # Generic words: what was demanded is a wish.
            answer = daemon.search("inconnus parkings")
            self.assertEqual((answer["strict_total"], answer["relaxed"]), (0, "some_words"))
            self.edit("config/generic-words.txt", "inconnus\n")
            self.reload(daemon)
            answer = daemon.search("inconnus parkings")
            self.assertEqual((answer["strict_total"], answer["relaxed"]), (1, None))
            # Without the files, what the program carries is in force again.
            for name in ("config/synonyms.txt", "config/ranking.yaml", "config/generic-words.txt"):
                self.remove(name)
            self.reload(daemon)
            self.assertEqual(daemon.search("inconnus parkings")["strict_total"], 0)
            for n in range(10):                                                             # and many times
                self.edit("config/synonyms.txt", f"vélos, mot{n}\n")
                self.reload(daemon)
        finally:
            over.set()
            for t in threads:
                t.join()
        self.assertEqual(failures, [])
        self.assertGreater(min(searches), 5)
        self.assertEqual(daemon.stop(), 0)

    def test_variants_follow_the_weights(self):
        datasets = [record("datasets", n, title=f"Budget {2010 + n}",
                           organization={"id": f"{4:x}{0:023x}", "name": "Ville", "slug": "ville", "badges": []}) for n in range(6)]
        self.g.close()
        self.g = self.glaneur(self.catalogue({"datasets": datasets}), top={"share": "share"})
        self.edit("config/ranking.yaml", "variants: 2\n")
        self.g.harvest()
        daemon = self.g.serve()
        answer = daemon.search("budget")
        self.assertEqual((answer["total"], len(answer["data"]), answer["next_page"]), (6, 2, None))
        self.assertIsNone(answer["data"][0]["variants"])
        behind = answer["data"][1]["variants"]
        self.assertEqual(behind["count"], 4)
        opened = daemon.search("budget", variants=behind["key"])
        self.assertEqual((opened["total"], len(opened["data"])), (6, 6))
        self.assertEqual(daemon.get(behind["url"].split(daemon.public, 1)[1]).json["data"], opened["data"])
        self.assertEqual(daemon.get("/api/v1/search?q=budget&variants=x").status, 400)
        self.edit("config/ranking.yaml", "variants: 0\n")
        self.reload(daemon)
        self.assertEqual(len(daemon.search("budget")["data"]), 6)


class Wrong(Reload):
    def test_a_wrong_file_changes_nothing(self):
        self.edit("config/synonyms.txt", "vélos, bicyclettes\n")
        self.g.harvest()
        daemon = self.g.serve()
        wanted = daemon.search("velos", explain=1)["data"]
        self.assertEqual(len(wanted), 2)
        for name, content, line, word in WRONG:
            with self.subTest(f"{name}: {content}"):
                path = os.path.join(self.g.folder, "share", name)
                with open(path, "rb") as f:
                    right = f.read()
                self.edit(name, content)
                logged = self.reload(daemon, REFUSED)
                self.edit(name, right)
                told = next(l for l in logged.splitlines() if REFUSED in l)
                self.assertIn(name, told)
                self.assertIn(line, told)
                self.assertIn(word, told.replace('\\"', '"'))
                self.assertEqual(daemon.search("velos", explain=1)["data"], wanted)
        self.reload(daemon)
        self.assertEqual(daemon.search("velos", explain=1)["data"], wanted)
        self.assertEqual(daemon.stop(), 0)

    def test_check_tells_file_and_line(self):
        self.g.run("check")
        for name, content, line, word in WRONG + WRONG_AT_START:
            with self.subTest(f"{name}: {content}"):
                self.edit(name, content)
                results = [self.g.run(*args, code=None, seconds=20) for args in (("check",), ("check", "--json"), ("serve",))]
                self.remove(name)       # what the program carries is right
                for result in results:
                    self.assertEqual((result.code, result.out), (WRONG_USE, ""), result.err)
                    self.assertIn(name, result.err)
                    self.assertIn(line, result.err)
                    self.assertIn(word, result.err)
        self.g.run("check")


class Signals(Reload):
    """Signals that come while a reload is under way. The configuration is a pipe then: reading it takes until it is written."""

    def setUp(self):
        super().setUp()
        self.g.harvest()
        self.right = self.g.read()
        self.daemon = self.g.serve()
        os.remove(self.g.config)
        os.mkfifo(self.g.config)

    def reader(self):
        """A descriptor to write to, when the daemon waits at the other end; None when it does not."""
        try:
            return os.open(self.g.config, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as e:
            self.assertEqual(e.errno, errno.ENXIO)
            return None

    def wait_reader(self):
        return wait_until(self.reader, what="the reading of the configuration")

    def give(self, pipe, text):
        os.write(pipe, text.encode())
        os.close(pipe)

    def hang_up(self, times=1):
        for _ in range(times):
            self.daemon.signal(signal.SIGHUP)
            self.assertEqual(self.daemon.get("/healthz").status, 200)      # the loop has gone on since

    def loaded(self):
        return self.daemon.stderr.count(LOADED)

    def test_many_at_once_are_one_more(self):
        velos, bicyclettes = rid("datasets", 0), rid("datasets", 1)
        self.hang_up()
        pipe = self.wait_reader()
        self.hang_up(10)
        self.assertEqual(self.ids(self.daemon.search("velos")), [velos])   # searches go on
        self.assertEqual(self.loaded(), 0)
        self.give(pipe, self.right)
        wait_until(self.loaded, what="the first reload")
        self.assertEqual(self.ids(self.daemon.search("velos")), [velos])
        self.edit("config/synonyms.txt", "vélos, bicyclettes\n")           # the one that is read after all the signals
        self.give(self.wait_reader(), self.right)
        wait_until(lambda: self.loaded() == 2, what="the second reload")
        self.assertEqual(self.ids(self.daemon.search("velos")), [velos, bicyclettes])
        time.sleep(1.2)                                                    # two of the daemon's rounds
        self.assertIsNone(self.reader())                                   # ten signals are not ten reloads
        self.hang_up()
        self.give(self.wait_reader(), "listen: [\n")
        wait_until(lambda: REFUSED in self.daemon.stderr, what="the refusal")
        self.assertEqual(self.loaded(), 2)
        self.assertEqual(self.ids(self.daemon.search("velos")), [velos, bicyclettes])
        self.assertEqual(self.daemon.stop(), 0)

    def stops_meanwhile(self, text):
        self.hang_up(2)
        pipe = self.wait_reader()
        self.daemon.signal(signal.SIGTERM)
        wait_until(lambda: "event=stopping" in self.daemon.stderr, what="the stop")
        self.daemon.signal(signal.SIGHUP)
        self.give(pipe, text)
        self.assertEqual(self.daemon.wait(10), 0)
        for event in (LOADED, REFUSED, "event=configuration"):
            self.assertNotIn(event, self.daemon.stderr)                    # nor a leak: the scenario looks for it

    def test_stopped_while_a_right_one_is_read(self):
        self.stops_meanwhile(self.right)

    def test_stopped_while_a_wrong_one_is_read(self):
        self.stops_meanwhile("listn: x\nsources: 3\n")

    def test_stopped_at_once(self):
        os.remove(self.g.config)
        self.g.write(self.right)
        self.daemon.signal(signal.SIGHUP)
        self.assertEqual(self.daemon.stop(), 0)


if __name__ == "__main__":
    unittest.main()
