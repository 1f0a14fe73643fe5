import { isAbsolute } from 'node:path'
import type { ServiceOperations } from '../contract/operations/service.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Call } from './call.ts'
import { type Handlers, reads } from './handler.ts'

export const serviceHandlers: Handlers<keyof ServiceOperations> = {
  'service.ping': reads(async call => ({ at: call.now })),

  'service.backup': {
    in: 'read',
    prepare: (call, { file }) => backUp(call, file),
    run: async (_call, { file }, _sql, bytes: number | undefined) =>
      bytes === undefined ? { file } : { file, bytes },
  },
}

/** @throws Refusal `request_invalid` with the reason in the operator's words */
async function backUp({ world }: Call, file: string): Promise<number | undefined> {
  if (!isAbsolute(file)) throw new Refusal('request_invalid', { reason: 'file is not an absolute path' })
  try {
    return await world.db.backup(file, world.config.core.backupWaitMs)
  } catch (error) {
    throw new Refusal('request_invalid', { reason: `The backup failed: ${(error as Error).message}` })
  }
}
