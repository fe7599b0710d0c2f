/** Reads site files from the disk, and what they name: secrets in files and in the environment. */
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadSite } from '../config/load.js';
import type { SiteLoad } from '../config/load.js';

/** sun_path of the system without its end: 108 octets in Linux, 104 in the BSD family (unix(7), unix(4)). */
const socketPathOctetsMax = process.platform === 'linux' ? 107 : 103;

function modeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mode;
}

/** A file that cannot be read is a problem like any other. `path` may be relative to the working directory. */
export function loadSiteFile(path: string): SiteLoad {
  const absolutePath = resolve(path);
  let text: string;
  try {
    text = readFileSync(absolutePath, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const found = `no readable file (${reason})`;
    return {
      valid: false,
      problems: [{ severity: 'error', file: absolutePath, path: '', found, expected: 'a site file' }],
    };
  }
  return loadSite({
    text,
    path: absolutePath,
    readFile: (name) => readFileSync(name, 'utf8'),
    environment: process.env,
    statMode: modeOf,
    socketPathOctetsMax,
  });
}
