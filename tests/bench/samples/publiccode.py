#!/usr/bin/env python3
"""The samples of publiccode: files of publiccode.yml, where somebody put some (publiccode/**/*.yml of the shared data): all of them as one
page of open-catalog-api, and from where they lie. None are among the shared data as it comes."""
import glob, json, os
import commons

commons.head()
folder = os.path.join(commons.SHARED, "publiccode")
files = sorted(glob.glob(folder + "/**/*.yml", recursive=True))
if not files:
    print("skipped: no file of publiccode.yml is in", folder)
else:
    texts = [open(f, encoding="utf-8", errors="replace").read() for f in files]
    page = {"data": [{"id": str(n), "publiccodeYml": text, "active": True} for n, text in enumerate(texts)], "links": {"next": None}}
    run, total, records = commons.serve("publiccode", "/v1/software", json.dumps(page).encode())
    commons.row("publiccode/**/*.yml, as /v1/software", len(files), run, total)
    run, total, _ = commons.harvest("publiccode", folder)
    commons.row("publiccode/**/*.yml", len(files), run, total)
    commons.filled(records)
