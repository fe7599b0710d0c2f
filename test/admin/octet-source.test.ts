import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OctetSource } from '../../src/admin/octet-source.js';

/** A stream that gives these octets in pieces cut at these places, and then ends. */
function splitStream(octets: Buffer, cuts: readonly number[]): PassThrough {
  const stream = new PassThrough({ highWaterMark: 8 });
  const places = [0, ...cuts.map((cut) => cut % (octets.length + 1)).sort((a, b) => a - b), octets.length];
  for (const [i, place] of places.entries()) stream.write(octets.subarray(place, places[i + 1] ?? place));
  stream.end();
  return stream;
}

async function contentOf(source: OctetSource, octets: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let left = octets; left > 0;) {
    const piece = await source.nextOf(left);
    if (piece === undefined) throw new Error('ended early');
    left -= piece.length;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

describe('octets asked for piece by piece', () => {
  it('are the same lines and contents wherever the stream is cut', async () => {
    const message = fc.record({
      line: fc.string({ maxLength: 12 }).map((text) => text.replaceAll('\n', '')),
      content: fc.uint8Array({ maxLength: 20 }).map((octets) => Buffer.from(octets)),
      how: fc.constantFrom('read', 'skipped'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(message), fc.array(fc.nat(), { maxLength: 10 }), async (messages, cuts) => {
        const octets = messages.flatMap(({ line, content }) => [Buffer.from(`${line}\n`), content]);
        const source = new OctetSource(splitStream(Buffer.concat(octets), cuts));
        for (const { line, content, how } of messages) {
          expect((await source.line(1000))?.toString()).toBe(line);
          if (how === 'skipped') await source.skip(content.length);
          else expect(await contentOf(source, content.length)).toEqual(content);
        }
        expect(await source.line(1000)).toBeUndefined();
        expect(await source.next()).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });

  it('hold a line to its limit, also one that never ends, and want its end', async () => {
    const line = (text: string, max: number, cuts: readonly number[]): Promise<Buffer | undefined> =>
      new OctetSource(splitStream(Buffer.from(text), cuts)).line(max);
    expect((await line('abcd\n', 4, [2]))?.toString()).toBe('abcd');
    await expect(line('abcde\n', 4, [])).rejects.toThrow('a line has more than 4 octets');
    await expect(line('abcdefgh', 4, [3])).rejects.toThrow('a line has more than 4 octets');
    await expect(line('abc', 4, [])).rejects.toThrow('the end came within a line');
  });

  it('stop the stream while nobody asks', async () => {
    const stream = new PassThrough({ highWaterMark: 8 });
    const source = new OctetSource(stream);
    const first = source.next();
    stream.write(Buffer.alloc(8));
    expect((await first)?.length).toBe(8);
    let taken = 0;
    while (stream.write(Buffer.alloc(8))) {
      taken += 1;
      expect(taken).toBeLessThan(10);
      await new Promise(setImmediate);
    }
    expect((await source.next())?.length).toBe(8);
  });

  it('break off with the error of the stream, or because it was cut, and what came before can still be had', async () => {
    const failing = new PassThrough();
    const asked = new OctetSource(failing).next();
    failing.destroy(new Error('no cable'));
    await expect(asked).rejects.toThrow('no cable');
    const cut = new PassThrough();
    const source = new OctetSource(cut);
    source.unread(Buffer.from('x'));
    cut.destroy();
    expect((await source.next())?.toString()).toBe('x');
    await expect(source.next()).rejects.toThrow('the connection was cut');
  });
});
