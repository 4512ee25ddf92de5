#!/usr/bin/env python3
"""Scores a running API on judged queries, several collections in one run, and compares two runs query by query.

    tests/bench/relevance.py [--api http://127.0.0.1:8080] [--save FILE] [--compare FILE] [--misses] [--fold K/N]
                             [--judged-list FILE] [--titles CSV] [--acordar FOLDER]

Collections (one whose files are absent is skipped, and named):
    known      known/queries.tsv: class, kind, query, expected (ids, any of them is right, `|` between them)
    needs      needs/needs.tsv: number, classes, need; needs/judgments.tsv: number, id, grade (2 answers it, 1 helps, 0 does not)
    judged K   --judged-list: set, kind, query, expected_id; the queries of kind K. A set is a class
    titles     --titles: an export of data.gouv.fr's datasets (.csv or .csv.xz); three words of the titles of --sample of them,
               taken at random with --seed: what nobody knows must be found too
    acordar    --acordar: a folder with queries-dev.tsv (number, query) and qrels-dev.txt (TREC), of the source `acordar`
An id without its source is of --source. A query for organizations is sent with kind=organization, acordar's with source=acordar;
all ask for the first 20, graded collections for the first 100 (so that NDCG over judged answers has ten to count).
What the catalogue does not hold is not expected: a query none of whose answers is there is left out, and counted.

The table, by class: MRR and success@1, @3, @10 of the right answer (a grade of 2, where grades are); NDCG@10 with every answer that
nobody judged worth 0, then over judged answers only; the share of unjudged among the first 10; of queries that were relaxed or
corrected; took_ms, as the API tells it, in the mean.

--save keeps each query's answers. --compare scores them again with the judgments of today beside this run: means before and after, p
(two-sided sign-flip randomization over queries), and each query that moved: its reciprocal rank, or NDCG@10 over judged answers.
"""
import argparse
import collections
import contextlib
import csv
import http.client
import json
import lzma
import os
import random
import re
import sys
import time
import urllib.parse

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import scores  # noqa: E402

EMPTY = frozenset("avec ces cet cette dans des elle elles ils les leur leurs mais nos notre nous par pas plus pour que qui sans "
                  "ses son sous sur une vers vos votre vous aux est ont the and for".split())
WORD = re.compile(r"[^\W_]{3,}")


class Trouble(Exception):
    """What a person must be told, and the run ends."""


class Query:
    """expected: the ids that are right; grades: {id: grade}. One of them is None."""

    def __init__(self, collection, classes, text, expected=None, grades=None, size=20, **params):
        self.collection, self.classes, self.text, self.params, self.size = collection, classes, text, params, size
        self.expected, self.grades = expected, grades

    @property
    def key(self):
        return (self.collection, self.text, self.params.get("kind", ""))

    @property
    def targets(self):
        return self.expected if self.grades is None else {i for i, g in self.grades.items() if g > 0}

    def forget(self, absent):
        if self.grades is None:
            self.expected = self.expected - absent
        else:
            self.grades = {i: g for i, g in self.grades.items() if i not in absent}

    def score(self, ids):
        return scores.score_known(ids, self.expected) if self.grades is None else scores.score_graded(ids, self.grades)


class Api:
    """One connection, kept open."""

    def __init__(self, root):
        url = urllib.parse.urlsplit(root)
        if url.scheme != "http" or not url.netloc:
            raise Trouble(f"--api {root}: http://address:port is expected")
        self.root, self.connection, self.holds = root, http.client.HTTPConnection(url.netloc, timeout=60), {}

    def close(self):
        self.connection.close()

    def get(self, path):
        for attempt in (1, 2):      # an idle connection may have been closed by the other side
            try:
                self.connection.request("GET", path)
                answer = self.connection.getresponse()
                return answer.status, answer.read()
            except (OSError, http.client.HTTPException) as e:
                self.connection.close()
                if attempt == 2:
                    raise Trouble(f"{self.root} does not answer: {e!r}") from None

    def held(self, record):
        if record not in self.holds:
            self.holds[record] = self.get("/api/v1/records/" + urllib.parse.quote(record, safe=""))[0] not in (404, 410)
        return self.holds[record]

    def search(self, query):
        """The answer as an object; one that is none holds `failed`."""
        args = {"q": query.text, "page_size": query.size, **query.params}
        status, body = self.get("/api/v1/search?" + urllib.parse.urlencode(args))
        try:
            return json.loads(body) if status == 200 else {"data": [], "failed": f"status {status}"}
        except ValueError:
            return {"data": [], "failed": "no JSON"}


# ---- Collections ----------------------------------------------------------------------------------

def table_of(path, *columns):
    """The rows of a tab separated file whose first line names at least these columns."""
    with open(path, encoding="utf-8", newline="") as f:
        rows = csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE)
        missing = [c for c in columns if c not in (rows.fieldnames or [])]
        if missing:
            raise Trouble(f"{path}: its first line names no column {', '.join(missing)}")
        return [{k: (v or "").strip() for k, v in r.items() if k} for r in rows]


def whole_id(text, source, kind):
    """source:id, or source:kind.id for what is no dataset."""
    if ":" in text:
        return text
    return f"{source}:{text}" if kind in ("", "dataset") else f"{source}:{kind}.{text}"


def kind_params(kind):
    return {"kind": kind} if kind == "organization" else {}


def known(path, source):
    for r in table_of(path, "class", "kind", "query", "expected"):
        expected = {whole_id(i.strip(), source, r["kind"]) for i in r["expected"].split("|") if i.strip()}
        yield Query("known", [r["class"]], r["query"], expected, **kind_params(r["kind"]))


def needs(folder, source):
    grades = collections.defaultdict(dict)
    for r in table_of(os.path.join(folder, "judgments.tsv"), "number", "id", "grade"):
        if r["grade"] not in ("0", "1", "2"):
            raise Trouble(f"{folder}/judgments.tsv: need {r['number']}, {r['id']}: its grade is '{r['grade']}', not 0, 1 or 2")
        grades[r["number"]][whole_id(r["id"], source, "")] = int(r["grade"])
    for r in table_of(os.path.join(folder, "needs.tsv"), "number", "classes", "need"):
        yield Query("needs", re.findall(r"[^\s,;|]+", r["classes"]), r["need"], grades=grades[r["number"]], size=100)


def judged_list(path, source):
    for r in table_of(path, "set", "kind", "query", "expected_id"):
        yield Query("judged " + r["kind"], [r["set"]], r["query"], {whole_id(r["expected_id"], source, r["kind"])}, **kind_params(r["kind"]))


def titles(path, source, sample, seed):
    """Each dataset draws its own lot and words, so that a catalogue that grows keeps most of its queries."""
    csv.field_size_limit(1 << 30)
    with (lzma.open if path.endswith(".xz") else open)(path, "rt", encoding="utf-8", newline="") as f:
        rows = [(r["id"], r["title"]) for r in csv.DictReader(f, delimiter=";") if r["archived"] in ("False", "")]
    named = collections.Counter(t.casefold().strip() for _, t in rows)
    drawn = []
    for i, title in rows:
        words = {w.casefold(): w for w in WORD.findall(title) if w.casefold() not in EMPTY}
        if len(words) >= 3 and named[title.casefold().strip()] == 1:
            lot = random.Random(f"{seed}/{i}")
            drawn.append((lot.random(), i, lot, list(words.values())))
    for _, i, lot, words in sorted(drawn, key=lambda d: d[:2])[:sample]:
        take = sorted(lot.sample(range(len(words)), 3))
        yield Query("titles", ["all"], " ".join(words[n] for n in take), {whole_id(i, source, "dataset")})


def acordar(folder):
    grades = collections.defaultdict(dict)
    with open(os.path.join(folder, "qrels-dev.txt"), encoding="utf-8") as f:
        for line in f:
            number, _, identifier, grade = line.split()
            grades[number]["acordar:" + identifier] = int(grade)
    with open(os.path.join(folder, "queries-dev.tsv"), encoding="utf-8") as f:
        for line in f:
            number, text = line.rstrip("\n").split("\t", 1)
            if number in grades:
                yield Query("acordar", ["all"], text, grades=grades[number], size=100, source="acordar")


def collections_of(a):
    """Name, files, maker of its queries."""
    def of(name, paths, maker, *args):
        return name, [os.path.join(*p) for p in paths], lambda: list(maker(*args))
    known_path, needs_path = os.path.join(a.collections, "known", "queries.tsv"), os.path.join(a.collections, "needs")
    yield of("known", [(known_path,)], known, known_path, a.source)
    yield of("needs", [(needs_path, "needs.tsv"), (needs_path, "judgments.tsv")], needs, needs_path, a.source)
    if a.judged_list:
        yield of("judged", [(a.judged_list,)], judged_list, a.judged_list, a.source)
    if a.titles:
        yield of("titles", [(a.titles,)], titles, a.titles, a.source, a.sample, a.seed)
    if a.acordar:
        yield of("acordar", [(a.acordar, "queries-dev.tsv"), (a.acordar, "qrels-dev.txt")], acordar, a.acordar)


def gather(a, api):
    """The queries to send, and what to say about those that are not."""
    queries, said = [], []
    for name, paths, make in collections_of(a):
        absent = [p for p in paths if not os.path.exists(p)]
        if absent:
            said.append(f"skipped: {name}, no {' nor '.join(os.path.relpath(p) for p in absent)}")
            continue
        mine = [q for q in make() if q.text and (not a.fold or scores.fold_of(q.text, a.fold[1]) == a.fold[0])]
        kept = []
        for q in mine:
            q.forget({i for i in q.targets if not api.held(i)})
            if q.targets:
                kept.append(q)
        if not kept:
            said.append(f"skipped: {name}, " + ("the catalogue holds none of its answers" if mine else "no query"))
        elif len(kept) < len(mine):
            said.append(f"left out: {len(mine) - len(kept)} of {len(mine)} queries of {name}, the catalogue holds none of their answers")
        queries += kept
    return queries, said


# ---- A run ----------------------------------------------------------------------------------------

class Result:
    def __init__(self, query, answer):
        self.query, self.answer = query, answer
        self.ids = [r["id"] for r in answer["data"]]
        self.scores = query.score(self.ids)

    @property
    def relaxed(self):
        return bool(self.answer.get("relaxed") or self.answer.get("corrected"))

    def saved(self):
        q, kept = self.query, ("relaxed", "corrected", "strict_total", "took_ms")
        return {"collection": q.collection, "classes": q.classes, "query": q.text, "kind": q.params.get("kind", ""),
                "rank": self.scores["rank"], "score": self.scores["score"], **{k: self.answer.get(k) for k in kept}, "ids": self.ids}


def grouped(results):
    """(collection, class, results): each class of each collection, then all of it."""
    by = collections.OrderedDict()
    for r in results:
        by.setdefault(r.query.collection, []).append(r)
    for name, mine in by.items():
        classes = list(dict.fromkeys(c for r in mine for c in r.query.classes))
        for c in classes if classes != ["all"] else []:
            yield name, c, [r for r in mine if c in r.query.classes]
        yield name, "all", mine


def print_table(head, rows):
    """Markdown, aligned; the first two columns are words."""
    rows = [[c if isinstance(c, str) else "" if c is None else str(c) if isinstance(c, int) else f"{c:.3f}" for c in r] for r in rows]
    width = [max(3, *(len(r[n]) for r in [head, *rows])) for n in range(len(head))]
    rule = ["-" * w if n < 2 else "-" * (w - 1) + ":" for n, w in enumerate(width)]
    for r in [head, rule, *rows]:
        print("| " + " | ".join(c.ljust(w) if n < 2 else c.rjust(w) for n, (c, w) in enumerate(zip(r, width))) + " |")


def print_scores(results):
    rows = []
    for collection, name, mine in grouped(results):
        s = scores.summary([r.scores for r in mine])
        took = scores.mean([r.answer.get("took_ms") for r in mine])
        rows.append([collection, name, s["n"], s["mrr"], s["s@1"], s["s@3"], s["s@10"], s["ndcg"], s["judged"], s["unjudged"],
                     scores.mean([r.relaxed for r in mine]), None if took is None else f"{took:.1f}"])
    print_table(["collection", "class", "n", "MRR", "s@1", "s@3", "s@10", "NDCG@10", "judged", "unjudged", "relaxed", "ms"], rows)


def print_misses(results):
    for r in results:
        rank, far = r.scores["rank"], 1 if r.query.grades is None else 3
        if rank is None or 0 < rank <= far:
            continue
        first = r.answer["data"][0] if r.ids else {}
        print(f"{rank or '-':>4}  {r.query.collection}: {', '.join(r.query.classes)}: {r.query.text}   (first: {first.get('title') or 'nothing'})")


# ---- Two runs -------------------------------------------------------------------------------------

def print_comparison(results, path):
    try:
        with open(path, encoding="utf-8") as f:
            old = {(q["collection"], q["query"], q["kind"]): q["ids"] for q in json.load(f)["queries"]}
    except (OSError, ValueError, KeyError, TypeError) as e:
        raise Trouble(f"--compare {path}: not a saved run: {e!r}") from None
    both = [r for r in results if r.query.key in old]
    before = {id(r): r.query.score(old[r.query.key]) for r in both}
    gain = {id(r): (r.scores["score"] or 0) - (before[id(r)]["score"] or 0) for r in both}
    rows = []
    for collection, name, mine in grouped(both):
        gains = [gain[id(r)] for r in mine]
        was, now = (scores.summary(s)["score"] for s in ([before[id(r)] for r in mine], [r.scores for r in mine]))
        rows.append([collection, name, len(mine), was, now, f"{now - was:+.3f}", sum(g > scores.NEAR for g in gains),
                     sum(g < -scores.NEAR for g in gains), scores.p_value(gains)])
    print(f"\nBeside {path} (MRR; NDCG@10 over judged answers, where grades are):\n")
    print_table(["collection", "class", "n", "before", "after", "change", "better", "worse", "p"], rows)
    apart = len(results) - len(both), len(old.keys() - {r.query.key for r in both})
    if any(apart):
        print(f"\nleft out: {apart[0]} queries are in this run only, {apart[1]} in the other only")
    for title, sign in (("Better", 1), ("Worse", -1)):
        moved = sorted((r for r in both if sign * gain[id(r)] > scores.NEAR), key=lambda r: -sign * gain[id(r)])
        print(f"\n{title}: {len(moved)}")
        for r in moved:
            print(f"  {place(r.query, before[id(r)]):>6} -> {place(r.query, r.scores):<6}  "
                  f"{r.query.collection}: {', '.join(r.query.classes)}: {r.query.text}")


def place(query, s):
    return str(s["rank"] or "-") if query.grades is None else f"{s['score'] or 0:.3f}"


# ---- The command ----------------------------------------------------------------------------------

def fold(text):
    m = re.fullmatch(r"([0-9]{1,3})/([0-9]{1,3})", text)
    if not m or not 1 <= int(m[1]) <= int(m[2]):
        raise argparse.ArgumentTypeError("K/N is expected, K from 1 to N")
    return int(m[1]), int(m[2])


def arguments(argv):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--api", default="http://127.0.0.1:8080")
    p.add_argument("--source", default="data.gouv.fr", help="of ids that name none")
    p.add_argument("--collections", default=HERE, metavar="FOLDER", help="that of known/ and needs/")
    p.add_argument("--judged-list", metavar="FILE")
    p.add_argument("--titles", metavar="CSV")
    p.add_argument("--sample", type=int, default=1500)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--acordar", metavar="FOLDER")
    p.add_argument("--fold", type=fold, metavar="K/N", help="only the queries of this fold, by a hash of their words")
    p.add_argument("--save", metavar="FILE")
    p.add_argument("--compare", metavar="FILE")
    p.add_argument("--misses", action="store_true", help="lists known items that are not first, needs that nothing right answers in the first 3")
    return p.parse_args(argv)


def run(a):
    with contextlib.closing(Api(a.api)) as api:
        queries, said = gather(a, api)
        start = time.monotonic()
        results = [Result(q, api.search(q)) for q in queries]
        seconds = time.monotonic() - start
    if results:
        print_scores(results)
        took = scores.mean([r.answer.get("took_ms") for r in results])
        print(f"\n{len(results)} queries in {seconds:.1f} s" + ("" if took is None else f", {took:.1f} ms each by took_ms"))
    print("".join(line + "\n" for line in said), end="")
    if a.misses:
        print("\nMisses:")
        print_misses(results)
    if a.compare:
        print_comparison(results, a.compare)
    if a.save:
        with open(a.save, "w", encoding="utf-8") as f:
            json.dump({"queries": [r.saved() for r in results]}, f, ensure_ascii=False, indent=0)
    failed = [r for r in results if "failed" in r.answer]
    for r in failed:
        print(f"failed: {r.query.text}: {r.answer['failed']}", file=sys.stderr)
    return 1 if failed or not results else 0


def main(argv=None):
    a = arguments(argv)
    try:
        return run(a)
    except Trouble as e:
        print(f"relevance.py: {e}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
