import { IRestApi } from 'aws-cdk-lib/aws-apigateway';
import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { IFunction } from 'aws-cdk-lib/aws-lambda';

/** A monitored REST API. */
export interface MonitoredApi {
  /** The API. */
  readonly api: IRestApi;

  /** Name of the API, as its metrics carry it in the dimension `ApiName`. */
  readonly apiName: string;

  /** Name of the stage. */
  readonly stageName: string;

  /**
   * Functions behind the API: its runbooks look at them too.
   *
   * @default - none
   */
  readonly functions?: IFunction[];
}

/** A resource that runbooks may look at; exactly one of its members is set. */
export interface RunbookTarget {
  /**
   * A Lambda function.
   *
   * @default - not a function
   */
  readonly lambdaFunction?: IFunction;

  /**
   * A REST API.
   *
   * @default - not an API
   */
  readonly restApi?: MonitoredApi;

  /**
   * A DynamoDB table.
   *
   * @default - not a table
   */
  readonly table?: ITable;
}
