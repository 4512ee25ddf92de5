#!/usr/bin/env python3
"""The samples of codegouv: 6 634 repositories of 2021 as codegouvfr-repositories.json, the same in the short keys of repos_preprod.json and in
the French ones of the first years, and 1 130 of 2026 as GitHub writes them."""
import csv, io, json
import commons

commons.head()
SHORT = {"archived": "a?", "updated_at": "u", "description": "d", "fork": "f?", "template": "t?", "language": "l", "license": "li",
         "full_name": "fn", "repo_name": "n", "forks_count": "f", "owner": "o"}
body = commons.read("commons-replay/codegouvfr-repositories.json")
if body:
    run, total, records = commons.serve("codegouv", "/data/codegouvfr-repositories.json", body)
    commons.row("commons-replay/codegouvfr-repositories.json", len({r["id"].lower() for r in json.loads(body)}), run, total)
    commons.filled(records)
    short = [{**{SHORT[k]: v for k, v in r.items() if k in SHORT}, "p": r["html_url"].split("/")[2]} for r in json.loads(body)]
    run, total, records = commons.serve("codegouv", "/data/repos_preprod.json", json.dumps(short).encode())
    commons.row("the same, with the short keys of repos_preprod.json", len({(r["p"] + "/" + r["fn"]).lower() for r in short}), run, total)
body = commons.read("codegouv/repertoires.csv")
if body:
    rows = list(csv.DictReader(io.StringIO(body.decode())))
    run, total, records = commons.serve("codegouv", "/data/repositories/json/all.json", json.dumps(rows).encode())
    commons.row("codegouv/repertoires.csv, as all.json", len({r["repertoire_url"].lower() for r in rows}), run, total)
body = commons.read("codegouv/gitscan-github.ndjson")
if body:
    rows = [json.loads(line) for line in body.splitlines()]
    run, total, records = commons.serve("codegouv", "/repositories", json.dumps(rows).encode())
    commons.row("codegouv/gitscan-github.ndjson, as one array", len({r["html_url"].lower() for r in rows}), run, total)
    commons.filled(records)
