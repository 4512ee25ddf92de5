// SHA-256 (FIPS 180-4), through GnuTLS, which libcurl links already.
#pragma once

#include "base/str.h"

enum { SHA256_BYTES = 32, SHA256_HEX = 64 };

void sha256(struct str data, unsigned char out[SHA256_BYTES]);
// Lower-case hexadecimal of n bytes into out[2 * n + 1], terminated.
void hex(const unsigned char *bytes, size_t n, char *out);
// FNV-1a, 64 bits: for tables in memory only.
uint64_t hash64(struct str s);
