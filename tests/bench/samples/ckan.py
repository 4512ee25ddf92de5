#!/usr/bin/env python3
"""Harvests every CKAN and DKAN sample of the shared data from a portal that serves it as CKAN does, and prints a table.
Run: python3 tests/bench/samples/ckan.py [--records]     (which also prints what became of them)"""
import json, os, sys

from commons import ROOT, harvest, head, read, row

sys.path.insert(0, os.path.join(ROOT, "tests", "scenario"))
from ckan import Ckan, Dkan  # noqa: E402

SAMPLES = "ckan-ods-other-samples/"


def of_solr(text):
    """data.gov.uk keeps each package, as package_show gives it, in a field of Solr's."""
    return [json.loads(doc["validated_data_dict"]) for doc in json.loads(text)["response"]["docs"]]


def of_one_or_many(text):
    whole = json.loads(text)
    return whole if isinstance(whole, list) else [whole]


FILES = [
    (SAMPLES + "datagouv-2014-ckan/ministere-de-l-interieur.json", of_one_or_many, Ckan),
    (SAMPLES + "datagovuk/solr_response.json", of_solr, Ckan),
    (SAMPLES + "datagovuk/solr_inspire_dataset.json", of_solr, Ckan),
    (SAMPLES + "datagovuk/solr_dataset_without_datafiles.json", of_solr, Ckan),
    (SAMPLES + "udata-ckan/dkan-french-w-license.json", lambda text: json.loads(text)["result"], Dkan),
] + [(f"dcat-rdf-samples/ckanext-dcat/ckan/{name}.json", of_one_or_many, Ckan)
     for name in ("ckan_dataset", "ckan_full_dataset_dcat_ap", "ckan_full_dataset_dcat_ap_legacy", "ckan_dcat_ap_dataset_series",
                  "ckan_full_dataset_dcat_us_vocabularies", "ckan_full_dataset_croissant", "health_dcat_ap")]


def main():
    head()
    for name, packages_of, portal in FILES:
        text = read(name)
        if text is None:
            continue
        packages = packages_of(text)
        with portal(packages, **({"rows_max": 50} if portal is Ckan else {})) as server:
            run, total, records = harvest("ckan", server.url, page_size=100)
        row(os.path.basename(name), len(packages), run, total)
        if "--records" in sys.argv:
            print(json.dumps(records[:4], ensure_ascii=False, indent=1))


main()
