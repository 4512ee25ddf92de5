#!/usr/bin/env python3
"""The tables of run.sh, from what the programs printed into its folder. Usage: table.py FOLDER

Its last tables hold the figures against the goals of the project, which are for a million records, one thread, CPU time. The ratio
decides; milliseconds are those of the machine that the goals were set on.
"""
import json
import os
import re
import sys

# class, title, at most so many times Lucene's median (exact totals), ms in the median, ms at p99
CLASSES = [
    ("one_common", "one common word", 0.8, 1.9, None), ("one_mid", "one mid word", 0.8, 0.8, None), ("and2", "two words, both", 0.8, 1.0, None),
    ("or3", "three words, any", 0.8, 3.3, None), ("word_facet5", "word + 5 facets", 0.5, 5, 12),
    ("filter_facet5", "two filters + word + 5 facets", 0.5, 5, None), ("browse_facet5", "no word + 5 facets", None, 0.1, None),
    ("sortdate", "word, by date", 1.0, 0.5, None), ("suggest", "suggest", None, None, 2),
]
TITLES = {name: title for name, title, *_ in CLASSES}
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
           [ratio(ours[name], theirs[engine].get(name)) for engine, _ in there] for name, title in TITLES.items() if name in own])
    for line in text(folder, "xapian-query.txt").splitlines():
        found = re.match(r"(\w+) .*avg hits (\d+)", line)
        if found and found.group(1) in own and found.group(1) != "browse_facet5":
            hits, name = own[found.group(1)]["mean_hits"], TITLES[found.group(1)]
            if abs(int(found.group(2)) - hits) > 0.02 * hits:
                print(f"Xapian finds another number of records for {name}: {found.group(2)}, ours {hits:.0f}.")
    for r in objects(folder, "glaneur-query.json"):
        if "resident_mb" in r and "cold" not in r:
            print(f"Memory after these searches, the pages of the index that are mapped included: {r['resident_mb']:.0f} MB.")
        if "suggester_mb" in r:
            print(f"Completion: {r['suggester_mb']:.0f} MB, made in {r['suggester_cpu_s']:.1f} s of CPU.")
        if r.get("wrong"):
            print(f"WRONG: {r['wrong']} of {r['queries']} answers of {r['class']} are not those of the plain computation.")
        if r.get("checked_wrong"):
            print(f"WRONG: {r['checked_wrong']} of {r['checked']} further answers (filters, dates, pages) are not those of the plain computation.")
    for r in objects(folder, "glaneur-moving.json"):
        if r.get("moving_wrong"):
            print(f"WRONG: after commits, {r['moving_wrong']} of {r['moving_checked']} answers are not those of the plain computation.")
    print()
    return ours, theirs


# ---- Goals -----------------------------------------------------------------------------------------

def verdict(measured, limit, least=False):
    """"met", or by how much it is missed; "" where either is not known."""
    if measured is None or limit is None:
        return ""
    share = limit / measured if least and measured else measured / limit
    if share <= 1:
        return "met"
    return f"missed by {(share - 1) * 100:.0f} %" if share < 2 else f"missed, {number(share)} times"


def of_medians(ours, theirs):
    return ours[1] / theirs[1] if ours and theirs and theirs[1] else None


def class_goals(ours, theirs):
    lines = []
    for name, title, times, median, p99 in CLASSES:
        if name not in ours:
            continue
        found = of_medians(ours[name], theirs["lucene-exact"].get(name))
        goals = [(found, times, "{} x Lucene", "{:.2f}"), (ours[name][1], median, "{} ms", "{:.2f}"), (ours[name][2], p99, "p99 {} ms", "{:.2f}")]
        for value, limit, wanted, shown in goals:
            if limit is not None:
                lines.append([title, wanted.format(limit), shown.format(value) if value is not None else "not measured", verdict(value, limit)])
    return lines


def first_of(found, key):
    return next((r[key] for r in found if key in r), None)


def other_goals(folder, ours):
    """What is no class of queries."""
    facets = [ours[n][1] for n in ("word_facet5", "one_common") if n in ours]
    moving = {r["moving"]: r for r in objects(folder, "glaneur-moving.json") if "moving" in r}
    threads = {r["threads"]: r for r in objects(folder, "glaneur-threads.json")}.get("all", {})
    memory = [r["resident_mb"] for r in objects(folder, "glaneur-memory.json") if r["part"] == "completion"]
    index = objects(folder, "glaneur-index.json")
    xapian = re.search(rf"\bcpu={FIGURE}", text(folder, "xapian-index.txt"))
    ratio_to_xapian = (index[0]["store_cpu_s"] + index[0]["index_cpu_s"]) / float(xapian.group(1)) if index and xapian else None
    goals = [
        ("facets add to the same word", facets[0] - facets[1] if len(facets) == 2 else None, 4.5, "ms", False),
        ("no word + 5 facets, the first of them after a commit", moving.get("browse_facet5", {}).get("first_ms"), 5, "ms", False),
        ("memory: two search threads, every class asked, completion", memory[0] if memory else None, 400, "MB", False),
        ("two threads: throughput of one, in wall time", threads.get("two_throughput"), 1.9, "times", True),
        ("the same, without the time that others had a core", threads.get("two_alone"), 1.9, "times", True),
        ("store and index, beside Xapian's indexing (the goal is for the real catalogue: overhead.sh)", ratio_to_xapian, 1.35, "times", False),
    ]
    return [[what, f"{'at least' if least else 'at most'} {limit} {unit}", "not measured" if value is None else f"{number(value)} {unit}",
             verdict(value, limit, least)] for what, value, limit, unit, least in goals]


def states(folder):
    """A query in other states of the process than warm: medians and p99."""
    warm = {r["class"]: r for r in objects(folder, "glaneur-query.json") if "class" in r}
    cold = {r["cold"]: r for r in objects(folder, "glaneur-query.json") if "cold" in r}
    moving = {r["moving"]: r for r in objects(folder, "glaneur-moving.json") if "moving" in r}
    figures = {r["moving_figures"]: r for r in objects(folder, "glaneur-moving.json") if "moving_figures" in r}
    pair = lambda r: f"{number(r['median_ms'])}, {number(r['p99_ms'])}" if r else ""
    print("Median, p99 in ms of CPU: asked before; never asked before in this process (its very first query apart); right after a commit.\n")
    table(["", "asked before", "never before", "the very first", "after a commit of contents", "the first of its class", "after one of figures", "the first of its class"],
          [[TITLES[n], pair(warm[n]), pair(cold.get(n)), number(cold[n]["first_ms"]) if n in cold else "", pair(moving.get(n)),
            number(moving[n]["first_ms"]) if n in moving else "", pair(figures.get(n)), number(figures[n]["first_ms"]) if n in figures else ""]
           for n in TITLES if n in warm and n != "suggest"])
    for r in objects(folder, "glaneur-moving.json"):
        if "commits" in r:
            print(f"{'The views' if r['commits'] == 'figures' else 'The contents'} of {r['touched']} records changed before each of {r['n']} commits: "
                  f"{number(r['index_ms_each'])} ms of the indexer's CPU each; the first query after one {number(r['first_query_ms'])} ms in the median, "
                  f"{number(r['first_query_max_ms'])} at most.\n")


def memory(folder):
    lines = objects(folder, "glaneur-memory.json")
    if lines:
        table(["memory, part by part", "MB it added", "MB resident", "of which mapped files", "MB for a moment"],
              [[r["part"]] + [f"{r[k]:.0f}" for k in ("grew_mb", "resident_mb", "mapped_mb", "peak_mb")] for r in lines])


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


def main(folder):
    ours, theirs = queries(folder)
    states(folder)
    indexing(folder)
    memory(folder)
    records = first_of(objects(folder, "glaneur-index.json"), "records")
    table(["goal, for a million records", "wanted", f"measured, of {records or 'an unknown number of'} records", ""], class_goals(ours, theirs) + other_goals(folder, ours))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
