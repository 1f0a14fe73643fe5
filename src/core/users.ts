import type { UserOperations } from '../contract/operations/users.ts'
import type { Handlers } from './handler.ts'

export const userHandlers: Handlers<keyof UserOperations> = {}
