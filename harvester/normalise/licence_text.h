// Licences named within free texts ("Données sous licence Etalab, voir https://..."), as constraints and rights of metadata have them.
// No state; any thread.
#pragma once

#include "harvester/normalise/licence.h"

// What the table knows of it: the whole text, or the most words of it that are a licence's name, id or address. Only the first
// 2 000 bytes are looked at. NULL when there is none.
const struct licence *licence_within(struct str text);
