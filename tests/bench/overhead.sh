#!/bin/sh
# The CPU of a full harvest and index, beside that of Xapian alone over the same documents (raw_xapian.cc), and that of the nights that
# follow; peak memory, sizes on disk.
#
#     tests/bench/overhead.sh URL [BUILD [NIGHT]]     URL: of a udata catalogue on loopback; BUILD: build-bench by default;
#                                                     NIGHT: of the same one a night later, as replay-udata --churn serves it
set -eu
[ $# -ge 1 ] || { echo "skipped: no catalogue was given (see tests/bench/README.md)"; exit 0; }
build=${2:-build-bench}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 - "$build" "$folder" "$1" "${3:-}" <<'END'
import json, os, subprocess, sys
build, folder, url, night = sys.argv[1:]
size = lambda d: sum(os.path.getsize(os.path.join(p, f)) for p, _, fs in os.walk(d) for f in fs) / 1e6
def say(name, value, form="{:.1f}"):
    print(f"{name:<34}" + (value if isinstance(value, str) else form.format(value)), flush=True)
def harvest(url):
    with open(f"{folder}/glaneur.yaml", "w") as f:
        f.write(f"data: data\nsources:\n  - {{name: data.gouv.fr, type: udata, url: \"{url}\", schedule: never, rate: 0, allow_private: [127.0.0.0/8]}}\n")
    run = subprocess.Popen([f"{build}/glaneur", "harvest", "-c", f"{folder}/glaneur.yaml", "--json", "--quiet"], stdout=subprocess.PIPE)
    out = run.stdout.read()
    used = os.wait4(run.pid, 0)[2]
    return json.loads(out)["runs"][0], used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
r, cpu, memory = harvest(url)
say("harvest", f"{r['state']}, {r['added']} records")
say("cpu s, the whole process", cpu)
say("peak memory MB", memory, "{:.0f}")
say("store MB", os.path.getsize(folder + "/data/store.db") / 1e6, "{:.0f}")
say("index MB", size(folder + "/data/index"), "{:.0f}")
raw = subprocess.run([f"{build}/tests/raw_xapian", f"{folder}/data", folder], stdout=subprocess.PIPE, text=True, check=True).stdout
print(raw, end="")
xapian, analysis = (float(line.split()[-1]) for line in raw.splitlines()[-2:])
say("ratio", cpu / xapian, "{:.2f}")
say("ratio, with its analysis", cpu / (xapian + analysis), "{:.2f}")
if night:
    n, again, memory = harvest(night)
    say("a night later", "{state}: {added} added, {updated} updated, {removed} removed, {unchanged} unchanged, {figures} figures".format(**n))
    say("cpu s", again)
    say("share of the full harvest", again / cpu, "{:.3f}")
    say("peak memory MB", memory, "{:.0f}")
END
