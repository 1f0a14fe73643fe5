export type MessageOperations = Record<never, never>
