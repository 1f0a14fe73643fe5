import type { Packet } from 'mqtt-packet'
import type { Connection } from '../connection.ts'
import { disconnect } from './disconnect.ts'
import { pingreq } from './pingreq.ts'
import { puback } from './puback.ts'
import { publish } from './publish.ts'
import { subscribe } from './subscribe.ts'
import { unsubscribe } from './unsubscribe.ts'

/** A packet of a device that has a session. */
export function handle(connection: Connection, packet: Packet): void {
  switch (packet.cmd) {
    case 'publish':
      return publish(connection, packet)
    case 'puback':
      return puback(connection, packet)
    case 'subscribe':
      return subscribe(connection, packet)
    case 'unsubscribe':
      return unsubscribe(connection, packet)
    case 'pingreq':
      return pingreq(connection)
    case 'disconnect':
      return disconnect(connection)
    default:
      // What only a server sends, the packets of QoS 2, and AUTH, which needs what CONNECT was refused for.
      return connection.end('protocolError')
  }
}

/** A packet id is never 0 [MQTT-2.3.1-1]. The codec gives -1 where there is none. */
export function isPacketId(id: number | undefined): id is number {
  return id !== undefined && id > 0
}
