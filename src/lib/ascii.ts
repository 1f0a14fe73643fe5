/** Folds A–Z only: `K` (the Kelvin sign) is no `k`, whatever Unicode says, so it names nobody else. */
export function lowerAscii(text: string): string {
  return /[A-Z]/.test(text) ? text.replace(/[A-Z]+/g, letters => letters.toLowerCase()) : text
}
