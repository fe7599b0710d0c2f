import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encode } from '../../src/asn1/type.js';
import { objectIdentifier } from '../../src/asn1/simple-types.js';
import { context, universal } from '../../src/asn1/tag.js';
import { DecodeError } from '../../src/bytes/decode-error.js';
import { concatOctets, fromHex, latin1Octets, toHex } from '../../src/bytes/octets.js';
import { outlineLimits, octetSourceOf } from '../../src/ipms/content-outline.js';
import { contentText } from '../../src/ipms/display.js';
import { encodedInformationTypesOf, readLimits, type ReadBodyPart } from '../../src/ipms/read-content.js';
import { readContent } from '../../src/ipms/read.js';
import {
  anna,
  bob,
  contentOf,
  dataOf,
  indefinite,
  octetsOfData,
  plainHeading,
  readMessage,
  readOnePart,
  tlv,
} from './contents.js';
import { vector, vectors } from './vectors.js';
import { reportBodyPart } from '../../src/ipms/forwarded.js';
import { parseMtsIdentifier } from '../../src/p1/mts-identifier.js';

const sequence = universal(16);
const ia5 = (text: string) =>
  tlv(context(0), 'constructed', fromHex('3100'), tlv(universal(22), 'primitive', latin1Octets(text)));

/** An extended body part: parameters and data by the last arc of their identifiers. */
function extended(number: number | string, parameters: Uint8Array | undefined, data: Uint8Array): Uint8Array {
  const external = (root: string, value: Uint8Array) =>
    concatOctets(encode(objectIdentifier, `${root}.${String(number)}`), tlv(context(0), 'constructed', value));
  return tlv(
    context(15),
    'constructed',
    ...(parameters === undefined ? [] : [tlv(context(0), 'constructed', external('2.6.1.11', parameters))]),
    tlv(universal(8), 'constructed', external('2.6.1.4', data)),
  );
}

function nested(depth: number): Uint8Array {
  let message = concatOctets(plainHeading, tlv(sequence, 'constructed', ia5('core')));
  for (let i = 0; i < depth; i++) {
    const part = tlv(context(9), 'constructed', fromHex('3100'), tlv(sequence, 'constructed', message));
    message = concatOctets(plainHeading, tlv(sequence, 'constructed', part));
  }
  return tlv(context(0), 'constructed', message);
}

function depthOf(parts: readonly ReadBodyPart[]): { readonly depth: number; readonly last: ReadBodyPart | undefined } {
  let depth = 0;
  let [last] = parts;
  while (last?.form === 'message') {
    depth++;
    [last] = last.message.parts;
  }
  return { depth, last };
}

describe('readContent', () => {
  it('accepts a body without parts and a message without an originator (IPM-002)', () => {
    expect(readMessage(contentOf())).toMatchObject({ parts: [], heading: { importance: 1 } });
  });

  it('accepts a free-form name alone as a recipient (IPM-004)', () => {
    const recipient = fromHex('3107 a005 8003 426f62');
    const heading = tlv(universal(17), 'constructed', fromHex('6b03130178'), tlv(context(2), 'constructed', recipient));
    const { primaryRecipients } = readMessage(
      tlv(context(0), 'constructed', heading, tlv(sequence, 'constructed')),
    ).heading;
    expect(primaryRecipients).toMatchObject([{ recipient: { freeFormName: 'Bob' } }]);
  });

  it('accepts an empty bit string of notification requests and defaults that were sent (IPM-028)', () => {
    const recipient = fromHex('310d a005 8003 426f62 810100 820100');
    const heading = tlv(
      universal(17),
      'constructed',
      fromHex('8c0101 8e0100'),
      tlv(context(2), 'constructed', recipient),
      fromHex('6b03130178'),
    );
    const message = readMessage(tlv(context(0), 'constructed', heading, tlv(sequence, 'constructed')));
    expect(message.heading).toMatchObject({
      importance: 1,
      autoForwarded: false,
      primaryRecipients: [{ replyRequested: false }],
    });
  });

  it('joins segments tagged OCTET STRING or as the string itself, at any depth (IPM-027)', () => {
    const segments = concatOctets(
      fromHex('0403 414243'),
      indefinite(universal(4), fromHex('0401 44'), fromHex('2403 0401 45')),
      fromHex('1601 46'),
      fromHex('0400'),
    );
    const part = indefinite(context(0), fromHex('3103800105'), indefinite(universal(22), segments));
    expect(readOnePart(part)).toMatchObject({ kind: 'ia5-text', text: 'ABCDEF' });
    expect(toHex(dataOf(part))).toBe('414243444546');
    const whole = indefinite(context(0), plainHeading, indefinite(sequence, part));
    expect(readMessage(whole).parts).toMatchObject([{ text: 'ABCDEF', data: { octets: 6 } }]);
  });

  it('keeps the octets of an ia5-text above 7F and its lone line feeds', () => {
    expect(readOnePart(ia5('Gr\u00fc\u00dfe\nx'))).toMatchObject({ text: 'Grüße\nx' });
  });

  it('leaves the header of an air traffic service message in the text (IPM-025)', () => {
    const text = '\u0001PRI: FF\r\nFT: 221200\r\n\r\n\u0002ABCD';
    expect(readOnePart(ia5(text))).toMatchObject({ text });
  });

  it('reads basic parts also in their extended form', () => {
    expect(readOnePart(extended(0, fromHex('3100'), fromHex('160178')))).toMatchObject({ kind: 'ia5-text', text: 'x' });
    expect(readOnePart(extended(4, fromHex('3100'), fromHex('3006 1401 61 1401 62')))).toMatchObject({
      kind: 'teletex',
      text: 'a\fb',
    });
    expect(toHex(dataOf(extended(9, undefined, fromHex('0402 abcd'))))).toBe('abcd');
    expect(
      readOnePart(extended(7, undefined, concatOctets(fromHex('3009'), plainHeading, fromHex('3000')))),
    ).toMatchObject({
      kind: 'message',
      form: 'message',
    });
  });

  it('reads the value of an EXTERNAL that stands octet-aligned, with the other references (IPM-014)', () => {
    const data = tlv(
      universal(8),
      'constructed',
      fromHex('0604 56010400 020103 070178'),
      tlv(context(1), 'primitive', fromHex('160178')),
    );
    expect(readOnePart(tlv(context(15), 'constructed', data))).toMatchObject({ kind: 'ia5-text', text: 'x' });
  });

  it('reads the pages of a g3-facsimile without their counts of unused bits (IPM-010)', () => {
    const part = tlv(
      context(3),
      'constructed',
      fromHex('3103800102'),
      tlv(sequence, 'constructed', fromHex('030300aabb'), fromHex('2308 0302 00cc 0302 04d0')),
    );
    const read = readOnePart(part);
    if (read.form !== 'pages') throw new Error(read.form);
    expect(read.pages.map((page) => toHex(octetsOfData(contentOf(part), page)))).toEqual(['aabb', 'ccd0']);
  });

  it.each([
    ['several EXTERNALs are joined', '3010 2806 8104 01020304 2806 8104 05060708', '0102030405060708'],
    ['constructed octets', '300c 280a a108 0402 0102 0402 0304', '01020304'],
    ['single-ASN1-type OCTET STRING', '3008 2806 a004 0402 0102', '0102'],
    ['an EXTERNAL outside of the SEQUENCE', '2804 8102 0102', '0102'],
    ['arbitrary bits', '3007 2805 8203 00 0102', '0102'],
    ['bare octets', '0402 0102', '0102'],
    ['no data', '3000', ''],
  ])('reads a file: %s (IPM-013, IPM-014)', (_case, data, octets) => {
    const part = extended(12, fromHex('3000'), fromHex(data));
    expect(readOnePart(part)).toMatchObject({ form: 'file', file: {} });
    expect(toHex(dataOf(part))).toBe(octets);
  });

  it('keeps a part of an unknown kind as its complete encoding (IPM-015, IPM-023, IPM-024)', () => {
    for (const part of [
      '8c0101',
      'bf8a3c03020107',
      '420100',
      'a20630040302 00aa',
      'a8073105 0303 00aabb',
      'a6053103 800100',
    ]) {
      const octets = fromHex(part);
      const read = readOnePart(octets);
      expect(read).toMatchObject({ form: 'octets', data: { octets: octets.length } });
      expect(toHex(dataOf(octets))).toBe(toHex(octets));
    }
    const data = concatOctets(encode(objectIdentifier, '1.3.26.0.4406.0.7.0'), fromHex('a002 0500'));
    const military = tlv(context(15), 'constructed', tlv(universal(8), 'constructed', data));
    expect(readOnePart(military)).toMatchObject({ form: 'octets', kind: 'unknown', type: '1.3.26.0.4406.0.7.0' });
  });

  it('keeps a malformed part of a known kind as octets, and says why (IPM-015)', () => {
    const part = fromHex('a003 020101');
    expect(readOnePart(part)).toMatchObject({ form: 'text' });
    expect(readOnePart(fromHex('a900'))).toMatchObject({ kind: 'message', form: 'octets', fault: /data/ });
    expect(readOnePart(extended(12, fromHex('0500'), fromHex('3000')))).toMatchObject({
      kind: 'file-transfer',
      fault: /SEQUENCE|FileTransfer/,
    });
    expect(readMessage(contentOf(fromHex('a900'), ia5('x'))).parts).toMatchObject([{ form: 'octets' }, { text: 'x' }]);
  });

  it('reads messages within messages to the limit and keeps what lies deeper as octets (IPM-016)', () => {
    expect(readLimits.forwardedDepthMax).toBeGreaterThanOrEqual(8);
    const atLimit = depthOf(readMessage(nested(readLimits.forwardedDepthMax)).parts);
    expect(atLimit).toMatchObject({ depth: readLimits.forwardedDepthMax, last: { text: 'core' } });
    const beyond = depthOf(readMessage(nested(readLimits.forwardedDepthMax + 1)).parts);
    expect(beyond).toMatchObject({ depth: readLimits.forwardedDepthMax, last: { form: 'octets', fault: /deep/ } });
  });

  it('refuses more body parts than the limit', () => {
    const part = fromHex('8e00');
    const parts = (count: number) => contentOf(...Array.from({ length: count }, () => part));
    expect(readMessage(parts(readLimits.bodyPartsMax)).parts).toHaveLength(readLimits.bodyPartsMax);
    expect(() => readMessage(parts(readLimits.bodyPartsMax + 1))).toThrow(DecodeError);
  });

  it('keeps a part with more pages than the limit as octets', () => {
    const teletex = (pages: number) =>
      tlv(context(5), 'constructed', fromHex('3100'), tlv(sequence, 'constructed', fromHex('1400'.repeat(pages))));
    expect(readOnePart(teletex(readLimits.membersMax))).toMatchObject({ form: 'text' });
    expect(readOnePart(teletex(readLimits.membersMax + 1))).toMatchObject({ form: 'octets', fault: /members/ });
  });

  it('joins the thousands of segments in which a real agent sends a long text (IPM-027)', () => {
    const segment = tlv(universal(4), 'primitive', latin1Octets('0123456789abcdef'.repeat(8)));
    const segments = Array.from({ length: 2407 }, () => segment);
    const part = indefinite(context(0), fromHex('3103800105'), indefinite(universal(22), ...segments));
    const content = indefinite(context(0), plainHeading, indefinite(sequence, part));
    const [text] = readMessage(content).parts;
    if (text?.form !== 'text') throw new Error('no text');
    expect(text.data.octets).toBe(2407 * 128);
    expect([...text.data.runs]).toHaveLength(2407);
    expect(text.text).toBe('0123456789abcdef'.repeat(8 * 2407));
  });

  it('refuses indefinite lengths nested deeper than the limit', () => {
    let octets = fromHex('0500');
    for (let i = 0; i < outlineLimits.depthMax + 2; i++) octets = indefinite(context(12), octets);
    expect(() => readMessage(contentOf(octets))).toThrow(DecodeError);
  });

  it('leaves the text of a long part in the source', () => {
    const text = 'x'.repeat(readLimits.textOctetsMax);
    expect(readOnePart(ia5(text))).toMatchObject({ text });
    const longer = readOnePart(ia5(`${text}x`));
    expect(longer).toMatchObject({ form: 'text', data: { octets: readLimits.textOctetsMax + 1 } });
    expect('text' in longer).toBe(false);
  });

  it('reads a forwarded content and lists its types (IPM-022)', () => {
    const inner = contentOf(fromHex('a30a 3100 3006 0304 00aabbcc'));
    const part = extended('17.2.6.1.10.1', fromHex('3100'), tlv(universal(4), 'primitive', inner));
    expect(readOnePart(part)).toMatchObject({ kind: 'forwarded-content', form: 'message' });
    expect(encodedInformationTypesOf(readContent(octetSourceOf(contentOf(part, ia5('x')))))).toEqual({
      builtIn: [2, 3],
      extended: [],
    });
    const military = extended('17.1.3.26.0.4406.0.4.1', undefined, fromHex('0402abcd'));
    expect(readOnePart(military)).toMatchObject({ kind: 'forwarded-content', form: 'octets' });
  });

  it('reads a report and a notification inside a message', () => {
    const receipt = vector('receipt');
    const notification = extended(15, fromHex('3100'), concatOctets(Uint8Array.of(0x31), receipt.subarray(1)));
    expect(readOnePart(notification)).toMatchObject({
      form: 'notification',
      notification: { notification: { subjectIPM: {} } },
    });
    const report = encode(reportBodyPart, {
      subjectSubmissionIdentifier: parseMtsIdentifier('[/PRMD=ALPHA/ADMD= /C=GB/;1]'),
      extensions: [],
      perRecipientFields: [
        {
          actualRecipientName: bob,
          reportType: { kind: 'nonDelivery', value: { nonDeliveryReasonCode: 1, nonDeliveryDiagnosticCode: 0 } },
          extensions: [],
        },
        {
          actualRecipientName: anna,
          reportType: { kind: 'delivery', value: { messageDeliveryTime: '261122090000Z', typeOfMTSUser: 0 } },
          extensions: [],
        },
      ],
    });
    const content = contentOf(extended(14, undefined, report));
    expect(readMessage(content).parts).toMatchObject([{ form: 'report', kind: 'report' }]);
    expect(contentText(readContent(octetSourceOf(content)))).toContain(
      [
        '    Subject: [/PRMD=ALPHA/ADMD= /C=GB/;1]',
        '    Not delivered: C=GB;ADMD= ;PRMD=BETA;S=bob (unable-to-transfer, unrecognised-OR-name)',
        '    Delivered: C=GB;ADMD= ;PRMD=ALPHA;S=Smith;G=Anna 2026-11-22T09:00:00Z',
      ].join('\n'),
    );
  });

  it('reads a returned message of any size apart from the notification (IPM-002)', () => {
    const subject = fromHex('6b03130178');
    const returned = tlv(context(3), 'constructed', plainHeading, tlv(sequence, 'constructed', ia5('returned')));
    const nonReceipt = tlv(context(0), 'constructed', fromHex('800101'), returned, fromHex('8203 626565'));
    const octets = tlv(context(1), 'constructed', subject, tlv(context(0), 'constructed', nonReceipt));
    const content = readContent(octetSourceOf(octets));
    expect(content).toMatchObject({
      kind: 'notification',
      notification: {
        notification: { choice: { value: { nonReceiptReason: 1, autoForwardComment: 'bee' } } },
        returned: { parts: [{ text: 'returned' }] },
      },
    });
    expect(encodedInformationTypesOf(content)).toEqual({ builtIn: [2], extended: [] });
  });

  it('tolerates the notifications of 1999 (IPM-021)', () => {
    const advice = fromHex('3006 0604 56011300');
    const octets = tlv(
      context(1),
      'constructed',
      fromHex('6b03130178'),
      tlv(context(0), 'constructed', tlv(context(2), 'constructed', advice)),
    );
    expect(readContent(octetSourceOf(octets))).toMatchObject({
      notification: { notification: { choice: { kind: 'other', value: [{ type: '2.6.1.19.0' }] } } },
    });
  });

  it('refuses what is no interpersonal message or has octets behind it', () => {
    expect(() => readMessage(fromHex('0500'))).toThrow(DecodeError);
    expect(() => readMessage(concatOctets(contentOf(), fromHex('00')))).toThrow(DecodeError);
    expect(() => readMessage(new Uint8Array(0))).toThrow(DecodeError);
  });
});

/** Everything that a user of a read content does with it. */
function useAll(octets: Uint8Array): void {
  const content = readContent(octetSourceOf(octets));
  contentText(content);
  encodedInformationTypesOf(content);
  const parts = content.kind === 'message' ? content.message.parts : [];
  for (const part of parts) if ('data' in part) expect(octetsOfData(octets, part.data).length).toBe(part.data.octets);
}

describe('malformed contents', () => {
  const samples = [
    ...vectors.contents.map(({ hex }) => fromHex(hex)),
    ...vectors.bodyParts.map(({ hex }) => contentOf(fromHex(hex))),
    ...vectors.notifications.map(({ hex }) => fromHex(hex)),
    nested(3),
  ];

  it('any octets are read or throw DecodeError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (octets) => {
        try {
          useAll(octets);
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }),
    );
  });

  it('any damage to a good content is read over or throws DecodeError', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 }),
        fc.option(fc.nat()),
        (sample, changes, cut) => {
          const octets = Uint8Array.from(sample);
          for (const [position, octet] of changes) octets[position % octets.length] = octet;
          try {
            useAll(cut === null ? octets : octets.subarray(0, cut % octets.length));
          } catch (error) {
            expect(error).toBeInstanceOf(DecodeError);
          }
        },
      ),
      { numRuns: 400 },
    );
  });
});
