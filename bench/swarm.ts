import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { FromSwarm, Swarm, SwarmDevice, ToSwarm } from './device-swarm.ts'
import type { PosthouseSubject } from './processes.ts'

export type Received = Extract<FromSwarm, { received: number }>

const receiveMsMax = 120_000

/** Connected devices, ready to count. */
export class DeviceSwarm {
  readonly #child: ChildProcess

  private constructor(child: ChildProcess) {
    this.#child = child
  }

  static async connect(swarm: Swarm): Promise<DeviceSwarm> {
    const connected = new DeviceSwarm(fork(join(import.meta.dirname, 'device-swarm.ts')))
    const ready = connected.#next()
    connected.#tell({ swarm })
    await ready
    return connected
  }

  /** Counts from now on. @returns what came, once `count` deliveries are in */
  expect(count: number): Promise<Received> {
    const received = this.#next()
    this.#tell({ expect: count })
    return received as Promise<Received>
  }

  /** As `expect`, and tells of every `step` deliveries. */
  async expectSteps(count: number, step: number, onSteps: (steps: number) => void): Promise<Received> {
    this.#tell({ expect: count, every: step })
    for (;;) {
      const message = await this.#next()
      if ('received' in message) return message
      if ('steps' in message) onSteps(message.steps)
    }
  }

  get pid(): number {
    return this.#child.pid!
  }

  close(): void {
    this.#child.disconnect()
  }

  #tell(message: ToSwarm): void {
    this.#child.send(message)
  }

  async #next(): Promise<FromSwarm> {
    const [message] = await once(this.#child, 'message', { signal: AbortSignal.timeout(receiveMsMax) })
    return message as FromSwarm
  }
}

/** Registers `count` devices over HTTP. */
export async function registerDevices({ runtime }: PosthouseSubject, count: number): Promise<SwarmDevice[]> {
  const appKey = runtime.apps[0]!.app_key
  const headers = { Authorization: `Basic ${btoa(`${appKey}:`)}` }
  const register = async (): Promise<SwarmDevice> => {
    const response = await fetch(`${runtime.http}/device/v1/registrations`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ platform: 'android' }),
    })
    if (!response.ok) throw new Error(`registration failed: ${response.status} ${await response.text()}`)
    const { registration_id, password } = (await response.json()) as {
      registration_id: string
      password: string
    }
    return {
      clientId: registration_id,
      username: appKey,
      password,
      topic: `devices/${registration_id}/push`,
    }
  }
  const devices: SwarmDevice[] = []
  const lanes = 32
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      for (let index = lane; index < count; index += lanes) devices.push(await register())
    }),
  )
  return devices
}
