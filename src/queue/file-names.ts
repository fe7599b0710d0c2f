export type StoreFolder = 'incoming' | 'content' | 'quarantine';

/** The file of something that has an identifier: a name that every file system takes, different for different identifiers. */
export function fileNameOf(folder: StoreFolder, identifier: string): string {
  const safe = identifier.replace(/[^A-Za-z0-9-]/gu, (character) => {
    return `_${(character.codePointAt(0) ?? 0).toString(16)}_`;
  });
  return `${folder}/${safe}`;
}
