import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/bytes/octets.js';
import { copyHead } from '../../src/mta/copy-head.js';
import { RoutingTable } from '../../src/mta/routing.js';
import { submissionOf } from '../../src/mta/submission.js';
import type { QueuedCopy } from '../../src/queue/store.js';
import { anna, bob, makePair } from '../simulation/pair.js';

describe('the copy for one hop', () => {
  const { site } = makePair().alpha;
  const submission = submissionOf(
    {
      from: anna,
      to: [bob],
      contentType: '22',
      contentOctets: 3,
      priority: 'normal',
      reports: 'none',
      encodedInformationTypes: { builtIn: [2], extended: [] },
      contentHead: new Uint8Array(0),
    },
    { site, routing: new RoutingTable(site), now: 0, nextId: () => '1', nextLocalIdentifier: () => 'local' },
  );
  const copy: QueuedCopy = {
    id: '1',
    message: '1',
    connector: 'beta',
    kind: 'message',
    mtsIdentifier: '',
    priority: 1,
    envelope: 'envelope' in submission ? submission.envelope : new Uint8Array(0),
    content: '1',
    contentType: '22',
    contentOctets: 3,
    recipients: [0],
    arrivedAt: 0,
    openAttempts: 0,
    transferAttempts: 0,
    originator: anna,
  };
  const headHex = (extensionTagging: 'standard' | 'draft', envelope = copy.envelope): string => {
    const result = copyHead({ ...copy, envelope }, { p1: '1988', extensionTagging });
    return result.kind === 'head' ? toHex(result.head) : '';
  };

  it('has its extension types tagged as the peer wants them (X.411 ExtensionField; P1-031, P1-032)', () => {
    expect(headHex('standard')).toContain('800126');
    expect(headHex('draft')).toContain('a003020126');
    expect(headHex('draft')).not.toContain('800126');
  });

  it('is the same at once and when its envelope has to be read again after a restart', () => {
    for (const tagging of ['standard', 'draft'] as const) {
      expect(headHex(tagging, copy.envelope.slice())).toBe(headHex(tagging));
    }
  });
});
