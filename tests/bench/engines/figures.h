// Figures of many measurements.
#pragma once

#include <stddef.h>

// Of n sorted values, the one at n * share: the median is that at 0.5, as the other engines' programs take it. The last one at 1; 0
// where there is none.
double figures_at(const double *sorted, size_t n, double share);

struct figures {
    size_t n;
    double mean, median, p99, max;
};
// Sorts the values. All zero where there is none.
struct figures figures_of(double *values, size_t n);
