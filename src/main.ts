#!/usr/bin/env node
// The command line. Each command is a line here and a file of its own when it needs more.
import { startApp } from './app.ts'
import { readConfig } from './config.ts'
import { welcome } from './welcome.ts'

const usage = `Usage: posthouse <command>

  start                           run the server
  explain <code, name or body>    what a failure means and what to do  [--dialect jpush|easemob] [--lang en|zh]
`

const commands: Readonly<Record<string, (argv: string[]) => number | Promise<number>>> = {
  start,
  explain: async argv => (await import('./explain.ts')).runExplain(argv),
}

const [name = '', ...argv] = process.argv.slice(2)
const command = Object.hasOwn(commands, name) ? commands[name] : undefined
if (!command) {
  console.error(usage)
  process.exitCode = 2
} else {
  try {
    process.exitCode = await command(argv)
  } catch (error) {
    console.error(`posthouse ${name}: ${(error as Error).message}`)
    process.exitCode = 1
  }
}

/** Runs until it is told to stop. A second signal does not wait. */
async function start(): Promise<number> {
  const app = await startApp(readConfig(process.env))
  console.log(welcome(app.runtime, app.isFirstStart))
  await new Promise<void>(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(1))
        resolve()
      })
    }
  })
  await app.close()
  return 0
}
