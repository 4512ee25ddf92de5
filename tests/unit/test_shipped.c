// config/shipped: what is compiled in, and a folder that overrides it file by file.
#include "config/shipped.h"
#include "tests/tap.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef SOURCE_DIR
#define SOURCE_DIR "."
#endif

static struct arena a;
static char share[] = "/tmp/test_shipped.XXXXXX";

static const char *path_in(const char *folder, const char *name)
{
    return arena_printf(&a, "%s/%s", folder, name).p;
}

static void write_file(const char *name, struct str text)
{
    FILE *f = fopen(path_in(share, name), "wb");
    if (!f || fwrite(text.p, 1, text.n, f) != text.n || fclose(f) != 0)
        abort();
}

static struct str source_file(const char *name)
{
    FILE *f = fopen(path_in(SOURCE_DIR, name), "rb");
    if (!f)
        return STR_NONE;
    char *bytes = arena_bytes(&a, 1 << 21);
    size_t n = fread(bytes, 1, 1 << 21, f);
    fclose(f);
    return str_slice(bytes, n);
}

// Every file of the table is the one of the source tree.
static void compiled_in(void)
{
    size_t n = 0, same = 0;
    for (; shipped_files[n].name; n++)
        same += str_eq(shipped_files[n].text, source_file(shipped_files[n].name));
    ok(n > 10);
    is_int(same, n);

    struct err e = {0};
    struct str s;
    ok(shipped_file(STR_NONE, "config/stopwords.txt", &a, &s, &e));
    ok(str_starts(s, STR("# Stop words")));
    is_int(s.p[s.n], 0); // as C string too
    ok(!shipped_file(STR_NONE, "config/nothing.txt", &a, &s, &e));
    is_int(e.code, ERR_NOT_FOUND);
    is_str(e.what, "no shipped file is called config/nothing.txt");
    ok(s.p == NULL);
    ok(!shipped_file(str_of(share), "../etc/passwd", &a, &s, &e)); // neither shipped nor there
}

static void overridden(void)
{
    struct err e = {0};
    struct str s, folder = str_of(share);
    mkdir(path_in(share, "config"), 0755);
    write_file("config/stopwords.txt", STR("le la\n"));
    ok(shipped_file(folder, "config/stopwords.txt", &a, &s, &e));
    is_text(s, "le la\n");
    is_int(s.p[s.n], 0);
    write_file("config/stopwords.txt", STR("les\n"));
    is_text(s, "le la\n"); // a copy
    ok(shipped_file(folder, "config/stopwords.txt", &a, &s, &e));
    is_text(s, "les\n");
    // The other files stay what they were.
    ok(shipped_file(folder, "config/generic-words.txt", &a, &s, &e));
    ok(str_eq(s, source_file("config/generic-words.txt")));
    ok(shipped_file(folder, "api/web/style.css", &a, &s, &e)); // the folder api is not there
    ok(str_eq(s, source_file("api/web/style.css")));
    ok(shipped_file(STR("/nowhere/at/all"), "api/web/style.css", &a, &s, &e));
    // An empty file overrides too, and so may one of a name that is not shipped.
    write_file("config/stopwords.txt", STR(""));
    ok(shipped_file(folder, "config/stopwords.txt", &a, &s, &e));
    is_int(s.n, 0);
    ok(s.p != NULL);
    write_file("config/own.txt", STR("a\0b"));
    ok(shipped_file(folder, "config/own.txt", &a, &s, &e));
    ok(str_eq(s, STR("a\0b")));
}

static void unreadable(void)
{
    struct err e = {0};
    struct str s;
    const char *style = "api/web/style.css";
    mkdir(path_in(share, "api"), 0755);
    mkdir(path_in(share, "api/web"), 0755);
    mkdir(path_in(share, style), 0755); // a folder in the place of the file
    ok(!shipped_file(str_of(share), style, &a, &s, &e));
    is_int(e.code, ERR_IO);
    is_str(e.where, path_in(share, style));
    ok(s.p == NULL);
    rmdir(path_in(share, style));

    if (symlink(style + 8, path_in(share, style)) != 0) // to itself
        abort();
    ok(!shipped_file(str_of(share), style, &a, &s, &e));
    is_int(e.code, ERR_IO);
    unlink(path_in(share, style));

    write_file(style, STR(""));
    if (truncate(path_in(share, style), SHIPPED_BYTES_MAX + 1) != 0)
        abort();
    ok(!shipped_file(str_of(share), style, &a, &s, &e));
    is_int(e.code, ERR_IO);
    is_str(e.what, "the file that overrides shipped data cannot be read, or is over 16 MB");
    if (truncate(path_in(share, style), SHIPPED_BYTES_MAX) != 0)
        abort();
    ok(shipped_file(str_of(share), style, &a, &s, &e));
    is_int(s.n, SHIPPED_BYTES_MAX);

    if (mkfifo(path_in(share, "config/pipe"), 0644) != 0)
        abort();
    ok(!shipped_file(str_of(share), "config/pipe", &a, &s, &e)); // and does not wait for a writer
    is_int(e.code, ERR_IO);
    unlink(path_in(share, "config/pipe"));

    if (getuid() != 0) { // root reads everything
        chmod(path_in(share, style), 0);
        ok(!shipped_file(str_of(share), style, &a, &s, &e));
        is_int(e.code, ERR_IO);
    }
}

int main(void)
{
    if (!mkdtemp(share))
        return 1;
    compiled_in();
    overridden();
    unreadable();
    static const char *const files[] = {"config/stopwords.txt", "config/own.txt",
                                        "api/web/style.css"};
    static const char *const folders[] = {"config", "api/web", "api", ""};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        unlink(path_in(share, files[i]));
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        rmdir(path_in(share, folders[i]));
    arena_free(&a);
    return tap_done();
}
