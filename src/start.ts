// `posthouse start`: runs the server until it is told to stop.
import { type RunningApp, startApp } from './app.ts'
import { CommandError, exitCodes, UsageError } from './cli/command.ts'
import { type Config, readConfig } from './config.ts'
import { FolderInUse } from './store/folder-lock.ts'
import { welcome } from './welcome.ts'

export async function runStart(argv: readonly string[]): Promise<number> {
  if (argv.length > 0) throw new UsageError('start takes no arguments')
  // Whatever this process writes holds credentials or messages: its owner's alone.
  process.umask(0o077)
  const app = await start(readConfig(process.env))
  // Before anybody hears that it runs: whoever does may stop it at once.
  const stopped = toldToStop()
  console.log(welcome(app.runtime, app.isFirstStart))
  await stopped
  await app.close()
  return exitCodes.done
}

/** A second signal does not wait. */
function toldToStop(): Promise<void> {
  return new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        process.once(signal, () => process.exit(1))
        resolve()
      })
  })
}

async function start(config: Config): Promise<RunningApp> {
  try {
    return await startApp(config)
  } catch (error) {
    if (error instanceof FolderInUse) throw new CommandError(error.message, exitCodes.server, error)
    const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number }
    const listening = `cannot listen on ${address} port ${port}`
    if (code === 'EADDRINUSE')
      throw new CommandError(
        `${listening}: another program does. Set POSTHOUSE_PORT and POSTHOUSE_MQTT_PORT to free ports`,
      )
    if (code === 'EACCES' && port) throw new CommandError(`${listening}: not allowed; take a port above 1023`)
    throw error
  }
}
