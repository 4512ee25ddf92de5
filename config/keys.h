// The tables of the configuration's own keys: for config.c alone.
#pragma once

#include "config/config.h"

extern const struct conf_key config_keys[], config_source_keys[];

// The `read` of "sources": `into` is the struct config. Its reader's context is the struct conf_hooks.
void config_read_sources(struct conf_reader *r, const struct yaml_node *list, void *into);
