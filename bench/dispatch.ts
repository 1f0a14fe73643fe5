// How many pushes a second go to a vendor, over HTTP/2, each attempt written down before and after.
import { fork } from 'node:child_process'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { type PosthouseSubject, startPosthouse } from './processes.ts'
import { basicOf, liftLimits } from './pushes.ts'
import { untilQuiet } from './quiet.ts'
import type { Figure } from './report.ts'

const devices = 20_000
const rounds = 3

export async function dispatch(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-dispatch-'))
  const vendor = fork(join(import.meta.dirname, 'vendor-server.ts'))
  try {
    const [{ url, cert }] = (await once(vendor, 'message')) as [{ url: string; cert: string }]
    const caFile = join(folder, 'ca.pem')
    writeFileSync(caFile, cert)
    const env = { POSTHOUSE_DATA: join(folder, 'data'), POSTHOUSE_VENDOR_CA_FILE: caFile }
    const first = await startPosthouse(env)
    await liftLimits(first)
    await giveCredentials(first, url)
    const { org, app } = first.runtime.apps[0]!
    await first.stop()
    fill(join(folder, 'data', 'posthouse.db'), org, app)
    const subject = await startPosthouse(env)
    const rates: number[] = []
    for (let round = 0; round < rounds; round++) {
      await untilQuiet()
      rates.push(await measure(subject))
    }
    await subject.stop()
    vendor.send('count')
    const [{ connections }] = (await once(vendor, 'message')) as [{ connections: number }]
    return [
      {
        what: 'pushes given to a vendor and taken by it',
        values: rates,
        unit: 'pushes/s',
        note: `${connections} connection${connections === 1 ? '' : 's'}, one push to ${devices.toLocaleString('en')} devices`,
      },
    ]
  } finally {
    vendor.disconnect()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function giveCredentials({ admin, runtime }: PosthouseSubject, base_url: string): Promise<void> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' })
  const { org, app } = runtime.apps[0]!
  const apns = { team_id: 'TEAM123456', key_id: 'KEY1234567', topic: 'com.acme.chat', key, base_url }
  await admin('PATCH', `/apps/${org}/${app}`, { channels: { apns } })
}

function fill(file: string, org: string, app: string): void {
  const database = new DatabaseSync(file)
  const { app_id } = database.prepare('SELECT app_id FROM apps WHERE org = ? AND app = ?').get(org, app)!
  const insert = database.prepare(
    `INSERT INTO devices (device_id, app_id, registration_id, password_digest, platform, alias, mobile, channels,
       session, last_online_at, offline_from, broadcast_cursor, kept_broadcasts, created_at)
     VALUES (?, ?, ?, '', 'ios', '', '', ?, NULL, ?, 0, 0, '[]', ?)`,
  )
  const now = Date.now()
  database.exec('BEGIN')
  for (let id = 1; id <= devices; id++) {
    const channels = JSON.stringify({ apns: { token: randomBytes(32).toString('hex') } })
    insert.run(id, app_id!, id.toString(16).padStart(19, '0'), channels, now, now)
  }
  database.exec('COMMIT')
  database.close()
}

async function measure(subject: PosthouseSubject): Promise<number> {
  const startedAt = performance.now()
  const response = await fetch(`${subject.runtime.http}/v3/push`, {
    method: 'POST',
    headers: { Authorization: basicOf(subject), 'Content-Type': 'application/json' },
    body: JSON.stringify({ platform: 'all', audience: 'all', notification: { alert: 'The parcel is here' } }),
  })
  const { msg_id } = (await response.json()) as { msg_id: string }
  const path = `${subject.runtime.http}/admin/v1/messages/${msg_id}/trail?limit=1`
  const headers = { Authorization: `Bearer ${subject.runtime.admin_token}` }
  for (;;) {
    await sleep(50)
    const trail = (await (await fetch(path, { headers })).json()) as {
      channels: { state: string; count: number }[]
    }
    const accepted = trail.channels.find(({ state }) => state === 'accepted')?.count ?? 0
    if (accepted === devices) return devices / ((performance.now() - startedAt) / 1_000)
  }
}
