#!/usr/bin/env python3
"""The apigouv driver against a site that changes, and over a folder of sheets."""
import os, unittest

from commons import SingleFile


def api(slug, **fields):
    return {"title": f"API {slug}", "tagline": "Des données", "path": f"/les-api/{slug}", "slug": slug, "openness": "open",
            "owner": "Direction du Numérique", "owner_acronym": "DINUM", "logo": "x.png", "datagouv_uuid": None, **fields}


class Apigouv(SingleFile):
    kind = "apigouv"

    def test_life_of_a_catalogue(self):
        site = self.site("/api/v1/apis", [api("adresse", datagouv_uuid=["5530fbacc751df5ff937dddb"]), api("geo"), api("sirene", openness="closed")])
        g = self.glaneur(self.source(site, max_removed=1))
        self.assertCounts(g.harvest(), added=3, pages=1)
        adresse = g.show("cat:adresse")
        self.assertEqual((adresse["kind"], adresse["access"]), ("dataservice", "open"))
        self.assertEqual(adresse["relations"]["serves_dataset"], ["data.gouv.fr:5530fbacc751df5ff937dddb"])
        self.assertEqual(adresse["landing_page"], site.root + "/les-api/adresse")
        self.assertEqual(g.show("cat:sirene")["access"], "restricted")
        self.assertCounts(g.harvest(), unchanged=3)
        site.content = [api("adresse", tagline="Autre chose"), api("geo"), {"slug": "sirene"}]
        run = g.harvest()
        self.assertCounts(run, updated=1, unchanged=1, errored=1)
        self.assertErrors(run, ("cat:sirene", "record", "no title"))
        self.assertEqual(g.show("cat:sirene")["status"], "active") # what cannot be read is not absent
        site.content = [api("adresse", tagline="Autre chose")]
        self.assertEqual(g.harvest()["missing"], 2)
        site.status, site.content = 404, b"Not found"
        self.assertEqual(g.harvest(code=1)["state"], "failed")

    def test_the_source_of_datasets_has_another_name(self):
        site = self.site("/api/v1/apis", [api("adresse", datagouv_uuid=["5530"])])
        g = self.glaneur(self.source(site, datasets_source="national"))
        self.assertCounts(g.harvest(), added=1)
        self.assertEqual(g.show("cat:adresse")["relations"]["serves_dataset"], ["national:5530"])

    def test_a_folder_of_sheets(self):
        g = self.glaneur(self.source("https://api.example"))
        folder = os.path.join(g.folder, "api")
        os.mkdir(folder)
        with open(os.path.join(folder, "API_Carto.md"), "w", encoding="utf-8") as f:
            f.write("---\ntitle: API Carto\nis_open: 0\nproducer: ign\ndoc_tech_link: https://a.example/openapi.yml\n---\n### Des cartes\n")
        g.configure(self.source(folder))
        self.assertCounts(g.harvest(), added=1)
        carto = g.show("cat:api_carto")
        self.assertEqual((carto["access"], carto["endpoint_description"]), ("open_with_account", "https://a.example/openapi.yml"))
        self.assertEqual(carto["provenance"]["remote_url"], "https://api.gouv.fr/les-api/api_carto")


if __name__ == "__main__":
    unittest.main()
