// For the tests of searching that know places: a small table of our own, the maker of documents and the rules with it.
#pragma once

#include "tests/unit/search_fixture.h"

static const char small_table[] =
    "level\tcode\tname\tparents\tpopulation\tpostcodes\tformer\tother names\n"
    "country-group\tworld\tMonde\n"
    "country\tfr\tFrance\tcountry-group:world\t60000000\n"
    "region\t53\tBretagne\tcountry:fr\t3400000\t\t\tBreizh\n"
    "region\t28\tNormandie\tcountry:fr\t3300000\n"
    "departement\t35\tIlle-et-Vilaine\tregion:53\t1100000\n"
    "departement\t22\tCôtes-d'Armor\tregion:53\t600000\n"
    "departement\t14\tCalvados\tregion:28\t700000\n"
    "epci\t243500139\tRennes Métropole\t35\t470000\n"
    "commune\t35238\tRennes\t243500139\t230000\t35000 35200\n"
    "commune\t35288\tSaint-Malo\t\t47000\t35400\n"
    "commune\t22278\tSaint-Brieuc\t\t44000\t22000\n"
    "commune\t14118\tCaen\t\t105000\t14000\n"
    "arrondissement-municipal\t35901\tRennes 1er Arrondissement\t35238\t1000\n";
static const char small_words[] = "commune: commune ville mairie\n"
                                  "departement: département\n"
                                  "region: région\n"
                                  "epci: communauté métropole\n"
                                  "academy: académie\n"
                                  "other: rue\n"
                                  "ordinary: orange\n"
                                  "national: ministère\n"
                                  "local: syndicat\n";

static struct territories *territories;
static struct places *places;

// Rules that know the places, from the next search on.
static inline void use_places(const char *synonyms, const char *ranking)
{
    struct rules *r = rules_of(synonyms, TEST_GENERIC, ranking);
    r->places = places;
    rules_replace(rules, r);
}

static inline void places_begin(void)
{
    search_begin();
    territories = territories_new(str_of(small_table), &e);
    MUST(territories, &e);
    places = places_new(territories, str_of(small_words), &e);
    MUST(places, &e);
    document_maker_free(maker);
    maker = document_maker_new(analyzer, places);
    use_places("", TEST_RANKING);
}

static inline void places_end(void)
{
    search_end();
    places_free(places);
    territories_free(territories);
}
