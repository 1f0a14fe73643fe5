export type GroupOperations = Record<never, never>
