// What SIGHUP asks for: the configuration, and the files of `share:` that a reload reads, read again and put in force together, or
// not at all. They are read on a search thread, as that takes longer than the loop may be kept busy; all else is on the loop.
#pragma once

struct app;
struct reload;

// Borrows the app, whose configuration was loaded once already. The caller's, until reload_free.
struct reload *reload_new(struct app *app);
// Begins, unless one is under way: then it is done once more after it, however often it is asked for meanwhile. What is wrong
// changes nothing and is logged. Nothing begins in an app that is draining, and what was read is dropped.
void reload_ask(struct reload *r);
// Begins what was asked for while the queue of the search threads was full. To be called now and then.
void reload_begin(struct reload *r);
// Once the search threads have stopped. Takes NULL.
void reload_free(struct reload *r);
