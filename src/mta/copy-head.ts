import { encodeMessageHead, encodeProbe, encodeReportHead, messageHeadAround } from '../p1/apdu-head.js';
import { downgradeMessage, downgradeProbe } from '../p1/downgrade-1984.js';
import { downgradeReport } from '../p1/downgrade-report.js';
import { messageEnvelopeOctets, probeEnvelopeOctets } from '../p1/envelope-octets.js';
import { tagMessageExtensions, tagReportExtensions } from '../p1/extension-tagging.js';
import { messageIndicator, withResponsibility } from '../p1/indicators.js';
import type { MessageTransferEnvelope, ProbeTransferEnvelope } from '../p1/message-pdu.js';
import type { QueuedCopy } from '../queue/store.js';
import { downgradeRules } from './downgrade-rules.js';
import { failures, type Failure } from './failure.js';
import { isPastLatestDelivery } from './latest-delivery.js';
import { decodeReport } from './report-octets.js';

export interface CopyTarget {
  readonly p1: '1988' | '1984';
  /** How the peer wants types of extensions tagged (P1-032). */
  readonly extensionTagging: 'standard' | 'draft';
  /** Presentation context of MTS-APDUs in normal mode; undefined: no EXTERNAL around the APDU. */
  readonly contextIdentifier?: number;
  /** Wall clock, milliseconds: what is past its latest delivery time fails (P1-025). Left out, nothing is. */
  readonly now?: number;
}

export type CopyHead =
  /** The APDU is these octets and then the content. */
  { readonly kind: 'head'; readonly head: Uint8Array } | { readonly kind: 'failure'; readonly failure: Failure };

/** The octets before the content for one next hop, with responsibility for this copy's recipients only (X.411 §14.3.1). */
export function copyHead(copy: QueuedCopy, target: CopyTarget): CopyHead {
  switch (copy.kind) {
    case 'message': {
      const queued = messageEnvelopeOctets.decode(copy.envelope);
      if (isPastLatestDelivery(queued, target.now ?? -Infinity)) return { kind: 'failure', failure: failures.expired };
      const envelope = forHop(queued, copy.recipients);
      const sent =
        target.p1 === '1984'
          ? downgradeMessage(envelope, downgradeRules).envelope
          : tagMessageExtensions(envelope, target.extensionTagging);
      if (sent === undefined) return { kind: 'failure', failure: failures.unableToDowngrade };
      const { contentOctets } = copy;
      const head =
        sent === queued
          ? messageHeadAround(copy.envelope, contentOctets, target.contextIdentifier)
          : encodeMessageHead(sent, contentOctets, target.contextIdentifier);
      return { kind: 'head', head };
    }
    case 'probe': {
      const envelope = forHop(probeEnvelopeOctets.decode(copy.envelope), copy.recipients);
      const sent =
        target.p1 === '1984'
          ? downgradeProbe(envelope, downgradeRules).envelope
          : tagMessageExtensions(envelope, target.extensionTagging);
      if (sent === undefined) return { kind: 'failure', failure: failures.unableToDowngrade };
      return { kind: 'head', head: encodeProbe(sent, target.contextIdentifier) };
    }
    case 'report': {
      const report = decodeReport(copy.envelope);
      const sent =
        target.p1 === '1984'
          ? downgradeReport(report, downgradeRules)
          : tagReportExtensions(report, target.extensionTagging);
      if (sent === undefined) return { kind: 'failure', failure: failures.unableToDowngrade };
      const returned = copy.contentOctets > 0 ? copy.contentOctets : undefined;
      return { kind: 'head', head: encodeReportHead(sent.envelope, sent.content, returned, target.contextIdentifier) };
    }
  }
}

/** Other recipients stay for disclosure where the originator allows it, else they are left out. */
function forHop<Envelope extends MessageTransferEnvelope | ProbeTransferEnvelope>(
  envelope: Envelope,
  recipients: readonly number[],
): Envelope {
  const responsible = new Set(recipients);
  const disclosed = envelope.perMessageIndicators.has(messageIndicator.disclosureOfOtherRecipients);
  const perRecipientFields = envelope.perRecipientFields.flatMap((fields, index) => {
    if (responsible.has(index)) return [fields];
    if (!disclosed) return [];
    const perRecipientIndicators = withResponsibility(fields.perRecipientIndicators, 'not-responsible');
    return [{ ...fields, perRecipientIndicators }];
  });
  const unchanged =
    perRecipientFields.length === envelope.perRecipientFields.length &&
    perRecipientFields.every((fields, i) => fields === envelope.perRecipientFields[i]);
  return unchanged ? envelope : { ...envelope, perRecipientFields };
}
