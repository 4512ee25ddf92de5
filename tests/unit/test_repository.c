// harvester/normalise/repository: one key for the many ways to write a repository's address, none for what names no one repository.
#include "harvester/normalise/repository.h"
#include "tests/tap.h"

static struct arena arena;

static void is_key(const char *address, const char *wanted)
{
    struct str key = repository_key(&arena, str_of(address));
    if (!str_eq(key, str_of(wanted)))
        printf("# %s\n", address);
    is_text(key, wanted);
}

static void test_one_repository(void)
{
    static const char *const same[] = {
        "https://github.com/etalab/ban",
        "http://github.com/etalab/ban",
        "https://www.github.com/etalab/ban/",
        "HTTPS://GitHub.com/Etalab/BAN",
        "https://github.com/etalab/ban.git",
        "https://github.com/etalab/ban.git/",
        "https://github.com/etalab/ban/tree/master",
        "https://github.com/etalab/ban/blob/master/README.md#usage",
        "https://github.com/etalab/ban/releases",
        "https://github.com/etalab/ban#readme",
        "https://github.com/etalab/ban?tab=readme-ov-file",
        "https://jeanne@github.com/etalab/ban",
        "https://jeanne:secret@github.com/etalab/ban",
        "https://github.com:443/etalab/ban",
        "git@github.com:etalab/ban.git",
        "ssh://git@github.com/etalab/ban.git",
        "ssh://git@github.com:22/etalab/ban.git",
        "git://github.com/etalab/ban.git",
        "git+https://github.com/etalab/ban.git",
        "github.com/etalab/ban",
        "//github.com/etalab/ban",
        "  https://github.com/etalab/ban\n",
        "https://github.com//etalab/ban",
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        is_key(same[i], "https://github.com/etalab/ban");
}

static void test_forges(void)
{
    is_key("https://gitlab.com/Fabnum-Minarm/e-chauffeur/",
           "https://gitlab.com/fabnum-minarm/e-chauffeur");
    is_key("https://gitlab.inria.fr/grew/tools/SSQ_UD/-/tree/main/src",
           "https://gitlab.inria.fr/grew/tools/ssq_ud");
    is_key("https://gitlab.adullact.net/a/b/-/", "https://gitlab.adullact.net/a/b");
    is_key("https://gitlab.adullact.net/a/b/tree/master", "https://gitlab.adullact.net/a/b");
    is_key("https://gitlab.irstea.fr/support/wiki", "https://gitlab.irstea.fr/support/wiki");
    is_key("https://gitlab.irstea.fr/support/site/wiki", "https://gitlab.irstea.fr/support/site");
    is_key("https://framagit.org/Steph/primtux7", "https://framagit.org/steph/primtux7");
    is_key("https://git.sr.ht/~codegouvfr/sill/tree", "https://git.sr.ht/~codegouvfr/sill");
    is_key("https://codeberg.org/a/b/src/branch/main/x", "https://codeberg.org/a/b");
    is_key("https://sourceforge.net/projects/sevenzip/files/7-Zip/",
           "https://sourceforge.net/projects/sevenzip");
    is_key("https://sourceforge.net/p/sevenzip/code/", "https://sourceforge.net/projects/sevenzip");
}

// Of other servers nothing is known: the case and the query stay.
static void test_other_servers(void)
{
    is_key("https://git.libreoffice.org/core", "https://git.libreoffice.org/core");
    is_key("https://Git.Example.org/Team/App.git", "https://git.example.org/Team/App");
    is_key("https://git.postgresql.org/gitweb/?p=postgresql.git",
           "https://git.postgresql.org/gitweb/?p=postgresql");
    is_key("https://git.postgresql.org/gitweb/?p=pgadmin.git",
           "https://git.postgresql.org/gitweb/?p=pgadmin");
    is_key("https://git.example.org:8443/a/b", "https://git.example.org:8443/a/b");
    is_key("https://git.example.org/a/b/src/branch/main", "https://git.example.org/a/b");
    is_key("svn://svn.example.org/trunk", "https://svn.example.org/trunk");
}

static void test_none(void)
{
    static const char *const none[] = {
        "",
        "TODO",
        "à venir",
        "etalab/ban",
        "https://github.com",
        "https://github.com/",
        "https://github.com/betagouv", // an organization
        "https://github.com/betagouv/",
        "https://github.com/orgs/betagouv/repositories",
        "https://gitlab.com/fabnum-minarm", // a group
        "https://gitlab.com/groups/fabnum-minarm/projects",
        "https://framagit.org/drone",
        "https://git.entrouvert.org/", // a host
        "https://git.samba.org",
        "https://sourceforge.net/software/",
        "ftp://example.org/a/b",
        "file:///etc/passwd",
        "mailto:jeanne@example.org",
        "https://localhost/a/b",
        "https://github.com/a b/c",
        "https://github.com/<a>/b",
        "https://exa\x01mple.org/a/b",
        "javascript:alert(1)//a.b/c",
    };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        is_key(none[i], "");
    char longer[REPOSITORY_KEY_MAX + 40] = "https://example.org/";
    memset(longer + 20, 'a', REPOSITORY_KEY_MAX);
    is_key(longer, "");
}

static void test_find(void)
{
    is_text(
        repository_find(STR("Voir https://github.com/betagouv/aides, et https://gitlab.com/a/b")),
        "https://github.com/betagouv/aides");
    is_text(
        repository_find(STR("(https://github.com/betagouv, https://github.com/betagouv/aides)")),
        "https://github.com/betagouv/aides");
    is_text(repository_find(STR("git@github.com:betagouv/aides.git")),
            "git@github.com:betagouv/aides.git");
    is_text(repository_find(STR("privé et/ou sur demande")), "");
    is_text(repository_find(STR("")), "");
}

int main(void)
{
    test_one_repository();
    test_forges();
    test_other_servers();
    test_none();
    test_find();
    arena_free(&arena);
    return tap_done();
}
