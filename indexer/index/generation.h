// Where the index lies: DATA/index/<number> is a whole index, DATA/index/current is a symbolic link to the one in use. A
// rebuild makes the next number aside; renaming a new link over the old one swaps them, without a gap for readers.
#pragma once

#include "base/arena.h"
#include "base/err.h"

// The number in use; 0 when there is none yet.
bool generation_current(const char *data, int64_t *number, struct err *e);
// DATA/index/<number>, in the arena.
char *generation_path(const char *data, int64_t number, struct arena *a);
// DATA/index/<number>.parts, in the arena: what is on its way into that index (parts.h).
char *generation_parts_path(const char *data, int64_t number, struct arena *a);
// Makes the folder DATA/index when it is missing, and tells a number that was never used. What an
// interrupted rebuild left behind is removed. The number is reserved by a folder for its parts.
bool generation_next(const char *data, int64_t *number, struct err *e);
// The same, and removes nothing: for what is being filled.
bool generation_after(const char *data, int64_t *number, struct err *e);
// Makes `number` the current one: durable and atomic (rename(2)).
bool generation_publish(const char *data, int64_t number, struct err *e);
// Removes every generation but the current one. Readers that have one open keep what they mapped.
bool generation_clean(const char *data, struct err *e);
// Removes that one, with its parts; its parts alone; any folder, and what is in it. What is not there is no error.
void generation_remove(const char *data, int64_t number);
void generation_remove_parts(const char *data, int64_t number);
void generation_remove_folder(const char *path);
