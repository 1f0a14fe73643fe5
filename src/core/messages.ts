import type { MessageOperations } from '../contract/operations/messages.ts'
import type { Handlers } from './handler.ts'

export const messageHandlers: Handlers<keyof MessageOperations> = {}
