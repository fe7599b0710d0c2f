/** Messages and reports as a mailbox holds them. */
import { encode } from '../../src/asn1/type.js';
import { composeContent } from '../../src/ipms/compose.js';
import type { NewBodyPart } from '../../src/ipms/compose-body.js';
import { flattened, type Segments } from '../../src/ipms/content-plan.js';
import { encodeReportHead } from '../../src/p1/apdu-head.js';
import type { ContentType } from '../../src/p1/common-types.js';
import { messageTransferEnvelope } from '../../src/p1/message-pdu.js';
import { printMtsIdentifier } from '../../src/p1/mts-identifier.js';
import { buildReport, type RecipientOutcome } from '../../src/p1/report-building.js';
import { beta, eightOClock, exampleMessage, mtaB, postmaster, recipient, smith } from '../p1/values.js';
import type { HeldEntry } from './admin-server.js';

const example = exampleMessage();
export const messageIdentifier = printMtsIdentifier(example.messageIdentifier);

export function interpersonalPlan(parts: readonly NewBodyPart[]): Segments {
  const plan = composeContent({
    heading: {
      identifier: { userRelativeIdentifier: 'one' },
      originator: { formalName: smith },
      recipients: [{ formalName: postmaster }],
      subject: 'Order 7',
    },
    parts,
    version: 'least',
  });
  if (plan.faults.length > 0) throw new Error(JSON.stringify(plan.faults));
  return plan.segments;
}

/** A content of these parts; `files` are what the parts refer to. */
export function interpersonalContent(parts: readonly NewBodyPart[], files: readonly Uint8Array[] = []): Uint8Array {
  return flattened(interpersonalPlan(parts), (file, offset, octets) => {
    const found = files[file];
    if (found === undefined) throw new RangeError(`no file ${String(file)}`);
    return found.subarray(offset, offset + octets);
  });
}

function contentTypeOf(number: number): ContentType {
  return { kind: 'builtIn', value: number };
}

export function deliveredMessage(content: Uint8Array | string, changes: Partial<HeldEntry> = {}): HeldEntry {
  const contentType = changes.contentType ?? '22';
  return {
    id: '1-7',
    kind: 'message',
    mtsIdentifier: messageIdentifier,
    subject: 'Order 7',
    contentType,
    envelope: encode(messageTransferEnvelope, exampleMessage({ contentType: contentTypeOf(Number(contentType)) })),
    content,
    ...changes,
  };
}

/** A report on two recipients of the example: one delivered, one not (reason 1, diagnostic 0). */
export function deliveredReport(content: Uint8Array = new Uint8Array(0), changes: Partial<HeldEntry> = {}): HeldEntry {
  const wanted = { originatingMtaRequest: 'report', originatorRequest: 'report' } as const;
  const recipients = [recipient(1, wanted), recipient(2, wanted, smith)];
  const [first, second] = recipients;
  if (first === undefined || second === undefined) throw new RangeError('two recipients');
  const outcomes: readonly RecipientOutcome[] = [
    {
      recipient: first,
      result: { kind: 'delivered', deliveryTimeMilliseconds: eightOClock, mtsUserType: 1 },
    },
    {
      recipient: second,
      result: { kind: 'not-delivered', reason: 1, diagnostic: 0 },
      supplementaryInformation: 'nobody of that name',
    },
  ];
  const envelope = exampleMessage({ perRecipientFields: recipients });
  const built = buildReport({ kind: 'message', envelope }, outcomes, {
    ...mtaB,
    reportIdentifier: { globalDomainIdentifier: beta, localIdentifier: 'B2.0001' },
    timeMilliseconds: eightOClock,
    subjectArrivalTimeMilliseconds: eightOClock,
  });
  if (built === undefined) throw new Error('nobody wants to hear of it');
  return {
    id: '1-8',
    kind: 'report',
    mtsIdentifier: printMtsIdentifier(built.envelope.reportIdentifier),
    subjectIdentifier: messageIdentifier,
    subject: `Report on ${messageIdentifier}`,
    contentType: '22',
    envelope: encodeReportHead(built.envelope, built.content),
    content,
    ...changes,
  };
}
