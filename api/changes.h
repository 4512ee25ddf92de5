// GET /api/v1/changes: what changed in the store, for those who keep a copy. See changes.c.
#pragma once

#include "api/http/route.h"

http_handler api_changes;
