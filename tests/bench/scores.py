"""The arithmetic of relevance.py: what a list of answers is worth, and whether two runs differ. Pure functions, no network.

Ranks count from 1; 0 means not among the answers. None stands for "cannot be told" and is left out of a mean.
NDCG has linear gain, as ACORDAR publishes it: a grade divided by log2(rank + 1), over the best order of all grades judged.
"""
import hashlib
import math
import random

RIGHT = 2       # the grade of an answer that is right, in graded judgments
DRAWS = 10000   # random sign flips behind a p-value
NEAR = 1e-9     # two scores nearer than this are the same


def rank_of(ids, expected):
    """The rank of the first answer that is one of the expected."""
    return next((n for n, i in enumerate(ids, 1) if i in expected), 0)


def reciprocal(rank):
    return 1 / rank if rank else 0.0


def ndcg(ids, grades, k=10):
    """None where nothing judged has a gain."""
    def gain(values):
        return sum(g / math.log2(n + 2) for n, g in enumerate(values[:k]))
    best = gain(sorted(grades.values(), reverse=True))
    return gain([grades.get(i, 0) for i in ids]) / best if best else None


def score_known(ids, expected):
    rank = rank_of(ids, expected)
    return {"rank": rank, "score": reciprocal(rank)}


def score_graded(ids, grades):
    """The score that runs are compared by is NDCG@10 over judged answers: those that nobody judged are left out before the cut."""
    right = {i for i, g in grades.items() if g >= RIGHT}
    judged = ndcg([i for i in ids if i in grades], grades)
    return {"rank": rank_of(ids, right) if right else None, "score": judged, "ndcg": ndcg(ids, grades), "judged": judged,
            "unjudged": sum(i not in grades for i in ids[:10]) / len(ids[:10]) if ids else None}


def mean(values):
    kept = [v for v in values if v is not None]
    return sum(kept) / len(kept) if kept else None


def summary(scores):
    """The means of a class of queries."""
    ranks = [s["rank"] for s in scores if s["rank"] is not None]
    row = {"n": len(scores), "mrr": mean([reciprocal(r) for r in ranks])}
    for k in (1, 3, 10):
        row[f"s@{k}"] = mean([0 < r <= k for r in ranks])
    for name in ("score", "ndcg", "judged", "unjudged"):
        row[name] = mean([s.get(name) for s in scores])
    return row


def p_value(differences, draws=DRAWS):
    """Two-sided sign-flip randomization: how often chance alone, a coin for each query, makes a sum at least as large."""
    moved = [d for d in differences if abs(d) > NEAR]
    if not moved:
        return 1.0
    coins, seen = random.Random(len(moved)), abs(sum(moved)) - NEAR
    total, reached = sum(moved), 0
    for _ in range(draws):
        bits = coins.getrandbits(len(moved))
        flipped = sum(d for n, d in enumerate(moved) if bits >> n & 1)
        reached += abs(total - 2 * flipped) >= seen
    return (1 + reached) / (1 + draws)


def fold_of(query, folds):
    """The fold of a query, from 1: always the same for its words, whatever list it is in."""
    words = " ".join(query.casefold().split())
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:8], "big") % folds + 1
