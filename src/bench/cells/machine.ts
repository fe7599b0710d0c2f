import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { copyRate, roundTrips } from '../baselines/tcp.js';
import type { Cell } from '../cell.js';
import type { Findings } from '../figures.js';
import type { Lab } from '../lab.js';
import { createStoreCore } from '../../queue/core.js';
import { openStoreDatabase } from '../../queue/sqlite/store-database.js';
import { FileDisk, prepareDataDirectory } from '../../host/file-disk.js';
import type { TcpPeerReady } from '../programs/tcp-peer.js';

const mebi = 1024 * 1024;
const copyOctets = 512 * mebi;
const rounds = 3;
const syncSeconds = 1;

/** How often in a second something synchronous is done. */
function ratePerSecond(action: () => void): number {
  const began = performance.now();
  let count = 0;
  while (performance.now() - began < syncSeconds * 1000) {
    action();
    count += 1;
  }
  return count / ((performance.now() - began) / 1000);
}

function syncRate(file: string, octets: number): number {
  const descriptor = openSync(file, 'a');
  const piece = Buffer.alloc(octets, 1);
  try {
    return ratePerSecond(() => {
      writeSync(descriptor, piece);
      fdatasyncSync(descriptor);
    });
  } finally {
    closeSync(descriptor);
  }
}

/** The store's own commits, one after the other, each of one message that is delivered here. */
function commitRate(folder: string): number {
  prepareDataDirectory(folder);
  const disk = new FileDisk({ dataDirectory: folder, reserveOctets: 0 });
  const core = createStoreCore({ database: openStoreDatabase(join(folder, 'queue.sqlite')), disk });
  core.execute('open', { duplicateRetentionSeconds: 1 });
  const envelope = Buffer.alloc(500, 1);
  const octets = Buffer.alloc(2048, 2);
  let number = 0;
  const rate = ratePerSecond(() => {
    number += 1;
    const id = `1-${String(number)}`;
    core.execute('commit', {
      changes: [
        {
          type: 'message.insert',
          message: {
            id,
            kind: 'message',
            mtsIdentifier: id,
            priority: 1,
            envelope,
            content: { kind: 'octets', octets },
            contentType: '0',
            contentOctets: octets.length,
            originator: '',
            recipients: [],
            subject: '',
            arrivedAt: number,
            copies: [],
            deliveries: [{ id, mailbox: 'ben', recipient: 0, to: '' }],
            duplicateKeys: [id],
          },
        },
      ],
    });
  });
  core.execute('close', {});
  return rate;
}

async function measureMachine(lab: Lab): Promise<Findings> {
  const peer = await lab.program<TcpPeerReady>('tcp-peer', {});
  const copies: number[] = [];
  const trips: number[] = [];
  const syncs: number[] = [];
  const largeSyncs: number[] = [];
  const commits: number[] = [];
  const store = join(lab.folder, 'store');
  for (let round = 0; round < rounds; round++) {
    copies.push((await copyRate(peer.ready.sinkPort, copyOctets)) / mebi);
    const milliseconds = await roundTrips(peer.ready.echoPort, 3000);
    trips.push(milliseconds.length / (milliseconds.reduce((sum, one) => sum + one, 0) / 1000));
    syncs.push(syncRate(join(lab.folder, 'small'), 4096));
    largeSyncs.push(syncRate(join(lab.folder, 'large'), 30 * 1024));
    commits.push(commitRate(store));
  }
  return {
    figures: [
      { name: 'plain TCP copy', unit: 'MiB/s', values: copies },
      { name: 'round trips of 64 octets', unit: '/s', values: trips },
      { name: 'write of 4 K and fdatasync', unit: '/s', values: syncs },
      { name: 'write of 30 K and fdatasync', unit: '/s', values: largeSyncs },
      { name: 'store commits of a delivered message of 2 K', unit: '/s', values: commits },
    ],
    verdicts: [],
    notes: [],
  };
}

export const machineCells: readonly Cell[] = [
  {
    name: 'machine',
    what: 'what the machine gives: TCP, round trips, the disk, the store',
    part: 'table',
    timeBoxSeconds: 60,
    run: measureMachine,
  },
];
