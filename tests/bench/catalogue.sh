#!/bin/sh
# The bed of the relevance benchmark: harvests the real catalogue and ACORDAR into a data folder, then serves them.
#
#     tests/bench/catalogue.sh replay   BUILD DATA [SECONDS]    starts ../shared/tools/replay-udata, harvests, serves
#     tests/bench/catalogue.sh URL      BUILD DATA [SECONDS]    harvests a udata catalogue that answers on loopback, serves
#     tests/bench/catalogue.sh existing BUILD DATA [SECONDS]    serves what DATA holds from an earlier run
#
# BUILD: the build folder whose glaneur runs. It serves on GLANEUR_LISTEN (127.0.0.1:8080), admin face in DATA, until Ctrl-C or
# for SECONDS (3600; 0 stops after the harvest). Real data is read from ../shared, beside the project: where that is absent it says
# so, and leaves out what it cannot have. A second run on the same DATA is an ordinary harvest of the same sources.
set -eu
usage() {
    sed -n '2,10s/^# \{0,1\}//p' "$0"
    exit "$1"
}
[ "${1-}" = --help ] && usage 0
case $# in
3 | 4) ;;
*) usage 2 ;;
esac
from=$1 glaneur=$2/glaneur data=$3 seconds=${4:-3600}
here=$(dirname "$0")
shared=$here/../../../shared
listen=${GLANEUR_LISTEN:-127.0.0.1:8080}
[ -x "$glaneur" ] || { echo "no $glaneur: build it first" >&2; exit 1; }
mkdir -p "$data"
data=$(cd "$data" && pwd)
settings=$data/bench.yaml
logs=$(mktemp -d)
running=""

end_running() {
    for pid in $running; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    running=""
}
stop() {
    trap - EXIT INT TERM
    end_running
    rm -rf "$logs"
}
trap stop EXIT
trap 'stop; exit 130' INT TERM

# start NAME COMMAND...: in the background; url becomes the address at the end of its first line
start() {
    name=$1
    shift
    "$@" >"$logs/$name" &
    running="$running $!"
    while ! grep -qs 'http://' "$logs/$name"; do
        kill -0 $! 2>/dev/null || { echo "$1 ended before it served" >&2; exit 1; }
        sleep 0.2
    done
    url=$(sed -n '1s/.* on //p' "$logs/$name")
    echo "$name: $(head -n 1 "$logs/$name")" >&2
}

# add NAME URL KINDS: one more source of the configuration
add() {
    echo "  - {name: $1, type: udata, url: \"$2\", kinds: [$3], schedule: never, rate: 0, allow_private: [127.0.0.0/8]}" >>"$settings"
}

# head_of: the configuration, but for its sources
head_of() {
    printf 'listen: %s\nadmin: unix:%s/admin.sock\ndata: .\nsources:\n' "$listen" "$data"
}

if [ "$from" = existing ]; then
    [ -f "$settings" ] || { echo "nothing was harvested into $data yet" >&2; exit 1; }
    { head_of && sed '1,/^sources:/d' "$settings"; } >"$logs/settings"
    cp "$logs/settings" "$settings"
else
    head_of >"$settings"
    if [ "$from" != replay ]; then
        add data.gouv.fr "$from" "dataset, dataservice, reuse, organization"
    elif [ -x "$shared/tools/replay-udata" ]; then
        start data.gouv.fr "$shared/tools/replay-udata" --port 0
        add data.gouv.fr "$url" "dataset, dataservice, reuse, organization"
    else
        echo "skipped: data.gouv.fr, ../shared/tools/replay-udata is not here" >&2
    fi
    if [ -f "$shared/data/acordar1-pool/data.json" ]; then
        start acordar python3 "$here/acordar.py" "$shared/data/acordar1-pool"
        add acordar "$url" dataset
    else
        echo "skipped: acordar, ../shared/data/acordar1-pool/data.json is not here" >&2
    fi
    grep -q name: "$settings" || { echo "nothing to harvest" >&2; exit 0; }
    failed=0
    "$glaneur" harvest -c "$settings" --json --quiet >"$logs/runs" || failed=1
    end_running
    [ -s "$logs/runs" ] || exit 1
    python3 - "$logs/runs" <<'END'
import json, sys
for r in json.load(open(sys.argv[1]))["runs"]:
    print("{source}: {state}, {added} added, {updated} updated, {unchanged} unchanged, {errored} errors".format(**r))
END
    [ $failed = 0 ] || exit 1
fi
[ "$seconds" != 0 ] || exit 0
echo "serving on http://$listen for $seconds s (Ctrl-C ends it)" >&2
timeout -s TERM "$seconds" "$glaneur" serve -c "$settings" --quiet &
running=$!
code=0
wait $running || code=$?
running=""
[ $code = 124 ] || exit $code
