import type { IUnsubscribePacket } from 'mqtt-packet'
import type { Connection } from '../connection.ts'
import { pushTopic } from '../push-packet.ts'
import { unsubackCodes } from '../reasons.ts'
import { isPacketId } from './handlers.ts'

/** What is on its way stays acknowledgeable; nothing new is sent. */
export function unsubscribe(
  connection: Connection,
  { messageId, unsubscriptions }: IUnsubscribePacket,
): void {
  if (!isPacketId(messageId) || unsubscriptions.length === 0) return connection.end('protocolError')
  const { session, registrationId } = connection
  const granted = unsubscriptions.map(topic =>
    topic === pushTopic(registrationId) && session?.isSubscribed
      ? unsubackCodes.success
      : unsubackCodes.notSubscribed,
  )
  if (granted.includes(unsubackCodes.success)) session?.unsubscribe()
  connection.send({ cmd: 'unsuback', messageId, granted })
}
