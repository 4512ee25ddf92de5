#!/usr/bin/env python3
"""The samples of sill: 240 free software of 2022, in the members of today's api/sill.json and in the short ones of its first years."""
import json
import commons

commons.head()
for name in ("commons-replay/sill.json", "sill/sill.json"):
    body = commons.read(name)
    if body:
        run, total, records = commons.serve("sill", "/sill/api/sill.json", body)
        commons.row(name, len(json.loads(body)), run, total)
        commons.filled(records)
