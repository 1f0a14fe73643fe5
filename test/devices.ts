// Devices for tests that push to them.

import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { basic, send } from './http-client.ts'
import type { TestApp } from './start-app.ts'

interface Registration {
  readonly platform?: string
  readonly alias?: string
  readonly tags?: readonly string[]
}

/** Registers a device as its own SDK would. @returns its registration id */
export async function register(
  { http }: TestApp,
  { app_key }: { readonly app_key: string },
  { platform = 'android', ...rest }: Registration = {},
): Promise<string> {
  const { status, text, json } = await send(`${http}/device/v1/registrations`, {
    headers: { Authorization: basic(app_key, '') },
    body: { platform, ...rest },
  })
  if (status !== 200) throw new Error(`the registration was refused: ${status} ${text}`)
  return json.registration_id
}

/** Makes the server believe that `ms` more have passed since something happened: no test waits for days. */
export function age({ dataDir }: TestApp, table: 'devices' | 'pushes', key: string, ms: number): void {
  const database = new DatabaseSync(join(dataDir, 'posthouse.db'), { timeout: 5_000 })
  const changed =
    table === 'devices'
      ? database
          .prepare(
            `UPDATE devices SET created_at = created_at - ?, last_online_at = last_online_at - ?
             WHERE registration_id = ?`,
          )
          .run(ms, ms, key)
      : database
          .prepare('UPDATE pushes SET created_at = created_at - ? WHERE msg_id = ?')
          .run(ms, Number(key))
  database.close()
  if (changed.changes !== 1) throw new Error(`there is no ${key} in ${table}`)
}
