import type { PushOperations } from '../contract/operations/pushes.ts'
import type { Handlers } from './handler.ts'

export const pushHandlers: Handlers<keyof PushOperations> = {}
