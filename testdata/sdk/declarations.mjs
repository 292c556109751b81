// What the declarations of a package of the SDK say, in the words of description.mjs.
import ts from 'typescript';

const limits = {
  maxLength: 'maxLength', minLength: 'minLength', maxSize: 'maxItems', minSize: 'minItems', min: 'minimum', max: 'maximum',
};
const formats = { GUID: 'uuid', EMAIL: 'email', LOCAL_DATE: 'date', WEB_URL: 'uri' };

// Declarations are those of one file: the types that travel.
export class Declarations {
  constructor(file) {
    const program = ts.createProgram([file], { strict: true, moduleResolution: ts.ModuleResolutionKind.Node10, skipLibCheck: true });
    this.checker = program.getTypeChecker();
    this.source = program.getSourceFile(file);
    const exported = this.checker.getExportsOfModule(this.checker.getSymbolAtLocation(this.source));
    this.exported = new Map(exported.map((s) => [s.name, this.checker.getDeclaredTypeOfSymbol(s)]));
  }

  // method gives the types of a method's request, answer and errors. The fourth and the sixth argument of its type are those that travel.
  method(name) {
    const declared = this.source.statements.find((s) => ts.isFunctionDeclaration(s) && s.name.text === name);
    const at = (i) => new ObjectType(this.checker, this.checker.getTypeFromTypeNode(declared.type.typeArguments[i]));
    const request = at(3);
    const errors = this.exported.get(request.name.replace(/Request$/, 'ApplicationErrorsOriginal'));
    return { request, response: at(5), errors: errors ? this.errors(errors) : [] };
  }

  errors(type) {
    return (type.isUnion() ? type.types : [type]).map((one) => {
      const member = (name) => this.checker.getNonNullableType(this.checker.getTypeOfSymbol(one.getProperty(name)));
      const data = member('data');
      return { code: member('code').value, data: isRecord(data) ? undefined : new ObjectType(this.checker, data) };
    });
  }
}

class ObjectType {
  constructor(checker, type) {
    this.checker = checker;
    this.type = type;
    this.name = (type.aliasSymbol ?? type.symbol).name;
  }

  members() {
    return this.checker.getPropertiesOfType(this.type).map((symbol) => new Member(this.checker, symbol));
  }
}

// Member is one of an object's.
class Member {
  constructor(checker, symbol) {
    const type = checker.getTypeOfSymbol(symbol);
    const nullable = type.isUnion() && type.types.some((t) => t.flags & ts.TypeFlags.Null);
    Object.assign(this, { name: symbol.name, ...held(checker, checker.getNonNullableType(type)) }, nullable && { nullable });
    for (const tag of symbol.getJsDocTags(checker)) this.tag(tag.name, tag.text?.[0]?.text?.trim());
  }

  // tag reads what a comment says of a member. What it says of the length and the format of a list is about its items.
  tag(name, text) {
    if (limits[name]) this[limits[name]] = Number(text);
    else if (name === 'readonly') this.readOnly = true;
    else if (name === 'format') this.format = formats[text] ?? this.format;
  }
}

// held says what values of a type are.
function held(checker, type) {
  const word = checker.typeToString(type);
  if (checker.isArrayType(type)) {
    const item = held(checker, checker.getNonNullableType(checker.getTypeArguments(type)[0]));
    return { ...item, kind: `array of ${item.kind}` };
  }
  if (word === 'Date') return { kind: 'string', format: 'date-time', values: [] };
  if (['string', 'number', 'boolean'].includes(word)) return { kind: word, values: [] };
  if (word === 'any' || isRecord(type)) return { kind: 'free', values: [] };
  if (type.isUnion()) return { kind: 'string', values: [...new Set(type.types.map((t) => t.value))] };
  return { kind: 'object', values: [], object: new ObjectType(checker, type) };
}

// isRecord tells whether a type is an object with whatever members.
function isRecord(type) {
  return type.getStringIndexType() !== undefined && type.getProperties().length === 0;
}
