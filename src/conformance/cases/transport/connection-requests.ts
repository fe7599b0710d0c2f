/** What is answered to a CR (X.224 §6.5, §13.3). */
import { fromHex, latin1Octets } from '../../../bytes/octets.js';
import { parameterOf, type HeardTpdu } from '../../listening/heard.js';
import { sourceReferenceOf } from '../../octets/answer.js';
import { connectionRequest, testerReference } from '../../octets/opening.js';
import { connectionTpdu, tpduCodes, transportParameter, transportParameters as parameters } from '../../octets/tpdu.js';
import type { Conversation } from '../../script/conversation.js';
import { anyOf, ended, errorTpduHeard, parameterIs, tpdu, type Rule } from '../../script/patterns.js';
import { close, connect, expect, expectOneOf, sendTpdu } from '../../script/steps.js';
import type { Pattern, Step, TestCase } from '../../script/test-case.js';

const common = { subject: 'transport', role: 'responder', modes: ['normal'], preamble: [connect] } as const;

/** A CC of class 0 that names our reference and one of its own. */
function confirmFault({ octets }: HeardTpdu): string | undefined {
  const destination = (octets[2] ?? 0) * 256 + (octets[3] ?? 0);
  if (destination !== testerReference) return `its destination reference is ${String(destination)}`;
  if (sourceReferenceOf(octets) === 0) return 'its source reference is 0';
  return octets[6] === 0 ? undefined : `its class and options are ${String(octets[6])}`;
}

const confirm = tpdu('CC', 'CC of class 0 for our reference', confirmFault);

function confirmWith(describe: string, ...rules: readonly Rule<HeardTpdu>[]): Pattern {
  return tpdu('CC', describe, confirmFault, ...rules);
}

/** A CR with further parameters, or of another class. */
function request(change: {
  readonly classAndOptions?: number;
  readonly more?: readonly Uint8Array[];
  readonly userData?: Uint8Array;
}): (conversation: Conversation) => Uint8Array {
  return ({ peer }) =>
    connectionTpdu(tpduCodes.CR, {
      destinationReference: 0,
      sourceReference: testerReference,
      classAndOptions: change.classAndOptions ?? 0,
      parameters: [
        ...(peer.implementation.transportSelector === undefined
          ? []
          : [transportParameter(parameters.calledSelector, peer.implementation.transportSelector)]),
        ...(change.more ?? []),
      ],
      ...(change.userData === undefined ? {} : { userData: change.userData }),
    });
}

const noSize = [parameterIs(parameters.additionalOptions, 'absent')] as const;

const takes = (what: string, change: Parameters<typeof request>[0], pattern: Pattern = confirm): readonly Step[] => [
  sendTpdu(what, request(change)),
  expect(pattern),
];

const malformed = anyOf('ER or DR', errorTpduHeard, tpdu('DR'));

export const connectionRequests: readonly TestCase[] = [
  {
    ...common,
    id: 'TRA-R-VA-010',
    clause: 'X.224 §13.4',
    points: ['T-015', 'T-019'],
    purpose: 'Confirms a CR without a size: the CC has our reference, one of its own and class 0.',
    steps: takes('CR', {}),
  },
  {
    ...common,
    id: 'TRA-R-VA-011',
    clause: 'X.224 §13.2.3',
    points: ['T-007'],
    purpose: 'Ignores a parameter of a CR that nobody knows.',
    steps: takes('CR with parameter 99', { more: [transportParameter(0x99, 1, 2, 3)] }),
  },
  {
    ...common,
    id: 'TRA-R-VA-012',
    clause: 'X.224 §13.2.3',
    points: ['T-008'],
    needs: ['called-selector'],
    purpose: 'Takes the last of two called selectors.',
    steps: [
      sendTpdu('CR with a wrong and a right called selector', (c) =>
        connectionTpdu(tpduCodes.CR, {
          destinationReference: 0,
          sourceReference: testerReference,
          parameters: [
            transportParameter(parameters.calledSelector, latin1Octets('NOBODY')),
            transportParameter(parameters.calledSelector, c.peer.implementation.transportSelector ?? fromHex('')),
          ],
        }),
      ),
      expect(confirm),
    ],
  },
  {
    ...common,
    id: 'TRA-R-VA-013',
    clause: 'X.224 §13.3.4',
    points: ['T-010', 'T-018'],
    purpose: 'Takes parameters in any order, and answers a size of 1024 with 1024 or less.',
    steps: [
      sendTpdu('CR with the size in front of the selectors', (c) =>
        connectionTpdu(tpduCodes.CR, {
          destinationReference: 0,
          sourceReference: testerReference,
          parameters: [transportParameter(parameters.size, 0x0a), connectionRequest(c).subarray(7)],
        }),
      ),
      expect(
        confirmWith('CC with a size from 07 to 0a', (heard) => {
          const [size] = parameterOf(heard, parameters.size) ?? [];
          return size === undefined || (size >= 7 && size <= 0x0a) ? undefined : `its size is ${size.toString(16)}`;
        }),
      ),
    ],
  },
  {
    ...common,
    id: 'TRA-R-VA-014',
    clause: 'X.224 §13.3.4',
    points: ['T-022'],
    purpose: 'Answers an offer of C0 and F0 with one of the two, and not above the offer.',
    steps: takes(
      'CR with C0 0b and F0 01ff',
      { more: [transportParameter(parameters.size, 0x0b), transportParameter(parameters.preferredSize, 1, 0xff)] },
      confirmWith('CC with C0 or F0, not both', (heard) => {
        const both = [parameters.size, parameters.preferredSize].every(
          (code) => parameterOf(heard, code) !== undefined,
        );
        return both ? 'it has both' : undefined;
      }),
    ),
  },
  ...[1, 2, 3, 4].map((preferred): TestCase => ({
    ...common,
    id: `TRA-R-VA-${String(14 + preferred).padStart(3, '0')}`,
    clause: 'X.224 §6.5.5',
    points: ['T-011', 'T-038'],
    purpose: `Answers class 0 to a CR that prefers class ${String(preferred)} with class 0 as an alternative, and accepts no expedited data.`,
    steps: takes(
      `CR of class ${String(preferred)}`,
      {
        classAndOptions: preferred << 4,
        more: [
          transportParameter(parameters.alternativeClasses, 0),
          transportParameter(parameters.additionalOptions, 1),
        ],
      },
      confirmWith('CC of class 0 without expedited data', ...noSize),
    ),
  })),
  ...[2, 3, 4].map((preferred, index): TestCase => ({
    ...common,
    id: `TRA-R-IV-${String(10 + index).padStart(3, '0')}`,
    clause: 'X.224 §6.5.5',
    points: ['T-012'],
    purpose: `Refuses a CR of class ${String(preferred)} without alternatives: negotiation failed.`,
    steps: [
      sendTpdu(`CR of class ${String(preferred)}`, request({ classAndOptions: preferred << 4 })),
      expect(
        tpdu('DR', 'DR with reason 130', ({ octets }) =>
          octets[6] === 130 ? undefined : `its reason is ${String(octets[6])}`,
        ),
      ),
      expect(ended),
    ],
  })),
  {
    ...common,
    id: 'TRA-R-IV-013',
    clause: 'X.224 §13.5.3',
    points: ['T-013'],
    needs: ['called-selector'],
    purpose: 'Refuses an unknown called selector with reason 3, or at least by closing TCP.',
    steps: [
      sendTpdu('CR with an unknown called selector', () =>
        connectionTpdu(tpduCodes.CR, {
          destinationReference: 0,
          sourceReference: testerReference,
          parameters: [transportParameter(parameters.calledSelector, latin1Octets('NOBODY'))],
        }),
      ),
      expect(
        tpdu('DR', 'DR with reason 3 or 2', ({ octets }) =>
          [2, 3].includes(octets[6] ?? 0) ? undefined : `its reason is ${String(octets[6])}`,
        ),
      ),
      expect(ended),
    ],
  },
  {
    ...common,
    id: 'TRA-R-VA-019',
    clause: 'RFC 1006 §4',
    points: ['T-037'],
    purpose: 'Ignores user data behind a CR.',
    steps: takes('CR with user data', { userData: fromHex('00112233') }),
  },
  {
    ...common,
    id: 'TRA-R-IV-014',
    clause: 'X.224 §13.2.3',
    points: ['T-009'],
    purpose: 'Rejects a CR in which a parameter goes beyond the header.',
    steps: [
      sendTpdu('CR whose last parameter is too long', request({ more: [fromHex('c10401')] })),
      expectOneOf({ pattern: malformed, then: [close] }, { pattern: ended }),
    ],
    octets: 'malformed',
  },
];
