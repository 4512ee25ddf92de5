// The names that may stand before the colon of `field:value`, in English and French. Any thread.
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "indexer/index/fields.h"

struct field_name {
    bool is_filter;
    enum text_field field; // unless is_filter
    enum facet facet;      // if is_filter
};

// The filters of the API and more, whatever their case, accents, hyphens and underscores. `scratch` is overwritten.
bool field_name_find(struct str name, struct buf *scratch, struct field_name *out);
// Turns a value into the one that the index has ("type:Réutilisation": "reuse"), in the arena when it changes; or a filter into the
// text field that people mean by it ("territoire:Bretagne"). False when the filter has no such value.
bool field_value_read(struct field_name *name, struct str *value, struct buf *scratch,
                      struct arena *a);
