export type PushOperations = Record<never, never>
