// Latency at a tenth of the maximum: a send until its answer, a push until the device has it.
import { setTimeout as sleep } from 'node:timers/promises'
import { stampMark } from './device-swarm.ts'
import { startPosthouse } from './processes.ts'
import { basicOf, liftLimits } from './pushes.ts'
import { untilQuiet } from './quiet.ts'
import type { Figure } from './report.ts'
import { measureSends } from './sends.ts'
import { DeviceSwarm, type Received, registerDevices } from './swarm.ts'

const rounds = 3
const share = 0.1
const pushCount = 2_000

export async function latency(): Promise<Figure[]> {
  const { perSecond: most } = await measureSends(64)
  const rate = Math.round(most * share)
  const answers = []
  for (let round = 0; round < rounds; round++) answers.push(await measureSends(64, rate))
  const achieved = answers.map(({ perSecond }) => Math.round(perSecond)).join(', ')
  const deliveries = await measureDeliveries()
  return [
    {
      what: 'send → answer, p50',
      values: answers.map(({ p50Ms }) => p50Ms),
      unit: 'ms',
      note: `offered ${rate}/s, achieved ${achieved}/s`,
    },
    { what: 'send → answer, p99', values: answers.map(({ p99Ms }) => p99Ms), unit: 'ms' },
    {
      what: 'push → device, p50',
      values: deliveries.map(({ latenciesMs }) => latenciesMs.p50),
      unit: 'ms',
      note: `${pushesPerSecond}/s to one device each`,
    },
    { what: 'push → device, p99', values: deliveries.map(({ latenciesMs }) => latenciesMs.p99), unit: 'ms' },
  ]
}

const pushesPerSecond = 500
const devices = 100

async function measureDeliveries(): Promise<Received[]> {
  const subject = await startPosthouse()
  await liftLimits(subject)
  const registered = await registerDevices(subject, devices)
  const swarm = await DeviceSwarm.connect({ port: subject.mqttPort, devices: registered, opening: 50 })
  const headers = { Authorization: basicOf(subject), 'Content-Type': 'application/json' }
  const results: Received[] = []
  for (let round = 0; round < rounds; round++) {
    await untilQuiet()
    const received = swarm.expect(pushCount)
    const sent: Promise<unknown>[] = []
    for (let count = 0; count < pushCount; count++) {
      const now = (performance.timeOrigin + performance.now()).toFixed(3)
      const body = JSON.stringify({
        platform: 'all',
        audience: { registration_id: [registered[count % devices]!.clientId] },
        message: { msg_content: `${stampMark.before}${now}${stampMark.after}` },
      })
      sent.push(fetch(`${subject.runtime.http}/v3/push`, { method: 'POST', headers, body }))
      if (count % 10 === 9) await sleep(10_000 / pushesPerSecond)
    }
    await Promise.all(sent)
    results.push(await received)
  }
  swarm.close()
  await subject.stop()
  return results
}
