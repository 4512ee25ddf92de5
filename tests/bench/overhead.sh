#!/bin/sh
# The CPU of a full harvest and index, beside that of Xapian alone over the same texts; peak memory, sizes on disk.
#
#     tests/bench/overhead.sh URL [BUILD]     URL: of a udata catalogue on loopback; BUILD: build-bench by default
set -eu
[ $# -ge 1 ] || { echo "skipped: no catalogue was given (see tests/bench/README.md)"; exit 0; }
build=${2:-build-bench}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/glaneur.yaml" <<END
data: data
sources:
  - {name: data.gouv.fr, type: udata, url: "$1", schedule: never, rate: 0, allow_private: [127.0.0.0/8]}
END
python3 - "$build/glaneur" "$folder" <<'END'
import json, os, resource, subprocess, sys
glaneur, folder = sys.argv[1:]
run = subprocess.run([glaneur, "harvest", "-c", f"{folder}/glaneur.yaml", "--json", "--quiet"], stdout=subprocess.PIPE)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
r = json.loads(run.stdout)["runs"][0]
size = lambda d: sum(os.path.getsize(os.path.join(p, f)) for p, _, fs in os.walk(d) for f in fs) / 1e6
index = f"{folder}/data/index"
print(f"{'state':<16}{r['state']}\n{'records':<16}{r['added']}\n{'harvest cpu s':<16}{r['cpu_seconds']:.1f}")
print(f"{'peak memory MB':<16}{used.ru_maxrss / 1024:.0f}\n{'store MB':<16}{os.path.getsize(folder + '/data/store.db') / 1e6:.0f}")
print(f"{'index MB':<16}{size(index):.0f}")
json.dump(r, open(f"{folder}/run.json", "w"))
END
"$build/tests/raw_xapian" "$folder/data" "$folder" | tee "$folder/raw"
python3 - "$folder" <<'END'
import json, sys
ours = json.load(open(sys.argv[1] + "/run.json"))["cpu_seconds"]
raw = float(open(sys.argv[1] + "/raw").read().splitlines()[1].split()[1])
print(f"{'ratio':<16}{ours / raw:.2f}")
END
