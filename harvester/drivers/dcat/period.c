// When data are of: dct:temporal, as a dct:PeriodOfTime with the ends that DCAT, schema.org or OWL-Time give it, an ISO 8601 interval,
// a DCMI period ("start=2001; end=2003"), a date alone, or a year of reference.data.gov.uk. Several make one, from the first start to
// the last end. See dcat.h.
#include "harvester/drivers/dcat/dcat.h"

#include "harvester/normalise/period.h"

static void widen(struct record *r, struct date start, struct date end)
{
    struct date *first = &r->temporal.start, *last = &r->temporal.end;
    if (start.precision != DATE_NONE &&
        (first->precision == DATE_NONE || start.seconds < first->seconds))
        *first = start;
    if (end.precision != DATE_NONE && (last->precision == DATE_NONE || end.seconds > last->seconds))
        *last = end;
}

// DCMI's period ("start=2001; end=2003"), or what normalise/period.h reads.
static void add_text(struct record *r, struct str s)
{
    struct str rest = s, part;
    if (str_find(s, STR("start=")) < 0 && str_find(s, STR("end=")) < 0) {
        map_period_text(r, s);
        return;
    }
    while (str_next(&rest, ';', &part)) {
        part = str_trim(part);
        if (str_starts(part, STR("start=")))
            widen(r, map_date(str_slice(part.p + 6, part.n - 6)), (struct date){0});
        else if (str_starts(part, STR("end=")))
            widen(r, (struct date){0}, map_date(str_slice(part.p + 4, part.n - 4)));
    }
}

// The date that a property of the period tells, directly or through an instant of OWL-Time.
static struct date end_of(struct dcat *d, const struct rdf_node *period, const struct str *names,
                          size_t n)
{
    const struct str instants[] = {TIME_("inXSDDate"), TIME_("inXSDDateTimeStamp"),
                                   TIME_("inXSDDateTime"), TIME_("inXSDgYearMonth"),
                                   TIME_("inXSDgYear")};
    struct date found = {0};
    for (size_t i = 0; i < n; i++) {
        struct dcat_values values = dcat_values(period, names[i]);
        for (size_t j = 0; j < values.n && found.precision == DATE_NONE; j++) {
            if (values.v[j].value.kind == RDF_LITERAL) {
                found = map_date(values.v[j].value.value);
                continue;
            }
            struct rdf_node instant = dcat_node(d, &values.v[j].value);
            for (size_t k = 0; k < 5 && found.precision == DATE_NONE; k++) {
                struct dcat_values at = dcat_values(&instant, instants[k]);
                found = at.n ? map_date(at.v[0].value.value) : found;
            }
        }
    }
    return found;
}

static void add_period(struct dcat *d, const struct rdf_term *term, struct record *r)
{
    const struct str starts[] = {DCAT_("startDate"), SCHEMA_("startDate"), TIME_("hasBeginning"),
                                 DCT_("start")};
    const struct str ends[] = {DCAT_("endDate"), SCHEMA_("endDate"), TIME_("hasEnd"), DCT_("end")};
    struct rdf_node period = dcat_node(d, term);
    struct date start = end_of(d, &period, starts, 4), end = end_of(d, &period, ends, 4);
    widen(r, start, end);
    if (start.precision != DATE_NONE || end.precision != DATE_NONE)
        return;
    add_text(r, dcat_node_label(d, &period));
    if (term->kind == RDF_IRI && str_find(term->value, STR("//reference.data.gov.uk/id/")) > 0) {
        struct date year = map_date(dcat_last_part(d, term->value));
        widen(r, year, year);
    }
}

void dcat_map_period(struct dcat *d, const struct rdf_node *node, struct record *r)
{
    const struct str predicates[] = {DCT_("temporal"), SCHEMA_("temporalCoverage")};
    for (size_t i = 0; i < 2; i++) {
        struct dcat_values values = dcat_values(node, predicates[i]);
        for (size_t j = 0; j < values.n; j++) {
            if (values.v[j].value.kind == RDF_LITERAL)
                add_text(r, str_trim(values.v[j].value.value));
            else
                add_period(d, &values.v[j].value, r);
        }
    }
}
