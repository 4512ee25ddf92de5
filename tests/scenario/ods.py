"""A small simulated Opendatasoft portal (Explore API 2.1, 2.0 and 1.0), on loopback: see ckan.py."""
from ckan import NOT_FOUND, Portal, dumps, identifier

WALL = 10000


class Ods(Portal):
    """Lists end at `wall` datasets; the export has no end."""

    def __init__(self, datasets, wall=WALL, version="2.1"):
        self.datasets, self.wall, self.version = datasets, wall, version
        super().__init__()

    def refuse(self, message):
        return 400, "application/json", dumps({"error_code": "InvalidRESTParameterError", "message": message})

    def answer(self, path, args):
        if path == "/api/explore/v2.1/catalog/exports/json":
            return list(self.datasets)
        if self.version == "1.0" and path == "/api/datasets/1.0/search/":
            start, rows = int(args.get("start", 0)), int(args.get("rows", 10))
            return {"nhits": len(self.datasets), "parameters": {"rows": rows}, "datasets": self.datasets[start:start + rows]}
        if path != f"/api/explore/v{self.version}/catalog/datasets":
            return NOT_FOUND
        limit, offset = int(args.get("limit", 10)), int(args.get("offset", 0))
        if not 0 < limit <= 100:
            return self.refuse(f"Invalid value for limit API parameter: {limit} was found but -1 <= limit <= 100 is expected.")
        if limit + offset > self.wall:
            return self.refuse(f"Invalid value for offset API parameter: limit + offset <= {self.wall} is expected.")
        listed = sorted(self.datasets, key=identifier) if args.get("order_by") == "dataset_id" else list(self.datasets)[::-1]
        part = listed[offset:offset + limit]
        if self.version == "2.0":
            return {"total_count": len(listed), "links": [], "datasets": [{"links": [], "dataset": d} for d in part]}
        return {"total_count": len(listed), "results": part}


def dataset(name, **metas):
    """A dataset as the API 2.1 gives it; metas of the template `default`."""
    return {"dataset_id": name, "dataset_uid": f"da_{name}", "attachments": [], "has_records": True, "data_visible": True, "features": ["analyze"],
            "fields": [{"name": "nom", "label": "Nom", "type": "text", "description": None, "annotations": {}}],
            "metas": {"default": {"title": f"Jeu {name}", "description": f"<p>Description de <b>{name}</b></p>", "keyword": ["eau"],
                                  "theme": ["Environnement"], "license": "Licence Ouverte v2.0", "language": "fr", "metadata_languages": ["fr"],
                                  "modified": "2024-01-02T03:04:05+00:00", "publisher": "Ville d’Exemple", "records_count": 12, **metas}}}
