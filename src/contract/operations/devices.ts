export type DeviceOperations = Record<never, never>
