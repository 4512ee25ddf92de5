#!/usr/bin/env python3
"""Harvests every Opendatasoft sample of the shared data from a portal that serves it as Opendatasoft does, and prints a table. They are
of the API 1.0: each is also served as a list and as an export of 2.1. Run: python3 tests/bench/samples/ods.py [--records]"""
import json, os, sys

from commons import ROOT, harvest, head, read, row

sys.path.insert(0, os.path.join(ROOT, "tests", "scenario"))
from ods import Ods  # noqa: E402

FILES = ["no-data", "test-c", "inspire", "with-attachments"]


def main():
    head()
    for name in FILES:
        text = read(f"ckan-ods-other-samples/udata-ods/{name}.json")
        if text is None:
            continue
        whole = json.loads(text)
        datasets = whole.get("datasets", [whole])
        for version, wall in (("1.0", 10000), ("2.1", 10000)):
            with Ods(datasets, wall=wall, version=version) as server:
                run, total, records = harvest("ods", server.url, page_size=100, api=version)
            row(f"{name}.json, API {version}", len(datasets), run, total)
            if "--records" in sys.argv and version == "1.0":
                print(json.dumps(records, ensure_ascii=False, indent=1))


main()
