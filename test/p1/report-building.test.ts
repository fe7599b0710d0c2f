import { describe, expect, it } from 'vitest';
import { BitString } from '../../src/asn1/bit-string.js';
import { ia5String } from '../../src/asn1/simple-types.js';
import { encode, faultsOf } from '../../src/asn1/type.js';
import { readExtension, withExtension } from '../../src/p1/extension-field.js';
import {
  contentCorrelator,
  dlExpansionHistory,
  internalTrace,
  originatorAndDLExpansionHistory,
  redirectionHistory,
} from '../../src/p1/extensions.js';
import type { OriginatingMtaRequest } from '../../src/p1/indicators.js';
import { parseORAddress } from '../../src/p1/or-address-text.js';
import {
  buildReport,
  type RecipientOutcome,
  type RecipientResult,
  type ReportSubject,
} from '../../src/p1/report-building.js';
import { reportTransferContent, reportTransferEnvelope } from '../../src/p1/report-pdu.js';
import { beta, eightOClock, exampleMessage, exampleProbe, mtaB, postmaster, recipient, smith } from './values.js';

const failed: RecipientResult = { kind: 'not-delivered', reason: 1, diagnostic: 0 };
const delivered: RecipientResult = { kind: 'delivered', deliveryTimeMilliseconds: eightOClock, mtsUserType: 1 };
const reporting = {
  ...mtaB,
  reportIdentifier: { globalDomainIdentifier: beta, localIdentifier: 'r1' },
  timeMilliseconds: eightOClock + 2000,
  subjectArrivalTimeMilliseconds: eightOClock + 1000,
};

function about(subject: ReportSubject, ...outcomes: readonly RecipientOutcome[]) {
  const report = buildReport(subject, outcomes, reporting);
  if (report !== undefined) {
    expect(faultsOf(reportTransferEnvelope, report.envelope)).toEqual([]);
    expect(faultsOf(reportTransferContent, report.content)).toEqual([]);
  }
  return report;
}

const message = (changes = {}): ReportSubject => ({ kind: 'message', envelope: exampleMessage(changes) });

describe('report building', () => {
  it.each<[OriginatingMtaRequest, RecipientResult, 'report' | 'none']>([
    ['non-delivery-report', failed, 'report'],
    ['non-delivery-report', delivered, 'none'],
    ['report', failed, 'report'],
    ['report', delivered, 'report'],
    ['audited-report', failed, 'report'],
    ['audited-report', delivered, 'report'],
  ])('with request %s and result %o gives: %s (P1-044, P1-045)', (originatingMtaRequest, result, expected) => {
    const report = about(message(), { recipient: recipient(1, { originatingMtaRequest }), result });
    expect(report === undefined ? 'none' : 'report').toBe(expected);
  });

  it('says nothing about recipients for which others are responsible (P1-019)', () => {
    const other = recipient(2, { responsibility: 'not-responsible', originatingMtaRequest: 'report' });
    expect(about(message(), { recipient: other, result: failed })).toBeUndefined();
    const both = about(message(), { recipient: other, result: failed }, { recipient: recipient(1), result: failed });
    expect(both?.content.perRecipientFields.map((fields) => fields.originallySpecifiedRecipientNumber)).toEqual([1]);
  });

  it('gives the whole trace of the subject just where an audited report is wanted (P1-046)', () => {
    const audited = about(message(), {
      recipient: recipient(1, { originatingMtaRequest: 'audited-report' }),
      result: failed,
    });
    expect(audited?.content.subjectIntermediateTraceInformation).toEqual(exampleMessage().traceInformation);
    const plain = about(message(), { recipient: recipient(1), result: failed });
    expect(plain?.content).not.toHaveProperty('subjectIntermediateTraceInformation');
  });

  it('copies identifier, content identifier and type, original types, correlator, number and indicators (P1-048)', () => {
    const correlator = encode(ia5String(), 'Subject: x');
    const subject = exampleMessage({ extensions: withExtension([], contentCorrelator, correlator) });
    const asked = recipient(7, { originatingMtaRequest: 'report', originatorRequest: 'report' });
    const report = about({ kind: 'message', envelope: subject }, { recipient: asked, result: delivered });
    expect(report?.content).toMatchObject({
      subjectIdentifier: subject.messageIdentifier,
      contentIdentifier: 'Order 7',
      contentType: { kind: 'builtIn', value: 22 },
      originalEncodedInformationTypes: subject.originalEncodedInformationTypes,
      perRecipientFields: [
        {
          actualRecipientName: postmaster,
          originallySpecifiedRecipientNumber: 7,
          perRecipientIndicators: asked.perRecipientIndicators,
          lastTraceInformation: {
            arrivalTime: '261122080001Z',
            reportType: { kind: 'delivery', value: { messageDeliveryTime: '261122080000Z', typeOfMTSUser: 1 } },
          },
        },
      ],
    });
    expect(readExtension(report?.content.extensions ?? [], contentCorrelator)).toEqual(correlator);
  });

  it('begins a trace of its own and goes to the originator (P1-047, P1-055)', () => {
    const report = about(message(), { recipient: recipient(1), result: failed });
    expect(report?.envelope).toMatchObject({
      reportIdentifier: reporting.reportIdentifier,
      reportDestinationName: smith,
      traceInformation: [{ globalDomainIdentifier: beta, domainSuppliedInformation: { arrivalTime: '261122080002Z' } }],
    });
    expect(readExtension(report?.envelope.extensions ?? [], internalTrace)).toMatchObject([{ mtaName: 'b2' }]);
    expect(readExtension(report?.envelope.extensions ?? [], originatorAndDLExpansionHistory)).toBeUndefined();
  });

  it('goes to the last distribution list, with originator and all lists, where there were any (P1-047)', () => {
    const lists = ['C=GB;A= ;P=ACME;CN=list1', 'C=GB;A= ;P=ACME;CN=list2'].map((text, i) => ({
      name: parseORAddress(text),
      time: `26112208000${String(i)}Z`,
    }));
    const extensions = withExtension([], dlExpansionHistory, lists);
    const report = about(message({ extensions }), { recipient: recipient(1), result: failed });
    expect(report?.envelope.reportDestinationName).toEqual(lists[1]?.name);
    expect(readExtension(report?.envelope.extensions ?? [], originatorAndDLExpansionHistory)).toEqual([
      { name: smith, time: '261122080000Z' },
      ...lists,
    ]);
  });

  it('names the recipient originally intended after redirection', () => {
    const first = parseORAddress('C=US;A=TELE;P=BETA;S=First');
    const history = [first, postmaster].map((name) => ({
      intendedRecipientName: { name, time: '261122080000Z' },
      redirectionReason: 0,
    }));
    const redirected = { ...recipient(1), extensions: withExtension([], redirectionHistory, history) };
    const report = about(message(), { recipient: redirected, result: failed });
    expect(report?.content.perRecipientFields[0]?.originallyIntendedRecipientName).toEqual(first);
    expect(readExtension(report?.content.perRecipientFields[0]?.extensions ?? [], redirectionHistory)).toEqual(history);
  });

  it('asks for the content only on non-delivery of a message that wants it back (P1-049)', () => {
    const wanting = { recipient: recipient(1, { originatingMtaRequest: 'report' }) };
    const returned = (subject: ReportSubject, result: RecipientResult) =>
      about(subject, { ...wanting, result })?.returnOfContent;
    expect(returned(message(), failed)).toBe('requested');
    expect(returned(message(), delivered)).toBe('not-requested');
    expect(returned(message({ perMessageIndicators: BitString.empty }), failed)).toBe('not-requested');
    const probe = exampleProbe({ perMessageIndicators: BitString.of([3]) });
    expect(returned({ kind: 'probe', envelope: probe }, failed)).toBe('not-requested');
  });

  it('omits a diagnostic that nobody gave, and fits supplementary information into PrintableString', () => {
    const report = about(message(), {
      recipient: recipient(1),
      result: { kind: 'not-delivered', reason: 5 },
      supplementaryInformation: `user "x_y" ${'z'.repeat(300)}`,
    });
    const [fields] = report?.content.perRecipientFields ?? [];
    expect(fields?.lastTraceInformation.reportType).toEqual({
      kind: 'nonDelivery',
      value: { nonDeliveryReasonCode: 5 },
    });
    expect(fields?.supplementaryInformation).toMatch(/^user \(q\)x\(u\)y\(q\) z+$/);
    expect(fields?.supplementaryInformation).toHaveLength(256);
  });
});
