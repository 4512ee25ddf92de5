// What the log of queries keeps of what somebody typed: little, and nothing that tells who. No state; any thread.
#pragma once

#include "base/arena.h"

enum { QUERY_LOG_TEXT_BYTES = 200 };

// The query in lower case, without accents, white space made one space, its quotes and signs kept, cut to QUERY_LOG_TEXT_BYTES, in
// the arena. {NULL, 0} when nothing is left, or when it looks like personal data: an e-mail address (anything with an @), a
// telephone number (French, or with + or 00 before it), a French social security number (13 or 15 digits). In doubt it does.
struct str query_log_text(struct arena *a, struct str query);
