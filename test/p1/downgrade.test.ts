import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWholeBerNode, type BerNode } from '../../src/asn1/ber-node.js';
import { BitString } from '../../src/asn1/bit-string.js';
import { classNumberOf, tagNumberOf } from '../../src/asn1/tag.js';
import { encode } from '../../src/asn1/type.js';
import { encodeReportHead, readApduHead } from '../../src/p1/apdu-head.js';
import { withExtension, type ExtensionFields } from '../../src/p1/extension-field.js';
import { latestDeliveryTime } from '../../src/p1/extensions.js';
import { downgradeMessage, downgradeProbe, downgradeTypes } from '../../src/p1/downgrade-1984.js';
import { downgradeName } from '../../src/p1/downgrade-names.js';
import { downgradeReport } from '../../src/p1/downgrade-report.js';
import { makeRecipientIndicators } from '../../src/p1/indicators.js';
import { messageTransferEnvelope, probeTransferEnvelope } from '../../src/p1/message-pdu.js';
import { parseORAddress, printORAddress } from '../../src/p1/or-address-text.js';
import { traceAction, traceArrival } from '../../src/p1/trace.js';
import { messageEnvelopes } from './envelope-generators.js';
import { acme, eightOClock, exampleMessage, exampleProbe, mta1, mtaB, recipient } from './values.js';
import { sourceOf, vector } from './vectors.js';

const rules = { contentTypes: [2], redirectedTrace: 'keep' } as const;
const p2 = { contentType: { kind: 'builtIn' as const, value: 2 } };
const critical: ExtensionFields = withExtension([], latestDeliveryTime, '261122080000Z');

/** First octets of the members that the 1984 structures may have (X.411 1984). */
const allowed: Readonly<Record<string, readonly number[]>> = {
  envelope: [0x64, 0x60, 0x65, 0x46, 0x4a, 0x47, 0x48, 0x80, 0xa1, 0xa2, 0x69],
  recipient: [0x60, 0x80, 0x81, 0x82],
  probe: [0x64, 0x60, 0x65, 0x46, 0x4a, 0x48, 0x80, 0xa1, 0xa2, 0x69],
  reportEnvelope: [0x64, 0x60, 0x69],
  reportContent: [0x64, 0x69, 0x4a, 0xa0, 0x81, 0xa2],
  reportedRecipient: [0xa0, 0x81, 0x82, 0xa3, 0xa4, 0x85],
  lastTrace: [0x80, 0x65, 0xa1],
  traceSet: [0x80, 0x81, 0x82, 0x63, 0x65],
  types: [0x80, 0x81, 0xa2, 0xa3],
  name: [0x30],
};

function firstOctet(node: BerNode): number {
  return (classNumberOf(node.tag) << 6) | (node.constructed ? 0x20 : 0) | tagNumberOf(node.tag);
}

function expectMembers(node: BerNode | undefined, structure: string): void {
  for (const child of node?.children ?? [])
    expect([structure, allowed[structure]]).toEqual([structure, expect.arrayContaining([firstOctet(child)])]);
}

/** Every node with this first octet. */
function all(node: BerNode, octet: number): BerNode[] {
  return [...(firstOctet(node) === octet ? [node] : []), ...node.children.flatMap((child) => all(child, octet))];
}

function child(node: BerNode | undefined, octet: number): BerNode | undefined {
  return node?.children.find((candidate) => firstOctet(candidate) === octet);
}

function expectCommon(node: BerNode): void {
  for (const types of all(node, 0x65)) expectMembers(types, 'types');
  for (const name of all(node, 0x60)) expectMembers(name, 'name');
  for (const trace of all(node, 0x69)) {
    for (const element of trace.children) expectMembers(child(element, 0x31), 'traceSet');
  }
}

describe('the downgrade to 1984', () => {
  it('leaves in a message only what 1984 had (P1-062, P1-072)', () => {
    const indicators = BitString.of([0, 1, 2, 3, 4, 5, 6, 7]);
    const envelope = exampleMessage({
      ...p2,
      perMessageIndicators: indicators,
      originalEncodedInformationTypes: { builtIn: BitString.of([2]), extended: ['2.6.3.4.5', '2.6.1.12.0'] },
      extensions: [],
    });
    const traced = traceAction(traceArrival(envelope, mtaB, eightOClock), mtaB, { otherActions: [0] });
    const { envelope: downgraded, failures } = downgradeMessage(traced, rules);
    expect(failures).toEqual([]);
    expect(downgraded).toMatchObject({
      perMessageIndicators: BitString.of([0, 1, 2, 3]),
      originalEncodedInformationTypes: { builtIn: BitString.of([0, 2, 5]) },
      extensions: [],
    });
    if (downgraded === undefined) throw new Error('nothing left');
    const node = readWholeBerNode(encode(messageTransferEnvelope, downgraded));
    expectMembers(node, 'envelope');
    for (const fields of child(node, 0xa2)?.children ?? []) expectMembers(fields, 'recipient');
    expectCommon(node);
  });

  it('leaves in any message or probe only what 1984 had', () => {
    const any = { contentTypes: Array.from({ length: 32768 }, (_, i) => i), redirectedTrace: 'keep' } as const;
    fc.assert(
      fc.property(messageEnvelopes, (envelope) => {
        const uncritical = {
          ...envelope,
          extensions: [],
          perRecipientFields: envelope.perRecipientFields.map((fields) => ({ ...fields, extensions: [] })),
        };
        const { envelope: downgraded } = downgradeMessage(uncritical, any);
        if (downgraded === undefined) return;
        const node = readWholeBerNode(encode(messageTransferEnvelope, downgraded));
        expectMembers(node, 'envelope');
        for (const fields of child(node, 0xa2)?.children ?? []) expectMembers(fields, 'recipient');
        expectCommon(node);
      }),
      { numRuns: 60 },
    );
    const probe = downgradeProbe(exampleProbe(p2), rules).envelope;
    if (probe === undefined) throw new Error('nothing left');
    const node = readWholeBerNode(encode(probeTransferEnvelope, probe));
    expectMembers(node, 'probe');
    expectCommon(node);
    expect(probe.contentLength).toBe(1200);
  });

  it('fails all recipients with 1/18 where the message has a critical extension (P1-029, P1-062)', () => {
    const envelope = exampleMessage({ ...p2, extensions: critical, perRecipientFields: [recipient(1), recipient(2)] });
    const { envelope: downgraded, failures } = downgradeMessage(envelope, rules);
    expect(downgraded).toBeUndefined();
    expect(failures.map(({ reason, diagnostic }) => [reason, diagnostic])).toEqual([
      [1, 18],
      [1, 18],
    ]);
  });

  it('fails one recipient with 1/18 for an extension of its own, and sends to the others', () => {
    const marked = { ...recipient(2), extensions: critical };
    const envelope = exampleMessage({ ...p2, perRecipientFields: [recipient(1), marked] });
    const { envelope: downgraded, failures } = downgradeMessage(envelope, rules);
    expect(downgraded?.perRecipientFields.map((fields) => fields.originallySpecifiedRecipientNumber)).toEqual([1]);
    expect(failures).toEqual([{ recipient: marked, reason: 1, diagnostic: 18 }]);
  });

  it.each([
    ['content type 22 without agreement', exampleMessage()],
    [
      'an object identifier as content type',
      exampleMessage({ contentType: { kind: 'extended', value: '2.6.1.10.1' } }),
    ],
    [
      'an originator without address',
      exampleMessage({ ...p2, originatorName: { standardAttributes: {}, directoryName: Uint8Array.of(0x30, 0) } }),
    ],
    [
      'an explicit conversion unknown in 1984',
      exampleMessage({ ...p2, perRecipientFields: [{ ...recipient(1), explicitConversion: 8 }] }),
    ],
    [
      'five domain-defined attributes',
      exampleMessage({
        ...p2,
        perRecipientFields: [recipient(1, {}, parseORAddress('C=GB;S=x;CN=y;DDA:a=1;DDA:b=1;DDA:c=1;DDA:d=1'))],
      }),
    ],
  ])('fails with 2/47 for %s (P1-072)', (_case, envelope) => {
    const { envelope: downgraded, failures } = downgradeMessage(envelope, rules);
    expect(downgraded).toBeUndefined();
    expect(failures).toMatchObject([{ reason: 2, diagnostic: 47 }]);
  });

  it('sends content type 22 to a peer configured for it (P1-072)', () => {
    expect(downgradeMessage(exampleMessage(), { ...rules, contentTypes: [2, 22] }).envelope?.contentType).toEqual({
      kind: 'builtIn',
      value: 22,
    });
  });

  it('drops in silence recipients for which others are responsible and that it cannot write', () => {
    const other = { ...recipient(2, { responsibility: 'not-responsible' }), extensions: critical };
    const result = downgradeMessage(exampleMessage({ ...p2, perRecipientFields: [recipient(1), other] }), rules);
    expect(result.failures).toEqual([]);
    expect(result.envelope?.perRecipientFields).toHaveLength(1);
    const none = downgradeMessage(exampleMessage({ ...p2, perRecipientFields: [other] }), rules);
    expect(none).toEqual({ envelope: undefined, failures: [] });
  });

  it('keeps five recipient indicators in eight bits', () => {
    const indicators = new BitString(Uint8Array.of(0xaf, 0x80), 7);
    const envelope = exampleMessage({
      ...p2,
      perRecipientFields: [{ ...recipient(1), perRecipientIndicators: indicators }],
    });
    expect(downgradeMessage(envelope, rules).envelope?.perRecipientFields[0]?.perRecipientIndicators).toEqual(
      makeRecipientIndicators({
        responsibility: 'responsible',
        originatingMtaRequest: 'non-delivery-report',
        originatorRequest: 'non-delivery-report',
      }),
    );
  });

  it('cuts trace up to the last redirection where the peer is no transit domain (RFC 1615)', () => {
    const redirected = traceAction(traceArrival(exampleMessage(p2), mtaB, eightOClock), mtaB, { otherActions: [0] });
    const onward = traceArrival(redirected, mta1, eightOClock);
    const cut = downgradeMessage(onward, { ...rules, redirectedTrace: 'cut' }).envelope;
    expect(cut?.traceInformation.map((element) => element.globalDomainIdentifier)).toEqual([acme]);
    expect(downgradeMessage(onward, rules).envelope?.traceInformation).toHaveLength(3);
    expect(downgradeMessage(redirected, { ...rules, redirectedTrace: 'cut' }).envelope?.traceInformation).toHaveLength(
      2,
    );
  });

  it('puts 1988 attributes of a name into domain-defined ones (RFC 1328)', () => {
    const downgraded = (text: string) => {
      const name = downgradeName(parseORAddress(text));
      return name && printORAddress(name);
    };
    expect(downgraded('C=GB;P=x;CN=Help Desk')).toBe('C=GB;ADMD= ;PRMD=x;DDA:Common=Help Desk');
    expect(downgraded('C=GB;P=x;PD-BOX=12;T-TY=vtx')).toBe('C=GB;ADMD= ;PRMD=x;DDA:X400-88=/PD-BOX=12/T-TY=vtx/');
    expect(downgraded('C=GB;S=Smith;DDA:a=1')).toBe('C=GB;ADMD= ;S=Smith;DDA:a=1');
    const long = Array.from({ length: 6 }, () => 'x'.repeat(30)).join('|');
    const overflowing = downgradeName(parseORAddress(`C=GB;PD-ADDRESS=${long}`));
    expect(overflowing?.domainDefinedAttributes?.map(({ type }) => type)).toEqual(['X400-88', 'X400-C1']);
    const tooLong = parseORAddress(
      `C=GB;PD-ADDRESS=${long};PD-STREET=${'{200}'.repeat(30)}*${'{201}'.repeat(30)};EXT30=0c82012c${'61'.repeat(300)}`,
    );
    expect(downgradeName(tooLong)).toBeUndefined();
    const unchanged = parseORAddress('C=GB;S=Smith');
    expect(downgradeName(unchanged)).toBe(unchanged);
    expect(downgradeName({ standardAttributes: {}, directoryName: Uint8Array.of(0x30, 0) })).toBeUndefined();
  });

  it('knows the bits that object identifiers of types stand for', () => {
    expect(downgradeTypes({ extended: ['2.6.3.4.3'] })).toEqual({ builtIn: BitString.of([3]) });
    expect(downgradeTypes({ universalBuiltIn: BitString.of([2]), extended: ['1.2.3'] })).toEqual({
      builtIn: BitString.of([0, 2]),
    });
    const plain = { builtIn: BitString.of([2]) };
    expect(downgradeTypes(plain)).toBe(plain);
  });

  it('leaves in a report only what 1984 had, with codes of 1984 (P1-057, P1-062)', () => {
    const head = readApduHead(sourceOf(vector('V8')));
    if (head.kind !== 'report') throw new Error('no report');
    const [fields] = head.content.perRecipientFields;
    if (fields === undefined) throw new Error('no recipient');
    const withResult = (reason: number, diagnostic: number) => ({
      ...fields,
      lastTraceInformation: {
        ...fields.lastTraceInformation,
        reportType: {
          kind: 'nonDelivery' as const,
          value: { nonDeliveryReasonCode: reason, nonDeliveryDiagnosticCode: diagnostic },
        },
      },
    });
    const deliveredTo = (typeOfMTSUser: number) => ({
      ...fields,
      lastTraceInformation: {
        ...fields.lastTraceInformation,
        reportType: { kind: 'delivery' as const, value: { messageDeliveryTime: '261122080000Z', typeOfMTSUser } },
      },
    });
    const perRecipientFields = [withResult(1, 0), withResult(2, 47), withResult(5, 3), deliveredTo(1), deliveredTo(3)];
    const report = downgradeReport(
      { envelope: head.envelope, content: { ...head.content, perRecipientFields } },
      rules,
    );
    if (report === undefined) throw new Error('nothing left');
    expect(
      report.content.perRecipientFields.map(({ lastTraceInformation }) => lastTraceInformation.reportType.value),
    ).toEqual([
      { nonDeliveryReasonCode: 1, nonDeliveryDiagnosticCode: 0 },
      { nonDeliveryReasonCode: 2 },
      { nonDeliveryReasonCode: 1 },
      { messageDeliveryTime: '261122080000Z', typeOfMTSUser: 1 },
      { messageDeliveryTime: '261122080000Z', typeOfMTSUser: 0 },
    ]);
    const [envelope, content] = readWholeBerNode(encodeReportHead(report.envelope, report.content)).children;
    expectMembers(envelope, 'reportEnvelope');
    expectMembers(content, 'reportContent');
    for (const reported of child(content, 0xa0)?.children ?? []) {
      expectMembers(reported, 'reportedRecipient');
      expectMembers(child(reported, 0xa3), 'lastTrace');
    }
  });

  it('gives up a report that has nobody to go to', () => {
    const head = readApduHead(sourceOf(vector('V8')));
    if (head.kind !== 'report') throw new Error('no report');
    const envelope = { ...head.envelope, reportDestinationName: { standardAttributes: {} } };
    expect(downgradeReport({ envelope, content: head.content }, rules)).toBeUndefined();
  });
});
