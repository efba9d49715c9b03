import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { assetPath, LIBRARY_VERSION } from './library';
import { FunctionOptions } from '../function-options';
import { Env } from './shared/environment';

/** What differs between the library's functions. */
export interface MonitoringFunctionProps {
  /** Folder under assets/. */
  readonly asset: string;
  readonly description: string;
  readonly timeout: Duration;
  readonly memorySize?: Size;
  readonly environment?: { [name: string]: string };
  readonly options?: FunctionOptions;
}

/**
 * The one Lambda function base: bundled code, the runtime stated once, a role and a log group of its own, and no AWS
 * managed policy: what the function may do is what its construct grants.
 */
export class MonitoringFunction extends Function {
  constructor(scope: Construct, id: string, props: MonitoringFunctionProps) {
    const options = props.options ?? {};
    // Both are siblings in a scope of their own, so that ids stay free for the caller.
    const parts = new Construct(scope, `${id}Parts`);
    const logGroup = new LogGroup(parts, 'Logs', {
      retention: options.logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(parts, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const writesLogs = logGroup.grantWrite(role);
    if (options.vpc) {
      role.addToPolicy(new PolicyStatement({
        // What AWSLambdaVPCAccessExecutionRole holds for network interfaces: none of these can be narrowed to a resource.
        actions: [
          'ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:DeleteNetworkInterface',
          'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses',
        ],
        resources: ['*'],
      }));
    }
    super(scope, id, {
      runtime: Runtime.NODEJS_24_X,
      architecture: options.architecture ?? Architecture.ARM_64,
      code: Code.fromAsset(assetPath(props.asset)),
      handler: 'index.handler',
      description: props.description,
      timeout: props.timeout,
      memorySize: (options.memorySize ?? props.memorySize ?? Size.mebibytes(256)).toMebibytes(),
      environment: { [Env.LIBRARY_VERSION]: LIBRARY_VERSION, ...props.environment },
      role,
      logGroup,
      // Lambda makes lines of JSON of what the handlers tell the console, and tells its own in it too.
      loggingFormat: LoggingFormat.JSON,
      vpc: options.vpc,
      vpcSubnets: options.vpcSubnets,
      securityGroups: options.securityGroups,
    });
    // The role's policy must be there before the first call.
    writesLogs.applyBefore(this);
  }
}
