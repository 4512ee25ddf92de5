// See figures.h.
#include "tests/bench/engines/figures.h"

#include <stdlib.h>

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double figures_at(const double *sorted, size_t n, double share)
{
    size_t at = (size_t)((double)n * share);
    return !n ? 0 : sorted[at < n ? at : n - 1];
}

struct figures figures_of(double *values, size_t n)
{
    struct figures f = {.n = n};
    double sum = 0;
    if (!n)
        return f;
    qsort(values, n, sizeof *values, compare);
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    f.mean = sum / (double)n;
    f.median = figures_at(values, n, 0.5);
    f.p99 = figures_at(values, n, 0.99);
    f.max = values[n - 1];
    return f;
}
