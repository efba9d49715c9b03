import * as ts from 'typescript';

/** A JSON Schema, or a part of one. */
type Schema = Record<string, unknown>;

/** JSDoc tags that are keywords of JSON Schema, and how their text is read. */
const KEYWORDS: Record<string, (text: string) => unknown> = { format: String, maxLength: Number, minimum: Number };

/**
 * JSON Schemas of the interfaces in a TypeScript source: comments become descriptions, and a reference a definition. It knows as
 * much of TypeScript as the contract uses; anything else is an error, not a silent hole in the schema.
 *
 * Members that an interface does not name are allowed, so that a newer side still understands an older one.
 */
export class SchemaMaker {
  private readonly source: ts.SourceFile;
  private readonly declared = new Map<string, ts.InterfaceDeclaration | ts.TypeAliasDeclaration>();
  private definitions = new Map<string, Schema>();

  /**
   * @param text the source
   * @param constants what the source exports, for `typeof`
   */
  public constructor(text: string, private readonly constants: Record<string, unknown>) {
    this.source = ts.createSourceFile('contract.ts', text, ts.ScriptTarget.Latest, true);
    for (const statement of this.source.statements) {
      if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) this.declared.set(statement.name.text, statement);
    }
  }

  /** The schema of an interface, complete in itself. */
  public document(name: string, id: string): Schema {
    this.definitions = new Map();
    const root = this.declaration(name);
    const definitions = [...this.definitions].sort(([one], [other]) => one < other ? -1 : 1);
    return { $schema: 'https://json-schema.org/draft/2020-12/schema', $id: id, title: name, ...root, $defs: Object.fromEntries(definitions) };
  }

  private declaration(name: string): Schema {
    const node = this.declared.get(name);
    if (!node) throw new Error(`${name} is not declared here`);
    return { ...comments(node), ...ts.isInterfaceDeclaration(node) ? this.object(node.members) : this.type(node.type) };
  }

  private reference(name: string): Schema {
    if (!this.definitions.has(name)) {
      // Known before it is made: a definition may lead to itself.
      this.definitions.set(name, {});
      this.definitions.set(name, this.declaration(name));
    }
    return { $ref: `#/$defs/${name}` };
  }

  private object(members: ts.NodeArray<ts.TypeElement>): Schema {
    const properties: Record<string, Schema> = {};
    const required: string[] = [];
    for (const member of members) {
      if (!ts.isPropertySignature(member) || !member.type) throw this.unknown(member);
      const name = member.name.getText();
      properties[name] = { ...comments(member), ...this.type(member.type) };
      if (!member.questionToken) required.push(name);
    }
    return { type: 'object', properties, required };
  }

  private type(node: ts.TypeNode): Schema {
    switch (node.kind) {
      case ts.SyntaxKind.StringKeyword: return { type: 'string' };
      case ts.SyntaxKind.NumberKeyword: return { type: 'number' };
      case ts.SyntaxKind.UnknownKeyword: return {};
    }
    if (ts.isArrayTypeNode(node)) return { type: 'array', items: this.type(node.elementType) };
    if (ts.isTypeLiteralNode(node)) return this.object(node.members);
    if (ts.isIntersectionTypeNode(node)) return { allOf: node.types.map((each) => this.type(each)) };
    if (ts.isUnionTypeNode(node)) {
      const schemas = node.types.map((each) => this.type(each));
      return schemas.every((schema) => 'const' in schema) ? { enum: schemas.map((schema) => schema.const) } : { anyOf: schemas };
    }
    if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) return { const: node.literal.text };
    if (ts.isTypeQueryNode(node)) return { const: this.constants[node.exprName.getText()] };
    // `typeof VALUES[number]`.
    if (ts.isIndexedAccessTypeNode(node) && ts.isTypeQueryNode(node.objectType)) return { enum: this.constants[node.objectType.exprName.getText()] };
    if (ts.isTypeReferenceNode(node)) {
      const name = node.typeName.getText();
      return name === 'Record' ? { type: 'object', additionalProperties: this.type(node.typeArguments![1]) } : this.reference(name);
    }
    throw this.unknown(node);
  }

  private unknown(node: ts.Node): Error {
    const { line } = this.source.getLineAndCharacterOfPosition(node.getStart());
    return new Error(`line ${line + 1} of the contract: no JSON Schema is known for ${node.getText()}`);
  }
}

/** What a comment says, and what its tags demand. */
function comments(node: ts.Node): Schema {
  const [documentation] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const description = ts.getTextOfJSDocComment(documentation?.comment)?.replace(/\s*\n\s*/g, ' ');
  const tags = (documentation?.tags ?? []).map((tag): [string, unknown] => {
    const read = KEYWORDS[tag.tagName.text];
    if (!read) throw new Error(`@${tag.tagName.text} is no keyword of JSON Schema that is known here`);
    return [tag.tagName.text, read(ts.getTextOfJSDocComment(tag.comment)!)];
  });
  return { ...description && { description }, ...Object.fromEntries(tags) };
}
