import { describe, expect, it } from 'vitest';
import { nodeContent, readWholeBerNode } from '../../src/asn1/ber-node.js';
import { context, universal } from '../../src/asn1/tag.js';
import { decode, encode, faultsOf } from '../../src/asn1/type.js';
import { concatOctets, fromHex, toHex } from '../../src/bytes/octets.js';
import { octetSourceOf } from '../../src/ipms/content-outline.js';
import { extensionValue } from '../../src/ipms/extensions.js';
import { heading } from '../../src/ipms/heading.js';
import { bodyPart } from '../../src/ipms/interpersonal-message.js';
import { informationObject } from '../../src/ipms/notification.js';
import { encodedInformationTypesOf } from '../../src/ipms/read-content.js';
import { readContent } from '../../src/ipms/read.js';
import { printORAddress } from '../../src/p1/or-address-text.js';
import { anna, dataOf, readMessage, readOnePart, tlv } from './contents.js';
import { vector, vectors } from './vectors.js';

/** What stands between the outermost header and its end. */
const insideOf = (octets: Uint8Array): string => toHex(nodeContent(readWholeBerNode(octets)));

const address = (descriptor: { readonly formalName?: typeof anna } | undefined): string =>
  descriptor?.formalName === undefined ? '' : printORAddress(descriptor.formalName);

describe('contents of a real agent and of the protocol examples', () => {
  for (const { id, title, hex, expected } of vectors.contents) {
    it(`reads ${id}, ${title} (IPM-002, IPM-027, IPM-028)`, () => {
      const message = readMessage(fromHex(hex));
      expect({
        identifier: message.heading.thisIPM.userRelativeIdentifier,
        originator: address(message.heading.originator),
        authorizingUsers: (message.heading.authorizingUsers ?? []).map(address),
        primaryRecipients: message.heading.primaryRecipients.map(({ recipient }) => address(recipient)),
        subject: message.heading.subject,
        importance: message.heading.importance,
        texts: message.parts.map((part) => (part.form === 'text' ? part.text : part.kind)),
      }).toEqual(expected);
      expect(encodedInformationTypesOf(readContent(octetSourceOf(fromHex(hex))))).toEqual({
        builtIn: [2],
        extended: [],
      });
    });

    it(`decodes ${id} as a value that goes out as it came, and anew with the same meaning (IPM-001, IPM-004)`, () => {
      const value = decode(informationObject, fromHex(hex));
      if (value.kind !== 'message') throw new Error('a notification');
      const { heading: decodedHeading, body } = value.value;
      expect(insideOf(encode(informationObject, value))).toBe(insideOf(fromHex(hex)));
      const anew = { kind: 'message' as const, value: { heading: { ...decodedHeading }, body: [...body] } };
      const again = decode(informationObject, encode(informationObject, anew));
      expect(again).toEqual(value);
      expect(faultsOf(heading, decodedHeading)).toEqual([]);
    });
  }
});

describe('body parts of the protocol examples', () => {
  for (const { id, hex } of vectors.bodyParts) {
    it(`writes ${id} as it read it (IPM-010, IPM-011)`, () => {
      const value = decode(bodyPart, fromHex(hex));
      expect(value.kind).not.toBe('other');
      expect(toHex(encode(bodyPart, value))).toBe(hex);
    });
  }

  it('reads general-text with its escape sequences (IPM-012)', () => {
    expect(readOnePart(vector('general-text'))).toMatchObject({
      form: 'text',
      kind: 'general-text',
      text: 'Grüße',
      registrations: [1, 6, 100],
    });
  });

  it('reads file-transfer with name, size and octets (IPM-013, IPM-014)', () => {
    expect(readOnePart(vector('file-transfer'))).toMatchObject({
      form: 'file',
      file: { name: 'a.bin', octets: 4 },
      data: { octets: 4 },
    });
    expect(toHex(dataOf(vector('file-transfer')))).toBe('deadbeef');
  });

  it('reads a forwarded message as a plain SEQUENCE (IPM-010)', () => {
    const part = readOnePart(vector('message'));
    expect(part).toMatchObject({
      form: 'message',
      parameters: { deliveryTime: '261122080100Z' },
      message: { heading: { thisIPM: { userRelativeIdentifier: 'old.1' }, subject: 'Old' }, parts: [{ text: 'x' }] },
    });
  });

  it('reads teletex and bilaterally-defined (IPM-010)', () => {
    expect(readOnePart(vector('teletex'))).toMatchObject({ form: 'text', kind: 'teletex', text: 'page one' });
    expect(readOnePart(vector('bilaterally-defined'))).toMatchObject({ form: 'octets', kind: 'bilaterally-defined' });
    expect(toHex(dataOf(vector('bilaterally-defined')))).toBe('0102');
  });
});

describe('notifications of the protocol examples', () => {
  it('reads a receipt with the identifier of its subject, user included (IPM-002, IPM-017)', () => {
    const content = readContent(octetSourceOf(vector('receipt')));
    expect(content).toMatchObject({
      kind: 'notification',
      notification: {
        notification: {
          subjectIPM: { userRelativeIdentifier: '261122.2' },
          choice: { kind: 'receipt', value: { receiptTime: '261122090000Z', acknowledgmentMode: 1 } },
        },
      },
    });
    expect(content.kind === 'notification' && content.notification.notification.subjectIPM.user).toBeTruthy();
  });

  it('reads a non-receipt (IPM-002)', () => {
    expect(readContent(octetSourceOf(vector('non-receipt')))).toMatchObject({
      notification: {
        notification: { choice: { kind: 'nonReceipt', value: { nonReceiptReason: 0, discardReason: 0 } } },
      },
    });
  });

  for (const { id, hex } of vectors.notifications) {
    it(`writes the ${id} anew octet for octet (IPM-017)`, () => {
      const value = decode(informationObject, fromHex(hex));
      if (value.kind !== 'notification') throw new Error('a message');
      const { choice } = value.value;
      if (choice.kind === 'other') throw new Error('another notification');
      const copy =
        choice.kind === 'receipt'
          ? { ...choice, value: { ...choice.value } }
          : { ...choice, value: { ...choice.value } };
      const anew = { ...value.value, choice: copy };
      expect(toHex(encode(informationObject, { kind: 'notification', value: anew }))).toBe(hex);
    });
  }
});

describe('heading extensions of the protocol examples', () => {
  const identifier = fromHex('6b03130178');
  const octets = concatOctets(Uint8Array.of(0x31, 5 + 27), identifier, vector('languages-auto-submitted'));

  it('understands languages and auto-submitted (IPM-008)', () => {
    const { extensions } = decode(heading, octets);
    expect(extensionValue(extensions, 'languages')).toEqual(['en']);
    expect(extensionValue(extensions, 'autoSubmitted')).toBe(2);
    expect(extensionValue(extensions, 'incompleteCopy')).toBeUndefined();
  });

  it('accepts an incomplete-copy whose NULL is left out (IPM-008)', () => {
    const { extensions } = decode(heading, fromHex('310f 6b03130178 af08 3006 0604 56010500'));
    expect(extensionValue(extensions, 'incompleteCopy')).toBeNull();
  });

  it('keeps unknown heading and recipient extensions octet for octet (IPM-007)', () => {
    const strange = fromHex('3009 0604 2a030405 020107');
    const extensions = (tagNumber: number) => tlv(context(tagNumber), 'constructed', strange);
    const recipient = tlv(universal(17), 'constructed', fromHex('a0028000'), extensions(3));
    const recipients = tlv(context(2), 'constructed', recipient);
    const whole = tlv(universal(17), 'constructed', fromHex('6b03130178'), recipients, extensions(15));
    const value = decode(heading, whole);
    expect(value.extensions).toEqual([{ type: '1.2.3.4.5', value: fromHex('020107') }]);
    const anew = encode(heading, { ...value, autoForwarded: true });
    expect(toHex(anew)).toContain(toHex(strange));
    expect(decode(heading, anew).primaryRecipients[0]?.recipientExtensions).toEqual(value.extensions);
  });
});
