/**
 * An SMTP relay as one would write it in Node: what comes is written to a file and synced before it is answered, then sent on over kept
 * connections and removed; the last of a chain leaves it where it is. Its state of a message is the file, so that nothing is lost by a crash.
 */
import { mkdir, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import nodemailer from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import { answer, hear, programInput } from './orders.js';

interface Input {
  readonly spool: string;
  /** Left out by the last of a chain. */
  readonly nextPort?: number;
  readonly sessions: number;
}

const { spool, nextPort, sessions } = programInput() as Input;
await mkdir(spool, { recursive: true });

const transport =
  nextPort === undefined
    ? undefined
    : nodemailer.createTransport({
        pool: true,
        host: '127.0.0.1',
        port: nextPort,
        secure: false,
        ignoreTLS: true,
        maxConnections: sessions,
        maxMessages: Infinity,
      });

let last = 0;
let kept = 0;

async function relay(file: string, from: string, to: readonly string[]): Promise<void> {
  if (transport === undefined) {
    kept += 1;
    return;
  }
  await transport.sendMail({ envelope: { from, to: [...to] }, raw: await readFile(file) });
  await unlink(file);
}

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['AUTH', 'STARTTLS'],
  disableReverseLookup: true,
  onData(stream, session, done) {
    last += 1;
    const file = join(spool, String(last));
    const { mailFrom, rcptTo } = session.envelope;
    const from = mailFrom === false ? '' : mailFrom.address;
    const to = rcptTo.map(({ address }) => address);
    const store = async (): Promise<void> => {
      const handle = await open(file, 'wx', 0o600);
      for await (const chunk of stream) await handle.write(chunk as Buffer);
      await handle.sync();
      await handle.close();
    };
    store().then(
      () => {
        done();
        void relay(file, from, to);
      },
      (error: unknown) => {
        done(error instanceof Error ? error : new Error(String(error)));
      },
    );
  },
});
server.listen(0, '127.0.0.1', () => {
  const address = server.server.address();
  answer({ port: address !== null && typeof address === 'object' ? address.port : 0 });
});
hear(() => {
  answer(kept);
});
