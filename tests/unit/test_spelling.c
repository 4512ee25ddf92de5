// Corrections: of which words, by which, how far away, and how the query reads then; words written as one.
#include "tests/unit/search_fixture.h"

#include "indexer/search/searcher.h"

static int records;

// So many records with these words.
static void add_words(const char *words, int n)
{
    for (int i = 0; i < n; i++) {
        struct record r =
            record_of(arena_printf(&arena, "r%d", records++).p, KIND_DATASET, "Titre");
        r.description = str_of(words);
        add(&r, STATUS_ACTIVE);
    }
}

static void fill(void)
{
    begin_generation();
    add_words("Bibliothèque", 3);
    add_words("parcelles", 2);
    add_words("parcours", 4);
    add_words("vélos", 3);
    add_words("gare", 9);
    add_words("gaze", 3);
    add_words("unique", 1);
    add_words("tramway", 200);
    add_words("transway", 2);
    add_words("tramwai", 4);
    add_words("tramvay", 3);
    add_words("bornes de recharge", 6);
    add_words("station hydrogene", 5);
    add_words("sta tion", 9);
    add_words("irve", 1);
    add_words("le budget", 5);
    add_words("les", 7);
    commit("1", true);
}

// The query as it is understood, "-" when nothing is corrected; `query` has its forms then.
static struct query query;

static struct str correct(const char *text)
{
    struct rules *r = rules_take(rules);
    struct str corrected = STR_NONE;
    search_request_init(&request);
    request.q = str_of(text);
    e = (struct err){0};
    MUST(searcher_open(searcher, &e), &e);
    MUST(query_read(searcher, r, &request, &arena, &query, &e), &e);
    MUST(query_correct(searcher, &query, request.q, &arena, &corrected, &e), &e);
    rules_release(r);
    return corrected.n ? corrected : STR("-");
}
#define corrects(text, want) is_text(correct(text), want)

static void how_far(void)
{
    // One edit for words of four or five letters,
    corrects("vlos", "velos");  // a letter too few
    corrects("velso", "velos"); // two that changed places
    corrects("vilos", "velos");
    corrects("vvelos", "velos"); // six letters: two edits, one is enough
    corrects("valas", "-");      // two edits
    // two for longer ones,
    corrects("bibliotèque", "bibliotheque");
    corrects("biblioteqe", "bibliotheque");
    corrects("bibliotekke", "-"); // three
    corrects("parcors", "parcours");
    // the first letter kept.
    corrects("jibliotheque", "-");
    corrects("elos", "-");
    // Under four letters, nothing.
    corrects("gar", "-");
    corrects("gasre", "gare");
}

static void which(void)
{
    // The nearest; of equally near ones, that of most documents.
    corrects("gafe", "gare");
    corrects("parcelkes", "parcelles"); // one edit, parcours more
    // What its stem finds is known: a plural is no mistake.
    corrects("gazes", "-");
    corrects("parceles", "-");
    corrects("parcouls", "parcours");
    // A word of one document corrects nothing: it may be a mistake itself.
    corrects("uniqe", "-");
}

static void rare_words(void)
{
    // A word of one or two documents, where another one has fifty times as many.
    corrects("transway", "tramway");
    is_int(query.groups[0].n, 2); // the other is searched for too
    is_int(query.groups[0].forms[0].words[0].documents, 2);
    is_int(query.groups[0].forms[1].origin, FORM_CORRECTED);
    is_int(query.groups[0].forms[1].words[0].documents, 200);
    // From three documents on a word is known.
    corrects("tramvay", "-");
    corrects("tramwai", "-");
    // Not fifty times as many.
    corrects("parcelles", "-");
    corrects("unique", "-");
}

static void how_it_reads(void)
{
    corrects("les bibliotèques de parcors", "les bibliotheque de parcours");
    corrects("  Vlos  et  PARCORS ! ", "velos  et  parcours !");
    corrects("gare vlos", "gare velos");
    corrects("gare", "-");
    // In what else is written, only words are corrected.
    corrects("vlos \"vlos parcors\" kind:reuse", "velos \"vlos parcors\" kind:reuse");
    corrects("vlos -parcors", "velos -parcors");
    corrects("title:vlos", "title:velos");
    corrects("\"vlos", "\"velos"); // a broken phrase is words
    corrects("vlos OR gare", "-");
    corrects("vlos-parcors", "-");
    corrects("velo2 2016x", "-"); // codes
    is_int(correct("").n, 1);
    corrects("!!!", "-");
}

static void what_stands_for_it(void)
{
    use_rules("vlos, gare\nvilos, inconnu\n", "parcors donnees", TEST_RANKING);
    corrects("vlos", "-");         // a synonym does
    corrects("vilos", "velos");    // none that documents have
    corrects("parcors gare", "-"); // generic
    use_rules("", TEST_GENERIC, TEST_RANKING);
}

static void words_written_as_one(void)
{
    corrects("bornesrecharge", "bornes recharge");
    is_int(query.groups[0].n, 2);
    is_int(query.groups[0].forms[1].origin, FORM_OTHER_SPACES);
    is_int(query.groups[0].forms[1].n, 2);
    corrects("gare bornesrecharge 2016", "gare bornes recharge 2016");
    // As few words as can be.
    corrects("stationhydrogene", "station hydrogene");
    corrects("tramwaybudgetgare", "tramway budget gare");
    corrects("tramwaybudgetgarestation", "tramway budget gare station");
    corrects("tramwaybudgetgarestationborn", "-");   // five, one of them unknown
    corrects("tramwaybudgetgarestationbornes", "-"); // five
    // Words of five documents at least, and of three letters.
    corrects("parcoursgare", "-");
    corrects("lebudget", "-");
    // Stop words are asked for in a query that is written so no more than in any other.
    corrects("garelesbudget", "gare les budget");
    is_int(query.groups[0].forms[1].n, 2);
    is_text(query.groups[0].forms[1].words[1].exact, "budget");
    // A near word is better than two.
    corrects("tramwayy", "tramway");
    // Longer than any word should be.
    corrects("bornesrechargebornesrechargebornes", "-");
}

// Each takes a walk through the words of its letter: no query makes it take many.
static void the_first_four(void)
{
    corrects("vlos parcors gafe tramwayy", "velos parcours gare tramway");
    corrects("vlos parcors gafe tramwayy bibliotèque", "velos parcours gare tramway bibliotèque");
    is_int(query.groups[3].n, 2);
    is_int(query.groups[4].n, 1); // as it is written
    // Looked for in vain, it counts; known, it does not.
    corrects("xxxxa xxxxb xxxxc vlos parcors", "xxxxa xxxxb xxxxc velos parcors");
    corrects("xxxxa xxxxb xxxxc xxxxd vlos", "-");
    corrects("gare budget tramway station unique vlos", "gare budget tramway station unique velos");
}

// ---- Compared with each word in turn -----------------------------------------------------------------

enum { WORDS = 1200, A_RECORD = 60, MOST_RECORDS = 5, TYPED = 800 };
static struct vocabulary {
    char text[12];
    int documents;
} words[WORDS];
static uint64_t state = 0x9E3779B97F4A7C15u;

static unsigned any(unsigned below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state >> 33) % below;
}

static int in_order(const void *a, const void *b)
{
    return strcmp(((const struct vocabulary *)a)->text, ((const struct vocabulary *)b)->text);
}

// "v" and a few letters of a few: many are near each other.
static void make_word(char out[12])
{
    unsigned n = 4 + any(6);
    memset(out, 0, 12);
    out[0] = 'v';
    for (unsigned i = 1; i < n; i++)
        out[i] = "kdfzt"[any(5)];
}

static void fill_at_random(void)
{
    begin_generation();
    for (size_t i = 0; i < WORDS; i++) {
        make_word(words[i].text);
        words[i].documents = 1 + (int)any(MOST_RECORDS);
    }
    qsort(words, WORDS, sizeof *words, in_order);
    for (size_t i = 1; i < WORDS; i++) // each once
        words[i].documents = strcmp(words[i].text, words[i - 1].text) == 0 ? 0 : words[i].documents;
    for (int round = 0; round < MOST_RECORDS; round++)
        for (size_t from = 0; from < WORDS; from += A_RECORD) {
            struct buf b = {0};
            for (size_t i = from; i < from + A_RECORD; i++)
                if (words[i].documents > round)
                    buf_addf(&b, "%s ", words[i].text);
            if (b.n)
                add_words(arena_printf(&arena, "%.*s", (int)b.n, b.p).p, 1);
            buf_free(&b);
        }
    commit("1", true);
}

static const char *nearest(struct str typed)
{
    unsigned most = typed.n >= 6 ? 2 : 1, edits = most + 1;
    const struct vocabulary *best = NULL;
    for (size_t i = 0; i < WORDS; i++) {
        struct str word = str_of(words[i].text);
        unsigned distance = str_distance(word, typed);
        if (words[i].documents < 2 || !distance || distance > most || distance > edits ||
            (distance == edits && best && words[i].documents <= best->documents))
            continue;
        edits = distance;
        best = &words[i];
    }
    return best ? best->text : "-";
}

static void at_random(void)
{
    int wrong = 0, corrected = 0;
    fill_at_random();
    for (int i = 0; i < TYPED; i++) {
        char typed[16] = {0};
        make_word(typed);
        if (any(2)) // what is far from the others, too
            typed[any((unsigned)strlen(typed) - 1) + 1] = 'x';
        struct str is = correct(typed);
        uint32_t known = query.groups[0].forms[0].words[0].documents;
        // Of one or two documents, only one of fifty times as many would be meant.
        const char *want = known ? "-" : nearest(str_of(typed));
        wrong += !str_eq(is, str_of(want));
        corrected += is.n > 1;
    }
    is_int(wrong, 0);
    ok(corrected > TYPED / 4 && corrected < TYPED);
}

static void an_index_of_nothing(void)
{
    begin_generation();
    commit("1", true);
    corrects("vlos", "-");
    corrects("bornesrecharge", "-");
}

int main(void)
{
    search_begin();
    fill();
    how_far();
    which();
    rare_words();
    how_it_reads();
    what_stands_for_it();
    words_written_as_one();
    the_first_four();
    at_random();
    an_index_of_nothing();
    search_end();
    return tap_done();
}
