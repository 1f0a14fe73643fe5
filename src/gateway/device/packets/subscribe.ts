// SUBSCRIBE: a device gets its own pushes, with QoS 1 since what is not acknowledged could be lost.
import type { ISubscribePacket, ISubscription } from 'mqtt-packet'
import type { Connection } from '../connection.ts'
import { pushTopic } from '../push-packet.ts'
import { subackCodes, subackFailure } from '../reasons.ts'
import { isPacketId } from './handlers.ts'

export function subscribe(connection: Connection, packet: ISubscribePacket): void {
  const { messageId, subscriptions, properties } = packet
  // At least one topic filter [MQTT-3.8.3-3].
  if (!isPacketId(messageId) || subscriptions.length === 0) return connection.end('protocolError')
  // CONNACK has said they are not available (MQTT 5 §3.2.2.3.12).
  if (properties?.subscriptionIdentifier !== undefined) return connection.end('subscriptionIdsNotSupported')
  const codes = subscriptions.map(subscription => grant(connection, subscription))
  connection.send({
    cmd: 'suback',
    messageId,
    granted: connection.version === 5 ? codes : codes.map(toVersion4),
  })
  if (codes.includes(subackCodes.granted)) connection.session?.subscribe()
}

function grant({ registrationId }: Connection, { topic, qos }: ISubscription): number {
  if (topic.startsWith('$share/')) return subackCodes.sharedNotSupported
  if (/[#+]/.test(topic)) return subackCodes.wildcardsNotSupported
  if (topic !== pushTopic(registrationId)) return subackCodes.notAuthorised
  return qos === 0 ? subackCodes.implementationSpecific : subackCodes.granted
}

function toVersion4(code: number): number {
  return code === subackCodes.granted ? code : subackFailure
}
