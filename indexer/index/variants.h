// Variants: records that say the same of another year, month or place. Two records of one publisher and one kind are variants when
// their titles are the same words once numbers, dates and names of places are left out.
#pragma once

#include "indexer/places/places.h"
#include "store/record.h"

enum { VARIANT_BYTES = 16 }; // hexadecimal

// The key that variants share, into `out`. Empty where nothing of the title is left. `places` may be NULL.
struct str variant_key(const struct record *r, const struct places *places,
                       struct analyzer *analyzer, char out[VARIANT_BYTES + 1]);
// A key as a number, and back. 0 for what is no key.
uint64_t variant_number(struct str key);
struct str variant_text(uint64_t number, char out[VARIANT_BYTES + 1]);
