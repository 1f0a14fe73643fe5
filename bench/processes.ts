// Starts what a benchmark measures, and what it measures with, as processes of their own.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Runtime } from '../src/runtime-file.ts'
import type { Load, LoadResult } from './http-load.ts'

const here = import.meta.dirname
const startMsMax = 15_000

export interface Subject {
  readonly pid: number
  stop(): Promise<void>
}

export interface PosthouseSubject extends Subject {
  readonly runtime: Runtime
  readonly port: number
  readonly mqttPort: number
  /** Where the inspector listens, to be asked to collect garbage; undefined where nobody said that memory is measured. */
  readonly inspector: string | undefined
  admin(method: string, path: string, body: object): Promise<any>
}

export async function startPosthouse(
  env: Record<string, string> = {},
  { isMemoryMeasured = false } = {},
): Promise<PosthouseSubject> {
  // A folder that is given is the caller's.
  const dataDir = env.POSTHOUSE_DATA ?? mkdtempSync(join(tmpdir(), 'posthouse-bench-'))
  const flags = isMemoryMeasured ? ['--inspect=127.0.0.1:0'] : []
  const child = spawn(process.execPath, [...flags, join(here, '../src/main.ts'), 'start'], {
    env: {
      ...process.env,
      POSTHOUSE_PORT: '0',
      POSTHOUSE_MQTT_PORT: '0',
      POSTHOUSE_LOG_LEVEL: 'error',
      POSTHOUSE_DATA: dataDir,
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const inspector = isMemoryMeasured ? /ws:\/\/\S+/.exec(await firstLine(child.stderr!))![0] : undefined
  child.stderr!.resume()
  const file = join(dataDir, 'runtime.json')
  for (let waited = 0; !existsSync(file); waited += 20) {
    if (waited > startMsMax || child.exitCode !== null) throw new Error('the server did not start')
    await sleep(20)
  }
  const runtime = JSON.parse(readFileSync(file, 'utf8')) as Runtime
  return {
    pid: child.pid!,
    runtime,
    inspector,
    port: Number(new URL(runtime.http).port),
    mqttPort: Number(new URL(runtime.mqtt).port),
    admin: async (method, path, body) => {
      const response = await fetch(`${runtime.http}/admin/v1${path}`, {
        method,
        headers: { Authorization: `Bearer ${runtime.admin_token}` },
        body: JSON.stringify(body),
      })
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
      return response.json()
    },
    stop: async () => {
      await end(child)
      if (env.POSTHOUSE_DATA === undefined) rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

export async function startEcho(): Promise<Subject & { readonly port: number }> {
  const child = spawn(process.execPath, [join(here, 'echo-server.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = Number(await firstLine(child.stdout!))
  return { pid: child.pid!, port, stop: () => end(child) }
}

export async function runLoad(load: Load): Promise<LoadResult> {
  const child = spawn(process.execPath, [join(here, 'http-load.ts')], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify(load))
  const stdout = await text(child.stdout)
  return JSON.parse(stdout) as LoadResult
}

export async function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stream })) return line
  throw new Error('the process ended without a line')
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  await gone
}
