/** What an entry tells: its members are fields that can be searched for. An `Error` among them is told with its stack. */
type Facts = Readonly<Record<string, unknown>> & { readonly message?: never };

/** A structured log. */
export interface Log {
  info(message: string, facts?: Facts): void;
  warn(message: string, facts?: Facts): void;
  error(message: string, facts?: Facts): void;
}

/**
 * The function's own log. Of a single object that the console is given, Lambda itself makes a line of JSON with the time, the level and the request
 * id (log format JSON, which every function of the library has): `{"timestamp":…,"level":"INFO","requestId":…,"message":{"message":…}}`.
 */
export const log: Log = {
  info: (message, facts) => console.info({ message, ...facts }),
  warn: (message, facts) => console.warn({ message, ...facts }),
  error: (message, facts) => console.error({ message, ...facts }),
};
