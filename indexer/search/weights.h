// The weights of ranking, from config/ranking.yaml, which says what each is. Never changed once read; any thread.
#pragma once

#include "base/err.h"
#include "indexer/index/fields.h"
#include "indexer/index/usage.h"

struct field_weight {
    double weight, length;
};

// A number of the record on a logarithmic scale: 0 up to `from`, 1 from `to` on.
struct use_weight {
    double weight, from, to;
};

struct weights {
    struct field_weight fields[FIELD_COUNT];
    // Made of the weights: what an occurrence counts for in a field, by the byte of its text's length (usage.h).
    float thinning[FIELD_COUNT][256];
    float title_words[256]; // the length of a title, by its byte
    struct {
        double saturation, exact, generic, synonym, correction, format, kind;
    } text;
    struct {
        double exact, coverage, pairs, share;
    } title;
    struct {
        double strength, per_word;
        struct use_weight views, followers, reuses, downloads, stars, users;
        struct use_weight unknown, public_service, certified, featured,
            quality; // their weight only
        // Made of the weights above: what each byte of a packed usage adds, and the sum of all weights.
        double parts[USAGE_NUMBERS][256], all;
    } use;
    struct {
        double around, step, inside;
    } place;
    struct {
        double missing, archived, fork, template;
    } status;
    int64_t variants;
    struct {
        int64_t enough, partial;
        double least_share, missing;
    } matching;
};

// `text` is YAML. False with ERR_CONFIG: what is wrong first, its line, and what to do.
bool weights_read(struct str text, struct weights *out, struct err *e);
