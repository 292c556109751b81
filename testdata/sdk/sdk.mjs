// The official SDK, with its requests sent to a server of ours.
import { ApiKeyStrategy, createClient } from '@wix/sdk';

export const plainFetch = globalThis.fetch;

// connect gives a function that calls a method of the modules against the server, prints one line of JSON that tells what was called and
// what came of it, and gives the result; a call that fails gives undefined. The line has arguments and result as TypeScript, too.
export function connect(server, modules) {
  globalThis.fetch = (resource, init) => {
    const url = new URL(resource instanceof Request ? resource.url : resource);
    if (url.origin !== 'https://www.wixapis.com') throw new Error('the SDK asks ' + url.origin);
    return plainFetch(server + url.pathname + url.search, resource instanceof Request ? resource : init);
  };
  const wix = createClient({ auth: ApiKeyStrategy({ apiKey: 'key', siteId: 'site' }), modules });
  return async (service, method, ...args) => {
    const line = { method: service + '.' + method, types: { args: args.map(source).join(', ') } };
    try {
      line.result = await wix[service][method](...args);
      line.types.result = source(line.result);
    } catch (err) {
      line.error = { code: String(err.details?.applicationError?.code ?? err.code ?? ''), message: String(err.message) };
    }
    console.log(JSON.stringify(line));
    return line.result;
  };
}

// source writes a value as a program has it.
function source(value) {
  if (value instanceof Date) return `new Date(${JSON.stringify(value)})`;
  if (Array.isArray(value)) return `[${value.map(source).join(', ')}]`;
  if (value && typeof value === 'object') {
    const members = Object.entries(value).filter(([, v]) => v !== undefined);
    return `{ ${members.map(([name, v]) => `${JSON.stringify(name)}: ${source(v)}`).join(', ')} }`;
  }
  return value === undefined ? 'undefined' : JSON.stringify(value);
}
