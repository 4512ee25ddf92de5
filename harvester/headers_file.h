// The headers of a source that must not be in the configuration itself: keys of an API, mostly.
#pragma once

#include "base/arena.h"
#include "base/err.h"

// The lines "Name: value" of a file, '#' for comments, in the arena. An empty name of a file is no file. ERR_CONFIG, with the line.
bool headers_file_read(struct str file, struct arena *a, struct strs *out, struct err *e);
