export type GroupOperations = {}
