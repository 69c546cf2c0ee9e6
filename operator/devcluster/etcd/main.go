// Command etcd is the unmodified etcd server, started from its public entry point.
//
// "go install" refuses the upstream command because its module has replace
// directives; a main of our own over the published library is the documented way
// to embed it.
package main

import (
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
)

func main() { etcdmain.Main(os.Args) }
