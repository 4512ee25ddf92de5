// Licences of software, which may be several: SPDX expressions (SPDX specification, annex D: "MIT OR (Apache-2.0 AND CC-BY-4.0)") and what
// people write in their place ("LGPL-2.1, LGPL-3.0", "MPL 2.0 et EPL 1.0"). Any thread.
#pragma once

#include "harvester/normalise/mapper.h"

// One licence is that of the table, an exception ("WITH ...") aside. Of several that one may choose from (OR) the first known open one gives
// its id; where all hold (AND, a list) there is no id. The label is then the text as it is written. Open: one of those to choose from, or
// each of those that hold. What says that nothing is known ("Other", "NOASSERTION") is none.
void map_spdx(struct mapper *m, struct record *r, struct str expression);
