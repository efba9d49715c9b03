import { Lazy, Stack, Token, Tokenization } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';

/** A standard SSM parameter holds 4 KB; a resolved name or ARN is longer than the token that stands for it. */
const PARAMETER_BUDGET = 3600;
/** The longest that one token is taken to resolve to: an alarm's ARN with a 255-character name. */
const RESOLVED_TOKEN_LENGTH = 330;

/**
 * A list of JSON values that a deployment carries to a function through SSM parameters, as many as it needs: a function's
 * variables stop at 4 KB in all. A parameter is opened when the one before is full, so adding an item never moves others.
 */
export class ParameterList<T extends object> extends Construct {
  private readonly chunks: (T | undefined)[][] = [];
  private room = 0;

  /**
   * @param scope of the parameters
   * @param id in that scope
   * @param path SSM path; the parameters are `<path>/0`, `<path>/1`, ...
   * @param wrap makes a parameter's JSON of its items
   */
  constructor(scope: Construct, id: string, private readonly path: string, private readonly wrap: (items: T[]) => object) {
    super(scope, id);
  }

  /** Adds an item; the returned function takes it out again. */
  public add(item: T): () => void {
    const size = estimatedLength(item);
    if (size > PARAMETER_BUDGET) {
      throw new Error(`${this.node.path}: an entry of about ${size} characters does not fit an SSM parameter (4096): ${JSON.stringify(item).slice(0, 200)}`);
    }
    if (size > this.room) {
      this.open();
    }
    this.room -= size;
    const chunk = this.chunks[this.chunks.length - 1];
    const index = chunk.push(item) - 1;
    return () => { chunk[index] = undefined; };
  }

  private open() {
    const chunk: (T | undefined)[] = [];
    new StringParameter(this, `${this.chunks.length}`, {
      parameterName: `${this.path}/${this.chunks.length}`,
      simpleName: false,
      stringValue: Lazy.string({
        produce: () => Stack.of(this).toJsonString(this.wrap(chunk.filter((item): item is T => item !== undefined))),
      }),
    });
    this.chunks.push(chunk);
    this.room = PARAMETER_BUDGET;
  }
}

/** Length of the item's JSON when its tokens are resolved, estimated from above. */
function estimatedLength(item: object): number {
  const json = JSON.stringify(item, (_key, value) => Token.isUnresolved(value) && typeof value !== 'string' ? 'x'.repeat(RESOLVED_TOKEN_LENGTH) : value);
  const parts = Tokenization.reverseString(json);
  return parts.mapTokens({ mapToken: () => 'x'.repeat(RESOLVED_TOKEN_LENGTH) }).join({ join: (left, right) => `${left ?? ''}${right ?? ''}` }).length + 1;
}
