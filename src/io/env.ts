/** Environment variables by their names, as a caller passes them in. */
export type Env = Readonly<Record<string, string | undefined>>;
