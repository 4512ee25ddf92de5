// Running the parsing child, glaneur-parse, over one document. The document goes in and messages come out at once, on the caller's
// thread; whatever happens, the child is dead and reaped when parse_document returns. Nothing that it says is trusted: messages are
// handed over only whole and within their bounds (stream.h), and their readers check the rest. Blocks: on workers only.
#pragma once

#include "base/err.h"
#include "harvester/sandbox/stream.h"

struct parse_job {
    const char *const *
        words; // the child's arguments behind its limits, ended by NULL: "xml", or "rdf" and its own
    struct str bytes; // the document, when fd is -1
    int fd;           // or where to read it from, to its end; the caller's
    // Gets each message but READY, DONE and FAILED. False (with *e filled) stops.
    bool (*message)(void *arg, enum stream_kind kind, struct str body, struct err *e);
    void *arg;
    double
        cpu_seconds; // may use that much; 0: by the document's size, PARSE_CPU_SECONDS and one for each 2 MB
    double
        wall_seconds; // waits that long, the time spent in `message` left out; 0: twice the CPU time, and 30
};

enum { PARSE_CPU_SECONDS = 30 };

// True when the document was read to its end. ERR_PARSE: it is not in its format ("line 3: ..."); ERR_REFUSED: over the child's limits
// of time or memory; ERR_INTERNAL: the child cannot be started, is not confined, died, or sent nonsense; ERR_IO: fd cannot be read.
bool parse_document(const struct parse_job *job, struct err *e);

// CPU seconds of the children that this thread has waited for, since it began.
double parse_cpu_seconds(void);

// Taking messages apart. Each takes from the front of *body and returns false when it is not all there (or, for a text, is not UTF-8, or
// holds a NUL).
bool parse_take_byte(struct str *body, unsigned *v);
bool parse_take_int(struct str *body, uint32_t *v);
bool parse_take_text(struct str *body, struct str *s);
