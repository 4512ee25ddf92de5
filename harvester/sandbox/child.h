// Inside the parsing child: the document that comes in, the messages that go out. One thread, one document, one process; nothing
// is given back to the system before the end. Also built into the fuzz targets, where both ends are in memory.
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "harvester/sandbox/stream.h"

struct child {
    int in, out;         // descriptors
    bool in_memory;      // `document` is read instead, and messages stay in `messages`
    struct str document; // what is left of it
    struct buf messages; // not yet written
    size_t message;      // where the message being written begins
    bool ended;          // DONE or FAILED is written
};

enum { CHILD_DEPTH_MAX = 64 };

// ---- child_stream.c

// The next bytes of the document, at most `room`; 0 at its end. Ends the process when it cannot be read.
size_t child_read(struct child *c, char *p, size_t room);
void child_begin(struct child *c, enum stream_kind kind);
void child_add_byte(struct child *c, unsigned v);
void child_add_int(struct child *c, uint32_t v);
void child_add_text(struct child *c, struct str s);
void child_add_bytes(struct child *c, struct str s);
void child_end(struct child *c);
// Writes what is there. child_end does not: what a failed batch of statements gave can be taken back.
void child_flush(struct child *c);
void child_flush_some(struct child *c); // when there is much of it
// A MENDED or LOST message.
void child_warn(struct child *c, enum stream_kind kind, unsigned line, const char *what);
void child_done(struct child *c);
// Only the first is written. Returns false.
bool child_fail(struct child *c, enum err_code code, unsigned line, const char *format, ...)
    __attribute__((format(printf, 4, 5), nonnull(1, 4)));

// ---- child_sandbox.c

// Gives up everything but reading descriptor 0, writing 1, memory and time. False when the kernel refuses: nothing may then be read.
bool child_confine(unsigned cpu_seconds, struct err *e);

// ---- child_start.c

// Confines the process and says that it is ready. Anything but 0 is what the program ends with, nothing being read.
int child_start(struct child *c, const char *cpu_seconds);
// A word on the standard error about wrong arguments. Returns what the program ends with.
int child_misused(void);

// ---- child_xml.c, child_rdf.c: each reads the whole document and writes messages, up to DONE or FAILED

void child_xml(struct child *c);
// What must be loaded before child_confine. `format`: a word of enum rdf_format's (rdf_format_name). False: no such format.
struct child_rdf;
struct child_rdf *child_rdf_new(struct child *c, const char *format, const char *base);
void child_rdf_read(struct child_rdf *r);
void child_rdf_free(struct child_rdf *r);
