import { Duration } from 'aws-cdk-lib';
import { ThrottleSettings } from 'aws-cdk-lib/aws-apigateway';
import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { ApiAuthorization } from './api-authorization';
import { FunctionOptions } from '../function-options';
import { IMetricsStore } from '../metrics-store';

/** Options of the Prometheus routes, which Grafana's Prometheus source asks. */
export interface PrometheusOptions {
  /**
   * Who may call the routes under `/prometheus`. Grafana's Prometheus source cannot sign requests for API Gateway; it can send a
   * key (`ApiAuthorization.apiKey()`) or a token in a header.
   *
   * @default - the authorization of the API's other routes
   */
  readonly authorization?: ApiAuthorization;
}

/** Which pages of other origins a browser lets call the API. */
export interface ApiCorsOptions {
  /** Origins such as `https://dashboards.example.com`, without a path; `*` stands for all. */
  readonly allowOrigins: string[];

  /**
   * How long a browser may keep the answer to its first, asking request.
   *
   * @default Duration.hours(1)
   */
  readonly maxAge?: Duration;
}

/** Options of the metrics API. */
export interface MetricsApiOptions {
  /**
   * Who may call it.
   *
   * @default ApiAuthorization.iam()
   */
  readonly authorization?: ApiAuthorization;

  /**
   * The routes under `/prometheus`.
   *
   * @default - with the authorization of the API's other routes
   */
  readonly prometheus?: PrometheusOptions;

  /**
   * Which pages of other origins a browser lets call it.
   *
   * @default - none
   */
  readonly cors?: ApiCorsOptions;

  /**
   * How many requests are let through, for all callers together.
   *
   * @default - 50 requests a second, bursts of 100
   */
  readonly throttle?: ThrottleSettings;

  /**
   * Where API Gateway logs each request, as JSON. It does so only where the account has a role for it (setting `cloudwatchRoleArn`, one for all
   * APIs of a region), which this library leaves alone; the deployment fails without it. The API's function logs each request that
   * reaches it in any case.
   *
   * @default - API Gateway logs nothing
   */
  readonly accessLogGroup?: ILogGroup;

  /**
   * Name of the stage, the first part of every path.
   *
   * @default 'v1'
   */
  readonly stageName?: string;

  /**
   * How the API's function is run.
   *
   * @default - no VPC, ARM, 256 MiB, logs kept for a month
   */
  readonly functionOptions?: FunctionOptions;
}

/** Properties of a `MetricsApi`. */
export interface MetricsApiProps extends MetricsApiOptions {
  /** Where the metrics are. */
  readonly store: IMetricsStore;

  /**
   * The table of incidents that `GET /incidents` reads: `incidents` of `AlertingWithRunbooks`.
   *
   * @default - the API has no routes of incidents
   */
  readonly incidents?: ITable;
}
