#!/usr/bin/env python3
"""Harvests every sample of ISO 19115 metadata and of CSW answers of the shared data: the records of each folder from a simulated CSW, page
after page, and the files as they are from the disk. Prints a table. Run: python3 tests/bench/samples/csw.py [--records]"""
import json, os, re, sys
import xml.etree.ElementTree as etree

from commons import ROOT, SHARED, harvest, row

sys.path.insert(0, os.path.join(ROOT, "tests", "scenario"))
from xml_server import Csw  # noqa: E402

FOLDERS = ["iso19139-csw-samples/" + name for name in (
    "udata", "geonetwork-ui", "geodatagouv-parsers", "geodatagouv-csw-client", "ecospheres-xslt", "ecospheres-scripts", "owslib",
    "pycsw", "ckanext-spatial", "ckanext-geodatagov", "datagov-harvester", "edu.nyu", "geobtaa", "ecospheres-isomorphe")]
FOLDERS += ["ckan-ods-other-samples/ckan-ng-csw"]
RECORDS = re.compile(r"(MD_Metadata|MI_Metadata|\}Record|\}SummaryRecord|\}BriefRecord|\}RDF)$")


def files_of(folder):
    for path, _, names in os.walk(folder):
        yield from (os.path.join(path, name) for name in sorted(names) if name.endswith(".xml"))


def elements(node):
    """The records in a tree, outermost ones alone."""
    if RECORDS.search(node.tag):
        return [node]
    return [found for child in node if isinstance(child.tag, str) for found in elements(child)]


def identifier(element):
    for path in ("./{*}fileIdentifier", "./{*}metadataIdentifier/{*}MD_Identifier/{*}code", "./{*}identifier"):
        found = element.find(path)
        if found is not None and "".join(found.itertext()).strip():
            return "".join(found.itertext()).strip()
    return f"~{id(element)}"


def main():
    print("| files | records offered | read | refused and why |\n|---|---|---|---|")
    for name in FOLDERS:
        folder = os.path.join(SHARED, name)
        if not os.path.isdir(folder):
            print(f"skipped: {name} is not in {SHARED}")
            continue
        records, bad = [], 0
        for path in files_of(folder):
            try:
                found = elements(etree.parse(path).getroot())
            except etree.ParseError:
                bad += 1
                continue
            records += [(identifier(e), etree.tostring(e, encoding="unicode")) for e in found]
        if records:
            with Csw(records) as server:
                run, total, kept = harvest("csw", server.url)
            row(f"{name} over CSW ({len({i for i, _ in records})} ids)", len(records), run, total)
            if "--records" in sys.argv:
                print(json.dumps(kept[:3], ensure_ascii=False, indent=1))
        run, total, _ = harvest("csw", folder)
        row(f"{name} from the disk ({bad} files are no XML)", len(records), run, total)


main()
