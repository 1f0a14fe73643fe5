// `posthouse core`: looks at the core, or brings it into a state; the real causes of 502, 504 and 503.
import { callAdmin } from './admin-client.ts'
import { type Command, exitCodes, onlyArgument, UsageError } from './command.ts'
import { dataDirOf } from './data-dir.ts'

const states: Readonly<Record<string, string>> = {
  run: 'running',
  stop: 'stopped',
  freeze: 'frozen',
  drain: 'draining',
}

export const coreCommand: Command = {
  summary: 'look at the core, or stop, freeze, drain and run it',
  usage: `posthouse core state     is it there?
posthouse core stop      callers get 502, as when it has died
posthouse core freeze    callers get 504 after the gateway's deadline, as when it hangs
posthouse core drain     callers get 503, as before a shutdown
posthouse core run       serve again`,
  run: async argv => {
    const action = onlyArgument(argv, 'action: state, stop, freeze, drain or run')
    if (action !== 'state' && !Object.hasOwn(states, action)) throw new UsageError(`"${action}" is no action`)
    const dataDir = dataDirOf(process.env)
    const { body } =
      action === 'state'
        ? await callAdmin(dataDir, 'GET', '/core')
        : await callAdmin(dataDir, 'PUT', '/core', { state: states[action] })
    console.log(
      `the core is ${body.state}${body.state === 'running' && body.ready !== true ? ', but away' : ''}`,
    )
    return exitCodes.done
  },
}
