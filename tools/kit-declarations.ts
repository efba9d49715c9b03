import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';

/** The kit, and what its declarations name, by the name that it has in the package. */
const SOURCES: Record<string, string> = {
  'index.d.ts': 'lambda-src/scenarios/kit.ts',
  'port.d.ts': 'lambda-src/runbooks/framework/port.ts',
  'port-data.d.ts': 'lambda-src/runbooks/framework/port-data.ts',
  'port-lambda.d.ts': 'lambda-src/runbooks/framework/port-lambda.ts',
  'port-table.d.ts': 'lambda-src/runbooks/framework/port-table.ts',
};

/** The declarations of `scenarios/`, by file name. Each is made from its source alone: these files state all their types. */
export function kitDeclarations(): Record<string, string> {
  return Object.fromEntries(Object.entries(SOURCES).map(([name, source]) => [name, published(declarationsOf(source))]));
}

function declarationsOf(source: string): string {
  const text = readFileSync(join(__dirname, '..', source), 'utf8');
  const { outputText, diagnostics = [] } = ts.transpileDeclaration(text, {
    fileName: source, reportDiagnostics: true, compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS },
  });
  if (diagnostics.length > 0) {
    const reasons = diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
    throw new Error(`${source} is published as declarations, so it must state every type: ${reasons.join('; ')}`);
  }
  return `// Made from ${source} by tools/kit-declarations.ts.\n${outputText}`;
}

/** The same imports, by the places that the package has for them. */
function published(declarations: string): string {
  const moved = declarations
    .replace(/from '[./]+src\/private\/shared\/contract'/g, "from '../contract/v1'")
    .replace(/from '[./\w-]*\/(port(?:-\w+)?)'/g, "from './$1'");
  const others = [...moved.matchAll(/from '([^']+)'/g)].map(([, path]) => path).filter((path) => path !== '../contract/v1' && !/^\.\/port(-\w+)?$/.test(path));
  if (others.length > 0) throw new Error(`the kit's declarations name ${others.join(', ')}, which the package does not publish: add it in tools/kit-declarations.ts`);
  return moved;
}
