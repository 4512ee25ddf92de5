// For every fuzz target: what libFuzzer calls, and how a promise is checked. A target is one file, fuzz_<what>.c, which says in its
// head what the bytes are and what must hold; tests/fuzz/run builds and runs it.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void must(bool promise)
{
    if (!promise)
        abort();
}
