// Who to write to about a record: the address of a service, never of a person (design.md 3, contact_role). Any thread.
#pragma once

#include "base/arena.h"

// The form's address when it is one of the web; else the e-mail address (a form's "mailto:" is one) when its local part
// names a role (contact@, support-api@, sig.lyon@) and at most one word beside it; else {NULL, 0}.
struct str contact_role(struct arena *a, struct str form_url, struct str email);
