// See usage.h.
#include "indexer/index/usage.h"

#include <math.h>

// code = STEPS * log2(1 + n): up to 2^21 with 12 steps, up to 2^15 words with 17.
enum { NUMBER_STEPS = 12, LENGTH_STEPS = 17, CODE_MAX = 255 };

static unsigned char encode(double n, int steps)
{
    double code = n > 0 ? round(steps * log2(1 + n)) : 0;
    return code < CODE_MAX ? (unsigned char)code : CODE_MAX;
}

static double decode(unsigned char code, int steps)
{
    return code ? exp2((double)code / steps) - 1 : 0;
}

void lengths_write(const uint32_t words[FIELD_COUNT], char out[LENGTHS_BYTES])
{
    for (size_t i = 0; i < FIELD_COUNT; i++)
        out[i] = (char)encode(words[i], LENGTH_STEPS);
}

double length_of(unsigned char code)
{
    return decode(code, LENGTH_STEPS);
}

enum {
    BIT_CERTIFIED = 1,
    BIT_PUBLIC_SERVICE = 2,
    BIT_FEATURED = 4,
    BIT_FORK = 8,
    BIT_TEMPLATE = 16,
    BIT_UNKNOWN = 32
};

void usage_write(const struct usage *u, char out[USAGE_BYTES])
{
    out[0] = (char)encode(u->views, NUMBER_STEPS);
    out[1] = (char)encode(u->followers, NUMBER_STEPS);
    out[2] = (char)encode(u->reuses, NUMBER_STEPS);
    out[3] = (char)encode(u->downloads, NUMBER_STEPS);
    double quality = u->quality > 0 ? u->quality : 0;
    out[4] = (char)round((quality < 1 ? quality : 1) * 100);
    out[5] =
        (char)((u->certified ? BIT_CERTIFIED : 0) | (u->public_service ? BIT_PUBLIC_SERVICE : 0) |
               (u->featured ? BIT_FEATURED : 0) | (u->fork ? BIT_FORK : 0) |
               (u->template ? BIT_TEMPLATE : 0) | (u->unknown ? BIT_UNKNOWN : 0));
    out[6] = (char)u->kind;
    out[7] = (char)u->status;
    out[8] = (char)encode(u->stars, NUMBER_STEPS);
    out[9] = (char)encode(u->users, NUMBER_STEPS);
}

unsigned char usage_code(const unsigned char packed[USAGE_BYTES], enum usage_number which)
{
    static const unsigned char at[USAGE_NUMBERS] = {0, 1, 2, 3, 8, 9};
    return packed[at[which]];
}

double usage_number_of(unsigned char code)
{
    return decode(code, NUMBER_STEPS);
}

struct usage usage_marks(const unsigned char packed[USAGE_BYTES])
{
    return (struct usage){
        .quality = packed[4] / 100.0,
        .certified = packed[5] & BIT_CERTIFIED,
        .public_service = packed[5] & BIT_PUBLIC_SERVICE,
        .featured = packed[5] & BIT_FEATURED,
        .fork = packed[5] & BIT_FORK,
        .template = packed[5] & BIT_TEMPLATE,
        .unknown = packed[5] & BIT_UNKNOWN,
        .kind = packed[6] < KIND_COUNT ? (enum record_kind)packed[6] : KIND_DATASET,
        .status = packed[7] <= STATUS_ARCHIVED ? (enum record_status)packed[7] : STATUS_ACTIVE,
    };
}

struct usage usage_read(struct str value)
{
    if (value.n != USAGE_BYTES)
        return (struct usage){0};
    const unsigned char *p = (const unsigned char *)value.p;
    struct usage u = usage_marks(p);
    double *const numbers[USAGE_NUMBERS] = {&u.views,     &u.followers, &u.reuses,
                                            &u.downloads, &u.stars,     &u.users};
    for (int i = 0; i < USAGE_NUMBERS; i++)
        *numbers[i] = usage_number_of(usage_code(p, (enum usage_number)i));
    return u;
}

bool usage_is_unknown(const struct record *r)
{
    const struct popularity *p = &r->popularity;
    return p->views < 0 && p->followers < 0 && p->reuses < 0 && p->downloads < 0 && p->stars < 0 &&
           !r->users.n;
}

struct usage usage_of(const struct record *r)
{
    const struct popularity *p = &r->popularity;
    return (struct usage){
        .views = (double)p->views,
        .followers = (double)p->followers,
        .reuses = (double)p->reuses,
        .downloads = (double)p->downloads,
        .stars = (double)p->stars,
        .users = (double)r->users.n,
        .quality = r->quality.score,
        .certified = r->publisher.certified,
        .public_service = str_eq(r->publisher.kind, STR("public-service")),
        .featured = r->featured,
        .fork = r->kind == KIND_SOFTWARE && str_eq(r->type, STR("fork")),
        .template = r->kind == KIND_SOFTWARE && str_eq(r->type, STR("template")),
        .unknown = usage_is_unknown(r),
        .kind = r->kind,
        .status = r->status,
    };
}

static double share_of(double n, double most)
{
    double s = n > 0 ? log1p(n) / log1p(most) : 0;
    return s < 1 ? s : 1;
}

double usage_prior(const struct usage *u)
{
    if (u->status == STATUS_ARCHIVED)
        return 0;
    double prior = 0.40 * share_of(u->views, 1e6) + 0.20 * share_of(u->followers, 1e3) +
                   0.20 * share_of(u->reuses, 1e2) + 0.10 * share_of(u->downloads, 1e6) +
                   0.20 * share_of(u->stars, 1e3) + 0.20 * share_of(u->users, 1e2) +
                   0.05 * u->certified + 0.05 * u->featured;
    prior = prior < 1 ? prior : 1;
    return u->status == STATUS_MISSING || u->fork || u->template ? prior * 0.5 : prior;
}
