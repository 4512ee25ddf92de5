// See etag.h.
#include "api/http/etag.h"

bool etag_is_opaque(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] > '~' || s.p[i] == '"')
            return false;
    return s.n > 0 && s.n <= 64;
}

// The list's tags are read here and not with http_list_next: a backslash in a tag escapes nothing.
bool etag_matches(struct str list, struct str opaque)
{
    list = str_trim(list);
    if (str_eq(list, STR("*")))
        return true;
    while (list.n) {
        if (list.p[0] == ',' || list.p[0] == ' ' || list.p[0] == '\t') {
            list = str_slice(list.p + 1, list.n - 1);
            continue;
        }
        if (str_starts(list, STR("W/")))
            list = str_slice(list.p + 2, list.n - 2);
        if (list.n == 0 || list.p[0] != '"')
            return false;
        list = str_slice(list.p + 1, list.n - 1);
        ptrdiff_t end = str_find_char(list, '"');
        if (end < 0)
            return false;
        if (str_eq(str_slice(list.p, (size_t)end), opaque))
            return true;
        list = str_slice(list.p + end + 1, list.n - (size_t)end - 1);
    }
    return false;
}
