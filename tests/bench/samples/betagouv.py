#!/usr/bin/env python3
"""The samples of betagouv: the products of beta.gouv.fr of 2022, as api/v2.6/startups.json and as the sheets that it is made from."""
import glob, json, os
import commons

commons.head()
body = commons.read("commons-replay/beta-startups-v2.6.json")
records = []
if body:
    run, total, records = commons.serve("betagouv", "/api/v2.6/startups.json", body)
    commons.row("commons-replay/beta-startups-v2.6.json", len(json.loads(body)["data"]), run, total)
folder = os.path.join(commons.SHARED, "beta-gouv-fr", "_startups")
if os.path.isdir(folder):
    run, total, _ = commons.harvest("betagouv", folder)
    commons.row("beta-gouv-fr/_startups/*.md", len(glob.glob(folder + "/*.md")), run, total)
commons.filled(records)
