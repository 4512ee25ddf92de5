// The table of drivers: one line for each protocol.
#include "harvester/driver.h"

extern const struct driver driver_udata;

const struct driver *const drivers[] = {&driver_udata, NULL};

const struct driver *driver_find(struct str type)
{
    for (size_t i = 0; drivers[i]; i++)
        if (str_eq(type, str_of(drivers[i]->type)))
            return drivers[i];
    return NULL;
}
