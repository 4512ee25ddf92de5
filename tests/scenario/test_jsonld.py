#!/usr/bin/env python3
"""Our JSON-LD expansion beside the independent one of the npm package `jsonld`: on every fixture of tests/data/jsonld, and on the
real documents of ../shared/data where that is there. Skips itself where npm cannot install the package. TAP.

JSONLD_EXPAND is the program that expands with ours.
"""
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DATA = os.path.join(ROOT, "..", "shared", "data")
SAMPLES = ["dcat-rdf-samples", "dcat-us-datajson", "ckan-ods-other-samples"]


def skip(why):
    print(f"1..0 # SKIP {why}")
    sys.exit(0)


def install(folder):
    if not shutil.which("npm") or not shutil.which("node"):
        skip("node and npm are not installed")
    with open(os.path.join(folder, "package.json"), "w", encoding="utf-8") as f:
        f.write('{"private": true}')
    try:
        done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "jsonld@9"], cwd=folder, timeout=120,
                              capture_output=True, check=False)
    except subprocess.TimeoutExpired:
        skip("npm takes too long to install the package jsonld")
    if done.returncode:
        skip("npm cannot install the package jsonld")
    return os.path.join(folder, "node_modules")


def fixtures():
    folder = os.path.join(ROOT, "tests", "data", "jsonld")
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder))]


def samples():
    """Documents of JSON-LD among the real ones."""
    found = []
    for sample in SAMPLES:
        for folder, _, names in os.walk(os.path.join(DATA, sample)):
            for name in names:
                path = os.path.join(folder, name)
                if name.endswith((".json", ".jsonld")):
                    with open(path, encoding="utf-8", errors="replace") as f:
                        text = f.read()
                    if any(f'"@{word}"' in text for word in ("context", "graph", "id", "type")):
                        found.append(path)
    return sorted(found)


def main():
    with tempfile.TemporaryDirectory() as folder:
        modules = install(folder)
        files = fixtures() + samples()
        done = subprocess.run(["node", os.path.join(ROOT, "tests", "bench", "jsonld", "compare.mjs"),
                               os.path.join(ROOT, "config", "contexts"), *files], text=True, capture_output=True,
                              env=dict(os.environ, NODE_MODULES=modules), timeout=300, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith(("ok ", "not ok "))]
    for number, line in enumerate(lines, 1):
        word, rest = ("not ok", line[7:]) if line.startswith("not ok ") else ("ok", line[3:])
        print(f"{word} {number} - {rest.replace(ROOT, '')}")
    if len(lines) != len(files):
        print(f"not ok {len(lines) + 1} - every file is compared\n# {done.stderr}")
    print(f"1..{max(len(lines), len(files))}")
    return 0 if done.returncode == 0 and len(lines) == len(files) else 1


if __name__ == "__main__":
    sys.exit(main())
