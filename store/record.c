// See record.h.
#include "store/record.h"

static const struct str kinds[] = {
    [KIND_DATASET] = STR("dataset"),
    [KIND_DATASERVICE] = STR("dataservice"),
    [KIND_REUSE] = STR("reuse"),
    [KIND_SOFTWARE] = STR("software"),
    [KIND_ORGANIZATION] = STR("organization"),
};
static const struct str statuses[] = {
    [STATUS_ACTIVE] = STR("active"),
    [STATUS_MISSING] = STR("missing"),
    [STATUS_ARCHIVED] = STR("archived"),
};
static const struct str accesses[] = {
    [ACCESS_UNKNOWN] = STR(""),
    [ACCESS_OPEN] = STR("open"),
    [ACCESS_OPEN_WITH_ACCOUNT] = STR("open_with_account"),
    [ACCESS_RESTRICTED] = STR("restricted"),
};
#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool find(const struct str *words, size_t n, struct str word, size_t *out)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(words[i], word)) {
            *out = i;
            return true;
        }
    return false;
}

void record_init(struct record *r)
{
    *r = (struct record){
        .quality.score = -1,
        .availability = -1,
        .popularity = {-1, -1, -1, -1, -1},
    };
}

struct str record_kind_name(enum record_kind kind)
{
    return kinds[kind];
}

bool record_kind_find(struct str name, enum record_kind *out)
{
    size_t i;
    if (!find(kinds, COUNT(kinds), name, &i))
        return false;
    *out = (enum record_kind)i;
    return true;
}

struct str record_status_name(enum record_status status)
{
    return statuses[status];
}

bool record_status_find(struct str name, enum record_status *out)
{
    size_t i;
    if (!find(statuses, COUNT(statuses), name, &i))
        return false;
    *out = (enum record_status)i;
    return true;
}

struct str record_access_name(enum record_access access)
{
    return accesses[access];
}

enum record_access record_access_find(struct str name)
{
    size_t i;
    return name.n && find(accesses, COUNT(accesses), name, &i) ? (enum record_access)i
                                                               : ACCESS_UNKNOWN;
}
