// Where data lie, from the many forms in which JSON catalogues say it: GeoJSON (as an object, or as text), WKT, a box or a point as
// numbers in text, DCAT's Location, a place's name. Any thread.
#pragma once

#include "harvester/normalise/mapper.h"

// Widens the record's box, or adds a label; whatever says nothing is passed over.
//  - Text: "west,south,east,north" (also between spaces or semicolons; a west over its east crosses the antimeridian: all
//    longitudes), "latitude,longitude" (DCAT-US 1.1), WKT with longitude first (OGC 06-103r4; its SRID is not read), ENVELOPE(west,
//    east, north, south) (OGC 07-110r4), GeoJSON; else the name of a place, unless it is an address of the web or "N/A".
//  - An object: GeoJSON (RFC 7946) of any kind; a Location with bbox, geometry, centroid, and a label or name.
//  - An array: four numbers are a box, two are longitude and latitude, [[west,south],[east,north]] too; else each element.
void map_extent(struct mapper *m, struct record *r, const json_t *value);
void map_extent_text(struct mapper *m, struct record *r, struct str text);
