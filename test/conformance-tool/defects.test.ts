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
import { peerOf, profiles, writeSite, type Lane } from '../../src/selftest/sites.js';
import { beginsWith, DefectiveLink, endingIn, noDefect, packetOf, type DefectRow } from './defective-link.js';
import { upperLayersOfInitiator, upperLayersOfResponder } from './upper-layer-defects.js';

/** Short, as a defect is often one of keeping silent. */
const answerSeconds = 2;

const caller = 'caller';

/** Where the implementation under test responds: it is the one that is called. */
const ofResponder: readonly DefectRow[] = [
  {
    what: 'acknowledges a synchronization point under a wrong number',
    defect: (packet) => [beginsWith(packet, 2, 0, 0x32) ? endingIn(packet, 0x39) : packet],
    caseId: 'SES-R-VA-025',
  },
  {
    what: 'acknowledges the end of an activity under a wrong number',
    defect: (packet) => [beginsWith(packet, 2, 0, 0x2a) ? endingIn(packet, 0x32) : packet],
    caseId: 'SES-R-VA-020',
  },
  {
    what: 'confirms the end of an activity twice',
    defect: (packet) => (beginsWith(packet, 2, 0, 0x2a) ? [packet, packet] : [packet]),
    caseId: 'SES-R-VA-020',
  },
  {
    what: 'answers an interrupt as if it were a discard',
    defect: (packet) => [beginsWith(packet, 2, 0, 0x1a) ? packetOf(2, 0, 0x3a, 0) : packet],
    caseId: 'SES-R-VA-021',
  },
  {
    what: 'ignores protocol errors',
    defect: (packet) => (beginsWith(packet, 0x19) ? [] : [packet]),
    caseId: 'SES-R-IV-020',
  },
  {
    what: 'says that its user aborted where its provider did',
    defect: (packet) => [beginsWith(packet, 0x19, 3, 0x11, 1) ? endingIn(packet, 0x03) : packet],
    caseId: 'SES-R-IV-024',
  },
  {
    what: 'accepts a transport selector that it does not have',
    defect: (packet, from) => [
      from === caller && packet[5] === 0xe0 ? Buffer.from('030000100be00000010100c203495554', 'hex') : packet,
    ],
    caseId: 'TRA-R-IV-013',
  },
  {
    what: 'sends a reserved octet of TPKT that is not zero',
    defect: (packet, from) => {
      if (from !== caller) packet[1] = 0x11;
      return [packet];
    },
    caseId: 'TRA-R-VA-001',
  },
  {
    what: 'confirms another reference than that of the CR',
    defect: (packet) => {
      if (packet[5] === 0xd0) packet[7] = (packet[7] ?? 0) ^ 1;
      return [packet];
    },
    caseId: 'TRA-R-VA-010',
  },
  {
    what: 'accepts with two versions at once',
    defect: (packet) => {
      const at = packet.indexOf(Buffer.from([0x16, 1, 2]));
      if (beginsWith(packet, 0x0e) && at > 0) packet[at + 2] = 3;
      return [packet];
    },
    caseId: 'SES-R-VA-001',
  },
  {
    what: 'never answers a release',
    defect: (packet) => (beginsWith(packet, 0x0a) ? [] : [packet]),
    caseId: 'SES-R-VA-027',
  },
  {
    what: 'loses what it has acknowledged',
    defect: (packet, from) => {
      if (from === caller && beginsWith(packet, 1, 0, 0x29)) return [packetOf(1, 0, 0x39, 3, 0x32, 1, 0)];
      return [beginsWith(packet, 2, 0, 0x3a) ? packetOf(2, 0, 0x2a, 3, 0x2a, 1, 0x31) : packet];
    },
    caseId: 'P1-R-VA-001',
  },
  {
    what: 'keeps silent on octets that are no SPDU',
    defect: (packet) => (beginsWith(packet, 0x19) ? [] : [packet]),
    caseId: 'SES-R-IV-100',
  },
  {
    what: 'answers what it should drop after its DISCONNECT',
    defect: (packet, from) => (from !== caller && beginsWith(packet, 0x0a) ? [packet, packetOf(0x0a, 0)] : [packet]),
    caseId: 'SES-R-VA-204',
  },
  {
    what: 'does not divide its TSDUs as agreed',
    defect: (packet) => {
      if (packet[5] === 0xf0 && packet[6] === 0 && packet.length > 40) {
        const [first, second] = [packet.subarray(7, 30), packet.subarray(30)];
        return [first, second].map((data) =>
          Buffer.concat([Buffer.from([3, 0, 0, data.length + 7, 2, 0xf0, 0]), data]),
        );
      }
      return [packet];
    },
    caseId: 'TRA-R-VA-040',
  },
  {
    what: 'takes a CR that is malformed',
    defect: (packet, from) => [
      from === caller && packet[5] === 0xe0 ? Buffer.from('030000100be00000010100c203495554', 'hex') : packet,
    ],
    caseId: 'TRA-R-IV-111',
  },
  {
    what: 'numbers the points of a resumed activity from 1',
    defect: (packet) => [beginsWith(packet, 2, 0, 0x32) ? endingIn(packet, 0x31) : packet],
    caseId: 'SES-R-VA-046',
  },
];

/** Where it calls. */
const ofInitiator: readonly DefectRow[] = [
  {
    what: 'goes on though its window is full',
    defect: (packet, from) =>
      from === caller && beginsWith(packet, 1, 0, 0x31) ? [packet, packetOf(1, 0, 0x31, 3, 0x2a, 1, 0x32)] : [packet],
    caseId: 'RTS-I-VA-001',
  },
  {
    what: 'asks for class 2',
    defect: (packet) => {
      if (packet[5] === 0xe0) packet[10] = 0x20;
      return [packet];
    },
    caseId: 'TRA-I-VA-001',
  },
  {
    what: 'ignores an exception report',
    defect: (packet, from) => (from !== caller && beginsWith(packet, 2, 0, 0x30) ? [] : [packet]),
    caseId: 'RTS-I-VA-002',
  },
  {
    what: 'ends TCP by a DR',
    defect: (packet, from) =>
      from === caller && beginsWith(packet, 9) ? [packet, Buffer.from('0300000b06800101020280', 'hex')] : [packet],
    caseId: 'SES-I-VA-139',
  },
  {
    what: 'lets what it should drop stop it',
    defect: (packet, from) => [
      from !== caller && beginsWith(packet, 1, 0, 1, 0) ? packetOf(0x19, 3, 0x11, 1, 9) : packet,
    ],
    caseId: 'SES-I-VA-116',
  },
];

describe('The lower tester', () => {
  const profile = profiles.find(({ mode }) => mode === 'normal');
  if (profile === undefined) throw new Error('no profile of normal mode');
  const folder = mkdtempSync(join(tmpdir(), 'mta-tool-'));
  let daemon: Daemon;
  let port = 0;
  let towards: DefectiveLink;
  let back: DefectiveLink;
  let calls: Calls;
  let lane: Lane;
  let outstanding = 0;

  beforeAll(async () => {
    port = await freePort();
    towards = await DefectiveLink.open(() => port);
    calls = await Calls.listen({ host: '127.0.0.1', port: 0 });
    back = await DefectiveLink.open(() => calls.port);
    lane = { name: 'responder1', port: back.port };
    daemon = await startDaemon('under test', writeSite(profile, folder, port, [lane]));
  });

  afterAll(async () => {
    await daemon.stop();
    await Promise.all([towards.close(), back.close(), calls.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  async function run(caseId: string): Promise<CaseResult> {
    const test = allCases.find(({ id }) => id === caseId);
    if (test === undefined) throw new Error(`there is no case ${caseId}`);
    const peer = peerOf(profile ?? { name: '', mode: 'normal', p1: '1988', dialogue: 'monologue' }, lane);
    const results: CaseResult[] = [];
    outstanding = await runCases(
      [test],
      {
        peer: { ...peer, times: { ...peer.times, answerSeconds } },
        reach:
          test.role === 'responder'
            ? { kind: 'calls', target: { host: '127.0.0.1', port: towards.port } }
            : { kind: 'called', calls },
        commands: commandsOf(join(folder, profile?.name ?? '', 'admin.sock'), lane, '1988'),
        runWord: `tool${String(performance.now())}`.slice(0, 12),
      },
      (result) => results.push(result),
      outstanding,
    );
    const [result] = results;
    if (result === undefined) throw new Error('no result');
    return result;
  }

  describe.each([
    ['responds', [...ofResponder, ...upperLayersOfResponder]],
    ['calls', [...ofInitiator, ...upperLayersOfInitiator]],
  ] as const)('finds out an implementation that %s and', (role, rows) => {
    it.each(rows)('$what: $caseId', async ({ defect, caseId }) => {
      const link = role === 'responds' ? towards : back;
      link.defect = defect;
      const wrong = await run(caseId);
      link.defect = noDefect;
      expect(wrong).toMatchObject({ verdict: 'fail' });
      expect(await run(caseId)).toMatchObject({ verdict: 'pass', text: '' });
    });
  });
});
