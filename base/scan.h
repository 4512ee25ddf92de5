// Where the plain bytes of a text end: for those who copy most of it as it is and must find the few bytes that they may not. A block of
// bytes is looked at at once, as a vector of gcc and clang, which they have for every processor.
#pragma once

#include "base/str.h"

enum { SCAN_BYTES = 16 };

typedef unsigned char scan_block __attribute__((vector_size(SCAN_BYTES)));
typedef signed char scan_mask
    __attribute__((vector_size(SCAN_BYTES))); // what comparing blocks gives

// Whether any byte of a block is below `least`, or is one of `stops`.
static inline __attribute__((always_inline)) bool
scan_block_has(const char *block, unsigned char least, struct str stops)
{
    scan_block b;
    uint64_t halves[2];
    memcpy(&b, block, sizeof b);
    scan_mask found = b < least;
    for (size_t i = 0; i < stops.n; i++)
        found |= b == (unsigned char)stops.p[i];
    memcpy(halves, &found, sizeof halves);
    return (halves[0] | halves[1]) != 0;
}

static inline __attribute__((always_inline)) bool scan_is_stop(char c, unsigned char least,
                                                               struct str stops)
{
    bool stop = (unsigned char)c < least;
    for (size_t i = 0; i < stops.n; i++)
        stop |= c == stops.p[i];
    return stop;
}

// The first byte of [p, end) that is below `least`, or is one of `stops`; `end` where there is none. Both are constants where it is
// called, so that nothing is left of the loops over them.
static inline __attribute__((always_inline)) const char *
scan_for(const char *p, const char *end, unsigned char least, struct str stops)
{
    const char *start = p;
    while (end - p >= SCAN_BYTES && !scan_block_has(p, least, stops))
        p += SCAN_BYTES;
    bool rest = end - p < SCAN_BYTES; // shorter than a block: the last block of all has it
    if (rest && p > start && !scan_block_has(end - SCAN_BYTES, least, stops))
        return end;
    while (p < end && !scan_is_stop(*p, least, stops))
        p++;
    return p;
}
