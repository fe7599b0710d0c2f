import { SingleBar } from 'cli-progress';
import type { AssociationStatus } from '../engine/status.js';

export interface Progress {
  show(association: AssociationStatus): void;
  note(text: string): void;
  end(): void;
}

const format = '  {bar} {percentage} %  checkpoints {confirmed}/{sent}  window {window}  {state}';

/** A bar on a terminal, lines elsewhere. */
export function showProgress(totalOctets: number): Progress {
  return process.stdout.isTTY ? barProgress(totalOctets) : lineProgress(totalOctets);
}

function payload({ checkpoint, window, state }: AssociationStatus) {
  return {
    confirmed: checkpoint.confirmed,
    sent: checkpoint.sent,
    window: `${String(window.inUse)}/${String(window.size)}`,
    state,
  };
}

function barProgress(totalOctets: number): Progress {
  const bar = new SingleBar({ format, hideCursor: true });
  bar.start(totalOctets, 0, { confirmed: 0, sent: 0, window: '0/0', state: '' });
  return {
    show(association) {
      bar.update(Math.min(association.octets.confirmed, totalOctets), payload(association));
    },
    note(text) {
      process.stdout.write(`\n  ${text}\n`);
    },
    end() {
      bar.stop();
    },
  };
}

/** Percent between two lines. */
const lineStep = 5;

function lineProgress(totalOctets: number): Progress {
  let next = 0;
  return {
    show(association) {
      const { confirmed, sent, window, state } = payload(association);
      const percentage = Math.floor((association.octets.confirmed / totalOctets) * 100);
      if (percentage < next) return;
      next = percentage + lineStep;
      process.stdout.write(
        `  ${String(percentage).padStart(3)} %  checkpoints ${String(confirmed)}/${String(sent)}  window ${window}  ${state}\n`,
      );
    },
    note(text) {
      process.stdout.write(`  ${text}\n`);
    },
    end: () => undefined,
  };
}
