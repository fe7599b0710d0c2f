/**
 * A tag as one number: the class in the upper part, the tag number in the lower. Comparing tags is comparing numbers.
 */
export type Tag = number;

export type TagClass = 'universal' | 'application' | 'context' | 'private';

const classes: readonly TagClass[] = ['universal', 'application', 'context', 'private'];
const classSpan = 0x10000000;

/** Largest tag number read or written. */
export const tagNumberMax = classSpan - 1;

export function tagOf(classNumber: number, tagNumber: number): Tag {
  return classNumber * classSpan + tagNumber;
}

export const universal = (tagNumber: number): Tag => tagOf(0, tagNumber);
export const application = (tagNumber: number): Tag => tagOf(1, tagNumber);
export const context = (tagNumber: number): Tag => tagOf(2, tagNumber);

export function classNumberOf(tag: Tag): number {
  return Math.floor(tag / classSpan);
}

export function tagNumberOf(tag: Tag): number {
  return tag % classSpan;
}

/** As the Recommendations write it: `[APPLICATION 4]`, `[2]`, `UNIVERSAL 16`. */
export function tagText(tag: Tag): string {
  const name = classes[classNumberOf(tag)] ?? 'universal';
  const tagNumber = String(tagNumberOf(tag));
  if (name === 'context') return `[${tagNumber}]`;
  return name === 'universal' ? `UNIVERSAL ${tagNumber}` : `[${name.toUpperCase()} ${tagNumber}]`;
}
