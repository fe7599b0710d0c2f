import { describe, expect, it } from 'vitest';
import { decode, encode } from '../../src/asn1/type.js';
import { concatOctets, fromHex, toHex } from '../../src/bytes/octets.js';
import { encodeMessageHead, encodeProbe, encodeReportHead, readApduHead } from '../../src/p1/apdu-head.js';
import { orName } from '../../src/p1/or-address.js';
import { parseORAddress, printORAddress } from '../../src/p1/or-address-text.js';
import { buildReport } from '../../src/p1/report-building.js';
import { beta, eightOClock, exampleMessage, exampleProbe, mta1, mtaB, recipient } from './values.js';
import { sourceOf } from './vectors.js';

const acmeDomain = '63 11 61 04 13 02 47 42 62 03 13 01 20 13 04 41 43 4D 45';
const betaDomain = '63 14 61 04 13 02 55 53 62 06 13 04 54 45 4C 45 13 04 42 45 54 41';
const messageIdentifier = `64 25 ${acmeDomain} 16 10 4D 54 41 31 2E 32 36 31 31 32 32 2E 30 30 30 31`;
const originator =
  '60 2B 30 29 61 04 13 02 47 42 62 03 13 01 20 A2 06 13 04 41 43 4D 45 83 05 53 61 6C 65 73 ' +
  'A5 0D 80 05 53 6D 69 74 68 81 04 4A 61 6E 65';
const recipientMembers =
  '30 1C 61 04 13 02 55 53 62 06 13 04 54 45 4C 45 A2 06 13 04 42 45 54 41 83 04 4C 61 62 73 ' +
  '31 13 30 11 80 01 01 A1 0C 13 0A 50 6F 73 74 6D 61 73 74 65 72';
const eight = '31 12 80 0D 32 36 31 31 32 32 30 38 30 30 30 30 5A 82 01 00';
const trace = `69 29 30 27 ${acmeDomain} ${eight}`;

const messageHead =
  `A0 82 01 A9 31 82 01 12 ${messageIdentifier} ${originator} 65 04 80 02 05 20 46 01 16 4A 07 4F 72 64 65 72 20 37 ` +
  `47 01 02 48 02 04 B0 A2 3E 31 3C 60 33 ${recipientMembers} 80 01 01 81 02 00 A8 ${trace} ` +
  `A3 38 30 36 80 01 26 A2 31 30 2F 30 2D ${acmeDomain} 16 04 6D 74 61 31 ${eight} 04 81 90`;

const probe =
  `A2 81 CC 64 25 ${acmeDomain} 16 10 4D 54 41 31 2E 32 36 31 31 32 32 2E 30 30 30 32 ${originator} 65 04 80 02 05 20 46 01 16 ` +
  `80 02 04 B0 A2 3E 31 3C 60 33 ${recipientMembers} 80 01 01 81 02 00 D0 ${trace}`;

const report =
  `A1 82 01 28 31 81 80 64 23 ${betaDomain} 16 0B 42 32 2E 32 36 31 31 32 32 2E 39 ${originator} ` +
  `69 2C 30 2A ${betaDomain} 31 12 80 0D 32 36 31 31 32 32 30 38 30 31 30 35 5A 82 01 00 ` +
  `31 81 A2 ${messageIdentifier} 65 04 80 02 05 20 46 01 16 4A 07 4F 72 64 65 72 20 37 A0 67 31 65 A0 33 ${recipientMembers} ` +
  '81 01 01 82 02 00 A8 A3 19 80 0D 32 36 31 31 32 32 30 38 30 31 30 35 5A A1 08 A1 06 80 01 01 81 01 00 ' +
  '85 0C 55 6E 6B 6E 6F 77 6E 20 75 73 65 72';

const plain = (hex: string) => toHex(fromHex(hex));

describe('APDUs octet for octet', () => {
  it('encodes a message with definite lengths, eight indicator bits and no defaults (P1-014, P1-015)', () => {
    expect(toHex(encodeMessageHead(exampleMessage(), 144))).toBe(plain(messageHead));
  });

  it('wraps it in an EXTERNAL of the negotiated context in normal mode (P1-009)', () => {
    expect(toHex(encodeMessageHead(exampleMessage(), 144, 5))).toBe(
      plain(`28 82 01 B4 02 01 05 A0 82 01 AD ${messageHead}`),
    );
  });

  it('decodes that message to the value it was made from', () => {
    const octets = concatOctets(fromHex(messageHead), new Uint8Array(144));
    const head = readApduHead(sourceOf(octets));
    expect(octets.length).toBe(429);
    expect(head).toMatchObject({ kind: 'message', content: { octets: 144, runs: [{ offset: 285, octets: 144 }] } });
    expect(head.envelope).toEqual(exampleMessage());
  });

  it('encodes and decodes a probe (P1-053, P1-054)', () => {
    expect(toHex(encodeProbe(exampleProbe()))).toBe(plain(probe));
    expect(readApduHead(sourceOf(fromHex(probe)))).toEqual({ kind: 'probe', envelope: exampleProbe() });
  });

  it('encodes the non-delivery report that it builds, and decodes it (P1-044)', () => {
    const oneMinuteLater = eightOClock + 65_000;
    const built = buildReport(
      { kind: 'message', envelope: exampleMessage() },
      [
        {
          recipient: recipient(1),
          result: { kind: 'not-delivered', reason: 1, diagnostic: 0 },
          supplementaryInformation: 'Unknown user',
        },
      ],
      {
        ...mtaB,
        reportIdentifier: { globalDomainIdentifier: beta, localIdentifier: 'B2.261122.9' },
        timeMilliseconds: oneMinuteLater,
        subjectArrivalTimeMilliseconds: oneMinuteLater,
      },
    );
    if (built === undefined) throw new Error('no report');
    const envelope = { ...built.envelope, extensions: [] };
    expect(toHex(encodeReportHead(envelope, built.content))).toBe(plain(report));
    expect(readApduHead(sourceOf(fromHex(report)))).toEqual({ kind: 'report', envelope, content: built.content });
  });

  it('encodes an O/R name with a domain-defined attribute', () => {
    const octets = fromHex(
      '60 40 30 17 61 04 13 02 47 42 62 03 13 01 20 A2 06 13 04 41 43 4D 45 83 02 67 77 30 25 30 23 13 07 52 46 43 2D 38 32 32 ' +
        '13 18 74 6F 6D 28 75 29 68 28 61 29 63 73 2E 65 78 61 6D 70 6C 65 2E 6F 72 67',
    );
    const text = 'C=GB;ADMD= ;PRMD=ACME;O=gw;DDA:RFC-822=tom(u)h(a)cs.example.org';
    expect(toHex(encode(orName, parseORAddress(text)))).toBe(toHex(octets));
    expect(printORAddress(decode(orName, octets))).toBe(text);
  });

  it('encodes the delivery variant of last trace information', () => {
    const built = buildReport(
      { kind: 'probe', envelope: exampleProbe() },
      [
        {
          recipient: recipient(1, { originatingMtaRequest: 'report' }),
          result: { kind: 'delivered', deliveryTimeMilliseconds: eightOClock, mtsUserType: 1 },
        },
      ],
      {
        ...mta1,
        reportIdentifier: { globalDomainIdentifier: beta, localIdentifier: 'x' },
        timeMilliseconds: eightOClock,
        subjectArrivalTimeMilliseconds: eightOClock,
      },
    );
    if (built === undefined) throw new Error('no report');
    const time = '80 0D 32 36 31 31 32 32 30 38 30 30 30 30 5A';
    expect(toHex(encodeReportHead(built.envelope, built.content))).toContain(
      plain(`A3 25 ${time} A1 14 A0 12 ${time} 81 01 01`),
    );
  });
});
