/** How it divides what it sends, how long it waits, and how it ends (X.224 §6, RFC 1006 §6). */
import { concatOctets, fromHex } from '../../../bytes/octets.js';
import { parameterOf } from '../../listening/heard.js';
import { answeringReference, sourceReferenceOf } from '../../octets/answer.js';
import { messageApdu } from '../../octets/message.js';
import { connectionRequest, connectSpdu, testerReference } from '../../octets/opening.js';
import { activityEnd, activityStart, dataTransfer } from '../../octets/spdu.js';
import {
  connectionTpdu,
  dataOctetsMax,
  dataTpdu,
  tpduCodes,
  tpkt,
  transportParameter,
  transportParameters,
} from '../../octets/tpdu.js';
import { pieceData, transferOctets } from '../../octets/upper-layers.js';
import type { Conversation } from '../../script/conversation.js';
import { ended, spdu, tpdu } from '../../script/patterns.js';
import { activityIdentifier, bound, calls, transportOpen } from '../../script/preambles.js';
import { check, close, connect, expect, expectWithin, observe, send, sendRaw, sendTpdu } from '../../script/steps.js';
import type { TestCase } from '../../script/test-case.js';

const responds = { subject: 'transport', role: 'responder', modes: ['normal'] } as const;
const initiates = { subject: 'transport', role: 'initiator', modes: ['normal'] } as const;

/** The smallest size of TPDU, and its code. X.224 §13.3.4 */
const smallOctets = 128;
const smallSize = transportParameter(transportParameters.size, 0x07);

/** Every DT is full but that which ends a TSDU, and only that one says so. */
function divisionFault({ tpdus }: Conversation): string | undefined {
  const data = tpdus.filter((octets) => octets[1] === tpduCodes.DT);
  if (data.length < 2) return 'it is one DT';
  const wrong = data.findIndex((octets) =>
    octets[2] === 0 ? octets.length !== smallOctets : octets.length > smallOctets,
  );
  return wrong < 0 ? undefined : `DT ${String(wrong + 1)} has ${String(data[wrong]?.length)} octets`;
}

const binarySelector = fromHex('00ff8001020304050607080910111213141516171819202122232425262728e3');

const tooLongTsduOctets = 66 * 1024 * 1024;
const largeStepOctets = 1024 * 1024;

/** A mebioctet of a TSDU that does not end. */
function endlessData(): Uint8Array {
  const packet = tpkt(dataTpdu(new Uint8Array(dataOctetsMax), 'more'));
  return concatOctets(...Array.from({ length: Math.ceil(largeStepOctets / packet.length) }, () => packet));
}

export const conduct: readonly TestCase[] = [
  {
    ...responds,
    id: 'TRA-R-VA-040',
    clause: 'X.224 §6.3',
    points: ['T-024', 'T-018'],
    purpose: 'Fills each DT but the last of a TSDU where TPDUs have 128 octets, and marks only the last.',
    preamble: [connect, sendTpdu('CR with size 07', (c) => connectionRequest(c, smallSize)), expect(tpdu('CC'))],
    steps: [send('CONNECT', (c) => connectSpdu(c)), expect(spdu('AC')), check('division of the ACCEPT', divisionFault)],
  },
  {
    ...initiates,
    id: 'TRA-I-VA-010',
    clause: 'X.224 §6.3',
    points: ['T-024', 'T-018'],
    purpose: 'Divides its CONNECT where the CC says 128 octets.',
    preamble: [...calls('short'), expect(tpdu('CR'))],
    steps: [
      sendTpdu('CC with size 07', (c) =>
        connectionTpdu(tpduCodes.CC, {
          destinationReference: sourceReferenceOf(c.tpdu('CR').octets),
          sourceReference: answeringReference,
          parameters: [smallSize],
        }),
      ),
      expect(spdu('CN')),
      check('division of the CONNECT', divisionFault),
    ],
  },
  {
    ...responds,
    id: 'TRA-R-IV-060',
    clause: 'X.224 §6.3',
    points: ['T-027'],
    needs: ['T-027'],
    purpose: 'Ends the connection at a TSDU that goes on for 66 mebioctets.',
    preamble: transportOpen,
    steps: [
      ...Array.from({ length: tooLongTsduOctets / largeStepOctets }, () => sendRaw('DTs without EOT', endlessData)),
      expect(ended),
    ],
    octets: 'malformed',
  },
  ...[0x0c, 0x10].map((size, index): TestCase => ({
    ...responds,
    id: `TRA-R-VA-${String(44 + index).padStart(3, '0')}`,
    clause: 'RFC 1006 §6',
    points: ['T-023', 'T-018'],
    needs: ['T-023'],
    purpose: `Takes a CR with size ${size.toString(16)}, which only a TPKT can hold, and answers no larger one.`,
    preamble: [connect],
    steps: [
      sendTpdu('CR', (c) => connectionRequest(c, transportParameter(transportParameters.size, size))),
      expect(
        tpdu('CC', 'CC with a size that is no larger, or none', (heard) => {
          const [answered = 0] = parameterOf(heard, transportParameters.size) ?? [];
          return answered <= size ? undefined : `its size is ${answered.toString(16)}`;
        }),
      ),
    ],
  })),
  {
    ...responds,
    id: 'TRA-R-VA-041',
    clause: 'RFC 1006 §5',
    points: ['T-033'],
    purpose: 'Delivers a message whose last TPKT and the end of TCP come at once.',
    preamble: bound(),
    steps: [
      send(
        'a whole message',
        activityStart(activityIdentifier(1)),
        (c) => dataTransfer(pieceData(c, transferOctets(c, messageApdu(c, 'last')))),
        activityEnd(1),
      ),
      close,
      observe('delivered', 'last'),
    ],
  },
  {
    ...responds,
    id: 'TRA-R-VA-042',
    clause: 'X.224 §6.5.4',
    points: ['T-034'],
    purpose: 'Ends TCP where no CR comes.',
    preamble: [connect],
    steps: [expectWithin('supervisionSeconds', ended)],
  },
  {
    ...initiates,
    id: 'TRA-I-VA-011',
    clause: 'X.224 §6.5.4',
    points: ['T-034'],
    purpose: 'Gives up where no CC comes.',
    preamble: calls('short'),
    steps: [expect(tpdu('CR')), expectWithin('supervisionSeconds', ended)],
  },
  {
    ...responds,
    id: 'TRA-R-VA-043',
    clause: 'X.224 §13.3.4',
    points: ['T-035'],
    purpose: 'Takes a calling selector of 32 octets, not text.',
    preamble: [connect],
    steps: [
      sendTpdu('CR with a calling selector of 32 octets', ({ peer }) =>
        connectionTpdu(tpduCodes.CR, {
          destinationReference: 0,
          sourceReference: testerReference,
          parameters: [
            transportParameter(transportParameters.callingSelector, binarySelector),
            ...(peer.implementation.transportSelector === undefined
              ? []
              : [transportParameter(transportParameters.calledSelector, peer.implementation.transportSelector)]),
          ],
        }),
      ),
      expect(tpdu('CC')),
    ],
  },
  {
    ...responds,
    id: 'TRA-R-IV-061',
    clause: 'X.224 §13.5.3',
    points: ['T-035', 'T-013'],
    needs: ['called-selector'],
    purpose: 'Compares all octets of a called selector: its own with 00 behind it is another.',
    preamble: [connect],
    steps: [
      sendTpdu('CR with a longer called selector', ({ peer }) =>
        connectionTpdu(tpduCodes.CR, {
          destinationReference: 0,
          sourceReference: testerReference,
          parameters: [
            transportParameter(
              transportParameters.calledSelector,
              peer.implementation.transportSelector ?? fromHex(''),
              0,
            ),
          ],
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
];
