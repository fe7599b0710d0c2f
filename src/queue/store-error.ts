import { DecodeError } from '../bytes/decode-error.js';
import type { StoreFailure } from './store.js';

/** Why an operation of the store fails; becomes its answer, never reaches the engine as an exception. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreFailure['code'];

  constructor(code: StoreFailure['code'], text: string) {
    super(text);
    this.code = code;
  }
}

/** SQLite's result codes that mean something to the engine, by their beginning. */
const databaseCodes: readonly (readonly [string, StoreFailure['code']])[] = [
  ['SQLITE_FULL', 'disk-full'],
  ['SQLITE_BUSY', 'in-use'],
  ['SQLITE_IOERR', 'input-output'],
  ['SQLITE_CANTOPEN', 'input-output'],
  ['SQLITE_READONLY', 'input-output'],
  ['SQLITE_CORRUPT', 'input-output'],
  ['SQLITE_NOTADB', 'input-output'],
];

/** What an exception inside the store means to the one who asked. */
export function failureOf(error: unknown): StoreFailure {
  if (error instanceof StoreError) return { code: error.code, text: error.message };
  if (error instanceof DecodeError) return { code: 'malformed', text: error.message };
  if (!(error instanceof Error)) return { code: 'internal', text: String(error) };
  const databaseCode = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = databaseCodes.find(([beginning]) => databaseCode.startsWith(beginning));
  return { code: known === undefined ? 'internal' : known[1], text: error.message };
}
