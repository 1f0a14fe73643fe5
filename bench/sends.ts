// Durable single-chat sends through the Easemob REST API, beside a bare node:http JSON echo given the same requests.
import type { LoadResult } from './http-load.ts'
import { type PosthouseSubject, runLoad, startEcho, startPosthouse } from './processes.ts'
import { median, untilQuiet } from './quiet.ts'
import type { Figure } from './report.ts'

const rounds = 3
const seconds = 4
const receivers = 1_000

export async function sends(): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const connections of [64, 256]) {
    const echo: LoadResult[] = []
    const ours: LoadResult[] = []
    for (let round = 0; round < rounds; round++) {
      echo.push(await measureEcho(connections))
      ours.push(await measureSends(connections))
    }
    const rate = (results: readonly LoadResult[]) => results.map(({ perSecond }) => perSecond)
    const ratio = median(rate(ours)) / median(rate(echo))
    const failures = ours.reduce((sum, result) => sum + result.failures, 0)
    figures.push(
      { what: `echo, ${connections} connections`, values: rate(echo), unit: 'requests/s' },
      {
        what: `durable sends, ${connections} connections`,
        values: rate(ours),
        unit: 'sends/s',
        note: `${ratio.toFixed(2)} of the echo, ${failures} failed`,
      },
      {
        what: `durable sends, ${connections} connections, p50`,
        values: ours.map(({ p50Ms }) => p50Ms),
        unit: 'ms',
      },
      {
        what: `durable sends, ${connections} connections, p99`,
        values: ours.map(({ p99Ms }) => p99Ms),
        unit: 'ms',
      },
    )
  }
  return figures
}

export async function measureSends(connections: number, perSecond = 0): Promise<LoadResult> {
  const subject = await startPosthouse()
  const requests = await sendRequests(subject)
  await untilQuiet()
  const result = await runLoad({
    port: subject.port,
    connections,
    seconds,
    warmUpSeconds: 2,
    rate: perSecond,
    requests,
  })
  await subject.stop()
  return result
}

async function measureEcho(connections: number): Promise<LoadResult> {
  const subject = await startEcho()
  await untilQuiet()
  const requests = [
    { method: 'POST', path: '/demo/chat/messages/users', headers: {}, body: messageTo('user1') },
  ]
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

export async function sendRequests({ runtime }: PosthouseSubject) {
  const { org, app, client_id, client_secret } = runtime.apps[0]!
  const base = `${runtime.http}/${org}/${app}`
  const post = async (path: string, body: unknown, token?: string): Promise<any> => {
    const headers: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` }
    const response = await fetch(base + path, { method: 'POST', headers, body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return response.json()
  }
  const { access_token } = await post('/token', {
    grant_type: 'client_credentials',
    client_id,
    client_secret,
  })
  const names = Array.from({ length: receivers }, (_, index) => `user${index}`)
  const batch = 50
  for (let start = 0; start < receivers; start += batch)
    await post(
      '/users',
      names.slice(start, start + batch).map(username => ({ username, password: 'x' })),
      access_token,
    )
  return names.map(name => ({
    method: 'POST',
    path: `/${org}/${app}/messages/users`,
    headers: { Authorization: `Bearer ${access_token}` },
    body: messageTo(name),
  }))
}

function messageTo(name: string): string {
  const text = 'The parcel left the post house at dawn and will be with you before the evening bell rings.'
  return JSON.stringify({
    from: 'admin',
    to: [name],
    type: 'txt',
    body: { msg: text },
    ext: { order: 'A-1042' },
  })
}
