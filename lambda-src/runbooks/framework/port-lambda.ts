/** What the port tells about Lambda. A function's environment variables are never among it. */

export interface FunctionConfiguration {
  /** In seconds. */
  readonly timeout: number;
  /** In MB. */
  readonly memory: number;
  readonly runtime?: string;
  readonly role?: string;
  readonly kmsKey?: string;
  readonly vpc?: boolean;
  readonly logGroup?: string;
  readonly logFormat?: string;
  /** Name of the CloudFormation stack it belongs to. */
  readonly stack?: string;
  readonly state?: string;
  readonly stateReasonCode?: string;
  readonly stateReason?: string;
  readonly lastUpdateStatus?: string;
  /** Epoch milliseconds. */
  readonly lastModified?: number;
}

export interface FunctionConcurrency {
  /** Absent: none is reserved. Zero: somebody switched the function off. */
  readonly reserved?: number;
}

export interface FunctionVersions {
  /** Newest last. */
  readonly versions: { readonly version: string; readonly at: number }[];
  readonly aliases: Record<string, { readonly version: string; readonly weights: Record<string, number> }>;
}

export interface EventSource {
  readonly arn: string;
  readonly state?: string;
  readonly batchSize?: number;
  readonly bisect?: boolean;
  readonly maximumRetries?: number;
  readonly lastResult?: string;
  readonly onFailure?: string;
}

export interface AsyncConfiguration {
  /** In seconds. */
  readonly maximumAge?: number;
  readonly maximumRetries?: number;
  readonly onFailure?: string;
  readonly deadLetterTarget?: string;
}

export interface AccountConcurrency {
  readonly limit: number;
  readonly unreserved?: number;
}
