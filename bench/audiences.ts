// A million registered devices with tags and aliases: how long it takes to know whom a push is for, how long a push to
// all of them takes to be answered, and what that does to everybody else.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type PosthouseSubject, runLoad, startPosthouse } from './processes.ts'
import { basicOf, liftLimits } from './pushes.ts'
import { median, untilQuiet } from './quiet.ts'
import type { Figure } from './report.ts'

const devices = 1_000_000
const asked = 200
const rounds = 3
const seconds = 4

/** Every device has `each`, every second `even` or `odd`, and so on. */
const tags: Readonly<Record<string, (id: number) => boolean>> = {
  each: () => true,
  even: id => id % 2 === 0,
  odd: id => id % 2 === 1,
  third: id => id % 3 === 0,
  tenth: id => id % 10 === 0,
}

const meant = {
  'tag_and of three (5 in 30 match)': { tag_and: ['even', 'third', 'each'] },
  'tag_and of three, the smallest a tenth': { tag_and: ['even', 'third', 'tenth'] },
  'tag_and of three that nobody has together': { tag_and: ['even', 'odd', 'third'] },
  'tag, without a tag_not': { tag: ['even', 'third'], tag_not: ['odd'] },
  'an alias': { alias: ['user500000'] },
  everybody: 'all',
} as const

export async function audiences(): Promise<Figure[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'posthouse-million-'))
  try {
    const first = await startPosthouse({ POSTHOUSE_DATA: dataDir })
    const { org, app } = first.runtime.apps[0]!
    await liftLimits(first)
    await first.stop()
    fill(join(dataDir, 'posthouse.db'), org, app)
    const subject = await startPosthouse({ POSTHOUSE_DATA: dataDir })
    const figures = [...(await measureResolution(subject)), ...(await measureOthers(subject))]
    await subject.stop()
    return figures
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** Registrations over HTTP would take longer than everything else together. */
function fill(file: string, org: string, app: string): void {
  const database = new DatabaseSync(file)
  const { app_id } = database.prepare('SELECT app_id FROM apps WHERE org = ? AND app = ?').get(org, app)!
  const now = Date.now()
  const device = database.prepare(
    `INSERT INTO devices (device_id, app_id, registration_id, password_digest, platform, alias, mobile, channels,
       session, last_online_at, offline_from, broadcast_cursor, kept_broadcasts, created_at)
     VALUES (?, ?, ?, '', ?, ?, '', '{}', NULL, ?, 0, 0, '[]', ?)`,
  )
  const tag = database.prepare('INSERT INTO device_tags (app_id, tag, device_id) VALUES (?, ?, ?)')
  const platforms = ['android', 'ios'] as const
  database.exec('BEGIN')
  for (let id = 1; id <= devices; id++) {
    const platform = platforms[id % 2]!
    device.run(id, app_id!, id.toString(16).padStart(19, '0'), platform, `user${id}`, now, now)
  }
  for (const [name, has] of Object.entries(tags))
    for (let id = 1; id <= devices; id++) if (has(id)) tag.run(app_id!, name, id)
  for (const platform of platforms)
    database
      .prepare('INSERT INTO device_counts (app_id, platform, devices) VALUES (?, ?, ?)')
      .run(app_id!, platform, devices / 2)
  database.prepare("INSERT INTO sequences (name, value) VALUES ('devices', ?)").run(devices)
  database.exec('COMMIT')
  database.close()
}

function pushTo(audience: unknown): string {
  return JSON.stringify({ platform: 'all', audience, notification: { alert: 'The parcel is on its way' } })
}

async function measureResolution(subject: PosthouseSubject): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const [what, audience] of Object.entries(meant)) {
    await untilQuiet()
    const cpuBefore = cpuMsOf(subject.pid)
    const times = await timesOf(subject, '/v3/push/validate', pushTo(audience), asked)
    const cpuMs = (cpuMsOf(subject.pid) - cpuBefore) / asked
    figures.push({
      what: `${devices.toLocaleString('en')} devices, who is meant: ${what}, p50`,
      values: [percentile(times, 0.5)],
      unit: 'ms',
      note: [
        `p99 ${percentile(times, 0.99).toFixed(1)} ms, of ${asked}`,
        `the first ${times[0]!.toFixed(1)} ms`,
        `${cpuMs.toFixed(1)} ms of the server's processor time each`,
      ].join('; '),
    })
  }
  return figures
}

async function measureOthers(subject: PosthouseSubject): Promise<Figure[]> {
  const alone: number[] = []
  const beside: number[] = []
  const answers: number[] = []
  const grown: number[] = []
  for (let round = 0; round < rounds; round++) {
    await untilQuiet()
    alone.push(await acceptanceOf(subject))
    await untilQuiet()
    const before = residentMb(subject.pid)
    answers.push(...(await timesOf(subject, '/v3/push', pushTo({ tag: ['each'] }), 1)))
    beside.push(await acceptanceOf(subject))
    grown.push(residentMb(subject.pid) - before)
    // Until the push is with every device, nothing else is quiet.
    await untilQuiet()
  }
  const ratio = median(beside) / median(alone)
  const million = devices.toLocaleString('en')
  return [
    { what: `a push to ${million} devices by a tag, until its answer`, values: answers, unit: 'ms' },
    { what: 'other pushes accepted, 64 connections', values: alone, unit: 'pushes/s' },
    {
      what: `other pushes accepted while one is written down for ${million} devices`,
      values: beside,
      unit: 'pushes/s',
      note: `${ratio.toFixed(2)} of the rate before`,
    },
    { what: 'resident memory, more than before', values: grown, unit: 'MB' },
  ]
}

async function acceptanceOf(subject: PosthouseSubject): Promise<number> {
  const requests = Array.from({ length: 1_000 }, (_, index) => ({
    method: 'POST',
    path: '/v3/push',
    headers: { Authorization: basicOf(subject), 'Content-Type': 'application/json' },
    body: pushTo({ registration_id: [(index * 997 + 1).toString(16).padStart(19, '0')] }),
  }))
  const load = { port: subject.port, connections: 64, seconds, warmUpSeconds: 1, rate: 0, requests }
  return (await runLoad(load)).perSecond
}

async function timesOf(
  subject: PosthouseSubject,
  path: string,
  body: string,
  count: number,
): Promise<number[]> {
  const headers = { Authorization: basicOf(subject), 'Content-Type': 'application/json' }
  const times: number[] = []
  for (let index = 0; index < count; index++) {
    const startedAt = performance.now()
    const response = await fetch(`${subject.runtime.http}${path}`, { method: 'POST', headers, body })
    await response.text()
    times.push(performance.now() - startedAt)
  }
  return times
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
}

/** Of all its threads, in steps of 10 ms. */
function cpuMsOf(pid: number): number {
  const [, after] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
  const fields = after!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

function residentMb(pid: number): number {
  const [, kb] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!
  return Number(kb) / 1_024
}
