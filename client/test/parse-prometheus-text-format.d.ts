declare module 'parse-prometheus-text-format' {
  interface Sample {
    readonly value?: string
    readonly labels?: Readonly<Record<string, string>>
  }
  export default function parse(text: string): readonly {
    readonly name: string
    readonly type: string
    readonly help: string
    readonly metrics: readonly Sample[]
  }[]
}
