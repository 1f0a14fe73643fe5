/** Several failures have one text at the vendor. By the path of a call, those that it meets. */
const met: readonly (readonly [path: RegExp, ids: readonly string[]])[] = [
  [/^\/token$/, ['grant_password_wrong', 'inherit_user_unknown']],
  [/\/password$/, ['oldpassword_wrong', 'password_user_unknown']],
  [/files\/:file$/, ['file_secret_wrong', 'file_unknown']],
  [/\/template\/:name$/, ['template_unknown']],
  [/^\/metadata\/chatgroup\//, ['metadata_group_unknown']],
  [/^\/chat(?:groups|rooms)\/:/, ['group_unknown']],
]

/** @returns their ids in the catalogue */
export function meetsOf(template: string): readonly string[] {
  return met.find(([path]) => path.test(template))?.[1] ?? []
}
