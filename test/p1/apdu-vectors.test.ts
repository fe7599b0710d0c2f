import { describe, expect, it } from 'vitest';
import { decode, encode } from '../../src/asn1/type.js';
import { concatOctets, fromHex, toHex } from '../../src/bytes/octets.js';
import {
  encodeMessageHead,
  encodeProbe,
  encodeReportHead,
  readApduHead,
  type ApduHead,
} from '../../src/p1/apdu-head.js';
import { tagMessageExtensions, tagReportExtensions } from '../../src/p1/extension-tagging.js';
import { mtsApdu } from '../../src/p1/mts-apdu.js';
import { traceArrival } from '../../src/p1/trace.js';
import { apduTree } from './apdu-tree.js';
import { apduVectors, sourceOf } from './vectors.js';

/** The octets of a content, run by run. */
function contentOf(octets: Uint8Array, head: ApduHead): Uint8Array | undefined {
  const place = head.kind === 'message' ? head.content : head.kind === 'report' ? head.returnedContent : undefined;
  return place && concatOctets(...place.runs.map((run) => octets.subarray(run.offset, run.offset + run.octets)));
}

function encodeApdu(head: ApduHead, content: Uint8Array | undefined, contextIdentifier?: number): Uint8Array {
  const empty = new Uint8Array(0);
  switch (head.kind) {
    case 'message':
      return concatOctets(encodeMessageHead(head.envelope, content?.length ?? 0, contextIdentifier), content ?? empty);
    case 'probe':
      return encodeProbe(head.envelope, contextIdentifier);
    case 'report':
      return concatOctets(
        encodeReportHead(head.envelope, head.content, content?.length, contextIdentifier),
        content ?? empty,
      );
  }
}

const beta = {
  globalDomain: {
    countryName: { kind: 'printable' as const, value: 'GB' },
    administrationDomainName: { kind: 'printable' as const, value: ' ' },
    privateDomainIdentifier: { kind: 'printable' as const, value: 'GAMMA' },
  },
  mtaName: 'MTA-G',
};
const noon = Date.UTC(2026, 10, 22, 12, 0, 0);

/** What a relay does: its trace, and extension types as the standard has them. */
function relayed(head: ApduHead): ApduHead {
  switch (head.kind) {
    case 'message':
      return { ...head, envelope: tagMessageExtensions(traceArrival(head.envelope, beta, noon), 'standard') };
    case 'probe':
      return { ...head, envelope: tagMessageExtensions(traceArrival(head.envelope, beta, noon), 'standard') };
    case 'report': {
      const report = { envelope: traceArrival(head.envelope, beta, noon), content: head.content };
      return { ...head, ...tagReportExtensions(report, 'standard') };
    }
  }
}

describe('APDUs of a real MTA', () => {
  it.each(apduVectors)('decodes $id, $title, to its tree (P1-069)', ({ hex, octets, decoded }) => {
    expect(fromHex(hex).length).toBe(octets);
    expect(apduTree(readApduHead(sourceOf(fromHex(hex))))).toEqual(decoded);
  });

  it.each(apduVectors)('decodes $id the same as one value, content included', ({ hex }) => {
    const octets = fromHex(hex);
    const head = readApduHead(sourceOf(octets));
    const whole = decode(mtsApdu, octets);
    expect(whole.kind).toBe(head.kind);
    const content =
      whole.kind === 'message'
        ? whole.value.content
        : whole.kind === 'report'
          ? whole.value.content.returnedContent
          : undefined;
    expect(content).toEqual(contentOf(octets, head));
    expect(toHex(encode(mtsApdu, whole))).toBe(toHex(encode(mtsApdu, decode(mtsApdu, encode(mtsApdu, whole)))));
  });

  it.each(apduVectors)('encodes $id with definite lengths and decodes it to the same tree again', ({ hex }) => {
    const octets = fromHex(hex);
    const head = readApduHead(sourceOf(octets));
    const content = contentOf(octets, head);
    for (const contextIdentifier of [undefined, 5]) {
      const again = encodeApdu(head, content, contextIdentifier);
      const decoded = readApduHead(sourceOf(again));
      expect(decoded.presentationContextIdentifier).toBe(contextIdentifier);
      expect(withoutSegments(apduTree(decoded))).toEqual(withoutSegments(apduTree(head)));
      expect(contentOf(again, decoded)).toEqual(content);
    }
  });

  it.each(apduVectors)(
    'relays $id with content, unknown fields and the trace of others unchanged (P1-030, P1-065)',
    ({ hex }) => {
      const octets = fromHex(hex);
      const head = readApduHead(sourceOf(octets));
      const again = encodeApdu(relayed(head), contentOf(octets, head));
      const decoded = readApduHead(sourceOf(again));
      expect(contentOf(again, decoded)).toEqual(contentOf(octets, head));
      const before = head.envelope.traceInformation;
      const after = decoded.envelope.traceInformation;
      expect(after.slice(0, -1)).toEqual(before);
      expect(after.at(-1)?.domainSuppliedInformation).toMatchObject({ arrivalTime: '261122120000Z', routingAction: 0 });
      for (const field of head.envelope.extensions) {
        if (field.type.value === 38) continue;
        expect(decoded.envelope.extensions).toContainEqual({ ...field, type: { ...field.type, tagging: 'standard' } });
      }
      if (head.kind !== 'report' && decoded.kind !== 'report') {
        expect(toHex(encode(mtsApdu, decode(mtsApdu, again)))).toBe(toHex(again));
        expect(decoded.envelope.perRecipientFields).toEqual(head.envelope.perRecipientFields);
      }
    },
  );

  it('joins a content whose segments are segmented themselves (P1-012)', () => {
    const [v1, v10] = ['V1', 'V10'].map((id) => apduVectors.find((candidate) => candidate.id === id));
    const octets = fromHex(v10?.hex ?? '');
    const content = contentOf(octets, readApduHead(sourceOf(octets)));
    expect(content?.length).toBe(261);
    const text = toHex(Uint8Array.from(Array.from('Hello Bob, this is a', (c) => c.charCodeAt(0))));
    expect(toHex(content ?? octets)).toContain(text);
    expect(v1?.hex).toContain(text);
  });
});

/** Our own contents are in one piece. */
function withoutSegments(tree: unknown): unknown {
  return JSON.parse(JSON.stringify(tree, (key, value: unknown) => (key === 'segments' ? undefined : value)));
}
