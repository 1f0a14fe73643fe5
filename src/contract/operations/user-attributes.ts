/** What an app keeps with its users: names and texts. */
export type Attributes = Readonly<Record<string, string>>

/** @throws `attributes_off`, and `user_unknown` where one user is named */
export interface AttributeOperations {
  /** Beside those there are; an empty text removes one. @throws `attributes_too_large`, `attributes_of_app_too_large` */
  'attributes.set': {
    args: { readonly user: string; readonly attributes: Attributes }
    result: { attributes: Attributes }
  }
  'attributes.get': { args: { readonly user: string }; result: { attributes: Attributes } }
  /** Of those of the users who exist, those of their attributes that are asked for. */
  'attributes.get_many': {
    args: { readonly users: readonly string[]; readonly names: readonly string[] }
    result: { users: { readonly username: string; readonly attributes: Attributes }[] }
  }
  'attributes.delete': { args: { readonly user: string }; result: Record<never, never> }
  /** How many bytes those of all users of the app take. */
  'attributes.count_bytes': { args: Record<never, never>; result: { bytes: number } }
}
