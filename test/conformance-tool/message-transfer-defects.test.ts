import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allCases } from '../../src/conformance/script/suite.js';
import type { CaseResult } from '../../src/conformance/script/test-case.js';
import { startDaemon, type Daemon } from '../../src/demo/processes.js';
import { freePort } from '../../src/demo/sites.js';
import { runCases } from '../../src/host/conformance-run.js';
import { Calls } from '../../src/host/lower-tester.js';
import { commandsOf } from '../../src/selftest/daemon-under-test.js';
import { peerOf, writeSite, type Lane, type Profile } from '../../src/selftest/sites.js';
import { DefectiveLink, noDefect } from './defective-link.js';

const profile: Profile = {
  name: 'defects',
  mode: 'normal',
  p1: '1988',
  dialogue: 'monologue',
  limits: { messageOctetsMax: 1_000_000, apduOctetsMax: 10_000_000, urgentExpirySeconds: 2 },
};
/** Short, as a defect is often one of keeping silent. */
const times = { answerSeconds: 3, callSeconds: 6 };

/**
 * Octets, hexadecimal, that become others of the same length on their way: in what it `says`, or in what it `hears`, so that it behaves as if it
 * did not look at them.
 */
const rows = [
  ['answers a bind with another password', 'says', '756e6465722d74657374', '756e6465722d74657333', 'P1-R-VA-004'],
  ['opens another application context', 'says', '56000106', '56000107', 'P1-I-VA-001'],
  ['sends an illegal request of the originating MTA', 'says', '810200a0', '81020080', 'P1-I-VA-010'],
  ['tags extensions in another way', 'says', '800126a2', '810126a2', 'P1-I-VA-012'],
  ['renumbers recipients that it relays', 'says', '800107810200', '800108810200', 'P1-X-VA-010'],
  ['gives away no responsibility', 'says', '800107810200a8', '80010781020028', 'P1-X-VA-010'],
  ['changes the content that it relays', 'says', '48656c6c6f495554', '48656c6c6f495558', 'P1-X-VA-003'],
  ['changes an extension that it does not know', 'says', '040300ff80', '040300ff81', 'P1-X-VA-050'],
  ['gives another diagnostic in its reports', 'says', '800101810100', '800101810101', 'P1-X-VA-060'],
  ['copies another content identifier into a report', 'says', '4f726465722037', '4f726465722038', 'P1-X-VA-070'],
  ['does not see that a message has been there', 'hears', '1301201303495554311', '1301201303495558311', 'P1-X-VA-042'],
  ['ignores what the originator asks for', 'hears', '820200e0', '820200f0', 'P1-R-VA-070'],
  ['keeps an urgent message as long as others', 'hears', '470102', '470100', 'P1-X-VA-120'],
  ['ignores the latest delivery time', 'hears', 'a003020105', 'a003020106', 'P1-X-VA-052'],
] as const;

/** Every occurrence, at whatever half octet it begins. */
function replaced(packet: Buffer, wanted: string, by: string): Buffer {
  return Buffer.from(packet.toString('hex').replaceAll(wanted, by), 'hex');
}

describe('The lower tester finds out an implementation that', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mta-tool-'));
  let daemon: Daemon;
  let towards: DefectiveLink;
  let back: DefectiveLink;
  let calls: Calls;
  let lane: Lane;
  let outstanding = 0;

  beforeAll(async () => {
    const port = await freePort();
    towards = await DefectiveLink.open(() => port);
    calls = await Calls.listen({ host: '127.0.0.1', port: 0 });
    back = await DefectiveLink.open(() => calls.port);
    lane = { name: 'exchange1', port: back.port };
    daemon = await startDaemon('under test', writeSite(profile, folder, port, [lane]));
  });

  afterAll(async () => {
    await daemon.stop();
    await Promise.all([towards.close(), back.close(), calls.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  async function run(caseId: string): Promise<CaseResult | undefined> {
    const results: CaseResult[] = [];
    const peer = peerOf(profile, lane);
    const target = { host: '127.0.0.1', port: towards.port };
    outstanding = await runCases(
      allCases.filter(({ id }) => id === caseId),
      {
        peer: { ...peer, times: { ...peer.times, ...times } },
        reach: caseId.startsWith('P1-I') ? { kind: 'called', calls } : { kind: 'both', target, calls },
        commands: commandsOf(join(folder, profile.name, 'admin.sock'), lane, profile.p1),
        runWord: `tool${String(performance.now())}`.slice(0, 12),
      },
      (result) => results.push(result),
      outstanding,
    );
    return results[0];
  }

  it.each(rows)('%s: it %s %s as %s, %s', async (_what, way, wanted, by, caseId) => {
    towards.defect = (packet, from) => [
      (from === 'called') === (way === 'says') ? replaced(packet, wanted, by) : packet,
    ];
    back.defect = (packet, from) => [(from === 'caller') === (way === 'says') ? replaced(packet, wanted, by) : packet];
    const wrong = await run(caseId);
    towards.defect = noDefect;
    back.defect = noDefect;
    expect(wrong).toMatchObject({ verdict: 'fail' });
    expect(await run(caseId)).toMatchObject({ verdict: 'pass', text: '' });
  });
});
