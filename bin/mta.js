#!/usr/bin/env node
/** The one executable: runs what the build made of src/cli/main.ts. */
import { existsSync } from 'node:fs';

const built = new URL('../dist/cli/main.js', import.meta.url);

if (existsSync(built)) {
  const { main } = await import(built.href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write('mta: not built yet; run "npm run build" in the folder of the project first\n');
  process.exitCode = 1;
}
