import { awscdk, javascript, JsonFile, typescript } from 'projen';

/** The repository's address: everything that needs it (package metadata, runbook links, Go module) derives from here. */
const REPOSITORY = 'github.com/cdk-serverless-monitoring/cdk-serverless-monitoring';

/** One development tsconfig type-checks and lints everything: src, lambda-src, test, examples, tools and this file. */
const TSCONFIG_DEV = 'tsconfig.dev.json';

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-serverless-monitoring',
  description: 'Serverless monitoring for AWS CDK apps: metrics from logs, a metrics API, alarms, and runbooks that investigate before you open the notification.',
  author: 'cdk-serverless-monitoring maintainers',
  authorAddress: `https://${REPOSITORY}`,
  repositoryUrl: `https://${REPOSITORY}.git`,
  homepage: `https://${REPOSITORY}#readme`,
  keywords: ['aws', 'cdk', 'monitoring', 'metrics', 'alarms', 'runbooks', 'serverless', 'lambda', 'dynamodb', 'cloudwatch'],
  license: 'MIT',
  copyrightOwner: 'cdk-serverless-monitoring maintainers',
  defaultReleaseBranch: 'main',
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: '20.0.0',
  workflowNodeVersion: '24',

  // jsii 5.9 ends 2027-01; TypeScript 7 breaks ts-jest, typescript-eslint and jsii, and projen's default would take it.
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.3',
  // The floor of cdk-nag 3; has Validations.
  cdkVersion: '2.257.0',
  constructsVersion: '10.5.1',

  // The command-line tool is the one executable; what lies in bin/ is made by the bundling.
  autoDetectBin: false,

  publishToPypi: { distName: 'cdk-serverless-monitoring', module: 'cdk_serverless_monitoring', trustedPublishing: true },
  publishToMaven: {
    javaPackage: 'io.github.cdkserverlessmonitoring',
    mavenGroupId: 'io.github.cdkserverlessmonitoring',
    mavenArtifactId: 'cdk-serverless-monitoring',
    mavenServerId: 'central-ossrh',
  },
  publishToNuget: { dotNetNamespace: 'CdkServerlessMonitoring', packageId: 'CdkServerlessMonitoring', trustedPublishing: true },
  publishToGo: { moduleName: `${REPOSITORY}-go`, packageName: 'cdkserverlessmonitoring' },
  npmTrustedPublishing: true,

  // Everything that handlers and tools import is bundled, so the published package has no dependencies.
  devDeps: [
    '@aws-sdk/client-api-gateway',
    '@aws-sdk/client-cloudformation',
    '@aws-sdk/client-cloudtrail',
    '@aws-sdk/client-cloudwatch',
    '@aws-sdk/client-cloudwatch-logs',
    '@aws-sdk/client-dynamodb',
    '@aws-sdk/client-iam',
    '@aws-sdk/client-lambda',
    '@aws-sdk/client-s3',
    '@aws-sdk/client-sfn',
    '@aws-sdk/client-sns',
    '@aws-sdk/client-sqs',
    '@aws-sdk/client-ssm',
    '@smithy/node-http-handler',
    '@smithy/signature-v4',
    '@aws-crypto/sha256-js',
    '@types/aws-lambda',
    '@types/node@^22',
    'ajv@^8',
    'aws-cdk@^2',
    'cdk-nag@^3',
    'dynalite@^4',
    'esbuild',
    'fast-check@^4',
    'jsii-pacmak',
    're2js@^2',
    'rolldown@^1',
    'tsx',
    'valibot@^1',
    'yaml@^2',
  ],
  bundledDeps: [],
  bin: { 'cdk-serverless-monitoring': 'bin/cli.mjs' },

  tsconfigDevFile: TSCONFIG_DEV,
  tsconfigDev: {
    compilerOptions: {
      isolatedModules: true,
      // As the handlers' bundler resolves; and jest can run what is imported when it is needed (`await import(...)`) only as CommonJS.
      module: 'CommonJS',
      moduleResolution: javascript.TypeScriptModuleResolution.BUNDLER,
      paths: { 'cdk-serverless-monitoring': ['./src/index.ts'], 'cdk-serverless-monitoring/contract/*': ['./contract/*'] },
      rootDir: '.',
    },
    include: ['.projenrc.ts'],
  },
  projenrcTs: true,
  projenrcTsOptions: { runner: typescript.TypeScriptRunner.tsx() },
  typecheckTests: true,
  sampleCode: false,
  eslintOptions: {
    dirs: ['src', 'lambda-src'],
    devdirs: ['test', 'examples', 'bench', 'tools', 'cli'],
    tsconfigPath: `./${TSCONFIG_DEV}`,
    projectService: false,
  },
  jestOptions: {
    jestVersion: '^30',
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    configFilePath: 'jest.config.json',
    jestConfig: {
      testPathIgnorePatterns: ['/node_modules/', '/test/e2e/'],
      // By default one core is left to whoever sits before the machine: of two, that is half.
      maxWorkers: '100%',
      moduleNameMapper: {
        '^cdk-serverless-monitoring$': '<rootDir>/src/index.ts',
        '^cdk-serverless-monitoring/contract/(.*)$': '<rootDir>/contract/$1',
      },
      setupFiles: ['<rootDir>/test/jest.setup.ts'],
      collectCoverage: false,
      workerIdleMemoryLimit: '1500MB',
    },
  },

  github: true,
  githubOptions: { mergify: false },
  buildWorkflowOptions: { mutableBuild: false },
  depsUpgradeOptions: { workflowOptions: { schedule: javascript.UpgradeDependenciesSchedule.WEEKLY } },
  jsiiReleaseVersion: '0.2.1061',
  // commit-and-tag-version 13 needs Node 22.
  bumpPackage: 'commit-and-tag-version@^12',

  gitignore: ['/assets/', '/bin/', '/scenarios/', '/THIRD_PARTY_LICENSES', '/.local-cloud/', 'cdk.out/', '/examples/handlers/go/dist/', '.DS_Store', '__pycache__/', '*.log'],
});

// An example's test stands beside it, as its author's own would.
project.jest?.addTestMatch('<rootDir>/examples/**/*.test.ts');

// jest 30 takes unrs-resolver 1.13.0, whose `npm ci` fails.
project.package.addPackageResolutions('unrs-resolver@1.12.2');
// npm 11 asks about install scripts; only esbuild's is needed.
project.package.addField('allowScripts', { 'esbuild': true, '@parcel/watcher': false, 'unrs-resolver': false, 'classic-level': false });
new javascript.NpmConfig(project).addConfig('omit-lockfile-registry-resolved', 'true');

// What jsii and the SDK say about Node 20 would stand between a reader and every task's output. jsii takes the major version.
project.tasks.addEnvironment('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true');
project.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');

// ---- Handlers: bundled when the library is built, so that a user's synth never bundles.
const bundle = project.addTask('bundle', { description: 'Bundles the Lambda handlers and the tools', exec: 'tsx tools/bundle.ts' });
project.preCompileTask.spawn(bundle);
project.testTask.prependSpawn(bundle);

// ---- The package holds what a user's synth needs, and nothing of how it came to be.
project.npmignore?.exclude(
  '/lambda-src/', '/cli/', '/examples/', '/bench/', '/tools/', '/docs/*', '/rosetta/', '/.ci/', '/.local-cloud/', '/CONTRIBUTING.md', '/.npmrc', '*.tgz',
);
project.npmignore?.include('/docs/openapi.json');

// ---- A local build packages JavaScript only: the other languages need toolchains that a contributor may not have.
project.packageTask.reset();
project.packageTask.spawn(project.tasks.tryFind('package:js')!);

// ---- Rosetta compiles every README sample, strictly, and its tablet translates them for the other languages.
const rosetta = project.addTask('rosetta', {
  description: 'Compiles every README sample, strictly',
  exec: 'jsii-rosetta extract --strict --compile',
});
project.postCompileTask.spawn(rosetta);
project.gitignore.exclude('.jsii.tabl.json');

project.addTask('demo', {
  description: 'The whole product on a laptop, without an AWS account',
  steps: [{ exec: 'tsx tools/demo.ts', receiveArgs: true }],
}).prependSpawn(bundle);
project.addTask('test:e2e', {
  description: 'Deploys to the local cloud with IAM enforced and exercises it from outside',
  steps: [{ exec: 'jest --config test/e2e/jest.config.json --runInBand', receiveArgs: true }],
}).prependSpawn(bundle);
project.addTask('test:languages', {
  description: 'The example handlers in Python and Go, the package as generated for Python, Java, .NET and Go, and an app in Python',
  exec: 'tsx tools/languages.ts',
});
project.addTask('bench', {
  description: 'Prints the benchmark figures; -- --json prints one JSON object and nothing else',
  // Bundled, as what it measures is: tsx wraps every function to keep its name, which takes small ones as long as their work. Two folders deep,
  // as the sources that look for the package's own files are.
  steps: [
    { exec: 'esbuild bench/main.ts --bundle --packages=external --platform=node --tsconfig=tsconfig.dev.json --log-level=warning --outfile=node_modules/.bench/main.js' },
    { exec: 'node node_modules/.bench/main.js', receiveArgs: true },
  ],
}).prependSpawn(bundle);

// ---- What handlers reach never imports the CDK: bundles would carry it, and a handler would load it at every cold start.
const noCdk = { group: ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs'], message: 'Handlers and what they share never import the CDK.' };
project.eslint?.addOverride({
  files: ['lambda-src/**/*.ts'],
  rules: {
    'no-restricted-imports': ['error', {
      patterns: [
        noCdk,
        { regex: '^(\\.\\./)+src/(?!private/shared/)', message: 'Handlers import from src only what src/private/shared holds.' },
      ],
    }],
    // Handler code is bundled from development dependencies.
    'import/no-extraneous-dependencies': ['error', { devDependencies: true }],
  },
});
project.eslint?.addOverride({
  files: ['src/private/shared/**/*.ts'],
  rules: {
    'no-restricted-imports': ['error', {
      patterns: [noCdk, { regex: '^\\.\\./', message: 'src/private/shared imports nothing from the constructs beside it.' }],
    }],
  },
});
project.eslint?.addRules({ '@stylistic/max-len': ['error', { code: 150, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreComments: true, ignoreRegExpLiterals: true }] });

new JsonFile(project, 'test/e2e/jest.config.json', {
  obj: {
    rootDir: '../..',
    testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
    testTimeout: 120000,
    moduleNameMapper: { '^cdk-serverless-monitoring$': '<rootDir>/src/index.ts' },
    transform: { '^.+\\.[t]sx?$': ['ts-jest', { tsconfig: TSCONFIG_DEV }] },
  },
});

// publib knows the public registry by itself: no address is written down.
project.github?.tryFindWorkflow('release')?.file?.addDeletionOverride('jobs.release_npm.steps.9.env.NPM_REGISTRY');

project.synth();
