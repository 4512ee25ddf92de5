// The pages in French, from inside: what their files share. Each page is a view (a jansson object,
// the model of which stands at the top of its template in api/web/templates) made of what a handler
// read; pages.c holds the handlers, the other files make views and touch neither the exchange nor
// the app. Any thread. Views are the caller's reference; strings of the French functions live in
// the arena given. A zone may be NULL: UTC.
#pragma once

#include "api/http/request.h"
#include "api/shown.h"
#include "harvester/harvester.h"
#include "indexer/search/search.h"
#include "store/store.h"

#include <jansson.h>

struct time_zone;
struct places;

// ---- French (pages_french.c) --------------------------------------------------------------------

#define NBSP "\xC2\xA0"       // U+00A0
#define NARROW "\xE2\x80\xAF" // U+202F, between the groups of a number

struct str french_number(struct arena *a, int64_t n);
// "1 résultat", "1 234 résultats"; 0 takes the singular.
struct str french_count(struct arena *a, int64_t n, const char *one, const char *many);
struct str french_size(struct arena *a, int64_t bytes);     // "1,2 Mo": powers of ten; 0 or more
struct str french_percent(struct arena *a, double percent); // "99,5 %", "100 %"
struct str french_duration(struct arena *a, int64_t seconds);
// "3 janvier 2026", "mai 2021", "2021", as precise as the date is but for its time, as the zone
// sees it.
struct str french_date(struct arena *a, struct date d, const struct time_zone *z);
// The same day as an attribute: "2026-01-03", "2021-05", "2021".
struct str french_date_iso(struct arena *a, struct date d, const struct time_zone *z);
struct str french_moment(struct arena *a, int64_t at,
                         const struct time_zone *z); // with "à 03 h 17"
struct str iso_moment(struct arena *a, int64_t at);  // in UTC
// "aujourd’hui à 03 h 17", "demain à ...", "le 5 janvier 2026 à ...", "dès que possible" when it is
// over.
struct str french_next(struct arena *a, int64_t at, int64_t now, const struct time_zone *z);
// "du 3 mai 2017 au 16 janvier 2026", "de 2017 à 2021", "depuis 2017", "jusqu’à mai 2021"; each may
// be absent.
struct str french_period(struct arena *a, struct date start, struct date end,
                         const struct time_zone *z);
// "CSV, GeoJSON et 2 autres": at most `most` of them, each once.
struct str french_list(struct arena *a, struct strs list, size_t most);
// The first letter in lower case: "Service public" within a sentence.
struct str french_lower_first(struct arena *a, struct str s);
// "12 345 vues, 3 réutilisations": what is known and not zero, at most `most` parts.
struct str french_popularity(struct arena *a, const struct popularity *p, size_t most);

// ---- Views (pages_view.c) -----------------------------------------------------------------------

// Members of a view. What is absent or empty is left out, as templates want it.
void view_text(json_t *o, const char *key, struct str s);
void view_flag(json_t *o, const char *key, bool v);
void view_take(json_t *o, const char *key, json_t *v); // takes v; an empty list is left out
// o.key = {items: list}, borrowed; NULL, and nothing set, when the list is empty. Takes the list.
json_t *view_items(json_t *o, const char *key, json_t *list);

struct page_layout {
    struct str title, description, json_url;
    bool noindex;
    enum { NAV_NONE, NAV_SEARCH, NAV_SOURCES } nav;
    int64_t documents; // of the index
};
// A root with "layout" and an empty "form".
json_t *view_new(struct arena *a, const struct page_layout *layout);
// "/r/<id>" and "/api/v1/records/<id>" + rest.
struct str url_of_record(struct arena *a, struct str id);
struct str url_of_record_json(struct arena *a, struct str id, const char *rest);
struct str url_of_filter(struct arena *a, enum facet facet, struct str value); // "/?format=csv"
struct str label_of_value(struct arena *a, enum facet facet, struct str value);
struct str url_of_source(struct arena *a, struct str name); // its line of /sources
struct str source_of_id(struct str id);                     // "sill" of "sill:15"
struct str anchor_of_source(struct arena *a, struct str name);
// "data.gouv.fr" of "https://www.data.gouv.fr/..."; the link itself when it has no host.
struct str host_of(struct arena *a, struct str url);
// Left out unless it may be shown as a link (http, https).
void view_link(json_t *o, const char *key, struct str url);
// One result of a search; NULL when the index holds no record there.
json_t *view_result(struct arena *a, const struct search_hit *hit, const struct places *places,
                    const struct time_zone *z);
// The name of a result's publisher, when that is the one of this id; absent otherwise.
struct str hit_publisher(struct arena *a, const struct search_hit *hit, struct str id);
bool strs_have(const struct strs *list, struct str value);

// ---- Territories (pages_places.c) ---------------------------------------------------------------
//
// Where places are NULL, no territory has a name.

struct str place_name(const struct places *p, struct str zone); // "Rennes"; absent when unknown
// "Rennes (commune)", "France", "Arrondissement de Rennes"; absent when unknown.
struct str place_label(const struct places *p, struct arena *a, struct str zone);
// As the field for a territory shows it, and place_read reads it back: "Rennes (35238)". The zone itself when it has no name.
struct str place_words(const struct places *p, struct arena *a, struct str zone);
// The names of what contains it, from the nearest to the widest, as people know them: EPCI, département, région, country.
struct strs place_around(const struct places *p, struct arena *a, struct str zone);

enum { PLACE_CHOICES = 20 };
struct place_reading {
    struct str zone; // the id; absent when it cannot be told
    const struct territory *choices[PLACE_CHOICES];
    size_t choice_count; // 0 as well: there is no such territory
    bool more;           // than these
};
// What a person means who typed a name, a postcode, an INSEE code, a SIREN, or any of them behind a name: "Saint-Denis (93)". An
// id is taken as it is.
void place_read(const struct places *p, struct str typed, struct arena *a,
                struct place_reading *out);
// The page to choose a territory from, in place of the value `which` of the request's.
struct place_page {
    const struct search_request *request;
    size_t which;
    const struct place_reading *reading;
    const struct places *places;
    int64_t documents;
};
json_t *place_page_view(struct arena *a, const struct place_page *p);

// ---- Pages --------------------------------------------------------------------------------------

enum { PAGE_RESULTS = 20 };

// pages_search.c. Reads the parameters of the page's address; false and a sentence for what is
// wrong with them. Parameters of other names are ignored: links from elsewhere carry some.
bool search_page_read(struct search_request *r, struct http_pairs query, struct arena *a,
                      struct str *wrong);
bool search_page_is_home(const struct search_request *r);
struct record_title {
    struct str id, title; // title is absent when there is no such record
    struct str at;        // the record that stands for it; absent: itself
};
struct search_page {
    const struct search_request *request;
    const struct search_answer *answer; // NULL: wrong says why
    struct str wrong;
    const struct record_title *titles; // of publishers that no result names
    size_t title_count;
    struct str uses_title,
        used_by_title; // of the records that the request names so; absent when unknown
    int64_t documents;
    const struct time_zone *zone;
    const struct places *places; // may be NULL
};
// The facets that the page shows, for the request's mask.
unsigned search_page_facets(bool many_sources);
// How many pages there are to turn; at least 1.
int64_t search_page_count(int64_t total);
// Address of a search: "/?q=velo&page=2".
struct str search_page_url(struct arena *a, const struct search_request *r, int64_t page);
// The same parameters behind another path.
struct str search_page_address(struct arena *a, const char *path, const struct search_request *r,
                               int64_t page);
// Without the i-th value of one filter.
struct str search_page_without(struct arena *a, const struct search_request *r, enum facet facet,
                               size_t i);
json_t *search_page_view(struct arena *a, const struct search_page *p);

// pages_filters.c. search.facets, and in *mask the filters that have a field on the page.
json_t *filters_view(struct arena *a, const struct search_page *p, unsigned *mask);
json_t *active_filters_view(struct arena *a, const struct search_page *p);
// What the form must carry along: everything active that has no field on the page. `sorts`: the order has one.
json_t *hidden_filters_view(struct arena *a, const struct search_request *r, unsigned facets,
                            bool sorts);
struct str filter_value_label(struct arena *a, const struct search_page *p, enum facet facet,
                              struct str value);

// pages_values.c: the values of one filter, to be found by their letters.
enum { VALUES_SHOWN = 50 };
struct values_page {
    enum facet facet;
    const struct search_request *request; // the search they are of; its page is that of the values
    const struct facet_found *found;
    struct str letters;
    int64_t documents;
    const struct places *places;
};
struct str values_page_url(struct arena *a, const struct search_request *r, enum facet facet);
struct str values_page_link(enum facet facet); // the words of a link there
json_t *values_page_view(struct arena *a, const struct values_page *p);

// pages_home.c. What to ask for, and the page made of the answer.
void home_request(struct search_request *r, struct arena *a);
json_t *home_view(struct arena *a, const struct search_answer *answer, int64_t documents,
                  const struct places *places, int64_t now, const struct time_zone *z);
// What happens while there is no index.
struct str home_waiting(struct arena *a, const struct harvester_source *sources, size_t n);

// pages_record.c
enum { RECORD_TITLES_MAX = 20 }; // records that a page links to by their title
struct record_page {
    const struct shown_record *shown;
    const struct history_entry *history;
    size_t history_count;
    const struct record_title *titles; // of what it uses; without one it is not shown
    size_t title_count;
    const struct search_answer *similar; // may be NULL
    int64_t documents;
    const struct time_zone *zone;
    const struct places *places; // may be NULL
};
// The ids whose titles are wanted, at most RECORD_TITLES_MAX.
struct strs record_page_relations(struct arena *a, const struct shown_record *r);
json_t *record_page_view(struct arena *a, const struct record_page *p);
// pages_brief.c. The facts in short, as members of `o`.
void record_page_brief(struct arena *a, json_t *o, const struct record_page *p);
// The first record of the brick whose text at that offset of struct record is there: its own, then the other catalogues'. NULL: none.
const struct record *record_page_teller(const struct record_page *p, size_t text);
json_t *removed_view(struct arena *a, const struct stored *stored, int64_t documents,
                     const struct time_zone *z);
// pages_history.c: items of record.history; empty when nothing changed since the record came.
json_t *history_items(struct arena *a, const struct history_entry *entries, size_t n,
                      const struct time_zone *z);

// pages_sources.c
struct source_page_run {
    struct run run;
    size_t held; // records that wait for a decision, when it is held back
    const struct run_error *errors;
    size_t error_count;
};
struct source_page {
    const struct harvester_source *source;
    int64_t records;
    const struct source_page_run *runs; // newest first
    size_t run_count;
};
json_t *sources_view(struct arena *a, const struct source_page *sources, size_t n,
                     int64_t documents, int64_t now, const struct time_zone *z);

// pages_text.c
json_t *about_view(struct arena *a, struct str contact, int64_t documents);
json_t *accessibility_view(struct arena *a, struct str contact, int64_t documents);
struct error_page {
    unsigned status; // 0: not to be shown, nor a form to search with
    struct str title, message;
};
json_t *error_view(struct arena *a, const struct error_page *e, int64_t documents);
// What is said for a status; never the details, which are in the log under the request's id.
struct error_page error_page_of(struct arena *a, unsigned status, struct str request_id);
