#!/usr/bin/env python3
"""Writes config/territories.tsv from the npm package @etalab/decoupage-administratif.

    territories.py PACKAGE > config/territories.tsv

PACKAGE is the .tgz of the package, or the folder that it unpacks to. Run by hand, once a year, when a new
millésime of the package is out; neither building nor running needs the package. The same package
gives the same bytes. What the package does not have is written here: the régions of before 2016, the
parts of France that data.gouv.fr has zones for, and the everyday names of some territories.
"""
import collections
import json
import os
import sys
import tarfile

# Régions of before 2016 that were merged: INSEE code, name, région of now, départements.
FORMER_REGIONS = [
    ("21", "Champagne-Ardenne", "44", "08 10 51 52"),
    ("22", "Picardie", "32", "02 60 80"),
    ("23", "Haute-Normandie", "28", "27 76"),
    ("25", "Basse-Normandie", "28", "14 50 61"),
    ("26", "Bourgogne", "27", "21 58 71 89"),
    ("31", "Nord-Pas-de-Calais", "32", "59 62"),
    ("41", "Lorraine", "44", "54 55 57 88"),
    ("42", "Alsace", "44", "67 68"),
    ("43", "Franche-Comté", "27", "25 39 70 90"),
    ("54", "Poitou-Charentes", "75", "16 17 79 86"),
    ("72", "Aquitaine", "75", "24 33 40 47 64"),
    ("73", "Midi-Pyrénées", "76", "09 12 31 32 46 65 81 82"),
    ("74", "Limousin", "75", "19 23 87"),
    ("82", "Rhône-Alpes", "84", "01 07 26 38 42 69 73 74"),
    ("83", "Auvergne", "84", "03 15 43 63"),
    ("91", "Languedoc-Roussillon", "76", "11 30 34 48 66"),
]

# Names that people use beside the official one, by level and code.
OTHER_NAMES = {
    ("country-group", "ue"): "Europe|UE",
    ("country", "fr"): "France entière|République française",
    ("country-subset", "fr:metro"): "France continentale",
    ("country-subset", "fr:dromcom"): "DOM-TOM|Outre-mer|France d'outre-mer|DROM et COM",
    ("country-subset", "fr:drom"): "DOM|Départements d'outre-mer",
    ("region", "11"): "IDF|Région parisienne",
    ("region", "24"): "Centre",
    ("region", "27"): "BFC",
    ("region", "32"): "HDF",
    ("region", "53"): "Breizh",
    ("region", "75"): "NAQ",
    ("region", "76"): "Occitanie Pyrénées Méditerranée",
    ("region", "84"): "AURA|ARA",
    ("region", "93"): "PACA|Région Sud|Sud Provence-Alpes-Côte d'Azur",
    ("region", "94"): "Collectivité de Corse",
    ("former-region", "42"): "Collectivité européenne d'Alsace|CEA",
    ("departement", "974"): "Réunion|Île de la Réunion",
    ("departement", "973"): "Guyane française",
    ("collectivite", "975"): "SPM",
    ("collectivite", "984"): "TAAF",
    ("epci", "200046977"): "Grand Lyon|Grand Lyon Métropole",
    ("epci", "200093201"): "MEL|Lille Métropole",
    ("epci", "200054781"): "Grand Paris",
    ("epci", "200054807"): "AMP|Marseille Provence|Aix-Marseille Provence Métropole",
    ("epci", "200030195"): "MNCA|Nice Métropole",
    ("epci", "243300316"): "CUB|Communauté urbaine de Bordeaux",
    ("epci", "246700488"): "Communauté urbaine de Strasbourg",
    ("epci", "243500139"): "Rennes Métro",
}

HEAD = """\
# Territories of France: communes and their parts, EPCI, arrondissements, départements, régions, collectivités d'outre-mer.
# Made by config/territories.py from {name} {version} (npm, code under MIT licence), whose data are
# under Licence Ouverte: INSEE (Code officiel géographique, populations légales), DGCL (EPCI), La Poste (postcodes).
#
# Columns, separated by tabs; those that are empty at the end of a line are left out:
#   level        see below; the level makes the zone's id: "fr:commune:35238", "fr:epci:243500139", "country-subset:fr:metro"
#   code         INSEE code, or SIREN of an EPCI or EPT
#   name
#   parents      "level:code", or a code alone: of 5 characters a commune, of 9 an EPCI or EPT, of 3 or 4 an arrondissement, of 2 a
#                département ("971" to "976" too). A commune is in the département that its code begins with: not repeated.
#                A parent stands above its children.
#   population
#   postcodes
#   former       codes of communes that are part of this one today
#   other names  separated by "|"
# A level or parents written " are those of the line above.
level\tcode\tname\tparents\tpopulation\tpostcodes\tformer\tother names
"""


def read_package(path):
    def members():
        if os.path.isdir(path):
            for base in (path, os.path.join(path, "package")):
                for folder in (base, os.path.join(base, "data")):
                    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
                        if name.endswith(".json"):
                            yield name, open(os.path.join(folder, name), "rb").read()
        else:
            with tarfile.open(path) as archive:
                for member in archive:
                    if member.isfile() and member.name.endswith(".json"):
                        yield os.path.basename(member.name), archive.extractfile(member).read()

    files = {name: json.loads(text) for name, text in members()}
    missing = [n for n in ("package", "communes", "arrondissements", "departements", "regions", "epci", "ept")
               if n + ".json" not in files]
    if missing:
        sys.exit(f"{path}: no {missing[0]}.json in it")
    return {name[:-5]: content for name, content in files.items()}


def clean(name):
    return " ".join(name.replace("’", "'").split())


def department_of(code):
    return code[:3] if code >= "97" else code[:2]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    package = read_package(sys.argv[1])
    rows, seen = [], set()

    def line(level, code, name, parents="", population=0, postcodes=(), former=(), names=""):
        assert (level, code) not in seen, (level, code)
        seen.add((level, code))
        names = "|".join(n for n in (names, OTHER_NAMES.get((level, code), "")) if n)
        rows.append([level, code, clean(name), parents, str(population or ""), " ".join(postcodes),
                     " ".join(former), names])

    communes = package["communes"]
    current = sorted((c for c in communes if c["type"] == "commune-actuelle"), key=lambda c: c["code"])
    parts = sorted((c for c in communes if c["type"] != "commune-actuelle"), key=lambda c: c["code"])
    by_code = {c["code"]: c for c in current}
    overseas = {d["code"] for d in package["departements"] if d["zone"] == "com"}

    people = collections.Counter()
    for c in current:
        for place in ("fr", c["departement"], "R" + c["region"], c["zone"], c.get("arrondissement")):
            people[place] += c.get("population", 0)

    line("country-group", "world", "Monde")
    line("country-group", "ue", "Union européenne", "country-group:world")
    line("country", "fr", "France", "country-group:ue", people["fr"])
    line("country-subset", "fr:metro", "France métropolitaine", "country:fr", people["metro"])
    line("country-subset", "fr:dromcom", "DROM-COM", "country:fr", people["drom"] + people["com"])
    line("country-subset", "fr:drom", "DROM", "country-subset:fr:dromcom", people["drom"])
    for r in sorted(package["regions"], key=lambda r: r["code"]):
        if r["code"] in overseas:
            line("collectivite", r["code"], r["nom"], "country-subset:fr:dromcom", people[r["code"]])
        else:
            line("region", r["code"], r["nom"], "country-subset:fr:" + r["zone"], people["R" + r["code"]])
    former_of = {}
    for code, name, now, departements in FORMER_REGIONS:
        line("former-region", code, name, "region:" + now, sum(people[d] for d in departements.split()))
        for d in departements.split():
            former_of[d] = code
    for d in sorted(package["departements"], key=lambda d: d["code"]):
        if d["code"] not in overseas:
            up = "former-region:" + former_of[d["code"]] if d["code"] in former_of else "region:" + d["region"]
            line("departement", d["code"], d["nom"], up, people[d["code"]])
    for a in sorted(package["arrondissements"], key=lambda a: a["code"]):
        line("arrondissement", a["code"], a["nom"], a["departement"], people[a["code"]])

    epci_of = {}
    for level in ("epci", "ept"):
        for e in sorted(package[level], key=lambda e: e["code"]):
            shares = collections.Counter()
            for m in e["membres"]:
                c = by_code[m["code"]]
                shares[c["departement"]] += c.get("population", 0)
                if level == "ept" or c["code"] not in epci_of:
                    epci_of[c["code"]] = e["code"]
            inside = [d for d, _ in sorted(shares.items(), key=lambda s: (-s[1], s[0]))]
            if level == "ept":
                inside.insert(0, "200054781")  # they are parts of the Métropole du Grand Paris
            line(level, e["code"], e["nom"], " ".join(inside),
                 sum(m["populationMunicipale"] for m in e["membres"]))

    same_code = {}
    for c in parts:
        if c["code"] in by_code and clean(c["nom"]) != clean(by_code[c["code"]]["nom"]):
            same_code[c["code"]] = clean(c["nom"])
    known = {c["code"] for c in communes}

    def parents_of(c):
        assert department_of(c["code"]) == c["departement"], c
        if c["departement"] in overseas:
            return "collectivite:" + c["departement"]
        return " ".join(p for p in (epci_of.get(c["code"]), c["arrondissement"]) if p)

    for c in sorted(current, key=lambda c: (parents_of(c), c["code"])):
        former = sorted(set(c.get("anciensCodes", [])) - known)
        line("commune", c["code"], c["nom"], parents_of(c), c.get("population", 0),
             sorted(c.get("codesPostaux", [])), former, same_code.get(c["code"], ""))
    for c in parts:
        if c["code"] in by_code:
            continue
        if c["type"] == "arrondissement-municipal":
            line("arrondissement-municipal", c["code"], c["nom"], c["commune"], c["population"], c["codesPostaux"])
        else:
            line("commune-deleguee", c["code"], c["nom"], c["chefLieu"])
    for key in OTHER_NAMES:
        assert key in seen, key

    info = package["package"]
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    sys.stdout.write(HEAD.format(name=info["name"], version=info["version"]))
    above = ["", "", "", ""]
    for row in rows:
        shown = ['"' if i in (0, 3) and cell and cell == above[i] else cell for i, cell in enumerate(row)]
        sys.stdout.write("\t".join(shown).rstrip("\t") + "\n")
        above = row


main()
