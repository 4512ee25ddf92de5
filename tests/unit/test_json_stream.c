// base/json_stream: huge files part by part, whatever lies across the end of a block.
#include "base/buf.h"
#include "base/json_stream.h"
#include "tests/tap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { BLOCK = 256 << 10 }; // of json_stream.c

static int file_of(struct str text)
{
    char name[] = "/tmp/glaneur-json-XXXXXX";
    int fd = mkstemp(name);
    unlink(name);
    for (size_t at = 0; at < text.n;) {
        ssize_t n = write(fd, text.p + at, text.n - at);
        if (n <= 0)
            abort();
        at += (size_t)n;
    }
    lseek(fd, 0, SEEK_SET);
    return fd;
}

// Each part as "member=text;", "member[]=text;" for elements, "text;" in an outermost array; then the error, if any.
static void parts_of_fd(int fd, struct buf *out, struct err *e)
{
    struct json_stream *s = json_stream_new(fd);
    struct json_part part;
    while (json_stream_next(s, &part, e)) {
        buf_add(out, part.member);
        if (part.element)
            buf_addz(out, "[]");
        if (part.member.p)
            buf_addc(out, '=');
        buf_add(out, part.too_large ? STR("TOO LARGE") : part.text);
        buf_addc(out, ';');
    }
    if (e->code != ERR_NONE)
        buf_addf(out, " %s: %s", err_name(e->code), e->what);
    struct err again;
    if (json_stream_next(s, &part, &again) || again.code != e->code)
        buf_addz(out, " AND AGAIN");
    json_stream_free(s);
}

static struct buf parts;

static struct str parts_of(struct str text)
{
    struct err e = {.code = ERR_INTERNAL};
    int fd = file_of(text);
    buf_clear(&parts);
    parts_of_fd(fd, &parts, &e);
    close(fd);
    return buf_str(&parts);
}

#define PARTS(text) parts_of(STR(text))

static void structures(void)
{
    is_text(PARTS("{}"), "");
    is_text(PARTS("[]"), "");
    is_text(PARTS(" \r\n\t[ ] \n"), "");
    is_text(PARTS("{\"a\":1}"), "a=1;");
    is_text(PARTS("{\"a\" : 1 , \"b\" : \"x\" , \"c\" : { \"d\" : [ 1 ] } }"),
            "a=1;b=\"x\";c={ \"d\" : [ 1 ] };");
    is_text(PARTS("{\"a\":[1, [2,3] ,{\"b\":[4]},\"x\" , null ],\"c\":true}"),
            "a[]=1;a[]=[2,3];a[]={\"b\":[4]};a[]=\"x\";a[]=null;c=true;");
    is_text(PARTS("{\"a\":[],\"b\":[ ]}"), "");
    is_text(PARTS("{\"a\":[1],\"a\":[2],\"a\":3}"), "a[]=1;a[]=2;a=3;");
    is_text(PARTS("[1,{\"a\":2},[3]]"), "1;{\"a\":2};[3];");
    is_text(PARTS("[\"]\",\"a,b\",\"{\",\"\\\"]\",\"\\\\\",\"\"]"),
            "\"]\";\"a,b\";\"{\";\"\\\"]\";\"\\\\\";\"\";");
    is_text(PARTS("{\"a\":-1.5e3\n}"), "a=-1.5e3;");
    is_text(PARTS("\xEF\xBB\xBF{\"a\":1}"), "a=1;");
    is_text(PARTS("\xEF\xBB\xBF\n[1]"), "1;");
    is_text(PARTS("{\"a\":1}{\"b\":2} trailing"), "a=1;");
    is_text(PARTS("[1]]]"), "1;");
    is_text(PARTS("[1]\0\0"), "1;");
}

static void keys(void)
{
    is_text(PARTS("{\"\":1}"), "=1;");
    is_text(PARTS("{\"\\u0040graph\":[1],\"a\\\"b\":2,\"\xC3\xA9\":3}"),
            "@graph[]=1;a\"b=2;\xC3\xA9=3;");
    is_text(PARTS("{\"a\xFFz\":1}"), "a\xEF\xBF\xBDz=1;"); // not UTF-8
    is_text(PARTS("{\"a\\qz\":1}"), "a\\qz=1;");           // no JSON: as it is written
    struct buf b = {0};
    buf_addz(&b, "{\"");
    for (int i = 0; i < 70000; i++)
        buf_addc(&b, 'k');
    buf_addz(&b, "\":1}");
    is_text(parts_of(buf_str(&b)),
            " parse: a key of the outermost object is too long (byte 70003)");
    buf_free(&b);
}

// What is in a part is not checked, so that it alone is lost.
static void broken_parts(void)
{
    is_text(PARTS("[{\"a\":tru},{\"b\" 1},nope,{'c':1},NaN,12\"x\"]"),
            "{\"a\":tru};{\"b\" 1};nope;{'c':1};NaN;12\"x\";");
    is_text(PARTS("[\"a\nb\",\"\xFF\"]"), "\"a\nb\";\"\xFF\";");
}

static void broken_files(void)
{
    is_text(PARTS(""), " parse: the file is empty (byte 0)");
    is_text(PARTS(" \n "), " parse: the file is empty (byte 3)");
    is_text(PARTS("\xEF\xBB\xBF"), " parse: the file is empty (byte 3)");
    is_text(PARTS("<html>"),
            " parse: the file is no JSON object or array, it begins with \"<html>\" (byte 0)");
    is_text(PARTS("\n\"text\""),
            " parse: the file is no JSON object or array, it begins with \"\"text\"\" (byte 1)");
    is_text(PARTS("12"), " parse: the file is no JSON object or array, it begins with \"12\" "
                         "(byte 0)");
    is_text(PARTS("null"), " parse: the file is no JSON object or array, it begins with \"null\" "
                           "(byte 0)");
#define UTF16 " parse: the file is in UTF-16 (or UTF-32), JSON is UTF-8 (byte 0)"
    is_text(PARTS("\xFF\xFE{\0}\0"), UTF16);
    is_text(PARTS("\xFE\xFF\0{\0}"), UTF16);
    is_text(PARTS("{\0}\0"), UTF16);
    is_text(PARTS("\0{\0}"), UTF16);
    is_text(PARTS("\0\0\0["), UTF16);
    is_text(PARTS("\xFF\xFE\0\0[\0\0\0"), UTF16);

    is_text(PARTS("{"), " parse: the file is cut short (byte 1)");
    is_text(PARTS("["), " parse: the file is cut short (byte 1)");
    is_text(PARTS("[1"), " parse: the file is cut short (byte 2)");
    is_text(PARTS("[1,"), "1; parse: the file is cut short (byte 3)");
    is_text(PARTS("[1,\"x"), "1; parse: the file is cut short (byte 5)");
    is_text(PARTS("[1,\"x\\"), "1; parse: the file is cut short (byte 6)");
    is_text(PARTS("[{\"a\":1},{\"b\":[2}"), "{\"a\":1}; parse: the file is cut short (byte 17)");
    is_text(PARTS("[{}"), "{}; parse: the file is cut short (byte 3)");
    is_text(PARTS("{\"a"), " parse: the file is cut short (byte 3)");
    is_text(PARTS("{\"a\""), " parse: the file is cut short (byte 4)");
    is_text(PARTS("{\"a\":"), " parse: the file is cut short (byte 5)");
    is_text(PARTS("{\"a\":{}"), "a={}; parse: the file is cut short (byte 7)");
    is_text(PARTS("{\"a\":{},"), "a={}; parse: the file is cut short (byte 8)");
    is_text(PARTS("{\"a\":[1,2"), "a[]=1; parse: the file is cut short (byte 9)");
    is_text(PARTS("{\"a\":[1]"), "a[]=1; parse: the file is cut short (byte 8)");
    is_text(PARTS("{a:1}"), " parse: a key of the outermost object is missing (byte 1)");
    is_text(PARTS("{\"a\":1,}"), "a=1; parse: a key of the outermost object is missing (byte 7)");
    is_text(PARTS("{\"a\" 1}"), " parse: a colon is missing (byte 5)");
    is_text(PARTS("{\"a\":}"), " parse: a value is missing (byte 5)");
    is_text(PARTS("{\"a\":1 \"b\":2}"),
            "a=1 \"b\"; parse: a comma or a closing bracket is missing (byte 10)");
    is_text(PARTS("{\"a\":{} \"b\":2}"),
            "a={}; parse: a comma or a closing bracket is missing (byte 8)");
    is_text(PARTS("[1,]"), "1; parse: a value is missing (byte 3)");
    is_text(PARTS("[,1]"), " parse: a value is missing (byte 1)");
    is_text(PARTS("[{} {}]"), "{}; parse: a comma or a closing bracket is missing (byte 4)");
    is_text(PARTS("[1}"), "1; parse: a comma or a closing bracket is missing (byte 2)");
    is_text(PARTS("{\"a\":1]"), "a=1; parse: a comma or a closing bracket is missing (byte 6)");

    struct err e = {0};
    int folder = open("/tmp", O_RDONLY | O_DIRECTORY);
    buf_clear(&parts);
    parts_of_fd(folder, &parts, &e);
    is_text(buf_str(&parts), " io: reading the file: Is a directory");
    close(folder);
}

// The same text behind each number of spaces, so that the end of the first block falls on each of its bytes.
static void every_boundary(void)
{
    static const char text[] = "{\"k\\u00e9y\" : {\"a\":\"x\\\"y\\\\\"} , \"graph\": [ {\"b\":[1, "
                               "\"]\"]},12 , \"\\\\\" ] ,\"n\":true}";
    static const char want[] = "k\xC3\xA9y={\"a\":\"x\\\"y\\\\\"};graph[]={\"b\":[1, "
                               "\"]\"]};graph[]=12;graph[]=\"\\\\\";n=true;";
    char *file = malloc(BLOCK + sizeof text);
    size_t same = 0;
    for (size_t before = 0; before < sizeof text; before++) {
        size_t spaces = BLOCK - before;
        memset(file, ' ', spaces);
        memcpy(file + spaces, text, sizeof text - 1);
        same += str_eq(parts_of(str_slice(file, spaces + sizeof text - 1)), str_of(want));
    }
    is_int(same, sizeof text);
    free(file);
}

static void offsets(void)
{
    int fd = file_of(STR("xx {\"a\": [ 1,  {}],\"b\" :true}"));
    lseek(fd, 2, SEEK_SET); // from where it stands
    struct json_stream *s = json_stream_new(fd);
    struct json_part part;
    struct err e;
    ok(json_stream_next(s, &part, &e));
    is_int(part.offset, 9);
    is_text(part.member, "a");
    ok(part.element);
    ok(json_stream_next(s, &part, &e));
    is_int(part.offset, 13);
    ok(json_stream_next(s, &part, &e));
    is_int(part.offset, 22);
    is_text(part.member, "b");
    ok(!part.element);
    ok(!json_stream_next(s, &part, &e));
    is_int(e.code, ERR_NONE);
    json_stream_free(s);
    json_stream_free(NULL);
    close(fd);
}

static void too_large(void)
{
    struct buf b = {0};
    buf_addz(&b, "{\"a\":[1,\"");
    size_t most = JSON_PART_MAX - 2;
    buf_reserve(&b, 2 * most);
    memset(b.p + b.n, 'x', most);
    b.n += most;
    buf_addz(&b, "\",2]}");
    int fd = file_of(buf_str(&b));
    struct json_stream *s = json_stream_new(fd);
    struct json_part part;
    struct err e;
    ok(json_stream_next(s, &part, &e));
    ok(json_stream_next(s, &part, &e));
    ok(!part.too_large);
    is_int(part.text.n, JSON_PART_MAX);
    ok(json_stream_next(s, &part, &e));
    is_text(part.text, "2");
    json_stream_free(s);
    close(fd);

    b.n -= 5;
    buf_addz(&b, "x\",2],\"b\":\"");
    memset(b.p + b.n, 'y', most / 2);
    b.n += most / 2;
    memset(b.p + b.n, 'y', most / 2);
    b.n += most / 2;
    buf_addz(&b, "y\",\"c\":3}");
    is_text(parts_of(buf_str(&b)), "a[]=1;a[]=TOO LARGE;a[]=2;b=TOO LARGE;c=3;");
    buf_free(&b);
}

// Writers that give a few bytes at a time.
static void from_a_pipe(void)
{
    int ends[2];
    if (pipe(ends) != 0)
        abort();
    if (write(ends[1], "\xEF", 1) != 1 || write(ends[1], "\xBB\xBF{\"a\"", 6) != 6 ||
        write(ends[1], ":[1,2]}", 7) != 7)
        abort();
    close(ends[1]);
    struct err e = {0};
    buf_clear(&parts);
    parts_of_fd(ends[0], &parts, &e);
    is_text(buf_str(&parts), "a[]=1;a[]=2;");
    close(ends[0]);
}

int main(void)
{
    structures();
    keys();
    broken_parts();
    broken_files();
    every_boundary();
    offsets();
    too_large();
    from_a_pipe();
    buf_free(&parts);
    return tap_done();
}
