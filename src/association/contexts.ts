import {
  acseAbstractSyntax,
  mtseAbstractSyntax,
  rtseAbstractSyntax,
  type PresentationContext,
} from '../presentation/service.js';

/** The contexts of application context mts-transfer, with the identifiers that we choose when we call (X.419 §11). */
export const associationContexts: readonly PresentationContext[] = [
  { identifier: 1, abstractSyntax: acseAbstractSyntax },
  { identifier: 3, abstractSyntax: rtseAbstractSyntax },
  { identifier: 5, abstractSyntax: mtseAbstractSyntax },
];

/** The context that MTS-APDUs are sent in; undefined where it was not accepted. */
export function messageContextOf(contexts: readonly PresentationContext[]): number | undefined {
  return contexts.find(({ abstractSyntax }) => abstractSyntax === mtseAbstractSyntax)?.identifier;
}
