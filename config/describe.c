// The reference text of tables of keys (schema.h), for `glaneur check --help` and the manual.
#include "config/schema.h"
#include "config/values.h"

enum { COLUMNS = 79, HELP_INDENT = 4 };

static void add_spaces(struct buf *out, unsigned n)
{
    while (n--)
        buf_addc(out, ' ');
}

// Words on lines of at most COLUMNS characters.
static void add_wrapped(struct buf *out, struct str text, unsigned indent)
{
    size_t column = 0;
    struct str word;
    while (str_next(&text, ' ', &word)) {
        if (column && column + 1 + word.n > COLUMNS) {
            buf_addc(out, '\n');
            column = 0;
        }
        if (column) {
            buf_addc(out, ' ');
            column++;
        } else {
            add_spaces(out, indent);
            column = indent;
        }
        buf_add(out, word);
        column += word.n;
    }
    buf_addc(out, '\n');
}

static const char *type_name(enum conf_type type)
{
    static const char *const names[] = {
        [CONF_STRING] = "text",
        [CONF_PATH] = "path",
        [CONF_URL] = "http or https address",
        [CONF_PLACE] = "http or https address, or path",
        [CONF_CRON] = "cron, @daily and the like, or never",
        [CONF_LISTEN] = "address:port, [address]:port or unix:/path",
        [CONF_INT] = "whole number",
        [CONF_REAL] = "number",
        [CONF_BOOL] = "true or false",
        [CONF_WORD] = "one of",
        [CONF_STRINGS] = "list of texts",
        [CONF_WORDS] = "list, of",
        [CONF_NETWORKS] = "list of networks",
        [CONF_MAP] = "map",
        [CONF_LIST_OF_MAPS] = "list of maps",
    };
    return names[type];
}

static bool is_list(enum conf_type type)
{
    return type == CONF_STRINGS || type == CONF_WORDS || type == CONF_NETWORKS ||
           type == CONF_LIST_OF_MAPS;
}

// "whole number, 1 to 1000; default 100"
static void add_facts(struct buf *out, const struct conf_key *key)
{
    buf_addz(out, type_name(key->type));
    for (size_t i = 0; key->words && key->words[i]; i++)
        buf_addf(out, "%s %s", i ? "," : "", key->words[i]);
    struct conf_bounds bounds = conf_bounds(key);
    if (bounds.z[0])
        buf_addf(out, ", %s", bounds.z);
    if (key->required)
        buf_addz(out, "; required");
    else if (is_list(key->type) && key->min == 0)
        buf_addz(out, "; default []");
    else if (!is_list(key->type) && key->type != CONF_MAP)
        buf_addf(out, "; default %s",
                 key->preset              ? key->preset
                 : key->type == CONF_BOOL ? "false"
                                          : "null");
}

void conf_describe(struct buf *out, const struct conf_key *keys, unsigned indent)
{
    struct buf line = {0};
    for (const struct conf_key *key = keys; key && key->name; key++) {
        buf_clear(&line);
        buf_addf(&line, "%s: ", key->name);
        add_facts(&line, key);
        add_wrapped(out, buf_str(&line), indent);
        if (key->help)
            add_wrapped(out, str_of(key->help), indent + HELP_INDENT);
        if (key->keys)
            conf_describe(out, key->keys, indent + HELP_INDENT);
    }
    buf_free(&line);
}
