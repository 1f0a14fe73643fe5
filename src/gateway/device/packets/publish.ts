// PUBLISH: what a device may say is that a push was displayed, or opened. It is acknowledged once it is committed.
import type { IPublishPacket } from 'mqtt-packet'
import type { Connection } from '../connection.ts'
import { eventsTopic } from '../push-packet.ts'
import type { Reason } from '../reasons.ts'
import type { DeviceEvent } from '../receipts.ts'
import { isPacketId } from './handlers.ts'

const events: readonly DeviceEvent[] = ['displayed', 'opened']

type Check = (connection: Connection, packet: IPublishPacket) => Reason | undefined

/** The first that finds fault ends the connection. */
const checks: readonly Check[] = [checkQos, checkPacketId, checkRetain, checkAlias, checkTopic, checkPayload]

export function publish(connection: Connection, packet: IPublishPacket): void {
  for (const check of checks) {
    const reason = check(connection, packet)
    if (reason) return connection.end(reason)
  }
  const said = readEvent(packet.payload)
  if (said) connection.session?.addEvent(said.msgId, said.event, packet.qos === 1 ? packet.messageId! : 0)
}

/** CONNACK has said that QoS 1 is the most [MQTT-3.2.2-11]; MQTT 3.1.1 leaves it to the server to close (§3.3.1.2). */
function checkQos(_connection: Connection, { qos }: IPublishPacket): Reason | undefined {
  return qos === 2 ? 'qosNotSupported' : undefined
}

function checkPacketId(_connection: Connection, { qos, messageId }: IPublishPacket): Reason | undefined {
  return qos === 1 && !isPacketId(messageId) ? 'protocolError' : undefined
}

/** [MQTT-3.2.2-14]. MQTT 3.1.1 has no way to forbid it: there it is an event like any other. */
function checkRetain({ version }: Connection, { retain }: IPublishPacket): Reason | undefined {
  return retain && version === 5 ? 'retainNotSupported' : undefined
}

/** CONNACK has offered no aliases [MQTT-3.2.2-17]. */
function checkAlias(_connection: Connection, { properties }: IPublishPacket): Reason | undefined {
  return properties?.topicAlias === undefined ? undefined : 'topicAliasInvalid'
}

function checkTopic({ registrationId }: Connection, { topic }: IPublishPacket): Reason | undefined {
  return topic === eventsTopic(registrationId) ? undefined : 'topicInvalid'
}

function checkPayload(_connection: Connection, { payload }: IPublishPacket): Reason | undefined {
  return readEvent(payload) ? undefined : 'payloadInvalid'
}

/** `{"msg_id", "event": "displayed" | "opened"}`, the id as text or as a number. */
function readEvent(payload: Buffer | string): { msgId: number; event: DeviceEvent } | undefined {
  try {
    const said = JSON.parse(payload.toString()) as Readonly<Record<string, unknown>> | null
    const msgId =
      typeof said?.msg_id === 'string' && /^\d{1,16}$/.test(said.msg_id) ? Number(said.msg_id) : said?.msg_id
    const event = events.find(name => name === said?.event)
    return event && Number.isSafeInteger(msgId) ? { msgId: msgId as number, event } : undefined
  } catch {
    return undefined
  }
}
