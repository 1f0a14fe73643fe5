// Devices for tests that push to them.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { TestContext } from 'node:test'
import { basic, send } from './http-client.ts'
import { MqttDevice } from './mqtt-device.ts'
import type { TestApp } from './start-app.ts'
import { until } from './until.ts'

interface Registration {
  readonly platform?: string
  readonly alias?: string
  readonly tags?: readonly string[]
  readonly channels?: object
}

/** Registers a device as its own SDK would. @returns its registration id */
export async function register(
  app: TestApp,
  credentials: { readonly app_key: string },
  registration?: Registration,
): Promise<string> {
  return (await makeDevice(app, credentials, registration)).rid
}

/** As `register`, with the password that the device connects with. */
export async function makeDevice(
  { http }: Pick<TestApp, 'http'>,
  { app_key }: { readonly app_key: string },
  { platform = 'android', ...rest }: Registration = {},
): Promise<{ rid: string; password: string }> {
  const { status, text, json } = await send(`${http}/device/v1/registrations`, {
    headers: { Authorization: basic(app_key, '') },
    body: { platform, ...rest },
  })
  if (status !== 200) throw new Error(`the registration was refused: ${status} ${text}`)
  return { rid: json.registration_id, password: json.password }
}

/** A device that is connected and acknowledges what it gets. */
export async function connectDevice(
  t: TestContext,
  app: TestApp,
  credentials: { readonly app_key: string },
  registration?: Registration,
): Promise<MqttDevice> {
  const access = await makeDevice(app, credentials, registration)
  return MqttDevice.connect(t, app, access, { appKey: credentials.app_key })
}

/** Asks until the answer is as wanted: what a device acknowledges is counted a moment later. */
export async function eventually<Value>(
  ask: () => Promise<Value>,
  isWanted: (value: Value) => boolean,
): Promise<Value> {
  let last: Value | undefined
  const found = until(async () => {
    last = await ask()
    return isWanted(last) && { value: last }
  })
  return (await found.catch(error => assert.fail(`${error.message}: ${JSON.stringify(last)}`))).value
}

/** What moves back in time with each kind of thing, and what it is found by. */
const aged = {
  devices: [['created_at', 'last_online_at'], 'registration_id'],
  pushes: [['created_at'], 'msg_id'],
  images: [['expires_at'], 'media_id'],
} as const

/** Makes the server believe that `ms` more have passed since something happened: no test waits for days. */
export function age({ dataDir }: TestApp, table: keyof typeof aged, key: string, ms: number): void {
  const database = new DatabaseSync(join(dataDir, 'posthouse.db'), { timeout: 5_000 })
  const [columns, found] = aged[table]
  const changes = columns.map(column => `${column} = ${column} - ${ms}`).join(', ')
  const value = table === 'pushes' ? Number(key) : key
  const changed = database.prepare(`UPDATE ${table} SET ${changes} WHERE ${found} = ?`).run(value)
  database.close()
  if (changed.changes !== 1) throw new Error(`there is no ${key} in ${table}`)
}
