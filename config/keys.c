// Every key of the configuration but the drivers': name, type, bounds, default, help, and the rules
// of single keys.
#include "config/keys.h"

#include <stdio.h>

#define ZONES "/usr/share/zoneinfo/"

const char *const config_kinds[] = {"dataset",  "dataservice",  "reuse",
                                    "software", "organization", NULL};

// Do all bytes of `s` come from the ranges of `set`, as "az09.."?
static bool is_made_of(struct str s, const char *set)
{
    for (size_t i = 0; i < s.n; i++) {
        bool found = false;
        for (const char *range = set; *range && !found; range += 2)
            found = s.p[i] >= range[0] && s.p[i] <= range[1];
        if (!found)
            return false;
    }
    return true;
}

static bool check_name(struct str s, struct err *e)
{
    if (!is_made_of(s, "az09..--"))
        return err_set(e, ERR_CONFIG, "it may hold a-z, 0-9, dots and dashes only");
    if (s.p[0] == '.' || s.p[0] == '-')
        return err_set(e, ERR_CONFIG, "it must begin with a letter or a digit");
    return true;
}

static bool check_store(struct str s, struct err *e)
{
    if (str_eq(s, STR("sqlite")))
        return true;
    if (str_starts(s, STR("postgresql:")) || str_starts(s, STR("postgres:")))
        return err_set(e, ERR_CONFIG, "it comes in a later version, write sqlite");
    return err_set(e, ERR_CONFIG, "write sqlite");
}

// It becomes part of a header, inside a comment (RFC 9110 section 5.6.5).
static bool check_contact(struct str s, struct err *e)
{
    return (is_made_of(s, " ~") && str_find_char(s, '(') < 0 && str_find_char(s, ')') < 0 &&
            str_find_char(s, '\\') < 0) ||
           err_set(e, ERR_CONFIG, "it goes into the User-Agent: ASCII, no parentheses, no \\");
}

static bool check_proxy(struct str s, struct err *e)
{
    struct str rest = s;
    if (str_starts(s, STR("http://")))
        rest = str_slice(s.p + 7, s.n - 7);
    else if (str_starts(s, STR("https://")))
        rest = str_slice(s.p + 8, s.n - 8);
    if (rest.n == s.n || rest.n == 0 || rest.p[0] == '/' || !is_made_of(rest, "!~"))
        return err_set(e, ERR_CONFIG, "write http://host:port or https://host:port");
    return true;
}

static bool check_public_url(struct str s, struct err *e)
{
    return (str_find_char(s, '?') < 0 && str_find_char(s, '#') < 0) ||
           err_set(e, ERR_CONFIG, "it must have no ? and no #, as paths are added to it");
}

static const char *const matchers[] = {
    [MATCHER_LISTS] = "lists", [MATCHER_XAPIAN] = "xapian", NULL};

static bool check_timezone(struct str s, struct err *e)
{
    if (str_eq(s, STR("UTC")))
        return true;
    char path[sizeof ZONES + 64], magic[4] = "";
    bool name = is_made_of(s, "azAZ09__++--//") && s.p[0] != '/' && str_find(s, STR("..")) < 0;
    snprintf(path, sizeof path, ZONES "%.*s", STR_ARG(s));
    FILE *f = name ? fopen(path, "re") : NULL;
    bool zone = f && fread(magic, 1, sizeof magic, f) == sizeof magic && // RFC 8536 section 3.1
                memcmp(magic, "TZif", sizeof magic) == 0;
    if (f)
        fclose(f);
    if (zone)
        return true;
    err_set(e, ERR_CONFIG, "there is no such time zone in " ZONES);
    return err_hint(e, "write a name as Europe/Paris, or UTC; the package tzdata has them");
}

static const struct conf_key remove_after_keys[] = {
    {.name = "sweeps",
     .type = CONF_INT,
     .offset = offsetof(struct config_remove_after, sweeps),
     .min = 1,
     .max = 1000,
     .preset = "3",
     .help = "Complete sweeps that a record was absent from."},
    {.name = "days",
     .type = CONF_INT,
     .offset = offsetof(struct config_remove_after, days),
     .min = 0,
     .max = 3650,
     .preset = "7",
     .help = "Days since it was seen last."},
    {.name = NULL},
};

#define SOURCE(key) .name = #key, .offset = offsetof(struct config_source, key)

const struct conf_key config_source_keys[] = {
    {SOURCE(name), .type = CONF_STRING, .max = 64, .required = true, .check = check_name,
     .help =
         "What the source is called, in commands, addresses and ids: a-z, 0-9, dots and dashes. "
         "Another name is another source."},
    {SOURCE(type), .type = CONF_STRING, .max = 64, .required = true,
     .help = "The driver that speaks the catalogue's protocol."},
    {SOURCE(url), .type = CONF_PLACE, .required = true,
     .help = "The root of the portal, or the address of the document that the driver reads. For a "
             "document it may "
             "also be a path that begins with / or ./, of a file or of a folder of files."},
    {SOURCE(schedule), .type = CONF_CRON, .max = 200, .preset = "@daily",
     .help =
         "When it is harvested, in the time zone of \"timezone\", with a delay of its own of some "
         "minutes. never: only by hand. In quotes: YAML reads @ and * in its own way."},
    {SOURCE(kinds), .type = CONF_WORDS, .words = config_kinds, .min = 1,
     .help = "What is harvested. When absent: all that the driver offers."},
    {SOURCE(allow_private), .type = CONF_NETWORKS,
     .help = "Networks that are not public and that this source may be on, as 10.1.2.0/24."},
    {SOURCE(max_removed), .type = CONF_REAL, .min = 0, .max = 1, .preset = "0.1",
     .help =
         "A run that would remove a larger share of the source's records, or of one kind of them, "
         "is held back until someone accepts it. One record may always go."},
    {SOURCE(remove_after), .type = CONF_MAP, .keys = remove_after_keys,
     .help = "When a record that the catalogue no longer lists is removed: once both are reached. "
             "At once when the catalogue says that it is gone."},
    {SOURCE(full_every), .type = CONF_INT, .min = 0, .max = 365, .preset = "0",
     .help = "Days between two sweeps of everything, where the protocol can tell what changed "
             "(ckan, oai-pmh). "
             "The runs between ask for what changed since the last one began, and an hour more; "
             "nothing is "
             "counted as absent then. 0: every run sweeps everything."},
    {SOURCE(rate), .type = CONF_REAL, .min = 0, .max = 1000, .preset = "5",
     .help = "Requests a second to the source's host, at most. 0: no limit."},
    {SOURCE(page_size), .type = CONF_INT, .min = 1, .max = 1000, .preset = "100",
     .help = "Records asked for in one request."},
    {SOURCE(attempts), .type = CONF_INT, .min = 1, .max = 10, .preset = "4",
     .help = "How often a request is tried, with waits of 1, 2, 4 seconds and so on, or what the "
             "server asks for, up to 60."},
    {SOURCE(timeout), .type = CONF_INT, .min = 1, .max = 3600, .preset = "120",
     .help = "Seconds for one request, from the connection to the last byte."},
    {SOURCE(headers_file), .type = CONF_PATH, .exists = CONF_IS_FILE,
     .help =
         "A file of headers to send, one \"Name: value\" on each line, as a key that the catalogue "
         "asks for. To be readable by Glaneur alone."},
    {SOURCE(license), .type = CONF_STRING, .max = 200,
     .help = "The licence of the catalogue's own descriptions, shown and exported."},
    {SOURCE(attribution), .type = CONF_STRING, .max = 500,
     .help = "Whom to name when they are reused, shown and exported."},
    {.name = NULL},
};

#define GLOBAL(key) .name = #key, .offset = offsetof(struct config, key)

const struct conf_key config_keys[] = {
    {GLOBAL(listen), .type = CONF_LISTEN, .preset = "127.0.0.1:8080",
     .help = "Where the page and the API answer."},
    {GLOBAL(admin), .type = CONF_LISTEN, .preset = "127.0.0.1:8081",
     .help = "Where metrics and the control of runs answer: on this machine only."},
    {GLOBAL(data), .type = CONF_PATH, .preset = "./data",
     .help = "The folder of the store and the index. Relative paths are relative to this file."},
    {GLOBAL(store), .type = CONF_STRING, .preset = "sqlite", .check = check_store,
     .help = "What keeps the records: sqlite."},
    {GLOBAL(share), .type = CONF_PATH, .exists = CONF_IS_FOLDER,
     .help = "A folder whose files override the data that comes with Glaneur, one by one."},
    {GLOBAL(public_url), .type = CONF_URL, .check = check_public_url,
     .help = "The address that people reach the page at, for links in feeds and exports."},
    {GLOBAL(contact), .type = CONF_STRING, .max = 200, .check = check_contact,
     .help = "An address or a page where whoever runs a catalogue can reach you: it goes into the "
             "User-Agent."},
    {GLOBAL(proxy), .type = CONF_STRING, .check = check_proxy,
     .help =
         "The proxy that all requests go out through, as http://proxy:3128. It then resolves the "
         "names of hosts, and addresses are checked only where the URL holds one."},
    {GLOBAL(ca_file), .type = CONF_PATH, .exists = CONF_IS_FILE,
     .help = "A file of certificates (PEM) to trust instead of the system's."},
    {GLOBAL(trusted_proxies), .type = CONF_NETWORKS,
     .help = "Networks of the reverse proxies whose X-Forwarded-For is believed."},
    {GLOBAL(timezone), .type = CONF_STRING, .max = 64, .preset = "Europe/Paris",
     .check = check_timezone, .help = "The time zone of the schedules."},
    {GLOBAL(matcher), .type = CONF_WORD, .words = matchers, .preset = "lists",
     .help =
         "How searches match: with lists of documents in memory, or through Xapian alone, which "
         "is many times slower, takes less memory and gives the same answers. Read at the start."},
    {.name = "sources",
     .type = CONF_LIST_OF_MAPS,
     .keys = config_source_keys,
     .read = config_read_sources,
     .help = "The catalogues to harvest; each:"},
    {.name = NULL},
};
