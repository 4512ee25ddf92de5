// The source entry of the configuration that a probe prints, and reads itself. See probe_inside.h.
#include "harvester/probe_inside.h"

#include "harvester/hooks.h"
#include "harvester/url.h"

#include <arpa/inet.h>

bool probe_is_number(struct str host)
{
    char text[64];
    unsigned char address[16];
    if (!host.n || host.n >= sizeof text)
        return false;
    memcpy(text, host.p, host.n);
    text[host.n] = '\0';
    return inet_pton(AF_INET, text, address) == 1 || inet_pton(AF_INET6, text, address) == 1;
}

// "www.data.gouv.fr" is called data.gouv.fr.
static struct str name_of(struct probing *p, struct str root)
{
    struct str host = url_host(p->arena, root);
    struct buf b = {0};
    if (str_starts(host, STR("www.")))
        host = str_slice(host.p + 4, host.n - 4);
    if (!host.n || probe_is_number(host) || str_starts(root, STR("/")))
        return p->out->type;
    for (size_t i = 0; i < host.n && b.n < 64; i++) {
        char c = host.p[i] >= 'A' && host.p[i] <= 'Z' ? (char)(host.p[i] + 32) : host.p[i];
        bool fits =
            (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (b.n && (c == '.' || c == '-'));
        if (fits)
            buf_addc(&b, c);
    }
    struct str name = b.n ? arena_str(p->arena, buf_str(&b)) : p->out->type;
    buf_free(&b);
    return name;
}

// A string of JSON is one of YAML.
static void add_quoted(struct buf *b, const char *before, struct str text)
{
    struct buf quoted = {0};
    json_str(&quoted, text);
    buf_addz(b, before);
    buf_add(b, buf_str(&quoted));
    buf_free(&quoted);
}

static void write_entry(struct probing *p, struct str root)
{
    struct buf b = {0};
    struct str name = name_of(p, root);
    buf_addf(&b, "  - name: %.*s\n    type: %.*s", STR_ARG(name), STR_ARG(p->out->type));
    add_quoted(&b, "\n    url: ", root);
    buf_addz(&b, "\n    schedule: \"@daily\"\n");
    const struct driver *driver = driver_find(p->out->type);
    const char *own = driver->entry && p->clue ? driver->entry(p->clue->path) : NULL;
    if (own)
        buf_addf(&b, "    %s\n", own);
    if (p->policy.allow_private.n) {
        for (size_t i = 0; i < p->request->allow_private.n; i++)
            add_quoted(&b, i ? ", " : "    allow_private: [", p->request->allow_private.v[i]);
        buf_addz(&b, "]\n");
    }
    if (p->request->headers_file.n) {
        add_quoted(&b, "    headers_file: ", p->request->headers_file);
        buf_addc(&b, '\n');
    }
    p->out->entry = arena_str(p->arena, buf_str(&b));
    buf_free(&b);
}

static bool load_entry(struct probing *p, struct err *e)
{
    struct conf_errors errors = {0};
    struct str text = arena_printf(p->arena, "sources:\n%.*s", STR_ARG(p->out->entry));
    p->config =
        config_load_text(text, "probe", p->request->folder, harvester_conf_hooks(), &errors);
    if (!p->config && errors.n)
        *e = errors.v[0].err;
    conf_errors_free(&errors);
    return p->config != NULL;
}

bool probe_make_entry(struct probing *p, struct str root, struct err *e)
{
    write_entry(p, root);
    return load_entry(p, e);
}
