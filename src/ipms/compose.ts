/** An interpersonal message for submission, as a plan: octets of ours around files that are streamed (X.420). */
import { context, universal } from '../asn1/tag.js';
import { encode, faultsOf, type BoundFault } from '../asn1/type.js';
import { planBodyPart, type BodyPartVersion, type NewBodyPart, type PlannedPart } from './compose-body.js';
import { composeHeading, usesElementsOf1988, withoutElementsOf1988, type NewHeading } from './compose-heading.js';
import { constructed, merged, octets, octetsOf, type Segments } from './content-plan.js';
import { unitedEncodedInformationTypes, type EncodedInformationTypeList } from './encoded-information-types.js';
import { heading } from './heading.js';

export interface NewMessage {
  readonly heading: NewHeading;
  readonly parts: readonly NewBodyPart[];
  /**
   * `least`: 2 when no element of 1988 is used, else 22 (IPM-003). `1984`: 2 for users who can read nothing newer; files become
   * bilaterally-defined, text beyond ASCII teletex, extensions of heading and recipients are left out.
   */
  readonly version: 'least' | '1984';
}

/** What is to be submitted, and what the envelope must say about it. */
export interface ContentPlan {
  readonly segments: Segments;
  /** Of the whole content. */
  readonly octets: number;
  /** Built-in content type (X.411): 2 or 22. */
  readonly contentType: 2 | 22;
  readonly encodedInformationTypes: EncodedInformationTypeList;
  /** Characters of subject, names and texts that became question marks or were cut off. */
  readonly charactersLost: number;
  /** What breaks a bound or repertoire of X.420; a message with faults must not be submitted. */
  readonly faults: readonly BoundFault[];
}

function contentTypeOf(used1988: boolean): 2 | 22 {
  return used1988 ? 22 : 2;
}

/** The content in definite lengths throughout. Nothing is thrown: faults are part of the result. */
export function composeContent(message: NewMessage): ContentPlan {
  const composed = composeHeading(message.heading);
  const value = message.version === '1984' ? withoutElementsOf1988(composed.heading) : composed.heading;
  const partVersion: BodyPartVersion = message.version === '1984' ? '1984' : '1988';
  const parts: readonly PlannedPart[] = message.parts.map((part) => planBodyPart(part, partVersion));
  const faults = faultsOf(heading, value);
  const content = constructed(
    context(0),
    faults.length === 0 ? octets(encode(heading, value)) : [],
    constructed(universal(16), ...parts.map((part) => part.segments)),
  );
  const used1988 = usesElementsOf1988(value) || parts.some((part) => part.version === '1988');
  return {
    segments: merged(content),
    octets: octetsOf(content),
    contentType: contentTypeOf(message.version === 'least' && used1988),
    encodedInformationTypes: unitedEncodedInformationTypes(parts.map((part) => part.encodedInformationTypes)),
    charactersLost: parts.reduce((lost, part) => lost + part.charactersLost, composed.charactersLost),
    faults,
  };
}
