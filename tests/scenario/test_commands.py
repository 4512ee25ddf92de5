#!/usr/bin/env python3
"""Every command: what it prints where, its --json, its exit codes, with and without a daemon. Run: python3 tests/scenario/test_commands.py"""
import json, os, pty, re, sqlite3, subprocess, time, unittest

from glaneur import DONE, FAILED, NOTHING, PROGRAM, WRONG_USE, Scenario, rid, small, source

COMMANDS = "serve harvest search show sources runs accept refuse check status reindex verify".split()
RUN_KEYS = ("source run state added updated unchanged missing removed restored skipped errored figures pages bytes started ended "
            "cpu_seconds errors").split()


class Harvested(Scenario):
    def setUp(self):
        self.server = self.catalogue(small(6, reuses=2, organizations=1))
        self.g = self.glaneur(self.server)
        self.run_of_setup = self.g.harvest()

    def quiet(self, *args, code=DONE):
        """Data on stdout as one JSON document, nothing on stderr."""
        result = self.g.run(*args, "--json", code=code)
        self.assertEqual(result.err, "", args)
        self.assertEqual(result.out.count("\n"), 1, result.out)
        return result.json

    def fails(self, *args, code, says):
        """The reason on stderr, nothing on stdout."""
        result = self.g.run(*args, code=code)
        self.assertEqual(result.out, "", args)
        self.assertTrue(result.err.startswith("glaneur: "), result.err)
        self.assertIn(says, result.err)


class Harvest(Harvested):
    def test_json(self):
        result = self.g.run("harvest", "--json", "--quiet")
        self.assertEqual(result.err, "")
        run = result.json["runs"][0]
        self.assertEqual(list(result.json), ["runs"])
        self.assertTrue(set(RUN_KEYS) <= set(run), run)
        self.assertGreater(run["cpu_seconds"], 0)
        self.assertRegex(run["started"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.server.fault("/api/1/reuses/", "status", None, code=400)
        failed = self.g.run("harvest", "--json", "--quiet", code=FAILED)        # its JSON all the same
        self.assertEqual(failed.json["runs"][0]["state"], "failed")
        self.assertEqual(failed.json["runs"][0]["errors"][0]["kind"], "run")
        self.assertIn("level=error", failed.err)

    def test_text(self):
        result = self.g.run("harvest")
        self.assertEqual(result.out, "cat: done, 0 added, 0 updated, 9 unchanged, 0 missing, 0 removed, 0 restored, 0 skipped, 0 errored, 0 figures\n")
        self.assertIn('event="run ended"', result.err)
        self.assertEqual(self.g.run("harvest", "-q").err, "")
        self.server.fault("/api/1/reuses/", "status", None, code=400)
        result = self.g.run("harvest", code=FAILED)
        self.assertIn("cat: failed", result.out)
        self.assertIn("400", result.out)

    def test_wrong_use(self):
        for args, says in ((("harvest", "nobody"), "nobody"), (("harvest", "--limit", "0"), "--limit"), (("harvest", "--limit", "x"), "--limit")):
            self.fails(*args, code=WRONG_USE, says=says)
        self.assertEqual(self.g.run("harvest", "--nonsense", code=WRONG_USE).out, "")
        self.assertEqual(len(self.g.json("runs")["runs"]), 1)

    def test_progress_on_a_terminal_only(self):
        self.server.on_request = lambda path: time.sleep(0.4)
        self.assertNotIn("\x1b", self.g.run("harvest").err)
        shown = b""
        pid, terminal = pty.fork()
        if pid == 0:
            os.execv(PROGRAM, ["glaneur", "harvest", "-c", self.g.config])
        try:
            while True:
                shown += os.read(terminal, 4096)
        except OSError:         # the end, on Linux
            pass
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), DONE)
        os.close(terminal)
        self.assertRegex(shown.decode(), r"\r\x1b\[Kcat \[#* *\] \d+ of \d+")


class Reading(Harvested):
    def same_through_xapian(self):
        """`matcher: xapian` answers the same, in the command and in the daemon; another word is refused."""
        asked = (("titre",), ("titre -numero", "--kind", "dataset", "--facets", "kind,source"), ("titer", "--page_size", "2", "--explain", "1"),
                 ("\"titre\"", "--sort", "title"), ("",))

        def answers(ask):
            return [{k: v for k, v in ask(*a).items() if k != "took_ms"} for a in asked]

        def over_http(q, *options):
            parameters = {k.lstrip("-"): v for k, v in zip(options[::2], options[1::2])}
            return daemon.search(q, **parameters)
        listed = answers(lambda *a: self.g.run("search", *a, "--json").json)
        self.assertGreater(sum(len(a["data"]) for a in listed), 10)
        daemon = self.g.serve()
        served = answers(over_http)
        daemon.stop()
        configuration = self.g.read()
        self.g.write("matcher: xapian\n" + configuration)
        self.assertEqual(answers(lambda *a: self.g.run("search", *a, "--json").json), listed)
        daemon = self.g.serve()
        self.assertEqual(answers(over_http), served)
        daemon.stop()
        self.g.write("matcher: sphinx\n" + configuration)
        self.fails("search", "titre", code=WRONG_USE, says="one of lists, xapian")
        self.g.write(configuration)

    def test_search(self):
        answer = self.quiet("search", "titre")
        self.assertEqual((answer["total"], answer["next_page"], answer["page_size"]), (8, None, 20))
        self.assertEqual(len(answer["data"]), 8)
        answer = self.quiet("search", "titre", "--kind", "dataset", "--kind", "reuse", "--page_size", "3", "--facets", "kind", "--sort", "views")
        self.assertEqual(answer["facets"]["kind"], [{"value": "dataset", "label": answer["facets"]["kind"][0]["label"], "count": 6},
                                                    {"value": "reuse", "label": answer["facets"]["kind"][1]["label"], "count": 2}])
        self.assertEqual(len(answer["data"]), 3)
        second = self.quiet("search", "titre", "--kind", "dataset", "--kind", "reuse", "--page_size", "3", "--sort", "views", "--cursor", answer["cursor"])
        self.assertEqual(second["page"], 2)
        text = self.g.run("search", "titre", "--kind", "reuse")
        self.assertEqual(sorted(re.findall(r"^    (cat:\S+)$", text.out, re.M)), sorted([rid("reuses", 0), rid("reuses", 1)]))
        self.assertRegex(text.err, r"^2 found, [0-9.]+ ms\n$")
        self.assertEqual(self.quiet("search", "introuvable", code=NOTHING)["total"], 0)
        self.same_through_xapian()
        nothing = self.g.run("search", "introuvable", code=NOTHING)
        self.assertEqual(nothing.out, "")
        self.fails("search", "x", "--sort", "best", code=WRONG_USE, says="sort")
        self.fails("search", "x", "--page", "0", code=WRONG_USE, says="page")
        self.fails("search", "x", "--facets", "colour", code=WRONG_USE, says="colour")
        self.fails("search", "x", "--cursor", "zzz", code=WRONG_USE, says="cursor")
        self.fails("search", "x" * 600, code=WRONG_USE, says="512")
        self.assertEqual(self.g.run("search", "x", "--licence", "y", code=WRONG_USE).out, "")
        self.assertEqual(self.g.run("search", "one", "two", code=WRONG_USE).out, "")

    def test_show(self):
        shown = self.quiet("show", rid("datasets", 1))
        self.assertEqual((shown["id"], shown["title"], shown["provenance"]["source"]), (rid("datasets", 1), "Titre 1", "cat"))
        history = self.quiet("show", rid("datasets", 1), "--history")
        self.assertEqual([h["what"] for h in history["history"]], ["added"])
        self.fails("show", "cat:nobody", code=NOTHING, says="cat:nobody")
        self.fails("show", "cat:nobody", "--history", code=NOTHING, says="cat:nobody")
        self.assertEqual(self.g.run("show", code=WRONG_USE).out, "")

    def test_sources(self):
        alone = self.quiet("sources")["sources"]
        daemon = self.g.serve()
        with_daemon = self.quiet("sources")["sources"]
        self.assertEqual(alone, with_daemon)        # the same document, wherever it comes from
        self.assertEqual([(s["name"], s["type"], s["state"], s["records"], s["missing"], s["archived"], s["removed"], s["next_run"], s["progress"])
                          for s in alone], [("cat", "udata", "done", 9, 0, 0, 0, None, None)])
        self.assertEqual(alone[0]["last_run"]["run"], 1)
        text = self.g.run("sources").out
        self.assertRegex(text, r"^SOURCE +STATE +RECORDS +LAST RUN +NEXT RUN +SCHEDULE\ncat +done +9  \d{4}-\d\d-\d\d \d\d:\d\d  - +never\n$")
        daemon.stop()
        self.assertEqual(self.g.run("sources").out, text)
        self.g.configure(source(self.server, schedule="@daily"), source(self.server, "new"))
        alone = self.quiet("sources")["sources"]
        self.assertEqual([(s["state"], s["records"], s["next_run"] is None) for s in alone], [("done", 9, False), ("never_run", 0, True)])
        self.g.serve()
        self.assertEqual(self.quiet("sources")["sources"], alone)

    def test_runs(self):
        self.server.fault("/api/1/datasets/", "record", field="title", raw=b"nope", index=2)
        self.g.harvest()
        runs = self.quiet("runs")["runs"]
        self.assertEqual([(r["run"], r["state"], r["added"], r["errored"]) for r in runs], [(2, "done_with_errors", 0, 1), (1, "done", 9, 0)])
        self.assertTrue(set(RUN_KEYS) <= set(runs[0]))
        self.assertEqual(self.quiet("runs", "cat")["runs"], runs)
        self.assertEqual(self.quiet("runs", "other")["runs"], [])
        self.assertEqual([r["run"] for r in self.quiet("runs", "--limit", "1")["runs"]], [2])
        one = self.quiet("runs", "cat", "2")["runs"]
        self.assertEqual([(r["run"], len(r["errors"])) for r in one], [(2, 1)])
        self.assertEqual(one[0]["errors"][0]["record"], rid("datasets", 2))
        text = self.g.run("runs", "cat", "2").out.splitlines()
        self.assertEqual(len(text), 2)
        self.assertIn(rid("datasets", 2), text[1])
        self.fails("runs", "cat", "99", code=NOTHING, says="99")
        self.fails("runs", "other", "2", code=NOTHING, says="cat")
        self.fails("runs", "cat", "x", code=WRONG_USE, says="RUN")
        self.fails("runs", "--limit", "0", code=WRONG_USE, says="--limit")

    def test_status_and_verify(self):
        status = self.quiet("status")
        self.assertGreater(status.pop("bytes"), 10_000)
        self.assertEqual(status, {"daemon": False, "records": 9, "bricks_joined": 0, "records_joined": 0, "documents": 9, "seq": 9, "indexed_seq": 9, "figures_seq": 0, "indexed_figures_seq": 0})
        self.assertRegex(self.g.run("status").out, r"^daemon   not running\nstore    9 records, seq 9\njoined   0 bricks, which are 0 of the records\nindex    there, 9 documents, seq 9\ndisk     [0-9.]+ MB\n$")
        self.assertTrue(self.quiet("verify")["same"])
        self.assertEqual(self.g.run("verify").out, "9 records, 9 documents: index and store agree\n")
        self.g.serve()
        self.assertTrue(self.quiet("status")["daemon"])
        self.assertTrue(self.quiet("verify")["same"])

    def test_verify_finds_what_differs(self):
        with sqlite3.connect(self.g.data + "/store.db") as store:       # behind the program's back: one record less, one more
            store.execute("UPDATE records SET id = 'cat:other' WHERE id = ?", (rid("datasets", 1),))
        store.close()
        answer = self.quiet("verify", code=FAILED)
        self.assertEqual((answer["same"], answer["not_indexed"], answer["not_stored"]), (False, 1, 1))
        text = self.g.run("verify", code=FAILED).out
        self.assertIn("cat:other", text)
        self.assertIn("glaneur reindex", text)
        self.logging("reindex")
        self.assertTrue(self.quiet("verify")["same"])

    def logging(self, *args):
        return self.g.run(*args, "--json").json

    def test_reindex(self):
        answer = self.logging("reindex")
        first = answer["generation"]
        self.assertEqual(answer, {"generation": first, "documents": 9})
        self.assertEqual(self.g.run("reindex", "-q").out, f"index {first + 1}: 9 documents\n")
        daemon = self.g.serve()
        self.assertEqual(self.logging("reindex"), {"generation": first + 2, "documents": 9})
        self.assertEqual(daemon.search(page_size=1)["total"], 8)
        self.assertEqual(len(self.g.found("titre")), 8)


class Empty(Scenario):
    """Before anything was harvested."""

    def setUp(self):
        self.g = self.glaneur(self.catalogue(small(2)))

    def test_commands(self):
        for args, code in ((("search", "x"), FAILED), (("show", "cat:x"), NOTHING), (("runs",), FAILED), (("status",), FAILED), (("verify",), FAILED)):
            result = self.g.run(*args, "--json", code=code)
            self.assertEqual(result.out, "")
            self.assertIn("glaneur: ", result.err)
        sources = self.g.json("sources")["sources"]
        self.assertEqual([(s["state"], s["records"], s["last_run"]) for s in sources], [("never_run", 0, None)])
        self.g.run("accept", "cat", "1", code=NOTHING)
        self.assertEqual(self.g.json("reindex")["documents"], 0)
        self.assertCounts(self.g.harvest(), added=2)

    def test_dry_run(self):
        self.assertCounts(self.g.harvest("--dry-run"), added=2)
        self.assertCounts(self.g.harvest("--dry-run"), added=2)
        self.assertEqual(self.g.json("runs")["runs"], [])

    def test_data_that_cannot_be_written(self):
        with open(self.g.data, "w", encoding="utf-8"):
            pass
        result = self.g.run("harvest", code=FAILED)
        self.assertIn(self.g.data, result.err)
        self.assertEqual(self.g.serve(ready=False).wait(20), FAILED)


class Configuration(Scenario):
    def setUp(self):
        self.g = self.glaneur("http://127.0.0.1:9")

    def test_check(self):
        self.assertEqual(self.g.json("check")["sources"], 1)
        self.assertIn("1 source", self.g.run("check").out)
        text = self.g.read()
        self.g.write(text.replace("listen:", "lissten:").replace('"never"', '"nevr"') + "colour: blue\n")
        for command in (("check", "--json"), ("check",), ("harvest",), ("serve",), ("search", "x")):
            result = self.g.run(*command, code=WRONG_USE)
            self.assertEqual(result.out, "")
            for part in ("glaneur.yaml:1", "lissten", "listen", "nevr", "colour", "3 errors"):      # every error at once, with line and nearest name
                self.assertIn(part, result.err)

    def test_where_it_is_found(self):
        folder, elsewhere = self.g.folder, os.path.join(self.g.folder, "elsewhere")
        os.mkdir(elsewhere)
        environment = {k: v for k, v in os.environ.items() if k != "GLANEUR_CONFIG"}

        def check(cwd, **extra):
            return subprocess.run([PROGRAM, "check", "--json"], cwd=cwd, env={**environment, **extra}, capture_output=True, text=True, timeout=60)
        self.assertEqual(check(folder).returncode, DONE)
        lost = check(elsewhere)
        self.assertEqual((lost.returncode, lost.stdout), (WRONG_USE, ""))
        self.assertEqual(check(elsewhere, GLANEUR_CONFIG=self.g.config).returncode, DONE)
        self.assertEqual(check(elsewhere, GLANEUR_CONFIG="/nowhere/glaneur.yaml").returncode, WRONG_USE)


class Usage(Scenario):
    def setUp(self):
        self.g = self.glaneur("http://127.0.0.1:9")

    def program(self, *args):
        return subprocess.run([PROGRAM, *args], capture_output=True, text=True, timeout=60)

    def test_help(self):
        for args in (("--help",), ("-h",), ("help",)):
            result = self.program(*args)
            self.assertEqual((result.returncode, result.stderr), (DONE, ""))
            for command in COMMANDS:
                self.assertRegex(result.stdout, rf"(?m)^  {command} ")
        for command in COMMANDS:
            result = self.program(command, "--help")
            self.assertEqual((result.returncode, result.stderr), (DONE, ""))
            self.assertTrue(result.stdout.startswith(f"usage: glaneur {command} "))
            for option in ("--config", "--json", "--quiet", "--help"):
                self.assertIn(option, result.stdout)
        self.assertRegex(self.program("check", "--help").stdout, r"(?s)max_removed.*remove_after")
        self.assertRegex(self.program("--version").stdout, r"^glaneur \d+\.\d+\.\d+\n$")

    def test_wrong_use(self):
        for args in ((), ("nonsense",), ("--nonsense",), ("show", "-c"), ("status", "extra"), ("search", "--log-level", "loud", "x")):
            result = self.program(*args)
            self.assertEqual((result.returncode, result.stdout), (WRONG_USE, ""), args)
            self.assertNotEqual(result.stderr, "")

    def test_log(self):
        server = self.catalogue(small(1))
        g = self.glaneur(server)
        lines = [json.loads(line) for line in g.run("harvest", "--log-json").err.splitlines()]
        self.assertEqual([line["event"] for line in lines], ["run begins", "run ended"])
        self.assertEqual(g.run("harvest", "--log-level", "error").err, "")
        journal = g.run("harvest", JOURNAL_STREAM="8:1").err
        self.assertRegex(journal, "^<6>")

    def test_stdout_that_is_full(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
                result = subprocess.run([PROGRAM, "check", "--json", "-c", self.g.config], stdout=full, timeout=60)
        self.assertEqual(result.returncode, FAILED)


if __name__ == "__main__":
    unittest.main()
