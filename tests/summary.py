#!/usr/bin/env python3
"""Counts what `meson test` ran: assertions of TAP programs, tests of Python's unittest, else one a program.

    summary.py testlog.json

Prints the failures, then "N passed, N failed", and exits 1 when one failed or none ran.
"""
import json
import re
import sys

passed = failed = skipped = 0
try:
    lines = open(sys.argv[1], encoding="utf-8", errors="replace").readlines()
except FileNotFoundError:
    lines = []
for line in lines:
    test = json.loads(line)
    output = (test.get("stdout") or "") + "\n" + (test.get("stderr") or "")
    good = len(re.findall(r"^ok \d", output, re.M))
    bad = len(re.findall(r"^not ok \d", output, re.M))
    unittest = re.search(r"^Ran (\d+) tests?", output, re.M)
    if unittest:
        trouble = re.search(r"^FAILED \((.*)\)", output, re.M)
        bad = sum(int(n) for n in re.findall(r"(?:failures|errors)=(\d+)", trouble[1])) if trouble else 0
        left_out = re.search(r"skipped=(\d+)", output)
        skipped += int(left_out[1]) if left_out else 0
        good = max(0, int(unittest[1]) - bad - (int(left_out[1]) if left_out else 0))
    result = test["result"]
    if result == "SKIP":
        skipped += 1
        print(f"skipped: {test['name']}")
        continue
    if result not in ("OK", "EXPECTEDFAIL"):
        bad = max(bad, 1)
        print(f"failed: {test['name']} ({result})")
    elif good + bad == 0:
        good = 1
    passed += good
    failed += bad
print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
sys.exit(1 if failed or not passed else 0)
