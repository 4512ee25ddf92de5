// See values.h.
#include "config/values.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static bool is_number(const struct conf_key *key)
{
    return key->type == CONF_INT || key->type == CONF_REAL;
}

static size_t most_bytes(const struct conf_key *key)
{
    bool own = key->type == CONF_STRING || key->type == CONF_PATH || key->type == CONF_URL ||
               key->type == CONF_PLACE || key->type == CONF_CRON;
    return own && key->max > 0 ? (size_t)key->max : CONF_TEXT_MOST;
}

struct conf_bounds conf_bounds(const struct conf_key *key)
{
    struct conf_bounds b = {""};
    if (is_number(key))
        snprintf(b.z, sizeof b.z, "%.15g to %.15g", key->min, key->max);
    else if (key->type == CONF_STRING && key->max > 0)
        snprintf(b.z, sizeof b.z, "at most %.15g bytes", key->max);
    return b;
}

// "key" is "value": why
__attribute__((format(printf, 5, 6))) static void refuse(struct conf_reader *r,
                                                         const struct conf_key *key,
                                                         struct str text, unsigned line,
                                                         const char *format, ...)
{
    char why[300];
    va_list args;
    va_start(args, format);
    vsnprintf(why, sizeof why, format, args);
    va_end(args);
    conf_errors_addf(r->errors, r->file, line, NULL, "\"%s\" is \"%s\": %s", key->name,
                     conf_quote(text).z, why);
}

// The same with the reason and the hint that a rule gave.
static void refuse_for(struct conf_reader *r, const struct conf_key *key, struct str text,
                       unsigned line, const struct err *why)
{
    conf_errors_addf(r->errors, r->file, line, why->hint[0] ? why->hint : NULL,
                     "\"%s\" is \"%s\": %s", key->name, conf_quote(text).z, why->what);
}

static bool obeys(struct conf_reader *r, const struct conf_key *key,
                  bool (*rule)(struct str, struct err *), struct str text, unsigned line)
{
    struct err why = {0};
    if (!rule || rule(text, &why))
        return true;
    refuse_for(r, key, text, line, &why);
    return false;
}

// A text on one line, in the reader's arena, without white space around it.
static bool read_text(struct conf_reader *r, const struct conf_key *key, struct str text,
                      unsigned line, struct str *out)
{
    text = str_trim(text);
    for (size_t i = 0; i < text.n; i++) {
        if (conf_control(str_slice(text.p + i, text.n - i))) {
            refuse(r, key, text, line, "it holds a line break or a control character");
            return false;
        }
    }
    if (text.n == 0) {
        conf_errors_addf(r->errors, r->file, line, "leave the key out, or write null",
                         "\"%s\" is empty", key->name);
        return false;
    }
    size_t most = most_bytes(key);
    if (text.n > most || (double)text.n < (key->type == CONF_STRING ? key->min : 0)) {
        conf_errors_addf(r->errors, r->file, line, NULL,
                         "\"%s\" is %zu bytes long, which is %s its bound (%.15g to %zu)",
                         key->name, text.n, text.n > most ? "over" : "under",
                         key->type == CONF_STRING && key->min > 1 ? key->min : 1, most);
        return false;
    }
    *out = arena_str(r->arena, text);
    return true;
}

// Below `dir` when it is relative.
static struct str resolve(struct conf_reader *r, struct str path)
{
    if (path.p[0] == '/' || r->dir.n == 0)
        return path;
    while (str_starts(path, STR("./")))
        path = str_slice(path.p + 2, path.n - 2);
    return arena_printf(r->arena, "%.*s%s%.*s", STR_ARG(r->dir),
                        r->dir.p[r->dir.n - 1] == '/' ? "" : "/", STR_ARG(path));
}

static void read_path(struct conf_reader *r, const struct conf_key *key, struct str text,
                      unsigned line, struct str *out)
{
    struct str path;
    if (!read_text(r, key, text, line, &path))
        return;
    if (str_eq(path, STR("~")) || str_starts(path, STR("~/"))) {
        refuse(r, key, path, line, "~ has no meaning here, write the whole path");
        return;
    }
    path = resolve(r, path);
    struct stat st;
    if (key->exists == CONF_MAY_EXIST) {
        *out = path;
        return;
    }
    const char *what = key->exists == CONF_IS_FOLDER ? "folder" : "file";
    if (stat(path.p, &st) != 0)
        refuse(r, key, path, line, "there is no such %s", what);
    else if (key->exists == CONF_IS_FOLDER ? !S_ISDIR(st.st_mode) : !S_ISREG(st.st_mode))
        refuse(r, key, path, line, "it is not a %s", what);
    else if (access(path.p, R_OK) != 0)
        refuse(r, key, path, line, "this user may not read it");
    else
        *out = path;
}

static void read_url(struct conf_reader *r, const struct conf_key *key, struct str text,
                     unsigned line, struct str *out)
{
    struct str url;
    if (!read_text(r, key, text, line, &url))
        return;
    if (!str_starts(url, STR("http://")) && !str_starts(url, STR("https://")))
        refuse(r, key, url, line, "it must begin with http:// or https://");
    else if (str_find_char(url, ' ') >= 0)
        refuse(r, key, url, line, "it holds a space");
    else if (obeys(r, key, key->check, url, line) && obeys(r, key, r->checks.url, url, line))
        *out = url;
}

// A path is told by how it begins: "www.example.org" is an address whose scheme was forgotten.
static void read_place(struct conf_reader *r, const struct conf_key *key, struct str text,
                       unsigned line, struct str *out)
{
    struct str start = str_trim(text);
    if (str_starts(start, STR("/")) || str_starts(start, STR("./")) ||
        str_starts(start, STR("../")))
        read_path(r, key, text, line, out);
    else
        read_url(r, key, text, line, out);
}

static void read_cron(struct conf_reader *r, const struct conf_key *key, struct str text,
                      unsigned line, struct str *out)
{
    struct str cron;
    if (read_text(r, key, text, line, &cron) &&
        (str_eq(cron, STR("never")) || obeys(r, key, r->checks.cron, cron, line)))
        *out = cron;
}

static bool is_loopback(int family, const unsigned char *address)
{
    static const unsigned char v6[16] = {[15] = 1};
    return family == AF_INET ? address[0] == 127 : memcmp(address, v6, sizeof v6) == 0;
}

// The address before a port, out of its brackets when it is IPv6.
static bool read_host(struct conf_reader *r, struct str host, struct conf_listen *out)
{
    unsigned char address[16];
    bool brackets = str_starts(host, STR("[")) && str_ends(host, STR("]"));
    if (brackets)
        host = str_slice(host.p + 1, host.n - 2);
    out->family = brackets ? CONF_IPV6 : CONF_IPV4;
    out->host = arena_str(r->arena, host);
    int family = brackets ? AF_INET6 : AF_INET;
    if (inet_pton(family, out->host.p, address) != 1)
        return false;
    out->loopback = is_loopback(family, address);
    return true;
}

static void read_listen(struct conf_reader *r, const struct conf_key *key, struct str text,
                        unsigned line, struct conf_listen *out)
{
    struct conf_listen listen = {.family = CONF_UNIX, .loopback = true};
    if (!read_text(r, key, text, line, &listen.text))
        return;
    if (str_starts(listen.text, STR("unix:"))) {
        enum { LONGEST = sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1 };
        struct str path = str_slice(listen.text.p + 5, listen.text.n - 5);
        listen.host = path.n ? resolve(r, path) : path;
        if (path.n == 0)
            refuse(r, key, listen.text, line, "unix: is followed by a path");
        else if (listen.host.n > LONGEST)
            refuse(r, key, listen.text, line, "the path of a socket is at most %d bytes", LONGEST);
        else
            *out = listen;
        return;
    }
    size_t at = listen.text.n;
    while (at > 0 && listen.text.p[at - 1] != ':')
        at--;
    int64_t port;
    if (at == 0 ||
        !str_to_int(str_slice(listen.text.p + at, listen.text.n - at), 0, 65535, &port) ||
        !read_host(r, str_slice(listen.text.p, at - 1), &listen)) {
        refuse(r, key, listen.text, line,
               "write an address and a port, as 127.0.0.1:8080 or [::1]:8080, or unix:/path");
        return;
    }
    listen.port = (uint16_t)port;
    *out = listen;
}

static bool is_digits(struct str s)
{
    if (s.n && s.p[0] == '-')
        s = str_slice(s.p + 1, s.n - 1);
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0;
}

static bool within(struct conf_reader *r, const struct conf_key *key, struct str text,
                   unsigned line, double value)
{
    if (value >= key->min && value <= key->max)
        return true;
    conf_errors_addf(r->errors, r->file, line, conf_bounds(key).z,
                     "\"%s\" is %s, which is %s its bound", key->name, conf_quote(text).z,
                     value > key->max ? "over" : "under");
    return false;
}

static void read_int(struct conf_reader *r, const struct conf_key *key, struct str text,
                     unsigned line, int64_t *out)
{
    int64_t value = text.n && text.p[0] == '-' ? INT64_MIN : INT64_MAX;
    if (!str_to_int(text, INT64_MIN, INT64_MAX, &value) && !is_digits(text))
        refuse(r, key, text, line, "it must be a whole number, %s", conf_bounds(key).z);
    else if (within(r, key, text, line, (double)value))
        *out = value;
}

static void read_real(struct conf_reader *r, const struct conf_key *key, struct str text,
                      unsigned line, double *out)
{
    double value;
    if (!str_to_real(text, &value))
        refuse(r, key, text, line, "it must be a number, %s", conf_bounds(key).z);
    else if (within(r, key, text, line, value))
        *out = value;
}

static void read_bool(struct conf_reader *r, const struct conf_key *key, struct str text,
                      unsigned line, bool *out)
{
    bool yes = str_eq_nocase(text, STR("true"));
    if (yes || str_eq_nocase(text, STR("false")))
        *out = yes;
    else
        refuse(r, key, text, line, "write true or false");
}

const char *conf_nearest(struct str name, const char *const *words)
{
    char lower[64];
    if (name.n == 0 || name.n > sizeof lower)
        return NULL;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        lower[i] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
    }
    const char *best = NULL;
    unsigned most = name.n < 4 ? 1 : name.n < 8 ? 2 : 3;
    for (; *words; words++) {
        unsigned d = str_distance(str_slice(lower, name.n), str_of(*words));
        if (d <= most && (!best || d < most)) {
            best = *words;
            most = d;
        }
    }
    return best;
}

int conf_read_word(struct conf_reader *r, const struct conf_key *key, struct str text,
                   unsigned line)
{
    for (int i = 0; key->words[i]; i++)
        if (str_eq(text, str_of(key->words[i])))
            return i;
    struct err why = {0};
    const char *nearest = conf_nearest(text, key->words);
    size_t n = (size_t)snprintf(why.what, sizeof why.what, "it must be one of");
    for (size_t i = 0; key->words[i] && n + strlen(key->words[i]) + 2 < sizeof why.what; i++)
        n += (size_t)snprintf(why.what + n, sizeof why.what - n, "%s %s", i ? "," : "",
                              key->words[i]);
    if (nearest)
        err_hint(&why, "did you mean \"%s\"?", nearest);
    refuse_for(r, key, text, line, &why);
    return -1;
}

void conf_read_text_item(struct conf_reader *r, const struct conf_key *key, struct str text,
                         unsigned line, struct strs *list)
{
    struct str item;
    bool network = key->type == CONF_NETWORKS;
    if (read_text(r, key, text, line, &item) &&
        obeys(r, key, network ? r->checks.network : key->check, item, line))
        arena_push(r->arena, list, item);
}

void conf_read_value(struct conf_reader *r, const struct conf_key *key, struct str text,
                     unsigned line, void *field)
{
    struct str value;
    int word;
    switch (key->type) {
    case CONF_STRING:
        if (read_text(r, key, text, line, &value) && obeys(r, key, key->check, value, line))
            *(struct str *)field = value;
        break;
    case CONF_PATH:
        read_path(r, key, text, line, field);
        break;
    case CONF_URL:
        read_url(r, key, text, line, field);
        break;
    case CONF_PLACE:
        read_place(r, key, text, line, field);
        break;
    case CONF_CRON:
        read_cron(r, key, text, line, field);
        break;
    case CONF_LISTEN:
        read_listen(r, key, text, line, field);
        break;
    case CONF_INT:
        read_int(r, key, text, line, field);
        break;
    case CONF_REAL:
        read_real(r, key, text, line, field);
        break;
    case CONF_BOOL:
        read_bool(r, key, text, line, field);
        break;
    case CONF_WORD:
        word = conf_read_word(r, key, text, line);
        if (word >= 0)
            *(unsigned *)field = (unsigned)word;
        break;
    case CONF_STRINGS:
    case CONF_WORDS:
    case CONF_NETWORKS:
    case CONF_MAP:
    case CONF_LIST_OF_MAPS: // schema.c reads these
        break;
    }
}
