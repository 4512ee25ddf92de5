// What ranking needs of each record, packed into two values of its document: how long its texts are, and how it is used.
// Numbers are kept on a logarithmic scale, a byte each: within 4 % of what they were.
#pragma once

#include "indexer/index/fields.h"
#include "store/record.h"

// Words of each text (stop words and joined forms left out), FIELD_BODY being the description alone.
enum { LENGTHS_BYTES = FIELD_COUNT };
void lengths_write(const uint32_t words[FIELD_COUNT], char out[LENGTHS_BYTES]);
double length_of(unsigned char code); // the number of words that a byte stands for

struct usage {
    double views, followers, reuses, downloads, stars;
    double users;   // organisations that say they use it
    double quality; // 0 to 1; 0 where it is unknown
    bool certified, public_service, featured;
    bool fork, template; // of a repository
    bool unknown;        // its source tells no figure of its use
    enum record_kind kind;
    enum record_status status;
};
enum { USAGE_BYTES = 10 };
// The numbers of a usage that is packed, each as the byte that it is there, and what number a byte stands for.
enum usage_number {
    USAGE_VIEWS,
    USAGE_FOLLOWERS,
    USAGE_REUSES,
    USAGE_DOWNLOADS,
    USAGE_STARS,
    USAGE_USERS,
    USAGE_NUMBERS
};
unsigned char usage_code(const unsigned char packed[USAGE_BYTES], enum usage_number which);
double usage_number_of(unsigned char code);
// The rest of it: its numbers are left out.
struct usage usage_marks(const unsigned char packed[USAGE_BYTES]);
void usage_write(const struct usage *u, char out[USAGE_BYTES]);
// All zero for a value that is not one.
struct usage usage_read(struct str value);
struct usage usage_of(const struct record *r);
bool usage_is_unknown(const struct record *r);
// How much a record is used, 0 to 1, for suggestions: on a logarithmic scale, each part bounded. What is archived has no credit.
double usage_prior(const struct usage *u);
