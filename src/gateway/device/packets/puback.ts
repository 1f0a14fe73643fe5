import type { IPubackPacket } from 'mqtt-packet'
import type { Connection } from '../connection.ts'
import { isPacketId } from './handlers.ts'

/** The device has the push: received, whatever reason code it adds. */
export function puback(connection: Connection, { messageId }: IPubackPacket): void {
  if (isPacketId(messageId)) connection.session?.acknowledge(messageId)
  else connection.end('protocolError')
}
