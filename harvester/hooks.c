// See hooks.h.
#include "harvester/hooks.h"

#include "harvester/cron.h"
#include "harvester/driver.h"
#include "harvester/guard.h"
#include "harvester/url.h"

static bool check_cron(struct str text, struct err *e)
{
    struct cron cron;
    return cron_parse(text, &cron, e);
}

static bool check_network(struct str text, struct err *e)
{
    struct guard_network network;
    return guard_network_parse(text, &network, e);
}

const struct conf_hooks *harvester_conf_hooks(void)
{
    enum { MOST = 32 };
    static struct conf_driver known[MOST];
    static struct conf_hooks hooks = {
        .drivers = known,
        .checks = {.cron = check_cron, .network = check_network, .url = url_check},
    };
    if (!hooks.driver_count)
        for (size_t i = 0; drivers[i] && i < MOST; i++, hooks.driver_count++)
            known[i] = (struct conf_driver){drivers[i]->type, drivers[i]->kinds, drivers[i]->files,
                                            drivers[i]->keys, drivers[i]->options_size};
    return &hooks;
}
