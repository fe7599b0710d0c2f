import fc from 'fast-check';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ByteList } from '../../src/bytes/byte-list.js';
import { concatOctets, fromHex, latin1Octets, toHex } from '../../src/bytes/octets.js';
import { runDecode } from '../../src/cli/decode.js';
import { inputOf } from '../../src/cli/decode-input.js';
import { decodeOctets, type DecodedAs } from '../../src/cli/decode-kinds.js';
import { standardName } from '../../src/cli/decode-text.js';
import { segmentTsdu } from '../../src/transport/tsdu.js';
import { apduVectors } from '../p1/vectors.js';
import { vector, vectors as contentVectors } from '../ipms/vectors.js';
import { contentOf } from '../ipms/contents.js';

const sessionVectors = JSON.parse(
  readFileSync(new URL('../../conformance/vectors/session.json', import.meta.url), 'utf8'),
) as { readonly source: string; readonly octets: string; readonly spdus: { readonly spdu?: string }[] }[];

function decoded(octets: Uint8Array, as?: DecodedAs) {
  const outcome = decodeOctets(octets, as);
  if ('faults' in outcome) throw new Error(outcome.faults.join('\n'));
  return outcome.decoded;
}

describe('what octets are taken for', () => {
  it('knows the APDUs of a real agent, with an EXTERNAL around them or without', () => {
    for (const { hex } of apduVectors) {
      expect(decoded(fromHex(hex)).as).toBe('apdu');
      expect(decoded(fromHex(`288002 0105a080 ${hex} 00000000`))).toMatchObject({
        as: 'apdu',
        value: { presentationContextIdentifier: 5 },
      });
    }
  });

  it('knows interpersonal contents and notifications', () => {
    for (const { hex } of [...contentVectors.contents, ...contentVectors.notifications]) {
      expect(decoded(fromHex(hex)).as).toBe('content');
    }
  });

  it('knows session TSDUs', () => {
    for (const { octets } of sessionVectors) expect(decoded(fromHex(octets)).as).toBe('tsdu');
  });

  it('takes other encodings for BER, also several in a row', () => {
    expect(decoded(fromHex('3125a003800100a11e800101810103a216a014a11280054d54412d42a109040773656372657442')).as).toBe(
      'ber',
    );
    expect(decoded(fromHex('020107 0500')).value).toHaveLength(2);
  });

  it('does as it is told', () => {
    const octets = vector('EX1');
    expect(decoded(octets, 'ber').as).toBe('ber');
    expect(decodeOctets(octets, 'apdu')).toMatchObject({ faults: [/MTS-APDU/] });
  });

  it('takes any octets for something or says why not', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => {
        const outcome = decodeOctets(octets, undefined);
        expect('decoded' in outcome || outcome.faults.length === 4).toBe(true);
      }),
    );
  });

  it('bears any damage to an APDU', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...apduVectors.map(({ hex }) => fromHex(hex))),
        fc.nat(),
        fc.integer({ min: 0, max: 255 }),
        (sample, position, octet) => {
          const octets = Uint8Array.from(sample);
          octets[position % octets.length] = octet;
          const outcome = decodeOctets(octets, undefined);
          expect('decoded' in outcome || outcome.faults.length === 4).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('what is shown', () => {
  it('names recipients, indicators, extensions and content of a message', () => {
    const text = decoded(fromHex(apduVectors.find(({ id }) => id === 'V4')?.hex ?? '')).text;
    for (const line of [
      'message-identifier: [/PRMD=ALPHA/ADMD= /C=GB/;a.test.282:22.10.26.08.21.46]',
      'built-in: 22 (interpersonal-messaging-1988)',
      'built-in: {2 ia5-text} of 3 bits',
      'recipient-name: C=GB;ADMD= ;PRMD=BETA;S=bob',
      'per-recipient-indicators: {0 responsibility, 2 originating-MTA-non-delivery-report, 4 originator-non-delivery-report} of 9 bits',
      'type: 38 internal-trace-information',
      'subject: PP test message 88 normal',
      'data: Hello Bob, this is a test over P1.\\r\\nSecond line.\\r\\n',
    ]) {
      expect(text).toContain(`${line}\n`);
    }
  });

  it('names reason and diagnostic of a non-delivery, and shows the returned content', () => {
    const text = decoded(fromHex(apduVectors.find(({ id }) => id === 'V8')?.hex ?? '')).text;
    expect(text).toContain('non-delivery-reason-code: 1 (unable-to-transfer)\n');
    expect(text).toContain('non-delivery-diagnostic-code: 0 (unrecognised-OR-name)\n');
    expect(text).toContain('subject: two recipients\n');
  });

  it('looks into the EXTERNALs of body parts and into extensions', () => {
    const octets = contentOf(vector('file-transfer'), vector('general-text'));
    expect(decoded(octets).value).toMatchObject({
      message: {
        body: [
          {
            extended: {
              parameters: {
                directReference: '2.6.1.11.12',
                value: { fileAttributes: { pathname: { incomplete: ['a.bin'] }, objectSize: { actualValues: 4 } } },
              },
              data: { value: [{ encoding: { octetAligned: 'deadbeef' } }] },
            },
          },
          {
            extended: {
              parameters: { value: { SET: ['INTEGER 1', 'INTEGER 6', 'INTEGER 100'] } },
              data: { value: /GeneralString/ },
            },
          },
        ],
      },
    });
    const headed = fromHex('a024 3120 6b03130178 af19 300c 06045601050131041302656e 3009 0604560105020a0102 3000');
    expect(decoded(headed).text).toContain('type: 2.6.1.5.1 languages\n');
  });

  it('names the SPDUs of a TSDU in the order in which they are processed', () => {
    for (const { octets, spdus } of sessionVectors) {
      const names = (decoded(fromHex(octets)).value as readonly object[]).map(
        (entry) => Object.keys(entry)[0]?.split(' ')[0],
      );
      for (const { spdu } of spdus) if (spdu !== undefined) expect(names).toContain(spdu);
    }
    expect(decoded(fromHex('010029032a0132')).value).toEqual([
      { 'AE ACTIVITY END': { serialNumber: 2 } },
      { 'GT GIVE TOKENS': {} },
    ]);
  });

  it('shows the packets of one direction of a connection, a TSDU with the last of its packets', () => {
    const connectionRequest = fromHex('0300001510e00000152900c2055254533834c0010b');
    const tsdu = ByteList.of(fromHex('010029032a0132'));
    const octets = concatOctets(connectionRequest, segmentTsdu(tsdu, 7).toUint8Array());
    expect(decoded(octets)).toMatchObject({
      as: 'tsdu',
      value: [
        { CR: { sourceReference: 5417 } },
        { DT: { endOfTsdu: false, octets: 4 } },
        { DT: { endOfTsdu: true, octets: 3, tsdu: [{ 'AE ACTIVITY END': { serialNumber: 2 } }, {}] } },
      ],
    });
    expect(decodeOctets(octets.subarray(0, -1), 'tsdu')).toMatchObject({ faults: [/cut short/] });
  });

  it('shows each encoding of BER behind its position', () => {
    expect(
      decoded(fromHex('3080 020107 1302 6869 8002 6869 0401 00 0101 ff 0a01 02 0603 2a0304 0302 0520 0500 0000')).text,
    ).toBe(
      [
        '       0 SEQUENCE (31 octets, indefinite length)',
        '       2   INTEGER 7',
        '       5   PrintableString "hi"',
        '       9   [0] 6869 "hi"',
        '      13   OCTET STRING 00',
        '      16   BOOLEAN true',
        '      19   ENUMERATED 2',
        '      22   OBJECT IDENTIFIER 1.2.3.4',
        '      27   BIT STRING {2} of 3 bits',
        '      31   NULL',
        '',
      ].join('\n'),
    );
  });

  it('cuts large values short and says how long they are', () => {
    const text = decoded(concatOctets(fromHex('04820400'), new Uint8Array(1024)), 'ber').text;
    expect(text).toContain('... (1024 octets)');
    expect(text.length).toBeLessThan(300);
  });

  it('lets no control character through', () => {
    const text = decoded(concatOctets(fromHex('160a'), latin1Octets('a\u001b[2J\u009bb\u0000\r\n')), 'ber').text;
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  it.each([
    ['thisIPM', 'this-IPM'],
    ['obsoletedIPMs', 'obsoleted-IPMs'],
    ['perRecipientFields', 'per-recipient-fields'],
    ['mtsIdentifier', 'mts-identifier'],
    ['typeOfMTSUser', 'type-of-MTS-user'],
  ])('names the member %s %s', (member, name) => {
    expect(standardName(member)).toBe(name);
  });
});

describe('notations of octets', () => {
  const octets = vector('EX1');
  const lines = (format: (offset: number, part: Uint8Array) => string) =>
    Array.from({ length: Math.ceil(octets.length / 16) }, (_, i) =>
      format(i * 16, octets.subarray(i * 16, i * 16 + 16)),
    ).join('\n');
  const characters = (part: Uint8Array) =>
    Array.from(part, (octet) => (octet > 0x20 && octet < 0x7f ? String.fromCharCode(octet) : '.')).join('');
  const spaced = (part: Uint8Array) => Array.from(part, (octet) => toHex(Uint8Array.of(octet))).join(' ');
  const offset = (at: number, digits: number) => at.toString(16).padStart(digits, '0');

  it.each([
    ['digits', toHex(octets), 'hexadecimal'],
    ['digits with spaces, capitals and line ends', `${spaced(octets).toUpperCase()}\r\n`, 'hexadecimal'],
    ['digits with colons', spaced(octets).replaceAll(' ', ':'), 'hexadecimal'],
    ['tshark -x', lines((at, part) => `${offset(at, 4)}  ${spaced(part)}   ${characters(part)}`), 'hexadecimal dump'],
    [
      'xxd',
      lines((at, part) => `${offset(at, 8)}: ${toHex(part).replace(/(.{4})(?=.)/g, '$1 ')}  ${characters(part)}`),
      'hexadecimal dump',
    ],
    [
      'hexdump -C',
      `${lines((at, part) => `${offset(at, 8)}  ${spaced(part.subarray(0, 8))}  ${spaced(part.subarray(8))}  |${characters(part)}|`)}\n${offset(octets.length, 8)}\n`,
      'hexadecimal dump',
    ],
  ])('reads %s', (_name, text, notation) => {
    const input = inputOf(latin1Octets(text));
    expect(input.notation).toBe(notation);
    expect(toHex(input.octets)).toBe(toHex(octets));
  });

  it('leaves octets that are none of these as they are', () => {
    expect(inputOf(octets)).toEqual({ octets, notation: 'binary' });
    expect(inputOf(latin1Octets('abc')).notation).toBe('binary');
    expect(inputOf(latin1Octets('hello world')).notation).toBe('binary');
  });
});

describe('mta decode', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'mta-decode-'));
    writeFileSync(join(folder, 'content.ber'), vector('EX1'));
    writeFileSync(join(folder, 'broken.ber'), fromHex('3005 0201'));
    writeFileSync(join(folder, 'empty.ber'), '');
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  function run(file: string, options: { readonly json?: boolean; readonly as?: DecodedAs } = {}) {
    const written = { stdout: '', stderr: '' };
    const code = runDecode(
      { file: join(folder, file), json: options.json ?? false, ...(options.as !== undefined && { as: options.as }) },
      {
        stdout: { write: (text) => (written.stdout += text) },
        stderr: { write: (text) => (written.stderr += text) },
      },
    );
    return { code, ...written };
  }

  it('says what it took the file for', () => {
    const { code, stdout } = run('content.ber');
    expect(code).toBe(0);
    expect(stdout).toContain('content.ber: interpersonal content (X.420), 144 octets, binary\nmessage:\n');
  });

  it('gives the same as JSON', () => {
    const { code, stdout } = run('content.ber', { json: true });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      as: 'content',
      notation: 'binary',
      octets: 144,
      value: { message: { heading: { subject: 'Hello', thisIPM: { userRelativeIdentifier: '261122.1' } } } },
    });
  });

  it('ends with 1 and the reasons when nothing fits', () => {
    const { code, stdout, stderr } = run('broken.ber');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('cannot be decoded');
    expect(stderr.match(/ {2}no /g)).toHaveLength(4);
    expect(run('content.ber', { as: 'tsdu' })).toMatchObject({ code: 1, stderr: /no session TSDU/ });
  });

  it('ends with 1 when the file is missing or empty', () => {
    expect(run('missing.ber')).toMatchObject({ code: 1, stderr: /missing\.ber cannot be read/ });
    expect(run('empty.ber')).toMatchObject({ code: 1, stderr: /empty/ });
  });
});
