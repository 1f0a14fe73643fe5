import type { GroupOperations } from '../contract/operations/groups.ts'
import type { Handlers } from './handler.ts'

export const groupHandlers: Handlers<keyof GroupOperations> = {}
