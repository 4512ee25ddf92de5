#!/bin/sh
# Glaneur beside Lucene 9, tantivy, plain Xapian and SQLite FTS5: the same records and queries, one after the other, one thread each;
# prints tables with ratios. An engine that cannot be had here is left out, and the table says why.
#
#     tests/bench/engines/run.sh [RECORDS [BUILD [FOLDER]]]       100000, build-bench, and a folder that is removed at the end
#
# What is in FOLDER already is not made again. PEERS is the folder of the others' programs (../shared/tools/peers beside the project);
# LUCENE_ROOT a Debian 13 root with liblucene9-java and openjdk-21-jdk-headless, entered as root. SEED is 42.
# For 100 000 records: some minutes and 3 GB of disk; ten times that for a million, and 1 GB of memory.
set -eu
here=$(dirname "$0")
records=${1:-100000}
build=${2:-build-bench}
peers=$(realpath -m "${PEERS:-$here/../../../../shared/tools/peers}")
if [ $# -ge 3 ]; then
    mkdir -p "$3"
    folder=$(realpath "$3")
else
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
fi
say() { echo "$*" >&2; }

# Runs a command whose output is kept in FOLDER/$1, unless it is there.
made() {
    name=$1
    shift
    [ -e "$folder/$name" ] && return 0
    say "$name"
    "$@" >"$folder/$name.new" 2>"$folder/$name.err" || { tail -n 3 "$folder/$name.err" >&2; return 1; }
    mv "$folder/$name.new" "$folder/$name"
}
# Why an engine is left out.
skip() { say "$1: skipped, $2"; echo "$2" >"$folder/$1.why"; }

corpus() { "$build/tests/engines_corpus" "$records" "${SEED:-42}" "$folder" && echo done; }
fill() { mkdir -p "$folder/data" && "$build/tests/engines_fill" "$folder/corpus.tsv" "$folder/data"; } # goes on where it was stopped
search() { "$build/tests/engines_search" "$folder" "$@" || { status=$?; [ $status = 3 ] || return $status; }; } # 3: the table tells
compile() { command -v g++ >/dev/null && g++ -O2 -o "$folder/$1" "$peers/$1.cpp" "$2"; }

xapian() {
    made xapian.build compile xapian-index -lxapian && made xapian-query.build compile xapian-query -lxapian ||
        { skip xapian "its programs could not be compiled"; return; }
    made xapian-index.txt "$folder/xapian-index" "$folder/corpus.tsv" "$folder/xapian" flush=1000 db=nosync strat=all &&
        made xapian-query.txt "$folder/xapian-query" "$folder/xapian" "$folder/queries.tsv" 10 none "" all &&
        made xapian-facets.txt "$folder/xapian-query" "$folder/xapian" "$folder/queries.tsv" 10 spy facet5 all ||
        skip xapian "it failed"
}

fts5() {
    made fts5.build compile fts5 -lsqlite3 || { skip fts5 "its program could not be compiled"; return; }
    made fts5-index.txt "$folder/fts5" index "$folder/corpus.tsv" "$folder/fts5.db" &&
        made fts5-query.txt "$folder/fts5" query "$folder/fts5.db" "$folder/queries.tsv" 10 || skip fts5 "it failed"
}

tantivy() {
    package=@oxdev03/node-tantivy-binding-linux-x64-gnu
    command -v npm >/dev/null || { skip tantivy "npm is not installed"; return; }
    made tantivy.npm npm install --silent --no-audit --no-fund --prefix "$folder/npm" "$package@0.3.3" ||
        { skip tantivy "npm could not install it"; return; }
    export NODE_PATH="$folder/npm/node_modules" COUNT=1
    made tantivy-index.txt node "$peers/tantivy-index.js" "$folder/corpus.tsv" "$folder/tantivy" 300 1 &&
        made tantivy-query.txt node "$peers/tantivy-query.js" "$folder/tantivy" "$folder/queries.tsv" 10 ||
        skip tantivy "it failed"
}

# In the root, with mounts that nobody else sees: this folder on /mnt, the peers on /srv.
in_root() {
    # shellcheck disable=SC2016
    unshare -m sh -c 'root=$1 folder=$2 peers=$3; shift 3
        mount -t proc proc "$root/proc" && mount --bind "$folder" "$root/mnt" && mount --bind "$peers" "$root/srv" &&
        exec chroot "$root" sh -c "cd /mnt/lucene && $*"' sh "$LUCENE_ROOT" "$folder" "$peers" "$@"
}

# Debian's jar lacks META-INF/services; 9.10 and 9.12 have other formats.
services() {
    mkdir -p "$folder/lucene/META-INF/services"
    version=9.10
    ls "$LUCENE_ROOT"/usr/share/java/lucene9-9.1[2-9]* >/dev/null 2>&1 && version=9.12
    format=lucene99
    [ $version = 9.12 ] && format=lucene912
    package=org.apache.lucene.codecs
    while read -r service class; do
        echo "$package.$class" >"$folder/lucene/META-INF/services/$package.$service"
    done <<END
Codec $format.L${format#l}Codec
PostingsFormat $format.L${format#l}PostingsFormat
DocValuesFormat lucene90.Lucene90DocValuesFormat
KnnVectorsFormat lucene99.Lucene99HnswVectorsFormat
END
    jar=/usr/share/java/lucene9.jar
    in_root javac -cp $jar -d . /srv/Lucene.java && echo done
}

lucene() {
    [ -n "${LUCENE_ROOT:-}" ] || { skip lucene "LUCENE_ROOT names no root that has it"; return; }
    [ "$(id -u)" = 0 ] || { skip lucene "its root can be entered as root only"; return; }
    run="java -Xmx4g -Dorg.apache.lucene.store.MMapDirectory.enableMemorySegments=false -cp /usr/share/java/lucene9.jar:. Lucene"
    made lucene.build services || { skip lucene "its program could not be compiled"; return; }
    made lucene-index.txt in_root "$run index /mnt/corpus.tsv /mnt/lucene/index one" &&
        made lucene-query.txt in_root "$run query /mnt/lucene/index /mnt/queries.tsv" &&
        made lucene-exact.txt in_root "EXACT=1 $run query /mnt/lucene/index /mnt/queries.tsv" || skip lucene "it failed"
}

[ -x "$build/tests/engines_search" ] || {
    say "$build has no tests/engines_search: meson setup $build -Dtests=true && ninja -C $build"
    exit 2
}
rm -f "$folder"/*.why
made corpus.done corpus && made glaneur-index.json fill || exit 1
made glaneur-query.json search || exit 1
made glaneur-threads.json search --threads && made glaneur-memory.json search --memory || exit 1
cat "$folder/glaneur-query.json.err" 2>/dev/null >&2 || true
if [ -d "$peers" ]; then
    xapian
    fts5
    tantivy
    lucene
else
    for engine in xapian fts5 tantivy lucene; do skip $engine "its program is not here ($peers)"; done
fi
# Last: it moves the index on, and the other engines were asked within minutes of ours.
made glaneur-moving.json search --moving || exit 1
cat "$folder/glaneur-moving.json.err" 2>/dev/null >&2 || true
python3 "$here/table.py" "$folder"
