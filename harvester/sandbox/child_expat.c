// See child_expat.h.
#include "harvester/sandbox/child_expat.h"

enum { PIECE = 64 * 1024 };

unsigned expat_line(XML_Parser parser)
{
    return (unsigned)XML_GetCurrentLineNumber(parser);
}

static bool refused(struct child *c, XML_Parser parser)
{
    enum XML_Error error = XML_GetErrorCode(parser);
    if (error == XML_ERROR_ABORTED)
        return false; // a handler has told why
    if (error == XML_ERROR_NO_MEMORY)
        return child_fail(c, ERR_MEMORY, expat_line(parser), "The document takes too much memory.");
    return child_fail(c, ERR_PARSE, expat_line(parser), "This is not XML: %s.",
                      XML_ErrorString(error));
}

bool expat_parse(struct child *c, XML_Parser parser, bool (*after)(void *arg), void *arg,
                 struct decode *decode)
{
    static char bytes[PIECE];
    struct buf text = {0};
    struct err e = {0};
    size_t n;
    bool good = true;
    do {
        n = child_read(c, bytes, sizeof bytes);
        buf_clear(&text);
        if (!decode_add(decode, str_slice(bytes, n), n == 0, &text, &e))
            good = child_fail(c, e.code, 1, "%s", e.what);
        else if (XML_Parse(parser, text.p, (int)text.n, n == 0) != XML_STATUS_OK)
            good = refused(c, parser);
        else if (after)
            good = after(arg);
        child_flush_some(c);
    } while (good && n);
    buf_free(&text);
    return good;
}
