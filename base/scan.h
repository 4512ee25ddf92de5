// A block of bytes looked at at once, for those who copy most of a text as it is and must find the few bytes that they may not:
//
//     scan_block b = scan_load(p);
//     if (scan_found((b < ' ') | (b == '"')))
//
// A test tells whether any byte of the block is so, not which: they are then looked at one by one. Vectors as gcc and clang have
// them for every processor.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { SCAN_BYTES = 16 };

typedef unsigned char scan_block __attribute__((vector_size(SCAN_BYTES)));
typedef signed char scan_mask
    __attribute__((vector_size(SCAN_BYTES))); // what comparing blocks gives

static inline scan_block scan_load(const char *p)
{
    scan_block b;
    memcpy(&b, p, sizeof b);
    return b;
}

static inline bool scan_found(scan_mask m)
{
    uint64_t halves[2];
    memcpy(halves, &m, sizeof halves);
    return (halves[0] | halves[1]) != 0;
}
