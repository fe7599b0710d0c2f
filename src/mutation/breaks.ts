/** One mistake that somebody could make, put into the code on purpose. */
export interface Break {
  /** What goes wrong, in the words of the promise that it breaks. */
  readonly name: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** Folders or files of tests that should notice if the simulation does not. */
  readonly tests: readonly string[];
}

export const breaks: readonly Break[] = [
  {
    name: 'a checkpoint is confirmed before its octets are on stable storage',
    file: 'src/queue/incoming.ts',
    find: 'apdu.sync();',
    replace: '',
    tests: ['test/queue'],
  },
  {
    name: 'the end of an activity is confirmed before the message is committed',
    file: 'src/engine/receiving.ts',
    find: 'this.#pending += 1;\n    this.#user.complete(',
    replace:
      "this.#pending += 1;\n    this.#wire.request({ type: 'RT-TRANSFER.response', result: 'secured' });\n    this.#transfer = undefined;\n    this.#user.complete(",
    tests: ['test/simulation'],
  },
  {
    name: 'a checkpoint that was held for the end of its message is confirmed though the message is refused',
    file: 'src/engine/receiving.ts',
    find: "transfer.settleHeld(result.secured ? 'secured' : 'failed');",
    replace: "transfer.settleHeld('secured');",
    tests: ['test/simulation/store-failure.test.ts'],
  },
  {
    name: 'progress is noted of an activity that was left',
    file: 'src/engine/outgoing-transfer.ts',
    find: 'this.#isTelling = false;\n    this.#endKey();',
    replace: 'this.#isTelling = false;',
    tests: ['test/engine'],
  },
  {
    name: 'progress that was noted is forgotten when a file of notes is full',
    file: 'src/queue/progress-notes.ts',
    find: 'this.#other.append([...this.#latest.values()]);',
    replace: 'this.#other.append([]);',
    tests: ['test/queue/outgoing.test.ts'],
  },
  {
    name: 'a commit does not wait for stable storage',
    file: 'src/queue/batch-run.ts',
    find: "? 'power' : 'process'",
    replace: "? 'process' : 'process'",
    tests: ['test/queue'],
  },
  {
    name: 'the duplicate check is forgotten',
    file: 'src/queue/commitment.ts',
    find: 'if (keys.length > 0)',
    replace: 'if (keys.length > 1000)',
    tests: ['test/queue'],
  },
  {
    name: 'what was accepted is not remembered',
    file: 'src/queue/acceptance.ts',
    find: 'context.memory.remember(key, message.arrivedAt);',
    replace: 'context.memory.seen(key);',
    tests: ['test/queue'],
  },
  {
    name: 'a duplicate for one recipient is taken for a duplicate for all',
    file: 'src/mta/duplicates.ts',
    find: '\\n${String(recipientNumber)}\\n',
    replace: '\\n${String(Math.min(recipientNumber, 0))}\\n',
    tests: ['test/simulation', 'test/mta'],
  },
  {
    name: 'the window is one too wide',
    file: 'src/rtse/sender.ts',
    find: 'this.#outstanding.length >= this.#options.negotiated.windowSize',
    replace: 'this.#outstanding.length > this.#options.negotiated.windowSize',
    tests: ['test/rtse'],
  },
  {
    name: 'a transfer resumes one checkpoint late',
    file: 'src/queue/incoming-apdu.ts',
    find: 'this.#backTo(checkpoint);\n    this.lostAt = undefined;',
    replace: 'this.lostAt = undefined;',
    tests: ['test/queue'],
  },
  {
    name: 'a resumption names the checkpoint after the confirmed one',
    file: 'src/rtse/sender.ts',
    find: 'serialNumber: this.#confirmed.serialNumber,\n      ...(this.#originalSessionConnection',
    replace: 'serialNumber: this.#confirmed.serialNumber + 1,\n      ...(this.#originalSessionConnection',
    tests: ['test/rtse'],
  },
  {
    name: 'a confirmation frees only the checkpoint that it names, not those before it',
    file: 'src/rtse/sender.ts',
    find: 'this.#outstanding.filter((checkpoint) => checkpoint.serialNumber > serialNumber)',
    replace: 'this.#outstanding.filter((checkpoint) => checkpoint.serialNumber !== serialNumber)',
    tests: ['test/rtse'],
  },
  {
    name: 'octets read for an activity that was left go into the next one',
    file: 'src/rtse/sender.ts',
    find: 'this.#readingIsVoid = this.#reading !== undefined;',
    replace: 'this.#readingIsVoid = false;',
    tests: ['test/rtse'],
  },
  {
    name: 'the recovery timeout has no timer',
    file: 'src/engine/recovery.ts',
    find: 'world.setTimer(this.remainingSeconds(lost) * 1000, () => {',
    replace: 'world.setTimer(1e12, () => {',
    tests: ['test/simulation'],
  },
  {
    name: 'a failed attempt to reconnect is the last',
    file: 'src/engine/recovery.ts',
    find: 'entry.attempt = this.#user.world.setTimer(waitMilliseconds, () => {\n      this.#attempt(entry);\n    });',
    replace: 'entry.attempt = this.#user.world.setTimer(waitMilliseconds, () => undefined);',
    tests: ['test/simulation'],
  },
  {
    name: 'a link that died in silence is not noticed',
    file: 'src/engine/idle-timers.ts',
    find: "association.drop('the peer is silent')",
    replace: 'association.awaitsPeer',
    tests: ['test/simulation'],
  },
  {
    name: 'an unfinished transfer without a checkpoint is not queued again after a loss',
    file: 'src/engine/transfers.ts',
    find: 'this.#state.queues.get(copy.connector)?.giveBack(copy);',
    replace: 'this.#state.queues.get(copy.connector)?.withdraw(copy.id);',
    tests: ['test/simulation'],
  },
  {
    name: 'a transferred copy stays in the queue',
    file: 'src/engine/transfers.ts',
    find: "this.#commit([{ type: 'copy.transferred', copy: copy.id }], () => {",
    replace: 'this.#commit([], () => {',
    tests: ['test/simulation'],
  },
  {
    name: 'a copy leaves the queue when its transfer begins',
    file: 'src/engine/transfers.ts',
    find: 'association.send(transfer, ',
    replace: "this.#commit([{ type: 'copy.transferred', copy: copy.id }]);\n    association.send(transfer, ",
    tests: ['test/simulation'],
  },
  {
    name: 'a copy that was given up is not reported',
    file: 'src/engine/transfers.ts',
    find: 'this.#arrivals.commitOwn(report, [',
    replace: 'this.#arrivals.commitOwn({ ...report, messages: [] }, [',
    tests: ['test/simulation'],
  },
  {
    name: 'recipients that nobody has are not reported',
    file: 'src/mta/reports.ts',
    find: 'return [notDelivered(fields, route.failure)];',
    replace: 'return [];',
    tests: ['test/simulation'],
  },
  {
    name: 'a duplicate for some recipients is lost for the others',
    file: 'src/engine/arrivals.ts',
    find: 'if (rest.messages.length === 0) {',
    replace: 'if (rest.messages.length < 1000) {',
    tests: ['test/simulation'],
  },
  {
    name: 'a completed activity is not remembered',
    file: 'src/queue/commitment.ts',
    find: 'context.memory.completed(activityKey(change.activity), change.at.wallClockMilliseconds);',
    replace: 'activityKey(change.activity);',
    tests: ['test/queue', 'test/simulation'],
  },
  {
    name: 'identifiers repeat after a restart',
    file: 'src/queue/sqlite/memory-tables.ts',
    find: 'value = value + 1 RETURNING value',
    replace: 'value = value RETURNING value',
    tests: ['test/queue'],
  },
  {
    name: 'the copies that a connection opened for are not claimed again once given back',
    file: 'src/queue/queue.ts',
    find: 'this.#claims.mayBeQueued(copy);\n      this.#counters.move(batch, copy.connector, before, copy.state);',
    replace: 'this.#counters.move(batch, copy.connector, before, copy.state);',
    tests: ['test/queue'],
  },
  {
    name: 'a copy that is sent at once is given to whoever asks the queue as well',
    file: 'src/queue/acceptance.ts',
    find: 'if (isClaimed) claims.claim(batch, place);',
    replace: 'if (isClaimed) claims.mayBeQueued(place);',
    tests: ['test/queue'],
  },
  {
    name: 'the turn is kept though the peer has waited for it',
    file: 'src/engine/turn.ts',
    find: 'this.#wanted = Math.min(this.#wanted ?? priority, priority);',
    replace: '',
    tests: ['test/simulation'],
  },
  {
    name: 'records that reached the disk torn are taken for whole',
    file: 'src/queue/incoming-scan.ts',
    find: '(data) => !isWhole(disk, file, data)',
    replace: '(data) => data.payloadOctets < 0 && !isWhole(disk, file, data)',
    tests: ['test/queue'],
  },
  {
    name: 'the claim of a transfer under way ends when an operator holds and releases its copy',
    file: 'src/queue/commitment.ts',
    find: "if (claim === 'ends') claims.release(batch, copy);",
    replace: 'claims.release(batch, copy);',
    tests: ['test/simulation'],
  },
  {
    name: 'a resumption takes octets back without syncing that',
    file: 'src/queue/appended-file.ts',
    find: 'this.#syncedOctets = Math.min(this.#syncedOctets, octets);',
    replace: '',
    tests: ['test/queue'],
  },
  {
    name: 'a receiver that reads faster than its disk is not held back',
    file: 'src/engine/incoming-transfer.ts',
    find: 'if (this.#unsettledOctets > unsettledOctetsMax) this.#user.pause();',
    replace: '',
    tests: ['test/simulation'],
  },
];
