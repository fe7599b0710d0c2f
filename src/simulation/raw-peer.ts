import { ByteList } from '../bytes/byte-list.js';
import { joinOctets } from '../bytes/octets.js';
import type { Connection, ConnectionHandlers } from '../engine/world.js';
import type { VirtualAgent } from './virtual-agent.js';
import type { VirtualClock } from './virtual-clock.js';
import type { VirtualNetwork } from './virtual-network.js';

const latencyMilliseconds = 1;

/** The far end of an agent's connection, which says whatever a test wants it to say. */
export class RawPeer {
  readonly #received: Uint8Array[] = [];
  /** Called with what the agent sends, as it comes. */
  onData: ((octets: Uint8Array) => void) | undefined;
  /** Why the connection is gone; undefined while it is there. */
  closed: string | undefined;
  receivedOctets = 0;
  #send: (octets: Uint8Array) => void = () => undefined;
  #close: () => void = () => undefined;

  /** Calls an agent; `name` is the address that it sees. */
  static calling(clock: VirtualClock, agent: VirtualAgent, name: string): RawPeer {
    const peer = new RawPeer();
    let agentOpen = true;
    const later = (run: () => void): void => {
      clock.schedule(latencyMilliseconds, run);
    };
    const connection: Connection = {
      peer: name,
      send: (octets) => {
        const copy = octets.toUint8Array().slice();
        later(() => {
          peer.#take(copy);
        });
      },
      close: () => {
        if (!agentOpen) return;
        agentOpen = false;
        later(() => {
          peer.closed ??= 'closed by the agent';
          handlers?.closed('closed here');
        });
      },
      backlogOctets: () => 0,
      pause: () => undefined,
      resume: () => undefined,
    };
    const handlers: ConnectionHandlers | undefined = agent.engine?.accept(
      connection,
      agent.site.listen[0]?.selectors ?? {},
    );
    peer.#send = (octets) => {
      later(() => {
        if (agentOpen) handlers?.data(octets);
      });
    };
    peer.#close = () => {
      later(() => {
        if (!agentOpen) return;
        agentOpen = false;
        handlers?.closed('closed by the peer');
      });
    };
    return peer;
  }

  /** Waits for calls of agents on a port of the network. */
  static listening(network: VirtualNetwork, port: number, accepted: (peer: RawPeer) => void): void {
    network.listen(port, (connection) => {
      const peer = new RawPeer();
      peer.#send = (octets) => {
        connection.send(ByteList.of(octets));
      };
      peer.#close = () => {
        connection.close('graceful');
      };
      accepted(peer);
      return {
        connected: () => undefined,
        data: (octets) => {
          peer.#take(octets);
        },
        drained: () => undefined,
        closed: (text) => {
          peer.closed ??= text;
        },
      };
    });
  }

  send(octets: Uint8Array): void {
    this.#send(octets);
  }

  close(): void {
    this.closed ??= 'closed by the test';
    this.#close();
  }

  get received(): Uint8Array {
    return joinOctets(this.#received);
  }

  #take(octets: Uint8Array): void {
    this.#received.push(octets);
    this.receivedOctets += octets.length;
    this.onData?.(octets);
  }
}
