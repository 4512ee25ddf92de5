// What the drivers of the digital commons share: lists that are one JSON file (or Markdown sheets on disk), members with several names over
// the years, repositories, descriptions made of several texts. On the thread that reads the page.
#pragma once

#include "harvester/normalise/mapper.h"

// ---- Members. `names` are keys, separated by spaces, the first that says something counts: not null, "", [] or {}.

const json_t *commons_any(const json_t *object, const char *names); // NULL when there is none
struct str commons_text(const json_t *object,
                        const char *names); // a string, or one of several languages (map_localised)
struct str commons_word(struct mapper *m, const json_t *object,
                        const char *names); // a string, or a number as text
struct str commons_web(struct mapper *m, const json_t *object, const char *names);
int64_t commons_count(const json_t *object,
                      const char *names); // -1 when there is none, or it is below 0
bool commons_flag(const json_t *object, const char *names); // true, 1, "true", "1"
struct date commons_date(const json_t *object,
                         const char *names); // text, or milliseconds since 1970

// ---- Values

// Paragraphs, one empty line between them; absent ones are left out, and one that was there already.
struct str commons_paragraphs(struct mapper *m, const struct str *parts, size_t n);
// The text with its "%C3%A9" undone; what is no such sequence stays.
struct str commons_percent_decode(struct arena *a, struct str s);
// The text as one segment of a path, or a value of a query: percent-encoded.
struct str commons_percent_encode(struct arena *a, struct str s);
// repository_url, from an address, a list of them, or a text that holds one: as it is written when it opens in a browser.
void commons_repository(struct mapper *m, struct record *r, const json_t *value);
// What stands behind the last slash, without the ".md", ".yml" of a file.
struct str commons_last_segment(struct str path);
// Where the pages of a service are: its address up to "/api/", else its origin; `service` where the source is a file.
struct str commons_site(struct mapper *m, const char *service);

// ---- Lists

struct commons_list {
    const char *what;   // for messages: "beta.gouv.fr's products"
    const char *arrays; // names of the members that hold the list, or hold the object that does
    const char *id;     // the member that an item is known by, when it is no JSON
    const char *
        once; // a text that an item holds once: in one that is no JSON, more tell that others are lost with it. Or NULL
    bool single; // an object that holds no list is the one item
    // Maps an item; `envelope` is the object around the list, or NULL.
    void (*map)(struct mapper *m, const json_t *object, const json_t *envelope,
                struct driver_item *item);
};

// The address of the configuration, as it is.
bool commons_request(const struct driver_source *source, struct str cursor, struct arena *a,
                     struct driver_request *out, struct err *e);
// Reads the whole list, or a Markdown sheet with front matter: its keys, "content" and "slug" (its file's name). One item that is no JSON
// costs only itself.
bool commons_read(const struct commons_list *list, const struct driver_source *source,
                  const struct driver_response *response, struct arena *a, struct driver_page *out,
                  struct err *e);
// ERR_PARSE: the page begins with something else. Returns false.
bool commons_is_not(const char *what, struct str page, struct err *e);
