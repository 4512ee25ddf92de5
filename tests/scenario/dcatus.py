"""Small simulated servers, on loopback, of what the drivers datajson, socrata and arcgis read: a data.json, Socrata's discovery API, a
site of ArcGIS Hub. `raw` items (ckan.Raw) are sent as they are.

    with Socrata([asset(n) for n in range(25)], cap=10) as server: ...      # harvest server.url
"""
from ckan import HTML, Portal, Raw, dumps  # noqa: F401: the tests take them from here

KEYWORDS = ["eau", "air", "sol"]


def dataset(n, **more):
    """A dataset of DCAT-US 1.1."""
    return {"@type": "dcat:Dataset", "identifier": f"d-{n}", "title": f"Jeu {n}", "description": f"Description {n}", "keyword": list(KEYWORDS),
            "modified": "2024-01-01", "publisher": {"name": "Ville"}, "accessLevel": "public", **more}


def asset(n, kind="dataset", **resource):
    """A result of Socrata's discovery API."""
    return {"resource": {"id": f"aaaa-{n:04}", "name": f"Asset {n}", "description": "x", "type": kind, "createdAt": "2020-01-01T00:00:00.000Z",
                         "updatedAt": "2024-01-01T00:00:00.000Z", "page_views": {"page_views_total": n}, "columns_field_name": ["a"],
                         "columns_name": ["A"], "columns_datatype": ["Text"], **resource},
            "classification": {"domain_tags": ["tree"], "domain_category": "Parks"}, "metadata": {"domain": "data.x.example"},
            "permalink": f"https://data.x.example/d/aaaa-{n:04}"}


def item(n, kind="Feature Service", **properties):
    """A feature of ArcGIS Hub's search API."""
    return {"id": f"{n:032x}", "type": "Feature", "geometry": None, "properties": {
        "id": f"{n:032x}", "title": f"Couche {n}", "type": kind, "description": "<p>x</p>", "tags": ["a"], "created": 1600000000000,
        "modified": 1700000000000, "access": "public", "owner": "jeanne", "url": f"https://services.example/{n}/FeatureServer", **properties}}


class DataJson(Portal):
    """/data.json, whole whatever the query; or with `pages`, cut into pages of so many, as ckanext-dcat does (a bare array then)."""

    def __init__(self, datasets, pages=0, **members):
        self.datasets, self.pages, self.members = datasets, pages, members
        super().__init__()

    def answer(self, path, args):
        if path != "/data.json":
            return 404, "text/html", HTML
        if not self.pages:
            return {"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", **self.members, "dataset": self.datasets}
        start = self.pages * (int(args.get("page", 1)) - 1)
        return self.datasets[start:start + self.pages]


class Socrata(Portal):
    """The discovery API: at most `cap` results a page, `wall` by offset, then behind a scroll_id."""

    def __init__(self, assets, cap=100, wall=10000, scrolls=True):
        self.assets, self.cap, self.wall, self.scrolls = assets, cap, wall, scrolls
        super().__init__()

    def answer(self, path, args):
        if path != "/api/catalog/v1":
            return 404, "application/json", b'{"error": "Not found"}'
        limit = min(int(args.get("limit", 100)), self.cap)
        ordered = sorted(self.assets, key=lambda a: "" if isinstance(a, Raw) else a["resource"]["id"])
        if "scroll_id" in args:
            if "order" in args or "offset" in args:
                return 400, "application/json", b'{"error": "scroll_id goes with neither offset nor order"}'
            behind = [a for a in ordered if not isinstance(a, Raw) and a["resource"]["id"] > args["scroll_id"]]
            return {"results": (behind if self.scrolls else ordered)[:limit], "resultSetSize": len(ordered)}
        offset = int(args.get("offset", 0))
        if offset + int(args.get("limit", 100)) > self.wall:
            return 400, "application/json", b'{"error": "offset + limit is over 10000"}'
        if args.get("order") != "dataset_id":       # by relevance: never twice the same
            ordered.reverse()
        return {"results": ordered[offset:offset + limit], "resultSetSize": len(ordered), "timings": {"serviceMillis": 1}}


class Hub(Portal):
    """A site of ArcGIS Hub with these collections ({name: items}); the feed (a list of datasets) when it has one."""

    def __init__(self, collections, feed=None, cap=100):
        self.collections, self.feed, self.cap = collections, feed, cap
        super().__init__()

    def answer(self, path, args):
        if path == "/api/feed/dcat-us/1.1.json" and self.feed is not None:
            return {"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": self.feed}
        parts = path.split("/")
        if path.startswith("/api/search/v1/collections/") and parts[-1] == "items" and parts[-2] in self.collections:
            items, start = self.collections[parts[-2]], int(args.get("startindex", 1)) - 1
            limit = min(int(args.get("limit", 10)), self.cap)
            links = [{"rel": "next", "href": "http://elsewhere.example/"}] if start + limit < len(items) else []
            return {"type": "FeatureCollection", "features": items[start:start + limit], "numberMatched": len(items), "links": links}
        return 404, "application/json", b'{"message": "not found"}'
