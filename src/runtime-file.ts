// runtime.json in the data folder: how the command line, and tests, find a running server.
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AppCredentials } from './contract/operations/apps.ts'

export interface Runtime {
  readonly pid: number
  readonly http: string
  readonly mqtt: string
  readonly admin_token: string
  readonly apps: readonly Pick<
    AppCredentials,
    'org' | 'app' | 'client_id' | 'client_secret' | 'app_key' | 'master_secret'
  >[]
}

export function makeDataDir(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
}

/** The operator's token; made on the first start, kept in a file only its owner can read. */
export function keepAdminToken(dataDir: string): string {
  const file = join(dataDir, 'admin-token')
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  const token = randomBytes(24).toString('base64url')
  writeFileSync(file, `${token}\n`, { mode: 0o600 })
  return token
}

/** Appears whole or not at all: a reader never sees half of it. */
export function writeRuntime(dataDir: string, runtime: Runtime): void {
  const file = runtimeFile(dataDir)
  writeFileSync(`${file}.new`, `${JSON.stringify(runtime, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/** @throws Error in words for the operator when no server runs on this data folder */
export function readRuntime(dataDir: string): Runtime {
  const file = runtimeFile(dataDir)
  if (!existsSync(file))
    throw new Error(`no server runs on ${dataDir} (there is no ${file}); start one with npm start`)
  return JSON.parse(readFileSync(file, 'utf8')) as Runtime
}

export function removeRuntime(dataDir: string): void {
  rmSync(runtimeFile(dataDir), { force: true })
}

function runtimeFile(dataDir: string): string {
  return join(dataDir, 'runtime.json')
}
