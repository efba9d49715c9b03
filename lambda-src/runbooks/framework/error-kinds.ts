/**
 * What kind of failure an error line tells. Words are looked for without word boundaries, since they stand inside class names.
 * The first that fits counts, so the more telling kinds come first.
 */
const KINDS = [
  ['OUT_OF_MEMORY', /out ?of ?memory|OOMKilled|signal: killed|Runtime\.ExitError.*killed|heap out/i],
  ['INIT', /ImportModuleError|Runtime\.HandlerNotFound|UserCodeSyntaxError|Runtime\.MalformedHandlerName|Cannot find (module|package)|No module named|INIT_REPORT.*error|InvalidEntrypoint/i],
  ['TIMEOUT', /Task timed out after|Status: timeout|"status" ?: ?"timeout"|Sandbox\.Timedout/i],
  ['ACCESS_DENIED', /AccessDenied|is not authorized to perform|UnauthorizedOperation|\bForbidden\b|KMSAccessDenied|ExpiredToken/i],
  ['THROTTLED', /ThrottlingException|ProvisionedThroughputExceeded|TooManyRequests|Rate exceeded|RequestLimitExceeded|SlowDown|ThrottlingReasons|\b429\b/i],
  ['CONNECTION', /ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|connection (refused|reset|timed out)|socket hang up|ConnectTimeout|connect timeout|too many connections/i],
  ['DNS', /ENOTFOUND|EAI_AGAIN|getaddrinfo|could not resolve|name or service not known|UnknownHost/i],
  ['CERTIFICATE', /CERT_|certificate|self.signed|UNABLE_TO_VERIFY|SSLHandshake|x509/i],
  // Somebody was asked and did not answer in time; the function's own time-out is TIMEOUT.
  ['UPSTREAM_TIMEOUT', /did not (?:answer|respond|reply)|no (?:answer|response|reply) (?:from|within|after)|deadline exceeded|[a-z]Timeout(?:Error|Exception)?\b|\bTimeoutError\b|(?:request|read|response|socket|upstream|gateway)[ _-]?time(?:d[ _-])?out/i],
  // A 5xx counts only with what answered it: a host, a URL, or a service of AWS.
  ['UPSTREAM_5XX', /(?:https?:\/\/|\b[\w-]+(?:\.[\w-]+)+\b|upstream|amazonaws).*\b50[0234]\b|\b50[0234]\b.*(?:https?:\/\/|from |\bby )[\w.-]+|ServiceUnavailable|InternalServerError.*(?:DynamoDB|S3|SQS|SNS|Lambda)/i],
] as const satisfies readonly (readonly [string, RegExp])[];

export type ErrorKind = typeof KINDS[number][0];

export function errorKind(message: string): ErrorKind | undefined {
  return KINDS.find(([, words]) => words.test(message))?.[0];
}

/** What something the function depends on does, so that its caller fails; the other kinds are the function's own. */
const DEPENDENCY_DOES: Partial<Record<ErrorKind, string>> = {
  ACCESS_DENIED: 'refuses access',
  THROTTLED: 'throttles',
  CONNECTION: 'cannot be reached',
  DNS: 'has a name that does not resolve',
  CERTIFICATE: 'shows a certificate that is not accepted',
  UPSTREAM_TIMEOUT: 'does not answer in time',
  UPSTREAM_5XX: 'answers with server errors',
};

/** Kinds that point to something the function depends on. */
export const DEPENDENCY_KINDS = Object.keys(DEPENDENCY_DOES) as readonly ErrorKind[];

/** The failing dependency in words: `payments.example.com does not answer in time`. */
export function dependencyFails(kind: ErrorKind, dependency = 'something it calls'): string {
  return `${dependency} ${DEPENDENCY_DOES[kind] ?? 'fails'}`;
}

/** The name of what failed to answer, as far as the line tells it. */
export function namedDependency(message: string): string | undefined {
  return message.match(/(?:perform:? )([a-z0-9-]+:[A-Za-z]+)/)?.[1]
    ?? message.match(/https?:\/\/([\w.-]+)/)?.[1]
    ?? message.match(/(?:getaddrinfo (?:ENOTFOUND|EAI_AGAIN)|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT)[ :]+([\w.:-]+)/)?.[1]
    ?? message.match(/\b((?:[a-z0-9-]+\.)+(?:com|net|org|io|internal|local|dev|cn))\b/i)?.[1]
    ?? message.match(/\b(DynamoDB|S3|SQS|SNS|KMS|Secrets ?Manager|Kinesis|EventBridge|RDS)\b/i)?.[1];
}
