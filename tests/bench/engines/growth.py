#!/usr/bin/env python3
"""How cost grows with the number of records: several folders of run.sh side by side. Usage: growth.py FOLDER...

Medians of CPU; "x" is what a figure grew by from the folder before, to be held against the records' own. Folders are put in the order of
their records.
"""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from table import TITLES, first_of, number, objects, rows, size_mb, table, text  # noqa: E402


def figures(folder):
    """{title: figure}, "records" among them; what was not measured is absent."""
    index, query = objects(folder, "glaneur-index.json"), objects(folder, "glaneur-query.json")
    memory = [r["resident_mb"] for r in objects(folder, "glaneur-memory.json") if r["part"] == "completion"]
    moving = objects(folder, "glaneur-moving.json")
    found = {"records": first_of(index, "records")}
    found.update((f"{TITLES[r['class']]}, ms", r["median_ms"]) for r in query if r.get("class") in TITLES)
    found.update((f"{TITLES[r['class']]}, p99 ms", r["p99_ms"]) for r in query if r.get("class") in ("word_facet5", "suggest"))
    for r in moving:
        if "commits" in r:
            found[f"first query after a commit of {r['commits']}, ms"] = r["first_query_ms"]
            found[f"one of its {r['commits']}, ms of the indexer"] = r["index_ms_each"]
    for title, key in (("storing, CPU s", "store_cpu_s"), ("indexing, CPU s", "index_cpu_s"), ("indexing, peak MB of memory", "peak_memory_mb")):
        found[title] = first_of(index, key)
    found["index, MB"] = size_mb(f"{folder}/data/index") or None
    found["memory while searching, MB"] = memory[0] if memory else first_of(query, "resident_mb")
    lucene = rows("lucene", text(folder, "lucene-exact.txt").rpartition("== ")[2])
    found.update((f"Lucene, exact: {TITLES[name]}, ms", lucene[name][1]) for name in ("one_common", "word_facet5") if name in lucene)
    return {title: value for title, value in found.items() if value is not None}


def lines(columns):
    """Of the table: each figure with what it grew by."""
    out = []
    for title in dict.fromkeys(t for c in columns for t in c):
        line, before = [title], None
        for column in columns:
            value = column.get(title)
            line.append("" if value is None else number(value) + (f" (x {number(value / before)})" if before else ""))
            before = value
        out.append(line)
    return out


def main(folders):
    columns = [figures(f) for f in folders]
    unknown = [f for f, c in zip(folders, columns) if "records" not in c]
    if unknown:
        sys.exit(f"{unknown[0]} has no glaneur-index.json: run.sh makes it")
    columns.sort(key=lambda c: c["records"])
    table([""] + [f"{c['records']}" for c in columns], lines(columns))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1:])
