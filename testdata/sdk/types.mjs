// Checks that calls of the SDK and what came of them are what the SDK's types say: node types.mjs < lines
//
// The lines are those that the scripts print that call the SDK. Each becomes an expression of TypeScript, and what the compiler has to say
// of it is printed as a line of JSON: {"call": number of the line, "message": …}.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const calls = readFileSync(0, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
const services = [...new Set(calls.map((c) => c.method.split('.')[0]))];

// The result is compared with what the very call gives, since a method may have several signatures.
const header = `import { createClient } from '@wix/sdk';
import { ${services.join(', ')} } from '@wix/crm';
const wix = createClient({ modules: { ${services.join(', ')} } });
declare function holds<T>(call: Promise<T>, result: NoInfer<T>): void;
declare function calls(call: Promise<unknown>): void;`;
const expressions = calls.map(({ method, types: { args, result } }) =>
  result === undefined ? `calls(wix.${method}(${args}));` : `holds(wix.${method}(${args}), ${result});`);
const first = header.split('\n').length;

const file = fileURLToPath(new URL('calls.ts', import.meta.url)); // which is never written
const options = {
  strict: true, noEmit: true, skipLibCheck: true, types: [],
  target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext,
};
const host = ts.createCompilerHost(options);
const [readFile, fileExists] = [host.readFile.bind(host), host.fileExists.bind(host)];
host.readFile = (name) => (name === file ? [header, ...expressions].join('\n') : readFile(name));
host.fileExists = (name) => name === file || fileExists(name);
const program = ts.createProgram([file], options, host);
for (const d of ts.getPreEmitDiagnostics(program)) {
  const line = d.file?.fileName === file ? d.file.getLineAndCharacterOfPosition(d.start).line : -1;
  console.log(JSON.stringify({ call: line - first, message: ts.flattenDiagnosticMessageText(d.messageText, '\n') }));
}
