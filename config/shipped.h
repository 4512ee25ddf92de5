// The data that the program carries (templates, style, vocabularies, word lists), compiled in, so that it runs from
// its build folder as well as installed. A folder named by `share:` overrides it file by file, under the same
// names ("config/stopwords.txt", "api/web/style.css").
#pragma once

#include "base/arena.h"
#include "base/err.h"

struct shipped {
    const char *name;
    struct str text;
};
extern const struct shipped shipped_files[]; // ended by a NULL name; made by config/embed.py

enum { SHIPPED_BYTES_MAX = 16 * 1024 * 1024 };

// The file of that name: from the folder `share` (may be absent) when it is there, copied into the arena, else what is compiled
// in. ERR_IO when an override cannot be read, ERR_NOT_FOUND when there is no such file.
bool shipped_file(struct str share, const char *name, struct arena *a, struct str *out,
                  struct err *e);
