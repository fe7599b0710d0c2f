/** What the implementation under test does when it calls (X.224 §6.5). */
import { fromHex } from '../../../bytes/octets.js';
import { parameterOf, type HeardTpdu } from '../../listening/heard.js';
import { answeringReference, connectionConfirm, sourceReferenceOf } from '../../octets/answer.js';
import {
  connectionTpdu,
  disconnectRequest,
  errorTpdu,
  tpduCodes,
  transportParameters as parameters,
} from '../../octets/tpdu.js';
import { ended, errorTpduHeard, spdu, tpdu } from '../../script/patterns.js';
import { calls } from '../../script/preambles.js';
import { close, expect, expectOneOf, sendTpdu } from '../../script/steps.js';
import type { TestCase } from '../../script/test-case.js';

const common = {
  subject: 'transport',
  role: 'initiator',
  modes: ['normal'],
  preamble: calls('short'),
} as const;

const request = tpdu('CR');

/** The form of a CR that X.224 §13.3 and RFC 1006 ask for. */
function requestFault(heard: HeardTpdu): string | undefined {
  const { octets } = heard;
  if (octets[2] !== 0 || octets[3] !== 0) return 'its destination reference is not 0';
  if (sourceReferenceOf(octets) === 0) return 'its source reference is 0';
  if ((octets[6] ?? 0) >> 4 !== 0) return `it prefers class ${String((octets[6] ?? 0) >> 4)}`;
  if (octets.length > 128) return `it has ${String(octets.length)} octets, more than 128`;
  if (parameterOf(heard, parameters.additionalOptions) !== undefined) return 'it has additional options';
  return undefined;
}

const givesUp = expectOneOf({ pattern: errorTpduHeard, then: [close] }, { pattern: ended });

export const callsOfTheOther: readonly TestCase[] = [
  {
    ...common,
    id: 'TRA-I-VA-001',
    clause: 'X.224 §13.3',
    points: ['T-006', 'T-038', 'T-021'],
    purpose: 'Sends a CR of class 0 with a reference of its own, no longer than 128 octets, without expedited data.',
    steps: [expect(tpdu('CR', 'CR of class 0', requestFault))],
  },
  {
    ...common,
    id: 'TRA-I-VA-002',
    clause: 'RFC 1006 §6',
    points: ['T-020'],
    purpose: 'Keeps its offer where the CC names no size.',
    steps: [
      expect(request),
      sendTpdu('CC without parameters', (c) =>
        connectionTpdu(tpduCodes.CC, {
          destinationReference: sourceReferenceOf(c.tpdu('CR').octets),
          sourceReference: answeringReference,
          parameters: [],
        }),
      ),
      expect(spdu('CN')),
    ],
  },
  {
    ...common,
    id: 'TRA-I-IV-001',
    clause: 'X.224 §6.5',
    points: ['T-016'],
    purpose: 'Gives up on a CC for another reference.',
    steps: [
      expect(request),
      sendTpdu('CC for another reference', (c) => {
        const confirm = connectionConfirm(c).slice();
        confirm[3] = (confirm[3] ?? 0) ^ 0xff;
        return confirm;
      }),
      givesUp,
    ],
  },
  {
    ...common,
    id: 'TRA-I-IV-002',
    clause: 'X.224 §6.5.5',
    points: ['T-017'],
    purpose: 'Gives up on a CC of class 2.',
    steps: [
      expect(request),
      sendTpdu('CC of class 2', (c) => {
        const confirm = connectionConfirm(c).slice();
        confirm[6] = 0x20;
        return confirm;
      }),
      givesUp,
    ],
  },
  {
    ...common,
    id: 'TRA-I-VA-003',
    clause: 'X.224 §6.6',
    points: ['T-028'],
    purpose: 'Takes a DR for a refusal, and calls again later.',
    steps: [
      expect(request),
      sendTpdu('DR, congestion', (c) => disconnectRequest(sourceReferenceOf(c.tpdu('CR').octets), 0, 1)),
      expect(ended),
    ],
  },
  {
    ...common,
    id: 'TRA-I-VA-004',
    clause: 'X.224 §6.22',
    points: ['T-029'],
    purpose: 'Takes an ER for a refusal, and calls again later.',
    steps: [
      expect(request),
      sendTpdu('ER', (c) => errorTpdu(sourceReferenceOf(c.tpdu('CR').octets), 0, fromHex('06e0'))),
      expect(ended),
    ],
  },
];
