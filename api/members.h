// Reading what the index keeps of a record for its results: JSON that we wrote ourselves, walked from its beginning without making a
// tree of it. Nothing is copied but strings that hold an escape. Any thread.
#pragma once

#include "base/arena.h"

// What stands between the brackets of an object or an array, taken piece by piece: *rest is the text that is left, from behind the
// opening bracket on. False at the closing bracket, at the end of the text, and where it is no JSON; *rest is then empty in the
// first two cases alone.
bool members_next(struct str *rest, struct str *key, struct str *value); // key: between its quotes
bool members_item(struct str *rest, struct str *value);

// The inside of an object or an array: what members_next or members_item walks. Empty for any other value.
struct str members_inside(struct str value);
// The string that a value is, in the arena where it holds an escape; absent for any other value.
struct str members_text(struct arena *a, struct str value);
// The whole number that a value is; `none` for any other.
int64_t members_int(struct str value, int64_t none);
