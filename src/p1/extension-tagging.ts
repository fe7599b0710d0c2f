/** Envelopes with every extension type tagged as one peer wants it (P1-032). What is so already stays as it came. */
import {
  readExtension,
  taggedAs,
  withExtension,
  type ExtensionFields,
  type ExtensionTypeTagging,
} from './extension-field.js';
import { internalTrace } from './extensions.js';
import type { MessageTransferEnvelope, ProbeTransferEnvelope } from './message-pdu.js';
import type { ReportTransferContent, ReportTransferEnvelope } from './report-pdu.js';

interface Extended {
  readonly extensions: ExtensionFields;
}

function withTagging<T extends Extended>(structure: T, tagging: ExtensionTypeTagging): T {
  const fields = tagging === 'draft' ? withoutConvertedTypes(structure.extensions) : structure.extensions;
  const extensions = taggedAs(fields, tagging);
  return extensions === structure.extensions ? structure : { ...structure, extensions };
}

/** The draft's internal trace has no place for converted encoded information types, and its decoders stop there. */
function withoutConvertedTypes(fields: ExtensionFields): ExtensionFields {
  const elements = readExtension(fields, internalTrace) ?? [];
  if (elements.every((element) => element.mtaSuppliedInformation.convertedEncodedInformationTypes === undefined)) {
    return fields;
  }
  return withExtension(
    fields,
    internalTrace,
    elements.map((element) => {
      const { convertedEncodedInformationTypes: dropped, ...others } = element.mtaSuppliedInformation;
      return dropped === undefined ? element : { ...element, mtaSuppliedInformation: others };
    }),
  );
}

function withRecipients<T extends Extended & { readonly perRecipientFields: readonly Extended[] }>(
  structure: T,
  tagging: ExtensionTypeTagging,
): T {
  const tagged = withTagging(structure, tagging);
  const perRecipientFields = structure.perRecipientFields.map((recipient) => withTagging(recipient, tagging));
  const unchanged = perRecipientFields.every((recipient, i) => recipient === structure.perRecipientFields[i]);
  return unchanged ? tagged : { ...tagged, perRecipientFields };
}

export function tagMessageExtensions<T extends MessageTransferEnvelope | ProbeTransferEnvelope>(
  envelope: T,
  tagging: ExtensionTypeTagging,
): T {
  return withRecipients(envelope, tagging);
}

export function tagReportExtensions(
  report: { readonly envelope: ReportTransferEnvelope; readonly content: ReportTransferContent },
  tagging: ExtensionTypeTagging,
): { readonly envelope: ReportTransferEnvelope; readonly content: ReportTransferContent } {
  return { envelope: withTagging(report.envelope, tagging), content: withRecipients(report.content, tagging) };
}
