// One value of the configuration, from its text: for schema.c alone.
#pragma once

#include "config/schema.h"

// Reads the text of a value (not of a list or a map) into the field that the key's type fills. When
// it is wrong: leaves the field alone, and adds an error that names the key, the value and its bounds.
void conf_read_value(struct conf_reader *r, const struct conf_key *key, struct str text,
                     unsigned line, void *field);
// The same for an item of CONF_STRINGS or CONF_NETWORKS, which is added to `list`.
void conf_read_text_item(struct conf_reader *r, const struct conf_key *key, struct str text,
                         unsigned line, struct strs *list);
// The position of an item of CONF_WORD or CONF_WORDS, or -1 after an error.
int conf_read_word(struct conf_reader *r, const struct conf_key *key, struct str text,
                   unsigned line);
// "1 to 1000", "at most 64 bytes", for messages and the reference text. Empty when there are none.
struct conf_bounds {
    char z[64];
};
struct conf_bounds conf_bounds(const struct conf_key *key);
