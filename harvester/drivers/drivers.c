// The table of drivers: one line for each protocol.
#include "harvester/driver.h"

extern const struct driver driver_apigouv, driver_betagouv, driver_codegouv, driver_publiccode,
    driver_sill;
extern const struct driver driver_ckan, driver_ods;
extern const struct driver driver_arcgis, driver_datajson, driver_dcat, driver_socrata;
extern const struct driver driver_csw, driver_oai_pmh;
extern const struct driver driver_udata;

const struct driver *const drivers[] = {&driver_apigouv,
                                        &driver_arcgis,
                                        &driver_betagouv,
                                        &driver_ckan,
                                        &driver_codegouv,
                                        &driver_csw,
                                        &driver_datajson,
                                        &driver_dcat,
                                        &driver_oai_pmh,
                                        &driver_ods,
                                        &driver_publiccode,
                                        &driver_sill,
                                        &driver_socrata,
                                        &driver_udata,
                                        NULL};

const struct driver *driver_find(struct str type)
{
    for (size_t i = 0; drivers[i]; i++)
        if (str_eq(type, str_of(drivers[i]->type)))
            return drivers[i];
    return NULL;
}
