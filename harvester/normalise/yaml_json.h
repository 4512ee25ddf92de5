// YAML texts of catalogues (publiccode.yml, the front matter of Markdown sheets) as JSON, for the mappers that read JSON. What is read is
// the subset of config/yaml.h, within its bounds: aliases are refused, so nothing grows beyond its own size. Any thread.
#pragma once

#include "base/json.h"

// Every value is a string, but null. Of a key that is given twice the first counts; tags, and anchors that no alias uses, are passed over. NULL and ERR_PARSE, with the line, when it is no such YAML or its root is no map. Caller's reference.
json_t *yaml_json(struct arena *a, struct str text, struct err *e);
// A Markdown file that begins with YAML between two lines of "---". False when there is none; parts are borrowed.
bool yaml_front_matter(struct str file, struct str *yaml, struct str *text);
