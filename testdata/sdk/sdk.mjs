// The official SDK, with its requests sent to a server of ours.
import { ApiKeyStrategy, createClient } from '@wix/sdk';

export const plainFetch = globalThis.fetch;

// connect gives a function that calls a method of the modules against the server, prints one line of JSON that tells what was called and
// what came of it, and gives the result; a call that fails gives undefined.
export function connect(server, modules) {
  globalThis.fetch = (resource, init) => {
    const url = new URL(resource instanceof Request ? resource.url : resource);
    if (url.origin !== 'https://www.wixapis.com') throw new Error('the SDK asks ' + url.origin);
    return plainFetch(server + url.pathname + url.search, resource instanceof Request ? resource : init);
  };
  const wix = createClient({ auth: ApiKeyStrategy({ apiKey: 'key', siteId: 'site' }), modules });
  return async (service, method, ...args) => {
    const line = { method: service + '.' + method };
    try {
      line.result = await wix[service][method](...args);
    } catch (err) {
      line.error = { code: String(err.details?.applicationError?.code ?? err.code ?? ''), message: String(err.message) };
    }
    console.log(JSON.stringify(line));
    return line.result;
  };
}
