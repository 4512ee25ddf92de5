// For the tests of the ckan driver: its source, and the driver.
#pragma once

#include "harvester/drivers/ckan/ckan.h"
#include "tests/unit/udata_fixture.h"

static struct config_source config = {.name = STR("cat"),
                                      .type = STR("ckan"),
                                      .url = STR("https://ckan.exemple.fr/"),
                                      .page_size = 2};
static struct driver_source source = {.config = &config,
                                      .kinds = {KIND_DATASET, KIND_REUSE},
                                      .kind_count = 2,
                                      .main_kind = KIND_DATASET,
                                      .now = 1795132800};
static const struct driver *ckan;
static struct err e;
