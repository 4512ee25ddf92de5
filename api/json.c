// See json.h.
#include "api/json.h"

#include "api/labels.h"
#include "api/search_params.h"
#include "store/record_json.h"

#include <math.h>

void json_instant(struct buf *b, const char *key, int64_t seconds)
{
    char text[DATE_TEXT_BYTES];
    json_key(b, key);
    json_str(b, seconds ? date_format((struct date){seconds, DATE_SECOND}, text) : STR_NONE);
}

// ---- Search --------------------------------------------------------------------------------------

static void page_url(struct buf *b, const char *key, const struct search_request *r,
                     struct str base_url, int64_t page)
{
    json_key(b, key);
    if (!base_url.n || page < 1) {
        json_nil(b);
        return;
    }
    struct buf url = {0};
    buf_add(&url, base_url);
    buf_add(&url, STR("/api/v1/search?"));
    search_query_string(&url, r, page);
    json_str(b, buf_str(&url));
    buf_free(&url);
}

// How many variants stand behind a result, and where they are.
static void variants(struct buf *b, const struct search_hit *h, const struct search_request *r,
                     struct str base_url)
{
    if (!h->variants) {
        buf_add(b, STR(",\"variants\":null"));
        return;
    }
    json_key(b, "variants");
    struct search_request all = *r;
    all.variants = h->variant;
    json_open(b, '{');
    json_key(b, "count");
    json_int(b, h->variants);
    json_key(b, "key");
    json_str(b, h->variant);
    page_url(b, "url", &all, base_url, 1);
    json_close(b, '}');
}

// To six digits behind the point, as few as there are.
static void millionths(struct buf *b, double number)
{
    enum { UNIT = 1000000, DIGITS = 6 };
    double rounded = round(number * UNIT);
    if (!(rounded > -1e15 && rounded < 1e15)) {
        json_num(b, rounded / UNIT);
        return;
    }
    int64_t n = (int64_t)rounded, fraction = n < 0 ? -(n % UNIT) : n % UNIT;
    if (n < 0 && n > -UNIT)
        json_raw(b, STR("-0"));
    else
        json_int(b, n / UNIT);
    char digits[DIGITS];
    size_t left = DIGITS;
    for (size_t i = DIGITS; i > 0; i--, fraction /= 10)
        digits[i - 1] = (char)('0' + fraction % 10);
    while (left && digits[left - 1] == '0')
        left--;
    if (left) {
        buf_addc(b, '.');
        buf_add(b, str_slice(digits, left));
    }
}

static void hit(struct buf *b, const struct search_hit *h, const struct search_request *r,
                struct str base_url)
{
    json_raw(b, h->members); // opens the object
    if (h->figures.n) {
        buf_addc(b, ',');
        buf_add(b, h->figures);
    }
    buf_add(b, STR(",\"score\":"));
    millionths(b, h->score);
    buf_add(b, STR(",\"snippet\":"));
    json_str(b, h->snippet.n ? h->snippet : STR(""));
    variants(b, h, r, base_url);
    if (h->explain.n) {
        json_key(b, "explain");
        json_raw(b, h->explain);
    }
    json_close(b, '}');
}

static void facet_value(struct buf *b, enum facet facet, const struct facet_value *v)
{
    json_open(b, '{');
    buf_add(b, STR("\"value\":"));
    json_str(b, v->value);
    buf_add(b, STR(",\"label\":"));
    json_str(b, v->label.n ? v->label : label_of(facet, v->value));
    buf_add(b, STR(",\"count\":"));
    json_int(b, v->count);
    json_close(b, '}');
}

static void facets(struct buf *b, const struct search_answer *answer)
{
    json_key(b, "facets");
    json_open(b, '{');
    for (size_t i = 0; i < answer->facet_count; i++) {
        const struct facet_answer *f = &answer->facets[i];
        json_key(b, facet_fields[f->facet].name.p);
        json_open(b, '[');
        for (size_t j = 0; j < f->n; j++)
            facet_value(b, f->facet, &f->values[j]);
        json_close(b, ']');
    }
    json_close(b, '}');
}

// About as many bytes as an answer takes: more than enough for most.
static size_t room_for(const struct search_answer *answer)
{
    enum { ENDS = 1024, HIT = 256, VALUE = 96 };
    size_t n = ENDS;
    for (size_t i = 0; i < answer->hit_count; i++) {
        const struct search_hit *h = &answer->hits[i];
        n += HIT + h->members.n + h->figures.n + h->explain.n + h->snippet.n + h->snippet.n / 8;
    }
    for (size_t i = 0; i < answer->facet_count; i++)
        n += answer->facets[i].n * VALUE;
    return n;
}

void json_search(struct buf *b, const struct search_request *request,
                 const struct search_answer *answer, struct str base_url, double took_ms)
{
    bool more = answer->cursor.n && (answer->page + 1) * answer->page_size <= SEARCH_DEPTH_MAX;
    buf_reserve(b, room_for(answer));
    json_open(b, '{');
    json_key(b, "total");
    json_int(b, answer->total);
    json_key(b, "strict_total");
    json_int(b, answer->strict_total);
    json_key(b, "page");
    json_int(b, answer->page);
    json_key(b, "page_size");
    json_int(b, answer->page_size);
    page_url(b, "next_page", request, base_url, more ? answer->page + 1 : 0);
    page_url(b, "previous_page", request, base_url, answer->page - 1);
    json_key(b, "cursor");
    json_str(b, answer->cursor);
    json_key(b, "relaxed");
    json_str(b, answer->relaxed);
    json_key(b, "corrected");
    json_str(b, answer->corrected);
    json_key(b, "took_ms");
    millionths(b, round(took_ms * 1000) / 1000);
    json_key(b, "data");
    json_open(b, '[');
    for (size_t i = 0; i < answer->hit_count; i++)
        hit(b, &answer->hits[i], request, base_url);
    json_close(b, ']');
    facets(b, answer);
    json_close(b, '}');
}

// ---- Records -------------------------------------------------------------------------------------

void json_record(struct buf *b, const struct shown_record *r, const struct store_bond *bonds,
                 size_t bond_count)
{
    record_write_public(b, &r->record);
    b->n--; // its brace
    json_key(b, "used_by_total");
    json_int(b, r->used_by_total);
    if (bonds) {
        json_key(b, "joined_by");
        json_open(b, '[');
        for (size_t i = 0; i < bond_count; i++) {
            json_open(b, '{');
            json_key(b, "key");
            json_str(b, bonds[i].key);
            json_key(b, "id");
            json_str(b, bonds[i].id);
            json_close(b, '}');
        }
        json_close(b, ']');
    }
    json_close(b, '}');
}

void json_history(struct buf *b, struct str id, const struct history_entry *entries, size_t n)
{
    json_open(b, '{');
    json_key(b, "id");
    json_str(b, id);
    json_key(b, "history");
    json_open(b, '[');
    for (size_t i = 0; i < n; i++) {
        json_open(b, '{');
        json_instant(b, "at", entries[i].at);
        json_key(b, "seq");
        json_int(b, entries[i].seq);
        json_key(b, "what");
        json_str(b, entries[i].what);
        json_key(b, "changes");
        json_raw(b, entries[i].changes.n ? entries[i].changes : STR("[]"));
        json_close(b, '}');
    }
    json_close(b, ']');
    json_close(b, '}');
}

// ---- Runs ----------------------------------------------------------------------------------------

void json_run(struct buf *b, const struct run *run, const struct run_error *errors, size_t n)
{
    const struct run_counts *c = &run->counts;
    const struct {
        const char *key;
        int64_t n;
    } counts[] = {
        {"added", c->added},     {"updated", c->updated}, {"unchanged", c->unchanged},
        {"missing", c->missing}, {"removed", c->removed}, {"restored", c->restored},
        {"skipped", c->skipped}, {"errored", c->errored}, {"figures", c->figures},
        {"pages", c->pages},     {"bytes", c->bytes},
    };
    json_open(b, '{');
    json_key(b, "source");
    json_str(b, run->source);
    json_key(b, "run");
    json_int(b, run->run);
    json_key(b, "state");
    json_str(b, str_of(run_state_name(run->state)));
    json_key(b, "trigger");
    json_str(b, run->trigger);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        json_key(b, counts[i].key);
        json_int(b, counts[i].n);
    }
    json_instant(b, "started", run->started);
    json_instant(b, "ended", run->ended);
    json_key(b, "cpu_seconds");
    json_num(b, round(run->cpu_seconds * 1000) / 1000);
    json_key(b, "message");
    json_str(b, run->message.n ? run->message : STR_NONE);
    json_key(b, "error_count");
    json_int(b, run->error_count);
    if (errors || n == 0) {
        json_key(b, "errors");
        json_open(b, '[');
        for (size_t i = 0; i < n; i++) {
            json_open(b, '{');
            json_key(b, "record");
            json_str(b, errors[i].record.n ? errors[i].record : STR_NONE);
            json_key(b, "page");
            json_str(b, errors[i].page.n ? errors[i].page : STR_NONE);
            json_key(b, "kind");
            json_str(b, errors[i].kind);
            json_key(b, "message");
            json_str(b, errors[i].message);
            json_close(b, '}');
        }
        json_close(b, ']');
    }
    json_close(b, '}');
}
