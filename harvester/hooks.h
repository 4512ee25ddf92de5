// What the configuration must know of the drivers and of the harvester's rules.
#pragma once

#include "config/config.h"

// Made once; valid for the life of the program. From the main thread.
const struct conf_hooks *harvester_conf_hooks(void);
