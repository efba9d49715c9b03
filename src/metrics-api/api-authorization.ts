import { ApiKey, AuthorizationType, CognitoUserPoolsAuthorizer, IApiKey, IAuthorizer, MethodOptions, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { IUserPool } from 'aws-cdk-lib/aws-cognito';

/** Who may call the metrics API, or its Prometheus routes. `GET /health` is open in any case. */
export abstract class ApiAuthorization {
  /**
   * Callers sign their requests (AWS Signature Version 4); `grantRead`, `grantWrite` and `grantReadIncidents` of the API allow them. The default.
   */
  public static iam(): ApiAuthorization {
    return new Fixed({ authorizationType: AuthorizationType.IAM });
  }

  /**
   * Callers send an ID token of a Cognito user pool in the header `Authorization`.
   *
   * @param userPool whose users may call
   */
  public static cognito(userPool: IUserPool): ApiAuthorization {
    return new Cognito(userPool);
  }

  /**
   * An authorizer of your own decides.
   *
   * @param authorizer such as a `TokenAuthorizer` or `RequestAuthorizer`
   */
  public static custom(authorizer: IAuthorizer): ApiAuthorization {
    return new Fixed({ authorizer });
  }

  /**
   * Callers send a key in the header `x-api-key`.
   *
   * A key says that a caller knows it, and no more: AWS does not call that authorization, since a key does not expire, stands in every request
   * and belongs to nobody. It is for callers that can do nothing else, such as Grafana's Prometheus source. A key opens all routes of
   * the API that ask for one.
   *
   * @param keys that are accepted. Without any, one is made: `MetricsApi.apiKeys` has it, and `aws apigateway get-api-key --include-value` shows
   * its value
   */
  public static apiKey(...keys: IApiKey[]): ApiAuthorization {
    return new Keyed(keys);
  }

  /** Everybody may read and write. Synthesis warns. */
  public static none(): ApiAuthorization {
    return new Fixed({ authorizationType: AuthorizationType.NONE });
  }

  /**
   * Makes what the authorization needs in an API, and gives the options of its methods.
   *
   * @param api the methods belong to
   * @param id of what is made: no two authorizations of an API have the same
   */
  public abstract bind(api: RestApi, id: string): ApiAuthorizationBinding;
}

/** What an `ApiAuthorization` comes to in one API. */
export interface ApiAuthorizationBinding {
  /** Options of every method that it guards. */
  readonly methodOptions: MethodOptions;

  /**
   * The keys that are valid, where callers send one.
   *
   * @default - callers send no key
   */
  readonly apiKeys?: IApiKey[];
}

/** The same options whatever the API. */
class Fixed extends ApiAuthorization {
  constructor(private readonly methodOptions: MethodOptions) {
    super();
  }

  public bind(_api: RestApi, _id: string): ApiAuthorizationBinding {
    return { methodOptions: this.methodOptions };
  }
}

/** An authorizer belongs to one API, so it is made when that is known. */
class Cognito extends ApiAuthorization {
  constructor(private readonly userPool: IUserPool) {
    super();
  }

  public bind(api: RestApi, id: string): ApiAuthorizationBinding {
    const authorizer = new CognitoUserPoolsAuthorizer(api, `${id}UserPoolAuthorizer`, { cognitoUserPools: [this.userPool] });
    return { methodOptions: { authorizationType: AuthorizationType.COGNITO, authorizer } };
  }
}

/** The methods ask for a key; which keys are valid, the API's usage plan says. */
class Keyed extends ApiAuthorization {
  constructor(private readonly keys: IApiKey[]) {
    super();
  }

  public bind(api: RestApi, id: string): ApiAuthorizationBinding {
    const apiKeys = this.keys.length > 0 ? this.keys : [new ApiKey(api, `${id}Key`, { description: `Opens ${api.node.path}` })];
    return { methodOptions: { authorizationType: AuthorizationType.NONE, apiKeyRequired: true }, apiKeys };
  }
}
