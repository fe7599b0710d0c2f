import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { berOctets } from '../../src/asn1/ber-node.js';
import { universal } from '../../src/asn1/tag.js';
import { encode, faultsOf } from '../../src/asn1/type.js';
import { DecodeError } from '../../src/bytes/decode-error.js';
import { concatOctets, fromHex, toHex } from '../../src/bytes/octets.js';
import {
  apduLimits,
  encodeMessageHead,
  encodeProbe,
  encodeReportHead,
  readApduHead,
  type ApduHead,
} from '../../src/p1/apdu-head.js';
import { messageTransferEnvelope, type PerRecipientTransferFields } from '../../src/p1/message-pdu.js';
import { AddressTextError } from '../../src/p1/address-text-error.js';
import { addressKey } from '../../src/p1/or-address-matching.js';
import { parseORAddress, printORAddress } from '../../src/p1/or-address-text.js';
import type { ORAddress } from '../../src/p1/or-address.js';
import { buildReport } from '../../src/p1/report-building.js';
import { traceArrival } from '../../src/p1/trace.js';
import { detectLoop } from '../../src/p1/trace-loops.js';
import type { OctetSource } from '../../src/p1/octet-source.js';
import { encodedOtherwise, messageEnvelopes } from './envelope-generators.js';
import { eightOClock, exampleMessage, exampleProbe, mta1, recipient } from './values.js';
import { apduVectors, sourceOf, vector } from './vectors.js';

function messageOf(head: ApduHead) {
  if (head.kind !== 'message') throw new Error(`a ${head.kind}`);
  return head;
}

function contentOf(octets: Uint8Array, head: ApduHead): Uint8Array {
  const place = head.kind === 'report' ? head.returnedContent : messageOf(head).content;
  return concatOctets(...(place?.runs ?? []).map((run) => octets.subarray(run.offset, run.offset + run.octets)));
}

function wholeMessage(content: Uint8Array, contextIdentifier?: number): Uint8Array {
  return concatOctets(encodeMessageHead(exampleMessage(), content.length, contextIdentifier), content);
}

/** A source of any size that holds real octets only where it was told. */
function sparseSource(octets: number, pieces: ReadonlyMap<number, Uint8Array>): OctetSource {
  return {
    octets,
    read(offset, length) {
      const read = new Uint8Array(length);
      for (const [start, piece] of pieces) {
        const from = Math.max(start, offset);
        const to = Math.min(start + piece.length, offset + length);
        if (from < to) read.set(piece.subarray(from - start, to - start), from - offset);
      }
      return read;
    },
  };
}

describe('the head of a stored APDU', () => {
  it('finds a content of one GiB in one run without reading it (P1-065)', () => {
    const contentOctets = 1024 * 1024 * 1024;
    const head = encodeMessageHead(exampleMessage(), contentOctets, 5);
    const longest: number[] = [];
    const source = sparseSource(head.length + contentOctets, new Map([[0, head]]));
    const counted: OctetSource = {
      octets: source.octets,
      read(offset, length) {
        longest.push(length);
        return source.read(offset, length);
      },
    };
    const read = messageOf(readApduHead(counted));
    expect(read.content).toEqual({ octets: contentOctets, runs: [{ offset: head.length, octets: contentOctets }] });
    expect(Math.max(...longest)).toBeLessThanOrEqual(4096);
  });

  it('lists the segments of a constructed content, nested ones too, with definite and indefinite lengths (P1-012)', () => {
    const envelope = encode(messageTransferEnvelope, exampleMessage());
    const content = fromHex('2480' + '0403010203' + '2405' + '0400' + '040104' + '2480' + '04020506' + '0000' + '0000');
    const octets = concatOctets(fromHex('a080'), envelope, content, fromHex('0000'));
    const head = messageOf(readApduHead(sourceOf(octets)));
    expect(head.content.octets).toBe(6);
    expect(head.content.runs.map((run) => run.octets)).toEqual([3, 1, 2]);
    expect(toHex(contentOf(octets, head))).toBe('010203040506');
  });

  it('recognises the EXTERNAL of normal mode, definite and indefinite, missing and doubled (P1-009)', () => {
    const apdu = wholeMessage(fromHex('a003020101'));
    const definite = wholeMessage(fromHex('a003020101'), 5);
    const indefinite = concatOctets(fromHex('2880020105a080'), apdu, fromHex('00000000'));
    const withSyntax = concatOctets(fromHex('288006025101020103a080'), definite, fromHex('00000000'));
    expect(readApduHead(sourceOf(apdu)).presentationContextIdentifier).toBeUndefined();
    expect(readApduHead(sourceOf(definite)).presentationContextIdentifier).toBe(5);
    expect(readApduHead(sourceOf(indefinite)).presentationContextIdentifier).toBe(5);
    expect(readApduHead(sourceOf(withSyntax)).presentationContextIdentifier).toBe(5);
    const captured = concatOctets(fromHex('2880020105a080'), vector('V4'), fromHex('00000000'));
    expect(captured.length).toBe(704);
    expect(messageOf(readApduHead(sourceOf(captured))).content.octets).toBe(257);
  });

  it('cuts the returned content out of a report wherever it stands, primitive or constructed', () => {
    const report = vector('V8');
    const head = readApduHead(sourceOf(report));
    if (head.kind !== 'report') throw new Error('no report');
    expect(head.content.returnedContent).toBeUndefined();
    const returned = contentOf(report, head);
    expect(returned.length).toBe(240);
    const again = concatOctets(encodeReportHead(head.envelope, head.content, 240, 5), returned);
    const reread = readApduHead(sourceOf(again));
    expect(reread).toMatchObject({
      kind: 'report',
      presentationContextIdentifier: 5,
      returnedContent: { octets: 240 },
    });
    expect(contentOf(again, reread)).toEqual(returned);
    const withoutIt = readApduHead(sourceOf(encodeReportHead(head.envelope, head.content)));
    expect(withoutIt).not.toHaveProperty('returnedContent');
    const segmented = encodedOtherwise(vector('V8'), () => 0.9);
    expect(contentOf(segmented, readApduHead(sourceOf(segmented)))).toEqual(returned);
  });

  it.each([
    ['an empty source', ''],
    ['no MTS-APDU', '3000'],
    ['a message without envelope', 'a000'],
    ['a primitive message', '8000'],
    ['a probe that lacks its members', 'a200'],
    ['an EXTERNAL with nothing in it', '2800'],
    ['an EXTERNAL of octets', '2805020105' + '8100'],
    ['three EXTERNALs', '28802880288002010ba080a000' + '0000'.repeat(4)],
    ['an end without beginning', 'a0800000'],
    ['an open end', 'a080'],
  ])('refuses %s', (_case, hex) => {
    expect(() => readApduHead(sourceOf(fromHex(hex)))).toThrow(DecodeError);
  });

  it('refuses octets behind the content, and an APDU that is cut short', () => {
    const apdu = wholeMessage(Uint8Array.of(1, 2, 3));
    expect(() => readApduHead(sourceOf(concatOctets(apdu, Uint8Array.of(0))))).toThrow(DecodeError);
    for (let length = 0; length < apdu.length; length++) {
      expect(() => readApduHead(sourceOf(apdu.subarray(0, length)))).toThrow(DecodeError);
    }
    const surplus = concatOctets(fromHex('a080'), apdu.subarray(4), fromHex('0500'), fromHex('0000'));
    expect(() => readApduHead(sourceOf(surplus))).toThrow(DecodeError);
  });

  it('refuses a segment that is no OCTET STRING, and more segments than the limit', () => {
    const envelope = encode(messageTransferEnvelope, exampleMessage());
    const foreign = concatOctets(fromHex('a080'), envelope, fromHex('2480' + '160141' + '0000' + '0000'));
    expect(() => readApduHead(sourceOf(foreign))).toThrow(DecodeError);
    const three = concatOctets(fromHex('a080'), envelope, fromHex('2480' + '040141'.repeat(3) + '0000' + '0000'));
    expect(readApduHead(sourceOf(three), { ...apduLimits, segmentsMax: 3 }).kind).toBe('message');
    expect(() => readApduHead(sourceOf(three), { ...apduLimits, segmentsMax: 2 })).toThrow(/segments/);
  });

  it('refuses an envelope beyond the limit without reading it, and takes one at the limit', () => {
    const envelopeOctets = encode(messageTransferEnvelope, exampleMessage()).length;
    const apdu = wholeMessage(Uint8Array.of(1));
    expect(readApduHead(sourceOf(apdu), { ...apduLimits, envelopeOctetsMax: envelopeOctets }).kind).toBe('message');
    const source = sourceOf(apdu);
    expect(() => readApduHead(source, { ...apduLimits, envelopeOctetsMax: envelopeOctets - 1 })).toThrow(DecodeError);
    const probe = encodeProbe(exampleProbe());
    expect(() => readApduHead(sourceOf(probe), { ...apduLimits, envelopeOctetsMax: probe.length - 1 })).toThrow(
      DecodeError,
    );
    const report = vector('V8');
    expect(() => readApduHead(sourceOf(report), { ...apduLimits, envelopeOctetsMax: 200 })).toThrow(DecodeError);
  });

  it('has room for 32767 recipients in its limits, and for no more in what is sent (P1-056)', () => {
    const many = Array.from({ length: 1000 }, (_, i) => recipient(i + 1));
    const octets = concatOctets(encodeMessageHead(exampleMessage({ perRecipientFields: many }), 1), Uint8Array.of(5));
    expect(messageOf(readApduHead(sourceOf(octets))).envelope.perRecipientFields).toHaveLength(1000);
    expect((octets.length / 1000) * 32767).toBeLessThan(apduLimits.envelopeOctetsMax);
    const faults = (count: number) =>
      faultsOf(
        messageTransferEnvelope,
        exampleMessage({ perRecipientFields: Array<PerRecipientTransferFields>(count).fill(recipient(1)) }),
      );
    expect(faults(32767)).toEqual([]);
    expect(faults(32768)).toHaveLength(1);
  });

  it('reads back every envelope that it writes', () => {
    fc.assert(
      fc.property(messageEnvelopes, fc.uint8Array({ maxLength: 30 }), (envelope, content) => {
        const octets = concatOctets(encodeMessageHead(envelope, content.length), content);
        const head = messageOf(readApduHead(sourceOf(octets)));
        expect(head.envelope).toEqual(envelope);
        expect(contentOf(octets, head)).toEqual(content);
        expect(faultsOf(messageTransferEnvelope, envelope)).toEqual([]);
        expect(toHex(encodeMessageHead(head.envelope, content.length))).toBe(
          toHex(encodeMessageHead(envelope, content.length)),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('reads the same from any legal encoding, in segments, in any order, with indefinite lengths (P1-012, P1-013)', () => {
    const choices = fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(fc.constantFrom(...apduVectors), choices, ({ id, hex }, numbers) => {
        let next = 0;
        const draw = () => numbers[next++ % numbers.length] ?? 0;
        const octets = fromHex(hex);
        const other = encodedOtherwise(octets, draw);
        const [expected, read] = [octets, other].map((apdu) => readApduHead(sourceOf(apdu)));
        if (expected === undefined || read === undefined) throw new Error(id);
        expect(sorted(read.envelope)).toEqual(sorted(expected.envelope));
        if (read.kind !== 'probe') expect(contentOf(other, read)).toEqual(contentOf(octets, expected));
      }),
      { numRuns: 40 },
    );
  });

  const mutations = fc
    .tuple(
      fc.constantFrom(...apduVectors),
      fc.array(fc.tuple(fc.nat(800), fc.nat(255)), { minLength: 1, maxLength: 4 }),
    )
    .map(([{ hex }, changes]) => {
      const octets = fromHex(hex);
      for (const [at, octet] of changes) octets[at % octets.length] = octet;
      return octets;
    });

  it('does with whatever it decodes all that a relay does', () => {
    fc.assert(
      fc.property(mutations, (octets) => {
        const head = decodedOrUndefined(octets);
        if (head === undefined || head.kind === 'report') return;
        const { envelope } = head;
        addressKey(parseAddressOrUndefined(printORAddress(envelope.originatorName)) ?? envelope.originatorName);
        detectLoop(envelope, mta1, { revisitsAllowed: 0 });
        const outcomes = envelope.perRecipientFields.map((fields) => ({
          recipient: fields,
          result: { kind: 'not-delivered', reason: 1 } as const,
        }));
        const reporting = {
          ...mta1,
          reportIdentifier: exampleMessage().messageIdentifier,
          timeMilliseconds: eightOClock,
          subjectArrivalTimeMilliseconds: eightOClock,
        };
        const report = buildReport(head, outcomes, reporting);
        if (report !== undefined) readApduHead(sourceOf(encodeReportHead(report.envelope, report.content)));
        if (head.kind === 'probe') readApduHead(sourceOf(encodeProbe(traceArrival(head.envelope, mta1, eightOClock))));
        else readApduHead(sourceOf(encodeMessageHead(traceArrival(head.envelope, mta1, eightOClock), 0)));
      }),
      { numRuns: 300 },
    );
  });

  it('makes of any octets an APDU or a DecodeError', () => {
    const nested = fc.nat(200).map((depth) => concatOctets(...Array.from({ length: depth }, () => fromHex('a080'))));
    const wrapped = fc.uint8Array({ maxLength: 30 }).map((octets) => berOctets(universal(8), 'constructed', octets));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), mutations, nested, wrapped), (octets) => {
        try {
          readApduHead(sourceOf(octets));
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }),
      { numRuns: 600 },
    );
  });
});

function decodedOrUndefined(octets: Uint8Array): ApduHead | undefined {
  try {
    return readApduHead(sourceOf(octets));
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

function parseAddressOrUndefined(text: string): ORAddress | undefined {
  try {
    return parseORAddress(text);
  } catch (error) {
    if (error instanceof AddressTextError) return undefined;
    throw error;
  }
}

/** Lists of SET OF have no order, and opaque extension values stay as they came. */
function sorted(envelope: ApduHead['envelope']): unknown {
  const extensions = envelope.extensions.map(({ type }) => `${type.kind} ${String(type.value)}`).toSorted();
  return { ...envelope, extensions };
}
