// Command coredns is CoreDNS with the few plugins that the test bed's cluster needs.
//
// The plugins of the upstream command bring the clients of every cloud along, and with them most of
// what takes time to compile. CoreDNS is made to be built with a list of one's own: this is it.
package main

import (
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/coremain"

	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/health"
	_ "github.com/coredns/coredns/plugin/kubernetes"
	_ "github.com/coredns/coredns/plugin/ready"
	_ "github.com/coredns/coredns/plugin/template"
)

// The order in which a query passes through them.
func init() {
	dnsserver.Directives = []string{"errors", "health", "ready", "template", "kubernetes"}
}

func main() { coremain.Run() }
