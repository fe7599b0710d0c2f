import type { MTSIdentifier } from '../p1/common-types.js';
import { readExtension, type ExtensionFields } from '../p1/extension-field.js';
import { dlExpansionHistory, redirectionHistory } from '../p1/extensions.js';
import type { PerRecipientTransferFields } from '../p1/message-pdu.js';
import { mtsIdentifierKey } from '../p1/mts-identifier.js';

/**
 * What makes two copies of a message the same for one recipient. The MTS identifier alone does not: a message may be split on its way, and
 * come again on purpose after a redirection or through another distribution list, whose histories then differ in length.
 */
export function duplicateKey(
  kind: 'message' | 'probe',
  identifier: MTSIdentifier,
  recipient: PerRecipientTransferFields,
  extensions: ExtensionFields,
): string {
  const redirections = readExtension(recipient.extensions, redirectionHistory)?.length ?? 0;
  const expansions = readExtension(extensions, dlExpansionHistory)?.length ?? 0;
  const recipientNumber = recipient.originallySpecifiedRecipientNumber;
  return `${kind}\n${mtsIdentifierKey(identifier)}\n${String(recipientNumber)}\n${String(redirections)}\n${String(expansions)}`;
}

export function reportDuplicateKey(identifier: MTSIdentifier): string {
  return `report\n${mtsIdentifierKey(identifier)}`;
}
