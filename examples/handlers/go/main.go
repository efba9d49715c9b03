// Command payment-provider-down is the runbook as a Lambda function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"payment-provider-down/runbook"
)

func main() {
	lambda.Start(runbook.Handle)
}
