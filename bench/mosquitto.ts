// The reference for fan-out: Mosquitto with the settings of limits that matter, persistence off, as a process of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { end, type Subject } from './processes.ts'

const programs = ['/usr/sbin/mosquitto', '/usr/bin/mosquitto', '/usr/local/sbin/mosquitto']

export interface MosquittoSubject extends Subject {
  readonly port: number
}

/** Undefined where Mosquitto is not installed. */
export async function startMosquitto(): Promise<MosquittoSubject | undefined> {
  const program = programs.find(path => existsSync(path))
  if (!program) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'mosquitto-bench-'))
  const port = await freePort()
  const config = join(folder, 'mosquitto.conf')
  const lines = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    'persistence false',
    'max_queued_messages 0',
  ]
  writeFileSync(config, [...lines, 'set_tcp_nodelay true', 'log_type error', 'user root', ''].join('\n'))
  const child: ChildProcess = spawn(program, ['-c', config], { stdio: 'ignore' })
  while (!(await isOpen(port))) await sleep(20)
  return {
    pid: child.pid!,
    port,
    stop: async () => {
      await end(child)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

function isOpen(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}
