import { Size } from 'aws-cdk-lib';
import { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';

/** How the library's own Lambda functions are run. */
export interface FunctionOptions {
  /**
   * VPC the functions are placed in. It must give a way to DynamoDB, S3, SQS, SNS, SSM, CloudWatch, CloudWatch Logs, Lambda,
   * API Gateway and CloudTrail: endpoints or a NAT gateway.
   *
   * @default - no VPC
   */
  readonly vpc?: IVpc;

  /**
   * Subnets of the VPC. Needs `vpc`.
   *
   * @default - the VPC's private subnets
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * Security groups of the functions. Needs `vpc`.
   *
   * @default - one made for each function, which allows all outbound traffic
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * Memory of each function; CPU grows with it.
   *
   * @default - 1 GiB for the log processor, 256 MiB for the others
   */
  readonly memorySize?: Size;

  /**
   * Instruction set of the functions. ARM is the cheaper one.
   *
   * @default Architecture.ARM_64
   */
  readonly architecture?: Architecture;

  /**
   * How long the functions' logs are kept.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;
}
