#!/usr/bin/env python3
"""Checks this collection: its numbers, grades and classes, no pair judged twice, and that the datasets are in a catalogue.

    tests/bench/needs/judge_check.py [CSV]      CSV: the export of data.gouv.fr's datasets that the needs were judged on

Prints what is wrong, a line each, and exits 1; prints the counts and exits 0 when all is well. Ids of another source
(`api.gouv.fr:...`) are not looked for in CSV.
"""
import collections
import csv
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
CLASSES = {"short", "question", "place", "year", "everyday"}
MAX_TITLE = 60


def table(name):
    with open(os.path.join(HERE, name), encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE))


def check(needs, judgments, catalogue):
    """Yields what is wrong. catalogue: whether each dataset id is archived, or None where there is none to look in."""
    numbers = [n["number"] for n in needs]
    if numbers != [str(i + 1) for i in range(len(needs))]:
        yield "needs.tsv: the numbers are not 1, 2, 3..."
    for n in needs:
        for c in set(n["classes"].split()) - CLASSES or ([] if n["classes"] else ["(none)"]):
            yield f"need {n['number']}: no class is called {c}"
    seen, best = set(), collections.Counter()
    for j in judgments:
        at = f"need {j['number']}, {j['id']}"
        if None in j or None in j.values() or "" in j.values():
            yield f"{at}: not five columns"
            continue
        if j["number"] not in numbers:
            yield f"{at}: no such need"
        if j["grade"] not in ("0", "1", "2"):
            yield f"{at}: the grade is '{j['grade']}'"
        if (j["number"], j["id"]) in seen:
            yield f"{at}: judged twice"
        if len(j["title"]) > MAX_TITLE:
            yield f"{at}: a title of {len(j['title'])} characters"
        if catalogue is not None and ":" not in j["id"] and catalogue.get(j["id"], True):
            yield f"{at}: " + ("archived" if j["id"] in catalogue else "not in the catalogue")
        seen.add((j["number"], j["id"]))
        best[j["number"]] += j["grade"] == "2"
    for n in numbers:
        if not best[n]:
            yield f"need {n}: nothing answers it"


def main():
    catalogue = None
    if len(sys.argv) > 1:
        csv.field_size_limit(1 << 30)
        with open(sys.argv[1], encoding="utf-8", newline="") as f:
            catalogue = {r["id"]: r["archived"] not in ("", "False") for r in csv.DictReader(f, delimiter=";")}
    needs, judgments = table("needs.tsv"), table("judgments.tsv")
    wrong = list(check(needs, judgments, catalogue))
    for w in wrong:
        print(w)
    if not wrong:
        grades = collections.Counter(j["grade"] for j in judgments)
        print(f"{len(needs)} needs, {len(judgments)} judgments: {grades['2']} answer, {grades['1']} help, {grades['0']} do not")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
