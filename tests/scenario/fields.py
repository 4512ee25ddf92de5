"""A driver's table of fields (harvester/drivers/fields/*.tsv) against JSON that was met: what is in no row, or of a type that its row does
not tell. A step "*" is any key, ".**" at the end is what lies below, and the row's own path; the first row that fits counts."""
import os

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "harvester", "drivers", "fields")
TYPES = {str: "string", bool: "boolean", int: "number", float: "number", dict: "object", list: "array", type(None): "null"}


def rows(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8") as f:
        lines = [line.rstrip("\n").split("\t") for line in f if not line.startswith("#")]
    assert lines[0] == ["path", "types", "record", "why"], lines[0]
    for line in lines[1:]:
        assert len(line) == 4 and line[1] and line[2] and (line[2] != "-" or line[3]), line
    return [(path, set(types.rstrip("!").split(","))) for path, types, _, _ in lines[1:]]


def fits(pattern, path):
    below = pattern.endswith(".**")
    if below:
        pattern = pattern[:-3]
    wanted, steps = pattern.split("."), path.split(".")
    if not below and len(wanted) != len(steps) or len(steps) < len(wanted):
        return False
    ends = steps[:len(wanted)]
    same = all(w in ("*", s) for w, s in zip(wanted[:-1], ends[:-1]))
    last, met = wanted[-1], ends[-1]
    return same and (last in ("*", met) or below and (met.startswith(last + "[]") or last == "*"))


def walk(value, path):
    yield path, TYPES[type(value)]
    if isinstance(value, dict):
        for key, v in value.items():
            yield from walk(v, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for v in value:
            yield from walk(v, path + "[]")


def unlisted(name, value, path=""):
    """(path, type) of what no row tells."""
    table, missing = rows(name), set()
    for met, kind in walk(value, path):
        row = next((types for pattern, types in table if fits(pattern, met)), None)
        if met and (row is None or kind not in row):
            missing.add((met, kind))
    return sorted(missing)
