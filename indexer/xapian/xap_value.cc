// What goes into value slots: numbers as bytes that sort, and lists of byte strings. Holds nothing;
// runs on any thread.
#include "indexer/xapian/xap_internal.h"

size_t xap_sortable(double number, char out[XAP_SORTABLE_MAX])
{
    return Xapian::sortable_serialise_(number, out);
}

double xap_unsortable(struct str bytes)
{
    // Nine bytes fit in the string itself: nothing is allocated, so nothing is thrown.
    return Xapian::sortable_unserialise(xap_string({bytes.p, bytes.n < 9 ? bytes.n : 9}));
}

void xap_list_add(struct buf *list, struct str item)
{
    size_t left = item.n;
    for (; left >= 0x80; left >>= 7)
        buf_addc(list, (char)(0x80 | (left & 0x7f)));
    buf_addc(list, (char)left);
    buf_add(list, item);
}

bool xap_list_next(struct str *rest, struct str *item)
{
    size_t length = 0;
    for (size_t at = 0; at < rest->n && at < 5; at++) {
        unsigned char byte = (unsigned char)rest->p[at];
        length |= (size_t)(byte & 0x7f) << (7 * at);
        if (byte & 0x80)
            continue;
        size_t head = at + 1;
        if (length > rest->n - head)
            return false;
        *item = str_slice(rest->p + head, length);
        *rest = str_slice(rest->p + head + length, rest->n - head - length);
        return true;
    }
    return false;
}
