import type { Database } from 'better-sqlite3';
import { activityNameSchema, associationFactsSchema, momentSchema, parseStored } from '../stored-json.js';
import type { Moment, OutgoingActivity, OutgoingPosition } from '../store.js';
import { octetsOf } from './octets-of.js';

export interface StoredOutgoing {
  /** Never used again, also by later incarnations. */
  readonly key: number;
  readonly activity: OutgoingActivity;
  readonly position: OutgoingPosition;
  readonly lostAt: Moment | undefined;
}

export interface OutgoingTable {
  put(outgoing: StoredOutgoing): void;
  remove(key: number): void;
  keys(): readonly number[];
  /** Throws StoreError `malformed` if the record does not decode. */
  find(key: number): StoredOutgoing | undefined;
}

interface Row {
  readonly key: number;
  readonly copy: string;
  readonly activity: string;
  readonly association: string;
  readonly head: Buffer;
  readonly apduOctets: number;
  readonly serialNumber: number;
  readonly offset: number;
  readonly sentOffset: number;
  readonly lostAt: string | null;
}

export function createOutgoingTable(database: Database): OutgoingTable {
  const put = database.prepare(`
    INSERT OR REPLACE INTO outgoing
      (key, copy, activity, association, head, apdu_octets, serial_number, confirmed_octets, sent_octets, lost_at)
    VALUES (:key, :copy, :activity, :association, :head, :apduOctets, :serialNumber, :offset, :sentOffset, :lostAt)`);
  const remove = database.prepare<[number]>('DELETE FROM outgoing WHERE key = ?');
  const keys = database.prepare<[], number>('SELECT key FROM outgoing ORDER BY key').pluck();
  const find = database.prepare<[number], Row>(`
    SELECT key, copy, activity, association, head, apdu_octets AS apduOctets, serial_number AS serialNumber,
      confirmed_octets AS offset, sent_octets AS sentOffset, lost_at AS lostAt
    FROM outgoing WHERE key = ?`);
  return {
    put: ({ key, activity, position, lostAt }) =>
      void put.run({
        key,
        copy: activity.copy,
        activity: JSON.stringify(activity.activity),
        association: JSON.stringify(activity.association),
        head: activity.head,
        apduOctets: activity.apduOctets,
        ...position,
        lostAt: lostAt === undefined ? null : JSON.stringify(lostAt),
      }),
    remove: (key) => void remove.run(key),
    keys: () => keys.all(),
    find(key) {
      const row = find.get(key);
      return row === undefined ? undefined : storedOutgoing(row);
    },
  };
}

function storedOutgoing(row: Row): StoredOutgoing {
  const { key, copy, head, apduOctets, serialNumber, offset, sentOffset } = row;
  const what = `the columns of the outgoing activity of ${copy}`;
  return {
    key,
    activity: {
      copy,
      activity: parseStored(activityNameSchema, row.activity, what),
      association: parseStored(associationFactsSchema, row.association, what),
      head: octetsOf(head),
      apduOctets,
    },
    position: { serialNumber, offset, sentOffset },
    lostAt: row.lostAt === null ? undefined : parseStored(momentSchema, row.lostAt, what),
  };
}
