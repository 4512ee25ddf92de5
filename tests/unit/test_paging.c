// harvester/drivers/paging: a position through a cursor and back, cursors that are none, the source, what a page says of a fault.
#include "harvester/drivers/paging.h"
#include "tests/tap.h"

static struct arena arena;

struct position {
    int64_t start;
    size_t kind;
    struct str token;
    bool again;
};

static const struct paging_member members[] = {PAGING_INT(start, -1, 1000),
                                               PAGING_INT(kind, 0, 3),
                                               PAGING_TEXT(token),
                                               PAGING_FLAG(again),
                                               {0}};

static void test_there_and_back(void)
{
    struct position p = {-1, 3, STR("a \"b\"\né"), true}, q = {0};
    struct str cursor = paging_write(&arena, members, &p);
    is_text(cursor, "{\"start\":-1,\"kind\":3,\"token\":\"a \\\"b\\\"\\né\",\"again\":true}");
    ok(paging_read(cursor, members, &q, &arena, NULL));
    is_int(q.start, -1);
    is_int(q.kind, 3);
    is_text(q.token, "a \"b\"\né");
    ok(q.again);
    is_text(paging_write(&arena, members, &(struct position){0}), "{\"start\":0,\"kind\":0}");
}

static void test_beginning(void)
{
    struct position p = {.start = 7, .token = STR("kept")};
    ok(paging_read(STR_NONE, members, &p, &arena, NULL));
    is_int(p.start, 7);
    ok(paging_read(STR("{\"kind\":2,\"start\":\"8\",\"token\":4,\"other\":1}"), members, &p, &arena,
                   NULL));
    is_int(p.kind, 2);
    is_int(p.start, 7); // a text is no integer
    is_text(p.token, "kept");
    ok(!p.again);
    ok(paging_read(STR("{\"token\":\"\"}"), members, &p, &arena, NULL));
    is_text(p.token, "");
}

static enum err_code code_of(const char *cursor)
{
    struct position p = {0};
    struct err e = {0};
    return paging_read(str_of(cursor), members, &p, &arena, &e) ? ERR_NONE : e.code;
}

static void test_no_cursor(void)
{
    is_int(code_of("{\"start\":1000,\"kind\":0}"), ERR_NONE);
    is_int(code_of("{\"start\":1001}"), ERR_CONFLICT);
    is_int(code_of("{\"start\":-2}"), ERR_CONFLICT);
    is_int(code_of("{\"kind\":4,\"start\":1}"), ERR_CONFLICT);
    is_int(code_of("[1]"), ERR_CONFLICT);
    is_int(code_of("page 2"), ERR_PARSE);
}

static void test_source(void)
{
    struct config_source config = {.url = STR("https://exemple.fr/portail//")};
    struct driver_source source = {
        .config = &config, .kinds = {KIND_DATASERVICE, KIND_REUSE}, .kind_count = 2};
    is_text(paging_root(&source), "https://exemple.fr/portail");
    config.url = STR("https://exemple.fr");
    is_text(paging_root(&source), "https://exemple.fr");
    ok(paging_wants(&source, KIND_REUSE));
    ok(!paging_wants(&source, KIND_DATASET));
}

static void test_page(void)
{
    struct driver_page page = {.mojibake = 1, .cut = 2, .repaired = 3};
    struct mapper m = {.counts = {.mojibake = 10, .cut = 20, .replaced = 30}};
    paging_counts(&page, &m);
    is_int(page.mojibake, 11);
    is_int(page.cut, 22);
    is_int(page.repaired, 33);
    is_text(paging_fault(STR("{\"error\":true,\"message\":\"<b>no</b>\\u0007\"}"), &arena),
            "<b>no</b>");
    is_text(paging_fault(STR("{\"error\":{\"message\":\"closed\"}}"), &arena), "closed");
    json_t *said = json_pack("{s:i,s:i,s:s}", "total", 12, "less", -12, "text", "12");
    is_int(paging_total(said, "total"), 12);
    is_int(paging_total(said, "less"), -1);
    is_int(paging_total(said, "text"), -1);
    is_int(paging_total(said, "absent"), -1);
    json_decref(said);
    is_text(paging_fault(STR("{\"error\":\"closed\",\"code\":3}"), &arena), "closed");
    is_text(paging_fault(STR("{\"code\":3}"), &arena), "");
    is_text(paging_fault(STR("<html>"), &arena), "");
}

int main(void)
{
    test_there_and_back();
    test_beginning();
    test_no_cursor();
    test_source();
    test_page();
    arena_free(&arena);
    return tap_done();
}
