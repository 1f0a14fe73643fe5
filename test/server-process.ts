// A server in a process of its own: to read its log, to kill it, to give it less than it needs.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Runtime } from '../src/runtime-file.ts'

interface Scope {
  after(fn: () => Promise<void> | void): void
}

export interface ProcessOptions {
  /** Absent = a new folder, removed with the scope. */
  readonly dataDir?: string
  readonly env?: Readonly<Record<string, string>>
  /** The user it runs as. */
  readonly uid?: number
}

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

const main = join(import.meta.dirname, '..', 'src', 'main.ts')

export class ServerProcess {
  readonly #child: ChildProcess
  readonly dataDir: string
  readonly exited: Promise<Exit>
  /** Standard output and error. */
  output = ''

  private constructor(child: ChildProcess, dataDir: string) {
    this.#child = child
    this.dataDir = dataDir
    this.exited = new Promise(resolve => child.once('close', (code, signal) => resolve({ code, signal })))
    for (const stream of [child.stdout!, child.stderr!])
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.output += text
      })
  }

  /** @throws Error with all it said when it ends before it is ready */
  static async start(scope: Scope, options: ProcessOptions = {}): Promise<ServerProcess> {
    const server = ServerProcess.launch(scope, options)
    const ready = new Promise<'ready'>(resolve => {
      server.#child.stdout!.on('data', () => {
        if (server.output.includes('Posthouse is ready')) resolve('ready')
      })
    })
    if ((await Promise.race([ready, server.exited])) !== 'ready')
      throw new Error(`the server ended before it was ready:\n${server.output}`)
    return server
  }

  /** Does not wait for it to be ready. */
  static launch(scope: Scope, { dataDir, env, uid }: ProcessOptions = {}): ServerProcess {
    const folder = dataDir ?? mkdtempSync(join(tmpdir(), 'posthouse-process-'))
    const child = spawn(process.execPath, [main, 'start'], {
      env: {
        ...process.env,
        POSTHOUSE_PORT: '0',
        POSTHOUSE_MQTT_PORT: '0',
        POSTHOUSE_SCRYPT_COST: '1024',
        ...env,
        POSTHOUSE_DATA: folder,
      },
      ...(uid !== undefined && { uid, gid: uid }),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const server = new ServerProcess(child, folder)
    scope.after(async () => {
      child.kill('SIGKILL')
      await server.exited
      if (!dataDir) rmSync(folder, { recursive: true, force: true })
    })
    return server
  }

  get pid(): number {
    return this.#child.pid!
  }

  get runtime(): Runtime {
    return JSON.parse(readFileSync(join(this.dataDir, 'runtime.json'), 'utf8')) as Runtime
  }

  /** The lines of the log, oldest first. */
  log(): Record<string, any>[] {
    return this.output
      .split('\n')
      .filter(line => line.startsWith('{'))
      .map(line => JSON.parse(line))
  }

  /** What a call comes to; undefined when the server was killed meanwhile. @throws whatever fails before that */
  async unlessKilled<T>(call: Promise<T>): Promise<T | undefined> {
    try {
      return await call
    } catch (error) {
      if (!this.#child.killed) throw error
      return undefined
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }
}
