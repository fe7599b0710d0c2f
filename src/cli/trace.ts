import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { callAdmin } from '../admin/client.js';
import { tracePath } from '../admin/protocol.js';
import type { Site } from '../config/site.js';
import { exitCodes, type ExitCode } from './command.js';

/** Records until interrupted, or for so many seconds. */
export async function runTrace(
  site: Site,
  connector: string,
  out: string,
  seconds: number | undefined,
): Promise<ExitCode> {
  if (!site.connectors.some(({ name }) => name === connector)) {
    process.stderr.write(`mta: there is no connector ${connector}\n`);
    return exitCodes.usage;
  }
  const path = `${tracePath}?connector=${encodeURIComponent(connector)}`;
  const capture = await callAdmin({ socket: site.admin.socket, method: 'GET', path });
  const end = (): void => {
    capture.push(null);
    capture.socket.destroy();
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  if (seconds !== undefined) setTimeout(end, seconds * 1000);
  process.stderr.write(`recording connector ${connector} to ${out}\n`);
  try {
    await pipeline(capture, createWriteStream(out));
  } catch (error) {
    if (
      !(error instanceof Error) ||
      !('code' in error) ||
      (error.code !== 'ECONNRESET' && error.code !== 'ERR_STREAM_PREMATURE_CLOSE')
    )
      throw error;
  }
  return exitCodes.good;
}
