// See json_quick.h. simdjson checks the whole text and its UTF-8 first; then its values are made one by one into jansson's.
#include "base/json_quick.h"

#include <cstring>
#include <simdjson.h>

namespace
{

namespace dom = simdjson::dom;

json_t *make(const dom::element &from, unsigned depth);

json_t *make_array(const dom::array &from, unsigned depth)
{
    json_t *list = json_array();
    for (dom::element item : from)
        if (json_array_append_new(list, make(item, depth)) != 0) {
            json_decref(list);
            return nullptr;
        }
    return list;
}

// jansson takes no NUL in a key.
json_t *make_object(const dom::object &from, unsigned depth)
{
    json_t *object = json_object();
    for (dom::key_value_pair member : from) {
        const char *key = member.key.data();
        size_t n = member.key.size();
        if ((n && memchr(key, '\0', n)) ||
            json_object_setn_new_nocheck(object, key, n, make(member.value, depth)) != 0) {
            json_decref(object);
            return nullptr;
        }
    }
    return object;
}

// NULL for what jansson reads otherwise or refuses: integers over 63 bits, a NUL in a key, what is too deep. A container refuses a NULL.
json_t *make(const dom::element &from, unsigned depth)
{
    switch (from.type()) {
    case dom::element_type::OBJECT:
        return depth ? make_object(from.get_object().value_unsafe(), depth - 1) : nullptr;
    case dom::element_type::ARRAY:
        return depth ? make_array(from.get_array().value_unsafe(), depth - 1) : nullptr;
    case dom::element_type::STRING: {
        std::string_view text = from.get_string().value_unsafe();
        return json_stringn_nocheck(text.data(), text.size());
    }
    case dom::element_type::INT64:
        return json_integer(from.get_int64().value_unsafe());
    case dom::element_type::DOUBLE:
        return json_real(from.get_double().value_unsafe());
    case dom::element_type::BOOL:
        return json_boolean(from.get_bool().value_unsafe());
    case dom::element_type::NULL_VALUE:
        return json_null();
    default:
        return nullptr;
    }
}

} // namespace

json_t *json_quick(struct str text, unsigned depth)
{
    dom::parser parser(JSON_QUICK_BYTES);
    dom::element root;
    // Newer versions pass over a byte order mark.
    if (!text.n || (text.n >= 3 && memcmp(text.p, "\xEF\xBB\xBF", 3) == 0))
        return nullptr;
    if (parser.parse(text.p, text.n).get(root) != simdjson::SUCCESS)
        return nullptr;
    return make(root, depth);
}
