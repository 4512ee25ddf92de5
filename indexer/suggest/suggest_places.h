// The territories of France as places to be suggested. Pure; any thread.
#pragma once

#include "indexer/suggest/suggest_build.h"
#include "store/territory.h"

// Communes, EPCI, EPT, départements, régions, collectivités d'outre-mer and the wholes above them, in the arena: what people
// ask for. Parts of communes, arrondissements and former régions are left out. A name that others may have is told apart:
// "Rennes (35)", "Bretagne (région)". Found by name ("St-Malo" too), other names,
// code and postcodes; heavier the more people live there.
struct suggest_place *suggest_places_make(const struct territories *t, struct arena *a, size_t *n);
