// From the bytes of a document to clean UTF-8, as they come: what both parsers of the child are fed. The encoding is told by a byte
// order mark, else by the XML declaration (XML 1.0, appendix F), else it is UTF-8: UTF-8, UTF-16, ISO-8859-1, ISO-8859-15 and
// Windows-1252 are known. What no parser would take is mended, and counted: characters that XML does not allow, written or as a
// reference ("&#11;"), become a space; bytes that are not UTF-8 are taken for Windows-1252, as most such files are by halves; a
// sequence cut short becomes U+FFFD. The XML declaration becomes spaces, since what it says is no longer true. Lines stay lines.
#pragma once

#include "base/buf.h"
#include "base/err.h"

struct decode {
    bool xml; // looks for a declaration, and mends references
    bool started;
    int encoding;
    struct buf held;    // bytes of the document that wait for more
    struct buf decoded; // references that wait for their end
    size_t mended;
    unsigned line, mended_line; // so far, and of the first that was mended
};

// Adds what `bytes` become to `out`; `last`: nothing follows. ERR_PARSE when the encoding is not known.
bool decode_add(struct decode *d, struct str bytes, bool last, struct buf *out, struct err *e);
void decode_free(struct decode *d);
