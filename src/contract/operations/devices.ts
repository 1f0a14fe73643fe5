export type DeviceOperations = {}
