/** What holds where the site file names no address of its own; the tunable values have theirs in values.ts and limits.ts. */

/** Port of X.400 over TCP (RFC 1006 §4). */
export const isoTransportPort = 102;

export const listenHost = '0.0.0.0';

/** The admin page is for this machine alone unless the site file says otherwise. */
export const adminPageHost = '127.0.0.1';

export const adminSocketName = 'admin.sock';

/** An ADMD of one space: any. */
export const anyAdmd = ' ';

export const addressSpaceCost = 1;
