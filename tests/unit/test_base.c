// base: strings, arenas, buffers and their JSON, errors, hashes, the log.
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/utf8.h"
#include "tests/tap.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

static struct arena a;

// ---- str -----------------------------------------------------------------------------------------

static void comparing(void)
{
    ok(str_eq(STR("abc"), STR("abc")));
    ok(!str_eq(STR("abc"), STR("abd")));
    ok(!str_eq(STR("abc"), STR("ab")));
    ok(str_eq(STR_NONE, STR("")));
    ok(str_eq(STR("a\0b"), STR("a\0b")));
    ok(!str_eq(STR("a\0b"), STR("a\0c")));
    ok(str_of(NULL).p == NULL);
    is_int(str_of("").n, 0);
    ok(str_of("").p != NULL);

    ok(str_cmp(STR("a"), STR("b")) < 0);
    ok(str_cmp(STR("b"), STR("a")) > 0);
    is_int(str_cmp(STR("ab"), STR("ab")), 0);
    ok(str_cmp(STR("ab"), STR("abc")) < 0);
    ok(str_cmp(STR("abc"), STR("ab")) > 0);
    ok(str_cmp(STR("z"), STR("\xC3\xA9")) < 0); // bytes are not signed
    is_int(str_cmp(STR_NONE, STR("")), 0);

    ok(str_eq_nocase(STR("Content-TYPE"), STR("content-type")));
    ok(!str_eq_nocase(STR("content"), STR("contents")));
    ok(!str_eq_nocase(STR("@"), STR("`"))); // 0x40 and 0x60: no letters
    ok(!str_eq_nocase(STR("\xC3\x89"), STR("\xC3\xA9")));

    ok(str_starts(STR("abc"), STR("ab")));
    ok(str_starts(STR("abc"), STR("")));
    ok(str_starts(STR_NONE, STR("")));
    ok(!str_starts(STR("ab"), STR("abc")));
    ok(str_ends(STR("abc"), STR("bc")));
    ok(!str_ends(STR("bc"), STR("abc")));
    ok(!str_ends(STR("abc"), STR("ab")));
}

static void finding(void)
{
    is_int(str_find(STR("ouvrir les données"), STR("les")), 7);
    is_int(str_find(STR("aaab"), STR("ab")), 2);
    is_int(str_find(STR("abc"), STR("abcd")), -1);
    is_int(str_find(STR("abc"), STR("")), 0);
    is_int(str_find(STR_NONE, STR("a")), -1);
    is_int(str_find_char(STR("abc"), 'c'), 2);
    is_int(str_find_char(STR("abc"), 'd'), -1);
    is_int(str_find_char(STR("a\0b"), '\0'), 1);
    is_int(str_find_char(STR_NONE, 'a'), -1);

    is_text(str_trim(STR(" \t\r\n a b \v\f")), "a b");
    is_text(str_trim(STR("  ")), "");
    is_text(str_trim(STR_NONE), "");
    is_text(str_trim(STR("\xC2\xA0x")), "\xC2\xA0x"); // ASCII only

    struct str rest = STR("a,,b,"), part;
    ok(str_next(&rest, ',', &part));
    is_text(part, "a");
    ok(str_next(&rest, ',', &part));
    is_text(part, "");
    ok(str_next(&rest, ',', &part));
    is_text(part, "b");
    ok(str_next(&rest, ',', &part));
    is_text(part, "");
    ok(!str_next(&rest, ',', &part));
    rest = STR("");
    ok(str_next(&rest, ',', &part));
    is_text(part, "");
    ok(!str_next(&rest, ',', &part));
    rest = STR_NONE;
    ok(!str_next(&rest, ',', &part));
}

static void numbers(void)
{
    int64_t n = 7;
    ok(str_to_int(STR("0"), 0, 9, &n));
    is_int(n, 0);
    ok(str_to_int(STR("-12"), -12, 0, &n));
    is_int(n, -12);
    ok(str_to_int(STR("007"), 0, 9, &n));
    is_int(n, 7);
    ok(str_to_int(STR("999999999999999999"), 0, INT64_MAX, &n));
    is_int(n, 999999999999999999);
    n = 7;
    static const char *const wrong[] = {"",
                                        "-",
                                        "+1",
                                        "1 ",
                                        " 1",
                                        "1.0",
                                        "0x1",
                                        "1e3",
                                        "--1",
                                        "\xD9\xA1",
                                        "9223372036854775807",
                                        "10",
                                        "-1",
                                        "99999999999999999999"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ok(!str_to_int(str_of(wrong[i]), 0, 9, &n));
    ok(!str_to_int(STR_NONE, 0, 9, &n));
    ok(!str_to_int(STR("1\0"), 0, 9, &n));
    is_int(n, 7); // untouched

    double d = 7;
    ok(str_to_real(STR("0.25"), &d) && d == 0.25);
    ok(str_to_real(STR("-1.5e3"), &d) && d == -1500);
    ok(str_to_real(STR("12"), &d) && d == 12);
    ok(str_to_real(STR(".5"), &d) && d == 0.5);
    d = 7;
    static const char *const no_numbers[] = {"",
                                             "-",
                                             "1,5",
                                             "nan",
                                             "inf",
                                             "1e400",
                                             "-1e400",
                                             "0x10",
                                             "1 ",
                                             " 1",
                                             "1e",
                                             "1.2.3",
                                             "12345678901234567890123456789012345678901234567890"
                                             "12345678901234"};
    for (size_t i = 0; i < sizeof no_numbers / sizeof *no_numbers; i++)
        ok(!str_to_real(str_of(no_numbers[i]), &d));
    ok(!str_to_real(STR("1\0"), &d));
    ok(d == 7);
}

static void cutting(void)
{
    is_text(str_cut_utf8(STR("abc"), 5), "abc");
    is_text(str_cut_utf8(STR("abc"), 3), "abc");
    is_text(str_cut_utf8(STR("abc"), 2), "ab");
    is_text(str_cut_utf8(STR("aé"), 2), "a");
    is_text(str_cut_utf8(STR("aé"), 3), "aé");
    is_text(str_cut_utf8(STR("\xF0\x9F\x8C\xBEx"), 3), "");
    is_text(str_cut_utf8(STR("\xF0\x9F\x8C\xBEx"), 4), "\xF0\x9F\x8C\xBE");
    is_text(str_cut_utf8(STR("\x80\x80\x80"), 2), ""); // no sequence at all
    is_text(str_cut_utf8(STR_NONE, 0), "");

    is_int(str_distance(STR("kind"), STR("kind")), 0);
    is_int(str_distance(STR("kind"), STR("kinds")), 1);
    is_int(str_distance(STR("lisense"), STR("license")), 1);
    is_int(str_distance(STR("fromat"), STR("format")), 1); // a swap is one edit
    is_int(str_distance(STR("pgae"), STR("page")), 1);
    is_int(str_distance(STR("abc"), STR("")), 3);
    is_int(str_distance(STR(""), STR("abc")), 3);
    is_int(str_distance(STR("sitting"), STR("kitten")), 3);
    is_int(str_distance(STR_NONE, STR_NONE), 0);
    char longest[65];
    memset(longest, 'x', sizeof longest);
    is_int(str_distance(str_slice(longest, 65), STR("x")), 64);
    is_int(str_distance(str_slice(longest, 64), str_slice(longest, 63)), 1);
}

// ---- arena ---------------------------------------------------------------------------------------

static void arenas(void)
{
    struct arena own = {0};
    char *odd = arena_bytes(&own, 3);
    memset(odd, 'x', 3);
    struct {
        long double wide;
        int n;
    } *aligned = arena_alloc(&own, sizeof *aligned);
    is_int((uintptr_t)aligned % 16, 0);
    is_int(aligned->n, 0);
    is_int(own.used, 3 + sizeof *aligned);

    // A large piece does not waste the room that is left in the block in use.
    char *before = arena_bytes(&own, 1);
    char *large = arena_bytes(&own, 200000);
    memset(large, 'y', 200000);
    char *after = arena_bytes(&own, 1);
    ok(after == before + 1);

    struct str copy = arena_str(&own, STR("a\0b"));
    is_int(copy.n, 3);
    is_int(copy.p[3], 0);
    ok(arena_str(&own, STR_NONE).p == NULL);
    ok(arena_str(&own, STR("")).p != NULL);
    is_str(arena_z(&own, STR_NONE), "");
    is_str(arena_z(&own, STR("mot")), "mot");
    is_text(arena_printf(&own, "%d-%s", 12, "x"), "12-x");
    is_text(arena_printf(&own, "%s", ""), "");
    is_int(arena_printf(&own, "%100000d", 1).n, 100000);

    struct strs list = {0};
    for (int i = 0; i < 1000; i++)
        arena_push(&own, &list, arena_printf(&own, "%d", i));
    is_int(list.n, 1000);
    bool in_order = true;
    for (int i = 0; i < 1000; i++)
        in_order = in_order && atoi(list.v[i].p) == i;
    ok(in_order);

    arena_reset(&own);
    is_int(own.used, 0);
    char *fresh = arena_alloc(&own, 4096); // where other bytes have been
    bool zero = true;
    for (int i = 0; i < 4096; i++)
        zero = zero && fresh[i] == 0;
    ok(zero);
    arena_free(&own);
    ok(own.head == NULL);
    arena_free(&own);
    arena_reset(&own);
    is_int(*(int *)arena_alloc(&own, sizeof(int)), 0); // usable again
    arena_free(&own);

    free(xmalloc(0));
    free(xcalloc(0, 8));
    free(xrealloc(NULL, 0));
    char *z = xstrdup("mot");
    is_str(z, "mot");
    free(z);
}

// ---- buf and JSON --------------------------------------------------------------------------------

static void buffers(void)
{
    struct buf b = {0};
    buf_add(&b, STR_NONE);
    ok(b.p == NULL);
    buf_addc(&b, 'a');
    buf_addz(&b, "bc");
    buf_addf(&b, "%d", 12);
    buf_add(&b, STR("\0z"));
    is_int(b.n, 7);
    ok(str_eq(buf_str(&b), STR("abc12\0z")));
    buf_clear(&b);
    is_int(b.n, 0);
    ok(b.room >= 7);
    for (int i = 0; i < 10000; i++)
        buf_addf(&b, "%d,", i % 10);
    is_int(b.n, 20000);
    is_text(str_slice(b.p + 19996, 4), "8,9,");
    buf_free(&b);
    ok(b.p == NULL && b.n == 0 && b.room == 0);
    buf_free(&b);
}

// Texts of every length up to 700, at every place of blocks and of buffers: whole, ended by a NUL, none over another.
static void formatted(void)
{
    enum { MOST = 700 };
    static char wanted[MOST + 1];
    struct arena own = {0};
    struct strs list = {0};
    struct buf b = {0};
    size_t wrong = 0, all = 0;
    memset(wanted, 'w', MOST);
    for (size_t n = 0; n <= MOST; n++) {
        arena_push(&a, &list, arena_printf(&own, "%.*s%zu", (int)n, wanted, n % 10));
        buf_addf(&b, "%.*s%zu", (int)n, wanted, n % 10);
        all += n + 1;
        wrong += b.n != all;
    }
    for (size_t n = 0, at = 0; n <= MOST; at += ++n) {
        struct str s = list.v[n];
        wrong += s.n != n + 1 || memcmp(s.p, wanted, n) != 0 || s.p[n] != (char)('0' + n % 10) ||
                 s.p[n + 1];
        wrong += memcmp(s.p, b.p + at, n + 1) != 0;
    }
    is_int(wrong, 0);
    buf_free(&b);
    arena_free(&own);
}

static void json(void)
{
    struct buf b = {0};
    struct str words[] = {STR("un"), STR("deux")};
    json_open(&b, '{');
    json_key(&b, "texte");
    json_str(&b, STR("a\"b\\c\n\t\x01\x7F é\xE2\x80\xA8</script>"));
    json_key(&b, "absent");
    json_str(&b, STR_NONE);
    json_key(&b, "vide");
    json_str(&b, STR(""));
    json_key_str(&b, STR("clé \"a\""));
    json_open(&b, '[');
    json_int(&b, 1);
    json_bool(&b, true);
    json_bool(&b, false);
    json_nil(&b);
    json_open(&b, '{');
    json_close(&b, '}');
    json_open(&b, '[');
    json_close(&b, ']');
    json_raw(&b, STR("{\"x\":1}"));
    json_str(&b, STR("nul\0"));
    json_close(&b, ']');
    json_opt_str(&b, "rien", STR(""));
    json_opt_str(&b, "mot", STR("m"));
    json_opt_int(&b, "zero", 0);
    json_opt_int(&b, "dix", 10);
    json_opt_strs(&b, "aucun", (struct strs){0});
    json_opt_strs(&b, "mots", (struct strs){words, 2});
    json_close(&b, '}');
    is_text(buf_str(&b), "{\"texte\":\"a\\\"b\\\\c\\n\\u0009\\u0001\\u007f "
                         "é\xE2\x80\xA8</script>\",\"absent\":null,\"vide\":\"\","
                         "\"clé \\\"a\\\"\":[1,true,false,null,{},[],{\"x\":1},\"nul\\u0000\"],"
                         "\"mot\":\"m\",\"dix\":10,\"mots\":[\"un\",\"deux\"]}");
    // Lines of JSON in one buffer: no comma at the start of a line.
    buf_clear(&b);
    json_int(&b, 1);
    buf_addc(&b, '\n');
    json_int(&b, 2);
    is_text(buf_str(&b), "1\n2");
    buf_free(&b);
}

static struct str num(double v)
{
    struct buf b = {0};
    json_num(&b, v);
    struct str s = arena_str(&a, buf_str(&b));
    buf_free(&b);
    return s;
}

static struct str integer(int64_t v)
{
    struct buf b = {0};
    json_int(&b, v);
    struct str s = arena_str(&a, buf_str(&b));
    buf_free(&b);
    return s;
}

static void json_numbers(void)
{
    is_text(integer(0), "0");
    is_text(integer(-1), "-1");
    is_text(integer(INT64_MAX), "9223372036854775807");
    is_text(integer(INT64_MIN), "-9223372036854775808");
    is_text(num(0), "0");
    is_text(num(-0.0), "0");
    is_text(num(0.1), "0.1");
    is_text(num(-12.5), "-12.5");
    is_text(num(48.8566), "48.8566");
    is_text(num(1.0 / 3), "0.3333333333333333");
    is_text(num(0.1 + 0.2), "0.30000000000000004");
    is_text(num(3), "3");
    is_text(num(999999999999999), "999999999999999");
    is_text(num(1e15), "1e+15");
    is_text(num(1e300), "1e+300");
    is_text(num(5e-324), "4.94065645841247e-324");
    is_text(num((double)NAN), "null");
    is_text(num((double)INFINITY), "null");
    static const double some[] = {0.1, 1e-7, 123456.789, 2.2250738585072014e-308, 1.7e308, 1e21};
    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        ok(strtod(num(some[i]).p, NULL) == some[i]);
}

// ---- err -----------------------------------------------------------------------------------------

static void errors(void)
{
    struct err e = {.http_status = 503, .hint = "old"};
    char text[900];
    ok(!err_set(&e, ERR_HTTP, "answers %d", 404));
    is_int(e.code, ERR_HTTP);
    is_int(e.http_status, 0);
    is_str(e.what, "answers 404");
    is_str(e.hint, "");
    is_str(err_text(&e, text, sizeof text), "answers 404");
    ok(!err_where(&e, "%s:%d", "glaneur.yaml", 12));
    is_str(err_text(&e, text, sizeof text), "glaneur.yaml:12: answers 404");
    ok(!err_hint(&e, "try %s", "again"));
    is_str(err_text(&e, text, sizeof text), "glaneur.yaml:12: answers 404 (try again)");
    is_str(err_text(&e, text, 12), "glaneur.yam");
    ok(!err_set(NULL, ERR_IO, "x"));
    ok(!err_where(NULL, "x"));
    ok(!err_hint(NULL, "x"));

    err_set(&e, ERR_CONFIG, "not one word");
    err_where(&e, "line %d", 3);
    ok(!err_in_file(&e, "config/synonyms.txt"));
    is_str(err_text(&e, text, sizeof text), "config/synonyms.txt line 3: not one word");
    is_int(e.code, ERR_CONFIG);
    err_set(&e, ERR_CONFIG, "too large");
    ok(!err_in_file(&e, "config/synonyms.txt"));
    is_str(e.where, "config/synonyms.txt");
    memset(e.where, 'a', sizeof e.where - 1);
    ok(!err_in_file(&e, "x"));
    is_int(strlen(e.where), sizeof e.where - 1);
    ok(strncmp(e.where, "x aaa", 5) == 0);
    ok(!err_in_file(NULL, "x"));

    // What is too long, or no UTF-8, still makes a text that may be shown.
    char longest[2000];
    memset(longest, 'a', sizeof longest);
    memcpy(longest + sizeof e.what - 2, "\xC3\xA9", 3);
    err_set(&e, ERR_IO, "%s", longest);
    is_int(strlen(e.what), sizeof e.what - 1);
    ok(utf8_valid(str_of(e.what)));
    is_str(e.what + sizeof e.what - 3, "a?");
    memset(longest, 'a', sizeof longest);
    memcpy(longest + sizeof e.where - 3, "\xE2\x82\xAC", 4);
    err_where(&e, "%s", longest);
    ok(utf8_valid(str_of(e.where)));
    err_hint(&e, "did you mean \"%.3s\" or \xFF?", "lié");
    is_str(e.hint, "did you mean \"li?\" or ??");

    const char *names[ERR_INTERNAL + 1];
    bool distinct = true, words = true;
    for (int code = 0; code <= ERR_INTERNAL; code++) {
        names[code] = err_name((enum err_code)code);
        words = words && names[code] && names[code][0];
        for (int other = 0; other < code && words; other++)
            distinct = distinct && strcmp(names[code], names[other]) != 0;
    }
    ok(words);
    ok(distinct);
    is_str(err_name(ERR_NOT_FOUND), "not_found");
    is_str(err_name((enum err_code)999), "internal");
}

// ---- hash ----------------------------------------------------------------------------------------

static void hashes(void)
{
    unsigned char digest[SHA256_BYTES];
    char text[SHA256_HEX + 1];
    sha256(STR(""), digest); // FIPS 180-4's own examples
    hex(digest, sizeof digest, text);
    is_str(text, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    sha256(STR("abc"), digest);
    hex(digest, sizeof digest, text);
    is_str(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    hex(digest, 0, text);
    is_str(text, "");
    ok(hash64(STR("")) == 0xcbf29ce484222325u); // the vectors of the FNV page
    ok(hash64(STR("a")) == 0xaf63dc4c8601ec8cu);
    ok(hash64(STR("foobar")) == 0x85944171f73967e8u);
    ok(hash64(STR_NONE) == hash64(STR("")));
}

// ---- log -----------------------------------------------------------------------------------------

// What the log wrote since the last call, in the arena.
static FILE *caught;
static int real_stderr;

static void catch_stderr(void)
{
    caught = tmpfile();
    real_stderr = dup(STDERR_FILENO);
    if (!caught || real_stderr < 0 || dup2(fileno(caught), STDERR_FILENO) < 0)
        abort();
}

static struct str written(void)
{
    char *bytes = arena_bytes(&a, 8192);
    rewind(caught);
    size_t n = fread(bytes, 1, 8191, caught);
    bytes[n] = '\0';
    rewind(caught);
    if (ftruncate(fileno(caught), 0) != 0)
        abort();
    return str_slice(bytes, n);
}

// The same without its time, whose shape is checked.
static struct str line_of(const char *before, const char *behind)
{
    struct str s = written();
    size_t n = strlen(before), stamp = strlen("2026-11-21T23:06:56.123Z");
    if (!str_starts(s, str_of(before)) || s.n < n + stamp + strlen(behind))
        return s;
    struct str when = str_slice(s.p + n, stamp), rest = str_slice(s.p + n + stamp, s.n - n - stamp);
    bool shaped = when.p[4] == '-' && when.p[10] == 'T' && when.p[19] == '.' && when.p[23] == 'Z';
    return shaped && str_starts(rest, str_of(behind))
               ? str_slice(rest.p + strlen(behind), rest.n - strlen(behind))
               : s;
}

static struct str logfmt(void)
{
    return line_of("time=", " level=");
}

static struct str as_json(void)
{
    return line_of("{\"time\":\"", "\",\"level\":");
}

static void log_lines(void)
{
    catch_stderr();
    log_setup(LOG_LOGFMT, LOG_INFO, false);
    ok(log_enabled(LOG_ERROR) && log_enabled(LOG_INFO) && !log_enabled(LOG_DEBUG));
    log_event(LOG_INFO, "run ended", F_STR("source", STR("data.gouv.fr")), F_INT("added", -3),
              F_REAL("seconds", 0.5));
    is_text(logfmt(), "info event=\"run ended\" source=data.gouv.fr added=-3 seconds=0.5\n");
    log_event(LOG_DEBUG, "unseen", F_INT("n", 1));
    is_text(written(), "");
    log_write(LOG_ERROR, "alone", NULL, 0);
    is_text(logfmt(), "error event=alone\n");
    log_event(LOG_WARNING, "values", F_STR("none", STR_NONE), F_Z("empty", ""),
              F_Z("quote", "a\"b"), F_Z("equals", "a=b"), F_Z("back", "a\\b"), F_Z("accent", "é"));
    is_text(logfmt(), "warning event=values none=\"\" empty=\"\" quote=\"a\\\"b\" equals=\"a=b\" "
                      "back=\"a\\\\b\" accent=\"é\"\n");

    // A forged line, a terminal's escape sequences (C0 and C1), text turned around, bytes that are no text.
    static const char forged[] = "x\ntime=2026-01-01T00:00:00.000Z level=info event=forged";
    log_event(LOG_INFO, "from outside", F_STR("url", str_slice(forged, sizeof forged - 1)));
    is_text(logfmt(), "info event=\"from outside\" "
                      "url=\"x\\ntime=2026-01-01T00:00:00.000Z level=info event=forged\"\n");
    log_event(LOG_INFO, "from outside",
              F_Z("name", "\x1B[2J\r\xC2\x9B\x32J\xE2\x80\xAE\xE2\x80\xA8"));
    is_text(logfmt(), "info event=\"from outside\" "
                      "name=\"\\u001b[2J\\u000d\xEF\xBF\xBD\x32J\xEF\xBF\xBD\xEF\xBF\xBD\"\n");
    log_event(LOG_INFO, "from outside", F_STR("name", STR("d\xE9j\xE0\0")));
    is_text(logfmt(), "info event=\"from outside\" name=\"d\xEF\xBF\xBDj\xEF\xBF\xBD\\u0000\"\n");

    log_setup(LOG_JSON, LOG_DEBUG, false);
    log_event(LOG_DEBUG, "run ended", F_Z("source", "a\"b\nc"), F_INT("added", 3),
              F_REAL("share", 0.25), F_STR("none", STR_NONE), F_Z("bad", "\xFFx\xC2\x85"));
    is_text(as_json(), "\"debug\",\"event\":\"run ended\",\"source\":\"a\\\"b\\nc\",\"added\":3,"
                       "\"share\":0.25,\"none\":null,\"bad\":\"\xEF\xBF\xBDx\xEF\xBF\xBD\"}\n");

    log_setup(LOG_LOGFMT, LOG_DEBUG, true);
    static const char *const levels[] = {"<3>time=", "<4>time=", "<6>time=", "<7>time="};
    static const char *const names[] = {"error event=e\n", "warning event=e\n", "info event=e\n",
                                        "debug event=e\n"};
    for (int level = LOG_ERROR; level <= LOG_DEBUG; level++) {
        log_write((enum log_level)level, "e", NULL, 0);
        is_text(line_of(levels[level], " level="), names[level]);
    }
    dup2(real_stderr, STDERR_FILENO);
    close(real_stderr);
    fclose(caught);
    log_setup(LOG_LOGFMT, LOG_INFO, false);
}

int main(void)
{
    comparing();
    finding();
    numbers();
    cutting();
    arenas();
    buffers();
    formatted();
    json();
    json_numbers();
    errors();
    hashes();
    log_lines();
    arena_free(&a);
    return tap_done();
}
