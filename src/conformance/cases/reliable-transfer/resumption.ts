/** Resumption of an activity on the association on which it was interrupted (X.228 §7.8.1). */
import { messageApdu } from '../../octets/message.js';
import { activityDiscard, activityInterrupt, activityResume, minorSyncPoint } from '../../octets/spdu.js';
import { serialSpdu, spdu } from '../../script/patterns.js';
import { activityIdentifier, bound, transferred } from '../../script/preambles.js';
import { expect, observe, send } from '../../script/steps.js';
import type { Mode } from '../../peer/peer-file.js';
import type { TestCase } from '../../script/test-case.js';
import { begun, ends, octetsFrom, pieceOctets } from './own-activity.js';

const bothModes: readonly Mode[] = ['normal', 'x410-1984'];
const common = { subject: 'reliable-transfer', modes: bothModes, clause: 'X.228 §7.8.1' } as const;

const resume = (serialNumber: number, newNumber: number): Uint8Array =>
  activityResume({
    oldIdentifier: activityIdentifier(1),
    newIdentifier: activityIdentifier(newNumber),
    serialNumber,
  });

export const resumption: readonly TestCase[] = [
  {
    ...common,
    id: 'RTS-R-VA-050',
    role: 'responder',
    points: ['R-030'],
    cells: ['713 AI', '713 AR'],
    needs: ['checkpoints', 'R-030'],
    purpose: 'Goes on behind a confirmed checkpoint when an activity is interrupted and resumed.',
    preamble: [...bound({ checkpointSizeK: 1 }), ...begun(1)],
    steps: [
      send('more octets', octetsFrom(pieceOctets, 1500)),
      send('ACTIVITY INTERRUPT', activityInterrupt(5)),
      expect(spdu('AIA')),
      send('ACTIVITY RESUME at checkpoint 1', resume(1, 2)),
      ...ends(1),
    ],
  },
  {
    ...common,
    id: 'RTS-R-VA-051',
    role: 'responder',
    points: ['R-031', 'R-030'],
    needs: ['checkpoints', 'R-031'],
    purpose: 'Drops what stands behind the checkpoint of a resumption, though it has confirmed a later one.',
    preamble: [...bound({ checkpointSizeK: 1 }), ...begun(2)],
    steps: [
      send('ACTIVITY INTERRUPT', activityInterrupt(5)),
      expect(spdu('AIA')),
      send('ACTIVITY RESUME at checkpoint 1', resume(1, 2)),
      ...ends(1),
    ],
  },
  {
    ...common,
    id: 'RTS-R-VA-052',
    role: 'responder',
    points: ['R-034', 'R-030'],
    needs: ['checkpoints', 'R-030'],
    purpose: 'Forgets an activity that is resumed and discarded at once.',
    preamble: [...bound({ checkpointSizeK: 1 }), ...begun(1)],
    steps: [
      send('ACTIVITY INTERRUPT', activityInterrupt(5)),
      expect(spdu('AIA')),
      send('ACTIVITY RESUME at checkpoint 1, and ACTIVITY DISCARD', resume(1, 2), activityDiscard(0)),
      expect(spdu('ADA')),
      ...transferred((c) => messageApdu(c, 'next'), 3),
      observe('delivered', 'next'),
      observe('not delivered', 'long'),
    ],
  },
  {
    ...common,
    id: 'RTS-R-VA-053',
    role: 'responder',
    points: ['R-058', 'R-030'],
    needs: ['checkpoints', 'R-058'],
    purpose: 'Takes a second resumption by the first identifier.',
    preamble: [...bound({ checkpointSizeK: 1 }), ...begun(1)],
    steps: [
      send('ACTIVITY INTERRUPT', activityInterrupt(5)),
      expect(spdu('AIA')),
      send('ACTIVITY RESUME at checkpoint 1', resume(1, 2)),
      send('piece 2', octetsFrom(pieceOctets, 2 * pieceOctets)),
      send('checkpoint 2', minorSyncPoint(2)),
      expect(serialSpdu('MIA', 2)),
      send('ACTIVITY INTERRUPT', activityInterrupt(5)),
      expect(spdu('AIA')),
      send('ACTIVITY RESUME at checkpoint 2', resume(2, 3)),
      ...ends(2),
    ],
  },
];
