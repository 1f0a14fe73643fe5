export type PushOperations = {}
