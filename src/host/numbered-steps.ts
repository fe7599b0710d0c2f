import { appendFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Disk } from '../queue/disk.js';
import type { StoreDatabase } from '../queue/sqlite/store-database.js';

/** For tests of crashes: every step by which the store changes what is on the disk has a number, and at one of them the process dies. */
export interface NumberedSteps {
  /** From 1 on, counted from the start of the process; 0: it lives. */
  readonly killAtStep: number;
  /** A file to which the name of each step is appended before the step is taken. */
  readonly namesFile: string;
}

type Step = (name: string) => void;

/** The disk and the database of a store whose process kills itself with SIGKILL before the step of that number. */
export function withNumberedSteps(
  { killAtStep, namesFile }: NumberedSteps,
  disk: Disk,
  database: StoreDatabase,
): { readonly disk: Disk; readonly database: StoreDatabase } {
  let number = 0;
  const step: Step = (name) => {
    appendFileSync(namesFile, `${name}\n`);
    number += 1;
    if (number === killAtStep) process.kill(process.pid, 'SIGKILL');
  };
  return { disk: numberedDisk(disk, step), database: numberedDatabase(database, step) };
}

function numberedDisk(disk: Disk, step: Step): Disk {
  const place = (file: string): string => (dirname(file) === '.' ? file : dirname(file));
  return {
    append(file, octets) {
      step(`append ${place(file)}`);
      disk.append(file, octets);
    },
    truncate(file, octets) {
      step(`truncate ${place(file)}`);
      disk.truncate(file, octets);
    },
    sync(file) {
      step(`sync ${place(file)}`);
      disk.sync(file);
    },
    remove(file) {
      step(`remove ${place(file)}`);
      disk.remove(file);
    },
    read: (file, offset, length) => disk.read(file, offset, length),
    size: (file) => disk.size(file),
    list: (folder) => disk.list(folder),
    freeOctets: () => disk.freeOctets(),
    close: () => {
      disk.close();
    },
  };
}

function numberedDatabase(database: StoreDatabase, step: Step): StoreDatabase {
  return {
    ...database,
    get inTransaction() {
      return database.inTransaction;
    },
    commit() {
      step('before a commit');
      database.commit();
      step('after a commit');
    },
  };
}
