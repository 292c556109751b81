// What Redocly has to be told about our descriptions.

// Where extensions hold schemas. Redocly follows no references in extensions that it does not know, and would take what only those refer to
// for unused.
const errorCode = {
  properties: { code: { type: 'string' }, class: { type: 'string' }, description: { type: 'string' }, data: 'Schema' },
  required: ['code'],
};
const types = (known) => ({
  ...known,
  ErrorCodes: { properties: {}, items: 'ErrorCode' },
  ErrorCode: errorCode,
  Response: { ...known.Response, properties: { ...known.Response.properties, 'x-contactsgen-error-codes': 'ErrorCodes' } },
});

// Takes the place of no-required-schema-properties-undefined, which also looks below `not`: members that exclude each other are named there
// and described beside it.
const requiredIsDescribed = () => ({
  Schema(schema, { location, report }) {
    if (location.pointer.includes('/not/') || location.pointer.endsWith('/not')) return;
    for (const name of schema.required ?? []) {
      if (schema.properties?.[name]) continue;
      report({ message: `The required property ${name} is not described.`, location: location.child('required') });
    }
  },
});

export default () => ({
  id: 'ours',
  typeExtension: { oas3: types },
  rules: { oas3: { 'required-is-described': requiredIsDescribed } },
});
