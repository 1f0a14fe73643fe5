export type MessageOperations = {}
