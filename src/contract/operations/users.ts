export type UserOperations = {}
