/** O/R names for 1984 systems (RFC 1328): what they do not know goes into domain-defined attributes. */
import { attributesOf, type AddressAttribute } from './or-address-attributes.js';
import { printAttributesWithSlashes } from './or-address-text.js';
import { domainDefinedAttributesMax, type DomainDefinedAttribute, type ORName } from './or-address.js';
import { printableFromAscii } from './printable-string.js';

const commonNameType = 'Common';
/** The first holds the beginning, the others what does not fit. */
const overflowTypes = ['X400-88', 'X400-C1', 'X400-C2', 'X400-C3'] as const;
const valueCharactersMax = 128;

/**
 * The name without 1988 members, or undefined where they do not fit: more than four domain-defined attributes, or no O/R address. A directory
 * name is dropped (it is shown in the content, if at all).
 */
export function downgradeName(name: ORName): ORName | undefined {
  const strange = attributesOf({ standardAttributes: {}, ...withExtensionsOf(name) });
  const common = strange.filter((attribute) => isPlainCommonName(attribute));
  const others = strange.filter((attribute) => !common.includes(attribute));
  const overflow = others.length === 0 ? [] : pieces(printableFromAscii(printAttributesWithSlashes(others)));
  if (overflow === undefined) return undefined;
  const domainDefinedAttributes: readonly DomainDefinedAttribute[] = [
    ...(name.domainDefinedAttributes ?? []),
    ...common.map(({ value }) => ({ type: commonNameType, value: value.printable ?? '' })),
    ...overflow,
  ];
  const hasNothing = Object.keys(name.standardAttributes).length === 0 && domainDefinedAttributes.length === 0;
  if (hasNothing || domainDefinedAttributes.length > domainDefinedAttributesMax) return undefined;
  if (name.extensionAttributes === undefined && name.directoryName === undefined) return name;
  const { standardAttributes } = name;
  return { standardAttributes, ...(domainDefinedAttributes.length === 0 ? {} : { domainDefinedAttributes }) };
}

function withExtensionsOf(name: ORName): Pick<ORName, 'extensionAttributes'> {
  return name.extensionAttributes === undefined ? {} : { extensionAttributes: name.extensionAttributes };
}

function isPlainCommonName({ label, value }: AddressAttribute): boolean {
  return label === 'CN' && value.printable !== undefined && value.teletex === undefined;
}

/** Undefined where the text is longer than all places together. */
function pieces(text: string): DomainDefinedAttribute[] | undefined {
  if (text.length > overflowTypes.length * valueCharactersMax) return undefined;
  return overflowTypes.flatMap((type, i) => {
    const value = text.slice(i * valueCharactersMax, (i + 1) * valueCharactersMax);
    return value === '' ? [] : [{ type, value }];
  });
}
