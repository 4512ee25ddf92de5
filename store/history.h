// What changed between two canonical bodies of a record, field by field, for its history. Any thread.
#pragma once

#include "base/buf.h"
#include "base/err.h"

enum { HISTORY_VALUE_BYTES = 300 }; // of a value that is kept; longer ones are cut

// Appends [{"field":"publisher.name","from":..., "to":...}, ...], "[]" when nothing differs. An absent value is null.
// Of lists, what stands between their common beginning and their common end. A value over HISTORY_VALUE_BYTES becomes
// a string, cut, with an ellipsis; of two long texts, from just before where they part.
// ERR_CORRUPT, and nothing appended, when one of them is no JSON object.
bool history_changes(struct buf *out, struct str from, struct str to, struct err *e);
