import { mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileDisk } from '../../src/host/file-disk.js';
import { StoreError } from '../../src/queue/store-error.js';

let dataDirectory = '';

beforeEach(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'mta-disk-'));
});

afterEach(() => {
  rmSync(dataDirectory, { recursive: true });
});

function codeOf(action: () => unknown): string {
  try {
    action();
    return 'ok';
  } catch (error) {
    return error instanceof StoreError ? error.code : String(error);
  }
}

const open = (reserveOctets = 0) => new FileDisk({ dataDirectory, reserveOctets });

describe('the store’s files', () => {
  it('grow at their end, are cut, read in any part and removed', () => {
    const disk = open();
    disk.append('incoming/a', [Uint8Array.of(1, 2), Uint8Array.of(3)]);
    disk.append('incoming/a', [Uint8Array.of(4, 5)]);
    disk.sync('incoming/a');
    disk.truncate('incoming/a', 4);
    disk.append('incoming/a', [Uint8Array.of(9)]);
    expect(disk.read('incoming/a', 1, 99)).toEqual(Uint8Array.of(2, 3, 4, 9));
    expect([disk.size('incoming/a'), disk.list('incoming')]).toEqual([5, ['a']]);
    disk.remove('incoming/a');
    disk.remove('incoming/a');
    expect([disk.size('incoming/a'), disk.list('incoming'), disk.list('content')]).toEqual([undefined, [], []]);
    disk.close();
  });

  it('are nobody else’s to read', () => {
    const disk = open();
    disk.append('content/a', [Uint8Array.of(1)]);
    expect(statSync(join(dataDirectory, 'content/a')).mode & 0o777).toBe(0o600);
    disk.close();
  });

  it('may be more than are held open, in more pieces than one call of the system takes', () => {
    const disk = open();
    const pieces = Array.from({ length: 2500 }, (_, i) => Uint8Array.of(i & 0xff));
    for (let i = 0; i < 300; i++) disk.append(`content/${String(i)}`, i === 0 ? pieces : [Uint8Array.of(i & 0xff)]);
    for (let i = 0; i < 300; i++) disk.append(`content/${String(i)}`, [Uint8Array.of(7)]);
    for (let i = 1; i < 300; i++) expect(disk.read(`content/${String(i)}`, 0, 9)).toEqual(Uint8Array.of(i & 0xff, 7));
    expect(disk.read('content/0', 2495, 99)).toEqual(Uint8Array.of(191, 192, 193, 194, 195, 7));
    disk.sync('content/5');
    disk.close();
  });

  it('fail with the reason that the engine understands', () => {
    const disk = open();
    disk.append('content/a', [Uint8Array.of(1)]);
    symlinkSync('/dev/full', join(dataDirectory, 'content/full'));
    expect(
      codeOf(() => {
        disk.append('content/full', [Uint8Array.of(1)]);
      }),
    ).toBe('disk-full');
    expect(codeOf(() => disk.read('content/none', 0, 1))).toBe('input-output');
    expect(
      codeOf(() => {
        disk.sync('content/none');
      }),
    ).toBe('input-output');
    disk.close();
  });

  it('leave the reserve to others', () => {
    const all = open().freeOctets();
    const less = open(2 ** 40).freeOctets();
    expect(all - less).toBeGreaterThan(2 ** 39);
    expect(less).toBeLessThan(all);
  });
});
