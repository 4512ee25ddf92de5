#!/usr/bin/env python3
"""The tables of run.sh, from what the programs printed into its folder. Usage: table.py FOLDER"""
import json
import os
import re
import sys

CLASSES = [
    ("one_common", "one common word"), ("one_mid", "one mid word"), ("and2", "two words, both"), ("or3", "three words, any"),
    ("word_facet5", "word + 5 facets"), ("filter_facet5", "two filters + word + 5 facets"),
    ("browse_facet5", "no word + 5 facets"), ("sortdate", "word, by date"), ("suggest", "suggest"),
]
FIGURE = r"([\d.]+)"
# mean, median, p99 of a class; tantivy's median and p99 are not of CPU.
LINES = {
    "xapian": rf"^(\w+) .*cpu ms: mean +{FIGURE} p50 +{FIGURE} .*?p99 +{FIGURE} \|",
    "fts5": rf"^(\w+) .*cpu ms: mean +{FIGURE} p50 +{FIGURE} .*?p99 +{FIGURE} \|",
    "tantivy": rf"^(\w+) .*cpu mean {FIGURE} ms",
    "lucene": rf"^(\w+) +cpu mean {FIGURE} p50 {FIGURE} p99 {FIGURE}",
}
ENGINES = [("lucene-exact", "Lucene 9, exact totals"), ("lucene", "Lucene 9 as shipped"), ("tantivy", "tantivy"),
           ("xapian", "Xapian"), ("fts5", "SQLite FTS5")]


def text(folder, name):
    try:
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def objects(folder, name):
    return [json.loads(line) for line in text(folder, name).splitlines()]


def rows(engine, printed):
    """{class: (mean, median or None, p99 or None)}"""
    found = {}
    for line in printed.splitlines():
        match = re.match(LINES[engine], line)
        if match:
            numbers = [float(n) for n in match.groups()[1:]]
            found[match.group(1)] = tuple(numbers + [None] * (3 - len(numbers)))
    return found


def size_mb(path):
    if os.path.isfile(path):
        return os.path.getsize(path) / 1e6
    return sum(os.path.getsize(os.path.join(at, f)) for at, _, files in os.walk(path) for f in files) / 1e6


def number(value):
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def cell(figures):
    if not figures:
        return ""
    mean, median, p99 = figures
    return number(mean) if median is None else f"{number(mean)}, {number(median)}, {number(p99)}"


def ratio(ours, theirs):
    if not ours or not theirs:
        return ""
    at = 0 if theirs[1] is None else 1
    return f"{ours[at] / theirs[at]:.2f}" if theirs[at] else ""


def table(head, lines):
    print("| " + " | ".join(head) + " |\n" + "|---" * len(head) + "|")
    for line in lines:
        print("| " + " | ".join(line) + " |")
    print()


def queries(folder):
    own = {r["class"]: r for r in objects(folder, "glaneur-query.json") if "class" in r}
    ours = {name: (r["mean_ms"], r["median_ms"], r["p99_ms"]) for name, r in own.items()}
    # One field, the top 20 and then the counting: the last of the three ways that Lucene.java tries.
    last = lambda name: text(folder, name).rpartition("== ")[2]
    theirs = {
        "lucene-exact": rows("lucene", last("lucene-exact.txt")), "lucene": rows("lucene", last("lucene-query.txt")),
        "tantivy": rows("tantivy", text(folder, "tantivy-query.txt")), "fts5": rows("fts5", text(folder, "fts5-query.txt")),
        # Facets by its own counting of values, the rest without.
        "xapian": {**rows("xapian", text(folder, "xapian-query.txt")), **rows("xapian", text(folder, "xapian-facets.txt"))},
    }
    there = [(engine, name) for engine, name in ENGINES if theirs[engine]]
    print("CPU of one query in ms: mean, median, p99 (tantivy: mean). Ratios are ours / theirs, of medians, of means for tantivy.\n")
    table(["", "hits", "Glaneur"] + [name for _, name in there] + ["/ " + name for _, name in there],
          [[title, f"{own[name]['mean_hits']:.0f}", cell(ours[name])] + [cell(theirs[engine].get(name)) for engine, _ in there] +
           [ratio(ours[name], theirs[engine].get(name)) for engine, _ in there] for name, title in CLASSES if name in own])
    for line in text(folder, "xapian-query.txt").splitlines():
        found = re.match(r"(\w+) .*avg hits (\d+)", line)
        if found and found.group(1) in own and found.group(1) != "browse_facet5":
            hits, name = own[found.group(1)]["mean_hits"], dict(CLASSES)[found.group(1)]
            if abs(int(found.group(2)) - hits) > 0.02 * hits:
                print(f"Xapian finds another number of records for {name}: {found.group(2)}, ours {hits:.0f}.")
    if "word_facet5" in ours and "one_common" in ours:
        print(f"Facets add {number(ours['word_facet5'][1] - ours['one_common'][1])} ms to the same words without them (medians).")
    for r in objects(folder, "glaneur-query.json"):
        if "resident_mb" in r:
            print(f"Memory after these searches, the pages of the index that are mapped included: {r['resident_mb']} MB.")
        if "suggester_mb" in r:
            print(f"Completion: {r['suggester_mb']} MB, made in {r['suggester_cpu_s']} s of CPU.")
        if r.get("wrong"):
            print(f"WRONG: {r['wrong']} of {r['n']} answers of {r['class']} are not those of the plain computation.")
    print()


def indexing(folder):
    lines = []
    for r in objects(folder, "glaneur-index.json"):
        cpu = r["store_cpu_s"] + r["index_cpu_s"]
        lines.append(["Glaneur", f"{r['index_cpu_s']:.1f} + {r['store_cpu_s']:.1f} for the store", cpu,
                      size_mb(f"{folder}/data/index"), f"{r['peak_memory_mb']:.0f}"])
    for engine, name, printed, path in [("lucene", "Lucene 9", "lucene-index.txt", "lucene/index"),
                                        ("tantivy", "tantivy", "tantivy-index.txt", "tantivy"),
                                        ("xapian", "Xapian", "xapian-index.txt", "xapian"),
                                        ("fts5", "SQLite FTS5", "fts5-index.txt", "fts5.db")]:
        found = text(folder, printed)
        cpu = re.search(rf"\bcpu={FIGURE}", found)
        memory = re.search(r"rssMB=(\d+)", found)
        if cpu:
            lines.append([name, cpu.group(1), float(cpu.group(1)), size_mb(f"{folder}/{path}"), memory.group(1) if memory else ""])
        if text(folder, engine + ".why"):
            print(f"{name}: skipped, {text(folder, engine + '.why').strip()}.")
    ours = lines[0][2] if lines else 0
    print()
    table(["indexing", "CPU s", "ours / theirs", "MB on disk", "peak MB of memory"],
          [[name, words, f"{ours / cpu:.2f}", f"{mb:.0f}", memory] for name, words, cpu, mb, memory in lines])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    queries(sys.argv[1])
    indexing(sys.argv[1])
