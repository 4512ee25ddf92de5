// Compares our JSON-LD expansion with the independent one of the npm package `jsonld`: the same canonical form, or the same error code.
//
//     node compare.mjs CONTEXTS FILE...    NODE_MODULES says where `jsonld` is installed; JSONLD_EXPAND is our program;
//                                          CONTEXTS is config/contexts, so that both know the same addresses.
//
// Prints a line "ok FILE" or "not ok FILE: what differs" for each. Arrays are sets, but those of @list.
import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {resolve} from 'node:path';

const jsonld = createRequire(process.env.NODE_MODULES + '/')('jsonld');
const [folder, ...files] = process.argv.slice(2);
const BASE = 'http://base.example/folder/document';

const addresses = readFileSync(folder + '/addresses.tsv', 'utf8').split('\n')
  .filter(line => line && !line.startsWith('#')).map(line => line.split('\t'));

// The addresses of the list, and no other.
async function documentLoader(url) {
  const plain = url.replace(/^https?:\/\//, '').replace(/#.*/, '');
  const known = addresses.find(([a]) => a.startsWith('*') ? plain.endsWith(a.slice(1)) : a === plain);
  if(!known)
    throw new Error('not known: ' + url);
  return {contextUrl: null, documentUrl: url, document: JSON.parse(readFileSync(folder + '/' + known[1], 'utf8'))};
}

function canonical(value, ordered = false) {
  if(Array.isArray(value)) {
    const items = value.map(v => canonical(v));
    return '[' + (ordered ? items : items.sort()).join(',') + ']';
  }
  if(value && typeof value === 'object') {
    if(value['@type'] === '@json')
      return JSON.stringify(value, Object.keys(value).sort());
    return '{' + Object.keys(value).sort()
      .map(k => JSON.stringify(k) + ':' + canonical(value[k], k === '@list')).join(',') + '}';
  }
  return JSON.stringify(value);
}

async function theirs(file) {
  try {
    const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
    return canonical(await jsonld.expand(JSON.parse(text), {base: BASE, documentLoader}));
  } catch(e) {
    for(let c = e; c; c = c.details && c.details.cause)
      if(c.details && c.details.code)
        return 'error: ' + c.details.code;
    return 'error: ' + e.message;
  }
}

const ours = spawnSync(process.env.JSONLD_EXPAND, {
  input: files.map(f => resolve(f) + '\t' + BASE + '\n').join(''), encoding: 'utf8', maxBuffer: 1 << 30});
process.stderr.write(ours.stderr);
const lines = ours.stdout.split('\n');
let bad = ours.status === 0 ? 0 : 1;

for(const [i, file] of files.entries()) {
  const want = await theirs(file);
  let got = 'nothing';
  if(lines[i]) {
    const answer = JSON.parse(lines[i]);
    got = Array.isArray(answer) ? canonical(answer) : 'error: ' + answer.error;
  }
  if(got === want || (want.startsWith('error: ') && got.startsWith(want))) {
    console.log('ok ' + file);
    continue;
  }
  let at = 0;
  while(at < got.length && got[at] === want[at])
    at++;
  const from = Math.max(0, at - 60);
  console.log(`not ok ${file}: ours ...${got.slice(from, at + 120)} theirs ...${want.slice(from, at + 120)}`);
  bad++;
}
process.exit(bad ? 1 : 0);
