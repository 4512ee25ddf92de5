// The address of a repository of source code as a key: what catalogues write in many ways ("git@github.com:Etalab/BAN.git",
// "http://www.github.com/etalab/ban/tree/master") is one text, so that the same software is found to be the same. A key compares, and is
// never fetched. Any thread.
#pragma once

#include "base/arena.h"

enum { REPOSITORY_KEY_MAX = 500 }; // bytes

// "https://github.com/etalab/ban", in the arena. https whatever the scheme; the host in lower case, without "www.", user, default port;
// no ".git", slash, fragment at the end; none of the pages that forges show below a repository ("/tree/master", "/-/blob/...", "/releases").
// Where a forge does not tell cases apart (GitHub, GitLab, Codeberg, Bitbucket, ...) the path is in lower case, and has no query.
// {NULL, 0} for what names no one repository: text, a host alone, an organization's page.
struct str repository_key(struct arena *a, struct str address);
// The first word of a text that has a key, as it is written; {NULL, 0} when there is none. Borrowed.
struct str repository_find(struct str text);
