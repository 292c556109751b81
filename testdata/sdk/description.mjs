// What an OpenAPI description says, in the words of declarations.mjs.

// What is compared of a value beside what it is.
export const words = ['readOnly', 'nullable', 'format', 'minLength', 'maxLength', 'minItems', 'maxItems', 'minimum', 'maximum'];

// Description is one document.
export class Description {
  constructor(document) {
    this.document = document;
    this.operations = new Map();
    for (const [path, item] of Object.entries(document.paths)) {
      for (const method of ['get', 'post', 'put', 'patch', 'delete']) {
        const operation = item[method];
        if (!operation) continue;
        operation.parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])];
        this.operations.set(`${method.toUpperCase()} ${path.replace(/{[^}]+}/g, '{}')}`, operation);
      }
    }
  }

  // operation finds one by its method and its path, with the parameters unnamed.
  operation(method, path) {
    return this.operations.get(`${method} ${path}`);
  }

  // request puts together what a request of an operation says: in its path, by the names that are given, in its query and in its body.
  request(operation, inPath) {
    const body = this.resolve(operation.requestBody)?.content?.['application/json']?.schema;
    const members = body ? this.object(body).members : new Map();
    for (const p of operation.parameters.map((x) => this.resolve(x))) {
      if (p.in === 'query') put(members, p.name.split('.'), this.value(p.schema));
    }
    for (const name of inPath) put(members, name.split('.'), { isPath: true });
    return { members };
  }

  response(operation) {
    const content = this.resolve(operation.responses['200'])?.content;
    return content ? this.object(content['application/json'].schema) : {};
  }

  // codes are those of an operation's errors, with the schema of what each adds, if there is one.
  codes(operation) {
    const out = new Map();
    for (const response of Object.values(operation.responses).map((x) => this.resolve(x))) {
      for (const { code, data } of response['x-contactsgen-error-codes'] ?? []) out.set(code, data && this.object(data));
    }
    return out;
  }

  resolve(x) {
    while (x?.$ref) x = x.$ref.split('/').slice(1).reduce((at, name) => at[name], this.document);
    return x;
  }

  // object gives the members of a schema, those included that it has of others.
  object(schema) {
    const name = schema.$ref?.split('/').at(-1) ?? (schema.allOf?.length === 1 ? schema.allOf[0].$ref?.split('/').at(-1) : undefined);
    const description = this;
    return {
      name,
      get members() {
        const out = new Map();
        const add = (part) => {
          const s = description.resolve(part);
          for (const of of ['allOf', 'oneOf', 'anyOf']) s[of]?.forEach(add);
          for (const [member, value] of Object.entries(s.properties ?? {})) out.set(member, description.value(value));
        };
        add(schema);
        return out;
      },
    };
  }

  // value says what values of a schema are.
  value(schema) {
    const s = this.flat(schema);
    const out = { values: (s.enum ?? []).filter((x) => x !== null), object: undefined };
    for (const word of words) out[word] = s[word];
    if (['int32', 'double', 'int64'].includes(s.format)) out.format = undefined;
    if (s.type === 'array') {
      const item = this.value(s.items);
      const { nullable, readOnly } = s;
      return { ...item, ...given(out), kind: `array of ${item.kind}`, values: item.values, object: item.object, nullable, readOnly };
    }
    out.kind = s.type === 'integer' ? 'number' : s.type;
    if (s.type === 'object' && Object.keys(s.properties).length === 0 && !s.oneOf && !s.anyOf) out.kind = 'free';
    else if (s.type === 'object') out.object = this.object(schema);
    return out;
  }

  // flat gives a schema with what it has of others.
  flat(schema) {
    const s = this.resolve(schema);
    const parts = (s.allOf ?? []).map((x) => this.flat(x));
    return { ...Object.assign({}, ...parts), ...s, properties: Object.assign({}, ...parts.map((p) => p.properties), s.properties) };
  }
}

function given(value) {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined));
}

// put adds a value at a place that is some objects deep.
function put(members, [name, ...rest], value) {
  if (rest.length === 0) {
    members.set(name, value);
    return;
  }
  const object = members.get(name)?.object ?? { members: new Map() };
  const within = new Map(object.members);
  put(within, rest, value);
  members.set(name, { kind: 'object', values: [], object: { members: within } });
}
