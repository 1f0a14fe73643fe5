import { stat } from 'node:fs/promises'
import type { ServiceOperations } from '../contract/operations/service.ts'
import { type Handlers, reads } from './handler.ts'

export const serviceHandlers: Handlers<keyof ServiceOperations> = {
  'service.ping': reads(async call => ({ at: call.now })),

  'service.backup': {
    in: 'read',
    prepare: async (call, { file }) => {
      await call.world.db.backup(file)
      return (await stat(file)).size
    },
    run: async (_call, _args, _sql, bytes: number) => ({ bytes }),
  },
}
