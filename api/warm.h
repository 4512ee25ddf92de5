// After each move of the index, and at the start: what searches need of its new state is made ready on a thread of its own, "lead", while
// searches go on with the state before; then they follow (indexer/search/follow.h). It loads columns, and, by a search or two, what the
// first results would have to be computed for. One at a time. From the loop.
#pragma once

#include "base/err.h"

struct app;
struct warm;

struct warm *warm_new(struct app *app, struct err *e); // NULL: there is no thread for it
void warm_stop(
    struct warm *w); // waits for what is under way; the loop's next turn closes its handle
void warm_free(struct warm *w); // NULL is taken; after warm_stop, if it was made at all
void warm_index_moved(struct warm *w);
double warm_cpu_seconds(struct warm *w); // of its thread, up to the end of the last one; any thread
