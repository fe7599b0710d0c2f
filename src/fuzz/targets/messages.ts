/** What a message is made of: MTS-APDUs, what is decided about them, contents. */
import { isDeepStrictEqual } from 'node:util';
import { asn1jsLimits, readBerNodeWithAsn1js } from '../../asn1/asn1js-node.js';
import { BerCursor } from '../../asn1/ber-cursor.js';
import { readBerNode, type BerNode } from '../../asn1/ber-node.js';
import { decode, encode } from '../../asn1/type.js';
import { ByteList } from '../../bytes/byte-list.js';
import { concatOctets, toHex } from '../../bytes/octets.js';
import { envelopeFacts, envelopeLines } from '../../cli/envelope-facts.js';
import { decodeOctets, type DecodedAs } from '../../cli/decode-kinds.js';
import { inputOf } from '../../cli/decode-input.js';
import { contentText } from '../../ipms/display.js';
import { octetSourceOf } from '../../ipms/content-outline.js';
import { fileNameFor } from '../../ipms/file-name.js';
import { readContent } from '../../ipms/read.js';
import { encodedInformationTypesOf, readPartOctets, type ReadContent } from '../../ipms/read-content.js';
import { copyHead } from '../../mta/copy-head.js';
import { process, type Processed } from '../../mta/processing.js';
import { RoutingTable } from '../../mta/routing.js';
import { readApduHead } from '../../p1/apdu-head.js';
import { readExtensionField, type Extension } from '../../p1/extension-field.js';
import { readableExtensions } from '../../p1/extensions.js';
import { mtsApdu } from '../../p1/mts-apdu.js';
import { outlineOf } from '../../queue/apdu-outline.js';
import type { ApduOutline, NewMessage } from '../../queue/store.js';
import { mutateBer } from '../ber-mutator.js';
import { fresh } from '../fresh.js';
import { mutateOctets, mutateText } from '../mutator.js';
import { vectors } from '../seeds.js';
import { fuzzedSite } from '../site.js';
import { attempt, must, targetDefaults, type Target } from '../target.js';

const berMutators = [mutateBer, mutateBer, mutateBer, mutateOctets] as const;

function shape(node: BerNode): unknown {
  return [
    node.tag,
    node.constructed,
    node.start,
    node.contentStart,
    node.contentEnd,
    node.end,
    node.children.map(shape),
  ];
}

/** Three readers of the same encoding that must not contradict one another. */
const ber: Target = {
  ...targetDefaults,
  name: 'ber',
  mutators: berMutators,
  seeds: (material) => vectors(material, 'vectors/p1.json', 'vectors/acse.json', 'vectors/presentation.json'),
  run(input) {
    const own = attempt(() => shape(readBerNode(input, 0, asn1jsLimits)));
    const foreign = attempt(() => shape(readBerNodeWithAsn1js(input)));
    const skipped = attempt(() => {
      const cursor = new BerCursor(ByteList.from([input.subarray(0, 3), input.subarray(3, 10), input.subarray(10)]));
      cursor.skip(cursor.next(cursor.whole), cursor.whole);
      return cursor.position;
    });
    if ('value' in own && 'value' in foreign) must(isDeepStrictEqual(own, foreign), 'two readers see two trees');
    must('value' in own === 'value' in foreign, 'one reader refuses what another one reads');
    const end = attempt(() => readBerNode(input).end);
    if ('value' in end && 'value' in skipped) must(end.value === skipped.value, 'two readers see two ends');
    return [own, foreign, skipped].map((result, i) => `${String(i)} ${'fault' in result ? result.fault : 'read'}`);
  },
};

function facts(value: object): string {
  return Object.keys(value).join(' ');
}

const apdu: Target = {
  ...targetDefaults,
  name: 'apdu',
  weight: 2,
  mutators: berMutators,
  seeds: (material) => vectors(material, 'vectors/p1.json'),
  run(input) {
    const whole = attempt(() => decode(mtsApdu, input));
    if ('value' in whole) {
      const again = decode(mtsApdu, encode(mtsApdu, fresh(whole.value)));
      must(isDeepStrictEqual(fresh(whole.value), fresh(again)), 'an MTS-APDU changes when it is written');
    }
    const head = attempt(() => readApduHead(octetSourceOf(input)));
    if ('fault' in head) return [head.fault];
    const text = decodeOctets(input, 'apdu');
    must('decoded' in text, 'an APDU that is taken cannot be shown');
    return [`${head.value.kind} ${facts(head.value.envelope)}`];
  },
};

/** How much more is read than is there: a walk must not come back to the same octets again and again. */
const readOctetsPerOctetMax = 64;
const readOctetsFree = 1_000_000;

const streaming: Target = {
  ...targetDefaults,
  name: 'apdu-stream',
  octetsMax: 32 * 1024,
  mutators: berMutators,
  seeds: (material) => vectors(material, 'vectors/p1.json'),
  run(input) {
    let readOctets = 0;
    const result = attempt(() =>
      outlineOf({
        octets: input.length,
        read(offset, length) {
          must(offset >= 0 && length >= 0 && offset + length <= input.length, 'a read outside of the source');
          readOctets += length;
          return input.slice(offset, offset + length);
        },
      }),
    );
    must(readOctets <= input.length * readOctetsPerOctetMax + readOctetsFree, 'the same octets are read too often');
    if ('fault' in result) return [result.fault];
    return [`${result.value.kind} ${String(Math.min(result.value.content?.runs.length ?? 0, 20))}`];
  },
};

const site = fuzzedSite();
const routing = new RoutingTable(site);
const now = Date.UTC(2026, 10, 22);

function processed(outline: ApduOutline): Processed {
  let ids = 0;
  return process(
    {
      kind: outline.kind,
      envelope: outline.envelope,
      content: { kind: 'none' },
      contentOctets: outline.content?.octets ?? 0,
      contentHead: outline.contentHead ?? new Uint8Array(0),
      from: 'alpha',
      arrivedAt: now,
    },
    { site, routing, now, nextId: () => `1-${String(++ids)}`, nextLocalIdentifier: () => `local.${String(++ids)}` },
  );
}

/** What would go to the next hop can be read there. */
function checkCopies(message: NewMessage): readonly string[] {
  return message.copies.flatMap(({ id, connector, recipients }) =>
    (['1988', '1984'] as const).map((p1) => {
      const head = copyHead(
        {
          ...message,
          id,
          message: message.id,
          connector,
          recipients,
          content: '',
          openAttempts: 0,
          transferAttempts: 0,
        },
        { p1, extensionTagging: 'standard', contextIdentifier: 5 },
      );
      if (head.kind === 'failure') return `${p1} ${JSON.stringify(head.failure)}`;
      const content = new Uint8Array(message.contentOctets);
      readApduHead(octetSourceOf(concatOctets(head.head, content)));
      return `${p1} ${message.kind}`;
    }),
  );
}

/** What is shown of what is delivered. */
function show(message: NewMessage): void {
  const entry = {
    id: '1',
    kind: message.kind === 'probe' ? ('message' as const) : message.kind,
    mtsIdentifier: message.mtsIdentifier,
    from: message.originator,
    to: 'nobody',
    subject: message.subject,
    contentType: message.contentType,
    sizeOctets: message.contentOctets,
    deliveredAt: new Date(now).toISOString(),
    envelope: toHex(message.envelope),
    contentOctets: message.contentOctets,
  };
  if (message.kind !== 'probe') envelopeLines(entry, envelopeFacts(entry));
}

const processing: Target = {
  ...targetDefaults,
  name: 'processing',
  weight: 2,
  mutators: berMutators,
  seeds: (material) => vectors(material, 'vectors/p1.json'),
  run(input) {
    const outline = attempt(() => outlineOf(octetSourceOf(input)));
    if ('fault' in outline) return [outline.fault];
    const result = processed(outline.value);
    const features = result.messages.flatMap((message) => {
      show(message);
      return checkCopies(message);
    });
    return [...features, ...result.events.map(({ event }) => event), `${String(result.messages.length)} messages`];
  },
};

const extensions: Target = {
  ...targetDefaults,
  name: 'extensions',
  mutators: berMutators,
  seeds: (material) => vectors(material, 'vectors/p1.json', 'vectors/acse.json').filter(({ length }) => length < 1024),
  run: (input) =>
    readableExtensions.map((extension: Extension<unknown>) => {
      const type = { kind: 'standard', value: extension.number, tagging: 'standard' } as const;
      const value = readExtensionField({ type, criticality: extension.criticality, value: input }, extension);
      if (value === undefined) return 'none';
      const again = decode(extension.type, encode(extension.type, fresh(value)));
      must(
        isDeepStrictEqual(fresh(value), fresh(again)),
        `extension ${String(extension.number)} changes when it is written`,
      );
      return String(extension.number);
    }),
};

const partOctetsMax = 1 << 20;

function partsOf(content: ReadContent): readonly string[] {
  if (content.kind === 'notification') return [content.notification.notification.choice.kind];
  return content.message.parts.map(({ form, type }) => `${form} ${type.slice(0, 20)}`);
}

const content: Target = {
  ...targetDefaults,
  name: 'content',
  weight: 2,
  mutators: berMutators,
  seeds: (material) => vectors(material, 'vectors/ipms.json'),
  run(input) {
    const source = octetSourceOf(input);
    return (['t61', 'latin-1'] as const).flatMap((teletex) => {
      const read = attempt(() => readContent(source, { teletex }));
      if ('fault' in read) return [read.fault];
      contentText(read.value, teletex);
      encodedInformationTypesOf(read.value);
      if (read.value.kind === 'message') {
        const taken = new Set<string>();
        for (const part of read.value.message.parts) {
          if (part.form === 'file') taken.add(fileNameFor(part.file.name, taken));
          if ('data' in part) attempt(() => readPartOctets(source, part.data, partOctetsMax));
        }
      }
      return partsOf(read.value);
    });
  },
};

const kinds: readonly (DecodedAs | undefined)[] = [undefined, 'apdu', 'content', 'tsdu', 'ber'];

const shown: Target = {
  ...targetDefaults,
  name: 'decode-command',
  octetsMax: 4096,
  mutators: [...berMutators, mutateText(['00000000  ', '0300', '\n', '  |..|', ': ', 'a0 80', '\t'])],
  seeds: (material) => [
    ...vectors(material, 'vectors/ipms.json', 'vectors/p1.json', 'vectors/session.json'),
    ...vectors(material, 'vectors/p1-binds.json').map((octets) => new TextEncoder().encode(toHex(octets))),
    new TextEncoder().encode(
      '00000000  a0 80 31 80 00 00 00 00                           |..1.....|\n00000008  00 00\n',
    ),
  ],
  run(input) {
    const { octets, notation } = inputOf(input);
    return kinds.flatMap((as) => {
      const outcome = decodeOctets(octets, as);
      if ('faults' in outcome) return [`${notation} none`];
      JSON.stringify(outcome.decoded.value);
      return [`${notation} ${outcome.decoded.as} ${outcome.decoded.title}`];
    });
  },
};

export const messageTargets: readonly Target[] = [ber, apdu, streaming, processing, extensions, content, shown];
