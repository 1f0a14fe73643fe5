// How many pushes a second are accepted, each to one registered device that is offline.

import type { LoadResult } from './http-load.ts'
import { type PosthouseSubject, runLoad, startPosthouse } from './processes.ts'
import { untilQuiet } from './quiet.ts'
import type { Figure } from './report.ts'
import { registerDevices } from './swarm.ts'

const rounds = 3
const seconds = 4
const devices = 1_000
const noLimit = { limits: { push_per_minute: 1_000_000_000, device_per_minute: 1_000_000_000 } }

export async function pushes(): Promise<Figure[]> {
  const results: LoadResult[] = []
  for (let round = 0; round < rounds; round++) results.push(await measurePushes(64))
  const failures = results.reduce((sum, result) => sum + result.failures, 0)
  return [
    {
      what: 'pushes accepted, 64 connections',
      values: results.map(({ perSecond }) => perSecond),
      unit: 'pushes/s',
      note: `${failures} failed`,
    },
    { what: 'pushes accepted, p99', values: results.map(({ p99Ms }) => p99Ms), unit: 'ms' },
  ]
}

async function measurePushes(connections: number): Promise<LoadResult> {
  const subject = await startPosthouse()
  await liftLimits(subject)
  const registered = await registerDevices(subject, devices)
  const requests = registered.map(({ clientId }) => ({
    method: 'POST',
    path: '/v3/push',
    headers: { Authorization: basicOf(subject), 'Content-Type': 'application/json' },
    body: JSON.stringify({
      platform: 'all',
      audience: { registration_id: [clientId] },
      notification: { alert: 'Your parcel is on its way', android: { extras: { order: 4711 } } },
    }),
  }))
  await untilQuiet()
  const result = await runLoad({
    port: subject.port,
    connections,
    seconds,
    warmUpSeconds: 2,
    rate: 0,
    requests,
  })
  await subject.stop()
  return result
}

export async function liftLimits({ admin, runtime }: PosthouseSubject): Promise<void> {
  const { org, app } = runtime.apps[0]!
  await admin('PATCH', `/apps/${org}/${app}`, noLimit)
}

export function basicOf({ runtime }: PosthouseSubject): string {
  const { app_key, master_secret } = runtime.apps[0]!
  return `Basic ${btoa(`${app_key}:${master_secret}`)}`
}
