import { AuthorizationType, CognitoUserPoolsAuthorizer, IAuthorizer, MethodOptions, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { IUserPool } from 'aws-cdk-lib/aws-cognito';

/** Who may call the metrics API. `GET /health` is open in any case. */
export abstract class ApiAuthorization {
  /** Callers sign their requests (AWS Signature Version 4); `grantRead` and `grantWrite` of the API allow them. The default. */
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

  /** Everybody may read and write. Synthesis warns. */
  public static none(): ApiAuthorization {
    return new Fixed({ authorizationType: AuthorizationType.NONE });
  }

  /**
   * Makes what the authorization needs in an API, and gives the options of its methods.
   *
   * @param api the methods belong to
   */
  public abstract bind(api: RestApi): MethodOptions;
}

/** The same options whatever the API. */
class Fixed extends ApiAuthorization {
  constructor(private readonly options: MethodOptions) {
    super();
  }

  public bind(_api: RestApi): MethodOptions {
    return this.options;
  }
}

/** An authorizer belongs to one API, so it is made when that is known. */
class Cognito extends ApiAuthorization {
  constructor(private readonly userPool: IUserPool) {
    super();
  }

  public bind(api: RestApi): MethodOptions {
    return {
      authorizationType: AuthorizationType.COGNITO,
      authorizer: new CognitoUserPoolsAuthorizer(api, 'UserPoolAuthorizer', { cognitoUserPools: [this.userPool] }),
    };
  }
}
