import { Refusal } from '../../contract/refusal.ts'

/** The query of one request. Only what a route reads is checked: a stray parameter harms nobody. */
export class Query {
  readonly #params: URLSearchParams
  readonly names: readonly string[]

  /** @throws Refusal `query_invalid` when there are more than `paramsMax` */
  constructor(text: string, paramsMax: number) {
    if (text.split('&', paramsMax + 1).length > paramsMax)
      throw new Refusal('query_invalid', { name: 'query' })
    this.#params = new URLSearchParams(text)
    this.names = [...this.#params.keys()]
  }

  /**
   * The value of a parameter; undefined when it is absent.
   * @throws Refusal `query_invalid` when it is given twice, or its bytes are no UTF-8
   */
  get(name: string): string | undefined {
    const values = this.#params.getAll(name)
    if (values.length > 1 || values[0]?.includes('\ufffd') || values[0]?.includes('\0'))
      throw new Refusal('query_invalid', { name })
    return values[0]
  }

  getAll(name: string): string[] {
    return this.#params.getAll(name)
  }
}
