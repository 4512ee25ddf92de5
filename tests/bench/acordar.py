#!/usr/bin/env python3
"""Serves a DCAT-US file (data.json) as a udata catalogue on 127.0.0.1, so that the ACORDAR collection can be harvested.

    tests/bench/acordar.py FILE|FOLDER [--port N] [--seconds N]        FOLDER: that of data.json

Its first line tells how many datasets, and the address:
    6209 datasets on http://127.0.0.1:40123
The server is that of the scenario tests (../scenario/udata.py): lists and objects of datasets; the other kinds are empty lists.
Each dataset keeps its identifier: harvested as the source `acordar`, it is the record acordar:<identifier>. It ends by itself.
"""
import argparse
import hashlib
import json
import os
import signal
import sys
import threading

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "scenario"))
from udata import Udata  # noqa: E402

ACCESS = {"public": "open", "restricted public": "restricted", "non-public": "restricted"}


def code(text):
    """An id as udata makes them, always the same for a text."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:24]


def organization(publisher):
    name = (publisher or {}).get("name")
    return {"id": code(name), "name": name, "slug": code(name), "acronym": None, "badges": []} if name else None


def resource(identifier, n, d):
    return {"id": code(f"{identifier}/{n}"), "title": d.get("title") or d.get("format") or "", "description": d.get("description"),
            "url": d.get("downloadURL") or d.get("accessURL"), "format": d.get("format"), "mime": d.get("mediaType"), "type": "main"}


def dataset(d):
    """A dataset of DCAT-US 1.1 as an object of udata's API 1. What DCAT-US does not tell is not made up."""
    modified = d.get("modified")
    return {"id": d["identifier"], "slug": d["identifier"], "title": d["title"], "description": d.get("description") or "",
            "tags": d.get("keyword") or [], "organization": organization(d.get("publisher")), "owner": None,
            "created_at": d.get("issued") or modified, "last_modified": modified, "last_update": modified,
            "access_type": ACCESS.get(d.get("accessLevel")), "page": d.get("landingPage"), "private": False, "deleted": None,
            "archived": None, "badges": [], "extras": {}, "metrics": {},
            "resources": [resource(d["identifier"], n, r) for n, r in enumerate(d.get("distribution") or [])]}


def load(path):
    """The datasets of a data.json, or of the folder that holds one."""
    if os.path.isdir(path):
        path = os.path.join(path, "data.json")
    with open(path, encoding="utf-8") as f:
        return [dataset(d) for d in json.load(f)["dataset"]]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", metavar="FILE|FOLDER")
    parser.add_argument("--port", type=int, default=0, help="0 for any free one")
    parser.add_argument("--seconds", type=float, default=3600, help="ends after that long")
    args = parser.parse_args()
    try:
        datasets = load(args.path)
    except (OSError, ValueError, KeyError) as e:
        parser.error(f"{args.path} is no data.json: {e}")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with Udata({"datasets": datasets}, args.port) as server:
        print(f"{len(datasets)} datasets on {server.url}", flush=True)
        stop.wait(args.seconds)


if __name__ == "__main__":
    main()
