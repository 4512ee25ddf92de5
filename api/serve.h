// The daemon: one loop, the service that harvests and indexes, two faces over HTTP.
#pragma once

#include "config/config.h"
#include "indexer/places/places.h"

struct serve_settings {
    struct config *config;       // taken
    const char *config_path;     // read again on SIGHUP
    struct str stop_words;       // borrowed
    const struct places *places; // borrowed
};

// Runs until SIGTERM or SIGINT; what runs then is interrupted, requests end, within SERVE_DRAIN_SECONDS. True when it
// ended as it was told to; false and *e when it could not start.
enum { SERVE_DRAIN_SECONDS = 10 };
bool serve(const struct serve_settings *settings, struct err *e);
