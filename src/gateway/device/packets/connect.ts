// CONNECT: every check in its order, then the core opens the session (MQTT 3.1.1 §3.1.4, MQTT 5 §3.1.4).
import type { IConnectPacket } from 'mqtt-packet'
import { Refusal } from '../../../contract/refusal.ts'
import type { Connection } from '../connection.ts'
import { type ConnectOutcome, connectCodes, outcomeOf } from '../reasons.ts'
import type { Session } from '../session.ts'

type Check = (packet: IConnectPacket) => ConnectOutcome | undefined

const registrationIdForm = /^[0-9a-f]{19}$/

/** The first that finds fault decides. */
const checks: readonly Check[] = [
  checkAuthMethod,
  checkClientId,
  checkWill,
  checkCredentials,
  checkReceiveMaximum,
]

export async function connect(connection: Connection, packet: IConnectPacket): Promise<void> {
  for (const check of checks) {
    const outcome = check(packet)
    if (outcome) return answerConnect(connection, outcome)
  }
  const session = await open(connection, packet)
  if (!session) return
  // The device left while the core was asked.
  if (connection.isClosed) return connection.sessions.close(session)
  const keepAlive = keepAliveOf(connection, packet)
  connection.send({
    cmd: 'connack',
    // The queue is the core's; nothing else of a session outlives its connection [MQTT-3.2.2-2].
    sessionPresent: false,
    returnCode: connectCodes.accepted.v4,
    reasonCode: connectCodes.accepted.v5,
    properties: propertiesOf(connection, packet, keepAlive),
  })
  connection.opened(session, keepAlive)
}

/** Refuses with the code of the device's version, then closes [MQTT-3.2.2-5]. */
export function answerConnect(connection: Connection, outcome: ConnectOutcome): void {
  const { v4, v5 } = connectCodes[outcome]
  connection.send({ cmd: 'connack', sessionPresent: false, returnCode: v4, reasonCode: v5 })
  connection.finish()
}

async function open(connection: Connection, packet: IConnectPacket): Promise<Session | undefined> {
  const { properties, clientId, username, password } = packet
  connection.registrationId = clientId
  connection.packetBytesMax = properties?.maximumPacketSize ?? Number.MAX_SAFE_INTEGER
  const window = Math.min(
    connection.config.inFlightMax,
    properties?.receiveMaximum ?? connection.config.inFlightMax,
  )
  const credentials = {
    registrationId: clientId,
    password: password?.toString('utf8') ?? '',
    appKey: username ?? '',
  }
  try {
    return await connection.sessions.open(connection, credentials, window)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (!connection.isClosed) answerConnect(connection, outcomeOf(error))
    return undefined
  }
}

/** Extended authentication is not offered [MQTT-4.12.0-1]. */
function checkAuthMethod({ properties }: IConnectPacket): ConnectOutcome | undefined {
  return properties?.authenticationMethod === undefined ? undefined : 'authMethodBad'
}

function checkClientId({ clientId }: IConnectPacket): ConnectOutcome | undefined {
  return registrationIdForm.test(clientId) ? undefined : 'clientIdInvalid'
}

/** A will would be published to a topic, and a device may publish to none but its events. */
function checkWill({ will }: IConnectPacket): ConnectOutcome | undefined {
  return will === undefined ? undefined : 'notAuthorised'
}

function checkCredentials({ username, password }: IConnectPacket): ConnectOutcome | undefined {
  return username === undefined || password === undefined ? 'credentialsWrong' : undefined
}

/** 0 is a protocol error (MQTT 5 §3.1.2.11.3), and so it is for the packet size (§3.1.2.11.4). */
function checkReceiveMaximum({ properties }: IConnectPacket): ConnectOutcome | undefined {
  const isZero = properties?.receiveMaximum === 0 || properties?.maximumPacketSize === 0
  return isZero ? 'protocolError' : undefined
}

/** An MQTT 5 device can be told what it gets; an older one keeps what it asked for. */
function keepAliveOf({ version, config }: Connection, { keepalive = 0 }: IConnectPacket): number {
  const max = config.keepAliveSecondsMax
  return version === 5 && (keepalive === 0 || keepalive > max) ? max : keepalive
}

function propertiesOf(
  { config }: Connection,
  { keepalive = 0, properties }: IConnectPacket,
  keepAlive: number,
) {
  return {
    receiveMaximum: config.eventsMax,
    maximumQoS: 1,
    retainAvailable: false,
    maximumPacketSize: config.packetBytesMax,
    wildcardSubscriptionAvailable: false,
    subscriptionIdentifiersAvailable: false,
    sharedSubscriptionAvailable: false,
    ...(keepAlive !== keepalive && { serverKeepAlive: keepAlive }),
    ...((properties?.sessionExpiryInterval ?? 0) > 0 && { sessionExpiryInterval: 0 }),
  }
}
