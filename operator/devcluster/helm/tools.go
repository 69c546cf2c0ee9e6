//go:build tools

// Package tools names the program that the chart is tested with, so that
// "go mod tidy" keeps its modules and nothing else.
package tools

import _ "helm.sh/helm/v3/cmd/helm"
