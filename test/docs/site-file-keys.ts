/** Every key of the site file as a table in Markdown, from the JSON Schema. */

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

interface Row {
  readonly key: string;
  readonly value: string;
  readonly default: string;
  readonly meaning: string;
}

const head = `<!-- Written by \`npx vitest run test/docs -u\` from the schema: change src/config/schema.ts, not this page. -->

# Every key of the site file

Written from the schema that \`mta schema\` prints; what the parts mean together is in [site-file.md](site-file.md). \`K\` is 1024 octets.
\`connectors[].override\` takes the same groups as \`siteDefaults\`. Keys in bold are required within their object.

| key | value | when left out | meaning |
|---|---|---|---|
`;

function valueText(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(' or ');
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(valueText))].join(' or ');
  switch (schema.type) {
    case 'integer':
      return `${String(schema.minimum)} to ${String(schema.maximum)}`;
    case 'boolean':
      return '`true` or `false`';
    case 'array':
      return 'list';
    case 'object':
      return `object of ${Object.keys(schema.properties ?? {})
        .map((name) => `\`${name}\``)
        .join(', ')}`;
    default:
      return 'text';
  }
}

function* rowsOf(schema: Schema, path: string): Generator<Row> {
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    const key = path === '' ? name : `${path}.${name}`;
    const required = schema.required?.includes(name) === true;
    yield {
      key: required ? `**\`${key}\`**` : `\`${key}\``,
      value: valueText(member),
      default: member.default === undefined ? (required ? 'required' : '') : `\`${JSON.stringify(member.default)}\``,
      meaning: member.description ?? '',
    };
    if (key !== 'connectors[].override') yield* rowsOf(member, key);
    if (member.items !== undefined) yield* rowsOf(member.items, `${key}[]`);
  }
}

export function siteFileKeys(schema: Schema): string {
  const rows = Array.from(
    rowsOf(schema, ''),
    ({ key, value, default: builtin, meaning }) => `| ${[key, value, builtin, meaning].join(' | ')} |\n`,
  );
  return head + rows.join('');
}
