// figures.h: medians, the 99th of a hundred, few values, none.
#include "tests/bench/engines/figures.h"
#include "tests/tap.h"

static void test_hundred(void)
{
    double values[100];
    for (size_t i = 0; i < 100; i++)
        values[i] = (double)((i * 37) % 100); // 0 to 99, out of order
    struct figures f = figures_of(values, 100);
    is_int(f.n, 100);
    ok(f.mean == 49.5);
    ok(f.median == 50);
    ok(f.p99 == 99);
    ok(f.max == 99);
    ok(values[0] == 0 && values[41] == 41); // sorted
}

static void test_many(void)
{
    static double values[1000];
    for (size_t i = 0; i < 1000; i++)
        values[i] = (double)(999 - i);
    struct figures f = figures_of(values, 1000);
    ok(f.median == 500);
    ok(f.p99 == 990);
    ok(f.max == 999);
}

static void test_few(void)
{
    double one[] = {7}, two[] = {5, 3};
    struct figures f = figures_of(one, 1);
    ok(f.mean == 7 && f.median == 7 && f.p99 == 7 && f.max == 7);
    f = figures_of(two, 2);
    ok(f.mean == 4 && f.median == 5 && f.p99 == 5);
    f = figures_of(two, 0);
    ok(f.n == 0 && f.mean == 0 && f.median == 0 && f.p99 == 0 && f.max == 0);
}

static void test_shares(void)
{
    double sorted[] = {1, 2, 3, 4};
    ok(figures_at(sorted, 4, 0) == 1);
    ok(figures_at(sorted, 4, 0.25) == 2);
    ok(figures_at(sorted, 4, 0.9) == 4);
    ok(figures_at(sorted, 4, 1) == 4);
    ok(figures_at(sorted, 0, 0.5) == 0);
}

int main(void)
{
    test_hundred();
    test_many();
    test_few();
    test_shares();
    return tap_done();
}
