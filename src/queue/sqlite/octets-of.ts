/** The octets as everybody else knows them: the methods of Buffer differ from those of Uint8Array where it hurts. */
export function octetsOf(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}
