/** MTABind (X.411, MTAAbstractService): argument, result and error, of 1984 and 1988 alike. */
import { any, ia5String, integer, nullType, octetString } from '../asn1/simple-types.js';
import { choice, explicit, implicit, optional, set, setOf } from '../asn1/structured-types.js';
import { context } from '../asn1/tag.js';
import type { ValueOf } from '../asn1/type.js';
import { mtaName } from './common-types.js';

const passwordOctetsMax = 62;
const securityLabelsMax = 256;

/** A 1984 password is ANY and in practice an IA5String: the same octets as a simple credential of 1988. */
const credentials = choice('Credentials', {
  ia5: ia5String({ max: passwordOctetsMax }),
  octets: octetString({ max: passwordOctetsMax }),
  /** Strong and protected credentials, kept as they came: not supported (P1-063). */
  strong: implicit(context(0), set('StrongCredentials', {})),
  other: any,
});
export type Credentials = ValueOf<typeof credentials>;

const authenticatedArgument = set('AuthenticatedInitiator', {
  initiatorName: implicit(context(0), mtaName),
  initiatorCredentials: explicit(context(1), credentials),
  securityContext: optional(implicit(context(2), setOf(any, { min: 1, max: securityLabelsMax }))),
});

const authenticatedResult = set('AuthenticatedResponder', {
  responderName: implicit(context(0), mtaName),
  responderCredentials: explicit(context(1), credentials),
});

export const mtaBindArgument = choice('MTABindArgument', {
  unauthenticated: nullType,
  authenticated: implicit(context(1), authenticatedArgument),
});

export const mtaBindResult = choice('MTABindResult', {
  unauthenticated: nullType,
  authenticated: implicit(context(1), authenticatedResult),
});

export const mtaBindError = integer();

/** The tags that normal mode puts around them, and X.410 mode does not (X.419). */
export const bindArgumentTag = context(16);
export const bindResultTag = context(17);
export const bindErrorTag = context(18);
