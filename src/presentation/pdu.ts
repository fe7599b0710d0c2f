/**
 * The presentation PDUs (PPDUs) of X.226 §8.2 that the kernel needs, as types. Left out, and ignored where a peer sends them: default
 * context, presentation and session requirements, the parameters of context management.
 */
import { nodeContent } from '../asn1/ber-node.js';
import { BitString } from '../asn1/bit-string.js';
import { any, bitString, integer, objectIdentifier, octetString } from '../asn1/simple-types.js';
import {
  choice,
  explicit,
  implicit,
  optional,
  sequence,
  sequenceOf,
  set,
  withDefault,
} from '../asn1/structured-types.js';
import { application, context, universal, type Tag } from '../asn1/tag.js';
import type { Type, ValueOf } from '../asn1/type.js';
import { DecodeError } from '../bytes/decode-error.js';

export const normalMode = 1;
export const x410Mode = 0;

/** The bit of Protocol-version that stands for version 1, and the value that offers nothing else. */
export const versionOne = 0;
export const versionOneOnly = BitString.of([versionOne]);

/** Values of Result in a context result list. */
export const contextAccepted = 0;
export const contextRejectedByProvider = 2;

/** The content octets of a constructed type that another layer owns: the members of an APDU of reliable transfer (X.410-1984 mode). */
function membersOf(tag: Tag): Type<Uint8Array> {
  return {
    name: 'members of an RTSE APDU',
    tags: [tag],
    decodeNode(node) {
      if (node.constructed) return nodeContent(node);
      throw new DecodeError('members of an APDU in a primitive encoding', 'X.226 §8.2', node.start);
    },
    encodeValue: (content) => ({ tag, form: 'constructed', content }),
    check: () => undefined,
  };
}

const protocolVersion = withDefault(implicit(context(0), bitString()), versionOneOnly);
const selector = (tagNumber: number) => optional(implicit(context(tagNumber), octetString()));
const modeSelector = implicit(context(0), set('Mode-selector', { modeValue: implicit(context(0), integer()) }));

const contextDefinition = sequence('Presentation-context-definition', {
  identifier: integer(),
  abstractSyntax: objectIdentifier,
  transferSyntaxes: sequenceOf(objectIdentifier),
});
export type ContextDefinition = ValueOf<typeof contextDefinition>;

const contextResult = sequence('Result', {
  result: implicit(context(0), integer()),
  transferSyntax: optional(implicit(context(1), objectIdentifier)),
  providerReason: optional(implicit(context(2), integer())),
});
export type ContextResult = ValueOf<typeof contextResult>;

const pdvList = sequence('PDV-list', {
  transferSyntax: optional(objectIdentifier),
  contextIdentifier: integer(),
  values: choice('presentation-data-values', {
    singleAsn1Type: explicit(context(0), any),
    octetAligned: implicit(context(1), octetString()),
    arbitrary: implicit(context(2), bitString()),
  }),
});
export type PdvList = ValueOf<typeof pdvList>;

const simplyEncodedTag = application(0);
export const fullyEncodedTag = application(1);

/** User data inside another PPDU; TD and the data of release and tokens are read by user-data.ts. */
export const userData = choice('User-data', {
  simplyEncoded: implicit(simplyEncodedTag, octetString()),
  fullyEncoded: implicit(fullyEncodedTag, sequenceOf(pdvList)),
});
export type UserData = ValueOf<typeof userData>;

export const cp = set('CP-type', {
  modeSelector,
  x410Parameters: optional(membersOf(context(1))),
  normalParameters: optional(
    implicit(
      context(2),
      sequence('CP normal-mode-parameters', {
        protocolVersion,
        callingSelector: selector(1),
        calledSelector: selector(2),
        contextDefinitions: withDefault(implicit(context(4), sequenceOf(contextDefinition)), []),
        userData: optional(userData),
      }),
    ),
  ),
});
export type Cp = ValueOf<typeof cp>;

export const cpa = set('CPA-PPDU', {
  modeSelector,
  x410Parameters: optional(membersOf(context(1))),
  normalParameters: optional(
    implicit(
      context(2),
      sequence('CPA normal-mode-parameters', {
        protocolVersion,
        respondingSelector: selector(3),
        contextResults: withDefault(implicit(context(5), sequenceOf(contextResult)), []),
        userData: optional(userData),
      }),
    ),
  ),
});
export type Cpa = ValueOf<typeof cpa>;

export const cpr = choice('CPR-PPDU', {
  x410Mode: membersOf(universal(17)),
  normalMode: sequence('CPR normal-mode-parameters', {
    protocolVersion,
    respondingSelector: selector(3),
    contextResults: withDefault(implicit(context(5), sequenceOf(contextResult)), []),
    /** Present: the provider refuses; absent: the user. */
    providerReason: optional(implicit(context(10), integer())),
    userData: optional(userData),
  }),
});
export type Cpr = ValueOf<typeof cpr>;

/** ARU and ARP: both travel as the data of a session user abort (X.226 §7). */
export const abort = choice('Abort-type', {
  aruX410Mode: membersOf(universal(17)),
  aru: implicit(
    context(0),
    sequence('ARU normal-mode-parameters', {
      contextIdentifiers: optional(
        implicit(
          context(0),
          sequenceOf(
            sequence('Presentation-context-identifier', {
              identifier: integer(),
              transferSyntax: objectIdentifier,
            }),
          ),
        ),
      ),
      userData: optional(userData),
    }),
  ),
  arp: sequence('ARP-PPDU', {
    providerReason: optional(implicit(context(0), integer())),
    eventIdentifier: optional(implicit(context(1), integer())),
  }),
});
export type Abort = ValueOf<typeof abort>;
