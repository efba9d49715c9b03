import { Alias, IFunction } from 'aws-cdk-lib/aws-lambda';

/** A function without its qualifier, and the alias through which it was given, if any. */
export interface WholeFunction {
  readonly fn: IFunction;
  readonly alias?: string;
}

/**
 * Looks behind an alias or a version: both call themselves `<function>:<qualifier>`, but log groups, metric dimensions and most
 * IAM actions know the function alone.
 */
export function wholeFunction(given: IFunction): WholeFunction {
  const { lambda, aliasName } = given as Partial<Pick<Alias, 'lambda' | 'aliasName'>>;
  return lambda ? { fn: lambda, alias: aliasName } : { fn: given };
}
