// Eight bytes of a text looked at at once, for writers that copy most of it as it is and must find the few bytes that they may not. Each
// test tells whether any of the eight is so, not which: the writer then looks at them one by one.
#pragma once

#include <stdint.h>
#include <string.h>

#define SCAN_ALL UINT64_C(0x0101010101010101) // times a byte: that byte, eight times

static inline uint64_t scan_eight(const char *p)
{
    uint64_t eight;
    memcpy(&eight, p, sizeof eight);
    return eight;
}

// Not 0 where any is below n, which is at most 128.
static inline uint64_t scan_below(uint64_t eight, unsigned char n)
{
    return (eight - SCAN_ALL * n) & ~eight & SCAN_ALL * 0x80;
}

// Not 0 where any is c.
static inline uint64_t scan_any(uint64_t eight, char c)
{
    return scan_below(eight ^ SCAN_ALL * (unsigned char)c, 1);
}
