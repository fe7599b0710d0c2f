/**
 * A process that uses the compiled store and kills itself with SIGKILL at a numbered step: node doomed-store.mjs DIRECTORY STEP.
 * Every change of a file is a step, and so are the moments before and after a commit of the database. What it was answered it writes to its
 * output, a JSON text a line.
 */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { FileDisk, prepareDataDirectory } from '../../../dist/host/file-disk.js';
import { createStoreCore } from '../../../dist/queue/core.js';
import { ProgressNotes } from '../../../dist/queue/progress-notes.js';
import { openStoreDatabase } from '../../../dist/queue/sqlite/store-database.js';

const [, , dataDirectory, lastStep] = process.argv;
const steps = new Set(['append', 'sync', 'truncate', 'remove']);
let step = 0;
const next = () => {
  step += 1;
  if (step === Number(lastStep)) process.kill(process.pid, 'SIGKILL');
};

prepareDataDirectory(dataDirectory);
const disk = new Proxy(new FileDisk({ dataDirectory, reserveOctets: 0 }), {
  get(target, name) {
    const member = target[name];
    return (...input) => {
      if (steps.has(name)) next();
      return member.apply(target, input);
    };
  },
});
const opened = openStoreDatabase(join(dataDirectory, 'queue.sqlite'));
const database = Object.create(opened, {
  commit: {
    value() {
      next();
      opened.commit();
      next();
    },
  },
});
const core = createStoreCore({ database, disk });

const tell = (what) => writeSync(1, `${JSON.stringify(what)}\n`);
const does = (name, input) => {
  const answer = core.execute(name, input);
  if (!answer.ok) throw new Error(`${name}: ${answer.failure.text}`);
  return answer.value;
};

const octetsOf = (seed, length) => Uint8Array.from({ length }, (_, i) => (i * 31 + seed * 17 + (i >> 8)) & 0xff);

const facts = {
  connector: 'beta',
  sessionConnection: 'aa',
  role: 'responder',
  mode: 'normal',
  p1: '1988',
  dialogue: 'monologue',
  checkpointSizeK: 40,
  windowSize: 3,
  contextIdentifier: 5,
  references: {},
};
const message = (id, content, contentOctets) => ({
  type: 'message.insert',
  message: {
    id,
    kind: 'message',
    mtsIdentifier: id,
    priority: 1,
    envelope: octetsOf(0, 20),
    content,
    contentType: '22',
    contentOctets,
    originator: 'S=Smith',
    recipients: ['S=One'],
    subject: '',
    arrivedAt: 1000,
    copies: [{ id: `${id}.c`, connector: 'beta', recipients: [0], notBefore: 0 }],
    deliveries: [],
    duplicateKeys: [id],
  },
});

does('open', { duplicateRetentionSeconds: 1000 });
const notes = new ProgressNotes(disk, 96);
for (let i = 1; i <= 3; i++) {
  const small = `small-${i}`;
  does('commit', { changes: [message(small, { kind: 'octets', octets: octetsOf(i, 500) }, 500)] });
  tell({ committed: small, octets: 500, seed: i });

  const id = `large-${i}`;
  const apdu = octetsOf(100 + i, 200_000);
  const activity = { connector: 'beta', sessionConnection: 'aa', activityIdentifier: id };
  does('incoming.start', { id, activity, association: facts });
  for (let serialNumber = 1; serialNumber <= 4; serialNumber++) {
    does('incoming.append', { id, octets: [apdu.subarray((serialNumber - 1) * 40_000, serialNumber * 40_000)] });
    does('incoming.secure', { id, serialNumber, offset: serialNumber * 40_000 });
    tell({ secured: id, serialNumber, offset: serialNumber * 40_000, seed: 100 + i });
  }
  does('incoming.append', { id, octets: [apdu.subarray(160_000)] });
  const location = { runs: [{ offset: 0, length: 200_000 }], octets: 200_000 };
  const completed = {
    type: 'activity.completed',
    activity,
    at: { bootId: 'b', monotonicMilliseconds: 1, wallClockMilliseconds: 1 },
  };
  does('commit', { changes: [message(id, { kind: 'incoming', id, location }, 200_000), completed] });
  tell({ committed: id, octets: 200_000, seed: 100 + i });

  does('queue.claim', { connector: 'beta', count: 9, now: 2000 });
  tell({ transferring: small });
  does('commit', { changes: [{ type: 'copy.transferred', copy: `${small}.c` }] });
  tell({ transferred: small });
  const outgoing = {
    copy: `${id}.c`,
    activity,
    association: { ...facts, role: 'initiator' },
    head: octetsOf(0, 9),
    apduOctets: 200_009,
  };
  does('outgoing.start', outgoing);
  let key;
  for (let serialNumber = 1; serialNumber <= 3; serialNumber++) {
    const position = { serialNumber, offset: serialNumber * 40_960, sentOffset: 200_000 };
    if (serialNumber === 1) key = does('outgoing.progress', { copy: `${id}.c`, ...position }).key;
    else notes.note(key, position);
    tell({ confirmed: `${id}.c`, serialNumber });
  }
}
tell({ steps: step });
