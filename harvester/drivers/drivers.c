// The table of drivers: one line for each protocol.
#include "harvester/driver.h"

extern const struct driver driver_apigouv, driver_betagouv, driver_codegouv, driver_publiccode,
    driver_sill;
extern const struct driver driver_ckan, driver_ods;
extern const struct driver driver_arcgis, driver_datajson, driver_dcat, driver_socrata;
extern const struct driver driver_csw, driver_oai_pmh;
extern const struct driver driver_udata;

// In the order in which a probe asks: what a portal says of itself before documents that it offers besides.
const struct driver *const drivers[] = {
    &driver_udata,    &driver_ckan,       &driver_ods,      &driver_socrata, &driver_arcgis,
    &driver_csw,      &driver_oai_pmh,    &driver_betagouv, &driver_apigouv, &driver_sill,
    &driver_codegouv, &driver_publiccode, &driver_datajson, &driver_dcat,    NULL};

const struct driver *driver_find(struct str type)
{
    for (size_t i = 0; drivers[i]; i++)
        if (str_eq(type, str_of(drivers[i]->type)))
            return drivers[i];
    return NULL;
}
