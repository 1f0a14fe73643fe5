// One push to every connected device, QoS 1, beside Mosquitto given the same subscribers and a payload of the same size.
import { spawnSync } from 'node:child_process'
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

/** As other brokers were measured: so many pushes, at most so many of them not yet with every device. */
const streams: Readonly<Record<number, { readonly pushes: number; readonly outstandingMax: number }>> = {
  1000: { pushes: 300, outstandingMax: 20 },
  10000: { pushes: 30, outstandingMax: 4 },
}
const streamRounds = 5

export async function fanOut(): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const count of [1_000, 10_000]) {
    figures.push(...figuresOf('Posthouse', count, await measurePosthouse(count)))
    const reference = await measureMosquitto(count)
    if (reference) figures.push(...figuresOf('Mosquitto', count, reference))
  }
  return figures
}

interface Results {
  readonly bursts: readonly Round[]
  /** Deliveries per second; empty where processes cannot be given a core each. */
  readonly streams: readonly number[]
}

interface Round extends Received {
  readonly pushes: number
  /** From the first push being sent to the last delivery. */
  readonly seconds: number
}

function figuresOf(broker: string, count: number, { bursts, streams }: Results): Figure[] {
  const figures = pushesAtOnce.flatMap(pushes => {
    const own = bursts.filter(result => result.pushes === pushes)
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
  return streams.length === 0 ? figures : [...figures, streamFigure(broker, count, streams)]
}

function streamFigure(broker: string, count: number, values: readonly number[]): Figure {
  const { pushes, outstandingMax } = streams[count]!
  return {
    what: `${broker}: ${pushes} pushes to ${count.toLocaleString('en')} devices, ${outstandingMax} outstanding`,
    values,
    unit: 'deliveries/s',
    note: 'broker on one core, devices on the other',
  }
}

async function measurePosthouse(count: number): Promise<Results> {
  const subject = await startPosthouse()
  await liftLimits(subject)
  const swarm = await DeviceSwarm.connect({
    port: subject.mqttPort,
    devices: await registerDevices(subject, count),
    opening,
  })
  const headers = { Authorization: basicOf(subject), 'Content-Type': 'application/json' }
  const results = await measure(subject.pid, swarm, count, async () => {
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

async function measureMosquitto(count: number): Promise<Results | undefined> {
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
  const results = await measure(subject.pid, swarm, count, async () => {
    await publisher.publishAsync('bench', payload(), { qos: 1 })
  })
  await publisher.endAsync()
  swarm.close()
  await subject.stop()
  return results
}

async function measure(
  broker: number,
  swarm: DeviceSwarm,
  count: number,
  push: () => Promise<void>,
): Promise<Results> {
  const bursts = await measureBursts(swarm, count, push)
  const isPinned = pin(broker, 0) && pin(swarm.pid, 1)
  return { bursts, streams: isPinned ? await measureStreams(swarm, count, push) : [] }
}

/** All threads of a process to one core. */
function pin(pid: number, core: number): boolean {
  return spawnSync('taskset', ['-acp', String(core), String(pid)]).status === 0
}

async function measureStreams(
  swarm: DeviceSwarm,
  count: number,
  push: () => Promise<void>,
): Promise<number[]> {
  const rates: number[] = []
  for (let round = 0; round < streamRounds; round++) {
    await untilQuiet()
    rates.push(await measureStream(swarm, count, push))
  }
  return rates
}

async function measureStream(swarm: DeviceSwarm, count: number, push: () => Promise<void>): Promise<number> {
  const { pushes, outstandingMax } = streams[count]!
  const sent: Promise<void>[] = []
  const sendUpTo = (wanted: number) => {
    while (sent.length < Math.min(wanted, pushes)) sent.push(push())
  }
  const startedAt = performance.timeOrigin + performance.now()
  const received = swarm.expectSteps(count * pushes, count, steps => sendUpTo(steps + outstandingMax))
  sendUpTo(outstandingMax)
  const { lastAt } = await received
  await Promise.all(sent)
  return (count * pushes * 1_000) / (lastAt - startedAt)
}

async function measureBursts(swarm: DeviceSwarm, count: number, push: () => Promise<void>): Promise<Round[]> {
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
