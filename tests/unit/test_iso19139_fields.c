// harvester/drivers/fields/csw.tsv and oai_pmh.tsv name every element of what these drivers read. Each line is whole; of several that match
// an element the most precise counts; every element of our own metadata, and of the real ones where they are ($GLANEUR_SHARED, or ../shared
// beside the source tree), is listed.
#include "harvester/drivers/csw/datacite.h"
#include "harvester/drivers/csw/dublin_core.h"
#include "harvester/drivers/iso19139/iso19139.h"
#include "tests/unit/xml_fixture.h"

#include <dirent.h>
#include <unistd.h>

enum { ROWS_MAX = 500, STEPS_MAX = 70 };

static struct row {
    struct str path, record;
    size_t named; // steps that are names
} rows[ROWS_MAX];
static size_t row_count;

static void read_table(const char *name)
{
    struct str text = fixture_file(name), line, step;
    bool good = true, header = false;
    size_t before = row_count;
    while (str_next(&text, '\n', &line)) {
        struct str cells[4] = {{0}};
        if (!line.n || line.p[0] == '#')
            continue;
        for (size_t i = 0; i < 4; i++)
            good = str_next(&line, '\t', &cells[i]) && good;
        if (!header) {
            header = str_eq(cells[0], STR("path")) && str_eq(cells[3], STR("why"));
            continue;
        }
        struct row *r = &rows[row_count++];
        *r = (struct row){.path = cells[0], .record = cells[2]};
        good = good && cells[0].n && cells[1].n && cells[2].n &&
               (!str_eq(cells[2], STR("-")) || cells[3].n); // a reason for what is left out
        for (struct str rest = cells[0]; str_next(&rest, '/', &step);)
            r->named += !str_starts(step, STR("*"));
        for (size_t i = before; i + 1 < row_count; i++)
            good = good && !str_eq(rows[i].path, cells[0]); // twice
    }
    ok(good && header);
    ok(row_count - before > 50);
}

static bool matches(struct str pattern, struct str path)
{
    struct str p, s;
    while (str_next(&pattern, '/', &p)) {
        if (str_eq(p, STR("**")))
            return true;
        if (!str_next(&path, '/', &s) || !(str_eq(p, STR("*")) || str_eq(p, s)))
            return false;
    }
    return path.p == NULL;
}

static const struct row *find(struct str path)
{
    const struct row *best = NULL;
    for (size_t i = 0; i < row_count; i++)
        if (matches(rows[i].path, path) && (!best || rows[i].named > best->named))
            best = &rows[i];
    return best;
}

static size_t missing, met;

static void look(struct str path)
{
    met++;
    if (find(path))
        return;
    if (missing++ < 20)
        printf("# not listed: %.*s\n", STR_ARG(path));
}

// The elements that are texts, below one.
static void walk_element(const struct xml_node *node, struct str path)
{
    if (!node->first && str_trim(node->text).n)
        look(path);
    for (const struct xml_node *c = node->first; c; c = c->next)
        walk_element(c, arena_printf(&arena, "%.*s/%.*s", STR_ARG(path), STR_ARG(c->name)));
}

static void walk_document(const struct xml_node *node)
{
    if (str_eq(node->name, STR("RDF")))
        return; // the fields of DCAT
    if (iso19139_is(node))
        walk_element(node, STR("MD_Metadata"));
    else if (str_ends(node->name, STR("Record")) && dublin_core_is(node))
        walk_element(node, STR("Record"));
    else if (dublin_core_is(node) || datacite_is(node) || str_eq(node->name, STR("header")))
        walk_element(node, node->name);
    else
        for (const struct xml_node *c = node->first; c; c = c->next)
            walk_document(c);
}

static void walk_text(struct str text)
{
    struct err e = {0};
    struct xml_node *root = xml_read(text, &arena, &e);
    if (root)
        walk_document(root);
}

static void walk_folder(const char *path)
{
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        struct str name = str_of(entry->d_name);
        if (str_starts(name, STR(".")))
            continue;
        struct str below = arena_printf(&arena, "%s/%s", path, entry->d_name);
        if (str_ends(name, STR(".xml")))
            walk_text(fixture_read(below.p));
        else if (entry->d_type == DT_DIR)
            walk_folder(below.p);
    }
    if (folder)
        closedir(folder);
}

static void patterns(void)
{
    ok(matches(STR("a/b"), STR("a/b")) && !matches(STR("a/b"), STR("a")) &&
       !matches(STR("a"), STR("a/b")));
    ok(matches(STR("a/*/c"), STR("a/b/c")) && !matches(STR("a/*/c"), STR("a/c")));
    ok(matches(STR("a/**"), STR("a")) && matches(STR("a/**"), STR("a/b/c")) &&
       !matches(STR("a/**"), STR("b/a")));
    const struct row *title =
        find(STR("MD_Metadata/identificationInfo/MD_DataIdentification/citation/CI_Citation/title/"
                 "CharacterString"));
    is_text(title ? title->record : STR_NONE, "title");
    const struct row *person =
        find(STR("MD_Metadata/contact/CI_ResponsibleParty/individualName/x"));
    is_text(person ? person->record : STR_NONE, "-");
    ok(!find(STR("MD_Metadata/unheardOf/x")));
}

// Our own: what the other tests map.
static void own_metadata(void)
{
    walk_text(STR(DATASET(
        TITLE("T") "<gmd:abstract>" CS(
            "A") "</gmd:abstract><gmd:extent><gmd:EX_Extent>"
                 "<gmd:temporalElement><gmd:EX_TemporalExtent><gmd:extent><gml:TimePeriod>"
                 "<gml:beginPosition>2010</gml:beginPosition></gml:TimePeriod></gmd:extent>"
                 "</gmd:EX_TemporalExtent></gmd:temporalElement></gmd:EX_Extent></gmd:extent>",
        "<gmd:dateStamp>" CS("2020") "</gmd:dateStamp>")));
    walk_text(STR("<record><header><identifier>1</identifier><datestamp>2</datestamp></header>"
                  "<metadata><dc><title>T</title><date>2020</date></dc></metadata></record>"));
    is_int(met, 9);
    is_int(missing, 0);
}

static void real_metadata(void)
{
    const char *given = getenv("GLANEUR_SHARED");
    struct str shared = given ? str_of(given) : STR(SOURCE_DIR "/../shared");
    struct str iso = arena_printf(&arena, "%.*s/data/iso19139-csw-samples", STR_ARG(shared));
    if (access(iso.p, R_OK) != 0) {
        printf("# skipped: no real metadata here\n");
        return;
    }
    // Elements that validators were given because no schema has them.
    rows[row_count++] = (struct row){.path = STR("MD_Metadata/nosuchelement/**")};
    walk_folder(iso.p);
    walk_folder(
        arena_printf(&arena, "%.*s/data/ckan-ods-other-samples/oai-pmh-sickle", STR_ARG(shared)).p);
    ok(met > 10000);
    is_int(missing, 0);
}

int main(void)
{
    fixture_begin();
    read_table("harvester/drivers/fields/csw.tsv");
    read_table("harvester/drivers/fields/oai_pmh.tsv");
    patterns();
    own_metadata();
    real_metadata();
    fixture_end();
    return tap_done();
}
