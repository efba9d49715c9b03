import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/**
 * Allows reading all SSM parameters under a path: IAM judges that by the path itself and by what lies under it. The path
 * begins with a slash, which may be hidden in a token.
 */
export function grantReadPath(scope: Construct, path: string, grantee: IGrantable): Grant {
  return Grant.addToPrincipal({
    grantee,
    actions: ['ssm:GetParametersByPath'],
    resourceArns: [path, `${path}/*`].map((parameter) => Stack.of(scope).formatArn({
      service: 'ssm', resource: `parameter${parameter}`, arnFormat: ArnFormat.NO_RESOURCE_NAME,
    })),
  });
}
