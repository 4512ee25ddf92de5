// Fuzzing of the files that hold a source's headers: each line that is read is "Name: value", without line ends.
#include "harvester/headers_file.h"
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct strs headers = {0};
    struct err e = {0};
    char path[40];
    int fd = memfd_create("fuzz", 0);
    must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    bool good = headers_file_read(str_of(path), &a, &headers, &e);
    must(good || (e.code == ERR_CONFIG && e.where[0]));
    must(headers.n <= 16);
    for (size_t i = 0; i < headers.n; i++) {
        must(str_find_char(headers.v[i], ':') > 0);
        must(str_find_char(headers.v[i], '\n') < 0);
    }
    close(fd);
    arena_free(&a);
    return 0;
}
