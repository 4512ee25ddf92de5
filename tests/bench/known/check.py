#!/usr/bin/env python3
"""Checks queries.tsv against data.gouv.fr's catalogue: check.py CATALOGUE.csv

The catalogue is the portal's own export of datasets (';' between fields), as of 2026-01-16.
Every expected id must be there and not archived, each query has one to five of them, and no
query is written twice in the same kind, case and accents aside. Exits 1 when a line is wrong.
"""
import collections
import csv
import os
import sys
import unicodedata

CLASSES = {
    "exact-title", "acronym", "accents-plural", "former-name", "fused", "everyday", "place",
    "year", "long", "typo", "popular", "organization",
}


def fold(text):
    text = unicodedata.normalize("NFKD", text.replace("’", "'").casefold())
    return " ".join("".join(c for c in text if not unicodedata.combining(c)).split())


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: check.py CATALOGUE.csv")
    csv.field_size_limit(1 << 30)
    views, organizations = {}, set()
    with open(sys.argv[1], encoding="utf-8", newline="") as catalogue:
        for row in csv.DictReader(catalogue, delimiter=";"):
            if row["archived"] == "False":
                views[row["id"]] = int(row["metric.views"] or 0)
                organizations.add(row["organization_id"])

    wrong, seen, count, unknown = [], {}, collections.Counter(), collections.Counter()
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "queries.tsv")
    with open(path, encoding="utf-8") as lines:
        header = next(lines).rstrip("\n").split("\t")
        if header != ["class", "kind", "query", "expected"]:
            sys.exit("queries.tsv: line 1 is not: class, kind, query, expected")
        for number, line in enumerate(lines, 2):
            fields = line.rstrip("\n").split("\t")
            if len(fields) != 4 or not all(fields):
                wrong.append((number, "not four fields"))
                continue
            group, kind, query, expected = fields
            ids = expected.split("|")
            if group not in CLASSES:
                wrong.append((number, f"unknown class {group}"))
            if kind != ("organization" if group == "organization" else "dataset"):
                wrong.append((number, f"kind {kind} in class {group}"))
            if not 1 <= len(ids) <= 5 or len(set(ids)) != len(ids):
                wrong.append((number, "not one to five different ids"))
            known = organizations if kind == "organization" else views
            wrong += [(number, f"{i} is not in the catalogue") for i in ids if i not in known]
            first = seen.setdefault((kind, fold(query)), number)
            if first != number:
                wrong.append((number, f"same query as line {first}"))
            count[group] += 1
            if kind == "dataset" and max(views.get(i, 0) for i in ids) < 3100:
                unknown[group] += 1

    for number, why in wrong:
        print(f"queries.tsv:{number}: {why}", file=sys.stderr)
    for group in count:
        print(f"{group:15}{count[group]:4}{unknown[group]:4} seldom seen")
    print(f"{'all':15}{sum(count.values()):4}{sum(unknown.values()):4} seldom seen")
    return 1 if wrong else 0


sys.exit(main())
