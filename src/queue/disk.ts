/** The file system as the store core sees it; names are relative to the data directory. Everything is synchronous; all throws StoreError. */
export interface Disk {
  /** Creates the file, and its folder, if they are not there. */
  append(file: string, octets: readonly Uint8Array[]): void;
  /** Nothing happens if there is no such file. */
  truncate(file: string, octets: number): void;
  /** The file's data, and its entry in the folder if it was made since the last sync, are on stable storage. */
  sync(file: string): void;
  /** Fewer octets than asked for only at the end of the file; the array is the caller's own. */
  read(file: string, offset: number, length: number): Uint8Array;
  /** Octets; undefined if there is no such file. */
  size(file: string): number | undefined;
  /** Nothing happens if there is no such file. */
  remove(file: string): void;
  /** Names inside the folder; none if there is no such folder. */
  list(folder: string): readonly string[];
  /** Octets left for the store to use. */
  freeOctets(): number;
  /** Gives back what is held open. */
  close(): void;
}
