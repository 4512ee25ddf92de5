// After each move of the index, and at the start: what the first search would have to load (columns, lists, what the first results show)
// is loaded by a search of our own, so that nobody waits for it. One at a time, on a search thread. Begun from the loop.
#pragma once

struct app;
struct warm;

struct warm *warm_new(struct app *app);
void warm_free(struct warm *w); // NULL is taken; no search thread runs any more
void warm_index_moved(struct warm *w);
