#!/usr/bin/env python3
"""The daemon's life: schedule, runs, reload, stop, metrics, the admin face, its index lost or rebuilt. Run: python3 tests/scenario/test_daemon.py"""
import datetime, http.client, json, os, re, shutil, signal, socket, threading, time, unittest

from glaneur import DONE, FAILED, SAMPLE, STOP_SECONDS, Glaneur, Scenario, free_port, record, small, source, wait_until


class Hammer:
    """Threads that ask again and again until the block ends; `failures` then holds whatever was not 200 or could not be had."""

    def __init__(self, daemon, *paths, threads=3):
        self.daemon, self.paths, self.answers, self.failures, self.over = daemon, paths, 0, [], threading.Event()
        self.threads = [threading.Thread(target=self.work, args=(n,)) for n in range(threads)]

    def work(self, n):
        while not self.over.is_set():
            path = self.paths[(self.answers + n) % len(self.paths)]
            try:
                answer = self.daemon.get(path)
                if answer.status != 200:
                    self.failures.append((path, answer.status, answer.text[:300]))
            except (OSError, http.client.HTTPException) as error:
                self.failures.append((path, repr(error)))
            self.answers += 1
            self.over.wait(0.005)       # the program shall have the processor, too

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()


class Schedule(Scenario):
    def test_a_source_that_was_never_harvested_runs_at_once(self):
        g = self.glaneur(source(self.catalogue(small(3)), "daily", schedule="@daily"), source(self.catalogue(small(4)), "by-hand"))
        daemon = g.serve()
        run = daemon.wait_run(1, "daily")
        self.assertEqual((run["trigger"], run["added"]), ("schedule", 3))
        daily, by_hand = wait_until(lambda: self.sources_when_done(daemon), what="the end of the run")
        self.assertEqual((by_hand["state"], by_hand["next_run"], by_hand["last_run"]), ("never_run", None, None))
        self.assertEqual((daily["state"], daily["records"]), ("done", 3))
        due = datetime.datetime.fromisoformat(daily["next_run"].replace("Z", "+00:00"))
        now = datetime.datetime.now(datetime.timezone.utc)
        self.assertTrue(now < due < now + datetime.timedelta(days=1, hours=2), due)
        self.assertEqual(daemon.metrics()['glaneur_harvest_next_timestamp_seconds{source="daily"}'], due.timestamp())
        self.assertEqual(daemon.stop(), 0)
        daemon = g.serve()
        again = daemon.get("/api/v1/sources").json["sources"][0]
        self.assertEqual((again["next_run"], again["last_run"]["run"]), (daily["next_run"], 1))     # not again, and not at another time
        self.assertEqual(g.json("sources")["sources"][0]["next_run"], daily["next_run"])

    def sources_when_done(self, daemon):
        sources = daemon.get("/api/v1/sources").json["sources"]
        return sources if sources[0]["state"] == "done" and sources[0]["next_run"] else None

    def test_an_unknown_next_run_without_a_daemon(self):
        g = self.glaneur(self.catalogue(small(1)), schedule="@daily")
        g.harvest()
        self.assertEqual(g.json("sources")["sources"][0]["last_run"]["run"], 1)


class Runs(Scenario):
    def test_one_run_of_a_source_at_a_time(self):
        server = self.catalogue(small(30))
        server.on_request = lambda path: time.sleep(0.6)    # the command below starts within the run, on a busy machine too
        g = self.glaneur(server, page_size=5, kinds=["dataset"])
        daemon = g.serve(ready=False)
        wait_until(lambda: daemon.status_of("/healthz"), what="the daemon")
        first = daemon.start_run()
        self.assertEqual((first.status, first.json), (202, {"source": "cat", "run": 1, "state": "running"}))
        second = daemon.start_run()
        self.assertEqual((second.status, second.json["status"], second.headers["Content-Type"]), (409, 409, "application/problem+json"))
        self.assertIn("already", second.json["detail"])
        command = g.start("harvest", "--json")     # waits for the run that there is
        running = wait_until(lambda: next((s for s in daemon.get("/api/v1/sources").json["sources"] if s["progress"] and s["progress"]["met"]), None))
        self.assertEqual((running["state"], running["progress"]["announced"]), ("running", 30))
        self.assertEqual(daemon.metrics()['glaneur_harvest_running{source="cat"}'], 1)
        self.assertCounts(daemon.wait_run(1), added=30, pages=6)
        out, _ = command.popen.communicate(timeout=20)
        self.assertEqual((command.popen.returncode, [(r["run"], r["added"]) for r in json.loads(out)["runs"]]), (DONE, [(1, 30)]))
        self.assertIn("already", command.stderr)
        self.assertEqual(daemon.start_run().json["run"], 2)
        self.assertCounts(daemon.wait_run(2), unchanged=30)

    def test_requests_for_runs(self):
        g = self.glaneur(self.catalogue(small(8)), kinds=["dataset"])
        daemon = g.serve(ready=False)
        wait_until(lambda: daemon.status_of("/healthz"), what="the daemon")
        self.assertEqual(daemon.start_run("nobody").status, 404)
        for query, parameter in (("?limit=0", "limit"), ("?limit=x", "limit"), ("?force=2", "force"), ("?fource=1", "fource")):
            problem = daemon.start_run("cat", query)
            self.assertEqual((problem.status, problem.json["errors"][0]["parameter"]), (400, parameter), query)
        self.assertEqual(daemon.ask("POST", "/api/v1/sources/cat/runs").status, 405)        # not on the public face
        self.assertCounts(daemon.wait_run(daemon.start_run("cat", "?limit=3").json["run"]), added=3)
        self.assertCounts(daemon.wait_run(daemon.start_run("cat", "").json["run"]), added=5, unchanged=3)
        self.assertCounts(daemon.wait_run(daemon.start_run("cat", "?force=1").json["run"]), updated=8)
        for path, status in (("x/runs/1/accept", 404), ("cat/runs/99/accept", 404), ("cat/runs/1/accept", 409), ("cat/runs/x/refuse", 400)):
            self.assertEqual(daemon.post("/api/v1/sources/" + path).status, status, path)

    def test_the_command_goes_through_the_daemon_and_waits(self):
        servers = [self.catalogue(small(6)), self.catalogue(small(5))]
        g = self.glaneur(*servers)
        daemon = g.serve(ready=False)
        wait_until(lambda: daemon.status_of("/healthz"), what="the daemon")
        result = g.run("harvest", "--json")
        runs = result.json["runs"]
        self.assertEqual([(r["source"], r["trigger"], r["state"], r["added"]) for r in runs], [("cat", "api", "done", 6), ("cat2", "api", "done", 5)])
        self.assertEqual(daemon.search(page_size=1)["total"], 11)        # searchable when it returns
        self.assertEqual(len(g.found("titre")), 11)
        servers[1].change("datasets", record("datasets", 1)["id"], title="Boussole")
        self.assertCounts(g.harvest("cat2"), updated=1, unchanged=4)
        self.assertEqual(daemon.search("boussole")["total"], 1)
        self.assertCounts(g.harvest("cat2", "--force"), updated=5)
        self.assertCounts(g.harvest("cat2", "--limit", "2"), unchanged=2)
        servers[0].fault("/api/1/datasets/", "status", None, code=400)
        result = g.run("harvest", "--json", code=FAILED)
        self.assertEqual([r["state"] for r in result.json["runs"]], ["failed", "done"])
        self.assertTrue(g.json("status")["daemon"])
        self.assertIn("cat2: done", g.run("harvest", "cat2").out)

    def test_admin_on_a_unix_socket(self):
        server = self.catalogue(small(4))
        g = self.glaneur(server)
        g.configure(source(server), admin=f"unix:{g.folder}/admin.sock")
        daemon = g.serve(ready=False)
        wait_until(lambda: daemon.status_of("/healthz"), what="the daemon")
        self.assertCounts(g.harvest(), added=4)
        self.assertEqual(g.harvest()["trigger"], "api")
        self.assertTrue(g.json("status")["daemon"])
        self.assertEqual(g.json("reindex")["documents"], 4)
        self.assertEqual(daemon.stop(), 0)
        self.assertFalse(os.path.exists(g.folder + "/admin.sock"))


class Reload(Scenario):
    def setUp(self):
        self.server = self.catalogue(small(5))
        self.g = self.glaneur(self.server)
        self.g.harvest()
        self.daemon = self.g.serve()

    def names(self):
        return [s["name"] for s in self.daemon.get("/api/v1/sources").json["sources"]]

    def hup(self, says):
        before = self.daemon.stderr.count(says)
        self.daemon.signal(signal.SIGHUP)
        wait_until(lambda: self.daemon.stderr.count(says) > before, what=says)

    def test_a_good_file(self):
        other = self.catalogue(small(3))
        self.g.configure(source(self.server), source(other, "new", schedule="@daily"), source(other, "by-hand"))
        self.hup("configuration loaded again")
        wait_until(lambda: self.names() == ["cat", "new", "by-hand"], what="the new sources")
        self.assertCounts(self.daemon.wait_run(2, "new"), added=3)      # never harvested: at once
        self.assertIsNone(self.daemon.last_run("by-hand"))
        self.g.configure(source(other, "new"))
        self.hup("configuration loaded again")
        wait_until(lambda: self.names() == ["new"], what="a source less")
        self.assertEqual(self.daemon.start_run("cat").status, 404)
        self.assertEqual(self.daemon.search(page_size=1)["total"], 8)       # what was harvested stays
        self.assertEqual(self.daemon.stop(), 0)

    def test_a_broken_file(self):
        text = self.g.read()
        for broken, says in ((text + "lissten: 127.0.0.1:1\n", "lissten"), (text.replace('"udata"', '"udatta"'), "udata"),
                             ("sources: [\n", "glaneur.yaml"), (text.replace('"never"', '"61 * * * *"'), "61")):
            self.g.write(broken)
            self.hup("configuration is wrong, the old one stays")
            self.assertIn(says, self.daemon.stderr)
            self.assertEqual(self.names(), ["cat"])
            self.assertEqual(self.daemon.get("/healthz").status, 200)
        os.unlink(self.g.config)
        self.hup("configuration is wrong, the old one stays")
        self.g.write(text)
        self.hup("configuration loaded again")
        self.assertCounts(self.daemon.wait_run(self.daemon.start_run().json["run"]), unchanged=5)
        self.assertEqual(self.daemon.stop(), 0)

    def test_in_the_middle_of_a_run(self):
        self.server.on_request = lambda path: time.sleep(0.2)
        run = self.daemon.start_run().json["run"]
        self.g.configure(source(self.catalogue(small(2)), "other"))
        self.hup("configuration loaded again")
        wait_until(lambda: self.names() == ["other"], what="the other source")
        wait_until(lambda: 'run=%d state=done' % run in self.daemon.stderr, what="the end of the run")
        self.assertEqual(self.daemon.stop(), 0)
        self.assertEqual(self.g.json("runs", "cat")["runs"][0]["state"], "done")

    def test_the_source_that_runs_keeps_its_place(self):
        self.server.on_request = lambda path: time.sleep(0.2)
        run = self.daemon.start_run().json["run"]
        self.g.configure(source(self.server, max_removed=0.5))
        self.hup("configuration loaded again")
        self.assertEqual(self.daemon.start_run().status, 409)
        self.assertCounts(self.daemon.wait_run(run), unchanged=5)

    def test_what_needs_a_restart(self):
        self.g.configure(source(self.server), listen=f"127.0.0.1:{free_port()}")
        self.hup("keep their values until a restart")
        self.assertEqual(self.daemon.get("/healthz").status, 200)


class Stop(Scenario):
    def test_running_requests_are_answered(self):
        server = self.catalogue(small(30))
        g = self.glaneur(server, kinds=["dataset"])
        g.harvest()
        for number in (signal.SIGTERM, signal.SIGINT):
            daemon = g.serve()      # which first goes on with what the one before it left
            wait_until(lambda: g.json("runs")["runs"][0]["state"] == "done", what="the end of the last run")
            server.fault("/api/1/datasets/", "delay", 1, seconds=30)        # and a harvest that hangs
            daemon.start_run()
            with Hammer(daemon, "/api/v1/search?q=titre&facets=format,license,publisher", "/api/v1/sources") as hammer:
                wait_until(lambda: hammer.answers > 10, what="answers")
                begun = time.monotonic()
                self.assertEqual(daemon.stop(number), 0)
                self.assertLess(time.monotonic() - begun, STOP_SECONDS)
            # Whoever came too late was refused; nobody got half an answer.
            self.assertEqual([f for f in hammer.failures if "Refused" not in str(f) and "RemoteDisconnected" not in str(f) and "Reset" not in str(f)], [])
            self.assertEqual(g.json("runs")["runs"][0]["state"], "interrupted")

    def test_a_second_signal_changes_nothing(self):
        server = self.catalogue(small(30))
        g = self.glaneur(server, kinds=["dataset"])
        g.harvest()
        daemon = g.serve()
        held = socket.create_connection(("127.0.0.1", g.ports[0]))
        held.sendall(b"GET /healthz HTTP/1.1\r\nHos")      # a request under way: it drains for a while
        time.sleep(0.2)
        daemon.signal(signal.SIGTERM)
        time.sleep(0.1)
        self.assertEqual(daemon.stop(), 0)                  # sends another one
        held.close()
        self.assertIn("event=stopped", daemon.stderr)

    def test_idle_connections_do_not_hold_it(self):
        g = self.glaneur(self.catalogue(small(2)))
        g.harvest()
        daemon = g.serve()
        idle = [socket.create_connection(("127.0.0.1", g.ports[0])) for _ in range(5)]
        idle[0].sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        idle[1].sendall(b"GET /healthz HTT")
        time.sleep(0.2)
        begun = time.monotonic()
        self.assertEqual(daemon.stop(), 0)
        self.assertLess(time.monotonic() - begun, STOP_SECONDS)
        for s in idle:
            s.close()


class Waiting(Scenario):
    """Whoever waits for a run when the daemon goes, or goes before the run comes."""

    def test_a_command_whose_daemon_goes(self):
        for number in (signal.SIGKILL, signal.SIGTERM):
            server = self.catalogue(small(3))
            server.fault("/api/1/", "delay", None, seconds=30)
            g = self.glaneur(server)
            daemon = g.serve(ready=False)
            wait_until(lambda: daemon.status_of("/healthz"), what="the daemon")
            command = g.start("harvest", "--json")
            wait_until(lambda: server.requests, what="the run")
            daemon.signal(number)
            daemon.wait(STOP_SECONDS)
            out, _ = command.popen.communicate(timeout=20)
            self.assertEqual((command.popen.returncode, json.loads(out)), (FAILED, {"runs": []}))
            self.assertIn("does not answer", command.stderr)

    def test_requests_for_runs_that_wait_for_their_turn(self):
        servers = [self.catalogue(small(3)) for _ in range(6)]
        for server in servers[:4]:
            server.fault("/api/1/", "delay", None, seconds=30)
        g = self.glaneur(*servers)
        daemon = g.serve(ready=False)
        wait_until(lambda: daemon.status_of("/healthz"), what="the daemon")
        for name in ("cat", "cat2", "cat3", "cat4"):
            self.assertEqual(daemon.start_run(name).status, 202)
        request = "POST /api/v1/sources/%s/runs HTTP/1.1\r\nHost: localhost\r\n\r\n"
        with socket.create_connection(("127.0.0.1", g.ports[1])) as stays, socket.create_connection(("127.0.0.1", g.ports[1])) as leaves:
            leaves.sendall((request % "cat5").encode())
            stays.sendall((request % "cat6").encode())
            wait_until(lambda: [s["state"] for s in daemon.get("/api/v1/sources").json["sources"][4:]] == ["queued", "queued"], what="their turn")
            self.assertEqual(daemon.start_run("cat6").status, 409)
            leaves.close()
            stays.settimeout(5)
            self.assertEqual(daemon.stop(seconds=4), 0)     # it does not wait for runs that will not come
            self.assertEqual(stays.recv(100)[:12], b"HTTP/1.1 503")
        self.assertEqual(len(g.json("runs")["runs"]), 4)

    def test_a_run_whose_client_left_goes_on(self):
        servers = [self.catalogue(small(3)) for _ in range(5)]
        for server in servers:
            server.on_request = lambda path: time.sleep(0.2)
        g = self.glaneur(*servers, kinds=["dataset"])
        daemon = g.serve(ready=False)
        wait_until(lambda: daemon.status_of("/healthz"), what="the daemon")
        for name in ("cat", "cat2", "cat3", "cat4"):
            daemon.start_run(name)
        with socket.create_connection(("127.0.0.1", g.ports[1])) as client:
            client.sendall(b"POST /api/v1/sources/cat5/runs HTTP/1.1\r\nHost: localhost\r\n\r\n")
            time.sleep(0.05)
        self.assertCounts(daemon.wait_run(5, "cat5"), added=3)
        self.assertEqual(daemon.stop(), 0)


class Faces(Scenario):
    def setUp(self):
        self.g = self.glaneur(self.catalogue(small(4)))

    def test_health_before_there_is_an_index(self):
        daemon = self.g.serve(ready=False)
        wait_until(lambda: daemon.status_of("/healthz") == 200, what="the daemon")
        for admin in (False, True):
            self.assertEqual(daemon.get("/healthz", admin).json, {"status": "ok"})
            answer = daemon.get("/readyz", admin)
            self.assertEqual((answer.status, answer.json["ready"], answer.headers["Cache-Control"]), (503, False, "no-store"))
            self.assertTrue(answer.json["reason"])
        self.assertEqual(daemon.get("/api/v1/sources").json["sources"][0]["state"], "never_run")
        self.assertIn("glaneur_index_documents", daemon.metrics())
        self.assertCounts(self.g.harvest(), added=4)
        wait_until(lambda: daemon.status_of("/readyz") == 200, what="readiness")
        self.assertEqual(daemon.get("/readyz", admin=True).json, {"ready": True})
        self.assertEqual(daemon.search(page_size=1)["total"], 4)

    def test_ready_after_a_first_harvest_that_fails(self):
        self.g.configure(source("http://127.0.0.1:1", attempts=1))
        daemon = self.g.serve(ready=False)
        wait_until(lambda: daemon.status_of("/healthz") == 200, what="the daemon")
        self.assertEqual(daemon.status_of("/readyz"), 503)
        self.assertEqual(daemon.wait_run(daemon.start_run().json["run"])["state"], "failed")
        daemon.wait_ready()
        self.assertEqual(daemon.search(page_size=1)["total"], 0)

    def test_metrics(self):
        daemon = self.g.serve(ready=False)
        wait_until(lambda: daemon.status_of("/healthz") == 200, what="the daemon")
        daemon.wait_run(daemon.start_run().json["run"])
        daemon.search("titre")
        daemon.search("introuvable")
        daemon.get("/nothing/here")
        self.assertEqual(daemon.get("/metrics").status, 404)         # on the admin face only
        answer = daemon.get("/metrics", admin=True)
        self.assertTrue(answer.headers["Content-Type"].startswith("text/plain; version=0.0.4"))
        families, samples, family = {}, {}, None
        for line in answer.text.splitlines():
            if line.startswith("# HELP "):
                family = line.split(" ")[2]
                self.assertNotIn(family, families)
                self.assertRegex(line, r"^# HELP [a-z_]+ \S.*\.$")
            elif line.startswith("# TYPE "):
                _, _, name, kind = line.split(" ")
                self.assertEqual(name, family)
                self.assertIn(kind, ("counter", "gauge", "histogram"))
                self.assertEqual(kind == "counter", name.endswith("_total"), name)
                families[name] = kind
            else:
                m = re.fullmatch(r'([a-z_]+)(\{[a-z_]+="[^"\\\n]*"(?:,[a-z_]+="[^"\\\n]*")*\})? (\S+)', line)
                self.assertIsNotNone(m, line)
                self.assertTrue(m[1] == family or families[family] == "histogram" and re.fullmatch(family + "_(bucket|sum|count)", m[1]), line)
                self.assertNotIn(m[1] + (m[2] or ""), samples)
                samples[m[1] + (m[2] or "")] = float(m[3])
        for name, kind in families.items():
            if kind != "histogram":
                continue
            buckets = [v for k, v in samples.items() if k.startswith(name + "_bucket")]
            self.assertEqual(buckets, sorted(buckets))
            self.assertEqual(buckets[-1], samples[name + "_count"])
        for name in ("glaneur_http_requests_total", "glaneur_http_request_duration_seconds", "glaneur_search_duration_seconds",
                     "glaneur_harvest_runs_total", "glaneur_harvest_last_success_timestamp_seconds", "glaneur_records",
                     "glaneur_index_lag_records", "glaneur_build_info", "glaneur_loop_lag_seconds"):
            self.assertIn(name, families)
        self.assertEqual(samples['glaneur_http_requests_total{route="search",code="200"}'], 2)
        self.assertEqual(samples['glaneur_harvest_runs_total{source="cat",outcome="done"}'], 1)
        self.assertAlmostEqual(samples['glaneur_harvest_last_success_timestamp_seconds{source="cat"}'], time.time(), delta=60)
        self.assertEqual(samples['glaneur_records{source="cat",kind="dataset",state="active"}'], 4)
        self.assertEqual((samples["glaneur_index_lag_records"], samples["glaneur_index_documents"]), (0, 4))
        self.assertEqual((samples["glaneur_search_duration_seconds_count"], samples["glaneur_search_nothing_total"]), (2, 1))
        wait_until(lambda: daemon.metrics()["glaneur_fetch_requests_total"] == 4, what="the requests counted")

    def test_host_and_origin_on_the_admin_face(self):
        self.g.harvest()
        daemon = self.g.serve()
        port = self.g.ports[1]
        for host in (f"127.0.0.1:{port}", f"localhost:{port}", "localhost", f"[::1]:{port}"):
            self.assertEqual(daemon.get("/metrics", True, Host=host).status, 200, host)
        for host in ("evil.example", f"evil.example:{port}", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1"):
            refused = daemon.get("/metrics", True, Host=host)
            self.assertEqual((refused.status, refused.headers["Content-Type"]), (403, "application/problem+json"), host)
            self.assertEqual(daemon.post("/api/v1/sources/cat/runs", Host=host).status, 403)
            self.assertEqual(daemon.get("/api/v1/sources", Host=host).status, 200)        # the public face is behind any name
        for origin in ("http://evil.example", "null", f"http://127.0.0.1:{self.g.ports[0]}", f"http://localhost:{port}"):
            self.assertEqual(daemon.post("/api/v1/sources/cat/runs", Origin=origin).status, 403, origin)
        self.assertEqual(len(self.g.json("runs")["runs"]), 1)
        self.assertEqual(daemon.post("/api/v1/sources/cat/runs", Origin=f"http://127.0.0.1:{port}").status, 202)
        self.assertIsNone(daemon.get("/healthz", True).headers["Access-Control-Allow-Origin"])


class Searching(Scenario):
    """No request fails while the index moves."""

    def setUp(self):
        self.server = self.catalogue(SAMPLE)
        self.g = self.glaneur(self.server)
        self.g.harvest()
        self.daemon = self.g.serve()
        self.paths = ["/api/v1/search?q=eau&facets=kind,publisher,format", "/api/v1/search?q=commune&sort=modified&page_size=50",
                      "/api/v1/search?q=donnees+transport", "/api/v1/search?kind=dataset&sort=title&page_size=100", "/readyz",
                      "/api/v1/records/" + next(r["id"] for r in self.daemon.search("eau")["data"])]

    def generation(self):
        return self.daemon.get("/api/v1/index", admin=True).json["generation"]

    def test_while_it_is_rebuilt(self):
        total, before = self.daemon.search("eau")["total"], self.generation()
        with Hammer(self.daemon, *self.paths) as hammer:
            for n in range(2):
                self.assertEqual(self.daemon.post("/api/v1/index/rebuild").status, 202)
                wait_until(lambda: self.generation() > before + n, what="the new index")
            self.assertEqual(self.g.json("reindex")["documents"], 221)
        self.assertEqual(hammer.failures, [])
        self.assertGreater(hammer.answers, 20)
        self.assertGreater(self.generation(), before + 2)
        self.assertEqual(self.daemon.search("eau")["total"], total)
        folders = [f for f in os.listdir(self.g.data + "/index") if f.isdigit()]
        self.assertEqual(folders, [str(self.generation())])

    def test_while_a_harvest_runs(self):
        with Hammer(self.daemon, *self.paths) as hammer:
            for _ in range(2):
                self.assertCounts(self.daemon.wait_run(self.daemon.start_run("cat", "?force=1").json["run"]), updated=221)
        self.assertEqual(hammer.failures, [])
        self.assertGreater(hammer.answers, 20)


class Lost(Scenario):
    """The index is gone or damaged while nobody runs: the store is the truth, it is built again."""

    def setUp(self):
        self.g = self.glaneur(self.catalogue(small(30)), kinds=["dataset"])
        self.g.harvest()
        self.index = self.g.data + "/index"

    def files(self):
        folder = os.path.join(self.index, os.readlink(self.index + "/current"))
        return [os.path.join(folder, name) for name in os.listdir(folder)]

    def damage(self, how):
        for path in self.files():
            with open(path, "r+b") as f:
                how(f, os.path.getsize(path))

    def rebuilt(self, search_code=FAILED):
        if search_code is not None:
            self.g.run("search", "titre", "--json", code=search_code)
        daemon = self.g.serve()
        wait_until(lambda: daemon.search("titre", page_size=1).get("total") == 30, what="the records")
        self.assertEqual(daemon.stop(), 0)
        self.assertTrue(self.g.json("verify")["same"])
        self.assertEqual(len(self.g.found("titre")), 30)

    def test_deleted(self):
        shutil.rmtree(self.index)
        self.rebuilt()

    def test_a_dangling_link(self):
        shutil.rmtree(os.path.dirname(self.files()[0]))
        self.rebuilt()

    def test_no_link(self):
        os.unlink(self.index + "/current")
        with open(self.index + "/current", "w", encoding="utf-8") as f:
            f.write("1")
        self.rebuilt()

    def test_truncated(self):
        self.damage(lambda f, size: f.truncate(size // 3))
        self.rebuilt()

    def test_emptied(self):
        self.damage(lambda f, size: f.truncate(0))
        self.rebuilt()

    def test_overwritten(self):
        def scribble(f, size):
            f.write(b"\xa5" * size)
        self.damage(scribble)
        self.rebuilt()

    def test_reindex_by_hand(self):
        self.damage(lambda f, size: f.truncate(0))
        self.assertEqual(self.g.json("reindex")["documents"], 30)
        self.assertEqual(len(self.g.found("titre")), 30)

    def test_the_next_harvest_mends_it(self):
        self.damage(lambda f, size: f.truncate(0))
        self.assertCounts(self.g.harvest(), unchanged=30)
        self.assertEqual(len(self.g.found("titre")), 30)


class Twice(Scenario):
    def test_two_daemons_on_one_folder(self):
        server = self.catalogue(small(3))
        g = self.glaneur(server)
        g.harvest()
        first = g.serve()
        other = Glaneur(source(server), data=g.data)
        self.addCleanup(other.close)
        second = other.serve(ready=False)
        self.assertEqual(second.wait(20), FAILED)
        self.assertIn(str(first.popen.pid), second.stderr)
        self.assertEqual(first.get("/readyz").status, 200)
        self.assertEqual(first.stop(), 0)
        third = other.serve()
        self.assertEqual(third.search(page_size=1)["total"], 3)

    def test_an_address_that_is_taken(self):
        server = self.catalogue(small(1))
        with socket.create_server(("127.0.0.1", 0)) as taken:
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            for face in ("listen", "admin"):
                g = self.glaneur(server, top={face: address})
                daemon = g.serve(ready=False)
                self.assertEqual(daemon.wait(20), FAILED)
                self.assertIn(address, daemon.stderr)

    def test_after_kill_9(self):
        g = self.glaneur(self.catalogue(small(3)))
        g.harvest()
        g.serve().kill()
        self.assertEqual(g.serve().search(page_size=1)["total"], 3)


if __name__ == "__main__":
    unittest.main()
