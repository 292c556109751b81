// Compares what the official SDK's types say of requests and answers with what the descriptions in spec/ say of them, member by member:
// node members.mjs [description of V4 [description of V5]]
//
// It begins at the methods that the SDK has, and goes from there through all types. What is missing in a description is wrong; other
// differences are deliberate and listed in differences.mjs, with the reason of each. The exit status tells whether that is so.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { differences } from './differences.mjs';
import { Description, words } from './description.mjs';
import { Declarations } from './declarations.mjs';

const require = createRequire(import.meta.url);

const ours = (i, file) => process.argv[2 + i] ?? fileURLToPath(new URL(`../../spec/${file}`, import.meta.url));

const versions = [
  { name: 'V4', file: ours(0, 'contacts.yaml'), packages: ['contacts', 'labels', 'extended-fields', 'attachments', 'submitted-contact'] },
  { name: 'V5', file: ours(1, 'contacts-v5.yaml'), packages: ['contacts-v-5'] },
];

// Comparison finds the differences between the types of one version's packages and its description.
class Comparison {
  constructor(version, findings) {
    this.version = version.name;
    this.findings = findings;
    this.description = new Description(parse(readFileSync(version.file, 'utf8')));
    this.seen = new Set(); // pairs of types that were compared
    this.members = 0;
    this.methods = 0;
    this.codes = 0;
  }

  differ(at, what) {
    this.findings.push({ line: `${this.version} ${at}: ${what}` });
  }

  package(name) {
    const path = require.resolve(`@wix/auto_sdk_crm_${name}/meta`);
    const declarations = new Declarations(path.replace(/\.js$/, '.d.ts'));
    for (const [method, meta] of Object.entries(require(path))) {
      if (typeof meta === 'function') this.method(method, meta(), declarations.method(method));
    }
  }

  method(name, meta, declared) {
    this.methods++;
    const url = meta.getUrl({ host: 'www.wixapis.com' }).replace(/:\w+/g, '{}');
    // What a GET has in one parameter where it is short, a POST has in its body: the description has the POST.
    const operation = this.description.operation(meta.httpMethod, url) ?? this.description.operation('POST', url);
    if (!operation) return this.differ(name, `missing: there is no ${meta.httpMethod} ${url}`);
    const inPath = [...meta.path.matchAll(/{([^}]+)}/g)].map((m) => m[1]);
    this.object(declared.request, this.description.request(operation, inPath), declared.request.name);
    this.object(declared.response, this.description.response(operation), declared.response.name);
    this.errors(name, declared.errors, this.description.codes(operation));
  }

  // errors compares the codes that a method declares, and what each adds.
  errors(method, theirs, ours) {
    for (const { code, data } of theirs) {
      this.codes++;
      if (!ours.has(code)) this.differ(`${method} ${code}`, 'missing');
      else if (data) this.object(data, ours.get(code) ?? {}, data.name);
    }
    for (const code of ours.keys()) {
      if (!theirs.some((x) => x.code === code)) this.differ(`${method} ${code}`, 'ours alone');
    }
  }

  // object compares the members of two types.
  object(theirs, ours, at) {
    const pair = `${theirs.name} ${ours.name ?? at}`;
    if (this.seen.has(pair)) return;
    this.seen.add(pair);
    const members = theirs.members();
    for (const member of members) {
      this.members++;
      const place = `${at}.${member.name}`;
      const our = ours.members?.get(member.name);
      if (our) this.value(member, our, place);
      else this.differ(place, 'missing');
    }
    for (const name of ours.members?.keys() ?? []) {
      if (!members.some((m) => m.name === name)) this.differ(`${at}.${name}`, 'ours alone');
    }
  }

  // value compares what two members may hold.
  value(theirs, ours, at) {
    if (ours.isPath) return; // a text in the path, whose form the path gives
    for (const word of ['kind', ...words]) {
      if (theirs[word] !== ours[word]) this.differ(at, `${word} is ${theirs[word]}, ours ${ours[word]}`);
    }
    const absent = (list, other) => list.filter((x) => !other.includes(x));
    if (theirs.values.length > 0) {
      const missing = absent(theirs.values, ours.values);
      const more = absent(ours.values, theirs.values);
      if (missing.length > 0) this.differ(at, `missing values ${missing}`);
      if (more.length > 0) this.differ(at, `values of ours alone ${more}`);
    }
    if (theirs.object && ours.object) this.object(theirs.object, ours.object, theirs.object.name);
  }
}

// explain gives each finding its reason, and complains of those that have none, and of reasons that nothing needs.
function explain(findings) {
  let wrong = 0;
  const needed = new Map(differences.map((d) => [d, 0]));
  for (const f of findings) {
    const d = f.line.includes(': missing') ? undefined : differences.find((x) => x.is.test(f.line));
    if (d) {
      needed.set(d, needed.get(d) + 1);
      continue;
    }
    wrong++;
    console.log(`NOT LISTED ${f.line}`);
  }
  console.log('Differences that are deliberate:');
  for (const [d, n] of needed) {
    console.log(`  ${d.reason} (${n})`);
    if (n === 0) {
      wrong++;
      console.log(`NOT NEEDED ${d.is}`);
    }
  }
  return wrong;
}

const findings = [];
for (const version of versions) {
  const comparison = new Comparison(version, findings);
  for (const name of version.packages) comparison.package(name);
  const missing = findings.filter((f) => f.line.startsWith(version.name) && f.line.includes(': missing')).length;
  const { methods, members, codes } = comparison;
  console.log(`${version.name}: ${methods} methods, ${members} members, ${codes} codes of errors; missing ${missing}`);
}
process.exitCode = explain(findings) > 0 ? 1 : 0;
