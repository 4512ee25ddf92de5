// api/territories: its parameters, and the JSON.
#include "api/territories.h"
#include "tests/tap.h"

static const char table[] =
    "level\tcode\tname\tparents\tpopulation\tpostcodes\tformer\tother names\n"
    "country\tfr\tFrance\n"
    "departement\t35\tIlle-et-Vilaine\tcountry:fr\t1100000\n"
    "commune\t35238\tRennes\t\t230000\t35000 35200\n"
    "commune\t35999\tRennes \"la Belle\"\t\t\t\n";

static bool set(struct territories_request *r, const char *name, const char *value, struct err *e)
{
    memset(e, 0, sizeof *e);
    return territories_param(r, str_of(name), str_of(value), e);
}

static void parameters(void)
{
    struct territories_request r;
    struct err e;
    territories_request_init(&r);
    is_int(r.level, TERRITORY_LEVELS);
    is_int(r.page_size, 10);
    ok(set(&r, "q", " rennes ", &e));
    is_text(r.q, "rennes");
    ok(set(&r, "level", "commune", &e));
    is_int(r.level, TERRITORY_COMMUNE);
    ok(set(&r, "level", "", &e));
    is_int(r.level, TERRITORY_COMMUNE);
    ok(set(&r, "page_size", "50", &e));
    is_int(r.page_size, 50);
    ok(set(&r, "page_size", "", &e));
    is_int(r.page_size, 50);

    ok(!set(&r, "page_size", "51", &e));
    is_int(e.code, ERR_QUERY);
    is_str(e.what, "page_size is \"51\": it should be a number from 1 to 50");
    ok(!set(&r, "page_size", "0", &e));
    ok(!set(&r, "page_size", "x", &e));
    is_int(r.page_size, 50);
    ok(!set(&r, "level", "planet", &e));
    is_int(e.code, ERR_QUERY);
    is_str(e.what, "level is \"planet\"");
    ok(strstr(e.hint, "commune, ept, epci") != NULL);
    ok(strstr(e.hint, "country-group") != NULL); // it has room for all
    ok(!set(&r, "levle", "commune", &e));
    is_int(e.code, ERR_USAGE);
    is_str(e.what, "unknown parameter \"levle\"");
    is_str(e.hint, "did you mean \"level\"?");
    ok(!set(&r, "something", "", &e));
    is_str(e.hint, "");
}

int main(void)
{
    struct err e = {0};
    struct territories *t = territories_new(str_of(table), &e);
    struct places *p = t ? places_new(t, STR(""), &e) : NULL;
    ok(p != NULL);
    if (!p)
        return tap_done();
    parameters();

    struct territories_request r;
    struct buf b = {0};
    territories_request_init(&r);
    json_territories(&b, p, &r);
    is_text(buf_str(&b), "{\"q\":\"\",\"data\":[]}");
    buf_clear(&b);
    r.q = STR("renn");
    json_territories(&b, p, &r);
    is_text(buf_str(&b),
            "{\"q\":\"renn\",\"data\":[{\"id\":\"fr:commune:35238\",\"code\":\"35238\",\"name\":"
            "\"Rennes\",\"level\":\"commune\",\"parents\":[{\"id\":\"fr:departement:35\",\"name\":"
            "\"Ille-et-Vilaine\"},{\"id\":\"country:fr\",\"name\":\"France\"}],\"postcodes\":["
            "\"35000\",\"35200\"],\"population\":230000},{\"id\":\"fr:commune:35999\",\"code\":"
            "\"35999\",\"name\":\"Rennes \\\"la Belle\\\"\",\"level\":\"commune\",\"parents\":[{"
            "\"id\":\"fr:departement:35\",\"name\":\"Ille-et-Vilaine\"},{\"id\":\"country:fr\","
            "\"name\":\"France\"}],\"postcodes\":[],\"population\":null}]}");
    buf_clear(&b);
    r.page_size = 1;
    r.level = TERRITORY_DEPARTEMENT;
    json_territories(&b, p, &r);
    is_text(buf_str(&b), "{\"q\":\"renn\",\"data\":[]}");
    buf_free(&b);
    is_int(territories_route_count, 1);
    is_str(territories_routes[0].pattern, "/api/v1/territories");
    places_free(p);
    territories_free(t);
    return tap_done();
}
