// `posthouse backup`: a copy of the database while the server runs.
import { resolve } from 'node:path'
import { callAdmin } from './admin-client.ts'
import { type Command, exitCodes, onlyArgument } from './command.ts'
import { dataDirOf } from './data-dir.ts'

export const backupCommand: Command = {
  summary: 'write a copy of the database while the server runs',
  usage: 'posthouse backup FILE     FILE must not exist yet; it is written by the server, on its machine',
  run: async argv => {
    const file = resolve(onlyArgument(argv, 'FILE'))
    const bytes = await finished(dataDirOf(process.env), file)
    console.log(`${file}: ${bytes} bytes`)
    return exitCodes.done
  },
}

/** The server answers 202 after a while when the copy is not done yet; asking again joins it. */
async function finished(dataDir: string, file: string): Promise<unknown> {
  for (;;) {
    const { status, body } = await callAdmin(dataDir, 'POST', '/backups', { file })
    if (status === 200) return body.bytes
  }
}
