// See yaml_json.h.
#include "harvester/normalise/yaml_json.h"

#include "config/yaml.h"

static json_t *convert(const struct yaml_node *node, bool *broken)
{
    if (node->kind == YAML_VALUE)
        return node->null ? json_null() : json_stringn_nocheck(node->text.p, node->text.n);
    if (node->kind == YAML_LIST) {
        json_t *list = json_array();
        for (const struct yaml_node *n = node->first; n; n = n->next)
            json_array_append_new(list, convert(n, broken));
        return list;
    }
    *broken = *broken || node->kind == YAML_BROKEN;
    json_t *object = json_object();
    for (const struct yaml_node *n = node->first; n; n = n->next)
        json_object_setn_new_nocheck(object, n->key.p, n->key.n, convert(n, broken));
    return object;
}

json_t *yaml_json(struct arena *a, struct str text, struct err *e)
{
    struct conf_errors errors = {0};
    struct yaml_node *root = NULL;
    bool broken = !yaml_read(a, text, "yaml", &errors, &root) && !root;
    json_t *object = root && root->kind == YAML_MAP ? convert(root, &broken) : NULL;
    if (broken && errors.n) {
        json_decref(object);
        object = NULL;
        err_set(e, ERR_PARSE, "line %u: %s", errors.v[0].line, errors.v[0].err.what);
    } else if (!object) {
        err_set(e, ERR_PARSE, "the YAML is no map of keys and values");
    }
    conf_errors_free(&errors);
    return object;
}

// The line that begins at `at`, and where the next one does.
static struct str line_at(struct str s, size_t at, size_t *next)
{
    size_t end = at;
    while (end < s.n && s.p[end] != '\n')
        end++;
    *next = end < s.n ? end + 1 : s.n;
    struct str line = str_slice(s.p + at, end - at);
    while (line.n && (line.p[line.n - 1] == '\r' || line.p[line.n - 1] == ' '))
        line.n--;
    return line;
}

bool yaml_front_matter(struct str file, struct str *yaml, struct str *text)
{
    const struct str mark = STR("---");
    size_t at = str_starts(file, STR("\xEF\xBB\xBF")) ? 3 : 0, start, next;
    if (!str_eq(line_at(file, at, &start), mark))
        return false;
    for (at = start; at < file.n; at = next)
        if (str_eq(line_at(file, at, &next), mark)) {
            *yaml = str_slice(file.p + start, at - start);
            *text = str_slice(file.p + next, file.n - next);
            return true;
        }
    return false;
}
