// One push to every connected device, QoS 1, beside Mosquitto given the same subscribers and a payload of the same size.
import mqtt from 'mqtt'
import { type SwarmDevice, stampMark } from './device-swarm.ts'
import { startMosquitto } from './mosquitto.ts'
import { startPosthouse } from './processes.ts'
import { basicOf, liftLimits } from './pushes.ts'
import { untilQuiet } from './quiet.ts'
import type { Figure } from './report.ts'
import { DeviceSwarm, type Received, registerDevices } from './swarm.ts'

/** One push by itself, and so many under way at once that the broker never waits for the publisher. */
const pushesAtOnce = [1, 10]
const rounds = 15
const opening = 100

export async function fanOut(): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const count of [1_000, 10_000]) {
    figures.push(...figuresOf('Posthouse', count, await measurePosthouse(count)))
    const reference = await measureMosquitto(count)
    if (reference) figures.push(...figuresOf('Mosquitto', count, reference))
  }
  return figures
}

interface Round extends Received {
  readonly pushes: number
  /** From the first push being sent to the last delivery. */
  readonly seconds: number
}

function figuresOf(broker: string, count: number, results: readonly Round[]): Figure[] {
  return pushesAtOnce.flatMap(pushes => {
    const own = results.filter(result => result.pushes === pushes)
    const worst = Math.max(...own.map(({ latenciesMs }) => latenciesMs.p99))
    const what = `${broker}: ${pushes === 1 ? 'one push' : `${pushes} pushes at once`} to ${count.toLocaleString('en')} devices`
    const unit = 'deliveries/s'
    return [
      {
        what: `${what}, first to last delivery`,
        values: own.map(({ received, firstAt, lastAt }) => (received / (lastAt - firstAt)) * 1_000),
        unit,
        note: `p99 ≤ ${Math.round(worst)} ms after the push was sent`,
      },
      {
        what: `${what}, sending to last delivery`,
        values: own.map(({ received, seconds }) => received / seconds),
        unit,
      },
    ]
  })
}

async function measurePosthouse(count: number): Promise<Round[]> {
  const subject = await startPosthouse()
  await liftLimits(subject)
  const swarm = await DeviceSwarm.connect({
    port: subject.mqttPort,
    devices: await registerDevices(subject, count),
    opening,
  })
  const headers = { Authorization: basicOf(subject), 'Content-Type': 'application/json' }
  const results = await measure(swarm, count, async () => {
    const body = { platform: 'all', audience: 'all', message: { msg_content: payload() } }
    const response = await fetch(`${subject.runtime.http}/v3/push`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`push: ${response.status} ${await response.text()}`)
  })
  swarm.close()
  await subject.stop()
  return results
}

async function measureMosquitto(count: number): Promise<Round[] | undefined> {
  const subject = await startMosquitto()
  if (!subject) return undefined
  const devices: SwarmDevice[] = Array.from({ length: count }, (_, index) => ({
    clientId: `device-${index}`,
    username: 'bench',
    password: 'bench',
    topic: 'bench',
  }))
  const swarm = await DeviceSwarm.connect({ port: subject.port, devices, opening })
  const publisher = await mqtt.connectAsync(`mqtt://127.0.0.1:${subject.port}`)
  const results = await measure(swarm, count, async () => {
    await publisher.publishAsync('bench', payload(), { qos: 1 })
  })
  await publisher.endAsync()
  swarm.close()
  await subject.stop()
  return results
}

async function measure(swarm: DeviceSwarm, count: number, push: () => Promise<void>): Promise<Round[]> {
  const results: Round[] = []
  for (const pushes of pushesAtOnce) {
    for (let round = -1; round < rounds; round++) {
      await untilQuiet()
      const received = swarm.expect(count * pushes)
      const startedAt = performance.timeOrigin + performance.now()
      await Promise.all(Array.from({ length: pushes }, push))
      const result = await received
      const seconds = (result.lastAt - startedAt) / 1_000
      // The first round warms up.
      if (round >= 0) results.push({ ...result, pushes, seconds })
    }
  }
  return results
}

/** About 200 bytes with the moment of sending in it. */
function payload(): string {
  const now = (performance.timeOrigin + performance.now()).toFixed(3)
  return `${stampMark.before}${now}${stampMark.after}${'The parcel left the post house at dawn. '.repeat(4)}`
}
