#!/usr/bin/env python3
"""The samples of apigouv: the sheets of api.gouv.fr of 2026, as /api/v1/apis and as the Markdown that it is made from."""
import glob, json, os
import commons

commons.head()
body = commons.read("commons-replay/api-gouv-fr-apis.json")
if body:
    run, total, records = commons.serve("apigouv", "/api/v1/apis", body)
    commons.row("commons-replay/api-gouv-fr-apis.json", len(json.loads(body)), run, total)
    commons.filled(records)
folder = os.path.join(commons.SHARED, "api-gouv-fr", "api")
if os.path.isdir(folder):
    run, total, records = commons.harvest("apigouv", folder)
    commons.row("api-gouv-fr/api/*.md", len(glob.glob(folder + "/*.md")), run, total)
    commons.filled(records)
