// indexer/search/display: results shown from memory are those of the index, after any batch of changes, for searchers that are ahead and
// behind; bounds.
#include "tests/unit/search_fixture.h"

#include "indexer/columns/touched.h"
#include "indexer/search/display.h"
#include "indexer/search/searcher.h"

enum { RECORDS = 40, BATCHES = 30 };

static struct display *display;
static int versions[RECORDS]; // of the titles
static uint64_t state = 0x9E3779B97F4A7C15u;

static uint32_t any(uint32_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 33) % below;
}

static void write_record(int i, struct touched *batch)
{
    char term[UNIQUE_TERM_MAX + 1];
    uint32_t docid;
    struct record r = record_of(arena_printf(&arena, "s:%d", i).p, KIND_DATASET,
                                arena_printf(&arena, "Titre %d version %d", i, versions[i]).p);
    r.description = i % 8 == 7 ? STR("Des mots, et des marais salants, leurs oiseaux migrateurs.")
                               : STR("Des mots, et d'autres mots encore.");
    struct stored s = stored_of(&r, STATUS_ACTIVE);
    MUST(document_make(maker, NULL, &s, doc, &e), &e);
    MUST(xap_writer_replace(writer, index_unique_term(r.id, term), doc, &docid, &e), &e);
    touched_add(batch, docid);
}

static void commit_batch(struct touched *batch)
{
    MUST(touched_write(batch, writer, &e), &e);
    commit("1", true);
}

static struct display_state now(void)
{
    struct display_state s;
    display_read_state(display, &s);
    return s;
}

// How many results of a search for everything show something else than their record's newest version.
static size_t wrong_of(struct searcher *s)
{
    size_t wrong = 0, shown = 0;
    search_request_init(&request);
    request.q = STR("titre");
    request.page_size = RECORDS;
    MUST(searcher_search(s, &request, &arena, &answer, &e), &e);
    for (size_t i = 0; i < answer.hit_count; i++, shown++) {
        int64_t id = 0;
        struct str text = member_of(answer.hits[i].members, "id");
        str_to_int(str_slice(text.p + 2, text.n - 2), 0, RECORDS, &id);
        struct str title = arena_printf(&arena, "Titre %d version %d", (int)id, versions[id]);
        wrong += !str_eq(member_of(answer.hits[i].members, "title"), title);
        wrong += str_find(answer.hits[i].snippet, STR("Des mots")) < 0;
        wrong += str_find(answer.hits[i].figures, STR("\"status\":\"active\"")) < 0;
    }
    return wrong + (shown != RECORDS);
}

static void batches(void)
{
    struct touched batch = {0};
    struct searcher *other = searcher_new(data_folder, stop_words(), rules, &e);
    MUST(other, &e);
    searcher_share_display(other, display);
    begin_generation();
    for (int i = 0; i < RECORDS; i++)
        write_record(i, &batch);
    commit_batch(&batch);
    is_int(wrong_of(searcher), 0);
    is_int(now().documents, RECORDS);
    is_int(now().read, RECORDS);
    is_int(wrong_of(other), 0);
    is_int(now().found, RECORDS);
    for (int round = 0; round < BATCHES; round++) {
        uint32_t n = any(RECORDS / 2), changed = 0;
        bool is_changed[RECORDS] = {false};
        for (uint32_t i = 0; i < n; i++) {
            uint32_t at = any(RECORDS);
            versions[at]++;
            write_record((int)at, &batch);
            changed += !is_changed[at];
            is_changed[at] = true;
        }
        commit_batch(&batch);
        uint64_t read = now().read;
        is_int(wrong_of(round % 2 ? other : searcher), 0);
        is_int(now().read - read, changed); // the others were kept
    }
    // Of a commit that does not tell what it touched nothing stays.
    for (int i = 0; i < 2; i++) {
        versions[3]++;
        write_record(3, &batch);
        commit("2", true);
        is_int(wrong_of(searcher), 0);
    }
    touched_free(&batch);
    searcher_free(other);
}

// A searcher that has an older state open reads that, and what is kept stays that of the newer one.
static void behind(void)
{
    struct touched batch = {0};
    struct xap_doc *own = xap_doc_new(&e);
    struct shown_document shown;
    begin_generation();
    for (int i = 0; i < RECORDS; i++)
        write_record(i, &batch);
    commit_batch(&batch);
    is_int(wrong_of(searcher), 0);
    struct xap_db *old = xap_db_open(generation_path(data_folder, generation, &arena), &e);
    struct columns_holder *holder = columns_holder_new();
    struct columns *before = columns_take(holder, old, generation, &e);
    MUST(own && old && before, &e);
    uint32_t docid;
    char term[UNIQUE_TERM_MAX + 1];
    MUST(xap_db_load(old, index_unique_term(STR("s:7"), term), own, &docid, &e), &e);
    struct str was = arena_printf(&arena, "Titre 7 version %d", versions[7]);
    versions[7]++;
    write_record(7, &batch);
    commit_batch(&batch);
    is_int(wrong_of(searcher), 0);
    for (int i = 0; i < 2; i++) {
        MUST(display_read(display, old, before, own, docid, &arena, &shown, &e), &e);
        is_text(member_of(shown.members, "title"), was.p);
        is_int(wrong_of(searcher), 0);
    }
    // Without anything to keep it in, the same.
    MUST(display_read(NULL, old, before, own, docid, &arena, &shown, &e), &e);
    is_text(member_of(shown.members, "title"), was.p);
    ok(str_starts(shown.excerpt, STR("Des mots")));
    columns_release(before);
    columns_holder_free(holder);
    xap_db_close(old);
    xap_doc_free(own);
    touched_free(&batch);
}

// What is like a record is shown from memory too, and is what the index has.
static void similar_records(void)
{
    struct search_answer kept, read;
    is_int(wrong_of(searcher), 0); // all are kept then
    struct display_state before = now();
    MUST(searcher_similar(searcher, STR("s:7"), 5, &arena, &kept, &e), &e);
    ok(kept.hit_count > 0);
    is_int(now().found - before.found, kept.hit_count);
    is_int(now().read, before.read);
    searcher_share_display(searcher, NULL);
    MUST(searcher_similar(searcher, STR("s:7"), 5, &arena, &read, &e), &e);
    is_int(read.hit_count, kept.hit_count);
    for (size_t i = 0; i < read.hit_count && i < kept.hit_count; i++) {
        is_int(kept.hits[i].docid, read.hits[i].docid);
        ok(read.hits[i].members.n && str_eq(kept.hits[i].members, read.hits[i].members));
        ok(read.hits[i].figures.n && str_eq(kept.hits[i].figures, read.hits[i].figures));
    }
    searcher_share_display(searcher, display);
}

static void bounds(void)
{
    searcher_share_display(searcher, NULL);
    is_int(wrong_of(searcher), 0);
    display_free(display);
    enum { SMALL = 8000 };
    display = display_new(SMALL);
    searcher_share_display(searcher, display);
    for (int i = 0; i < 3; i++) {
        is_int(wrong_of(searcher), 0);
        ok(now().bytes <= SMALL && now().documents > 2 && now().documents < RECORDS);
    }
    // The last ones that were shown are those that are kept.
    uint64_t found = now().found;
    request.page_size = 2;
    MUST(searcher_search(searcher, &request, &arena, &answer, &e), &e);
    MUST(searcher_search(searcher, &request, &arena, &answer, &e), &e);
    is_int(now().found - found, 2);
    display_free(display);
    display = display_new(10); // of which none has room
    searcher_share_display(searcher, display);
    is_int(wrong_of(searcher), 0);
    is_int(now().documents, 0);
    is_int(now().bytes, 0);
}

int main(void)
{
    search_begin();
    display = display_new(DISPLAY_BYTES);
    searcher_share_display(searcher, display);
    batches();
    behind();
    similar_records();
    bounds();
    search_end();
    display_free(display);
    display_free(NULL);
    return tap_done();
}
