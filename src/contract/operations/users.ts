export type UserOperations = Record<never, never>
