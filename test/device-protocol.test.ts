// What the MQTT door answers to every offence and oddity, clause by clause, in both versions.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import mqttPacket, { type Packet } from 'mqtt-packet'
import { makeDevice } from './devices.ts'
import { type Answer, connectPacket, RawDevice } from './raw-device.ts'
import { sharedApp } from './start-app.ts'

const server = sharedApp()

const versions = [4, 5] as const
type Version = (typeof versions)[number]

/** What an offence of a connected device is answered with: a DISCONNECT with this code, or only the end. */
const offences: readonly (readonly [
  title: string,
  reason: number,
  bytes: (rid: string, version: Version) => Buffer,
])[] = [
  [
    'a second CONNECT [MQTT-3.1.0-2]',
    0x82,
    (rid, version) => bytesOf(connectPacket(version, 'k', { rid, password: 'p' }), version),
  ],
  ['a packet that only a server sends', 0x82, (_, version) => bytesOf({ cmd: 'pingresp' }, version)],
  ['reserved flags that are set [MQTT-2.2.2-2]', 0x81, () => Buffer.from([0xc1, 0])],
  ['a remaining length of five bytes', 0x81, () => Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x01])],
  ['a packet type that does not exist', 0x81, () => Buffer.from([0x00, 0x00])],
  ['noise', 0x81, () => Buffer.from('GET / HTTP/1.1\r\n\r\n'.padEnd(200, 'x'))],
  ['a packet larger than announced', 0x95, () => Buffer.from([0x30, 0xff, 0xff, 0x7f])],
  ['QoS 3 [MQTT-3.3.1-4]', 0x81, () => Buffer.from([0x36, 4, 0, 1, 0x61, 0])],
  [
    'QoS 2 [MQTT-3.2.2-11]',
    0x9b,
    (rid, version) => bytesOf(publish(`devices/${rid}/events`, { qos: 2 }), version),
  ],
  ['PUBREL', 0x82, (_, version) => bytesOf({ cmd: 'pubrel', messageId: 1 }, version)],
  [
    'an event on the topic of its own pushes',
    0x90,
    (rid, version) => bytesOf(publish(`devices/${rid}/push`), version),
  ],
  [
    'an event of another device',
    0x90,
    (_, version) => bytesOf(publish(`devices/${'0'.repeat(19)}/events`), version),
  ],
  [
    'a topic with a wildcard [MQTT-3.3.2-2]',
    0x90,
    (_, version) => bytesOf(publish('devices/+/events'), version),
  ],
  [
    'an event that is no JSON',
    0x99,
    (rid, version) => bytesOf(publish(`devices/${rid}/events`, { payload: '{"msg_id"' }), version),
  ],
  [
    'an event nobody knows',
    0x99,
    (rid, version) =>
      bytesOf(publish(`devices/${rid}/events`, { payload: '{"msg_id":"1","event":"eaten"}' }), version),
  ],
  [
    'an event without a push',
    0x99,
    (rid, version) => bytesOf(publish(`devices/${rid}/events`, { payload: '{"event":"opened"}' }), version),
  ],
  [
    'an event that is null',
    0x99,
    (rid, version) => bytesOf(publish(`devices/${rid}/events`, { payload: 'null' }), version),
  ],
  [
    'an event with the packet id 0 [MQTT-2.3.1-1]',
    0x82,
    (rid, version) => withPacketId(bytesOf(publish(`devices/${rid}/events`), version), rid, 0),
  ],
  [
    'SUBSCRIBE with the packet id 0 [MQTT-2.3.1-1]',
    0x82,
    (rid, version) =>
      withId(
        bytesOf(
          { cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: `devices/${rid}/push`, qos: 1 }] },
          version,
        ),
        0,
      ),
  ],
  [
    'SUBSCRIBE without a topic [MQTT-3.8.3-3]',
    0x82,
    (_, version) => Buffer.from(version === 5 ? [0x82, 3, 0, 1, 0] : [0x82, 2, 0, 1]),
  ],
  [
    'UNSUBSCRIBE without a topic [MQTT-3.10.3-2]',
    0x82,
    (_, version) => Buffer.from(version === 5 ? [0xa2, 3, 0, 1, 0] : [0xa2, 2, 0, 1]),
  ],
  [
    'PUBACK with the packet id 0',
    0x82,
    (_, version) => Buffer.from(version === 5 ? [0x40, 3, 0, 0, 0] : [0x40, 2, 0, 0]),
  ],
]

for (const version of versions) {
  for (const [title, reason, bytes] of offences) {
    const told = version === 5 ? `DISCONNECT 0x${reason.toString(16)} and ` : ''
    test(`${title} ends the connection: ${told}the end (MQTT ${version})`, async t => {
      const credentials = await makeDevice(server(), server().demo)
      const device = await RawDevice.connected(t, server(), version, credentials)
      device.write(bytes(credentials.rid, version))
      if (version === 5) assert.equal(codeOf(await device.next()), reason)
      assert.equal(await device.next(), 'closed')
    })
  }

  test(`whatever comes first and is no CONNECT closes the connection without a word [MQTT-3.1.0-1] (MQTT ${version})`, async t => {
    for (const bytes of [Buffer.from([0xc0, 0]), Buffer.from('GET / HTTP/1.1\r\n'), Buffer.alloc(64)]) {
      const device = await RawDevice.open(t, server(), version)
      device.write(bytes)
      assert.equal(await device.next(), 'closed')
    }
  })

  test(`a packet is the same however its bytes arrive (MQTT ${version})`, async t => {
    const credentials = await makeDevice(server(), server().demo)
    const device = await RawDevice.open(t, server(), version)
    const packets = Buffer.concat([
      bytesOf(connectPacket(version, server().demo.app_key, credentials), version),
      bytesOf(
        {
          cmd: 'subscribe',
          messageId: 7,
          subscriptions: [{ topic: `devices/${credentials.rid}/push`, qos: 1 }],
        },
        version,
      ),
      bytesOf({ cmd: 'pingreq' }, version),
    ])
    for (const byte of packets) device.write(Buffer.from([byte]))
    const answers = [await device.next(), await device.next(), await device.next()]
    assert.deepEqual(answers.map(commandOf), ['connack', 'suback', 'pingresp'])
  })

  test(`DISCONNECT ends the session and closes [MQTT-3.14.4-1] (MQTT ${version})`, async t => {
    const device = await RawDevice.connected(t, server(), version, await makeDevice(server(), server().demo))
    device.send({ cmd: 'disconnect', reasonCode: 0 })
    assert.equal(await device.next(), 'closed')
  })

  test(`UNSUBSCRIBE is answered, subscribed or not [MQTT-3.10.4-4] (MQTT ${version})`, async t => {
    const credentials = await makeDevice(server(), server().demo)
    const device = await RawDevice.connected(t, server(), version, credentials)
    const topic = `devices/${credentials.rid}/push`
    const unsubscribe = async () => {
      device.send({ cmd: 'unsubscribe', messageId: 9, unsubscriptions: [topic] })
      return device.next()
    }
    assert.equal(commandOf(await unsubscribe()), 'unsuback')
    await device.subscribe(credentials.rid)
    const answer = await unsubscribe()
    assert.ok(answer !== 'closed' && answer.cmd === 'unsuback')
    if (version === 5) assert.deepEqual(answer.granted, [0])
  })
}

/** [what, changes to a right CONNECT, code of 3.1.1, code of 5]. */
const refusals: readonly (readonly [string, object, number, number])[] = [
  ['a client id that is no registration id', { clientId: 'x' }, 2, 0x85],
  ['no client id', { clientId: '', clean: true }, 2, 0x85],
  ['a registration id nobody has', { clientId: '0'.repeat(19) }, 4, 0x86],
  ['a wrong password', { password: Buffer.from('wrong') }, 4, 0x86],
  ['another app’s key', { username: 'x' }, 4, 0x86],
  ['no credentials', { username: undefined, password: undefined }, 4, 0x86],
  [
    'a will',
    { will: { topic: 'devices/x/events', payload: Buffer.from('{}'), qos: 0, retain: false } },
    5,
    0x87,
  ],
]

for (const version of versions)
  for (const [what, changes, v4, v5] of refusals)
    test(`CONNECT with ${what} is refused with ${version === 5 ? v5 : v4} and closed (MQTT ${version})`, async t => {
      const credentials = await makeDevice(server(), server().demo)
      const device = await RawDevice.open(t, server(), version)
      device.send(connectPacket(version, server().demo.app_key, credentials, changes))
      assert.equal(codeOf(await device.next()), version === 5 ? v5 : v4)
      assert.equal(await device.next(), 'closed')
    })

test('CONNECT of MQTT 3.1 and of versions to come is refused with the code for that [MQTT-3.1.2-2]', async t => {
  const older = await RawDevice.open(t, server(), 4)
  older.write(Buffer.from('100c00064d51497364700302003c0000', 'hex'))
  const connack = await older.next()
  assert.equal(codeOf(connack), 1)
  assert.equal(await older.next(), 'closed')
  const newer = await RawDevice.open(t, server(), 5)
  newer.write(Buffer.from('100d00044d51545406 02003c00000000'.replace(' ', ''), 'hex'))
  assert.equal(codeOf(await newer.next()), 0x84)
  assert.equal(await newer.next(), 'closed')
})

test('CONNECT with extended authentication is refused with 0x8c [MQTT-4.12.0-1]', async t => {
  const credentials = await makeDevice(server(), server().demo)
  const device = await RawDevice.open(t, server(), 5)
  const properties = { authenticationMethod: 'SCRAM-SHA-256' }
  device.send(connectPacket(5, server().demo.app_key, credentials, { properties }))
  assert.equal(codeOf(await device.next()), 0x8c)
})

test('a malformed CONNECT of MQTT 5 is told so, one of MQTT 3.1.1 is only closed', async t => {
  const body = '00044d515454'
  const newer = await RawDevice.open(t, server(), 5)
  // A client id longer than the packet.
  newer.write(Buffer.from(`100e${body}0502003c00ffff61`, 'hex'))
  assert.equal(codeOf(await newer.next()), 0x81)
  const older = await RawDevice.open(t, server(), 4)
  older.write(Buffer.from(`100d${body}0402003cffff61`, 'hex'))
  assert.equal(await older.next(), 'closed')
})

test('CONNACK of MQTT 5 says what is not offered', async t => {
  const credentials = await makeDevice(server(), server().demo)
  const device = await RawDevice.open(t, server(), 5)
  const properties = { sessionExpiryInterval: 3_600 }
  device.send(
    connectPacket(5, server().demo.app_key, credentials, { keepalive: 0, clean: false, properties }),
  )
  const answer = await device.next()
  assert.ok(answer !== 'closed' && answer.cmd === 'connack')
  assert.equal(answer.sessionPresent, false)
  assert.deepEqual(
    { ...answer.properties },
    {
      sessionExpiryInterval: 0,
      receiveMaximum: 100,
      maximumQoS: 1,
      retainAvailable: false,
      maximumPacketSize: 65_536,
      wildcardSubscriptionAvailable: false,
      subscriptionIdentifiersAvailable: false,
      sharedSubscriptionAvailable: false,
      serverKeepAlive: 3_600,
    },
  )
})

test('SUBSCRIBE grants a device its own pushes with QoS 1 and nothing else', async t => {
  const credentials = await makeDevice(server(), server().demo)
  const { rid } = credentials
  const wanted = [
    [`devices/${rid}/push`, 1, 1, 1],
    [`devices/${rid}/push`, 2, 1, 1],
    [`devices/${rid}/push`, 0, 0x80, 0x83],
    [`devices/${'0'.repeat(19)}/push`, 1, 0x80, 0x87],
    [`devices/${rid}/events`, 1, 0x80, 0x87],
    ['devices/+/push', 1, 0x80, 0xa2],
    ['#', 1, 0x80, 0xa2],
    [`$share/all/devices/${rid}/push`, 1, 0x80, 0x9e],
    ['$SYS/uptime', 0, 0x80, 0x87],
  ] as const
  for (const version of versions) {
    const device = await RawDevice.connected(t, server(), version, credentials)
    const subscriptions = wanted.map(([topic, qos]) => ({ topic, qos }))
    device.send({ cmd: 'subscribe', messageId: 3, subscriptions })
    const answer = await device.next()
    assert.ok(answer !== 'closed' && answer.cmd === 'suback')
    assert.deepEqual(
      answer.granted,
      wanted.map(([, , v4, v5]) => (version === 5 ? v5 : v4)),
    )
    device.drop()
  }
})

test('what MQTT 5 offers and CONNACK has declined ends the connection with its code', async t => {
  const declined: readonly (readonly [Packet, number])[] = [
    [publish('', { properties: { topicAlias: 1 } }), 0x94],
    [publish('x', { retain: true }), 0x9a],
    [
      {
        cmd: 'subscribe',
        messageId: 1,
        subscriptions: [{ topic: 'x', qos: 1 }],
        properties: { subscriptionIdentifier: 1 },
      },
      0xa1,
    ],
    [{ cmd: 'auth', reasonCode: 0x18, properties: { authenticationMethod: 'x' } }, 0x82],
  ]
  for (const [packet, reason] of declined) {
    const device = await RawDevice.connected(t, server(), 5, await makeDevice(server(), server().demo))
    device.send(packet)
    assert.equal(codeOf(await device.next()), reason)
    assert.equal(await device.next(), 'closed')
  }
})

test('a thousand kinds of noise leave the door open for others', async t => {
  const credentials = await makeDevice(server(), server().demo)
  const connect = bytesOf(connectPacket(4, server().demo.app_key, credentials), 4)
  let seed = 42
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed
  }
  for (let round = 0; round < 100; round++) {
    const device = await RawDevice.open(t, server(), 4)
    const bytes = Buffer.from(connect)
    if (round % 2 === 0) bytes[random() % bytes.length] = random() % 256
    device.write(bytes)
    for (let count = 0; count < 10; count++)
      device.write(Buffer.from(Array.from({ length: random() % 40 }, () => random() % 256)))
    device.drop()
  }
  const device = await RawDevice.connected(t, server(), 4, credentials)
  device.send({ cmd: 'pingreq' })
  assert.equal(commandOf(await device.next()), 'pingresp')
})

function bytesOf(packet: Packet, version: Version): Buffer {
  return mqttPacket.generate(packet, { protocolVersion: version })
}

function publish(topic: string, rest: object = {}): Packet {
  const payload = '{"msg_id":"1","event":"opened"}'
  return { cmd: 'publish', topic, payload, qos: 1, messageId: 5, dup: false, retain: false, ...rest }
}

/** SUBSCRIBE with another packet id: it stands right behind a fixed header of two bytes. */
function withId(bytes: Buffer, id: number): Buffer {
  bytes.writeUInt16BE(id, 2)
  return bytes
}

/** PUBLISH with another packet id: it stands behind the topic. */
function withPacketId(bytes: Buffer, rid: string, id: number): Buffer {
  const topic = `devices/${rid}/events`
  bytes.writeUInt16BE(id, bytes.indexOf(topic) + topic.length)
  return bytes
}

function commandOf(answer: Answer): string {
  return answer === 'closed' ? answer : answer.cmd
}

function codeOf(answer: Answer): number | string | undefined {
  if (answer === 'closed') return answer
  return 'reasonCode' in answer ? answer.reasonCode : 'returnCode' in answer ? answer.returnCode : answer.cmd
}
