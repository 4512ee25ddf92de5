// The labels of codes: loading, and that nothing that a driver can write is shown as a code. What drivers write themselves is read in
// their sources, so that a new code fails here; what they take over from a catalogue's own vocabulary is listed here, from its
// specification.
#include "api/labels.h"
#include "config/shipped.h"
#include "store/record.h"
#include "tests/tap.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#ifndef SOURCE_DIR
#define SOURCE_DIR "."
#endif

#define CATEGORIES                                                                                 \
    "accounting agile-project-management applicant-tracking application-development "              \
    "appointment-scheduling backup billing-and-invoicing blog budgeting "                          \
    "business-intelligence business-process-management cad call-center-management "                \
    "cloud-management collaboration communications compliance-management "                         \
    "contact-management content-management crm customer-service-and-support "                      \
    "data-analytics data-collection data-visualization design design-system "                      \
    "digital-asset-management digital-citizenship document-management "                            \
    "donor-management e-commerce e-signature educational-content email-management "                \
    "email-marketing employee-management enterprise-project-management "                           \
    "enterprise-social-networking erp event-management facility-management "                       \
    "feedback-and-reviews-management financial-reporting fleet-management fundraising "            \
    "gamification geographic-information-systems grant-management graphic-design "                 \
    "help-desk hr ide identity-management instant-messaging inventory-management "                 \
    "it-asset-management it-development it-management it-security "                                \
    "it-service-management knowledge-management learning-management-system marketing "             \
    "mind-mapping mobile-marketing mobile-payment network-management office "                      \
    "online-booking online-community payment-gateway payroll predictive-analysis "                 \
    "procurement productivity-suite project-collaboration project-management "                     \
    "property-management real-estate-management remote-support resource-management "               \
    "sales-management seo service-desk social-media-management survey "                            \
    "talent-management task-management taxes-management test-management "                          \
    "time-management time-tracking translation video-conferencing video-editing "                  \
    "visitor-management voip warehouse-management web-collaboration web-conferencing "             \
    "website-builder whistleblowing workflow-management"

static struct arena arena;

static struct str shipped_labels(void)
{
    struct str text = STR_NONE;
    if (!shipped_file(STR_NONE, "config/vocabularies/labels.tsv", &arena, &text, NULL))
        printf("Bail out! labels.tsv is not shipped\n");
    return text;
}

// ---- Loading ------------------------------------------------------------------------------------

#define COLUMNS "list\tvalue\tlabel\n"

static void refused(const char *text, const char *where)
{
    struct err e = {0};
    ok(!labels_load(str_of(text), &e));
    is_int(e.code, ERR_CONFIG);
    is_text(str_of(e.where), where);
    is_text(label_in(LABELS_BADGE, STR("a")), "a"); // nothing is kept of it
}

static void test_loading(void)
{
    is_text(label_in(LABELS_BADGE, STR("hvd")), "hvd"); // before anything is loaded
    ok(labels_load(STR("# Deux\n" COLUMNS "badge\tb\tB\nbadge\ta b\tA\ntype\tb\tAutre\n"), NULL));
    is_text(label_in(LABELS_BADGE, STR("b")), "B");
    is_text(label_in(LABELS_BADGE, STR("A b")), "A");
    is_text(label_in(LABELS_BADGE, STR("a")), "a");
    is_text(label_in(LABELS_BADGE, STR("bb")), "bb");
    is_text(label_in(LABELS_TYPE, STR("B")), "Autre");
    is_text(label_in(LABELS_KIND, STR("b")), "b");
    is_int(label_in(LABELS_BADGE, STR_NONE).n, 0);
    labels_free();
    is_text(label_in(LABELS_BADGE, STR("b")), "b");
    refused("list\tvalue\n", "labels.tsv:1");
    refused(COLUMNS "badge\ta\tA\ncolour\ta\tA\n", "labels.tsv:3");
    refused(COLUMNS "badge\ta\tA\nbadge\tA\tB\n", "labels.tsv:3");
    refused(COLUMNS "badge\t\tA\n", "labels.tsv:2");
    refused(COLUMNS "badge\ta\t\n", "labels.tsv:2");
}

// ---- What drivers write -------------------------------------------------------------------------

static size_t met; // codes found in the sources

static void labelled(enum label_list list, struct str value, const char *where)
{
    bool found = label_in(list, value).p != value.p; // it may be the same word
    if (!found)
        printf("# %s: %.*s has no label in config/vocabularies/labels.tsv\n", where,
               STR_ARG(value));
    ok(found);
}

static struct str file_text(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return STR_NONE;
    struct buf b = {0};
    char part[8192];
    for (size_t n; (n = fread(part, 1, sizeof part, f)) > 0;)
        buf_add(&b, str_slice(part, n));
    fclose(f);
    struct str text = arena_str(&arena, buf_str(&b));
    buf_free(&b);
    return text;
}

// The strings between the start of `text` and the end of its statement that are codes: behind STR(, or, where `bare`, all of them. Of
// a table of pairs (`step` 2) the second ones.
static void strings_labelled(struct str text, bool bare, size_t step, enum label_list list,
                             const char *where)
{
    size_t end = 0, n = 0;
    while (end < text.n && text.p[end] != ';')
        end++;
    text.n = end;
    for (ptrdiff_t open; (open = str_find_char(text, '"')) >= 0;) {
        bool code = bare || str_ends(str_slice(text.p, (size_t)open), STR("STR("));
        text = str_slice(text.p + open + 1, text.n - (size_t)open - 1);
        ptrdiff_t close = str_find_char(text, '"');
        if (close < 0)
            return;
        struct str value = str_slice(text.p, (size_t)close);
        bool data = list == LABELS_FILE_TYPE && str_eq(value, STR("main")); // no word is needed
        if (code && ++n % step == 0 && !data) {
            labelled(list, value, where);
            met++;
        }
        text = str_slice(text.p + close + 1, text.n - (size_t)close - 1);
    }
}

static void source_labelled(const char *path)
{
    static const struct {
        struct str words; // after which codes follow
        enum label_list list;
        bool bare;
        size_t step;
    } writes[] = {
        {STR("->badges, "), LABELS_BADGE, false, 1},
        {STR("add_badge("), LABELS_BADGE, false, 1},
        {STR(" mark("), LABELS_BADGE, true, 1},
        {STR(" mark("), LABELS_TYPE, true, 1},
        {STR("r->type = "), LABELS_TYPE, false, 1},
        {STR("} phases[] = {"), LABELS_DEVELOPMENT_STATUS, false, 1},
        {STR("r->development_status = "), LABELS_DEVELOPMENT_STATUS, false, 1},
        {STR("->type = "), LABELS_FILE_TYPE, false, 1},
        {STR("static bool is_map("), LABELS_TYPE, false, 1},
        {STR("static bool is_app("), LABELS_TYPE, false, 1},
        {STR("kind_of(const json_t *resource)\n"), LABELS_TYPE, false, 1},
        {STR("} marks[] = {"), LABELS_TYPE, false, 2},
    };
    struct str source = file_text(path);
    for (size_t i = 0; i < sizeof writes / sizeof *writes; i++) {
        struct str rest = source;
        for (ptrdiff_t at; (at = str_find(rest, writes[i].words)) >= 0;) {
            bool other = writes[i].list == LABELS_FILE_TYPE && at > 0 && rest.p[at - 1] == 'r';
            size_t skipped = (size_t)at + writes[i].words.n;
            rest = str_slice(rest.p + skipped, rest.n - skipped);
            if (!other) // r->type is what a record is
                strings_labelled(rest, writes[i].bare, writes[i].step, writes[i].list, path);
        }
    }
}

static void folder_labelled(struct str folder)
{
    DIR *d = opendir(folder.p);
    ok(d != NULL);
    for (struct dirent *entry; d && (entry = readdir(d));) {
        struct str name = str_of(entry->d_name);
        struct str path = arena_printf(&arena, "%s/%s", folder.p, name.p);
        if (str_ends(name, STR(".c")))
            source_labelled(path.p);
        else if (entry->d_type == DT_DIR && name.p[0] != '.')
            folder_labelled(path);
    }
    if (d)
        closedir(d);
}

static void test_sources(void)
{
    folder_labelled(STR(SOURCE_DIR "/harvester/drivers"));
    printf("# %zu codes in the drivers' sources\n", met);
    ok(met >= 60);
}

// ---- What catalogues write, and drivers keep ----------------------------------------------------

static void all_labelled(enum label_list list, const char *words, const char *where)
{
    struct str rest = str_of(words), word;
    while (str_next(&rest, ' ', &word))
        labelled(list, word, where);
}

static void test_vocabularies(void)
{
    all_labelled(LABELS_BADGE,
                 "pivotal-data spd inspire hvd sl sr public-service certified association company "
                 "local-authority",
                 "udata's badges");
    all_labelled(LABELS_TYPE, "api application idea news_article paper post visualization hardware",
                 "udata's types of reuses");
    all_labelled(LABELS_TYPE, "showcase application", "ckan's reuses");
    all_labelled(LABELS_FILE_TYPE, "documentation update api code other",
                 "udata's types of resources");
    all_labelled(LABELS_THEME,
                 "health transport_and_mobility housing_and_development food_and_agriculture "
                 "culture_and_recreation economy_and_business environment_and_energy "
                 "work_and_training politics_and_public_life safety_and_security "
                 "education_and_research society_and_demography law_and_justice open_data_tools "
                 "others",
                 "udata's topics");
    all_labelled(LABELS_TYPE, "desktop/mobile cloud stack", "the SILL's softwareType");
    all_labelled(LABELS_TYPE,
                 "standalone/mobile standalone/iot standalone/desktop standalone/web "
                 "standalone/backend standalone/other addon library configurationFiles",
                 "publiccode.yml's softwareType");
    all_labelled(LABELS_DEVELOPMENT_STATUS, "concept development beta stable obsolete",
                 "publiccode.yml's developmentStatus");
    all_labelled(LABELS_DEVELOPMENT_STATUS,
                 "completed historicalArchive obsolete onGoing planned required underDevelopment "
                 "final pending retired superseded tentative valid accepted notAccepted withdrawn "
                 "proposed deprecated",
                 "ISO 19115's MD_ProgressCode");
    all_labelled(LABELS_TYPE, "view download discovery transformation invoke other",
                 "INSPIRE's serviceType");
    all_labelled(LABELS_GRANULARITY,
                 "country country-group country-subset fr:commune fr:epci fr:departement fr:region "
                 "fr:canton fr:iris fr:arrondissement fr:collectivite poi other",
                 "udata's granularities");
    all_labelled(LABELS_PUBLISHER_KIND, "public-service local-authority company association user",
                 "store/record.h");
}

static void test_themes_of_publiccode(void)
{
    all_labelled(LABELS_THEME,
                 "agriculture culture defence education emergency-services employment energy "
                 "environment finance-and-economic-development foreign-affairs healthcare "
                 "infrastructures justice local-authorities manufacturing research "
                 "science-and-technology security society sport tourism transportation welfare",
                 "publiccode.yml's scopes");
    all_labelled(LABELS_THEME, CATEGORIES, "publiccode.yml's categories");
}

static void test_words_of_records(void)
{
    for (int k = 0; k < KIND_COUNT; k++)
        labelled(LABELS_KIND, record_kind_name((enum record_kind)k), "record_kind_name");
    for (int s = STATUS_ACTIVE; s <= STATUS_ARCHIVED; s++)
        labelled(LABELS_STATUS, record_status_name((enum record_status)s), "record_status_name");
    for (int x = ACCESS_OPEN; x <= ACCESS_RESTRICTED; x++)
        labelled(LABELS_ACCESS, record_access_name((enum record_access)x), "record_access_name");
    is_text(label_of(FACET_BADGE, STR("fork")), "Copie d’un autre dépôt (fork)");
    is_text(label_of(FACET_THEME, STR("hr")), "Ressources humaines");
    is_text(label_of(FACET_ACCESS, STR("x")), "x");
    is_text(label_of(FACET_KEYWORD, STR("fork")), "fork"); // people's own words
}

int main(void)
{
    test_loading();
    ok(labels_load(shipped_labels(), NULL));
    test_sources();
    test_vocabularies();
    test_themes_of_publiccode();
    test_words_of_records();
    labels_free();
    arena_free(&arena);
    return tap_done();
}
