// Small rules of HTTP's text (RFC 9110 5.6, RFC 3986 2.1) and of the query of a URL. Pure; any
// thread.
#pragma once

#include "api/http/request.h"
#include "base/err.h"

bool http_is_token(struct str s); // RFC 9110 5.6.2; never empty
// A field's value: no control character but the tab, DEL neither (RFC 9110 5.5).
bool http_is_field_value(struct str s);
// The next element of a comma-separated list, trimmed, quoted strings kept whole; empty ones are
// passed over. False at its end.
bool http_list_next(struct str *rest, struct str *element);
// Does a weighted list (Accept, Accept-Encoding) take `name`? 0 to 1000 thousandths; -1 when it is
// not named. A weight that is malformed is 0.
int http_list_weight(struct str list, const char *name);

// Decodes %XX into the arena. False: a '%' without two hexadecimal digits, a NUL, or ill-formed
// UTF-8.
bool http_percent_decode(struct arena *a, struct str s, struct str *out);
// The parameters of a query, as the URL standard parses application/x-www-form-urlencoded: '+' is a
// space, a '%' that starts no %XX stands for itself. At most `most`. False and ERR_ARGUMENT
// otherwise, or for a NUL or ill-formed UTF-8; *culprit is then the parameter's name, or absent.
bool http_query_parse(struct arena *a, struct str query, size_t most, struct http_pairs *out,
                      struct str *culprit, struct err *e);
// The first of that name in any case, or absent.
struct str http_pairs_field(struct http_pairs fields, const char *name);
