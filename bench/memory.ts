// Resident memory per idle device connection, after a garbage collection before and after.
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type PosthouseSubject, startPosthouse } from './processes.ts'
import { liftLimits } from './pushes.ts'
import type { Figure } from './report.ts'
import { DeviceSwarm, registerDevices } from './swarm.ts'

const connections = 10_000
const rounds = 3
const settleMs = 3_000

export async function memory(): Promise<Figure[]> {
  const values: number[] = []
  for (let round = 0; round < rounds; round++) values.push(await measure())
  return [
    {
      what: `resident memory per idle device connection, ${connections.toLocaleString('en')} connections`,
      values,
      unit: 'KB',
      note: 'plain TCP, growth from none to all',
    },
  ]
}

async function measure(): Promise<number> {
  const subject = await startPosthouse({}, { isMemoryMeasured: true })
  await liftLimits(subject)
  const devices = await registerDevices(subject, connections)
  const before = await settledKb(subject)
  const swarm = await DeviceSwarm.connect({ port: subject.mqttPort, devices, opening: 100 })
  const after = await settledKb(subject)
  swarm.close()
  await subject.stop()
  return (after - before) / connections
}

/** Resident memory after a garbage collection. */
export async function settledKb(subject: PosthouseSubject): Promise<number> {
  for (let times = 0; times < 2; times++) {
    await collectGarbage(subject.inspector!)
    await sleep(settleMs / 2)
  }
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${subject.pid}/status`, 'utf8'))![1])
}

async function collectGarbage(inspector: string): Promise<void> {
  const socket = new WebSocket(inspector)
  await new Promise(resolve => socket.addEventListener('open', resolve, { once: true }))
  const done = new Promise(resolve => socket.addEventListener('message', resolve, { once: true }))
  socket.send(JSON.stringify({ id: 1, method: 'HeapProfiler.collectGarbage' }))
  await done
  socket.close()
}
