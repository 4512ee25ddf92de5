#!/usr/bin/env python3
"""Harvests every sample of OAI-PMH of the shared data from a simulated repository, and the files as they are from the disk. Prints a table.
Run: python3 tests/bench/samples/oai_pmh.py [--records]"""
import json, os, sys
import xml.etree.ElementTree as etree

from commons import ROOT, SHARED, harvest, row

sys.path.insert(0, os.path.join(ROOT, "tests", "scenario"))
from xml_server import Oai  # noqa: E402

FOLDER = os.path.join(SHARED, "ckan-ods-other-samples", "oai-pmh-sickle")
OAI = "{http://www.openarchives.org/OAI/2.0/}"


def main():
    print("| files | records offered | read | refused and why |\n|---|---|---|---|")
    if not os.path.isdir(FOLDER):
        print(f"skipped: oai-pmh-sickle is not in {SHARED}")
        return
    records, deleted = {}, []
    for name in sorted(n for n in os.listdir(FOLDER) if n.endswith(".xml")):
        for record in etree.parse(os.path.join(FOLDER, name)).iter(OAI + "record"):
            identifier, metadata = record.findtext(f"{OAI}header/{OAI}identifier"), record.find(OAI + "metadata")
            if metadata is not None:
                records[identifier] = etree.tostring(metadata[0], encoding="unicode")
            elif identifier:
                deleted.append(identifier)
    with Oai(records.items(), size=1) as server:
        server.deleted = deleted
        run, total, kept = harvest("oai-pmh", server.url)
    row("oai-pmh-sickle over OAI-PMH", len(records), run, total)
    if "--records" in sys.argv:
        print(json.dumps(kept, ensure_ascii=False, indent=1))
    run, total, _ = harvest("oai-pmh", FOLDER)
    row("oai-pmh-sickle from the disk", len(records), run, total)


main()
